//! The next best actions, for people and for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Style, could_not_be_read, unread_sentences};
use crate::analysis::{Analysis, Decision};
use crate::base::{Dialect, FixOffer, Safety};
use crate::next::{Action, Aim, Going};

mod json;
mod markdown;
mod pretty;

pub(in crate::report) use json::{ActionView, action as action_view};

/// Others like it that are named before "and N more".
const MOST_LIKE: usize = 3;

/// A format of the actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextFormat {
    /// For people.
    Pretty,
    /// For programs: one object, sfl-next/1.
    Json,
    /// For an issue, a chat, a board.
    Markdown,
}

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct NextReport<'a> {
    /// Everything that was found.
    pub analysis: &'a Analysis,
    /// All actions, the best first.
    pub actions: &'a [Action],
    /// How many are shown.
    pub limit: usize,
    /// Whether no decision fits what was asked for.
    pub is_for_nobody: bool,
    /// Whether the sums are shown too.
    pub sums: bool,
    /// Changes of files as unified diffs, by the indexes of their actions: of those that are to be shown.
    pub diffs: &'a BTreeMap<usize, String>,
    /// However long they are.
    pub whole_diffs: bool,
}

impl NextFormat {
    /// In the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Pretty, Self::Json, Self::Markdown];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }

    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Pretty => "For people: the one thing to do today, and what comes after it",
            Self::Json => "For programs: one object, sfl-next/1",
            Self::Markdown => "For an issue, a chat, a board",
        }
    }

    /// Writes them.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(
        self,
        report: &NextReport<'_>,
        style: &Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Pretty => pretty::write(report, style, out),
            Self::Json => json::write(report, out),
            Self::Markdown => markdown::write(report, out),
        }
    }
}

impl<'a> NextReport<'a> {
    /// Those that speak for others of their kind as well, with their numbers from 1 on.
    fn leading(&self) -> impl Iterator<Item = (usize, &'a Action)> + Clone {
        let all = self.actions;
        leading(all).map(|(number, at)| (number, &all[at]))
    }

    /// Those that are shown.
    pub(in crate::report) fn shown(&self) -> impl Iterator<Item = (usize, &'a Action)> + Clone {
        self.leading().take(self.limit)
    }

    /// How many are not.
    pub(in crate::report) fn rest(&self) -> usize {
        self.leading().count().saturating_sub(self.limit)
    }

