//! The rungs that other values of parameters reach.

use std::collections::{BTreeMap, BTreeSet};

use super::Classifier;
use crate::blocks::Cause;
use crate::eval::Assumed;
use crate::placement::Rung;
use crate::placement::outcome::Outcome;
use crate::placement::parameters::values_of;
use crate::placement::premises::Premises;

/// Parameter values tried for one decision; more would not fit in a message.
const MOST_VALUES: usize = 200;
/// Ways to reach a rung that are named.
const MOST_WAYS: usize = 3;

/// What reaches a rung.
#[derive(Debug, Default)]
pub(super) struct Way {
    /// In words.
    pub(super) whens: Vec<String>,
    /// What comes out under the first value that reaches it: the outcome, which of its cases decides, and the value.
    pub(super) first: Option<(Outcome, usize, (usize, Assumed))>,
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

impl Classifier<'_, '_, '_> {
    /// Varies each parameter alone, over its allowed values or those that the template and the rule name: the rungs
    /// that this reaches, each with what reaches it.
    pub(super) fn vary(&self, at: usize, base: &Outcome) -> BTreeMap<Rung, Way> {
        let mut ways: BTreeMap<Rung, Way> = BTreeMap::new();
        if base.trace.parameters.is_empty() {
            return ways;
        }
        let Some(premises) = self.premises(at) else {
            return ways;
        };
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
                if tried > MOST_VALUES {
                    return ways;
                }
                let named = value != Assumed::Other;
                let assumed = [(parameter, value.clone())];
                if premises.gone(self.template, &assumed) {
                    continue;
                }
                let Some(outcome) = self.evaluate(&premises, &assumed, base.conditional) else {
                    continue;
                };
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
                let (slot, chosen) = outcome.chosen(premises.rule, self.strict);
                let cases = outcome.possible.iter();
                let mut rungs: Vec<Rung> =
                    cases.map(|case| premises.rule.cases[*case].rung).collect();
                rungs.push(chosen);
                rungs.sort_unstable();
                rungs.dedup();
                // Of any value at all it is open what else it says. Where more than the value decides, the value has a part only in
                // the rungs that are out of reach without it.
                if named && rungs.len() > 1 {
                    let with = (&premises, &assumed[0], base.conditional);
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
                    _ => true,
                });
                for rung in rungs {
                    let way = ways.entry(rung).or_default();
                    // Where a value has a name, nobody needs to hear of the nameless ones.
                    if !is_said(&way.whens, shown) && (named || way.whens.is_empty()) {
                        way.whens.push(shown.clone());
                    }
                    if self.strict && way.first.is_none() {
                        let rule = premises.rule;
                        let its = |case: &usize| rule.cases[*case].rung == rung;
                        let its = outcome.possible.iter().position(its);
                        let its = if rung == chosen { Some(slot) } else { its };
                        way.first = its.map(|its| (outcome.clone(), its, assumed[0].clone()));
                    }
                }
            }
        }
        ways
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
                || values.iter().any(|(value, _)| *value == Assumed::Other);
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
