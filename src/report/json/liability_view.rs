//! What servers make somebody own: each with its lines, and taken together.

use std::num::NonZero;

use serde::Serialize;

use super::{SpanView, span};
use crate::analysis::{Analysis, Liability};
use crate::liability::{self, KindTally, LiabilityKind, LiabilityTally};

/// Something with its lines.
#[derive(Serialize)]
pub struct OwnedView<'r> {
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    says: &'r str,
    lines: usize,
    unknown: bool,
    at_least: bool,
    path: &'r str,
    address: &'r str,
    #[serde(rename = "type")]
    resource_type: &'r str,
    span: SpanView,
    decisions: Vec<ForView<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions_unlisted: Option<NonZero<usize>>,
}

/// A decision that it is for.
#[derive(Serialize)]
struct ForView<'r> {
    path: &'r str,
    address: &'r str,
}

/// One thing of an analysis.
pub fn owned<'r>(analysis: &'r Analysis, one: &'r Liability) -> OwnedView<'r> {
    let kind = liability::kind(one);
    let decisions = one.decisions.iter().map(|at| &analysis.decisions[*at]);
    let decisions = decisions.map(|decision| ForView {
        path: &decision.path,
        address: &decision.address,
    });
    let unknown = one.is_unknown(kind.is_lines);
    OwnedView {
        kind: kind.name,
        says: &one.says,
        lines: one.lines,
        unknown,
        at_least: one.is_open && !unknown,
        path: &one.path,
        address: &one.address,
        resource_type: &one.resource_type,
        span: span(one.start, one.end),
        decisions: decisions.collect(),
        decisions_unlisted: NonZero::new(one.unlisted_decisions),
    }
}

/// All of it, taken together.
#[derive(Serialize)]
pub struct TallyView {
    script_lines: usize,
    things: usize,
    unknown: usize,
    kinds: Vec<KindView>,
    duties: Vec<DutyView>,
}

#[derive(Serialize)]
struct KindView {
    kind: &'static str,
    says: &'static str,
    count: usize,
    lines: usize,
    unknown: usize,
}

#[derive(Serialize)]
struct DutyView {
    duty: &'static str,
    says: &'static str,
    decisions: usize,
}

/// A tally, for programs.
pub fn tally(tally: &LiabilityTally) -> TallyView {
    let kind = |(kind, of): (&'static LiabilityKind, KindTally)| KindView {
        kind: kind.name,
        says: kind.many,
        count: of.count,
        lines: of.lines,
        unknown: of.unknown,
    };
    let duties = tally.duties().map(|(duty, decisions)| DutyView {
        duty: duty.name,
        says: duty.says,
        decisions,
    });
    TallyView {
        script_lines: tally.script_lines(),
        things: tally.things(),
        unknown: tally.unknown(),
        kinds: tally.kinds().map(kind).collect(),
        duties: duties.collect(),
    }
}
