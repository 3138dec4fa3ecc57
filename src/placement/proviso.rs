//! What a condition hangs on, by name, so that a report can say when a decision is there.

use crate::blocks::{Child, Dialect, Expr, Name, Space, Template};

/// Names that are kept: a report names a few.
const MOST: usize = 8;
/// Parts of a condition that are looked at.
const MOST_PARTS: usize = 200;

/// The conditions of a CloudFormation template, or what `count` and the like look at (`var.bastion`), in the order of writing.
/// Nothing behind those is looked up: the name that is written next to the resource is the one that its reader knows.
pub fn names<'t>(template: &Template<'t>, condition: &Child<'t>) -> Vec<String> {
    let mut names = Vec::new();
    let mut waiting = vec![condition.clone()];
    for _ in 0..MOST_PARTS {
        let Some(part) = waiting.pop() else { break };
        let name = match template.expr(&part) {
            Expr::Name(name) => name_of(template.dialect, &name),
            Expr::Call(_, parts) | Expr::List(parts) => {
                let parts: Vec<_> = parts.iter().collect();
                waiting.extend(parts.into_iter().rev());
                None
            }
            _ => None,
        };
        let name = name.filter(|name| !names.contains(name));
        names.extend(name);
    }
    names.truncate(MOST);
    names
}

fn name_of(dialect: Dialect, name: &Name<'_>) -> Option<String> {
    match (name, dialect) {
        (Name::Definition(Space::Condition, name), _) => Some(name.clone().into_owned()),
        (_, Dialect::CloudFormation) => None,
        (Name::Parameter(name), _) => Some(format!("var.{name}")),
        (Name::Definition(Space::Local, name), _) => Some(format!("local.{name}")),
        (Name::Attribute(of, attribute), _) if attribute.is_empty() => {
            Some(of.clone().into_owned())
        }
        (Name::Attribute(of, attribute), _) => Some(format!("{of}.{attribute}")),
        _ => None,
    }
}
