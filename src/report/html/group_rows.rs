//! The tables by owner and by value stream.

use super::shown;
use crate::analysis::summary::whole;
use crate::analysis::{Grouping, grouping};
use crate::compare::Compared;

/// Rows of a table; who needs more takes the JSON.
const MOST_ROWS: usize = 200;

/// One table.
pub struct GroupTable {
    pub by: &'static str,
    pub rows: Vec<GroupRow>,
    pub more: usize,
}

/// One row.
pub struct GroupRow {
    pub name: String,
    pub decisions: usize,
    pub score: f64,
    pub open: usize,
    pub explained: usize,
    pub accepted: usize,
    pub ends: String,
}

/// Those that say anything: there is an owner, a value stream.
pub fn tables(report: &Compared) -> Vec<GroupTable> {
    let has_owners = report.decisions.iter().any(|one| one.owner.is_some());
    let has_streams = !report.streams.is_empty();
    let wanted = [
        (Grouping::Owner, has_owners),
        (Grouping::Stream, has_streams),
    ];
    let wanted = wanted.into_iter().filter(|(_, wanted)| *wanted);
    wanted.map(|(by, _)| table(report, by)).collect()
}

fn table(report: &Compared, by: Grouping) -> GroupTable {
    let groups = grouping::of(report, by);
    let more = groups.len().saturating_sub(MOST_ROWS);
    let rows = groups.into_iter().take(MOST_ROWS).map(|group| GroupRow {
        name: group
            .name
            .as_deref()
            .map_or_else(|| by.none().to_owned(), shown),
        decisions: group.count.total(),
        score: group.count.score().map(whole).unwrap_or_default(),
        open: group.open,
        explained: group.explained,
        accepted: group.accepted,
        ends: match &group.first_end {
            Some(first) => format!("{} from {}", group.ends, shown(first)),
            None => String::new(),
        },
    });
    GroupTable {
        by: by.name(),
        rows: rows.collect(),
        more,
    }
}
