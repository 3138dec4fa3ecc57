//! What a block refers to: every resource that is named anywhere in it, through any number of names in between.

use std::collections::HashSet;

use rustc_hash::FxHashSet;

use super::following::{DEEPEST, Walk};
use crate::base::PathStep;
use crate::blocks::{Child, Expr, Function, Scope, Template};

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
    if depth > DEEPEST || !outside.may_go_on() {
        return;
    }
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
