//! A block that a function makes: `Properties: !If [...]`, a macro around it or beside it.

use std::borrow::Cow;

use super::expression::as_expr;
use super::loops::LOOP;
use crate::blocks::{Cause, Child, Entry, Expr, Function, MACRO, Place, Scope};
use crate::syntax::{Kind, Node};

/// Choices within choices that are followed, and all of them together: aliases could multiply without end.
const DEEPEST: usize = 32;
const MOST: usize = 256;

/// The macro that puts a text in and changes nothing that stands beside it.
const INCLUDE: &str = "AWS::Include";

/// The entries of a block. A choice between whole blocks becomes a choice for each key, and what is not worked out here an
/// entry that may bring any other.
pub(super) fn entries<'t>(node: Node<'t>, place: Place, scope: &Scope<'t>) -> Vec<Entry<'t>> {
    chosen_entries(&Child::node(node, scope), place)
}

/// The same of any expression.
pub(super) fn chosen_entries<'t>(child: &Child<'t>, place: Place) -> Vec<Entry<'t>> {
    let mut left = MOST;
    of(child, place, DEEPEST, &mut left)
}

fn of<'t>(child: &Child<'t>, place: Place, depth: usize, left: &mut usize) -> Vec<Entry<'t>> {
    match as_expr(child) {
        Expr::Map(entries) => entries.into_vec(),
        Expr::Call(Function::If, parts) if depth > 0 && *left > 0 => {
            *left -= 1;
            let Some([condition, then, other]) = parts.take() else {
                return Vec::new();
            };
            let then = of(&then, place, depth - 1, left);
            let other = of(&other, place, depth - 1, left);
            chosen(&condition, then, other)
        }
        Expr::Call(..) => vec![Entry {
            key: Cow::Owned(function(child)),
            place: Some(place),
            value: child.clone(),
        }],
        _ => Vec::new(),
    }
}

/// The name of the function that stands in a place.
fn function(child: &Child<'_>) -> String {
    let node = child.as_node();
    let tag = node.and_then(|node| node.tag()?.strip_prefix('!'));
    match (tag, node) {
        (Some(tag), _) => format!("Fn::{tag}"),
        (None, Some(node)) => {
            let key = node.entries().next().map(|(key, _)| key.text());
            key.unwrap_or_default().into_owned()
        }
        (None, None) => "Fn::If".to_owned(),
    }
}

/// One choice for each key of two blocks.
fn chosen<'t>(
    condition: &Child<'t>,
    then: Vec<Entry<'t>>,
    mut other: Vec<Entry<'t>>,
) -> Vec<Entry<'t>> {
    let absent = || Child::built(Expr::Absent, &None);
    let choice = |then: Child<'t>, other: Child<'t>| {
        let parts = [condition.clone(), then, other].into_iter().collect();
        Child::built(Expr::Call(Function::If, parts), &None)
    };
    let mut places: rustc_hash::FxHashMap<_, _> = other
        .iter()
        .enumerate()
        // Loops of the same name need not write out the same.
        .filter(|(_, entry)| !entry.key.starts_with(LOOP))
        .map(|(at, entry)| (entry.key.clone(), at))
        .collect();
    let mut taken = vec![false; other.len()];
    let mut all: Vec<Entry<'t>> = Vec::with_capacity(then.len() + other.len());
    for mut entry in then {
        let at = places.remove(&entry.key);
        let beside = match at {
            Some(at) => {
                taken[at] = true;
                other[at].value.clone()
            }
            None => absent(),
        };
        entry.value = choice(entry.value, beside);
        all.push(entry);
    }
    let rest = other.drain(..).zip(taken).filter(|(_, taken)| !taken);
    all.extend(rest.map(|(mut entry, _)| {
        entry.value = choice(absent(), entry.value);
        entry
    }));
    all
}

/// The call of a macro that an entry is.
pub(super) fn called_macro<'t>(entry: &Entry<'t>) -> Option<Node<'t>> {
    if entry.key != MACRO {
        return None;
    }
    entry.value.as_node()
}

/// A macro that is free to change what stands beside it: any but the one that only puts a text in.
pub(super) fn rewriter(node: Node<'_>) -> Option<Cause> {
    let body = node.get(MACRO).unwrap_or(node);
    let name = body.get("Name")?.text();
    (name != INCLUDE).then(|| Cause::Macro(name.into_owned()))
}

/// The blocks that stand in a place: itself, or those between which it chooses.
pub(super) fn branches(node: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut waiting = vec![node];
    for _ in 0..MOST {
        let Some(node) = waiting.pop() else { break };
        let is_short = node.tag() == Some("!If");
        let choice = if is_short {
            Some(node)
        } else {
            node.get("Fn::If")
        };
        match choice.filter(|choice| choice.kind() == Kind::Sequence) {
            Some(choice) => {
                let mut items: Vec<_> = choice.items().skip(1).collect();
                items.reverse();
                waiting.extend(items);
            }
            None => found.push(node),
        }
    }
    found
}
