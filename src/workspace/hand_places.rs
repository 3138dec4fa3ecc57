//! Which decisions somebody places on the map by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use crate::analysis::{Analysis, HandPlaces};

/// Finds them, once all decisions stand in order. Of several that fit one, the last counts.
pub(super) fn assign(analysis: &mut Analysis, options: &Options) {
    let settings = &options.config.hand_places;
    if settings.is_empty() {
        return;
    }
    let mut of = BTreeMap::new();
    let mut fitting = BTreeSet::new();
    for (at, decision) in analysis.decisions.iter().enumerate() {
        let path = decision.place().0;
        for (number, setting) in settings.iter().enumerate() {
            if setting.fits(path, &decision.address, decision.construct.as_deref()) {
                fitting.insert(number);
                of.insert(at, number);
            }
        }
    }
    analysis.hand_places = HandPlaces {
        all: settings.iter().map(|one| one.place.clone()).collect(),
        of,
        fitting,
    };
}
