//! The graph for other programs: one object, `sfl-graph/1`. Fields may be added, never changed.

use std::io::{self, Write};

use serde::Serialize;

use super::role_name;
use crate::analysis::graph::{Circumstance, Edge, Graph, Resource, ResourceRole};
use crate::report::json::{Each, SpanView, span, write_object};

/// Writes the graph and a line break.
///
/// # Errors
/// Those of `out`.
pub fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let ids = graph.ids();
    let object = Object {
        schema: "sfl-graph/1",
        parts: parts(graph, &ids),
    };
    write_object(&object, out)
}

#[derive(Serialize)]
struct Object<P: Serialize> {
    schema: &'static str,
    #[serde(flatten)]
    parts: P,
}

#[derive(Serialize)]
struct Parts<R: Serialize, E: Serialize> {
    resources: R,
    edges: E,
}

/// Its resources and its edges, as two fields; `ids` are those of the resources.
pub fn parts<'g>(graph: &'g Graph, ids: &'g [String]) -> impl Serialize + 'g {
    let resources = graph.resources.iter().zip(ids);
    Parts {
        resources: Each(resources.map(|(one, id)| resource(graph, one, id))),
        edges: Each(graph.edges.iter().map(|one| edge(one, ids))),
    }
}

#[derive(Serialize)]
struct ResourceView<'g> {
    id: &'g str,
    stack: &'g str,
    path: &'g str,
    address: &'g str,
    #[serde(rename = "type")]
    kind: &'g str,
    role: &'static str,
    decision: Option<&'g str>,
    ladder: Option<&'g str>,
    rung: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'g str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signs: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    circumstances: Vec<CircumstanceView<'g>>,
    span: SpanView,
}

#[derive(Serialize)]
struct CircumstanceView<'g> {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'g str>,
    path: &'g str,
    span: SpanView,
}

fn circumstance(one: &Circumstance) -> CircumstanceView<'_> {
    CircumstanceView {
        name: one.name,
        value: one.value.as_deref(),
        path: &one.location.path,
        span: span(one.location.start, one.location.end),
    }
}

fn resource<'g>(graph: &'g Graph, resource: &'g Resource, id: &'g str) -> ResourceView<'g> {
    let decision = graph.decision(resource);
    let place = decision.and_then(|decision| match &decision.role {
        ResourceRole::Decision { ladder, rung } => Some((ladder.as_str(), rung.number())),
        _ => None,
    });
    ResourceView {
        id,
        stack: graph.stacks.get(resource.stack).map_or("", |stack| stack),
        path: &resource.location.path,
        address: &resource.address,
        kind: &resource.kind,
        role: role_name(&resource.role),
        decision: decision.map(|decision| decision.address.as_str()),
        ladder: place.map(|(ladder, _)| ladder),
        rung: place.map(|(_, rung)| rung),
        why: resource.why.as_deref(),
        signs: resource.signs.iter().map(|sign| sign.name()).collect(),
        circumstances: resource.circumstances.iter().map(circumstance).collect(),
        span: span(resource.location.start, resource.location.end),
    }
}

#[derive(Serialize)]
struct EdgeView<'g> {
    from: &'g str,
    to: &'g str,
    means: &'static str,
    property: Option<&'g str>,
    written_in: &'static str,
    path: &'g str,
    span: SpanView,
}

fn edge<'g>(edge: &'g Edge, ids: &'g [String]) -> EdgeView<'g> {
    EdgeView {
        from: &ids[edge.from],
        to: &ids[edge.to],
        means: edge.means.name(),
        property: edge.property.as_deref(),
        written_in: if edge.written_by_target { "to" } else { "from" },
        path: &edge.location.path,
        span: span(edge.location.start, edge.location.end),
    }
}
