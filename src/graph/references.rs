//! What a block refers to: every resource that is named anywhere in it, through any number of names in between.

use std::collections::HashSet;

use rustc_hash::FxHashSet;

use crate::base::PathStep;
use crate::blocks::{
    Cause, Child, Expr, Function, Items, LedTo, Name, Named, Place, Scope, Shared, Space, Template,
    bound, is_in_loop, unit,
};
use crate::eval::Resolver;
use crate::syntax::{Kind, Node};

/// Nesting beyond which nothing is followed.
const DEEPEST: u32 = 96;
/// Expressions in one block beyond which nothing is followed: loops may write out the same thing over and over.
const MOST: u32 = 200_000;
/// Expressions in one property from which on a node is looked at once only: an alias bomb is full of the same ones.
const MANY: u32 = 1_000;

/// A reference from one resource to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference<'a> {
    /// The resource that refers: index into the template's resources.
    pub from: usize,
    /// The resource that is referred to.
    pub to: usize,
    /// The property of `from`, or the part of its block, in which the reference stands.
    pub property: &'a str,
}

/// Which branch of a choice is in force.
pub trait Sides<'t> {
    /// Whether a condition holds; `None` where both branches may be in force.
    fn side(&self, condition: &Child<'t>) -> Option<bool>;
}

/// A branch of a choice: that of a condition that holds, or that does not.
#[derive(Clone, Debug)]
pub struct ChosenSide<'t> {
    pub condition: Child<'t>,
    pub holds: bool,
}

impl<'t> ChosenSide<'t> {
    /// Whether the branch may be in force.
    pub(super) fn may_be(&self, sides: &dyn Sides<'t>) -> bool {
        let side = sides.side(&self.condition);
        side.is_none_or(|side| side == self.holds)
    }
}

/// Every reference out of one resource, each once.
#[must_use]
pub fn references<'a>(template: &'a Template<'_>, from: usize) -> Vec<Reference<'a>> {
    all_references(template, from, &mut |_| {})
}

/// The same; `chooses` hears of each property in which something that is referred to may stand in a branch of a choice.
pub(super) fn all_references<'a>(
    template: &'a Template<'_>,
    from: usize,
    chooses: &mut dyn FnMut(&'a str),
) -> Vec<Reference<'a>> {
    let resource = &template.resources[from];
    let mut walk = Walk::new(template, FxHashSet::default());
    walk.from = Some(from);
    let mut all = Vec::new();
    for entry in resource.properties.iter().chain(&resource.extras) {
        walk.trail.clear();
        walk.property(&entry.value);
        let mut found: Vec<usize> = walk.trail.iter().copied().collect();
        found.sort_unstable();
        if walk.chooses && !found.is_empty() {
            chooses(&entry.key);
        }
        all.extend(
            found
                .into_iter()
                .filter(|to| *to != from)
                .map(|to| Reference {
                    from,
                    to,
                    property: &entry.key,
                }),
        );
    }
    // Two paths below one property may lead to the same resource.
    let mut known = HashSet::new();
    for reference in &resource.references {
        let property = reference.property();
        let targets = template.unit(&resource.scope).named(&reference.address);
        for &to in targets {
            if to != from && known.insert((property, to)) {
                all.push(Reference { from, to, property });
            }
        }
    }
    all
}

/// The resources that are named anywhere in some expressions, each once, in the order of writing.
#[must_use]
pub fn named_in<'t>(template: &Template<'t>, all: &[Child<'t>]) -> Vec<usize> {
    let mut walk = Walk::new(template, FxHashSet::default());
    for one in all {
        walk.property(one);
    }
    let mut found: Vec<usize> = walk.trail.into_iter().collect();
    found.sort_unstable();
    found
}

/// Which references of one property of a resource stand at certain paths in it, and which do not.
#[derive(Debug, Default)]
pub struct Positions {
    inside: FxHashSet<usize>,
    outside: FxHashSet<usize>,
}

impl Positions {
    /// Whether a resource is referred to at one of the paths.
    #[must_use]
    pub fn inside(&self, to: usize) -> bool {
        // A plan names only the property: it may be anywhere in it.
        self.inside.contains(&to) || !self.outside.contains(&to)
    }

    /// Whether it is seen to be referred to at one of the paths.
    #[must_use]
    pub fn surely_inside(&self, to: usize) -> bool {
        self.inside.contains(&to)
    }

    /// Whether it is referred to there and nowhere else in the property.
    #[must_use]
    pub fn only_inside(&self, to: usize) -> bool {
        self.inside.contains(&to) && !self.outside.contains(&to)
    }
}

