//! What a `variable` block says of the values that it takes.

use std::borrow::Cow;

use super::expressions::{Owned, Reader};
use crate::blocks::{Attribute, Child, Type};
use crate::syntax::{self, Kind, Node, Operation, Syntax};

/// Types within types.
const DEEPEST: usize = 64;

/// Reads a type: `string`, `list(...)`, `object({...})`. In JSON, and in old files, it stands in quotes.
pub(super) fn declared<'t>(node: Node<'_>) -> Option<Type<'t>> {
    if node.kind() != Kind::Scalar {
        return match node.document().syntax() {
            Syntax::Hcl => of(node, 0),
            _ => None,
        };
    }
    let text = node.text();
    let document = syntax::expression(text.trim()).ok()?;
    of(document.roots().next()?, 0)
}

fn of<'t>(written: Node<'_>, depth: usize) -> Option<Type<'t>> {
    if depth > DEEPEST {
        return None;
    }
    let mut parts = written.parts();
    match written.operation()? {
        Operation::Name => match &*written.text() {
            "any" => Some(Type::Any),
            "string" => Some(Type::Text),
            "number" => Some(Type::Number),
            "bool" => Some(Type::Bool),
            "list" => Some(Type::List(Box::new(Type::Any))),
            "set" => Some(Type::Set(Box::new(Type::Any))),
            "map" => Some(Type::Map(Box::new(Type::Any))),
            _ => None,
        },
        Operation::Call => {
            let (Some(name), Some(inner), None) = (parts.next(), parts.next(), parts.next()) else {
                return None;
            };
            let boxed = || of(inner, depth + 1).map(Box::new);
            match &*name.text() {
                "list" => Some(Type::List(boxed()?)),
                "set" => Some(Type::Set(boxed()?)),
                "map" => Some(Type::Map(boxed()?)),
                "tuple" if inner.kind() == Kind::Sequence => {
                    let items = inner.items().map(|item| of(item, depth + 1));
                    Some(Type::Tuple(items.collect::<Option<_>>()?))
                }
                "object" if inner.kind() == Kind::Mapping => object(inner, depth),
                _ => None,
            }
        }
        Operation::Parentheses => of(parts.next()?, depth + 1),
        _ => None,
    }
}

fn object<'t>(written: Node<'_>, depth: usize) -> Option<Type<'t>> {
    let mut attributes = Vec::new();
    for (key, value) in written.entries() {
        if key.kind() != Kind::Scalar {
            return None;
        }
        let name = key.text().into_owned();
        let is_optional = value.operation() == Some(Operation::Call)
            && value
                .parts()
                .next()
                .is_some_and(|name| name.text() == "optional");
        attributes.push(match is_optional {
            true => optional(name, value, depth)?,
            false => Attribute {
                name: Cow::Owned(name),
                kind: of(value, depth + 1)?,
                is_optional: false,
                default: None,
            },
        });
    }
    attributes.sort_by(|a, b| a.name.cmp(&b.name));
    Some(Type::Object(attributes))
}

fn optional<'t>(name: String, call: Node<'_>, depth: usize) -> Option<Attribute<'t>> {
    let mut arguments = call.parts().skip(1);
    let kind = of(arguments.next()?, depth + 1)?;
    let nothing = |_: &str| false;
    let default = arguments.next();
    let is_call = |node: Node<'_>| node.operation() == Some(Operation::Call);
    if arguments.next().is_some() || default.is_some_and(is_call) {
        return None;
    }
    let default = default
        .map(|default| Child::built(Reader::<Owned>::new(&nothing).expression(default), &None));
    Some(Attribute {
        name: Cow::Owned(name),
        kind,
        is_optional: true,
        default,
    })
}
