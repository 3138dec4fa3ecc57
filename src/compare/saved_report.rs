//! A report that was saved (`sfl check --format json`) as the analysis that it was written from, as far as it says: enough to compare
//! with, and to report again. What is compared stays one thing, whether it comes from a commit, a file or a check.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::analysis::{Analysis, Decision, Dialect, Unread, UnreadItem, UnreadKind};
use crate::base::Code;
use crate::base::finding::{Finding, Help, Related, Section, Severity};
use crate::base::source::{Position, Source, Span};
use crate::rulebook::Catalogue;
use saved_decision::{SavedDecisionView, rung};
use saved_graph::{SavedEdge, SavedResource};
use saved_liability::SavedLiability;
use saved_rules::SavedRules;

mod former_paths;
mod laid_beside;
mod merged;
mod no_report;
mod saved_decision;
mod saved_graph;
mod saved_liability;
mod saved_rules;

pub use former_paths::renames;
pub use merged::Merger;
pub use no_report::is_meant_as_one;

const SCHEMA: &str = "sfl-report/1";

/// A report that was saved.
#[derive(Debug, Default)]
pub struct SavedReport {
    /// The name of its file.
    pub name: String,
    /// What it says.
    pub analysis: Analysis,
    /// The sfl that wrote it.
    pub version: String,
    /// Today's names of files that had another, by the folders that are compared: new to old.
    pub renames: BTreeMap<String, String>,
    /// How many files it took for no templates, without naming them.
    skipped: usize,
    /// What has to be said of how it was laid beside the other side.
    notes: Vec<String>,
    /// What was left to say of it then was only what a baseline did not know.
    has_baseline: bool,
}

#[derive(serde::Deserialize)]
struct Head {
    schema: String,
}

#[derive(serde::Deserialize)]
struct File {
    summary: SummaryFields,
    decisions: Vec<SavedDecisionView>,
    findings: Vec<FindingFields>,
    #[serde(default)]
    liability: Vec<SavedLiability>,
    /// Only a merged report has them.
    #[serde(default)]
    resources: Option<Vec<SavedResource>>,
    #[serde(default)]
    edges: Vec<SavedEdge>,
}

#[derive(serde::Deserialize)]
struct SummaryFields {
    #[serde(default)]
    version: String,
    #[serde(default)]
    purpose: Option<String>,
    #[serde(default)]
    unreadable: usize,
    #[serde(default)]
    skipped: usize,
    #[serde(default)]
    machinery: usize,
    #[serde(default)]
    merged: Option<usize>,
    #[serde(default)]
    repositories: Vec<RepositoryFields>,
    #[serde(default)]
    not_templates: Vec<String>,
    #[serde(default)]
    files: Vec<FileFields>,
    #[serde(default)]
    unknown_types: BTreeMap<String, usize>,
    #[serde(default)]
    deployments: Vec<String>,
    #[serde(default)]
    strict: bool,
    #[serde(default)]
    not_shown: Vec<NotShownFields>,
    #[serde(default)]
    unread: Vec<UnreadFields>,
    #[serde(default)]
    baseline: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    change: Option<serde::de::IgnoredAny>,
}

#[derive(serde::Deserialize)]
struct RepositoryFields {
    name: String,
    #[serde(default)]
    commit: Option<String>,
}

#[derive(serde::Deserialize)]
struct FileFields {
    path: String,
}

#[derive(serde::Deserialize)]
struct NotShownFields {
    by: String,
    findings: usize,
}

#[derive(serde::Deserialize)]
struct UnreadFields {
    kind: String,
    count: usize,
    items: Vec<UnreadItemFields>,
}

#[derive(serde::Deserialize)]
struct UnreadItemFields {
    path: Option<String>,
    line: Option<u32>,
    address: Option<String>,
    name: Option<String>,
    why: Option<String>,
}

#[derive(Clone, Copy, Default, serde::Deserialize)]
struct PlaceFields {
    line: u32,
    column: u32,
    offset: u64,
}

#[derive(Clone, Copy, Default, serde::Deserialize)]
struct SpanFields {
    start: PlaceFields,
    end: PlaceFields,
}

#[derive(serde::Deserialize)]
struct SourceFields {
    path: String,
    #[serde(default)]
    address: Option<String>,
    span: SpanFields,
}

#[derive(serde::Deserialize)]
struct FindingFields {
    code: String,
    severity: String,
    message: String,
    #[serde(default)]
    help: String,
    path: String,
    address: Option<String>,
    #[serde(default)]
    construct: Option<String>,
    span: SpanFields,
    #[serde(default)]
    source: Option<SourceFields>,
    #[serde(default)]
    related: Vec<RelatedFields>,
}

#[derive(serde::Deserialize)]
struct RelatedFields {
    path: String,
    span: SpanFields,
    message: String,
}

