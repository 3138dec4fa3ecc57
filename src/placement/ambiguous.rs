//! Names that several stacks export. They join nothing, for nobody sees which of them is meant; but what is one of several is no more
//! open than these are apart.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::joins::Joins;
use crate::blocks::{self, Cause, ExportName, Expr, Function, Template};
use crate::graph::references::named_in;
use crate::rulebook::{Link, Property};
use crate::stack::ambiguous_imports;

/// Exports of one name that are told apart.
const MOST: usize = 50;

/// What a join of a rule may connect a resource with: exactly one of these, each with what belongs to it, or something else.
#[derive(Debug)]
pub struct Alternatives {
    /// The name that they have in common.
    pub name: String,
    pub options: Vec<Vec<usize>>,
    /// Whether it is one of these for certain.
    pub is_whole: bool,
    /// Whether the name is a parameter to which several stacks hand down different things.
    pub is_disputed: bool,
}

impl Alternatives {
    /// Why it is open which one it is.
    pub fn cause(&self) -> Cause {
        let name = self.name.clone();
        match self.is_disputed {
            true => Cause::Disputed(name),
            false => Cause::Ambiguous(name),
        }
    }
}

/// The use of an ambiguous name.
#[derive(Debug)]
struct Use {
    user: usize,
    /// The property in which it stands.
    key: String,
    name: String,
    /// What the exports stand for.
    targets: Vec<usize>,
    is_whole: bool,
    is_disputed: bool,
}

/// All uses of ambiguous names in a template.
#[derive(Debug, Default)]
pub struct Ambiguous {
    uses: Vec<Use>,
    /// By the resource that uses a name.
    by_user: FxHashMap<usize, Vec<usize>>,
    /// By a resource that may be meant.
    by_target: FxHashMap<usize, Vec<usize>>,
}

impl Ambiguous {
    pub fn of(template: &Template<'_>) -> Self {
        let mut all = Self::default();
        all.disputes(template);
        if !template.exports.are_ambiguous() {
            return all;
        }
        let mut known: FxHashMap<String, (Vec<usize>, bool)> = FxHashMap::default();
        for (user, resource) in template.resources.iter().enumerate() {
            for entry in &resource.properties {
                for name in ambiguous_imports(template, &entry.value) {
                    let Some(shown) = shown(&name) else {
                        continue;
                    };
                    let meant = known.entry(shown.clone());
                    let (targets, is_whole) =
                        meant.or_insert_with(|| meant_by(template, &name)).clone();
                    let number = all.uses.len();
                    all.by_user.entry(user).or_default().push(number);
                    for &target in &targets {
                        all.by_target.entry(target).or_default().push(number);
                    }
                    all.uses.push(Use {
                        user,
                        key: entry.key.clone().into_owned(),
                        name: shown,
                        targets,
                        is_whole,
                        is_disputed: false,
                    });
                }
            }
        }
        all
    }

    /// Adds where parameters are used to which several stacks hand down different resources.
    fn disputes(&mut self, template: &Template<'_>) {
        for (number, parameter) in template.parameters.iter().enumerate() {
            let Some(handed) = &parameter.handed else {
                continue;
            };
            let Expr::Call(Function::Opaque, all) = template.expr(handed) else {
                continue;
            };
            let mut all = all.iter();
            let cause = all.next().map(|cause| template.expr(&cause));
            if !matches!(cause, Some(Expr::Unknown(Cause::Disputed(_)))) {
                continue;
            }
            let named = all.map(|one| named_in(template, &[one]).into_iter().collect());
            let named: Vec<BTreeSet<usize>> = named.take(MOST).collect();
            let targets: BTreeSet<usize> = named.iter().flatten().copied().collect();
            if targets.len() < 2 {
                continue;
            }
            let mut units = template.units.iter();
            let unit = units.position(|unit| unit.parameters.contains(&number));
            for (user, resource) in template.resources.iter().enumerate() {
                if unit != Some(blocks::unit(&resource.scope)) {
                    continue;
                }
                for entry in &resource.properties {
                    let value = std::slice::from_ref(&entry.value);
                    let here: BTreeSet<usize> = named_in(template, value).into_iter().collect();
                    // What other stacks make is named here by what is handed down alone.
                    if !targets.is_subset(&here) {
                        continue;
                    }
                    let uses = self.by_user.entry(user).or_default();
                    uses.push(self.uses.len());
                    self.uses.push(Use {
                        user,
                        key: entry.key.clone().into_owned(),
                        name: parameter.name.clone().into_owned(),
                        targets: targets.iter().copied().collect(),
                        is_whole: named.iter().all(|one| !one.is_empty()),
                        is_disputed: true,
                    });
                }
            }
        }
    }

    /// What a link may connect a resource with, by an ambiguous name in the property that the link is about.
    pub fn choice(
        &self,
        joins: &Joins<'_, '_, '_>,
        at: usize,
        link: &Link,
    ) -> Option<Alternatives> {
        if self.uses.is_empty() {
            return None;
        }
        let template = joins.template();
        if let Some(property) = &link.through
            && let Some(one) = self.used_in(template, at, property).next()
        {
            let targets = one.targets.iter();
            return Some(Alternatives {
                name: one.name.clone(),
                options: targets.map(|target| joins.reached(*target, link)).collect(),
                is_whole: one.is_whole,
                is_disputed: one.is_disputed,
            });
        }
        let property = link.from.as_ref()?;
        let theirs = self.by_target.get(&at)?.iter();
        let theirs = theirs.map(|number| &self.uses[*number]).filter(|one| {
            let reached = joins.reached(one.user, link);
            reached.contains(&one.user) && is_in(template, one, property)
        });
        let theirs: Vec<&Use> = theirs.collect();
        Some(Alternatives {
            name: theirs.first()?.name.clone(),
            options: vec![theirs.iter().map(|one| one.user).collect()],
            // It may as well be used by none.
            is_whole: false,
            is_disputed: false,
        })
    }

    /// The ambiguous names in some properties of a resource.
    pub fn names<'p>(
        &self,
        template: &Template<'_>,
        at: usize,
        properties: impl Iterator<Item = &'p Property>,
    ) -> BTreeSet<&str> {
        let uses = properties.flat_map(|property| self.used_in(template, at, property));
        let uses = uses.filter(|one| !one.is_disputed);
        uses.map(|one| &*one.name).collect()
    }

    fn used_in(
        &self,
        template: &Template<'_>,
        at: usize,
        property: &Property,
    ) -> impl Iterator<Item = &Use> {
        let own = self.by_user.get(&at).into_iter().flatten();
        let own = own.map(|number| &self.uses[*number]);
        own.filter(move |one| is_in(template, one, property))
    }
}

/// Whether a name stands in one of the places of a property.
fn is_in(template: &Template<'_>, one: &Use, property: &Property) -> bool {
    let kind = &template.resources[one.user].kind;
    property.stands_in(template.dialect, kind, &one.key)
}

/// The resources that several exports of one name stand for, and whether each stands for some.
fn meant_by(template: &Template<'_>, name: &ExportName) -> (Vec<usize>, bool) {
    let exports = template.exports.all(name);
    let mut is_whole = exports.len() <= MOST;
    let mut targets = BTreeSet::new();
    for export in exports.iter().take(MOST) {
        let named = named_in(template, std::slice::from_ref(export));
        is_whole &= !named.is_empty();
        targets.extend(named);
    }
    (targets.into_iter().collect(), is_whole)
}

/// A name as a message shows it.
fn shown(name: &ExportName) -> Option<String> {
    let shown = name.text.as_deref().or(name.written.as_deref());
    shown.map(str::to_owned)
}
