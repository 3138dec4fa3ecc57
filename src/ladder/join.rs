//! Which resources belong together: the references of a stack as a graph, and the way from a member to its primary.

use std::cell::RefCell;
use std::collections::HashMap;

use super::catalogue::{CATALOGUE, Entry, Link, Property, Rule};
use crate::resolve::property::PathStep;
use crate::resolve::references::{Reference, Standings, references, standings};
use crate::template::Template;

/// Resources looked at on one way from a member to a primary: a real way has a handful.
const MOST_ON_THE_WAY: usize = 1_000;

/// The resources that have a rule, and the references between them.
#[derive(Debug)]
pub struct Graph<'a, 't> {
    template: &'a Template<'t>,
    /// For each resource, the index of its rule.
    rules: Vec<Option<usize>>,
    /// For each resource, the references out of it.
    out: Vec<Vec<Reference<'a>>>,
    /// For each resource, the references to it.
    into: Vec<Vec<Reference<'a>>>,
    /// For each rule, its resources: what needs no reference looks here.
    of_rule: HashMap<usize, Vec<usize>>,
    /// Of a resource, a property of it and a property of a rule that goes deeper: where the references stand.
    standings: RefCell<HashMap<(usize, &'a str, usize), Standings>>,
}

impl<'a, 't> Graph<'a, 't> {
    /// Reads every reference between resources that are no plumbing.
    #[must_use]
    pub fn new(template: &'a Template<'t>) -> Self {
        let kinds = template.resources.iter();
        let rules: Vec<Option<usize>> = kinds
            .map(|resource| match CATALOGUE.entry(&resource.kind) {
                Some(Entry::Rule(rule)) => Some(rule),
                _ => None,
            })
            .collect();
        let mut graph = Self {
            template,
            out: vec![Vec::new(); rules.len()],
            into: vec![Vec::new(); rules.len()],
            of_rule: HashMap::new(),
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
                if graph.rules[reference.to].is_some() {
                    graph.out[at].push(reference);
                    graph.into[reference.to].push(reference);
                }
            }
        }
        graph
    }

    /// The rule of a resource.
    #[must_use]
    pub fn rule(&self, at: usize) -> Option<&'static Rule> {
        self.rules[at].map(|rule| &CATALOGUE.rules[rule])
    }

    /// The resources on the other side of a link, in the order of writing.
    #[must_use]
    pub fn connected(&self, at: usize, link: &Link) -> Vec<usize> {
        let mut found = Vec::new();
        let mut seen = vec![at];
        let mut next = 0;
        while next < seen.len() && seen.len() < MOST_ON_THE_WAY {
            let here = seen[next];
            next += 1;
            for (there, reference) in self.around(here) {
                let Some(rule) = self.rules[there] else {
                    continue;
                };
                let first = here == at;
                if link.rules.contains(&rule)
                    && there != at
                    && self.allowed(link, reference, at, there, first)
                {
                    found.push(there);
                }
                let leaves = !first
                    || link.through.is_none()
                    || self.stands_in(link.through.as_ref(), reference, at);
                if link.via.contains(&rule) && leaves && !seen.contains(&there) {
                    seen.push(there);
                }
            }
        }
        if found.is_empty() && link.loose {
            let of_rules = link.rules.iter().filter_map(|rule| self.of_rule.get(rule));
            found.extend(of_rules.flatten().copied().filter(|other| *other != at));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether everything that is no plumbing refers to a resource as one such link says, or belongs to it.
    #[must_use]
    pub fn only_used_by(&self, at: usize) -> bool {
        let links = self.rule(at).map_or(&[][..], |rule| rule.of);
        self.into[at].iter().all(|reference| {
            let user = reference.from;
            // To be allowed to use something is not to use it.
            let permission = matches!(reference.property, "Policies" | "policy");
            let belongs = self.rule(user).is_some_and(|rule| {
                let links = rule.of.iter();
                rule.cases.is_empty()
                    && links
                        .flat_map(|link| link.rules)
                        .any(|rule| Some(*rule) == self.rules[at])
            });
            let as_said = |link: &Link| {
                let from_it = self.rules[user].is_some_and(|rule| link.rules.contains(&rule));
                link.only
                    && from_it
                    && link.from.as_ref().is_none_or(|from| {
                        self.stands(Some(from), *reference, user, Standings::only_inside)
                    })
            };
            permission || belongs || links.iter().any(as_said)
        })
    }

    fn around(&self, at: usize) -> impl Iterator<Item = (usize, Reference<'a>)> + '_ {
        let out = self.out[at]
            .iter()
            .map(|reference| (reference.to, *reference));
        let into = self.into[at]
            .iter()
            .map(|reference| (reference.from, *reference));
        out.chain(into)
    }

    /// Whether the last reference of a way stands where the link wants it.
    fn allowed(
        &self,
        link: &Link,
        reference: Reference<'a>,
        at: usize,
        there: usize,
        first: bool,
    ) -> bool {
        match (&link.through, &link.from) {
            (None, None) => true,
            (through, from) => {
                let by_through = through.is_some()
                    && (!first || self.stands_in(through.as_ref(), reference, at));
                let by_from = from.is_some() && self.stands_in(from.as_ref(), reference, there);
                by_through || by_from
            }
        }
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
        let begins = |path: &&&[PathStep]| {
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
