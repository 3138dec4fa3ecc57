//! What becomes of every record: what it speaks of, what it settles, and what is wrong with it, said once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Fault;
use crate::base::finding::{Finding, Related};
use crate::base::source::{Position, Source};
use crate::base::{Code, JustificationCode};
use crate::placement::{Decision, Reason};

/// Decisions that are named beside a fault.
const MOST_RELATED: usize = 6;

/// Which record it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordId {
    /// One of the template, by its file and bytes.
    Written(usize, u32, u32),
    /// One of the ledger, by its number.
    Ledger(usize),
}

impl RecordId {
    /// Of a record in a template. The instances of a loop share one.
    #[must_use]
    pub fn written(reason: &Reason) -> Self {
        let place = reason.place;
        Self::Written(place.file, place.span.start, place.span.end)
    }
}

/// A decision that a record speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub path: Arc<str>,
    /// The resource.
    pub address: String,
    /// The construct that it comes from.
    pub construct: Option<String>,
    /// Where it stands: `compute/server`.
    pub code: Code,
    /// Whether it settles it.
    pub settled: bool,
}

/// What became of one record.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    charges: Vec<(Fault, String, Vec<Related>)>,
    /// What it speaks of.
    pub spoken: Vec<Spoken>,
    /// Whether anything needs it: a fallback, or a decision that can become one.
    pub needed: bool,
}

/// A record as it is listed.
#[derive(Clone, Debug)]
pub struct Record {
    /// The file that it stands in.
    pub path: Arc<str>,
    /// Where it begins.
    pub start: Position,
    /// What it speaks of, as it is written: an address, the whole template, or globs.
    pub scope: String,
    pub reason: Reason,
    /// The decisions that it speaks of.
    pub spoken: Vec<Spoken>,
    /// Codes of what is wrong with it; a note that it ends soon is among them.
    pub faults: Vec<JustificationCode>,
    /// Whether it settles nothing because of one.
    pub spoilt: bool,
    /// Whether what it speaks of was read.
    pub judged: bool,
}

/// The verdicts on all records of one template or one run, as far as it got.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    verdicts: BTreeMap<RecordId, Verdict>,
}

impl Verdicts {
    /// Whether no record was spoken of.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.verdicts.is_empty()
    }

    /// Something is wrong with a record, as far as this decision goes.
    pub fn charge(&mut self, id: RecordId, fault: Fault, whom: &str, related: Vec<Related>) {
        let charges = &mut self.verdicts.entry(id).or_default().charges;
        match charges.iter_mut().find(|(known, ..)| *known == fault) {
            Some((.., known)) => {
                for one in related {
                    let same = |other: &Related| {
                        other.span == one.span
                            && other.source.name() == one.source.name()
                            && other.message == one.message
                    };
                    if known.len() < MOST_RELATED && !known.iter().any(same) {
                        known.push(one);
                    }
                }
            }
            None => charges.push((fault, whom.to_owned(), related)),
        }
    }

    /// A record speaks of a decision.
    pub fn speak(&mut self, id: RecordId, decision: &Decision, settled: bool) {
        let verdict = self.verdicts.entry(id).or_default();
        verdict.needed = true;
        verdict.spoken.push(Spoken {
            path: Arc::clone(&decision.path),
            address: decision.address.clone(),
            construct: decision.construct.clone(),
            code: decision.code(),
            settled,
        });
    }

    /// Something needs a record, though nothing is charged or settled now.
    pub fn need(&mut self, id: RecordId) {
        self.verdicts.entry(id).or_default().needed = true;
    }

    /// Whether anything needs a record.
    #[must_use]
    pub fn needs(&self, id: RecordId) -> bool {
        self.verdicts.get(&id).is_some_and(|verdict| verdict.needed)
    }

    /// Takes out the verdicts of the ledger, which go on in other files.
    #[must_use]
    pub fn split_ledger(&mut self) -> Self {
        Self {
            verdicts: self.verdicts.split_off(&RecordId::Ledger(0)),
        }
    }

    /// Takes in what became of the same records elsewhere.
    pub fn merge(&mut self, other: Self) {
        for (id, verdict) in other.verdicts {
            for (fault, whom, related) in verdict.charges {
                self.charge(id, fault, &whom, related);
            }
            let own = self.verdicts.entry(id).or_default();
            own.spoken.extend(verdict.spoken);
            own.needed |= verdict.needed;
        }
    }

    /// Ends the verdict of one record: its findings, and the record as it is listed.
    #[must_use]
    pub fn close(
        &mut self,
        id: RecordId,
        reason: &Reason,
        source: &Arc<Source>,
        scope: String,
        judged: bool,
    ) -> (Vec<Finding>, Record) {
        let verdict = self.verdicts.remove(&id).unwrap_or_default();
        let mut faults = Vec::new();
        let mut findings = Vec::new();
        let mut spoilt = false;
        for (fault, whom, related) in verdict.charges {
            faults.push(fault.code());
            spoilt |= fault.spoils();
            let address = Some(whom.clone()).filter(|whom| !whom.is_empty());
            let mut finding = fault.finding(reason, source, &whom, address);
            finding.related = related;
            findings.push(finding);
        }
        faults.dedup();
        let record = Record {
            path: Arc::clone(source.name()),
            start: source.position(reason.place.span.start),
            scope,
            reason: reason.clone(),
            spoken: verdict.spoken,
            faults,
            spoilt,
            judged,
        };
        (findings, record)
    }
}
