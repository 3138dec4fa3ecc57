//! The tables by owner and by value stream: every number leads to its rows.

use super::row_links::{Linked, RowLinks, named};
use super::shown;
use crate::analysis::summary::whole;
use crate::analysis::{Group, Grouping, grouping};
use crate::compare::Compared;

/// Rows of a table; who needs more takes the JSON.
const MOST_ROWS: usize = 200;
/// Rows that are seen before the rest is unfolded.
const SEEN: usize = 6;

/// One table.
pub struct GroupTable {
    pub by: &'static str,
    /// Those with the most to explain.
    pub first: Vec<GroupRow>,
    pub rest: Vec<GroupRow>,
    /// What the JSON has beyond that.
    pub more: usize,
}

/// One row.
pub struct GroupRow {
    pub name: String,
    pub score: f64,
    pub all: Linked,
    pub open: Linked,
    pub explained: Linked,
    pub accepted: Linked,
    /// Decisions of which something ends.
    pub ends: Linked,
}

/// Those that say anything: there is an owner, a value stream.
pub fn tables(report: &Compared, links: RowLinks) -> Vec<GroupTable> {
    let has_owners = report.decisions.iter().any(|one| one.owner.is_some());
    let has_streams = !report.streams.is_empty();
    let wanted = [
        (Grouping::Owner, has_owners),
        (Grouping::Stream, has_streams),
    ];
    let wanted = wanted.into_iter().filter(|(_, wanted)| *wanted);
    wanted.map(|(by, _)| table(report, by, links)).collect()
}

fn table(report: &Compared, by: Grouping, links: RowLinks) -> GroupTable {
    let groups = grouping::of(report, by);
    let more = groups.len().saturating_sub(MOST_ROWS);
    let mut first: Vec<GroupRow> = groups
        .into_iter()
        .take(MOST_ROWS)
        .map(|group| row(&group, by, links))
        .collect();
    GroupTable {
        by: by.name(),
        rest: folded(&mut first),
        first,
        more,
    }
}

/// What comes after the first rows. One row more is no reason to fold.
pub fn folded<T>(rows: &mut Vec<T>) -> Vec<T> {
    match rows.len() > SEEN + 1 {
        true => rows.split_off(SEEN),
        false => Vec::new(),
    }
}

fn row(group: &Group, by: Grouping, links: RowLinks) -> GroupRow {
    let wish = named(group.name.as_deref());
    let own = (by.name(), &*wish);
    let of = |number, state| Linked {
        number,
        wish: links.rows(&[own, ("state", state)]),
    };
    GroupRow {
        name: group
            .name
            .as_deref()
            .map_or_else(|| by.none().to_owned(), shown),
        score: group.count.score().map(whole).unwrap_or_default(),
        all: Linked {
            number: group.count.total(),
            wish: links.counted(&[own]),
        },
        open: of(group.open, "open"),
        explained: of(group.explained, "justified"),
        accepted: of(group.accepted, "accepted"),
        ends: Linked {
            number: group.ends,
            wish: links.counted(&[own, ("lifecycle", "dated")]),
        },
    }
}
