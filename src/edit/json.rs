//! Braces: JSON, and YAML's flow style. What is written follows its neighbours: their indentation, quotes and blanks.

use super::{Edit, Refusal, Value, Where, indentation, line_break, own_line, quoted, refuse};
use crate::base::source::Span;
use crate::syntax::{Node, Syntax};

/// How the entries of a mapping are written.
#[derive(Clone, Debug)]
struct Style<'d> {
    /// From key to value.
    colon: String,
    /// Between two entries on one line.
    comma: String,
    /// Inside of braces on one line.
    pad: &'d str,
    /// Around keys.
    quotes: bool,
    /// Where each entry has a line of its own.
    lines: Option<Lines<'d>>,
}

#[derive(Clone, Debug)]
struct Lines<'d> {
    line_break: &'static str,
    /// Of the entries.
    indent: String,
    /// One step deeper.
    unit: &'d str,
}

/// Puts an entry into a mapping in braces.
pub(super) fn insert(
    mapping: Node<'_>,
    owner: Option<Node<'_>>,
    key: &str,
    value: &Value<'_>,
    place: Where,
) -> Result<Edit, Refusal> {
    let text = mapping.document().text();
    let Some((first, first_value)) = mapping.entries().next() else {
        return Ok(into_empty(mapping, owner, key, value));
    };
    let after = match place {
        Where::After(name) => mapping.entries().find(|(key, _)| key.is(name)),
        Where::First => None,
    };
    if let Some((neighbour, neighbour_value)) = after.filter(|(_, value)| !value.span().is_empty())
    {
        let style = style(mapping, neighbour, neighbour_value);
        let entry = style.entry(key, value, 0);
        let separator = style.separator();
        return Ok(Edit::insert(
            neighbour_value.span().end as usize,
            format!("{separator}{entry}"),
        ));
    }
    let at = first.span().start as usize;
    if first.tag().is_some() || first.anchor().is_some() || text[..at].trim_end().ends_with('?') {
        return refuse(
            "its first key is written in a way that leaves no place before it".to_owned(),
        );
    }
    let style = style(mapping, first, first_value);
    let entry = style.entry(key, value, 0);
    let separator = style.separator();
    Ok(Edit::insert(at, format!("{entry}{separator}")))
}

/// An entry as its neighbour is written, without what stands around it.
pub(super) fn entry(
    mapping: Node<'_>,
    neighbour: (Node<'_>, Node<'_>),
    key: &str,
    value: &Value<'_>,
) -> String {
    style(mapping, neighbour.0, neighbour.1).entry(key, value, 0)
}

/// Writes a value in braces where another one stands.
pub(super) fn replace(
    parent: Node<'_>,
    key: Node<'_>,
    old: Node<'_>,
    value: &Value<'_>,
) -> Result<Edit, Refusal> {
    let text = parent.document().text();
    let old_text = old.span().of(text);
    let mut style = style(parent, key, old);
    if !super::is_flow(parent) || (old_text.starts_with('{') && !old_text.contains(['\n', '\r'])) {
        style.lines = None;
    }
    if old_text.starts_with('{') && style.lines.is_none() {
        // As it was: `{a: b}` or `{ a: b }`.
        style.pad = if old_text[1..].starts_with(' ') {
            " "
        } else {
            ""
        };
    }
    let between = text
        .get(key.span().end as usize..old.span().start as usize)
        .unwrap_or_default();
    if !between.contains(':') {
        return refuse(format!("its `{}` is a key without a value", key.text()));
    }
    let blank = if between.ends_with(':') && old_text.is_empty() {
        " "
    } else {
        ""
    };
    Ok(Edit {
        span: old.span(),
        text: format!("{blank}{}", style.value(value, 0)),
    })
}

/// Keeps a comment that is no object beside the record.
pub(super) fn wrap(
    parent: Node<'_>,
    key: Node<'_>,
    old: Node<'_>,
    record: &Value<'_>,
) -> Result<Vec<Edit>, Refusal> {
    let style = style(parent, key, old);
    let (open, close) = style.braces(0);
    let (start, end) = (old.span().start as usize, old.span().end as usize);
    let separator = style.deeper(1).separator();
    let entry = style.entry("sfl", record, 1);
    let comment = style.key("comment");
    let colon = &style.colon;
    Ok(vec![
        Edit::insert(start, format!("{open}{comment}{colon}")),
        Edit::insert(end, format!("{separator}{entry}{close}")),
    ])
}

