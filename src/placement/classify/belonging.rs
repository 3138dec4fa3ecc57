//! Which decisions a resource belongs to, and with that the members of each.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Classifier, LONGEST_CHAIN};
use crate::blocks::Template;
use crate::placement::Rung;
use crate::rulebook::{Link, Rule};

/// Members of all decisions of a template together, up to which each decision has all of its own.
const MOST_MEMBERS: usize = 200_000;
/// How many it has in any case.
const FEW_MEMBERS: usize = 100;

/// What only serves a decision.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub(super) listed: Vec<usize>,
    /// How many more there are.
    pub(super) unlisted: usize,
}

/// Primaries, in the order of writing; many resources may belong to the same ones.
type Primaries = Rc<[usize]>;

/// What is known of the primaries to which resources belong.
#[derive(Debug)]
pub(super) struct Belonging {
    /// For each resource, its own.
    known: Vec<Roots>,
    /// By the link, the group in between and the rung that it asks for: those on the other side.
    behind: FxHashMap<(usize, usize, Option<Rung>), Behind>,
    /// No primaries.
    none: Primaries,
    /// Whether a chain came back to where it began: what was found hangs on that.
    came_back: bool,
}

#[derive(Clone, Debug)]
enum Roots {
    Unknown,
    /// On the way: a chain that comes back here adds nothing.
    Open,
    Known(Primaries),
}

/// What a link leads to.
#[derive(Clone, Debug)]
struct Behind {
    roots: Primaries,
    serves_machine: bool,
}

impl Belonging {
    pub(super) fn of(template: &Template<'_>) -> Self {
        Self {
            known: vec![Roots::Unknown; template.resources.len()],
            behind: FxHashMap::default(),
            none: Primaries::default(),
            came_back: false,
        }
    }
}

