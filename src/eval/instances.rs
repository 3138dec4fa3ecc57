//! A Terraform resource as a value: what is written in it, instance by instance.

use std::borrow::Cow;

use super::{DEEPEST, Resolver, ScalarKind, Value};
use crate::blocks::terraform::{self, Block, META, Repeat, quoted_key};
use crate::blocks::{
    Cause, Child, Entry, Expr, Function, Items, Key, ListKind, Name, Scope, Space, bind, bound,
};

/// Instances that are written out.
const MOST: usize = 1000;

/// The instances of a block, each with what `for_each` gives it.
type Keys<'t> = Vec<(Key, Option<Child<'t>>)>;

impl<'t> Resolver<'_, 't> {
    /// What a name stands for that has no attribute: all instances as a list or a map. `None` of a block that stands for one, and where
    /// nobody knows how many there are.
    pub(super) fn all_instances(&self, resource: &str, scope: &Scope<'t>) -> Option<Value<'t>> {
        let repeat = self.template().unit(scope).block(resource)?.repeat()?;
        let keys = self.keys_of(&repeat)?;
        let instance = |key: &Key| {
            let address = Cow::Owned(format!("{resource}{}", in_brackets(key)));
            let name = Name::Attribute(address, Cow::Borrowed(""));
            Child::built(Expr::Name(name), scope)
        };
        Some(match repeat {
            Repeat::Count(_) => {
                let all = keys.iter().map(|(key, _)| instance(key));
                Value::List(all.collect::<Items<'t>>())
            }
            Repeat::Each(_) => {
                let all = keys.iter().filter_map(|(key, _)| match key {
                    Key::Text(text) => Some(Entry::new(Cow::Owned(text.clone()), instance(key))),
                    Key::Number(_) => None,
                });
                Value::Map(all.collect())
            }
        })
    }

    /// What a block says under an attribute, as far as that is what the attribute will be: what a provider fills in is not known. An
    /// instance that there is not is an error.
    pub(super) fn written_in(
        &self,
        resource: &str,
        attribute: &str,
        scope: &Scope<'t>,
    ) -> Option<Value<'t>> {
        let (address, key) = parted(resource);
        let block = self.template().unit(scope).block(address)?;
        let scope = match (block.repeat(), key) {
            (None, None) => block.scope.clone(),
            (None, Some(_)) => return None,
            (Some(repeat), key) => match self.instance_scope(block, &repeat, key) {
                Ok(scope) => scope,
                Err(cause) => return Some(Value::Unknown(cause)),
            },
        };
        if META.contains(&attribute) || address.starts_with("module.") {
            return None;
        }
        let node = block.part(attribute)?;
        if terraform::may_be_block(node) {
            return None;
        }
        match self.value(&Child::node(node, &scope)) {
            // Whose attribute it is says more than why it is not known.
            Value::Absent | Value::Unknown(_) | Value::OneOf(..) => None,
            value => Some(value),
        }
    }

    /// What `each` and `count` are in an instance; of one whose key nobody knows they are not known.
    fn instance_scope(
        &self,
        block: &Block<'t>,
        repeat: &Repeat<'t>,
        key: Option<Key>,
    ) -> Result<Scope<'t>, Cause> {
        let name = match repeat {
            Repeat::Count(_) => "count",
            Repeat::Each(_) => "each",
        };
        let open = |part: &str| {
            let cause = Cause::Pseudo(format!("{name}.{part}"));
            Child::built(Expr::Unknown(cause), &None)
        };
        let mut value = None;
        if let Some(key) = &key
            && let Some(keys) = self.keys_of(repeat)
        {
            let known = keys.into_iter().find(|(known, _)| is_same(known, key));
            let Some((_, known)) = known else {
                return Err(Cause::Rejected("an index".to_owned()));
            };
            value = known;
        }
        let key = key.map(|key| match key {
            Key::Number(number) => Expr::Number(Cow::Owned(number.to_string())),
            Key::Text(text) => Expr::Text(Cow::Owned(text)),
        });
        let key = key.map(|key| Child::built(key, &None));
        let parts = match repeat {
            Repeat::Count(_) => vec![Entry::new("index", key.unwrap_or_else(|| open("index")))],
            Repeat::Each(_) => vec![
                Entry::new("key", key.unwrap_or_else(|| open("key"))),
                Entry::new("value", value.unwrap_or_else(|| open("value"))),
            ],
        };
        let parts = Child::built(Expr::Map(parts.into()), &None);
        Ok(bind(&block.scope, Cow::Borrowed(name), parts))
    }

    /// The keys of all instances, where they are known and not too many.
    fn keys_of(&self, repeat: &Repeat<'t>) -> Option<Keys<'t>> {
        match repeat {
            Repeat::Count(count) => {
                let Value::Text(count) = self.value(count) else {
                    return None;
                };
                let count = count.number()?.as_index().filter(|count| *count <= MOST)?;
                Some((0..count).map(|at| (Key::Number(at), None)).collect())
            }
            Repeat::Each(each) => {
                let keyed = self.instance_rounds(&self.value(each))?;
                let few = keyed.len() <= MOST;
                let keys = keyed.into_iter();
                let keys = keys.map(|(key, value)| (Key::Text(key.into_owned()), Some(value)));
                few.then(|| keys.collect())
            }
        }
    }

    /// Keys and values that `for_each` of a resource or module runs over, in the order of its instances: a map, or a set of texts.
    #[must_use]
    pub fn instance_rounds(&self, value: &Value<'t>) -> Option<Vec<(Cow<'t, str>, Child<'t>)>> {
        match value {
            Value::Map(entries) => {
                let entries = entries.in_order().into_iter();
                Some(entries.map(|entry| (entry.key, entry.value)).collect())
            }
            Value::List(items) if items.kind == ListKind::Set => {
                let items = self.in_set(items).into_iter();
                let keyed = items.map(|item| match self.value(&item) {
                    Value::Text(key)
                        if matches!(key.kind(), ScalarKind::Text | ScalarKind::Any) =>
                    {
                        Some((key.into_text(), item))
                    }
                    _ => None,
                });
                keyed.collect()
            }
            _ => None,
        }
    }

    /// An attribute of each instance of a resource or module, and what is asked of it; `None` where it is not known which there are.
    pub(super) fn of_each_instance(&self, asked: &Child<'t>) -> Option<Value<'t>> {
        let template = self.template();
        let (start, rest): (Child<'t>, Vec<Child<'t>>) = match template.expr(asked) {
            Expr::Call(Function::Index, parts) => (parts.first()?, parts.iter().skip(1).collect()),
            _ => (asked.clone(), Vec::new()),
        };
        let Expr::Name(Name::Attribute(resource, attribute)) = template.expr(&start) else {
            return None;
        };
        let block = template.unit(&asked.scope).block(&resource)?;
        let addresses: Vec<String> = match block.repeat() {
            None => vec![resource.clone().into_owned()],
            Some(repeat @ Repeat::Count(_)) => {
                let keys = self.keys_of(&repeat)?;
                let keys = keys.iter().map(|(key, _)| in_brackets(key));
                keys.map(|key| format!("{resource}{key}")).collect()
            }
            // The splat of a map is a list of that map, which has no such attribute.
            Some(Repeat::Each(_)) => return None,
        };
        let all = addresses.into_iter().map(|address| {
            let name = Name::Attribute(Cow::Owned(address), attribute.clone());
            let name = Child::built(Expr::Name(name), &asked.scope);
            if rest.is_empty() {
                return name;
            }
            let parts = std::iter::once(name).chain(rest.iter().cloned());
            Child::built(Expr::Call(Function::Index, parts.collect()), &None)
        });
        Some(Value::List(all.collect::<Items<'t>>()))
    }

    /// The one instance that a value is, behind names: `each.value` where `for_each` runs over resources.
    pub(super) fn instance_behind(&self, child: &Child<'t>) -> Option<(Cow<'t, str>, Scope<'t>)> {
        if !self.is_typed() {
            return None;
        }
        let template = self.template();
        let mut child = child.clone();
        for _ in 0..DEEPEST {
            let scope = child.scope.clone();
            child = match template.expr(&child) {
                Expr::Name(Name::Loop(name)) => bound(&scope, &name)?.clone(),
                Expr::Name(Name::Definition(Space::Local, name)) => {
                    let unit = template.unit(&scope);
                    unit.definition(Space::Local, &name)?.clone()
                }
                Expr::Name(Name::Attribute(resource, attribute)) if attribute.is_empty() => {
                    let (address, key) = parted(&resource);
                    let block = template.unit(&scope).block(address)?;
                    let is_one = block.repeat().is_some() == key.is_some();
                    return is_one.then_some((resource, scope));
                }
                _ => return None,
            };
        }
        None
    }
}

/// An address, and the key of the instance that it names.
fn parted(resource: &str) -> (&str, Option<Key>) {
    let Some((address, key)) = resource
        .strip_suffix(']')
        .and_then(|rest| rest.split_once('['))
    else {
        return (resource, None);
    };
    let key = match key.parse() {
        Ok(number) => Some(Key::Number(number)),
        Err(_) => serde_json::from_str(key).ok().map(Key::Text),
    };
    (address, key)
}

fn in_brackets(key: &Key) -> String {
    match key {
        Key::Number(number) => format!("[{number}]"),
        Key::Text(text) => quoted_key(text),
    }
}

fn is_same(one: &Key, other: &Key) -> bool {
    match (one, other) {
        (Key::Number(one), Key::Number(other)) => one == other,
        (Key::Text(one), Key::Text(other)) => one == other,
        // An index that is a text is taken for a number, and the other way round.
        (Key::Number(number), Key::Text(text)) | (Key::Text(text), Key::Number(number)) => {
            *text == number.to_string()
        }
    }
}