impl PlaceFields {
    /// Lines and columns count from 1, whatever somebody wrote.
    fn position(self) -> Position {
        Position {
            line: self.line.max(1),
            column: self.column.max(1),
            offset: self.offset,
        }
    }
}

/// Whether a text is a report that was saved.
#[must_use]
pub fn is_one(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str::<Head>(text).is_ok_and(|head| head.schema == SCHEMA)
}

impl SavedReport {
    /// Reads its text. Its rules are those of the catalogue, as far as that has them.
    ///
    /// # Errors
    /// It is none, or it does not hold all that was found then.
    pub fn read(name: &str, text: &str, catalogue: &Catalogue) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        if !is_one(text) {
            return Err(no_report::why(text));
        }
        let file: File =
            serde_json::from_str(text).map_err(|error| no_report::broken(&error.to_string()))?;
        Self::of(name, file, &mut SavedRules::of(catalogue))
    }

    fn of(name: &str, file: File, rules: &mut SavedRules<'_>) -> Result<Self, String> {
        let summary = file.summary;
        if summary.change.is_some() {
            return Err(
                "it has only what was worse than something else: save a report without `--since`"
                    .to_owned(),
            );
        }
        let decisions = file.decisions.into_iter();
        let mut decisions: Vec<Decision> = decisions
            .map(|one| one.decision(rules, summary.strict))
            .collect::<Result<_, _>>()?;
        let places: HashMap<(Arc<str>, String), usize> = decisions
            .iter()
            .enumerate()
            .rev()
            .map(|(at, one)| ((Arc::clone(&one.path), one.address.clone()), at))
            .collect();
        let mut findings = Vec::with_capacity(file.findings.len());
        for one in file.findings {
            findings.push(one.finding(&mut decisions, &places)?);
        }
        let mut unread = Unread::default();
        for group in summary.unread {
            let kind = UnreadKind::ALL
                .into_iter()
                .find(|kind| kind.name() == group.kind);
            // Types that the catalogue does not know are counted one by one.
            let Some(kind) = kind.filter(|kind| *kind != UnreadKind::UnknownType) else {
                continue;
            };
            let items = group.items.into_iter().map(|item| UnreadItem {
                path: item.path,
                line: item.line,
                address: item.address,
                name: item.name,
                why: item.why,
            });
            unread.count_all(kind, items, group.count);
        }
        let is_terraform = decisions
            .iter()
            .any(|one| one.dialect != Dialect::CloudFormation);
        let analysis = Analysis {
            purpose: summary.purpose,
            decisions,
            findings,
            read: read_whole(summary.files),
            not_templates: summary.not_templates,
            unreadable: summary.unreadable,
            unknown_types: summary.unknown_types,
            unread,
            hidden: summary
                .not_shown
                .into_iter()
                .map(|one| (one.by, one.findings))
                .collect(),
            deployments: summary.deployments.into_iter().map(Arc::from).collect(),
            is_strict: summary.strict,
            terraform: is_terraform,
            ..Analysis::default()
        };
        Ok(Self {
            name: name.to_owned(),
            analysis,
            version: summary.version,
            has_baseline: summary.baseline.is_some(),
            renames: BTreeMap::new(),
            skipped: summary.skipped,
            notes: Vec::new(),
        })
    }

    /// Keeps what would be looked at today: what stands elsewhere has not gone.
    pub fn keep(&mut self, is_asked: &dyn Fn(&str) -> bool) {
        let analysis = &mut self.analysis;
        let mut places = Vec::with_capacity(analysis.decisions.len());
        let mut kept = 0;
        for one in &analysis.decisions {
            let is_kept = is_asked(&one.path);
            places.push(is_kept.then_some(kept));
            kept += usize::from(is_kept);
        }
        analysis.decisions.retain(|one| is_asked(&one.path));
        analysis.findings.retain(|one| is_asked(one.judged_path()));
        for finding in &mut analysis.findings {
            finding.decision = finding.decision.and_then(|at| places[at]);
        }
        analysis.read.retain(|path| is_asked(path));
    }

    /// What has to be said beside a comparison with it.
    #[must_use]
    pub fn reserves(&self, now: &Analysis, version: &str) -> Vec<String> {
        let name = &self.name;
        let mut all = Vec::new();
        if self.version != version {
            all.push(format!(
                "note: {name} was written by sfl {}, whose rules may differ from those of sfl {version}",
                self.version
            ));
        }
        if self.analysis.is_strict != now.is_strict {
            let (with, without) = match now.is_strict {
                true => ("what it is compared with", name.as_str()),
                false => (name.as_str(), "what it is compared with"),
            };
            all.push(format!(
                "note: {with} assumes the worst (--strict), and {without} does not"
            ));
        }
        let hidden: usize = self.analysis.hidden.values().sum();
        if hidden > 0 {
            let findings = match hidden {
                1 => "1 finding".to_owned(),
                number => format!("{number} findings"),
            };
            all.push(format!(
                "note: {name} does not show {findings}: fallbacks and services that end are compared all the same, and what else is shown now counts as new"
            ));
        }
        all.extend(self.notes.iter().cloned());
        all
    }

    /// With what a baseline knew, or nobody wanted to see, and the report does not repeat: services that end.
    pub fn remember_known(&mut self) {
        if !self.has_baseline && self.analysis.hidden.is_empty() {
            return;
        }
        let analysis = &mut self.analysis;
        let said: BTreeSet<(Arc<str>, Option<String>, String)> = analysis
            .findings
            .iter()
            .map(|one| {
                (
                    Arc::clone(one.judged_path()),
                    one.address.clone(),
                    one.code.to_string(),
                )
            })
            .collect();
        let mut known = Vec::new();
        for one in &analysis.decisions {
            for ending in one.endings.iter().filter(|ending| !ending.is_settled) {
                let code = Code::Lifecycle(ending.code);
                let key = (
                    Arc::clone(&one.path),
                    Some(one.address.clone()),
                    code.to_string(),
                );
                if !said.contains(&key) {
                    let source = Arc::new(Source::excerpt(
                        Arc::clone(&one.path),
                        String::new(),
                        one.start,
                    ));
                    known.push(Finding {
                        address: Some(one.address.clone()),
                        ..Finding::new(code, Severity::Note, String::new(), source, Span::default())
                    });
                }
            }
        }
        analysis.findings.extend(known);
    }
}

