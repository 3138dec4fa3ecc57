//! One resource of a plan or state, cut down to what the rules ask for.

use std::collections::HashMap;

use super::Keep;
use crate::syntax::{Document, Kind, Node, ParseError, json};

/// The key of the object that stands for a value known only after apply. No attribute can have this name.
pub(super) const UNKNOWN: &str = "\u{0}";

/// [`UNKNOWN`] as it is written.
const MARK: &str = "{\"\\u0000\":true}";

/// What became of an element.
pub(super) enum Cut {
    /// Not ours to judge: a data source, a leftover, or about to be deleted.
    None,
    /// A resource that carries no decision.
    Plumbing,
    /// A resource of a type that nobody knows.
    Unknown(String),
    /// A resource in our own words, and its address.
    Kept { text: String, address: String },
}

/// Reads an element of `resource_changes` or of a `resources` list.
pub(super) fn cut<'k>(text: &str, keep: &dyn Fn(&str) -> Keep<'k>) -> Result<Cut, ParseError> {
    if let Some((kind, mode)) = peek(text) {
        if mode != "managed" {
            return Ok(Cut::None);
        }
        if keep(kind) == Keep::Plumbing {
            return Ok(Cut::Plumbing);
        }
    }
    let document = json(text)?;
    let Some(root) = document.roots().next() else {
        return Ok(Cut::None);
    };
    Ok(resource(root, &document, keep))
}

fn resource<'k>(root: Node<'_>, document: &Document<'_>, keep: &dyn Fn(&str) -> Keep<'k>) -> Cut {
    let said = |key: &str| root.get(key).and_then(Node::comparable);
    let leftover = said("deposed").is_some() || said("deposed_key").is_some();
    if leftover || said("mode").is_some_and(|mode| mode != "managed") {
        return Cut::None;
    }
    let (Some(kind), Some(address)) = (said("type"), said("address")) else {
        return Cut::None;
    };
    let change = root.get("change");
    if change.is_some_and(going) {
        return Cut::None;
    }
    let attributes = match keep(&kind) {
        Keep::Plumbing => return Cut::Plumbing,
        Keep::Unknown => return Cut::Unknown(kind.into_owned()),
        Keep::Wanted(attributes) => attributes,
    };
    let values = change.map_or_else(|| root.get("values"), |change| change.get("after"));
    let unknown = change.and_then(|change| change.get("after_unknown"));
    let merger = Merger::new(document);
    let mut out = String::from("{\"address\":");
    quote(&mut out, &address);
    out.push_str(",\"type\":");
    quote(&mut out, &kind);
    out.push_str(",\"values\":{");
    let mut first = true;
    for attribute in attributes {
        let value = values.and_then(|values| values.get(attribute));
        let unknown = unknown.and_then(|all| {
            if marked(all) {
                Some(all)
            } else {
                all.get(attribute)
            }
        });
        let unknown = unknown.filter(|unknown| merger.holds_mark(*unknown));
        if value.is_none() && unknown.is_none() {
            continue;
        }
        if !first {
            out.push(',');
        }
        first = false;
        quote(&mut out, attribute);
        out.push(':');
        merger.merge(&mut out, value, unknown);
    }
    out.push_str("}}");
    let address = address.into_owned();
    Cut::Kept { text: out, address }
}

/// Whether nothing of it will be left: only deleted, or only forgotten.
fn going(change: Node<'_>) -> bool {
    let gone = |action: Node<'_>| action.is("delete") || action.is("forget");
    let mut actions = change
        .get("actions")
        .into_iter()
        .flat_map(Node::items)
        .peekable();
    let nothing_after = || {
        change
            .get("after")
            .is_none_or(|after| after.kind() == Kind::Scalar && after.comparable().is_none())
    };
    match actions.peek() {
        Some(_) => actions.all(gone),
        None => nothing_after(),
    }
}

fn marked(unknown: Node<'_>) -> bool {
    unknown.kind() == Kind::Scalar && unknown.is_plain() && unknown.is("true")
}

/// Puts `after` and `after_unknown` together.
struct Merger<'d> {
    text: &'d str,
    /// How many marks stand before each node.
    marks: Vec<u32>,
}

