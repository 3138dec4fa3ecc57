//! Points of value: what somebody gets from an action.

use jiff::civil::Date;

use super::action::{Aim, Term};
use super::one_change::{Change, is_left_apart};
use super::surroundings::Surroundings;
use super::{larger, lost};
use crate::analysis::{Analysis, Decision, Ending, Lifecycle, Rung, TargetState};
use crate::base::{LifecycleCode, TargetScope};
use crate::rulebook::actions::{self, Weight};

/// Days ahead that are soon for a service that ends.
const SOON_GONE: i32 = 90;

/// All terms that count, in the order in which they are told.
pub(super) fn terms(
    analysis: &Analysis,
    around: &Surroundings<'_>,
    change: &Change,
    to: Option<Rung>,
    today: Date,
) -> Vec<Term> {
    let weights = &analysis.weights;
    let first = &analysis.decisions[change.decisions[0]];
    let mut terms = Vec::new();
    let mut add = |name: &'static str, says: String, amount: f64| {
        if amount > 0.0 {
            terms.push(Term { name, says, amount });
        }
    };
    if change.aim == Aim::Climb {
        let climbed = first.rung as usize - to.unwrap_or(Rung::Serverless) as usize;
        let rungs = weights.of(Weight::Rung) * number(climbed);
        let mut own = rungs;
        add("rung", climbed_words(climbed), rungs);
        for duty in lost(first, to) {
            let points = weights.of_duty(duty);
            own += points;
            let duty = &actions::duties()[duty];
            add(duty.name, format!("{} off your hands", duty.says), points);
        }
        // Twice as many of the same are not twice as much to run.
        let count = change.decisions.len();
        let more = own * (number(count).sqrt() - 1.0);
        add(
            "count",
            format!("{count} of them, by the square root"),
            more,
        );
    }
    let highest = change.decisions.iter().copied();
    let highest = highest.max_by(|a, b| larger(around.visible(*a), around.visible(*b)));
    if let Some(at) = highest {
        let says = match around.depth(at) {
            1 => "who comes in sees it at once".to_owned(),
            depth => format!("{} steps from who comes in", depth.max(2) - 1),
        };
        add(
            "visible",
            says,
            weights.of(Weight::Visible) * around.visible(at),
        );
    }
    if let Some(stream) = &first.stream {
        add(
            "stream",
            format!("it serves {stream}"),
            weights.of(Weight::Stream),
        );
    }
    targets(analysis, change, to, &mut add);
    // What can be left without the climb is no reason for it.
    if change.aim != Aim::Climb || !is_left_apart(first) {
        ends(first, weights, today, &mut add);
    }
    if let Some(day) = change.ended {
        let says = format!("its reason ended on {day}");
        add("reason-ended", says, weights.of(Weight::ReasonEnded));
    }
    if let Some(day) = change.ends {
        let says = format!("its reason ends on {day}");
        add("reason-ends", says, weights.of(Weight::ReasonEnds));
    }
    terms
}

fn climbed_words(rungs: usize) -> String {
    match rungs {
        1 => "one rung up".to_owned(),
        rungs => format!("{rungs} rungs up"),
    }
}

/// Targets of the purpose that it moves, and those that it reaches alone.
fn targets(
    analysis: &Analysis,
    change: &Change,
    to: Option<Rung>,
    add: &mut dyn FnMut(&'static str, String, f64),
) {
    if change.aim != Aim::Climb {
        return;
    }
    let weights = &analysis.weights;
    for standing in &analysis.targets {
        if !matches!(standing.state, TargetState::Open | TargetState::Missed) {
            continue;
        }
        let counts = |decision: &&Decision| match &standing.target.of {
            TargetScope::Whole => true,
            TargetScope::Ladder(name) => *decision.ladder().name == **name,
            TargetScope::Stream(name) => decision.stream.as_ref() == Some(name),
        };
        let decisions = change.decisions.iter().map(|at| &analysis.decisions[*at]);
        let mut after = standing.count;
        let mut moved = 0;
        for decision in decisions.filter(counts) {
            moved += 1;
            let from = &mut after.rungs[decision.rung as usize];
            *from = from.saturating_sub(1);
            // What is gone counts no more.
            if let Some(to) = to {
                after.rungs[to as usize] += 1;
            }
        }
        if moved == 0 {
            continue;
        }
        let wanted = f64::from(standing.target.score);
        let name = standing.name();
        if after.score().is_none_or(|score| score >= wanted) {
            let says = format!("alone it reaches the target of {name}: {wanted}");
            add("closes", says, weights.of(Weight::Closes));
        } else {
            let says = format!("it moves the target of {name}: {wanted}");
            add("target", says, weights.of(Weight::Target));
        }
    }
}

/// Of what ends about a decision and is not settled, the worst: ended before ending, and of those what ends first.
pub(super) fn worst_end(decision: &Decision) -> Option<(&Lifecycle, Ending)> {
    let open = decision.lifecycle().filter(|(_, one)| !one.is_settled);
    open.max_by_key(|(entry, ending)| {
        let day = entry.ends.as_deref().unwrap_or("9999-12-31");
        (ending.code, std::cmp::Reverse(day.to_owned()))
    })
}

/// What ends soon, or has ended.
fn ends(
    first: &Decision,
    weights: &crate::analysis::ActionWeights,
    today: Date,
    add: &mut dyn FnMut(&'static str, String, f64),
) {
    if let Some((entry, ending)) = worst_end(first) {
        let name = &entry.name;
        let day = entry.ends.as_deref().unwrap_or_default();
        let left = day.parse::<Date>().ok().map(|day| (day - today).get_days());
        let says = |is_past: bool| format!("{name} {}", entry.end_words(is_past, day));
        let (key, says, weight) = match (ending.code, left) {
            (LifecycleCode::Ended, _) if entry.support_only => {
                ("unsupported", says(true), Weight::Unsupported)
            }
            (LifecycleCode::Ended, _) => ("ended", says(true), Weight::Ended),
            // Without support it runs on: no day makes it more pressing than it is afterwards.
            (LifecycleCode::Ending, Some(left)) if left <= SOON_GONE && !entry.support_only => {
                ("ends-soon", says(false), Weight::EndsSoon)
            }
            (LifecycleCode::Ending, Some(left)) if left <= 365 => {
                ("ends", says(false), Weight::Ends)
            }
            (LifecycleCode::Ending, _) => ("ends-later", says(false), Weight::EndsLater),
            (LifecycleCode::Closed, _) => (
                "closed",
                format!("{name} is closed to new customers"),
                Weight::Closed,
            ),
        };
        add(key, says, weights.of(weight));
    }
}

/// A count as a number of points.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}
