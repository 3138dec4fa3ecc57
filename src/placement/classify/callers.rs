//! A stack that several blocks make, and to which they hand down different values: all of them are deployed.

use super::Classifier;
use crate::base::enumerated;
use crate::eval::Assumed;
use crate::placement::Rung;
use crate::placement::outcome::Outcome;

/// Blocks under whose values one decision is judged.
const MOST_CALLERS: usize = 200;
/// Blocks that are named.
const MOST_NAMED: usize = 3;

/// What comes of a decision under the values that one block hands down.
#[derive(Debug)]
pub(super) struct Handed<'a> {
    pub(super) block: &'a str,
    pub(super) rung: Rung,
    pub(super) outcome: Outcome,
}

impl Classifier<'_, '_, '_> {
    /// What comes of a decision under the values of each block that makes its stack; nothing where these are not all known, or do not decide.
    pub(super) fn by_caller(&self, at: usize, base: &Outcome) -> Option<Vec<Handed<'_>>> {
        let template = self.template;
        let hung_on = base.trace.parameters.iter();
        let first = *hung_on
            .into_iter()
            .find(|at| !template.parameters[**at].handed_by.is_empty())?;
        let mut units = template.units.iter();
        let unit = units.find(|unit| unit.parameters.contains(&first))?;
        let differ = unit.parameters.clone();
        let differ = differ.filter(|at| !template.parameters[*at].handed_by.is_empty());
        let differ: Vec<usize> = differ.collect();
        let blocks = &template.parameters[first].handed_by;
        let are_few = blocks.len().saturating_mul(differ.len()) <= MOST_CALLERS;
        let premises = self.premises(at).filter(|_| are_few)?;
        let mut all = Vec::new();
        for (number, by) in blocks.iter().enumerate() {
            let assumed = differ.iter().map(|at| {
                let value = template.parameters[*at].handed_by.get(number)?;
                Some((*at, Assumed::Text(value.value.clone())))
            });
            let assumed = assumed.collect::<Option<Vec<_>>>()?;
            if premises.gone(template, &assumed) {
                continue;
            }
            let outcome = self.evaluate(&premises, &assumed, base.conditional)?;
            let rungs = outcome.rungs(premises.rule);
            let [(rung, _)] = rungs[..] else {
                return None;
            };
            if !outcome.settled {
                return None;
            }
            all.push(Handed {
                block: &by.block,
                rung,
                outcome,
            });
        }
        (!all.is_empty()).then_some(all)
    }
}

/// Who hands down what leads to a rung: `handed down by Dev and Test`.
pub(super) fn words(all: &[Handed<'_>], rung: Rung) -> String {
    let mut names: Vec<&str> = Vec::new();
    for one in all.iter().filter(|one| one.rung == rung) {
        if !names.contains(&one.block) {
            names.push(one.block);
        }
    }
    format!("handed down by {}", enumerated(&names, MOST_NAMED))
}
