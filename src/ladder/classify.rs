//! A template becomes decisions: each primary on its rung, with its members, its doubts and the rungs that it could reach.

use std::collections::BTreeMap;

use super::Rung;
use super::catalogue::{Case, Condition, Rule};
use super::join::Graph;
use super::matching::{Answer, Question};
use super::words;
use crate::resolve::{Resolver, Trace, Truth, Value};
use crate::template::{
    Cause, Child, Expr, Function, Name, Parameter, Place, Resource, Space, Template,
};

/// Parameter values tried for one decision; more would not fit in a message.
const MOST_VALUES: usize = 200;
/// Links from a member to its primary: a real chain has three or four.
const LONGEST_CHAIN: usize = 32;
/// Ways to reach a rung that are named.
const MOST_WAYS: usize = 3;

/// One hosting choice, still in terms of the template.
#[derive(Debug)]
pub struct Placement {
    /// Index of the primary.
    pub resource: usize,
    /// Its rule.
    pub rule: &'static Rule,
    /// The case that decides.
    pub case: usize,
    /// Where it stands.
    pub rung: Rung,
    /// Other rungs that it can reach, best first, each with what reaches it.
    pub reachable: Vec<(Rung, String)>,
    /// It may not exist at all.
    pub conditional: bool,
    /// Why nothing decides.
    pub doubts: Vec<String>,
    /// Indices of the members.
    pub members: Vec<usize>,
    /// The property that decides, else the type.
    pub place: Place,
    /// What else decided.
    pub related: Vec<(Place, String)>,
}

/// Every decision of a template, in the order of writing.
#[must_use]
pub fn decisions(template: &Template<'_>, strict: bool) -> Vec<Placement> {
    let graph = Graph::new(template);
    let mut classifier = Classifier {
        template,
        graph,
        strict,
        outcomes: vec![None; template.resources.len()],
        roots: vec![Roots::Unknown; template.resources.len()],
    };
    classifier.run()
}

/// What the cases of a rule say about one resource.
#[derive(Clone, Debug)]
struct Outcome {
    /// Cases that may hold, in order; the last holds for certain if `settled`.
    possible: Vec<usize>,
    settled: bool,
    causes: Vec<Cause>,
    /// The deciding place of each possible case: the place, and the other resource it stands in.
    places: Vec<(Option<Place>, Option<String>)>,
    /// What each possible case hung on.
    traces: Vec<Trace>,
    /// What all cases together hung on.
    trace: Trace,
    /// It stands only because a member exists that a condition may take away.
    conditional: bool,
}

#[derive(Clone, Debug)]
enum Roots {
    Unknown,
    /// On the way: a chain that comes back here adds nothing.
    Open,
    Known(Vec<usize>),
}

struct Classifier<'a, 't> {
    template: &'a Template<'t>,
    graph: Graph<'a, 't>,
    strict: bool,
    outcomes: Vec<Option<Option<Outcome>>>,
    roots: Vec<Roots>,
}

