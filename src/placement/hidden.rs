//! A plan hides references, and a state has none: who uses whom is told by what is known there. Where the value of a property that is
//! made for a reference is what another resource is called by, the two belong together. Where it is not known and can't be seen, it
//! may be any that the place can see and that the rules have for the property: where that is only one, it is that one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::blocks::plan::{Kept, Sight, Unseen};
use crate::blocks::{KnownReference, Template};
use crate::eval::Resolver;
use crate::graph::user_data;
use crate::rulebook::{Catalogue, Entry};
use called::{Leaves, comparable, ends, is_above, shared, unnumbered};
use slots::{Slot, slots};

pub(super) use slots::dotted;

mod called;
mod scripts;
mod slots;

/// Pairs of one property's users and used that are written down; beyond that, each user has a share.
const MOST_PAIRS: usize = 4096;

/// Resources of one name that are looked at.
const MOST_NAMESAKES: usize = 64;

/// A property of which it can't be seen what it refers to.
struct Open<'s> {
    user: usize,
    path: &'s str,
    /// The number of the pool with the resources that it may be.
    pool: usize,
    /// Nothing but a text that can't be seen: it may also be none.
    is_guess: bool,
}

/// Resources of which a property may mean any.
#[derive(Default)]
struct Pool {
    all: Vec<usize>,
    /// Handed in by the call of the module that is looked from.
    is_passed: bool,
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
    template.guessed = found.guessed;
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

#[derive(Default)]
struct Found {
    references: Vec<(usize, KnownReference)>,
    possible: BTreeSet<(usize, usize)>,
    guessed: BTreeSet<(usize, usize)>,
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
                match self.meant(&text, user, slot) {
                    Some(all) => {
                        is_open &= all.is_empty();
                        all.into_iter()
                            .for_each(|used| self.refer(user, path, used));
                    }
                    None => is_open = true,
                }
            }
            if !is_open {
                continue;
            }
            let sights = unseen.from(user, path);
            if let Some(pool) = self.pool(slot, &sights) {
                // What makes the text in a module of its own is handed the cluster for that.
                let mut places = sights.iter();
                let is_elsewhere = places.all(|sight| sight.own.binary_search(&user).is_err());
                let is_made_of_it = is_elsewhere && self.pools[pool].is_passed;
                self.open.push(Open {
                    user,
                    path,
                    pool,
                    is_guess: !slot.signs.is_empty() && !is_made_of_it,
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
        let mut rings = rings.enumerate();
        let found = rings.find(|(_, ring)| !ring.is_empty());
        let pool = found.map(|(ring, all)| {
            self.pools.push(Pool {
                all,
                is_passed: ring == Sight::PASSED,
                ..Pool::default()
            });
            self.pools.len() - 1
        });
        self.known_pools.insert(key, pool);
        pool
    }

    /// The resources that a text in a property means; nothing where the text can't be seen.
    fn meant(&self, text: &str, user: usize, slot: &Slot) -> Option<Vec<usize>> {
        if slot.signs.is_empty() {
            return Some(self.called(text, user, slot));
        }
        if user_data::is_checksum(text) {
            return None;
        }
        let text = user_data::readable(text)?;
        let called = |word: &str| {
            let of_slot = |at: &usize| *at != user && self.is_of(*at, slot);
            let all = self.names.get(word).into_iter().flatten().copied();
            all.take(MOST_NAMESAKES).filter(of_slot).collect()
        };
        Some(scripts::registered(&text, &slot.signs, &called))
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
                let is_certain = is_only && (one.is_guess || rivals(used) == 1);
                found.push((one.user, one.path, used, is_certain));
                if one.is_guess {
                    self.found.guessed.insert((one.user, used));
                }
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
