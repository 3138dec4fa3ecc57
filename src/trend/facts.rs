//! What is remembered of a decision: all that any number of a trend is made of.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::analysis::{Analysis, Decision, Rung};

/// A decision at a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DecisionFact {
    /// The file in which a person finds it.
    pub path: String,
    /// Logical id, or full Terraform address.
    pub address: String,
    /// The ladder, after its number in the catalogue's order.
    pub ladder: (usize, String),
    /// Where it stands.
    pub rung: Rung,
    /// What is owed for that.
    pub standing: Owed,
    /// Who answers for it.
    pub owners: Vec<String>,
    /// The value stream that it belongs to.
    pub stream: Option<String>,
    /// What of it ends.
    pub ends: Vec<End>,
}

/// What is owed for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owed {
    /// Nothing: it stands on the first rung.
    First,
    /// Nothing: its rung is accepted.
    Accepted,
    /// Nothing any more: somebody said why.
    Explained,
    /// A reason.
    Open,
}

/// A day on which something about a decision ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct End {
    /// The last day on which it counts.
    pub day: Date,
    /// What ends.
    pub of: EndOf,
}

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndOf {
    /// Its reason.
    Reason,
    /// The service that it is of.
    Service,
}

/// The facts of an analysis, in order. What counts nowhere is none.
pub fn of(analysis: &Analysis, today: Date) -> Vec<DecisionFact> {
    let ends = ends(analysis, today);
    let all = analysis.decisions.iter().zip(ends);
    let counted = all.filter(|(decision, _)| decision.is_counted);
    let mut facts: Vec<DecisionFact> = counted
        .map(|(decision, ends)| fact(decision, ends))
        .collect();
    facts.sort();
    facts
}

/// What of each decision ends, or has ended by `today`: the first day first.
#[must_use]
pub fn ends(analysis: &Analysis, today: Date) -> Vec<Vec<End>> {
    let mut ran_out: BTreeMap<(&str, &str), Vec<Date>> = BTreeMap::new();
    for record in &analysis.records {
        let expires = record.reason.expires.as_ref();
        let Some(day) = expires
            .and_then(|field| day(&field.text))
            .filter(|day| *day < today)
        else {
            continue;
        };
        for one in &record.spoken {
            ran_out
                .entry((&one.path, &one.address))
                .or_default()
                .push(day);
        }
    }
    let decisions = analysis.decisions.iter();
    let all = decisions.map(|decision| {
        let over = ran_out.get(&(&*decision.path, &*decision.address));
        ends_of(decision, over.map_or(&[], Vec::as_slice))
    });
    all.collect()
}

fn ends_of(decision: &Decision, ran_out: &[Date]) -> Vec<End> {
    let services = decision.lifecycle().filter_map(|(entry, _)| {
        let day = day(entry.ends.as_deref()?)?;
        Some(End {
            day,
            of: EndOf::Service,
        })
    });
    let settling = decision.justification.as_ref();
    let settling = settling.and_then(|found| day(&found.reason.expires.as_ref()?.text));
    let reasons = settling.into_iter().chain(ran_out.iter().copied());
    let reasons = reasons.map(|day| End {
        day,
        of: EndOf::Reason,
    });
    let mut ends: Vec<End> = services.chain(reasons).collect();
    ends.sort();
    ends.dedup();
    ends
}

fn fact(decision: &Decision, ends: Vec<End>) -> DecisionFact {
    let owners = decision.owner.iter().flat_map(|owner| &owner.names);
    DecisionFact {
        path: decision.place().0.to_string(),
        address: decision.address.clone(),
        ladder: (decision.ladder().order, decision.ladder().name.to_string()),
        rung: decision.rung,
        standing: match decision.rung {
            _ if decision.is_open() => Owed::Open,
            _ if decision.fallback => Owed::Explained,
            Rung::Serverless => Owed::First,
            _ => Owed::Accepted,
        },
        owners: owners.map(ToString::to_string).collect(),
        stream: decision.stream.as_ref().map(ToString::to_string),
        ends,
    }
}

/// A day as a reason or the catalogue writes it.
pub(super) fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}
