//! Functions of lists and maps.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::functions::{cause_of, number};
use super::named::{MOST, all, items, text, texts};
use super::{Data, Resolver, ScalarKind, Truth, Value, convert};
use crate::blocks::{Cause, Child, Entry, Expr, Items, ListKind, MapKind, Named, Number, Type};

impl<'t> Resolver<'_, 't> {
    /// The first that is neither null nor an empty text, of the type that all have in common.
    pub(super) fn coalesce(&self, arguments: &Items<'t>) -> Value<'t> {
        for (at, child) in arguments.iter().enumerate() {
            match self.value(&child) {
                Value::Absent => {}
                Value::Text(text) if text.is_empty() => {}
                Value::OneOf(values, cause) => {
                    let values = values.into_iter().map(|value| match value {
                        Value::Absent => self.coalesce_rest(arguments, at + 1),
                        Value::Text(text) if text.is_empty() => {
                            self.coalesce_rest(arguments, at + 1)
                        }
                        value => value,
                    });
                    return super::functions::one_of(values.collect(), cause);
                }
                value @ Value::Unknown(_) => return value,
                value => {
                    let types = self.quietly(|| {
                        let types = arguments.iter().map(|one| self.type_of(&self.value(&one)));
                        convert::unified(&types.collect::<Vec<_>>())
                    });
                    return match types {
                        Some(common) => self.converted(value, &common, "coalesce"),
                        None => Value::rejected("coalesce"),
                    };
                }
            }
        }
        Value::rejected("coalesce")
    }

    fn coalesce_rest(&self, arguments: &Items<'t>, from: usize) -> Value<'t> {
        let rest: Items<'t> = arguments.iter().skip(from).collect();
        self.coalesce(&rest)
    }

    /// The first that is no error.
    pub(super) fn attempt(&self, arguments: &Items<'t>) -> Value<'t> {
        for child in all(arguments) {
            match self.failing(&child) {
                (_, true) => {}
                (value, false) => return value,
            }
        }
        Value::rejected("try")
    }

    /// Whether something is no error.
    pub(super) fn can(&self, arguments: &Items<'t>) -> Value<'t> {
        let Some(child) = arguments.first() else {
            return Value::rejected("can");
        };
        match self.failing(&child) {
            (_, true) => Value::from(false),
            (Value::Unknown(cause) | Value::OneOf(_, cause), false) => Value::Unknown(cause),
            (_, false) => Value::from(true),
        }
    }

    /// A value, and whether it is an error, anywhere in it.
    fn failing(&self, child: &Child<'t>) -> (Value<'t>, bool) {
        let value = self.value(child);
        let why = match &value {
            Value::Unknown(cause) => Some(cause.clone()),
            Value::List(_) | Value::Map(_) => self.quietly(|| self.forced(&value)).err(),
            _ => None,
        };
        (
            value,
            matches!(why, Some(Cause::Rejected(_) | Cause::NoFile(_))),
        )
    }

    pub(super) fn holds(&self, arguments: &Items<'t>) -> Truth {
        let wanted = arguments
            .get(1)
            .map(|wanted| self.quietly(|| self.value(&wanted)));
        if let Some(Value::Absent) = wanted {
            return Truth::maybe(Cause::Rejected("contains".to_owned()));
        }
        self.contains(arguments)
    }

    pub(super) fn concat(&self, arguments: &Items<'t>) -> Value<'t> {
        let mut all = Vec::new();
        let mut kinds = Vec::new();
        for one in arguments.iter() {
            match self.value(&one) {
                Value::List(list) => {
                    if list.kind == ListKind::Set {
                        return Value::rejected("concat");
                    }
                    kinds.push(list.kind);
                    all.extend(list.iter());
                }
                other => return Value::Unknown(cause_of(&[&other], "concat")),
            }
            if !self.spend(all.len()) {
                return Value::Unknown(Cause::TooDeep);
            }
        }
        if kinds.is_empty() {
            return Value::rejected("concat");
        }
        let is_list = kinds.iter().all(|kind| *kind == ListKind::List);
        let list = Value::List(all.into());
        if is_list {
            return self.converted(list, &Type::List(Box::new(Type::Any)), "concat");
        }
        list
    }

    pub(super) fn merge(&self, arguments: &Items<'t>) -> Value<'t> {
        let mut places: FxHashMap<Cow<'t, str>, usize> = FxHashMap::default();
        let mut merged: Vec<Entry<'t>> = Vec::new();
        let mut kinds = Vec::new();
        for one in arguments.iter() {
            let map = match self.value(&one) {
                Value::Map(map) => map,
                Value::Absent => continue,
                other => return Value::Unknown(cause_of(&[&other], "merge")),
            };
            kinds.push(map.kind);
            if !self.spend(map.len()) {
                return Value::Unknown(Cause::TooDeep);
            }
            for entry in map.iter() {
                if let Some(&at) = places.get(&entry.key) {
                    merged[at] = entry;
                } else {
                    places.insert(entry.key.clone(), merged.len());
                    merged.push(entry);
                }
            }
        }
        let is_map = !kinds.is_empty() && kinds.iter().all(|kind| *kind == MapKind::Map);
        let kind = if is_map {
            MapKind::Map
        } else {
            MapKind::Object
        };
        Value::Map(crate::blocks::Entries::from(merged).of_kind(kind))
    }

    /// A map's value under a key, or the default where there is none; a null that stands there is there.
    pub(super) fn lookup(&self, written: &Items<'t>, values: &[Value<'t>]) -> Value<'t> {
        let (Some(map), Some(key)) = (values.first(), values.get(1)) else {
            return Value::rejected("lookup");
        };
        let default = written.get(2);
        let entries = match map {
            Value::Map(entries) => entries,
            other => return Value::Unknown(cause_of(&[other], "lookup")),
        };
        if let Some(parameter) = written.get(1).and_then(|key| self.parameter_of(&key)) {
            for name in entries.keys().take(super::functions::MOST_BRANCHES) {
                self.candidate(parameter, name, name);
            }
        }
        match key {
            Value::Text(key) => match (entries.get(key), default) {
                (Some(entry), _) => self.value(&entry.value),
                (None, Some(default)) => {
                    let default = self.value(&default);
                    match self.type_of(map) {
                        Type::Map(kind) => self.converted(default, &kind, "lookup"),
                        _ => default,
                    }
                }
                (None, None) => Value::rejected("lookup"),
            },
            Value::Unknown(cause) if !matches!(cause, Cause::Rejected(_)) => {
                let found = entries.iter().take(super::functions::MOST_BRANCHES + 1);
                let found = found.map(|entry| entry.value).chain(default);
                let found: Vec<_> = found.map(|child| self.value(&child)).collect();
                if found.is_empty() {
                    return Value::rejected("lookup");
                }
                super::functions::one_of(found, cause.clone())
            }
            other => Value::Unknown(cause_of(&[other], "lookup")),
        }
    }

    /// An element; beyond the end it begins anew.
    pub(super) fn element(&self, list: &Value<'t>, at: &Value<'t>) -> Option<Value<'t>> {
        let items = convert::items_of(list)?;
        let at = number(at)?.as_whole()?;
        let length = i128::try_from(items.len())
            .ok()
            .filter(|length| *length > 0)?;
        if items.kind == ListKind::Set || at < 0 {
            return None;
        }
        let at = usize::try_from(at.rem_euclid(length)).ok()?;
        Some(self.value(&items.get(at)?))
    }

    pub(super) fn keys(&self, map: &Value<'t>) -> Option<Value<'t>> {
        let Value::Map(entries) = map else {
            return None;
        };
        self.spend(entries.len());
        let mut keys: Vec<_> = entries.keys().cloned().collect();
        keys.sort();
        let keys = keys
            .into_iter()
            .map(|key| Child::built(Expr::Text(key), &None));
        let keys: Items<'t> = keys.collect();
        Some(Value::List(keys.of_kind(list_of(entries.kind))))
    }

    pub(super) fn values(&self, map: &Value<'t>) -> Option<Value<'t>> {
        let Value::Map(entries) = map else {
            return None;
        };
        self.spend(entries.len());
        let values = entries.in_order().into_iter().map(|entry| entry.value);
        let values: Items<'t> = values.collect();
        Some(Value::List(values.of_kind(list_of(entries.kind))))
    }

    pub(super) fn length_of(&self, value: &Value<'t>) -> Option<Value<'t>> {
        let length = match value {
            Value::List(items) if items.kind == ListKind::Set && items.len() > 1 => {
                match self.forced_items(items) {
                    Ok(all) => match Data::set(all) {
                        Data::List(_, all) => all.len(),
                        _ => return None,
                    },
                    Err(cause) => return Some(Value::Unknown(cause)),
                }
            }
            Value::List(items) => items.len(),
            Value::Map(entries) => entries.len(),
            Value::Text(text) if matches!(text.kind(), ScalarKind::Text | ScalarKind::Any) => {
                texts_length(text)
            }
            _ => return None,
        };
        Some(Value::from(Number::whole(i128::try_from(length).ok()?)))
    }

    /// Lists within lists as one.
    pub(super) fn flatten(&self, list: &Value<'t>) -> Option<Value<'t>> {
        let items = convert::items_of(list)?;
        let mut flat = Vec::new();
        let mut waiting: Vec<Child<'t>> = items.iter().rev().collect();
        while let Some(item) = waiting.pop() {
            if flat.len() + waiting.len() > MOST || !self.spend(1) {
                return Some(Value::Unknown(Cause::TooDeep));
            }
            match self.value(&item) {
                Value::List(inner) if inner.kind == ListKind::Set => {
                    waiting.extend(self.in_set(&inner).into_iter().rev());
                }
                Value::List(inner) => waiting.extend(inner.iter().rev()),
                Value::Unknown(cause) => return Some(Value::Unknown(cause)),
                Value::OneOf(_, cause) => return Some(Value::Unknown(cause)),
                _ => flat.push(item),
            }
        }
        Some(Value::List(flat.into()))
    }

    pub(super) fn slice(
        &self,
        list: &Value<'t>,
        from: &Value<'t>,
        to: &Value<'t>,
    ) -> Option<Value<'t>> {
        let items = convert::items_of(list).filter(|items| items.kind != ListKind::Set)?;
        let (from, to) = (number(from)?.as_index()?, number(to)?.as_index()?);
        if from > to || to > items.len() {
            return None;
        }
        let kind = items.kind;
        let part: Items<'t> = items.iter().skip(from).take(to - from).collect();
        Some(Value::List(part.of_kind(kind)))
    }

    /// The only element, or nothing.
    pub(super) fn only(&self, list: &Value<'t>) -> Option<Value<'t>> {
        let items = convert::items_of(list)?;
        let all = if items.kind == ListKind::Set {
            self.in_set(&items)
        } else {
            items.iter().collect()
        };
        match all.as_slice() {
            [] => Some(Value::Absent),
            [one] => Some(self.value(one)),
            _ => None,
        }
    }

    /// The first list that is not empty.
    pub(super) fn coalesce_list(&self, lists: &[Value<'t>]) -> Option<Value<'t>> {
        let all = lists.iter().map(|list| match list {
            Value::List(items) if items.kind != ListKind::Set => Some(items),
            _ => None,
        });
        let all: Vec<_> = all.collect::<Option<_>>()?;
        let found = all.into_iter().find(|items| !items.is_empty());
        found.map(|items| Value::List(items.clone()))
    }

    pub(super) fn zipmap(&self, keys: &Value<'t>, values: &Value<'t>) -> Option<Value<'t>> {
        let (keys, values) = (convert::items_of(keys)?, convert::items_of(values)?);
        if values.kind == ListKind::Set {
            return None;
        }
        if keys.len() != values.len() || !self.spend(keys.len()) {
            return None;
        }
        let mut last: BTreeMap<Cow<'t, str>, Child<'t>> = BTreeMap::new();
        for (key, value) in keys.iter().zip(values.iter()) {
            match self.value(&key) {
                Value::Text(key) => last.insert(key.into_text(), value),
                Value::Unknown(cause) | Value::OneOf(_, cause) => {
                    return Some(Value::Unknown(cause));
                }
                _ => return None,
            };
        }
        let kind = match values.kind {
            ListKind::List => MapKind::Map,
            _ => MapKind::Object,
        };
        let entries = last.into_iter().map(|(key, value)| Entry::new(key, value));
        let entries: crate::blocks::Entries<'t> = entries.collect();
        Some(Value::Map(entries.of_kind(kind)))
    }

    /// Functions of lists that are known all the way down.
    pub(super) fn of_lists(&self, named: Named, arguments: Vec<Data>) -> Option<Data> {
        let first = arguments.first()?;
        match named {
            Named::AllTrue | Named::AnyTrue => {
                let truths =
                    items(first)?
                        .iter()
                        .map(|item| match self.made(item.clone(), &Type::Bool) {
                            Some(Data::Bool(holds)) => Some(Some(holds)),
                            Some(Data::Null) => Some(None),
                            _ => None,
                        });
                let truths = truths.collect::<Option<Vec<_>>>()?;
                Some(Data::Bool(if named == Named::AllTrue {
                    truths.iter().all(|truth| *truth == Some(true))
                } else {
                    truths.contains(&Some(true))
                }))
            }
            Named::ChunkList => {
                let size = whole(arguments.get(1)?)?;
                let Data::List(kind, items) = first else {
                    return None;
                };
                let items = self.of_list(*kind, items)?;
                let size = usize::try_from(size).ok()?;
                let size = if size == 0 { items.len().max(1) } else { size };
                let chunks = items.chunks(size);
                let chunks = chunks.map(|chunk| Data::List(ListKind::List, chunk.to_vec()));
                Some(Data::List(ListKind::List, chunks.collect()))
            }
            Named::Compact => {
                let Data::List(_, all) = first else {
                    return None;
                };
                let mut kept = Vec::new();
                for item in all {
                    match item {
                        Data::Null => {}
                        item => match convert::text_of(item.clone())? {
                            Data::Text(text) if text.is_empty() => {}
                            text => kept.push(text),
                        },
                    }
                }
                Some(Data::List(ListKind::List, kept))
            }
            Named::Distinct => {
                let Data::List(kind, items) = first else {
                    return None;
                };
                let mut kept: Vec<Data> = Vec::new();
                for item in self.of_list(*kind, items)? {
                    if !self.spend(kept.len() / 8) {
                        return None;
                    }
                    if !kept.contains(&item) {
                        kept.push(item);
                    }
                }
                Some(Data::List(ListKind::List, kept))
            }
            Named::Index => {
                let Data::List(kind, items) = first else {
                    return None;
                };
                if *kind == ListKind::Set {
                    return None;
                }
                let wanted = arguments.get(1)?;
                let at = items.iter().position(|item| item == wanted)?;
                Some(Data::Number(Number::whole(i128::try_from(at).ok()?)))
            }
            Named::MatchKeys => {
                let [
                    Data::List(of, values),
                    Data::List(_, keys),
                    Data::List(_, wanted),
                ] = &arguments[..]
                else {
                    return None;
                };
                if values.len() != keys.len() {
                    return None;
                }
                let values = self.of_list(*of, values)?;
                let both = keys.iter().chain(wanted).cloned().collect();
                let both = self.of_one_type(both)?;
                let (keys, wanted) = both.split_at(keys.len());
                if !self.spend(keys.len() * wanted.len() / 8) {
                    return None;
                }
                let found = values.into_iter().zip(keys);
                let found = found.filter(|(_, key)| wanted.contains(key));
                let found = found.map(|(value, _)| value).collect();
                Some(Data::List(ListKind::List, found))
            }
            Named::SetUnion | Named::SetIntersection | Named::SetSubtract => {
                self.of_sets(named, &arguments)
            }
            Named::SetProduct => product(&arguments),
            Named::Sort => {
                let mut texts = texts(first)?;
                texts.sort();
                let texts = texts.into_iter().map(Data::Text).collect();
                Some(Data::List(ListKind::List, texts))
            }
            Named::Transpose => {
                let Data::Map(_, entries) = first else {
                    return None;
                };
                let mut turned: BTreeMap<String, Vec<Data>> = BTreeMap::new();
                for (key, values) in entries {
                    for value in texts(values)? {
                        turned
                            .entry(value)
                            .or_default()
                            .push(Data::Text(key.clone()));
                    }
                }
                let turned = turned.into_iter();
                let turned = turned.map(|(key, keys)| (key, Data::List(ListKind::List, keys)));
                Some(Data::Map(MapKind::Map, turned.collect()))
            }
            _ => None,
        }
    }

    /// The elements as those of a list of one type.
    fn of_list(&self, kind: ListKind, items: &[Data]) -> Option<Vec<Data>> {
        match kind {
            ListKind::Tuple => self.of_one_type(items.to_vec()),
            _ => Some(items.to_vec()),
        }
    }

    fn of_sets(&self, named: Named, arguments: &[Data]) -> Option<Data> {
        let all: Vec<&[Data]> = arguments.iter().map(items).collect::<Option<_>>()?;
        let lengths: Vec<usize> = all.iter().map(|items| items.len()).collect();
        let flat = all.iter().flat_map(|items| items.iter().cloned()).collect();
        let mut flat = self.of_one_type(flat)?;
        if named == Named::SetUnion {
            return Some(Data::set(flat));
        }
        let rest = flat.split_off(*lengths.first()?);
        let mut rest = &rest[..];
        let mut kept = flat;
        for length in &lengths[1..] {
            let (other, after) = rest.split_at(*length);
            rest = after;
            if !self.spend(kept.len() * other.len() / 8) {
                return None;
            }
            kept.retain(|item| other.contains(item) == (named == Named::SetIntersection));
        }
        Some(Data::set(kept))
    }
}

fn list_of(kind: MapKind) -> ListKind {
    match kind {
        MapKind::Map => ListKind::List,
        MapKind::Object => ListKind::Tuple,
    }
}

fn texts_length(text: &str) -> usize {
    super::texts::letters(text).len()
}

fn whole(data: &Data) -> Option<i128> {
    Number::parse(&text(data)?)?.as_whole()
}

/// Every element of one with every element of the others.
fn product(arguments: &[Data]) -> Option<Data> {
    if arguments.len() < 2 {
        return None;
    }
    let all: Vec<&[Data]> = arguments.iter().map(items).collect::<Option<_>>()?;
    let is_set = arguments
        .iter()
        .all(|data| matches!(data, Data::List(ListKind::Set, _)));
    let mut rows: Vec<Vec<Data>> = vec![Vec::new()];
    for items in all {
        if rows.len().saturating_mul(items.len()) > MOST {
            return None;
        }
        rows = rows
            .iter()
            .flat_map(|row| {
                items.iter().map(move |item| {
                    let mut longer = row.clone();
                    longer.push(item.clone());
                    longer
                })
            })
            .collect();
    }
    let rows: Vec<Data> = rows
        .into_iter()
        .map(|row| Data::List(ListKind::Tuple, row))
        .collect();
    Some(if is_set {
        Data::set(rows)
    } else {
        Data::List(ListKind::List, rows)
    })
}
