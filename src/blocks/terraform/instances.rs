//! `count` and `for_each`: one resource for each value where the values are known, and whether there may be none.

use std::borrow::Cow;

use super::block::{above_zero, bind, not, rounds};
use super::fold::{Facts, expr_of};
use super::{instance_key, quoted_key};
use crate::blocks::{Cause, Child, Expr, Function, Scope};
use crate::syntax::Node;

/// Instances of one block that are told apart.
const MOST: usize = 1000;

/// Properties of all instances together that are written out.
const PROPERTIES: usize = 500_000;

/// Spells out the instances of one module's blocks, as long as they are not too many.
pub(super) struct Instances<'f, 't> {
    facts: &'f Facts<'t>,
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

impl<'f, 't> Instances<'f, 't> {
    pub(super) fn new(facts: &'f Facts<'t>) -> Self {
        let left = PROPERTIES;
        Self { facts, left }
    }

    pub(super) fn facts(&self) -> &'f Facts<'t> {
        self.facts
    }

    /// The instances of a resource with this body.
    pub(super) fn of(&mut self, body: Node<'t>) -> All<'t> {
        if let Some(count) = body.get("count") {
            return self.counted(&Child::node(count, &None), body);
        }
        if let Some(each) = body.get("for_each") {
            return self.keyed(&Child::node(each, &None), body);
        }
        All::one(None, None)
    }

    fn counted(&mut self, count: &Child<'t>, body: Node<'t>) -> All<'t> {
        let number = self.facts.number(count);
        let condition = self.positive(count, number.is_some());
        if number == Some(0.0) && condition.is_none() {
            let scopes = Vec::new();
            return All { scopes, condition };
        }
        let index = |index: Expr<'t>| {
            bind(
                &None,
                Cow::Borrowed("count"),
                [("index", Child::built(index, &None))],
            )
        };
        let wanted = (1..=MOST).find(|wanted| number == Some(*wanted as f64));
        let Some(wanted) = wanted.filter(|wanted| self.affordable(*wanted, body)) else {
            let unknown = Expr::Unknown(Cause::Pseudo("count.index".to_owned()));
            return All::one(index(unknown), condition);
        };
        let scope = |at: usize| {
            let key = at.to_string();
            (instance_key(&key), index(Expr::Text(Cow::Owned(key))))
        };
        let scopes = (0..wanted).map(scope).collect();
        All { scopes, condition }
    }

    fn keyed(&mut self, each: &Child<'t>, body: Node<'t>) -> All<'t> {
        let found = rounds(each, self.facts);
        let varies = self.facts.varies(each);
        let empty = found.as_ref().is_some_and(Vec::is_empty);
        if empty && !varies {
            let (scopes, condition) = (Vec::new(), None);
            return All { scopes, condition };
        }
        let condition = self.filled(each).filter(|_| varies || found.is_none());
        let condition = condition.or_else(|| {
            let length = Expr::Call(Function::Length, vec![each.clone()]);
            empty.then(|| above_zero(Child::built(length, &None)))
        });
        let bind = |key: Child<'t>, value: Child<'t>| {
            bind(
                &None,
                Cow::Borrowed("each"),
                [("key", key), ("value", value)],
            )
        };
        let found = found.filter(|found| {
            (1..=MOST).contains(&found.len()) && self.affordable(found.len(), body)
        });
        let Some(found) = found else {
            let unknown = |part: &str| {
                Child::built(Expr::Unknown(Cause::Pseudo(format!("each.{part}"))), &None)
            };
            return All::one(bind(unknown("key"), unknown("value")), condition);
        };
        let scope = |(key, value): (Cow<'t, str>, Child<'t>)| {
            let address = quoted_key(&key);
            (address, bind(Child::built(Expr::Text(key), &None), value))
        };
        let scopes = found.into_iter().map(scope).collect();
        All { scopes, condition }
    }

    fn affordable(&mut self, instances: usize, body: Node<'_>) -> bool {
        let cost = body.entries().count().saturating_mul(instances);
        let left = self.left.checked_sub(cost);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    /// What has to hold so that the count is above zero; nothing where it always is, or never.
    fn positive(&self, count: &Child<'t>, known: bool) -> Option<Child<'t>> {
        if known && !self.facts.varies(count) {
            return None;
        }
        let inner = self.facts.unwrap(count);
        if let Expr::Call(Function::If, arguments) = expr_of(&inner)
            && let [condition, yes, no] = arguments.as_slice()
        {
            let some = |side: &Child<'t>| {
                let fixed = !self.facts.varies(side);
                self.facts
                    .number(side)
                    .filter(|_| fixed)
                    .map(|number| number > 0.0)
            };
            match (some(yes), some(no)) {
                (Some(true), Some(true)) => return None,
                (Some(true), Some(false)) => return Some(condition.clone()),
                (Some(false), Some(true)) => return Some(not(condition)),
                _ => {}
            }
        }
        Some(above_zero(count.clone()))
    }

    /// What has to hold so that `for_each` has elements, where a condition chooses between some and none.
    fn filled(&self, each: &Child<'t>) -> Option<Child<'t>> {
        let inner = self.facts.unwrap(each);
        let Expr::Call(Function::If, arguments) = expr_of(&inner) else {
            return None;
        };
        let [condition, yes, no] = arguments.as_slice() else {
            return None;
        };
        let none = |side: &Child<'t>| {
            let length = rounds(side, self.facts).map(|rounds| rounds.len());
            length == Some(0) && !self.facts.varies(side)
        };
        match (none(yes), none(no)) {
            (false, true) => Some(condition.clone()),
            (true, false) => Some(not(condition)),
            _ => None,
        }
    }
}
