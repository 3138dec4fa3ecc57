//! For a job summary or a comment on a pull request.
//!
//! The first line is a mark by which a comment is found again. Everything stays below what GitHub takes in a comment: what
//! does not fit is counted, never cut in two.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::Style;
use super::touched::Touched;
use super::{gaps, phrases};
use crate::analysis::Count;
use crate::analysis::Field;
use crate::analysis::Rung;
use crate::analysis::summary::Summary;
use crate::analysis::summary::{count, whole};
use crate::base::finding::Finding;
use crate::compare::Compared;
use crate::compare::change::Change;
use escape::{code, line, prose, text};

pub(in crate::report) mod escape;
mod folded_groups;
mod item;
#[cfg(test)]
mod tests;

/// By which a comment is found again.
const MARK: &str = "<!-- sfl -->";
/// Bytes in all; GitHub takes 65,536 characters in a comment.
const LIMIT: usize = 60_000;
/// Up to here what changed, and what has to be said beside it, ...
const CHANGE: usize = 16_000;
const NOTES: usize = 20_000;
/// ... up to here findings, then what is not known.
const FINDINGS: usize = 52_000;
/// Ladders that are shown, rows of a list.
const MOST_LADDERS: usize = 40;
const MOST_ROWS: usize = 20;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(sheet(report, style).as_bytes())
}

fn sheet(report: &Compared, style: &Style) -> String {
    let summary = Summary::of(report);
    let mut out = format!(
        "{MARK}\n### sfl: {}\n\n",
        text(&phrases::verdict(report, &summary))
    );
    if let Some(purpose) = report.purpose.as_ref().filter(|_| !style.quiet) {
        let _ = writeln!(out, "Purpose: {}\n", text(purpose));
    }
    if !style.quiet {
        not_read(report, &mut out);
        ladders(report, &summary, &mut out);
        if let Some(words) = phrases::owned(report) {
            let _ = writeln!(out, "{}\n", text(&words));
        }
        let targets = phrases::targets(report);
        let lines = targets.iter().map(|words| format!("- {}\n", text(words)));
        list("", lines, targets.len(), MOST_ROWS, NOTES, &mut out);
        since(report, &mut out);
    }
    let mut order: Vec<&Finding> = report.findings.iter().collect();
    order.sort_by_key(|finding| {
        let rung = report.decision(finding).map(|decision| decision.rung);
        (Reverse(finding.severity), Reverse(rung))
    });
    let items = order
        .iter()
        .map(|finding| item::write(finding, report.decision(finding), style));
    list(
        "Findings",
        items,
        order.len(),
        usize::MAX,
        FINDINGS,
        &mut out,
    );
    if style.show_justified {
        justified(report, &mut out);
    }
    if !style.quiet {
        elsewhere(report, &mut out);
        folded_groups::write(report, style, &mut out);
        unknown(report, &mut out);
    }
    out
}

/// What was not read stands above the score.
fn not_read(report: &Compared, out: &mut String) {
    let mut sentences = gaps::sentences(report);
    sentences.extend(phrases::set_aside(report));
    let lines = sentences.iter().map(|one| format!("- {}\n", text(one)));
    list("", lines, sentences.len(), MOST_ROWS, NOTES, out);
}

/// The table of ladders.
fn ladders(report: &Compared, summary: &Summary<'_>, out: &mut String) {
    let Some(score) = summary.all.score() else {
        return;
    };
    let decisions = count(summary.all.total(), "decision");
    let templates = phrases::templates(report);
    let _ = writeln!(out, "{decisions} in {templates}, score {}\n", whole(score));
    out.push_str("| ladder | score |");
    for rung in Rung::ALL {
        let _ = write!(out, " {} {} |", rung.number(), rung.name());
    }
    out.push_str("\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for (ladder, count) in summary.ladders.iter().take(MOST_LADDERS) {
        row(&text(&ladder.name), count, out);
    }
    if summary.ladders.len() > MOST_LADDERS {
        let rest = summary.ladders.len() - MOST_LADDERS;
        let _ = writeln!(out, "| and {rest} more | | | | | |");
    }
    if summary.ladders.len() > 1 {
        row("**all**", &summary.all, out);
    }
    out.push('\n');
}

fn row(name: &str, count: &Count, out: &mut String) {
    let score = count.score().map(whole).unwrap_or_default();
    let _ = write!(out, "| {name} | {score} |");
    for number in count.rungs {
        let _ = match number {
            0 => write!(out, " |"),
            number => write!(out, " {number} |"),
        };
    }
    out.push('\n');
}

