//! Does a condition of a rule hold for a resource? Yes, no, or open, and then why.

use super::ambiguous::Alternatives;
use super::branches::Branches;
use super::joins::Joins;
use super::premises::Premises;
use crate::base::PathStep;
use crate::blocks::{Cause, Dialect, Items, Place, Resource};
use crate::eval::{self, Assumed, Decider, Found, Resolver, Truth, Value, property};
use crate::rulebook::test::{Logic, Values};
use crate::rulebook::{Catalogue, Condition, Entry, Property, Test, Text};

/// Conditions of which nobody knows whether they hold that are taken both ways; after that many, it stays open what they choose.
const MOST_OPEN: usize = 4;

/// What a condition is asked of.
pub(super) struct Question<'q, 'a, 't> {
    pub premises: &'q Premises<'q>,
    pub resolver: &'q Resolver<'a, 't>,
    pub resource: &'a Resource<'t>,
    pub catalogue: &'q Catalogue,
    pub joins: &'q Joins<'q, 'a, 't>,
    /// What is joined is taken to be there even if its condition does not hold by default.
    pub all_exist: bool,
}

/// An answer, and the place that a message should show for it.
pub(super) struct Answer {
    pub truth: Truth,
    pub place: Option<Place>,
    /// The other resource that the place stands in, where it is not the resource's own property.
    pub elsewhere: Option<String>,
    /// What decides the property at the place, where that is nothing but a name for it.
    pub decider: Option<Decider>,
    /// It was asked of a property that the service fills in: its value decides even when nothing asks for that value.
    pub has_default: bool,
}

impl Answer {
    fn bare(truth: Truth) -> Self {
        Self {
            truth,
            place: None,
            elsewhere: None,
            decider: None,
            has_default: false,
        }
    }
}

impl<'t> Question<'_, '_, 't> {
    /// Whether the condition holds.
    pub fn ask(&self, condition: &Condition) -> Answer {
        match condition {
            Condition::All(all) => self.fold(all, Truth::Yes, Truth::and),
            Condition::Any(any) => self.fold(any, Truth::No, Truth::or),
            Condition::Not(one) => {
                let mut answer = self.ask(one);
                answer.truth = answer.truth.negated();
                answer
            }
            Condition::Own(property, test) => {
                let property = &self.premises.rule.properties[*property];
                let found = self.found(self.resource, property, test);
                let truth = holds(self.resolver, test, &found);
                let has_default = property.default.is_some();
                let shown = found.iter().find(|found| found.place.is_some());
                let child = shown.and_then(|found| found.child.as_ref());
                // Of a case that does not hold, nobody asks what decides it.
                let child = child.filter(|_| has_default || truth != Truth::No);
                Answer {
                    truth,
                    place: shown.and_then(|found| found.place),
                    elsewhere: None,
                    decider: child.and_then(|child| self.resolver.decider(child)),
                    has_default,
                }
            }
            Condition::Joined(join, property, test) => {
                let property = &self.premises.rule.joins[*join].properties[*property];
                let mut answer = self.one_of(*join, |resource| {
                    let found = self.found(resource, property, test);
                    let place = found.iter().find_map(|found| found.place);
                    (holds(self.resolver, test, &found), place)
                });
                // What can't be seen may be anything, but whether the stack has one is seen.
                if let Some(cause) = self.premises.beyond.get(*join).and_then(Option::as_ref) {
                    answer.truth = answer.truth.or(Truth::maybe(cause.clone()));
                }
                answer
            }
            Condition::Exists(join, present) => {
                let mut answer = self.one_of(*join, |_| (Truth::Yes, None));
                if !present {
                    answer.truth = answer.truth.negated();
                }
                answer
            }
        }
    }

    fn fold(&self, parts: &[Condition], start: Truth, with: fn(Truth, Truth) -> Truth) -> Answer {
        let mut whole = Answer::bare(start);
        for part in parts {
            let answer = self.ask(part);
            let decides = matches!(answer.truth, Truth::Yes | Truth::Maybe(_));
            // The resource's own property is the better place than one that stands elsewhere.
            let better = whole.place.is_none()
                || (whole.elsewhere.is_some()
                    && answer.place.is_some()
                    && answer.elsewhere.is_none());
            if decides && better {
                whole.place = answer.place;
                whole.elsewhere = answer.elsewhere;
                whole.decider = answer.decider;
            }
            whole.truth = with(whole.truth, answer.truth);
        }
        whole
    }

