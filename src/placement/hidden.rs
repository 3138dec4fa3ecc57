//! A plan hides references, and a state has none: who uses whom is told by what is known there. Where the value of a property that is
//! made for a reference is what another resource is called by, the two belong together. Where it is not known and can't be seen, it
//! may be any that the place can see and that the rules have for the property: where that is only one, it is that one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::PathStep;
use crate::blocks::plan::{Kept, Sight, Unseen};
use crate::blocks::{Cause, KnownReference, Template};
use crate::eval::{Resolver, Value};
use crate::rulebook::{Catalogue, Entry, Property};

/// Pairs of one property's users and used that are written down; beyond that, each user has a share.
const MOST_PAIRS: usize = 4096;

/// Resources of one name that are looked at.
const MOST_NAMESAKES: usize = 64;

type Path = Vec<PathStep>;

/// A property in which resources of one rule refer to resources of others.
struct Slot {
    /// Its paths, each with dots between the keys, and in steps.
    paths: Vec<(String, Vec<PathStep>)>,
    /// Rules of those that it may refer to, sorted.
    to: Vec<usize>,
    /// It is the text that an instance runs when it starts: what can't be seen there may have nothing to do with any of them.
    is_script: bool,
}

/// A property of which it can't be seen what it refers to.
struct Open<'s> {
    user: usize,
    path: &'s str,
    /// The number of the pool with the resources that it may be.
    pool: usize,
    /// It may also be none.
    may_be_none: bool,
}

/// Resources of which a property may mean any.
#[derive(Default)]
struct Pool {
    all: Vec<usize>,
    /// Those that nobody is seen to use; all, where somebody is seen to use each.
    free: Vec<usize>,
    /// By the key of their instance.
    keyed: FxHashMap<String, Vec<usize>>,
}

/// Adds to a plan or state the references that it does not show.
pub fn complete(kept: &mut Kept, entries: &[Option<Entry>], catalogue: &Catalogue) {
    let classes: Vec<Option<usize>> = entries
        .iter()
        .map(|entry| match entry {
            Some(Entry::Rule(rule)) => Some(*rule),
            _ => None,
        })
        .collect();
    let slots = slots(&classes, catalogue);
    if slots.is_empty() {
        return;
    }
    let found = Search::new(kept, &classes, &slots).run();
    let template = &mut kept.template;
    for (user, reference) in found.references {
        template.resources[user].references.push(reference);
    }
    // A part that is never a choice, and after which no case asks, changes nothing wherever it belongs: it is no doubt.
    let rules: BTreeSet<usize> = classes.iter().flatten().copied().collect();
    let asked = rules
        .iter()
        .flat_map(|rule| &catalogue.rule_at(*rule).joins);
    let asked: BTreeSet<usize> = asked
        .flat_map(|join| join.link.rules.iter().chain(&join.link.via).copied())
        .collect();
    let matters = |at: usize| {
        classes[at].is_some_and(|class| {
            asked.contains(&class) || !catalogue.rule_at(class).cases.is_empty()
        })
    };
    let possible = found.possible.into_iter();
    for (user, used) in possible.filter(|(_, used)| matters(*used)) {
        template.possible.entry(user).or_default().push(used);
    }
}

/// The properties in which resources of the rules that are there refer to one another.
fn slots(classes: &[Option<usize>], catalogue: &Catalogue) -> FxHashMap<usize, Vec<Slot>> {
    let present: BTreeSet<usize> = classes.iter().flatten().copied().collect();
    let mut slots: FxHashMap<usize, Vec<Slot>> = FxHashMap::default();
    let both = |property: &Property| {
        let paths: Vec<Path> = [&property.tf[..], &property.awscc[..]].concat();
        paths.into_iter()
    };
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
                is_script: false,
            }),
        }
    };
    for &rule in &present {
        let body = catalogue.rule_at(rule);
        let joins = body.joins.iter().map(|join| &join.link);
        // Where a way ends in a text of what stands between, its beginning refers to that, and no property to its end.
        let links = body.of.iter().chain(joins);
        for link in links {
            if let Some(between) = &link.between {
                // What starts an instance may have such a text of its own.
                let own = link.through.iter().flat_map(both);
                let texts: Vec<Path> = both(between).collect();
                let own: Vec<Path> = own.filter(|path| texts.contains(path)).collect();
                add(rule, own, &mut link.rules.iter().copied());
                continue;
            }
            let via = || link.via.iter().copied();
            if let Some(property) = &link.through {
                add(
                    rule,
                    both(property).collect(),
                    &mut link.rules.iter().copied().chain(via()),
                );
            }
            if let Some(property) = &link.from {
                for of in &link.rules {
                    add(
                        *of,
                        both(property).collect(),
                        &mut std::iter::once(rule).chain(via()),
                    );
                }
                // What stands between has the property where the other side does not: a cluster's capacity providers.
                for of in via().filter(|of| *of != rule) {
                    add(of, both(property).collect(), &mut std::iter::once(rule));
                }
            }
        }
    }
    for (of, slots) in &mut slots {
        let links = catalogue.rule_at(*of).of.iter();
        let texts = links
            .flat_map(|link| &link.between)
            .flat_map(|text| &text.tf);
        let texts: BTreeSet<String> = texts.map(|path| dotted(path)).collect();
        for slot in slots {
            slot.is_script = slot.paths.iter().any(|(path, _)| texts.contains(path));
        }
    }
    for slot in slots.values_mut().flatten() {
        slot.to.sort_unstable();
        slot.to.dedup();
    }
    slots
}

