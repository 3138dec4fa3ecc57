//! SARIF 2.1.0, for code scanning. The views are our own: they are a dozen, and they are written one by one, so that a
//! large report is never held twice.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::fingerprints::Fingerprints;
use super::{Revision, Style, gaps, phrases, visible};
use crate::base::Code;
use crate::base::finding::{Severity, fingerprint};
use crate::compare::{Compared, FindingState};
use code_rules::Descriptor;
use result::{Item, ResultView};

mod code_rules;
mod fix_object;
mod location;
mod result;

/// GitHub takes so many results of a run.
const MOST: usize = 25_000;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let (entries, left_out) = entries(report, style, MOST);
    let mut rules: BTreeMap<Cow<'_, Code>, Descriptor> = BTreeMap::new();
    for entry in &entries {
        let decision = entry.item.decision(report);
        rules
            .entry(entry.item.code())
            .or_insert_with_key(|code| code_rules::descriptor(code, decision, style.pages));
    }
    let codes: BTreeMap<&Code, usize> = rules.keys().map(AsRef::as_ref).zip(0..).collect();
    let views = entries.iter().map(|entry| {
        let index = codes.get(entry.item.code().as_ref()).copied();
        ResultView::of(report, entry, index.unwrap_or_default(), style)
    });
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "sfl",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: style.pages.url(),
                    rules: rules.values().collect(),
                },
            },
            automation_details: Automation { id: "sfl/" },
            invocations: [Invocation {
                execution_successful: report.is_whole(),
                tool_execution_notifications: notifications(report, left_out),
            }],
            column_kind: "unicodeCodePoints",
            version_control_provenance: style.revision.map(Provenance::of).into_iter().collect(),
            properties: properties(report),
            results: Each(views),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log).map_err(io::Error::from)?;
    writeln!(out)
}

/// A result to be written, and what tells it from all others.
struct Entry<'r> {
    item: Item<'r>,
    fingerprint: String,
    /// How it stands to what was compared with; of all, or of none.
    state: Option<FindingState>,
}

/// What is written, in the order of the report, and how much is not: beyond the limit, the least severe go first, and
/// what has a reason before them.
fn entries<'r>(report: &'r Compared, style: &Style, most: usize) -> (Vec<Entry<'r>>, usize) {
    let mut seen = Fingerprints::default();
    let mut entries: Vec<Entry<'_>> = Vec::with_capacity(report.findings.len());
    for finding in &report.findings {
        entries.push(Entry {
            fingerprint: seen.unique(finding.fingerprint()),
            item: Item::Finding(finding),
            state: report.state(finding),
        });
    }
    if style.show_known {
        let absent = report.change.iter().flat_map(|change| &change.absent);
        let absent = absent.map(|one| (Item::Absent(one), FindingState::Absent));
        let known = report.known.iter();
        let known = known.map(|one| (Item::Finding(one), FindingState::Unchanged));
        for (item, state) in known.chain(absent) {
            let (Item::Finding(finding) | Item::Absent(finding)) = item else {
                continue;
            };
            entries.push(Entry {
                fingerprint: seen.unique(finding.fingerprint()),
                item,
                state: Some(state),
            });
        }
    }
    let compared = report.change.is_some() || report.baseline.is_some();
    let decisions = report.decisions.iter().filter(|_| style.show_justified);
    for decision in decisions {
        if let Some(justification) = &decision.justification {
            let parts = [
                &*decision.path,
                &decision.address,
                &decision.code().to_string(),
            ];
            entries.push(Entry {
                fingerprint: seen.unique(fingerprint(&parts)),
                item: Item::Justified(decision, justification),
                state: compared.then_some(FindingState::Unchanged),
            });
        }
    }
    let left_out = entries.len().saturating_sub(most);
    if left_out > 0 {
        let weight = |entry: &Entry<'_>| match entry.item {
            // What is said comes before what was known.
            Item::Finding(_) if entry.state == Some(FindingState::Unchanged) => 3,
            Item::Finding(finding) => match finding.severity {
                Severity::Error => 0,
                Severity::Warning => 1,
                Severity::Note => 2,
            },
            Item::Justified(..) | Item::Absent(_) => 4,
        };
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|at| weight(&entries[*at]));
        let mut kept = vec![false; entries.len()];
        for at in &order[..most] {
            kept[*at] = true;
        }
        let mut kept = kept.into_iter();
        entries.retain(|_| kept.next().unwrap_or_default());
    }
    (entries, left_out)
}

fn notifications(report: &Compared, left_out: usize) -> Vec<Notification> {
    let notification = |level: &'static str| {
        move |text: String| Notification {
            level,
            message: Text {
                text: plain(&visible::line(&text, true)),
            },
        }
    };
    let gaps = gaps::sentences(report).into_iter();
    let passed = gaps::passed_over(report, true).into_iter();
    let unread = gaps.map(notification("warning"));
    let notes = phrases::set_aside(report).into_iter().chain(passed);
    let mut all: Vec<Notification> = unread.chain(notes.map(notification("note"))).collect();
    if left_out == 0 {
        return all;
    }
    let limit = Notification {
        level: "warning",
        message: Text {
            text: format!(
                "{left_out} results are left out: code scanning takes {MOST} per run, and the most severe come first. The \
                 other formats of sfl have them all."
            ),
        },
    };
    all.insert(0, limit);
    all
}

/// Views are made one by one while they are written.
struct Each<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Each<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

#[derive(Serialize)]
struct Log<R: Serialize> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [R; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r, R: Serialize> {
    tool: Tool<'r>,
    automation_details: Automation,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    version_control_provenance: Vec<Provenance<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<RunProperties>,
    results: R,
}

/// Which revision of which repository was read.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Provenance<'r> {
    repository_uri: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision_id: Option<Cow<'r, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<Cow<'r, str>>,
}

impl<'r> Provenance<'r> {
    fn of(revision: &'r Revision) -> Self {
        let line = |text: &'r Option<String>| text.as_deref().map(|text| visible::line(text, true));
        Self {
            repository_uri: &revision.repository,
            revision_id: line(&revision.commit),
            branch: line(&revision.branch),
        }
    }
}

/// What the repository is for, and the way to what it wants.
#[derive(Serialize)]
struct RunProperties {
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    targets: Vec<String>,
}

fn properties(report: &Compared) -> Option<RunProperties> {
    let line = |text: &str| visible::line(text, true).into_owned();
    let targets = report.targets.iter().map(|one| line(&one.words()));
    let properties = RunProperties {
        purpose: report.purpose.as_deref().map(line),
        targets: targets.collect(),
    };
    (properties.purpose.is_some() || !properties.targets.is_empty()).then_some(properties)
}

#[derive(Serialize)]
struct Tool<'r> {
    driver: Driver<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'r> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_uri: Option<&'static str>,
    rules: Vec<&'r Descriptor>,
}

#[derive(Serialize)]
struct Automation {
    id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
}

/// A message in SARIF's words. What its text means to SARIF must be escaped in it: [`plain`], [`link`].
#[derive(Serialize)]
struct Text {
    text: String,
}

/// Text in a message: braces would be placeholders, and what looks like a link would be one.
fn plain(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") {
        in_link(&text)
    } else {
        text
    }
}

/// A link to one of the result's locations.
fn link(text: &str, id: usize) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    format!("[{}]({id})", in_link(&text))
}

fn in_link(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('[', "\\[")
        .replace(']', "\\]")
}

#[cfg(test)]
mod tests;
