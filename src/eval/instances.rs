//! A Terraform resource with `count` or `for_each` as one value: a list or a map of its instances.

use std::borrow::Cow;

use super::{Resolver, Value};
use crate::blocks::terraform::{Repeat, quoted_key};
use crate::blocks::{Child, Entry, Expr, Items, Name, Scope};

/// Instances that are written out.
const MOST: usize = 1000;

impl<'t> Resolver<'_, 't> {
    /// The instances of a resource, where it is known how many there are; `None` of one without `count` and `for_each`.
    pub(super) fn all_instances(&self, resource: &str, scope: &Scope<'t>) -> Option<Value<'t>> {
        let repeat = self.template().unit(scope).repeats.get(resource)?;
        let instance = |key: &str| {
            let address = Cow::Owned(format!("{resource}{key}"));
            Child::built(
                Expr::Name(Name::Attribute(address, Cow::Borrowed(""))),
                scope,
            )
        };
        match repeat {
            Repeat::Count(count) => {
                let Value::Text(count) = self.value(count) else {
                    return None;
                };
                let count = count.number()?.as_index().filter(|count| *count <= MOST)?;
                let all = (0..count).map(|at| instance(&format!("[{at}]")));
                Some(Value::List(all.collect::<Items<'t>>()))
            }
            Repeat::Each(each) => {
                let keys: Vec<Cow<'t, str>> = match self.value(each) {
                    Value::Map(entries) => entries.keys().cloned().collect(),
                    Value::List(items) => {
                        let texts = items.iter().map(|item| match self.value(&item) {
                            Value::Text(text) => Some(text.into_text()),
                            _ => None,
                        });
                        texts.collect::<Option<_>>()?
                    }
                    _ => return None,
                };
                if keys.len() > MOST {
                    return None;
                }
                let all = keys.into_iter().map(|key| {
                    let value = instance(&quoted_key(&key));
                    Entry::new(key, value)
                });
                Some(Value::Map(all.collect()))
            }
        }
    }
}
