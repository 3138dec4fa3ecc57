//! What serves what: references turned so that each points from what is served to what it needs. Plumbing is left out; lines go
//! on through it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Entrance;
use crate::analysis::graph::{Edge, Graph, Means};
use crate::base::Sign;
use crate::rulebook::landscape as words;

/// Steps that are taken through plumbing on the way from one decision: what is far away serves somebody else.
const MOST_STEPS: usize = 512;

/// The lines between decisions or components, each with whether it is a weak one, and who comes in by which.
pub(super) struct Chain {
    pub lines: BTreeMap<(usize, usize), bool>,
    pub doors: Vec<BTreeSet<Entrance>>,
}

impl Chain {
    /// The same between what several belong to; those that belong to nothing are left out.
    pub fn contracted(&self, belongs: &[Option<usize>], count: usize) -> Self {
        let mut lines: BTreeMap<(usize, usize), bool> = BTreeMap::new();
        for ((from, to), is_weak) in &self.lines {
            if let (Some(from), Some(to)) = (belongs[*from], belongs[*to])
                && from != to
            {
                *lines.entry((from, to)).or_insert(*is_weak) &= is_weak;
            }
        }
        let mut doors = vec![BTreeSet::new(); count];
        for (own, belongs) in self.doors.iter().zip(belongs) {
            if let Some(belongs) = *belongs {
                doors[belongs].extend(own);
            }
        }
        Self { lines, doors }
    }
}

/// `decision_of` tells for each resource which decision it is part of; plumbing is part of none. There are `count`.
pub(super) fn chain(graph: &Graph, decision_of: &[Option<usize>], count: usize) -> Chain {
    let mut next: Vec<Vec<(usize, bool)>> = vec![Vec::new(); graph.resources.len()];
    for edge in &graph.edges {
        if let Some((from, to, is_weak)) = turned(graph, edge) {
            next[from].push((to, is_weak));
        }
    }
    let mut lines: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for (at, decision) in decision_of.iter().enumerate() {
        let Some(from) = *decision else { continue };
        for (to, is_weak) in reached(&next, decision_of, at) {
            if to != from {
                let known = lines.entry((from, to)).or_insert(is_weak);
                *known &= is_weak;
            }
        }
    }
    // Leave to read from what hands on says nothing more.
    let strong = |from, to| lines.get(&(from, to)) == Some(&false);
    let echoes = lines
        .iter()
        .filter(|((from, to), is_weak)| **is_weak && strong(*to, *from));
    let echoes: Vec<(usize, usize)> = echoes.map(|(ends, _)| *ends).collect();
    for ends in echoes {
        lines.remove(&ends);
    }
    let doors = doors(graph, &next, decision_of, count, &lines);
    Chain { lines, doors }
}

/// From what is served to what it needs; nothing for what is no line on a map.
fn turned(graph: &Graph, edge: &Edge) -> Option<(usize, usize, bool)> {
    if edge.means == Means::Belongs {
        return None;
    }
    let property = edge.property.as_deref().unwrap_or_default();
    let keys = || property.split(['.', '[']);
    if keys().any(words::is_silent) && !keys().any(words::is_run) {
        return None;
    }
    let kind = |at: usize| graph.resources[at].kind.as_str();
    if words::is_wall(kind(edge.from)) || words::is_wall(kind(edge.to)) {
        return None;
    }
    let is_weak = keys().any(words::is_weak);
    let first = keys().next().unwrap_or_default();
    let is_read = graph.resources[edge.from].signs.contains(&Sign::Source);
    Some(if is_read || words::is_reversed(kind(edge.from), first) {
        (edge.to, edge.from, is_weak)
    } else {
        (edge.from, edge.to, is_weak)
    })
}

