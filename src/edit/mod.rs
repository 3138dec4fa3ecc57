//! Writing into a template: where a reason goes, and how properties change, as a list of replacements. Pure: a text and its tree
//! in, places and texts out. What no replacement names stays as it is, byte for byte.

use crate::base::source::Span;
use crate::base::{Carrier, Field, Reason};
use crate::blocks::{cloudformation, terraform};
use crate::syntax::{Document, Kind, Node, Scalar, Syntax};

mod baseline_key;
mod block_changes;
mod comment;
mod hcl_items;
mod json;
mod ledger;
mod removal;
mod way_down;
mod why;
mod yaml;

pub use baseline_key::name_baseline;
pub use block_changes::{NewText, PropertyChange, change, drop_blocks, written};
pub use ledger::{LedgerScope, ledger, plain_glob};
pub use why::{context, written_why};

/// What is to be written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenReason {
    /// The kind.
    pub because: String,
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Until when.
    pub expires: Option<String>,
    /// A path or URL.
    pub evidence: Option<String>,
    /// Who wrote it: `person` or `agent`.
    pub by: Option<String>,
    /// The key of the one instance of its block that it is for; a ledger has an address for that.
    pub instance: Option<String>,
}

impl WrittenReason {
    /// Names and texts of the fields that are there, in the order of writing.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let always = [("because", &self.because), ("reason", &self.reason)];
        let sometimes = [
            ("owner", &self.owner),
            ("expires", &self.expires),
            ("evidence", &self.evidence),
            ("by", &self.by),
        ];
        let sometimes = sometimes
            .into_iter()
            .filter_map(|(name, text)| Some((name, text.as_deref()?)));
        let always = always.into_iter().map(|(name, text)| (name, text.as_str()));
        always.chain(sometimes)
    }
}

/// One replacement; where the span is empty, an insertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}

impl Edit {
    fn insert(at: usize, text: String) -> Self {
        let at = offset(at);
        Self {
            span: Span::new(at, at),
            text,
        }
    }
}

