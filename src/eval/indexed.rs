//! A value, and one key after the other: `local.a["b"].c`.

use super::functions::one_of;
use super::{Resolver, Value};
use crate::blocks::{Cause, Child, Items, Kind, What};

impl<'t> Resolver<'_, 't> {
    /// A collection, and one key after the other.
    pub(super) fn path(&self, arguments: &Items<'t>) -> Value<'t> {
        let mut keys = arguments.iter();
        let Some(start) = keys.next() else {
            return Value::Unknown(Cause::Function("an index".to_owned()));
        };
        let mut value = None;
        // Where the value stands, as long as that is known: the attributes of an instance are no part of any value.
        let mut place = Some(start.clone());
        for key in keys {
            let instance = place.as_ref().filter(|place| may_be_name(place));
            if let Some((resource, scope)) = instance.and_then(|place| self.instance_behind(place))
            {
                value = Some(match self.value(&key) {
                    Value::Text(name) => self.attribute(&resource, &name, &scope),
                    _ => Value::Unknown(Cause::Attribute(resource.into_owned())),
                });
                place = None;
                continue;
            }
            let collection = value.unwrap_or_else(|| self.value(&start));
            place = match self.is_typed() {
                true => self.place_in(&collection, &key),
                false => None,
            };
            value = Some(match collection {
                Value::OneOf(values, cause) => {
                    let found = values.into_iter().map(|value| self.pick(value, &key));
                    one_of(found.collect(), cause)
                }
                Value::Unknown(_) => return collection,
                collection => self.pick(collection, &key),
            });
        }
        value.unwrap_or_else(|| self.value(&start))
    }

    /// Where in a collection the value under a key stands.
    fn place_in(&self, collection: &Value<'t>, key: &Child<'t>) -> Option<Child<'t>> {
        match collection {
            Value::Map(map) => match self.value(key) {
                Value::Text(key) => map.get(&key).map(|entry| entry.value),
                _ => None,
            },
            Value::List(list) => match self.value(key) {
                Value::Text(at) => list.get(at.number()?.as_index()?),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether it may stand for something else: what is written out does not.
fn may_be_name(child: &Child<'_>) -> bool {
    match &child.what {
        What::Node(node) => matches!(node.kind(), Kind::Scalar | Kind::Expression),
        What::Literal(_) => false,
        What::Built(_) => true,
    }
}
