//! One page to explore, which needs no network: its script and its style sheet are its own, and its policy forbids all
//! others. What a template says is data: in the page it is escaped, in the script it is only ever text.

use std::io::{self, Write};

use askama::Template;

use super::{Style, visible};
use super::{gaps, map, phrases, trend};
use crate::analysis::summary::Summary;
use crate::analysis::summary::{count, whole};
use crate::analysis::{Decision, Ladder, Rung};
use crate::base::TargetScope;
use crate::base::finding::{Finding, Severity};
use crate::compare::Compared;
use crate::landscape::{Landscape, landscape};
use coming_ends::ComingEnds;
use page_trend::PageTrend;
use picture::Picture;
use row_links::RowLinks;
use source_lines::ExcerptLine;

mod coming_ends;
mod embed;
mod group_rows;
mod owned_rows;
mod page_trend;
mod picture;
mod row_links;
mod script_data;
mod source_lines;
#[cfg(test)]
mod tests;
mod touched_rows;

const STYLE: &str = include_str!("html/style.css");
/// The files of `html/script/`, put together by `build.rs`.
const SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/page.js"));

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
        _ if !decision.is_counted => "left out",
        (true, Some(_)) => "justified",
        (true, None) => "open",
        (false, _) if decision.rung == Rung::Serverless => "serverless",
        (false, _) => "accepted",
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
    change: Option<touched_rows::Changed>,
    notes: Vec<String>,
    ladders: Vec<Picture>,
    purpose: Option<String>,
    targets: Vec<Aim>,
    groups: Vec<group_rows::GroupTable>,
    ends: Option<ComingEnds>,
    owned: Vec<owned_rows::OwnedKind>,
    trend: Option<PageTrend>,
    trend_style: &'static str,
    trend_style_digest: &'static str,
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
    /// Those that were not open before, where there is a before.
    fresh: Option<usize>,
    /// Of each severity, the worst first.
    findings: [(usize, &'static str); 3],
    /// Finds all decisions that count.
    all: String,
}

/// A target: where it stands, and the decisions that it counts.
struct Aim {
    state: &'static str,
    words: String,
    wish: String,
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
    let drawn = drawn(report);
    let about = |finding: &&Finding| report.unexplained(finding).is_some();
    let (asked, others): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(about);
    let items = |findings: &[&Finding]| -> Vec<Item> {
        let items = findings.iter().map(|finding| item(report, finding, style));
        items.collect()
    };
    let links = RowLinks::of(report);
    let data = script_data::of(report, drawn.as_ref(), style)?;
    let ladders = summary
        .ladders
        .iter()
        .filter_map(|(ladder, count)| Some((*ladder, count.score()?)));
    let picture = |(ladder, score): (&Ladder, f64)| picture::of(report, ladder, score, links);
    let mut notes: Vec<String> = phrases::set_aside(report);
    if let Some(change) = &report.change {
        notes.extend(phrases::about_change(change));
    }
    if let Some(outcome) = &report.baseline {
        notes.extend(phrases::about_baseline(outcome));
    }
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
            .map(|(standing, words)| Aim {
                state: standing.state.name(),
                words: shown(&words),
                wish: match &standing.target.of {
                    TargetScope::Whole => links.counted(&[]),
                    TargetScope::Ladder(name) => links.counted(&[("ladder", name)]),
                    TargetScope::Stream(name) => {
                        links.counted(&[("stream", &row_links::named(Some(name)))])
                    }
                },
            })
            .collect(),
        groups: group_rows::tables(report, links),
        ends: ComingEnds::of(report, links),
        owned: owned_rows::kinds(report, links, style),
        trend: style.trend.map(PageTrend::of).transpose()?,
        trend_style: trend::FRAGMENT_STYLE,
        trend_style_digest: env!("SFL_TREND_STYLE_DIGEST"),
        map: drawn.as_ref().map(picture_of_map).transpose()?,
        verdict: phrases::verdict(report, &summary),
        numbers: summary
            .all
            .score()
            .map(|score| numbers(report, &summary, score, data.fresh, links)),
        change: report
            .change
            .as_ref()
            .map(|change| touched_rows::changed(report, change, links)),
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
        data: data.json,
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

fn numbers(
    report: &Compared,
    summary: &Summary<'_>,
    score: f64,
    fresh: Option<usize>,
    links: RowLinks,
) -> Numbers {
    let number = |wanted: fn(&Decision) -> bool| {
        let decisions = report.decisions.iter();
        decisions.filter(|decision| wanted(decision)).count()
    };
    let of = |severity: Severity| (summary.findings.of(severity), severity.name());
    Numbers {
        score: whole(score),
        decisions: summary.all.total(),
        templates: phrases::templates(report),
        fallbacks: number(|decision| decision.fallback),
        open: number(Decision::is_open),
        justified: summary.justified,
        uncertain: number(Decision::uncertain),
        fresh,
        findings: [Severity::Error, Severity::Warning, Severity::Note].map(of),
        all: links.counted(&[]),
    }
}

fn item(report: &Compared, finding: &Finding, style: &Style) -> Item {
    let decision = report.decision(finding);
    let (start, _) = finding.positions();
    let path = finding.path();
    let whole = finding.source.is_placeless();
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
    if report.skipped() > 0 {
        text.push_str(&format!(
            ", skipped {}",
            count(report.skipped(), "other file")
        ));
    }
    text.push_str(&phrases::unreadable(report));
    text.push_str(&gaps::listed(", ", &gaps::passed_over(report, false)));
    text
}
