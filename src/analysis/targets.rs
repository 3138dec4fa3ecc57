//! The scores that are meant to be reached, and the way to them.

use std::sync::Arc;

use jiff::civil::Date;

use super::summary::{count, whole};
use super::{Analysis, Count, Decision, Rung};
use crate::base::{ScoreTarget, TargetScope};

/// How a target stands on the day of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetStanding {
    /// The target.
    pub target: ScoreTarget,
    /// Where it is set; none for the command line.
    pub place: Option<(Arc<str>, u32)>,
    /// The decisions that it counts.
    pub count: Count,
    /// How many of them would have to climb to rung 1, the worst first, for the score to be reached: fewer can't do.
    pub short: usize,
    /// Whether it is reached.
    pub state: TargetState,
}

/// Whether a target is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetState {
    /// No decision counts for it.
    Nothing,
    /// The score is reached.
    Reached,
    /// Not yet.
    Open,
    /// Its day is over; or it has none, and gates.
    Missed,
}

impl TargetState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Reached, Self::Open, Self::Missed];

    /// `nothing`, `reached`, `open` or `missed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Reached => "reached",
            Self::Open => "open",
            Self::Missed => "missed",
        }
    }
}

impl Analysis {
    /// Holds it to a score, below which the run fails.
    pub fn must_reach(&mut self, score: u8, today: Date) {
        let target = ScoreTarget {
            of: TargetScope::Whole,
            score,
            by: None,
            is_gate: true,
        };
        let standing = TargetStanding::of(&target, None, self, today);
        self.targets.push(standing);
    }
}

impl TargetStanding {
    /// How a target stands.
    #[must_use]
    pub fn of(
        target: &ScoreTarget,
        place: Option<(Arc<str>, u32)>,
        analysis: &Analysis,
        today: Date,
    ) -> Self {
        let counts = |decision: &&Decision| match &target.of {
            TargetScope::Whole => true,
            TargetScope::Ladder(name) => *decision.ladder().name == **name,
            TargetScope::Stream(name) => decision.stream.as_ref() == Some(name),
        };
        let count = Count::of(analysis.decisions.iter().filter(counts));
        Self::at(target, place, count, today)
    }

    /// How a target stands where these decisions count for it.
    #[must_use]
    pub fn at(
        target: &ScoreTarget,
        place: Option<(Arc<str>, u32)>,
        count: Count,
        today: Date,
    ) -> Self {
        let short = short(&count, target.score);
        let is_over = target.by.map_or(target.is_gate, |by| today > by);
        let state = match short {
            _ if count.total() == 0 => TargetState::Nothing,
            0 => TargetState::Reached,
            _ if is_over => TargetState::Missed,
            _ => TargetState::Open,
        };
        Self {
            target: target.clone(),
            place,
            count,
            short,
            state,
        }
    }

    /// What it counts: `score`, `compute`, `value stream checkout`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.target.of {
            TargetScope::Whole => "score".to_owned(),
            TargetScope::Ladder(name) => name.to_string(),
            TargetScope::Stream(name) => format!("value stream {name}"),
        }
    }

    /// That it is missed, as a finding says it: "compute is at 62, and 80 was wanted by 2027-06-30: 4 decisions short".
    #[must_use]
    pub fn missed(&self) -> String {
        let (name, wanted) = (self.name(), self.target.score);
        let now = self.count.score().map(|score| shown(score, wanted));
        let now = now.unwrap_or_default();
        let short = count(self.short, "decision");
        match self.target.by {
            Some(by) => {
                format!("{name} is at {now}, and {wanted} was wanted by {by}: {short} short")
            }
            None => format!("{name} is at {now}, and {wanted} is wanted: {short} short"),
        }
    }

    /// The way to it: "compute 62 of 80 by 2027-06-30, 4 decisions short".
    #[must_use]
    pub fn words(&self) -> String {
        let wanted = self.target.score;
        let by = match (self.target.by, self.state) {
            (None, _) => String::new(),
            (Some(by), TargetState::Missed) => format!(" since {by}"),
            (Some(by), _) => format!(" by {by}"),
        };
        let name = self.name();
        let Some(score) = self.count.score() else {
            return format!("{name} {wanted}{by}: no decision counts for it");
        };
        let now = shown(score, wanted);
        match self.state {
            TargetState::Missed => {
                let short = count(self.short, "decision");
                format!("{name} {now} of {wanted}, missed{by}, {short} short")
            }
            TargetState::Open => {
                let short = count(self.short, "decision");
                format!("{name} {now} of {wanted}{by}, {short} short")
            }
            TargetState::Reached | TargetState::Nothing => {
                format!("{name} {now} of {wanted}{by}, reached")
            }
        }
    }
}

