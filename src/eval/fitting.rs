//! Whether a value that the deployment gives is of its variable's type, or can be made so, as Terraform makes it.

use super::{Data, Resolver};
use crate::blocks::{Cause, Child, Expr, Function, Template, Type};

/// Parts of a value within parts.
const DEEPEST: usize = 32;
/// Characters of a type beyond which it is not shown.
const LONGEST: usize = 80;

/// What a variable must be, where no such thing can be made of a value.
#[must_use]
pub fn wanted<'t>(template: &Template<'t>, variable: usize, value: &Child<'t>) -> Option<String> {
    let declared = template.parameters[variable].declared.as_ref()?;
    if let Type::Unreadable = declared {
        return None;
    }
    let words = || match declared {
        Type::Any => "it must be a value".to_owned(),
        Type::Number => "it must be a number".to_owned(),
        Type::Bool => "it must be `true` or `false`".to_owned(),
        Type::Text => "it must be a text".to_owned(),
        other => {
            let written = written(other);
            if written.chars().count() > LONGEST {
                return "it must be of the variable's type".to_owned();
            }
            format!("it must be of the type `{written}`")
        }
    };
    if let Some(part) = open(template, value, 0) {
        let why = match part {
            Part::Name => "a text in it needs quotes",
            Part::Function => "no function can be called in it",
        };
        return Some(format!("{}, and {why}", words()));
    }
    let resolver = Resolver::new(template);
    let fits = match resolver.data(value) {
        Ok(Data::Null) => true,
        Ok(data) => resolver.made(data, declared).is_some(),
        Err(Cause::Rejected(_) | Cause::Undefined(_) | Cause::Function(_)) => false,
        // What can't be worked out is not known to be wrong.
        Err(_) => true,
    };
    (!fits).then(words)
}

/// What makes an expression more than a value.
enum Part {
    Name,
    Function,
}

/// Whether something in an expression stands for something else.
fn open<'t>(template: &Template<'t>, value: &Child<'t>, depth: usize) -> Option<Part> {
    if depth > DEEPEST {
        return None;
    }
    let part = |item: Child<'t>| open(template, &item, depth + 1);
    match template.expr(value) {
        Expr::Name(_) | Expr::Unknown(Cause::Undefined(_)) => Some(Part::Name),
        Expr::Call(Function::Named(_) | Function::Expanded(_), _) => Some(Part::Function),
        Expr::Call(_, items) | Expr::List(items) => items.iter().find_map(part),
        Expr::Map(entries) => entries.iter().find_map(|entry| part(entry.value)),
        _ => None,
    }
}

/// A type as Terraform writes it.
fn written(kind: &Type<'_>) -> String {
    match kind {
        Type::Any | Type::Unreadable => "any".to_owned(),
        Type::Text => "string".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::List(kind) => format!("list({})", written(kind)),
        Type::Set(kind) => format!("set({})", written(kind)),
        Type::Map(kind) => format!("map({})", written(kind)),
        Type::Tuple(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(written).collect();
            format!("tuple([{}])", kinds.join(", "))
        }
        Type::Object(attributes) => {
            let attributes = attributes.iter().map(|attribute| {
                let kind = written(&attribute.kind);
                match attribute.is_optional {
                    true => format!("{} = optional({kind})", attribute.name),
                    false => format!("{} = {kind}", attribute.name),
                }
            });
            format!("object({{{}}})", attributes.collect::<Vec<_>>().join(", "))
        }
    }
}