impl<'t> Classifier<'_, 't> {
    fn run(&mut self) -> Vec<Placement> {
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.template.resources.len() {
            for root in self.roots(at, 0) {
                let members = members.entry(root).or_default();
                if root != at {
                    members.push(at);
                }
            }
        }
        let all = members.into_iter();
        all.filter_map(|(at, members)| self.placement(at, members))
            .collect()
    }

    /// The primaries to which a resource belongs: itself, if it stands alone on a rung; none if it is plumbing.
    fn roots(&mut self, at: usize, depth: usize) -> Vec<usize> {
        match &self.roots[at] {
            Roots::Known(roots) => return roots.clone(),
            Roots::Open => return Vec::new(),
            Roots::Unknown => {}
        }
        let Some(rule) = self.graph.rule(at) else {
            return Vec::new();
        };
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        self.roots[at] = Roots::Open;
        let mut roots = Vec::new();
        for link in rule.of {
            let parents = self.graph.connected(at, link);
            if link.only && !parents.is_empty() && !self.graph.only_used_by(at) {
                continue;
            }
            for parent in parents {
                if link.no_worse
                    && let Some(own) = self.rung(at)
                    && self.rung(parent).is_some_and(|rung| rung < own)
                {
                    continue;
                }
                roots.extend(self.roots(parent, depth + 1));
            }
        }
        roots.sort_unstable();
        roots.dedup();
        roots.retain(|root| *root != at);
        if roots.is_empty() && self.outcome(at).is_some() {
            roots.push(at);
        }
        self.roots[at] = Roots::Known(roots.clone());
        roots
    }

    /// The rung on which a resource stands by its own cases.
    fn rung(&mut self, at: usize) -> Option<Rung> {
        let rule = self.graph.rule(at)?;
        let outcome = self.outcome(at)?;
        let rungs = outcome.possible.iter().map(|case| rule.cases[*case].rung);
        rungs.min()
    }

    fn outcome(&mut self, at: usize) -> Option<&Outcome> {
        if self.outcomes[at].is_none() {
            let outcome = self.evaluate(at, &[], false).or_else(|| {
                let mut outcome = self.evaluate(at, &[], true)?;
                outcome.conditional = true;
                Some(outcome)
            });
            self.outcomes[at] = Some(outcome);
        }
        self.outcomes[at].as_ref().and_then(Option::as_ref)
    }

    /// Asks the cases in order, under assumed values of parameters.
    fn evaluate(&self, at: usize, assumed: &[(usize, String)], all_exist: bool) -> Option<Outcome> {
        let rule = self.graph.rule(at)?;
        if rule.cases.is_empty() {
            return None;
        }
        let resource = &self.template.resources[at];
        let own_condition = condition_name(self.template, resource);
        let mut assumptions = implied(self.template, resource.condition.as_ref());
        assumptions.extend(assumed.iter().cloned());
        let resolver = Resolver::new(self.template)
            .assuming(assumptions)
            .holding(own_condition.as_deref());
        let joined = rule
            .joins
            .iter()
            .map(|join| self.graph.connected(at, &join.link));
        let joined: Vec<Vec<usize>> = joined.collect();
        let question = Question {
            resolver: &resolver,
            resource,
            rule,
            joined: &joined,
            own_condition: own_condition.as_deref(),
            all_exist,
        };
        let mut outcome = Outcome {
            possible: Vec::new(),
            settled: false,
            causes: Vec::new(),
            places: Vec::new(),
            traces: Vec::new(),
            trace: Trace::default(),
            conditional: false,
        };
        let mut default_place = None;
        for (number, case) in rule.cases.iter().enumerate() {
            let answer = question.ask(&case.when);
            let trace = resolver.take_trace();
            merge(&mut outcome.trace, &trace);
            if answer.has_default && answer.elsewhere.is_none() {
                default_place = default_place.or(answer.place);
            }
            if !outcome.note(number, case, answer, trace, default_place) {
                break;
            }
        }
        (!outcome.possible.is_empty()).then_some(outcome)
    }

    fn placement(&mut self, at: usize, members: Vec<usize>) -> Option<Placement> {
        let rule = self.graph.rule(at)?;
        let strict = self.strict;
        let outcome = self.outcome(at)?.clone();
        let (slot, rung) = outcome.chosen(rule, strict);
        let case = outcome.possible[slot];
        let mut ways: BTreeMap<Rung, Vec<String>> = BTreeMap::new();
        let mut open: Vec<String> = Vec::new();
        let rungs = outcome.rungs(rule);
        if rungs.iter().any(|(other, _)| *other != rung) {
            for (other, case) in &rungs {
                let case = &rule.cases[*case];
                let when = match case.doubt {
                    // What the case asks for leaves this rung as open as its own.
                    Some(doubt) if case.rung != *other => doubt.to_owned(),
                    _ => words::when(rule, case, self.template.dialect),
                };
                ways.entry(*other).or_default().push(when);
            }
            open.extend(outcome.causes.iter().map(ToString::to_string));
            let doubts = outcome
                .possible
                .iter()
                .filter_map(|case| rule.cases[*case].doubt);
            open.extend(doubts.map(str::to_owned));
            if open.is_empty() {
                open.push("nothing in the template decides".to_owned());
            }
        }
        self.vary(at, rule, &outcome, &mut ways);
        ways.remove(&rung);
        let reachable = ways.into_iter().map(|(rung, mut whens)| {
            whens.dedup();
            let more = whens.len() > MOST_WAYS;
            whens.truncate(MOST_WAYS);
            let mut when = whens.join(" or ");
            if more {
                when.push_str(" or other values");
            }
            (rung, when)
        });
        let resource = &self.template.resources[at];
        let (place, elsewhere) = outcome.places[slot].clone();
        let mut related = related(self.template, &outcome.traces[slot]);
        let primary = match (place, elsewhere) {
            (Some(place), None) => place,
            (Some(place), Some(other)) => {
                related.insert(0, (place, format!("`{other}` decides")));
                resource.type_place
            }
            _ => resource.type_place,
        };
        Some(Placement {
            resource: at,
            rule,
            case,
            rung,
            reachable: reachable.collect(),
            conditional: resource.condition.is_some() || outcome.conditional,
            doubts: open,
            members,
            place: primary,
            related,
        })
    }

    /// Varies each parameter alone, over its allowed values or those that the template and the rule name.
    fn vary(
        &self,
        at: usize,
        rule: &'static Rule,
        base: &Outcome,
        ways: &mut BTreeMap<Rung, Vec<String>>,
    ) {
        let resource = &self.template.resources[at];
        let fixed = implied(self.template, resource.condition.as_ref());
        let mut tried = 0;
        for &parameter in &base.trace.parameters {
            if fixed.iter().any(|(known, _)| *known == parameter) {
                continue;
            }
            for (value, shown) in values_of(&self.template.parameters[parameter], parameter, base) {
                tried += 1;
                if tried > MOST_VALUES {
                    return;
                }
                let assumed = [(parameter, value)];
                if self.gone(resource, &assumed) {
                    continue;
                }
                let Some(outcome) = self.evaluate(at, &assumed, base.conditional) else {
                    continue;
                };
                let (_, rung) = outcome.chosen(rule, self.strict);
                let whens = ways.entry(rung).or_default();
                if !whens.contains(&shown) {
                    whens.push(shown);
                }
            }
        }
    }

    /// Whether an assumption takes away a resource that is there without it.
    fn gone(&self, resource: &Resource<'t>, assumed: &[(usize, String)]) -> bool {
        let Some(condition) = &resource.condition else {
            return false;
        };
        let truth = |assumed: &[(usize, String)]| {
            let resolver = Resolver::new(self.template).assuming(assumed.to_vec());
            resolver.truth(condition)
        };
        truth(assumed) == Truth::No && truth(&[]) != Truth::No
    }
}