/// A score as every report shows it, unless that would look as if a missed target were reached.
fn shown(score: f64, wanted: u8) -> String {
    let rounded = whole(score);
    let wanted = f64::from(wanted);
    if score < wanted && rounded >= wanted {
        return format!("{:.2}", (score * 100.0).floor() / 100.0);
    }
    rounded.to_string()
}

/// How many decisions have to climb to the first rung, the worst first.
fn short(count: &Count, score: u8) -> usize {
    let points = |rung: Rung| usize::from(rung.score());
    let best = points(Rung::Serverless);
    let all = Rung::ALL.iter().zip(count.rungs);
    let reached: usize = all
        .clone()
        .map(|(rung, number)| points(*rung) * number)
        .sum();
    let mut missing = (usize::from(score) * count.total()).saturating_sub(reached);
    let mut short = 0;
    for (rung, number) in all.rev() {
        let gain = best - points(*rung);
        if missing == 0 || gain == 0 {
            break;
        }
        let climb = number.min(missing.div_ceil(gain));
        short += climb;
        missing = missing.saturating_sub(climb * gain);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_climb_first() {
        for (rungs, score, expected) in [
            ([0, 0, 0, 0], 80, 0),
            ([1, 0, 0, 0], 100, 0),
            ([0, 0, 0, 4], 100, 4),
            // 200 of 800 points wanted more: two servers give them.
            ([6, 0, 0, 4], 80, 2),
            ([6, 0, 0, 4], 81, 3),
            // A server gives 100, each cluster 70.
            ([0, 0, 2, 1], 53, 1),
            ([0, 0, 2, 1], 54, 2),
            ([0, 3, 0, 0], 71, 1),
            ([0, 3, 0, 0], 70, 0),
        ] {
            assert_eq!(
                short(&Count { rungs }, score),
                expected,
                "{rungs:?} {score}"
            );
        }
    }

    #[test]
    fn the_number_is_the_smallest() {
        for code in 0..5_usize.pow(4) {
            let rungs = [0, 1, 2, 3].map(|at| code / 5_usize.pow(at) % 5);
            for score in [0, 1, 30, 50, 69, 70, 99, 100] {
                let count = Count { rungs };
                let found = short(&count, score);
                let reaches = |climb: usize| {
                    let mut after = count;
                    for _ in 0..climb {
                        let worst = (0..4).rev().find(|at| after.rungs[*at] > 0).unwrap_or(0);
                        after.rungs[worst] = after.rungs[worst].saturating_sub(1);
                        after.rungs[0] += 1;
                    }
                    after.score().is_none_or(|now| now >= f64::from(score))
                };
                if count.total() > 0 {
                    assert!(reaches(found), "{rungs:?} {score} {found}");
                    assert!(
                        found == 0 || !reaches(found - 1),
                        "{rungs:?} {score} {found}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_missed_score_never_looks_reached() {
        assert_eq!(shown(61.6, 62), "61.60");
        assert_eq!(shown(61.999, 62), "61.99");
        assert_eq!(shown(62.0, 62), "62");
        assert_eq!(shown(40.4, 62), "40");
    }
}
