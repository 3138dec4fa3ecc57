//! A property by its path: every value that stands there, and where.

use std::collections::BTreeMap;

use super::functions::agreed;
use super::{DEEPEST, Resolver, Truth, Value};
use crate::base::PathStep;
use crate::blocks::{Cause, Child, Entry, Expr, Function, Place, Resource};

/// Elements of a list that are weighed against each other.
const MOST_WEIGHED: usize = 64;

/// One value of a property.
#[derive(Clone, Debug)]
pub struct Found<'t> {
    /// The value; never [`Value::Absent`] by itself.
    pub value: Value<'t>,
    /// Why it is open whether the value is there at all.
    pub perhaps: Option<Cause>,
    /// The branches of undecided choices in which it stands, outermost first.
    pub branches: Vec<Branch>,
    /// The key under which it stands, and the value: what a message underlines.
    pub place: Option<Place>,
    /// The parameters that it may be, if it is nothing but one of them.
    pub parameters: Vec<usize>,
    /// What stands there, where somebody wrote it.
    pub child: Option<Child<'t>>,
}

/// A branch of a choice that nothing decides.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Tells the choice apart from others.
    choice: u32,
    at: usize,
    /// How many branches the choice has.
    of: usize,
    cause: Cause,
}

/// Whether one of some values passes, whichever branches are taken.
pub fn some<'t>(found: &[Found<'t>], passes: &dyn Fn(&Found<'t>) -> Truth) -> Truth {
    if found.iter().any(|found| !found.branches.is_empty()) {
        let all: Vec<&Found<'t>> = found.iter().collect();
        return some_below(&all, 0, passes);
    }
    found
        .iter()
        .map(|one| passes_there(one, passes))
        .fold(Truth::No, Truth::or)
}

fn passes_there<'t>(one: &Found<'t>, passes: &dyn Fn(&Found<'t>) -> Truth) -> Truth {
    let truth = passes(one);
    match &one.perhaps {
        Some(cause) => truth.and(Truth::maybe(cause.clone())),
        None => truth,
    }
}

fn some_below<'t>(
    found: &[&Found<'t>],
    depth: usize,
    passes: &dyn Fn(&Found<'t>) -> Truth,
) -> Truth {
    let mut whole = Truth::No;
    let mut choices: BTreeMap<u32, BTreeMap<usize, Vec<&Found<'t>>>> = BTreeMap::new();
    for &one in found {
        match one.branches.get(depth) {
            Some(branch) => {
                let choice = choices.entry(branch.choice).or_default();
                choice.entry(branch.at).or_default().push(one);
            }
            None => whole = whole.or(passes_there(one, passes)),
        }
    }
    for choice in choices.into_values() {
        let Some(branch) = choice
            .values()
            .next()
            .map(|first| &first[0].branches[depth])
        else {
            continue;
        };
        let below = choice
            .values()
            .map(|found| some_below(found, depth + 1, passes));
        // In a branch without any value, none passes.
        let empty = (choice.len() < branch.of).then_some(Truth::No);
        whole = whole.or(agreed(below.chain(empty), &branch.cause));
    }
    whole
}

/// A place on the way down a path.
#[derive(Clone)]
struct Way<'t> {
    child: Child<'t>,
    place: Option<Place>,
    perhaps: Option<Cause>,
    branches: Vec<Branch>,
}

impl Way<'_> {
    /// Whether another one is there wherever this one is.
    fn meets(&self, other: &Self) -> Truth {
        let mut both = other.perhaps.clone().map_or(Truth::Yes, Truth::maybe);
        for branch in &other.branches {
            let own = self.branches.iter().find(|own| own.choice == branch.choice);
            both = both.and(match own {
                Some(own) => Truth::known(own.at == branch.at),
                None => Truth::maybe(branch.cause.clone()),
            });
        }
        both
    }
}

fn is_above_zero(value: &Value<'_>) -> Truth {
    match value {
        Value::Text(text) => Truth::known(text.trim().parse::<f64>().is_ok_and(|one| one > 0.0)),
        Value::OneOf(values, cause) => agreed(values.iter().map(is_above_zero), cause),
        Value::Unknown(cause) => Truth::maybe(cause.clone()),
        Value::Absent | Value::List(_) | Value::Map(_) => Truth::No,
    }
}

