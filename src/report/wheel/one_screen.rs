//! The screen for a terminal.

use std::io::{self, Write};

use super::digest::{Digest, TurnDigest};
use super::sheet::{Sheet, SheetLine, cut, half};
use super::turn_words::{self, MOST_COMMITS, Tone, Words, plain};
use super::{LastTurn, WheelReport};
use crate::analysis::summary::whole;
use crate::analysis::{Rung, TargetState};
use crate::report::Style;
use crate::report::trend::trend_words;
use crate::trend::MovedCommit;

/// From so many columns on, both halves of the wheel stand side by side.
const WIDE: usize = 150;
/// Lines are no easier to read when they are longer.
const LONGEST: usize = 100;
/// Cells of the bar of all rungs.
const RUNG_CELLS: usize = 40;
/// Fewer show nothing.
const LEAST_CELLS: usize = 8;

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &WheelReport<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let digest = Digest::of(report);
    let is_wide = style.width >= WIDE;
    let width = match is_wide {
        true => half(style.width),
        false => style.width,
    };
    let sheet = || Sheet::new(style, width.min(LONGEST));
    let mut left = sheet();
    purpose(report, &digest, style, &mut left);
    landscape(report, &digest, style, &mut left);
    let mut right = sheet();
    next(report, &digest, style, &mut right);
    value(report, &digest, style, &mut right);
    let text = match is_wide {
        true => left.beside(right),
        false => left.print() + &right.print(),
    };
    out.write_all(text.as_bytes())
}

fn purpose(report: &WheelReport<'_>, digest: &Digest<'_>, style: &Style, sheet: &mut Sheet<'_>) {
    sheet.heading("purpose", &report.today.to_string());
    match &report.analysis.purpose {
        Some(purpose) => sheet.prose(&vec![(Tone::Strong, purpose.clone())]),
        None => sheet.prose(&plain(turn_words::NO_PURPOSE)),
    }
    let has_whole =
        |one: &&&crate::analysis::TargetStanding| one.target.of == crate::base::TargetScope::Whole;
    if let Some(score) = digest.count.score()
        && digest.targets.iter().find(has_whole).is_none()
    {
        let words = match turn_words::out_of_sight(report) {
            Some(_) => vec![(Tone::Middling, turn_words::IN_SIGHT.to_owned())],
            None => plain(""),
        };
        gauge("score", score, None, &words, style, sheet);
    }
    for standing in &digest.targets {
        let name = match &standing.target.of {
            crate::base::TargetScope::Stream(name) => name.to_string(),
            _ => standing.name(),
        };
        let by = standing.target.by.map(|by| by.to_string());
        let short = standing.short;
        let words = match (standing.state, by) {
            (TargetState::Nothing, _) => vec![(Tone::Faint, "no decision counts".to_owned())],
            (TargetState::Reached, _) if turn_words::out_of_sight(report).is_some() => {
                vec![(Tone::Middling, format!("reached {}", turn_words::IN_SIGHT))]
            }
            (TargetState::Reached, _) => vec![(Tone::Fine, "reached".to_owned())],
            (TargetState::Open, Some(by)) => plain(format!("{short} short by {by}")),
            (TargetState::Open, None) => plain(format!("{short} short")),
            (TargetState::Missed, Some(by)) => {
                vec![(Tone::Bad, format!("{short} short since {by}"))]
            }
            (TargetState::Missed, None) => vec![(Tone::Bad, format!("{short} short"))],
        };
        let score = standing.count.score().unwrap_or_default();
        let wanted = Some(standing.target.score);
        gauge(&name, score, wanted, &words, style, sheet);
    }
    if digest.targets.is_empty() && report.is_whole {
        sheet.prose(&vec![(Tone::Faint, turn_words::NO_TARGET.to_owned())]);
    }
}

