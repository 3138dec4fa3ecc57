//! Why it is open where a decision stands, apart from what values say: what can't be seen, and what is not read.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{Classifier, Way};
use crate::blocks::{Cause, Place, Template, cloudformation};
use crate::eval::{Resolver, Truth, Value};
use crate::graph::references::named_in;
use crate::placement::Rung;
use crate::placement::matching::values;
use crate::placement::outcome::Outcome;
use crate::rulebook::{Catalogue, Entry, Holds, Rule, shown_values};

/// Characters of a value that a doubt shows.
const LONGEST: usize = 60;

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

    /// Why it is open who uses it and what it uses, where references were not followed to their end.
    pub(super) fn unfollowed(&self, rule: &Rule) -> Option<String> {
        let followed = &self.template.followed;
        let asks = !rule.of.is_empty() || !rule.joins.is_empty();
        let who = || match followed.first_cut() {
            Some(from) => format!("`{}`", self.template.resources[from].address),
            None => "the template".to_owned(),
        };
        (asks && followed.is_cut()).then(|| format!("{} refers to more than is followed", who()))
    }

    /// Why it is open whether a resource is there, where a file that is not read would say it.
    pub(super) fn unread_count(&self, at: usize) -> Option<String> {
        let condition = self.template.resources[at].condition.as_ref()?;
        match Resolver::new(self.template).truth(condition) {
            Truth::Maybe(causes) => {
                let mut causes = causes.iter();
                let cause = causes.find(|cause| cause.is_of_a_file())?;
                Some(cause.to_string())
            }
            Truth::Yes | Truth::No => None,
        }
    }

    /// A machine of its own beside a cluster, where what it runs when it starts stands in a file that is not read: that may join the
    /// cluster.
    pub(super) fn unread_script(
        &self,
        at: usize,
        rule: &Rule,
        members: &[usize],
        ways: &mut BTreeMap<Rung, Way>,
    ) -> Option<String> {
        let link = rule.of.iter().find(|link| !link.signs.is_empty())?;
        let is_beside = |class: &usize| !self.joins.beside_of_class(at, *class).is_empty();
        if !link.rules.iter().any(is_beside) {
            return None;
        }
        let own = link.through.iter().map(|property| (at, property));
        let between = link.between.iter();
        let between = between.flat_map(|property| members.iter().map(move |one| (*one, property)));
        let resolver = Resolver::new(self.template);
        let file = own.chain(between).find_map(|(at, property)| {
            let resource = &self.template.resources[at];
            let paths = property.paths(self.template.dialect, &resource.kind);
            paths.iter().find_map(|path| {
                resolver.refuel();
                let found = resolver.at_path(resource, path).into_iter();
                found
                    .map(|found| found.value)
                    .find_map(|value| match value {
                        Value::Unknown(cause) if cause.is_of_a_file() => Some(cause),
                        _ => None,
                    })
            })
        })?;
        let words = "what it runs when it starts joins a cluster of this stack";
        ways.entry(Rung::Cluster)
            .or_insert_with(|| Way::of(words.to_owned()));
        Some(file.to_string())
    }

    /// A doubt of a rule with what the template says for each value that it names; nothing where that is not known or looks
    /// misspelt, for then another doubt says so.
    pub(super) fn spelt_out(&self, at: usize, outcome: &Outcome, doubt: &str) -> Option<String> {
        shown_values::filled(doubt, |name| {
            let premises = self.premises(at)?;
            let rule = premises.rule;
            let (all, properties, name): (&[usize], _, _) = match name.split_once('.') {
                None => (&[at], &rule.properties, name),
                Some((join, name)) => {
                    let number = rule.joins.iter().position(|one| &*one.name == join)?;
                    let properties = &rule.joins[number].properties;
                    (&premises.joined[number], properties, name)
                }
            };
            let property = properties.iter().find(|one| &*one.name == name)?;
            let resolver = self.resolver(&premises, &[]);
            let resources = all.iter().map(|at| &self.template.resources[*at]);
            let found = resources.flat_map(|resource| values(&resolver, resource, property));
            let mut texts = found.filter_map(|one| match one.value {
                Value::Text(value) if !value.is_empty() => Some((value, one.place)),
                _ => None,
            });
            let is_misspelt = |value: &str| {
                let mut causes = outcome.causes.iter();
                causes.any(|cause| matches!(cause, Cause::Misspelt(text, _) if text == value))
            };
            let (value, place) = texts.find(|(value, _)| !is_misspelt(value))?;
            // What a parameter or a file holds may be a secret: only what a report underlines anyway is repeated.
            let is_written = |place: Place| {
                let document = self.template.documents.get(place.file)?;
                Some(place.span.of(document.text()).contains(&*value))
            };
            if place.and_then(is_written) != Some(true) {
                return Some(shown_values::THE_VALUE.to_owned());
            }
            let short: String = value.chars().take(LONGEST).collect();
            let more = if short.len() < value.len() { "…" } else { "" };
            Some(format!("`{short}{more}`"))
        })
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
