//! The one walk over the expressions of a block, from name to name, to all that is named anywhere in it.

use std::collections::HashSet;

use rustc_hash::FxHashSet;

use super::references::{Sides, handed_on, named};
use crate::blocks::{
    Cause, Child, Expr, Function, Items, LedTo, Name, Named, Place, Scope, Shared, Space, Template,
    bound, is_in_loop, unit,
};
use crate::eval::Resolver;
use crate::syntax::{Kind, Node};

/// Nesting beyond which nothing is followed.
pub(super) const DEEPEST: u32 = 96;
/// Expressions in one block beyond which nothing is followed: loops may write out the same thing over and over.
const MOST: u32 = 200_000;
/// Expressions in one property from which on a node is looked at once only: an alias bomb is full of the same ones.
const MANY: u32 = 1_000;

/// What a walk notes of what it comes by. Classification needs only who is referred to; the owned graph also by what path and
/// where. Both go the same way: what notes nothing of the path costs nothing.
pub(super) trait Trail {
    /// A key or a position further down.
    fn step(&mut self, _step: Step<'_>) {}
    /// Back from the last step.
    fn back(&mut self) {}
    /// From here on the path and the place stay what they are: a name was followed, or a function computes something.
    fn hold(&mut self) {}
    /// The end of what [`Self::hold`] began.
    fn release(&mut self) {}
    /// Something stands here; gives what to return to.
    fn stand(&mut self, _child: &Child<'_>) -> Option<Place> {
        None
    }
    /// Returns to an earlier place.
    fn leave(&mut self, _place: Option<Place>) {}
    /// These are referred to.
    fn found(&mut self, targets: &[usize]);
}

/// One step down into a property.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'k> {
    Key(&'k str),
    At(usize),
}

impl Trail for FxHashSet<usize> {
    fn found(&mut self, targets: &[usize]) {
        self.extend(targets);
    }
}

pub(super) struct Walk<'a, 't, T> {
    pub(super) template: &'a Template<'t>,
    pub(super) trail: T,
    /// Definitions that were met in the property.
    seen: FxHashSet<Shared>,
    /// What is written elsewhere and was gone to already on this way.
    visited: FxHashSet<Shared>,
    /// It goes on from another walk.
    is_inner: bool,
    /// Somewhere the walk came back to where it had been, or was not gone to its end: it found less than there may be.
    is_partial: bool,
    /// Nodes that were looked at already, in properties that have many.
    nodes: HashSet<(usize, usize, u32)>,
    walked: u32,
    left: u32,
    /// The resource whose references these are, where it is one.
    pub(super) from: Option<usize>,
    /// How many times it went, on the way to here, to what is written elsewhere: others may go there as well.
    elsewhere: u32,
    /// Whether a choice was met in the property.
    pub(super) chooses: bool,
    /// Which branches of choices are in force; all, where nobody says it.
    pub(super) sides: Option<&'a dyn Sides<'t>>,
}

impl<'a, 't, T: Trail> Walk<'a, 't, T> {
    pub(super) fn new(template: &'a Template<'t>, trail: T) -> Self {
        Self {
            template,
            trail,
            seen: FxHashSet::default(),
            visited: FxHashSet::default(),
            is_inner: false,
            is_partial: false,
            nodes: HashSet::new(),
            walked: 0,
            left: MOST,
            from: None,
            elsewhere: 0,
            chooses: false,
            sides: None,
        }
    }

    /// Follows the next property of the same block.
    pub(super) fn property(&mut self, value: &Child<'t>) {
        self.seen.clear();
        self.visited.clear();
        self.nodes.clear();
        self.walked = 0;
        self.chooses = false;
        self.follow(value, 0);
    }

