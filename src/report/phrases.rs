//! Sentences that every report for people says in the same words.

use std::fmt::Write as _;

use super::gaps::{beside, counted, listed};
use crate::analysis::Analysis;
use crate::analysis::summary::{Summary, count, whole};
use crate::base::finding::Severity;
use crate::base::{Code, ConfigCode, TemplateCode};
use crate::compare::Compared;
use crate::compare::baseline::BaselineOutcome;
use crate::compare::change::Change;
use crate::liability;

/// Decisions that are named among those that the given values leave out.
const LEFT_OUT_NAMED: usize = 10;

/// What servers make somebody own, on one line; nothing where that is nothing.
pub fn owned(report: &Compared) -> Option<String> {
    let tally = liability::tally(report);
    let words = format!("also yours to look after: {}", tally.words());
    // An image that may be somebody else's is not worth a line of its own.
    let is_some = tally.things() > 0 || tally.kinds().any(|(kind, _)| kind.is_lines);
    is_some.then_some(words)
}

/// What a report comes to, in one line.
pub fn verdict(report: &Compared, summary: &Summary<'_>) -> String {
    let told = match summary.all.score() {
        Some(_) => reasons(report, summary) + &beside(report) + &left_out_number(report),
        None => listed("", &beside_reasons(report)) + &nothing_left(report),
    };
    match report.unreadable {
        0 => told,
        number => format!("{} could not be read; {told}", count(number, "input")),
    }
}

/// `2 templates`, with those that could be read only in part: `2 templates (1 of them only in part)`.
pub fn templates(report: &Compared) -> String {
    let part = report.read_in_part();
    let all = report.read.len() + part;
    let templates = count(all, "template");
    match part {
        0 => templates,
        _ if part == all => format!("{templates} (only in part)"),
        _ => format!("{templates} ({part} of them only in part)"),
    }
}

/// `, 1 unreadable`: inputs of which nothing could be judged; nothing where there are none.
pub fn unreadable(report: &Compared) -> String {
    match report.unreadable.saturating_sub(report.read_in_part()) {
        0 => String::new(),
        number => format!(", {number} unreadable"),
    }
}

/// All in one line: `2 findings (1 error, 1 warning), 1 fallback explained; 4 decisions in 2 templates, score 33`.
pub fn line(report: &Compared) -> String {
    let summary = Summary::of(report);
    let named: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .iter()
        .filter(|severity| summary.findings.of(**severity) > 0)
        .map(|severity| count(summary.findings.of(*severity), severity.name()))
        .collect();
    let partly = report.baseline.is_some() || report.change.is_some();
    let findings = match summary.findings.total() {
        0 if partly => "no new findings".to_owned(),
        0 if !report.hidden.is_empty() => "no findings are shown".to_owned(),
        0 => "no findings".to_owned(),
        total => format!("{} ({})", count(total, "finding"), named.join(", ")),
    };
    let templates = templates(report);
    let unreadable = unreadable(report);
    let beside = match report.read.is_empty() {
        true => listed("; not read: ", &counted(report, true)),
        false => beside(report),
    };
    let scored = match summary.all.score() {
        Some(score) => {
            let decisions = count(summary.all.total(), "decision");
            format!(
                "{decisions} in {templates}{unreadable}, score {}",
                whole(score)
            )
        }
        None if report.read.is_empty() && beside.is_empty() => {
            format!("no templates here{unreadable}")
        }
        None if report.read.is_empty() => format!("no template was read{unreadable}"),
        None => format!("no hosting choice in {templates}{unreadable}"),
    };
    let explained = match summary.justified {
        0 => String::new(),
        number => format!(", {} explained", count(number, "fallback")),
    };
    let left_out = left_out_number(report);
    format!("{findings}{explained}; {scored}{beside}{left_out}")
}

/// Ladders that are named in one line.
const MOST_LADDERS: usize = 12;

/// All of it in one line, for who knows it: `the estate: 31 decisions in 4 templates, score 72: compute 68, messaging 100`; nothing
/// where there is nothing to score.
pub fn estate(summary: &Summary<'_>, templates: &str) -> Option<String> {
    let score = summary.all.score()?;
    let decisions = count(summary.all.total(), "decision");
    let scored = summary.ladders.iter();
    let scored = scored.filter_map(|(ladder, count)| Some((&ladder.name, count.score()?)));
    let mut named: Vec<String> = scored
        .map(|(name, score)| format!("{name} {}", whole(score)))
        .collect();
    let rest = named.len().saturating_sub(MOST_LADDERS);
    named.truncate(MOST_LADDERS);
    if rest > 0 {
        named.push(format!("{rest} more"));
    }
    let named = named.join(", ");
    let score = whole(score);
    Some(format!(
        "the estate: {decisions} in {templates}, score {score} ({named})"
    ))
}