/// A path as a plan's references have it.
fn dotted(path: &[PathStep]) -> String {
    let keys = path.iter().filter_map(|step| match step {
        PathStep::Key(key) => Some(key.as_ref()),
        PathStep::Values | PathStep::Each => None,
    });
    keys.collect::<Vec<&str>>().join(".")
}

#[derive(Default)]
struct Found {
    references: Vec<(usize, KnownReference)>,
    possible: BTreeSet<(usize, usize)>,
}

struct Search<'s> {
    kept: &'s Kept,
    classes: &'s [Option<usize>],
    slots: &'s FxHashMap<usize, Vec<Slot>>,
    /// By what each resource is called by.
    names: FxHashMap<Cow<'s, str>, Vec<usize>>,
    found: Found,
    /// Those that somebody is seen to use.
    used: FxHashSet<usize>,
    open: Vec<Open<'s>>,
    pools: Vec<Pool>,
    /// By the property, and by from where it is looked.
    known_pools: FxHashMap<(usize, Vec<usize>), Option<usize>>,
}

impl<'s> Search<'s> {
    fn new(
        kept: &'s Kept,
        classes: &'s [Option<usize>],
        slots: &'s FxHashMap<usize, Vec<Slot>>,
    ) -> Self {
        let mut names: FxHashMap<Cow<'s, str>, Vec<usize>> = FxHashMap::default();
        for (at, called) in kept.called.iter().enumerate() {
            let Some(class) = classes[at] else {
                continue;
            };
            // An attribute by which a resource refers to another is no name of its own.
            let own = slots.get(&class).map_or(&[][..], Vec::as_slice);
            let refers = |name: &str| {
                let mut paths = own.iter().flat_map(|slot| &slot.paths);
                paths.any(|(path, _)| path == name)
            };
            for (_, text) in called.names.iter().filter(|(name, _)| !refers(name)) {
                let all = names.entry(comparable(text)).or_default();
                if all.last() != Some(&at) {
                    all.push(at);
                }
            }
        }
        Self {
            kept,
            classes,
            slots,
            names,
            found: Found::default(),
            used: FxHashSet::default(),
            open: Vec::new(),
            pools: Vec::new(),
            known_pools: FxHashMap::default(),
        }
    }

    fn run(mut self) -> Found {
        let unseen = Unseen::new(self.kept);
        for user in 0..self.classes.len() {
            let Some(class) = self.classes[user] else {
                continue;
            };
            for slot in self.slots.get(&class).into_iter().flatten() {
                self.ask(user, slot, &unseen);
            }
        }
        self.settle();
        self.found
    }

    fn template(&self) -> &'s Template<'static> {
        &self.kept.template
    }

    fn is_of(&self, at: usize, slot: &Slot) -> bool {
        self.classes[at].is_some_and(|class| slot.to.binary_search(&class).is_ok())
    }

    /// What one property of a resource refers to.
    fn ask(&mut self, user: usize, slot: &'s Slot, unseen: &Unseen<'_>) {
        let template = self.template();
        let resource = &template.resources[user];
        let seen = resource.references.iter().filter(|reference| {
            let meets = |(path, _): &(String, _)| is_above(path, &reference.path);
            slot.paths.iter().any(meets)
        });
        let seen = seen.map(|reference| template.units[0].named(&reference.address));
        let seen: Vec<usize> = seen
            .flatten()
            .copied()
            .filter(|at| *at != user && self.is_of(*at, slot))
            .collect();
        if !seen.is_empty() {
            self.used.extend(seen);
            return;
        }
        let resolver = Resolver::new(template);
        for (path, steps) in &slot.paths {
            resolver.refuel();
            let mut leaves = Leaves::default();
            for found in resolver.at_path(resource, steps) {
                leaves.take(&resolver, found.value);
            }
            let mut is_open = leaves.is_open;
            for text in leaves.texts {
                for used in self.called(&text, user, slot) {
                    self.refer(user, path, used);
                    is_open = false;
                }
            }
            if !is_open {
                continue;
            }
            let sights = unseen.from(user, path);
            if let Some(pool) = self.pool(slot, &sights) {
                self.open.push(Open {
                    user,
                    path,
                    pool,
                    may_be_none: slot.is_script,
                });
            }
        }
    }

