//! The same numbers by owner, folder, value stream, ladder, code or stack.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Analysis, Count, Decision, Rung};

/// By what decisions are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grouping {
    /// Who answers for them; one with several owners counts for each.
    Owner,
    /// The folder of the file.
    Folder,
    /// The value stream.
    Stream,
    /// The ladder.
    Ladder,
    /// Ladder and rung.
    Code,
    /// The template, plan or Terraform root.
    Stack,
}

impl Grouping {
    /// In the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Owner,
        Self::Folder,
        Self::Stream,
        Self::Ladder,
        Self::Code,
        Self::Stack,
    ];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Folder => "folder",
            Self::Stream => "stream",
            Self::Ladder => "ladder",
            Self::Code => "code",
            Self::Stack => "stack",
        }
    }

    /// What a decision is taken together by.
    #[must_use]
    pub fn names(self, decision: &Decision) -> Vec<Option<Arc<str>>> {
        match self {
            Self::Owner => match &decision.owner {
                Some(owner) => owner.names.iter().cloned().map(Some).collect(),
                None => vec![None],
            },
            Self::Folder => vec![Some(Arc::from(Self::folder(decision.place().0)))],
            Self::Stream => vec![decision.stream.clone()],
            Self::Ladder => vec![Some(Arc::from(&*decision.ladder().name))],
            Self::Code => vec![Some(Arc::from(decision.code().to_string()))],
            Self::Stack => vec![Some(decision.stack())],
        }
    }

    /// The folder of a file; a dot for the one where the run stands.
    #[must_use]
    pub fn folder(path: &str) -> &str {
        match path.rsplit_once('/') {
            Some(("", _)) => "/",
            Some((folder, _)) => folder,
            None => ".",
        }
    }

    /// What stands for a decision that belongs to none.
    #[must_use]
    pub const fn none(self) -> &'static str {
        match self {
            Self::Owner => "nobody",
            _ => "none",
        }
    }
}

/// Decisions that are taken together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// What they share; nothing for those without an owner or a stream.
    pub name: Option<String>,
    /// All of them.
    pub count: Count,
    /// Fallbacks without a reason.
    pub open: usize,
    /// Fallbacks with one.
    pub explained: usize,
    /// Below the first rung, where the configuration accepts that.
    pub accepted: usize,
    /// Reasons that run out, and services that end.
    pub ends: usize,
    /// The first of these days.
    pub first_end: Option<String>,
}

impl Group {
    fn add(&mut self, decision: &Decision) {
        self.count.add(decision);
        if decision.is_open() {
            self.open += 1;
        } else if decision.fallback {
            self.explained += 1;
        } else if decision.rung > Rung::Serverless {
            self.accepted += 1;
        }
        for end in decision.ends() {
            self.ends += 1;
            if self.first_end.as_deref().is_none_or(|first| end < first) {
                self.first_end = Some(end.to_owned());
            }
        }
    }
}

/// Takes decisions together: ladders in their order, all else by what is open, most first.
#[must_use]
pub fn of(analysis: &Analysis, by: Grouping) -> Vec<Group> {
    let mut places: BTreeMap<Option<Arc<str>>, (usize, Group)> = BTreeMap::new();
    // What is left out counts nowhere.
    let decisions = analysis.decisions.iter();
    for decision in decisions.filter(|decision| decision.is_counted) {
        let mut add = |name: Option<Arc<str>>| {
            let order = match by {
                Grouping::Ladder | Grouping::Code => decision.ladder().order,
                _ => 0,
            };
            let (_, group) = places
                .entry(name)
                .or_insert_with(|| (order, Group::default()));
            group.add(decision);
        };
        by.names(decision).into_iter().for_each(&mut add);
    }
    let mut groups: Vec<(usize, Group)> = places
        .into_iter()
        .map(|(name, (order, group))| {
            let name = name.map(|name| name.to_string());
            (order, Group { name, ..group })
        })
        .collect();
    // The sort is stable: what is equal stays in the order of the names.
    groups.sort_by_key(|(order, group)| match by {
        Grouping::Ladder => (*order, Reverse(0)),
        _ => (0, Reverse(group.open)),
    });
    groups.into_iter().map(|(_, group)| group).collect()
}
