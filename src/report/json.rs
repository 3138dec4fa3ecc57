//! The report for other programs: one object, `sfl-report/1`. Fields may be added, never changed.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::{visible, words};
use crate::analysis::Field;
use crate::analysis::Grouping;
use crate::analysis::Lifecycle;
use crate::analysis::Owner;
use crate::analysis::UnreadItem;
use crate::analysis::summary::Summary;
use crate::analysis::{Count, Graph};
use crate::analysis::{Decision, Rung, Step};
use crate::base::finding::{Finding, Severity};
use crate::base::source::Position;
use crate::base::{Code, LifecycleCode};
use crate::compare::Compared;
use crate::liability;
pub use fix_view::FixView;

mod fix_view;
mod group_views;
mod liability_view;
pub(in crate::report) use group_views::{TargetView, target};
mod since;
mod sourced;

pub(super) use liability_view::{OwnedView, TallyView, owned, tally};
mod unreadable_view;
pub use sourced::{BillView, LimitView};
pub(in crate::report) use unreadable_view::{UnreadableView, unreadable};

/// Writes the report and a line break.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let for_decisions = liability::of_decisions(report);
    let graph = report
        .graph
        .as_ref()
        .filter(|_| report.merged_from.is_some());
    let ids = graph.map(Graph::ids).unwrap_or_default();
    let graph = graph.map(|graph| (graph, &*ids));
    write_object(&object(report, &for_decisions, "sfl-report/1", graph), out)
}

/// The whole report under the name of a schema, with a graph and the ids of its resources; `for_decisions` says which liabilities hang on each decision.
pub(super) fn object<'r>(
    report: &'r Compared,
    for_decisions: &'r [Vec<usize>],
    schema: &'static str,
    graph: Option<(&'r Graph, &'r [String])>,
) -> impl Serialize + 'r {
    let decisions = report.decisions.iter().zip(for_decisions);
    let liability = report.liabilities.iter();
    Object {
        schema,
        summary: summary(report),
        decisions: Each(decisions.map(|(one, owned)| decision(one, owned))),
        findings: Each(report.findings.iter().map(finding)),
        liability: liability.map(|one| owned(report, one)).collect(),
        graph: graph.map(|(graph, ids)| super::graph::parts(graph, ids)),
    }
}

#[derive(Serialize)]
struct Object<'r, D: Serialize, F: Serialize, G: Serialize> {
    schema: &'static str,
    summary: SummaryView<'r>,
    decisions: D,
    findings: F,
    /// What servers make somebody own, each with its lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    liability: Vec<OwnedView<'r>>,
    /// Resources and edges, where many reports were put together: a map needs them.
    #[serde(flatten)]
    graph: Option<G>,
}

/// Writes an object, and a line break.
///
/// # Errors
/// Those of `out`.
pub(crate) fn write_object(object: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Visible::pretty());
    object.serialize(&mut serializer).map_err(io::Error::from)?;
    writeln!(out)
}

/// Writes an object on one line, and a line break.
///
/// # Errors
/// Those of `out`.
pub(super) fn write_line(object: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Visible(CompactFormatter);
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, formatter);
    object.serialize(&mut serializer).map_err(io::Error::from)?;
    writeln!(out)
}

/// Views are made one by one while they are written.
pub(super) struct Each<I>(pub I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Each<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

#[derive(Serialize)]
struct SummaryView<'r> {
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    decisions: usize,
    score: Option<f64>,
    by_ladder: Ladders<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_owner: Vec<group_views::GroupView>,
    by_folder: Vec<group_views::GroupView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_stream: Vec<group_views::GroupView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    targets: Vec<group_views::TargetView<'r>>,
    fallbacks: Fallbacks,
    /// The duties that all of it leaves, and what else servers make somebody own.
    liability: TallyView,
    findings: BTreeMap<&'static str, usize>,
    read: usize,
    skipped: usize,
    unreadable: usize,
    /// Of those that are unreadable, files of which a part is judged all the same.
    #[serde(skip_serializing_if = "is_none")]
    read_in_part: usize,
    not_templates: Vec<String>,
    files: Vec<FileView>,
    unknown_types: BTreeMap<String, usize>,
    machinery: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deployments: Vec<&'r str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    strict: bool,
    /// Decisions that the given values leave out: no other number counts them.
    #[serde(skip_serializing_if = "is_none")]
    left_out: usize,
    /// Findings that are not shown: how many, and what leaves them out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_shown: Vec<NotShown<'r>>,
    unread: Vec<UnreadView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<since::BaselineView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<since::ChangeView>,
    /// How many reports and inputs of scans it was put together from.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    repositories: Vec<RepositoryView<'r>>,
    elapsed_ms: u64,
}