    fn one_of(
        &self,
        join: usize,
        asked: impl Fn(&Resource<'t>) -> (Truth, Option<Place>),
    ) -> Answer {
        match self.premises.chosen[join] {
            true => self.one_in_force(join, &asked, &[]),
            false => self.one_among(join, &self.premises.joined[join], &asked),
        }
    }

    /// The same, of those alone that stand in the branches in force. Where it is open which those are, each way is tried.
    fn one_in_force(
        &self,
        join: usize,
        asked: &impl Fn(&Resource<'t>) -> (Truth, Option<Place>),
        taken: &[bool],
    ) -> Answer {
        let branches = Branches::new(self.resolver, taken);
        let link = &self.premises.rule.joins[join].link;
        let mut linked = self
            .joins
            .connected_where(self.premises.at, link, &branches);
        linked.retain(|at| self.premises.joined[join].contains(at));
        let Some(cause) = branches.into_open() else {
            return self.one_among(join, &linked, asked);
        };
        if taken.len() == MOST_OPEN {
            let mut answer = self.one_among(join, &linked, asked);
            answer.truth = answer.truth.and(Truth::maybe(cause));
            return answer;
        }
        let [one, other] =
            [true, false].map(|side| self.one_in_force(join, asked, &[taken, &[side]].concat()));
        if one.truth == other.truth {
            return one;
        }
        let mut answer = match one.truth {
            Truth::No => other,
            _ => one,
        };
        answer.truth = Truth::maybe(cause);
        answer
    }

    fn one_among(
        &self,
        join: usize,
        joined: &[usize],
        asked: &impl Fn(&Resource<'t>) -> (Truth, Option<Place>),
    ) -> Answer {
        let mut whole = Answer::bare(Truth::No);
        let template = self.resolver.template();
        // Of several of which it can't be seen which one it is, what they say decides only where they all say the same.
        let mut choice: Option<(Truth, bool)> = None;
        for &at in joined {
            let resource = &template.resources[at];
            let (truth, place) = asked(resource);
            let truth = truth.and(self.exists(resource));
            if whole.place.is_none() && truth != Truth::No {
                whole.place = place.or(Some(resource.type_place));
                whole.elsewhere = Some(resource.address.clone());
            }
            if template.is_possible(self.premises.at, at) {
                let (first, is_same) = choice.get_or_insert_with(|| (truth.clone(), true));
                *is_same &= *first == truth;
            } else {
                whole.truth = whole.truth.or(truth);
            }
        }
        whole.truth = whole.truth.or(match choice {
            None => Truth::No,
            Some((truth, true)) => truth,
            Some(_) => Truth::maybe(Cause::Unseen),
        });
        if let Some(choice) = self.premises.choices.get(join).and_then(Option::as_ref) {
            whole.truth = whole.truth.or(self.ambiguous(choice, asked));
        }
        whole
    }

    /// What holds of one of several of which nobody sees which one it is.
    fn ambiguous(
        &self,
        choice: &Alternatives,
        asked: &impl Fn(&Resource<'t>) -> (Truth, Option<Place>),
    ) -> Truth {
        let template = self.resolver.template();
        let options = choice.options.iter().map(|option| {
            let all = option.iter().map(|at| &template.resources[*at]);
            let all = all.map(|resource| asked(resource).0.and(self.exists(resource)));
            all.fold(Truth::No, Truth::or)
        });
        let mut truths = options.chain((!choice.is_whole).then_some(Truth::No));
        let first = truths.next().unwrap_or(Truth::No);
        if truths.all(|truth| truth == first) {
            return first;
        }
        Truth::maybe(choice.cause())
    }

    /// Every value of a property, as far as a test of it needs to know.
    fn found(&self, resource: &Resource<'t>, property: &Property, test: &Test) -> Vec<Found<'t>> {
        let mut found = values(self.resolver, resource, property);
        for found in &mut found {
            settle_ends(&mut found.value, test);
            doubt_letters(&mut found.value, test);
        }
        if test.names_words() {
            for found in &mut found {
                self.name_resources(&mut found.value);
            }
        }
        found
    }

    /// What a resource of the stack will be called is open, but it is none of the words that a service has for itself:
    /// a capacity provider of one's own is never `FARGATE`.
    fn name_resources(&self, value: &mut Value<'t>) {
        match value {
            Value::OneOf(values, _) => values
                .iter_mut()
                .for_each(|value| self.name_resources(value)),
            Value::Unknown(Cause::Attribute(name)) if self.is_called(name) => {
                *value = Value::Text(eval::Text::unnamed(eval::ScalarKind::Text));
            }
            _ => {}
        }
    }

    /// Whether a reference is to what a resource is called, and the resource is one that a rule knows: those of others,
    /// such as custom resources, may be called anything.
    fn is_called(&self, reference: &str) -> bool {
        let template = self.resolver.template();
        let named = match template.dialect {
            Dialect::CloudFormation => Some(reference),
            _ => [".arn", ".id", ".name"]
                .iter()
                .find_map(|attribute| reference.strip_suffix(attribute)),
        };
        let all = named.map_or(&[][..], |name| template.named_anywhere(name));
        let is_known = |&at: &usize| {
            let kind = &template.resources[at].kind;
            matches!(self.catalogue.entry(kind), Some(Entry::Rule(_)))
        };
        !all.is_empty() && all.iter().all(is_known)
    }

    /// Whether a joined resource is there when this one is.
    fn exists(&self, resource: &Resource<'t>) -> Truth {
        let condition = resource.condition.as_ref().filter(|_| !self.all_exist);
        self.resolver.refuel();
        condition.map_or(Truth::Yes, |condition| self.resolver.truth(condition))
    }
}

/// Every value of a property: what is written, else the default of the service.
pub(super) fn values<'t>(
    resolver: &Resolver<'_, 't>,
    resource: &Resource<'t>,
    property: &Property,
) -> Vec<Found<'t>> {
    resolver.refuel();
    let dialect = resolver.template().dialect;
    let paths = property.paths(dialect, &resource.kind);
    let weights = property.weights.iter();
    let weights = weights.flat_map(|weight| weight.paths(dialect, &resource.kind));
    let weights: Vec<&str> = weights
        .filter_map(|path| match &path[..] {
            [PathStep::Key(key)] => Some(&**key),
            _ => None,
        })
        .collect();
    let found = paths
        .iter()
        .flat_map(|path| resolver.at_weighed_path(resource, path, &weights));
    let mut found: Vec<Found<'t>> = found.collect();
    if let Some(default) = &property.default {
        // Where nothing is there for certain, the default may count.
        let is_there = property::some(&found, &|_| Truth::Yes);
        if is_there != Truth::Yes {
            found.push(Found {
                value: Value::Text(default.clone().into()),
                perhaps: match is_there {
                    Truth::Maybe(causes) => causes.into_iter().next(),
                    _ => None,
                },
                branches: Vec::new(),
                place: None,
                parameters: Vec::new(),
                child: None,
            });
        }
        for found in &mut found {
            fill(&mut found.value, default);
        }
        if let [path] = paths {
            found.extend(left_out(resolver, resource, path, default));
        }
    }
    found
}

/// The default of the service, for each value of a map that leaves the property out: one that is written beside it says nothing of it.
fn left_out<'t>(
    resolver: &Resolver<'_, 't>,
    resource: &Resource<'t>,
    path: &[PathStep],
    default: &Text,
) -> Vec<Found<'t>> {
    let [above @ .., PathStep::Values, PathStep::Key(key)] = path else {
        return Vec::new();
    };
    let above = &path[..=above.len()];
    let all = resolver.at_path(resource, above).into_iter();
    let lacks = |found: &Found<'t>| match &found.value {
        Value::Map(map) => match map.get(key) {
            Some(entry) => match resolver.value(&entry.value) {
                Value::Absent => resolver.parameter_behind(&entry.value).is_none(),
                _ => false,
            },
            None => map.opening().is_none(),
        },
        _ => false,
    };
    let filled = all.filter(lacks).map(|found| Found {
        value: Value::Text(default.clone().into()),
        ..found
    });
    filled.collect()
}

