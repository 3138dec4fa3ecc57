//! One line a point, and one more for each group of it, for a spreadsheet.

use std::io::{self, Write};

use super::json::score;
use crate::report::csv::{cell, failed, table};
use crate::trend::{Tally, Trend};

/// The columns. New ones are added at the end; none is renamed or moved.
const COLUMNS: [&str; 20] = [
    "day",
    "commit",
    "group",
    "score",
    "decisions",
    "serverless",
    "capacity",
    "cluster",
    "server",
    "open",
    "explained",
    "accepted",
    "due",
    "overdue",
    "unreadable",
    "script_lines",
    "custom_images",
    "agents",
    "rules_by_hand",
    "liability_unknown",
];

/// Writes the lines.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let mut table = table(&COLUMNS, out)?;
    let none = trend.by.map_or("", crate::analysis::Grouping::none);
    for point in &trend.points {
        let whole = point.tally.iter().map(|tally| (String::new(), tally));
        let groups = point.groups.iter().map(|group| {
            let name = group.name.as_deref().unwrap_or(none);
            (cell(name), &group.tally)
        });
        for (name, tally) in whole.chain(groups) {
            let start = [point.day.to_string(), point.id.clone(), name];
            let owned = tally.owned;
            let end = [
                point.unreadable,
                owned.lines,
                owned.images,
                owned.agents,
                owned.rules,
                owned.unknown,
            ];
            let end = end.map(|number| number.to_string());
            let row = start.into_iter().chain(numbers(tally)).chain(end);
            table.write_record(row).map_err(failed)?;
        }
    }
    table.flush()
}

fn numbers(tally: &Tally) -> Vec<String> {
    let score = score(&tally.count).map_or(String::new(), |score| score.to_string());
    let [serverless, capacity, cluster, server] = tally.count.rungs;
    let numbers = [
        tally.count.total(),
        serverless,
        capacity,
        cluster,
        server,
        tally.open,
        tally.explained,
        tally.accepted,
        tally.due,
        tally.overdue,
    ];
    std::iter::once(score)
        .chain(numbers.map(|number| number.to_string()))
        .collect()
}
