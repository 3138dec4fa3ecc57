//! The graph of an estate: every resource, plumbing too, and every reference from one to another. It knows no rule and no
//! ladder; what a reference means for a decision is for `placement` to ask.
//!
//! There is one walk over a template's expressions (`following`), and two things come of it:
//!
//! - [`StackGraph`] borrows from one template. It is made in every run and holds what joins ask for: the references between
//!   resources that somebody has a question about (those with a class, which is the number of their rule), one for each pair and
//!   property. Where in the property they stand is looked up when a question goes that deep, and kept.
//! - [`Graph`] owns what it says and holds all resources of all stacks of a run, with the whole path and the place of each
//!   reference. It is made of the same [`StackGraph`] by the same walk ([`StackGraph::to_owned_graph`]), only when a client asks for
//!   it: for a folder of templates it costs more than half a check again (with its JSON), and a check never looks at it.
//!
//! Both are linear in the references of a template.

use std::borrow::Cow;
use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::PathStep;
use crate::blocks::{Template, unit};

mod estate;
mod following;
mod occurrences;
pub mod references;
mod script;
pub mod user_data;

pub use estate::{
    Circumstance, Edge, Graph, Location, Means, NamedByArn, Resource, ResourceRole, StackFacts,
};
pub use occurrences::PropertyPath;
use references::{ChosenSide, Positions, Reference, Sides, all_references, positions};
pub use script::{Script, uses, written_lines};

/// The resources of one template and the references that joins ask for.
#[derive(Debug)]
pub struct StackGraph<'a, 't> {
    template: &'a Template<'t>,
    /// For each resource, its class; none where nobody asks.
    classes: Vec<Option<usize>>,
    /// For each resource, the references out of it and to it. In the order of classes, so that a hub with thousands of
    /// neighbours is asked for the few that matter.
    around: Vec<Vec<Neighbour<'a>>>,
    /// For each class, its resources.
    of_class: FxHashMap<usize, Vec<usize>>,
    /// For each unit and class, its resources: what needs no reference looks here. Empty where there is only one unit.
    in_unit: FxHashMap<(usize, usize), Vec<usize>>,
    /// Of a resource, a property of it and paths that go deeper: which references stand there.
    positions: RefCell<FxHashMap<(usize, &'a str, usize), Positions>>,
    /// Properties of resources in which a condition may choose what is referred to.
    choosing: FxHashSet<(usize, &'a str)>,
    /// For what is joined by names, the branches of choices in which each of them stands.
    names: FxHashMap<Reference<'a>, Vec<Vec<ChosenSide<'t>>>>,
    /// Of a resource and paths below it: what is written there.
    scripts: RefCell<FxHashMap<(usize, usize), Script>>,
}

/// A resource on the other side of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour<'a> {
    pub class: usize,
    /// Its index in the template.
    pub at: usize,
    /// The reference between the two, in either direction.
    pub reference: Reference<'a>,
}

/// What a name joins as a reference would.
#[derive(Clone, Debug)]
pub struct NameJoin<'a, 't> {
    pub reference: Reference<'a>,
    /// The branches of choices in which the name stands, outermost first.
    pub branches: Vec<ChosenSide<'t>>,
}

/// How much of a property a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// The reference stands at one of the paths; it may stand elsewhere too.
    Among,
    /// It stands there and nowhere else in the property.
    Only,
}

impl<'a, 't> StackGraph<'a, 't> {
    /// Reads every reference between resources that have a class.
    #[must_use]
    pub fn new(template: &'a Template<'t>, classes: Vec<Option<usize>>) -> Self {
        let mut graph = Self {
            template,
            around: vec![Vec::new(); classes.len()],
            of_class: FxHashMap::default(),
            in_unit: FxHashMap::default(),
            positions: RefCell::default(),
            choosing: FxHashSet::default(),
            names: FxHashMap::default(),
            scripts: RefCell::default(),
            classes,
        };
        // A single resource has nobody to refer to.
        let lonely = graph.classes.iter().flatten().count() < 2;
        for at in 0..graph.classes.len() {
            let Some(class) = graph.classes[at] else {
                continue;
            };
            graph.of_class.entry(class).or_default().push(at);
            if template.units.len() > 1 {
                let place = (unit(&template.resources[at].scope), class);
                graph.in_unit.entry(place).or_default().push(at);
            }
            if lonely {
                continue;
            }
            let choosing = &mut graph.choosing;
            let mut chooses = |property| {
                choosing.insert((at, property));
            };
            for reference in all_references(template, at, &mut chooses) {
                if let Some(other) = graph.classes[reference.to] {
                    graph.around[at].push(Neighbour {
                        class: other,
                        at: reference.to,
                        reference,
                    });
                    graph.around[reference.to].push(Neighbour {
                        class,
                        at,
                        reference,
                    });
                }
            }
        }
        for around in &mut graph.around {
            around.sort_by_key(|neighbour| (neighbour.class, neighbour.at));
        }
        graph
    }

