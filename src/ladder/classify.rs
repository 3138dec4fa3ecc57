//! A template becomes decisions: each primary on its rung, with its members, its doubts and the rungs that it could reach.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Rung;
use super::catalogue::{Case, Catalogue, Rule};
use super::join::Graph;
use super::matching::{Answer, OTHER, Question};
use super::words;
use crate::resolve::{Candidate, Resolver, Trace, Truth, Value};
use crate::template::{
    Cause, Child, Dialect, Expr, Function, Name, Parameter, ParameterKind, Place, Template,
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
pub fn decisions(
    template: &Template<'_>,
    catalogue: &'static Catalogue,
    strict: bool,
) -> Vec<Placement> {
    let graph = Graph::new(template, catalogue);
    let mut classifier = Classifier {
        template,
        catalogue,
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

/// What holds for a resource whatever is assumed.
struct Setting {
    at: usize,
    rule: &'static Rule,
    /// For each join of the rule, the resources that are connected.
    joined: Vec<Vec<usize>>,
    /// What parameters must be where the resource exists.
    known: Vec<(usize, String)>,
    /// What a parameter is taken to be, because the resource does not exist by its default.
    likely: Option<(usize, String)>,
    /// Conditions that hold, or do not, where the resource exists.
    conditions: Vec<(String, bool)>,
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
    catalogue: &'static Catalogue,
    graph: Graph<'a, 't>,
    strict: bool,
    outcomes: Vec<Option<Option<Outcome>>>,
    roots: Vec<Roots>,
}

impl<'t> Classifier<'_, 't> {
    fn run(&mut self) -> Vec<Placement> {
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.template.resources.len() {
            let roots = self.roots(at, 0);
            // The head of a ring may belong to something outside of the ring after all.
            let roots = roots
                .into_iter()
                .flat_map(|root| match self.roots(root, 0) {
                    further if further.is_empty() => vec![root],
                    further => further,
                });
            for root in roots.collect::<BTreeSet<_>>() {
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
            // Of a ring, the first one is the primary.
            Roots::Open => {
                return self
                    .outcome(at)
                    .is_some()
                    .then_some(at)
                    .into_iter()
                    .collect();
            }
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
        let only = !rule.of.iter().any(|link| link.only) || self.graph.only_used(at, rule);
        for link in rule.of.iter().filter(|link| only || !link.only) {
            let parents = self.graph.primaries(at, link);
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
            let outcome = self.setting(at).and_then(|setting| {
                self.evaluate(&setting, &[], false).or_else(|| {
                    let mut outcome = self.evaluate(&setting, &[], true)?;
                    outcome.conditional = true;
                    Some(outcome)
                })
            });
            self.outcomes[at] = Some(outcome);
        }
        self.outcomes[at].as_ref().and_then(Option::as_ref)
    }

    /// What holds for a resource whatever is assumed; nothing for one that is never a decision.
    fn setting(&self, at: usize) -> Option<Setting> {
        let rule = self.graph.rule(at).filter(|rule| !rule.cases.is_empty())?;
        let joins = rule.joins.iter();
        let joined = joins.map(|join| self.graph.connected(at, &join.link));
        let mut setting = Setting {
            at,
            rule,
            joined: joined.collect(),
            known: Vec::new(),
            likely: None,
            conditions: Vec::new(),
        };
        let condition = self.template.resources[at].condition.as_ref();
        if let Some(condition) = condition {
            self.imply(condition, true, 0, &mut setting);
            setting.likely = self.likely(condition, &setting.known);
        }
        Some(setting)
    }

    /// Where a condition does not hold by default: the value of a parameter by which it does.
    fn likely(&self, condition: &Child<'t>, known: &[(usize, String)]) -> Option<(usize, String)> {
        let resolver = Resolver::new(self.template).assuming(known.to_vec());
        if resolver.truth(condition) != Truth::No {
            return None;
        }
        let trace = resolver.take_trace();
        let parameters = trace.parameters.iter();
        let mut values = parameters
            .filter(|at| !known.iter().any(|(other, _)| other == *at))
            .flat_map(|&at| {
                let values = values_of(&self.template.parameters[at], at, &trace);
                values.into_iter().map(move |(value, _)| (at, value))
            })
            .filter(|(_, value)| value != OTHER)
            .take(MOST_VALUES);
        values.find(|assumed| {
            let assumed = known.iter().chain([assumed]).cloned();
            let resolver = Resolver::new(self.template).assuming(assumed.collect());
            resolver.truth(condition) != Truth::No
        })
    }

    /// Notes what parameters and conditions must be where a condition holds, or does not.
    fn imply(&self, condition: &Child<'t>, holds: bool, depth: usize, setting: &mut Setting) {
        if depth > LONGEST_CHAIN {
            return;
        }
        let template = self.template;
        let resolver = Resolver::new(template);
        if let Some(parameter) = resolver.parameter_of(condition) {
            setting.known.push((parameter, holds.to_string()));
            return;
        }
        match template.expr(condition) {
            Expr::Name(Name::Definition(space, name)) => {
                if setting.conditions.iter().any(|(known, _)| *known == name) {
                    return;
                }
                setting.conditions.push((name.clone().into_owned(), holds));
                if let Some(definition) = template.definitions.get(&(space, name)) {
                    self.imply(definition, holds, depth + 1, setting);
                }
            }
            Expr::Call(Function::Not, parts) => {
                for part in &parts {
                    self.imply(part, !holds, depth + 1, setting);
                }
            }
            Expr::Call(Function::And, parts) if holds => {
                for part in &parts {
                    self.imply(part, true, depth + 1, setting);
                }
            }
            Expr::Call(Function::Or, parts) if !holds => {
                for part in &parts {
                    self.imply(part, false, depth + 1, setting);
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
                        let mut others = allowed.iter().filter(|value| **value != text);
                        if holds {
                            setting.known.push((parameter, text.into_owned()));
                        } else if let (Some(only), None) = (others.next(), others.next()) {
                            // It is not the one, so it is the only other.
                            setting.known.push((parameter, only.clone().into_owned()));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Asks the cases in order, under assumed values of parameters.
    fn evaluate(
        &self,
        setting: &Setting,
        assumed: &[(usize, String)],
        all_exist: bool,
    ) -> Option<Outcome> {
        let rule = setting.rule;
        let all = assumed.iter().chain(&setting.known).chain(&setting.likely);
        let resolver = Resolver::new(self.template)
            .assuming(all.cloned().collect())
            .settling(setting.conditions.clone());
        let question = Question {
            resolver: &resolver,
            resource: &self.template.resources[setting.at],
            rule,
            joined: &setting.joined,
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
        if assumed.is_empty() && !outcome.trace.parameters.is_empty() {
            // What the other cases ask for is worth trying too.
            for case in rule.cases {
                let _ = question.ask(&case.when);
            }
            let Trace { candidates, .. } = resolver.take_trace();
            let parameters = Vec::new();
            merge(
                &mut outcome.trace,
                &Trace {
                    parameters,
                    candidates,
                },
            );
        }
        (!outcome.possible.is_empty()).then_some(outcome)
    }

    fn placement(&mut self, at: usize, members: Vec<usize>) -> Option<Placement> {
        let rule = self.graph.rule(at)?;
        let strict = self.strict;
        let outcome = self.outcome(at)?.clone();
        let (slot, rung) = outcome.chosen(rule, strict);
        let case = outcome.possible[slot];
        let mut ways = self.vary(at, &outcome);
        let mut open: Vec<String> = Vec::new();
        let rungs = outcome.rungs(rule);
        if rungs.iter().any(|(other, _)| *other != rung) {
            for (other, _) in rungs {
                let when = || outcome.when(self.catalogue, rule, other, self.template.dialect);
                ways.entry(other).or_insert_with(|| vec![when()]);
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

    /// Varies each parameter alone, over its allowed values or those that the template and the rule name: the rungs
    /// that this reaches, each with what reaches it.
    fn vary(&self, at: usize, base: &Outcome) -> BTreeMap<Rung, Vec<String>> {
        let mut ways: BTreeMap<Rung, Vec<String>> = BTreeMap::new();
        if base.trace.parameters.is_empty() {
            return ways;
        }
        let Some(setting) = self.setting(at) else {
            return ways;
        };
        let mut tried = 0;
        for &parameter in &base.trace.parameters {
            if setting.known.iter().any(|(known, _)| *known == parameter) {
                continue;
            }
            let values = values_of(&self.template.parameters[parameter], parameter, &base.trace);
            for (value, shown) in values {
                tried += 1;
                if tried > MOST_VALUES {
                    return ways;
                }
                let named = value != OTHER;
                let assumed = [(parameter, value)];
                if self.gone(&setting, &assumed) {
                    continue;
                }
                let Some(outcome) = self.evaluate(&setting, &assumed, base.conditional) else {
                    continue;
                };
                let (_, rung) = outcome.chosen(setting.rule, self.strict);
                let whens = ways.entry(rung).or_default();
                // Where a value has a name, nobody needs to hear of the nameless ones.
                if !whens.contains(&shown) && (named || whens.is_empty()) {
                    whens.push(shown);
                }
            }
        }
        ways
    }

    /// Whether the resource does not exist when a parameter is what is assumed.
    fn gone(&self, setting: &Setting, assumed: &[(usize, String)]) -> bool {
        let Some(condition) = &self.template.resources[setting.at].condition else {
            return false;
        };
        let all = assumed.iter().chain(&setting.known).chain(&setting.likely);
        let resolver = Resolver::new(self.template).assuming(all.cloned().collect());
        let truth = resolver.truth(condition);
        let hangs =
            |(parameter, _): &(usize, String)| resolver.take_trace().parameters.contains(parameter);
        truth == Truth::No && assumed.iter().any(hangs)
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

    /// The shortest words for what gives a rung.
    fn when(&self, catalogue: &Catalogue, rule: &Rule, rung: Rung, dialect: Dialect) -> String {
        let cases = self.possible.iter().map(|case| &rule.cases[*case]);
        let asked = cases.filter(|case| case.rung == rung && !case.always());
        let words = asked.map(|case| words::when(catalogue, rule, case, dialect));
        words.min_by_key(String::len).unwrap_or_else(|| {
            let elsewhere = |case: &usize| rule.cases[*case].or.contains(&rung);
            if self.possible.iter().any(elsewhere) {
                "something outside of the template decides so".to_owned()
            } else {
                "it is anything else".to_owned()
            }
        })
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
fn values_of(parameter: &Parameter<'_>, at: usize, trace: &Trace) -> Vec<(String, String)> {
    let default = default_text(parameter);
    let name = &parameter.name;
    let named = trace.candidates.iter();
    let named: Vec<&Candidate> = named
        .filter(|candidate| candidate.parameter == at)
        .collect();
    let mut values: Vec<(String, String)> = if parameter.allowed.is_empty() {
        // Any value that nobody names comes last.
        let (others, texts): (Vec<&Candidate>, Vec<_>) =
            named.iter().partition(|candidate| candidate.value == OTHER);
        let mut values: Vec<(String, String)> = Vec::new();
        for Candidate { value, shown, .. } in texts {
            if !values.iter().any(|(known, _)| known == value) {
                values.push((value.clone(), shown.clone()));
            }
        }
        values.extend(
            others
                .first()
                .map(|other| (OTHER.to_owned(), other.shown.clone())),
        );
        values
    } else {
        // Those that something asks for come first: of thousands, only some are tried.
        let named: HashSet<&str> = named.iter().map(|candidate| &*candidate.value).collect();
        let asked = |value: &&Cow<'_, str>| named.contains(&***value);
        let (first, rest): (Vec<_>, Vec<_>) = parameter.allowed.iter().partition(asked);
        let all = first.into_iter().chain(rest);
        all.map(|value| (value.clone().into_owned(), format!("`{name}={value}`")))
            .collect()
    };
    values.retain(|(value, _)| default.as_deref() != Some(value));
    values
}

/// The value that a parameter has by default; none where the default only says where to look it up.
fn default_text(parameter: &Parameter<'_>) -> Option<String> {
    if parameter.kind == ParameterKind::Lookup {
        return None;
    }
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
                _ if parameter.kind == ParameterKind::Lookup => {
                    format!("`{name}` is looked up when deployed")
                }
                (Some(_), Some(text)) => format!("`{name}` is `{text}` by default"),
                (Some(_), None) => format!("the default of `{name}`"),
                (None, _) => format!("`{name}` has no default"),
            };
            (parameter.place, message)
        })
        .collect()
}