/// The decisions that a resource leads to, by itself or through plumbing; strong ways are gone first.
fn reached(
    next: &[Vec<(usize, bool)>],
    decision_of: &[Option<usize>],
    start: usize,
) -> Vec<(usize, bool)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([start]);
    let mut open = VecDeque::from([(start, false)]);
    let mut steps = 0;
    while let Some((at, is_weak)) = open.pop_front() {
        for &(to, weakens) in &next[at] {
            if at != start {
                steps += 1;
                if steps > MOST_STEPS {
                    return found;
                }
            }
            let is_weak = is_weak || weakens;
            match decision_of[to] {
                Some(decision) => found.push((decision, is_weak)),
                None if !seen.insert(to) => {}
                None if is_weak => open.push_back((to, true)),
                None => open.push_front((to, false)),
            }
        }
    }
    found
}

/// Who comes in from outside, and by which decisions.
fn doors(
    graph: &Graph,
    next: &[Vec<(usize, bool)>],
    decision_of: &[Option<usize>],
    count: usize,
    lines: &BTreeMap<(usize, usize), bool>,
) -> Vec<BTreeSet<Entrance>> {
    let mut doors = vec![BTreeSet::new(); count];
    let mut is_fed = vec![false; graph.resources.len()];
    for (at, onward) in next.iter().enumerate() {
        if decision_of[at].is_some() {
            for (to, _) in onward {
                is_fed[*to] = true;
            }
        }
    }
    for (at, resource) in graph.resources.iter().enumerate() {
        let is_timed = resource.signs.contains(&Sign::ByTheClock);
        match decision_of[at] {
            Some(decision) => {
                if words::is_users_door(&resource.kind) {
                    doors[decision].insert(Entrance::Users);
                }
                if is_timed {
                    doors[decision].insert(Entrance::Clock);
                }
            }
            None if is_timed || (words::is_events_door(&resource.kind) && !is_fed[at]) => {
                let door = if is_timed {
                    Entrance::Clock
                } else {
                    Entrance::Systems
                };
                for (decision, _) in reached(next, decision_of, at) {
                    doors[decision].insert(door);
                }
            }
            None => {}
        }
    }
    let mut feeds = vec![false; count];
    let mut has_feeder = vec![false; count];
    for (from, to) in lines.keys() {
        feeds[*from] = true;
        has_feeder[*to] = true;
    }
    // What stands in front of what stands in front: a distribution before a load balancer.
    let mut front = vec![false; count];
    let ladders = ladders(graph, decision_of, count);
    for ((from, to), is_weak) in lines {
        front[*to] |= !is_weak && words::is_users_ladder(ladders[*from].0);
    }
    // An API that is written as part of a function, or an address that comes with a host, is seen only where nothing else stands in
    // front of it.
    for (resource, decision) in graph.resources.iter().zip(decision_of) {
        let is_public =
            resource.signs.contains(&Sign::PublicCall) || words::is_host(&resource.kind);
        let is_seen = |at: &usize| is_public && !front[*at] && !ladders[*at].1;
        if let Some(decision) = decision.filter(is_seen) {
            doors[decision].insert(Entrance::Users);
        }
    }
    for (decision, (ladder, is_internal)) in ladders.into_iter().enumerate() {
        if words::is_users_ladder(ladder) && !is_internal {
            if !front[decision] {
                doors[decision].insert(Entrance::Users);
            }
            continue;
        }
        let is_open = is_internal || words::is_systems_ladder(ladder);
        let is_first = feeds[decision] && !has_feeder[decision];
        if is_open && is_first && doors[decision].is_empty() {
            doors[decision].insert(Entrance::Systems);
        }
    }
    doors
}

/// The ladder of each decision, and whether it says that it is reached from inside only.
fn ladders<'g>(
    graph: &'g Graph,
    decision_of: &[Option<usize>],
    count: usize,
) -> Vec<(&'g str, bool)> {
    let mut ladders = vec![("", false); count];
    for (resource, decision) in graph.resources.iter().zip(decision_of) {
        let Some(decision) = *decision else { continue };
        if let Some(ladder) = resource.role.ladder() {
            ladders[decision].0 = ladder;
        }
        ladders[decision].1 |= resource.signs.contains(&Sign::Internal);
    }
    ladders
}
