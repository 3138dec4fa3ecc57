//! One page to explore, which needs no network: its script and its style sheet are its own, and its policy forbids all
//! others. What a template says is data: in the page it is escaped, in the script it is only ever text.

use std::io::{self, Write};

use askama::Template;

use super::touched::Touched;
use super::{Style, visible};
use super::{gaps, map, phrases};
use crate::analysis::summary::Summary;
use crate::analysis::summary::{count, whole};
use crate::analysis::{Decision, Ladder};
use crate::base::finding::{Finding, Severity};
use crate::compare::Compared;
use crate::landscape::{Landscape, landscape};
use picture::Picture;
use source_lines::ExcerptLine;

mod embed;
mod group_rows;
mod picture;
mod script_data;
mod source_lines;
#[cfg(test)]
mod tests;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = page(report, style)?;
    let mut out = out;
    page.write_into(&mut out)
}

/// What a decision is to who owes reasons.
fn state(decision: &Decision) -> &'static str {
    match (decision.fallback, &decision.justification) {
        (false, _) => "accepted",
        (true, Some(_)) => "justified",
        (true, None) => "open",
    }
}

#[derive(Template)]
#[template(path = "page.html", config = "src/report/html/askama.toml")]
struct Page {
    style: &'static str,
    style_digest: &'static str,
    map_style: &'static str,
    map_style_digest: &'static str,
    script: &'static str,
    script_digest: &'static str,
    version: &'static str,
    verdict: String,
    numbers: Option<Numbers>,
    change: Option<Changed>,
    notes: Vec<String>,
    ladders: Vec<Picture>,
    purpose: Option<String>,
    targets: Vec<(&'static str, String)>,
    groups: Vec<group_rows::GroupTable>,
    map: Option<String>,
    others: Vec<Item>,
    asked: Vec<Item>,
    unread: Vec<String>,
    types: Vec<(usize, String)>,
    not_templates: Vec<String>,
    read: String,
    data: String,
}

/// What stands at the top.
struct Numbers {
    score: f64,
    decisions: usize,
    templates: String,
    fallbacks: usize,
    open: usize,
    justified: usize,
    uncertain: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

struct Changed {
    sentence: String,
    moves: Vec<Moved>,
}

struct Moved {
    word: &'static str,
    address: String,
    path: String,
    rungs: String,
    was: Option<(String, String)>,
}

/// A finding without its decision.
struct Item {
    severity: &'static str,
    code: String,
    message: String,
    place: String,
    url: Option<String>,
    page: Option<String>,
    label: String,
    lines: Vec<ExcerptLine>,
    help: Vec<(&'static str, String)>,
}

fn shown(text: &str) -> String {
    visible::line(text, true).into_owned()
}

fn page(report: &Compared, style: &Style) -> io::Result<Page> {
    let summary = Summary::of(report);
    let about = |finding: &&Finding| report.unexplained(finding).is_some();
    let (asked, others): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(about);
    let items = |findings: &[&Finding]| -> Vec<Item> {
        let items = findings.iter().map(|finding| item(report, finding, style));
        items.collect()
    };
    let ladders = summary
        .ladders
        .iter()
        .filter_map(|(ladder, count)| Some((*ladder, count.score()?)));
    let picture = |(ladder, score): (&Ladder, f64)| picture::of(report, ladder, score);
    let mut notes: Vec<String> = phrases::left_out(report).into_iter().collect();
    if let Some(change) = &report.change {
        notes.extend(phrases::about_change(change));
    }
    if let Some(outcome) = &report.baseline {
        notes.extend(phrases::about_baseline(outcome));
    }
    let drawn = drawn(report);
    Ok(Page {
        style: STYLE,
        style_digest: env!("SFL_STYLE_DIGEST"),
        map_style: map::STYLE,
        map_style_digest: env!("SFL_MAP_STYLE_DIGEST"),
        script: SCRIPT,
        script_digest: env!("SFL_SCRIPT_DIGEST"),
        version: env!("CARGO_PKG_VERSION"),
        purpose: report.purpose.as_deref().map(shown),
        targets: report
            .targets
            .iter()
            .zip(phrases::targets(report))
            .map(|(standing, words)| (standing.state.name(), shown(&words)))
            .collect(),
        groups: group_rows::tables(report),
        map: drawn.as_ref().map(picture_of_map).transpose()?,
        verdict: phrases::verdict(report, &summary),
        numbers: summary
            .all
            .score()
            .map(|score| numbers(report, &summary, score)),
        change: report.change.as_ref().map(|change| Changed {
            sentence: shown(&change.sentence("→")),
            moves: Touched::of(change).iter().map(moved).collect(),
        }),
        notes: notes.iter().map(|note| shown(note)).collect(),
        ladders: ladders.map(picture).collect(),
        others: items(&others),
        asked: items(&asked),
        unread: gaps::sentences(report)
            .iter()
            .map(|sentence| shown(sentence))
            .collect(),
        types: report
            .unknown_types
            .iter()
            .map(|(name, number)| (*number, shown(name)))
            .collect(),
        not_templates: report
            .not_templates
            .iter()
            .map(|path| shown(path))
            .collect(),
        read: read(report),
        data: script_data::of(report, drawn.as_ref(), style)?,
    })
}

/// The map of what counts, where the run kept what refers to what.
fn drawn(report: &Compared) -> Option<Landscape> {
    report.graph.as_ref()?;
    let map = landscape(report, None, &|decision| decision.is_counted);
    (!map.components.is_empty()).then_some(map)
}

fn picture_of_map(map: &Landscape) -> io::Result<String> {
    let mut picture = Vec::new();
    map::write_inside(map, &mut picture)?;
    String::from_utf8(picture).map_err(io::Error::other)
}

fn numbers(report: &Compared, summary: &Summary<'_>, score: f64) -> Numbers {
    let number = |wanted: fn(&Decision) -> bool| {
        let decisions = report.decisions.iter();
        decisions.filter(|decision| wanted(decision)).count()
    };
    Numbers {
        score: whole(score),
        decisions: summary.all.total(),
        templates: phrases::templates(report),
        fallbacks: number(|decision| decision.fallback),
        open: number(Decision::is_open),
        justified: summary.justified,
        uncertain: number(Decision::uncertain),
        errors: summary.findings.of(Severity::Error),
        warnings: summary.findings.of(Severity::Warning),
        notes: summary.findings.of(Severity::Note),
    }
}

fn moved(one: &Touched<'_>) -> Moved {
    Moved {
        word: one.word,
        address: shown(one.spot.name()),
        path: shown(&one.spot.path),
        rungs: one.rungs(),
        was: one
            .was()
            .map(|(address, path)| (shown(address), shown(path))),
    }
}

fn item(report: &Compared, finding: &Finding, style: &Style) -> Item {
    let decision = report.decision(finding);
    let (start, _) = finding.positions();
    let path = finding.path();
    let whole = finding.source.text().is_empty();
    let place = match whole {
        true => path.to_string(),
        false => format!("{path}:{}", start.line),
    };
    let remote = style.remote.filter(|_| !whole);
    let help = finding.help.iter();
    Item {
        severity: finding.severity.name(),
        code: shown(&finding.code.to_string()),
        message: shown(&finding.message),
        place: shown(&place),
        url: remote.and_then(|remote| remote.line(path, start.line)),
        page: style.pages.of_finding(finding, decision),
        label: shown(&finding.label),
        lines: source_lines::around(&finding.source, finding.span),
        help: help
            .map(|help| (help.section.heading(), copied(&help.text)))
            .collect(),
    }
}

/// Lines stay lines.
fn copied(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(shown).collect();
    lines.join("\n")
}

fn read(report: &Compared) -> String {
    let mut text = format!("read {}", phrases::templates(report));
    if report.skipped > 0 {
        text.push_str(&format!(
            ", skipped {}",
            count(report.skipped, "other file")
        ));
    }
    text.push_str(&phrases::unreadable(report));
    text.push_str(&gaps::listed(", ", &gaps::passed_over(report, false)));
    text
}
