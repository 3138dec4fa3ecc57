//! Deployment machinery: what nothing in the stack uses but the deployment itself is no hosting choice. What counts as such a use
//! is said by the rules.

use rustc_hash::FxHashSet;

use super::joins::Joins;
use crate::base::PathStep;
use crate::blocks::{Dialect, Template};
use crate::graph::references::{Reference, references};
use crate::graph::{StackGraph, Within};
use crate::rulebook::{Condition, Machinery, Property, Use};

/// For each resource, whether it is machinery. Empty where nothing is.
pub(super) type Machines = Vec<bool>;

/// Who uses one resource.
#[derive(Debug, Default)]
struct Users {
    /// By the deployment itself.
    deployment: FxHashSet<usize>,
    /// Those that count like it if they are machinery themselves.
    with: Vec<usize>,
    others: Vec<usize>,
}

/// Finds it. `holds` asks a condition of a resource's rule.
pub(super) fn find(
    graph: &StackGraph<'_, '_>,
    joins: &Joins<'_, '_, '_>,
    holds: &dyn Fn(usize, &Condition) -> bool,
) -> Machines {
    let all = graph.template().resources.len();
    let rules: Vec<Option<&Machinery>> = (0..all)
        .map(|at| joins.rule(at).and_then(|rule| rule.machinery.as_ref()))
        .collect();
    let signed: Vec<usize> = (0..all)
        .filter(|at| {
            let sign = rules[*at].and_then(|machinery| machinery.sign.as_ref());
            sign.is_some_and(|sign| holds(*at, sign))
        })
        .collect();
    if signed.is_empty() && !is_deployed(graph.template(), rules.iter().copied().flatten()) {
        return Vec::new();
    }
    let users = users(graph, &rules);
    let owners = |user: usize| match rules[user] {
        Some(_) => vec![user],
        None => {
            let links = joins.rule(user).map_or(&[][..], |rule| &rule.of);
            let primaries = links.iter().flat_map(|link| joins.primaries(user, link));
            primaries.collect()
        }
    };
    let owners: Vec<Vec<Vec<usize>>> = users
        .iter()
        .map(|users| users.with.iter().map(|user| owners(*user)).collect())
        .collect();
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); all];
    for (at, owners) in owners.iter().enumerate() {
        for &owner in owners.iter().flatten() {
            onward[owner].push(at);
        }
    }
    let is_free = |at: usize| {
        let (Some(machinery), users) = (rules[at], &users[at]) else {
            return false;
        };
        let deployment = &users.deployment;
        users.others.iter().all(|user| deployment.contains(user))
            && !machinery
                .unless
                .as_ref()
                .is_some_and(|unless| holds(at, unless))
    };
    // All that a deployment reaches by such uses alone.
    let mut found = vec![false; all];
    let mut waiting = signed.clone();
    waiting.extend((0..all).filter(|at| !users[*at].deployment.is_empty() && is_free(*at)));
    while let Some(at) = waiting.pop() {
        if !std::mem::replace(&mut found[at], true) {
            let next = onward[at].iter().filter(|next| !found[**next]);
            waiting.extend(next.filter(|next| is_free(**next)));
        }
    }
    // Where one of its users turned out to be a choice, it is one too.
    let signed: FxHashSet<usize> = signed.into_iter().collect();
    let mut waiting: Vec<usize> = (0..all).filter(|at| found[*at]).collect();
    while let Some(at) = waiting.pop() {
        let served =
            |owners: &Vec<usize>| !owners.is_empty() && owners.iter().all(|owner| found[*owner]);
        if found[at] && !signed.contains(&at) && !owners[at].iter().all(served) {
            found[at] = false;
            waiting.extend(&onward[at]);
        }
    }
    found
}

/// Whether a template has anything by which a deployment uses a resource: most have nothing, and then nobody looks further.
fn is_deployed<'m>(template: &Template<'_>, rules: impl Iterator<Item = &'m Machinery>) -> bool {
    let mut keys: Vec<&str> = Vec::new();
    for machinery in rules {
        let of_dialect = |property: &'m Property| match template.dialect {
            Dialect::CloudFormation => [&property.cfn[..], &[]],
            Dialect::Terraform | Dialect::Plan => [&property.tf[..], &property.awscc[..]],
        };
        let paths = machinery.by.iter().map(|one| of_dialect(&one.from));
        for path in paths.flatten().flatten() {
            if let Some(PathStep::Key(key)) = path.first()
                && !keys.contains(&&**key)
            {
                keys.push(key);
            }
        }
    }
    let mut resources = template.resources.iter();
    !keys.is_empty()
        && resources.any(|resource| {
            let mut properties = resource.properties.iter();
            let mut hidden = resource.references.iter();
            properties.any(|entry| keys.contains(&&*entry.key))
                || hidden.any(|reference| keys.contains(&reference.property()))
        })
}

fn users(graph: &StackGraph<'_, '_>, rules: &[Option<&Machinery>]) -> Vec<Users> {
    let template = graph.template();
    let all = rules.len();
    let mut uses: Vec<Reference<'_>> = Vec::new();
    for at in 0..all {
        if graph.class(at).is_none() {
            uses.extend(references(template, at));
        } else {
            let around = graph.neighbours(at).iter();
            let own = around.filter(|other| other.reference.from == at);
            uses.extend(own.map(|other| other.reference));
        }
    }
    let stands_for = |user: usize, used: usize| {
        let machinery = rules[used]?;
        let class = graph.class(user)?;
        machinery.through.contains(&class).then_some(())
    };
    // A version or an alias stands for what it is of.
    let mut stands: Vec<Vec<usize>> = vec![Vec::new(); all];
    for use_ in &uses {
        if stands_for(use_.from, use_.to).is_some() {
            stands[use_.from].push(use_.to);
        }
    }
    let mut users: Vec<Users> = (0..all).map(|_| Users::default()).collect();
    for use_ in uses {
        let of_stand = stands[use_.to].iter();
        let used = rules[use_.to].map(|_| &use_.to).into_iter().chain(of_stand);
        for &used in used {
            let Some(machinery) = rules[used] else {
                continue;
            };
            let user = use_.from;
            if user == used || stands[user].contains(&used) {
                continue;
            }
            let by = |all: &[Use], within| {
                all.iter().any(|one| {
                    let class = graph.class(user);
                    let rules = &one.rules;
                    let kind = &template.resources[user].kind;
                    let fits = rules.is_empty() || class.is_some_and(|c| rules.contains(&c));
                    let paths = one.from.paths(template.dialect, kind);
                    fits && graph.stands_at(use_, paths, within)
                })
            };
            if by(&machinery.by, Within::Among) {
                users[used].deployment.insert(user);
            } else if by(&machinery.with, Within::Only) {
                users[used].with.push(user);
            } else if !is_beside(machinery, &template.resources[user].kind) {
                users[used].others.push(user);
            }
        }
    }
    users
}

/// Whether resources of a type name it without using it.
fn is_beside(machinery: &Machinery, kind: &str) -> bool {
    machinery
        .beside
        .iter()
        .any(|name| match name.strip_suffix('*') {
            Some(prefix) => kind.starts_with(prefix),
            None => kind == name,
        })
}
