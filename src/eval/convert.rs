//! Types: what values have, what several have in common, and how a value is made one of them.

use std::collections::BTreeMap;

use super::{Data, Resolver, ScalarKind, Trace, Value};
use crate::blocks::{
    Attribute, Cause, Child, Entries, Entry, Expr, Items, ListKind, MapKind, Number, Type,
};

impl<'t> Resolver<'_, 't> {
    /// The branch of a choice that is taken: a value of the type that both branches have in common; and whether it is the same for good
    /// in the other one, which is only asked where the choice hangs on anything.
    pub(super) fn branch(
        &self,
        taken: &Child<'t>,
        other: &Child<'t>,
        hung_on: &Trace,
    ) -> (Value<'t>, bool) {
        let (value, inside) = self.traced(|| self.value(taken));
        self.add_trace(&inside);
        let asks = !hung_on.parameters.is_empty()
            && inside.parameters.is_empty()
            && matches!(value, Value::Text(_));
        if !self.is_typed() && !asks || matches!(value, Value::Unknown(_) | Value::Absent) {
            return (value, false);
        }
        let (other, beside) = self.traced(|| self.value(other));
        if let (Value::Text(a), Value::Text(b)) = (&value, &other)
            && a.kind() == b.kind()
        {
            // What most choices are between.
            let is_same = asks && beside.parameters.is_empty() && **a == **b;
            return (value, is_same);
        }
        if !self.is_typed() {
            return (value, false);
        }
        let (own, other) = self.quietly(|| match (&value, &other) {
            (_, Value::Unknown(Cause::Undefined(_))) => (Type::Any, Type::Unreadable),
            (_, Value::Absent | Value::Unknown(_)) => (Type::Any, Type::Any),
            _ => (self.type_of(&value), self.type_of(&other)),
        });
        let value = match other {
            Type::Any => value,
            Type::Unreadable => Value::rejected("?:"),
            other => match unified(&[own.clone(), other]) {
                None => Value::rejected("?:"),
                Some(common) if is_same(&common, &own) => value,
                Some(common) => self.converted(value, &common, "?:"),
            },
        };
        (value, false)
    }

    /// The type of a value; what is not known may have any.
    pub(super) fn type_of(&self, value: &Value<'t>) -> Type<'t> {
        self.inside(|| self.type_inside(value)).unwrap_or(Type::Any)
    }

    fn type_inside(&self, value: &Value<'t>) -> Type<'t> {
        match value {
            Value::Text(text) => match text.kind() {
                ScalarKind::Text => Type::Text,
                ScalarKind::Number => Type::Number,
                ScalarKind::Bool => Type::Bool,
                ScalarKind::Any => Type::Any,
            },
            Value::List(items) => {
                let types = items.iter().map(|item| self.type_of(&self.value(&item)));
                match items.kind {
                    ListKind::Tuple => Type::Tuple(types.collect()),
                    ListKind::List => Type::List(Box::new(first_known(types))),
                    ListKind::Set => Type::Set(Box::new(first_known(types))),
                }
            }
            Value::Map(entries) => {
                let types = entries.iter().map(|entry| {
                    let kind = self.type_of(&self.value(&entry.value));
                    (entry.key, kind)
                });
                if entries.kind == MapKind::Map {
                    return Type::Map(Box::new(first_known(types.map(|(_, kind)| kind))));
                }
                let attributes = types.map(|(name, kind)| Attribute {
                    name,
                    kind,
                    is_optional: false,
                    default: None,
                });
                let mut attributes: Vec<_> = attributes.collect();
                attributes.sort_by(|a, b| a.name.cmp(&b.name));
                Type::Object(attributes)
            }
            Value::Absent | Value::OneOf(..) | Value::Unknown(_) => Type::Any,
        }
    }

    /// A value made one of a type. Where not all of it is known, as far as it goes.
    pub(super) fn converted(&self, value: Value<'t>, to: &Type<'t>, name: &str) -> Value<'t> {
        let value = match value {
            Value::OneOf(values, cause) => {
                let values = values.into_iter();
                let values = values.map(|value| self.converted(value, to, name));
                return super::functions::one_of(values.collect(), cause);
            }
            value => value,
        };
        match self.forced(&value) {
            Ok(data) => {
                let Some(made) = self.made(data.clone(), to) else {
                    return Value::rejected(name);
                };
                match (&data, &made, &value) {
                    // The elements keep their places.
                    (Data::List(_, a), Data::List(kind, b), Value::List(items)) if a == b => {
                        Value::List(items.clone().of_kind(*kind))
                    }
                    (Data::Map(_, a), Data::Map(kind, b), Value::Map(entries)) if a == b => {
                        Value::Map(entries.clone().of_kind(*kind))
                    }
                    _ if data == made => value,
                    _ => made.into_value(),
                }
            }
            Err(cause @ Cause::Rejected(_)) => Value::Unknown(cause),
            Err(_) => match (value, to) {
                (Value::List(items), Type::List(kind)) => {
                    Value::List(self.of_items(&items, kind).of_kind(ListKind::List))
                }
                (Value::List(items), Type::Set(kind)) => {
                    Value::List(self.of_items(&items, kind).of_kind(ListKind::Set))
                }
                (Value::Map(entries), Type::Map(kind)) => {
                    Value::Map(self.of_map(&entries, kind).of_kind(MapKind::Map))
                }
                (Value::Map(entries), Type::Object(attributes)) => {
                    Value::Map(self.of_object(&entries, attributes))
                }
                (value, _) => value,
            },
        }
    }

    /// The items of a list that is not known to the end.
    fn of_items(&self, items: &Items<'t>, kind: &Type<'t>) -> Items<'t> {
        if !fills_in(kind) {
            return items.clone();
        }
        let all = items.iter().map(|item| self.as_far(item, kind));
        all.collect()
    }

    /// The values of a map that is not known to the end.
    fn of_map(&self, entries: &Entries<'t>, kind: &Type<'t>) -> Entries<'t> {
        if !fills_in(kind) {
            return entries.clone();
        }
        let all = entries.iter().map(|entry| Entry {
            value: self.as_far(entry.value, kind),
            ..entry
        });
        all.collect()
    }

    /// As much of an object as is known of it, with the defaults of what is left out.
    fn of_object(&self, entries: &Entries<'t>, attributes: &[Attribute<'t>]) -> Entries<'t> {
        let all = attributes.iter().filter_map(|attribute| {
            let given = entries.get(&attribute.name);
            let given = given.filter(|entry| !matches!(self.value(&entry.value), Value::Absent));
            if let Some(entry) = given {
                let value = self.as_far(entry.value, &attribute.kind);
                return Some(Entry { value, ..entry });
            }
            if let Some(default) = &attribute.default {
                let value = self.as_far(default.clone(), &attribute.kind);
                return Some(Entry::new(attribute.name.clone(), value));
            }
            let absent = || Child::built(Expr::Absent, &None);
            let is_null = attribute.is_optional || entries.get(&attribute.name).is_some();
            is_null.then(|| Entry::new(attribute.name.clone(), absent()))
        });
        all.collect()
    }

    /// A part made one of a type as far as it is known. What is open stays as it is written.
    fn as_far(&self, part: Child<'t>, kind: &Type<'t>) -> Child<'t> {
        match self.value(&part) {
            value @ (Value::Text(_) | Value::List(_) | Value::Map(_)) => {
                self.converted(value, kind, "a conversion").into_child()
            }
            Value::Absent | Value::OneOf(..) | Value::Unknown(_) => part,
        }
    }

    /// Data made one of a type; `None` where it can't be.
    pub(super) fn made(&self, data: Data, to: &Type<'t>) -> Option<Data> {
        match (&data, to) {
            (_, Type::Unreadable) => return None,
            (Data::Null, _) => return Some(Data::Null),
            _ => {}
        }
        match (to, data) {
            (Type::Any, data) => Some(data),
            (Type::Text, data) => text_of(data),
            (Type::Number, data @ Data::Number(_)) => Some(data),
            (Type::Number, Data::Text(text)) => Number::parse(&text).map(Data::Number),
            (Type::Bool, data @ Data::Bool(_)) => Some(data),
            (Type::Bool, Data::Text(text)) => match &*text {
                "true" | "1" => Some(Data::Bool(true)),
                "false" | "0" => Some(Data::Bool(false)),
                _ => None,
            },
            (Type::List(kind), Data::List(_, items)) => {
                Some(Data::List(ListKind::List, self.alike(items, kind)?))
            }
            (Type::Set(kind), Data::List(_, items)) => Some(Data::set(self.alike(items, kind)?)),
            (Type::Map(kind), Data::Map(_, entries)) => {
                let (keys, values): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
                let values = self.alike(values, kind)?;
                Some(Data::Map(
                    MapKind::Map,
                    keys.into_iter().zip(values).collect(),
                ))
            }
            (Type::Tuple(kinds), Data::List(ListKind::Tuple, items))
                if kinds.len() == items.len() =>
            {
                let items = items.into_iter().zip(kinds);
                let items = items.map(|(item, kind)| self.made(item, kind));
                Some(Data::List(ListKind::Tuple, items.collect::<Option<_>>()?))
            }
            (Type::Object(attributes), Data::Map(_, mut entries)) => {
                let mut made = BTreeMap::new();
                for attribute in attributes {
                    let given = entries.remove(&*attribute.name);
                    let value = self.attribute_of(attribute, given)?;
                    made.insert(attribute.name.to_string(), value);
                }
                Some(Data::Map(MapKind::Object, made))
            }
            _ => None,
        }
    }

    fn attribute_of(&self, attribute: &Attribute<'t>, given: Option<Data>) -> Option<Data> {
        let given = match given {
            Some(Data::Null) | None => match &attribute.default {
                Some(default) => self.data(default).ok()?,
                None if given.is_none() && !attribute.is_optional => return None,
                None => Data::Null,
            },
            Some(given) => given,
        };
        self.made(given, &attribute.kind)
    }

    /// Values all made one of a type, or where that is any, of the one that they have in common.
    fn alike(&self, items: Vec<Data>, kind: &Type<'t>) -> Option<Vec<Data>> {
        let items = items.into_iter().map(|item| self.made(item, kind));
        let items = items.collect::<Option<Vec<_>>>()?;
        if !matches!(kind, Type::Any) {
            return Some(items);
        }
        self.of_one_type(items)
    }

    /// Values all made one of the type that they have in common.
    pub(super) fn of_one_type(&self, items: Vec<Data>) -> Option<Vec<Data>> {
        let types: Vec<_> = items.iter().map(type_of_data).collect();
        let common = unified(&types)?;
        items
            .into_iter()
            .map(|item| self.made(item, &common))
            .collect()
    }
}