/// A repository of which a part of a merged report is.
#[derive(Serialize)]
struct RepositoryView<'r> {
    name: &'r str,
    commit: Option<&'r str>,
    score: Option<f64>,
    decisions: usize,
}

#[derive(Serialize)]
struct NotShown<'r> {
    /// `--ignore cache`.
    by: &'r str,
    findings: usize,
}

#[derive(Serialize)]
struct Fallbacks {
    unjustified: usize,
    justified: usize,
}

#[derive(Serialize)]
struct FileView {
    path: String,
    score: Option<f64>,
    decisions: usize,
}

/// An object in the catalogue's order.
struct Ladders<'r>(Vec<(&'r str, Count)>);

impl Serialize for Ladders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, count) in &self.0 {
            map.serialize_entry(
                name,
                &LadderView {
                    score: score(count),
                    decisions: count.total(),
                    rungs: RungCounts(count),
                },
            )?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct LadderView<'c> {
    score: Option<f64>,
    decisions: usize,
    rungs: RungCounts<'c>,
}

struct RungCounts<'c>(&'c Count);

impl Serialize for RungCounts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            Rung::ALL
                .iter()
                .map(|rung| (rung.name(), self.0.rungs[*rung as usize])),
        )
    }
}

fn summary(report: &Compared) -> SummaryView<'_> {
    let summary = Summary::of(report);
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let merged = report.merged_from.as_ref();
    let files = summary.files.iter().map(|(path, count)| FileView {
        path: (*path).to_owned(),
        score: score(count),
        decisions: count.total(),
    });
    SummaryView {
        version: env!("CARGO_PKG_VERSION"),
        purpose: report.purpose.clone(),
        decisions: summary.all.total(),
        score: score(&summary.all),
        by_ladder: Ladders(
            summary
                .ladders
                .iter()
                .map(|(ladder, count)| (&*ladder.name, *count))
                .collect(),
        ),
        by_owner: match report.decisions.iter().any(|one| one.owner.is_some()) {
            true => group_views::groups(report, Grouping::Owner),
            false => Vec::new(),
        },
        by_folder: group_views::groups(report, Grouping::Folder),
        by_stream: match report.streams.is_empty() {
            true => Vec::new(),
            false => group_views::groups(report, Grouping::Stream),
        },
        targets: report.targets.iter().map(group_views::target).collect(),
        fallbacks: Fallbacks {
            unjustified: summary.unjustified.total(),
            justified: summary.justified,
        },
        liability: tally(&liability::tally(report)),
        findings: severities
            .map(|one| (one.name(), summary.findings.of(one)))
            .into(),
        read: report.read.len(),
        skipped: report.skipped(),
        unreadable: report.unreadable,
        read_in_part: report.read_in_part(),
        not_templates: report.not_templates.clone(),
        files: files.collect(),
        unknown_types: report.unknown_types.clone(),
        machinery: report.machinery.len() + merged.map_or(0, |merged| merged.machinery),
        deployments: report.deployments.iter().map(|name| &**name).collect(),
        strict: report.is_strict,
        left_out: report.left_out().count(),
        not_shown: report
            .hidden
            .iter()
            .map(|(by, findings)| NotShown {
                by,
                findings: *findings,
            })
            .collect(),
        unread: unread(report),
        baseline: report.baseline.as_ref().map(since::baseline),
        change: report.change.as_ref().map(since::change),
        merged: merged.map(|merged| merged.inputs),
        repositories: report.repositories().into_iter().map(repository).collect(),
        elapsed_ms: u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
    }
}

