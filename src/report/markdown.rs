//! For a job summary or a comment on a pull request.
//!
//! The first line is a mark by which a comment is found again. Everything stays below what GitHub takes: what does not fit is counted,
//! never cut in two. Where something was compared, what the change did comes first, then what it leaves open, then the estate.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::Style;
use super::touched::{Effect, Touched};
use super::{alike, gaps, phrases};
use crate::analysis::Count;
use crate::analysis::Field;
use crate::analysis::Rung;
use crate::analysis::summary::Summary;
use crate::analysis::summary::{count, whole};
use crate::base::finding::Finding;
use crate::compare::Compared;
use crate::compare::change::Change;
use escape::{code, line, prose, text};
use paper::Paper;

mod alike_items;
pub(in crate::report) mod escape;
mod folded_groups;
mod item;
mod paper;
#[cfg(test)]
mod tests;

/// By which a comment is found again.
const MARK: &str = "<!-- sfl -->";
/// Ladders that are shown, rows of a list.
const MOST_LADDERS: usize = 40;
const MOST_ROWS: usize = 20;

/// Writes the report for the summary of a job.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(sheet(report, style, Paper::Summary).as_bytes())
}

/// Writes the report for a comment; nothing where there is nothing to say.
///
/// # Errors
/// Those of `out`.
pub fn write_comment(report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if !has_news(report) {
        return Ok(());
    }
    out.write_all(sheet(report, style, Paper::Comment).as_bytes())
}

/// Whether there is anything to say of a change; that something has another name is not.
fn has_news(report: &Compared) -> bool {
    let change = report.change.iter().flat_map(Touched::of);
    !report.findings.is_empty() || change.into_iter().any(|one| one.effect < Effect::Relocated)
}

fn sheet(report: &Compared, style: &Style, paper: Paper) -> String {
    let summary = Summary::of(report);
    let mut out = format!(
        "{MARK}\n### sfl: {}\n\n",
        text(&phrases::verdict(report, &summary))
    );
    let change = report.change.as_ref().filter(|_| !style.quiet);
    if let Some(change) = change {
        what_changed(report, change, paper, &mut out);
        findings(report, style, "Left open", paper, &mut out);
    }
    if let Some(purpose) = report.purpose.as_ref().filter(|_| !style.quiet) {
        let _ = writeln!(out, "Purpose: {}\n", text(purpose));
    }
    if !style.quiet {
        match change {
            // A change is read by who knows the estate: one line is enough.
            Some(_) => {
                if let Some(line) = phrases::estate(&summary, &phrases::templates(report)) {
                    let _ = writeln!(out, "{}\n", text(&line));
                }
                not_read(report, paper, &mut out);
            }
            None => {
                not_read(report, paper, &mut out);
                ladders(report, &summary, &mut out);
            }
        }
        if let Some(words) = phrases::owned(report) {
            let _ = writeln!(out, "{}\n", text(&words));
        }
        let targets = phrases::targets(report);
        let lines = targets.iter().map(|words| format!("- {}\n", text(words)));
        list(
            "",
            lines,
            targets.len(),
            (MOST_ROWS, paper.notes()),
            paper,
            &mut out,
        );
        if change.is_none() {
            known(report, paper, &mut out);
        }
    }
    if change.is_none() {
        findings(report, style, "Findings", paper, &mut out);
    }
    if style.show_justified {
        justified(report, paper, &mut out);
    }
    if !style.quiet {
        elsewhere(report, paper, &mut out);
        folded_groups::write(report, style, paper, &mut out);
        unknown(report, paper, &mut out);
    }
    out
}

/// The findings, the worst first: those that share an explanation once, with their places, unless each is wanted for itself. What a
/// change leaves open is little, and read one by one.
fn findings(report: &Compared, style: &Style, heading: &str, paper: Paper, out: &mut String) {
    let limits = (usize::MAX, paper.findings());
    if !style.full && !style.quiet && report.change.is_none() {
        let sections = alike::of(report);
        let kinds = sections.iter();
        let mut kinds: Vec<_> = kinds
            .flat_map(|section| section.kinds.iter().map(move |kind| (section, kind)))
            .collect();
        kinds.sort_by_key(|(section, kind)| {
            let rung = kind.all.first().and_then(|one| one.decision);
            let rung = rung.map(|decision| decision.rung);
            (
                Reverse(section.severity),
                Reverse(rung),
                Reverse(kind.all.len()),
            )
        });
        let items = kinds.iter();
        let items =
            items.map(|(section, kind)| (alike_items::write(section, kind, style), kind.all.len()));
        return weighed_list(heading, items, report.findings.len(), limits, paper, out);
    }
    let mut order: Vec<&Finding> = report.findings.iter().collect();
    order.sort_by_key(|finding| {
        let rung = report.decision(finding).map(|decision| decision.rung);
        (Reverse(finding.severity), Reverse(rung))
    });
    let items = order
        .iter()
        .map(|finding| item::write(finding, report.decision(finding), style));
    list(heading, items, order.len(), limits, paper, out);
}

