//! Code is a liability: what servers make somebody own, counted beside the score. A function of one [`Analysis`]; what is looked for is
//! data, in `rules/liability.toml`, and `docs/liability.md` says why.

#![warn(missing_docs)]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::analysis::grouping::{self, Group};
use crate::analysis::summary::count;
use crate::analysis::{Analysis, Decision, Grouping, Liability};
use crate::rulebook::actions::{self, Duty};
use crate::rulebook::liability;

pub use crate::rulebook::liability::LiabilityKind;

/// What is owned, taken together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiabilityTally {
    /// For each kind, in their order.
    kinds: Vec<KindTally>,
    /// For each duty, how many decisions leave it.
    duties: Vec<usize>,
}

/// How much there is of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindTally {
    /// Scripts, images, agents or rules.
    pub count: usize,
    /// Their lines; of scripts, only those that are not blank.
    pub lines: usize,
    /// Of them, scripts of which nothing can be seen, and images that may be others' own.
    pub unknown: usize,
    /// Some scripts have more lines than can be seen.
    pub is_open: bool,
}

/// The kind of something.
#[must_use]
pub fn kind(of: &Liability) -> &'static LiabilityKind {
    &liability::kinds()[of.kind]
}

/// All that a run found.
#[must_use]
pub fn tally(analysis: &Analysis) -> LiabilityTally {
    let mut tally = LiabilityTally::default();
    analysis.liabilities.iter().for_each(|one| tally.add(one));
    let decisions = analysis.decisions.iter();
    decisions.for_each(|decision| tally.owe(decision));
    tally
}

/// What a decision leaves to do as long as it runs, in the order in which it is told.
pub fn duties(decision: &Decision) -> impl Iterator<Item = &'static Duty> {
    let owed = actions::owed(&decision.ladder().name, decision.rung);
    let owed = if decision.is_counted { owed } else { &[] };
    owed.iter().map(|at| &actions::duties()[*at])
}

/// The same by owner, folder, value stream, ladder, code or stack. What is for several of them counts for each; what is for no
/// decision counts for the owner and the stream of its file, and for no ladder.
#[must_use]
pub fn by(analysis: &Analysis, by: Grouping) -> BTreeMap<Option<Arc<str>>, LiabilityTally> {
    let mut all: BTreeMap<Option<Arc<str>>, LiabilityTally> = BTreeMap::new();
    for decision in analysis.decisions.iter().filter(|one| one.is_counted) {
        for name in by.names(decision) {
            all.entry(name).or_default().owe(decision);
        }
    }
    for one in &analysis.liabilities {
        for name in names(analysis, one, by) {
            all.entry(name).or_default().add(one);
        }
    }
    all
}

/// The groups of a report, each with what its decisions make somebody own. What is for no decision may stand where there is none: such
/// groups come last.
#[must_use]
pub fn groups(analysis: &Analysis, grouping: Grouping) -> Vec<(Group, LiabilityTally)> {
    let mut owned = by(analysis, grouping);
    let groups = grouping::of(analysis, grouping).into_iter();
    let mut groups: Vec<(Group, LiabilityTally)> = groups
        .map(|group| {
            let name = group.name.as_deref().map(Arc::from);
            let tally = owned.remove(&name).unwrap_or_default();
            (group, tally)
        })
        .collect();
    groups.extend(owned.into_iter().map(|(name, tally)| {
        let group = Group {
            name: name.map(|name| name.to_string()),
            ..Group::default()
        };
        (group, tally)
    }));
    groups
}

/// What something is counted for: each name once.
#[must_use]
pub fn names(analysis: &Analysis, one: &Liability, by: Grouping) -> BTreeSet<Option<Arc<str>>> {
    if by == Grouping::Folder {
        return BTreeSet::from([Some(Arc::from(Grouping::folder(&one.path)))]);
    }
    let decisions = one.decisions.iter().map(|at| &analysis.decisions[*at]);
    let names: BTreeSet<_> = decisions.flat_map(|decision| by.names(decision)).collect();
    if !names.is_empty() {
        return names;
    }
    match by {
        Grouping::Owner if one.owners.is_empty() => BTreeSet::from([None]),
        Grouping::Owner => one.owners.iter().cloned().map(Some).collect(),
        Grouping::Stream => BTreeSet::from([one.stream.clone()]),
        Grouping::Stack => BTreeSet::from([Some(Arc::clone(&one.stack))]),
        _ => BTreeSet::from([None]),
    }
}

/// For each decision, what is for it, as indexes into [`Analysis::liabilities`].
#[must_use]
pub fn of_decisions(analysis: &Analysis) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new(); analysis.decisions.len()];
    for (number, one) in analysis.liabilities.iter().enumerate() {
        for at in &one.decisions {
            all[*at].push(number);
        }
    }
    all
}

