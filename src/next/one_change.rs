//! What one change does for how many decisions, and where it is made: those that one place decides go together.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use super::action::{ActionPlace, Aim};
use crate::analysis::graph::{Location, Means, Resource};
use crate::analysis::{Analysis, Decision, Rung, SOON, Step};
use crate::base::source::Position;
use crate::base::{Generator, LifecycleCode};
use crate::landscape::decisions_of_resources;
use crate::rulebook::actions;
use crate::rulebook::condition::Condition;

/// What somebody can do in one place.
#[derive(Debug)]
pub(super) struct Change {
    pub aim: Aim,
    /// In order.
    pub decisions: Vec<usize>,
    /// What the same place decides of this kind that is no part of it: it has a reason, is accepted, or was not asked for.
    pub beside: Vec<usize>,
    pub place: ActionPlace,
    /// What stands in that place, where that is not what decides in the block itself.
    pub decided_by: Option<String>,
    /// The day on which the reason ended that kept the first of them there.
    pub ended: Option<Date>,
    /// The day on which the reason ends.
    pub ends: Option<Date>,
}

/// By what changes are told apart.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    /// What stands in one place and is of one kind.
    Place(Aim, ActionPlace, &'a str, usize, Rung),
    /// What one construct makes in several stages or stacks: of all its path, what follows the first of them.
    Construct(Aim, &'a str, &'a str, usize, Rung),
}

/// All changes, in the order of their first decisions.
pub(super) fn changes(
    analysis: &Analysis,
    is_wanted: &dyn Fn(&Decision) -> bool,
    today: Date,
) -> Vec<Change> {
    let ended = ended(analysis, today);
    let launches = launches(analysis);
    let mut changes: Vec<Change> = Vec::new();
    let mut numbers: HashMap<Key<'_>, usize> = HashMap::new();
    for (at, decision) in analysis.decisions.iter().enumerate() {
        if !decision.is_counted || !is_wanted(decision) {
            continue;
        }
        for (aim, ends) in aims(decision, today) {
            let made = made(decision, at, aim, &launches);
            let rule = &*decision.rule.name;
            let construct = decision.construct.as_deref();
            let construct = construct.filter(|_| decision.generator == Some(Generator::Cdk));
            let key = match construct.and_then(|path| path.split_once('/')) {
                Some((_, inside)) if aim != Aim::Decide => {
                    Key::Construct(aim, inside, rule, decision.case, decision.rung)
                }
                _ => Key::Place(aim, made.0.clone(), rule, decision.case, decision.rung),
            };
            let number = *numbers.entry(key).or_insert_with(|| {
                let (place, decided_by) = made;
                changes.push(Change {
                    aim,
                    decisions: Vec::new(),
                    beside: Vec::new(),
                    place,
                    decided_by,
                    ended: ended
                        .get(&(&*decision.path, decision.address.as_str()))
                        .copied(),
                    ends,
                });
                changes.len() - 1
            });
            changes[number].decisions.push(at);
        }
    }
    bring_beside(analysis, &launches, &mut changes);
    // What one place decides for a single one is decided in its own block as far as anybody can see.
    for change in &mut changes {
        if let [at] = change.decisions[..]
            && change.decided_by.is_some()
        {
            let decision = &analysis.decisions[at];
            if decision.decider.is_none() {
                (change.place, change.decided_by) = (own(decision), None);
            } else if *change.place.path == **decision.place().0 {
                change.place = own(decision);
            }
        }
    }
    changes
}

/// Finds what else each place decides of the same kind.
fn bring_beside(analysis: &Analysis, launches: &HashMap<usize, &Resource>, changes: &mut [Change]) {
    let mut wanted: HashMap<(ActionPlace, &str), Vec<usize>> = HashMap::new();
    for (number, change) in changes.iter().enumerate() {
        if change.aim == Aim::Climb {
            let first = &analysis.decisions[change.decisions[0]];
            let key = (change.place.clone(), &*first.rule.name);
            wanted.entry(key).or_default().push(number);
        }
    }
    let mut of_none: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, decision) in analysis.decisions.iter().enumerate() {
        if !decision.is_counted || decision.rung == Rung::Serverless {
            continue;
        }
        let (place, _) = made(decision, at, Aim::Climb, launches);
        for number in wanted
            .get(&(place, &*decision.rule.name))
            .into_iter()
            .flatten()
        {
            if changes[*number].decisions.binary_search(&at).is_err() {
                of_none.entry(*number).or_default().push(at);
            }
        }
    }
    for (number, beside) in of_none {
        changes[number].beside = beside;
    }
}