/// Puts the default where one of several values is absent.
fn fill(value: &mut Value<'_>, default: &Text) {
    match value {
        Value::OneOf(values, _) => values.iter_mut().for_each(|value| fill(value, default)),
        Value::Absent => *value = Value::Text(default.clone().into()),
        Value::Text(text) if text.is_empty() => *value = Value::Text(default.clone().into()),
        _ => {}
    }
}

/// Whether a test holds for the values of a property.
fn holds<'t>(resolver: &Resolver<'_, 't>, test: &Test, found: &[Found<'t>]) -> Truth {
    for found in found {
        for &parameter in &found.parameters {
            propose(resolver, parameter, test);
        }
    }
    test.ask(&Asked { resolver, found })
}

impl Logic for Truth {
    fn known(holds: bool) -> Self {
        Self::known(holds)
    }

    fn and(self, other: Self) -> Self {
        self.and(other)
    }

    fn negated(self) -> Self {
        self.negated()
    }
}

/// The values of a property, as tests see them.
struct Asked<'f, 'a, 't> {
    resolver: &'f Resolver<'a, 't>,
    found: &'f [Found<'t>],
}

impl<'t> Asked<'_, '_, 't> {
    fn one_of(&self, holds: impl Fn(&Found<'t>) -> Truth) -> Truth {
        property::some(self.found, &holds)
    }

    /// Whether one of several is there: those that a `dynamic` block writes may each hang on a condition.
    fn some_block(&self, items: &Items<'t>) -> Truth {
        let mut some = Truth::No;
        for item in items.iter() {
            let there = match self.resolver.value(&item) {
                Value::Unknown(_) => Truth::Yes,
                value => ask(&value, &|_| true, true),
            };
            some = some.or(there);
            if some == Truth::Yes {
                break;
            }
        }
        some
    }
}

impl Values for Asked<'_, '_, '_> {
    type Answer = Truth;

