//! References as they are written: by what path of which property, and where.

use std::fmt;

use super::following::{Step, Trail, Walk};
use super::references::named;
use crate::base::PathStep;
use crate::blocks::{Child, Place, Template};

/// The way to a value in a block: `NetworkConfiguration.AwsvpcConfiguration.Subnets[0]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PropertyPath(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Key(String),
    At(usize),
}

impl PropertyPath {
    /// A key further down.
    pub fn push_key(&mut self, key: &str) {
        self.0.push(Part::Key(key.to_owned()));
    }

    /// A position further down.
    pub fn push_at(&mut self, at: usize) {
        self.0.push(Part::At(at));
    }

    /// Back from the last step.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// Its first key: the property of the block.
    #[must_use]
    pub fn property(&self) -> &str {
        match self.0.first() {
            Some(Part::Key(key)) => key,
            _ => "",
        }
    }

    /// Every key of it.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Key(key) => Some(key.as_str()),
            Part::At(_) => None,
        })
    }

    /// Whether it is the way of a rule, or goes on from there. A block that may be repeated can be written alone.
    #[must_use]
    pub fn follows(&self, steps: &[PathStep]) -> bool {
        let mut parts = self.0.iter().filter(|part| matches!(part, Part::Key(_)));
        steps.iter().all(|step| match step {
            PathStep::Each => true,
            PathStep::Values => parts.next().is_some(),
            PathStep::Key(key) => matches!(parts.next(), Some(Part::Key(own)) if own == key),
        })
    }
}

impl fmt::Display for PropertyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |key: &str| {
            let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':');
            !key.is_empty() && key.chars().all(word)
        };
        for (at, part) in self.0.iter().enumerate() {
            match part {
                Part::Key(key) if plain(key) && at == 0 => write!(f, "{key}")?,
                Part::Key(key) if plain(key) => write!(f, ".{key}")?,
                Part::Key(key) => write!(f, "[{key:?}]")?,
                Part::At(at) => write!(f, "[{at}]")?,
            }
        }
        Ok(())
    }
}

/// One reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// The resource that is referred to.
    pub to: usize,
    pub path: PropertyPath,
    pub place: Place,
    /// It only says that the other must exist before.
    pub mere: bool,
}

/// Every reference out of one resource, each once for every path, in the order of writing.
pub(super) fn occurrences(template: &Template<'_>, from: usize) -> Vec<Occurrence> {
    let resource = &template.resources[from];
    let mut walk = Walk::new(template, Recorder::default());
    walk.from = Some(from);
    for entry in resource.properties.iter().chain(&resource.extras) {
        walk.trail
            .begin(&entry.key, entry.place.unwrap_or(resource.type_place));
        walk.property(&entry.value);
    }
    let mut all = walk.trail.all;
    for reference in &resource.references {
        let targets = template.unit(&resource.scope).named(&reference.address);
        let path = reference
            .path
            .split('.')
            .map(|key| Part::Key(key.to_owned()));
        let path = PropertyPath(path.collect());
        all.extend(targets.iter().map(|&to| Occurrence {
            to,
            path: path.clone(),
            place: resource.type_place,
            mere: false,
        }));
    }
    for mention in template.mentions(resource) {
        let mut path = vec![Part::Key(mention.key.to_owned())];
        path.extend(mention.at.map(Part::At));
        for &to in named(template, &resource.scope, &mention.name) {
            all.push(Occurrence {
                to,
                path: PropertyPath(path.clone()),
                place: mention.place,
                mere: true,
            });
        }
    }
    all.retain(|one| one.to != from);
    // A stable sort keeps the first place of each.
    all.sort_by(|a, b| (a.to, &a.path).cmp(&(b.to, &b.path)));
    all.dedup_by(|a, b| (a.to, &a.path) == (b.to, &b.path));
    all.sort_by_key(|one| (one.place.file, one.place.span.start, one.to));
    all
}

/// Notes paths and places.
#[derive(Default)]
struct Recorder {
    path: Vec<Part>,
    /// How many names and functions were entered: nothing below them is part of the path.
    held: usize,
    place: Option<Place>,
    all: Vec<Occurrence>,
}

impl Recorder {
    fn begin(&mut self, property: &str, place: Place) {
        self.path = vec![Part::Key(property.to_owned())];
        self.held = 0;
        self.place = Some(place);
    }
}

impl Trail for Recorder {
    fn step(&mut self, step: Step<'_>) {
        if self.held == 0 {
            self.path.push(match step {
                Step::Key(key) => Part::Key(key.to_owned()),
                Step::At(at) => Part::At(at),
            });
        }
    }

    fn back(&mut self) {
        if self.held == 0 {
            self.path.pop();
        }
    }

    fn hold(&mut self) {
        self.held += 1;
    }

    fn release(&mut self) {
        self.held -= 1;
    }

    fn stand(&mut self, child: &Child<'_>) -> Option<Place> {
        let before = self.place;
        if self.held == 0
            && let Some(node) = child.as_node()
        {
            self.place = Some(node.place());
        }
        before
    }

    fn leave(&mut self, place: Option<Place>) {
        self.place = place;
    }

    fn found(&mut self, targets: &[usize]) {
        let Some(place) = self.place else {
            return;
        };
        self.all.extend(targets.iter().map(|&to| Occurrence {
            to,
            path: PropertyPath(self.path.clone()),
            place,
            mere: false,
        }));
    }
}
