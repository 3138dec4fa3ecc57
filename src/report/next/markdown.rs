//! The actions for an issue, a chat, a board.

use std::fmt::Write as _;
use std::io;

use super::{NextReport, points};
use crate::next::{Action, Term};
use crate::report::markdown::escape::{code, diff_block, text, unreadable};

pub(super) fn write(report: &NextReport<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = String::from("### sfl: the next best action\n\n");
    if let Some(purpose) = &report.analysis.purpose {
        let _ = writeln!(page, "Purpose: {}\n", text(purpose));
    }
    let Some((_, today)) = report.shown().next() else {
        let _ = writeln!(page, "{}", text(&report.nothing()));
        page.push_str(&unreadable(report.analysis));
        return out.write_all(page.as_bytes());
    };
    let about = report.about(today);
    let _ = writeln!(page, "**Today: {}**: {}\n", text(&about), text(&today.what));
    for (number, action) in report.shown() {
        item(report, number, action, &mut page);
    }
    let rest = report.rest();
    if rest > 0 {
        let more = if rest == 1 { "action" } else { "actions" };
        let _ = writeln!(page, "\n{rest} more {more}.");
    }
    page.push_str(&unreadable(report.analysis));
    out.write_all(page.as_bytes())
}

fn item(report: &NextReport<'_>, number: usize, action: &Action, out: &mut String) {
    let place = format!("{}:{}", action.place.path, action.place.line);
    let _ = writeln!(
        out,
        "{number}. **{}** in {} ({}; {}; {})",
        text(&report.about(action)),
        code(&place),
        text(&report.way(action)),
        report.size(action),
        points(action.score)
    );
    for obstacle in &action.obstacles {
        let place = format!("{}:{}", obstacle.path, obstacle.line);
        row(out, "But", &format!("{} ({place})", obstacle.says));
    }
    row(out, "Do", &action.what);
    row(
        out,
        "Decided by",
        action.decided_by.as_deref().unwrap_or_default(),
    );
    row(out, "Why now", &action.why.join("; "));
    for check in &action.check {
        row(out, "Check first", check);
    }
    row(out, "No longer yours", &action.relieves.join(", "));
    row(out, "Goes with it", &report.goes(action));
    row(out, "To undo", &action.undo);
    row(out, "Change", &report.change(action).unwrap_or_default());
    // Whoever reads it elsewhere may see other numbers.
    if let Some(call) = report.apply(&action.id, action) {
        let _ = writeln!(out, "   - To make it: {}", code(&call));
    }
    if let Some(diff) = report.diff(action) {
        let _ = writeln!(out);
        for line in diff_block(diff).lines() {
            let _ = writeln!(out, "     {line}");
        }
        let _ = writeln!(out);
    }
    row(out, "Like it", &report.like(action).unwrap_or_default());
    if report.sums {
        row(out, "Value", &terms(&action.value));
        row(out, "Effort", &terms(&action.effort));
        let trust = action.trust.iter();
        let trust = trust.map(|factor| format!("{} {}", factor.by, factor.says));
        row(out, "Trust", &trust.collect::<Vec<_>>().join(", "));
    }
}

fn row(out: &mut String, heading: &str, words: &str) {
    if !words.is_empty() {
        let _ = writeln!(out, "   - {heading}: {}", text(words));
    }
}

fn terms(terms: &[Term]) -> String {
    let sum: f64 = terms.iter().map(|term| term.amount).sum();
    let all = terms.iter();
    let all = all.map(|term| format!("{} {}", points(term.amount), term.says));
    format!("{} = {}", points(sum), all.collect::<Vec<_>>().join(" + "))
}
