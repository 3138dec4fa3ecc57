//! The parameter that a value is, and the values that are worth trying for it.

use std::borrow::Cow;

use super::{Assumed, Candidate, DEEPEST, Resolver, ScalarKind, Text, Truth, Value};
use crate::blocks::{
    Child, Expr, Function, Items, Name, Named, Number, Parameter, ParameterKind, Space, Type, bound,
};

/// Values worth trying that are remembered.
const MOST_CANDIDATES: usize = 256;

/// Functions that leave a value what it is, as far as its text goes.
pub(super) fn is_same(function: Function) -> bool {
    matches!(
        function,
        Function::Same
            | Function::Named(
                Named::ToString
                    | Named::ToNumber
                    | Named::ToBool
                    | Named::ToList
                    | Named::ToMap
                    | Named::ToSet
                    | Named::Sensitive
                    | Named::NonSensitive
                    | Named::EphemeralAsNull
            )
    )
}

/// The texts between commas.
fn listed<'t>(text: &str) -> Value<'t> {
    let parts = text
        .split(',')
        .map(|part| Cow::Owned(part.trim().to_owned()));
    Value::List(
        parts
            .map(|part| Child::built(Expr::Text(part), &None))
            .collect(),
    )
}

/// The words for a value of a parameter that nobody names, where it may as well be one that makes no difference.
#[must_use]
pub fn some_other(parameter: &str) -> String {
    format!("`{parameter}` has some other value")
}