/// Why there is no score.
pub fn nothing(report: &Compared) -> String {
    if report.read.is_empty() && report.unreadable > 0 {
        return "nothing to score".to_owned();
    }
    let unread = counted(report, true);
    if report.read.is_empty() && !unread.is_empty() {
        return format!("no template was read{}", listed(": ", &unread));
    }
    if report.read.is_empty() {
        return "no templates here: sfl reads CloudFormation and SAM in YAML and JSON, Terraform and OpenTofu (.tf, .tofu and their JSON syntax), and JSON plans"
            .to_owned();
    }
    let templates = count(report.read.len(), "template");
    let beside = beside(report);
    let left_out = left_out_number(report);
    format!("no hosting choice in {templates}: nothing to score{beside}{left_out}")
}

/// Whether a change makes something worse, and only the baseline keeps it from being said.
fn is_worse_and_known(report: &Compared) -> bool {
    let (Some(change), Some(outcome)) = (&report.change, &report.baseline) else {
        return false;
    };
    let moved = change.down.iter().chain(&change.unexplained);
    let mut worse = change.added.iter().chain(moved.map(|step| &step.to));
    outcome.known > 0 && worse.any(|one| one.is_fallback && !one.justified)
}

/// How many fallbacks need a reason, and how many have one.
pub fn reasons(report: &Compared, summary: &Summary<'_>) -> String {
    let asked = summary.unjustified;
    let explained = summary.justified;
    let partly = report.baseline.is_some() || report.change.is_some();
    let is_part = !report.hidden.is_empty();
    let mut fails = beside_reasons(report);
    let mut text = match (asked.total(), explained) {
        // "Nothing new" would be taken for the whole.
        (0, _) if partly && !fails.is_empty() => std::mem::take(&mut fails).join(", "),
        (0, _) if is_worse_and_known(report) => {
            "what got worse is known to the baseline, and nothing else needs a reason".to_owned()
        }
        (0, _) if partly => "nothing new needs a reason".to_owned(),
        (0, _) if is_part => "nothing that is shown needs a reason".to_owned(),
        (0, 0) => "no fallback: nothing to explain".to_owned(),
        (0, 1) => "the only fallback is explained".to_owned(),
        (0, _) => format!("all {explained} fallbacks are explained"),
        (total, _) => {
            let named = [
                (Severity::Error, "error"),
                (Severity::Warning, "warning"),
                (Severity::Note, "note"),
            ];
            let named = named.iter().filter(|(severity, _)| asked.of(*severity) > 0);
            let named: Vec<String> = named
                .map(|(severity, name)| count(asked.of(*severity), name))
                .collect();
            let need = if total == 1 { "needs" } else { "need" };
            let explained = match explained {
                0 => "none is explained".to_owned(),
                1 => "1 is explained".to_owned(),
                more => format!("{more} are explained"),
            };
            format!(
                "{} {need} a reason ({}), {explained}",
                count(total, "fallback"),
                named.join(", ")
            )
        }
    };
    text.push_str(&listed("; ", &fails));
    if summary.about_reasons > 0 {
        let are = if summary.about_reasons == 1 {
            "is"
        } else {
            "are"
        };
        let _ = write!(
            text,
            "; {} {are} about written reasons",
            count(summary.about_reasons, "finding")
        );
    }
    let codes = report.findings.iter().map(|finding| &finding.code);
    match codes
        .filter(|code| matches!(code, Code::Lifecycle(_)))
        .count()
    {
        0 => {}
        1 => text.push_str("; 1 choice is of a service that ends or is closed"),
        more => {
            let _ = write!(
                text,
                "; {more} choices are of services that end or are closed"
            );
        }
    }
    text
}