    /// What a function takes, without the branches of a choice that are not in force. What only decides a choice is not chosen.
    pub(super) fn in_force(&self, function: Function, arguments: &Items<'t>) -> Vec<Child<'t>> {
        let (Function::If, Some(sides), Some([condition, yes, no])) =
            (function, self.sides, arguments.take())
        else {
            return arguments.iter().collect();
        };
        match sides.side(&condition) {
            Some(true) => vec![yes],
            Some(false) => vec![no],
            None => vec![yes, no],
        }
    }

    /// Whether a definition is met for the first time in the property: its parts need not be told for each that picks one.
    fn is_new(&mut self, definition: &Child<'t>) -> bool {
        let key = shared(definition).filter(|_| !self.is_inner);
        key.is_none_or(|key| self.seen.insert(key))
    }

    /// Follows what is written elsewhere, by a name for it. What that leads to is found out once for all who come by.
    fn follow_elsewhere(&mut self, child: &Child<'t>, depth: u32) {
        let Some(key) = shared(child) else {
            self.follow_again(child, depth);
            return;
        };
        if self.sides.is_some() {
            if self.visited.insert(key) {
                self.follow_again(child, depth);
            }
            return;
        }
        if let Some(led) = self.template.followed.leads_to(key) {
            self.chooses |= led.chooses;
            if self.may_go_again(led.targets.len()) {
                self.trail.found(&led.targets);
            }
            return;
        }
        if !self.visited.insert(key) {
            self.is_partial = true;
            return;
        }
        let mut inner = Walk::new(self.template, FxHashSet::default());
        inner.is_inner = true;
        inner.visited = std::mem::take(&mut self.visited);
        inner.left = self.left;
        inner.from = self.from;
        inner.follow_again(child, depth);
        self.visited = inner.visited;
        // What was cut short on this way may be whole on the next.
        if !self.is_inner {
            self.visited.clear();
        }
        self.left = inner.left;
        self.chooses |= inner.chooses;
        let mut targets: Vec<usize> = inner.trail.into_iter().collect();
        targets.sort_unstable();
        self.trail.found(&targets);
        if inner.is_partial {
            self.is_partial = true;
        } else {
            let led = LedTo {
                targets: targets.into(),
                chooses: inner.chooses,
            };
            self.template.followed.remember(key, led);
        }
    }

    /// Follows what others may follow as well.
    fn follow_again(&mut self, child: &Child<'t>, depth: u32) {
        self.elsewhere += 1;
        self.follow(child, depth);
        self.elsewhere -= 1;
    }

    /// Takes a step; whether there is any left.
    pub(super) fn may_go_on(&mut self) -> bool {
        let may = self.left > 0;
        if may {
            self.left -= 1;
        } else {
            self.is_partial = true;
            self.template.followed.cut(self.from);
        }
        may
    }

    /// Takes steps that many may take again; whether there are any left.
    fn may_go_again(&mut self, steps: usize) -> bool {
        let resources = self.template.resources.len();
        let may = self.template.followed.take(steps, resources);
        if !may {
            self.is_partial = true;
            self.template.followed.cut(self.from);
        }
        may
    }

    pub(super) fn follow(&mut self, child: &Child<'t>, depth: u32) {
        if child.as_node().is_some_and(Node::is_alias) {
            self.elsewhere += 1;
            self.follow_here(child, depth);
            self.elsewhere -= 1;
        } else {
            self.follow_here(child, depth);
        }
    }

    fn follow_here(&mut self, child: &Child<'t>, depth: u32) {
        if depth > DEEPEST {
            self.is_partial = true;
            return;
        }
        if !self.may_go_on() || (self.elsewhere > 0 && !self.may_go_again(1)) {
            return;
        }
        self.walked += 1;
        if self.template.is_plain(child) {
            return;
        }
        // What stands in a loop means something else in every round.
        if self.walked > MANY
            && !is_in_loop(&child.scope)
            && let Some(node) = child.as_node()
            && !self.nodes.insert((
                unit(&child.scope),
                node.document().number(),
                node.target_index(),
            ))
        {
            return;
        }
        let before = self.trail.stand(child);
        if self.bare(child, depth) {
            self.trail.leave(before);
            return;
        }
        match self.template.expr(child) {
            // The call of a module that somebody knows stands among the resources.
            Expr::Unknown(Cause::Module(output)) => {
                self.trail.hold();
                self.resource(called(&output), &child.scope);
                self.trail.release();
            }
            Expr::Unknown(Cause::Data(name)) => {
                self.trail.hold();
                self.between(&name, &child.scope, depth);
                self.trail.release();
            }
            Expr::Absent | Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Unknown(_) => {}
            Expr::List(children) => {
                for (at, child) in children.iter().enumerate() {
                    self.trail.step(Step::At(at));
                    self.follow(&child, depth + 1);
                    self.trail.back();
                }
            }
            Expr::Call(Function::Instance, arguments) => {
                self.trail.hold();
                if let Some(address) = Resolver::new(self.template).address_of(&arguments) {
                    let scope = arguments.first().and_then(|address| address.scope);
                    self.resource(&address, &scope);
                    if let Some(Expr::Text(attribute)) =
                        arguments.get(2).map(|part| self.template.expr(&part))
                    {
                        self.outputs(&address, &attribute, &scope, depth);
                    }
                }
                if let Some(key) = arguments.get(1) {
                    self.follow(&key, depth + 1);
                }
                self.trail.release();
            }
            Expr::Call(Function::Refer, arguments) => {
                self.trail.hold();
                for name in Resolver::new(self.template).names_of(&arguments) {
                    self.referred(&name, &child.scope);
                }
                // What the name is made of may refer to something, too.
                for child in arguments.iter() {
                    self.follow(&child, depth + 1);
                }
                self.trail.release();
            }
            Expr::Call(Function::Import, arguments) => {
                self.trail.hold();
                let resolver = Resolver::new(self.template);
                if let Some(exported) = resolver.imported(&arguments) {
                    self.follow_elsewhere(exported, depth + 1);
                }
                if let Some(name) = arguments.get(1) {
                    self.follow(&name, depth + 1);
                }
                self.trail.release();
            }
            Expr::For(each) => {
                self.trail.hold();
                for part in each.parts() {
                    self.follow(&part, depth + 1);
                }
                self.trail.release();
            }
            Expr::Call(function, children) if self.picked(function, &children, depth) => {}
            Expr::Call(function, children) => {
                // What a choice gives is what stands in the property; what another function takes is only a part of that.
                let chooses = matches!(
                    function,
                    Function::If | Function::Same | Function::Named(Named::Coalesce | Named::Try)
                );
                let computes = !chooses;
                self.chooses |= function == Function::If;
                if computes {
                    self.trail.hold();
                }
                for child in self.in_force(function, &children) {
                    self.follow(&child, depth + 1);
                }
                if computes {
                    self.trail.release();
                }
            }
            Expr::Map(entries) => {
                for (key, value) in entries.pairs() {
                    if !is_order(key) {
                        self.trail.step(Step::Key(key));
                        self.follow(&value, depth + 1);
                        self.trail.back();
                    }
                }
            }
            Expr::Name(name) => {
                self.trail.hold();
                self.named(&name, child, depth);
                self.trail.release();
            }
        }
        self.trail.leave(before);
    }

    /// Follows the one element that a function takes of a collection, where it is known which one: the others are not meant.
    fn picked(&mut self, function: Function, arguments: &Items<'t>, depth: u32) -> bool {
        let Some(picked) = Resolver::new(self.template).picked(function, arguments) else {
            return false;
        };
        self.trail.hold();
        for child in picked {
            self.follow(&child, depth + 1);
        }
        // A key may be taken from something, and a default stands for itself.
        let collection = usize::from(function == Function::Select);
        for (_, child) in arguments
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != collection)
        {
            self.follow(&child, depth + 1);
        }
        self.trail.release();
        true
    }