/// Why a record cannot be written here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// What follows on a line, and the start of the next one; the end of the text on the last one.
fn rest_of_line(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.get(at..)?;
    let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let length = match rest.as_bytes()[end..] {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    Some((&rest[..end], at + end + length))
}

/// The text with all replacements made. They are in the order of their places and do not overlap.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut result = String::with_capacity(text.len() + 512);
    let mut at = 0;
    for edit in edits {
        result.push_str(text.get(at..edit.span.start as usize).unwrap_or_default());
        result.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

/// Writes a record on a CloudFormation or SAM resource: under `Metadata: sfl:`, or into the comment that carries one already.
///
/// # Errors
/// The resource is not written where it stands, or what is there cannot be changed without changing more.
pub fn cloudformation(
    document: &Document<'_>,
    block: Span,
    record: &WrittenReason,
) -> Result<Vec<Edit>, Refusal> {
    let body = find(document, block)?;
    let owner = owner(body);
    let own = body.entries().filter(|(key, _)| key.is("Metadata")).last();
    let has_record = own.is_some_and(|(_, metadata)| metadata.get("sfl").is_some());
    if !has_record && let Some(key) = owner {
        let comments = cloudformation::comments(key);
        if let Some(edits) = comment::replace(&comments, document.text(), record)? {
            return Ok(edits);
        }
    }
    write(body, owner, "Metadata", Where::After("Type"), record)
}

/// Writes a record for a block of Terraform: in JSON under `"//": { "sfl": ... }`, where a comment that is there stays; in Terraform's own
/// syntax into the comment that carries one already for the same instances, else into one above the block.
///
/// # Errors
/// As [`cloudformation()`].
pub fn terraform(
    document: &Document<'_>,
    block: Span,
    record: &WrittenReason,
) -> Result<Vec<Edit>, Refusal> {
    let body = find(document, block)?;
    if document.syntax() == Syntax::Hcl {
        let comments = terraform::comments(body);
        let replaced = comment::replace(&comments, document.text(), record)?;
        return Ok(replaced.unwrap_or_else(|| vec![comment::above(body, record)]));
    }
    let there = body.get("//").and_then(|comment| comment.get("sfl"));
    if let (Some(there), Some(key)) = (there, &record.instance) {
        let known = there.get("for").map(Node::text);
        if known.as_deref().map(str::trim) != Some(key) {
            let whose = known.map_or_else(
                || "all instances".to_owned(),
                |known| format!("the instance `{known}`"),
            );
            return refuse(format!(
                "it has a reason for {whose} already, and a block in JSON has one"
            ));
        }
    }
    write(body, owner(body), "//", Where::First, record)
}

/// Whether the record that a resource has is the one that was to be written.
#[must_use]
pub fn says(reason: &Reason, record: &WrittenReason) -> bool {
    let of = |field: &Option<Field>| field.as_ref().map(|field| field.text.clone());
    // A context lends an owner and evidence where the record names none.
    let is_lent = |said: &Option<String>| said.is_none() && reason.carrier == Carrier::Context;
    of(&reason.because).as_deref() == Some(&record.because)
        && of(&reason.reason).as_deref() == Some(&record.reason)
        && (is_lent(&record.owner) || of(&reason.owner) == record.owner)
        && of(&reason.expires) == record.expires
        && of(&reason.instance) == record.instance
        && (is_lent(&record.evidence) || of(&reason.evidence) == record.evidence)
        && reason.unknown.is_empty()
}

/// Where in a mapping a new entry goes.
#[derive(Clone, Copy, Debug)]
enum Where {
    /// Behind the entry of that name, if it can be.
    After(&'static str),
    /// Before all others.
    First,
}

/// What is written.
#[derive(Clone, Debug)]
enum Value<'r> {
    /// A word that needs no quotes where keys have none.
    Word(&'r str),
    /// Any text.
    Text(&'r str),
    /// A number, true or false: without quotes wherever it stands.
    Bare(&'r str),
    /// Keys and values.
    Map(Vec<(&'r str, Value<'r>)>),
}

impl<'r> Value<'r> {
    fn of(record: &'r WrittenReason) -> Self {
        let instance = record.instance.iter();
        let instance = instance.map(|key| ("for", Value::Text(key)));
        let fields = record.fields().map(|(name, text)| match name {
            "because" => (name, Value::Word(text)),
            _ => (name, Value::Text(text)),
        });
        Self::Map(instance.chain(fields).collect())
    }
}

/// Puts the record under `outer`, `sfl` of a resource's body.
fn write(
    body: Node<'_>,
    owner: Option<Node<'_>>,
    outer: &'static str,
    place: Where,
    record: &WrittenReason,
) -> Result<Vec<Edit>, Refusal> {
    let value = Value::of(record);
    let nested = || Value::Map(vec![("sfl", Value::of(record))]);
    let Some((key, there)) = own_entry(body, outer)? else {
        return insert(body, owner, outer, &nested(), place);
    };
    if there.kind() == Kind::Mapping {
        untagged(there, outer)?;
        return set(there, key, "sfl", &value);
    }
    if there.scalar() == Scalar::Null && there.kind() == Kind::Scalar {
        untagged(there, outer)?;
        return replace(body, key, there, &nested());
    }
    if outer == "//" {
        return json::wrap(body, key, there, &value);
    }
    refuse(format!("its `{outer}` is not a map"))
}

/// What a mapping has under a key, if that is its own and nobody else's.
fn own_entry<'d>(mapping: Node<'d>, name: &str) -> Result<Option<(Node<'d>, Node<'d>)>, Refusal> {
    let Some((key, there)) = mapping.entries().filter(|(key, _)| key.is(name)).last() else {
        if mapping.get(name).is_some() {
            return refuse(format!(
                "its `{name}` comes from a merge key (`<<`), which one of its own would hide"
            ));
        }
        return Ok(None);
    };
    if there.is_alias() {
        return refuse(format!(
            "its `{name}` is the alias `{}`, which others may use as well",
            there.span().of(there.document().text())
        ));
    }
    unshared(there)?;
    Ok(Some((key, there)))
}

/// Puts a map under a key of a mapping, in the place of what is there.
fn set(
    mapping: Node<'_>,
    owner: Node<'_>,
    name: &'static str,
    value: &Value<'_>,
) -> Result<Vec<Edit>, Refusal> {
    let there = mapping.entries().filter(|(key, _)| key.is(name)).last();
    let Some((key, old)) = there else {
        return insert(mapping, Some(owner), name, value, Where::First);
    };
    if !old.is_alias() {
        untagged(old, name)?;
        unshared(old)?;
    }
    replace(mapping, key, old, value)
}

fn insert(
    mapping: Node<'_>,
    owner: Option<Node<'_>>,
    key: &str,
    value: &Value<'_>,
    place: Where,
) -> Result<Vec<Edit>, Refusal> {
    let edit = if is_flow(mapping) {
        json::insert(mapping, owner, key, value, place)
    } else {
        yaml::insert(mapping, owner, key, value, place)
    };
    Ok(vec![edit?])
}

/// Puts a value in the place of the one under `key`.
fn replace(
    parent: Node<'_>,
    key: Node<'_>,
    old: Node<'_>,
    value: &Value<'_>,
) -> Result<Vec<Edit>, Refusal> {
    let text = old.span().of(old.document().text());
    let block = !old.is_alias() && old.kind() != Kind::Scalar && !is_flow(old);
    let edit = if block {
        yaml::replace(old, value)
    } else if text.is_empty() && !is_flow(parent) {
        yaml::fill(key, parent, value)
    } else if old.kind() == Kind::Scalar && text.contains(['\n', '\r']) {
        refuse(format!("its `{}` spans several lines", key.text()))
    } else {
        json::replace(parent, key, old, value)
    };
    Ok(vec![edit?])
}

fn refuse<T>(why: String) -> Result<T, Refusal> {
    Err(Refusal(why))
}

/// The body that has this span.
fn find<'d>(document: &'d Document<'d>, block: Span) -> Result<Node<'d>, Refusal> {
    let body = document
        .nodes()
        .find(|node| node.kind() == Kind::Mapping && node.span() == block);
    let Some(body) = body else {
        return refuse("its block is not found in the file".to_owned());
    };
    if body.is_alias() {
        return refuse(format!(
            "it is the alias `{}`, which stands for the block of another resource",
            block.of(document.text())
        ));
    }
    untagged(body, "block")?;
    unshared(body)?;
    Ok(body)
}

/// Refuses what an alias or a merge key elsewhere repeats: it would speak for those, too.
fn unshared(node: Node<'_>) -> Result<(), Refusal> {
    let document = node.document();
    let at = node.start_index();
    for around in document.nodes() {
        if around.start_index() > at {
            break;
        }
        if at >= around.end_index() || around.is_alias() {
            continue;
        }
        if let Some(anchor) = around.anchor()
            && document.nodes().any(|other| {
                other.is_alias()
                    && other.span().of(document.text()).strip_prefix('*') == Some(anchor)
            })
        {
            return refuse(format!(
                "it is inside the anchor `&{anchor}`, which is used elsewhere: the reason would be copied along"
            ));
        }
    }
    Ok(())
}

fn untagged(node: Node<'_>, what: &str) -> Result<(), Refusal> {
    match node.tag() {
        Some(tag) => refuse(format!("its `{what}` has the tag `{tag}`")),
        None => Ok(()),
    }
}

/// The key under which a node stands.
fn owner(node: Node<'_>) -> Option<Node<'_>> {
    let at = node.start_index();
    let mut around: Vec<Node<'_>> = node
        .document()
        .nodes()
        .take_while(|other| other.start_index() < at)
        .filter(|other| at < other.end_index() && other.kind() == Kind::Mapping)
        .collect();
    let parent = around.pop()?;
    let found = parent
        .entries()
        .find(|(_, value)| value.start_index() == at);
    found.map(|(key, _)| key)
}

/// Whether a mapping is written in braces.
fn is_flow(node: Node<'_>) -> bool {
    node.span().of(node.document().text()).starts_with('{')
}

/// The blanks before a byte, if nothing else stands before it on its line.
fn own_line(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?;
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    if start == 0 {
        return None;
    }
    let blank = &before[start..];
    blank
        .chars()
        .all(|c| c == ' ' || c == '\t')
        .then_some(blank)
}

/// The blanks at the start of the line of a byte.
fn indentation(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = text[start..].trim_start_matches([' ', '\t']);
    &text[start..text.len() - line.len()]
}

/// How the line before this byte ends.
fn line_break(text: &str, at: usize) -> &'static str {
    let before = text.get(..at).unwrap_or_default();
    let end = before.rfind(['\n', '\r']);
    match end {
        Some(end) if before[..=end].ends_with("\r\n") => "\r\n",
        Some(end) if before[..=end].ends_with('\r') => "\r",
        Some(_) => "\n",
        None if text.contains("\r\n") => "\r\n",
        None => "\n",
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            // No record has any, but nothing that is written may break the file.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
