//! What the two languages for maps as texts have in common, and what each spells in its own way.

use std::collections::HashSet;
use std::io::{self, Write};

use super::captions;
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
    /// The words of a note as they are written.
    pub note: fn(&str) -> String,
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
            component_place(&layout, spot, component)
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
            && let Some(movement) = only.arrow()
        {
            writeln!(out, "evolve {name} {:.2}", within(movement.to))?;
        }
    }
    let change = map.change.as_ref();
    let mut before = Vec::new();
    for shift in change.iter().flat_map(|change| &change.shifts) {
        let (component, spot) = (shift.component, &layout.components[shift.component]);
        let name = names.name(&format!("{} before", map.components[component].name));
        let y = visible_by_hand(&layout, spot, &map.components[component]);
        // What stands aside stood aside.
        let today = map.components[component].parts[shift.part].evolution;
        let to = (spot.parts[shift.part] - LEFT) / (RIGHT - LEFT);
        let from = within(shift.from + to - today);
        writeln!(out, "component {name} [{y:.2}, {from:.2}]")?;
        before.push((name, within(to)));
    }
    for (gone, spot) in change
        .iter()
        .flat_map(|change| &change.gone)
        .zip(&layout.gone)
    {
        let name = names.name(&format!("{} gone", gone.name));
        writeln!(out, "component {name} {}", place(&layout, spot))?;
    }
    for (name, to) in before {
        writeln!(out, "evolve {name} {to:.2}")?;
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
    if let Some(change) = change {
        for (component, part, new) in &change.new {
            let spot = &layout.components[*component];
            let all = map.components[*component].parts[*part].decisions.len();
            let words = match (all, new.len()) {
                (1, _) => "new".to_owned(),
                (_, new) => format!("{new} new"),
            };
            let x = within((spot.parts[*part] - LEFT) / (RIGHT - LEFT) + 0.01);
            let y = visible_by_hand(&layout, spot, &map.components[*component]);
            let words = (spelling.note)(&words);
            writeln!(out, "note {words} [{y:.2}, {x:.2}]")?;
        }
        let words = (spelling.note)(&(spelling.plain)(&captions::moved(change)));
        writeln!(out, "note {words} [0.03, 0.02]")?;
    }
    Ok(())
}

/// `[VISIBILITY, EVOLUTION]`. The axes of the picture have margins; those of a text have none.
fn place(layout: &Layout, spot: &Spot) -> String {
    let y = visible(layout, spot);
    let x = within((spot.x - LEFT) / (RIGHT - LEFT));
    format!("[{y:.2}, {x:.2}]")
}

/// Where somebody placed it, it stands exactly there.
fn component_place(layout: &Layout, spot: &Spot, component: &Component) -> String {
    let y = visible_by_hand(layout, spot, component);
    let x = within((spot.x - LEFT) / (RIGHT - LEFT));
    format!("[{y:.2}, {x:.2}]")
}

fn visible_by_hand(layout: &Layout, spot: &Spot, component: &Component) -> f64 {
    let by_hand = component.by_hand.as_ref();
    match by_hand.and_then(|place| place.visibility) {
        Some(visibility) => within(visibility),
        None => visible(layout, spot),
    }
}

fn visible(layout: &Layout, spot: &Spot) -> f64 {
    within(1.0 - spot.y / layout.height)
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
