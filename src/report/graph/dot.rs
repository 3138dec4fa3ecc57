//! The graph for Graphviz: a cluster for each stack, a colour for each rung, a line for each pair.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::role_name;
use crate::analysis::graph::{Graph, Means, Resource, ResourceRole};
use crate::base::Rung;
use crate::report::visible;

/// Fill colours by rung, best first: light, so that black text stands out on each.
const COLOURS: [&str; 4] = ["#d5f0dc", "#e8f1c9", "#fde7bd", "#f8cfc8"];

/// The fill of what stands on a rung.
pub const fn colour(rung: Rung) -> &'static str {
    COLOURS[rung as usize]
}

/// Writes the graph.
///
/// # Errors
/// Those of `out`.
pub fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph sfl {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(
        out,
        "  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\", fontsize=10];"
    )?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=8];")?;
    let mut stacks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, resource) in graph.resources.iter().enumerate() {
        stacks.entry(resource.stack).or_default().push(at);
    }
    // In the order of the paths, whatever the order of reading.
    let mut stacks: Vec<(usize, Vec<usize>)> = stacks.into_iter().collect();
    stacks.sort_by_key(|(_, resources)| resources.first().copied());
    for (number, (stack, resources)) in stacks.iter().enumerate() {
        let name = graph.stacks.get(*stack).map_or("", |name| name);
        writeln!(out, "  subgraph cluster_{number} {{")?;
        writeln!(out, "    label={};", quoted(name))?;
        for at in resources {
            node(graph, *at, out)?;
        }
        writeln!(out, "  }}")?;
    }
    // Several references between two resources are one line.
    let mut lines: BTreeMap<(usize, usize, Means), Vec<&str>> = BTreeMap::new();
    for edge in &graph.edges {
        let properties = lines.entry((edge.from, edge.to, edge.means)).or_default();
        properties.extend(edge.property.as_deref());
    }
    for ((from, to, means), properties) in lines {
        let style = match means {
            Means::Belongs => "style=bold, arrowhead=odiamond",
            Means::Uses => "style=solid",
            Means::Names => "style=dotted, arrowhead=open",
        };
        let tooltip = format!("{}: {}", means.name(), properties.join(", "));
        writeln!(
            out,
            "  r{from} -> r{to} [{style}, tooltip={}];",
            quoted(&tooltip)
        )?;
    }
    writeln!(out, "}}")
}

fn node(graph: &Graph, at: usize, out: &mut dyn Write) -> io::Result<()> {
    let resource = &graph.resources[at];
    let tooltip = format!("{}, {}", role_name(&resource.role), resource.location.path);
    writeln!(
        out,
        "    r{at} [label={}, tooltip={}{}];",
        quoted(&label(resource)),
        quoted(&tooltip),
        look(resource)
    )
}

/// Its address and type, and where a decision stands.
fn label(resource: &Resource) -> String {
    let mut label = format!("{}\n{}", resource.address, resource.kind);
    if let ResourceRole::Decision { ladder, rung } = &resource.role {
        label.push_str(&format!("\n{}/{}", ladder.as_str(), rung.name()));
    }
    label
}

fn look(resource: &Resource) -> String {
    match &resource.role {
        ResourceRole::Decision { rung, .. } => {
            format!(", fillcolor=\"{}\"", colour(*rung))
        }
        ResourceRole::Member { .. } => ", style=\"filled,rounded\"".to_owned(),
        ResourceRole::Plumbing => ", color=gray, fontcolor=gray30".to_owned(),
        ResourceRole::Unknown => ", style=dashed".to_owned(),
    }
}

/// A quoted string of Graphviz: what acts on a terminal is made visible, a backslash is one, and a line break is a line break.
pub fn quoted(text: &str) -> String {
    let seen = visible::lines(text);
    let escaped = seen.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_string() {
        assert_eq!(quoted("a\"];\n\\N\u{1b}"), r#""a\"];\n\\N␛""#);
    }
}
