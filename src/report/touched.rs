//! What a change did, decision by decision, the worst first.

use std::cmp::Reverse;

use crate::compare::change::{Change, Snapshot, Transition};

/// One decision that a change touched.
#[derive(Clone, Copy, Debug)]
pub struct Touched<'c> {
    /// What became of it: `down`, `new`, ...
    pub word: &'static str,
    /// The decision as it is, or as it was where it is gone.
    pub spot: &'c Snapshot,
    /// The decision as it was, where that differs.
    pub from: Option<&'c Snapshot>,
}

impl<'c> Touched<'c> {
    pub fn of(change: &'c Change) -> Vec<Self> {
        let one = |word, spot| Self {
            word,
            spot,
            from: None,
        };
        let two = |word, step: &'c Transition| Self {
            word,
            spot: &step.to,
            from: Some(&step.from),
        };
        let mut added: Vec<&Snapshot> = change.added.iter().collect();
        added.sort_by_key(|spot| Reverse(spot.rung));
        let mut all = Vec::new();
        all.extend(change.down.iter().map(|step| two("down", step)));
        let lost = change.unexplained.iter();
        all.extend(lost.map(|step| one("reason lost", &step.to)));
        all.extend(added.iter().map(|spot| one("new", spot)));
        all.extend(change.up.iter().map(|step| two("up", step)));
        let found = change.explained.iter();
        all.extend(found.map(|step| one("explained", &step.to)));
        all.extend(change.gone.iter().map(|spot| one("gone", spot)));
        all.extend(change.moved.iter().map(|step| two("relocated", step)));
        all
    }

    /// The rung, or both: `compute/server`, `capacity → server`.
    pub fn rungs(&self) -> String {
        let now = self.spot.rung.name();
        match self.from.map(|from| from.rung.name()) {
            Some(was) if was != now => format!("{was} → {now}"),
            _ => format!("{}/{now}", self.spot.ladder),
        }
    }

    /// Address and path as they were, where they were others.
    pub fn was(&self) -> Option<(&'c str, &'c str)> {
        let from = self.from?;
        let same = from.address == self.spot.address && from.path == self.spot.path;
        (!same).then_some((&*from.address, &*from.path))
    }
}
