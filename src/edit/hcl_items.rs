//! Terraform's own syntax: arguments and blocks, written as their neighbours are.

use super::way_down::Link;
use super::{Edit, NewText, Refusal, indentation, line_break, own_line, quoted, refuse};
use crate::syntax::Node;

/// A new argument, or a block with one in it.
pub(super) struct NewItem<'a> {
    pub name: &'a str,
    /// What stands in it, the innermost last; nothing for an argument.
    pub below: &'a [&'a str],
    /// Whether it is a block, and no object.
    pub is_block: bool,
    pub value: &'a NewText,
}

/// As HCL has it.
pub(super) fn literal(value: &NewText) -> String {
    match value {
        NewText::Text(text) => quoted(text).replace("${", "$${").replace("%{", "%%{"),
        NewText::Bare(text) => text.clone(),
    }
}

impl NewItem<'_> {
    /// At an indentation; an argument is padded so that its sign of equality stands in a column.
    fn written(&self, indent: &str, line_break: &str, column: usize) -> String {
        let value = literal(self.value);
        if self.below.is_empty() {
            let pad = column.saturating_sub(self.name.chars().count()).max(1);
            return format!("{}{}= {value}", self.name, " ".repeat(pad));
        }
        let sign = if self.is_block { "" } else { "= " };
        let mut text = format!("{} {sign}{{", self.name);
        let mut depth = indent.to_owned();
        let (last, between) = self.below.split_last().unwrap_or((&"", &[]));
        let mut closing = vec![depth.clone()];
        depth.push_str("  ");
        for name in between {
            text.push_str(&format!("{line_break}{depth}{name} {sign}{{"));
            closing.push(depth.clone());
            depth.push_str("  ");
        }
        text.push_str(&format!("{line_break}{depth}{last} = {value}"));
        for indent in closing.iter().rev() {
            text.push_str(&format!("{line_break}{indent}}}"));
        }
        text
    }

    /// In the place of another one.
    pub fn instead(&self, old: Link<'_>) -> String {
        let text = old.mapping.document().text();
        let start = old.key.span().start as usize;
        let indent = indentation(text, start);
        let between = text
            .get(old.key.span().end as usize..old.value.span().start as usize)
            .unwrap_or_default();
        let column = between.find('=').map_or(0, |at| {
            old.key.span().of(text).chars().count() + between[..at].chars().count()
        });
        self.written(indent, line_break(text, start), column)
    }

    /// Into a body in which nothing goes.
    pub fn insert_into_body(&self, body: Node<'_>) -> Result<Edit, Refusal> {
        let text = body.document().text();
        let (open, end) = (body.span().start as usize, body.span().end as usize);
        let close = end.saturating_sub(1);
        let inside = text.get(open + 1..close).unwrap_or_default();
        let outer = indentation(text, open);
        let line_break = line_break(text, end);
        if !inside.contains('\n') {
            if !inside.trim().is_empty() {
                return refuse("its block is written on one line".to_owned());
            }
            let indent = format!("{outer}  ");
            let item = self.written(&indent, line_break, 0);
            return Ok(Edit {
                span: crate::base::source::Span::new(super::offset(open + 1), super::offset(close)),
                text: format!("{line_break}{indent}{item}{line_break}{outer}"),
            });
        }
        let entries: Vec<_> = body.entries().collect();
        let first = entries
            .first()
            .and_then(|(key, _)| own_line(text, key.span().start as usize));
        let indent = first.map_or_else(|| format!("{outer}  "), str::to_owned);
        let item = self.written(&indent, line_break, 0);
        if self.below.is_empty() {
            let arguments = entries
                .iter()
                .take_while(|(_, value)| !value.is_body() && !is_labelled(*value));
            let at = match arguments.last() {
                Some((_, value)) => value.span().end as usize,
                None => open + 1,
            };
            let Some(at) = super::removal::line_end(text, at, "#/") else {
                return refuse("its block is written in an unusual way".to_owned());
            };
            return Ok(Edit::insert(at, format!("{indent}{item}{line_break}")));
        }
        let Some(blank) = own_line(text, close) else {
            return refuse("its block is written in an unusual way".to_owned());
        };
        let at = close - blank.len();
        Ok(Edit::insert(
            at,
            format!("{line_break}{indent}{item}{line_break}"),
        ))
    }
}

/// Whether what stands under a key is a label, and no value: only a body can be below it.
fn is_labelled(value: Node<'_>) -> bool {
    let is_braced = value.written().starts_with('{');
    value.kind() == crate::syntax::Kind::Mapping && !is_braced
}
