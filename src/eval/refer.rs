//! Names that functions make: what `Ref` and `Fn::GetAtt` refer to where they take a function.

use super::{DEEPEST, Resolver, Value};
use crate::blocks::{Cause, Child, Expr, Function, Items, Name, Scope, bound};

/// Names that one reference may stand for.
const MOST: usize = 64;

impl<'t> Resolver<'_, 't> {
    /// The value of what is referred to.
    pub(super) fn refer(&self, arguments: &Items<'t>) -> Value<'t> {
        let Some(name) = arguments.first() else {
            return Value::rejected("Ref");
        };
        let scope = &name.scope;
        let attribute = arguments.get(1).map(|attribute| self.value(&attribute));
        self.each_of(self.value(&name), "Ref", &|name| {
            let Value::Text(name) = name else { return None };
            Some(match &attribute {
                Some(Value::Text(attribute)) => self.attribute(name, attribute, scope),
                Some(_) => Value::Unknown(Cause::Attribute((**name).to_owned())),
                None => self.called(name, scope),
            })
        })
    }

    /// What stands under a name that is known only now.
    fn called(&self, name: &str, scope: &Scope<'t>) -> Value<'t> {
        if let Some(parameter) = self.template().parameter(scope, name) {
            return self.parameter(parameter);
        }
        match name {
            "AWS::NoValue" => Value::Absent,
            pseudo if pseudo.starts_with("AWS::") => Value::Unknown(Cause::Pseudo(name.to_owned())),
            _ => Value::Unknown(self.cause_of_name(name, scope)),
        }
    }

    fn cause_of_name(&self, name: &str, scope: &Scope<'t>) -> Cause {
        let names = &self.template().unit(scope).names;
        let resource = name.split_once('.').map_or(name, |(resource, _)| resource);
        if names.contains_key(name) || names.contains_key(resource) {
            Cause::Attribute(name.to_owned())
        } else {
            Cause::Undefined(name.to_owned())
        }
    }

    /// Every name that a reference may stand for: that in each branch of a choice, whichever is taken by default.
    #[must_use]
    pub fn names_of(&self, arguments: &Items<'t>) -> Vec<String> {
        let mut names = Vec::new();
        let mut waiting: Vec<Child<'t>> = arguments.first().into_iter().collect();
        for _ in 0..DEEPEST {
            let Some(child) = waiting.pop() else { break };
            if let Expr::Call(Function::If, branches) = self.template().expr(&child) {
                waiting.extend(branches.iter().skip(1).rev());
                continue;
            }
            match self.value(&child) {
                Value::Text(name) => names.push(name.into_owned()),
                Value::OneOf(values, _) => {
                    names.extend(
                        values
                            .into_iter()
                            .take(MOST)
                            .filter_map(|value| match value {
                                Value::Text(name) => Some(name.into_owned()),
                                _ => None,
                            }),
                    );
                }
                Value::Unknown(_) => names.extend(self.in_any_round(&child, 0)),
                _ => {}
            }
        }
        names
    }

    /// A name in a loop over values that nobody knows, as the key of a resource in the same round is written: `Web${Zone}`.
    fn in_any_round(&self, child: &Child<'t>, depth: u32) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let all = |parts: &Items<'t>| {
            let parts = parts.iter();
            let parts = parts.map(|part| self.in_any_round(&part, depth + 1));
            parts.collect::<Option<Vec<String>>>()
        };
        match self.template().expr(child) {
            Expr::Name(Name::Any(name)) if self.is_any_round(&name, &child.scope) => {
                Some(format!("${{{name}}}"))
            }
            Expr::Call(Function::Substitute | Function::Template | Function::Same, parts) => {
                Some(all(&parts)?.concat())
            }
            Expr::Call(Function::Join, arguments) => {
                let separator = self.in_any_round(&arguments.get(0)?, depth + 1)?;
                match self.template().expr(&arguments.get(1)?) {
                    Expr::List(parts) => Some(all(&parts)?.join(&separator)),
                    _ => None,
                }
            }
            _ => match self.value(child) {
                Value::Text(text) => Some(text.into_owned()),
                _ => None,
            },
        }
    }

    /// Whether a name is that of a loop variable whose values nobody knows.
    fn is_any_round(&self, name: &str, scope: &Scope<'t>) -> bool {
        let value = bound(scope, name).map(|value| self.template().expr(value));
        matches!(value, Some(Expr::Unknown(Cause::Loop(..))))
    }
}
