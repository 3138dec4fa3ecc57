//! The variables of the root module, as a plan was made with them: what else decided.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::excerpt::{Excerpt, Excerpts};
use super::window::Window;
use super::{PlanError, captured, inside};
use crate::base::source::Span;
use crate::blocks::Place;
use crate::syntax::{Kind, Node, json};

/// Bytes of a value that are kept to be shown.
const SHOWN: usize = 200;

/// Bytes of a value that fit into a message.
const SAID: usize = 60;

/// By name.
#[derive(Debug, Default)]
pub(super) struct Variables(BTreeMap<String, Variable>);

#[derive(Debug)]
struct Variable {
    /// Index into the excerpts of the plan, once they are whole.
    file: usize,
    excerpt: Excerpt,
    /// What to say of it.
    message: String,
}

impl Variables {
    /// Reads the value of one variable.
    pub(super) fn read(&mut self, name: String, window: &mut Window<'_>) -> Result<(), PlanError> {
        let range = window.capture()?;
        let text = captured(window, &range)?;
        let document = match json(text) {
            Ok(document) => document,
            Err(error) => return Err(inside(window, &range, &error)),
        };
        let entry = document.roots().next().and_then(|root| root.entry("value"));
        if let Some((key, value)) = entry {
            let start = key.span().start as usize;
            let mut end = (value.span().end as usize).min(start + SHOWN);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let message = message(&name, value);
            let text = text[start..end].to_owned();
            let position = window.position(range.start + start);
            let variable = Variable {
                file: 0,
                excerpt: Excerpt { text, position },
                message,
            };
            self.0.insert(name, variable);
        }
        window.release();
        Ok(())
    }

    /// Puts what is to be shown to the other excerpts.
    pub(super) fn settle(&mut self, excerpts: &mut Excerpts) {
        for variable in self.0.values_mut() {
            variable.file = excerpts.add(variable.excerpt.clone());
        }
    }

    /// Where a variable has its value, and what to say of it.
    pub(super) fn get(&self, name: &str) -> Option<(Place, String)> {
        let variable = self.0.get(name)?;
        let length = u32::try_from(variable.excerpt.text.len()).ok()?;
        let place = Place {
            file: variable.file,
            span: Span::new(0, length),
        };
        Some((place, variable.message.clone()))
    }
}

fn message(name: &str, value: Node<'_>) -> String {
    let text = match value.kind() {
        Kind::Scalar | Kind::Expression => value.comparable().unwrap_or(Cow::Borrowed("null")),
        Kind::Sequence | Kind::Mapping => Cow::Borrowed(""),
    };
    if text.is_empty() || text.len() > SAID {
        format!("the value of `{name}` in this plan")
    } else {
        format!("`{name}` is `{text}` in this plan")
    }
}
