//! SAM: `Globals` merged as the transform does it, without running the transform, so that every span is the author's own.

use super::{Child, Entry, Expr, What, cloudformation};
use crate::parse::{Kind, Node};

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
) -> Vec<Entry<'t>> {
    let ignores = |key: &str| {
        ignored.is_some_and(|node| match node.kind() {
            Kind::Scalar => node.text() == "*",
            _ => node.items().any(|item| item.text() == key),
        })
    };
    let Expr::Map(mut shared) = cloudformation::expr(shared, &None) else {
        return own;
    };
    shared.retain(|entry| !ignores(&entry.key));
    merge_maps(own, shared)
}

fn merge_maps<'t>(mut own: Vec<Entry<'t>>, shared: Vec<Entry<'t>>) -> Vec<Entry<'t>> {
    for entry in shared {
        match own.iter_mut().find(|mine| mine.key == entry.key) {
            Some(mine) => mine.value = merge_values(&mine.value, entry.value),
            None => own.push(entry),
        }
    }
    own
}

fn merge_values<'t>(own: &Child<'t>, shared: Child<'t>) -> Child<'t> {
    let merged = match (plain(own), plain(&shared)) {
        (Expr::Map(own), Expr::Map(shared)) => Expr::Map(merge_maps(own, shared)),
        (Expr::List(own), Expr::List(mut shared)) => {
            shared.extend(own);
            Expr::List(shared)
        }
        _ => return own.clone(),
    };
    Child::built(merged, &own.scope)
}

fn plain<'t>(child: &Child<'t>) -> Expr<'t> {
    match &child.what {
        What::Node(node) => cloudformation::expr(*node, &child.scope),
        What::Built(expr) => Expr::clone(expr),
    }
}
