//! Names, and what is asked of them: `aws_x.y[0].id`, `var.a.b`, `local.c[*].d`.

use std::borrow::Cow;

use super::{ELEMENT, Keep, Reader, call, child, number, word_of};
use crate::blocks::terraform::quoted_key;
use crate::blocks::{Cause, Child, Expr, For, Function, Name, Space, Written};
use crate::syntax::{Node, Operation};

/// A step of a traversal, as its words call it.
enum Taken<'d> {
    Attribute(Cow<'d, str>),
    /// The element at this node.
    Index(Node<'d>),
    Splat,
    FullSplat,
}

fn taken<'d>(step: &Node<'d>) -> Taken<'d> {
    match step.operation() {
        Some(Operation::Attribute) => Taken::Attribute(step.text()),
        Some(Operation::Splat) => Taken::Splat,
        Some(Operation::FullSplat) => Taken::FullSplat,
        _ => Taken::Index(step.parts().next().unwrap_or(*step)),
    }
}

/// Whether an index is written with a dot: `x.0`.
fn is_legacy(step: &Node<'_>) -> bool {
    step.operation() == Some(Operation::Index)
        && step.span().of(step.document().text()).starts_with('.')
}

impl<'d, 't, K: Keep<'d, 't>> Reader<'_, 'd, 't, K> {
    /// A name and what is asked of it.
    pub(super) fn root(&mut self, name: &str, steps: &[Node<'d>]) -> Expr<'t> {
        if self.loops.iter().any(|known| known == name) || (self.is_bound)(name) {
            let name = Name::Loop(Cow::Owned(name.to_owned()));
            return self.path(Expr::Name(name), steps);
        }
        let attribute = match steps.first().map(taken) {
            Some(Taken::Attribute(attribute)) => attribute,
            _ => return Expr::Unknown(Cause::Undefined(name.to_owned())),
        };
        let full = format!("{name}.{attribute}");
        match name {
            "resource" => self.root(&attribute, &steps[1..]),
            "var" => {
                let variable = Name::Parameter(Cow::Owned(attribute.into_owned()));
                self.path(Expr::Name(variable), &steps[1..])
            }
            "local" => {
                let local = Name::Definition(Space::Local, Cow::Owned(attribute.into_owned()));
                self.path(Expr::Name(local), &steps[1..])
            }
            "data" => {
                let mut full = full;
                for step in steps.iter().skip(1).take(2) {
                    if let Taken::Attribute(attribute) = taken(step) {
                        full.push('.');
                        full.push_str(&attribute);
                    }
                }
                Expr::Unknown(Cause::Data(full))
            }
            "path" if matches!(&*attribute, "module" | "root") => {
                let place = Name::Definition(Space::Path, Cow::Owned(attribute.into_owned()));
                self.path(Expr::Name(place), &steps[1..])
            }
            "path" | "terraform" | "self" | "each" | "count" | "ephemeral" => {
                Expr::Unknown(Cause::Pseudo(full))
            }
            _ => self.resource(full, &steps[1..]),
        }
    }

    /// `aws_x.y`, its instance, the attribute, and what is asked of that.
    fn resource(&mut self, mut address: String, steps: &[Node<'d>]) -> Expr<'t> {
        let mut rest = steps;
        let mut key = None;
        let mut is_splat = false;
        match rest.first().map(taken) {
            Some(Taken::Index(index)) => {
                key = Some(self.expression(index));
                rest = &rest[1..];
            }
            Some(Taken::Splat | Taken::FullSplat) => {
                is_splat = true;
                rest = &rest[1..];
            }
            _ => {}
        }
        let mut attribute = String::new();
        if let Some(Taken::Attribute(name)) = rest.first().map(taken) {
            attribute = name.into_owned();
            rest = &rest[1..];
        }
        // `aws_x.y.*.id[0]`: the index chooses the instance.
        if is_splat
            && let Some(step) = rest.first()
            && let (Taken::Index(index), false) = (taken(step), is_legacy(step))
        {
            key = Some(self.expression(index));
            is_splat = false;
            rest = &rest[1..];
        }
        let known = match &key {
            Some(Expr::Text(key)) => Some(quoted_key(key)),
            Some(Expr::Number(key)) => Some(format!("[{key}]")),
            _ => None,
        };
        address.push_str(known.as_deref().unwrap_or_default());
        let value = match key {
            Some(key) if known.is_none() => {
                let words = [word_of(&address), key, word_of(&attribute)];
                call(Function::Instance, words.map(child))
            }
            _ => Expr::Name(Name::Attribute(Cow::Owned(address), Cow::Owned(attribute))),
        };
        let value = self.path(value, rest);
        if is_splat {
            call(Function::Instances, [child(value)])
        } else {
            value
        }
    }

    /// Indexes and attributes, one after the other.
    pub(super) fn path(&mut self, start: Expr<'t>, steps: &[Node<'d>]) -> Expr<'t> {
        if let Expr::Unknown(_) = start {
            return start;
        }
        let mut keys: Vec<Child<'t>> = Vec::new();
        let mut rest = steps;
        let mut splat = None;
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            keys.push(match taken(step) {
                Taken::Attribute(name) => child(word_of(&name)),
                Taken::Index(index) if is_legacy(step) => child(number(&index.text())),
                Taken::Index(index) => self.part(index),
                Taken::FullSplat => {
                    splat = Some(rest.len());
                    break;
                }
                // It takes attributes of the elements; an index is one of the new list.
                Taken::Splat => {
                    let takes = |step: &&Node<'d>| {
                        matches!(taken(step), Taken::Attribute(_)) || is_legacy(step)
                    };
                    splat = Some(rest.iter().take_while(takes).count());
                    break;
                }
            });
        }
        let value = indexed(start, keys);
        let Some(taken) = splat else {
            return value;
        };
        let (inner, rest) = rest.split_at(taken);
        let element = Expr::Name(Name::Loop(Cow::Borrowed(ELEMENT)));
        let element = self.path(element, inner);
        let each = For::new(Written {
            collection: child(call(Function::Spread, [child(value)])),
            names: (None, Cow::Borrowed(ELEMENT)),
            key: None,
            value: child(element),
            condition: None,
            is_grouped: false,
        });
        self.path(Expr::For(each), rest)
    }
}

fn indexed<'t>(start: Expr<'t>, keys: Vec<Child<'t>>) -> Expr<'t> {
    if keys.is_empty() {
        return start;
    }
    call(Function::Index, std::iter::once(child(start)).chain(keys))
}
