//! What all forms of the screen say in the same words, each word with its tone.

use super::digest::{self, DecisionEnd, Digest, TurnDigest, is_open, lowest};
use super::{LastTurn, WheelReport};
use crate::analysis::Rung;
use crate::analysis::summary::{count, whole};
use crate::landscape::Component;
use crate::report::could_not_be_read;
use crate::report::next::NextReport;
use crate::report::trend::trend_words;
use crate::trend::{DUE_DAYS, Move, MovedCommit};

/// Components that are named before "and N more".
const MOST_SEEN: usize = 4;
/// Ladders that are named.
const MOST_LADDERS: usize = 5;
/// Ends that are named.
const MOST_ENDS: usize = 2;
/// Kinds of reasons that are named.
const MOST_KINDS: usize = 3;
/// Commits that are named for each direction.
pub const MOST_COMMITS: usize = 2;

/// How a few words are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Strong,
    Faint,
    Fine,
    Middling,
    Bad,
}

/// A few words in one tone; punctuation is part of them.
pub type Words = Vec<(Tone, String)>;

pub fn plain(text: impl Into<String>) -> Words {
    vec![(Tone::Plain, text.into())]
}

/// As a text without tones.
pub fn text(words: &Words) -> String {
    words.iter().map(|(_, word)| word.as_str()).collect()
}

/// As the bars of a report.
pub fn tone_of_score(score: f64) -> Tone {
    match score {
        _ if score >= 70.0 => Tone::Fine,
        _ if score >= 30.0 => Tone::Middling,
        _ => Tone::Bad,
    }
}

/// What to say where no decision is looked at.
pub fn nothing(report: &WheelReport<'_>) -> String {
    let analysis = report.analysis;
    let read = analysis.read.len() + analysis.read_in_part();
    match (analysis.decisions.is_empty(), read) {
        (false, _) if report.is_whole => {
            "the given values leave out every hosting choice".to_owned()
        }
        (false, _) => "no hosting choice fits what was asked for".to_owned(),
        (true, 0) => "no template was read here".to_owned(),
        (true, read) => format!("no hosting choice in {}", count(read, "template")),
    }
}

pub const NO_PURPOSE: &str = "nobody wrote down yet what all of this is for: `purpose` in sfl.toml says it in one sentence, \
                              and `sfl init` asks for it";

/// Beside a score that does not count all.
pub const IN_SIGHT: &str = "by what is in sight";

pub const NO_TARGET: &str =
    "no target is set: `[[purpose.target]]` in sfl.toml says how far, and by when";

/// "Web (server, no reason), Api, Site and 2 more".
pub fn seen(digest: &Digest<'_>) -> Words {
    let Some(seen) = &digest.seen else {
        return plain("nobody is seen to come in");
    };
    let mut words = plain(format!("{}: ", seen.door.name()));
    for (at, component) in seen.components.iter().take(MOST_SEEN).enumerate() {
        if at > 0 {
            words.push((Tone::Plain, ", ".to_owned()));
        }
        words.extend(standing(component));
    }
    match seen.components.len().saturating_sub(MOST_SEEN) {
        0 => {}
        more => words.push((Tone::Plain, format!(" and {more} more"))),
    }
    if let Some(behind) = seen.behind {
        words.push((
            Tone::Plain,
            "; the nearest behind that is not serverless: ".to_owned(),
        ));
        words.extend(standing(behind));
    }
    words
}

/// "Web (server, no reason)"; on the first rung only its name.
fn standing(component: &Component) -> Words {
    let rung = lowest(component);
    let mut words = vec![(Tone::Strong, component.name.clone())];
    match (rung, is_open(component)) {
        (Rung::Serverless, _) => {}
        (rung, true) => words.push((Tone::Bad, format!(" ({}, no reason)", rung.name()))),
        (rung, false) => words.push((Tone::Faint, format!(" ({})", rung.name()))),
    }
    words
}

/// "12 serverless", for each rung in use.
pub fn rungs(digest: &Digest<'_>) -> Vec<(Rung, String)> {
    let all = Rung::ALL.iter().zip(digest.count.rungs);
    let some = all.filter(|(_, number)| *number > 0);
    some.map(|(rung, number)| (*rung, format!("{number} {}", rung.name())))
        .collect()
}

