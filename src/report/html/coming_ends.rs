//! What ends, day by day: reasons that run out, and services that their provider ends.

use std::collections::BTreeMap;

use super::group_rows::folded;
use super::row_links::{Linked, RowLinks};
use super::shown;
use crate::analysis::summary::count;
use crate::base::LifecycleCode;
use crate::compare::Compared;

/// What ends, the first day first.
pub struct ComingEnds {
    pub first: Vec<EndDay>,
    pub rest: Vec<EndDay>,
    /// Decisions on services that are closed to new customers, without a last day.
    pub closed: Option<Linked>,
}

/// What ends on one day.
pub struct EndDay {
    pub day: String,
    /// Its provider has ended something by then.
    pub is_over: bool,
    pub words: String,
    pub decisions: Linked,
}

#[derive(Default)]
struct Found<'r> {
    reasons: usize,
    /// By service.
    services: BTreeMap<(&'r str, bool), usize>,
    decisions: usize,
    is_over: bool,
}

impl ComingEnds {
    /// Nothing where nothing ends.
    pub fn of(report: &Compared, links: RowLinks) -> Option<Self> {
        let mut days: BTreeMap<&str, Found<'_>> = BTreeMap::new();
        let mut closed = 0;
        for decision in report.decisions.iter().filter(|one| one.is_counted) {
            let mut own: Vec<&str> = decision.ends().collect();
            own.sort_unstable();
            own.dedup();
            for day in own {
                days.entry(day).or_default().decisions += 1;
            }
            let mut is_closed = false;
            for (entry, ending) in decision.lifecycle() {
                let Some(day) = entry.ends.as_deref() else {
                    is_closed |= ending.code == LifecycleCode::Closed;
                    continue;
                };
                let found = days.entry(day).or_default();
                let key = (&*entry.name, entry.support_only);
                *found.services.entry(key).or_default() += 1;
                found.is_over |= ending.code == LifecycleCode::Ended;
            }
            closed += usize::from(is_closed);
            let reason = decision.justification.as_ref();
            if let Some(expires) = reason.and_then(|found| found.reason.expires.as_ref()) {
                days.entry(expires.text.trim()).or_default().reasons += 1;
            }
        }
        let all = days.into_iter().map(|(day, found)| EndDay {
            day: shown(day),
            is_over: found.is_over,
            words: words(&found),
            decisions: Linked {
                number: found.decisions,
                wish: links.counted(&[("ends", day)]),
            },
        });
        let mut first: Vec<EndDay> = all.collect();
        let closed = (closed > 0).then(|| Linked {
            number: closed,
            wish: links.counted(&[("lifecycle", "closed")]),
        });
        if first.is_empty() && closed.is_none() {
            return None;
        }
        Some(Self {
            rest: folded(&mut first),
            first,
            closed,
        })
    }
}

/// `2 reasons run out; Amazon QLDB ends`.
fn words(found: &Found<'_>) -> String {
    let mut said = Vec::new();
    match found.reasons {
        0 => {}
        1 => said.push("1 reason runs out".to_owned()),
        more => said.push(format!("{} run out", count(more, "reason"))),
    }
    for ((name, support_only), number) in &found.services {
        let name = shown(name);
        let over = match (support_only, found.is_over) {
            (false, true) => "ended",
            (false, false) => "ends",
            (true, true) => "lost its support",
            (true, false) => "loses its support",
        };
        said.push(match number {
            1 => format!("{name} {over}"),
            more => format!("{name} {over} ({more})"),
        });
    }
    said.join("; ")
}
