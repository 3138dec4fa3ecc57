//! `count` and `for_each`: one resource for each value where the values are known, and whether there may be none.

use std::borrow::Cow;

use super::{above_zero, call, choice, is_filled, not, unknown_part, varying};
use crate::blocks::terraform::{Block, Knowledge, Repeat, quoted_key};
use crate::blocks::{Cause, Child, Entry, Expr, Function, Named, Scope, Template, bind};
use crate::eval::{Resolver, Value};

/// Instances of one block that are told apart.
const MOST: usize = 1000;

/// Properties of all instances together that are written out.
const PROPERTIES: usize = 500_000;
/// What an instance costs beside its properties, counted in them: its name, its place, what is decided of it.
const LEAST: usize = 16;

/// Spells out the instances of one module's blocks, as long as they are not too many.
pub(super) struct Instances<'f, 't> {
    template: &'f Template<'t>,
    resolver: Resolver<'f, 't>,
    left: usize,
}

/// The instances of one block.
pub(super) struct All<'t> {
    /// The key in brackets, or nothing, and the loop variables.
    pub scopes: Vec<(String, Scope<'t>)>,
    /// What says whether there are any.
    pub condition: Option<Child<'t>>,
}

impl<'t> All<'t> {
    fn one(scope: Scope<'t>, condition: Option<Child<'t>>) -> Self {
        let scopes = vec![(String::new(), scope)];
        Self { scopes, condition }
    }
}

/// Whether one instance of a block is made, as far as its own arguments decide that.
pub(super) enum Made<'t> {
    Always,
    Never,
    If(Child<'t>),
}

impl<'f, 't> Instances<'f, 't> {
    pub(super) fn new(template: &'f Template<'t>) -> Self {
        Self {
            template,
            resolver: Resolver::new(template),
            left: PROPERTIES,
        }
    }

    /// The instances of a call of a module of a size; `left` is what all calls may still make.
    pub(super) fn of_call(&mut self, block: &Block<'t>, size: usize, left: &mut usize) -> All<'t> {
        let mut all = self.of(block);
        let cost = size.saturating_mul(all.scopes.len());
        if cost > *left && all.scopes.len() > 1 {
            // As where nobody knows how many there are.
            let unknown = Expr::Unknown(Cause::TooDeep);
            let unknown = Child::built(unknown, &None);
            let parts = ["key", "value", "index"].map(|part| Entry::new(part, unknown.clone()));
            let name = match block.repeat() {
                Some(Repeat::Count(_)) => "count",
                _ => "each",
            };
            let scope = bound(name, parts.into(), &block.scope);
            all.scopes = vec![(String::new(), scope)];
        }
        *left = left.saturating_sub(size.saturating_mul(all.scopes.len()));
        all
    }

    /// The instances of a resource.
    pub(super) fn of(&mut self, block: &Block<'t>) -> All<'t> {
        match block.repeat() {
            Some(Repeat::Count(count)) => self.counted(&count, block),
            Some(Repeat::Each(each)) => self.keyed(&each, block),
            None => self.switched(block),
        }
    }

    /// One that may be switched off.
    fn switched(&self, block: &Block<'t>) -> All<'t> {
        let Some(enabled) = block.enabled() else {
            return All::one(block.scope.clone(), None);
        };
        let (value, varies) = varying(&self.resolver, &enabled);
        let is = |wanted: &str| matches!(&value, Value::Text(text) if **text == *wanted);
        match varies {
            false if is("true") => All::one(block.scope.clone(), None),
            false if is("false") => All {
                scopes: Vec::new(),
                condition: None,
            },
            _ => All::one(block.scope.clone(), Some(enabled)),
        }
    }

    /// Whether one instance is made: a module makes nothing where an input that switches it on is false. What is not written, or null,
    /// is true.
    pub(super) fn made(&self, block: &Block<'t>, scope: &Scope<'t>) -> Made<'t> {
        let Knowledge::Known(switches) = &block.called else {
            return Made::Always;
        };
        let mut open = Vec::new();
        for switch in switches {
            let Some(written) = block.part(switch) else {
                continue;
            };
            let on = Child::built(Expr::Bool(true), &None);
            let written = Child::node(written, scope);
            let switch = call(Function::Named(Named::Coalesce), [written, on]);
            let (value, varies) = varying(&self.resolver, &switch);
            let is = |wanted: &str| matches!(&value, Value::Text(text) if **text == *wanted);
            match varies {
                false if is("true") => {}
                false if is("false") => return Made::Never,
                _ => open.push(switch),
            }
        }
        let both = |all: Child<'t>, one| call(Function::And, [all, one]);
        open.into_iter().reduce(both).map_or(Made::Always, Made::If)
    }

    fn counted(&mut self, count: &Child<'t>, block: &Block<'t>) -> All<'t> {
        let (value, varies) = varying(&self.resolver, count);
        let number = number(&value);
        let condition = self.positive(count, number.is_some() && !varies);
        if number == Some(0) && condition.is_none() {
            let scopes = Vec::new();
            return All { scopes, condition };
        }
        let index = |index: Expr<'t>| {
            let parts = [Entry::new("index", Child::built(index, &None))];
            bound("count", parts.into(), &block.scope)
        };
        let wanted = number.filter(|wanted| (1..=MOST).contains(wanted));
        let Some(wanted) = wanted.filter(|wanted| self.affordable(*wanted, block)) else {
            let unknown = Expr::Unknown(Cause::Pseudo("count.index".to_owned()));
            return All::one(index(unknown), condition);
        };
        let scope = |at: usize| {
            let key = at.to_string();
            (format!("[{key}]"), index(Expr::Number(Cow::Owned(key))))
        };
        let scopes = (0..wanted).map(scope).collect();
        All { scopes, condition }
    }

