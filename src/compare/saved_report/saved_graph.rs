//! Resources and what they refer to, as a scan or a merged report has them.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::{SpanFields, rung};
use crate::analysis::Graph;
use crate::analysis::graph::{Circumstance, Edge, Location, Means, Resource, ResourceRole};
use crate::base::Sign;
use crate::rulebook::actions;

#[derive(Deserialize)]
pub struct SavedResource {
    id: String,
    stack: String,
    path: String,
    address: String,
    #[serde(rename = "type")]
    kind: String,
    role: String,
    #[serde(default)]
    decision: Option<String>,
    #[serde(default)]
    ladder: Option<String>,
    #[serde(default)]
    rung: Option<u8>,
    #[serde(default)]
    why: Option<String>,
    #[serde(default)]
    signs: Vec<String>,
    #[serde(default)]
    circumstances: Vec<SavedCircumstance>,
    span: SpanFields,
}

#[derive(Deserialize)]
struct SavedCircumstance {
    name: String,
    #[serde(default)]
    value: Option<String>,
    path: String,
    span: SpanFields,
}

#[derive(Deserialize)]
pub struct SavedEdge {
    from: String,
    to: String,
    means: String,
    #[serde(default)]
    property: Option<String>,
    #[serde(default)]
    written_in: String,
    path: String,
    span: SpanFields,
}

impl SavedResource {
    /// Changes every path in it, and what it is called by.
    pub fn paths(&mut self, change: &dyn Fn(&mut String)) {
        for path in [&mut self.id, &mut self.stack, &mut self.path] {
            change(path);
        }
        let circumstances = self.circumstances.iter_mut();
        circumstances.for_each(|one| change(&mut one.path));
    }
}

impl SavedEdge {
    /// The same.
    pub fn paths(&mut self, change: &dyn Fn(&mut String)) {
        for path in [&mut self.from, &mut self.to, &mut self.path] {
            change(path);
        }
    }
}

/// The graph, as far as it is said.
///
/// # Errors
/// Something in it is nothing that a graph has.
pub fn graph(resources: Vec<SavedResource>, edges: Vec<SavedEdge>) -> Result<Graph, String> {
    let number = |(at, one): (usize, &SavedResource)| (one.id.clone(), at);
    let numbers: HashMap<String, usize> = resources.iter().enumerate().map(number).collect();
    let find = |id: &str| {
        let found = numbers.get(id).copied();
        found.ok_or_else(|| format!("an edge names `{id}`, which is no resource"))
    };
    let mut found = Vec::with_capacity(edges.len());
    // Of a member, the decisions that it belongs to.
    let mut belongs: HashMap<usize, Vec<usize>> = HashMap::new();
    for one in edges {
        let all = [Means::Belongs, Means::Uses, Means::Names];
        let means = all.into_iter().find(|means| means.name() == one.means);
        let means = means.ok_or_else(|| format!("an edge means `{}`", one.means))?;
        let (from, to) = (find(&one.from)?, find(&one.to)?);
        if means == Means::Belongs {
            belongs.entry(from).or_default().push(to);
        }
        found.push(Edge {
            from,
            to,
            means,
            property: one.property,
            written_by_target: one.written_in == "to",
            location: location(one.path, one.span),
        });
    }
    let mut stacks: HashMap<String, usize> = HashMap::new();
    let mut graph = Graph::default();
    let addresses: Vec<String> = resources.iter().map(|one| one.address.clone()).collect();
    for (at, one) in resources.into_iter().enumerate() {
        let stack = *stacks.entry(one.stack).or_insert_with_key(|name| {
            graph.stacks.push(Arc::from(name.as_str()));
            graph.stacks.len() - 1
        });
        let role = match (one.role.as_str(), one.ladder, one.rung) {
            ("decision", Some(ladder), Some(number)) => ResourceRole::Decision {
                ladder: ladder.into(),
                rung: rung(number)?,
            },
            ("member", ..) => {
                let all = belongs.get(&at).map_or(&[][..], Vec::as_slice);
                let is_named = |of: &&usize| one.decision.as_deref() == Some(&addresses[**of]);
                let of = all.iter().find(is_named).or(all.first());
                match of {
                    Some(of) => ResourceRole::Member { of: *of },
                    None => ResourceRole::Plumbing,
                }
            }
            ("unknown", ..) => ResourceRole::Unknown,
            _ => ResourceRole::Plumbing,
        };
        let signs = one.signs.iter();
        let sign = |name: &String| Sign::ALL.into_iter().find(|sign| sign.name() == name);
        let circumstances = one.circumstances.into_iter();
        graph.resources.push(Resource {
            stack,
            address: one.address,
            kind: one.kind,
            role,
            why: one.why,
            signs: signs.filter_map(sign).collect(),
            circumstances: circumstances.filter_map(SavedCircumstance::read).collect(),
            location: location(one.path, one.span),
        });
    }
    graph.edges = found;
    Ok(graph)
}

impl SavedCircumstance {
    /// Nothing where the rules at hand know none of that name.
    fn read(self) -> Option<Circumstance> {
        let mut known = actions::circumstances().iter().enumerate();
        let (number, rule) = known.find(|(_, one)| one.name == self.name)?;
        Some(Circumstance {
            number,
            name: rule.name,
            value: self.value,
            location: location(self.path, self.span),
        })
    }
}

fn location(path: String, span: SpanFields) -> Location {
    Location {
        path: Arc::from(path),
        start: span.start.position(),
        end: span.end.position(),
    }
}