/// "compute 30, cache 65; 3 more are serverless": the worst first.
pub fn ladders(digest: &Digest<'_>) -> Words {
    let all = digest.ladders.iter();
    let mut scored: Vec<(&str, f64)> = all
        .filter_map(|(ladder, count)| Some((&*ladder.name, count.score()?)))
        .collect();
    scored.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let below = scored.iter().filter(|(_, score)| *score < 100.0).count();
    let best = scored.len() - below;
    if below == 0 {
        return match best {
            1 => vec![(Tone::Fine, "the only one is serverless".to_owned())],
            best => vec![(Tone::Fine, format!("all {best} are serverless"))],
        };
    }
    let mut words = Words::new();
    for (at, (name, score)) in scored[..below].iter().take(MOST_LADDERS).enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        words.push((Tone::Plain, format!("{comma}{name} ")));
        words.push((tone_of_score(*score), whole(*score).to_string()));
    }
    match below.saturating_sub(MOST_LADDERS) {
        0 => {}
        more => words.push((Tone::Plain, format!(" and {more} more"))),
    }
    match best {
        0 => {}
        1 => words.push((Tone::Plain, "; 1 other is serverless".to_owned())),
        best => words.push((Tone::Plain, format!("; {best} others are serverless"))),
    }
    words
}

/// What has ended and what ends soon; else, what ends next.
pub fn ends(digest: &Digest<'_>, report: &WheelReport<'_>) -> Words {
    let today = report.today;
    let (overdue, due) = (digest.overdue(today), digest.due(today));
    let mut words = Words::new();
    if !overdue.is_empty() {
        words.push((Tone::Bad, format!("{} overdue", overdue.len())));
        // What ended last is what somebody still remembers.
        let last: Vec<&DecisionEnd<'_>> = overdue.iter().rev().take(MOST_ENDS).collect();
        words.push((
            Tone::Plain,
            format!(" ({})", named(&last, overdue.len(), true)),
        ));
    }
    if !due.is_empty() {
        if !words.is_empty() {
            words.push((Tone::Plain, "; ".to_owned()));
        }
        let within = format!("{} within {DUE_DAYS} days", due.len());
        words.push((Tone::Middling, within));
        let first: Vec<&DecisionEnd<'_>> = due.iter().take(MOST_ENDS).collect();
        words.push((
            Tone::Plain,
            format!(" ({})", named(&first, due.len(), false)),
        ));
    }
    if words.is_empty() {
        let nothing = format!("nothing within {DUE_DAYS} days");
        words.push((Tone::Plain, nothing));
        if let Some(next) = digest.ends.first() {
            words.push((Tone::Plain, format!("; next, {}", one_end(next, false))));
        }
    }
    words
}

