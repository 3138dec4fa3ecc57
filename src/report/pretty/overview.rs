//! What stands below the findings: the score in five seconds, and with `--verbose` everything that was counted.

use std::fmt::Write as _;
use std::io;

use anstyle::AnsiColor;

use super::{Style, wrap, wrapped};
use crate::analysis::Count;
use crate::analysis::summary::{Summary, count, whole};
use crate::analysis::{Decision, Rung};
use crate::compare::Compared;
use crate::report::gaps;
use crate::report::phrases::{self, reasons};

/// Decisions that are named beside the score, because other values make them worse.
const MOST_ELSEWHERE: usize = 10;

/// Cells of a bar: as many as fit beside the longest line.
const CELLS: [usize; 2] = [20, 10];

pub fn write(report: &Compared, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let summary = Summary::of(report);
    let mut text = String::new();
    if style.verbose {
        decisions(report, &summary, style, &mut text);
        machinery(report, style, &mut text);
        unknown_types(report, style, &mut text);
        passed_over(report, style, &mut text);
    }
    match summary.all.score() {
        Some(score) => {
            // A change is read by who knows the estate: one line is enough.
            let estate = report.change.as_ref().filter(|_| !style.verbose);
            match estate.and_then(|_| phrases::estate(&summary, &phrases::templates(report))) {
                Some(line) => {
                    let line = style.plain(&(line + &gaps::beside(report))).into_owned();
                    let wrap = wrapped(style.prose()).subsequent_indent("  ");
                    let _ = writeln!(text, "{}", textwrap::fill(&line, wrap));
                }
                None => {
                    head(report, &summary, score, style, &mut text);
                    ladders(&summary, style, &mut text);
                }
            }
            super::group_table::write(report, style, &mut text);
            let _ = writeln!(
                text,
                "{}",
                textwrap::fill(&reasons(report, &summary), wrapped(style.prose()))
            );
        }
        None => {
            let fails = gaps::listed("", &phrases::beside_reasons(report));
            if !fails.is_empty() {
                let wrap = wrapped(style.prose());
                let _ = writeln!(text, "{}", textwrap::fill(&fails, wrap));
            }
            let nothing = phrases::nothing(report);
            let nothing = style.plain(&nothing);
            let _ = writeln!(text, "{}", textwrap::fill(&nothing, wrapped(style.prose())));
        }
    }
    if let Some(words) = phrases::owned(report) {
        let words = format!("{words} (sfl liability shows where)");
        let _ = writeln!(text, "{}", textwrap::fill(&words, wrapped(style.prose())));
    }
    targets(report, style, &mut text);
    if !style.verbose {
        elsewhere(report, style, &mut text);
    }
    for sentence in phrases::set_aside(report)
        .into_iter()
        .chain(gaps::sentences(report))
    {
        let sentence = style.plain(&sentence);
        let _ = writeln!(
            text,
            "{}",
            textwrap::fill(&sentence, wrapped(style.prose()).break_words(false))
        );
    }
    super::since::write_known(report, style, &mut text);
    let _ = writeln!(
        text,
        "{}",
        style.faint(&textwrap::fill(
            &read(report, style),
            wrapped(style.prose())
        ))
    );
    out.write_all(text.as_bytes())
}

fn head(report: &Compared, summary: &Summary<'_>, score: f64, style: &Style, out: &mut String) {
    let decisions = count(summary.all.total(), "decision");
    let templates = phrases::templates(report);
    let dot = dot(style);
    let score = style.strong(&format!("score {}", whole(score)));
    if let Some(purpose) = &report.purpose {
        let purpose = format!("purpose: {}", style.plain(purpose));
        let _ = writeln!(out, "{}", textwrap::fill(&purpose, wrapped(style.prose())));
    }
    let beside = gaps::counted(report, false).join(", ");
    let mut beside = style.plain(&beside).into_owned();
    if !beside.is_empty() {
        beside.insert_str(0, &format!("{dot}not read: "));
    }
    let line = format!("{decisions} in {templates}{dot}{score}{beside}");
    let wrap = wrapped(style.width).subsequent_indent("  ");
    let _ = writeln!(out, "{}\n", textwrap::fill(&line, wrap));
}

