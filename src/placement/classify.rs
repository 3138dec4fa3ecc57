//! A template becomes decisions: each primary on its rung, with its members, its doubts and the rungs that it could reach.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::ambiguous::Ambiguous;
use super::joins::Joins;
use super::machinery::{self, Machines};
use super::matching::Question;
use super::outcome::{Deciding, Outcome};
use super::parameters::{DecidedBy, decided_by, merge, related};
use super::premises::{self, Premises};
use super::proviso;
use super::{Deployed, Reach, Rung};
use crate::blocks::{Cause, Place, Template};
use crate::eval::{Assumed, KnownDefinitions, Resolver, Settled, Trace, Truth};
use crate::graph::StackGraph;
use crate::rulebook::wording::Names;
use crate::rulebook::{Catalogue, Condition, Rule, Text};
use belonging::{Belonging, Members};
use doubts::unread_users;
use varying::{Variations, Way};

mod after_apply;
mod belonging;
mod callers;
mod doubts;
mod ending;
mod guessed;
mod membership;
mod varying;
mod written_alike;

/// Links from a member to its primary: a real chain has three or four.
const LONGEST_CHAIN: usize = 32;
/// What reaches the rung that a decision has where nothing worse is assumed.
const BY_DEFAULT: &str = "all defaults hold";

/// One hosting choice, still in terms of the template.
#[derive(Debug)]
pub struct Placement {
    /// Index of the primary.
    pub resource: usize,
    pub rule: Arc<Rule>,
    /// The case that decides.
    pub case: usize,
    pub rung: Rung,
    /// Other rungs that it can reach, best first, each with what reaches it.
    pub reachable: Vec<Reach>,
    /// What has to hold for it to stand there, where that is more than what the template and the deployment say: the worst of
    /// the values that a parameter is allowed.
    pub assumed: Option<String>,
    /// Where each deployment puts it; empty where none has a name.
    pub deployments: Vec<Deployed>,
    /// What the deployment gives takes part in it.
    pub is_given: bool,
    /// The values that the deployment gives turn it off.
    pub is_left_out: bool,
    /// It may not exist at all.
    pub conditional: bool,
    /// By name, what that hangs on.
    pub conditional_on: Vec<String>,
    /// Why nothing decides.
    pub doubts: Vec<String>,
    /// Indices of the members.
    pub members: Vec<usize>,
    /// How many more there are.
    pub unlisted_members: usize,
    /// The property that decides, else the type.
    pub place: Place,
    /// What else decided.
    pub related: Vec<(Place, String)>,
    /// What decides in the place of the property, where that is nothing but a name for it.
    pub decided_by: Option<DecidedBy>,
    /// Numbers of its rule's lifecycle entries that hold for it.
    pub lifecycle: Vec<usize>,
}

/// What a template comes to.
#[derive(Debug, Default)]
pub struct Placed {
    /// Every decision, in the order of writing.
    pub decisions: Vec<Placement>,
    /// Resources that only the deployment uses, and those that only serve such, in the order of writing.
    pub machinery: Vec<Machine>,
}

/// A resource that would be a decision if anything but the deployment used it.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Its index.
    pub resource: usize,
    /// As in a sentence: "only custom resources use it".
    pub why: Text,
}

/// Every decision of a template; `graph` is what [`super::joins::graph`] made of it.
#[must_use]
pub fn place(graph: &StackGraph<'_, '_>, catalogue: &Catalogue, strict: bool) -> Placed {
    let all = placed(graph, catalogue, strict, true);
    if graph.template().guessed.is_empty() {
        return all;
    }
    let seen = placed(graph, catalogue, strict, false);
    guessed::weigh(graph.template(), all, seen, strict)
}

/// The same, with or without what nothing joins but a text that can't be seen.
fn placed(
    graph: &StackGraph<'_, '_>,
    catalogue: &Catalogue,
    strict: bool,
    guesses: bool,
) -> Placed {
    let template = graph.template();
    let mut classifier = Classifier {
        template,
        catalogue,
        joins: Joins::new(graph, catalogue, guesses),
        strict,
        outcomes: vec![None; template.resources.len()],
        belonging: Belonging::of(template),
        machines: Vec::new(),
        unread_users: unread_users(template, catalogue),
        ambiguous: Ambiguous::of(template),
        variations: Variations::default(),
        memories: RefCell::default(),
    };
    classifier.machines = machinery::find(graph, &classifier.joins, &|at, condition| {
        classifier.holds(at, condition)
    });
    let decisions = classifier.run();
    let machinery = classifier.machinery();
    Placed {
        decisions,
        machinery,
    }
}