    /// Follows a list or a map in which nothing is to be worked out, as it is written: most of a template is that.
    fn bare(&mut self, child: &Child<'t>, depth: u32) -> bool {
        let Some(node) = self.template.bare(child) else {
            return false;
        };
        if node.kind() == Kind::Sequence {
            for (at, item) in node.items().enumerate() {
                self.trail.step(Step::At(at));
                self.follow(&Child::node(item, &child.scope), depth + 1);
                self.trail.back();
            }
            return true;
        }
        let Some(entries) = node.distinct_entries() else {
            return false;
        };
        for (key, value) in entries {
            let key = key.text();
            if !is_order(&key) {
                self.trail.step(Step::Key(&key));
                self.follow(&Child::node(value, &child.scope), depth + 1);
                self.trail.back();
            }
        }
        true
    }

    fn named(&mut self, name: &Name<'t>, child: &Child<'t>, depth: u32) {
        match name {
            Name::Any(name) => {
                if let Some(value) = bound(&child.scope, name) {
                    let value = value.clone();
                    self.follow_elsewhere(&value, depth + 1);
                } else if self.template.parameter(&child.scope, name).is_none() {
                    self.resource(name, &child.scope);
                } else {
                    self.handed(name, &child.scope, depth);
                }
            }
            Name::Attribute(resource, attribute) => {
                self.resource(resource, &child.scope);
                self.between(resource, &child.scope, depth);
                self.outputs(resource, attribute, &child.scope, depth);
            }
            Name::Loop(name) => {
                if let Some(value) = bound(&child.scope, name).cloned() {
                    self.follow_elsewhere(&value, depth + 1);
                }
            }
            Name::Definition(Space::Local, name) => {
                let definition = self
                    .template
                    .unit(&child.scope)
                    .definition(Space::Local, name);
                if let Some(definition) = definition
                    && self.is_new(definition)
                {
                    self.follow_elsewhere(definition, depth + 1);
                }
            }
            Name::Parameter(name) => self.handed(name, &child.scope, depth),
            Name::Definition(..) => {}
        }
    }

