//! What has moved since another time: where each choice stood, what is new, what is gone.

use std::collections::BTreeMap;

use super::coarseness::{Coarseness, MOST_READABLE, home};
use super::evolution::evolution;
use super::{Component, Landscape};
use crate::analysis::{Analysis, Decision};
use crate::base::Rung;

/// Places on the axis that nobody can tell apart.
const SAME: f64 = 0.002;

/// One choice as it was.
#[derive(Clone, Debug)]
pub struct FormerPlace {
    /// As on a map.
    pub name: String,
    /// The file, as it was shown.
    pub path: String,
    /// Logical id, or full Terraform address.
    pub address: String,
    /// What is deployed together.
    pub stack: String,
    /// The type, where that is known.
    pub kind: Option<String>,
    /// The folder of the root module that calls the one in which it stood.
    pub root: Option<String>,
    /// Who answered for it: several names with commas between them.
    pub owner: Option<String>,
    /// The value stream.
    pub stream: Option<String>,
    /// The ladder, as in a finding's code.
    pub ladder: String,
    /// Where it stood on it.
    pub rung: Rung,
    /// Where it stood from left to right; of a report, only the rung is known.
    pub evolution: Option<f64>,
    /// Whether that is its own place, and not one that it shared with others.
    pub is_alone: bool,
    /// Steps from whoever came in, where that is known.
    pub depth: Option<usize>,
}

/// The estate at another time, held against the one of today.
#[derive(Clone, Debug, Default)]
pub struct FormerEstate {
    /// When: a branch, a commit, a file.
    pub since: String,
    /// The commit, if it is one.
    pub base: Option<String>,
    /// What stood there.
    pub places: Vec<FormerPlace>,
    /// For each decision of today, which of the places was its own.
    pub was: Vec<Option<usize>>,
    /// Places of what is no more.
    pub gone: Vec<usize>,
}

/// What has moved on a map.
#[derive(Clone, Debug, Default)]
pub struct LandscapeChange {
    /// Since when: a branch, a commit, a file.
    pub since: String,
    /// The commit, if it is one.
    pub base: Option<String>,
    /// What stood elsewhere, by component.
    pub shifts: Vec<Shift>,
    /// Decisions that are new: component, part of it, indexes into [`Analysis::decisions`].
    pub new: Vec<(usize, usize, Vec<usize>)>,
    /// What is no more.
    pub gone: Vec<Gone>,
}

/// Some decisions of a component that stood elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Index into [`Landscape::components`].
    pub component: usize,
    /// Index of the part of it on which they stand today.
    pub part: usize,
    /// The rung on which they stood.
    pub rung: Rung,
    /// Where that was from left to right.
    pub from: f64,
    /// Indexes into [`Analysis::decisions`].
    pub decisions: Vec<usize>,
}

/// Some choices of one rung that are no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    /// As the component was called.
    pub name: String,
    /// The ladder, as in a finding's code.
    pub ladder: String,
    /// Where they stood.
    pub rung: Rung,
    /// From left to right.
    pub evolution: f64,
    /// Steps from whoever came in, no deeper than the map of today.
    pub depth: usize,
    /// The files and addresses.
    pub decisions: Vec<(String, String)>,
}

impl LandscapeChange {
    /// Where decisions of a component stood.
    pub fn shifts_of(&self, component: usize) -> impl Iterator<Item = &Shift> {
        // In the order of the components.
        let first = self.shifts.partition_point(|one| one.component < component);
        let all = self.shifts[first..].iter();
        all.take_while(move |one| one.component == component)
    }

    /// Which decisions of a component are new.
    pub fn new_of(&self, component: usize) -> impl Iterator<Item = &(usize, usize, Vec<usize>)> {
        let first = self.new.partition_point(|(one, ..)| *one < component);
        let all = self.new[first..].iter();
        all.take_while(move |(one, ..)| *one == component)
    }

    /// How many decisions have moved, are new, and are gone.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        [
            self.shifts.iter().map(|one| one.decisions.len()).sum(),
            self.new.iter().map(|(.., new)| new.len()).sum(),
            self.gone.iter().map(|one| one.decisions.len()).sum(),
        ]
    }
}

impl FormerEstate {
    /// The estate as another analysis saw it, drawn up with one component a decision. `was` says for each decision of today which of that
    /// analysis it was, `gone` which are no more.
    #[must_use]
    pub fn of(before: &Analysis, was: Vec<Option<usize>>, gone: Vec<usize>) -> Self {
        let map = super::landscape(before, Some(Coarseness::Decision), &|one| one.is_counted);
        let mut places: Vec<FormerPlace> = before.decisions.iter().map(former).collect();
        for component in &map.components {
            for part in &component.parts {
                for at in &part.decisions {
                    places[*at].evolution = Some(part.evolution);
                    places[*at].is_alone = true;
                    places[*at].depth = Some(component.depth);
                }
            }
        }
        Self {
            places,
            was,
            gone,
            ..Self::default()
        }
    }
}

