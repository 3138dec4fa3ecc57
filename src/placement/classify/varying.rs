//! The rungs that other values of parameters reach.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::Classifier;
use super::written_alike::Shape;
use crate::blocks::Cause;
use crate::eval::Assumed;
use crate::placement::Rung;
use crate::placement::outcome::Outcome;
use crate::placement::parameters::values_of;
use crate::placement::premises::Premises;

/// Parameter values tried for one decision.
const MOST_VALUES: usize = 10_000;
/// Ways to reach a rung that are named.
const MOST_WAYS: usize = 3;
/// Steps that may be taken to vary all parameters of all decisions of a template; each that is written in its own way has its
/// share, so that what one needs takes nothing from the others.
const EFFORT: u64 = 20_000_000;
/// The least share.
const LEAST_EFFORT: u64 = 20_000;

/// What reaches a rung.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    /// In words.
    pub(super) whens: Vec<String>,
    /// The first value that reaches it.
    pub(super) first: Option<(usize, Assumed)>,
}

impl Way {
    pub(super) fn of(when: String) -> Self {
        Self {
            whens: vec![when],
            first: None,
        }
    }

    /// One more of the same.
    pub(super) fn also(&mut self, when: &str) {
        if !self.whens.iter().any(|known| known == when) {
            self.whens.push(when.to_owned());
        }
    }

    /// A few words for all of it.
    pub(super) fn words(mut self) -> String {
        self.whens.dedup();
        let more = self.whens.len() > MOST_WAYS;
        self.whens.truncate(MOST_WAYS);
        let mut when = self.whens.join(" or ");
        if more {
            when.push_str(" or other values");
        }
        when
    }
}

/// What other values of parameters reach.
#[derive(Clone, Debug, Default)]
pub(super) struct Varied {
    pub(super) ways: BTreeMap<Rung, Way>,
    /// There are more values, or they take longer to look at, than can be tried.
    pub(super) is_cut_short: bool,
}

impl Varied {
    /// Why it is open whether other rungs can be reached.
    pub(super) fn doubt(&self) -> Option<String> {
        let doubt = "its parameters can have more values than were tried";
        self.is_cut_short.then(|| doubt.to_owned())
    }
}

/// What is known of other values of parameters, by what it hangs on.
#[derive(Debug, Default)]
pub(super) struct Variations<'t> {
    /// For each resource, the number of its shape.
    shapes: FxHashMap<usize, usize>,
    numbers: FxHashMap<Shape<'t>, usize>,
    known: FxHashMap<usize, Varied>,
    /// How many resources there are that are written like no other.
    alone: usize,
}

impl Variations<'_> {
    /// Steps that may be taken for one shape.
    fn share(&self) -> u64 {
        let shapes = u64::try_from(self.numbers.len() + self.alone).unwrap_or(u64::MAX);
        (EFFORT / shapes.max(1)).max(LEAST_EFFORT)
    }
}

