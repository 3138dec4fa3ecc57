//! The map for Graphviz: a rank for each depth, a colour for each rung, a note for who comes in.

use std::io::{self, Write};

use super::captions;
use crate::base::Rung;
use crate::landscape::{Component, Landscape, LandscapeChange};
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
        let about = quoted(&captions::component(map, at));
        let name = quoted(&component.name);
        writeln!(
            out,
            "  c{at} [label={name}, tooltip={about}, fillcolor=\"{fill}\"];"
        )?;
    }
    for depth in 1..=map.deepest {
        let row: Vec<String> = map.row(depth).map(|at| format!("c{at}")).collect();
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
    if let Some(change) = &map.change {
        moved(map, change, out)?;
    }
    writeln!(out, "}}")
}

/// What stood elsewhere, what is new, what is gone.
fn moved(map: &Landscape, change: &LandscapeChange, out: &mut dyn Write) -> io::Result<()> {
    const PAST: &str = "color=\"#0550ae\", fontcolor=\"#0550ae\"";
    for (at, shift) in change.shifts.iter().enumerate() {
        let component = &map.components[shift.component];
        let was = format!(
            "{} ({}) in {}",
            component.name,
            shift.rung.name(),
            change.since
        );
        let was = quoted(&was);
        writeln!(out, "  w{at} [label={was}, style=dashed, {PAST}];")?;
        let to = shift.component;
        writeln!(out, "  {{rank=same; w{at}; c{to}}}")?;
        writeln!(
            out,
            "  w{at} -> c{to} [label=\"moved\", style=bold, constraint=false, {PAST}];"
        )?;
    }
    for (component, _, new) in &change.new {
        let label = quoted(&format!("{} new", new.len()));
        writeln!(out, "  c{component} [xlabel={label}, penwidth=2, {PAST}];")?;
    }
    for (at, gone) in change.gone.iter().enumerate() {
        let (label, about) = (quoted(&gone.name), quoted(&captions::gone(change, gone)));
        writeln!(
            out,
            "  g{at} [label={label}, tooltip={about}, xlabel=\"gone\", style=dashed, {PAST}];"
        )?;
    }
    Ok(())
}

fn worst(component: &Component) -> Rung {
    let rungs = component.parts.iter().map(|part| part.rung);
    rungs.max().unwrap_or(Rung::Serverless)
}