    /// Its change as a diff, where that is to be shown.
    fn diff(&self, action: &Action) -> Option<&'a str> {
        let mut all = self.actions.iter();
        let at = all.position(|one| std::ptr::eq(one, action))?;
        self.diffs.get(&at).map(String::as_str)
    }

    /// What to know of its change before it is made, or why there is none, where somebody asked.
    fn change(&self, action: &Action) -> Option<String> {
        Some(match action.fix(&self.analysis.decisions)? {
            FixOffer::Offered(fix) => format!("{}: {}", fix.safety.name(), fix.says),
            FixOffer::With(address) => format!("that of {address}"),
            FixOffer::Withheld(why) => format!("none that could be made for you: {why}"),
        })
    }

    /// How its change is made, where there is one: by its number or its id.
    fn apply(&self, which: &str, action: &Action) -> Option<String> {
        let offer = action.fix(&self.analysis.decisions)?;
        let with = match offer.offered()?.safety {
            Safety::Safe => "",
            Safety::Unsafe => " --unsafe-fixes",
        };
        Some(format!("sfl next --apply {which}{with}"))
    }

    fn first(&self, action: &Action) -> &'a Decision {
        &self.analysis.decisions[action.decisions[0]]
    }

    /// What it is about: `Orders`, `Orders and 2 more`.
    pub(in crate::report) fn about(&self, action: &Action) -> String {
        let first = self.first(action);
        let name = first.name_and_root();
        let more = match action.decisions.len() - 1 {
            0 => return name.into_owned(),
            more => more,
        };
        // The instances of one block go by its name.
        let block = first.name().rsplit_once('[').map(|(block, _)| block);
        let block = block.filter(|_| first.dialect != Dialect::CloudFormation);
        let is_one_of = |at: &usize| {
            let other = self.analysis.decisions[*at].name();
            let rest = block.and_then(|block| other.strip_prefix(block));
            rest.is_some_and(|key| key.starts_with('[') && !key[1..].contains('['))
        };
        match block.filter(|_| action.decisions.iter().all(is_one_of)) {
            Some(block) if !first.is_of_several_roots => format!("{block}, all {}", more + 1),
            _ => format!("{name} and {more} more"),
        }
    }

    /// From where to where: "compute, rung 4 to 2".
    pub(in crate::report) fn way(&self, action: &Action) -> String {
        let ladder = &self.first(action).ladder().title;
        let from = action.rung.number();
        match (action.aim, action.to) {
            (Aim::Climb, Some(to)) => format!("{ladder}, rung {from} to {}", to.number()),
            (Aim::Climb, None) => format!("{ladder}, rung {from} to nothing to run"),
            (Aim::Leave | Aim::Decide, _) => format!("{ladder}, rung {from}"),
        }
    }

    /// Of a climb, how big a step it is; else what it is for.
    pub(in crate::report) fn size(&self, action: &Action) -> &'static str {
        match (action.aim, action.step) {
            (Aim::Climb, Some(step)) => step.name(),
            (Aim::Climb, None) => "a step whose size is not known",
            (Aim::Leave, _) => "leave",
            (Aim::Decide, _) => "decide again",
        }
    }

    /// Lines that go away with it, in a clause.
    pub(in crate::report) fn goes(&self, action: &Action) -> String {
        let shown = action.goes.iter().take(MOST_LIKE).map(Going::words);
        let shown: Vec<String> = shown.collect();
        match action.goes.len() - shown.len() {
            0 => shown.join(", "),
            rest => format!("{} and {rest} more", shown.join(", ")),
        }
    }

    /// Others like it, in a clause.
    fn like(&self, action: &Action) -> Option<String> {
        let own = &self.first(action).path;
        let others = action.like.iter().map(|at| &self.actions[*at]);
        let names = others.map(|other| {
            let (about, id) = (self.about(other), &other.id);
            let path = &self.first(other).path;
            match *path == *own {
                true => format!("{about} ({id})"),
                false => format!("{about} ({id}, {path})"),
            }
        });
        let shown: Vec<String> = names.take(MOST_LIKE).collect();
        let rest = action.like.len() - shown.len();
        match (&shown[..], rest) {
            ([], _) => None,
            (shown, 0) => Some(shown.join(", ")),
            (shown, rest) => Some(format!("{} and {rest} more", shown.join(", "))),
        }
    }

    /// What there is to say where there is nothing to do.
    fn nothing(&self) -> String {
        if self.is_for_nobody {
            return "no hosting choice fits what was asked for".to_owned();
        }
        if let Some(files) = could_not_be_read(self.analysis)
            && !self.analysis.decisions.is_empty()
        {
            return format!(
                "nothing is left to do in what could be read: every fallback there has a reason or is accepted, and nothing there ends \
                 soon; {files} could not be read"
            );
        }
        if !self.analysis.decisions.is_empty() {
            return "nothing is left to do: every fallback has a reason or is accepted, and nothing ends soon"
                .to_owned();
        }
        let nothing = "no hosting choice was found, so there is nothing to do next";
        let unread = unread_sentences(self.analysis);
        match &unread[..] {
            [] => nothing.to_owned(),
            unread => format!("{nothing}; but not all was read: {}", unread.join("; ")),
        }
    }
}

/// The numbers of those that speak for others of their kind as well, from 1 on, with their indexes.
pub fn leading(actions: &[Action]) -> impl Iterator<Item = (usize, usize)> + Clone {
    let leading = actions.iter().enumerate();
    let leading = leading.filter(|(_, action)| !action.is_like);
    leading
        .enumerate()
        .map(|(number, (at, _))| (number + 1, at))
}

/// A number of points, as short as it can be told apart from others.
fn points(number: f64) -> String {
    format!("{number:.1}")
}
