//! What a commit does to the decisions: which of them move, from where, and where to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::facts::day;
use crate::analysis::{Analysis, Decision, Rung};
use crate::compare::change::{self, Snapshot, Transition};

/// One decision that a commit moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// What becomes of it.
    pub kind: MoveKind,
    /// The file: afterwards, or before where it has gone.
    pub path: String,
    /// What people call it: its construct, else its address.
    pub name: String,
    /// The address: afterwards, or before where it has gone.
    pub address: String,
    /// The ladder.
    pub ladder: String,
    /// Where it stood; nowhere if it is new.
    pub from: Option<Rung>,
    /// Where it stands; nowhere if it has gone.
    pub to: Option<Rung>,
}

/// What becomes of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MoveKind {
    /// It climbs.
    Up,
    /// It falls.
    Down,
    /// It is new.
    Added,
    /// It has gone.
    Gone,
    /// Somebody said why.
    Explained,
    /// Its reason was taken away, or does not count any more.
    Unexplained,
    /// The day of its reason is over: nobody's commit did it.
    RanOut,
    /// Its file is still there and not looked at any more: it has not gone.
    Hidden,
    /// Its file is looked at again, and it stands where it stood.
    Shown,
}

impl MoveKind {
    /// As programs are told.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Added => "added",
            Self::Gone => "gone",
            Self::Explained => "explained",
            Self::Unexplained => "unexplained",
            Self::RanOut => "ran-out",
            Self::Hidden => "hidden",
            Self::Shown => "shown",
        }
    }
}

impl Move {
    /// Rungs by which the decisions that are there stand better: what is new on a lower rung weighs as much as a fall to it.
    #[must_use]
    pub fn weight(&self) -> i64 {
        let below = |rung: Option<Rung>| rung.map_or(0, |rung| i64::from(rung.number()) - 1);
        below(self.from) - below(self.to)
    }
}

/// What all of them weigh.
#[must_use]
pub fn weight(moves: &[Move]) -> i64 {
    moves.iter().map(Move::weight).sum()
}

/// Compares two commits; what is new or has gone on the first rung is not among it. What is no more because its file can't be read
/// stays among `known`, until it can be read again.
pub fn between(
    known: &mut Vec<Decision>,
    now: Analysis,
    renames: &BTreeMap<String, String>,
    today: Date,
) -> Vec<Move> {
    let before = Analysis {
        decisions: std::mem::take(known),
        ..Analysis::default()
    };
    let (found, _) = change::compare(&before, &now, renames);
    let mut ends: BTreeMap<(&str, &str), Date> = BTreeMap::new();
    for decision in &before.decisions {
        let reason = decision.justification.as_ref().map(|found| &found.reason);
        if let Some(end) = reason.and_then(|reason| day(&reason.expires.as_ref()?.text)) {
            ends.insert((&decision.path, &decision.address), end);
        }
    }
    let ran_out = |one: &Transition| {
        let end = ends.get(&(&*one.from.path, &*one.from.address));
        end.is_some_and(|end| *end < today)
    };
    let mut moves = Vec::new();
    let mut both = |kind: MoveKind, steps: &[Transition]| {
        moves.extend(steps.iter().map(|step| {
            let kind = match kind {
                MoveKind::Unexplained if ran_out(step) => MoveKind::RanOut,
                kind => kind,
            };
            moved(kind, Some(&step.from), Some(&step.to))
        }));
    };
    both(MoveKind::Up, &found.up);
    both(MoveKind::Down, &found.down);
    both(MoveKind::Explained, &found.explained);
    both(MoveKind::Unexplained, &found.unexplained);
    let counts = |one: &&Snapshot| one.rung > Rung::Serverless;
    moves.extend(
        found
            .added
            .iter()
            .filter(counts)
            .map(|one| moved(MoveKind::Added, None, Some(one))),
    );
    moves.extend(
        found
            .gone
            .iter()
            .filter(counts)
            .map(|one| moved(MoveKind::Gone, Some(one), None)),
    );
    let unseen = now.findings.iter();
    let unseen = unseen.filter(|finding| finding.code.is_out_of_sight());
    let unseen: BTreeMap<&str, bool> = unseen
        .map(|finding| (&**finding.path(), finding.code.is_about_input()))
        .collect();
    let mut broken: Vec<Decision> = Vec::new();
    if !unseen.is_empty() {
        let all = now.decisions.iter();
        let there: BTreeSet<(&str, &str)> = all.map(|one| (&*one.path, &*one.address)).collect();
        let today: BTreeMap<&str, &str> =
            renames.iter().map(|(new, old)| (&**old, &**new)).collect();
        for decision in &before.decisions {
            let path: &str = &decision.path;
            let path = today.get(path).copied().unwrap_or(path);
            let Some(is_broken) = unseen.get(path) else {
                continue;
            };
            if there.contains(&(path, &*decision.address)) {
                continue;
            }
            if *is_broken {
                broken.push(Decision {
                    path: Arc::from(path),
                    ..decision.clone()
                });
            } else if decision.rung > Rung::Serverless {
                moves.push(hidden(decision));
            }
        }
    }
    *known = now.decisions;
    known.retain(|decision| decision.is_counted);
    known.extend(broken);
    moves
}

fn hidden(decision: &Decision) -> Move {
    Move {
        kind: MoveKind::Hidden,
        path: decision.path.to_string(),
        name: decision
            .construct
            .as_ref()
            .unwrap_or(&decision.address)
            .clone(),
        address: decision.address.clone(),
        ladder: decision.ladder().name.to_string(),
        from: Some(decision.rung),
        to: Some(decision.rung),
    }
}

fn moved(kind: MoveKind, from: Option<&Snapshot>, to: Option<&Snapshot>) -> Move {
    let shown = to.or(from);
    let text = |word: fn(&Snapshot) -> &str| shown.map_or("", word).to_owned();
    Move {
        kind,
        path: text(|one| &one.path),
        name: text(Snapshot::name),
        address: text(|one| &one.address),
        ladder: text(|one| &one.ladder),
        from: from.map(|one| one.rung),
        to: to.map(|one| one.rung),
    }
}
