//! One action: a change that somebody can make today, with its sums.

use std::sync::Arc;

use crate::analysis::{Rung, Step};

/// One change, what it does, and what it is worth.
#[derive(Clone, Debug)]
pub struct Action {
    /// Stays the same when lines move and other actions come or go.
    pub id: String,
    /// Others of the same kind in the same stack, which are worth no more: indexes into the list that this one is in.
    pub like: Vec<usize>,
    /// It is one of those that another one speaks for.
    pub is_like: bool,
    /// What it is for.
    pub aim: Aim,
    /// Indexes into [`crate::Analysis::decisions`], in order; at least one. A fix for the action is one for each of them.
    pub decisions: Vec<usize>,
    /// Where the change is made.
    pub place: ActionPlace,
    /// What decides several of them in one place: "`mode` is handed down here".
    pub decided_by: Option<String>,
    /// What to do.
    pub what: String,
    /// How big a step that is, where it is a climb.
    pub step: Option<Step>,
    /// Where it stands.
    pub rung: Rung,
    /// Where it would stand; none where it is gone, or stays.
    pub to: Option<Rung>,
    /// What somebody no longer has to do: "patching".
    pub relieves: Vec<&'static str>,
    /// What somebody wrote and then no longer looks after.
    pub goes: Vec<Going>,
    /// Why this, and why now.
    pub why: Vec<String>,
    /// What the template already speaks against it.
    pub obstacles: Vec<Obstacle>,
    /// What to look at first.
    pub check: Vec<String>,
    /// How to go back.
    pub undo: String,
    /// Value by effort, as far as it can be trusted.
    pub score: f64,
    /// Points of value.
    pub value: Vec<Term>,
    /// Points of effort.
    pub effort: Vec<Term>,
    /// By what the result is multiplied.
    pub trust: Vec<Factor>,
}

/// What an action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aim {
    /// A fallback that nobody explained climbs.
    Climb,
    /// A service that its provider ends is left.
    Leave,
    /// A reason that runs out is looked at again.
    Decide,
}

impl Aim {
    /// `climb`, `leave` or `decide`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Climb => "climb",
            Self::Leave => "leave",
            Self::Decide => "decide",
        }
    }
}

/// Where a change is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionPlace {
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// From 1 on.
    pub line: u32,
    /// From 1 on.
    pub column: u32,
}

/// A part of a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The key of its weight, as in `[next]`.
    pub name: &'static str,
    /// What it counts.
    pub says: String,
    /// In points.
    pub amount: f64,
}

/// By what a result is multiplied.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The key of its weight, as in `[next.trust]`.
    pub name: &'static str,
    /// What it is about.
    pub says: String,
    /// From 0 to 1.
    pub by: f64,
}

/// Something that servers make somebody own, and that goes away with an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Going {
    /// What it is: "user data".
    pub says: &'static str,
    /// How many lines it has.
    pub lines: usize,
    /// They are what counts: it is a script.
    pub is_lines: bool,
    /// There are more, which can't be seen; of an image, it may be nobody's own.
    pub is_open: bool,
    /// Where it begins.
    pub place: ActionPlace,
    /// The line on which it ends.
    pub end_line: u32,
}

impl Going {
    /// "48 lines of user data (a.yaml:12)".
    #[must_use]
    pub fn words(&self) -> String {
        let (lines, says, place) = (self.lines, self.says, &self.place);
        let what = match (self.is_lines, lines, self.is_open) {
            (false, _, false) => says.to_owned(),
            (false, _, true) => format!("perhaps a {says}"),
            (true, 0, _) => format!("{says} that can't be seen here"),
            (true, 1, false) => format!("1 line of {says}"),
            (true, _, false) => format!("{lines} lines of {says}"),
            (true, 1, true) => format!("at least 1 line of {says}"),
            (true, _, true) => format!("at least {lines} lines of {says}"),
        };
        format!("{what} ({}:{})", place.path, place.line)
    }
}

/// What the template speaks against a way up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// As in `rules/actions.toml`.
    pub name: &'static str,
    /// A clause.
    pub says: String,
    /// Where it is written.
    pub path: Arc<str>,
    /// From 1 on.
    pub line: u32,
}
