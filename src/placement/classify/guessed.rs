//! What a text that can't be seen may register with a cluster stands in two places: there, or alone. So everything is placed twice, with it
//! and without, and where the two differ it is said.

use std::collections::{BTreeMap, BTreeSet};

use super::doubts::not_shown;
use super::{Placed, Placement};
use crate::blocks::Template;
use crate::placement::{Reach, Rung};

/// Parts that are named for one rung; more would not fit in a message.
const MOST_NAMED: usize = 3;

/// What is assumed of two answers: that everything is joined that may be, or, where the worst is assumed, that nothing is. It says what
/// the other one comes to.
pub(super) fn weigh(
    template: &Template<'_>,
    joined: Placed,
    alone: Placed,
    strict: bool,
) -> Placed {
    let mut guesses: BTreeMap<usize, usize> = BTreeMap::new();
    for &(user, used) in &template.guessed {
        guesses.entry(user).or_insert(used);
    }
    if strict {
        return at_worst(template, &joined, alone, &guesses);
    }
    let mut assumed = joined;
    let others: BTreeMap<usize, &Placement> = by_resource(&alone.decisions);
    let own: BTreeSet<usize> = by_resource(&assumed.decisions).into_keys().collect();
    for decision in &mut assumed.decisions {
        let members = decision.members.iter();
        let left: Vec<&Placement> = members
            .filter(|member| !own.contains(member))
            .filter_map(|member| others.get(member).copied())
            .collect();
        if left.is_empty() {
            continue;
        }
        let mut named: BTreeMap<Rung, Vec<&str>> = BTreeMap::new();
        for other in &left {
            let address = template.resources[other.resource].address.as_str();
            named.entry(other.rung).or_default().push(address);
        }
        for (rung, addresses) in named {
            reach(decision, rung, || no_part(&addresses));
        }
        // What stands there without those parts, too, is in no doubt.
        let itself = others.get(&decision.resource).map(|other| other.rung);
        if itself == Some(decision.rung) {
            continue;
        }
        let all: Vec<&str> = left
            .iter()
            .map(|other| template.resources[other.resource].address.as_str())
            .collect();
        if let Some(rung) = itself {
            reach(decision, rung, || no_part(&all));
        }
        doubt(template, decision, &guesses);
    }
    assumed
}

/// The answer without what may be joined; it says what else each part would belong to.
fn at_worst(
    template: &Template<'_>,
    joined: &Placed,
    alone: Placed,
    guesses: &BTreeMap<usize, usize>,
) -> Placed {
    let mut assumed = alone;
    let own = by_resource(&joined.decisions);
    let mut primaries: BTreeMap<usize, &Placement> = BTreeMap::new();
    for primary in &joined.decisions {
        for member in &primary.members {
            primaries.entry(*member).or_insert(primary);
        }
    }
    for decision in &mut assumed.decisions {
        let primary = primaries.get(&decision.resource);
        let primary = primary.filter(|_| !own.contains_key(&decision.resource));
        if let Some(primary) = primary {
            let address = &template.resources[primary.resource].address;
            let when = || format!("it is a part of `{address}`");
            reach(decision, primary.rung, when);
            doubt(template, decision, guesses);
        }
    }
    assumed
}

fn by_resource(decisions: &[Placement]) -> BTreeMap<usize, &Placement> {
    let all = decisions.iter();
    all.map(|decision| (decision.resource, decision)).collect()
}

/// Names a rung among the others, unless it is there already.
fn reach(decision: &mut Placement, rung: Rung, when: impl FnOnce() -> String) {
    if rung == decision.rung || decision.reachable.iter().any(|reach| reach.rung == rung) {
        return;
    }
    let place = decision
        .reachable
        .partition_point(|reach| reach.rung < rung);
    decision.reachable.insert(
        place,
        Reach {
            rung,
            when: when(),
            deployments: Vec::new(),
        },
    );
}

fn no_part(addresses: &[&str]) -> String {
    let shown = addresses.iter().take(MOST_NAMED);
    let mut shown: Vec<String> = shown.map(|address| format!("`{address}`")).collect();
    if addresses.len() > MOST_NAMED {
        shown.push("another".to_owned());
    }
    format!("{} is no part of it", shown.join(" or "))
}

/// Says what can't be seen of a decision or its members.
fn doubt(template: &Template<'_>, decision: &mut Placement, guesses: &BTreeMap<usize, usize>) {
    let mut own = std::iter::once(&decision.resource).chain(&decision.members);
    let first = own.find_map(|user| guesses.get_key_value(user));
    if let Some((user, used)) = first {
        let name = |at: usize| template.resources[at].address.as_str();
        let doubt = not_shown(name(*user), name(*used));
        if !decision.doubts.contains(&doubt) {
            decision.doubts.push(doubt);
        }
    }
}
