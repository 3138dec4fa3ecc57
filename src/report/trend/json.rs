//! The trend for other programs: one object, `sfl-trend/1`. Fields may be added, never changed.

use std::io::{self, Write};

use serde::Serialize;

use crate::analysis::{Count, Rung};
use crate::report::json::{Each, TargetView, target, write_object};
use crate::trend::{DUE_DAYS, Move, MovedCommit, NamedTally, Point, Tally, Trend};

/// Writes the trend and a line break.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let object = Object {
        schema: "sfl-trend/1",
        version: env!("CARGO_PKG_VERSION"),
        every: trend.pace.name(),
        by: trend.by.map(crate::analysis::Grouping::name),
        commits: trend.commits,
        shallow: trend.is_shallow,
        due_days: DUE_DAYS,
        points: Each(trend.points.iter().map(point)),
        moves: Each(trend.moved.iter().map(moved)),
    };
    write_object(&object, out)
}

#[derive(Serialize)]
struct Object<P: Serialize, M: Serialize> {
    schema: &'static str,
    version: &'static str,
    every: &'static str,
    by: Option<&'static str>,
    commits: usize,
    shallow: bool,
    due_days: i64,
    points: P,
    moves: M,
}

#[derive(Serialize)]
struct PointView<'t> {
    commit: &'t str,
    day: String,
    subject: &'t str,
    /// Nothing else is known where it is.
    configuration_is_faulty: bool,
    unreadable: usize,
    #[serde(flatten)]
    numbers: Option<Numbers>,
    targets: Vec<TargetView<'t>>,
    groups: Vec<GroupView<'t>>,
}

#[derive(Serialize)]
struct GroupView<'t> {
    name: Option<&'t str>,
    #[serde(flatten)]
    numbers: Numbers,
}

#[derive(Serialize)]
pub(in crate::report) struct Numbers {
    score: Option<f64>,
    decisions: usize,
    rungs: Rungs,
    open: usize,
    explained: usize,
    accepted: usize,
    due: usize,
    overdue: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    liability: Option<OwnedNumbers>,
}

/// What servers make somebody own, as the summary of `sfl-liability/1` has it, and its things told apart.
#[derive(Serialize)]
struct OwnedNumbers {
    script_lines: usize,
    things: usize,
    unknown: usize,
    images: usize,
    agents: usize,
    rules: usize,
}

#[derive(Serialize)]
pub(in crate::report) struct Rungs {
    serverless: usize,
    capacity: usize,
    cluster: usize,
    server: usize,
}

/// How many there are on each rung.
pub(in crate::report) const fn rungs(count: &Count) -> Rungs {
    let Count {
        rungs: [serverless, capacity, cluster, server],
    } = *count;
    Rungs {
        serverless,
        capacity,
        cluster,
        server,
    }
}

/// The numbers of the decisions of a point.
pub(in crate::report) fn numbers(tally: &Tally) -> Numbers {
    Numbers {
        score: score(&tally.count),
        decisions: tally.count.total(),
        rungs: rungs(&tally.count),
        open: tally.open,
        explained: tally.explained,
        accepted: tally.accepted,
        due: tally.due,
        overdue: tally.overdue,
        liability: None,
    }
}

/// The same, and what servers make somebody own.
fn with_owned(tally: &Tally) -> Numbers {
    Numbers {
        liability: Some(OwnedNumbers {
            script_lines: tally.owned.lines,
            things: tally.owned.things(),
            unknown: tally.owned.unknown,
            images: tally.owned.images,
            agents: tally.owned.agents,
            rules: tally.owned.rules,
        }),
        ..numbers(tally)
    }
}

/// As `sfl-report/1` has it.
pub(in crate::report) fn score(count: &Count) -> Option<f64> {
    count.score().map(|score| (score * 100.0).round() / 100.0)
}

fn point(point: &Point) -> PointView<'_> {
    PointView {
        commit: &point.id,
        day: point.day.to_string(),
        subject: &point.subject,
        configuration_is_faulty: point.tally.is_none(),
        unreadable: point.unreadable,
        numbers: point.tally.as_ref().map(with_owned),
        targets: point.targets.iter().map(target).collect(),
        groups: point.groups.iter().map(group).collect(),
    }
}

fn group(group: &NamedTally) -> GroupView<'_> {
    GroupView {
        name: group.name.as_deref(),
        numbers: with_owned(&group.tally),
    }
}

#[derive(Serialize)]
pub(in crate::report) struct MovedView<'t> {
    commit: &'t str,
    day: String,
    subject: &'t str,
    weight: i64,
    decisions: Vec<MoveView<'t>>,
}

#[derive(Serialize)]
struct MoveView<'t> {
    kind: &'static str,
    path: &'t str,
    address: &'t str,
    name: &'t str,
    ladder: &'t str,
    from: Option<&'static str>,
    to: Option<&'static str>,
    weight: i64,
}

/// A commit that moved anything.
pub(in crate::report) fn moved(commit: &MovedCommit) -> MovedView<'_> {
    MovedView {
        commit: &commit.id,
        day: commit.day.to_string(),
        subject: &commit.subject,
        weight: commit.weight(),
        decisions: commit.moves.iter().map(one_move).collect(),
    }
}

fn one_move(one: &Move) -> MoveView<'_> {
    MoveView {
        kind: one.kind.name(),
        path: &one.path,
        address: &one.address,
        name: &one.name,
        ladder: &one.ladder,
        from: one.from.map(Rung::name),
        to: one.to.map(Rung::name),
        weight: one.weight(),
    }
}