/// Whether a value of a type may have parts that nobody wrote.
fn fills_in(kind: &Type<'_>) -> bool {
    match kind {
        Type::Object(_) => true,
        Type::List(kind) | Type::Set(kind) | Type::Map(kind) => fills_in(kind),
        Type::Tuple(kinds) => kinds.iter().any(fills_in),
        Type::Any | Type::Text | Type::Number | Type::Bool | Type::Unreadable => false,
    }
}

fn first_known<'t>(mut types: impl Iterator<Item = Type<'t>>) -> Type<'t> {
    types
        .find(|kind| !matches!(kind, Type::Any))
        .unwrap_or(Type::Any)
}

/// The text of a scalar.
pub(super) fn text_of(data: Data) -> Option<Data> {
    match data {
        Data::Text(_) => Some(data),
        Data::Number(number) => Some(Data::Text(number.to_string())),
        Data::Bool(holds) => Some(Data::Text(holds.to_string())),
        _ => None,
    }
}

pub(super) fn type_of_data<'t>(data: &Data) -> Type<'t> {
    match data {
        Data::Null => Type::Any,
        Data::Bool(_) => Type::Bool,
        Data::Number(_) => Type::Number,
        Data::Text(_) => Type::Text,
        Data::List(kind, items) => {
            let types = items.iter().map(type_of_data);
            match kind {
                ListKind::Tuple => Type::Tuple(types.collect()),
                ListKind::List => Type::List(Box::new(first_known(types))),
                ListKind::Set => Type::Set(Box::new(first_known(types))),
            }
        }
        Data::Map(MapKind::Map, entries) => {
            Type::Map(Box::new(first_known(entries.values().map(type_of_data))))
        }
        Data::Map(MapKind::Object, entries) => {
            let attributes = entries.iter().map(|(name, value)| Attribute {
                name: name.clone().into(),
                kind: type_of_data(value),
                is_optional: false,
                default: None,
            });
            Type::Object(attributes.collect())
        }
    }
}