/// What was not read stands above the score.
fn not_read(report: &Compared, paper: Paper, out: &mut String) {
    let mut sentences = gaps::sentences(report);
    sentences.extend(phrases::set_aside(report));
    let lines = sentences.iter().map(|one| format!("- {}\n", text(one)));
    let limits = (MOST_ROWS, paper.notes());
    list("", lines, sentences.len(), limits, paper, out);
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

/// What this change does, kind by kind.
fn what_changed(report: &Compared, change: &Change, paper: Paper, out: &mut String) {
    let _ = writeln!(out, "**{}**\n", text(&change.sentence("→")));
    for (effect, group) in Touched::groups(change) {
        let heading = format!("{} ({})", effect.heading(), group.len());
        let most = match effect {
            Effect::Worse => usize::MAX,
            _ => MOST_ROWS,
        };
        let lines = group.iter().map(touched);
        let limits = (most, paper.change());
        list(&heading, lines, group.len(), limits, paper, out);
    }
    notes(&phrases::about_change(change), paper, out);
    known(report, paper, out);
}

/// What a baseline knows.
fn known(report: &Compared, paper: Paper, out: &mut String) {
    if let Some(outcome) = &report.baseline {
        notes(&phrases::about_baseline(outcome), paper, out);
    }
}

fn notes(notes: &[String], paper: Paper, out: &mut String) {
    let lines = notes.iter().map(|note| format!("<p>{}</p>\n", line(note)));
    let limits = (MOST_ROWS, paper.notes());
    list("", lines, notes.len(), limits, paper, out);
}

/// A decision that a change touched.
fn touched(one: &Touched<'_>) -> String {
    let place = |address: &str, path: &str| format!("{} in {}", code(address), code(path));
    let now = place(one.spot.name(), &one.spot.path);
    let was = one.was().map(|(address, path)| place(address, path));
    let was = was.map_or_else(String::new, |was| format!(", before {was}"));
    let manner = one.manner().map(|word| format!("{word}: "));
    let manner = manner.unwrap_or_default();
    format!("- {manner}{now}, {}{was}\n", text(&one.rungs("→")))
}

/// The fallbacks that have a reason.
fn justified(report: &Compared, paper: Paper, out: &mut String) {
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
    let limits = (usize::MAX, paper.findings());
    list("Justified", lines, total, limits, paper, out);
}

/// What other values make a fallback.
fn elsewhere(report: &Compared, paper: Paper, out: &mut String) {
    let all = phrases::elsewhere(report);
    let lines = all.iter();
    let lines = lines.map(|(path, words)| format!("- {} ({})\n", prose(words), code(path)));
    list(
        "Worse with other values",
        lines,
        all.len(),
        (MOST_ROWS, paper.findings()),
        paper,
        out,
    );
}

/// What was not understood, and what was read.
fn unknown(report: &Compared, paper: Paper, out: &mut String) {
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
        let limits = (MOST_ROWS, paper.all() - 3_000);
        list("", lines, types.len(), limits, paper, out);
        out.push_str("</details>\n\n");
    }
    let named = &report.not_templates;
    if !named.is_empty() {
        let lines = named
            .iter()
            .map(|path| format!("- not a template that sfl knows: {}\n", code(path)));
        let limits = (MOST_ROWS, paper.all() - 1_000);
        list("", lines, named.len(), limits, paper, out);
    }
    let skipped = match report.skipped() {
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

/// As many items as fit, and how many more there are. `most` items, and up to `limit` on the whole paper.
fn list(
    heading: &str,
    items: impl Iterator<Item = String>,
    total: usize,
    limits: (usize, usize),
    paper: Paper,
    out: &mut String,
) {
    let items = items.map(|item| (item, 1));
    weighed_list(heading, items, total, limits, paper, out);
}

/// The same of items that each speak for several.
fn weighed_list(
    heading: &str,
    items: impl Iterator<Item = (String, usize)>,
    total: usize,
    (most, limit): (usize, usize),
    paper: Paper,
    out: &mut String,
) {
    if total == 0 {
        return;
    }
    if !heading.is_empty() {
        let _ = writeln!(out, "#### {heading}\n");
    }
    let mut taken = paper.measure(out);
    let mut shown = 0;
    for (item, weight) in items.take(most) {
        taken += paper.measure(&item);
        if taken > limit {
            break;
        }
        out.push_str(&item);
        shown += weight;
    }
    if shown < total {
        let bullet = if shown > 0 { "\n" } else { "" };
        let _ = writeln!(out, "{bullet}and {} more", total - shown);
    }
    out.push('\n');
}
