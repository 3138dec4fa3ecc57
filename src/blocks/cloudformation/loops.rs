//! `Fn::ForEach`: its parts, and the names that it binds.

use std::borrow::Cow;

use super::expression::as_expr;
use crate::blocks::{Cause, Child, Expr, Scope, bound, is_in_loop, variables};
use crate::syntax::Node;

/// How the key of a loop begins.
pub const LOOP: &str = "Fn::ForEach::";

/// A loop.
pub struct Loop<'t> {
    /// The name that it binds.
    pub name: Cow<'t, str>,
    /// What it runs over.
    pub values: Node<'t>,
    /// The map that it writes out in each round.
    pub outputs: Node<'t>,
}

impl<'t> Loop<'t> {
    /// The loop that stands under a key, if it is one; nothing in it where it has not all its parts.
    #[must_use]
    pub fn of(key: &str, body: Node<'t>) -> Option<Option<Self>> {
        key.starts_with(LOOP).then(|| {
            let mut items = body.items();
            Some(Self {
                name: items.next()?.text(),
                values: items.next()?,
                outputs: items.next()?,
            })
        })
    }
}

/// `${Name}` and `&{Name}` of loop variables with known texts, put in. What is put in is not looked at again.
pub fn substituted<'t>(text: Cow<'t, str>, scope: &Scope<'t>) -> Cow<'t, str> {
    if !is_in_loop(scope) || !text.contains('{') {
        return text;
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find("${").into_iter().chain(rest.find("&{")).min() {
        result.push_str(&rest[..at]);
        let bare = rest[at..].starts_with('&');
        rest = &rest[at..];
        let name = rest.find('}').map(|end| (&rest[2..end], end + 1));
        let value = name.and_then(|(name, end)| Some((scalar(bound(scope, name)?)?, end)));
        match value {
            // `&{}` asks for the value without what a logical id cannot hold.
            Some((value, end)) if bare => {
                result.extend(value.chars().filter(char::is_ascii_alphanumeric));
                rest = &rest[end..];
            }
            Some((value, end)) => {
                result.push_str(&value);
                rest = &rest[end..];
            }
            None => {
                result.push_str(&rest[..2]);
                rest = &rest[2..];
            }
        }
    }
    result.push_str(rest);
    Cow::Owned(result)
}

/// Why it is open how often a block under loop variables is written: loops over values that are not known.
pub(super) fn open(scope: &Scope<'_>) -> Vec<Cause> {
    let causes = variables(scope).filter_map(|variable| match as_expr(&variable.value) {
        Expr::Unknown(cause @ Cause::Loop(..)) => Some(cause),
        _ => None,
    });
    causes.collect()
}

/// The text of a value, if a text stands there.
fn scalar<'t>(child: &Child<'t>) -> Option<Cow<'t, str>> {
    match as_expr(child) {
        Expr::Text(text) => Some(text),
        _ => None,
    }
}
