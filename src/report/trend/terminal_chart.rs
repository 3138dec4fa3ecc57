//! The trend for a terminal: the score as a chart, each number as a line of its own, and the commits that moved most.

use std::io::{self, Write};

use anstyle::AnsiColor;

use super::trend_words::{self, MOST_MOVES};
use crate::analysis::Grouping;
use crate::analysis::summary::whole;
use crate::report::Style;
use crate::report::style::wrap;
use crate::trend::{MovedCommit, NamedTally, Point, Trend};

/// Lines of the chart.
const LINES: usize = 8;
/// Columns before the chart.
const MARGIN: usize = 6;
/// Columns of a small line.
const SMALL: usize = 24;
/// Groups that are shown.
const MOST_GROUPS: usize = 12;

const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Without Unicode a cell is there or not.
const PLAIN: [char; 9] = [' ', '.', '.', ':', ':', '+', '+', '#', '#'];

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(trend: &Trend, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let arrow = if style.unicode { "→" } else { "->" };
    writeln!(out, "{}", style.strong(&trend_words::title(trend)))?;
    writeln!(out, "{}", trend_words::summary(trend, arrow))?;
    let known = |point: &&Point| point.tally.is_some();
    let first = trend.points.iter().find(known);
    let last = trend.points.iter().rfind(known);
    if let (Some(first), Some(last)) = (first, last) {
        writeln!(out)?;
        if trend.points.iter().any(|point| point.score().is_some()) {
            chart(trend, style, out)?;
            writeln!(out)?;
        }
        table(trend, (first, last), style, out)?;
        if let Some(by) = trend.by {
            groups(trend, by, (first, last), style, out)?;
        }
        if !last.targets.is_empty() {
            writeln!(out)?;
            for standing in &last.targets {
                let words = standing.words();
                lines(&style.plain(&words), "", style, out)?;
            }
        }
    }
    for (name, commits) in trend_words::directions(trend) {
        if commits.is_empty() {
            continue;
        }
        writeln!(out, "\n{}", style.strong(name))?;
        for commit in commits {
            moved(commit, arrow, style, out)?;
        }
    }
    let gaps = trend_words::gaps(trend);
    if !gaps.is_empty() {
        writeln!(out)?;
        for gap in gaps {
            lines(&format!("note: {gap}"), "      ", style, out)?;
        }
    }
    Ok(())
}

fn lines(text: &str, indent: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for line in wrap(text, style.prose(), "", indent) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// For each of so many columns the point that it shows: time runs evenly, as long as there is any.
fn columns(trend: &Trend, most: usize) -> Vec<&Point> {
    let points = &trend.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let days = usize::try_from((last.day - first.day).get_days()).unwrap_or(0);
    if points.len() <= most && days < most {
        // Each point is as wide as the others.
        let wide = (most / points.len()).clamp(1, 4);
        return points
            .iter()
            .flat_map(|point| std::iter::repeat_n(point, wide))
            .collect();
    }
    if days < most {
        let at = |column: usize| (column + 1) * points.len() / most;
        return (0..most)
            .map(|column| &points[at(column).saturating_sub(1)])
            .collect();
    }
    let mut shown = Vec::with_capacity(most);
    let mut at = 0;
    for column in 0..most {
        // The end of the time that the column stands for.
        let until = days * (column + 1) / most;
        while let Some(next) = points.get(at + 1) {
            let day = usize::try_from((next.day - first.day).get_days()).unwrap_or(0);
            if day > until {
                break;
            }
            at += 1;
        }
        shown.push(&points[at]);
    }
    shown
}

fn chart(trend: &Trend, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = columns(trend, style.width.min(120).saturating_sub(MARGIN + 1));
    let cells = if style.unicode { EIGHTHS } else { PLAIN };
    let (bar, corner, dash) = match style.unicode {
        true => ("┤", "└", "─"),
        false => ("|", "+", "-"),
    };
    let scores: Vec<Option<f64>> = shown.iter().map(|point| point.score()).collect();
    for line in (0..LINES).rev() {
        let label = match line {
            7 => "100",
            3 => "50",
            _ => "",
        };
        write!(
            out,
            "{label:>4} {}",
            style.faint(if label.is_empty() && style.unicode {
                "│"
            } else {
                bar
            })
        )?;
        let mut run = String::new();
        let mut color = None;
        for score in &scores {
            let (cell, next) = match score {
                Some(score) => (cells[eighths(*score, line)], Some(hue(*score))),
                None => (' ', color),
            };
            if next != color {
                flush(&mut run, color, style, out)?;
                color = next;
            }
            run.push(cell);
        }
        flush(&mut run, color, style, out)?;
        writeln!(out)?;
    }
    writeln!(
        out,
        "{:>4} {}",
        "0",
        style.faint(&format!("{corner}{}", dash.repeat(shown.len())))
    )?;
    if let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) {
        let (first, last) = (first.day.to_string(), last.day.to_string());
        let gap = shown.len().saturating_sub(first.len() + last.len());
        if first == last {
            writeln!(out, "{:MARGIN$}{}", "", style.faint(&first))?;
        } else if gap > 0 {
            writeln!(
                out,
                "{:MARGIN$}{}",
                "",
                style.faint(&format!("{first}{}{last}", " ".repeat(gap)))
            )?;
        }
    }
    Ok(())
}