impl Classifier<'_, '_, '_> {
    /// Looks which decisions hang on the same, so that it is known how many answers there are before the first is sought.
    pub(super) fn compare_shapes(&mut self, decisions: impl Iterator<Item = usize>) {
        for at in decisions {
            let Some(base) = self.outcome(at) else {
                continue;
            };
            if base.trace.parameters.is_empty() {
                continue;
            }
            let base = base.clone();
            let shape = self
                .premises(at)
                .and_then(|premises| self.shape(&premises, &base));
            let variations = &mut self.variations;
            match shape {
                Some(shape) => {
                    let next = variations.numbers.len();
                    let number = *variations.numbers.entry(shape).or_insert(next);
                    variations.shapes.insert(at, number);
                }
                None => variations.alone += 1,
            }
        }
    }

    /// Varies each parameter alone, over its allowed values or those that the template and the rule name: the rungs
    /// that this reaches, each with what reaches it.
    pub(super) fn vary(&mut self, at: usize, base: &Outcome) -> Varied {
        if base.trace.parameters.is_empty() {
            return Varied::default();
        }
        let shape = self.variations.shapes.get(&at).copied();
        if let Some(known) = shape.and_then(|shape| self.variations.known.get(&shape)) {
            return known.clone();
        }
        let Some(premises) = self.premises(at) else {
            return Varied::default();
        };
        let effort = &self.template.effort;
        let before = effort.replace(self.variations.share());
        let varied = self.vary_within_effort(&premises, base);
        self.template.effort.set(before);
        if let Some(shape) = shape {
            self.variations.known.insert(shape, varied.clone());
        }
        varied
    }

    fn vary_within_effort(&self, premises: &Premises<'_>, base: &Outcome) -> Varied {
        let mut varied = Varied::default();
        let anyway: Vec<Rung> = base
            .rungs(premises.rule)
            .into_iter()
            .map(|(rung, _)| rung)
            .collect();
        let mut tried = 0;
        for &parameter in &base.trace.parameters {
            if premises.known.iter().any(|(known, _)| *known == parameter) {
                continue;
            }
            let known = &self.template.parameters[parameter];
            let mut values = values_of(known, parameter, &base.trace);
            let mut next = 0;
            while let Some((value, _)) = values.get(next).cloned() {
                next += 1;
                tried += 1;
                if tried > MOST_VALUES || self.template.effort.get() == 0 {
                    varied.is_cut_short = true;
                    return varied;
                }
                let named = value.as_text().is_some();
                let assumed = [(parameter, value.clone())];
                if premises.gone(self.template, &assumed) {
                    continue;
                }
                let Some(outcome) = self.evaluate(premises, &assumed, base.conditional) else {
                    continue;
                };
                // What was not looked at to the end reaches nothing.
                if outcome.is_too_deep() && !base.is_too_deep() {
                    varied.is_cut_short = true;
                    continue;
                }
                // One value can open a question that names further ones; of allowed values, all are there already.
                let opened = known.choices().is_empty().then_some(&outcome.trace);
                let further = opened.map(|trace| values_of(known, parameter, trace));
                for (value, shown) in further.into_iter().flatten() {
                    match values.iter_mut().find(|(tried, _)| *tried == value) {
                        None => values.push((value, shown)),
                        // The more have a name, the longer it takes to say that it is none of them.
                        Some((Assumed::Other, words)) if shown.len() > words.len() => {
                            *words = shown;
                        }
                        Some(_) => {}
                    }
                }
                let shown = &values[next - 1].1;
                let (_, chosen) = outcome.chosen(premises.rule, self.strict);
                let cases = outcome.possible.iter();
                let mut rungs: Vec<Rung> =
                    cases.map(|case| premises.rule.cases[*case].rung).collect();
                rungs.push(chosen);
                rungs.sort_unstable();
                rungs.dedup();
                // Of any value at all it is open what else it says. Where more than the value decides, the value has a part only in
                // the rungs that are out of reach without it.
                if named && rungs.len() > 1 {
                    let with = (premises, &assumed[0], base.conditional);
                    self.narrow(with, &outcome, &mut rungs, &mut tried);
                }
                let decides = rungs.len() == 1;
                // Under a value that leads to a name which nothing bears, nothing is deployed.
                let fails = outcome.causes.iter().any(|cause| {
                    matches!(
                        cause,
                        Cause::Undefined(_) | Cause::NoKey(..) | Cause::Rejected(_)
                    ) && !base.causes.contains(cause)
                });
                rungs.retain(|rung| match (named, decides) {
                    (true, false) if fails => *rung == chosen,
                    (true, false) => !anyway.contains(rung),
                    // What any value leaves open is this parameter's doing only where it is not open anyway.
                    (false, false) if value == Assumed::Any => !anyway.contains(rung),
                    _ => true,
                });
                for rung in rungs {
                    let way = varied.ways.entry(rung).or_default();
                    // Where a value has a name, nobody needs to hear of the nameless ones.
                    let is_told = way.whens.len() > MOST_WAYS || is_said(&way.whens, shown);
                    if !is_told && (named || way.whens.is_empty()) {
                        way.whens.push(shown.clone());
                    }
                    way.first.get_or_insert_with(|| assumed[0].clone());
                }
            }
        }
        varied
    }

    /// What comes out under a value that reaches a rung, and which of its cases gives the rung.
    pub(super) fn under(
        &self,
        at: usize,
        base: &Outcome,
        rung: Rung,
        value: &(usize, Assumed),
    ) -> Option<(Outcome, usize)> {
        let premises = self.premises(at)?;
        let assumed = std::slice::from_ref(value);
        let outcome = self.evaluate(&premises, assumed, base.conditional)?;
        let rule = premises.rule;
        let (slot, chosen) = outcome.chosen(rule, self.strict);
        if rung == chosen {
            return Some((outcome, slot));
        }
        let gives = |case: &usize| rule.cases[*case].rung == rung;
        let slot = outcome.possible.iter().position(gives)?;
        Some((outcome, slot))
    }

    /// Leaves of the rungs that are open under a value those that some value of a parameter without default comes to: each of
    /// its values taken for itself leaves less open than all of them together.
    pub(super) fn narrow(
        &self,
        (premises, value, conditional): (&Premises<'_>, &(usize, Assumed), bool),
        open: &Outcome,
        rungs: &mut Vec<Rung>,
        tried: &mut usize,
    ) {
        for &other in &open.trace.parameters {
            let parameter = &self.template.parameters[other];
            let is_settled = premises.known.iter().any(|(known, _)| *known == other);
            if other == value.0 || is_settled || parameter.default.is_some() {
                continue;
            }
            let values = values_of(parameter, other, &open.trace);
            let are_all = !parameter.choices().is_empty()
                || values.iter().any(|(value, _)| value.as_text().is_none());
            *tried += values.len();
            if !are_all || *tried > MOST_VALUES {
                continue;
            }
            let outcomes = values.into_iter().filter_map(|(its, _)| {
                self.evaluate(premises, &[value.clone(), (other, its)], conditional)
            });
            let reached: BTreeSet<Rung> = outcomes
                .flat_map(|outcome| outcome.rungs(premises.rule))
                .map(|(rung, _)| rung)
                .collect();
            if !reached.is_empty() {
                rungs.retain(|rung| reached.contains(rung));
            }
        }
    }
}

/// Whether words are among others, or say the same with another spelling of a number: `Min=0.0` beside `Min=0`.
fn is_said(all: &[String], shown: &str) -> bool {
    let number = |words: &str| -> Option<(String, f64)> {
        let (name, value) = words.trim_matches('`').split_once('=')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    let own = number(shown);
    all.iter()
        .any(|one| one == shown || (own.is_some() && number(one) == own))
}
