//! The next best actions of a run: a function of one [`Analysis`] with its graph. The formula is value by effort by trust, and
//! stands in `docs/next.md`; its numbers are data, in `rules/actions.toml`.
//!
//! | file | what it answers |
//! | --- | --- |
//! | `action` | what one action is |
//! | `one_change` | what one change does for how many decisions, and where it is made |
//! | `one_fix` | the exact change of an action, where its rules know one |
//! | `surroundings` | who sees a decision, who needs it, what is written around it |
//! | `worth` | points of value |
//! | `effort` | points of effort, and how far the result can be trusted |
//! | `advice` | the words: why now, what to look at first, how to undo it |

#![warn(missing_docs)]

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::analysis::{Analysis, Decision, Step};
use crate::base::finding::fingerprint;
use crate::base::{FixOffer, Rung, Safety};
use crate::rulebook::actions;

mod action;
mod advice;
mod effort;
mod one_change;
mod one_fix;
mod surroundings;
mod worth;

pub use action::{Action, ActionPlace, Aim, Factor, Going, Obstacle, Term};
use one_change::{Change, changes};
use surroundings::Surroundings;

/// Actions of equal sums whose changes are tried: to try one is to judge its files again.
const MOST_TRIED: usize = 50;

/// Characters of an id: enough for what one estate has.
const ID_LENGTH: usize = 10;

/// Every action of a run, the best first. `is_wanted` says whose decisions are looked at; what stands around them is seen anyway.
#[must_use]
pub fn actions(
    analysis: &Analysis,
    is_wanted: &dyn Fn(&Decision) -> bool,
    today: Date,
) -> Vec<Action> {
    let around = Surroundings::of(analysis);
    let changes = changes(analysis, is_wanted, today);
    let mut actions: Vec<Action> = changes
        .into_iter()
        .map(|change| action(analysis, &around, change, today))
        .collect();
    rank(analysis, &mut actions);
    actions
}

/// The decisions whose changes tell which of the first actions comes first, where their sums are equal: those of the first so many
/// lines of the list. Their order does not hang on how many are asked for.
#[must_use]
pub fn tied(analysis: &Analysis, actions: &[Action], lines: usize) -> Vec<usize> {
    let mut all = Vec::new();
    let mut seen = 0;
    for tie in actions.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        if seen >= lines {
            break;
        }
        seen += tie.iter().filter(|action| !action.is_like).count();
        let has_recipe = |action: &&Action| {
            let all = action.decisions.iter();
            let mut all = all.map(|at| &analysis.decisions[*at]);
            action.aim == Aim::Climb && all.all(|decision| decision.climb().fix.is_some())
        };
        if tie.len() > 1 {
            let tried = tie.iter().filter(has_recipe).take(MOST_TRIED);
            all.extend(tried.flat_map(|action| action.decisions.iter().copied()));
        }
    }
    all
}

/// Orders them: the best first; of equal sums, what has a safe change, then what has one at all, then what stands on the worse rung.
/// A change counts where it is known: see [`tied`].
pub fn rank(analysis: &Analysis, actions: &mut [Action]) {
    let change = |one: &Action| match one.fix(&analysis.decisions) {
        Some(FixOffer::Offered(fix)) if fix.safety == Safety::Safe => 0,
        Some(FixOffer::Offered(_)) => 1,
        _ => 2,
    };
    actions.sort_by_cached_key(|one| {
        let place = &one.place;
        let place = (Arc::clone(&place.path), place.line, place.column);
        let score = Reverse(OrderedScore(one.score));
        (score, change(one), Reverse(one.rung), place, one.id.clone())
    });
    for action in &mut *actions {
        action.like.clear();
        action.is_like = false;
    }
    alike(analysis, actions);
}

/// A score that is never `NaN`.
struct OrderedScore(f64);