fn flush(
    run: &mut String,
    color: Option<AnsiColor>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = std::mem::take(run);
    match color {
        Some(color) if !text.trim().is_empty() => {
            write!(out, "{}", style.paint(color.on_default(), &text))
        }
        _ => write!(out, "{text}"),
    }
}

/// As the bars of a report.
fn hue(score: f64) -> AnsiColor {
    match score {
        _ if score >= 70.0 => AnsiColor::Green,
        _ if score >= 30.0 => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    }
}

/// How much of a cell is filled, in eighths. A score above nothing shows.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a handful of cells"
)]
fn eighths(score: f64, line: usize) -> usize {
    let all = (score / 100.0 * (LINES * 8) as f64).round() as usize;
    let all = all.max(usize::from(line == 0));
    all.saturating_sub(line * 8).min(8)
}

/// A line of numbers in one row of cells, from the least to the most.
fn small(values: &[Option<usize>], style: &Style) -> String {
    let most = values.iter().flatten().max().copied().unwrap_or(0);
    let cells = if style.unicode { EIGHTHS } else { PLAIN };
    let cell = |value: &Option<usize>| match value {
        None => ' ',
        Some(0) => cells[0],
        Some(value) => cells[(value * 8).div_ceil(most.max(1)).clamp(1, 8)],
    };
    values.iter().map(cell).collect()
}

fn table(
    trend: &Trend,
    (first, last): (&Point, &Point),
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = columns(trend, SMALL);
    // As wide as it may become.
    let shown: Vec<&Point> = match shown.len() > SMALL {
        true => trend.points.iter().collect(),
        false => shown,
    };
    // One point is told once.
    let is_one = first.id == last.id;
    let then = |text: String| {
        if is_one {
            String::new()
        } else {
            format!("{text:>12}")
        }
    };
    writeln!(
        out,
        "{:<18}{}{:>12}",
        "",
        then(first.day.to_string()),
        last.day.to_string()
    )?;
    let score = |point: &Point| trend_words::score(point.score()).unwrap_or("none".to_owned());
    let line = format!("{:<18}{}{:>12}", "score", then(score(first)), score(last));
    let change = match (first.score(), last.score()) {
        (Some(from), Some(to)) => signed(whole(to) - whole(from), style),
        _ => String::new(),
    };
    writeln!(out, "{}{change:>8}", style.strong(&line))?;
    for (name, of) in trend_words::rows(trend) {
        let values: Vec<Option<usize>> = shown.iter().map(|point| of(point)).collect();
        let [from, to] = [of(first), of(last)].map(Option::unwrap_or_default);
        if values.iter().flatten().all(|value| *value == 0) && from + to == 0 {
            continue;
        }
        let indent = if matches!(name, "serverless" | "capacity" | "cluster" | "server") {
            "  "
        } else {
            ""
        };
        #[expect(clippy::cast_precision_loss, reason = "a number of things")]
        let change = signed(to as f64 - from as f64, style);
        writeln!(
            out,
            "{:<18}{}{to:>12}{change:>8}  {}",
            format!("{indent}{name}"),
            then(from.to_string()),
            style.faint(&small(&values, style))
        )?;
    }
    Ok(())
}

