//! Which branch of a choice is in force, where a condition chooses what a resource is connected with.

use std::cell::RefCell;

use crate::blocks::{Cause, Child, Expr, Name, is_in_loop, unit};
use crate::eval::{Resolver, Truth};
use crate::graph::references::Sides;

/// What tells a condition from others: its unit and its name, or where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    Named(usize, String),
    Written(usize, usize, u32),
    /// Nothing: it may be another one whenever it is asked.
    Nameless,
}

/// The branches in force under what a resolver assumes. Of conditions that it can't tell, the first few are taken to hold or not,
/// in the order in which they are met; the next one leaves everything open.
pub(super) struct Branches<'r, 'a, 't> {
    resolver: &'r Resolver<'a, 't>,
    taken: &'r [bool],
    met: RefCell<Vec<Known>>,
    open: RefCell<Option<Cause>>,
}

impl<'r, 'a, 't> Branches<'r, 'a, 't> {
    pub fn new(resolver: &'r Resolver<'a, 't>, taken: &'r [bool]) -> Self {
        Self {
            resolver,
            taken,
            met: RefCell::default(),
            open: RefCell::default(),
        }
    }

    /// Why it is open which branches are in force.
    pub fn into_open(self) -> Option<Cause> {
        self.open.into_inner()
    }

    fn known(&self, condition: &Child<'t>) -> Known {
        if let Expr::Name(Name::Definition(_, name)) = self.resolver.template().expr(condition) {
            return Known::Named(unit(&condition.scope), name.into_owned());
        }
        match condition.as_node() {
            Some(node) if !is_in_loop(&condition.scope) => Known::Written(
                unit(&condition.scope),
                node.document().number(),
                node.target_index(),
            ),
            _ => Known::Nameless,
        }
    }
}

impl<'t> Sides<'t> for Branches<'_, '_, 't> {
    fn side(&self, condition: &Child<'t>) -> Option<bool> {
        self.resolver.refuel();
        let causes = match self.resolver.truth(condition) {
            Truth::Yes => return Some(true),
            Truth::No => return Some(false),
            Truth::Maybe(causes) => causes,
        };
        let known = self.known(condition);
        let mut met = self.met.borrow_mut();
        let before = met.iter().position(|one| *one == known);
        let before = before.filter(|_| known != Known::Nameless);
        let number = before.unwrap_or(met.len());
        let side = self.taken.get(number).copied();
        if side.is_none() {
            let cause = causes.into_iter().next().unwrap_or(Cause::TooDeep);
            self.open.borrow_mut().get_or_insert(cause);
        } else if before.is_none() {
            met.push(known);
        }
        side
    }
}