impl<'d> Merger<'d> {
    fn new(document: &'d Document<'d>) -> Self {
        let mut count = 0;
        let mut marks = Vec::with_capacity(document.len() + 1);
        for node in document.nodes() {
            marks.push(count);
            count += u32::from(marked(node));
        }
        marks.push(count);
        let text = document.text();
        Self { text, marks }
    }

    /// Whether `true` stands anywhere in it.
    fn holds_mark(&self, unknown: Node<'_>) -> bool {
        let before = |index: u32| self.marks.get(index as usize);
        before(unknown.end_index()) > before(unknown.start_index())
    }

    /// The value, in which every part that is known only after apply is replaced. Bounded by the parser's depth.
    fn merge(&self, out: &mut String, value: Option<Node<'d>>, unknown: Option<Node<'d>>) {
        let Some(unknown) = unknown.filter(|unknown| self.holds_mark(*unknown)) else {
            out.push_str(value.map_or("null", |value| value.span().of(self.text)));
            return;
        };
        match unknown.kind() {
            Kind::Scalar => out.push_str(MARK),
            Kind::Sequence => self.merge_items(out, value, unknown),
            Kind::Mapping => self.merge_entries(out, value, unknown),
        }
    }

    fn merge_items(&self, out: &mut String, value: Option<Node<'d>>, unknown: Node<'d>) {
        let mut values = value.into_iter().flat_map(Node::items);
        let mut unknowns = unknown.items();
        out.push('[');
        for at in 0.. {
            let (value, unknown) = (values.next(), unknowns.next());
            if value.is_none() && unknown.is_none() {
                break;
            }
            if at > 0 {
                out.push(',');
            }
            self.merge(out, value, unknown);
        }
        out.push(']');
    }

    fn merge_entries(&self, out: &mut String, value: Option<Node<'d>>, unknown: Node<'d>) {
        let unknowns = unknown.merged_entries();
        let by_key = unknowns.iter().map(|(key, unknown)| (key.text(), *unknown));
        let mut left: HashMap<_, _> = by_key.collect();
        out.push('{');
        let mut first = true;
        let known = value.map(Node::merged_entries).unwrap_or_default();
        for (key, value) in known {
            let unknown = left.remove(&key.text());
            self.entry(out, &mut first, key, Some(value), unknown);
        }
        for (key, unknown) in unknowns {
            if left.contains_key(&key.text()) && self.holds_mark(unknown) {
                self.entry(out, &mut first, key, None, Some(unknown));
            }
        }
        out.push('}');
    }

    fn entry(
        &self,
        out: &mut String,
        first: &mut bool,
        key: Node<'d>,
        value: Option<Node<'d>>,
        unknown: Option<Node<'d>>,
    ) {
        if !std::mem::take(first) {
            out.push(',');
        }
        out.push_str(key.span().of(self.text));
        out.push(':');
        self.merge(out, value, unknown);
    }
}

/// Type and mode, if they stand before anything that is nested, as Terraform itself writes them.
fn peek(text: &str) -> Option<(&str, &str)> {
    let mut rest = text.strip_prefix('{')?;
    let (mut kind, mut mode) = (None, None);
    loop {
        let (key, after) = plain(rest.trim_start())?;
        let after = after.trim_start().strip_prefix(':')?.trim_start();
        rest = if let Some((value, after)) = plain(after) {
            match key {
                "type" => kind = Some(value),
                "mode" => mode = Some(value),
                _ => {}
            }
            after
        } else if after.starts_with('"') {
            return None;
        } else {
            after.trim_start_matches(|c: char| c.is_ascii_alphanumeric())
        };
        if let (Some(kind), Some(mode)) = (kind, mode) {
            return Some((kind, mode));
        }
        rest = rest.trim_start().strip_prefix(',')?;
    }
}

/// A string without escapes, and what follows it.
fn plain(text: &str) -> Option<(&str, &str)> {
    let (value, after) = text.strip_prefix('"')?.split_once('"')?;
    (!value.contains('\\')).then_some((value, after))
}

/// A text as JSON writes it.
pub(super) fn quote(out: &mut String, text: &str) {
    let quoted = serde_json::to_string(text).unwrap_or_else(|_| "null".to_owned());
    out.push_str(&quoted);
}