struct Classifier<'g, 'a, 't> {
    template: &'a Template<'t>,
    catalogue: &'g Catalogue,
    joins: Joins<'g, 'a, 't>,
    strict: bool,
    /// For each resource, once somebody asked; most have none.
    outcomes: Vec<Option<Option<Box<Outcome>>>>,
    belonging: Belonging,
    machines: Machines,
    /// What calls of modules that are not read are given, each with the address of the first such call.
    unread_users: BTreeMap<usize, &'a str>,
    ambiguous: Ambiguous,
    variations: Variations<'t>,
    /// By what is assumed, what was found out under that.
    memories: RefCell<FxHashMap<Assumptions, KnownDefinitions<'t>>>,
}

/// Values of parameters, and conditions that hold or do not.
type Assumptions = (Vec<(usize, Assumed)>, Vec<Settled>);

/// Assumptions of which it is remembered what was found out under them.
const MOST_MEMORIES: usize = 4_096;

impl<'g, 'a, 't> Classifier<'g, 'a, 't> {
    fn run(&mut self) -> Vec<Placement> {
        let members = self.members();
        self.compare_shapes(members.keys().copied());
        let all = members.into_iter();
        all.filter_map(|(at, members)| self.placement(at, members))
            .collect()
    }

    fn is_machine(&self, at: usize) -> bool {
        self.machines.get(at) == Some(&true)
    }

    /// What is machinery, each with the reason of its rule.
    fn machinery(&self) -> Vec<Machine> {
        let machines = (0..self.machines.len()).filter(|at| self.is_machine(*at));
        let machines = machines.filter_map(|at| {
            let why = &self.joins.rule(at)?.machinery.as_ref()?.why;
            Some(Machine {
                resource: at,
                why: why.clone(),
            })
        });
        machines.collect()
    }

    /// Whether a condition of its rule holds for a resource, for certain.
    fn holds(&self, at: usize, condition: &Condition) -> bool {
        let Some(premises) = self.premises(at) else {
            return false;
        };
        let resolver = Resolver::new(self.template);
        let question = self.question(&premises, &resolver, true);
        question.ask(condition).truth == Truth::Yes
    }

    /// The rung on which a resource stands by its own cases.
    fn rung(&mut self, at: usize) -> Option<Rung> {
        let rule = self.joins.rule(at)?;
        let outcome = self.outcome(at)?;
        let rungs = outcome.possible.iter().map(|case| rule.cases[*case].rung);
        rungs.min()
    }

    fn outcome(&mut self, at: usize) -> Option<&Outcome> {
        if self.outcomes[at].is_none() {
            let outcome = self.premises(at).and_then(|premises| {
                self.evaluate(&premises, &[], false).or_else(|| {
                    let mut outcome = self.evaluate(&premises, &[], true)?;
                    outcome.conditional = true;
                    Some(outcome)
                })
            });
            self.outcomes[at] = Some(outcome.map(Box::new));
        }
        self.outcomes[at].as_ref().and_then(Option::as_deref)
    }

