//! What is kept of a branch: the facts of each commit, as what is new and what has gone since the one before. Every number is made of
//! it, so that a second look needs no template.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::commit_moves::{self, Move, OutOfSight};
use super::facts::{self, DecisionFact};
use super::numbered::{Numbered, There, Turn};
use super::owned_facts::{self, OwnedFact};
use crate::analysis::{Analysis, Count, Decision};
use crate::base::{ScoreTarget, TargetScope};

/// The commits of a branch, from some commit on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchRecord {
    /// Every fact of a decision that any commit has, once.
    pub facts: Vec<DecisionFact>,
    /// Everything that servers make somebody own at any commit, once.
    pub owned: Vec<OwnedFact>,
    /// Every list of targets that any commit has, once.
    pub targets: Vec<Vec<PastTarget>>,
    /// The commits, the oldest first.
    pub commits: Vec<CommitRecord>,
}

/// What is kept of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitRecord {
    /// Its name.
    pub id: String,
    /// What it changes about the decisions.
    #[serde(default, skip_serializing_if = "Turn::is_none")]
    pub decisions: Turn,
    /// What it changes about what servers make somebody own.
    #[serde(default, skip_serializing_if = "Turn::is_none")]
    pub owned: Turn,
    /// What it moves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
    /// Which list of targets it has.
    pub targets: u32,
    /// Templates that could not be read.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unreadable: usize,
    /// Its configuration is faulty: nothing is known of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_faulty: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_none(number: &usize) -> bool {
    *number == 0
}

/// A score that was meant to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastTarget {
    /// Which decisions count.
    pub of: PastTargetOf,
    /// The score.
    pub score: u8,
    /// The last day on which it may still be missed.
    pub by: Option<Date>,
    /// Whether a run fails where it is missed.
    pub gate: bool,
}

/// Which decisions count for a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PastTargetOf {
    /// All.
    Whole,
    /// Those of a ladder.
    Ladder(String),
    /// Those of a value stream.
    Stream(String),
}

impl PastTarget {
    fn of(target: &ScoreTarget) -> Self {
        Self {
            of: match &target.of {
                TargetScope::Whole => PastTargetOf::Whole,
                TargetScope::Ladder(name) => PastTargetOf::Ladder(name.to_string()),
                TargetScope::Stream(name) => PastTargetOf::Stream(name.to_string()),
            },
            score: target.score,
            by: target.by,
            gate: target.is_gate,
        }
    }

    /// As the configuration knows it.
    #[must_use]
    pub fn setting(&self) -> ScoreTarget {
        ScoreTarget {
            of: match &self.of {
                PastTargetOf::Whole => TargetScope::Whole,
                PastTargetOf::Ladder(name) => TargetScope::Ladder(Arc::from(&**name)),
                PastTargetOf::Stream(name) => TargetScope::Stream(Arc::from(&**name)),
            },
            score: self.score,
            by: self.by,
            is_gate: self.gate,
        }
    }
}

impl BranchRecord {
    /// Whether every number in it leads somewhere: a file that somebody else wrote may hold anything.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.commits.iter().all(|commit| {
            commit.decisions.is_within(self.facts.len())
                && commit.owned.is_within(self.owned.len())
                && usize::try_from(commit.targets).is_ok_and(|at| at < self.targets.len())
        })
    }

    /// Keeps of each commit only the decisions that are wanted, and what it moves of them; nothing of what is owned, which is not theirs
    /// alone.
    pub fn keep(&mut self, wants: &dyn Fn(&DecisionFact) -> bool) {
        let kept: Vec<bool> = self.facts.iter().map(wants).collect();
        let is_kept = |at: &u32| {
            let at = usize::try_from(*at).ok();
            at.and_then(|at| kept.get(at)).is_some_and(|kept| *kept)
        };
        let facts = self.facts.iter().zip(&kept).filter(|(_, kept)| **kept);
        let places: HashSet<(&str, &str)> = facts
            .map(|(fact, _)| (&*fact.path, &*fact.address))
            .collect();
        for commit in &mut self.commits {
            commit.decisions.new.retain(is_kept);
            commit.decisions.gone.retain(is_kept);
            commit.owned = Turn::default();
            commit
                .moves
                .retain(|one| places.contains(&(&*one.path, &*one.address)));
        }
    }

    /// The best score that the decisions at or below a path had at any commit; all of them for none.
    #[must_use]
    pub fn best(&self, path: &str) -> Option<f64> {
        let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
        let facts = self.facts.iter();
        let inside: Vec<bool> = facts
            .map(|fact| path.is_empty() || fact.path.strip_prefix(path).is_some_and(below))
            .collect();
        let mut count = Count::default();
        let mut best: Option<f64> = None;
        for commit in &self.commits {
            let mut turn = |all: &[u32], more: bool| {
                for at in all {
                    let at = usize::try_from(*at).unwrap_or(usize::MAX);
                    let Some(fact) = self.facts.get(at).filter(|_| inside[at]) else {
                        continue;
                    };
                    let number = &mut count.rungs[fact.rung as usize];
                    *number = if more {
                        *number + 1
                    } else {
                        number.saturating_sub(1)
                    };
                }
            };
            turn(&commit.decisions.new, true);
            turn(&commit.decisions.gone, false);
            if !commit.is_faulty
                && let Some(score) = count.score()
            {
                best = Some(best.map_or(score, |best| best.max(score)));
            }
        }
        best
    }
}

