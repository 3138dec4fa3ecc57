//! Whether two values are the same, as far down as they go.

use super::functions::agreed;
use super::{Resolver, ScalarKind, Truth, Value};
use crate::blocks::{Cause, Entries, Items, ListKind, Number};

impl<'t> Resolver<'_, 't> {
    /// Whether two values are the same. CloudFormation compares texts; Terraform looks at types, too.
    pub(super) fn same(&self, a: &Value<'t>, b: &Value<'t>) -> Truth {
        match (a, b) {
            (Value::Text(a), Value::Text(b)) => {
                if a.kind() == ScalarKind::Number && b.kind() == ScalarKind::Number && **a != **b {
                    let numbers = (Number::parse(a), Number::parse(b));
                    return Truth::known(
                        matches!(numbers, (Some(a), Some(b)) if a.order(b).is_eq()),
                    );
                }
                Truth::known(a.is_same(b))
            }
            (Value::Absent, Value::Absent) => Truth::Yes,
            (Value::OneOf(values, cause), other) | (other, Value::OneOf(values, cause)) => {
                agreed(values.iter().map(|value| self.same(value, other)), cause)
            }
            (Value::Unknown(cause), Value::Text(text))
            | (Value::Text(text), Value::Unknown(cause))
                if !cause.may_be(text) =>
            {
                Truth::No
            }
            (Value::Unknown(cause), _) | (_, Value::Unknown(cause)) => Truth::maybe(cause.clone()),
            (Value::List(a), Value::List(b)) => self
                .inside(|| self.same_lists(a, b))
                .unwrap_or(Truth::maybe(Cause::TooDeep)),
            (Value::Map(a), Value::Map(b)) => self
                .inside(|| self.same_maps(a, b))
                .unwrap_or(Truth::maybe(Cause::TooDeep)),
            _ => Truth::No,
        }
    }

    fn same_lists(&self, a: &Items<'t>, b: &Items<'t>) -> Truth {
        if a.kind != b.kind || (a.len() != b.len() && a.kind != ListKind::Set) {
            return Truth::No;
        }
        if a.kind == ListKind::Set {
            return self.same_sets(a, b);
        }
        let mut whole = Truth::Yes;
        for (a, b) in a.iter().zip(b.iter()) {
            whole = whole.and(self.same(&self.value(&a), &self.value(&b)));
            if whole == Truth::No {
                break;
            }
        }
        whole
    }

    fn same_sets(&self, a: &Items<'t>, b: &Items<'t>) -> Truth {
        match (self.forced_items(a), self.forced_items(b)) {
            (Ok(a), Ok(b)) => Truth::known(a == b),
            (Err(cause), _) | (_, Err(cause)) => Truth::maybe(cause),
        }
    }

    fn same_maps(&self, a: &Entries<'t>, b: &Entries<'t>) -> Truth {
        if a.kind != b.kind || a.len() != b.len() {
            return Truth::No;
        }
        if !self.spend(a.len()) {
            return Truth::maybe(Cause::TooDeep);
        }
        let mut whole = Truth::Yes;
        for entry in a.iter() {
            let Some(other) = b.get(&entry.key) else {
                return Truth::No;
            };
            whole = whole.and(self.same(&self.value(&entry.value), &self.value(&other.value)));
            if whole == Truth::No {
                break;
            }
        }
        whole
    }
}
