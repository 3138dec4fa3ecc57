//! The table by owner, folder, value stream, ladder, code or stack.

use std::fmt::Write as _;

use super::Style;
use crate::analysis::summary::whole;
use crate::analysis::{Group, Grouping};
use crate::compare::Compared;
use crate::liability::{self, LiabilityTally};

/// What stands above the columns behind the name. The last one is only there where it says something.
pub const HEADS: [&str; 7] = [
    "all",
    "score",
    "open",
    "explained",
    "accepted",
    "ends",
    "liability",
];

/// Columns that a name always has.
const NARROWEST: usize = 12;

/// Writes the table, if one was asked for. A name that does not fit into its column has a line of its own.
pub fn write(report: &Compared, style: &Style, out: &mut String) {
    let Some(by) = style.group_by else {
        return;
    };
    let rows: Vec<(String, [String; 7])> = liability::groups(report, by)
        .iter()
        .map(|(group, owned)| (name(group, by, style), numbers(group, owned)))
        .collect();
    if rows.is_empty() {
        return;
    }
    let mut widths = HEADS.map(str::len);
    for (_, numbers) in &rows {
        for (width, number) in widths.iter_mut().zip(numbers) {
            *width = (*width).max(number.len());
        }
    }
    let mut heads = HEADS.map(str::to_owned);
    if rows.iter().all(|(_, numbers)| numbers[6].is_empty()) {
        heads[6].clear();
        widths[6] = 0;
    }
    let wide = widths.iter().filter(|width| **width > 0);
    let taken: usize = wide.map(|width| width + 2).sum::<usize>() + 2;
    let room = style.width.saturating_sub(taken);
    let room = room.max(NARROWEST);
    let lengths = rows
        .iter()
        .map(|(name, _)| textwrap::core::display_width(name));
    let fitting = lengths.filter(|length| *length <= room).max();
    let column = fitting.unwrap_or(0).max(by.name().len());
    let head = line(by.name(), &heads, column, &widths);
    let _ = writeln!(out, "{}", style.strong(&head));
    for (name, numbers) in &rows {
        let _ = writeln!(out, "{}", line(name, numbers, column, &widths));
    }
    out.push('\n');
}

fn name(group: &Group, by: Grouping, style: &Style) -> String {
    match &group.name {
        Some(name) => style.plain(name).into_owned(),
        None => by.none().to_owned(),
    }
}

/// A zero is left out: what is there stands out.
fn numbers(group: &Group, owned: &LiabilityTally) -> [String; 7] {
    let some = |number: usize| match number {
        0 => String::new(),
        number => number.to_string(),
    };
    let score = group.count.score().map(|score| whole(score).to_string());
    let ends = match &group.first_end {
        Some(first) => format!("{} from {first}", group.ends),
        None => String::new(),
    };
    [
        group.count.total().to_string(),
        score.unwrap_or_default(),
        some(group.open),
        some(group.explained),
        some(group.accepted),
        ends,
        owned.brief(),
    ]
}

fn line(name: &str, numbers: &[String; 7], column: usize, widths: &[usize; 7]) -> String {
    let width = textwrap::core::display_width(name);
    let mut line = format!("  {name}");
    if width > column {
        let _ = write!(line, "\n  {:column$}", "");
    } else {
        let gap = column - width;
        let _ = write!(line, "{:gap$}", "");
    }
    for (at, (number, width)) in numbers.iter().zip(widths).enumerate() {
        // The last ones begin with a number and end with words.
        let _ = match at {
            5 | 6 => write!(line, "  {number:<width$}"),
            _ => write!(line, "  {number:>width$}"),
        };
    }
    line.truncate(line.trim_end().len());
    line
}