    /// The nearest resources that a property may mean, seen from some places.
    fn pool(&mut self, slot: &Slot, sights: &[Rc<Sight>]) -> Option<usize> {
        let places = sights.iter().map(|sight| Rc::as_ptr(sight).addr());
        let key = (std::ptr::from_ref(slot).addr(), places.collect());
        if let Some(known) = self.known_pools.get(&key) {
            return *known;
        }
        let rings = (0..Sight::RINGS).map(|ring| {
            let all = sights.iter().flat_map(|sight| sight.rings()[ring]);
            let all: BTreeSet<usize> = all.copied().filter(|at| self.is_of(*at, slot)).collect();
            all.into_iter().collect::<Vec<usize>>()
        });
        let all = rings.into_iter().find(|ring| !ring.is_empty());
        let pool = all.map(|all| {
            self.pools.push(Pool {
                all,
                ..Pool::default()
            });
            self.pools.len() - 1
        });
        self.known_pools.insert(key, pool);
        pool
    }

    /// The resources that a property means by a text, the nearest if there are several.
    fn called(&self, text: &str, user: usize, slot: &Slot) -> Vec<usize> {
        let whole = comparable(text);
        let fits = |name: &str, is_whole: bool| -> Vec<usize> {
            let all = self.names.get(name).into_iter().flatten().copied();
            all.filter(|at| *at != user && self.is_of(*at, slot))
                .take(MOST_NAMESAKES)
                // A long name that is known to be another one is not meant by its end.
                .filter(|at| is_whole || !self.has_other(*at, &whole))
                .collect()
        };
        let mut all = fits(&whole, true);
        for short in ends(&whole) {
            if !all.is_empty() {
                break;
            }
            all = fits(short, false);
        }
        if all.len() > 1 {
            let module = |at: usize| &self.template().resources[at].address;
            let near = |at: &usize| shared(module(*at), module(user));
            let most = all.iter().map(near).max();
            all.retain(|at| Some(near(at)) == most);
        }
        all
    }

    /// Whether a resource is known by a long name of the same form as a text, which is not that text.
    fn has_other(&self, at: usize, text: &str) -> bool {
        const FORMS: [&str; 3] = ["arn:", "/subscriptions/", "https://"];
        let form = FORMS.into_iter().find(|form| text.starts_with(form));
        form.is_some_and(|form| {
            let mut names = self.kept.called[at].names.iter();
            names.any(|(_, name)| {
                let name = comparable(name);
                name.starts_with(form) && unnumbered(&name) != unnumbered(text)
            })
        })
    }

    fn refer(&mut self, user: usize, path: &str, used: usize) {
        let address = self.template().resources[used].address.clone();
        let path = path.to_owned();
        self.used.insert(used);
        self.found
            .references
            .push((user, KnownReference { path, address }));
    }