fn repository<'r>((name, commit, count): (&'r str, Option<&'r str>, Count)) -> RepositoryView<'r> {
    RepositoryView {
        name,
        commit,
        score: score(&count),
        decisions: count.total(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
pub(super) fn is_none(number: &usize) -> bool {
    *number == 0
}

fn texts(names: &[Arc<str>]) -> Vec<&str> {
    names.iter().map(|name| &**name).collect()
}

#[derive(Serialize)]
struct UnreadView {
    kind: &'static str,
    count: usize,
    items: Vec<UnreadItemView>,
}

#[derive(Serialize)]
struct UnreadItemView {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

fn unread(report: &Compared) -> Vec<UnreadView> {
    let unread = report.all_unread();
    let groups = unread.groups().map(|(kind, group)| UnreadView {
        kind: kind.name(),
        count: group.count,
        items: group.items.iter().cloned().map(item).collect(),
    });
    groups.collect()
}

fn item(item: UnreadItem) -> UnreadItemView {
    let UnreadItem {
        path,
        line,
        address,
        name,
        why,
    } = item;
    UnreadItemView {
        path,
        line,
        address,
        name,
        why,
    }
}

/// Two decimals are enough for a mean of 0, 30, 70 and 100.
fn score(count: &Count) -> Option<f64> {
    count.score().map(|score| (score * 100.0).round() / 100.0)
}

#[derive(Serialize)]
pub(super) struct SpanView {
    start: PlaceView,
    end: PlaceView,
}

#[derive(Serialize)]
struct PlaceView {
    line: u32,
    column: u32,
    offset: u64,
}

pub(super) fn span(start: Position, end: Position) -> SpanView {
    let place = |Position {
                     line,
                     column,
                     offset,
                 }| PlaceView {
        line,
        column,
        offset,
    };
    SpanView {
        start: place(start),
        end: place(end),
    }
}

#[derive(Serialize)]
struct MemberElsewhere<'r> {
    path: &'r str,
    address: &'r str,
}

#[derive(Serialize)]
struct DecisionView<'r> {
    path: &'r str,
    address: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    construct: Option<&'r str>,
    /// The folder of the root module that calls the one in which it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<&'r str>,
    #[serde(rename = "type")]
    kind: &'r str,
    ladder: &'r str,
    rung: u8,
    rung_name: &'static str,
    reachable: Vec<ReachView<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed: Option<&'r str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deployments: Vec<DeployedView<'r>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    left_out: bool,
    conditional: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    conditional_on: &'r [String],
    uncertain: bool,
    doubts: &'r [String],
    score: u8,
    fallback: bool,
    members: &'r [String],
    /// How many more there are than are named.
    #[serde(skip_serializing_if = "Option::is_none")]
    members_unlisted: Option<NonZero<usize>>,
    /// Those of the members that stand in another file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members_elsewhere: Vec<MemberElsewhere<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Each of them, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owners: Vec<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_from: Option<group_views::OwnerFromView<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<&'r str>,
    justification: Option<JustificationView<'r>>,
    rule: &'r str,
    says: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    climb: Option<ClimbView<'r>>,
    /// The exact change, where it was asked for and the rule knows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixView<'r>>,
    /// On the first rung: what is paid although nobody uses it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bills: Vec<BillView<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lifecycle: Vec<LifecycleView<'r>>,
    /// What it leaves to do as long as it runs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    duties: Vec<&'static str>,
    /// What it makes somebody own beside its rung: numbers in the list `liability`, from 0 on.
    #[serde(skip_serializing_if = "<[usize]>::is_empty")]
    liability: &'r [usize],
    span: SpanView,
    /// The block that a plan was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceView<'r>>,
    /// Resources of plans that are this choice as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    planned: Vec<MemberElsewhere<'r>>,
    /// What tells it from others under another name, for `sfl diff`.
    #[serde(skip_serializing_if = "String::is_empty")]
    signature: String,
}

#[derive(Serialize)]
struct SourceView<'r> {
    path: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'r str>,
    span: SpanView,
}

#[derive(Serialize)]
struct ClimbView<'r> {
    up: &'r str,
    step: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<DataView<'r>>,
    /// What is paid where it leads, although nobody uses it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bills: Vec<BillView<'r>>,
    /// Numbers of the provider in its words, and in those on when to stay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    limits: Vec<LimitView<'r>>,
}

