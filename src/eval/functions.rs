//! The functions of both dialects on which a hosting choice can hang. All others are unknown, by name.

use std::borrow::Cow;

use super::{Resolver, Truth, Value};
use crate::blocks::{Cause, Child, Entry, Expr, Function};

/// Branches of an undecided choice that are followed; more are one unknown value.
const MOST_BRANCHES: usize = 64;

impl<'t> Resolver<'_, 't> {
    pub(super) fn call(&self, function: Function, arguments: &[Child<'t>]) -> Value<'t> {
        match function {
            Function::If => self.choice(arguments),
            Function::Equals => said(self.equal(arguments)),
            Function::Differs => said(self.equal(arguments).negated()),
            Function::Below => said(self.compare(arguments, |a, b| a < b)),
            Function::AtMost => said(self.compare(arguments, |a, b| a <= b)),
            Function::Not => said(match arguments.first() {
                Some(one) => self.truth(one).negated(),
                None => Truth::maybe(Cause::Function("Fn::Not".to_owned())),
            }),
            Function::And => said(self.all(arguments)),
            Function::Or => said(self.any(arguments)),
            Function::FindInMap => self.find_in_map(arguments),
            Function::Index => self.index(arguments, None),
            Function::Lookup => self.index(arguments, arguments.get(2)),
            Function::Select => match arguments {
                [at, list] => self.index(&[list.clone(), at.clone()], None),
                _ => unknown("Fn::Select"),
            },
            Function::Join => self.join(arguments),
            Function::Split => self.split(arguments),
            Function::Concat => self.concat(arguments, ""),
            Function::Length => self.length(arguments),
            Function::Append => self.append(arguments),
            Function::Merge => self.merge(arguments),
            Function::First => self.first(arguments),
            Function::Contains => said(self.contains(arguments)),
            Function::Keys => self.keys(arguments),
            Function::Values => match arguments.first().map(|one| self.value(one)) {
                Some(Value::Map(map)) => {
                    Value::List(map.into_iter().map(|entry| entry.value).collect())
                }
                other => open(other, "values"),
            },
            Function::Lower => self.mapped(arguments, str::to_lowercase),
            Function::Upper => self.mapped(arguments, str::to_uppercase),
            Function::Same => match arguments.first() {
                Some(one) => self.value(one),
                None => Value::Absent,
            },
            Function::Opaque => match arguments.first().map(|one| self.value(one)) {
                Some(Value::Text(name)) => unknown(&name),
                other => open(other, "a function"),
            },
        }
    }

    fn choice(&self, arguments: &[Child<'t>]) -> Value<'t> {
        let [condition, then, other] = arguments else {
            return unknown("Fn::If");
        };
        match self.truth(condition) {
            Truth::Yes => self.value(then),
            Truth::No => self.value(other),
            Truth::Maybe(causes) => {
                let cause = causes.into_iter().next().unwrap_or(Cause::TooDeep);
                let mut values = Vec::new();
                for branch in [then, other] {
                    match self.value(branch) {
                        Value::OneOf(more, _) => values.extend(more),
                        value => values.push(value),
                    }
                }
                if values.len() > MOST_BRANCHES {
                    return Value::Unknown(Cause::TooDeep);
                }
                Value::OneOf(values, cause)
            }
        }
    }

    fn equal(&self, arguments: &[Child<'t>]) -> Truth {
        let [a, b] = arguments else {
            return Truth::maybe(Cause::Function("Fn::Equals".to_owned()));
        };
        let (left, right) = (self.value(a), self.value(b));
        for (side, other) in [(a, &right), (b, &left)] {
            let Some(parameter) = self.parameter_of(side) else {
                continue;
            };
            match other {
                Value::Text(text) => {
                    self.candidate(parameter, text, text);
                    self.candidate_other(parameter, text);
                }
                Value::Absent => self.candidate_any(parameter, "set"),
                _ => {}
            }
        }
        same(&left, &right)
    }

    fn compare(&self, arguments: &[Child<'t>], holds: fn(f64, f64) -> bool) -> Truth {
        let [a, b] = arguments else {
            return Truth::maybe(Cause::Function("a comparison".to_owned()));
        };
        let (left, right) = (self.value(a), self.value(b));
        for (side, other) in [(a, &right), (b, &left)] {
            if let (Some(parameter), Some(number)) = (self.parameter_of(side), number(other)) {
                for near in [number - 1.0, number, number + 1.0] {
                    self.candidate(parameter, &near.to_string(), &near.to_string());
                }
            }
        }
        match (number(&left), number(&right)) {
            (Some(left), Some(right)) => Truth::known(holds(left, right)),
            _ => Truth::maybe(cause_of(&[left, right], "a comparison")),
        }
    }

    fn all(&self, arguments: &[Child<'t>]) -> Truth {
        arguments
            .iter()
            .fold(Truth::Yes, |truth, one| truth.and(self.truth(one)))
    }

    fn any(&self, arguments: &[Child<'t>]) -> Truth {
        arguments
            .iter()
            .fold(Truth::No, |truth, one| truth.or(self.truth(one)))
    }

    fn find_in_map(&self, arguments: &[Child<'t>]) -> Value<'t> {
        let [name, first, second, default @ ..] = arguments else {
            return unknown("Fn::FindInMap");
        };
        let Value::Text(name) = self.value(name) else {
            return unknown("Fn::FindInMap");
        };
        let key = (crate::blocks::Space::Mapping, name);
        let Some(mapping) = self.template().definitions.get(&key) else {
            return match default.first() {
                Some(default) => self.value(default),
                None => Value::Unknown(Cause::Undefined(key.1.into_owned())),
            };
        };
        let level = self.index(&[mapping.clone(), first.clone()], None);
        let found = match level {
            Value::OneOf(levels, cause) => {
                let found = levels.into_iter().map(|level| self.pick(level, second));
                one_of(found.collect(), cause)
            }
            level => self.pick(level, second),
        };
        match (found, default.first()) {
            (Value::Absent, None) => Value::Unknown(Cause::Undefined(key.1.into_owned())),
            (found, Some(default)) => self.or_default(found, &[first, second], default),
            (found, None) => found,
        }
    }

    /// What was found, or the default where there may be nothing: under a key that is unknown there may be.
    fn or_default(&self, found: Value<'t>, keys: &[&Child<'t>], default: &Child<'t>) -> Value<'t> {
        let unknown = keys.iter().find_map(|key| match self.value(key) {
            Value::Unknown(cause) => Some(cause),
            _ => None,
        });
        match (found, unknown) {
            (Value::Absent, _) => self.value(default),
            (Value::Unknown(cause), _) => Value::Unknown(cause),
            (found, Some(cause)) => one_of(vec![found, self.value(default)], cause),
            (Value::OneOf(values, cause), None) => {
                let values = values.into_iter().map(|value| match value {
                    Value::Absent => self.value(default),
                    value => value,
                });
                one_of(values.collect(), cause)
            }
            (found, None) => found,
        }
    }

    /// A map's value under a key, or a list's element; `default` where there is none.
    fn index(&self, arguments: &[Child<'t>], default: Option<&Child<'t>>) -> Value<'t> {
        let [collection, key, ..] = arguments else {
            return unknown("an index");
        };
        let found = match self.value(collection) {
            Value::OneOf(values, cause) => {
                let found = values.into_iter().map(|value| self.pick(value, key));
                one_of(found.collect(), cause)
            }
            value => self.pick(value, key),
        };
        match default {
            Some(default) => self.or_default(found, &[key], default),
            None => found,
        }
    }

    fn pick(&self, collection: Value<'t>, key: &Child<'t>) -> Value<'t> {
        match collection {
            Value::Map(map) => {
                if let Some(parameter) = self.parameter_of(key) {
                    for entry in map.iter().take(MOST_BRANCHES) {
                        self.candidate(parameter, &entry.key, &entry.key);
                    }
                }
                self.pick_entry(&map, self.value(key))
            }
            Value::List(list) => match self.value(key) {
                Value::Text(at) => match at.parse::<usize>() {
                    Ok(at) => list.get(at).map_or(Value::Absent, |item| self.value(item)),
                    Err(_) => unknown("an index"),
                },
                other => Value::Unknown(cause_of(&[other], "an index")),
            },
            Value::Unknown(cause) => Value::Unknown(cause),
            Value::OneOf(_, cause) => Value::Unknown(cause),
            Value::Absent | Value::Text(_) => Value::Absent,
        }
    }

    fn pick_entry(&self, map: &[Entry<'t>], key: Value<'t>) -> Value<'t> {
        let under = |key: &str| {
            let entry = map.iter().rev().find(|entry| entry.key == key);
            entry.map_or(Value::Absent, |entry| self.value(&entry.value))
        };
        match key {
            Value::Text(key) => under(&key),
            Value::OneOf(keys, cause) if keys.len() <= MOST_BRANCHES => {
                let values = keys.into_iter().map(|key| match key {
                    Value::Text(key) => under(&key),
                    other => Value::Unknown(cause_of(&[other], "a key")),
                });
                one_of(values.collect(), cause)
            }
            // An unknown key (the region, an import): one of the values that stand there.
            Value::Unknown(cause) if !map.is_empty() && map.len() <= MOST_BRANCHES => {
                let values = map.iter().map(|entry| self.value(&entry.value));
                one_of(values.collect(), cause)
            }
            other => Value::Unknown(cause_of(&[other], "a key")),
        }
    }

    fn join(&self, arguments: &[Child<'t>]) -> Value<'t> {
        let [separator, list] = arguments else {
            return unknown("a join");
        };
        let Value::Text(separator) = self.value(separator) else {
            return unknown("a join");
        };
        match self.value(list) {
            Value::List(items) => self.concat(&items, &separator),
            other => open(Some(other), "a join"),
        }
    }

    fn split(&self, arguments: &[Child<'t>]) -> Value<'t> {
        let [separator, text] = arguments else {
            return unknown("a split");
        };
        match (self.value(separator), self.value(text)) {
            (Value::Text(separator), Value::Text(text)) if !separator.is_empty() => {
                let parts = text.split(&*separator).map(str::to_owned);
                Value::List(parts.map(|part| literal(Cow::Owned(part))).collect())
            }
            (_, other) => open(Some(other), "a split"),
        }
    }

    fn concat(&self, parts: &[Child<'t>], separator: &str) -> Value<'t> {
        let mut text = String::new();
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                text.push_str(separator);
            }
            match self.value(part) {
                Value::Text(part) => text.push_str(&part),
                Value::Absent => {}
                other => return Value::Unknown(cause_of(&[other], "a text")),
            }
        }
        Value::Text(Cow::Owned(text))
    }

    fn length(&self, arguments: &[Child<'t>]) -> Value<'t> {
        if let Some(parameter) = arguments.first().and_then(|one| self.parameter_of(one)) {
            self.candidate_any(parameter, "not empty");
        }
        let length = match arguments.first().map(|one| self.value(one)) {
            Some(Value::List(list)) => list.len(),
            Some(Value::Map(map)) => map.len(),
            Some(Value::Text(text)) => text.chars().count(),
            other => return open(other, "length"),
        };
        Value::Text(Cow::Owned(length.to_string()))
    }

    fn append(&self, arguments: &[Child<'t>]) -> Value<'t> {
        let mut all = Vec::new();
        for one in arguments {
            match self.value(one) {
                Value::List(list) => all.extend(list),
                other => return open(Some(other), "concat"),
            }
        }
        Value::List(all)
    }

    fn merge(&self, arguments: &[Child<'t>]) -> Value<'t> {
        let mut all: Vec<Entry<'t>> = Vec::new();
        for one in arguments {
            match self.value(one) {
                Value::Map(map) => all.extend(map),
                Value::Absent => {}
                other => return open(Some(other), "merge"),
            }
        }
        let mut seen = std::collections::HashSet::new();
        let mut last: Vec<Entry<'t>> = Vec::with_capacity(all.len());
        for entry in all.into_iter().rev() {
            if seen.insert(entry.key.clone()) {
                last.push(entry);
            }
        }
        last.reverse();
        Value::Map(last)
    }

    fn first(&self, arguments: &[Child<'t>]) -> Value<'t> {
        for one in arguments {
            match self.value(one) {
                Value::Absent | Value::Unknown(Cause::Undefined(_)) => {}
                Value::Text(text) if text.is_empty() => {}
                value => return value,
            }
        }
        Value::Absent
    }

    fn contains(&self, arguments: &[Child<'t>]) -> Truth {
        let [list, wanted] = arguments else {
            return Truth::maybe(Cause::Function("contains".to_owned()));
        };
        let Value::List(items) = self.value(list) else {
            return Truth::maybe(Cause::Function("contains".to_owned()));
        };
        let value = self.value(wanted);
        let mut holds = Truth::No;
        for item in &items {
            let item = self.value(item);
            if let (Some(parameter), Value::Text(text)) = (self.parameter_of(wanted), &item) {
                self.candidate(parameter, text, text);
            }
            holds = holds.or(same(&item, &value));
        }
        holds
    }

    fn keys(&self, arguments: &[Child<'t>]) -> Value<'t> {
        match arguments.first().map(|one| self.value(one)) {
            Some(Value::Map(map)) => {
                Value::List(map.into_iter().map(|entry| literal(entry.key)).collect())
            }
            other => open(other, "keys"),
        }
    }

    fn mapped(&self, arguments: &[Child<'t>], with: fn(&str) -> String) -> Value<'t> {
        match arguments.first().map(|one| self.value(one)) {
            Some(Value::Text(text)) => Value::Text(Cow::Owned(with(&text))),
            other => open(other, "a function"),
        }
    }
}

fn literal(text: Cow<'_, str>) -> Child<'_> {
    Child::built(Expr::Text(text), &None)
}

fn said<'t>(truth: Truth) -> Value<'t> {
    match truth {
        Truth::Yes => Value::Text(Cow::Borrowed("true")),
        Truth::No => Value::Text(Cow::Borrowed("false")),
        Truth::Maybe(causes) => Value::Unknown(causes.into_iter().next().unwrap_or(Cause::TooDeep)),
    }
}

fn unknown<'t>(function: &str) -> Value<'t> {
    Value::Unknown(Cause::Function(function.to_owned()))
}

/// What a function makes of a value that it cannot work on.
fn open<'t>(value: Option<Value<'t>>, function: &str) -> Value<'t> {
    match value {
        Some(Value::Unknown(cause) | Value::OneOf(_, cause)) => Value::Unknown(cause),
        _ => unknown(function),
    }
}

fn cause_of(values: &[Value<'_>], otherwise: &str) -> Cause {
    let causes = values.iter().find_map(|value| match value {
        Value::Unknown(cause) | Value::OneOf(_, cause) => Some(cause.clone()),
        _ => None,
    });
    causes.unwrap_or_else(|| Cause::Function(otherwise.to_owned()))
}

/// Several possible values as one: flat, and without the choice where all are the same text.
fn one_of<'t>(values: Vec<Value<'t>>, cause: Cause) -> Value<'t> {
    let mut flat: Vec<Value<'t>> = Vec::new();
    for value in values {
        match value {
            Value::OneOf(more, _) => flat.extend(more),
            value => flat.push(value),
        }
    }
    if flat.len() > MOST_BRANCHES {
        return Value::Unknown(cause);
    }
    let mut texts: Vec<&str> = Vec::new();
    let all_texts = flat.iter().all(|value| match value {
        Value::Text(text) => {
            texts.push(text);
            true
        }
        _ => false,
    });
    if all_texts && texts.iter().all(|text| *text == texts[0]) {
        return flat.swap_remove(0);
    }
    Value::OneOf(flat, cause)
}

fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Whether two values are the same text.
pub(crate) fn same(a: &Value<'_>, b: &Value<'_>) -> Truth {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Truth::known(a == b),
        (Value::Absent, Value::Absent) => Truth::Yes,
        (Value::OneOf(values, cause), other) | (other, Value::OneOf(values, cause)) => {
            let mut truths = values.iter().map(|value| same(value, other));
            let first = truths.next().unwrap_or(Truth::No);
            if truths.all(|truth| truth == first) && !matches!(first, Truth::Maybe(_)) {
                first
            } else {
                Truth::maybe(cause.clone())
            }
        }
        (Value::Unknown(cause), _) | (_, Value::Unknown(cause)) => Truth::maybe(cause.clone()),
        (Value::List(_) | Value::Map(_), Value::List(_) | Value::Map(_)) => {
            Truth::maybe(Cause::Function("a comparison of collections".to_owned()))
        }
        _ => Truth::No,
    }
}