/// What else there is that no reason settles, kind by kind: `2 templates are out of sight`. Notes are no news of a run.
#[must_use]
pub fn beside_reasons(report: &Compared) -> Vec<String> {
    let number = |is_one: &dyn Fn(&Code) -> bool| {
        let findings = report.findings.iter();
        let weighing = findings.filter(|finding| finding.severity > Severity::Note);
        weighing.filter(|finding| is_one(&finding.code)).count()
    };
    let is_hidden = |code: &Code| *code == Code::Template(TemplateCode::Hidden);
    let is_widened = |code: &Code| *code == Code::Config(ConfigCode::Widened);
    let is_other = |code: &Code| {
        let is_told = matches!(
            code,
            Code::Fallback { .. }
                | Code::Justification(_)
                | Code::Source(_)
                | Code::Lifecycle(_)
                | Code::Ratchet(_)
                | Code::Purpose(_)
        );
        !is_told && !is_hidden(code) && !is_widened(code)
    };
    let kinds = [
        (
            number(&is_hidden),
            "template is",
            "templates are",
            "out of sight",
        ),
        (
            number(&is_widened),
            "setting would be",
            "settings would be",
            "looser once this is merged",
        ),
        (
            number(&|code| matches!(code, Code::Ratchet(_))),
            "thing that was reached is",
            "things that were reached are",
            "given up",
        ),
        (
            number(&|code| matches!(code, Code::Purpose(_))),
            "target is",
            "targets are",
            "missed",
        ),
        (
            number(&is_other),
            "finding is",
            "findings are",
            "about something else",
        ),
    ];
    let some = kinds.into_iter().filter(|(number, ..)| *number > 0);
    let words = some.map(|(number, one, more, what)| match number {
        1 => format!("1 {one} {what}"),
        number => format!("{number} {more} {what}"),
    });
    words.collect()
}

/// Why there is no score, behind what weighs more.
fn nothing_left(report: &Compared) -> String {
    match beside_reasons(report).is_empty() {
        true => nothing(report),
        false => format!("; {}", nothing(report)),
    }
}

/// The way to each target: `target: compute 62 of 80 by 2027-06-30, 4 decisions short`.
pub fn targets(report: &Compared) -> Vec<String> {
    let lines = report.targets.iter().map(|standing| {
        let words = standing.words();
        match standing.place {
            Some(_) if standing.target.is_gate => format!("target (gate): {words}"),
            Some(_) => format!("target: {words}"),
            None => format!("--fail-under: {words}"),
        }
    });
    lines.collect()
}

/// What has to be said beside the sentence of a change.
pub fn about_change(change: &Change) -> Vec<String> {
    let since = &change.since;
    let is_commit = change.base.is_some();
    let unread = change.unread.iter().map(|path| match is_commit {
        true => format!(
            "note: {path} could not be read as it was at {since}: what it holds counts as new"
        ),
        false => {
            format!("note: {since} says that {path} could not be read: what it holds counts as new")
        }
    });
    let uncommitted = change.uncommitted.iter().map(|folder| match is_commit {
        true => format!(
            "note: {folder} is generated, and git has nothing of it at {since}, so all that it holds counts as new: compare with a saved report instead (`sfl check {folder} --format json > old.json` before the change, `sfl diff old.json {folder}` after it), or with a baseline (`sfl baseline {folder}`)"
        ),
        false => format!("note: {since} has nothing of {folder}, so all that it holds counts as new"),
    });
    let mut all: Vec<String> = change.reserves.clone();
    all.extend(unread.chain(uncommitted));
    if change.older > 0 {
        let were = if change.older == 1 { "was" } else { "were" };
        let all_of_them = match is_commit {
            true => "all are shown without --since",
            false => "`sfl check` shows all",
        };
        all.push(format!(
            "{} {were} there before ({all_of_them})",
            count(change.older, "finding")
        ));
    }
    all
}