    /// Takes in what joins two resources beside a reference: a name that both bear. What is about the same two stands together.
    pub fn join(&mut self, names: Vec<NameJoin<'a, 't>>) {
        let mut touched = Vec::new();
        let mut last = None;
        for named in names {
            let reference = named.reference;
            let Reference { from, to, property } = reference;
            let (Some(user), Some(used)) = (self.classes[from], self.classes[to]) else {
                continue;
            };
            let is_new = last != Some(reference);
            last = Some(reference);
            if is_new {
                for (here, at, class) in [(from, to, used), (to, from, user)] {
                    self.around[here].push(Neighbour {
                        class,
                        at,
                        reference,
                    });
                    touched.push(here);
                }
            }
            if !named.branches.is_empty() {
                self.choosing.insert((from, property));
            }
            self.names
                .entry(reference)
                .or_default()
                .push(named.branches);
        }
        touched.sort_unstable();
        touched.dedup();
        for here in touched {
            self.around[here].sort_by_key(|neighbour| (neighbour.class, neighbour.at));
        }
    }

    /// The classes that have a resource, in order.
    #[must_use]
    pub fn present(&self) -> Vec<usize> {
        let mut present: Vec<usize> = self.of_class.keys().copied().collect();
        present.sort_unstable();
        present
    }

    #[must_use]
    pub fn template(&self) -> &'a Template<'t> {
        self.template
    }

    /// The class of a resource.
    #[must_use]
    pub fn class(&self, at: usize) -> Option<usize> {
        self.classes[at]
    }

    /// The resources of a class, in the order of writing.
    #[must_use]
    pub fn of_class(&self, class: usize) -> &[usize] {
        self.of_class.get(&class).map_or(&[], Vec::as_slice)
    }

    /// The resources of a class in the unit of another one.
    #[must_use]
    pub fn of_class_beside(&self, at: usize, class: usize) -> &[usize] {
        if self.template.units.len() == 1 {
            return self.of_class(class);
        }
        let place = (unit(&self.template.resources[at].scope), class);
        self.in_unit.get(&place).map_or(&[], Vec::as_slice)
    }

    /// Everything that has a class and refers to a resource or is referred to by it.
    #[must_use]
    pub fn neighbours(&self, at: usize) -> &[Neighbour<'a>] {
        &self.around[at]
    }

    /// The same, of one class only.
    #[must_use]
    pub fn neighbours_of_class(&self, at: usize, class: usize) -> &[Neighbour<'a>] {
        let around = &self.around[at];
        let start = around.partition_point(|neighbour| neighbour.class < class);
        let end = around.partition_point(|neighbour| neighbour.class <= class);
        &around[start..end]
    }

    /// Whether the text at these paths of a resource names another beside one of the signs; `is_rival` are those of which a sign
    /// can mean only one. `paths` must be the same slice whenever the same is asked.
    #[must_use]
    pub fn says(
        &self,
        from: usize,
        paths: &[Vec<PathStep>],
        to: usize,
        signs: &[Cow<'static, str>],
        is_rival: &dyn Fn(usize) -> bool,
    ) -> bool {
        let key = (from, paths.as_ptr().addr());
        let mut known = self.scripts.borrow_mut();
        let script = known
            .entry(key)
            .or_insert_with(|| Script::at(self.template, from, paths));
        script.has_sign_for(to, signs, is_rival)
    }

    /// Whether a reference stands at one of these paths. `paths` must be the same slice whenever the same is asked.
    #[must_use]
    pub fn stands_at(
        &self,
        reference: Reference<'a>,
        paths: &[Vec<PathStep>],
        within: Within,
    ) -> bool {
        let begins = |path: &&Vec<PathStep>| {
            let first = path.first();
            first.is_some_and(
                |step| matches!(step, PathStep::Key(key) if *key == reference.property),
            )
        };
        let Some(shortest) = paths.iter().filter(begins).map(|path| path.len()).min() else {
            return false;
        };
        if shortest == 1 {
            return true;
        }
        self.positioned(reference, paths, |found| match within {
            Within::Among => found.inside(reference.to),
            Within::Only => found.only_inside(reference.to),
        })
    }

    fn positioned<T>(
        &self,
        reference: Reference<'a>,
        paths: &[Vec<PathStep>],
        ask: impl FnOnce(&Positions) -> T,
    ) -> T {
        let Reference { from, property, .. } = reference;
        let key = (from, property, paths.as_ptr().addr());
        let mut known = self.positions.borrow_mut();
        let look = || positions(self.template, from, property, paths, None);
        ask(known.entry(key).or_insert_with(look))
    }

    /// Whether a condition may choose what a property of a resource refers to.
    #[must_use]
    pub fn may_choose(&self, reference: Reference<'a>) -> bool {
        let place = (reference.from, reference.property);
        !self.choosing.is_empty() && self.choosing.contains(&place)
    }

    /// Whether a reference that stands at one of these paths stands there in a branch that is in force.
    #[must_use]
    pub fn is_in_force(
        &self,
        reference: Reference<'a>,
        paths: &[Vec<PathStep>],
        sides: &dyn Sides<'t>,
    ) -> bool {
        let Reference { from, to, property } = reference;
        if !self.may_choose(reference) {
            return true;
        }
        let names = self.names.get(&reference);
        let mut by_name = names.into_iter().flatten();
        if by_name.any(|branches| branches.iter().all(|branch| branch.may_be(sides))) {
            return true;
        }
        if !self.positioned(reference, paths, |found| found.surely_inside(to)) {
            // What neither the expressions nor the names show is in no branch.
            return names.is_none();
        }
        positions(self.template, from, property, paths, Some(sides)).surely_inside(to)
    }
}
