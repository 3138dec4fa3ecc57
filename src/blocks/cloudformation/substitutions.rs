//! `DefinitionSubstitutions`: what a state machine's definition has in `${...}`, with the value that is handed to it.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::expression::as_expr;
use super::properties;
use crate::blocks::{Child, Entry, Expr, Function, Place};

type Values<'t> = FxHashMap<Cow<'t, str>, Child<'t>>;

/// The property that hands the values, and those that they are put into.
const VALUES_KEY: &str = "DefinitionSubstitutions";
const FILLED: [&str; 2] = ["Definition", "DefinitionString"];

/// Expressions of a definition beyond which nothing more is put in: aliases could multiply without end.
const MOST: usize = 20_000;
/// Nesting beyond which nothing is put in.
const DEEPEST: usize = 96;

/// Puts the values in where a resource of this type has any.
pub(super) fn put_in(kind: &str, place: Place, all: &mut [Entry<'_>]) {
    let has_them = matches!(
        kind,
        "AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine"
    );
    if !has_them {
        return;
    }
    let Some(values) = all.iter().rev().find(|entry| entry.key == VALUES_KEY) else {
        return;
    };
    let values = properties::chosen_entries(&values.value, place);
    let values = values.into_iter().map(|entry| (entry.key, entry.value));
    let values: Values<'_> = values.collect();
    let mut left = MOST;
    for entry in all {
        if FILLED.contains(&&*entry.key)
            && let Some(filled) = filled(&entry.value, &values, DEEPEST, &mut left)
        {
            entry.value = filled;
        }
    }
}

/// An expression with the values in it; nothing where there is nothing to put in.
fn filled<'t>(
    child: &Child<'t>,
    values: &Values<'t>,
    depth: usize,
    left: &mut usize,
) -> Option<Child<'t>> {
    if depth == 0 || *left == 0 {
        return None;
    }
    *left -= 1;
    let mut any = false;
    let mut within = |child: Child<'t>| match filled(&child, values, depth - 1, left) {
        Some(filled) => {
            any = true;
            filled
        }
        None => child,
    };
    let whole = match as_expr(child) {
        Expr::Text(text) => return in_text(&text, child, values),
        Expr::List(items) => Expr::List(items.iter().map(&mut within).collect()),
        Expr::Map(entries) => {
            let entries = entries.into_vec().into_iter().map(|mut entry| {
                entry.value = within(entry.value);
                entry
            });
            Expr::Map(entries.collect())
        }
        Expr::Call(
            function @ (Function::Substitute | Function::Join | Function::If | Function::Opaque),
            parts,
        ) => Expr::Call(function, parts.iter().map(&mut within).collect()),
        _ => return None,
    };
    any.then(|| Child::built(whole, &child.scope))
}

/// A text with the values in it.
fn in_text<'t>(text: &str, child: &Child<'t>, values: &Values<'t>) -> Option<Child<'t>> {
    let literal = |text: &str| Child::built(Expr::Text(Cow::Owned(text.to_owned())), &child.scope);
    let mut parts = Vec::new();
    // What is not put in yet begins at `start`; what is not looked at yet at `from`.
    let (mut start, mut from) = (0, 0);
    while let Some(at) = text[from..].find("${").map(|at| from + at) {
        let Some(end) = text[at..].find('}').map(|end| at + end) else {
            break;
        };
        let name = text[at + 2..end].trim();
        from = at + 2;
        let Some(value) = values.get(name) else {
            continue;
        };
        if at > start {
            parts.push(literal(&text[start..at]));
        }
        parts.push(value.clone());
        (start, from) = (end + 1, end + 1);
    }
    if parts.is_empty() {
        return None;
    }
    if start < text.len() {
        parts.push(literal(&text[start..]));
    }
    if parts.len() == 1 {
        return parts.pop();
    }
    let whole = Expr::Call(Function::Substitute, parts.into());
    Some(Child::built(whole, &child.scope))
}