/// `how` says how the data is carried over, or how to keep it.
#[derive(Serialize)]
struct DataView<'r> {
    becomes: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    how: &'r str,
}

fn climb(decision: &Decision) -> Option<ClimbView<'_>> {
    let climb = decision.climb();
    let is_said = decision.rung != Rung::Serverless && !climb.up.is_empty();
    is_said.then(|| ClimbView {
        up: climb.up,
        step: climb.step.map(Step::name),
        changes: decision.changes(),
        data: climb.data.map(|data| DataView {
            becomes: data.name(),
            how: data.how(),
        }),
        bills: climb.bills.iter().map(BillView::of).collect(),
        limits: climb.limits().into_iter().map(LimitView::of).collect(),
    })
}

/// What a service's provider says of its end, the same on every day.
#[derive(Debug, Serialize)]
pub struct EndView<'r> {
    name: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<&'r str>,
    instead: &'r str,
    source: &'r str,
}

impl<'r> EndView<'r> {
    /// Of an entry of a rule.
    #[must_use]
    pub fn of(entry: &'r Lifecycle) -> Self {
        Self {
            name: &entry.name,
            ends: entry.ends.as_deref(),
            closed: entry.closed.as_deref(),
            instead: &entry.instead,
            source: &entry.source,
        }
    }
}

#[derive(Serialize)]
struct LifecycleView<'r> {
    code: LifecycleCode,
    #[serde(flatten)]
    end: EndView<'r>,
    checked: &'r str,
    justified: bool,
}

#[derive(Serialize)]
struct ReachView<'r> {
    rung: u8,
    rung_name: &'static str,
    when: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deployments: Vec<&'r str>,
}

#[derive(Serialize)]
struct DeployedView<'r> {
    name: &'r str,
    rung: Option<u8>,
    rung_name: Option<&'static str>,
}

#[derive(Serialize)]
struct JustificationView<'r> {
    because: Option<&'r str>,
    reason: Option<&'r str>,
    owner: Option<&'r str>,
    expires: Option<&'r str>,
    evidence: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'r str>,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    instance: Option<&'r str>,
    carrier: &'static str,
    path: &'r str,
    line: u32,
}

fn decision<'r>(decision: &'r Decision, owned: &'r [usize]) -> DecisionView<'r> {
    let justification = decision.justification.as_ref().map(|found| {
        let reason = &found.reason;
        let text = |field: &'r Option<Field>| field.as_ref().map(|field| field.text.as_str());
        JustificationView {
            because: text(&reason.because),
            reason: text(&reason.reason),
            owner: text(&reason.owner),
            expires: text(&reason.expires),
            evidence: text(&reason.evidence),
            by: text(&reason.by),
            instance: text(&reason.instance),
            carrier: reason.carrier.name(),
            path: &found.path,
            line: found.start.line,
        }
    });
    DecisionView {
        path: &decision.path,
        address: &decision.address,
        construct: decision.construct.as_deref(),
        root: decision.root.as_deref(),
        kind: &decision.kind,
        ladder: &decision.ladder().name,
        rung: decision.rung.number(),
        rung_name: decision.rung.name(),
        reachable: decision
            .reachable
            .iter()
            .map(|one| ReachView {
                rung: one.rung.number(),
                rung_name: one.rung.name(),
                when: one.by(),
                deployments: texts(&one.deployments),
            })
            .collect(),
        assumed: decision.assumed.as_deref(),
        deployments: decision
            .deployments
            .iter()
            .map(|one| DeployedView {
                name: &one.name,
                rung: one.rung.map(Rung::number),
                rung_name: one.rung.map(Rung::name),
            })
            .collect(),
        left_out: decision.is_left_out,
        conditional: decision.conditional,
        conditional_on: &decision.conditional_on,
        uncertain: decision.uncertain(),
        doubts: &decision.doubts,
        score: decision.rung.score(),
        fallback: decision.fallback,
        members: &decision.members,
        members_unlisted: NonZero::new(decision.unlisted_members),
        members_elsewhere: decision
            .elsewhere
            .iter()
            .map(|(address, path)| MemberElsewhere { address, path })
            .collect(),
        source: decision.written.as_ref().map(|written| SourceView {
            path: &written.path,
            address: Some(&written.address),
            span: span(written.start, written.end),
        }),
        planned: decision
            .planned
            .iter()
            .map(|(path, address)| MemberElsewhere { address, path })
            .collect(),
        owner: decision.owner.as_ref().map(Owner::text),
        owners: match &decision.owner {
            Some(owner) if owner.names.len() > 1 => texts(&owner.names),
            _ => Vec::new(),
        },
        owner_from: group_views::owner_from(decision),
        stream: decision.stream.as_deref(),
        justification,
        rule: &decision.rule.name,
        says: decision.says().unwrap_or_default(),
        climb: climb(decision),
        fix: decision.fix.as_ref().map(FixView::of),
        bills: decision.own_bills().iter().map(BillView::of).collect(),
        lifecycle: decision
            .lifecycle()
            .map(|(entry, ending)| LifecycleView {
                code: ending.code,
                end: EndView::of(entry),
                checked: &entry.checked,
                justified: ending.is_settled,
            })
            .collect(),
        duties: liability::duties(decision).map(|duty| duty.name).collect(),
        liability: owned,
        span: span(decision.start, decision.end),
        signature: decision.signature.text(),
    }
}

