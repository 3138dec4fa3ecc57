//! Tables by owner and by value stream, folded: who has something to do reads them.

use std::fmt::Write as _;

use super::MOST_ROWS;
use super::escape::text;
use super::paper::Paper;
use crate::analysis::summary::{count, whole};
use crate::analysis::{Group, Grouping};
use crate::compare::Compared;
use crate::liability::{self, LiabilityTally};
use crate::report::Style;

/// The table that was asked for, else those in which there is more than one row.
pub fn write(report: &Compared, style: &Style, paper: Paper, out: &mut String) {
    match style.group_by {
        Some(by) => table(report, by, 1, paper, out),
        None => {
            for by in [Grouping::Owner, Grouping::Stream] {
                table(report, by, 2, paper, out);
            }
        }
    }
}

fn table(report: &Compared, by: Grouping, least: usize, paper: Paper, out: &mut String) {
    let rows = liability::groups(report, by);
    if rows.len() < least {
        return;
    }
    let is_owning = rows.iter().any(|(_, owned)| !owned.brief().is_empty());
    let (head, rule) = match is_owning {
        true => (" liability |", " --- |"),
        false => ("", ""),
    };
    let mut table = format!(
        "<details>\n<summary>by {}: {}</summary>\n\n| {} | all | score | open | explained | accepted | ends |{head}\n\
         | --- | ---: | ---: | ---: | ---: | ---: | --- |{rule}\n",
        by.name(),
        count(rows.len(), by.name()),
        by.name()
    );
    for (group, owned) in rows.iter().take(MOST_ROWS) {
        row(group, Some(owned).filter(|_| is_owning), by, &mut table);
    }
    if rows.len() > MOST_ROWS {
        let more = rows.len() - MOST_ROWS;
        let cell = if is_owning { " |" } else { "" };
        let _ = writeln!(table, "| and {more} more | | | | | | |{cell}");
    }
    table.push_str("\n</details>\n\n");
    if paper.measure(out) + paper.measure(&table) < paper.all() - 4_000 {
        out.push_str(&table);
    }
}

fn row(group: &Group, owned: Option<&LiabilityTally>, by: Grouping, out: &mut String) {
    let name = group.name.as_deref().map_or(by.none().into(), text);
    let score = group.count.score().map(whole).unwrap_or_default();
    let _ = write!(out, "| {name} | {} | {score} |", group.count.total());
    for number in [group.open, group.explained, group.accepted] {
        let _ = match number {
            0 => write!(out, " |"),
            number => write!(out, " {number} |"),
        };
    }
    match &group.first_end {
        Some(first) => {
            let _ = write!(out, " {} from {} |", group.ends, text(first));
        }
        None => out.push_str(" |"),
    }
    match owned.map(LiabilityTally::brief) {
        Some(brief) if !brief.is_empty() => {
            let _ = write!(out, " {brief} |");
        }
        Some(_) => out.push_str(" |"),
        None => {}
    }
    out.push('\n');
}