    fn some(&self, passes: &dyn Fn(&str) -> bool) -> Truth {
        self.one_of(|found| ask(&found.value, passes, false))
    }

    fn present(&self) -> Truth {
        self.one_of(|found| match &found.value {
            // Known only after apply: it may turn out to be null.
            Value::Unknown(cause @ Cause::AfterApply) => Truth::maybe(cause.clone()),
            Value::List(items) => self.some_block(items),
            Value::Unknown(_) | Value::Map(_) => Truth::Yes,
            value => ask(value, &|text| !text.is_empty(), true),
        })
    }

    fn above(&self, least: f64) -> Truth {
        let above = |text: &str| text.trim().parse::<f64>().is_ok_and(|n| n > least);
        self.one_of(|found| {
            let bounded = bounded(self.resolver, found, least).map(Truth::known);
            bounded.unwrap_or_else(|| ask(&found.value, &above, false))
        })
    }
}

/// Whether a parameter of which no value is known is above a number, where its bounds say so.
fn bounded(resolver: &Resolver<'_, '_>, found: &Found<'_>, number: f64) -> Option<bool> {
    let [parameter] = found.parameters[..] else {
        return None;
    };
    let is_other = resolver.assumption(parameter) == Some(&Assumed::Other);
    let parameter = &resolver.template().parameters[parameter];
    let nameless = match &found.value {
        Value::Text(_) => is_other,
        Value::Unknown(Cause::Parameter(name) | Cause::Kept(name, _)) => *name == *parameter.name,
        _ => false,
    };
    match parameter.bounds {
        (Some(least), _) if nameless && least > number => Some(true),
        (_, Some(most)) if nameless && most <= number => Some(false),
        _ => None,
    }
}

/// A text of which only the ends are known is nameless where they already say what a test makes of it.
fn settle_ends(value: &mut Value<'_>, test: &Test) {
    match value {
        Value::OneOf(values, _) => values.iter_mut().for_each(|value| settle_ends(value, test)),
        Value::Unknown(Cause::Part(start, end, _)) if test.is_settled(start, end) => {
            let text = format!("{start}{}{end}", '\0');
            *value = Value::Text(eval::Text::of(text.into(), eval::ScalarKind::Text));
        }
        _ => {}
    }
}

/// Services tell small letters from capital ones: a word that is one of theirs but for these is none, and was hardly meant to be none.
fn doubt_letters(value: &mut Value<'_>, test: &Test) {
    match value {
        Value::OneOf(values, _) => values
            .iter_mut()
            .for_each(|value| doubt_letters(value, test)),
        Value::Text(text) => {
            if let Some(word) = test.nearly(text) {
                let cause = Cause::Misspelt((**text).to_owned(), word.to_owned());
                *value = Value::Unknown(cause);
            }
        }
        _ => {}
    }
}

/// Whether a value passes; `collections` says what a list or map is worth.
fn ask(value: &Value<'_>, holds: &dyn Fn(&str) -> bool, collections: bool) -> Truth {
    match value {
        Value::Absent => Truth::No,
        Value::Text(text) => Truth::known(holds(text)),
        Value::List(_) | Value::Map(_) => Truth::known(collections),
        Value::Unknown(cause) => Truth::maybe(cause.clone()),
        Value::OneOf(values, cause) => {
            let mut truths = values.iter().map(|value| ask(value, holds, collections));
            let first = truths.next().unwrap_or(Truth::No);
            let settled = !matches!(first, Truth::Maybe(_));
            if settled && truths.all(|truth| truth == first) {
                first
            } else {
                Truth::maybe(cause.clone())
            }
        }
    }
}

/// Proposes the values that a test names for the parameter that it is asked of.
fn propose(resolver: &Resolver<'_, '_>, parameter: usize, test: &Test) {
    let name = &resolver.template().parameters[parameter].name;
    test.propose(name, |proposal| match (proposal.value, proposal.words) {
        (Some(value), None) => resolver.candidate(parameter, &value, &value),
        (value, words) => {
            let value = value.map_or(Assumed::Other, |text| Assumed::Text(text.into_owned()));
            resolver.candidate_in_words(parameter, value, words.unwrap_or_default());
        }
    });
}
