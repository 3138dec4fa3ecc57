//! What a provider has ended, will end, or no longer sells: a finding beside the rung, which a plan to leave in time settles.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::faults::Fault;
use super::{Law, Offer, Verdicts, soundness};
use crate::base::finding::{Finding, Help, Section, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, LifecycleCode};
use crate::config::day;
use crate::placement::{Decision, Ending, Lifecycle};

/// The kind of reason that plans to leave.
pub const LEAVING: &str = "migration";

/// How an entry stands on a day: its code, and how much it weighs. On its last day it is still there.
#[must_use]
pub fn standing(entry: &Lifecycle, today: Date) -> (LifecycleCode, Severity) {
    match entry.ends.as_deref().and_then(day) {
        Some(ends) if ends < today => (LifecycleCode::Ended, Severity::Error),
        Some(ends) if today.checked_add(1.year()).is_ok_and(|year| ends <= year) => {
            (LifecycleCode::Ending, Severity::Warning)
        }
        Some(_) => (LifecycleCode::Ending, Severity::Note),
        None => (LifecycleCode::Closed, Severity::Note),
    }
}

/// What is said about each entry that holds for a decision and that no sound plan settles. The plans that count are spoken of in
/// the verdicts.
pub fn judge(
    decision: &mut Decision,
    numbers: &[usize],
    offers: &[Offer<'_>],
    place: (&Arc<Source>, Span),
    law: &Law<'_>,
    verdicts: &mut Verdicts,
) -> Vec<Finding> {
    let rule = Arc::clone(&decision.rule);
    let mut findings = Vec::new();
    for number in numbers {
        let entry = &rule.lifecycle[*number];
        let (code, severity) = standing(entry, law.today);
        let settled = offers
            .iter()
            .find(|offer| settles(entry, code, decision, offer, law));
        for offer in offers.iter().filter(|offer| is_plan(offer)) {
            verdicts.need(offer.id);
            // On a rung that needs no reason, it would be there for nothing else.
            if code == LifecycleCode::Ended && !decision.fallback {
                let why = format!(
                    "{} {}, and what has ended can't be settled by a reason",
                    entry.name,
                    what(entry, code, law.today)
                );
                verdicts.charge(offer.id, Fault::Unused(why), &decision.address, Vec::new());
            }
        }
        decision.endings.push(Ending {
            number: *number,
            code,
            is_settled: settled.is_some(),
        });
        if settled.is_none() {
            findings.push(finding(decision, entry, (code, severity), place, law.today));
        }
    }
    findings
}

fn is_plan(offer: &Offer<'_>) -> bool {
    let because = offer.reason.because.as_ref();
    because.is_some_and(|field| field.text.trim() == LEAVING)
}

/// A sound plan to leave before the day. What has ended is not settled by any; what is closed, by one with whatever end.
fn settles(
    entry: &Lifecycle,
    code: LifecycleCode,
    decision: &Decision,
    offer: &Offer<'_>,
    law: &Law<'_>,
) -> bool {
    let end = soundness::end(offer.reason);
    let in_time = match (code, entry.ends.as_deref().and_then(day)) {
        (LifecycleCode::Ended, _) => false,
        (_, Some(last)) => end.is_some_and(|end| end < last),
        (_, None) => end.is_some(),
    };
    in_time && is_plan(offer) && super::faults(decision, *offer, law).is_empty()
}

fn finding(
    decision: &Decision,
    entry: &Lifecycle,
    (code, severity): (LifecycleCode, Severity),
    (source, span): (&Arc<Source>, Span),
    today: Date,
) -> Finding {
    let mut help = vec![
        Help {
            section: Section::Instead,
            text: entry.instead.to_string(),
        },
        Help {
            section: Section::Read,
            text: entry.source.to_string(),
        },
    ];
    if let (LifecycleCode::Ending, Some(ends)) = (code, &entry.ends) {
        help.push(Help {
            section: Section::SayWhen,
            text: format!("because: {LEAVING}, a reason, and expires before {ends}"),
        });
    }
    Finding {
        code: Code::Lifecycle(code),
        severity,
        message: format!(
            "{} is {}, which {}",
            decision.name(),
            entry.name,
            what(entry, code, today)
        ),
        label: String::new(),
        help,
        source: Arc::clone(source),
        span,
        related: Vec::new(),
        address: Some(decision.address.clone()),
        construct: decision.construct.clone(),
        planned: None,
        decision: None,
    }
}

/// The predicate: "ended on 2025-07-31", "ends on 2027-03-31 and takes no new customers since 2025-10-01".
#[must_use]
pub fn what(entry: &Lifecycle, code: LifecycleCode, today: Date) -> String {
    let closed = |closed: &str| match day(closed) {
        Some(first) if first > today => format!("takes no new customers from {closed} on"),
        _ => format!("takes no new customers since {closed}"),
    };
    match (code, entry.ends.as_deref(), entry.closed.as_deref()) {
        (LifecycleCode::Ended, Some(ends), _) => entry.end_words(true, ends),
        (_, Some(ends), Some(since)) => {
            format!("{} and {}", entry.end_words(false, ends), closed(since))
        }
        (_, Some(ends), None) => entry.end_words(false, ends),
        (_, None, since) => closed(since.unwrap_or_default()),
    }
}