/// Looks for references at paths that begin with a property; where `sides` are known, only in the branches that are in force.
#[must_use]
pub fn positions<'t>(
    template: &Template<'t>,
    from: usize,
    property: &str,
    paths: &[Vec<PathStep>],
    sides: Option<&dyn Sides<'t>>,
) -> Positions {
    let rests: Vec<&[PathStep]> = paths
        .iter()
        .filter_map(|path| path.split_first())
        .filter(|(first, _)| matches!(first, PathStep::Key(key) if *key == property))
        .map(|(_, rest)| rest)
        .collect();
    let resource = &template.resources[from];
    let mut inside = Walk::new(template, FxHashSet::default());
    let mut outside = Walk::new(template, FxHashSet::default());
    for walk in [&mut inside, &mut outside] {
        walk.sides = sides;
        walk.from = Some(from);
    }
    for entry in resource.properties.iter().chain(&resource.extras) {
        if entry.key == property {
            split(&entry.value, &rests, 0, &mut inside, &mut outside);
        }
    }
    Positions {
        inside: inside.trail,
        outside: outside.trail,
    }
}

/// `rests` are the steps that are still to go; none means that every path was left behind.
fn split<'t>(
    child: &Child<'t>,
    rests: &[&[PathStep]],
    depth: u32,
    inside: &mut Walk<'_, 't, FxHashSet<usize>>,
    outside: &mut Walk<'_, 't, FxHashSet<usize>>,
) {
    if depth > DEEPEST {
        return;
    }
    if outside.left == 0 {
        outside.template.note_unfollowed(outside.from);
        return;
    }
    outside.left -= 1;
    if rests.iter().any(|rest| rest.is_empty()) {
        inside.follow(child, depth);
        return;
    }
    if rests.is_empty() {
        outside.follow(child, depth);
        return;
    }
    match outside.template.expr(child) {
        Expr::Map(entries) => {
            for entry in entries.iter() {
                let onward: Vec<&[PathStep]> = rests
                    .iter()
                    .filter_map(|rest| match past_each(rest).split_first()? {
                        (PathStep::Values, rest) => Some(rest),
                        (PathStep::Key(key), rest) if entry.key == *key => Some(rest),
                        _ => None,
                    })
                    .collect();
                split(&entry.value, &onward, depth + 1, inside, outside);
            }
        }
        Expr::List(children) => {
            let onward: Vec<&[PathStep]> = rests.iter().map(|rest| past_each(rest)).collect();
            for child in children.iter() {
                split(&child, &onward, depth + 1, inside, outside);
            }
        }
        Expr::Call(function, children) if function != Function::Refer => {
            for child in inside.in_force(function, &children) {
                split(&child, rests, depth + 1, inside, outside);
            }
        }
        _ => outside.follow(child, depth),
    }
}

/// A block that may be repeated can be written alone.
pub(super) fn past_each(mut rest: &[PathStep]) -> &[PathStep] {
    while let Some((PathStep::Each, after)) = rest.split_first() {
        rest = after;
    }
    rest
}

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
    template: &'a Template<'t>,
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
    chooses: bool,
    /// Which branches of choices are in force; all, where nobody says it.
    sides: Option<&'a dyn Sides<'t>>,
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
    fn in_force(&self, function: Function, arguments: &Items<'t>) -> Vec<Child<'t>> {
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
        if let Some(led) = self.template.leads_to(key) {
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
            self.template.remember_lead(key, led);
        }
    }

    /// Follows what others may follow as well.
    fn follow_again(&mut self, child: &Child<'t>, depth: u32) {
        self.elsewhere += 1;
        self.follow(child, depth);
        self.elsewhere -= 1;
    }

    /// Takes steps that many may take again; whether there are any left.
    fn may_go_again(&mut self, steps: usize) -> bool {
        let may = self.template.go_again(steps);
        if !may {
            self.is_partial = true;
            self.template.note_unfollowed(self.from);
        }
        may
    }

    fn follow(&mut self, child: &Child<'t>, depth: u32) {
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
        if self.left == 0 {
            self.is_partial = true;
            self.template.note_unfollowed(self.from);
            return;
        }
        if self.elsewhere > 0 && !self.may_go_again(1) {
            return;
        }
        self.left -= 1;
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

/// The address and the body of the data source, or of what only hands on, that a name begins with.
#[must_use]
pub fn handed_on<'a, 'n, 't>(
    template: &'a Template<'t>,
    scope: &Scope<'t>,
    name: &'n str,
) -> Option<(&'n str, &'a Child<'t>)> {
    let between = &template.unit(scope).between;
    if between.is_empty() {
        return None;
    }
    let labels = if name.starts_with("data.") { 3 } else { 2 };
    let mut ends = name.match_indices(['.', '[']).map(|(end, _)| end);
    let end = ends.find(|end| name[..*end].matches('.').count() + 1 == labels);
    let address = &name[..end.unwrap_or(name.len())];
    between.get(address).map(|body| (address, body))
}

/// The resources that a name stands for.
pub(super) fn named<'a, 't>(
    template: &'a Template<'t>,
    scope: &Scope<'t>,
    name: &str,
) -> &'a [usize] {
    let names = &template.unit(scope).names;
    let whole = || {
        name.strip_suffix(']')?
            .rsplit_once('[')
            .map(|(whole, _)| whole)
    };
    // An instance by a key that is not known here: any of its block.
    let all = names.get(name).or_else(|| names.get(whole()?));
    all.map_or(&[], Vec::as_slice)
}