/// The last entry with a key. Where there is none, a macro in the map may still bring it.
fn under<'t>(
    resolver: &Resolver<'_, 't>,
    entry: Option<Entry<'t>>,
    macros: impl FnOnce() -> Option<Entry<'t>>,
    way: Option<&Way<'t>>,
    found: &mut Vec<Found<'t>>,
) -> Option<Entry<'t>> {
    if entry.is_none()
        && let Some(entry) = macros()
        && let Some(otherwise) = entry.brings_more()
    {
        let cause = match resolver.value(&entry.value) {
            // In a branch that is not taken, it brings nothing.
            Value::Absent => return None,
            Value::Unknown(cause) => cause,
            _ => otherwise,
        };
        found.push(Found {
            value: Value::Unknown(cause.clone()),
            perhaps: Some(cause),
            branches: way.map(|way| way.branches.clone()).unwrap_or_default(),
            place: entry.place,
            parameters: Vec::new(),
            child: None,
        });
    }
    entry
}

impl<'t> Resolver<'_, 't> {
    /// The values at a path below a resource's properties, in the order of writing.
    #[must_use]
    pub fn at_path(&self, resource: &Resource<'t>, path: &[PathStep]) -> Vec<Found<'t>> {
        self.at_weighed_path(resource, path, &[])
    }

    /// The same without what stands in elements of a list that carry no weight; `weights` are keys beside the last one.
    #[must_use]
    pub fn at_weighed_path(
        &self,
        resource: &Resource<'t>,
        path: &[PathStep],
        weights: &[&str],
    ) -> Vec<Found<'t>> {
        let Some((PathStep::Key(first), rest)) = path.split_first() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let own = &resource.properties;
        let entry = own.iter().rev().find(|entry| entry.key == *first);
        let macros = || own.iter().find(|entry| entry.brings_more().is_some());
        let Some(entry) = under(self, entry.cloned(), || macros().cloned(), None, &mut found)
        else {
            return found;
        };
        let mut ways = vec![Way {
            place: self.spread(entry.place, &entry.value),
            child: entry.value,
            perhaps: None,
            branches: Vec::new(),
        }];
        for (at, step) in rest.iter().enumerate() {
            // Elements of one list, with a key of theirs still to go.
            let is_weighed = at + 2 == rest.len() && !weights.is_empty();
            let mut next = Vec::new();
            for way in &ways {
                // Most are maps in which a key is looked for: the others need not be looked at.
                if let PathStep::Key(key) = step
                    && let Some(entry) = self.template().plain_entry(&way.child, key)
                {
                    self.spend(1);
                    next.extend(entry.map(|entry| Way {
                        place: self.spread(entry.place, &entry.value).or(way.place),
                        child: entry.value,
                        perhaps: way.perhaps.clone(),
                        branches: way.branches.clone(),
                    }));
                    continue;
                }
                let value = self.looked_into(&way.child, step);
                let before = next.len();
                self.step(value, step, way, &mut next, &mut found);
                if is_weighed {
                    let elements = next.split_off(before);
                    next.extend(self.weighed(elements, weights));
                }
            }
            ways = next;
        }
        for way in ways {
            self.arrive(self.value(&way.child), way, &mut found);
        }
        found
    }

    /// Elements without those that carry no weight while another one does.
    fn weighed(&self, ways: Vec<Way<'t>>, keys: &[&str]) -> Vec<Way<'t>> {
        if !(2..=MOST_WEIGHED).contains(&ways.len()) {
            return ways;
        }
        let value = |way: &Way<'t>| self.weight(self.value(&way.child), keys);
        let weights: Vec<Truth> = ways.iter().map(value).collect();
        let mut left = Vec::new();
        for (at, way) in ways.iter().enumerate() {
            let others = ways.iter().zip(&weights).enumerate();
            let others = others.filter(|(other, _)| *other != at);
            let others = others.map(|(_, (other, weight))| way.meets(other).and(weight.clone()));
            let is_idle = others
                .fold(Truth::No, Truth::or)
                .and(weights[at].clone().negated());
            let cause = match is_idle {
                Truth::Yes => continue,
                Truth::No => None,
                Truth::Maybe(causes) => causes.into_iter().next(),
            };
            let mut way = way.clone();
            way.perhaps = way.perhaps.or(cause);
            left.push(way);
        }
        left
    }

    /// Whether one of the numbers in an element is above zero.
    fn weight(&self, element: Value<'t>, keys: &[&str]) -> Truth {
        match element {
            Value::Map(map) => {
                let weights = keys.iter().filter_map(|key| map.get(key));
                let above = weights.map(|entry| {
                    if let Some(parameter) = self.parameter_of(&entry.value) {
                        for value in ["0", "1"] {
                            self.candidate(parameter, value, value);
                        }
                    }
                    is_above_zero(&self.value(&entry.value))
                });
                above.fold(Truth::No, Truth::or)
            }
            Value::OneOf(values, cause) => {
                agreed(values.into_iter().map(|one| self.weight(one, keys)), &cause)
            }
            Value::Unknown(cause) => Truth::maybe(cause),
            Value::Absent | Value::Text(_) | Value::List(_) => Truth::No,
        }
    }

    /// A value in which a key is looked for, be it a text of JSON.
    fn looked_into(&self, child: &Child<'t>, step: &PathStep) -> Value<'t> {
        let value = self.value(child);
        let has_keys = matches!(step, PathStep::Key(_) | PathStep::Values);
        match &value {
            Value::Text(_) | Value::Unknown(_) if has_keys => self.document(child).unwrap_or(value),
            _ => value,
        }
    }

    fn step(
        &self,
        value: Value<'t>,
        step: &PathStep,
        way: &Way<'t>,
        next: &mut Vec<Way<'t>>,
        found: &mut Vec<Found<'t>>,
    ) {
        let onward = |child: Child<'t>, place: Option<Place>| Way {
            place: place.or(way.place),
            perhaps: way.perhaps.clone(),
            branches: way.branches.clone(),
            child,
        };
        match (step, value) {
            (PathStep::Key(key), Value::Map(map)) => {
                if let Some(entry) = under(self, map.get(key), || map.opening(), Some(way), found) {
                    let place = self.spread(entry.place, &entry.value);
                    next.push(onward(entry.value, place));
                }
            }
            (PathStep::Values, Value::Map(map)) => {
                for entry in map.iter() {
                    let place = self.spread(entry.place, &entry.value);
                    next.push(onward(entry.value, place));
                }
            }
            // A block that may be repeated can be written alone, and one that may not can stand in a list.
            (PathStep::Each, Value::List(list)) => {
                for item in list.iter() {
                    let place = item.as_node().map(|node| node.place());
                    next.push(onward(item, place));
                }
            }
            (PathStep::Key(_) | PathStep::Values, Value::List(list)) => {
                for item in list.iter() {
                    let alone = onward(item, None);
                    let value = self.value(&alone.child);
                    if matches!(value, Value::Map(_)) {
                        self.step(value, step, &alone, next, found);
                    }
                }
            }
            (PathStep::Each, Value::Map(_) | Value::Text(_)) => next.push(way.clone()),
            (_, Value::OneOf(values, cause)) => {
                let choice = self.choices.get();
                self.choices.set(choice.wrapping_add(1));
                let of = values.len();
                for (at, value) in values.into_iter().enumerate() {
                    let mut way = way.clone();
                    let cause = cause.clone();
                    way.branches.push(Branch {
                        choice,
                        at,
                        of,
                        cause,
                    });
                    self.step(value, step, &way, next, found);
                }
            }
            (_, Value::Unknown(cause)) => found.push(Found {
                perhaps: way.perhaps.clone().or_else(|| Some(cause.clone())),
                value: Value::Unknown(cause),
                branches: way.branches.clone(),
                place: way.place,
                parameters: Vec::new(),
                child: None,
            }),
            (PathStep::Key(_) | PathStep::Values, text @ Value::Text(_)) => {
                if let Some(inside) = self.document_of(text) {
                    self.step(inside, step, way, next, found);
                }
            }
            (_, Value::Absent) => {}
        }
    }

    fn arrive(&self, value: Value<'t>, way: Way<'t>, found: &mut Vec<Found<'t>>) {
        let parameter = self.parameter_behind(&way.child);
        let value = match value {
            // A parameter may be something else than the nothing that it is by default.
            Value::Absent if parameter.is_some() => Value::Text("".into()),
            Value::Absent => return,
            Value::Text(text) if text.is_empty() && parameter.is_none() => return,
            Value::List(list) if list.is_empty() => return,
            value => value,
        };
        found.push(Found {
            value,
            perhaps: way.perhaps,
            branches: way.branches,
            place: way.place,
            parameters: self.parameters_of(&way.child),
            child: Some(way.child),
        });
    }

    /// The parameters that a value is in the end, in whichever branch of a choice.
    fn parameters_of(&self, child: &Child<'t>) -> Vec<usize> {
        if !self.template().may_be_name(child) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut waiting = vec![child.clone()];
        for _ in 0..DEEPEST {
            let Some(child) = waiting.pop() else { break };
            if let Expr::Call(Function::If, arguments) = self.template.expr(&child) {
                waiting.extend(arguments.iter().skip(1));
            } else if let Some(parameter) = self.parameter_behind(&child)
                && !found.contains(&parameter)
            {
                found.push(parameter);
            }
        }
        found
    }

    /// From the key to the end of its value.
    fn spread(&self, key: Option<Place>, value: &Child<'t>) -> Option<Place> {
        let value = value.as_node().map(|node| node.place());
        match (key, value) {
            (Some(mut key), Some(value)) if key.file == value.file => {
                key.span.end = key.span.end.max(value.span.end);
                Some(key)
            }
            (key, value) => key.or(value),
        }
    }
}