fn named(ends: &[&DecisionEnd<'_>], all: usize, is_over: bool) -> String {
    let shown: Vec<String> = ends.iter().map(|end| one_end(end, is_over)).collect();
    match all - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// "the reason for Web runs out on 2026-12-15", "Amazon QLDB under Ledger ended on 2025-07-31".
pub fn one_end(end: &DecisionEnd<'_>, is_over: bool) -> String {
    let DecisionEnd { day, name, .. } = end;
    match (end.service, is_over) {
        (Some(service), true) if end.support_only => {
            format!("{service} under {name} lost its support on {day}")
        }
        (Some(service), false) if end.support_only => {
            format!("{service} under {name} loses its support on {day}")
        }
        (None, true) => format!("the reason for {name} ran out on {day}"),
        (None, false) => format!("the reason for {name} runs out on {day}"),
        (Some(service), true) => format!("{service} under {name} ended on {day}"),
        (Some(service), false) => format!("{service} under {name} ends on {day}"),
    }
}

/// "3 explained (2 licence, 1 latency), 5 without a reason".
pub fn inertia(digest: &Digest<'_>) -> Words {
    let mut words = Words::new();
    if digest.explained == 0 && digest.open == 0 {
        return vec![(Tone::Fine, "none: no fallback needs a reason".to_owned())];
    }
    if digest.open > 0 {
        let open = format!("{} without a reason", digest.open);
        words.push((Tone::Bad, open));
        words.push((Tone::Plain, ", ".to_owned()));
    }
    let explained = match digest.explained {
        0 => "none explained".to_owned(),
        number => format!("{number} explained"),
    };
    words.push((Tone::Plain, explained));
    let kinds = digest.kinds.iter().take(MOST_KINDS);
    let kinds: Vec<String> = kinds
        .map(|(kind, number)| format!("{number} {kind}"))
        .collect();
    if digest.explained > 0 && !kinds.is_empty() {
        let more = digest.kinds.len() > MOST_KINDS;
        let rest = if more { ", ..." } else { "" };
        words.push((Tone::Faint, format!(" ({}{rest})", kinds.join(", "))));
    }
    words
}

/// "web.yaml could not be read, and 1 fallback moved out of sight"; nothing where all of it is in sight.
pub fn out_of_sight(report: &WheelReport<'_>) -> Option<String> {
    let unreadable = could_not_be_read(report.analysis);
    let unreadable = unreadable.map(|files| format!("{files} could not be read"));
    let hidden = hidden(report).map(|number| {
        let fallbacks = count(number, "fallback");
        format!("{fallbacks} moved out of sight")
    });
    let both: Vec<String> = unreadable.into_iter().chain(hidden).collect();
    (!both.is_empty()).then(|| both.join(", and "))
}

/// How many fallbacks moved out of sight in the last turn, where any did.
pub fn hidden(report: &WheelReport<'_>) -> Option<usize> {
    match report.turn {
        LastTurn::Known(trend) => trend.hidden.as_ref().map(|hidden| hidden.number),
        LastTurn::Unknown(_) => None,
    }
}

/// The most useful thing that is left where no action is.
pub fn left(digest: &Digest<'_>, report: &WheelReport<'_>) -> Words {
    let mut words = match out_of_sight(report) {
        Some(unseen) => vec![
            (
                Tone::Plain,
                "everything in sight stands on its best rung, has a reason or is accepted; "
                    .to_owned(),
            ),
            (Tone::Bad, unseen),
        ],
        None => vec![(
            Tone::Fine,
            "everything stands on its best rung, has a reason or is accepted".to_owned(),
        )],
    };
    let is_missed = |standing: &&&crate::analysis::TargetStanding| standing.short > 0;
    let missed = digest.targets.iter().find(is_missed);
    let next = digest.ends.iter().find(|end| end.day >= report.today);
    let rest = match (missed, next) {
        (Some(standing), _) => format!(
            ". What is left: {} is still short of its target, so ask which reasons still hold (`sfl justifications`)",
            standing.name()
        ),
        (None, Some(end)) => format!(". Next day to keep: {}", one_end(end, false)),
        (None, None) if digest.explained > 0 => {
            ". What is left: ask which reasons still hold (`sfl justifications`)".to_owned()
        }
        (None, None) => {
            ". What is left: keep it so (`sfl check --ratchet origin/main` in pull requests)"
                .to_owned()
        }
    };
    words.push((Tone::Plain, rest));
    words
}

/// "since 2026-10-31, 12 commits".
pub fn window(turn: &TurnDigest<'_>) -> String {
    let commits = count(turn.commits, "commit");
    format!("{commits} since {}", turn.before.day)
}

/// "score 58 → 62, without a reason 9 → 5, overdue 0 → 1".
pub fn numbers(
    turn: &TurnDigest<'_>,
    digest: &Digest<'_>,
    report: &WheelReport<'_>,
    arrow: &str,
) -> Words {
    let shown = |score: Option<f64>| score.map_or("none".to_owned(), |one| whole(one).to_string());
    let (before, now) = (turn.before.score(), digest.count.score());
    let tone = match (before.map(whole), now.map(whole)) {
        (Some(from), Some(to)) if to > from => Tone::Fine,
        (Some(from), Some(to)) if to < from => Tone::Bad,
        _ => Tone::Plain,
    };
    let mut words = plain("score ");
    // What is out of sight on one side only makes a step that nobody took.
    let words_of_score = match (turn.before.unreadable > 0, out_of_sight(report).is_some()) {
        (false, false) => (tone, step(shown(before), shown(now), arrow)),
        (false, true) => (
            Tone::Plain,
            format!(
                "{} before, {} of what is in sight",
                shown(before),
                shown(now)
            ),
        ),
        (true, false) => (
            Tone::Plain,
            format!(
                "{} of what could be read before, {} now",
                shown(before),
                shown(now)
            ),
        ),
        (true, true) => (
            Tone::Plain,
            format!(
                "{} of what could be read before, {} of what is in sight",
                shown(before),
                shown(now)
            ),
        ),
    };
    words.push(words_of_score);
    let tally = turn.before.tally.unwrap_or_default();
    let rows = [
        ("without a reason", tally.open, digest.open),
        ("explained", tally.explained, digest.explained),
        (
            "overdue",
            tally.overdue,
            digest::decisions(digest.overdue(report.today)),
        ),
    ];
    for (name, from, to) in rows.into_iter().filter(|(_, from, to)| from + to > 0) {
        words.push((Tone::Plain, format!(", {name} ")));
        let tone = match (name, from.cmp(&to)) {
            ("explained", _) | (_, std::cmp::Ordering::Equal) => Tone::Plain,
            (_, std::cmp::Ordering::Greater) => Tone::Fine,
            (_, std::cmp::Ordering::Less) => Tone::Bad,
        };
        words.push((tone, step(from.to_string(), to.to_string(), arrow)));
    }
    words
}

fn step(from: String, to: String, arrow: &str) -> String {
    match from == to {
        true => to,
        false => format!("{from} {arrow} {to}"),
    }
}

/// What to say of the turn where no commit of it has a weight.
pub fn stillness(turn: &TurnDigest<'_>) -> Option<&'static str> {
    let is_whole = |point: &crate::trend::Point| point.unreadable == 0;
    match (turn.commits, turn.trend.moved.is_empty()) {
        (1.., true) if !turn.trend.points.iter().all(is_whole) => {
            Some("no commit is seen to have moved anything, but not all of them could be read")
        }
        (0, _) => Some("nothing was committed since: the next commit shows what it moves"),
        (_, true) => Some("no commit moved anything"),
        _ => None,
    }
}

/// "2 written, 1 taken away, 1 ran out"; nothing where no reason was.
pub fn reasons(turn: &TurnDigest<'_>) -> String {
    let all = [" written", " taken away", " ran out"];
    let some = turn
        .reasons
        .iter()
        .zip(all)
        .filter(|(number, _)| **number > 0);
    let some: Vec<String> = some
        .map(|(number, word)| format!("{number}{word}"))
        .collect();
    some.join(", ")
}

/// What a commit did to the decision that it moved most, and to how many more: "Orders: nosql capacity → serverless and 2 more".
pub fn did(commit: &MovedCommit, arrow: &str) -> String {
    let moves: Vec<&Move> = trend_words::heaviest(commit);
    let Some(first) = moves.first() else {
        return String::new();
    };
    let did = format!("{}: {}", first.name, trend_words::change(first, arrow));
    match moves.len() - 1 {
        0 => did,
        more => format!("{did}, and {more} more"),
    }
}

/// What is not known of the turn.
pub fn unknown(report: &WheelReport<'_>) -> Vec<String> {
    match report.turn {
        LastTurn::Unknown(why) => vec![why.to_owned()],
        LastTurn::Known(trend) => {
            let is_known = trend.points.iter().any(|point| point.tally.is_some());
            let mut gaps = trend_words::gaps(trend);
            if !is_known && gaps.is_empty() {
                gaps.push("nothing is known of these commits".to_owned());
            }
            gaps
        }
    }
}

/// "and at the last commit, score 61": where what stands here is not what was committed.
pub fn uncommitted(turn: &TurnDigest<'_>, digest: &Digest<'_>) -> Option<String> {
    if !turn.differs(digest) {
        return None;
    }
    let score = turn
        .last
        .score()
        .map_or("none".to_owned(), |one| whole(one).to_string());
    Some(format!(
        "what stands here is not all committed: the last commit has score {score}"
    ))
}

/// Where the rest of the next action is, and that of the others.
pub fn see_next(report: &NextReport<'_>) -> String {
    match report.rest() {
        0 => "`sfl next` says what to check first, and how to undo it".to_owned(),
        1 => "`sfl next` says what to check first and how to undo it, and has 1 more".to_owned(),
        more => {
            format!("`sfl next` says what to check first and how to undo it, and has {more} more")
        }
    }
}
