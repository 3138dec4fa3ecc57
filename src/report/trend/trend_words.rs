//! What all forms of a trend say in the same words.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::analysis::Rung;
use crate::analysis::summary::{count, whole};
use crate::trend::{Move, MoveKind, MovedCommit, Point, Trend};

/// A score as it is shown; none where nothing counts.
pub fn score(score: Option<f64>) -> Option<String> {
    score.map(|score| whole(score).to_string())
}

/// Letters of a commit's name that are shown.
const SHORT: usize = 9;

/// Commits that are named for each direction.
pub const MOST_NAMED: usize = 5;

/// Moves that are named of one commit.
pub const MOST_MOVES: usize = 3;

/// "long-term value, 2024-01-05 to 2026-11-30".
pub fn title(trend: &Trend) -> String {
    match (trend.points.first(), trend.points.last()) {
        (Some(first), Some(last)) if first.day == last.day => {
            format!("long-term value on {}", last.day)
        }
        (Some(first), Some(last)) => format!("long-term value, {} to {}", first.day, last.day),
        _ => "long-term value".to_owned(),
    }
}

/// "score 62 → 81, open 9 → 2, over 231 commits".
pub fn summary(trend: &Trend, arrow: &str) -> String {
    let commits = count(trend.commits, "commit");
    let known = |point: &&Point| point.tally.is_some();
    let first = trend.points.iter().find(known);
    let last = trend.points.iter().rfind(known);
    let (Some(first), Some(last)) = (first, last) else {
        return format!("nothing is known of {commits}");
    };
    let shown = |point: &Point| score(point.score()).unwrap_or("none".to_owned());
    let open = |point: &Point| point.tally.map_or(0, |tally| tally.open).to_string();
    let step = |from: String, to: String| match from == to {
        true => to,
        false => format!("{from} {arrow} {to}"),
    };
    format!(
        "score {}, without a reason {}, over {commits}",
        step(shown(first), shown(last)),
        step(open(first), open(last))
    )
}

/// A commit's name as it is shown.
pub fn short(id: &str) -> &str {
    id.get(..SHORT).unwrap_or(id)
}

/// What becomes of a decision: "compute server → capacity".
pub fn change(one: &Move, arrow: &str) -> String {
    let name = |rung: Option<Rung>| rung.map_or("", Rung::name);
    let ladder = &one.ladder;
    let (from, to) = (name(one.from), name(one.to));
    match one.kind {
        MoveKind::Up | MoveKind::Down => format!("{ladder} {from} {arrow} {to}"),
        MoveKind::Added => format!("new on {ladder} {to}"),
        MoveKind::Gone => format!("gone from {ladder} {from}"),
        MoveKind::Explained => format!("{ladder} {to} is explained"),
        MoveKind::Unexplained => format!("{ladder} {to} lost its reason"),
        MoveKind::RanOut => format!("the reason for {ladder} {to} ran out"),
        MoveKind::Hidden => format!("{ladder} {to} is out of sight, not gone"),
        MoveKind::Shown => format!("{ladder} {to} is in sight again"),
    }
}

/// The moves of a commit, those that weigh most first.
pub fn heaviest(commit: &MovedCommit) -> Vec<&Move> {
    let mut moves: Vec<&Move> = commit.moves.iter().collect();
    moves.sort_by_key(|one| (Reverse(one.weight().abs()), one.kind));
    moves
}

