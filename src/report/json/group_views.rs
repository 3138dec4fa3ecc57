//! Whose the decisions are, what for, and how far the targets are.

use serde::{Serialize, Serializer};

use super::{RungCounts, TallyView, score};
use crate::analysis::grouping::Group;
use crate::analysis::{Analysis, Decision, Grouping, TargetStanding};
use crate::base::TargetScope;
use crate::liability;

/// Decisions that belong together.
#[derive(Serialize)]
pub struct GroupView {
    /// Nothing where they have no owner, or belong to no stream.
    name: Option<String>,
    score: Option<f64>,
    decisions: usize,
    rungs: OwnCounts,
    open: usize,
    explained: usize,
    accepted: usize,
    ends: usize,
    first_end: Option<String>,
    /// What servers make somebody own; nothing where there is none and nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    liability: Option<TallyView>,
}

struct OwnCounts(crate::analysis::Count);

impl Serialize for OwnCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RungCounts(&self.0).serialize(serializer)
    }
}

/// The decisions of a report, taken together.
pub fn groups(report: &Analysis, by: Grouping) -> Vec<GroupView> {
    let groups = liability::groups(report, by).into_iter();
    let groups = groups.map(|(group, tally)| {
        let Group {
            name,
            count,
            open,
            explained,
            accepted,
            ends,
            first_end,
        } = group;
        let tally = Some(tally).filter(|one| !one.is_empty() || one.duties().next().is_some());
        let tally = tally.as_ref().map(super::tally);
        GroupView {
            name,
            score: score(&count),
            decisions: count.total(),
            rungs: OwnCounts(count),
            open,
            explained,
            accepted,
            ends,
            first_end,
            liability: tally,
        }
    });
    groups.collect()
}

/// Who says whose a decision is.
#[derive(Serialize)]
pub struct OwnerFromView<'r> {
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

/// Of a decision that has an owner.
pub fn owner_from(decision: &Decision) -> Option<OwnerFromView<'_>> {
    let from = &decision.owner.as_ref()?.from;
    let place = from.place();
    Some(OwnerFromView {
        by: from.name(),
        path: place.map(|(path, _)| &**path),
        line: place.map(|(_, line)| line),
    })
}

/// A score that is meant to be reached.
#[derive(Serialize)]
pub struct TargetView<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ladder: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<&'r str>,
    wanted: u8,
    score: Option<f64>,
    decisions: usize,
    short: usize,
    state: &'static str,
    by: Option<String>,
    gate: bool,
    /// Where it is set; nowhere for `--fail-under`.
    path: Option<&'r str>,
    line: Option<u32>,
    words: String,
}

/// How a target stands.
pub fn target(standing: &TargetStanding) -> TargetView<'_> {
    let (ladder, stream) = match &standing.target.of {
        TargetScope::Whole => (None, None),
        TargetScope::Ladder(name) => (Some(&**name), None),
        TargetScope::Stream(name) => (None, Some(&**name)),
    };
    let place = standing.place.as_ref();
    TargetView {
        ladder,
        stream,
        wanted: standing.target.score,
        score: score(&standing.count),
        decisions: standing.count.total(),
        short: standing.short,
        state: standing.state.name(),
        by: standing.target.by.map(|by| by.to_string()),
        gate: standing.target.is_gate,
        path: place.map(|(path, _)| &**path),
        line: place.map(|(_, line)| *line),
        words: standing.words(),
    }
}
