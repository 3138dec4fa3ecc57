//! The actions for other programs: one object, `sfl-next/1`. Fields may be added, never changed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::NextReport;
use crate::analysis::Decision;
use crate::base::FixOffer;
use crate::next::{Action, Factor, Going, Term};
use crate::report::json::{
    BillView, Each, FixView, LimitView, TargetView, UnreadableView, target, unreadable,
    write_object,
};

/// Writes them and a line break.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(report: &NextReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let analysis = report.analysis;
    let actions = report.shown();
    let actions = actions.map(|(number, one)| action(report, number, one));
    let tables = analysis.weights.tables().into_iter();
    let weights = tables.map(|(table, keys)| (table, keys.into_iter().collect()));
    let object = Object {
        schema: "sfl-next/1",
        purpose: analysis.purpose.as_deref(),
        targets: analysis.targets.iter().map(target).collect(),
        weights: weights.collect(),
        actions: Each(actions),
        rest: report.rest(),
        unreadable: unreadable(analysis),
    };
    write_object(&object, out)
}

#[derive(Serialize)]
struct Object<'a, A: Serialize> {
    schema: &'static str,
    purpose: Option<&'a str>,
    targets: Vec<TargetView<'a>>,
    weights: BTreeMap<&'static str, BTreeMap<&'static str, f64>>,
    actions: A,
    rest: usize,
    unreadable: Vec<UnreadableView<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct ActionView<'a> {
    number: usize,
    id: &'a str,
    aim: &'static str,
    score: f64,
    what: &'a str,
    step: Option<&'static str>,
    ladder: &'a str,
    rung: u8,
    to: Option<u8>,
    place: PlaceView<'a>,
    decided_by: Option<&'a str>,
    decisions: Vec<DecisionView<'a>>,
    like: Vec<LikeView<'a>>,
    obstacles: Vec<ObstacleView<'a>>,
    why: &'a [String],
    check: &'a [String],
    limits: Vec<LimitView<'a>>,
    bills: Vec<BillView<'a>>,
    relieves: &'a [&'static str],
    goes: Vec<GoingView<'a>>,
    undo: &'a str,
    changes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<ActionFix>,
    data: Option<&'static str>,
    value: Vec<TermView<'a>>,
    effort: Vec<TermView<'a>>,
    trust: Vec<FactorView<'a>>,
}

/// As in the report of `sfl check`.
struct ActionFix(FixOffer);

impl Serialize for ActionFix {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        FixView::of(&self.0).serialize(to)
    }
}

#[derive(Serialize)]
struct PlaceView<'a> {
    path: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct DecisionView<'a> {
    path: &'a str,
    address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    construct: Option<&'a str>,
    line: u32,
    owner: Option<String>,
    stream: Option<&'a str>,
}

#[derive(Serialize)]
struct LikeView<'a> {
    id: &'a str,
    score: f64,
    path: &'a str,
    address: &'a str,
}

#[derive(Serialize)]
struct ObstacleView<'a> {
    name: &'static str,
    says: &'a str,
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct GoingView<'a> {
    says: &'static str,
    lines: usize,
    at_least: bool,
    path: &'a str,
    line: u32,
    end_line: u32,
}

fn going(going: &Going) -> GoingView<'_> {
    GoingView {
        says: going.says,
        lines: going.lines,
        at_least: going.is_open,
        path: &going.place.path,
        line: going.place.line,
        end_line: going.end_line,
    }
}

#[derive(Serialize)]
struct TermView<'a> {
    name: &'static str,
    says: &'a str,
    points: f64,
}

#[derive(Serialize)]
struct FactorView<'a> {
    name: &'static str,
    says: &'a str,
    by: f64,
}

/// One action.
pub(in crate::report) fn action<'a>(
    report: &NextReport<'a>,
    number: usize,
    action: &'a Action,
) -> ActionView<'a> {
    let first = report.first(action);
    let climb = first.climb();
    let decisions = &report.analysis.decisions;
    let place = &action.place;
    ActionView {
        number,
        id: &action.id,
        aim: action.aim.name(),
        score: rounded(action.score),
        what: &action.what,
        step: action.step.map(crate::analysis::Step::name),
        ladder: &first.ladder().name,
        rung: action.rung.number(),
        to: action.to.map(crate::base::Rung::number),
        place: PlaceView {
            path: &place.path,
            line: place.line,
            column: place.column,
        },
        decided_by: action.decided_by.as_deref(),
        decisions: action
            .decisions
            .iter()
            .map(|at| decision(&decisions[*at]))
            .collect(),
        like: action
            .like
            .iter()
            .map(|at| like(report, &report.actions[*at]))
            .collect(),
        obstacles: action
            .obstacles
            .iter()
            .map(|one| ObstacleView {
                name: one.name,
                says: &one.says,
                path: &one.path,
                line: one.line,
            })
            .collect(),
        why: &action.why,
        check: &action.check,
        limits: climb.limits().into_iter().map(LimitView::of).collect(),
        bills: climb.bills.iter().map(BillView::of).collect(),
        relieves: &action.relieves,
        goes: action.goes.iter().map(going).collect(),
        undo: &action.undo,
        changes: first.changes(),
        fix: action.fix(decisions).map(ActionFix),
        data: climb.data.map(|data| data.name()),
        value: action.value.iter().map(term).collect(),
        effort: action.effort.iter().map(term).collect(),
        trust: action.trust.iter().map(factor).collect(),
    }
}

fn decision(decision: &Decision) -> DecisionView<'_> {
    DecisionView {
        path: &decision.path,
        address: &decision.address,
        construct: decision.construct.as_deref(),
        line: decision.start.line,
        owner: decision.owner.as_ref().map(|owner| owner.text()),
        stream: decision.stream.as_deref(),
    }
}

fn like<'a>(report: &NextReport<'a>, action: &'a Action) -> LikeView<'a> {
    let first = report.first(action);
    LikeView {
        id: &action.id,
        score: rounded(action.score),
        path: &first.path,
        address: &first.address,
    }
}

fn term(term: &Term) -> TermView<'_> {
    TermView {
        name: term.name,
        says: &term.says,
        points: rounded(term.amount),
    }
}

fn factor(factor: &Factor) -> FactorView<'_> {
    FactorView {
        name: factor.name,
        says: &factor.says,
        by: factor.by,
    }
}

/// Three places tell results apart.
fn rounded(points: f64) -> f64 {
    (points * 1000.0).round() / 1000.0
}
