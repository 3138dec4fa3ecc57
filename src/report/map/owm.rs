//! The map as OnlineWardleyMaps reads it. Its parser drops without a word what it does not expect, so names are plain, numbers have
//! two places, braces stand alone, and everything comes in the order in which it is defined.

use std::collections::HashSet;
use std::io::{self, Write};

use super::captions;
use super::layout::{Layout, Spot, WIDTH, layout};
use crate::analysis::Decision;
use crate::landscape::Landscape;
use crate::report::visible;

/// Letters of a name.
const MOST_LETTERS: usize = 90;

/// Words that mean something wherever they stand in a name.
const MEANT: [&str; 4] = ["evolve", "inertia", "label", "title"];

/// Writes the map.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(
    map: &Landscape,
    decisions: &[Decision],
    out: &mut dyn Write,
) -> io::Result<()> {
    let layout = layout(map, 0);
    let mut names = Names::default();
    let anchors: Vec<String> = map
        .anchors
        .iter()
        .map(|one| names.plain(&one.name))
        .collect();
    let components: Vec<String> = map
        .components
        .iter()
        .map(|one| names.plain(&one.name))
        .collect();
    writeln!(out, "title {}", plain(&captions::title(map)))?;
    writeln!(out, "style wardley")?;
    writeln!(out, "size [{WIDTH:.0}, {:.0}]", layout.height)?;
    writeln!(
        out,
        "evolution Genesis->Custom-Built->Product (+rental)->Commodity (+utility)"
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
        let first = component
            .parts
            .first()
            .and_then(|part| part.decisions.first());
        if let Some(decision) = first.and_then(|at| decisions.get(*at)) {
            let (path, start, _) = decision.place();
            let path = visible::line(path, true);
            writeln!(out, "// {path}:{}", start.line)?;
        }
        let is_pipeline = component.parts.len() > 1;
        let has_reason = component.parts.iter().any(|part| part.explained > 0);
        let inertia = if has_reason { " inertia" } else { "" };
        let label = if is_pipeline { " label [-40, -16]" } else { "" };
        writeln!(
            out,
            "component {name} [{:.2}, {:.2}]{label}{inertia}",
            visibility(&layout, spot),
            across(spot.x)
        )?;
    }
    for (anchor, name) in map.anchors.iter().zip(&anchors) {
        for to in &anchor.to {
            writeln!(out, "{name}->{}", components[*to])?;
        }
    }
    for line in &map.lines {
        writeln!(out, "{}->{}", components[line.from], components[line.to])?;
    }
    for (component, name) in map.components.iter().zip(&components) {
        // What a pipeline holds shows its own places.
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
        writeln!(out, "pipeline {name}\n{{")?;
        for part in &component.parts {
            let child = names.plain(&format!(
                "{} {} {name}",
                part.decisions.len(),
                part.rung.name()
            ));
            writeln!(out, "component {child} [{:.2}]", within(part.evolution))?;
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}

pub(super) fn visibility(layout: &Layout, spot: &Spot) -> f64 {
    within(1.0 - spot.y / layout.height)
}

/// The axis of the picture has margins; that of the text has none.
pub(super) fn across(x: f64) -> f64 {
    let (left, right) = (super::layout::LEFT, super::layout::RIGHT);
    within((x - left) / (right - left))
}

pub(super) fn within(share: f64) -> f64 {
    share.clamp(0.02, 0.97)
}

/// A text in which the parser finds nothing but words.
fn plain(name: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let c = match c {
            c if c.is_alphanumeric() || matches!(c, '-' | '_' | ',') => c,
            // A number with a dot, after a space, ends a name.
            '.' if before.is_alphanumeric() => '.',
            _ => ' ',
        };
        let is_second = c == ' ' && before == ' ';
        // `->` can't be built from what is left, `--` reads as one.
        let is_dash = c == '-' && before == '-';
        if !is_second && !is_dash {
            out.push(c);
            before = c;
        }
    }
    let words: Vec<String> = out.split_whitespace().map(word).collect();
    let mut joined: String = words.join(" ").chars().take(MOST_LETTERS).collect();
    joined.truncate(joined.trim_end().len());
    let mut letters = joined.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Unnamed".to_owned(),
    }
}

/// One word: none that means something by itself, no number with a dot.
fn word(word: &str) -> String {
    let mut word = match word.starts_with(|c: char| c.is_ascii_digit()) {
        true => word.replace('.', "-"),
        false => word.to_owned(),
    };
    for meant in MEANT {
        if let Some(at) = word.to_lowercase().find(meant)
            && word.is_char_boundary(at + 1)
        {
            word.insert(at + 1, '-');
        }
    }
    word
}

/// Names that were given already, as the parser compares them.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn plain(&mut self, name: &str) -> String {
        let plain = plain(name);
        let mut name = plain.clone();
        let mut number = 1;
        while !self.0.insert(name.to_lowercase().replace(' ', "")) {
            number += 1;
            name = format!("{plain} {number}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_nothing_to_the_parser() {
        for (name, plain_name) in [
            ("orders-${Env}", "Orders- Env"),
            ("module.a[\"x\"].aws_y.z[0]", "Module.a x .aws_y.z 0"),
            ("a//b -> c", "A b - c"),
            ("pipeline-api", "Pipeline-api"),
            ("K8s 1.30", "K8s 1-30"),
            ("my inertia label", "My i-nertia l-abel"),
            ("\u{202e}", "Unnamed"),
        ] {
            assert_eq!(plain(name), plain_name, "{name}");
        }
    }

    #[test]
    fn no_two_names_are_one() {
        let mut names = Names::default();
        assert_eq!(names.plain("Web App"), "Web App");
        assert_eq!(names.plain("WebApp"), "WebApp 2");
    }
}