/// A bar with the score that is wanted on it, and a few words.
fn gauge(
    name: &str,
    score: f64,
    wanted: Option<u8>,
    words: &Words,
    style: &Style,
    sheet: &mut Sheet<'_>,
) {
    let cells = sheet
        .room()
        .saturating_sub(40)
        .clamp(LEAST_CELLS, RUNG_CELLS);
    let full =
        cell(score, cells).clamp(usize::from(score > 0.0), cells - usize::from(score < 100.0));
    let mark = wanted.map(|wanted| cell(f64::from(wanted), cells).saturating_sub(1));
    let (on, off, here) = match style.unicode {
        true => ("█", "░", "┃"),
        false => ("#", "-", "|"),
    };
    let tone = match wanted {
        Some(wanted) if score >= f64::from(wanted) => Tone::Fine,
        _ => turn_words::tone_of_score(score),
    };
    let mut line = SheetLine::default();
    for at in 0..cells {
        match (Some(at) == mark, at < full) {
            (true, _) => line.add(style, Tone::Strong, here),
            (false, true) => line.add(style, tone, on),
            (false, false) => line.add(style, Tone::Faint, off),
        }
    }
    line.add(style, Tone::Plain, "  ");
    line.add(style, Tone::Strong, &format!("{:>3}", whole(score)));
    if let Some(wanted) = wanted {
        line.add(style, Tone::Plain, &format!(" of {wanted}"));
    }
    line.add(style, Tone::Plain, "  ");
    for (tone, text) in words {
        line.add(style, *tone, text);
    }
    sheet.line(&cut(&style.plain(name), 15), &line);
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a handful of cells"
)]
fn cell(score: f64, cells: usize) -> usize {
    (score / 100.0 * cells as f64).round() as usize
}

fn landscape(report: &WheelReport<'_>, digest: &Digest<'_>, style: &Style, sheet: &mut Sheet<'_>) {
    sheet.heading("landscape", "");
    if report.decisions.is_empty() {
        sheet.prose(&plain(turn_words::nothing(report)));
        return;
    }
    sheet.paragraph("seen first", &turn_words::seen(digest));
    rungs(digest, style, sheet);
    sheet.paragraph("ladders", &turn_words::ladders(digest));
    sheet.paragraph("ends", &turn_words::ends(digest, report));
    sheet.paragraph("inertia", &turn_words::inertia(digest));
}

/// A rung's cell: darker is better, for who sees no colours.
const fn shade(rung: Rung, unicode: bool) -> (&'static str, Tone) {
    match (rung, unicode) {
        (Rung::Serverless, true) => ("█", Tone::Fine),
        (Rung::Capacity, true) => ("▓", Tone::Middling),
        (Rung::Cluster, true) => ("▒", Tone::Middling),
        (Rung::Server, true) => ("░", Tone::Bad),
        (Rung::Serverless, false) => ("#", Tone::Fine),
        (Rung::Capacity, false) => ("+", Tone::Middling),
        (Rung::Cluster, false) => ("=", Tone::Middling),
        (Rung::Server, false) => (".", Tone::Bad),
    }
}

fn rungs(digest: &Digest<'_>, style: &Style, sheet: &mut Sheet<'_>) {
    let mut legend = SheetLine::default();
    for (at, (rung, words)) in turn_words::rungs(digest).into_iter().enumerate() {
        if at > 0 {
            legend.add(style, Tone::Plain, "  ");
        }
        let (cell, tone) = shade(rung, style.unicode);
        legend.add(style, tone, cell);
        legend.add(style, Tone::Plain, &format!(" {words}"));
    }
    let rest = sheet.room().saturating_sub(legend.columns() + 2);
    let is_beside = rest >= LEAST_CELLS;
    let cells = match is_beside {
        true => rest.min(RUNG_CELLS),
        false => sheet.room().min(RUNG_CELLS),
    };
    let mut bar = SheetLine::default();
    for (rung, number) in Rung::ALL.into_iter().zip(shares(digest.count.rungs, cells)) {
        let (cell, tone) = shade(rung, style.unicode);
        bar.add(style, tone, &cell.repeat(number));
    }
    if is_beside {
        bar.add(style, Tone::Plain, "  ");
        bar.append(&legend);
        sheet.line("rungs", &bar);
    } else {
        sheet.line("rungs", &bar);
        sheet.line("", &legend);
    }
}

/// So many cells for each: what there is shows, and all together are as many as there are.
fn shares(rungs: [usize; 4], cells: usize) -> [usize; 4] {
    let total: usize = rungs.iter().sum();
    let mut shares = rungs.map(|number| match number {
        0 => 0,
        number => (number * cells / total.max(1)).max(1),
    });
    let given: usize = shares.iter().sum();
    if let Some(largest) = shares.iter_mut().max() {
        *largest = (*largest + cells).saturating_sub(given);
    }
    shares
}