fn former(decision: &Decision) -> FormerPlace {
    FormerPlace {
        name: decision.name().to_owned(),
        path: decision.path.to_string(),
        address: decision.address.clone(),
        stack: decision.stack().to_string(),
        kind: Some(decision.kind.clone()),
        root: decision.root.as_ref().map(ToString::to_string),
        owner: decision.owner.as_ref().map(|owner| owner.text()),
        stream: decision.stream.as_ref().map(ToString::to_string),
        ladder: decision.ladder().name.to_string(),
        rung: decision.rung,
        evolution: None,
        is_alone: false,
        depth: None,
    }
}

impl Landscape {
    /// Takes in what has moved since another time.
    pub fn compare(&mut self, former: &FormerEstate) {
        let mut change = LandscapeChange {
            since: former.since.clone(),
            base: former.base.clone(),
            ..LandscapeChange::default()
        };
        for (number, component) in self.components.iter().enumerate() {
            for (at, part) in component.parts.iter().enumerate() {
                let mut new = Vec::new();
                let mut by_rung: BTreeMap<Rung, Vec<usize>> = BTreeMap::new();
                for decision in &part.decisions {
                    match former.was.get(*decision).copied().flatten() {
                        Some(was) => {
                            let rung = former.places[was].rung;
                            by_rung.entry(rung).or_default().push(*decision);
                        }
                        None => new.push(*decision),
                    }
                }
                if !new.is_empty() {
                    change.new.push((number, at, new));
                }
                for (rung, decisions) in by_rung {
                    let places = decisions.iter().filter_map(|one| former.was[*one]);
                    let places = places.map(|was| &former.places[was]);
                    let was_alone = places.clone().all(|place| place.is_alone);
                    let from = middle(places, rung);
                    let moves = match &part.decisions[..] {
                        // What is written moves one alone, too, but only a map knows what was written, and only of one alone.
                        [_] if was_alone => {
                            from.is_some_and(|from| (from - part.evolution).abs() > SAME)
                        }
                        _ => false,
                    };
                    if rung != part.rung || moves {
                        change.shifts.push(Shift {
                            component: number,
                            part: at,
                            rung,
                            from: standing(component, rung, from),
                            decisions,
                        });
                    }
                }
            }
        }
        change.gone = self.gone(former);
        if !change.gone.is_empty() {
            self.deepest = self.deepest.max(1);
        }
        self.change = Some(change);
    }

    /// What is no more, taken together as the rest of the map is, or coarser.
    fn gone(&self, former: &FormerEstate) -> Vec<Gone> {
        let finest = Coarseness::ALL.iter().position(|one| *one == self.grouping);
        let mut gone = Vec::new();
        for grouping in &Coarseness::ALL[finest.unwrap_or(0)..] {
            let mut groups: BTreeMap<(String, Rung, Option<usize>), Vec<&FormerPlace>> =
                BTreeMap::new();
            for at in &former.gone {
                let one = &former.places[*at];
                let home = home(*grouping, &one.path, &one.stack, &self.above);
                let (name, number) = match home {
                    Some(home) => (format!("{} · {home}", one.ladder), None),
                    None if *grouping == Coarseness::Decision => (one.name.clone(), Some(*at)),
                    None => (one.ladder.clone(), None),
                };
                groups
                    .entry((name, one.rung, number))
                    .or_default()
                    .push(one);
            }
            let is_readable = groups.len() <= MOST_READABLE;
            gone = groups
                .into_iter()
                .map(|((name, rung, _), places)| self.gone_together(name, rung, &places))
                .collect();
            if is_readable {
                break;
            }
        }
        gone
    }

    fn gone_together(&self, name: String, rung: Rung, places: &[&FormerPlace]) -> Gone {
        let deepest = self.deepest.max(1);
        let depth = places.iter().filter_map(|one| one.depth).min();
        let from = middle(places.iter().copied(), rung);
        Gone {
            ladder: places
                .first()
                .map_or_else(String::new, |one| one.ladder.clone()),
            name,
            rung,
            evolution: from.unwrap_or_else(|| evolution(rung, &[])),
            depth: depth.unwrap_or(deepest).clamp(1, deepest),
            decisions: places
                .iter()
                .map(|one| (one.path.clone(), one.address.clone()))
                .collect(),
        }
    }
}

/// Where those of a rung stood in the middle, as far as that is known.
fn middle<'p>(places: impl Iterator<Item = &'p FormerPlace>, rung: Rung) -> Option<f64> {
    let known: Vec<f64> = places
        .filter(|one| one.rung == rung)
        .filter_map(|one| one.evolution)
        .collect();
    let count = u32::try_from(known.len()).ok().filter(|count| *count > 0)?;
    Some(known.iter().sum::<f64>() / f64::from(count))
}

/// Where they stood on the map of today: beside what still stands on their rung, if anything does.
fn standing(component: &Component, rung: Rung, from: Option<f64>) -> f64 {
    let still = component.parts.iter().find(|part| part.rung == rung);
    match (still, from) {
        (Some(part), _) if component.parts.len() > 1 => part.evolution,
        (_, Some(from)) => from,
        _ => evolution(rung, &[]),
    }
}
