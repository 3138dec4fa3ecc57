//! A condition that chooses what a resource belongs to: it is a member where the branch in force names a primary, and stands alone
//! where it names none.

use std::collections::BTreeMap;

use super::varying::Way;
use super::{BY_DEFAULT, Classifier};
use crate::blocks::Cause;
use crate::eval::{Assumed, Trace};
use crate::placement::Rung;
use crate::placement::branches::Branches;
use crate::placement::parameters::values_of;
use crate::placement::premises::Premises;
use crate::rulebook::{Link, Rule};

/// Parameter values tried for one resource.
const MOST_VALUES: usize = 50;

/// What a resource belongs to under some assumption.
struct Home {
    primaries: Vec<usize>,
    /// Why it is open which branch is in force.
    open: Option<Cause>,
    trace: Trace,
}

/// What is known of members that may stand alone.
#[derive(Default)]
pub(super) struct Alone {
    /// Their rungs, each with what has to hold for it, and what else holds.
    pub rungs: BTreeMap<Rung, (String, String)>,
    /// Why it is open whether they do.
    pub open: Vec<String>,
}

impl Classifier<'_, '_, '_> {
    /// The primaries of a link, in the branches that are in force.
    pub(super) fn parents(&self, at: usize, rule: &Rule, link: &Link) -> Vec<usize> {
        match self.joins.chooses_itself(at, link) {
            true => self.home(at, rule, &[link], &[]).primaries,
            false => self.joins.primaries(at, link),
        }
    }

    fn home(&self, at: usize, rule: &Rule, links: &[&Link], assumed: &[(usize, Assumed)]) -> Home {
        let premises = Premises::new(self.template, at, rule, Vec::new());
        let resolver = self.resolver(&premises, assumed);
        let branches = Branches::new(&resolver, &[]);
        let mut primaries = Vec::new();
        for link in links {
            primaries.extend(self.joins.primaries_where(at, link, &branches));
        }
        primaries.sort_unstable();
        primaries.dedup();
        let open = branches.into_open();
        let trace = resolver.take_trace();
        Home {
            primaries,
            open,
            trace,
        }
    }

    /// What a resource belongs to under each value that has a part in that, with the words for the value; first of all under none.
    fn homes(&self, at: usize, rule: &Rule) -> Option<(Home, Vec<(String, Home)>)> {
        let only = !rule.of.iter().any(|link| link.only) || self.joins.only_used(at, rule);
        let links = rule.of.iter().filter(|link| only || !link.only);
        let links: Vec<&Link> = links.collect();
        let mut chooses = links.iter();
        if !chooses.any(|link| self.joins.chooses_itself(at, link)) {
            return None;
        }
        let base = self.home(at, rule, &links, &[]);
        let mut others = Vec::new();
        for &parameter in &base.trace.parameters {
            let known = &self.template.parameters[parameter];
            for (value, shown) in values_of(known, parameter, &base.trace) {
                if others.len() < MOST_VALUES {
                    let assumed = [(parameter, value)];
                    others.push((shown, self.home(at, rule, &links, &assumed)));
                }
            }
        }
        Some((base, others))
    }

    /// The rungs of what a decision is a part of under other values.
    pub(super) fn join_elsewhere(
        &mut self,
        at: usize,
        rule: &Rule,
        ways: &mut BTreeMap<Rung, Way>,
    ) {
        let Some((base, others)) = self.homes(at, rule) else {
            return;
        };
        for (shown, home) in others {
            if home.open.is_some() {
                continue;
            }
            let new = home.primaries.into_iter();
            for primary in new.filter(|one| !base.primaries.contains(one)) {
                for &root in self.roots(primary, 0).iter() {
                    if root != at
                        && let Some(rung) = self.chosen_rung(root)
                    {
                        ways.entry(rung).or_default().also(&shown);
                    }
                }
            }
        }
    }

    /// The rungs of members where they stand alone, under values by which they belong to nothing.
    pub(super) fn stand_alone(
        &mut self,
        members: &[usize],
        ways: &mut BTreeMap<Rung, Way>,
    ) -> Alone {
        let mut found = Alone::default();
        for &member in members {
            let Some(rule) = self.joins.rule(member) else {
                continue;
            };
            let Some((base, others)) = self.homes(member, rule) else {
                continue;
            };
            let Some(rung) = self.chosen_rung(member) else {
                continue;
            };
            let alone = others.iter();
            let alone = alone.filter(|(_, home)| home.open.is_none() && home.primaries.is_empty());
            let address = &self.template.resources[member].address;
            let mut reached = false;
            for (shown, _) in alone {
                ways.entry(rung).or_default().also(shown);
                let words = || {
                    let when = format!("{shown} leaves `{address}` alone");
                    (when, BY_DEFAULT.to_owned())
                };
                found.rungs.entry(rung).or_insert_with(words);
                reached = true;
            }
            let Some(cause) = base.open else {
                continue;
            };
            if !reached && base.trace.parameters.is_empty() {
                let words = format!("`{address}` is no part of it");
                ways.entry(rung).or_default().also(&words);
                let otherwise = format!("`{address}` is part of it");
                found.rungs.entry(rung).or_insert((words, otherwise));
                reached = true;
            }
            let cause = cause.to_string();
            if reached && !found.open.contains(&cause) {
                found.open.push(cause);
            }
        }
        found
    }

    fn chosen_rung(&mut self, at: usize) -> Option<Rung> {
        let rule = self.joins.rule(at)?;
        let outcome = self.outcome(at)?;
        Some(outcome.chosen(rule, false).1)
    }
}
