//! What a block refers to: every resource that is named anywhere in it, through any number of names in between.

use std::collections::HashSet;

use crate::base::PathStep;
use crate::blocks::{Child, Expr, Function, Name, Space, Template, bound};
use crate::eval::Resolver;

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

/// Every reference out of one resource, each once.
#[must_use]
pub fn references<'a>(template: &'a Template<'_>, from: usize) -> Vec<Reference<'a>> {
    let resource = &template.resources[from];
    let mut walk = Walk::new(template);
    let mut all = Vec::new();
    for entry in resource.properties.iter().chain(&resource.extras) {
        walk.seen.clear();
        walk.names.clear();
        walk.nodes.clear();
        walk.walked = 0;
        walk.follow(&entry.value, 0);
        let mut found: Vec<usize> = walk.seen.iter().copied().collect();
        found.sort_unstable();
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
    for (property, address) in &resource.references {
        let targets = template.names.get(address.as_str()).into_iter().flatten();
        all.extend(
            targets
                .filter(|to| **to != from)
                .map(|&to| Reference { from, to, property }),
        );
    }
    all
}

/// Where in one property of a resource its references stand, measured by paths that go deeper than the property.
#[derive(Debug, Default)]
pub struct Standings {
    inside: HashSet<usize>,
    outside: HashSet<usize>,
}

impl Standings {
    /// Whether a resource is referred to at one of the paths.
    #[must_use]
    pub fn inside(&self, to: usize) -> bool {
        // A plan names only the property: it may be anywhere in it.
        self.inside.contains(&to) || !self.outside.contains(&to)
    }

    /// Whether it is referred to there and nowhere else in the property.
    #[must_use]
    pub fn only_inside(&self, to: usize) -> bool {
        self.inside.contains(&to) && !self.outside.contains(&to)
    }
}

/// Looks for references at paths that begin with a property.
#[must_use]
pub fn standings(
    template: &Template<'_>,
    from: usize,
    property: &str,
    paths: &[&[PathStep]],
) -> Standings {
    let rests: Vec<&[PathStep]> = paths
        .iter()
        .filter_map(|path| path.split_first())
        .filter(|(first, _)| matches!(first, PathStep::Key(key) if *key == property))
        .map(|(_, rest)| rest)
        .collect();
    let resource = &template.resources[from];
    let mut inside = Walk::new(template);
    let mut outside = Walk::new(template);
    for entry in resource.properties.iter().chain(&resource.extras) {
        if entry.key == property {
            split(&entry.value, &rests, 0, &mut inside, &mut outside);
        }
    }
    Standings {
        inside: inside.seen,
        outside: outside.seen,
    }
}

/// `rests` are the steps that are still to go; none means that every path was left behind.
fn split<'t>(
    child: &Child<'t>,
    rests: &[&[PathStep]],
    depth: u32,
    inside: &mut Walk<'_, 't>,
    outside: &mut Walk<'_, 't>,
) {
    if depth > DEEPEST || outside.left == 0 {
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
        Expr::Call(_, children) => {
            for child in children.iter() {
                split(&child, rests, depth + 1, inside, outside);
            }
        }
        _ => outside.follow(child, depth),
    }
}

/// A block that may be repeated can be written alone.
fn past_each(mut rest: &[PathStep]) -> &[PathStep] {
    while let Some((PathStep::Each, after)) = rest.split_first() {
        rest = after;
    }
    rest
}

struct Walk<'a, 't> {
    template: &'a Template<'t>,
    seen: HashSet<usize>,
    /// Locals that were followed already.
    names: HashSet<String>,
    /// Nodes that were looked at already, in properties that have many.
    nodes: HashSet<(usize, u32)>,
    walked: u32,
    left: u32,
}

impl<'a, 't> Walk<'a, 't> {
    fn new(template: &'a Template<'t>) -> Self {
        Self {
            template,
            seen: HashSet::new(),
            names: HashSet::new(),
            nodes: HashSet::new(),
            walked: 0,
            left: MOST,
        }
    }

    fn follow(&mut self, child: &Child<'t>, depth: u32) {
        if depth > DEEPEST || self.left == 0 {
            return;
        }
        self.left -= 1;
        self.walked += 1;
        if self.template.is_plain(child) {
            return;
        }
        // What stands in a loop means something else in every round.
        if self.walked > MANY
            && child.scope.is_none()
            && let Some(node) = child.as_node()
            && !self
                .nodes
                .insert((self.template.place(node).file, node.target_index()))
        {
            return;
        }
        match self.template.expr(child) {
            Expr::Absent | Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Unknown(_) => {}
            Expr::Call(Function::Instance, arguments) => {
                if let Some(address) = Resolver::new(self.template).address_of(&arguments) {
                    self.resource(&address);
                }
                if let Some(key) = arguments.get(1) {
                    self.follow(&key, depth + 1);
                }
            }
            Expr::List(children) | Expr::Call(_, children) => {
                for child in children.iter() {
                    self.follow(&child, depth + 1);
                }
            }
            Expr::For(each) => {
                for part in each.parts() {
                    self.follow(&part, depth + 1);
                }
            }
            Expr::Map(entries) => {
                for (key, value) in entries.pairs() {
                    if key != "DependsOn" && key != "depends_on" {
                        self.follow(&value, depth + 1);
                    }
                }
            }
            Expr::Name(name) => self.named(&name, child, depth),
        }
    }

    fn named(&mut self, name: &Name<'t>, child: &Child<'t>, depth: u32) {
        match name {
            Name::Any(name) => {
                if let Some(value) = bound(&child.scope, name) {
                    let value = value.clone();
                    self.follow(&value, depth + 1);
                } else if self.template.parameter(name).is_none() {
                    self.resource(name);
                }
            }
            Name::Attribute(resource, _) => self.resource(resource),
            Name::Loop(name) => {
                if let Some(value) = bound(&child.scope, name).cloned() {
                    self.follow(&value, depth + 1);
                }
            }
            Name::Definition(Space::Local, name) => {
                let definition = self.template.definitions.get(&(Space::Local, name.clone()));
                if self.names.insert(name.clone().into_owned())
                    && let Some(definition) = definition
                {
                    self.follow(definition, depth + 1);
                }
            }
            Name::Parameter(_) | Name::Definition(..) => {}
        }
    }

    fn resource(&mut self, name: &str) {
        let names = &self.template.names;
        let whole = || {
            name.strip_suffix(']')?
                .rsplit_once('[')
                .map(|(whole, _)| whole)
        };
        // An instance by a key that is not known here: any of its block.
        let all = names.get(name).or_else(|| names.get(whole()?));
        if let Some(all) = all {
            self.seen.extend(all);
        }
    }
}
