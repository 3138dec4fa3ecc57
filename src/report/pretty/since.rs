//! What a change does, kind by kind, and what a baseline knows.

use std::fmt::Write as _;
use std::io;

use super::{INDENT, Style, wrapped};
use crate::compare::Compared;
use crate::report::phrases;
use crate::report::touched::{Effect, Touched};

/// Decisions of one kind that are named; `--verbose` names all.
const MOST: usize = 10;

/// What the change does comes before all else.
///
/// # Errors
/// Those of `out`.
pub fn write_change(report: &Compared, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(change) = &report.change else {
        return Ok(());
    };
    let mut text = String::new();
    let arrow = if style.unicode { "→" } else { "->" };
    let sentence = style.plain(&change.sentence(arrow)).into_owned();
    fill(&style.strong(&sentence), style, &mut text);
    for (effect, group) in Touched::groups(change) {
        let most = match (style.verbose, effect) {
            (true, _) => usize::MAX,
            (false, Effect::Relocated) => 3,
            (false, _) => MOST,
        };
        let heading = effect.heading().to_lowercase();
        let _ = writeln!(text, "{INDENT}{}", style.lead(&format!("{heading}:")));
        for one in group.iter().take(most) {
            let _ = writeln!(text, "{INDENT}{INDENT}{}", line(one, arrow, style));
        }
        if group.len() > most {
            let rest = group.len() - most;
            let _ = writeln!(
                text,
                "{INDENT}{INDENT}and {rest} more (--verbose lists all)"
            );
        }
    }
    for sentence in phrases::about_change(change) {
        fill(&style.plain(&sentence), style, &mut text);
    }
    text.push('\n');
    out.write_all(text.as_bytes())
}

fn line(one: &Touched<'_>, arrow: &str, style: &Style) -> String {
    let place = |address: &str, path: &str| {
        let (address, path) = (style.plain(address), style.plain(path));
        format!("{address} in {path}")
    };
    let now = place(one.spot.name(), &one.spot.path);
    let rungs = one.rungs(arrow);
    let was = one.was().map(|(address, path)| place(address, path));
    let was = was.map_or_else(String::new, |was| format!(", before {was}"));
    match one.manner() {
        Some(word) => format!("{word:<11} {now}, {rungs}{was}"),
        None => format!("{now}, {rungs}{was}"),
    }
}

/// What a baseline knows.
pub fn write_known(report: &Compared, style: &Style, out: &mut String) {
    if let Some(outcome) = &report.baseline {
        for text in phrases::about_baseline(outcome) {
            fill(&style.plain(&text), style, out);
        }
    }
}

fn fill(text: &str, style: &Style, out: &mut String) {
    let _ = writeln!(out, "{}", textwrap::fill(text, wrapped(style.prose())));
}
