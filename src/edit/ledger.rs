//! The ledger: `[[justification]]` tables in TOML, for what can carry no reason of its own.

use std::ops::Range;

use toml_edit::{Array, Document, InlineTable, Item, Table, Value, value};

use super::{Edit, Refusal, WrittenReason, offset, refuse};
use crate::base::source::Span;

/// What an entry speaks of.
#[derive(Clone, Debug)]
pub struct LedgerScope {
    /// The files, as a glob; nothing for every file.
    pub path: Option<String>,
    pub address: String,
    /// The folder of the root that calls the module, as a glob; nothing for every root.
    pub root: Option<String>,
    /// Where the entry starts that is written over, however it names what it speaks of; else it is the one with these words.
    pub entry: Option<u32>,
    /// Whether that entry speaks for less, and gets this address.
    pub widens: bool,
}

impl LedgerScope {
    /// What it says, in the order of writing.
    fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let path = self.path.as_deref().map(|path| ("path", path));
        let root = self.root.as_deref().map(|root| ("root", root));
        path.into_iter()
            .chain([("address", self.address.as_str())])
            .chain(root)
    }
}

/// Writes a record for a scope: into the entry that has it, word for word, else as a new entry at the end.
///
/// # Errors
/// The text is no TOML, or its entries are written in a way that leaves no place.
pub fn ledger(
    text: &str,
    scope: &LedgerScope,
    record: &WrittenReason,
) -> Result<Vec<Edit>, Refusal> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return refuse(format!("it is not TOML: {}", error.message())),
    };
    match document.get("justification") {
        None => {}
        Some(Item::ArrayOfTables(tables)) => {
            let same = |table: &&Table| {
                let says = |key: &str| table.get(key).and_then(Item::as_str);
                says("path") == scope.path.as_deref()
                    && says("address") == Some(scope.address.as_str())
                    && says("root") == scope.root.as_deref()
            };
            let table = match scope.entry {
                Some(start) => {
                    let from = |table: &&Table| table.span().map_or(0, |span| span.start);
                    let starts = tables.iter().filter(|table| from(table) <= start as usize);
                    starts.max_by_key(from)
                }
                None => tables.iter().find(same),
            };
            if let Some(table) = table {
                let address = scope.widens.then_some(scope.address.as_str());
                return update(text, table, address, record);
            }
        }
        Some(Item::Value(Value::Array(_))) if scope.entry.is_some() => {
            return refuse(
                "its entry is one of a list in brackets: change it there by hand".to_owned(),
            );
        }
        Some(Item::Value(Value::Array(array))) => {
            return in_array(array, scope, record);
        }
        Some(_) => return refuse("its `justification` is not a list of tables".to_owned()),
    }
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines = Vec::new();
    if !text.trim_start_matches('\u{feff}').is_empty() {
        if !text.ends_with('\n') {
            lines.push(String::new());
        }
        lines.push(String::new());
    }
    lines.push("[[justification]]".to_owned());
    let fields = fields(scope, record);
    lines.extend(fields.map(|(key, value)| format!("{key} = {value}")));
    let mut added = lines.join(line_break);
    added.push_str(line_break);
    Ok(vec![Edit::insert(text.len(), added)])
}

fn fields<'a>(
    scope: &'a LedgerScope,
    record: &'a WrittenReason,
) -> impl Iterator<Item = (&'static str, String)> + 'a {
    let fields = scope.fields().chain(record.fields());
    fields.map(|(key, text)| (key, written(key, text)))
}

/// A date stands without quotes, as TOML has dates.
fn written(key: &str, text: &str) -> String {
    if key == "expires" && text.parse::<toml_edit::Datetime>().is_ok() {
        return text.to_owned();
    }
    value(text).to_string().trim().to_owned()
}

/// Gives an entry that is there the fields of the record, each in the line of its old value.
/// It also gets the address, if there is one.
fn update(
    text: &str,
    table: &Table,
    address: Option<&str>,
    record: &WrittenReason,
) -> Result<Vec<Edit>, Refusal> {
    const UNUSUAL: &str = "its entry is written in an unusual way";
    let address = address.map(|address| ("address", address));
    let new: Vec<(&str, &str)> = address.into_iter().chain(record.fields()).collect();
    let mut edits = Vec::new();
    let mut last = table.span().map_or(0, |span| span.start);
    for (name, item) in table {
        let key = table.key(name).and_then(toml_edit::Key::span);
        let (Some(key), Some(place)) = (key, item.span()) else {
            return refuse(UNUSUAL.to_owned());
        };
        last = last.max(place.end);
        if let Some((_, words)) = new.iter().find(|(other, _)| *other == name) {
            let said = written(name, words);
            edits.push(replacement(place, said));
        } else if ["owner", "expires", "evidence", "by"].contains(&name) {
            let start = text[..key.start].rfind('\n').map_or(0, |at| at + 1);
            let end = line_end(text, place.end);
            edits.push(replacement(start..end, String::new()));
        }
    }
    let missing = new.iter().filter(|(name, _)| !table.contains_key(name));
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let missing: Vec<String> = missing
        .map(|(name, words)| format!("{name} = {}", written(name, words)))
        .collect();
    if !missing.is_empty() {
        let at = line_end(text, last);
        let mut lines = missing.join(line_break);
        if text[..at].ends_with('\n') {
            lines.push_str(line_break);
        } else {
            lines.insert_str(0, line_break);
        }
        edits.push(Edit::insert(at, lines));
    }
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    Ok(edits)
}

/// `justification = [{ ... }]`.
fn in_array(
    array: &Array,
    scope: &LedgerScope,
    record: &WrittenReason,
) -> Result<Vec<Edit>, Refusal> {
    let mut table = InlineTable::new();
    for (key, text) in scope.fields().chain(record.fields()) {
        let value = written(key, text).parse();
        table.insert(key, value.unwrap_or_else(|_| Value::from(text)));
    }
    let table = Value::InlineTable(table).to_string();
    let table = table.trim();
    let last = array.iter().last().and_then(Value::span);
    match (last, array.span()) {
        (Some(last), _) => Ok(vec![Edit::insert(last.end, format!(", {table}"))]),
        (None, Some(span)) => Ok(vec![Edit::insert(span.start + 1, table.to_owned())]),
        _ => refuse("its list of justifications has no place".to_owned()),
    }
}

fn replacement(place: Range<usize>, text: String) -> Edit {
    Edit {
        span: Span::new(offset(place.start), offset(place.end)),
        text,
    }
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// A path as a glob that means just this one.
#[must_use]
pub fn plain_glob(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for c in path.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\') {
            escaped.extend(['[', c, ']']);
        } else {
            escaped.push(c);
        }
    }
    escaped
}