impl Classifier<'_, '_, '_> {
    /// The primaries of the template, each with its members.
    pub(super) fn members(&mut self) -> BTreeMap<usize, Members> {
        // Resources that belong to the same primaries are looked at together: where all belong to all, each pair would take
        // more than the file itself.
        let mut alike: Vec<(Primaries, Vec<usize>)> = Vec::new();
        let mut numbers: FxHashMap<usize, usize> = FxHashMap::default();
        let mut alone = Vec::new();
        for at in 0..self.template.resources.len() {
            let roots = self.roots(at, 0);
            // Most belong to nothing, or stand alone.
            if roots.is_empty() {
                continue;
            }
            if *roots == [at] {
                alone.push(at);
                continue;
            }
            let number = *numbers.entry(roots.as_ptr().addr()).or_insert(alike.len());
            match alike.get_mut(number) {
                Some((_, all)) => all.push(at),
                None => alike.push((roots, vec![at])),
            }
        }
        let mut members: BTreeMap<usize, Members> = BTreeMap::new();
        for at in alone {
            members.insert(at, Members::default());
        }
        let mut listed = 0;
        for (roots, all) in alike {
            // The head of a ring may belong to something outside of the ring after all.
            let further = roots.iter().flat_map(|root| match self.roots(*root, 0) {
                further if further.is_empty() => vec![*root],
                further => further.to_vec(),
            });
            let mut roots: Vec<usize> = further.collect();
            roots.sort_unstable();
            roots.dedup();
            let left = MOST_MEMBERS.saturating_sub(listed) / roots.len().max(1);
            for root in roots {
                let members = members.entry(root).or_default();
                let own = all.binary_search(&root).is_ok();
                let before = members.listed.len();
                let most = left.max(FEW_MEMBERS.saturating_sub(before));
                let others = all.iter().copied().filter(|at| *at != root);
                members.listed.extend(others.take(most));
                let added = members.listed.len() - before;
                members.unlisted += all.len() - usize::from(own) - added;
                listed += added;
            }
        }
        for members in members.values_mut() {
            members.listed.sort_unstable();
        }
        members
    }

    /// The primaries to which a resource belongs: itself, if it stands alone on a rung; none if it is plumbing.
    pub(super) fn roots(&mut self, at: usize, depth: usize) -> Primaries {
        match &self.belonging.known[at] {
            Roots::Known(roots) => return Rc::clone(roots),
            // Of a ring, the first one is the primary.
            Roots::Open => {
                self.belonging.came_back = true;
                return self
                    .outcome(at)
                    .is_some()
                    .then_some(at)
                    .into_iter()
                    .collect();
            }
            Roots::Unknown => {}
        }
        let Some(rule) = self.joins.rule(at) else {
            return Rc::clone(&self.belonging.none);
        };
        let none = Rc::clone(&self.belonging.none);
        if depth > LONGEST_CHAIN {
            return none;
        }
        if self.is_machine(at) {
            self.belonging.known[at] = Roots::Known(Rc::clone(&none));
            return none;
        }
        self.belonging.known[at] = Roots::Open;
        let mut found: Vec<Behind> = Vec::new();
        let only = !rule.of.iter().any(|link| link.only) || self.joins.only_used(at, rule);
        for link in rule.of.iter().filter(|link| only || !link.only) {
            let behind = self.behind(at, rule, link, depth);
            found.push(behind);
        }
        let serves_machine = found.iter().any(|behind| behind.serves_machine);
        found.retain(|behind| !behind.roots.is_empty());
        let roots = match &found[..] {
            [only] if only.roots.binary_search(&at).is_err() => Rc::clone(&only.roots),
            _ => {
                let all = found.iter().flat_map(|behind| behind.roots.iter().copied());
                let mut roots: Vec<usize> = all.filter(|root| *root != at).collect();
                roots.sort_unstable();
                roots.dedup();
                // What only serves machinery is plumbing with it.
                if roots.is_empty() && !serves_machine && self.outcome(at).is_some() {
                    roots.push(at);
                }
                roots.into()
            }
        };
        self.belonging.known[at] = Roots::Known(Rc::clone(&roots));
        roots
    }

    /// What a link of a resource leads to. Those that go by way of the same others come to the same, and it is found once.
    fn behind(&mut self, at: usize, rule: &Rule, link: &Link, depth: usize) -> Behind {
        let shared = match self.joins.chooses_itself(at, link) {
            true => None,
            false => self.joins.group_between(at, link),
        };
        let Some(group) = shared else {
            let parents = self.parents(at, rule, link);
            return self.behind_parents(at, link, &parents, depth);
        };
        let rung = link.no_worse.then(|| self.rung(at)).flatten();
        let key = (std::ptr::from_ref(link).addr(), group, rung);
        if let Some(known) = self.belonging.behind.get(&key) {
            return known.clone();
        }
        let came_back = std::mem::take(&mut self.belonging.came_back);
        let parents = self.parents(at, rule, link);
        let behind = self.behind_parents(at, link, &parents, depth);
        if !self.belonging.came_back {
            self.belonging.behind.insert(key, behind.clone());
        }
        self.belonging.came_back |= came_back;
        behind
    }

    fn behind_parents(
        &mut self,
        at: usize,
        link: &Link,
        parents: &[usize],
        depth: usize,
    ) -> Behind {
        // What serves a hub belongs to all that the hub belongs to.
        if let [hub] = parents
            && !link.no_worse
        {
            return Behind {
                roots: self.roots(*hub, depth + 1),
                serves_machine: self.is_machine(*hub),
            };
        }
        let mut roots = Vec::new();
        let mut serves_machine = false;
        for &parent in parents {
            if link.no_worse
                && let Some(own) = self.rung(at)
                && self.rung(parent).is_some_and(|rung| rung < own)
            {
                continue;
            }
            serves_machine |= self.is_machine(parent);
            roots.extend(self.roots(parent, depth + 1).iter().copied());
        }
        roots.sort_unstable();
        roots.dedup();
        Behind {
            roots: roots.into(),
            serves_machine,
        }
    }
}
