//! The actions for people: first the one thing to do today.

use std::fmt::Write as _;
use std::io;

use super::{NextReport, points};
use crate::next::{Action, Factor, Term};
use crate::report::Style;
use crate::report::style::wrap;

/// Columns of a heading.
const HEADING: usize = 15;

/// Lines of a diff that are shown where nobody asks for it.
const MOST_LINES: usize = 24;

pub(super) fn write(
    report: &NextReport<'_>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut text = String::new();
    let Some((_, today)) = report.shown().next() else {
        return writeln!(out, "{}", style.plain(&report.nothing()));
    };
    let about = style.plain(&report.about(today)).into_owned();
    let what = style.plain(&today.what).into_owned();
    let first = format!("today: {about}: {what}");
    for line in wrap(&first, style.prose(), "", "  ") {
        let _ = writeln!(text, "{}", style.strong(&line));
    }
    for (number, action) in report.shown() {
        text.push('\n');
        item(report, number, action, style, &mut text);
    }
    let rest = report.rest();
    if rest > 0 {
        let more = if rest == 1 { "action" } else { "actions" };
        let line = format!("{rest} more {more}: --limit shows them");
        let _ = writeln!(text, "\n{}", style.faint(&line));
    }
    out.write_all(text.as_bytes())
}

fn item(report: &NextReport<'_>, number: usize, action: &Action, style: &Style, out: &mut String) {
    let about = report.about(action);
    let about = style.strong(&style.plain(&about));
    let dot = if style.unicode { "·" } else { "-" };
    let _ = writeln!(
        out,
        "{number}. {about}  {}",
        style.faint(&format!("{}  {dot}  {}", points(action.score), action.id))
    );
    let place = &action.place;
    let path = style.plain(&place.path);
    let way = report.way(action);
    let size = report.size(action);
    let _ = writeln!(out, "   {path}:{}  {dot}  {way}  {dot}  {size}", place.line);
    for obstacle in &action.obstacles {
        let words = format!("{} ({}:{})", obstacle.says, obstacle.path, obstacle.line);
        paragraph("but", &words, style, out);
    }
    paragraph("do", &action.what, style, out);
    if let Some(by) = &action.decided_by {
        paragraph("decided by", by, style, out);
    }
    paragraph("why now", &action.why.join("; "), style, out);
    for (at, check) in action.check.iter().enumerate() {
        let heading = if at == 0 { "check first" } else { "" };
        paragraph(heading, check, style, out);
    }
    paragraph("no longer yours", &action.relieves.join(", "), style, out);
    paragraph("goes with it", &report.goes(action), style, out);
    paragraph("to undo", &action.undo, style, out);
    change(report, number, action, style, out);
    if let Some(like) = report.like(action) {
        paragraph("like it", &like, style, out);
    }
    if report.sums {
        sums(action, style, out);
    }
}

/// The exact change: what to know of it, how it is made, and the diff.
fn change(
    report: &NextReport<'_>,
    number: usize,
    action: &Action,
    style: &Style,
    out: &mut String,
) {
    let Some(words) = report.change(action) else {
        return;
    };
    paragraph("change", &words, style, out);
    paragraph(
        "to make it",
        &report
            .apply(&number.to_string(), action)
            .unwrap_or_default(),
        style,
        out,
    );
    let Some(diff) = report.diff(action) else {
        return;
    };
    let lines = diff.split_terminator('\n');
    let all = lines.clone().count();
    let most = if report.whole_diffs { all } else { MOST_LINES };
    for line in lines.take(most) {
        let _ = writeln!(out, "     {}", style.diff_line(line, false));
    }
    if all > most {
        let rest = format!("{} more lines: --diff shows them", all - most);
        let _ = writeln!(out, "     {}", style.faint(&rest));
    }
}

fn paragraph(heading: &str, words: &str, style: &Style, out: &mut String) {
    if words.is_empty() {
        return;
    }
    let words = style.plain(words);
    let indent = " ".repeat(3 + HEADING + 2);
    let width = style.prose().max(indent.len() + 20);
    for (at, line) in wrap(&words, width - indent.len(), "", "")
        .iter()
        .enumerate()
    {
        if at == 0 {
            let heading = format!("{heading:<HEADING$}");
            let _ = writeln!(out, "   {}  {line}", style.lead(&heading));
        } else {
            let _ = writeln!(out, "{indent}{line}");
        }
    }
}

fn sums(action: &Action, style: &Style, out: &mut String) {
    let terms = |terms: &[Term]| {
        let all = terms.iter();
        let all = all.map(|term| format!("{} {}", points(term.amount), term.says));
        all.collect::<Vec<_>>().join(" + ")
    };
    let sum = |terms: &[Term]| points(terms.iter().map(|term| term.amount).sum());
    let value = format!("{} = {}", sum(&action.value), terms(&action.value));
    paragraph("value", &value, style, out);
    let effort = format!("{} = {}", sum(&action.effort), terms(&action.effort));
    paragraph("effort", &effort, style, out);
    let factors = action.trust.iter();
    let factors = factors.map(|Factor { says, by, .. }| format!("{by} {says}"));
    let factors: Vec<String> = factors.collect();
    paragraph("trust", &factors.join(" x "), style, out);
    let mut score = format!("{} / {}", sum(&action.value), sum(&action.effort));
    for factor in &action.trust {
        let _ = write!(score, " x {}", factor.by);
    }
    let score = format!("{} = {score}", points(action.score));
    paragraph("score", &score, style, out);
}
