//! What says how many there are of a block, and Terraform refuses.

use super::varying;
use crate::blocks::terraform::{Block, Repeat};
use crate::blocks::{Cause, Child, ListKind, Note, Noted, Template};
use crate::eval::{Resolver, ScalarKind, TWO_OF_A_KEY, Value};

/// What Terraform refuses of a block's `count` or `for_each`, whatever its variables are.
pub(super) fn refused_count<'t>(template: &Template<'t>, block: &Block<'t>) -> Option<Note> {
    let [count, each] = ["count", "for_each"].map(|key| block.part(key));
    let (node, why) = match (count, each) {
        // That is said where the block is read.
        (Some(_), Some(_)) => return None,
        (Some(count), None) => {
            let Some(Repeat::Count(child)) = block.repeat() else {
                return None;
            };
            (count, fixed(template, &child, of_count)?)
        }
        (None, Some(each)) => {
            let Some(Repeat::Each(child)) = block.repeat() else {
                return None;
            };
            (each, fixed(template, &child, of_each)?)
        }
        (None, None) => return None,
    };
    Some(Note {
        what: Noted::Refused {
            message: why.to_owned(),
            other: "",
        },
        place: node.place(),
        other: None,
    })
}

/// What is wrong with a value that no variable decides.
fn fixed<'t>(
    template: &Template<'t>,
    child: &Child<'t>,
    wrong: fn(&Resolver<'_, 't>, &Value<'t>) -> Option<&'static str>,
) -> Option<&'static str> {
    let resolver = Resolver::new(template);
    let (value, varies) = varying(&resolver, child);
    wrong(&resolver, &value).filter(|_| !varies)
}

fn of_count(_: &Resolver<'_, '_>, value: &Value<'_>) -> Option<&'static str> {
    match value {
        Value::Absent => Some("`count` can't be null"),
        Value::List(_) | Value::Map(_) => Some("`count` has to be a number"),
        Value::Text(text) if text.kind() == ScalarKind::Any => None,
        Value::Text(text) => match text.number() {
            None => Some("`count` has to be a number"),
            Some(number) if number.as_index().is_some() => None,
            Some(number) if number.float() < 0.0 => Some("`count` can't be less than 0"),
            Some(number) if number.float().fract() != 0.0 => {
                Some("`count` has to be a whole number")
            }
            Some(_) => None,
        },
        Value::OneOf(..) | Value::Unknown(_) => None,
    }
}

fn of_each<'t>(resolver: &Resolver<'_, 't>, value: &Value<'t>) -> Option<&'static str> {
    match value {
        Value::Absent => Some("`for_each` can't be null"),
        Value::Text(text) if text.kind() == ScalarKind::Any => None,
        Value::Text(_) => Some("`for_each` has to be a map or a set of texts"),
        Value::List(items) if items.kind != ListKind::Set => {
            Some("`for_each` can't be a list: `toset` makes a set of it")
        }
        Value::List(items) => {
            let is_wrong = |item: Child<'t>| match resolver.value(&item) {
                Value::Text(text) => {
                    matches!(text.kind(), ScalarKind::Number | ScalarKind::Bool)
                }
                Value::Absent | Value::List(_) | Value::Map(_) => true,
                Value::OneOf(..) | Value::Unknown(_) => false,
            };
            let mut items = items.iter();
            items
                .any(is_wrong)
                .then_some("a set in `for_each` can only have texts in it")
        }
        Value::Unknown(Cause::Rejected(what)) if what == TWO_OF_A_KEY => {
            Some("a `for` in `for_each` gives two elements the same key")
        }
        Value::Map(_) | Value::OneOf(..) | Value::Unknown(_) => None,
    }
}
