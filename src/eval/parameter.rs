//! The parameter that a value is, and the values that are worth trying for it.

use super::{Candidate, DEEPEST, Resolver, Truth};
use crate::blocks::{Child, Expr, Function, Name, Space, bound};

impl<'t> Resolver<'_, 't> {
    /// The parameter that stands there by itself, if one does.
    #[must_use]
    pub fn parameter_of(&self, child: &Child<'t>) -> Option<usize> {
        match self.template.expr(child) {
            Expr::Name(Name::Any(name)) if bound(&child.scope, &name).is_none() => {
                self.template.parameter(&name)
            }
            Expr::Name(Name::Parameter(name)) => self.template.parameter(&name),
            Expr::Call(Function::Same, arguments) => self.parameter_of(arguments.first()?),
            _ => None,
        }
    }

    /// The parameter that a value is in the end: behind names, loop variables and choices that are settled.
    pub(super) fn parameter_behind(&self, child: &Child<'t>) -> Option<usize> {
        let mut child = child.clone();
        for _ in 0..DEEPEST {
            if let Some(parameter) = self.parameter_of(&child) {
                return Some(parameter);
            }
            child = match self.template.expr(&child) {
                Expr::Name(Name::Definition(space @ Space::Local, name)) => {
                    self.template.definitions.get(&(space, name))?.clone()
                }
                Expr::Name(Name::Loop(name)) => bound(&child.scope, &name)?.clone(),
                // What `coalesce` asks first decides as soon as it is set.
                Expr::Call(Function::Same | Function::First, arguments) => {
                    arguments.first()?.clone()
                }
                Expr::Call(Function::Index, arguments) => self.part_of_loop(&arguments)?,
                Expr::Call(Function::If, arguments) => {
                    let [condition, yes, no] = arguments.as_slice() else {
                        return None;
                    };
                    match self.truth(condition) {
                        Truth::Yes => yes.clone(),
                        Truth::No => no.clone(),
                        Truth::Maybe(_) => return None,
                    }
                }
                _ => return None,
            };
        }
        None
    }

    /// What a part of a loop variable stands for: `each.value`.
    fn part_of_loop(&self, arguments: &[Child<'t>]) -> Option<Child<'t>> {
        let [name, part] = arguments else {
            return None;
        };
        let (Expr::Name(Name::Loop(loop_name)), Expr::Text(part)) =
            (self.template.expr(name), self.template.expr(part))
        else {
            return None;
        };
        let Expr::Map(parts) = self.template.expr(bound(&name.scope, &loop_name)?) else {
            return None;
        };
        let known = parts.into_iter().find(|entry| entry.key == part);
        known.map(|entry| entry.value)
    }

    /// Notes a value that is worth trying for a parameter; `shown` is what follows the name: `=EC2`, ` above 0`.
    pub fn candidate(&self, parameter: usize, value: &str, shown: &str) {
        let name = &self.template.parameters[parameter].name;
        let shown = if shown.is_empty() {
            format!("`{name}` empty")
        } else {
            format!("`{name}={shown}`")
        };
        self.candidate_in_words(parameter, value, shown);
    }

    /// Notes a value that is worth trying for a parameter, with the words that show it.
    pub fn candidate_in_words(&self, parameter: usize, value: &str, shown: String) {
        let mut trace = self.trace.borrow_mut();
        let known = |known: &Candidate| known.parameter == parameter && known.value == value;
        if trace.candidates.len() < 256 && !trace.candidates.iter().any(known) {
            trace.candidates.push(Candidate {
                parameter,
                value: value.to_owned(),
                shown,
            });
        }
    }

    /// Notes that any value but one is worth trying for a parameter.
    pub fn candidate_other(&self, parameter: usize, than: &str) {
        if than.is_empty() {
            return self.candidate_any(parameter, "set");
        }
        let name = &self.template.parameters[parameter].name;
        let shown = format!("`{name}` other than `{than}`");
        self.candidate_in_words(parameter, "\u{0}", shown);
    }

    /// Notes that any value at all is worth trying for a parameter that may have none.
    pub(super) fn candidate_any(&self, parameter: usize, is: &str) {
        let name = &self.template.parameters[parameter].name;
        self.candidate_in_words(parameter, "\u{0}", format!("`{name}` {is}"));
    }
}