fn read_whole(files: Vec<FileFields>) -> Vec<String> {
    files.into_iter().map(|file| file.path).collect()
}

/// A place in a text that is not at hand.
fn elsewhere(path: &str, span: SpanFields) -> Arc<Source> {
    let start = span.start.position();
    Arc::new(Source::excerpt(path, String::new(), start))
}

impl FindingFields {
    fn finding(
        self,
        decisions: &mut [Decision],
        places: &HashMap<(Arc<str>, String), usize>,
    ) -> Result<Finding, String> {
        let code: Code = self
            .code
            .parse()
            .map_err(|_| format!("there is no code `{}`", self.code))?;
        let severity = severity(&self.severity)?;
        let source = match &self.source {
            Some(written) => elsewhere(&written.path, written.span),
            None => elsewhere(&self.path, self.span),
        };
        let mut finding = Finding {
            help: help(&self.help),
            related: self
                .related
                .iter()
                .map(|one| Related {
                    source: elsewhere(&one.path, one.span),
                    span: Span::default(),
                    message: one.message.clone(),
                })
                .collect(),
            construct: self.construct,
            ..Finding::new(code, severity, self.message, source, Span::default())
        };
        if self.source.is_some() {
            finding.planned = Some(crate::base::finding::Planned {
                path: Arc::from(&*self.path),
                start: self.span.start.position(),
                end: self.span.end.position(),
            });
        }
        if let (Code::Fallback { rung, .. }, Some(address)) = (&finding.code, &self.address) {
            let at = places
                .get(&(Arc::from(&*self.path), address.clone()))
                .copied();
            if let Some(one) = at.and_then(|at| decisions.get_mut(at)) {
                one.severity = severity;
                finding.label = match one.text(*rung, |advice| &advice.yours) {
                    "" => String::new(),
                    yours => format!("you manage {yours}"),
                };
            }
            finding.decision = at;
        }
        finding.address = self.address;
        Ok(finding)
    }
}

fn severity(text: &str) -> Result<Severity, String> {
    let all = [Severity::Note, Severity::Warning, Severity::Error];
    let found = all.into_iter().find(|one| one.name() == text);
    found.ok_or_else(|| format!("there is no severity `{text}`"))
}

/// Paragraphs below their headings, as a report has them.
fn help(text: &str) -> Vec<Help> {
    let mut all: Vec<Help> = Vec::new();
    for line in text.lines() {
        let headed = Section::ALL.into_iter().find_map(|section| {
            let rest = line.strip_prefix(section.heading())?.strip_prefix(':')?;
            (rest.is_empty() || rest.starts_with(' ')).then(|| (section, rest.trim_start()))
        });
        let again = |section: Section| all.iter().any(|one| one.section == section);
        match headed.filter(|(section, _)| !again(*section)) {
            Some((section, rest)) => all.push(Help {
                section,
                text: rest.to_owned(),
            }),
            None => {
                if let Some(last) = all.last_mut() {
                    if !last.text.is_empty() {
                        last.text.push('\n');
                    }
                    last.text.push_str(line);
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