    /// Decides what is left open.
    fn settle(&mut self) {
        let open = std::mem::take(&mut self.open);
        let mut pools = std::mem::take(&mut self.pools);
        for pool in &mut pools {
            let free = pool.all.iter().copied();
            pool.free = free.filter(|at| !self.used.contains(at)).collect();
            if pool.free.is_empty() {
                pool.free.clone_from(&pool.all);
            }
            for &at in &pool.free {
                if let Some(key) = self.key(at) {
                    pool.keyed.entry(key.to_owned()).or_default().push(at);
                }
            }
        }
        // An instance goes with those of its own key.
        let own = |one: &Open<'_>| -> Option<Vec<usize>> {
            let keyed = pools[one.pool].keyed.get(self.key(one.user)?)?;
            let others = keyed.iter().copied().filter(|at| *at != one.user);
            let others: Vec<usize> = others.collect();
            (!others.is_empty()).then_some(others)
        };
        let choices: Vec<Option<Vec<usize>>> = open.iter().map(own).collect();
        // Who may use a resource of one's own key, and how many choose from a whole pool.
        let mut users: FxHashMap<(&str, usize), BTreeSet<usize>> = FxHashMap::default();
        let mut crowds: FxHashMap<(&str, usize), usize> = FxHashMap::default();
        for (one, choice) in open.iter().zip(&choices) {
            match choice {
                Some(choice) => {
                    for used in choice {
                        users.entry((one.path, *used)).or_default().insert(one.user);
                    }
                }
                None => *crowds.entry((one.path, one.pool)).or_default() += 1,
            }
        }
        let mut places: FxHashMap<(&str, usize), usize> = FxHashMap::default();
        let mut found = Vec::new();
        for (one, choice) in open.iter().zip(&choices) {
            let crowd = crowds.get(&(one.path, one.pool)).copied().unwrap_or(0);
            let rivals = |used: usize| {
                let keyed = users.get(&(one.path, used));
                crowd + keyed.map_or(0, BTreeSet::len)
            };
            let free = &pools[one.pool].free;
            let may = match choice {
                Some(choice) => &choice[..],
                None if crowd * free.len() <= MOST_PAIRS => free,
                None => {
                    // So many that nobody could read them: each has some of them.
                    let place = places.entry((one.path, one.pool)).or_default();
                    let (from, to) = (
                        *place * free.len() / crowd,
                        (*place + 1) * free.len() / crowd,
                    );
                    *place += 1;
                    let from = from.min(free.len() - 1);
                    &free[from..to.max(from + 1)]
                }
            };
            let is_only = may.iter().filter(|at| **at != one.user).count() == 1;
            for &used in may.iter().filter(|at| **at != one.user) {
                found.push((
                    one.user,
                    one.path,
                    used,
                    is_only && !one.may_be_none && rivals(used) == 1,
                ));
            }
        }
        for (user, path, used, is_certain) in found {
            self.refer(user, path, used);
            if !is_certain {
                self.found.possible.insert((user, used));
            }
        }
    }

    /// The key of a resource's instance, with its brackets.
    fn key(&self, at: usize) -> Option<&'s str> {
        let address = &self.template().resources[at].address;
        let start = address.rfind('[').filter(|_| address.ends_with(']'))?;
        address.get(start..)
    }
}

/// What stands in a value at any depth.
#[derive(Default)]
struct Leaves {
    texts: Vec<String>,
    /// Whether anything is known only after apply.
    is_open: bool,
}

impl Leaves {
    fn take(&mut self, resolver: &Resolver<'_, 'static>, value: Value<'static>) {
        match value {
            Value::Text(text) => {
                // A policy is JSON in a text.
                if text.starts_with(['{', '['])
                    && let Ok(json) = serde_json::from_str::<serde_json::Value>(&text)
                {
                    self.take_json(json);
                }
                self.texts.push(text.into_owned());
            }
            Value::Unknown(cause) => self.is_open |= cause == Cause::AfterApply,
            Value::List(items) => {
                for item in items.iter() {
                    self.take(resolver, resolver.value(&item));
                }
            }
            Value::Map(entries) => {
                for entry in entries.iter() {
                    self.take(resolver, resolver.value(&entry.value));
                }
            }
            Value::Absent | Value::OneOf(..) => {}
        }
    }

    fn take_json(&mut self, json: serde_json::Value) {
        use serde_json::Value as Json;
        match json {
            Json::String(text) => self.texts.push(text),
            Json::Array(items) => items.into_iter().for_each(|item| self.take_json(item)),
            Json::Object(entries) => entries
                .into_iter()
                .for_each(|(_, value)| self.take_json(value)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
}

/// How much of an address is the same, up to a whole step.
fn shared(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes());
    let same = same.take_while(|(one, other)| one == other).count();
    one.as_bytes()[..same]
        .iter()
        .rposition(|byte| *byte == b'.')
        .map_or(0, |at| at + 1)
}

/// Whether one path stands above the other, or is the same.
fn is_above(one: &str, other: &str) -> bool {
    let below = |long: &str, short: &str| {
        let rest = long.strip_prefix(short);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    below(one, other) || below(other, one)
}

/// A name as it is compared: Azure does not mind in which case its ids are written.
fn comparable(text: &str) -> Cow<'_, str> {
    if text.starts_with("/subscriptions/") {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// A name without the number of its revision.
fn unnumbered(text: &str) -> &str {
    match text.rsplit_once(':') {
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => text,
    }
}

/// What the last part of a long name may be: `cluster/web` and `task:3` end with what a resource is called.
fn ends(text: &str) -> impl Iterator<Item = &str> {
    let last = text.rsplit('/').next().unwrap_or(text);
    let plain = unnumbered(last);
    let end = plain.rsplit(':').next().unwrap_or(plain);
    [unnumbered(text), last, plain, end]
        .into_iter()
        .filter(move |end| *end != text && !end.is_empty())
}
