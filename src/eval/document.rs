//! A text that is JSON, looked into: a state machine's definition is mostly written so. What is put into the text stays
//! what it is, known or not, wherever it fills a place of its own.

use std::borrow::Cow;

use super::data::Data;
use super::encode::from_json;
use super::{Resolver, Value};
use crate::blocks::{
    Cause, Child, Dialect, Entries, Entry, Expr, Function, Items, Name, Named, Space, bound,
};

/// Bytes of a text that is looked into.
const LONGEST: usize = 1 << 20;
/// Stands on both sides of the number of a part that is put in. Whoever writes it themselves only gets a text.
const MARK: char = '\u{F8FF}';

/// A text of JSON on the way to be read.
#[derive(Default)]
struct Draft<'t> {
    text: String,
    /// The parts that are put in.
    parts: Vec<Child<'t>>,
    /// Whether its end stands between quotes.
    is_quoted: bool,
}

impl<'t> Draft<'t> {
    fn write(&mut self, text: &str) {
        let mut is_escaped = false;
        for letter in text.chars() {
            match letter {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = self.is_quoted,
                '"' => self.is_quoted = !self.is_quoted,
                _ => {}
            }
        }
        self.text.push_str(text);
    }

    fn put_in(&mut self, part: Child<'t>) {
        let mark = format!("{MARK}{}{MARK}", self.parts.len());
        if self.is_quoted {
            self.text.push_str(&mark);
        } else {
            self.text.push_str(&format!("\"{mark}\""));
        }
        self.parts.push(part);
    }

    /// A text of the document, in which parts may have been put.
    fn text(&self, text: String) -> Child<'t> {
        if !text.contains(MARK) {
            return Child::built(Expr::Text(Cow::Owned(text)), &None);
        }
        let mut pieces: Vec<Child<'t>> = Vec::new();
        for (at, piece) in text.split(MARK).enumerate() {
            let part = match at % 2 {
                0 => None,
                _ => piece.parse().ok().and_then(|at: usize| self.parts.get(at)),
            };
            match part {
                Some(part) => pieces.push(part.clone()),
                None if piece.is_empty() => {}
                None => {
                    let piece = Expr::Text(Cow::Owned(piece.to_owned()));
                    pieces.push(Child::built(piece, &None));
                }
            }
        }
        if pieces.len() == 1 {
            return pieces.swap_remove(0);
        }
        let whole = Expr::Call(Function::Substitute, Items::from(pieces));
        Child::built(whole, &None)
    }

    fn child(&self, data: Data) -> Child<'t> {
        match data {
            Data::Text(text) => self.text(text),
            Data::List(kind, items) => {
                let items = items.into_iter().map(|item| self.child(item));
                let items = items.collect::<Items<'t>>().of_kind(kind);
                Child::built(Expr::List(items), &None)
            }
            Data::Map(kind, entries) => {
                let entries = entries.into_iter();
                let entries = entries
                    .map(|(key, value)| Entry::new(Cow::Owned(key), self.child(value)))
                    .collect::<Vec<_>>();
                Child::built(Expr::Map(Entries::from(entries).of_kind(kind)), &None)
            }
            plain => plain.into_child(),
        }
    }
}

/// Whether a text can be an object or a list in JSON.
fn may_be_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

impl<'t> Resolver<'_, 't> {
    /// What a text says that is JSON; nothing where it is anything else.
    #[must_use]
    pub fn document(&self, child: &Child<'t>) -> Option<Value<'t>> {
        match self.template().expr(child) {
            Expr::Text(text) => self.read_json(&text),
            Expr::Name(name) => {
                let behind = match &name {
                    Name::Definition(space @ Space::Local, name) => {
                        self.template().unit(&child.scope).definition(*space, name)
                    }
                    Name::Loop(name) | Name::Any(name) => bound(&child.scope, name),
                    _ => None,
                };
                match behind {
                    Some(behind) => self.inside(|| self.document(behind))?,
                    None => self.document_of(self.value(child)),
                }
            }
            Expr::Call(Function::Same, parts) => {
                let one = parts.first()?;
                self.inside(|| self.document(&one))?
            }
            Expr::Call(Function::Named(Named::JsonEncode), parts) => {
                Some(self.value(&parts.first()?))
            }
            // A function that is not run, by its name; but this one only writes down what it is given.
            Expr::Call(Function::Opaque, parts) if self.is_json_string(&parts) => {
                Some(self.value(&parts.get(1)?))
            }
            Expr::Call(Function::Join, parts) if self.template().dialect != Dialect::Terraform => {
                let [separator, list] = parts.take()?;
                let Value::Text(separator) = self.value(&separator) else {
                    return None;
                };
                let Value::List(items) = self.value(&list) else {
                    return None;
                };
                self.put_together(&items, &separator)
            }
            Expr::Call(Function::Substitute | Function::Template, parts) => {
                self.put_together(&parts, "")
            }
            // The text of a template, with what is put into it.
            Expr::Call(Function::Named(named) | Function::Expanded(named), parts)
                if named.brings() =>
            {
                let text = self.rendered(named, &parts)?;
                self.inside(|| self.document(&text))?
            }
            _ => self.document_of(self.value(child)),
        }
    }

    /// The same of a value.
    pub(super) fn document_of(&self, value: Value<'t>) -> Option<Value<'t>> {
        match value {
            Value::Text(text) => self.read_json(&text),
            _ => None,
        }
    }

    fn is_json_string(&self, parts: &Items<'t>) -> bool {
        let name = parts.first().map(|name| self.template().expr(&name));
        matches!(name, Some(Expr::Unknown(Cause::Function(name))) if name == "Fn::ToJsonString")
    }

    fn read_json(&self, text: &str) -> Option<Value<'t>> {
        if !may_be_json(text) || text.len() > LONGEST || !self.spend(text.len() / 64) {
            return None;
        }
        Some(from_json(text)?.into_value())
    }

    fn put_together(&self, parts: &Items<'t>, separator: &str) -> Option<Value<'t>> {
        let mut draft = Draft::default();
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                draft.write(separator);
            }
            self.put_part(&mut draft, part)?;
        }
        let whole = draft.child(from_json(&draft.text)?);
        Some(self.value(&whole))
    }

    /// Puts one part of a text into a draft, and the parts of a part that is put together itself.
    fn put_part(&self, draft: &mut Draft<'t>, part: Child<'t>) -> Option<()> {
        let is_first = draft.text.is_empty();
        match self.template().expr(&part) {
            Expr::Text(text) => draft.write(&text),
            Expr::Call(Function::Substitute | Function::Template, parts) => {
                return self.inside(|| {
                    let mut parts = parts.iter();
                    parts.try_for_each(|part| self.put_part(draft, part))
                })?;
            }
            _ if is_first => return None,
            _ => draft.put_in(part),
        }
        let is_long = draft.text.len() > LONGEST || !self.spend(draft.text.len() / 4096);
        let is_other = is_first && !draft.text.is_empty() && !may_be_json(&draft.text);
        (!is_long && !is_other).then_some(())
    }
}