fn ladders(summary: &Summary<'_>, style: &Style, out: &mut String) {
    let widest = summary
        .ladders
        .iter()
        .map(|(ladder, _)| ladder.name.len())
        .max()
        .unwrap_or(0);
    let longest = summary
        .ladders
        .iter()
        .map(|(_, count)| rungs(count, style).chars().count())
        .max();
    let taken = widest + longest.unwrap_or(0) + 10;
    let cells = if taken + CELLS[0] <= style.width {
        CELLS[0]
    } else {
        CELLS[1]
    };
    for (ladder, count) in &summary.ladders {
        let Some(score) = count.score() else { continue };
        let bar = bar(score, cells, style);
        let name = &ladder.name;
        let start = format!("  {name:widest$}  {bar} {:>3}  ", whole(score));
        let below = " ".repeat(widest + cells + 10);
        let wrap = wrapped(style.width)
            .initial_indent(&start)
            .subsequent_indent(&below);
        let _ = writeln!(out, "{}", textwrap::fill(&rungs(count, style), wrap));
    }
    out.push('\n');
}

/// The way to each target.
fn targets(report: &Compared, style: &Style, out: &mut String) {
    for words in phrases::targets(report) {
        let words = style.plain(&words);
        for line in wrap(&words, style.prose(), "", "  ") {
            let _ = writeln!(out, "{line}");
        }
    }
}

/// A bar that is empty only at 0 and full only at 100.
fn bar(score: f64, width: usize, style: &Style) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a handful of cells"
    )]
    let cells = (score / 100.0 * width as f64).round() as usize;
    let cells = cells.clamp(usize::from(score > 0.0), width - usize::from(score < 100.0));
    let (full, empty) = if style.unicode {
        ("█", "░")
    } else {
        ("#", "-")
    };
    let color = match score {
        _ if score >= 70.0 => AnsiColor::Green,
        _ if score >= 30.0 => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    let done = style.paint(color.on_default(), &full.repeat(cells));
    format!("{done}{}", style.faint(&empty.repeat(width - cells)))
}

/// `14 serverless · 2 server`, without rungs that nothing stands on.
fn rungs(count: &Count, style: &Style) -> String {
    let some = Rung::ALL
        .iter()
        .zip(count.rungs)
        .filter(|(_, number)| *number > 0);
    let some: Vec<String> = some
        .map(|(rung, number)| format!("{number} {}", rung.name()))
        .collect();
    some.join(dot(style))
}

/// What other values make a fallback: the score does not show it.
fn elsewhere(report: &Compared, style: &Style, out: &mut String) {
    let all = phrases::elsewhere(report);
    if all.is_empty() {
        return;
    }
    let decisions = count(all.len(), "decision");
    let verb = if all.len() == 1 { "is" } else { "are" };
    let head = format!("{decisions} {verb} worse with other values:");
    let _ = writeln!(out, "{head}");
    for (path, words) in all.iter().take(MOST_ELSEWHERE) {
        let line = format!("{} ({})", style.plain(words), style.plain(path));
        for line in wrap(&line, style.prose(), "  ", "    ") {
            let _ = writeln!(out, "{line}");
        }
    }
    if let Some(rest @ 1..) = all.len().checked_sub(MOST_ELSEWHERE) {
        let _ = writeln!(out, "  and {rest} more (--verbose lists all decisions)");
    }
}

fn read(report: &Compared, style: &Style) -> String {
    let mut text = format!("read {}", phrases::templates(report));
    if !report.deployments.is_empty() {
        let _ = write!(text, " {}", phrases::deployments(report));
    }
    if report.skipped() > 0 {
        let skipped = count(report.skipped(), "other file");
        let _ = write!(text, ", skipped {skipped}");
    }
    text.push_str(&phrases::unreadable(report));
    if !report.machinery.is_empty() {
        let helpers = count(report.machinery.len(), "deployment helper");
        let _ = write!(text, ", left out {helpers}");
    }
    let mut more = Vec::new();
    if !report.unknown_types.is_empty() {
        more.push(count(report.unknown_types.len(), "unknown type"));
    }
    more.extend(gaps::passed_over(report, style.verbose));
    let hint = if style.verbose || more.is_empty() {
        ""
    } else {
        " (--verbose lists them)"
    };
    for word in more {
        let _ = write!(text, ", {word}");
    }
    text.push_str(hint);
    let elapsed = report.elapsed;
    if elapsed.as_secs() > 0 {
        let _ = write!(text, ", {:.1} s", elapsed.as_secs_f64());
    } else {
        let _ = write!(text, ", {} ms", elapsed.as_millis());
    }
    text
}

