//! The map as Mermaid's `wardley-beta` reads it: names in quotes, numbers with digits on both sides of the dot, inertia last.

use std::collections::HashSet;
use std::io::{self, Write};

use super::captions;
use super::layout::{WIDTH, layout};
use super::owm::{across, visibility, within};
use crate::landscape::Landscape;
use crate::report::visible;

/// Writes the map.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(map: &Landscape, out: &mut dyn Write) -> io::Result<()> {
    let layout = layout(map, 0);
    let mut taken = HashSet::new();
    let mut quoted = |name: &str| {
        let plain = plain(name);
        let mut name = plain.clone();
        let mut number = 1;
        while !taken.insert(name.clone()) {
            number += 1;
            name = format!("{plain} {number}");
        }
        format!("\"{name}\"")
    };
    let anchors: Vec<String> = map.anchors.iter().map(|one| quoted(&one.name)).collect();
    let components: Vec<String> = map.components.iter().map(|one| quoted(&one.name)).collect();
    writeln!(out, "wardley-beta")?;
    writeln!(out, "title {}", words(&captions::title(map)))?;
    writeln!(out, "size [{WIDTH:.0}, {:.0}]", layout.height)?;
    writeln!(
        out,
        "evolution Genesis -> Custom-Built -> Product -> Commodity"
    )?;
    for (name, spot) in anchors.iter().zip(&layout.anchors) {
        let (y, x) = (visibility(&layout, spot), across(spot.x));
        writeln!(out, "anchor {name} [{y:.2}, {x:.2}]")?;
    }
    for ((component, name), spot) in map
        .components
        .iter()
        .zip(&components)
        .zip(&layout.components)
    {
        let has_reason = component.parts.iter().any(|part| part.explained > 0);
        let inertia = if has_reason { " (inertia)" } else { "" };
        let (y, evolution) = (visibility(&layout, spot), across(spot.x));
        writeln!(out, "component {name} [{y:.2}, {evolution:.2}]{inertia}")?;
    }
    for (anchor, name) in map.anchors.iter().zip(&anchors) {
        for to in &anchor.to {
            writeln!(out, "{name} -> {}", components[*to])?;
        }
    }
    for line in &map.lines {
        writeln!(out, "{} -> {}", components[line.from], components[line.to])?;
    }
    for (component, name) in map.components.iter().zip(&components) {
        if let [only] = &component.parts[..]
            && let Some(movement) = &only.movement
        {
            writeln!(out, "evolve {name} {:.2}", within(movement.to))?;
        }
    }
    for (component, name) in map.components.iter().zip(&components) {
        if component.parts.len() < 2 {
            continue;
        }
        writeln!(out, "pipeline {name} {{")?;
        for part in &component.parts {
            let about = format!(
                "{} {} {}",
                part.decisions.len(),
                part.rung.name(),
                component.name
            );
            let child = quoted(&about);
            writeln!(out, "  component {child} [{:.2}]", within(part.evolution))?;
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}

/// What may stand between quotes.
fn plain(name: &str) -> String {
    let seen = visible::line(name, true);
    let quiet: String = seen
        .chars()
        .map(|c| match c {
            '"' => '\'',
            // Entities and comments of Mermaid.
            '\\' | '#' | ';' | '%' | '<' | '>' | '`' => ' ',
            c => c,
        })
        .collect();
    match quiet.split_whitespace().collect::<Vec<_>>().join(" ") {
        empty if empty.is_empty() => "unnamed".to_owned(),
        name => name,
    }
}

/// A title has no quotes around it.
fn words(text: &str) -> String {
    let plain = plain(text);
    let words = plain.chars().map(|c| match c {
        c if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | ',' | '.' | '\'') => c,
        _ => ' ',
    });
    words
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