    /// What stands in a data source, or in what only hands on: whoever refers to it refers to that. `name` may go on with an attribute.
    fn between(&mut self, name: &str, scope: &Scope<'t>, depth: u32) {
        if let Some((_, body)) = handed_on(self.template, scope, name)
            && self.is_new(body)
        {
            self.follow_elsewhere(body, depth + 1);
        }
    }

    /// A name that a function made: of a resource, or of an attribute of one.
    fn referred(&mut self, name: &str, scope: &Scope<'t>) {
        if self.template.parameter(scope, name).is_some() {
            return;
        }
        let resource = match name.split_once('.') {
            Some((resource, _)) if named(self.template, scope, name).is_empty() => resource,
            _ => name,
        };
        self.resource(resource, scope);
    }

    /// What units that a block makes hand up.
    fn outputs(&mut self, block: &str, attribute: &str, scope: &Scope<'t>, depth: u32) {
        let template = self.template;
        for call in template.unit(scope).calls(block) {
            for output in template.outputs(call, attribute) {
                self.follow_elsewhere(output, depth + 1);
            }
        }
    }

    /// What the maker of a unit hands down.
    fn handed(&mut self, name: &str, scope: &Scope<'t>, depth: u32) {
        let template = self.template;
        let at = template.parameter(scope, name);
        if let Some(handed) = at.and_then(|at| template.parameters[at].handed.as_ref()) {
            self.follow_elsewhere(handed, depth + 1);
        }
    }

    fn resource(&mut self, name: &str, scope: &Scope<'t>) {
        let targets = named(self.template, scope, name);
        // To name a block is to name each of its instances.
        if targets.len() < 2 || self.may_go_again(targets.len()) {
            self.trail.found(targets);
        }
    }
}

/// What stands there and means the same to all who come by; nothing in a loop, where every round means something else.
fn shared(child: &Child<'_>) -> Option<Shared> {
    let node = child.as_node().filter(|_| !is_in_loop(&child.scope))?;
    let number = node.document().number();
    Some((unit(&child.scope), number, node.target_index()))
}

/// The call in the name of a module's output: `module.main` of `module.main.arn`.
fn called(output: &str) -> &str {
    let mut dots = output.match_indices('.').map(|(at, _)| at);
    let end = dots.nth(1).unwrap_or(output.len());
    &output[..end]
}

/// Whether what stands under a key only says what must exist before.
fn is_order(key: &str) -> bool {
    key == "DependsOn" || key == "depends_on"
}
