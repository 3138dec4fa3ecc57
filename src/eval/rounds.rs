//! `for` expressions and splats.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::functions::{MOST_BRANCHES, cause_of, one_of};
use super::{Resolver, Truth, Value};
use crate::blocks::{Cause, Child, Entries, Entry, Expr, For, Items, ListKind, Scope, bind};

/// What can't take two elements with one key.
pub const TWO_OF_A_KEY: &str = "for";

/// One round: the key and the value.
pub type Round<'t> = (Child<'t>, Child<'t>);

impl<'t> Resolver<'_, 't> {
    pub(super) fn each(&self, each: &For<'t>) -> Value<'t> {
        match self.value(&each.collection()) {
            Value::OneOf(values, cause) if values.len() <= MOST_BRANCHES => {
                let values = values.into_iter().map(|value| self.over(each, value));
                one_of(values.collect(), cause)
            }
            value => self.over(each, value),
        }
    }

    fn over(&self, each: &For<'t>, collection: Value<'t>) -> Value<'t> {
        let rounds = match self.rounds(&collection) {
            Ok(rounds) => rounds,
            Err(cause) => return Value::Unknown(cause),
        };
        if !self.spend(rounds.len().saturating_mul(2)) {
            return Value::Unknown(Cause::TooDeep);
        }
        let written = each.written();
        let mut taken = Vec::with_capacity(rounds.len());
        for (key, value) in rounds {
            let mut scope = each.scope().clone();
            if let Some(name) = &written.names.0 {
                scope = bind(&scope, name.clone(), key);
            }
            let scope = bind(&scope, written.names.1.clone(), value);
            if let Some(condition) = &written.condition {
                match self.truth(&condition.within(&scope)) {
                    Truth::Yes => {}
                    Truth::No => continue,
                    Truth::Maybe(mut causes) => return Value::Unknown(causes.swap_remove(0)),
                }
            }
            taken.push(scope);
        }
        let Some(key) = &written.key else {
            let items = taken.iter().map(|scope| written.value.within(scope));
            return Value::List(items.collect());
        };
        match self.keyed(&taken, key, &written.value, written.is_grouped) {
            Ok(entries) => Value::Map(entries),
            Err(cause) => Value::Unknown(cause),
        }
    }

    fn keyed(
        &self,
        taken: &[Scope<'t>],
        key: &Child<'t>,
        value: &Child<'t>,
        is_grouped: bool,
    ) -> Result<Entries<'t>, Cause> {
        let mut places: FxHashMap<Cow<'t, str>, usize> = FxHashMap::default();
        let mut all: Vec<(Cow<'t, str>, Vec<Child<'t>>)> = Vec::new();
        for scope in taken {
            let name = match self.value(&key.within(scope)) {
                Value::Text(name) => name.into_text(),
                other => return Err(cause_of(&[&other], "a key")),
            };
            let value = value.within(scope);
            match places.get(&name) {
                Some(&at) if is_grouped => all[at].1.push(value),
                Some(_) => return Err(Cause::Rejected(TWO_OF_A_KEY.to_owned())),
                None => {
                    places.insert(name.clone(), all.len());
                    all.push((name, vec![value]));
                }
            }
        }
        let entries = all.into_iter().map(|(name, mut values)| {
            let value = if is_grouped {
                Child::built(Expr::List(values.into()), &None)
            } else {
                values.swap_remove(0)
            };
            Entry::new(name, value)
        });
        Ok(entries.collect())
    }

    /// Keys and values of a collection, in its order.
    ///
    /// # Errors
    ///
    /// Why it is not known what the collection holds, or that it is none.
    pub fn rounds(&self, collection: &Value<'t>) -> Result<Vec<Round<'t>>, Cause> {
        match collection {
            Value::List(items) if items.kind == ListKind::Set => {
                let items = self.in_set(items);
                Ok(items
                    .iter()
                    .map(|item| (item.clone(), item.clone()))
                    .collect())
            }
            Value::List(items) => {
                let keys = (0..items.len()).map(|at| Cow::Owned(at.to_string()));
                let keys = keys.map(|key| Child::built(Expr::Number(key), &None));
                Ok(keys.zip(items.iter()).collect())
            }
            Value::Map(entries) => {
                let entries = entries.in_order().into_iter();
                let rounds =
                    entries.map(|entry| (Child::built(Expr::Text(entry.key), &None), entry.value));
                Ok(rounds.collect())
            }
            other => Err(cause_of(&[other], "for")),
        }
    }

    /// The elements of a set: in order and each once, as far as they are known.
    pub(super) fn in_set(&self, items: &Items<'t>) -> Vec<Child<'t>> {
        match self.forced_items(items) {
            Ok(all) => {
                let mut all: Vec<_> = all.into_iter().zip(items.iter()).collect();
                all.sort_by(|(a, _), (b, _)| a.order(b));
                all.dedup_by(|(a, _), (b, _)| a == b);
                all.into_iter().map(|(_, item)| item).collect()
            }
            Err(_) => items.iter().collect(),
        }
    }
}