/// What only the deployment uses.
fn machinery(report: &Compared, style: &Style, out: &mut String) {
    if report.machinery.is_empty() {
        return;
    }
    let helpers = count(report.machinery.len(), "deployment helper");
    let _ = writeln!(
        out,
        "{} left out: nothing but the deployment uses them",
        style.strong(&helpers)
    );
    for one in &report.machinery {
        let _ = writeln!(
            out,
            "  {}  {}",
            style.plain(one.construct.as_deref().unwrap_or(&one.address)),
            style.faint(&format!(
                "{} in {}: {}",
                style.plain(&one.kind),
                style.plain(&one.path),
                style.plain(&one.why)
            ))
        );
    }
    out.push('\n');
}

fn unknown_types(report: &Compared, style: &Style, out: &mut String) {
    if report.unknown_types.is_empty() {
        return;
    }
    let types = count(report.unknown_types.len(), "type");
    let _ = writeln!(
        out,
        "{} that the catalogue does not know",
        style.strong(&types)
    );
    let widest = report
        .unknown_types
        .values()
        .max()
        .copied()
        .unwrap_or(0)
        .to_string()
        .len();
    for (name, number) in &report.unknown_types {
        let _ = writeln!(out, "  {number:>widest$}  {}", style.plain(name));
    }
    out.push('\n');
}

/// What was left out on purpose.
fn passed_over(report: &Compared, style: &Style, out: &mut String) {
    for (kind, group) in report.unread.groups().filter(|(kind, _)| !kind.is_gap()) {
        let _ = writeln!(out, "{}", style.strong(&gaps::heading(kind, group)));
        for item in &group.items {
            let _ = writeln!(out, "  {}", style.plain(&gaps::item(item)));
        }
        let more = group.count.saturating_sub(group.items.len());
        if more > 0 {
            let _ = writeln!(out, "  {more} more");
        }
        out.push('\n');
    }
}

/// Every decision, file by file.
fn decisions(report: &Compared, summary: &Summary<'_>, style: &Style, out: &mut String) {
    let mut rest = &report.decisions[..];
    while let Some(first) = rest.first() {
        let length = rest
            .iter()
            .take_while(|decision| decision.path == first.path)
            .count();
        let (here, after) = rest.split_at(length);
        rest = after;
        let path = style.plain(&first.path);
        let score = summary
            .files
            .get(&*first.path)
            .and_then(Count::score)
            .unwrap_or_default();
        let dot = dot(style);
        let _ = writeln!(
            out,
            "{}{dot}{}{dot}score {}",
            style.strong(&path),
            count(length, "decision"),
            whole(score)
        );
        let codes: Vec<String> = here.iter().map(|one| one.code().to_string()).collect();
        let code_width = codes.iter().map(String::len).max().unwrap_or(0);
        let address_width = here
            .iter()
            .map(|one| textwrap::core::display_width(one.name()))
            .max();
        let address_width = address_width.unwrap_or(0).min(40);
        for (decision, code) in here.iter().zip(&codes) {
            let address = style.plain(decision.name());
            let (path, start, _) = decision.place();
            let file = match decision.written {
                Some(_) => format!("{}:", style.plain(path)),
                None => String::new(),
            };
            let gap = address_width.saturating_sub(textwrap::core::display_width(&address));
            let _ = write!(
                out,
                "  {} {code:code_width$}  {address}{:gap$}  {}",
                decision.rung.number(),
                "",
                style.faint(&format!(
                    "{} at {file}{}:{}",
                    style.plain(&decision.kind),
                    start.line,
                    start.column
                )),
            );
            for word in words(decision) {
                let _ = write!(out, ", {}", style.plain(&word));
            }
            out.push('\n');
        }
        out.push('\n');
    }
}

fn words(decision: &Decision) -> Vec<String> {
    let mut words = Vec::new();
    if decision.conditional {
        words.push(match &decision.conditional_on[..] {
            [] => "conditional".to_owned(),
            names => format!("conditional ({})", names.join(", ")),
        });
    }
    if !decision.is_counted {
        words.push("left out by the given values".to_owned());
    }
    if decision.uncertain() {
        words.push("uncertain".to_owned());
    }
    for reach in &decision.reachable {
        words.push(format!("{} {}", reach.rung.name(), reach.words()));
    }
    if let Some(justification) = &decision.justification {
        let because = justification.reason.because.as_ref();
        words.push(match because {
            Some(because) => format!("explained ({})", because.text),
            None => "explained".to_owned(),
        });
    }
    words
}

fn dot(style: &Style) -> &'static str {
    if style.unicode { " · " } else { ", " }
}