impl Outcome {
    /// Takes in the answer to one case; whether the next one must be asked.
    fn note(
        &mut self,
        number: usize,
        case: &Case,
        answer: Answer,
        trace: Trace,
        default_place: Option<Place>,
    ) -> bool {
        let always = matches!(case.when, Condition::All([]));
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
            (default_place, None)
        } else {
            (answer.place, answer.elsewhere)
        });
        !self.settled
    }

    /// Every rung that is possible, with the case that gives it.
    fn rungs(&self, rule: &Rule) -> Vec<(Rung, usize)> {
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

    /// The case that is assumed, as a position among the possible ones, and its rung: the best, or the worst if strict.
    fn chosen(&self, rule: &Rule, strict: bool) -> (usize, Rung) {
        let rungs = self.rungs(rule);
        let chosen = if strict { rungs.last() } else { rungs.first() };
        let (rung, case) = *chosen.expect("an outcome has a possible case");
        let slot = self.possible.iter().position(|number| *number == case);
        (slot.expect("the case is one of the possible"), rung)
    }
}

fn merge(whole: &mut Trace, part: &Trace) {
    for parameter in &part.parameters {
        if !whole.parameters.contains(parameter) {
            whole.parameters.push(*parameter);
        }
    }
    for candidate in &part.candidates {
        if whole.candidates.len() < MOST_VALUES && !whole.candidates.contains(candidate) {
            whole.candidates.push(candidate.clone());
        }
    }
}

