//! The trend for an issue or a chat: the numbers at both ends, and the commits that moved most.

use std::io::{self, Write};

use super::trend_words::{self, MOST_MOVES};
use crate::analysis::Grouping;
use crate::report::markdown::escape;
use crate::trend::{NamedTally, Point, Trend};

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}\n", trend_words::title(trend))?;
    writeln!(out, "{}.\n", trend_words::summary(trend, "→"))?;
    let known = |point: &&Point| point.tally.is_some();
    let first = trend.points.iter().find(known);
    let last = trend.points.iter().rfind(known);
    if let (Some(first), Some(last)) = (first, last) {
        // One point is told once.
        let then = |text: String| match first.id == last.id {
            true => String::new(),
            false => format!(" {text} |"),
        };
        writeln!(out, "| |{} {} |", then(first.day.to_string()), last.day)?;
        writeln!(out, "| --- |{} ---: |", then("---:".to_owned()))?;
        let score = |point: &Point| trend_words::score(point.score()).unwrap_or("–".to_owned());
        let before = then(format!("**{}**", score(first)));
        writeln!(out, "| **score** |{before} **{}** |", score(last))?;
        for (name, of) in trend_words::rows(trend) {
            let [from, to] = [of(first), of(last)].map(Option::unwrap_or_default);
            if from + to > 0 {
                writeln!(out, "| {name} |{} {to} |", then(from.to_string()))?;
            }
        }
        writeln!(out)?;
        if let Some(by) = trend.by {
            groups(by, first, last, out)?;
        }
        for standing in &last.targets {
            writeln!(out, "- {}", escape::text(&standing.words()))?;
        }
        if !last.targets.is_empty() {
            writeln!(out)?;
        }
    }
    for (name, commits) in trend_words::directions(trend) {
        if commits.is_empty() {
            continue;
        }
        writeln!(out, "**{name}**\n")?;
        for commit in commits {
            let subject = escape::text(&commit.subject);
            let rungs = trend_words::rungs(commit.weight(), true);
            let id = trend_words::short(&commit.id);
            writeln!(out, "- {} `{id}` {rungs}: {subject}", commit.day)?;
            let moves = trend_words::heaviest(commit);
            for one in moves.iter().take(MOST_MOVES) {
                let change = trend_words::change(one, "→");
                let (name, path) = (escape::text(&one.name), escape::text(&one.path));
                writeln!(out, "  - {name} in {path}: {}", escape::text(&change))?;
            }
            if moves.len() > MOST_MOVES {
                writeln!(out, "  - and {} more", moves.len() - MOST_MOVES)?;
            }
        }
        writeln!(out)?;
    }
    for gap in trend_words::gaps(trend) {
        writeln!(out, "_{}_\n", escape::prose(&gap))?;
    }
    Ok(())
}

fn groups(by: Grouping, first: &Point, last: &Point, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "| {} | score | without a reason | decisions |",
        by.name()
    )?;
    writeln!(out, "| --- | ---: | ---: | ---: |")?;
    for group in &last.groups {
        let before = first.groups.iter().find(|one| one.name == group.name);
        let score = |group: &NamedTally| trend_words::score(group.tally.count.score());
        let step = |of: &dyn Fn(&NamedTally) -> Option<String>| {
            let from = before.and_then(of).unwrap_or("–".to_owned());
            let to = of(group).unwrap_or("–".to_owned());
            if from == to {
                to
            } else {
                format!("{from} → {to}")
            }
        };
        let name = group.name.as_deref().unwrap_or(by.none());
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            escape::text(name),
            step(&score),
            step(&|group| Some(group.tally.open.to_string())),
            step(&|group| Some(group.tally.count.total().to_string())),
        )?;
    }
    writeln!(out)
}
