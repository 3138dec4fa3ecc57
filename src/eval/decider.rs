//! Where a value is decided that is nothing but a name for what stands elsewhere.

use super::{DEEPEST, Resolver, Value, parameter::is_same};
use crate::blocks::{Child, Expr, Function, Items, Name, Place, Space};

/// What decides a value in the place of what uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decider {
    /// A parameter or variable: an index into [`crate::blocks::Template::parameters`].
    Parameter(usize),
    /// What stands at a place under a name, and the value where it is one text: a local, a value of a mapping, or all of one.
    Named {
        place: Place,
        name: String,
        value: Option<String>,
    },
    /// What a called module is given, or takes by default.
    Input,
}

impl<'t> Resolver<'_, 't> {
    /// What decides a value that is nothing but the name of something; nothing for a value that is more than that. Leaves no trace.
    #[must_use]
    pub fn decider(&self, child: &Child<'t>) -> Option<Decider> {
        self.quietly(|| self.decider_below(child, 0))
    }

    fn decider_below(&self, child: &Child<'t>, depth: u32) -> Option<Decider> {
        if depth > DEEPEST || !self.template().may_be_name(child) {
            return None;
        }
        if let Some(parameter) = self.parameter_of(child) {
            return Some(Decider::Parameter(parameter));
        }
        let handed = |name: &str| {
            let at = self.template().parameter(&child.scope, name)?;
            self.template().parameters[at].handed.as_ref()
        };
        match self.template().expr(child) {
            Expr::Name(Name::Parameter(name)) => {
                let further = self.decider_below(handed(&name)?, depth + 1);
                further.or(Some(Decider::Input))
            }
            Expr::Name(Name::Any(name)) => {
                let handed = handed(&name)?;
                self.decider_below(handed, depth + 1)
                    .or_else(|| self.literal(handed, &name))
            }
            Expr::Name(Name::Definition(Space::Local, name)) => {
                let unit = self.template().unit(&child.scope);
                let local = unit.definition(Space::Local, &name)?;
                self.decider_below(local, depth + 1)
                    .or_else(|| self.literal(local, &format!("local.{name}")))
            }
            Expr::Call(Function::FindInMap, arguments) => self.row(&arguments),
            Expr::Call(function, arguments) if is_same(function) => {
                self.decider_below(&arguments.first()?, depth + 1)
            }
            _ => None,
        }
    }

    /// What stands where it is written, under a name.
    fn literal(&self, child: &Child<'t>, name: &str) -> Option<Decider> {
        Some(Decider::Named {
            place: child.as_node()?.place(),
            name: name.to_owned(),
            value: self.text(child),
        })
    }

    fn text(&self, child: &Child<'t>) -> Option<String> {
        match self.value(child) {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }

    /// The value of a mapping where both keys are known, else the whole mapping; nothing where what is taken is no part of it.
    fn row(&self, arguments: &Items<'t>) -> Option<Decider> {
        let (first, second) = (arguments.get(1)?, arguments.get(2)?);
        let name = self.text(&arguments.first()?)?;
        let unit = self.template().unit(&first.scope);
        let mapping = unit.definition(Space::Mapping, &name.clone().into())?;
        let (Some(row), Some(key)) = (self.text(&first), self.text(&second)) else {
            return Some(Decider::Named {
                place: mapping.as_node()?.place(),
                name,
                value: None,
            });
        };
        let Value::Map(rows) = self.value(mapping) else {
            return None;
        };
        let Value::Map(entries) = self.value(&rows.get(&row)?.value) else {
            return None;
        };
        let entry = entries.get(&key)?;
        Some(Decider::Named {
            place: entry
                .place
                .or_else(|| Some(entry.value.as_node()?.place()))?,
            name: format!("{name}.{row}.{key}"),
            value: self.text(&entry.value),
        })
    }
}
