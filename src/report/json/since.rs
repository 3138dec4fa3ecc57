//! What a baseline knows and what a change does, for other programs.

use serde::Serialize;

use super::score;
use crate::compare::baseline::{BaselineOutcome, KnownFallback, RenamedEntry};
use crate::compare::change::{Change, Snapshot, Transition};

#[derive(Serialize)]
pub struct BaselineView {
    path: String,
    known: usize,
    new: Vec<KnownFallback>,
    better: Vec<KnownFallback>,
    gone: Vec<KnownFallback>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    renamed: Vec<RenamedEntry>,
}

pub fn baseline(outcome: &BaselineOutcome) -> BaselineView {
    BaselineView {
        path: outcome.file.clone(),
        known: outcome.known,
        new: outcome.unknown(),
        better: outcome.better(),
        gone: outcome.gone(),
        renamed: outcome.renamed(),
    }
}

#[derive(Serialize)]
pub struct ChangeView {
    since: String,
    base: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reserves: Vec<String>,
    sentence: String,
    score: ScoreView,
    added: Vec<SpotView>,
    gone: Vec<SpotView>,
    down: Vec<StepView>,
    up: Vec<StepView>,
    moved: Vec<StepView>,
    unexplained: Vec<StepView>,
    explained: Vec<StepView>,
    unread: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uncommitted: Vec<String>,
    older_findings: usize,
}

#[derive(Serialize)]
struct ScoreView {
    before: Option<f64>,
    after: Option<f64>,
}

#[derive(Serialize)]
struct SpotView {
    path: String,
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    construct: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    code: String,
    rung: u8,
    justified: bool,
}

#[derive(Serialize)]
struct StepView {
    from: SpotView,
    to: SpotView,
}

pub fn change(change: &Change) -> ChangeView {
    let spots = |spots: &[Snapshot]| spots.iter().map(spot).collect();
    let steps = |steps: &[Transition]| {
        let steps = steps.iter().map(|step| StepView {
            from: spot(&step.from),
            to: spot(&step.to),
        });
        steps.collect()
    };
    ChangeView {
        since: change.since.clone(),
        base: change.base.clone(),
        reserves: change.reserves.clone(),
        sentence: change.sentence("→"),
        score: ScoreView {
            before: score(&change.before),
            after: score(&change.after),
        },
        added: spots(&change.added),
        gone: spots(&change.gone),
        down: steps(&change.down),
        up: steps(&change.up),
        moved: steps(&change.moved),
        unexplained: steps(&change.unexplained),
        explained: steps(&change.explained),
        unread: change.unread.clone(),
        uncommitted: change.uncommitted.clone(),
        older_findings: change.older,
    }
}

fn spot(spot: &Snapshot) -> SpotView {
    SpotView {
        path: spot.path.to_string(),
        address: spot.address.clone(),
        construct: spot.construct.clone(),
        kind: spot.kind.clone(),
        code: format!("{}/{}", spot.ladder, spot.rung.name()),
        rung: spot.rung.number(),
        justified: spot.justified,
    }
}