/// What this change does, and what a baseline knows.
fn since(report: &Compared, out: &mut String) {
    if let Some(change) = &report.change {
        let _ = writeln!(out, "**{}**\n", text(&change.sentence("→")));
        let lines = moves(change);
        if !lines.is_empty() {
            list(
                "",
                lines.iter().cloned(),
                lines.len(),
                MOST_ROWS,
                CHANGE,
                out,
            );
        }
        notes(&phrases::about_change(change), out);
    }
    if let Some(outcome) = &report.baseline {
        notes(&phrases::about_baseline(outcome), out);
    }
}

fn notes(notes: &[String], out: &mut String) {
    let lines = notes.iter().map(|note| format!("<p>{}</p>\n", line(note)));
    list("", lines, notes.len(), MOST_ROWS, NOTES, out);
}

/// The decisions that a change touched.
fn moves(change: &Change) -> Vec<String> {
    let place = |address: &str, path: &str| format!("{} in {}", code(address), code(path));
    let lines = Touched::of(change).into_iter().map(|one| {
        let now = place(one.spot.name(), &one.spot.path);
        let was = one.was().map(|(address, path)| place(address, path));
        let was = was.map_or_else(String::new, |was| format!(", before {was}"));
        format!("- {}: {now}, {}{was}\n", one.word, text(&one.rungs()))
    });
    lines.collect()
}

/// The fallbacks that have a reason.
fn justified(report: &Compared, out: &mut String) {
    let with = report
        .decisions
        .iter()
        .filter_map(|decision| Some((decision, decision.justification.as_ref()?)));
    let total = with.clone().count();
    let lines = with.map(|(decision, found)| {
        let word = |field: &Option<Field>| field.as_ref().map(|field| field.text.clone());
        let reason = &found.reason;
        let mut row = format!(
            "- {} ({})",
            code(decision.name()),
            text(&decision.code().to_string())
        );
        let words = [&reason.because, &reason.reason].map(word);
        let words: Vec<String> = words.iter().flatten().map(|word| prose(word)).collect();
        let _ = write!(row, " {}", words.join(": "));
        let said = [
            ("owner", &reason.owner),
            ("until", &reason.expires),
            ("evidence", &reason.evidence),
        ];
        for (name, field) in said {
            if let Some(word) = word(field) {
                let _ = write!(row, ", {name} {}", code(&word));
            }
        }
        let place = format!("{}:{}", found.path, found.start.line);
        let _ = writeln!(row, ", {}", code(&place));
        row
    });
    list("Justified", lines, total, usize::MAX, FINDINGS, out);
}

/// What other values make a fallback.
fn elsewhere(report: &Compared, out: &mut String) {
    let all = phrases::elsewhere(report);
    let lines = all.iter();
    let lines = lines.map(|(path, words)| format!("- {} ({})\n", prose(words), code(path)));
    list(
        "Worse with other values",
        lines,
        all.len(),
        MOST_ROWS,
        FINDINGS,
        out,
    );
}

/// What was not understood, and what was read.
fn unknown(report: &Compared, out: &mut String) {
    let types = &report.unknown_types;
    if !types.is_empty() {
        let known = count(types.len(), "type");
        let _ = writeln!(
            out,
            "<details>\n<summary>{known} that the catalogue does not know</summary>\n"
        );
        let lines = types
            .iter()
            .map(|(name, number)| format!("- {number} × {}\n", code(name)));
        list("", lines, types.len(), MOST_ROWS, LIMIT - 3_000, out);
        out.push_str("</details>\n\n");
    }
    let named = &report.not_templates;
    if !named.is_empty() {
        let lines = named
            .iter()
            .map(|path| format!("- not a template that sfl knows: {}\n", code(path)));
        list("", lines, named.len(), MOST_ROWS, LIMIT - 1_000, out);
    }
    let skipped = match report.skipped_files.len() {
        0 => String::new(),
        number => format!(", skipped {}", count(number, "other file")),
    };
    let read = phrases::templates(report);
    let given = if report.deployments.is_empty() {
        String::new()
    } else {
        format!(" {}", text(&phrases::deployments(report)))
    };
    let passed = gaps::passed_over(report, false);
    let skipped = skipped + &gaps::listed(", ", &passed);
    let _ = writeln!(
        out,
        "<sub>sfl {} read {read}{given}{skipped}</sub>",
        env!("CARGO_PKG_VERSION")
    );
}

/// As many items as fit, and how many more there are.
fn list(
    heading: &str,
    items: impl Iterator<Item = String>,
    total: usize,
    most: usize,
    limit: usize,
    out: &mut String,
) {
    if total == 0 {
        return;
    }
    if !heading.is_empty() {
        let _ = writeln!(out, "#### {heading}\n");
    }
    let mut shown = 0;
    for item in items.take(most) {
        if out.len() + item.len() > limit {
            break;
        }
        out.push_str(&item);
        shown += 1;
    }
    if shown < total {
        let bullet = if shown > 0 { "\n" } else { "" };
        let _ = writeln!(out, "{bullet}and {} more", total - shown);
    }
    out.push('\n');
}