    fn keyed(&mut self, each: &Child<'t>, block: &Block<'t>) -> All<'t> {
        let (value, varies) = varying(&self.resolver, each);
        let found = self.resolver.instance_rounds(&value);
        let is_empty = found.as_ref().is_some_and(Vec::is_empty);
        if is_empty && !varies {
            let (scopes, condition) = (Vec::new(), None);
            return All { scopes, condition };
        }
        let condition = self.filled(each).filter(|_| varies || found.is_none());
        // What nobody knows may be empty too.
        let may_be_empty = is_empty || found.is_none();
        let condition = condition.or_else(|| may_be_empty.then(|| is_filled(each)));
        let bind = |key: Child<'t>, value: Child<'t>| {
            let parts = [Entry::new("key", key), Entry::new("value", value)];
            bound("each", parts.into(), &block.scope)
        };
        let found = found.filter(|found| {
            (1..=MOST).contains(&found.len()) && self.affordable(found.len(), block)
        });
        let Some(found) = found else {
            let unknown = |part: &str| unknown_part(each, format!("each.{part}"));
            return All::one(bind(unknown("key"), unknown("value")), condition);
        };
        let scope = |(key, value): (Cow<'t, str>, Child<'t>)| {
            let address = quoted_key(&key);
            (address, bind(Child::built(Expr::Text(key), &None), value))
        };
        let scopes = found.into_iter().map(scope).collect();
        All { scopes, condition }
    }

    fn affordable(&mut self, instances: usize, block: &Block<'_>) -> bool {
        let each = block.body.entries().count().saturating_add(LEAST);
        let cost = each.saturating_mul(instances);
        let left = self.left.checked_sub(cost);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    /// What has to hold so that the count is above zero; nothing where it always is, or never.
    fn positive(&self, count: &Child<'t>, is_fixed: bool) -> Option<Child<'t>> {
        if is_fixed {
            return None;
        }
        if let Some([condition, yes, no]) = choice(self.template, count) {
            let some = |side: &Child<'t>| {
                let (value, varies) = varying(&self.resolver, side);
                number(&value).filter(|_| !varies).map(|number| number > 0)
            };
            match (some(&yes), some(&no)) {
                (Some(true), Some(true)) => return None,
                (Some(true), Some(false)) => return Some(condition),
                (Some(false), Some(true)) => return Some(not(&condition)),
                _ => {}
            }
        }
        Some(above_zero(count.clone()))
    }

    /// What has to hold so that `for_each` has elements, where a condition chooses between some and none.
    fn filled(&self, each: &Child<'t>) -> Option<Child<'t>> {
        let [condition, yes, no] = choice(self.template, each)?;
        let none = |side: &Child<'t>| {
            let (value, varies) = varying(&self.resolver, side);
            let rounds = self.resolver.instance_rounds(&value);
            rounds.is_some_and(|rounds| rounds.is_empty()) && !varies
        };
        match (none(&yes), none(&no)) {
            (false, true) => Some(condition),
            (true, false) => Some(not(&condition)),
            _ => None,
        }
    }
}

fn number(value: &Value<'_>) -> Option<usize> {
    match value {
        Value::Text(text) => text.number()?.as_index(),
        _ => None,
    }
}

/// A loop variable with parts.
pub(super) fn bound<'t>(
    name: impl Into<Cow<'t, str>>,
    parts: Vec<Entry<'t>>,
    outer: &Scope<'t>,
) -> Scope<'t> {
    bind(
        outer,
        name.into(),
        Child::built(Expr::Map(parts.into()), &None),
    )
}