#[derive(Serialize)]
struct FindingView<'r> {
    code: &'r Code,
    severity: Severity,
    message: &'r str,
    help: String,
    path: &'r str,
    address: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    construct: Option<&'r str>,
    span: SpanView,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceView<'r>>,
    related: Vec<RelatedView<'r>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct RelatedView<'r> {
    path: &'r str,
    span: SpanView,
    message: &'r str,
}

fn finding(finding: &Finding) -> FindingView<'_> {
    let (start, end) = finding.judged_positions();
    let source = finding.planned.as_ref().map(|_| {
        let (start, end) = finding.positions();
        SourceView {
            path: finding.path(),
            address: None,
            span: span(start, end),
        }
    });
    let related = finding.related.iter().map(|related| RelatedView {
        path: related.source.name(),
        span: span(
            related.source.position(related.span.start),
            related.source.position(related.span.end),
        ),
        message: &related.message,
    });
    FindingView {
        code: &finding.code,
        severity: finding.severity,
        message: &finding.message,
        help: words::help(finding),
        path: finding.judged_path(),
        address: finding.address.as_deref(),
        construct: finding.construct.as_deref(),
        span: span(start, end),
        source,
        related: related.collect(),
        fingerprint: finding.fingerprint(),
    }
}

/// JSON in which every character that could act on a terminal is written as `\u....`.
pub(super) struct Visible<F>(F);

impl Visible<PrettyFormatter<'_>> {
    pub(super) fn pretty() -> Self {
        Self(PrettyFormatter::new())
    }
}

impl<F: Formatter> Formatter for Visible<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        if visible::is_plain(text) {
            return out.write_all(text.as_bytes());
        }
        let mut rest = text;
        while let Some(at) = rest.find(visible::acts) {
            out.write_all(&rest.as_bytes()[..at])?;
            let c = rest[at..].chars().next().unwrap_or_default();
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_report_is_one_object() {
        let mut out = Vec::new();
        write(&sample::report(), &mut out).expect("memory takes everything");
        insta::assert_snapshot!(String::from_utf8(out).expect("it is text"));
    }

    #[test]
    fn nothing_in_a_text_acts_on_a_terminal() {
        let mut report = sample::report();
        report.findings[0].message = "a\u{9b}2J\u{202e}\u{e0041}\"é".to_owned();
        let mut out = Vec::new();
        write(&report, &mut out).expect("memory takes everything");
        let text = String::from_utf8(out).expect("it is text");
        assert!(
            text.contains(r#""a\u009b2J\u202e\udb40\udc41\"é""#),
            "{text}"
        );
        let read: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(
            read["findings"][0]["message"],
            report.findings[0].message.as_str()
        );
    }
}
