//! What is remembered of what servers make somebody own: no more than its numbers, and what it is counted for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::analysis::{Analysis, Grouping, Liability};
use crate::liability;

/// Something that servers make somebody own, at a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OwnedFact {
    /// The file in which it stands.
    pub path: String,
    /// What it is.
    pub sort: OwnedSort,
    /// Of a script, the lines that are not blank and can be seen.
    pub lines: usize,
    /// Nothing of the script can be seen, or the image may be one that others publish.
    pub is_unknown: bool,
    /// The ladders of the decisions that it is for, each after its number in the catalogue's order; none where it is for no decision.
    pub ladders: Vec<(usize, String)>,
    /// Whom it counts for.
    pub owners: Vec<Option<String>>,
    /// The value streams that it counts for.
    pub streams: Vec<Option<String>>,
}

/// What a reader is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnedSort {
    /// Counted by its lines.
    Script,
    /// An image that somebody here renews.
    Image,
    /// An agent.
    Agent,
    /// A rule that patches, scales or backs up.
    Rule,
}

/// How much of it there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnedTally {
    /// Lines of scripts.
    pub lines: usize,
    /// Images.
    pub images: usize,
    /// Agents.
    pub agents: usize,
    /// Rules that patch, scale or back up.
    pub rules: usize,
    /// Scripts of which nothing can be seen, and images that may be others' own: they are among no other number.
    pub unknown: usize,
}

impl OwnedTally {
    /// Takes in the same thing so many times.
    pub(super) fn add(&mut self, fact: &OwnedFact, times: usize) {
        if fact.is_unknown {
            self.unknown += times;
            return;
        }
        match fact.sort {
            OwnedSort::Script => self.lines += fact.lines * times,
            OwnedSort::Image => self.images += times,
            OwnedSort::Agent => self.agents += times,
            OwnedSort::Rule => self.rules += times,
        }
    }

    /// Images, agents and rules.
    #[must_use]
    pub const fn things(&self) -> usize {
        self.images + self.agents + self.rules
    }
}

/// The facts of an analysis.
pub fn of(analysis: &Analysis) -> impl Iterator<Item = OwnedFact> {
    let all = analysis.liabilities.iter();
    all.map(|one| fact(analysis, one))
}

fn fact(analysis: &Analysis, one: &Liability) -> OwnedFact {
    let kind = liability::kind(one);
    let names = |by| {
        let names = liability::names(analysis, one, by).into_iter();
        let names = names.map(|name| name.map(|name| name.to_string()));
        names.collect::<Vec<Option<String>>>()
    };
    let decisions = one.decisions.iter();
    let ladders: BTreeSet<(usize, String)> = decisions
        .map(|at| {
            let ladder = analysis.decisions[*at].ladder();
            (ladder.order, ladder.name.to_string())
        })
        .collect();
    OwnedFact {
        path: one.path.to_string(),
        sort: match kind.name {
            _ if kind.is_lines => OwnedSort::Script,
            "image" => OwnedSort::Image,
            "agent" => OwnedSort::Agent,
            _ => OwnedSort::Rule,
        },
        lines: if kind.is_lines { one.lines } else { 0 },
        is_unknown: one.is_unknown(kind.is_lines),
        ladders: ladders.into_iter().collect(),
        owners: names(Grouping::Owner),
        streams: names(Grouping::Stream),
    }
}
