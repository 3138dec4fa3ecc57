//! What holds for a resource whatever is assumed: where it exists, its condition has said something about parameters.

use super::ambiguous::Alternatives;
use super::parameters::values_of;
use crate::blocks::{Cause, Child, Expr, Function, Name, Template, unit};
use crate::eval::{Assumed, Resolver, Settled, Truth, Value};
use crate::rulebook::Rule;

/// Parameter values tried for one condition.
const MOST_VALUES: usize = 200;
/// Conditions of conditions: a real chain has three or four.
const LONGEST_CHAIN: usize = 32;

/// What holds for a resource whatever is assumed.
pub struct Premises<'r> {
    pub at: usize,
    pub rule: &'r Rule,
    /// For each join of the rule, the resources that are connected, in whatever branch of a choice they are named.
    pub joined: Vec<Vec<usize>>,
    /// For each join, whether a condition may choose among those.
    pub chosen: Vec<bool>,
    /// For each join, what it may be connected with beside that.
    pub choices: Vec<Option<Alternatives>>,
    /// For each join, why it may be connected with what can't be seen; empty where nothing is asked of that.
    pub beyond: Vec<Option<Cause>>,
    /// What parameters must be where the resource exists.
    pub known: Vec<(usize, Assumed)>,
    /// What a parameter is taken to be, because the resource does not exist by its default.
    pub likely: Option<(usize, Assumed)>,
    /// Conditions that hold, or do not, where the resource exists.
    pub conditions: Vec<Settled>,
}

impl<'r> Premises<'r> {
    /// Of a resource and the resources that each join of its rule connects with it.
    pub fn new(
        template: &Template<'_>,
        at: usize,
        rule: &'r Rule,
        joined: Vec<Vec<usize>>,
    ) -> Self {
        let mut premises = Self {
            at,
            rule,
            joined,
            chosen: Vec::new(),
            choices: Vec::new(),
            beyond: Vec::new(),
            known: Vec::new(),
            likely: None,
            conditions: Vec::new(),
        };
        if let Some(condition) = template.resources[at].condition.as_ref() {
            premises.imply(template, condition, true, 0);
            premises.likely = likely(template, condition, &premises.known);
        }
        premises
    }

