//! Names that functions make: what `Ref` and `Fn::GetAtt` refer to where they take a function.

use super::{DEEPEST, Resolver, Value};
use crate::blocks::{Cause, Child, Expr, Function, Items, Scope};

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
                _ => {}
            }
        }
        names
    }
}