fn signed(change: f64, style: &Style) -> String {
    match change {
        change if change > 0.0 => format!("+{change}"),
        change if change < 0.0 && style.unicode => format!("\u{2212}{}", -change),
        change if change < 0.0 => change.to_string(),
        _ => String::new(),
    }
}

fn groups(
    trend: &Trend,
    by: Grouping,
    (first, last): (&Point, &Point),
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = columns(trend, SMALL);
    writeln!(out, "\n{}", style.strong(&format!("by {}", by.name())))?;
    let name = |group: &NamedTally| {
        let name = group.name.as_deref().unwrap_or(by.none());
        style.plain(name).into_owned()
    };
    let wide = last
        .groups
        .iter()
        .take(MOST_GROUPS)
        .map(|group| textwrap::core::display_width(&name(group)));
    let wide = wide.max().unwrap_or(0).clamp(10, 36);
    writeln!(
        out,
        "{:wide$}  {:>14}  {:>18}",
        "", "score", "without a reason"
    )?;
    let arrow = if style.unicode { "→" } else { "->" };
    for group in last.groups.iter().take(MOST_GROUPS) {
        let before = first.groups.iter().find(|one| one.name == group.name);
        let score = |group: &NamedTally| trend_words::score(group.tally.count.score());
        let step = |from: Option<String>, to: Option<String>| {
            let (from, to) = (from.unwrap_or("-".to_owned()), to.unwrap_or("-".to_owned()));
            if from == to {
                to
            } else {
                format!("{from} {arrow} {to}")
            }
        };
        let values = shown.iter().map(|point| {
            let found = point.groups.iter().find(|one| one.name == group.name);
            let score = found.and_then(|group| group.tally.count.score())?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to 100"
            )]
            Some(whole(score) as usize)
        });
        let values: Vec<Option<usize>> = values.collect();
        let name = name(group);
        let pad = " ".repeat(wide.saturating_sub(textwrap::core::display_width(&name)));
        writeln!(
            out,
            "{name}{pad}  {:>14}  {:>18}  {}",
            step(before.and_then(score), score(group)),
            step(
                before.map(|one| one.tally.open.to_string()),
                Some(group.tally.open.to_string())
            ),
            style.faint(&small(&values, style))
        )?;
    }
    if last.groups.len() > MOST_GROUPS {
        writeln!(out, "and {} more", last.groups.len() - MOST_GROUPS)?;
    }
    Ok(())
}

fn moved(commit: &MovedCommit, arrow: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let weight = commit.weight();
    let rungs = trend_words::rungs(weight, style.unicode);
    let color = if weight > 0 {
        AnsiColor::Green
    } else {
        AnsiColor::Red
    };
    let rungs = style.paint(color.on_default(), &format!("{rungs:>9}"));
    let room = style.width.saturating_sub(34).max(20);
    let subject = cut(&style.plain(&commit.subject), room);
    writeln!(
        out,
        "  {}  {}  {rungs}  {subject}",
        commit.day,
        trend_words::short(&commit.id)
    )?;
    let moves = trend_words::heaviest(commit);
    for one in moves.iter().take(MOST_MOVES) {
        let text = format!(
            "{} in {}: {}",
            one.name,
            one.path,
            trend_words::change(one, arrow)
        );
        let text = style.plain(&text);
        for line in wrap(
            &text,
            style.width.min(120),
            "              ",
            "                ",
        ) {
            writeln!(out, "{}", style.faint(&line))?;
        }
    }
    if moves.len() > MOST_MOVES {
        let more = format!("              and {} more", moves.len() - MOST_MOVES);
        writeln!(out, "{}", style.faint(&more))?;
    }
    Ok(())
}

/// A text that fits.
fn cut(text: &str, room: usize) -> String {
    if textwrap::core::display_width(text) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if textwrap::core::display_width(&cut) + 4 > room {
            break;
        }
        cut.push(c);
    }
    format!("{}...", cut.trim_end())
}
