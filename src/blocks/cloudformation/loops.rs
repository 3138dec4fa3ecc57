//! `Fn::ForEach`: its rounds, and the names that they bind.

use std::borrow::Cow;
use std::rc::Rc;

use super::expression::{as_expr, expr};
use crate::blocks::{
    Bound, Cause, Child, Expr, Function, Name, ParameterKind, Scope, Space, Template, bound,
};
use crate::syntax::Node;

/// Rounds of a loop beyond which it is taken as one: no stack can hold more resources.
const MOST_ROUNDS: usize = 1_000;
/// Rounds and what they write out, of all loops over resources together, and of all loops in one map: loops within
/// loops multiply.
pub const MOST_LOOPED: usize = 20_000;
/// Loops within loops: the language extension allows no more.
pub const DEEPEST_LOOP: usize = 5;
/// How the key of a loop begins.
pub const LOOP: &str = "Fn::ForEach::";

/// The rounds of a loop: the scope of each, and the map that it writes out.
pub fn rounds<'t>(
    template: &Template<'t>,
    body: Node<'t>,
    scope: &Scope<'t>,
) -> Vec<(Scope<'t>, Node<'t>)> {
    let Some((name, collection, outputs)) = loop_parts(body) else {
        return Vec::new();
    };
    let values = loop_values(template, collection, scope);
    bind(name, values, scope)
        .into_iter()
        .map(|scope| (scope, outputs))
        .collect()
}

pub fn loop_parts<'t>(body: Node<'t>) -> Option<(Cow<'t, str>, Node<'t>, Node<'t>)> {
    let mut items = body.items();
    Some((items.next()?.text(), items.next()?, items.next()?))
}

/// The values that a loop over resources takes: those that stand there, the default of a list parameter, or a mapping's.
fn loop_values<'t>(
    template: &Template<'t>,
    collection: Node<'t>,
    scope: &Scope<'t>,
) -> Option<Vec<Child<'t>>> {
    let built = |text: &str| Child::built(Expr::Text(Cow::Owned(text.to_owned())), scope);
    match expr(collection, scope) {
        Expr::List(items) => {
            let items = items.into_iter().map(|item| match as_expr(&item) {
                Expr::Name(Name::Any(name)) => {
                    let default = parameter_default(template, &name, ParameterKind::Value);
                    default.map_or(item, |text| built(&text))
                }
                _ => item,
            });
            Some(items.collect())
        }
        Expr::Name(Name::Any(name)) => {
            let text = parameter_default(template, &name, ParameterKind::List)?;
            Some(text.split(',').map(|part| built(part.trim())).collect())
        }
        Expr::Call(Function::FindInMap, arguments) => {
            let [mapping, first, second] = &arguments[..] else {
                return None;
            };
            let key = (Space::Mapping, scalar(mapping)?);
            let mapping = template.definitions.get(&key)?.as_node()?;
            let list = mapping.get(&scalar(first)?)?.get(&scalar(second)?)?;
            match expr(list, scope) {
                Expr::List(items) => Some(items),
                _ => None,
            }
        }
        _ => None,
    }
}

fn parameter_default<'t>(
    template: &Template<'t>,
    name: &str,
    kind: ParameterKind,
) -> Option<Cow<'t, str>> {
    let parameter = &template.parameters[template.parameter(name)?];
    let default = parameter
        .default
        .as_ref()
        .filter(|_| parameter.kind == kind);
    default?.as_node()?.comparable()
}

/// One scope for each value; one with an unknown value where the values are not known, or too many.
pub fn bind<'t>(
    name: Cow<'t, str>,
    values: Option<Vec<Child<'t>>>,
    outer: &Scope<'t>,
) -> Vec<Scope<'t>> {
    let values = values.filter(|values| values.len() <= MOST_ROUNDS);
    let values = values.unwrap_or_else(|| {
        let cause = Cause::Undefined(name.clone().into_owned());
        vec![Child::built(Expr::Unknown(cause), outer)]
    });
    values
        .into_iter()
        .map(|value| {
            Some(Rc::new(Bound {
                name: name.clone(),
                value,
                outer: outer.clone(),
            }))
        })
        .collect()
}

/// Takes one off what loops may write out; whether there was any left.
pub fn spend(left: &mut usize) -> bool {
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}

/// How many loops stand around a place.
pub fn depth(scope: &Scope<'_>) -> usize {
    let frames = std::iter::successors(scope.as_ref(), |frame| frame.outer.as_ref());
    frames.count()
}

/// `${Name}` and `&{Name}` of loop variables with known texts, put in. What is put in is not looked at again.
pub fn substituted<'t>(text: Cow<'t, str>, scope: &Scope<'t>) -> Cow<'t, str> {
    if scope.is_none() || !text.contains('{') {
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

/// The text of a value, if a text stands there.
fn scalar<'t>(child: &Child<'t>) -> Option<Cow<'t, str>> {
    match as_expr(child) {
        Expr::Text(text) => Some(text),
        _ => None,
    }
}
