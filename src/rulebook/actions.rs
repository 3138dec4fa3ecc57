//! What the next best action is weighed by, from `rules/actions.toml`: compiled into constants when the program is built.

use std::borrow::Cow;

use crate::base::{PathStep, Rung};

include!(concat!(env!("OUT_DIR"), "/actions.rs"));

/// What somebody has to do as long as something runs.
#[derive(Clone, Copy, Debug)]
pub struct Duty {
    /// As in `[next.duties]`.
    pub name: &'static str,
    /// Points of value where it goes away.
    pub weight: f64,
    /// As in a list of what is no longer done.
    pub says: &'static str,
}

/// What is written in a template and speaks for or against a way up.
#[derive(Debug)]
pub struct CircumstanceRule {
    pub name: &'static str,
    pub means: Meaning,
    /// A clause.
    pub says: &'static str,
    /// `compute/server`: from where the way up comes; none is anywhere.
    from: &'static [&'static str],
    /// Provider types that it is asked of; none is all.
    types: &'static [&'static str],
    /// One of them is enough.
    pub places: &'static [ValuePlace],
    /// One of them has to hold too, where there is one.
    pub also: &'static [ValuePlace],
    /// Something of one of these types has to lead to it too, where there is one.
    pub behind: &'static [&'static str],
    /// The value is a number above this one.
    pub above: Option<f64>,
}

/// What a circumstance means for a way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// As it is, it can't go there.
    Against,
    /// Look at this first.
    Mind,
    /// It is kept from being deleted.
    Guard,
}

/// A path, and the values that count there.
#[derive(Debug)]
pub struct ValuePlace {
    /// Keys; behind `[]` of one stand the elements of its list.
    pub(super) path: &'static [&'static str],
    /// With `*`; none is any value.
    pub values: &'static [&'static str],
}

impl ValuePlace {
    /// The property where it starts.
    #[must_use]
    pub fn property(&self) -> &'static str {
        self.path.first().map_or("", |key| bare(key))
    }

    /// As the evaluator takes it.
    #[must_use]
    pub fn steps(&self) -> Vec<PathStep> {
        let steps = self.path.iter().flat_map(|key| {
            let each = key.ends_with("[]").then_some(PathStep::Each);
            std::iter::once(PathStep::Key(Cow::Borrowed(bare(key)))).chain(each)
        });
        steps.collect()
    }
}

fn bare(key: &'static str) -> &'static str {
    key.strip_suffix("[]").unwrap_or(key)
}

impl CircumstanceRule {
    /// Whether it may be asked of a type.
    #[must_use]
    pub fn concerns(&self, kind: &str) -> bool {
        self.types.is_empty() || self.types.contains(&kind)
    }

    /// Whether it counts for a way up from a rung.
    #[must_use]
    pub fn counts_from(&self, ladder: &str, rung: Rung) -> bool {
        let is_it = |from: &&str| *from == format!("{ladder}/{}", rung.name());
        self.from.is_empty() || self.from.iter().any(is_it)
    }
}

/// All circumstances; what is found names them by their number.
#[must_use]
pub fn circumstances() -> &'static [CircumstanceRule] {
    CIRCUMSTANCES
}

/// All duties, in the order in which they are told.
#[must_use]
pub fn duties() -> &'static [Duty] {
    &DUTIES
}

/// Numbers of the duties that a rung of a ladder leaves with whoever runs it.
#[must_use]
pub fn owed(ladder: &str, rung: Rung) -> &'static [usize] {
    let of = |place: &str| {
        let found = OWED.binary_search_by(|(known, _)| (*known).cmp(place));
        found.ok().map(|at| OWED[at].1)
    };
    let own = of(&format!("{ladder}/{}", rung.name()));
    own.or_else(|| of(rung.name())).unwrap_or_default()
}

/// The rung to which the way up leads, where that is not the next better one.
#[must_use]
pub fn leads(rule: &str, ladder: &str, rung: Rung) -> Option<Rung> {
    let of = |name: &str| {
        let place = format!("{name}/{}", rung.name());
        let found = LEADS.binary_search_by(|(known, _)| (*known).cmp(place.as_str()));
        found.ok().map(|at| LEADS[at].1)
    };
    of(rule).or_else(|| of(ladder))
}

/// Whether what a rule is about is there for others, which climb first.
#[must_use]
pub fn waits(rule: &str) -> bool {
    WAITS.contains(&rule)
}

/// Whether what stands on a ladder holds data.
#[must_use]
pub fn holds_data(ladder: &str) -> bool {
    HOLDS.contains(&ladder)
}

/// Whether a type says which machines start, for whatever starts them.
#[must_use]
pub fn launches(kind: &str) -> bool {
    LAUNCHES.contains(&kind)
}

