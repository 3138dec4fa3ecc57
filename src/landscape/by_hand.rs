//! What somebody places by hand: over all that is worked out.

use std::collections::BTreeSet;

use super::evolution::rounded;
use super::{Component, VISIBLE, depth_at};
use crate::analysis::Analysis;

/// Places components, and says which entries place one by its name.
pub(super) fn place(
    components: &mut [Component],
    analysis: &Analysis,
    deepest: usize,
) -> BTreeSet<usize> {
    let hand = &analysis.hand_places;
    let mut named = BTreeSet::new();
    for component in components {
        let by_name = hand
            .all
            .iter()
            .rposition(|one| one.component.as_ref() == Some(&component.name));
        named.extend(by_name);
        let shared = |decisions: &[usize]| {
            let (first, rest) = decisions.split_first()?;
            let first = hand.of.get(first)?;
            rest.iter()
                .all(|at| hand.of.get(at) == Some(first))
                .then_some(*first)
        };
        let decisions = component.parts.iter().flat_map(|part| &part.decisions);
        let decisions: Vec<usize> = decisions.copied().collect();
        let all = shared(&decisions);
        let is_alone = component.parts.len() == 1;
        for part in &mut component.parts {
            let place = by_name.filter(|_| is_alone);
            let place = place.or_else(|| shared(&part.decisions));
            let evolution = place.and_then(|place| hand.all.get(place)?.evolution);
            if let Some(evolution) = evolution {
                part.evolution = rounded(evolution);
                part.is_by_hand = true;
            }
        }
        component
            .parts
            .sort_by(|a, b| a.evolution.total_cmp(&b.evolution));
        let Some(place) = by_name.or(all).and_then(|place| hand.all.get(place)) else {
            continue;
        };
        if let Some(visibility) = place.visibility {
            component.visibility = visibility;
            component.depth = depth_at(visibility.min(VISIBLE), deepest);
        }
        if let Some(label) = &place.label {
            component.name.clone_from(label);
        }
        component.by_hand = Some(place.clone());
    }
    named
}