fn next(report: &WheelReport<'_>, digest: &Digest<'_>, style: &Style, sheet: &mut Sheet<'_>) {
    sheet.heading("next", "");
    if report.decisions.is_empty() {
        let nothing = match turn_words::out_of_sight(report) {
            Some(unseen) => format!("nothing in sight could be done better; {unseen}"),
            None => "nothing stands here that could be done better".to_owned(),
        };
        sheet.prose(&plain(nothing));
        return;
    }
    let all = report.next();
    let Some((_, action)) = all.shown().next() else {
        sheet.prose(&turn_words::left(digest, report));
        return;
    };
    let place = format!("{}:{}", action.place.path, action.place.line);
    let dot = if style.unicode { "·" } else { "-" };
    let (way, size) = (all.way(action), all.size(action));
    let about = format!("{way} {dot} {size} {dot} {place}");
    sheet.prose(&vec![
        (Tone::Strong, all.about(action)),
        (Tone::Faint, format!(" {dot} {about}")),
    ]);
    sheet.paragraph("do", &plain(action.what.clone()));
    if let Some(obstacle) = action.obstacles.first() {
        let place = format!("{}:{}", obstacle.path, obstacle.line);
        let words = vec![(Tone::Middling, format!("{} ({place})", obstacle.says))];
        sheet.paragraph("but", &words);
    }
    let mut row = |word: &str, words: String| {
        if !words.is_empty() {
            sheet.paragraph(word, &plain(words));
        }
    };
    row("why now", action.why.join("; "));
    row("no longer yours", action.relieves.join(", "));
    row("goes with it", all.goes(action));
    let more = turn_words::see_next(&all);
    sheet.paragraph("", &vec![(Tone::Faint, more)]);
}

fn value(report: &WheelReport<'_>, digest: &Digest<'_>, style: &Style, sheet: &mut Sheet<'_>) {
    let arrow = if style.unicode { "→" } else { "->" };
    let turn = TurnDigest::of(report, MOST_COMMITS);
    if turn.as_ref().is_some_and(|turn| turn.is_empty(digest)) {
        return;
    }
    let beside = turn.as_ref().map(turn_words::window);
    sheet.heading("value", &beside.unwrap_or_default());
    if let Some(turn) = &turn {
        sheet.prose(&turn_words::numbers(turn, digest, report, arrow));
        for (word, tone, commits) in [
            ("forward", Tone::Fine, &turn.forward),
            ("back", Tone::Bad, &turn.back),
        ] {
            for (at, commit) in commits.iter().enumerate() {
                let word = if at == 0 { word } else { "" };
                moved(word, tone, commit, style, sheet);
            }
        }
        if let Some(still) = turn_words::stillness(turn) {
            sheet.prose(&plain(still));
        }
        let reasons = turn_words::reasons(turn);
        if !reasons.is_empty() {
            sheet.paragraph("reasons", &plain(reasons));
        }
        let due = turn.came_due(digest, report.today);
        for (at, end) in due.clone().take(MOST_COMMITS).enumerate() {
            let word = if at == 0 { "came due" } else { "" };
            let words = format!("{} ({})", turn_words::one_end(end, true), end.path);
            sheet.paragraph(word, &vec![(Tone::Bad, words)]);
        }
        let more = due.count().saturating_sub(MOST_COMMITS);
        if more > 0 {
            sheet.paragraph("", &plain(format!("and {more} more")));
        }
        if let Some(words) = turn_words::uncommitted(turn, digest) {
            sheet.prose(&vec![(Tone::Faint, words)]);
        }
    }
    for gap in turn_words::unknown(report) {
        sheet.prose(&vec![(Tone::Faint, gap)]);
    }
    if let LastTurn::Known(_) = report.turn {
        let more = "`sfl trend` shows all of it".to_owned();
        sheet.prose(&vec![(Tone::Faint, more)]);
    }
}

/// A commit, and below it what it did most.
fn moved(word: &str, tone: Tone, commit: &MovedCommit, style: &Style, sheet: &mut Sheet<'_>) {
    let arrow = if style.unicode { "→" } else { "->" };
    let mut line = SheetLine::default();
    let rungs = trend_words::rungs(commit.weight(), style.unicode);
    line.add(style, tone, &format!("{rungs:<9}"));
    let id = trend_words::short(&commit.id);
    line.add(style, Tone::Faint, &format!(" {} {id}  ", commit.day));
    let room = sheet.room().saturating_sub(line.columns());
    line.add(
        style,
        Tone::Plain,
        &cut(&style.plain(&commit.subject), room),
    );
    sheet.line(word, &line);
    let did = turn_words::did(commit, arrow);
    sheet.paragraph("", &vec![(Tone::Faint, did)]);
}
