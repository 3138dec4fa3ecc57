//! As much of a value as `count`, `for_each` and `dynamic` need to be spelled out: literals, defaults of variables and
//! locals, and the few functions that people write there. Whatever else a value hangs on makes it unknown.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

use crate::blocks::{Child, Entry, Expr, Function, Name, Scope, Space, What, bound};
use crate::syntax::Kind;

/// Hops and nesting.
const DEEPEST: usize = 64;

/// Steps for one question.
const STEPS: usize = 20_000;

/// Steps for all questions about one template: what is asked for often must be cheap.
const ALL_STEPS: usize = 5_000_000;

/// Variables and locals by name.
#[derive(Debug)]
pub(super) struct Facts<'t> {
    left: Cell<usize>,
    pub variables: HashMap<Cow<'t, str>, Child<'t>>,
    pub locals: HashMap<Cow<'t, str>, Child<'t>>,
}

impl Default for Facts<'_> {
    fn default() -> Self {
        Self {
            left: Cell::new(ALL_STEPS),
            variables: HashMap::new(),
            locals: HashMap::new(),
        }
    }
}

impl<'t> Facts<'t> {
    /// The value one level deep: a text, a list, a map, or nothing.
    pub(super) fn value(&self, child: &Child<'t>) -> Option<Expr<'t>> {
        self.fold(&Cell::new(STEPS)).value(child, 0)
    }

    /// The text, if it is one.
    pub(super) fn text(&self, child: &Child<'t>) -> Option<Cow<'t, str>> {
        self.fold(&Cell::new(STEPS)).text(child, 0)
    }

    /// The number, if it is one.
    pub(super) fn number(&self, child: &Child<'t>) -> Option<f64> {
        self.text(child)?.parse().ok()
    }

    /// Whether a variable takes part in it, so that it could be different.
    pub(super) fn varies(&self, child: &Child<'t>) -> bool {
        self.fold(&Cell::new(STEPS)).varies(child, 0)
    }

    /// The expression behind names of locals and functions that change nothing.
    pub(super) fn unwrap(&self, child: &Child<'t>) -> Child<'t> {
        let mut child = child.clone();
        for _ in 0..DEEPEST {
            child = match expr_of(&child) {
                Expr::Name(Name::Definition(Space::Local, name)) => match self.locals.get(&name) {
                    Some(local) => local.clone(),
                    None => return child,
                },
                Expr::Call(Function::Same, mut arguments) if arguments.len() == 1 => {
                    arguments.remove(0)
                }
                _ => return child,
            };
        }
        child
    }

    fn fold<'f>(&'f self, steps: &'f Cell<usize>) -> Fold<'f, 't> {
        Fold { facts: self, steps }
    }
}

/// What stands there, one level deep.
pub(super) fn expr_of<'t>(child: &Child<'t>) -> Expr<'t> {
    match &child.what {
        What::Node(node) => super::expr(*node, &child.scope),
        What::Built(expr) => Expr::clone(expr),
    }
}

struct Fold<'f, 't> {
    facts: &'f Facts<'t>,
    steps: &'f Cell<usize>,
}