/// All of one kind.
#[derive(Clone, Debug)]
pub struct OneKind<'a> {
    /// The kind.
    pub kind: &'static LiabilityKind,
    /// How much there is of it.
    pub tally: KindTally,
    /// Most lines first, then by place.
    pub things: Vec<&'a Liability>,
}

/// What is owned, in the order in which it is told; only the kinds of which there is something. `all` is the tally of all of it.
#[must_use]
pub fn by_kind<'a>(analysis: &'a Analysis, all: &LiabilityTally) -> Vec<OneKind<'a>> {
    let mut things: Vec<Vec<&Liability>> = vec![Vec::new(); liability::kinds().len()];
    for one in &analysis.liabilities {
        things[one.kind].push(one);
    }
    let things = things.into_iter().filter(|things| !things.is_empty());
    let kinds = all.kinds().zip(things);
    let kinds = kinds.map(|((kind, tally), mut things)| {
        if kind.is_lines {
            // The sort is stable: what is equal stays in the order of its places.
            things.sort_by_key(|one| Reverse(one.lines));
        }
        OneKind {
            kind,
            tally,
            things,
        }
    });
    kinds.collect()
}

impl LiabilityTally {
    /// Takes in one thing.
    pub fn add(&mut self, one: &Liability) {
        self.kinds
            .resize(liability::kinds().len(), KindTally::default());
        let is_lines = kind(one).is_lines;
        let of = &mut self.kinds[one.kind];
        of.count += 1;
        of.lines += one.lines;
        of.unknown += usize::from(one.is_unknown(is_lines));
        of.is_open |= one.is_open;
    }

    fn owe(&mut self, decision: &Decision) {
        self.duties.resize(actions::duties().len(), 0);
        if decision.is_counted {
            for at in actions::owed(&decision.ladder().name, decision.rung) {
                self.duties[*at] += 1;
            }
        }
    }

    /// Whether there is nothing but duties.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.iter().all(|kind| kind.count == 0)
    }

    /// The kinds of which there is something, in their order.
    pub fn kinds(&self) -> impl Iterator<Item = (&'static LiabilityKind, KindTally)> {
        let all = liability::kinds().iter().zip(self.kinds.iter().copied());
        all.filter(|(_, of)| of.count > 0)
    }

    /// The duties that somebody has, each with the number of decisions that leave it.
    pub fn duties(&self) -> impl Iterator<Item = (&'static Duty, usize)> {
        let all = actions::duties().iter().zip(self.duties.iter().copied());
        all.filter(|(_, count)| *count > 0)
    }

    /// Lines of scripts that somebody wrote for machines.
    #[must_use]
    pub fn script_lines(&self) -> usize {
        let scripts = self.kinds().filter(|(kind, _)| kind.is_lines);
        scripts.map(|(_, of)| of.lines).sum()
    }

    /// What else there is, as far as it is known.
    #[must_use]
    pub fn things(&self) -> usize {
        let things = self.kinds().filter(|(kind, _)| !kind.is_lines);
        things.map(|(_, of)| of.count - of.unknown).sum()
    }

    /// Of how many scripts and images nobody can say anything.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.kinds().map(|(_, of)| of.unknown).sum()
    }

    /// "48 lines, 2 things", for a cell of a table; nothing where nothing is known of any.
    #[must_use]
    pub fn brief(&self) -> String {
        let known = [(self.script_lines(), "line"), (self.things(), "thing")];
        let known = known.iter().filter(|(number, _)| *number > 0);
        let known: Vec<String> = known.map(|(number, name)| count(*number, name)).collect();
        known.join(", ")
    }

    /// "48 lines of user data, 2 custom images".
    #[must_use]
    pub fn words(&self) -> String {
        let words = self.kinds().map(|(kind, of)| kind_words(kind, of));
        words.collect::<Vec<_>>().join(", ")
    }
}

/// "at least 48 lines of user data", "2 custom images and perhaps 1 more".
#[must_use]
pub fn kind_words(kind: &LiabilityKind, of: KindTally) -> String {
    if kind.is_lines {
        let one = kind.one;
        return match (of.lines, of.is_open) {
            (0, _) => format!("{one} that can't be seen"),
            (1, false) => format!("1 line of {one}"),
            (lines, false) => format!("{lines} lines of {one}"),
            (1, true) => format!("at least 1 line of {one}"),
            (lines, true) => format!("at least {lines} lines of {one}"),
        };
    }
    let known = of.count - of.unknown;
    let name = |number: usize| if number == 1 { kind.one } else { kind.many };
    match (known, of.unknown) {
        (known, 0) => format!("{known} {}", name(known)),
        (0, unknown) => format!("perhaps {unknown} {}", name(unknown)),
        (known, unknown) => format!("{known} {} and perhaps {unknown} more", name(known)),
    }
}