    /// Notes what parameters and conditions must be where a condition holds, or does not.
    fn imply<'t>(
        &mut self,
        template: &Template<'t>,
        condition: &Child<'t>,
        holds: bool,
        depth: usize,
    ) {
        if depth > LONGEST_CHAIN {
            return;
        }
        let resolver = Resolver::new(template);
        if let Some(parameter) = resolver.parameter_of(condition) {
            let holds = Assumed::Text(holds.to_string());
            self.known.push((parameter, holds));
            return;
        }
        match template.expr(condition) {
            Expr::Name(Name::Definition(space, name)) => {
                let unit = unit(&condition.scope);
                let mut known = self.conditions.iter();
                if known.any(|(of, known, _)| *of == unit && *known == name) {
                    return;
                }
                let settled = (unit, name.clone().into_owned(), holds);
                self.conditions.push(settled);
                if let Some(definition) = template.units[unit].definition(space, &name) {
                    self.imply(template, definition, holds, depth + 1);
                }
            }
            Expr::Call(Function::Not, parts) => {
                for part in parts.iter() {
                    self.imply(template, &part, !holds, depth + 1);
                }
            }
            Expr::Call(Function::And, parts) if holds => {
                for part in parts.iter() {
                    self.imply(template, &part, true, depth + 1);
                }
            }
            Expr::Call(Function::Or, parts) if !holds => {
                for part in parts.iter() {
                    self.imply(template, &part, false, depth + 1);
                }
            }
            Expr::Call(Function::Equals, sides) => {
                let Some([a, b]) = sides.take() else {
                    return;
                };
                for (side, other) in [(&a, &b), (&b, &a)] {
                    if let (Some(parameter), Value::Text(text)) =
                        (resolver.parameter_of(side), resolver.value(other))
                    {
                        let allowed = template.parameters[parameter].choices();
                        let mut others = allowed.iter().filter(|value| **value != text);
                        if holds {
                            let text = Assumed::Text(text.into_owned());
                            self.known.push((parameter, text));
                        } else if let (Some(only), None) = (others.next(), others.next()) {
                            // It is not the one, so it is the only other.
                            let only = Assumed::Text(only.clone().into_owned());
                            self.known.push((parameter, only));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether the two resources are never there together: what must be where the one exists is not where the other does.
    pub fn excludes(&self, other: &Self) -> bool {
        let opposed = |(unit, name, holds): &Settled| {
            let mut others = other.conditions.iter();
            others.any(|(of, known, held)| of == unit && known == name && held != holds)
        };
        let differs = |(parameter, value): &(usize, Assumed)| {
            let mut others = other.known.iter();
            others.any(|(of, known)| of == parameter && known != value)
        };
        self.conditions.iter().any(opposed) || self.known.iter().any(differs)
    }

    /// Whether the resource does not exist when a parameter is what is assumed.
    pub fn gone(&self, template: &Template<'_>, assumed: &[(usize, Assumed)]) -> bool {
        let Some(condition) = &template.resources[self.at].condition else {
            return false;
        };
        let all = assumed.iter().chain(&self.known).chain(&self.likely);
        let resolver = Resolver::new(template).assuming(all.cloned().collect());
        let truth = resolver.truth(condition);
        let hangs = |(parameter, _): &(usize, Assumed)| {
            resolver.take_trace().parameters.contains(parameter)
        };
        truth == Truth::No && assumed.iter().any(hangs)
    }
}

/// Whether a condition may leave a resource out: it does not hold, or it holds only by defaults in the place of which other values
/// may be given.
pub fn may_be_off<'t>(template: &Template<'t>, condition: Option<&Child<'t>>) -> bool {
    let Some(condition) = condition else {
        return false;
    };
    let resolver = Resolver::new(template);
    let holds = resolver.truth(condition) == Truth::Yes;
    let trace = resolver.take_trace();
    let mut parameters = trace.parameters.iter();
    !holds || !parameters.all(|at| template.parameters[*at].is_given())
}

/// Whether the values that the deployment gives, or that Terraform loads by itself, turn a resource off, whatever the other
/// parameters are.
pub fn is_left_out<'t>(template: &Template<'t>, condition: Option<&Child<'t>>) -> bool {
    let Some(condition) = condition else {
        return false;
    };
    if !template.is_given_values {
        return false;
    }
    let mut open: Vec<(usize, Assumed)> = Vec::new();
    // What is open may lead to further parameters: each round opens those that it met.
    for _ in 0..LONGEST_CHAIN {
        let resolver = Resolver::new(template).assuming(open.clone());
        if resolver.truth(condition) != Truth::No {
            return false;
        }
        let trace = resolver.take_trace();
        let is_set = |at: &usize| template.parameters[*at].is_set();
        let before = open.len();
        for at in trace.parameters.iter().filter(|at| !is_set(at)) {
            if !open.iter().any(|(known, _)| known == at) {
                open.push((*at, Assumed::Any));
            }
        }
        if open.len() == before {
            return trace.parameters.iter().any(is_set);
        }
    }
    false
}

/// Where a condition does not hold by default: the value of a parameter by which it does.
fn likely<'t>(
    template: &Template<'t>,
    condition: &Child<'t>,
    known: &[(usize, Assumed)],
) -> Option<(usize, Assumed)> {
    let resolver = Resolver::new(template).assuming(known.to_vec());
    if resolver.truth(condition) != Truth::No {
        return None;
    }
    let trace = resolver.take_trace();
    let parameters = trace.parameters.iter();
    let mut values = parameters
        .filter(|at| !known.iter().any(|(other, _)| other == *at))
        .flat_map(|&at| {
            let values = values_of(&template.parameters[at], at, &trace);
            values.into_iter().map(move |(value, _)| (at, value))
        })
        .filter(|(_, value)| value.as_text().is_some())
        .take(MOST_VALUES);
    values.find(|assumed| {
        let assumed = known.iter().chain([assumed]).cloned();
        let resolver = Resolver::new(template).assuming(assumed.collect());
        resolver.truth(condition) != Truth::No
    })
}