/// Whether two types are the same; any is the same as any other.
fn is_same(a: &Type<'_>, b: &Type<'_>) -> bool {
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Text, Type::Text) | (Type::Number, Type::Number) | (Type::Bool, Type::Bool) => true,
        (Type::List(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => is_same(a, b),
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Type::Object(a), Type::Object(b)) => {
            let same = |(a, b): (&Attribute<'_>, &Attribute<'_>)| {
                a.name == b.name && is_same(&a.kind, &b.kind)
            };
            a.len() == b.len() && a.iter().zip(b).all(same)
        }
        _ => false,
    }
}

/// The type that values of several types can be made, as Terraform finds it; `None` where there is none.
pub(super) fn unified<'t>(types: &[Type<'t>]) -> Option<Type<'t>> {
    let known: Vec<&Type<'t>> = types
        .iter()
        .filter(|kind| !matches!(kind, Type::Any))
        .collect();
    let Some((first, rest)) = known.split_first() else {
        return Some(Type::Any);
    };
    if rest.iter().all(|other| is_same(first, other))
        && !matches!(first, Type::Object(_) | Type::Tuple(_))
    {
        return Some((*first).clone());
    }
    let all = |test: fn(&Type<'_>) -> bool| known.iter().all(|kind| test(kind));
    let any = |test: fn(&Type<'_>) -> bool| known.iter().any(|kind| test(kind));
    let is_map = |kind: &Type<'_>| matches!(kind, Type::Map(_));
    let is_object = |kind: &Type<'_>| matches!(kind, Type::Object(_));
    let is_list = |kind: &Type<'_>| matches!(kind, Type::List(_));
    let is_set = |kind: &Type<'_>| matches!(kind, Type::Set(_));
    let is_tuple = |kind: &Type<'_>| matches!(kind, Type::Tuple(_));
    if all(is_object) {
        return same_attributes(&known).or_else(|| as_map(&known));
    }
    if all(|kind| matches!(kind, Type::Map(_) | Type::Object(_))) && any(is_map) {
        return as_map(&known);
    }
    if all(is_tuple) {
        return same_length(&known).or_else(|| Some(Type::List(Box::new(parts(&known)?))));
    }
    if all(|kind| matches!(kind, Type::List(_) | Type::Tuple(_))) && any(is_list) {
        return Some(Type::List(Box::new(parts(&known)?)));
    }
    if all(|kind| matches!(kind, Type::List(_) | Type::Tuple(_) | Type::Set(_))) && any(is_set) {
        return Some(Type::Set(Box::new(parts(&known)?)));
    }
    let simple = |kind: &Type<'_>| matches!(kind, Type::Text | Type::Number | Type::Bool);
    if all(simple) && any(|kind| matches!(kind, Type::Text)) {
        return Some(Type::Text);
    }
    None
}

/// What all parts of all collections have in common.
fn parts<'t>(types: &[&Type<'t>]) -> Option<Type<'t>> {
    let mut all = Vec::new();
    for kind in types {
        match kind {
            Type::List(kind) | Type::Set(kind) | Type::Map(kind) => all.push((**kind).clone()),
            Type::Tuple(kinds) => all.extend(kinds.iter().cloned()),
            Type::Object(attributes) => {
                all.extend(attributes.iter().map(|attribute| attribute.kind.clone()));
            }
            _ => return None,
        }
    }
    unified(&all)
}

