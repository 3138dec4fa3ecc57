//! Indentation: YAML's block style. Whole lines are put between lines.

use super::{Edit, Refusal, Value, Where, line_break, own_line, quoted, refuse, rest_of_line};
use crate::base::source::Span;
use crate::syntax::Node;

/// How lines are written.
struct Style {
    line_break: &'static str,
    /// Of the entries.
    indent: String,
    /// One step deeper.
    unit: String,
    /// Around keys: those of a neighbour.
    quote: &'static str,
}

/// Puts an entry into a block mapping.
pub(super) fn insert(
    mapping: Node<'_>,
    owner: Option<Node<'_>>,
    key: &str,
    value: &Value<'_>,
    place: Where,
) -> Result<Edit, Refusal> {
    let text = mapping.document().text();
    let Some((first, _)) = mapping.entries().next() else {
        return refuse("its block is empty".to_owned());
    };
    let start = first.span().start as usize;
    let Some(indent) = own_line(text, start) else {
        return refuse("its first key does not begin its line".to_owned());
    };
    let unit = match owner {
        Some(owner) => step(text, owner, indent),
        None => "  ".to_owned(),
    };
    let style = Style {
        line_break: line_break(text, start),
        indent: indent.to_owned(),
        unit,
        quote: quote(text, start),
    };
    let lines = style.entry(key, value, 0);
    let after = match place {
        Where::After(name) => mapping
            .entries()
            .find(|(key, value)| key.is(name) && is_simple(*value))
            .map(|(_, value)| value.span().end as usize),
        // Before the comments that lead up to the first key.
        Where::First => owner
            .and_then(|owner| after_colon(text, owner))
            .filter(|at| only_comments(text, *at, start)),
    };
    match after.and_then(|at| end_of_line(text, at)) {
        Some(at) => Ok(style.lines_at(text, at, &lines)),
        None => {
            let line = start - indent.len();
            Ok(style.lines_at(text, line, &lines))
        }
    }
}

/// An entry as its neighbour is written, from its key on.
pub(super) fn entry(
    mapping: Node<'_>,
    neighbour: Node<'_>,
    key: &str,
    value: &Value<'_>,
) -> String {
    let text = mapping.document().text();
    let start = neighbour.span().start as usize;
    let before = &text[..start];
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    // The first key of an item stands behind its dash.
    let indent = " ".repeat(before[line..].chars().count());
    let unit =
        super::owner(mapping).map_or_else(|| "  ".to_owned(), |outer| step(text, outer, &indent));
    let style = Style {
        line_break: line_break(text, start),
        indent,
        unit,
        quote: quote(text, start),
    };
    let lines = style.entry(key, value, 0);
    lines.trim_start_matches([' ', '\t']).to_owned()
}

/// Writes a map where a block mapping stands.
pub(super) fn replace(old: Node<'_>, value: &Value<'_>) -> Result<Edit, Refusal> {
    let text = old.document().text();
    let start = old.span().start as usize;
    let Some(indent) = own_line(text, start) else {
        return refuse("its record does not begin its line".to_owned());
    };
    let style = Style {
        line_break: line_break(text, start),
        indent: indent.to_owned(),
        unit: "  ".to_owned(),
        quote: quote(text, start),
    };
    let Value::Map(entries) = value else {
        return refuse("its record is not a map".to_owned());
    };
    let lines = entries
        .iter()
        .map(|(key, value)| style.entry(key, value, 0));
    let lines: Vec<String> = lines.collect();
    // A text of several lines at its end takes the last break with it.
    let length = old.span().of(text).trim_end().len();
    Ok(Edit {
        span: Span::new(old.span().start, super::offset(start + length)),
        text: lines
            .join(style.line_break)
            .trim_start_matches([' ', '\t'])
            .to_owned(),
    })
}

