//! One result: a finding, or a fallback that has a reason.

use std::borrow::Cow;

use serde::Serialize;

use super::fix_object::FixObject;
use super::location::Location;
use super::{Entry, Text, link, plain};
use crate::analysis::Carrier;
use crate::analysis::{Decision, Justification};
use crate::base::Code;
use crate::base::finding::Finding;
use crate::compare::{Compared, FindingState};
use crate::report::{Style, visible, words};

/// What a result is made of.
pub enum Item<'r> {
    Finding(&'r Finding),
    /// One that was there before: its decision is none of today's.
    Absent(&'r Finding),
    Justified(&'r Decision, &'r Justification),
}

impl<'r> Item<'r> {
    /// `compute/server`.
    pub fn code(&self) -> Cow<'r, Code> {
        match self {
            Self::Finding(finding) | Self::Absent(finding) => Cow::Borrowed(&finding.code),
            Self::Justified(decision, _) => Cow::Owned(decision.code()),
        }
    }

    /// The decision whose rung the code names.
    pub fn decision(&self, report: &'r Compared) -> Option<&'r Decision> {
        match self {
            Self::Finding(finding) => report.unexplained(finding),
            Self::Absent(_) => None,
            Self::Justified(decision, _) => Some(decision),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultView<'r> {
    rule_id: Cow<'r, Code>,
    rule_index: usize,
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprint<'r>,
    /// What can be made with a click, where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties<'r>>,
    /// Either no result of a run has this or all have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression>>,
}

/// `primaryLocationLineHash` is left to the upload, which would only warn about another one.
#[derive(Serialize)]
struct Fingerprint<'r> {
    #[serde(rename = "sfl/v1")]
    ours: &'r str,
}

/// What code scanning has no word for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'r> {
    conditional: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conditional_on: Vec<Cow<'r, str>>,
}

impl<'r> Properties<'r> {
    /// Of a decision that may not be there at all.
    fn of(decision: &'r Decision) -> Option<Self> {
        let names = decision.conditional_on.iter();
        decision.conditional.then(|| Self {
            conditional: true,
            conditional_on: names.map(|name| visible::line(name, true)).collect(),
        })
    }
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
    location: Location,
}

impl<'r> ResultView<'r> {
    /// The result of an entry, and the place of its code among the rules.
    pub fn of(report: &'r Compared, entry: &'r Entry<'r>, rule: usize, style: &Style) -> Self {
        let result = |level, message, location| Self {
            rule_id: entry.item.code(),
            rule_index: rule,
            level,
            baseline_state: entry.state.map(state_name),
            message: Text { text: message },
            locations: [location],
            related_locations: Vec::new(),
            fixes: Vec::new(),
            partial_fingerprints: Fingerprint {
                ours: &entry.fingerprint,
            },
            properties: entry.item.decision(report).and_then(Properties::of),
            suppressions: style.show_justified.then(Vec::new),
        };
        match entry.item {
            Item::Finding(finding) => Self {
                fixes: report
                    .unexplained(finding)
                    .and_then(FixObject::of)
                    .into_iter()
                    .collect(),
                related_locations: finding
                    .related
                    .iter()
                    .zip(1..)
                    .map(|(related, id)| Location::of_related(related, id))
                    .collect(),
                ..result(
                    finding.severity.name(),
                    message(report, finding),
                    Location::of_finding(finding),
                )
            },
            Item::Absent(finding) => result(
                finding.severity.name(),
                plain(&words::message(finding)),
                Location::of_finding(finding),
            ),
            Item::Justified(decision, justification) => {
                let why = words::why(justification);
                let text = format!("{}. Justified by {why}", words::standing(decision));
                Self {
                    suppressions: Some(vec![suppression(justification, why)]),
                    ..result(
                        decision.severity.name(),
                        plain(&text),
                        Location::of_decision(decision),
                    )
                }
            }
        }
    }
}

/// SARIF's word.
const fn state_name(state: FindingState) -> &'static str {
    match state {
        FindingState::New => "new",
        FindingState::Updated => "updated",
        FindingState::Unchanged => "unchanged",
        FindingState::Absent => "absent",
    }
}

fn suppression(justification: &Justification, why: String) -> Suppression {
    Suppression {
        kind: match justification.reason.carrier {
            Carrier::Ledger => "external",
            Carrier::Metadata | Carrier::Comment | Carrier::Slashes | Carrier::Context => {
                "inSource"
            }
        },
        status: "accepted",
        justification: why,
        location: Location::of_reason(justification),
    }
}

/// The first sentence stands alone; what follows teaches, and leads to what else decided.
fn message(report: &Compared, finding: &Finding) -> String {
    let mut sentences = vec![plain(&words::message(finding))];
    let related = finding.related.iter().zip(1..);
    let links: Vec<String> = related
        .map(
            |(related, id)| match visible::line(&related.message, true) {
                text if text.trim().is_empty() => link("here", id),
                text => link(&text, id),
            },
        )
        .collect();
    if !links.is_empty() {
        sentences.push(format!("See: {}.", links.join(", ")));
    }
    let teaching = words::teaching(report, finding);
    sentences.extend(teaching.iter().map(|sentence| plain(sentence)));
    sentences.join(" ")
}
