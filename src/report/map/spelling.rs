//! What the two languages for maps as texts have in common, and what each spells in its own way.

use std::collections::HashSet;
use std::io::{self, Write};

use super::layout::{LEFT, Layout, RIGHT, Spot, WIDTH, layout};
use crate::landscape::{Component, Landscape};

/// How a language spells a map.
pub(super) struct Spelling {
    /// Between the ends of a line.
    pub arrow: &'static str,
    /// Behind a component that a reason holds.
    pub inertia: &'static str,
    /// Behind a component that is a pipeline.
    pub label: &'static str,
    /// Before what a pipeline holds.
    pub open: &'static str,
    /// How far what it holds stands to the right.
    pub indent: &'static str,
    /// A name in which its parser finds nothing but a name.
    pub plain: fn(&str) -> String,
    /// What two names must not share.
    pub compared: fn(&str) -> String,
    /// The name as it is written.
    pub written: fn(&str) -> String,
}

/// Writes the size, the anchors and all that hangs on them. `above` is a line before a component.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(
    map: &Landscape,
    spelling: &Spelling,
    evolution: &str,
    above: &dyn Fn(&Component) -> Option<String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let layout = layout(map, 0);
    let mut names = Names::of(spelling);
    let anchors: Vec<String> = map
        .anchors
        .iter()
        .map(|one| names.name(&one.name))
        .collect();
    let components: Vec<String> = map
        .components
        .iter()
        .map(|one| names.name(&one.name))
        .collect();
    let named = || map.components.iter().zip(&components);
    let arrow = spelling.arrow;
    writeln!(out, "size [{WIDTH:.0}, {:.0}]", layout.height)?;
    writeln!(out, "{evolution}")?;
    for (name, spot) in anchors.iter().zip(&layout.anchors) {
        writeln!(out, "anchor {name} {}", place(&layout, spot))?;
    }
    for ((component, name), spot) in named().zip(&layout.components) {
        if let Some(line) = above(component) {
            writeln!(out, "{line}")?;
        }
        let is_held = component.parts.iter().any(|part| part.explained > 0);
        let inertia = if is_held { spelling.inertia } else { "" };
        let is_pipeline = component.parts.len() > 1;
        let label = if is_pipeline { spelling.label } else { "" };
        writeln!(
            out,
            "component {name} {}{label}{inertia}",
            place(&layout, spot)
        )?;
    }
    for (anchor, name) in map.anchors.iter().zip(&anchors) {
        for to in &anchor.to {
            writeln!(out, "{name}{arrow}{}", components[*to])?;
        }
    }
    for line in &map.lines {
        writeln!(
            out,
            "{}{arrow}{}",
            components[line.from], components[line.to]
        )?;
    }
    for (component, name) in named() {
        // What a pipeline holds shows its own places.
        if let [only] = &component.parts[..]
            && let Some(movement) = &only.movement
        {
            writeln!(out, "evolve {name} {:.2}", within(movement.to))?;
        }
    }
    for (component, name) in named().filter(|(component, _)| component.parts.len() > 1) {
        writeln!(out, "pipeline {name}{}", spelling.open)?;
        for part in &component.parts {
            let (count, rung) = (part.decisions.len(), part.rung.name());
            let child = names.name(&format!("{count} {rung} {}", component.name));
            let at = within(part.evolution);
            writeln!(out, "{}component {child} [{at:.2}]", spelling.indent)?;
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}

/// `[VISIBILITY, EVOLUTION]`. The axes of the picture have margins; those of a text have none.
fn place(layout: &Layout, spot: &Spot) -> String {
    let y = within(1.0 - spot.y / layout.height);
    let x = within((spot.x - LEFT) / (RIGHT - LEFT));
    format!("[{y:.2}, {x:.2}]")
}

/// Nothing stands on the edge: one parser takes `1.0` for a part of a name, the other `1` for an error.
fn within(share: f64) -> f64 {
    share.clamp(0.02, 0.97)
}

/// Names that were given already.
struct Names<'s> {
    spelling: &'s Spelling,
    taken: HashSet<String>,
}

impl<'s> Names<'s> {
    fn of(spelling: &'s Spelling) -> Self {
        Self {
            spelling,
            taken: HashSet::new(),
        }
    }

    fn name(&mut self, name: &str) -> String {
        let plain = (self.spelling.plain)(name);
        let mut name = plain.clone();
        let mut number = 1;
        while !self.taken.insert((self.spelling.compared)(&name)) {
            number += 1;
            name = format!("{plain} {number}");
        }
        (self.spelling.written)(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_are_one() {
        let mut names = Names::of(&super::super::owm::SPELLING);
        assert_eq!(names.name("Web App"), "Web App");
        assert_eq!(names.name("WebApp"), "WebApp 2");
    }
}
