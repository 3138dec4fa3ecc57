//! Values that are known all the way down.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;

use super::{DEEPEST, Resolver, ScalarKind, Text, Value};
use crate::blocks::{Cause, Child, Entry, Expr, Items, ListKind, MapKind, Number};

/// A value that is known all the way down.
#[derive(Clone, Debug)]
pub enum Data {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    Number(Number),
    Text(String),
    List(ListKind, Vec<Data>),
    Map(MapKind, BTreeMap<String, Data>),
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a.order(*b).is_eq(),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a, x), Self::List(b, y)) => a == b && x == y,
            (Self::Map(a, x), Self::Map(b, y)) => a == b && x == y,
            _ => false,
        }
    }
}

impl Data {
    /// As JSON; nothing where it is too deep for it.
    #[must_use]
    pub fn json(&self) -> Option<String> {
        super::encode::json(self)
    }

    /// In the order of sets.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Greater,
            (_, Self::Null) => Ordering::Less,
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.order(*b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    /// The text by which Terraform sorts what has no order of its own.
    fn rank(&self) -> String {
        let mut text = String::new();
        self.write_rank(&mut text);
        text
    }

    fn write_rank(&self, text: &mut String) {
        // Writing to a text never fails.
        match self {
            Self::Null => text.push('~'),
            Self::Bool(holds) => text.push(if *holds { 'T' } else { 'F' }),
            Self::Number(number) => text.push_str(&number.to_string()),
            Self::Text(inner) => {
                let _ = write!(text, "{inner:?}");
            }
            Self::List(kind, items) => {
                let is_tuple = *kind == ListKind::Tuple;
                text.push(if is_tuple { '<' } else { '[' });
                for item in items {
                    item.write_rank(text);
                    text.push(';');
                }
                text.push(if is_tuple { '>' } else { ']' });
            }
            Self::Map(kind, entries) => {
                let is_object = *kind == MapKind::Object;
                text.push(if is_object { '<' } else { '{' });
                for (key, value) in entries {
                    if !is_object {
                        let _ = write!(text, "{key:?}:");
                    }
                    value.write_rank(text);
                    text.push(';');
                }
                text.push(if is_object { '>' } else { '}' });
            }
        }
    }

    /// A set of values: in order, each once.
    pub(super) fn set(mut items: Vec<Data>) -> Self {
        items.sort_by(Self::order);
        items.dedup();
        Self::List(ListKind::Set, items)
    }

    /// The value as something to look at.
    pub(super) fn into_value<'t>(self) -> Value<'t> {
        match self {
            Self::Null => Value::Absent,
            Self::Bool(holds) => Value::from(holds),
            Self::Number(number) => Value::from(number),
            Self::Text(text) => Value::text(text),
            Self::List(kind, items) => {
                let items = items.into_iter().map(Self::into_child);
                Value::List(items.collect::<Items<'t>>().of_kind(kind))
            }
            Self::Map(kind, entries) => {
                let entries = entries.into_iter();
                let entries = entries
                    .map(|(key, value)| Entry::new(Cow::Owned(key), value.into_child()))
                    .collect::<Vec<_>>();
                Value::Map(crate::blocks::Entries::from(entries).of_kind(kind))
            }
        }
    }

    pub(super) fn into_child<'t>(self) -> Child<'t> {
        let expr = match self {
            Self::Text(text) => Expr::Text(Cow::Owned(text)),
            Self::Bool(holds) => Expr::Bool(holds),
            Self::Number(number) => Expr::Number(Cow::Owned(number.to_string())),
            other => return other.into_value().into_child(),
        };
        Child::built(expr, &None)
    }
}

impl<'t> Resolver<'_, 't> {
    /// All of what stands there.
    ///
    /// # Errors
    ///
    /// Why some of it is not known.
    pub fn data(&self, child: &Child<'t>) -> Result<Data, Cause> {
        self.forced(&self.value(child))
    }

    /// All of a value, or why some of it is not known.
    pub(super) fn forced(&self, value: &Value<'t>) -> Result<Data, Cause> {
        match value {
            Value::Absent => Ok(Data::Null),
            Value::Text(text) => scalar(text),
            Value::List(items) => {
                let all = self.forced_items(items)?;
                Ok(Data::List(items.kind, all))
            }
            Value::Map(entries) => self.deeper(|| {
                let all = entries.iter().map(|entry| {
                    let value = self.data(&entry.value)?;
                    Ok((entry.key.into_owned(), value))
                });
                let all: Result<BTreeMap<_, _>, Cause> = all.collect();
                Ok(Data::Map(entries.kind, all?))
            }),
            Value::OneOf(_, cause) | Value::Unknown(cause) => Err(cause.clone()),
        }
    }

    pub(super) fn forced_items(&self, items: &Items<'t>) -> Result<Vec<Data>, Cause> {
        self.deeper(|| items.iter().map(|item| self.data(&item)).collect())
    }

    fn deeper<T>(&self, look: impl FnOnce() -> Result<T, Cause>) -> Result<T, Cause> {
        self.inside(look).unwrap_or(Err(Cause::TooDeep))
    }

    /// Looks one level deeper, unless that is too deep.
    pub(super) fn inside<T>(&self, look: impl FnOnce() -> T) -> Option<T> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            self.stop();
            return None;
        }
        self.depth.set(depth + 1);
        let found = look();
        self.depth.set(depth);
        Some(found)
    }
}

fn scalar(text: &Text<'_>) -> Result<Data, Cause> {
    Ok(match text.kind() {
        ScalarKind::Text | ScalarKind::Any => Data::Text(text.to_string()),
        ScalarKind::Bool => Data::Bool(&**text == "true"),
        ScalarKind::Number => match text.number() {
            Some(number) => Data::Number(number),
            None => return Err(Cause::Rejected("a number".to_owned())),
        },
    })
}
