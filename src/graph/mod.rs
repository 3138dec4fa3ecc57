//! Which resources belong together: the references of a stack as a graph, and the way from a member to its primary.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::rc::Rc;
use std::sync::Arc;

use crate::base::PathStep;
use crate::rulebook::{Catalogue, Entry, Link, Path, Property, Rule};
pub mod references;

use crate::blocks::Template;
use references::{Reference, Standings, references, standings};

/// The resources that have a rule, and the references between them.
#[derive(Debug)]
pub struct Graph<'a, 't> {
    template: &'a Template<'t>,
    catalogue: &'a Catalogue,
    /// For each resource, the index of its rule.
    rules: Vec<Option<usize>>,
    /// For each resource, the references out of it and to it: the rule of the other one, the other one, the reference.
    /// In the order of rules, so that a hub with thousands of neighbours is asked for the few that matter.
    around: Vec<Vec<(usize, usize, Reference<'a>)>>,
    /// For each rule, its resources: what needs no reference looks here.
    of_rule: HashMap<usize, Vec<usize>>,
    /// For each link that goes by way of others, by its address: what those are connected to.
    ways: RefCell<HashMap<usize, Rc<Ways>>>,
    /// Of a resource, a property of it and a property of a rule that goes deeper: where the references stand.
    standings: RefCell<HashMap<(usize, &'a str, usize), Standings>>,
}

/// What the resources between two others are connected to.
#[derive(Debug, Default)]
struct Ways {
    /// For each resource that may stand between, the number of its group: all that are reached from one another.
    groups: HashMap<usize, usize>,
    /// For each group, the resources on its other side.
    ends: Vec<Vec<usize>>,
}

impl<'a, 't> Graph<'a, 't> {
    /// Reads every reference between resources that are no plumbing.
    #[must_use]
    pub fn new(template: &'a Template<'t>, catalogue: &'a Catalogue) -> Self {
        let kinds = template.resources.iter();
        let rules: Vec<Option<usize>> = kinds
            .map(|resource| match catalogue.entry(&resource.kind) {
                Some(Entry::Rule(rule)) => Some(rule),
                _ => None,
            })
            .collect();
        let mut graph = Self {
            template,
            catalogue,
            around: vec![Vec::new(); rules.len()],
            of_rule: HashMap::new(),
            ways: RefCell::default(),
            standings: RefCell::default(),
            rules,
        };
        // A single resource has nobody to refer to.
        let lonely = graph.rules.iter().flatten().count() < 2;
        for at in 0..graph.rules.len() {
            let Some(rule) = graph.rules[at] else {
                continue;
            };
            graph.of_rule.entry(rule).or_default().push(at);
            if lonely {
                continue;
            }
            for reference in references(template, at) {
                if let Some(other) = graph.rules[reference.to] {
                    graph.around[at].push((other, reference.to, reference));
                    graph.around[reference.to].push((rule, at, reference));
                }
            }
        }
        for around in &mut graph.around {
            around.sort_by_key(|(rule, there, _)| (*rule, *there));
        }
        graph
    }

    /// The rule of a resource.
    #[must_use]
    pub fn rule(&self, at: usize) -> Option<&'a Arc<Rule>> {
        self.rules[at].map(|rule| self.catalogue.rule_at(rule))
    }

    /// The resources on the other side of a link, in the order of writing.
    #[must_use]
    pub fn connected(&self, at: usize, link: &Link) -> Vec<usize> {
        let mut found = self.beside(at, link);
        if !link.via.is_empty() {
            let ways = self.ways(link);
            let leaves = link.via.iter().flat_map(|rule| self.neighbours(at, *rule));
            let leaves = leaves.filter(|(_, _, reference)| {
                link.through.is_none() || self.stands_in(link.through.as_ref(), *reference, at)
            });
            let mut groups: Vec<usize> = leaves
                .filter_map(|(_, there, _)| ways.groups.get(there).copied())
                .collect();
            groups.sort_unstable();
            groups.dedup();
            let ends = groups.into_iter().flat_map(|group| &ways.ends[group]);
            found.extend(ends.copied().filter(|end| *end != at));
        }
        if found.is_empty() && link.loose {
            let of_rules = link.rules.iter().filter_map(|rule| self.of_rule.get(rule));
            found.extend(of_rules.flatten().copied().filter(|other| *other != at));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The primaries on the other side of a link: those that stand right beside, else those by way of others.
    #[must_use]
    pub fn primaries(&self, at: usize, link: &Link) -> Vec<usize> {
        let mut beside = self.beside(at, link);
        if beside.is_empty() {
            return self.connected(at, link);
        }
        beside.dedup();
        beside
    }

    /// The resources that a link reaches without any other between.
    fn beside(&self, at: usize, link: &Link) -> Vec<usize> {
        let around = link
            .rules
            .iter()
            .flat_map(|rule| self.neighbours(at, *rule));
        let allowed = around.filter(|(_, there, reference)| {
            let by = |property: &Option<Property>, of| {
                property.is_some() && self.stands_in(property.as_ref(), *reference, of)
            };
            let free = link.through.is_none() && link.from.is_none();
            free || by(&link.through, at) || by(&link.from, *there)
        });
        allowed.map(|(_, there, _)| *there).collect()
    }

    fn neighbours(&self, at: usize, rule: usize) -> &[(usize, usize, Reference<'a>)] {
        let around = &self.around[at];
        let start = around.partition_point(|(other, ..)| *other < rule);
        let end = around.partition_point(|(other, ..)| *other <= rule);
        &around[start..end]
    }

    /// The groups of resources that may stand between, found once for each link.
    fn ways(&self, link: &Link) -> Rc<Ways> {
        let key = std::ptr::from_ref(link).addr();
        if let Some(known) = self.ways.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut ways = Ways::default();
        let between = link.via.iter().filter_map(|rule| self.of_rule.get(rule));
        for &start in between.flatten() {
            if ways.groups.contains_key(&start) {
                continue;
            }
            let group = ways.ends.len();
            let mut ends = Vec::new();
            let mut waiting = vec![start];
            ways.groups.insert(start, group);
            while let Some(here) = waiting.pop() {
                for (_, there, reference) in link
                    .rules
                    .iter()
                    .flat_map(|rule| self.neighbours(here, *rule))
                {
                    // The last reference of a way must stand where the link wants it.
                    if link.from.is_none()
                        || link.through.is_some()
                        || self.stands_in(link.from.as_ref(), *reference, *there)
                    {
                        ends.push(*there);
                    }
                }
                for (_, there, _) in link
                    .via
                    .iter()
                    .flat_map(|rule| self.neighbours(here, *rule))
                {
                    if let Slot::Vacant(slot) = ways.groups.entry(*there) {
                        slot.insert(group);
                        waiting.push(*there);
                    }
                }
            }
            ends.sort_unstable();
            ends.dedup();
            ways.ends.push(ends);
        }
        let ways = Rc::new(ways);
        self.ways.borrow_mut().insert(key, Rc::clone(&ways));
        ways
    }

    /// Whether everything that is no plumbing refers to a resource as one of its rule's `only` links says, or belongs
    /// to it.
    #[must_use]
    pub fn only_used(&self, at: usize, rule: &Rule) -> bool {
        let around = self.around[at].iter();
        let mut uses = around.filter(|(_, user, reference)| reference.from == *user);
        uses.all(|(of, user, reference)| {
            // To be allowed to use something is not to use it.
            let permission = matches!(reference.property, "Policies" | "policy");
            let theirs = self.catalogue.rule_at(*of);
            let mut primaries = theirs.of.iter().flat_map(|link| &link.rules);
            let belongs =
                theirs.cases.is_empty() && primaries.any(|rule| Some(*rule) == self.rules[at]);
            let as_said = |link: &Link| {
                let from = link.from.as_ref();
                link.only
                    && link.rules.contains(of)
                    && (from.is_none()
                        || self.stands(from, *reference, *user, Standings::only_inside))
            };
            permission || belongs || rule.of.iter().any(as_said)
        })
    }

    /// Whether a reference goes out of a resource in one of a property's places.
    fn stands_in(&self, property: Option<&Property>, reference: Reference<'a>, of: usize) -> bool {
        self.stands(property, reference, of, Standings::inside)
    }

    fn stands(
        &self,
        property: Option<&Property>,
        reference: Reference<'a>,
        of: usize,
        answer: impl Fn(&Standings, usize) -> bool,
    ) -> bool {
        let Some(property) = property.filter(|_| reference.from == of) else {
            return false;
        };
        let paths = property.paths(self.template.dialect);
        let begins = |path: &&Path| {
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
        let key = (of, reference.property, std::ptr::from_ref(property).addr());
        let mut known = self.standings.borrow_mut();
        let found = known
            .entry(key)
            .or_insert_with(|| standings(self.template, of, reference.property, paths));
        answer(found, reference.to)
    }
}
