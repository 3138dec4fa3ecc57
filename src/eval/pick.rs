//! The one element that an index takes, as it is written: what stands beside it is not referred to.

use std::borrow::Cow;

use super::{DEEPEST, Resolver, Value};
use crate::blocks::terraform::{Repeat, quoted_key};
use crate::blocks::{Child, Expr, Function, Items, ListKind, Name, Named, Scope, Space, bound};

/// Branches of choices that are followed.
const MOST: usize = 64;

impl<'t> Resolver<'_, 't> {
    /// What a function that takes one element of a collection takes, in each branch of a choice; `None` where that is not known.
    #[must_use]
    pub fn picked(&self, function: Function, arguments: &Items<'t>) -> Option<Vec<Child<'t>>> {
        let (collection, key) = match function {
            Function::Index | Function::Named(Named::Element | Named::Lookup) => {
                (arguments.first()?, arguments.get(1)?)
            }
            Function::Select => (arguments.get(1)?, arguments.first()?),
            _ => return None,
        };
        let mut left = MOST;
        let mut found = Vec::new();
        self.pick_from(&collection, &key, 0, &mut left, &mut found)?;
        // What follows is a part of what was taken; where that can't be told apart, all of it counts.
        for further in arguments.iter().skip(2) {
            if function != Function::Index {
                break;
            }
            let mut parts = Vec::new();
            let narrowed = found
                .iter()
                .try_for_each(|one| self.pick_from(one, &further, 0, &mut left, &mut parts));
            if narrowed.is_none() {
                break;
            }
            found = parts;
        }
        Some(found)
    }

    fn pick_from(
        &self,
        collection: &Child<'t>,
        key: &Child<'t>,
        depth: u32,
        left: &mut usize,
        found: &mut Vec<Child<'t>>,
    ) -> Option<()> {
        *left = left.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        let template = self.template();
        let mut further = |child: &Child<'t>| self.pick_from(child, key, depth + 1, left, found);
        match template.expr(collection) {
            Expr::Call(Function::If, branches) => {
                branches.iter().skip(1).try_for_each(|one| further(&one))
            }
            Expr::Call(Function::Same | Function::Spread, one) => further(&one.first()?),
            Expr::Call(function, arguments) if is_pick(function) => {
                let all = self.picked(function, &arguments)?;
                all.iter().try_for_each(further)
            }
            Expr::Call(Function::Instances, of) => {
                let Expr::Name(Name::Attribute(resource, attribute)) = template.expr(&of.first()?)
                else {
                    return None;
                };
                found.push(self.instance_at(&resource, &attribute, key, &collection.scope)?);
                Some(())
            }
            Expr::Name(Name::Definition(space @ Space::Local, name)) => {
                further(template.unit(&collection.scope).definition(space, &name)?)
            }
            Expr::Name(Name::Loop(name)) => further(bound(&collection.scope, &name)?),
            Expr::Name(Name::Parameter(name)) => {
                let at = template.parameter(&collection.scope, &name)?;
                further(template.parameters[at].handed.as_ref()?)
            }
            Expr::Name(Name::Attribute(block, attribute)) => {
                let calls = template.unit(&collection.scope).calls(&block);
                if calls.is_empty() {
                    let scope = &collection.scope;
                    let one = self.instance_at(&block, "", key, scope);
                    found.push(one.filter(|_| attribute.is_empty())?);
                    return Some(());
                }
                let outputs = calls.iter().map(|call| template.outputs(call, &attribute));
                let outputs: Vec<_> = outputs.flatten().collect();
                (!outputs.is_empty()).then_some(())?;
                outputs.into_iter().try_for_each(further)
            }
            Expr::List(items) => {
                found.push(self.element_at(&items, key)?);
                Some(())
            }
            Expr::Map(_) | Expr::For(_) | Expr::Call(Function::Object, _) => {
                let value = self.settled(collection)?;
                found.push(match value {
                    Value::List(items) => self.element_at(&items, key)?,
                    Value::Map(entries) => entries.get(&self.key(key)?)?.value,
                    _ => return None,
                });
                Some(())
            }
            _ => None,
        }
    }

    /// One instance of a resource that has several.
    fn instance_at(
        &self,
        resource: &str,
        attribute: &str,
        key: &Child<'t>,
        scope: &Scope<'t>,
    ) -> Option<Child<'t>> {
        let unit = self.template().unit(scope);
        let key = self.key(key)?;
        let key = match unit.block(resource)?.repeat()? {
            Repeat::Count(_) => format!("[{key}]"),
            Repeat::Each(_) => quoted_key(&key),
        };
        let address = format!("{resource}{key}");
        if !unit.names.contains_key(&*address) {
            return None;
        }
        let name = Name::Attribute(Cow::Owned(address), Cow::Owned(attribute.to_owned()));
        Some(Child::built(Expr::Name(name), scope))
    }

    fn element_at(&self, items: &Items<'t>, key: &Child<'t>) -> Option<Child<'t>> {
        let at: usize = self.key(key)?.parse().ok()?;
        // CloudFormation leaves out what is nothing, and the others move up.
        let may_move = |item: &Child<'t>| {
            let expr = self.template().expr(item);
            matches!(expr, Expr::Absent | Expr::Call(Function::If, _))
        };
        let moves = !self.is_typed() && items.iter().take(at + 1).any(|item| may_move(&item));
        items
            .get(at)
            .filter(|_| items.kind != ListKind::Set && !moves)
    }

    /// A key that is known, whatever a parameter is.
    fn key(&self, key: &Child<'t>) -> Option<Cow<'t, str>> {
        match self.settled(key)? {
            Value::Text(text) => Some(text.into_text()),
            _ => None,
        }
    }

    /// A value that no parameter decides.
    fn settled(&self, child: &Child<'t>) -> Option<Value<'t>> {
        self.refuel();
        self.take_trace();
        let value = self.value(child);
        self.take_trace().parameters.is_empty().then_some(value)
    }
}

fn is_pick(function: Function) -> bool {
    matches!(
        function,
        Function::Index | Function::Select | Function::Named(Named::Element | Named::Lookup)
    )
}
