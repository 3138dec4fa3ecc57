//! JSON, Base64 and addresses on the web, as Terraform writes them.

use std::collections::BTreeMap;

use super::Data;
use super::convert::text_of;
use crate::blocks::{ListKind, MapKind, Number};

/// JSON as `jsonencode` writes it.
pub(super) fn json(data: &Data) -> Option<String> {
    let mut text = String::new();
    write(data, &mut text)?;
    Some(text)
}

fn write(data: &Data, text: &mut String) -> Option<()> {
    match data {
        Data::Null => text.push_str("null"),
        Data::Text(inner) => text.push_str(&quoted(inner)?),
        Data::Bool(_) | Data::Number(_) => {
            if let Some(Data::Text(inner)) = text_of(data.clone()) {
                text.push_str(&inner);
            }
        }
        Data::List(_, items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        Data::Map(_, entries) => {
            text.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&quoted(key)?);
                text.push(':');
                write(value, text)?;
            }
            text.push('}');
        }
    }
    Some(())
}

/// A text in quotes, with what a web page could take for its own escaped, as Go does it.
fn quoted(text: &str) -> Option<String> {
    let quoted = serde_json::to_string(text).ok()?;
    if !quoted.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return Some(quoted);
    }
    let escaped = quoted
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026");
    Some(
        escaped
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029"),
    )
}

/// What a JSON text says.
pub(super) fn from_json(text: &str) -> Option<Data> {
    // Its parser bounds the depth.
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    of_json(value)
}

fn of_json(value: serde_json::Value) -> Option<Data> {
    Some(match value {
        serde_json::Value::Null => Data::Null,
        serde_json::Value::Bool(holds) => Data::Bool(holds),
        serde_json::Value::Number(number) => Data::Number(Number::parse(&number.to_string())?),
        serde_json::Value::String(text) => Data::Text(text),
        serde_json::Value::Array(items) => {
            let items = items.into_iter().map(of_json);
            Data::List(ListKind::Tuple, items.collect::<Option<_>>()?)
        }
        serde_json::Value::Object(entries) => {
            let entries = entries.into_iter();
            let entries = entries.map(|(key, value)| Some((key, of_json(value)?)));
            Data::Map(
                MapKind::Object,
                entries.collect::<Option<BTreeMap<_, _>>>()?,
            )
        }
    })
}

/// The rows of a text in columns, each an object by the names in its first line.
pub(super) fn from_csv(text: &str) -> Option<Data> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .from_reader(text.as_bytes());
    let names = reader.headers().ok()?.clone();
    let known: std::collections::BTreeSet<&str> = names.iter().collect();
    if names.is_empty() || known.len() < names.len() {
        return None;
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.ok()?;
        let entries = names.iter().zip(&row);
        let entries = entries.map(|(name, value)| (name.to_owned(), Data::Text(value.to_owned())));
        rows.push(Data::Map(MapKind::Object, entries.collect()));
    }
    Some(Data::List(ListKind::List, rows))
}

/// Letters and digits stay, a space is a plus, all else is escaped.
pub(super) fn url(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'.' | b'~' => {
                result.push(char::from(byte));
            }
            b' ' => result.push('+'),
            byte => result.push_str(&format!("%{byte:02X}")),
        }
    }
    result
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes in Base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut result = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let part = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = part(0) << 16 | part(1) << 8 | part(2);
        for at in 0..4 {
            if at <= chunk.len() {
                let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
                result.push(char::from(letter));
            } else {
                result.push('=');
            }
        }
    }
    result
}

/// The text in Base64, if it is one.
#[must_use]
pub fn from_base64(text: &str) -> Option<String> {
    let text: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    if padding > 2 {
        return None;
    }
    let (mut bits, mut count) = (0_u32, 0);
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for byte in &text[..text.len() - padding] {
        let value = LETTERS.iter().position(|letter| letter == byte)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}
