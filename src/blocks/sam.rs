//! SAM: `Globals` merged as the transform does it, without running the transform, so that every span is the author's own.

use rustc_hash::FxHashMap;
use std::borrow::Cow;

use super::cloudformation::{as_expr, expr};
use super::{Child, Entry, Expr, Scope};
use crate::syntax::{Kind, Node};

/// Shared entries merged into one resource: aliases on both sides could multiply without end.
const MOST_MERGED: usize = 10_000;

/// The properties that `Globals` gives to resources of a type.
#[must_use]
pub fn globals_for<'t>(globals: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let section = kind.strip_prefix("AWS::Serverless::")?;
    globals
        .get(section)
        .filter(|node| node.kind() == Kind::Mapping)
}

/// A resource's own properties over the shared ones: maps merge, lists follow the shared list, all else is the resource's.
#[must_use]
pub fn merge<'t>(
    own: Vec<Entry<'t>>,
    shared: Node<'t>,
    ignored: Option<Node<'t>>,
    scope: &Scope<'t>,
) -> Vec<Entry<'t>> {
    let ignores = |key: &str| {
        ignored.is_some_and(|node| match node.kind() {
            Kind::Scalar => node.text() == "*",
            _ => node.items().any(|item| item.text() == key),
        })
    };
    let Expr::Map(shared) = expr(shared, scope) else {
        return own;
    };
    let shared = shared.iter().filter(|entry| !ignores(&entry.key));
    merge_maps(own, shared.collect(), &mut { MOST_MERGED })
}

/// Other names of a function: those of the alias and the version that the transform makes of it.
#[must_use]
pub fn further_names(address: &str, kind: &str, properties: &[Entry<'_>]) -> Vec<String> {
    if kind != "AWS::Serverless::Function" {
        return Vec::new();
    }
    let mut alias = properties
        .iter()
        .filter(|entry| entry.key == "AutoPublishAlias");
    let Some(alias) = alias.next() else {
        return Vec::new();
    };
    let mut names = vec![format!("{address}.Alias"), format!("{address}.Version")];
    if let Expr::Text(alias) = as_expr(&alias.value) {
        names.push(format!("{address}Alias{alias}"));
    }
    names
}

fn merge_maps<'t>(
    mut own: Vec<Entry<'t>>,
    shared: Vec<Entry<'t>>,
    left: &mut usize,
) -> Vec<Entry<'t>> {
    let places = own.iter().map(|entry| entry.key.clone()).zip(0..);
    let places: FxHashMap<Cow<'t, str>, usize> = places.collect();
    for entry in shared {
        *left = left.saturating_sub(1);
        match places.get(&entry.key) {
            Some(&at) if *left > 0 => {
                own[at].value = merge_values(&own[at].value, entry.value, left)
            }
            Some(_) => {}
            None => own.push(entry),
        }
    }
    own
}

fn merge_values<'t>(own: &Child<'t>, shared: Child<'t>, left: &mut usize) -> Child<'t> {
    let merged = match (as_expr(own), as_expr(&shared)) {
        (Expr::Map(own), Expr::Map(shared)) => {
            let merged = merge_maps(own.iter().collect(), shared.iter().collect(), left);
            Expr::Map(merged.into())
        }
        (Expr::List(own), Expr::List(shared)) => {
            Expr::List(shared.iter().chain(own.iter()).collect())
        }
        _ => return own.clone(),
    };
    Child::built(merged, &own.scope)
}