/// Where something is done about a decision, and what decides there in the place of its own block.
fn made(
    decision: &Decision,
    at: usize,
    aim: Aim,
    launches: &HashMap<usize, &Resource>,
) -> (ActionPlace, Option<String>) {
    if aim == Aim::Decide {
        return (reason(decision), None);
    }
    if let Some(found) = decision.decider.as_ref().filter(|_| aim == Aim::Climb) {
        return (place(&found.path, found.start), Some(found.says.clone()));
    }
    // What a construct makes goes by its construct.
    let is_made = decision.construct.is_some() && decision.generator == Some(Generator::Cdk);
    match launches.get(&at).filter(|_| !is_made) {
        Some(template) => {
            let says = format!("`{}` says what they start", template.address);
            let Location { path, start, .. } = &template.location;
            (place(path, *start), Some(says))
        }
        None => (own(decision), None),
    }
}

/// For each decision that starts its machines from one template that says what they are, this template.
fn launches(analysis: &Analysis) -> HashMap<usize, &Resource> {
    let Some(graph) = &analysis.graph else {
        return HashMap::new();
    };
    let is_counted = analysis.decisions.iter().map(|one| one.is_counted);
    let is_counted: Vec<bool> = is_counted.collect();
    let decision_of = decisions_of_resources(graph, analysis, &is_counted);
    let mut all: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| edge.means == Means::Uses) {
        let is_choice = graph.resources[edge.from].role.ladder().is_some();
        let decision = decision_of[edge.from].filter(|_| is_choice);
        if let Some(decision) = decision
            && actions::launches(&graph.resources[edge.to].kind)
        {
            // What starts from several hangs on none of them alone.
            all.entry(decision)
                .and_modify(|known| *known = known.filter(|known| *known == edge.to))
                .or_insert(Some(edge.to));
        }
    }
    let all = all.into_iter().filter_map(|(decision, template)| {
        let written = analysis.decisions[decision].written.is_none();
        let template = template.filter(|_| written)?;
        Some((decision, &graph.resources[template]))
    });
    all.collect()
}

/// What there is to do about a decision, with the day on which its reason ends.
fn aims(decision: &Decision, today: Date) -> Vec<(Aim, Option<Date>)> {
    if decision.is_open() && !decision.climb().up.is_empty() {
        let mut aims = vec![(Aim::Climb, None)];
        if is_left_apart(decision) {
            aims.push((Aim::Leave, None));
        }
        return aims;
    }
    if decision.lifecycle().any(|(_, ending)| !ending.is_settled) {
        return vec![(Aim::Leave, None)];
    }
    let ends = || {
        let reason = &decision.justification.as_ref()?.reason;
        let ends: Date = reason.expires.as_ref()?.text.trim().parse().ok()?;
        let left = (ends - today).get_days();
        (i64::from(left) <= SOON).then_some((Aim::Decide, Some(ends)))
    };
    ends().into_iter().collect()
}

/// Whether only a way to choose it ends, as an engine or an image: then it can be left without the climb, which is a bigger step.
pub(super) fn is_left_apart(decision: &Decision) -> bool {
    let climbs = decision.climb().step;
    let is_bigger = matches!(climbs, Some(Step::Redesign | Step::Resource) | None);
    let mut open = decision.lifecycle().filter(|(_, one)| !one.is_settled);
    is_bigger
        && open.any(|(entry, one)| {
            let is_way = !entry.when.always() && one.code != LifecycleCode::Closed;
            is_way && !is_written_for(decision, &entry.when)
        })
}

/// Whether the case of a decision asks for all that an ending asks for: then its way up is written for what ends.
fn is_written_for(decision: &Decision, ending: &Condition) -> bool {
    let parts = |of: &'_ Condition| match of {
        Condition::All(parts) => parts.clone(),
        one => vec![one.clone()],
    };
    let Some(case) = decision.rule.cases.get(decision.case) else {
        return false;
    };
    let asked = parts(&case.when);
    parts(ending).iter().all(|part| asked.contains(part))
}

/// The place where a decision is made in its own block.
fn own(decision: &Decision) -> ActionPlace {
    let (path, start, _) = decision.place();
    place(path, start)
}

fn reason(decision: &Decision) -> ActionPlace {
    match &decision.justification {
        Some(found) => place(&found.path, found.start),
        None => own(decision),
    }
}

fn place(path: &Arc<str>, start: Position) -> ActionPlace {
    ActionPlace {
        path: Arc::clone(path),
        line: start.line,
        column: start.column,
    }
}

/// Reasons that have run out, by the path and address of what they speak of.
fn ended(analysis: &Analysis, today: Date) -> HashMap<(&str, &str), Date> {
    let mut ended = HashMap::new();
    for record in &analysis.records {
        let expires = record.reason.expires.as_ref();
        let day: Option<Date> = expires.and_then(|field| field.text.trim().parse().ok());
        if let Some(day) = day.filter(|day| *day < today) {
            for spoken in &record.spoken {
                ended.insert((&*spoken.path, spoken.address.as_str()), day);
            }
        }
    }
    ended
}
