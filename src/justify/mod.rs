//! Decisions and reasons become findings: a sound reason settles one, a faulty one settles nothing and says so.

use std::sync::Arc;

use crate::config::LedgerEntry;
use crate::finding::{Finding, Help, Related, Severity};
use crate::ladder::{Decision, Justification, Rung};
use crate::source::{Source, Span};
use crate::template::Reason;

pub mod message;

/// The kinds of reason that count, in the order of `design.md`.
pub const KINDS: [&str; 12] = [
    "dedicated-throughput",
    "latency",
    "long-running",
    "hardware",
    "protocol",
    "cost-at-scale",
    "vendor-software",
    "licence",
    "compliance",
    "data-gravity",
    "migration",
    "skills",
];

/// A reason that may settle a decision, and the text that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// The record.
    pub reason: &'a Reason,
    /// The text.
    pub source: &'a Arc<Source>,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not say why: these fields are not there or hold nothing.
    Empty(Vec<&'static str>),
}

impl Fault {
    /// As in a finding's code, after `justification/`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Empty(_) => "empty",
        }
    }
}

/// The accepted rung: everything below it is a fallback.
#[must_use]
pub fn is_fallback(rung: Rung) -> bool {
    rung > Rung::Serverless
}

/// How much an unjustified decision on a rung weighs.
#[must_use]
pub fn severity(rung: Rung) -> Severity {
    match rung {
        Rung::Serverless | Rung::Capacity => Severity::Note,
        Rung::Cluster => Severity::Warning,
        Rung::Server => Severity::Error,
    }
}

/// The reasons that speak for a resource: its own, else those of its whole template, else those of the ledger.
#[must_use]
pub fn offers<'a>(
    own: &'a [Reason],
    whole: &'a [Reason],
    sources: &'a [Arc<Source>],
    ledger: &'a [LedgerEntry],
    path: &str,
    address: &str,
) -> Vec<Offer<'a>> {
    let nearest = if own.is_empty() { whole } else { own };
    let written = nearest.iter().map(|reason| Offer {
        reason,
        source: &sources[reason.place.file],
    });
    let written: Vec<Offer<'a>> = written.collect();
    if !written.is_empty() {
        return written;
    }
    let entries = ledger.iter().filter(|entry| entry.matches(path, address));
    entries
        .map(|entry| Offer {
            reason: &entry.reason,
            source: &entry.source,
        })
        .collect()
}

/// What is wrong with a record; `None` where it is sound.
#[must_use]
pub fn fault(reason: &Reason) -> Option<Fault> {
    let fields = [("because", &reason.because), ("reason", &reason.reason)];
    let missing = fields.into_iter().filter(|(_, field)| {
        field
            .as_ref()
            .is_none_or(|field| field.text.trim().is_empty())
    });
    let missing: Vec<&'static str> = missing.map(|(name, _)| name).collect();
    (!missing.is_empty()).then_some(Fault::Empty(missing))
}

/// The first sound record settles the decision; the faults of the others are findings of their own.
#[must_use]
pub fn settle(
    decision: &mut Decision,
    offers: &[Offer<'_>],
    place: (&Arc<Source>, Span),
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for offer in offers {
        match fault(offer.reason) {
            None if decision.justification.is_none() => {
                decision.justification = Some(Justification {
                    reason: offer.reason.clone(),
                    path: Arc::clone(offer.source.name()),
                    start: offer.source.position(offer.reason.place.span.start),
                });
            }
            None => {}
            Some(fault) => findings.push(faulty(decision, *offer, &fault, place)),
        }
    }
    findings
}

fn faulty(
    decision: &Decision,
    offer: Offer<'_>,
    fault: &Fault,
    (source, span): (&Arc<Source>, Span),
) -> Finding {
    let Fault::Empty(missing) = fault;
    let missing = missing.join("` and no `");
    Finding {
        code: format!("justification/{}", fault.name()),
        severity: Severity::Warning,
        message: format!(
            "this justification has no `{missing}`, so it does not settle {}",
            decision.address
        ),
        label: "says nothing yet".to_owned(),
        help: vec![Help {
            heading: "complete",
            text: format!(
                "`because` is one of {}; `reason` says it in words",
                KINDS.join(", ")
            ),
        }],
        source: Arc::clone(offer.source),
        span: offer.source.one_line(offer.reason.place.span),
        related: vec![Related {
            source: Arc::clone(source),
            span: source.one_line(span),
            message: format!("{} still needs a reason", decision.address),
        }],
        address: Some(decision.address.clone()),
        decision: None,
    }
}
