//! The screen for other programs: one object, `sfl-wheel/1`. Fields may be added, never changed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::digest::{self, DecisionEnd, Digest, TurnDigest};
use super::turn_words;
use super::{LastTurn, WheelReport};
use crate::landscape::Component;
use crate::report::json::{TargetView, UnreadableView, target, unreadable, write_object};
use crate::report::next::{ActionView, action_view};
use crate::report::trend::{MovedView, Numbers, Rungs, moved_view, numbers, rounded_score, rungs};
use crate::trend::{DUE_DAYS, Point, Tally};

/// Writes it and a line break.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &WheelReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let digest = Digest::of(report);
    let all = report.next();
    let object = Object {
        schema: "sfl-wheel/1",
        version: env!("CARGO_PKG_VERSION"),
        day: report.today.to_string(),
        purpose: report.analysis.purpose.as_deref(),
        targets: digest.targets.iter().map(|one| target(one)).collect(),
        numbers: numbers(&now(report, &digest)),
        landscape: landscape(report, &digest),
        next: all
            .shown()
            .next()
            .map(|(at, one)| action_view(&all, at, one)),
        rest: all.rest(),
        value: value(report, &digest),
        unknown: turn_words::unknown(report),
        out_of_sight: turn_words::hidden(report).unwrap_or(0),
        unreadable: unreadable(report.analysis),
    };
    write_object(&object, out)
}

#[derive(Serialize)]
struct Object<'a> {
    schema: &'static str,
    version: &'static str,
    day: String,
    purpose: Option<&'a str>,
    targets: Vec<TargetView<'a>>,
    #[serde(flatten)]
    numbers: Numbers,
    landscape: LandscapeView<'a>,
    next: Option<ActionView<'a>>,
    rest: usize,
    value: Option<ValueView<'a>>,
    unknown: Vec<String>,
    out_of_sight: usize,
    unreadable: Vec<UnreadableView<'a>>,
}

/// As the trend counts them.
fn now(report: &WheelReport<'_>, digest: &Digest<'_>) -> Tally {
    Tally {
        count: digest.count,
        open: digest.open,
        explained: digest.explained,
        accepted: digest.accepted,
        due: digest::decisions(digest.due(report.today)),
        overdue: digest::decisions(digest.overdue(report.today)),
        // Not told here: `sfl liability` and the trend do.
        owned: crate::trend::OwnedTally::default(),
    }
}

#[derive(Serialize)]
struct LandscapeView<'a> {
    seen_by: Option<&'static str>,
    seen_first: Vec<SeenView<'a>>,
    behind: Option<SeenView<'a>>,
    ladders: BTreeMap<&'a str, LadderShare>,
    due_days: i64,
    ends: Vec<EndView<'a>>,
    kinds: BTreeMap<&'a str, usize>,
}

#[derive(Serialize)]
struct SeenView<'a> {
    name: &'a str,
    ladder: &'a str,
    rung: u8,
    open: usize,
}

fn seen_view(component: &Component) -> SeenView<'_> {
    SeenView {
        name: &component.name,
        ladder: &component.ladder,
        rung: digest::lowest(component).number(),
        open: component.parts.iter().map(|part| part.open).sum(),
    }
}

#[derive(Serialize)]
struct LadderShare {
    score: Option<f64>,
    decisions: usize,
    rungs: Rungs,
}

#[derive(Serialize)]
struct EndView<'a> {
    day: String,
    is_over: bool,
    name: &'a str,
    path: &'a str,
    address: &'a str,
    service: Option<&'a str>,
}

fn end<'a>(report: &WheelReport<'_>, end: &DecisionEnd<'a>) -> EndView<'a> {
    EndView {
        day: end.day.to_string(),
        is_over: end.day < report.today,
        name: end.name,
        path: end.path,
        address: end.address,
        service: end.service,
    }
}

fn landscape<'a>(report: &WheelReport<'a>, digest: &Digest<'a>) -> LandscapeView<'a> {
    let seen = digest.seen.as_ref();
    let components = seen.into_iter().flat_map(|seen| &seen.components);
    LandscapeView {
        seen_by: seen.map(|seen| seen.door.name()),
        seen_first: components.map(|one| seen_view(one)).collect(),
        behind: seen.and_then(|seen| seen.behind).map(seen_view),
        ladders: digest
            .ladders
            .iter()
            .map(|(ladder, count)| {
                let share = LadderShare {
                    score: rounded_score(count),
                    decisions: count.total(),
                    rungs: rungs(count),
                };
                (&*ladder.name, share)
            })
            .collect(),
        due_days: DUE_DAYS,
        ends: digest.ends.iter().map(|one| end(report, one)).collect(),
        kinds: digest.kinds.iter().copied().collect(),
    }
}

#[derive(Serialize)]
struct ValueView<'a> {
    since: PointView<'a>,
    last: PointView<'a>,
    commits: usize,
    shallow: bool,
    moves: Vec<MovedView<'a>>,
    came_due: Vec<EndView<'a>>,
    uncommitted: bool,
}

#[derive(Serialize)]
struct PointView<'a> {
    commit: &'a str,
    day: String,
    #[serde(flatten)]
    numbers: Option<Numbers>,
}

fn point(point: &Point) -> PointView<'_> {
    PointView {
        commit: &point.id,
        day: point.day.to_string(),
        numbers: point.tally.as_ref().map(numbers),
    }
}

fn value<'a>(report: &WheelReport<'a>, digest: &Digest<'a>) -> Option<ValueView<'a>> {
    let LastTurn::Known(trend) = report.turn else {
        return None;
    };
    let turn = TurnDigest::of(report, 0)?;
    Some(ValueView {
        since: point(turn.before),
        last: point(turn.last),
        commits: turn.commits,
        shallow: trend.is_shallow,
        moves: trend.moved.iter().map(moved_view).collect(),
        came_due: turn
            .came_due(digest, report.today)
            .map(|one| end(report, one))
            .collect(),
        uncommitted: turn.differs(digest),
    })
}
