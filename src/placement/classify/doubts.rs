//! Why it is open where a decision stands, apart from what values say: what can't be seen, and what is not read.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::Classifier;
use crate::blocks::{Cause, Template, cloudformation};
use crate::graph::references::named_in;
use crate::placement::Rung;
use crate::placement::outcome::Outcome;
use crate::rulebook::{Catalogue, Entry, Holds, Rule};

/// By resource, the first call of a module that nobody knows and that names it, or the first block that makes what is written elsewhere.
pub(super) fn unread_users<'a>(
    template: &'a Template<'_>,
    catalogue: &Catalogue,
) -> BTreeMap<usize, &'a str> {
    let mut users = BTreeMap::new();
    for resource in &template.resources {
        let Some(Entry::Plumbing(group)) = catalogue.entry(&resource.kind) else {
            continue;
        };
        let holds = catalogue.plumbing(group).holds;
        let makes_more = matches!(holds, Some(Holds::Module | Holds::Template));
        // Of those that may be read, the calls below say which are not.
        if makes_more && !cloudformation::nests(&resource.kind) {
            let values = resource.properties.iter().map(|entry| entry.value.clone());
            for at in named_in(template, &values.collect::<Vec<_>>()) {
                users.entry(at).or_insert(&*resource.address);
            }
        }
    }
    for call in &template.unknown_calls {
        for at in named_in(template, &call.bodies) {
            users.entry(at).or_insert(&*call.address);
        }
    }
    users
}

/// Why it is open whether one resource uses another.
pub(super) fn not_shown(user: &str, used: &str) -> String {
    format!("the plan does not show whether `{user}` uses `{used}`")
}

impl Classifier<'_, '_, '_> {
    /// What can't be seen of who uses whom, where it is open whether a member belongs here.
    pub(super) fn unseen(&self, at: usize, members: &[usize]) -> Option<String> {
        let possible = &self.template.possible;
        if possible.is_empty() {
            return None;
        }
        let all = || std::iter::once(&at).chain(members);
        let own: FxHashSet<usize> = all().copied().collect();
        let name = |at: usize| &self.template.resources[at].address;
        all().find_map(|user| {
            let mut used = possible.get(user)?.iter();
            let used = used.find(|used| own.contains(used))?;
            Some(not_shown(name(*user), name(*used)))
        })
    }

    /// A machine that belongs to whatever uses it, and that is handed to what nobody knows, may be part of something better.
    pub(super) fn unread_user(&self, at: usize, rule: &Rule, outcome: &Outcome) -> Option<String> {
        let call = self.unread_users.get(&at)?;
        let is_part = rule.of.iter().any(|link| link.from.is_some());
        let mut cases = outcome.possible.iter().map(|case| &rule.cases[*case]);
        let is_left_over = cases.any(|case| case.always() && case.rung == Rung::Server);
        (is_part && is_left_over).then(|| format!("`{call}`, which uses it, is not read"))
    }

    /// Why a resource is not joined with what it imports: there is more than one of that name.
    pub(super) fn unjoined(&self, at: usize, rule: &Rule) -> Vec<String> {
        let links = rule.of.iter();
        let links = links.chain(rule.joins.iter().map(|join| &join.link));
        let properties = links.filter_map(|link| link.through.as_ref());
        let names = self.ambiguous.names(self.template, at, properties);
        let names = names.into_iter();
        names
            .map(|name| Cause::Ambiguous(name.to_owned()).to_string())
            .collect()
    }
}