impl<'t> Resolver<'_, 't> {
    /// The parameter that stands there by itself, if one does.
    #[must_use]
    pub fn parameter_of(&self, child: &Child<'t>) -> Option<usize> {
        if !self.template.may_be_name(child) {
            return None;
        }
        let at = match self.template.expr(child) {
            Expr::Name(Name::Any(name)) if bound(&child.scope, &name).is_none() => {
                self.template.parameter(&child.scope, &name)
            }
            Expr::Name(Name::Parameter(name)) => self.template.parameter(&child.scope, &name),
            Expr::Call(Function::Refer, arguments) if arguments.len() == 1 => {
                let name = arguments.first()?;
                match self.quietly(|| self.value(&name)) {
                    Value::Text(name) => self.template.parameter(&child.scope, &name),
                    _ => None,
                }
            }
            Expr::Call(function, arguments) if is_same(function) => {
                self.parameter_of(&arguments.first()?)
            }
            _ => None,
        }?;
        // One that is handed down is nobody's to choose but that of whoever hands it down.
        match &self.template.parameters[at].handed {
            None => Some(at),
            Some(handed) => {
                let depth = self.depth.get();
                if depth >= DEEPEST {
                    return None;
                }
                self.depth.set(depth + 1);
                let behind = self.parameter_of(handed);
                self.depth.set(depth);
                behind
            }
        }
    }

    /// A value that a parameter is taken to have.
    pub(super) fn assumed(&self, parameter: &Parameter<'t>, text: &str) -> Value<'t> {
        let text = Cow::Owned(text.to_owned());
        if parameter.kind == ParameterKind::List {
            return listed(&text);
        }
        let kind = match parameter.declared {
            Some(Type::Text) => ScalarKind::Text,
            Some(Type::Number) if Number::parse(&text).is_some() => ScalarKind::Number,
            Some(Type::Bool) if matches!(&*text, "true" | "false") => ScalarKind::Bool,
            _ => ScalarKind::Any,
        };
        Value::Text(Text::of(text, kind))
    }

    /// A value that nobody names, of a parameter's kind.
    pub(super) fn assumed_other(&self, parameter: &Parameter<'t>) -> Value<'t> {
        let unnamed = Text::unnamed(match parameter.declared {
            Some(Type::Text) => ScalarKind::Text,
            _ => ScalarKind::Any,
        });
        if parameter.kind == ParameterKind::List {
            let part = Expr::Text(unnamed.into_text());
            return Value::List(std::iter::once(Child::built(part, &None)).collect());
        }
        Value::Text(unnamed)
    }

    /// The value that a parameter is given, or has by default.
    pub(super) fn given(&self, parameter: &Parameter<'t>, given: &Child<'t>) -> Value<'t> {
        let value = match self.value(given) {
            Value::Text(text) if parameter.kind == ParameterKind::List => return listed(&text),
            Value::Absent => match &parameter.instead_of_null {
                Some(other) => match self.value(other) {
                    Value::Absent => return Value::rejected(&parameter.name),
                    other => other,
                },
                None => Value::Absent,
            },
            value => value,
        };
        match &parameter.declared {
            Some(declared) => self.converted(value, declared, &parameter.name),
            None => value,
        }
    }

    /// The parameter that a value is in the end: behind names, loop variables and choices that are settled.
    pub fn parameter_behind(&self, child: &Child<'t>) -> Option<usize> {
        if !self.template.may_be_name(child) {
            return None;
        }
        let mut child = child.clone();
        for _ in 0..DEEPEST {
            if let Some(parameter) = self.parameter_of(&child) {
                return Some(parameter);
            }
            child = match self.template.expr(&child) {
                Expr::Name(Name::Definition(space @ Space::Local, name)) => {
                    let unit = self.template.unit(&child.scope);
                    unit.definition(space, &name)?.clone()
                }
                Expr::Name(Name::Loop(name)) => bound(&child.scope, &name)?.clone(),
                Expr::Call(Function::Index, arguments) => self.part_of_loop(&arguments)?,
                Expr::Call(Function::If, arguments) => {
                    let [condition, yes, no] = arguments.take()?;
                    match self.truth(&condition) {
                        Truth::Yes => yes,
                        Truth::No => no,
                        Truth::Maybe(_) => return None,
                    }
                }
                Expr::Call(function, arguments) if is_same(function) => arguments.first()?,
                // What `coalesce` asks first decides as soon as it is set.
                Expr::Call(Function::Named(Named::Coalesce | Named::Try), arguments) => {
                    arguments.first()?
                }
                _ => return None,
            };
        }
        None
    }

    /// What a part of a loop variable stands for: `each.value`.
    fn part_of_loop(&self, arguments: &Items<'t>) -> Option<Child<'t>> {
        let [name, part] = arguments.take()?;
        let (Expr::Name(Name::Loop(loop_name)), Expr::Text(part)) =
            (self.template.expr(&name), self.template.expr(&part))
        else {
            return None;
        };
        let Expr::Map(parts) = self.template.expr(bound(&name.scope, &loop_name)?) else {
            return None;
        };
        parts.get(&part).map(|entry| entry.value)
    }

    /// Notes a value that is worth trying for a parameter; `shown` is what follows the name: `=EC2`, ` above 0`.
    pub fn candidate(&self, parameter: usize, value: &str, shown: &str) {
        let name = &self.template.parameters[parameter].name;
        let shown = if shown.is_empty() {
            format!("`{name}` is empty")
        } else {
            format!("`{name}={shown}`")
        };
        self.candidate_in_words(parameter, Assumed::Text(value.to_owned()), shown);
    }

    /// Notes a value that is worth trying for a parameter, with the words that show it.
    pub fn candidate_in_words(&self, parameter: usize, value: Assumed, shown: String) {
        self.add_candidate(&Candidate {
            parameter,
            value,
            shown,
        });
    }

    pub(super) fn add_candidate(&self, candidate: &Candidate) {
        let mut trace = self.trace.borrow_mut();
        let known = |known: &Candidate| {
            known.parameter == candidate.parameter && known.value == candidate.value
        };
        let is_full = self.is_quiet.get() || trace.candidates.len() >= MOST_CANDIDATES;
        if !is_full && !trace.candidates.iter().any(known) {
            trace.candidates.push(candidate.clone());
        }
    }

    /// Notes that any value but one is worth trying for a parameter.
    pub fn candidate_other(&self, parameter: usize, than: &str) {
        if than.is_empty() {
            return self.candidate_any(parameter, "set");
        }
        let name = &self.template.parameters[parameter].name;
        let shown = format!("`{name}` other than `{than}`");
        self.candidate_in_words(parameter, Assumed::Other, shown);
    }

    /// Notes that a function looks into a parameter: which of its values make which difference, nobody names.
    pub(super) fn looks_into(&self, child: &Child<'t>) {
        if let Some(parameter) = self.parameter_behind(child) {
            let name = &self.template.parameters[parameter].name;
            self.candidate_in_words(parameter, Assumed::Any, some_other(name));
        }
    }

    /// Notes that any value at all is worth trying for a parameter that may have none.
    pub(super) fn candidate_any(&self, parameter: usize, is: &str) {
        let name = &self.template.parameters[parameter].name;
        self.candidate_in_words(parameter, Assumed::Other, format!("`{name}` is {is}"));
    }
}
