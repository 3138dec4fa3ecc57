//! The properties in which resources of one rule refer to those of others, as links have them.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::base::PathStep;
use crate::rulebook::{Catalogue, Link, Property, Text};

pub(super) type Path = Vec<PathStep>;

/// A property in which resources of one rule refer to resources of others.
pub(super) struct Slot {
    /// Its paths, each with dots between the keys, and in steps.
    pub(super) paths: Vec<(String, Path)>,
    /// Rules of those that it may refer to, sorted.
    pub(super) to: Vec<usize>,
    /// It is a text in which a name counts only beside one of these: what can't be seen there may have nothing to do with any of them.
    pub(super) signs: Vec<Text>,
}

/// The properties in which resources of the rules that are there refer to one another.
pub(super) fn slots(
    classes: &[Option<usize>],
    catalogue: &Catalogue,
) -> FxHashMap<usize, Vec<Slot>> {
    let present: BTreeSet<usize> = classes.iter().flatten().copied().collect();
    let mut slots: FxHashMap<usize, Vec<Slot>> = FxHashMap::default();
    let mut add = |of: usize, paths: Vec<Path>, to: &mut dyn Iterator<Item = usize>| {
        let to: Vec<usize> = to.filter(|rule| present.contains(rule)).collect();
        if to.is_empty() || !present.contains(&of) {
            return;
        }
        let paths = paths.into_iter();
        let mut paths: Vec<_> = paths.map(|path| (dotted(&path), path)).collect();
        paths.sort_by(|(one, _), (other, _)| one.cmp(other));
        paths.dedup_by(|(one, _), (other, _)| one == other);
        if paths.is_empty() {
            return;
        }
        let all = slots.entry(of).or_default();
        match all.iter_mut().find(|slot| slot.paths == paths) {
            Some(slot) => slot.to.extend(to),
            None => all.push(Slot {
                paths,
                to,
                signs: Vec::new(),
            }),
        }
    };
    for &rule in &present {
        for link in links(catalogue, rule) {
            // Where a way ends in a text of what stands between, its beginning refers to that, and no property to its end.
            if let Some(between) = &link.between {
                // What starts an instance may have such a text of its own.
                let texts: Vec<&Path> = both(between).collect();
                let own = link.through.iter().flat_map(both);
                let own = own.filter(|path| texts.contains(path)).cloned().collect();
                add(rule, own, &mut link.rules.iter().copied());
                continue;
            }
            let via = || link.via.iter().copied();
            if let Some(property) = &link.through {
                add(
                    rule,
                    both(property).cloned().collect(),
                    &mut link.rules.iter().copied().chain(via()),
                );
            }
            if let Some(property) = &link.from {
                for of in &link.rules {
                    add(
                        *of,
                        both(property).cloned().collect(),
                        &mut std::iter::once(rule).chain(via()),
                    );
                }
                // What stands between has the property where the other side does not: a cluster's capacity providers.
                for of in via().filter(|of| *of != rule) {
                    add(
                        of,
                        both(property).cloned().collect(),
                        &mut std::iter::once(rule),
                    );
                }
            }
        }
    }
    let signs = signs(present.iter().flat_map(|rule| links(catalogue, *rule)));
    for slot in slots.values_mut().flatten() {
        slot.to.sort_unstable();
        slot.to.dedup();
        let own = slot.paths.iter().flat_map(|(path, _)| signs.get(path));
        slot.signs = own.flatten().cloned().cloned().collect();
        slot.signs.sort_unstable();
        slot.signs.dedup();
    }
    slots
}

fn links(catalogue: &Catalogue, rule: usize) -> impl Iterator<Item = &Link> {
    let rule = catalogue.rule_at(rule);
    let joins = rule.joins.iter().map(|join| &join.link);
    rule.of.iter().chain(joins)
}

fn both(property: &Property) -> impl Iterator<Item = &Path> {
    property.tf.iter().chain(&property.awscc)
}

/// By path, beside what a name in it counts: in a text at the end of a way, or else in the property of a link itself.
fn signs<'c>(links: impl Iterator<Item = &'c Link>) -> FxHashMap<String, Vec<&'c Text>> {
    let mut signs: FxHashMap<String, Vec<&Text>> = FxHashMap::default();
    for link in links.filter(|link| !link.signs.is_empty()) {
        let own = [&link.through, &link.from];
        let texts = match &link.between {
            Some(between) => vec![between],
            None => own.into_iter().flatten().collect(),
        };
        for path in texts.into_iter().flat_map(both) {
            signs.entry(dotted(path)).or_default().extend(&link.signs);
        }
    }
    signs
}

/// A path as a plan's references have it.
pub(in crate::placement) fn dotted(path: &[PathStep]) -> String {
    let keys = path.iter().filter_map(|step| match step {
        PathStep::Key(key) => Some(key.as_ref()),
        PathStep::Values | PathStep::Each => None,
    });
    keys.collect::<Vec<&str>>().join(".")
}
