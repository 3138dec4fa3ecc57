//! What stands around a decision: who sees it, who needs it, what is written in its blocks, and how many of its kind there are.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::analysis::graph::{Circumstance, Means, Resource, ResourceRole};
use crate::analysis::{Analysis, Decision, Graph, Liability};
use crate::landscape::{Coarseness, decisions_of_resources, landscape};
use crate::rulebook::actions::{self, CircumstanceRule, Meaning};

/// See the module.
pub(super) struct Surroundings<'a> {
    /// For each decision, how visible it is on the map, from 0 to 1.
    visible: Vec<f64>,
    /// For each decision, how many steps it is from who comes in.
    depth: Vec<usize>,
    /// For each decision, those that need it.
    users: Vec<Vec<usize>>,
    /// For each decision, what leads others to it by its name and is no decision.
    routes: Vec<Vec<&'a Resource>>,
    /// For each decision, what is written in its blocks, and in plumbing that they use.
    circumstances: Vec<Vec<&'a Circumstance>>,
    /// For each decision, what it makes somebody own.
    owned: Vec<Vec<&'a Liability>>,
    /// How many of one kind a stack has.
    of_kind: HashMap<(Arc<str>, &'a str), usize>,
}

impl<'a> Surroundings<'a> {
    pub fn of(analysis: &'a Analysis) -> Self {
        let is_counted = |decision: &Decision| decision.is_counted;
        let number = analysis.decisions.len();
        let map = landscape(analysis, Some(Coarseness::Decision), &is_counted);
        // Each is a component of its own.
        let first = |component: usize| map.components[component].parts[0].decisions[0];
        let (mut visible, mut depth) = (vec![0.0; number], vec![0; number]);
        for component in &map.components {
            for at in component.parts.iter().flat_map(|part| &part.decisions) {
                visible[*at] = component.visibility;
                depth[*at] = component.depth;
            }
        }
        let mut users = vec![Vec::new(); number];
        for line in &map.lines {
            users[first(line.to)].push(first(line.from));
        }
        let mut of_kind = HashMap::new();
        for decision in analysis.decisions.iter().filter(|one| one.is_counted) {
            let key = (decision.stack(), &*decision.rule.name);
            *of_kind.entry(key).or_insert(0) += 1;
        }
        let circumstances = match &analysis.graph {
            Some(graph) => written(graph, analysis),
            None => vec![Vec::new(); number],
        };
        let routes = match &analysis.graph {
            Some(graph) => routes(graph, analysis),
            None => vec![Vec::new(); number],
        };
        let mut owned = vec![Vec::new(); number];
        for one in &analysis.liabilities {
            for at in &one.decisions {
                owned[*at].push(one);
            }
        }
        Self {
            visible,
            depth,
            users,
            routes,
            circumstances,
            owned,
            of_kind,
        }
    }

    pub fn visible(&self, decision: usize) -> f64 {
        self.visible[decision]
    }

    pub fn depth(&self, decision: usize) -> usize {
        self.depth[decision]
    }

    /// Those that need one of several, each once, without these themselves.
    pub fn users(&self, decisions: &[usize]) -> Vec<usize> {
        let all = decisions.iter().flat_map(|at| &self.users[*at]);
        let all: BTreeSet<usize> = all.copied().collect();
        let own: BTreeSet<usize> = decisions.iter().copied().collect();
        all.difference(&own).copied().collect()
    }

    /// What leads others to one of several, in order.
    pub fn routes(&self, decisions: &[usize]) -> Vec<&'a Resource> {
        let all = decisions.iter().flat_map(|at| &self.routes[*at]);
        let mut all: Vec<&Resource> = all.copied().collect();
        all.sort_by_key(|one| &one.location);
        all.dedup_by_key(|one| std::ptr::from_ref(*one));
        all
    }

    /// Whether nothing of its kind is beside a decision in its stack.
    pub fn is_alone(&self, decision: &'a Decision) -> bool {
        let key = (decision.stack(), &*decision.rule.name);
        self.of_kind.get(&key).is_none_or(|count| *count < 2)
    }

    pub fn owned(&self, decision: usize) -> &[&'a Liability] {
        &self.owned[decision]
    }

    /// What counts for the way up of a decision, each rule once, in their order.
    pub fn circumstances(
        &self,
        at: usize,
        decision: &Decision,
        meaning: Meaning,
    ) -> impl Iterator<Item = (&'static CircumstanceRule, &'a Circumstance)> {
        let all = self.circumstances[at].iter();
        all.filter_map(move |one| {
            let rule = &actions::circumstances()[one.number];
            let counts =
                rule.means == meaning && rule.counts_from(&decision.ladder().name, decision.rung);
            let mut routes = self.routes[at].iter();
            let is_behind =
                rule.behind.is_empty() || routes.any(|one| rule.behind.contains(&&*one.kind));
            (counts && is_behind).then_some((rule, *one))
        })
    }
}

/// For each decision, what leads others to it by its name.
fn routes<'a>(graph: &'a Graph, analysis: &Analysis) -> Vec<Vec<&'a Resource>> {
    let is_counted = analysis.decisions.iter().map(|one| one.is_counted);
    let is_counted: Vec<bool> = is_counted.collect();
    let decision_of = decisions_of_resources(graph, analysis, &is_counted);
    let mut all = vec![Vec::new(); analysis.decisions.len()];
    for edge in &graph.edges {
        let from = &graph.resources[edge.from];
        if edge.means == Means::Uses
            && actions::routes(&from.kind)
            && from.role.ladder().is_none()
            && let Some(decision) = decision_of[edge.to]
        {
            all[decision].push(from);
        }
    }
    all
}

/// For each decision, what is written in its own blocks and in the plumbing that they use: its parameters, its template.
fn written<'a>(graph: &'a Graph, analysis: &Analysis) -> Vec<Vec<&'a Circumstance>> {
    let is_counted = analysis.decisions.iter().map(|one| one.is_counted);
    let is_counted: Vec<bool> = is_counted.collect();
    let decision_of = decisions_of_resources(graph, analysis, &is_counted);
    let mut all = vec![Vec::new(); analysis.decisions.len()];
    for (resource, decision) in graph.resources.iter().zip(&decision_of) {
        if let Some(decision) = *decision {
            all[decision].extend(&resource.circumstances);
        }
    }
    for edge in &graph.edges {
        let used = &graph.resources[edge.to];
        if let Some(decision) = decision_of[edge.from]
            && edge.means == Means::Uses
            && used.role == ResourceRole::Plumbing
        {
            all[decision].extend(&used.circumstances);
        }
    }
    for found in &mut all {
        found.sort_by_key(|one: &&Circumstance| (one.number, &one.location));
        found.dedup_by_key(|one| one.number);
    }
    all
}