    /// What holds for a resource whatever is assumed; nothing for one that is never a decision.
    fn premises(&self, at: usize) -> Option<Premises<'g>> {
        let rule = self.joins.rule(at).filter(|rule| !rule.cases.is_empty())?;
        let links = || rule.joins.iter().map(|join| &join.link);
        let joined = links().map(|link| self.joins.connected(at, link));
        let choices = links().map(|link| self.ambiguous.choice(&self.joins, at, link));
        let mut premises = Premises::new(self.template, at, rule, joined.collect());
        premises.choices = choices.collect();
        premises.chosen = links()
            .map(|link| self.joins.may_choose(at, link))
            .collect();
        for (joined, choice) in premises.joined.iter_mut().zip(&premises.choices) {
            // What is one of several is not all of them.
            if let Some(choice) = choice.as_ref().filter(|choice| choice.is_disputed) {
                joined.retain(|one| !choice.options.iter().any(|option| option.contains(one)));
            }
        }
        Some(premises)
    }

    /// What an expression is worth where a resource exists, under assumed values of parameters.
    fn resolver(&self, premises: &Premises<'_>, assumed: &[(usize, Assumed)]) -> Resolver<'a, 't> {
        let all = assumed
            .iter()
            .chain(&premises.known)
            .chain(&premises.likely);
        let assumptions = (
            all.cloned().collect::<Vec<_>>(),
            premises.conditions.clone(),
        );
        let resolver = Resolver::new(self.template)
            .assuming(assumptions.0.clone())
            .settling(assumptions.1.clone());
        let mut memories = self.memories.borrow_mut();
        if memories.len() >= MOST_MEMORIES {
            memories.clear();
        }
        resolver.sharing(memories.entry(assumptions).or_default().clone())
    }

    /// What the conditions of a rule are asked of.
    fn question<'q>(
        &'q self,
        premises: &'q Premises<'q>,
        resolver: &'q Resolver<'a, 't>,
        all_exist: bool,
    ) -> Question<'q, 'a, 't> {
        Question {
            premises,
            resolver,
            resource: &self.template.resources[premises.at],
            catalogue: self.catalogue,
            joins: &self.joins,
            all_exist,
        }
    }

    /// Asks the cases in order, under assumed values of parameters.
    fn evaluate(
        &self,
        premises: &Premises<'_>,
        assumed: &[(usize, Assumed)],
        all_exist: bool,
    ) -> Option<Outcome> {
        let rule = premises.rule;
        let resolver = self.resolver(premises, assumed);
        let question = self.question(premises, &resolver, all_exist);
        let mut outcome = Outcome {
            possible: Vec::new(),
            settled: false,
            causes: Vec::new(),
            places: Vec::new(),
            traces: Vec::new(),
            trace: Trace::default(),
            conditional: false,
        };
        let mut by_default = Deciding::default();
        for (number, case) in rule.cases.iter().enumerate() {
            let answer = question.ask(&case.when);
            let mut trace = resolver.take_trace();
            if case.untried {
                trace.candidates.clear();
            }
            merge(&mut outcome.trace, &trace);
            if answer.has_default && answer.elsewhere.is_none() && by_default.place.is_none() {
                by_default.place = answer.place;
                by_default.decider.clone_from(&answer.decider);
            }
            if !outcome.note(number, case, answer, trace, &by_default) {
                break;
            }
        }
        let nameless = assumed.iter().all(|(_, value)| value.as_text().is_none());
        if nameless && !outcome.trace.parameters.is_empty() {
            // What the other cases ask for is worth trying too.
            for case in rule.cases.iter().filter(|case| !case.untried) {
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

    /// By name, what has to hold so that a resource is there: its own condition, or that of what it is a decision by.
    fn hangs_on(&self, at: usize, by_member: bool) -> Vec<String> {
        let template = self.template;
        let names = |at: usize| {
            let condition = template.resources[at].condition.as_ref();
            let open = condition.filter(|_| premises::may_be_off(template, condition));
            open.map(|condition| proviso::names(template, condition))
        };
        if let Some(own) = names(at) {
            return own;
        }
        let premises = by_member.then(|| self.premises(at)).flatten();
        let joined = premises.iter().flat_map(|premises| &premises.joined);
        joined
            .flatten()
            .find_map(|at| names(*at))
            .unwrap_or_default()
    }

    fn placement(&mut self, at: usize, members: Members) -> Option<Placement> {
        let Members {
            listed: members,
            unlisted: unlisted_members,
        } = members;
        let strict = self.strict;
        let mut outcome = self.outcome(at)?.clone();
        let handed = self.by_caller(at, &outcome).unwrap_or_default();
        // All of them are deployed: the worst is the decision's rung.
        let worst = handed.iter().rev().max_by_key(|one| one.rung);
        if let Some(worst) = worst {
            outcome = worst.outcome.clone();
        }
        let rungs = handed.iter().map(|one| one.rung);
        let by_caller: Vec<_> = rungs
            .map(|other| (other, Way::of(callers::words(&handed, other))))
            .collect();
        drop(handed);
        let rule = self.joins.rule(at)?;
        let beyond = self.beyond(at, rule);
        if strict && let Some(beyond) = &beyond {
            outcome = beyond.outcome.clone();
        }
        let varied = self.vary(at, &outcome);
        let too_many = varied.doubt();
        let mut ways = varied.ways;
        let (mut slot, mut rung) = outcome.chosen(rule, strict);
        ways.extend(by_caller);
        let mut open: Vec<String> = Vec::new();
        let rungs = outcome.rungs(rule);
        if !outcome.settled || rungs.iter().any(|(other, _)| *other != rung) {
            let names = Names::of(self.template.dialect, &self.template.resources[at].kind);
            for (other, _) in rungs {
                let when = || match &outcome.causes[..] {
                    [Cause::Ambiguous(name)] => format!("another export of `{name}` is meant"),
                    [Cause::Disputed(name)] => format!("another stack hands down `{name}`"),
                    _ => outcome.when(self.catalogue, rule, other, names),
                };
                ways.entry(other).or_insert_with(|| Way::of(when()));
            }
            open.extend(outcome.causes.iter().map(ToString::to_string));
            let cases = outcome.possible.iter();
            let doubts = cases.filter_map(|case| rule.cases[*case].doubt.as_deref());
            open.extend(doubts.filter_map(|doubt| self.spelt_out(at, &outcome, doubt)));
            let mut known = BTreeSet::new();
            open.retain(|doubt| known.insert(doubt.clone()));
            if open.is_empty() {
                open.push("nothing in the template decides".to_owned());
            }
        }
        let resource = &self.template.resources[at];
        for doubt in resource.doubts.iter().map(ToString::to_string) {
            if !open.contains(&doubt) {
                open.push(doubt);
            }
        }
        open.extend(self.unseen(at, &members));
        if let Some(beyond) = beyond {
            let names = Names::of(self.template.dialect, &resource.kind);
            let rungs = beyond.outcome.rungs(rule).into_iter();
            for (other, _) in rungs.filter(|(other, _)| *other != rung) {
                let when = || beyond.outcome.when(self.catalogue, rule, other, names);
                ways.entry(other).or_insert_with(|| Way::of(when()));
                if !open.contains(&beyond.doubt) {
                    open.push(beyond.doubt.clone());
                }
            }
        }
        let unjoined = self.unjoined(at, rule).into_iter();
        let unjoined = unjoined.filter(|doubt| !open.contains(doubt));
        open.extend(unjoined.collect::<Vec<_>>());
        open.extend(self.unread_user(at, rule, &outcome));
        if rung == Rung::Server {
            open.extend(self.unread_script(at, rule, &members, &mut ways));
        }
        let unread = self.unread_count(at);
        open.extend(unread.filter(|doubt| !open.contains(doubt)));
        open.extend(too_many);
        open.extend(self.unfollowed(rule));
        let mut assumed = None;
        let mut worse = None;
        if strict
            && let Some(mut worst) = ways.last_entry().filter(|way| *way.key() > rung)
            && let Some(taken) = worst.get_mut().first.take()
            && let Some((other, its)) = self.under(at, &outcome, *worst.key(), &taken)
        {
            let (other_rung, way) = worst.remove_entry();
            ways.insert(rung, Way::of(BY_DEFAULT.to_owned()));
            (slot, rung) = (its, other_rung);
            assumed = Some(way.words());
            worse = Some((other, taken));
        }
        let (decides, value) = match &worse {
            Some((outcome, value)) => (outcome, Some(value)),
            None => (&outcome, None),
        };
        self.join_elsewhere(at, rule, &mut ways);
        let alone = self.stand_alone(&members, &mut ways);
        for doubt in alone.open {
            if !open.contains(&doubt) {
                open.push(doubt);
            }
        }
        if strict
            && let Some((lonely, (when, otherwise))) = alone.rungs.into_iter().next_back()
            && lonely > rung
        {
            ways.insert(rung, Way::of(otherwise));
            rung = lonely;
            assumed = Some(when);
        }
        ways.remove(&rung);
        let case = decides.possible[slot];
        let reachable = ways.into_iter().map(|(rung, way)| Reach {
            rung,
            when: way.words(),
            deployments: Vec::new(),
        });
        let Deciding {
            place,
            elsewhere,
            decider,
        } = decides.places[slot].clone();
        let trace = &decides.traces[slot];
        let decided_by = match (&decider, &elsewhere) {
            (Some(decider), None) => Some(decided_by(self.template, decider, value)),
            _ => None,
        };
        let mut related = related(self.template, trace, value);
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
            rule: Arc::clone(rule),
            case,
            rung,
            reachable: reachable.collect(),
            assumed,
            deployments: Vec::new(),
            is_given: outcome
                .trace
                .parameters
                .iter()
                .any(|at| self.template.parameters[*at].given.is_some()),
            is_left_out: premises::is_left_out(self.template, resource.condition.as_ref()),
            conditional_on: self.hangs_on(at, outcome.conditional),
            // Where no case holds for certain, it may be no decision at all.
            conditional: premises::may_be_off(self.template, resource.condition.as_ref())
                || resource.doubts.iter().any(Cause::is_none_by_default)
                || outcome.conditional
                || !outcome.settled,
            doubts: open,
            members,
            unlisted_members,
            place: primary,
            related,
            decided_by,
            lifecycle: self.lifecycle(at),
        })
    }
}
