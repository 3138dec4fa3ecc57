//! What a change did, decision by decision and kind by kind, the worst first.

use std::cmp::Reverse;

use crate::compare::change::{Change, Snapshot, Transition};

/// What a change did to a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    Worse,
    Better,
    /// Somebody says why by now.
    Explained,
    /// There is one more, and it needs no reason.
    New,
    Gone,
    /// The same, elsewhere or under another name.
    Relocated,
}

impl Effect {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 6] = [
        Self::Worse,
        Self::Better,
        Self::Explained,
        Self::New,
        Self::Gone,
        Self::Relocated,
    ];

    /// As a heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Worse => "Worse",
            Self::Better => "Better",
            Self::Explained => "Newly explained",
            Self::New => "New",
            Self::Gone => "Gone",
            Self::Relocated => "Relocated",
        }
    }
}

/// One decision that a change touched.
#[derive(Clone, Copy, Debug)]
pub struct Touched<'c> {
    /// What that comes to.
    pub effect: Effect,
    /// What became of it: `down`, `new`, ...
    pub word: &'static str,
    /// The decision as it is, or as it was where it is gone.
    pub spot: &'c Snapshot,
    /// The decision as it was, where that differs.
    pub from: Option<&'c Snapshot>,
}

impl<'c> Touched<'c> {
    /// All of them, those of one effect together.
    pub fn of(change: &'c Change) -> Vec<Self> {
        let one = |effect, word, spot| Self {
            effect,
            word,
            spot,
            from: None,
        };
        let two = |effect, word, step: &'c Transition| Self {
            effect,
            word,
            spot: &step.to,
            from: Some(&step.from),
        };
        let mut added: Vec<&Snapshot> = change.added.iter().collect();
        added.sort_by_key(|spot| Reverse(spot.rung));
        let mut all = Vec::new();
        let down = change.down.iter();
        all.extend(down.map(|step| two(Effect::Worse, "down", step)));
        let lost = change.unexplained.iter();
        all.extend(lost.map(|step| one(Effect::Worse, "reason lost", &step.to)));
        all.extend(added.iter().map(|spot| {
            let effect = match (spot.is_fallback, spot.justified) {
                (true, false) => Effect::Worse,
                (true, true) => Effect::Explained,
                (false, _) => Effect::New,
            };
            one(effect, "new", spot)
        }));
        let up = change.up.iter();
        all.extend(up.map(|step| two(Effect::Better, "up", step)));
        let found = change.explained.iter();
        all.extend(found.map(|step| one(Effect::Explained, "explained", &step.to)));
        let gone = change.gone.iter();
        all.extend(gone.map(|spot| one(Effect::Gone, "gone", spot)));
        let moved = change.moved.iter();
        all.extend(moved.map(|step| two(Effect::Relocated, "relocated", step)));
        all.sort_by_key(|one| one.effect);
        all
    }

    /// The same, effect by effect.
    pub fn groups(change: &'c Change) -> Vec<(Effect, Vec<Self>)> {
        let mut groups: Vec<(Effect, Vec<Self>)> = Vec::new();
        for one in Self::of(change) {
            match groups.last_mut() {
                Some((effect, group)) if *effect == one.effect => group.push(one),
                _ => groups.push((one.effect, vec![one])),
            }
        }
        groups
    }

    /// What became of it, where its effect does not say that.
    pub fn manner(&self) -> Option<&'static str> {
        let several = matches!(self.effect, Effect::Worse | Effect::Explained);
        several.then_some(self.word)
    }

    /// The rung, or both: `compute/server`, `capacity → server`.
    pub fn rungs(&self, arrow: &str) -> String {
        let now = self.spot.rung.name();
        match self.from.map(|from| from.rung.name()) {
            Some(was) if was != now => format!("{was} {arrow} {now}"),
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