impl<'t> Fold<'_, 't> {
    /// What stands there, if looking at it is not too much.
    fn look(&self, child: &Child<'t>, depth: usize) -> Option<Expr<'t>> {
        let text = child.as_node().filter(|node| node.kind() == Kind::Scalar);
        let length = text.map_or(0, |node| node.span().len() as usize / 16);
        self.pay(1 + length)?;
        let expr = expr_of(child);
        match &expr {
            Expr::List(items) => self.pay(items.len())?,
            Expr::Map(entries) => self.pay(entries.len())?,
            _ => {}
        }
        (depth < DEEPEST).then_some(expr)
    }

    fn pay(&self, steps: usize) -> Option<()> {
        let all = &self.facts.left;
        let left = all.get().checked_sub(steps);
        all.set(left.unwrap_or(0));
        self.steps.set(self.steps.get().checked_sub(steps)?);
        left.map(|_| ())
    }

    fn value(&self, child: &Child<'t>, depth: usize) -> Option<Expr<'t>> {
        let next = depth + 1;
        match self.look(child, depth)? {
            Expr::Unknown(_) => None,
            Expr::Name(name) => self.value(&self.named(&name, &child.scope)?, next),
            Expr::Call(function, arguments) => self.call(function, &arguments, &child.scope, next),
            value => Some(value),
        }
    }

    fn named(&self, name: &Name<'t>, scope: &Scope<'t>) -> Option<Child<'t>> {
        match name {
            Name::Parameter(name) => self.facts.variables.get(name).cloned(),
            Name::Definition(Space::Local, name) => self.facts.locals.get(name).cloned(),
            Name::Loop(name) => bound(scope, name).cloned(),
            _ => None,
        }
    }

    fn text(&self, child: &Child<'t>, depth: usize) -> Option<Cow<'t, str>> {
        match self.value(child, depth)? {
            Expr::Text(text) => Some(text),
            _ => None,
        }
    }

    fn number(&self, child: &Child<'t>, depth: usize) -> Option<f64> {
        self.text(child, depth)?.parse().ok()
    }

    fn truth(&self, child: &Child<'t>, depth: usize) -> Option<bool> {
        match &*self.text(child, depth)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn list(&self, child: &Child<'t>, depth: usize) -> Option<Vec<Child<'t>>> {
        match self.value(child, depth)? {
            Expr::List(items) => Some(items),
            _ => None,
        }
    }

    fn call(
        &self,
        function: Function,
        arguments: &[Child<'t>],
        scope: &Scope<'t>,
        depth: usize,
    ) -> Option<Expr<'t>> {
        let truth = |value: bool| {
            Some(Expr::Text(Cow::Borrowed(if value {
                "true"
            } else {
                "false"
            })))
        };
        let same = |a, b| Some(self.text(a, depth)? == self.text(b, depth)?);
        match (function, arguments) {
            (Function::If, [condition, yes, no]) => {
                let taken = if self.truth(condition, depth)? {
                    yes
                } else {
                    no
                };
                self.value(taken, depth)
            }
            (Function::Equals, [a, b]) => truth(same(a, b)?),
            (Function::Differs, [a, b]) => truth(!same(a, b)?),
            (Function::Below, [a, b]) => truth(self.number(a, depth)? < self.number(b, depth)?),
            (Function::AtMost, [a, b]) => truth(self.number(a, depth)? <= self.number(b, depth)?),
            (Function::Not, [a]) => truth(!self.truth(a, depth)?),
            (Function::And, [a, b]) => truth(self.truth(a, depth)? && self.truth(b, depth)?),
            (Function::Or, [a, b]) => truth(self.truth(a, depth)? || self.truth(b, depth)?),
            (Function::Same, [a]) => self.value(a, depth),
            (Function::First, _) => self.first(arguments, depth),
            (Function::Index, [collection, key]) => {
                let found = self.member(collection, key, depth)??;
                self.value(&found, depth)
            }
            (Function::Lookup, [collection, key, default]) => {
                let found = self.member(collection, key, depth)?;
                self.value(found.as_ref().unwrap_or(default), depth)
            }
            (Function::Length, [a]) => {
                let length = match self.value(a, depth)? {
                    Expr::List(items) => items.len(),
                    Expr::Map(entries) => entries.len(),
                    Expr::Text(text) => text.chars().count(),
                    _ => return None,
                };
                Some(Expr::Text(Cow::Owned(length.to_string())))
            }
            (Function::Contains, [list, wanted]) => {
                let wanted = self.text(wanted, depth)?;
                let mut found = false;
                for item in self.list(list, depth)? {
                    found |= self.text(&item, depth)? == wanted;
                }
                truth(found)
            }
            (Function::Append, _) => {
                let mut items = Vec::new();
                for list in arguments {
                    items.extend(self.list(list, depth)?);
                }
                Some(Expr::List(items))
            }
            (Function::Merge, _) => self.merge(arguments, depth),
            (Function::Keys, [map]) => match self.value(map, depth)? {
                Expr::Map(entries) => {
                    let keys = entries.into_iter().map(|entry| Expr::Text(entry.key));
                    Some(Expr::List(
                        keys.map(|key| Child::built(key, scope)).collect(),
                    ))
                }
                _ => None,
            },
            (Function::Values, [map]) => match self.value(map, depth)? {
                Expr::Map(entries) => Some(Expr::List(
                    entries.into_iter().map(|entry| entry.value).collect(),
                )),
                _ => None,
            },
            (Function::Concat, _) => {
                let mut text = String::new();
                for part in arguments {
                    text.push_str(&self.text(part, depth)?);
                }
                Some(Expr::Text(Cow::Owned(text)))
            }
            (Function::Lower, [a]) => {
                Some(Expr::Text(Cow::Owned(self.text(a, depth)?.to_lowercase())))
            }
            (Function::Upper, [a]) => {
                Some(Expr::Text(Cow::Owned(self.text(a, depth)?.to_uppercase())))
            }
            _ => None,
        }
    }

    fn first(&self, arguments: &[Child<'t>], depth: usize) -> Option<Expr<'t>> {
        for argument in arguments {
            match self.value(argument, depth)? {
                Expr::Absent => {}
                value => return Some(value),
            }
        }
        None
    }

    fn merge(&self, maps: &[Child<'t>], depth: usize) -> Option<Expr<'t>> {
        let mut merged: Vec<Entry<'t>> = Vec::new();
        let mut places: HashMap<Cow<'t, str>, usize> = HashMap::new();
        for map in maps {
            let entries = match self.value(map, depth)? {
                Expr::Map(entries) => entries,
                Expr::Absent => continue,
                _ => return None,
            };
            for entry in entries {
                if let Some(&at) = places.get(&entry.key) {
                    merged[at] = entry;
                } else {
                    places.insert(entry.key.clone(), merged.len());
                    merged.push(entry);
                }
            }
        }
        Some(Expr::Map(merged))
    }

    /// A member of a collection: outside nothing if the collection is not known, inside nothing if it has no such member.
    fn member(
        &self,
        collection: &Child<'t>,
        key: &Child<'t>,
        depth: usize,
    ) -> Option<Option<Child<'t>>> {
        let key = self.text(key, depth)?;
        match self.value(collection, depth)? {
            Expr::Map(entries) => {
                let mut entries = entries.into_iter().rev();
                Some(
                    entries
                        .find(|entry| entry.key == key)
                        .map(|entry| entry.value),
                )
            }
            Expr::List(items) => {
                let index: usize = key.parse().ok()?;
                Some(items.into_iter().nth(index))
            }
            _ => None,
        }
    }

    fn varies(&self, child: &Child<'t>, depth: usize) -> bool {
        let Some(expr) = self.look(child, depth) else {
            return true;
        };
        let next = depth + 1;
        match expr {
            Expr::Absent | Expr::Text(_) | Expr::Unknown(_) => false,
            Expr::List(items) | Expr::Call(_, items) => {
                items.iter().any(|item| self.varies(item, next))
            }
            Expr::Map(entries) => entries.iter().any(|entry| self.varies(&entry.value, next)),
            Expr::Name(Name::Parameter(_)) => true,
            Expr::Name(name) => match self.named(&name, &child.scope) {
                Some(child) => self.varies(&child, next),
                None => false,
            },
        }
    }
}