/// The commits that moved the wheel forward, and those that moved it back: the ones that moved it most, the oldest first.
pub fn directions(trend: &Trend) -> [(&'static str, Vec<&MovedCommit>); 2] {
    let most = |sign: i64| {
        let fits = |one: &&MovedCommit| one.weight() * sign > 0;
        let mut all: Vec<&MovedCommit> = trend.moved.iter().filter(fits).collect();
        all.sort_by_key(|one| Reverse(one.weight() * sign));
        all.truncate(MOST_NAMED);
        all.sort_by_key(|one| one.day);
        all
    };
    [("forward", most(1)), ("back", most(-1))]
}

/// "+6 rungs", "−1 rung".
pub fn rungs(weight: i64, unicode: bool) -> String {
    let sign = match (weight < 0, unicode) {
        (true, true) => "\u{2212}",
        (true, false) => "-",
        (false, _) => "+",
    };
    let number = weight.unsigned_abs();
    let s = if number == 1 { "" } else { "s" };
    format!("{sign}{number} rung{s}")
}

/// What of the past is not known.
pub fn gaps(trend: &Trend) -> Vec<String> {
    let mut gaps = Vec::new();
    if trend.is_shallow {
        gaps.push(
            "this clone is shallow: what was before its first commit is not known \
             (`git fetch --unshallow` brings it)"
                .to_owned(),
        );
    }
    let faulty = trend.points.iter().filter(|point| point.tally.is_none());
    let faulty: Vec<Date> = faulty.map(|point| point.day).collect();
    if let Some(first) = faulty.first() {
        let points = count(faulty.len(), "point");
        gaps.push(format!(
            "{points} had a faulty sfl.toml, the first on {first}: nothing is shown there"
        ));
    }
    let broken = trend.points.iter().filter(|point| point.unreadable > 0);
    let most = broken.clone().map(|point| point.unreadable).max();
    if let (Some(most), Some(first)) = (most, broken.clone().next()) {
        let points = count(broken.count(), "point");
        let files = count(most, "file");
        gaps.push(format!(
            "{points} had templates that could not be read, the first on {}, up to {files}: what is in them is not counted there",
            first.day
        ));
    }
    if let Some(hidden) = &trend.hidden {
        let decisions = count(hidden.number, "fallback");
        let they = match hidden.number {
            1 => "it has",
            _ => "they have",
        };
        gaps.push(format!(
            "{decisions} moved out of sight without being deleted, the first on {} ({}): no score counts that from there on, and {they} not gone",
            hidden.day,
            short(&hidden.id)
        ));
    }
    gaps
}

/// What a number of decisions is called, and how it is taken from a point.
pub type Row = (&'static str, fn(&Point) -> Option<usize>);

/// The numbers of the decisions of a point, in the order in which they are shown.
const ROWS: [Row; 10] = [
    ("decisions", |point| Some(point.tally?.count.total())),
    ("serverless", |point| Some(point.tally?.count.rungs[0])),
    ("capacity", |point| Some(point.tally?.count.rungs[1])),
    ("cluster", |point| Some(point.tally?.count.rungs[2])),
    ("server", |point| Some(point.tally?.count.rungs[3])),
    ("without a reason", |point| Some(point.tally?.open)),
    ("explained", |point| Some(point.tally?.explained)),
    ("accepted", |point| Some(point.tally?.accepted)),
    ("due in 90 days", |point| Some(point.tally?.due)),
    ("overdue", |point| Some(point.tally?.overdue)),
];

/// What servers make somebody own at a point.
const OWNED_ROWS: [Row; 5] = [
    ("script lines", |point| Some(point.tally?.owned.lines)),
    ("custom images", |point| Some(point.tally?.owned.images)),
    ("agents", |point| Some(point.tally?.owned.agents)),
    ("rules by hand", |point| Some(point.tally?.owned.rules)),
    ("can't be seen", |point| Some(point.tally?.owned.unknown)),
];

/// What a trend shows: the numbers of its decisions, and of what servers make somebody own those that were ever above nothing.
pub fn rows(trend: &Trend) -> Vec<Row> {
    let owned = OWNED_ROWS.iter().filter(|(_, of)| {
        let mut points = trend.points.iter();
        points.any(|point| of(point).is_some_and(|number| number > 0))
    });
    ROWS.iter().chain(owned).copied().collect()
}

/// "script lines 120 → 40, custom images 2": from one point to another; nothing where both have none.
pub fn owned(first: &Point, last: &Point, arrow: &str) -> Option<String> {
    let words = OWNED_ROWS.iter().filter_map(|(name, of)| {
        let [from, to] = [of(first), of(last)].map(Option::unwrap_or_default);
        match from == to {
            _ if from + to == 0 => None,
            true => Some(format!("{name} {to}")),
            false => Some(format!("{name} {from} {arrow} {to}")),
        }
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}