impl PartialEq for OrderedScore {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for OrderedScore {}

impl PartialOrd for OrderedScore {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedScore {
    fn cmp(&self, other: &Self) -> Ordering {
        larger(self.0, other.0)
    }
}

fn action(analysis: &Analysis, around: &Surroundings<'_>, change: Change, today: Date) -> Action {
    let decisions = &analysis.decisions;
    let first = &decisions[change.decisions[0]];
    let climb = first.climb();
    let to = match change.aim {
        Aim::Climb => leads(first),
        Aim::Leave | Aim::Decide => None,
    };
    let weights = &analysis.weights;
    let value = worth::terms(analysis, around, &change, to, today);
    let effort = effort::terms(analysis, around, &change, weights);
    let trust = effort::factors(analysis, around, &change, weights);
    let sum = |terms: &[Term]| terms.iter().map(|term| term.amount).sum::<f64>();
    let trusted: f64 = trust.iter().map(|factor| factor.by).product();
    let score = match sum(&effort) {
        // Weights can be set to nothing.
        effort if effort > 0.0 => sum(&value) / effort * trusted,
        _ => sum(&value) * trusted,
    };
    Action {
        id: id(change.aim, first),
        like: Vec::new(),
        is_like: false,
        aim: change.aim,
        what: advice::what(first, &change),
        step: (change.aim == Aim::Climb).then_some(climb.step).flatten(),
        rung: first.rung,
        to,
        relieves: relieves(first, &change, to),
        goes: advice::goes(analysis, around, &change, to),
        why: advice::why(analysis, around, &change, &value),
        obstacles: advice::obstacles(analysis, around, &change),
        check: advice::check(analysis, around, &change),
        undo: advice::undo(first, &change),
        score,
        value,
        effort,
        trust,
        place: change.place,
        decided_by: change.decided_by,
        decisions: change.decisions,
    }
}

/// The rung to which the way up leads. Of what goes and has no successor, nothing is left to run.
fn leads(decision: &Decision) -> Option<Rung> {
    if decision.climb().step == Some(Step::Removal) {
        return None;
    }
    let named = actions::leads(&decision.rule.name, &decision.ladder().name, decision.rung);
    let better = || {
        let mut rungs = Rung::ALL[..decision.rung as usize].iter().rev();
        rungs.find(|rung| !decision.text(**rung, |advice| &advice.takes).is_empty())
    };
    named
        .or_else(|| better().copied())
        .or(Some(Rung::Serverless))
}

/// The duties that go away, in the order in which they are told.
fn relieves(decision: &Decision, change: &Change, to: Option<Rung>) -> Vec<&'static str> {
    if change.aim != Aim::Climb {
        return Vec::new();
    }
    let all = actions::duties();
    lost(decision, to).map(|duty| all[duty].says).collect()
}

/// Numbers of the duties that a climb takes away.
fn lost(decision: &Decision, to: Option<Rung>) -> impl Iterator<Item = usize> {
    let ladder = &decision.ladder().name;
    let kept = to.map_or(&[][..], |to| actions::owed(ladder, to));
    let owed = actions::owed(ladder, decision.rung).iter().copied();
    owed.filter(|duty| !kept.contains(duty))
}

/// Stays the same when lines move and when others come or go.
fn id(aim: Aim, decision: &Decision) -> String {
    let code = decision.code().to_string();
    let parts = [aim.name(), &code, &*decision.path, &*decision.address];
    let mut id = fingerprint(&parts);
    id.truncate(ID_LENGTH);
    id
}

/// Of actions of one kind, the best speaks for the others: a list of sixty machines says no more than the first of them.
fn alike(analysis: &Analysis, actions: &mut [Action]) {
    let mut leaders: HashMap<(Aim, &str, usize, Rung), usize> = HashMap::new();
    let mut followers: Vec<(usize, usize)> = Vec::new();
    for (at, action) in actions.iter().enumerate() {
        let first = &analysis.decisions[action.decisions[0]];
        let key = (action.aim, &*first.rule.name, first.case, first.rung);
        match leaders.get(&key) {
            Some(leader) => followers.push((*leader, at)),
            None => {
                leaders.insert(key, at);
            }
        }
    }
    for (leader, follower) in followers {
        actions[leader].like.push(follower);
        actions[follower].is_like = true;
    }
}

/// The order of numbers that are none of them `NaN`.
fn larger(a: f64, b: f64) -> Ordering {
    a.total_cmp(&b)
}
