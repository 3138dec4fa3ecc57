//! What a `variable` block says of the values that it takes.

use std::borrow::Cow;

use hcl_edit::expr::{Expression, FuncCall, ObjectKey};

use super::hcl::Reader;
use crate::blocks::{Attribute, Child, Type};

/// Types within types.
const DEEPEST: usize = 64;

/// Reads a type: `string`, `list(...)`, `object({...})`.
pub(super) fn declared<'t>(text: &str) -> Option<Type<'t>> {
    of(&text.trim().parse().ok()?, 0)
}

fn of<'t>(written: &Expression, depth: usize) -> Option<Type<'t>> {
    if depth > DEEPEST {
        return None;
    }
    match written {
        Expression::Variable(name) => match name.as_str() {
            "any" => Some(Type::Any),
            "string" => Some(Type::Text),
            "number" => Some(Type::Number),
            "bool" => Some(Type::Bool),
            "list" => Some(Type::List(Box::new(Type::Any))),
            "set" => Some(Type::Set(Box::new(Type::Any))),
            "map" => Some(Type::Map(Box::new(Type::Any))),
            _ => None,
        },
        Expression::FuncCall(call) => {
            let mut arguments = call.args.iter();
            let (Some(inner), None) = (arguments.next(), arguments.next()) else {
                return None;
            };
            let boxed = || of(inner, depth + 1).map(Box::new);
            match call.name.name.as_str() {
                "list" => Some(Type::List(boxed()?)),
                "set" => Some(Type::Set(boxed()?)),
                "map" => Some(Type::Map(boxed()?)),
                "tuple" => {
                    let Expression::Array(items) = inner else {
                        return None;
                    };
                    let items = items.iter().map(|item| of(item, depth + 1));
                    Some(Type::Tuple(items.collect::<Option<_>>()?))
                }
                "object" => object(inner, depth),
                _ => None,
            }
        }
        Expression::Parenthesis(inner) => of(inner.inner(), depth + 1),
        _ => None,
    }
}

fn object<'t>(written: &Expression, depth: usize) -> Option<Type<'t>> {
    let Expression::Object(object) = written else {
        return None;
    };
    let mut attributes = Vec::new();
    for (key, value) in object.iter() {
        let name = match key {
            ObjectKey::Ident(name) => name.to_string(),
            ObjectKey::Expression(Expression::Variable(name)) => name.to_string(),
            ObjectKey::Expression(Expression::String(name)) => name.value().clone(),
            ObjectKey::Expression(_) => return None,
        };
        attributes.push(match value.expr() {
            Expression::FuncCall(call) if call.name.name.as_str() == "optional" => {
                optional(name, call, depth)?
            }
            kind => Attribute {
                name: Cow::Owned(name),
                kind: of(kind, depth + 1)?,
                is_optional: false,
                default: None,
            },
        });
    }
    attributes.sort_by(|a, b| a.name.cmp(&b.name));
    Some(Type::Object(attributes))
}

fn optional<'t>(name: String, call: &FuncCall, depth: usize) -> Option<Attribute<'t>> {
    let mut arguments = call.args.iter();
    let kind = of(arguments.next()?, depth + 1)?;
    let nothing = |_: &str| false;
    let default = arguments.next();
    if arguments.next().is_some() || matches!(default, Some(Expression::FuncCall(_))) {
        return None;
    }
    let default =
        default.map(|default| Child::built(Reader::new(&nothing).expression(default), &None));
    Some(Attribute {
        name: Cow::Owned(name),
        kind,
        is_optional: true,
        default,
    })
}
