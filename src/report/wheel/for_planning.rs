//! The screen for an issue, a chat, a board: short enough to stand at the top of a planning.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::WheelReport;
use super::digest::{Digest, TurnDigest};
use super::turn_words::{self, MOST_COMMITS, text};
use crate::analysis::summary::whole;
use crate::report::markdown::escape;
use crate::report::trend::trend_words;

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &WheelReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let digest = Digest::of(report);
    let mut page = format!("### Turn of the wheel, {}\n\n", report.today);
    purpose(report, &digest, &mut page);
    landscape(report, &digest, &mut page);
    next(report, &digest, &mut page);
    value(report, &digest, &mut page);
    page.push_str(&escape::unreadable(report.analysis));
    out.write_all(page.trim_end().as_bytes())?;
    writeln!(out)
}

fn purpose(report: &WheelReport<'_>, digest: &Digest<'_>, page: &mut String) {
    let purpose = report.analysis.purpose.as_deref();
    let purpose = escape::prose(purpose.unwrap_or(turn_words::NO_PURPOSE));
    let _ = writeln!(page, "**Purpose**: {purpose}");
    if let Some(score) = digest.count.score() {
        let _ = match turn_words::out_of_sight(report) {
            Some(unseen) => {
                let unseen = escape::text(&unseen);
                let by = turn_words::IN_SIGHT;
                writeln!(page, "- score **{}** {by}; {unseen}", whole(score))
            }
            None => writeln!(page, "- score **{}**", whole(score)),
        };
    }
    for standing in &digest.targets {
        let words = escape::text(&standing.words());
        let words = match turn_words::out_of_sight(report) {
            Some(_) => format!("{words}, {}", turn_words::IN_SIGHT),
            None => words,
        };
        let _ = writeln!(page, "- target: {words}");
    }
    page.push('\n');
}

fn landscape(report: &WheelReport<'_>, digest: &Digest<'_>, page: &mut String) {
    if report.decisions.is_empty() {
        let nothing = escape::prose(&turn_words::nothing(report));
        let _ = writeln!(page, "**Landscape**: {nothing}\n");
        return;
    }
    let _ = writeln!(page, "**Landscape**");
    let rungs: Vec<String> = turn_words::rungs(digest)
        .into_iter()
        .map(|(_, words)| words)
        .collect();
    let rows = [
        ("seen first", text(&turn_words::seen(digest))),
        ("rungs", rungs.join(", ")),
        ("ladders", text(&turn_words::ladders(digest))),
        ("ends", text(&turn_words::ends(digest, report))),
        ("inertia", text(&turn_words::inertia(digest))),
    ];
    for (name, words) in rows {
        let _ = writeln!(page, "- {name}: {}", escape::text(&words));
    }
    page.push('\n');
}

fn next(report: &WheelReport<'_>, digest: &Digest<'_>, page: &mut String) {
    if report.decisions.is_empty() {
        return;
    }
    let all = report.next();
    let Some((_, action)) = all.shown().next() else {
        let left = escape::prose(&text(&turn_words::left(digest, report)));
        let _ = writeln!(page, "**Next**: {left}\n");
        return;
    };
    let place = format!("{}:{}", action.place.path, action.place.line);
    let _ = writeln!(
        page,
        "**Next: {}** in {} ({}; {}): {}",
        escape::text(&all.about(action)),
        escape::code(&place),
        escape::text(&all.way(action)),
        all.size(action),
        escape::text(&action.what)
    );
    let mut row = |name: &str, words: &str| {
        if !words.is_empty() {
            let _ = writeln!(page, "- {name}: {}", escape::text(words));
        }
    };
    if let Some(obstacle) = action.obstacles.first() {
        let place = format!("{}:{}", obstacle.path, obstacle.line);
        row("but", &format!("{} ({place})", obstacle.says));
    }
    row("why now", &action.why.join("; "));
    row("no longer yours", &action.relieves.join(", "));
    row("goes with it", &all.goes(action));
    let _ = writeln!(page, "- {}\n", escape::prose(&turn_words::see_next(&all)));
}

fn value(report: &WheelReport<'_>, digest: &Digest<'_>, page: &mut String) {
    let turn = TurnDigest::of(report, MOST_COMMITS);
    if turn.as_ref().is_some_and(|turn| turn.is_empty(digest)) {
        return;
    }
    if let Some(turn) = &turn {
        let numbers = text(&turn_words::numbers(turn, digest, report, "→"));
        let window = turn_words::window(turn);
        let _ = writeln!(page, "**Value**, {window}: {}", escape::text(&numbers));
        for (name, commits) in [("forward", &turn.forward), ("back", &turn.back)] {
            for commit in commits {
                let _ = writeln!(
                    page,
                    "- {name}: {} `{}` {}: {} ({})",
                    commit.day,
                    trend_words::short(&commit.id),
                    trend_words::rungs(commit.weight(), true),
                    escape::text(&commit.subject),
                    escape::text(&turn_words::did(commit, "→"))
                );
            }
        }
        if let Some(still) = turn_words::stillness(turn) {
            let _ = writeln!(page, "- {}", escape::prose(still));
        }
        let reasons = turn_words::reasons(turn);
        if !reasons.is_empty() {
            let _ = writeln!(page, "- reasons: {reasons}");
        }
        let due = turn.came_due(digest, report.today);
        for end in due.clone().take(MOST_COMMITS) {
            let words = format!("{} ({})", turn_words::one_end(end, true), end.path);
            let _ = writeln!(page, "- came due: {}", escape::text(&words));
        }
        let more = due.count().saturating_sub(MOST_COMMITS);
        if more > 0 {
            let _ = writeln!(page, "- and {more} more came due");
        }
        if let Some(words) = turn_words::uncommitted(turn, digest) {
            let _ = writeln!(page, "- {words}");
        }
    }
    for (at, gap) in turn_words::unknown(report).iter().enumerate() {
        let gap = escape::prose(gap);
        let _ = match (turn.is_some(), at) {
            (false, 0) => writeln!(page, "**Value**: {gap}"),
            _ => writeln!(page, "- {gap}"),
        };
    }
}