/// Writes a record down, commit by commit.
#[derive(Debug, Default)]
pub struct Recorder {
    record: BranchRecord,
    decisions: Numbered<DecisionFact>,
    owned: Numbered<OwnedFact>,
    /// The decisions as they were last known.
    known: Vec<Decision>,
    /// What was known before its file moved out of sight.
    out_of_sight: OutOfSight,
    /// Whether anything was judged yet: the first commit moves nothing.
    stands: bool,
}

impl Recorder {
    /// Goes on with a record, at whose last commit `last` was found.
    #[must_use]
    pub fn after(record: BranchRecord, last: Analysis) -> Self {
        let (mut decisions, mut owned) = (There::new(), There::new());
        let mut out_of_sight = OutOfSight::new();
        for commit in &record.commits {
            commit.decisions.apply(&mut decisions);
            commit.owned.apply(&mut owned);
            commit_moves::bring_back(&mut commit.moves.clone(), &mut out_of_sight);
        }
        let mut known = last.decisions;
        known.retain(|decision| decision.is_counted);
        Self {
            decisions: Numbered::after(&record.facts, decisions),
            owned: Numbered::after(&record.owned, owned),
            record,
            known,
            out_of_sight,
            stands: true,
        }
    }

    /// A commit that changes nothing.
    pub fn same(&mut self, id: &str) {
        let before = self.record.commits.last();
        self.record.commits.push(CommitRecord {
            id: id.to_owned(),
            targets: before.map_or(0, |commit| commit.targets),
            unreadable: before.map_or(0, |commit| commit.unreadable),
            is_faulty: before.is_some_and(|commit| commit.is_faulty),
            ..CommitRecord::default()
        });
    }

    /// A commit whose configuration is faulty: what is known stays what it was.
    pub fn faulty(&mut self, id: &str) {
        if self.record.targets.is_empty() {
            self.record.targets.push(Vec::new());
        }
        self.same(id);
        if let Some(commit) = self.record.commits.last_mut() {
            commit.is_faulty = true;
            commit.unreadable = 0;
        }
    }

    /// A commit at which this was found. `renames` are files that got another name since the last one: new to old.
    pub fn take(
        &mut self,
        id: &str,
        today: Date,
        analysis: Analysis,
        renames: &BTreeMap<String, String>,
    ) {
        let facts = facts::of(&analysis, today).into_iter();
        let decisions = self.decisions.turn(facts, &mut self.record.facts);
        let facts = owned_facts::of(&analysis);
        let owned = self.owned.turn(facts, &mut self.record.owned);
        let targets: Vec<PastTarget> = analysis
            .targets
            .iter()
            .map(|one| PastTarget::of(&one.target))
            .collect();
        let known = self
            .record
            .targets
            .iter()
            .rposition(|known| *known == targets);
        let targets = known.unwrap_or_else(|| {
            self.record.targets.push(targets);
            self.record.targets.len() - 1
        });
        let unreadable = analysis.unreadable;
        let moves = if self.stands {
            let mut moves = commit_moves::between(&mut self.known, analysis, renames, today);
            commit_moves::bring_back(&mut moves, &mut self.out_of_sight);
            moves
        } else {
            self.known = analysis.decisions;
            self.known.retain(|decision| decision.is_counted);
            Vec::new()
        };
        self.stands = true;
        self.record.commits.push(CommitRecord {
            id: id.to_owned(),
            decisions,
            owned,
            moves,
            targets: u32::try_from(targets).unwrap_or(u32::MAX),
            unreadable,
            is_faulty: false,
        });
    }

    /// The decisions as they were last known.
    #[must_use]
    pub fn known(&self) -> &[Decision] {
        &self.known
    }

    /// What was written down.
    #[must_use]
    pub fn record(self) -> BranchRecord {
        self.record
    }
}