/// Whether a type leads others to what it names.
#[must_use]
pub fn routes(kind: &str) -> bool {
    ROUTES.contains(&kind)
}

/// What counts for an action and how much: the built-in weights, and those of a team over them.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionWeights {
    weights: Vec<f64>,
    duties: Vec<f64>,
}

impl Default for ActionWeights {
    fn default() -> Self {
        Self {
            weights: WEIGHTS.iter().map(|(.., weight)| *weight).collect(),
            duties: DUTIES.iter().map(|duty| duty.weight).collect(),
        }
    }
}

impl ActionWeights {
    /// How much something counts.
    #[must_use]
    pub fn of(&self, weight: Weight) -> f64 {
        self.weights[weight as usize]
    }

    /// How much a duty counts, by its number.
    #[must_use]
    pub fn of_duty(&self, number: usize) -> f64 {
        self.duties.get(number).copied().unwrap_or_default()
    }

    /// The tables of `[next]`, each with its keys and what they are now, in order.
    #[must_use]
    pub fn tables(&self) -> Vec<(&'static str, Vec<(&'static str, f64)>)> {
        let mut tables: Vec<(&str, Vec<(&str, f64)>)> = Vec::new();
        for ((_, table, name, _), weight) in WEIGHTS.iter().zip(&self.weights) {
            match tables.last_mut() {
                Some((last, keys)) if last == table => keys.push((name, *weight)),
                _ => tables.push((table, vec![(name, *weight)])),
            }
        }
        let duties = DUTIES.iter().zip(&self.duties);
        tables.push((
            "duties",
            duties.map(|(duty, weight)| (duty.name, *weight)).collect(),
        ));
        tables
    }

    /// Sets one, where a table has the key.
    pub fn set(&mut self, table: &str, key: &str, weight: f64) {
        if table == "duties" {
            let found = DUTIES.iter().position(|duty| duty.name == key);
            if let Some(at) = found {
                self.duties[at] = weight;
            }
            return;
        }
        let found = WEIGHTS
            .iter()
            .position(|(_, of, name, _)| *of == table && *name == key);
        if let Some(at) = found {
            self.weights[at] = weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::CATALOGUE;

    #[test]
    fn what_is_named_is_there() {
        let is_named = |place: &str| {
            let (name, rung) = place.split_once('/').expect("it has a rung");
            let is_rung = Rung::ALL.iter().any(|known| known.name() == rung);
            let is_ladder = CATALOGUE.ladder(name).is_some();
            is_rung && (is_ladder || CATALOGUE.rules().any(|rule| rule.name == name))
        };
        for (place, _) in LEADS {
            assert!(is_named(place), "{place}");
        }
        for (place, _) in OWED.iter().filter(|(place, _)| place.contains('/')) {
            assert!(is_named(place), "{place}");
        }
        for name in WAITS {
            assert!(CATALOGUE.rules().any(|rule| rule.name == *name), "{name}");
        }
        for name in HOLDS {
            assert!(CATALOGUE.ladder(name).is_some(), "{name}");
        }
        for kind in LAUNCHES.iter().chain(ROUTES) {
            assert!(CATALOGUE.entry(kind).is_some(), "{kind}");
        }
        for one in CIRCUMSTANCES {
            for place in one.from {
                assert!(is_named(place), "{}: {place}", one.name);
            }
            assert!(!one.places.is_empty(), "{}", one.name);
            assert!(one.behind.iter().all(|kind| routes(kind)), "{}", one.name);
        }
    }

    #[test]
    fn a_better_rung_never_owes_more() {
        for ladder in CATALOGUE.ladders() {
            for pair in Rung::ALL.windows(2) {
                let better = owed(&ladder.name, pair[0]);
                let worse = owed(&ladder.name, pair[1]);
                assert!(
                    better.iter().all(|duty| worse.contains(duty)),
                    "{} {:?}",
                    ladder.name,
                    pair
                );
            }
        }
        for (place, to) in LEADS {
            let from = Rung::ALL.iter().find(|rung| place.ends_with(rung.name()));
            assert!(from.is_some_and(|from| to < from), "{place}");
        }
    }

    #[test]
    fn weights_are_found_by_their_names() {
        let mut weights = ActionWeights::default();
        let (table, keys) = weights.tables().swap_remove(0);
        weights.set(table, keys[0].0, 41.5);
        weights.set("duties", "idle", 7.0);
        weights.set("duties", "nobody", 7.0);
        assert_eq!(weights.tables()[0].1[0].1, 41.5);
        assert_eq!(weights.of_duty(duties().len() - 1), 7.0);
        assert_eq!(weights.of(WEIGHTS[0].0), 41.5);
        for (at, (weight, ..)) in WEIGHTS.iter().enumerate() {
            assert_eq!(*weight as usize, at);
        }
    }
}