/// The values to try for a parameter, each with the words that show it.
fn values_of(parameter: &Parameter<'_>, at: usize, base: &Outcome) -> Vec<(String, String)> {
    let default = default_text(parameter);
    let name = &parameter.name;
    let mut values: Vec<(String, String)> = if parameter.allowed.is_empty() {
        let named = base.trace.candidates.iter();
        let named = named.filter(|candidate| candidate.parameter == at);
        named
            .map(|candidate| (candidate.value.clone(), candidate.shown.clone()))
            .collect()
    } else {
        let allowed = parameter.allowed.iter();
        allowed
            .map(|value| (value.clone().into_owned(), format!("`{name}={value}`")))
            .collect()
    };
    values.retain(|(value, _)| default.as_deref() != Some(value));
    values
}

fn default_text(parameter: &Parameter<'_>) -> Option<String> {
    let node = parameter.default.as_ref()?.as_node()?;
    Some(node.comparable()?.into_owned())
}

/// The defaults of parameters that a deciding case hung on.
fn related(template: &Template<'_>, trace: &Trace) -> Vec<(Place, String)> {
    let parameters = trace.parameters.iter().map(|at| &template.parameters[*at]);
    parameters
        .map(|parameter| {
            let name = &parameter.name;
            let message = match (&parameter.default, default_text(parameter)) {
                (Some(_), Some(text)) => format!("`{name}` is `{text}` by default"),
                (Some(_), None) => format!("the default of `{name}`"),
                (None, _) => format!("`{name}` has no default"),
            };
            (parameter.place, message)
        })
        .collect()
}

/// The name of the condition under which a resource exists.
fn condition_name<'t>(template: &Template<'t>, resource: &Resource<'t>) -> Option<String> {
    match template.expr(resource.condition.as_ref()?) {
        Expr::Name(Name::Definition(Space::Condition, name)) => Some(name.into_owned()),
        _ => None,
    }
}

/// What parameters must be where a resource's condition holds: alternatives under conditions are one decision each.
fn implied<'t>(template: &Template<'t>, condition: Option<&Child<'t>>) -> Vec<(usize, String)> {
    let mut known = Vec::new();
    if let Some(condition) = condition {
        imply(template, condition, true, 0, &mut known);
    }
    known
}

fn imply<'t>(
    template: &Template<'t>,
    condition: &Child<'t>,
    holds: bool,
    depth: usize,
    known: &mut Vec<(usize, String)>,
) {
    if depth > LONGEST_CHAIN || known.len() > LONGEST_CHAIN {
        return;
    }
    let resolver = Resolver::new(template);
    if let Some(parameter) = resolver.parameter_of(condition) {
        known.push((parameter, holds.to_string()));
        return;
    }
    match template.expr(condition) {
        Expr::Name(Name::Definition(space, name)) => {
            if let Some(definition) = template.definitions.get(&(space, name)) {
                imply(template, definition, holds, depth + 1, known);
            }
        }
        Expr::Call(Function::Not, parts) => {
            for part in &parts {
                imply(template, part, !holds, depth + 1, known);
            }
        }
        Expr::Call(Function::And, parts) if holds => {
            for part in &parts {
                imply(template, part, true, depth + 1, known);
            }
        }
        Expr::Call(Function::Or, parts) if !holds => {
            for part in &parts {
                imply(template, part, false, depth + 1, known);
            }
        }
        Expr::Call(Function::Equals, sides) => {
            let [a, b] = &sides[..] else {
                return;
            };
            for (side, other) in [(a, b), (b, a)] {
                if let (Some(parameter), Value::Text(text)) =
                    (resolver.parameter_of(side), resolver.value(other))
                {
                    let allowed = &template.parameters[parameter].allowed;
                    if holds {
                        known.push((parameter, text.into_owned()));
                    } else if let [first, second] = &allowed[..] {
                        // Two values, and it is not the one: it is the other.
                        let other = if *first == text { second } else { first };
                        known.push((parameter, other.clone().into_owned()));
                    }
                }
            }
        }
        _ => {}
    }
}