fn as_map<'t>(types: &[&Type<'t>]) -> Option<Type<'t>> {
    Some(Type::Map(Box::new(parts(types)?)))
}

fn same_length<'t>(types: &[&Type<'t>]) -> Option<Type<'t>> {
    let all: Option<Vec<_>> = types
        .iter()
        .map(|kind| match kind {
            Type::Tuple(kinds) => Some(kinds),
            _ => None,
        })
        .collect();
    let all = all?;
    let length = all.first()?.len();
    if all.iter().any(|kinds| kinds.len() != length) {
        return None;
    }
    let columns = (0..length).map(|at| {
        let column: Vec<_> = all.iter().map(|kinds| kinds[at].clone()).collect();
        unified(&column)
    });
    Some(Type::Tuple(columns.collect::<Option<_>>()?))
}

fn same_attributes<'t>(types: &[&Type<'t>]) -> Option<Type<'t>> {
    let all: Option<Vec<_>> = types
        .iter()
        .map(|kind| match kind {
            Type::Object(attributes) => Some(attributes),
            _ => None,
        })
        .collect();
    let all = all?;
    let first = *all.first()?;
    let same = |other: &&&Vec<Attribute<'t>>| {
        other.len() == first.len() && other.iter().zip(first).all(|(a, b)| a.name == b.name)
    };
    if !all.iter().all(|other| same(&other)) {
        return None;
    }
    let columns = first.iter().enumerate().map(|(at, attribute)| {
        let column: Vec<_> = all
            .iter()
            .map(|attributes| attributes[at].kind.clone())
            .collect();
        Some(Attribute {
            kind: unified(&column)?,
            ..attribute.clone()
        })
    });
    Some(Type::Object(columns.collect::<Option<_>>()?))
}

/// The elements of a list as they are, for functions that need not look at them.
pub(super) fn items_of<'t>(value: &Value<'t>) -> Option<Items<'t>> {
    match value {
        Value::List(items) => Some(items.clone()),
        _ => None,
    }
}
