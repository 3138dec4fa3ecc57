//! What a rule's links ask of the graph: which resources belong together, and who uses whom as the rule means it.

use std::cell::RefCell;
use std::collections::hash_map::Entry as Slot;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::classify::Placement;
use super::names;
use crate::blocks::Template;
use crate::graph::references::{Reference, Sides};
use crate::graph::{PropertyPath, ResourceRole, StackGraph, Within};
use crate::rulebook::{Catalogue, Entry, Link, Property, Rule};

/// What the catalogue has for each resource of a template.
#[must_use]
pub fn entries(template: &Template<'_>, catalogue: &Catalogue) -> Vec<Option<Entry>> {
    let resources = template.resources.iter();
    let entries = resources.map(|resource| catalogue.entry(&resource.kind));
    entries.collect()
}

/// The graph of a template, with the resources that have a rule as those that joins ask for; `entries` is what the catalogue has for
/// each. What names join is in it, too.
#[must_use]
pub fn graph<'a, 't>(
    template: &'a Template<'t>,
    entries: &[Option<Entry>],
    catalogue: &Catalogue,
) -> StackGraph<'a, 't> {
    let rules = entries.iter().map(|entry| match entry {
        Some(Entry::Rule(rule)) => Some(*rule),
        _ => None,
    });
    let mut graph = StackGraph::new(template, rules.collect());
    names::join_by_name(&mut graph, catalogue);
    graph
}

/// What each resource is to a decision, and each member with its decision.
#[must_use]
pub fn parts(
    graph: &StackGraph<'_, '_>,
    catalogue: &Catalogue,
    placements: &[Placement],
) -> (Vec<ResourceRole>, Vec<(usize, usize)>) {
    let resources = graph.template().resources.iter();
    let mut parts: Vec<ResourceRole> = resources
        .map(|resource| match catalogue.misses(&resource.kind) {
            true => ResourceRole::Unknown,
            false => ResourceRole::Plumbing,
        })
        .collect();
    let mut belongs = Vec::new();
    for placement in placements {
        for &member in &placement.members {
            belongs.push((member, placement.resource));
            if !matches!(parts[member], ResourceRole::Member { .. }) {
                parts[member] = ResourceRole::Member {
                    of: placement.resource,
                };
            }
        }
    }
    for placement in placements {
        parts[placement.resource] = ResourceRole::Decision {
            ladder: placement.rule.ladder().name.clone().into(),
            rung: placement.rung,
        };
    }
    (parts, belongs)
}

/// Whether a rule is about a reference between two resources by this path.
#[must_use]
pub fn is_meant(
    graph: &StackGraph<'_, '_>,
    catalogue: &Catalogue,
    from: usize,
    to: usize,
    path: &PropertyPath,
) -> bool {
    let (Some(user), Some(used)) = (graph.class(from), graph.class(to)) else {
        return false;
    };
    let dialect = graph.template().dialect;
    let kind = &*graph.template().resources[from].kind;
    let follows = |property: &Option<Property>, link: &Link| {
        let paths = property
            .as_ref()
            .map(|property| property.paths(dialect, kind));
        paths.is_some_and(|paths| paths.iter().any(|steps| path.follows(steps)))
            && has_sign(graph, link, property.as_ref(), from, to)
    };
    let reaches = |link: &Link, class| link.rules.contains(&class) || link.via.contains(&class);
    let links = |class: usize| {
        let rule = catalogue.rule_at(class);
        rule.of
            .iter()
            .chain(rule.joins.iter().map(|join| &join.link))
    };
    links(user).any(|link| reaches(link, used) && follows(&link.through, link))
        || links(used).any(|link| reaches(link, user) && follows(&link.from, link))
}

