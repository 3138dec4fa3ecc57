//! The map for Graphviz: a rank for each depth, a colour for each rung, a note for who comes in.

use std::io::{self, Write};

use super::captions;
use crate::base::Rung;
use crate::landscape::{Component, Landscape};
use crate::report::graph::{colour, quoted};

/// Writes the map.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(map: &Landscape, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph sfl_map {{")?;
    writeln!(out, "  rankdir=TB;")?;
    writeln!(
        out,
        "  label={}; labelloc=t;",
        quoted(&captions::title(map))
    )?;
    writeln!(
        out,
        "  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\", fontsize=10];"
    )?;
    for (at, anchor) in map.anchors.iter().enumerate() {
        writeln!(
            out,
            "  a{at} [label={}, shape=plaintext, style=\"\"];",
            quoted(&anchor.name)
        )?;
    }
    for (at, component) in map.components.iter().enumerate() {
        let fill = colour(worst(component));
        let about = quoted(&captions::component(component));
        let name = quoted(&component.name);
        writeln!(
            out,
            "  c{at} [label={name}, tooltip={about}, fillcolor=\"{fill}\"];"
        )?;
    }
    for depth in 1..=map.deepest {
        let row = map.components.iter().enumerate();
        let row = row.filter(|(_, component)| component.depth == depth);
        let row: Vec<String> = row.map(|(at, _)| format!("c{at}")).collect();
        writeln!(out, "  {{rank=same; {}}}", row.join("; "))?;
    }
    for (at, anchor) in map.anchors.iter().enumerate() {
        for to in &anchor.to {
            writeln!(out, "  a{at} -> c{to};")?;
        }
    }
    for line in &map.lines {
        let style = if line.is_weak { " [style=dotted]" } else { "" };
        writeln!(out, "  c{} -> c{}{style};", line.from, line.to)?;
    }
    writeln!(out, "}}")
}

fn worst(component: &Component) -> Rung {
    let rungs = component.parts.iter().map(|part| part.rung);
    rungs.max().unwrap_or(Rung::Serverless)
}