/// Writes a map under a key that has no value.
pub(super) fn fill(key: Node<'_>, parent: Node<'_>, value: &Value<'_>) -> Result<Edit, Refusal> {
    let text = key.document().text();
    let start = key.span().start as usize;
    let Some(indent) = own_line(text, start) else {
        return refuse(format!("its key `{}` does not begin its line", key.text()));
    };
    let outer = super::owner(parent);
    let unit = outer.map_or_else(|| "  ".to_owned(), |outer| step(text, outer, indent));
    let at = after_colon(text, key).and_then(|at| end_of_line(text, at));
    let Some(at) = at else {
        return refuse(format!("its `{}` is written in an unusual way", key.text()));
    };
    let style = Style {
        line_break: line_break(text, start),
        indent: format!("{indent}{unit}"),
        unit,
        quote: quote(text, start),
    };
    let Value::Map(entries) = value else {
        return refuse("a record is a map".to_owned());
    };
    let lines = entries
        .iter()
        .map(|(key, value)| style.entry(key, value, 0));
    let lines: Vec<String> = lines.collect();
    Ok(style.lines_at(text, at, &lines.join(style.line_break)))
}

impl Style {
    /// Lines without the last break.
    fn entry(&self, key: &str, value: &Value<'_>, depth: usize) -> String {
        let Self { indent, quote, .. } = self;
        let deep = self.unit.repeat(depth);
        let head = format!("{indent}{deep}{quote}{key}{quote}:");
        match value {
            Value::Word(word) | Value::Bare(word) => format!("{head} {word}"),
            Value::Text(text) => format!("{head} {}", quoted(text)),
            Value::Map(entries) => {
                let lines = entries
                    .iter()
                    .map(|(key, value)| self.entry(key, value, depth + 1));
                let lines: Vec<String> = std::iter::once(head).chain(lines).collect();
                lines.join(self.line_break)
            }
        }
    }

    /// An insertion at the start of a line, or at the end of a text whose last line is not ended.
    fn lines_at(&self, text: &str, at: usize, lines: &str) -> Edit {
        let ended = text[..at].ends_with(['\n', '\r']);
        let lines = if ended {
            format!("{lines}{}", self.line_break)
        } else {
            format!("{}{lines}", self.line_break)
        };
        Edit::insert(at, lines)
    }
}

/// How much deeper than its owner an entry stands. The owner may begin an item: `- Key:`.
fn step(text: &str, owner: Node<'_>, indent: &str) -> String {
    let before = &text[..owner.span().start as usize];
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let step = indent.len().saturating_sub(before.len() - line);
    " ".repeat(if step == 0 { 2 } else { step })
}

fn quote(text: &str, at: usize) -> &'static str {
    match text.as_bytes().get(at) {
        Some(b'"') => "\"",
        Some(b'\'') => "'",
        _ => "",
    }
}

/// Whether a value ends on the line on which it begins.
fn is_simple(value: Node<'_>) -> bool {
    let text = value.span().of(value.document().text());
    !text.is_empty() && !text.contains(['\n', '\r']) && !is_block_scalar(value)
}

fn is_block_scalar(value: Node<'_>) -> bool {
    let text = value.span().of(value.document().text());
    text.starts_with(['|', '>'])
}

/// The start of the next line, if nothing but a comment follows on this one; the end of the text, if it is the last.
fn end_of_line(text: &str, at: usize) -> Option<usize> {
    let (line, next) = rest_of_line(text, at)?;
    let line = line.trim_start_matches([' ', '\t']);
    if !line.is_empty() && !line.starts_with('#') {
        return None;
    }
    Some(next)
}

/// The place behind the colon of a key.
pub(super) fn after_colon(text: &str, key: Node<'_>) -> Option<usize> {
    let rest = text.get(key.span().end as usize..)?;
    let rest = rest.trim_start_matches([' ', '\t']).strip_prefix(':')?;
    Some(text.len() - rest.len())
}

/// Whether nothing but comments stands between two bytes.
fn only_comments(text: &str, from: usize, to: usize) -> bool {
    let between = text.get(from..to).unwrap_or_default();
    between.split(['\n', '\r']).all(|line| {
        let line = line.trim_start_matches([' ', '\t']);
        line.is_empty() || line.starts_with('#')
    })
}