/// What a baseline had to say.
pub fn about_baseline(outcome: &BaselineOutcome) -> Vec<String> {
    let file = &outcome.file;
    // Most runs meet all that it holds.
    let mut text = match outcome.known == outcome.held {
        true => format!("{file} knows {}", count(outcome.known, "fallback")),
        false => {
            let known = match outcome.known {
                0 => "no finding here is".to_owned(),
                1 => "1 finding here is".to_owned(),
                number => format!("{number} findings here are"),
            };
            let entries = match outcome.held {
                1 => "1 entry".to_owned(),
                number => format!("{number} entries"),
            };
            format!("{file} holds {entries}, and {known} known by it")
        }
    };
    let better = outcome.better().len();
    if better > 0 {
        let _ = write!(text, ", {better} of them on a better rung by now");
    }
    let mut all = vec![text];
    let renamed = outcome.renamed();
    if let Some(first) = renamed.first() {
        let of = match renamed.len() {
            1 => "1 of them is in a file that has another name now".to_owned(),
            number => format!("{number} of them are in files that have other names now"),
        };
        let more = renamed
            .iter()
            .any(|one| (&one.from.path, &one.path) != (&first.from.path, &first.path));
        let more = if more { ", and more" } else { "" };
        all.push(format!(
            "note: {of}: {} is {}{more} (`sfl baseline --prune` writes the new names)",
            first.from.path, first.path
        ));
    }
    let perhaps = outcome.perhaps_renamed();
    if let Some((new, before)) = perhaps.first() {
        let more = match perhaps.len() {
            1 => String::new(),
            number => format!(", and {} more like it", number - 1),
        };
        all.push(format!(
            "note: {} in {} may be {before} under a new name{more}: a baseline does not hold what a resource is made of, so it counts as new (`sfl baseline --allow-growth` takes it as known)",
            new.address, new.path
        ));
    }
    let idle = outcome.gone().len();
    if idle > 0 {
        let occur = if idle == 1 {
            "entry no longer occurs"
        } else {
            "entries no longer occur"
        };
        all.push(format!(
            "note: {idle} {occur} (`sfl baseline --prune` removes what is gone)"
        ));
    }
    all
}

/// Whose values the parameters had: `with the values of dev and prod`.
pub fn deployments(report: &Compared) -> String {
    let names: Vec<&str> = report.deployments.iter().map(|name| &**name).collect();
    match &names[..] {
        [first @ .., last] if !first.is_empty() => {
            format!("with the values of {} and {last}", first.join(", "))
        }
        names => format!("with the values of {}", names.concat()),
    }
}

/// What the given values leave out: `2 decisions are left out by the given values: Jump (infra/shop.yaml), Old (infra/old.yaml)`.
#[must_use]
pub fn left_out(analysis: &Analysis) -> Option<String> {
    let mut names: Vec<String> = analysis
        .left_out()
        .map(|decision| format!("{} ({})", decision.name(), decision.place().0))
        .collect();
    let number = names.len();
    if number == 0 {
        return None;
    }
    names.truncate(LEFT_OUT_NAMED);
    if number > names.len() {
        names.push(format!("{} more", number - names.len()));
    }
    let are = if number == 1 { "is" } else { "are" };
    let decisions = count(number, "decision");
    Some(format!(
        "{decisions} {are} left out by the given values: {}",
        names.join(", ")
    ))
}

/// Which findings nobody wants to see: `12 findings are not shown: --ignore cache (10), --ignore note (2)`.
#[must_use]
pub fn not_shown(analysis: &Analysis) -> Option<String> {
    let number: usize = analysis.hidden.values().sum();
    let by: Vec<String> = match analysis.hidden.len() {
        0 => return None,
        1 => analysis.hidden.keys().cloned().collect(),
        _ => {
            let hidden = analysis.hidden.iter();
            hidden
                .map(|(by, number)| format!("{by} ({number})"))
                .collect()
        }
    };
    let are = if number == 1 { "is" } else { "are" };
    let findings = count(number, "finding");
    Some(format!("{findings} {are} not shown: {}", by.join(", ")))
}

/// What somebody chose not to see: decisions that the given values leave out, findings that are not shown.
#[must_use]
pub fn set_aside(analysis: &Analysis) -> Vec<String> {
    left_out(analysis)
        .into_iter()
        .chain(not_shown(analysis))
        .collect()
}

/// `; 2 decisions left out by the given values`, where there are any.
fn left_out_number(analysis: &Analysis) -> String {
    match analysis.left_out().count() {
        0 => String::new(),
        number => format!(
            "; {} left out by the given values",
            count(number, "decision")
        ),
    }
}

/// What is no fallback where it stands, but would be with another value: `Quote is serverless; capacity when `Ready=1``.
pub fn elsewhere(report: &Compared) -> Vec<(&str, String)> {
    let decisions = report.decisions.iter();
    let some = decisions.filter(|decision| decision.can_fall);
    let lines = some.map(|decision| {
        let worse = decision.reachable.iter();
        let worse = worse.filter(|reach| reach.rung > decision.rung);
        let worse = worse.map(|reach| format!("{} {}", reach.rung.name(), reach.words()));
        let worse = worse.collect::<Vec<_>>().join("; ");
        let (address, rung) = (&decision.address, decision.rung.name());
        (&*decision.path, format!("{address} is {rung}; {worse}"))
    });
    lines.collect()
}
