//! What a YAML text says to `yamldecode`: its scalars are read otherwise than those of templates.

use std::collections::BTreeMap;

use super::Data;
use super::named::MOST;
use crate::blocks::{Kind, ListKind, MapKind, Node, Number, yaml_tree};

/// Nesting beyond which nothing is read.
const DEEPEST: usize = 96;

/// What a text of one document says.
pub(super) fn decode(text: &str) -> Option<Data> {
    let document = yaml_tree(text)?;
    let mut roots = document.roots();
    let (root, more) = (roots.next()?, roots.next());
    let is_empty = root.kind() == Kind::Scalar && root.span().is_empty();
    if more.is_some() || is_empty {
        return None;
    }
    // Aliases of aliases may say more than anyone can hold.
    let mut left = MOST;
    read(root, &mut left, 0)
}

fn read(node: Node<'_>, left: &mut usize, depth: usize) -> Option<Data> {
    *left = left.checked_sub(1)?;
    if depth > DEEPEST {
        return None;
    }
    let collection = |wanted: &str| match node.resolved_tag() {
        None => Some(()),
        Some(tag) => (tag.strip_prefix("tag:yaml.org,2002:") == Some(wanted)).then_some(()),
    };
    match node.kind() {
        Kind::Scalar => scalar(node),
        Kind::Sequence => {
            collection("seq")?;
            let items = node.items().map(|item| read(item, left, depth + 1));
            Some(Data::List(ListKind::Tuple, items.collect::<Option<_>>()?))
        }
        Kind::Mapping => {
            collection("map")?;
            let mut entries = BTreeMap::new();
            for (key, value) in node.merged_entries() {
                let key = super::named::text(&scalar(key)?)?;
                entries.insert(key, read(value, left, depth + 1)?);
            }
            Some(Data::Map(MapKind::Object, entries))
        }
        Kind::Expression => None,
    }
}

fn scalar(node: Node<'_>) -> Option<Data> {
    if node.kind() != Kind::Scalar {
        return None;
    }
    let text = node.text().into_owned();
    let tag = node.resolved_tag();
    match tag.as_deref() {
        None if node.is_plain() => plain(text),
        None | Some("!" | "tag:yaml.org,2002:str") => Some(Data::Text(text)),
        // What is quoted stays a text, whatever a tag of YAML's own says.
        Some(tag) if !node.is_plain() => tag
            .starts_with("tag:yaml.org,2002:")
            .then_some(Data::Text(text)),
        Some(tag) => {
            let kind = tag.strip_prefix("tag:yaml.org,2002:")?;
            let data = plain(text)?;
            let fits = match data {
                Data::Null => kind == "null",
                Data::Bool(_) => kind == "bool",
                Data::Number(_) => matches!(kind, "int" | "float"),
                _ => false,
            };
            fits.then_some(data)
        }
    }
}

/// A scalar without quotes; `None` of one that Terraform has no number for.
fn plain(text: String) -> Option<Data> {
    Some(match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => {
            Data::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            Data::Bool(false)
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF"
        | "-.inf" | "-.Inf" | "-.INF" => return None,
        _ => match number(&text) {
            Some(number) => Data::Number(number),
            None if is_day(&text) => Data::Text(format!("{text}T00:00:00Z")),
            None => Data::Text(text),
        },
    })
}

fn number(text: &str) -> Option<Number> {
    for (start, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(rest) = text.strip_prefix(start) {
            let is_plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let value = i128::from_str_radix(rest, radix).ok()?;
            return is_plain.then(|| Number::whole(value));
        }
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.contains(|one: char| one.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if !is_number {
        return None;
    }
    Number::parse(text.strip_prefix('+').unwrap_or(text))
}

/// `2031-02-28`
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
