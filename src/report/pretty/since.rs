//! What a baseline knows and what a change does: a line each, and with `--verbose` the decisions.

use std::fmt::Write as _;

use super::{Style, wrapped};
use crate::compare::Compared;
use crate::compare::change::{Change, Snapshot, Transition};
use crate::report::phrases;

/// Writes both, where there are any.
pub fn write(report: &Compared, style: &Style, out: &mut String) {
    if let Some(change) = &report.change {
        let arrow = if style.unicode { "→" } else { "->" };
        fill(&style.strong(&change.sentence(arrow)), style, out);
        if style.verbose {
            decisions(change, arrow, style, out);
        }
        for text in phrases::about_change(change) {
            fill(&style.plain(&text), style, out);
        }
    }
    if let Some(outcome) = &report.baseline {
        for text in phrases::about_baseline(outcome) {
            fill(&style.plain(&text), style, out);
        }
    }
}

fn fill(text: &str, style: &Style, out: &mut String) {
    let _ = writeln!(out, "{}", textwrap::fill(text, wrapped(style.prose())));
}

fn decisions(change: &Change, arrow: &str, style: &Style, out: &mut String) {
    let name = |spot: &Snapshot| {
        let (path, address) = (style.plain(&spot.path), style.plain(spot.name()));
        format!("{address} in {path}")
    };
    let mut one = |word: &str, spot: &Snapshot| {
        let code = format!("{}/{}", spot.ladder, spot.rung.name());
        let _ = writeln!(out, "  {word:<9} {}, {code}", name(spot));
    };
    change.added.iter().for_each(|spot| one("new", spot));
    change.gone.iter().for_each(|spot| one("gone", spot));
    change
        .unexplained
        .iter()
        .for_each(|step| one("no reason", &step.to));
    change
        .explained
        .iter()
        .for_each(|step| one("explained", &step.to));
    let mut two = |word: &str, step: &Transition, from: String, to: String| {
        let _ = writeln!(out, "  {word:<9} {}: {from} {arrow} {to}", name(&step.to));
    };
    for (word, steps) in [("down", &change.down), ("up", &change.up)] {
        for step in steps {
            let [from, to] = [&step.from, &step.to].map(|spot| spot.rung.name().to_owned());
            two(word, step, from, to);
        }
    }
    for step in &change.moved {
        let _ = writeln!(
            out,
            "  {:<9} {} {arrow} {}",
            "relocated",
            name(&step.from),
            name(&step.to)
        );
    }
}
