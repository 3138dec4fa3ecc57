//! What is kept of a branch: the facts of each commit, as what is new and what has gone since the one before. Every number is made of
//! it, so that a second look needs no template.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::commit_moves::{self, Move};
use super::facts::{self, DecisionFact};
use super::numbered::{Numbered, There, Turn};
use super::owned_facts::{self, OwnedFact};
use super::unseen::{self, FileTurns, HiddenFallback, Unseen};
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
    /// Everything that can't be seen at some commit.
    #[serde(default)]
    pub unseen: Vec<Unseen>,
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
    /// Which of what can't be seen it has; none where all of it can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<u32>,
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
                && (commit.unseen.is_none() || self.unseen(commit).is_some())
        })
    }

    /// What can't be seen at one of its commits.
    #[must_use]
    pub fn unseen(&self, commit: &CommitRecord) -> Option<&Unseen> {
        self.unseen.get(usize::try_from(commit.unseen?).ok()?)
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
        for unseen in &mut self.unseen {
            unseen
                .hidden
                .retain(|one| places.contains(&(&*one.was, &*one.address)));
        }
        for commit in &mut self.commits {
            commit.decisions.new.retain(is_kept);
            commit.decisions.gone.retain(is_kept);
            commit.owned = Turn::default();
            commit
                .moves
                .retain(|one| places.contains(&(&*one.path, &*one.address)));
        }
    }

    /// The best score that the decisions at or below a path had at any commit; all of them for none. What was out of sight counts as it
    /// was last seen, and a commit at which something there could not be read has no score.
    #[must_use]
    pub fn best(&self, path: &str) -> Option<f64> {
        let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
        let facts = self.facts.iter();
        let is_inside = |file: &str| path.is_empty() || file.strip_prefix(path).is_some_and(below);
        let inside: Vec<bool> = facts.map(|fact| is_inside(&fact.path)).collect();
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
            let unseen = self.unseen(commit);
            let mut unreadable = unseen.iter().flat_map(|unseen| &unseen.unreadable);
            if commit.is_faulty || unreadable.any(|file| is_inside(file)) {
                continue;
            }
            let mut count = count;
            for one in unseen.iter().flat_map(|unseen| &unseen.hidden) {
                count.rungs[one.rung as usize] += usize::from(is_inside(&one.was));
            }
            if let Some(score) = count.score() {
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
    /// What is out of sight.
    hidden: Vec<HiddenFallback>,
    /// Whether anything was judged yet: the first commit moves nothing.
    stands: bool,
}

impl Recorder {
    /// Goes on with a record, at whose last commit `last` was found.
    #[must_use]
    pub fn after(record: BranchRecord, last: Analysis) -> Self {
        let (mut decisions, mut owned) = (There::new(), There::new());
        for commit in &record.commits {
            commit.decisions.apply(&mut decisions);
            commit.owned.apply(&mut owned);
        }
        let unseen = record.commits.last().and_then(|last| record.unseen(last));
        let hidden = unseen.map_or(Vec::new(), |unseen| unseen.hidden.clone());
        let mut known = last.decisions;
        known.retain(|decision| decision.is_counted);
        Self {
            decisions: Numbered::after(&record.facts, decisions),
            owned: Numbered::after(&record.owned, owned),
            record,
            known,
            hidden,
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
            unseen: before.and_then(|commit| commit.unseen),
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

    /// A commit at which this was found, with what became of files since the last one.
    pub fn take(&mut self, id: &str, today: Date, analysis: Analysis, turns: &FileTurns<'_>) {
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
        let broken = analysis.findings.iter();
        let broken = broken.filter(|finding| finding.code.is_about_input());
        let broken: BTreeSet<&str> = broken.map(|finding| &**finding.path()).collect();
        let broken: Vec<String> = broken.into_iter().map(str::to_owned).collect();
        let moves = if self.stands {
            let read: BTreeSet<String> = match self.hidden.is_empty() {
                true => BTreeSet::new(),
                false => analysis.read.iter().cloned().collect(),
            };
            let known = &mut self.known;
            let mut moves = commit_moves::between(known, analysis, turns.renames, today);
            unseen::follow(&mut self.hidden, &mut moves, known, &read, turns, id);
            moves
        } else {
            self.known = analysis.decisions;
            self.known.retain(|decision| decision.is_counted);
            Vec::new()
        };
        self.stands = true;
        let unseen = self.unseen(broken);
        self.record.commits.push(CommitRecord {
            id: id.to_owned(),
            decisions,
            owned,
            moves,
            targets: u32::try_from(targets).unwrap_or(u32::MAX),
            unreadable,
            unseen,
            is_faulty: false,
        });
    }

    /// What can't be seen at a commit, written down once as long as it stays the same.
    fn unseen(&mut self, unreadable: Vec<String>) -> Option<u32> {
        if unreadable.is_empty() && self.hidden.is_empty() {
            return None;
        }
        let unseen = Unseen {
            unreadable,
            hidden: self.hidden.clone(),
        };
        if self.record.unseen.last() != Some(&unseen) {
            self.record.unseen.push(unseen);
        }
        u32::try_from(self.record.unseen.len() - 1).ok()
    }

    /// What is out of sight, as it was last seen.
    #[must_use]
    pub fn hidden(&self) -> &[HiddenFallback] {
        &self.hidden
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