/// Between braces with nothing but blanks in them; the style is that of the key before them.
fn into_empty(mapping: Node<'_>, owner: Option<Node<'_>>, key: &str, value: &Value<'_>) -> Edit {
    let document = mapping.document();
    let text = document.text();
    let span = mapping.span();
    let inside = Span::new(span.start + 1, span.end.saturating_sub(1)).of(text);
    let at = span.start as usize + 1;
    let json = document.syntax() == Syntax::Json;
    let mut style = match owner {
        Some(owner) => style(mapping, owner, mapping),
        None => Style {
            colon: ": ".to_owned(),
            comma: ", ".to_owned(),
            pad: " ",
            quotes: json,
            lines: None,
        },
    };
    if !json && !inside.contains(['\n', '\r']) {
        style.lines = None;
    }
    if style.lines.is_none() {
        let entry = style.entry(key, value, 0);
        // A blank that is there already closes.
        let before = if inside.is_empty() { style.pad } else { " " };
        let after = if inside.is_empty() { style.pad } else { "" };
        return Edit::insert(at, format!("{before}{entry}{after}"));
    }
    let (open, close) = style.braces(0);
    let entry = style.entry(key, value, 1);
    let close = if inside.contains(['\n', '\r']) {
        ""
    } else {
        close.trim_end_matches('}')
    };
    Edit::insert(at, format!("{}{entry}{close}", &open[1..]))
}

/// How an entry of a mapping is written, as far as it can be seen; else as most people write it.
fn style<'d>(mapping: Node<'d>, key: Node<'d>, value: Node<'d>) -> Style<'d> {
    let document = mapping.document();
    let text = document.text();
    let at = key.span().start as usize;
    let blanks = |rest: &'d str| -> &'d str {
        let end = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        &rest[..end]
    };
    let rest = &text[key.span().end as usize..];
    let before = blanks(rest);
    let colon = match rest[before.len()..].strip_prefix(':') {
        Some(rest) if rest.starts_with(['\n', '\r']) => ": ".to_owned(),
        Some(rest) => format!("{before}:{}", blanks(rest)),
        None => ": ".to_owned(),
    };
    let quotes = document.syntax() == Syntax::Json || text[at..].starts_with(['"', '\'']);
    let colon = if !quotes && colon.ends_with(':') {
        format!("{colon} ")
    } else {
        colon
    };
    let rest = &text[value.span().end as usize..];
    let rest = rest.trim_start_matches([' ', '\t']);
    let comma = match rest.strip_prefix(',') {
        Some(rest) if !blanks(rest).is_empty() && !rest.trim_start().is_empty() => {
            format!(",{}", blanks(rest))
        }
        Some(rest) if !rest.starts_with(['\n', '\r']) && !rest.is_empty() => ",".to_owned(),
        _ if colon.ends_with(':') => ",".to_owned(),
        _ => ", ".to_owned(),
    };
    let open = mapping.span().start as usize;
    let pad = if super::is_flow(mapping) && mapping.entries().next().is_some() {
        blanks(&text[open + 1..])
    } else if colon.ends_with(':') {
        ""
    } else {
        " "
    };
    let lines = own_line(text, at).map(|indent| Lines {
        line_break: line_break(text, at),
        indent: indent.to_owned(),
        unit: unit(text, mapping, indent),
    });
    Style {
        colon,
        comma,
        pad: if pad.contains('\t') { " " } else { pad },
        quotes,
        lines,
    }
}

/// How much deeper an entry stands than what holds it.
fn unit<'d>(text: &'d str, mapping: Node<'d>, indent: &'d str) -> &'d str {
    let outer = indentation(text, mapping.span().start as usize);
    match indent.strip_prefix(outer) {
        Some(unit) if !unit.is_empty() => unit,
        _ if indent.contains('\t') => "\t",
        _ => "  ",
    }
}

impl Style<'_> {
    fn deeper(&self, depth: usize) -> Self {
        let mut style = self.clone();
        if let Some(lines) = &mut style.lines {
            lines.indent.push_str(&lines.unit.repeat(depth));
        }
        style
    }

    /// Between two entries.
    fn separator(&self) -> String {
        match &self.lines {
            Some(lines) => format!(",{}{}", lines.line_break, lines.indent),
            None => self.comma.clone(),
        }
    }

    /// The braces around what stands `depth` steps deeper than the entries of this style, plus one.
    fn braces(&self, depth: usize) -> (String, String) {
        match &self.lines {
            Some(lines) => {
                let outer = lines.unit.repeat(depth);
                let (line_break, indent, unit) = (lines.line_break, &lines.indent, lines.unit);
                (
                    format!("{{{line_break}{indent}{outer}{unit}"),
                    format!("{line_break}{indent}{outer}}}"),
                )
            }
            None => (format!("{{{}", self.pad), format!("{}}}", self.pad)),
        }
    }

    fn key(&self, name: &str) -> String {
        if self.quotes {
            quoted(name)
        } else {
            name.to_owned()
        }
    }

    fn entry(&self, key: &str, value: &Value<'_>, depth: usize) -> String {
        let key = self.key(key);
        format!("{key}{}{}", self.colon, self.value(value, depth))
    }

    fn value(&self, value: &Value<'_>, depth: usize) -> String {
        match value {
            Value::Word(word) if !self.quotes => (*word).to_owned(),
            Value::Word(text) | Value::Text(text) => quoted(text),
            Value::Bare(text) => (*text).to_owned(),
            Value::Map(entries) => {
                let (open, close) = self.braces(depth);
                let separator = self.deeper(depth + 1).separator();
                let entries = entries
                    .iter()
                    .map(|(key, value)| self.entry(key, value, depth + 1));
                let entries: Vec<String> = entries.collect();
                format!("{open}{}{close}", entries.join(&separator))
            }
        }
    }
}
