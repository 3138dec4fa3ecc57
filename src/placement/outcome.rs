//! What the cases of a rule say about one resource: which may hold, where, and what that hung on.

use super::Rung;
use super::matching::Answer;
use crate::blocks::{Cause, Place};
use crate::eval::{Decider, Trace, Truth};
use crate::rulebook::wording::{Names, Wording};
use crate::rulebook::{Case, Catalogue, Rule, shown_values};

/// What decides a case.
#[derive(Clone, Debug, Default)]
pub struct Deciding {
    /// Where it stands.
    pub place: Option<Place>,
    /// The other resource it stands in, where it is not the resource itself.
    pub elsewhere: Option<String>,
    /// What it is a name for, if it is nothing else.
    pub decider: Option<Decider>,
}

/// What the cases of a rule say about one resource.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Cases that may hold, in order; the last holds for certain if `settled`.
    pub possible: Vec<usize>,
    pub settled: bool,
    pub causes: Vec<Cause>,
    /// What decides each possible case.
    pub places: Vec<Deciding>,
    /// What each possible case hung on.
    pub traces: Vec<Trace>,
    /// What all cases together hung on.
    pub trace: Trace,
    /// It stands only because a member exists that a condition may take away.
    pub conditional: bool,
}

impl Outcome {
    /// Takes in the answer to one case; whether the next one must be asked.
    pub fn note(
        &mut self,
        number: usize,
        case: &Case,
        answer: Answer,
        trace: Trace,
        by_default: &Deciding,
    ) -> bool {
        let always = case.always();
        match answer.truth {
            Truth::No => return true,
            Truth::Yes => self.settled = true,
            Truth::Maybe(causes) => {
                for cause in causes {
                    if !self.causes.contains(&cause) {
                        self.causes.push(cause);
                    }
                }
            }
        }
        self.possible.push(number);
        self.traces
            .push(if always { self.trace.clone() } else { trace });
        self.places.push(if always {
            by_default.clone()
        } else {
            Deciding {
                place: answer.place,
                elsewhere: answer.elsewhere,
                decider: answer.decider,
            }
        });
        !self.settled
    }

    /// Whether it was not looked at to the end.
    pub fn is_too_deep(&self) -> bool {
        self.causes.contains(&Cause::TooDeep)
    }

    /// Every rung that is possible, with the case that gives it.
    pub fn rungs(&self, rule: &Rule) -> Vec<(Rung, usize)> {
        let cases = self.possible.iter();
        let mut rungs: Vec<(Rung, usize)> = cases
            .flat_map(|&number| {
                let case = &rule.cases[number];
                let or = case.or.iter().map(move |rung| (*rung, number));
                std::iter::once((case.rung, number)).chain(or)
            })
            .collect();
        rungs.sort_unstable();
        rungs.dedup_by_key(|(rung, _)| *rung);
        rungs
    }

    /// The shortest words for what gives a rung.
    pub fn when(&self, catalogue: &Catalogue, rule: &Rule, rung: Rung, names: Names) -> String {
        // What holds for certain decides only where all that was asked before it does not hold.
        let open = self.possible.len() - usize::from(self.settled);
        let cases = self.possible[..open].iter().map(|case| &rule.cases[*case]);
        let asked = cases.filter(|case| case.rung == rung && !case.always() && !case.untried);
        let wording = Wording {
            catalogue,
            rule,
            names,
            every_path: false,
        };
        let words = asked.map(|case| wording.case(case));
        words.min_by_key(String::len).unwrap_or_else(|| {
            let mut cases = self.possible.iter().map(|case| &rule.cases[*case]);
            let open = cases.find(|case| case.or.contains(&rung));
            let doubt = open.map(|case| case.doubt.as_deref().unwrap_or_default());
            let words = match doubt {
                None => "it is anything else",
                // The doubt is about a value that is none.
                Some(doubt) if shown_values::named(doubt).next().is_some() => {
                    "another value is meant"
                }
                Some(_) => "something outside the template decides it",
            };
            words.to_owned()
        })
    }

    /// The case that is assumed, as a position among the possible ones, and its rung: the best, or the worst if strict. Of the
    /// rungs that a case names beside its own, none is assumed that is better: its own is the likely one.
    pub fn chosen(&self, rule: &Rule, strict: bool) -> (usize, Rung) {
        let chosen = if strict {
            self.rungs(rule).last().copied()
        } else {
            let cases = self.possible.iter();
            cases.map(|case| (rule.cases[*case].rung, *case)).min()
        };
        let (rung, case) = chosen.expect("an outcome has a possible case");
        let slot = self.possible.iter().position(|number| *number == case);
        (slot.expect("the case is one of the possible"), rung)
    }
}