/// Whether a link takes a name in a property for what it says: everywhere, or only beside a sign. A way by others ends with a
/// sign; before its end there is none.
fn has_sign(
    graph: &StackGraph<'_, '_>,
    link: &Link,
    property: Option<&Property>,
    from: usize,
    to: usize,
) -> bool {
    let is_end = |at: usize| {
        let class = graph.class(at);
        class.is_some_and(|class| link.rules.contains(&class))
    };
    let Some(property) = property.filter(|_| !link.signs.is_empty()) else {
        return true;
    };
    if !is_end(to) && !is_end(from) {
        return true;
    }
    let template = graph.template();
    let paths = property.paths(template.dialect, &template.resources[from].kind);
    let class = graph.class(to);
    let is_rival =
        |at: usize| graph.class(at).is_some() && (graph.class(at) == class || is_end(at));
    graph.says(from, paths, to, &link.signs, &is_rival)
}

/// The questions of links.
pub(super) struct Joins<'g, 'a, 't> {
    graph: &'g StackGraph<'a, 't>,
    catalogue: &'g Catalogue,
    /// Whether what nothing joins but a text that can't be seen is joined.
    guesses: bool,
    /// Which branches of choices are in force; all, where nobody says it.
    sides: Option<&'g dyn Sides<'t>>,
    /// The only resource whose choices are asked for that, where it is only one.
    chooses: Option<usize>,
    /// For each link that goes by way of others, by its address: what those are connected to.
    ways: RefCell<FxHashMap<usize, Rc<Ways>>>,
}

/// What the resources between two others are connected to.
#[derive(Debug, Default)]
struct Ways {
    /// For each resource that may stand between, the number of its group: all that are reached from one another.
    groups: FxHashMap<usize, usize>,
    /// For each group, the resources on its other side.
    ends: Vec<Vec<usize>>,
}

impl<'g, 'a, 't> Joins<'g, 'a, 't> {
    pub fn new(graph: &'g StackGraph<'a, 't>, catalogue: &'g Catalogue, guesses: bool) -> Self {
        Self {
            graph,
            catalogue,
            guesses,
            sides: None,
            chooses: None,
            ways: RefCell::default(),
        }
    }

    /// What a link connects where these branches of choices are in force. What stands between others is not asked for that.
    pub fn connected_where(&self, at: usize, link: &Link, sides: &dyn Sides<'t>) -> Vec<usize> {
        self.in_force(link, None, sides).connected(at, link)
    }

    /// The primaries on the other side of a link, where these branches of choices in the resource's own properties are in force.
    pub fn primaries_where(&self, at: usize, link: &Link, sides: &dyn Sides<'t>) -> Vec<usize> {
        match self.chooses_itself(at, link) {
            true => self.in_force(link, Some(at), sides).primaries(at, link),
            false => self.primaries(at, link),
        }
    }

    fn in_force<'j>(
        &'j self,
        link: &Link,
        chooses: Option<usize>,
        sides: &'j dyn Sides<'t>,
    ) -> Joins<'j, 'a, 't> {
        let ways = (!link.via.is_empty()).then(|| self.ways(link));
        let key = std::ptr::from_ref(link).addr();
        Joins {
            graph: self.graph,
            catalogue: self.catalogue,
            guesses: self.guesses,
            sides: Some(sides),
            chooses,
            ways: RefCell::new(ways.into_iter().map(|ways| (key, ways)).collect()),
        }
    }

    /// Whether a condition may choose what a link connects, in a property of the resource itself.
    pub fn chooses_itself(&self, at: usize, link: &Link) -> bool {
        let mut around = self.chosen(at, link);
        around.any(|reference| reference.from == at)
    }

    /// The references of a link's classes among which a condition may choose.
    fn chosen(&self, at: usize, link: &Link) -> impl Iterator<Item = Reference<'a>> {
        let around = link.rules.iter().chain(&link.via);
        let around = around.flat_map(move |rule| self.graph.neighbours_of_class(at, *rule));
        let references = around.map(|neighbour| neighbour.reference);
        references.filter(|reference| self.graph.may_choose(*reference))
    }

    /// Whether a condition may choose what a link connects.
    pub fn may_choose(&self, at: usize, link: &Link) -> bool {
        self.chosen(at, link).next().is_some()
    }

    /// Whether the resource's own property of a link leads to anything that the link asks for, or that may stand between.
    pub fn leads_on(&self, at: usize, link: &Link) -> bool {
        let around = link.rules.iter().chain(&link.via);
        let mut around = around.flat_map(|rule| self.graph.neighbours_of_class(at, *rule));
        around.any(|other| self.stands_in(link.through.as_ref(), other.reference, at))
    }

    /// The rule of a resource.
    pub fn rule(&self, at: usize) -> Option<&'g Arc<Rule>> {
        self.graph
            .class(at)
            .map(|rule| self.catalogue.rule_at(rule))
    }

    /// The resources on the other side of a link, in the order of writing.
    pub fn connected(&self, at: usize, link: &Link) -> Vec<usize> {
        let mut found = self.beside(at, link);
        if !link.via.is_empty() {
            let ways = self.ways(link);
            let groups = self.groups_between(at, link, &ways);
            let ends = groups.into_iter().flat_map(|group| &ways.ends[group]);
            found.extend(ends.copied().filter(|end| *end != at));
        }
        if found.is_empty() && link.loose {
            let of_rules = link.rules.iter();
            let of_rules = of_rules.map(|rule| self.graph.of_class_beside(at, *rule));
            found.extend(of_rules.flatten().copied().filter(|other| *other != at));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The group of resources between this one and those on the other side of a link, where that is what leads there: all that are
    /// connected to the group come to the same.
    pub fn group_between(&self, at: usize, link: &Link) -> Option<usize> {
        if link.via.is_empty() || !self.beside(at, link).is_empty() {
            return None;
        }
        let ways = self.ways(link);
        let [group] = self.groups_between(at, link, &ways)[..] else {
            return None;
        };
        let ends = &ways.ends[group];
        (!ends.is_empty() && ends.binary_search(&at).is_err()).then_some(group)
    }

    /// The groups of resources that may stand between this one and the other side of a link, each once.
    fn groups_between(&self, at: usize, link: &Link, ways: &Ways) -> Vec<usize> {
        let leaves = link
            .via
            .iter()
            .flat_map(|rule| self.graph.neighbours_of_class(at, *rule));
        let leaves = leaves.filter(|leaf| self.is_way(link, leaf.reference, at, leaf.at));
        let mut groups: Vec<usize> = leaves
            .filter_map(|leaf| ways.groups.get(&leaf.at).copied())
            .collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The resources of a class in the unit of another one.
    pub fn beside_of_class(&self, at: usize, class: usize) -> &[usize] {
        self.graph.of_class_beside(at, class)
    }

    pub fn template(&self) -> &'a Template<'t> {
        self.graph.template()
    }

    /// What a link comes to by way of a resource: that itself, or what stands on the other side of it.
    pub fn reached(&self, at: usize, link: &Link) -> Vec<usize> {
        let Some(class) = self.graph.class(at) else {
            return Vec::new();
        };
        if link.rules.contains(&class) {
            return vec![at];
        }
        if !link.via.contains(&class) {
            return Vec::new();
        }
        let ways = self.ways(link);
        let group = ways.groups.get(&at);
        group.map_or_else(Vec::new, |group| ways.ends[*group].clone())
    }

    /// The primaries on the other side of a link: those that stand right beside, else those by way of others.
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
            .flat_map(|rule| self.graph.neighbours_of_class(at, *rule));
        let allowed = around.filter(|neighbour| {
            let by = |property: &Option<Property>, of| {
                let Reference { from, to, .. } = neighbour.reference;
                self.stands_in(property.as_ref(), neighbour.reference, of)
                    && has_sign(self.graph, link, property.as_ref(), from, to)
            };
            by(&link.through, at) || by(&link.from, neighbour.at)
        });
        allowed.map(|neighbour| neighbour.at).collect()
    }

    /// The groups of resources that may stand between, found once for each link.
    fn ways(&self, link: &Link) -> Rc<Ways> {
        let key = std::ptr::from_ref(link).addr();
        if let Some(known) = self.ways.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut ways = Ways::default();
        let between = link.via.iter().map(|rule| self.graph.of_class(*rule));
        for &start in between.flatten() {
            if ways.groups.contains_key(&start) {
                continue;
            }
            let group = ways.ends.len();
            let mut ends = Vec::new();
            let mut waiting = vec![start];
            ways.groups.insert(start, group);
            while let Some(here) = waiting.pop() {
                let beside = |rule: &usize| self.graph.neighbours_of_class(here, *rule);
                for end in link.rules.iter().flat_map(beside) {
                    if self.ends_way(link, end.reference, here, end.at) {
                        ends.push(end.at);
                    }
                }
                for next in link.via.iter().flat_map(beside) {
                    if self.is_way(link, next.reference, here, next.at)
                        && let Slot::Vacant(slot) = ways.groups.entry(next.at)
                    {
                        slot.insert(group);
                        waiting.push(next.at);
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

    /// Whether a reference is a step of a link's way: it stands in one of the link's own properties, or in one by which the two
    /// belong to each other anyway. A name anywhere else is only a mention.
    fn is_way(&self, link: &Link, reference: Reference<'a>, here: usize, there: usize) -> bool {
        let own = [&link.through, &link.from, &link.between];
        let from = reference.from;
        own.into_iter()
            .any(|property| self.stands_in(property.as_ref(), reference, from))
            || self.belongs(reference, here, there)
            || self.belongs(reference, there, here)
    }

    /// Whether a reference is the last step of a link's way.
    fn ends_way(&self, link: &Link, reference: Reference<'a>, here: usize, end: usize) -> bool {
        if link.between.is_none() {
            return self.is_way(link, reference, here, end);
        }
        let Reference { from, to, .. } = reference;
        self.stands_in(link.between.as_ref(), reference, here)
            && has_sign(self.graph, link, link.between.as_ref(), from, to)
    }

    /// Whether a reference stands where a link of one of two resources asks for the other; not where that takes a sign.
    fn belongs(&self, reference: Reference<'a>, one: usize, other: usize) -> bool {
        let (Some(rule), Some(class)) = (self.rule(one), self.graph.class(other)) else {
            return false;
        };
        let links = rule
            .of
            .iter()
            .chain(rule.joins.iter().map(|join| &join.link));
        let mut links = links.filter(|link| link.signs.is_empty() && link.between.is_none());
        links.any(|link| {
            (link.rules.contains(&class) || link.via.contains(&class))
                && (self.stands_in(link.through.as_ref(), reference, one)
                    || self.stands_in(link.from.as_ref(), reference, other))
        })
    }

    /// Whether everything that is no plumbing refers to a resource as one of its rule's `only` links says, or belongs
    /// to it.
    pub fn only_used(&self, at: usize, rule: &Rule) -> bool {
        let around = self.graph.neighbours(at).iter();
        let mut uses = around.filter(|user| user.reference.from == user.at);
        uses.all(|user| {
            // To be allowed to use something is not to use it.
            let permission = matches!(user.reference.property, "Policies" | "policy");
            let theirs = self.catalogue.rule_at(user.class);
            let mut primaries = theirs.of.iter().flat_map(|link| &link.rules);
            let belongs = theirs.cases.is_empty()
                && primaries.any(|rule| Some(*rule) == self.graph.class(at));
            let as_said = |link: &Link| {
                link.only
                    && link.rules.contains(&user.class)
                    && link.from.as_ref().is_none_or(|property| {
                        self.stands(property, user.reference, user.at, Within::Only)
                    })
            };
            permission || belongs || rule.of.iter().any(as_said)
        })
    }

    fn counts(&self, reference: Reference<'a>) -> bool {
        let Reference { from, to, .. } = reference;
        self.guesses || !self.graph.template().guessed.contains(&(from, to))
    }

    /// Whether a reference goes out of a resource in one of a property's places.
    fn stands_in(&self, property: Option<&Property>, reference: Reference<'a>, of: usize) -> bool {
        property.is_some_and(|property| self.stands(property, reference, of, Within::Among))
    }

    fn stands(
        &self,
        property: &Property,
        reference: Reference<'a>,
        of: usize,
        within: Within,
    ) -> bool {
        let template = self.graph.template();
        let paths = property.paths(template.dialect, &template.resources[of].kind);
        reference.from == of
            && self.counts(reference)
            && self.graph.stands_at(reference, paths, within)
            && self.sides.is_none_or(|sides| {
                self.chooses.is_some_and(|chooses| chooses != of)
                    || self.graph.is_in_force(reference, paths, sides)
            })
    }
}
