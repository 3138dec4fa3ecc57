//! One resource of a plan or state: first as little of it as tells whether anybody wants it, then all that the rules ask for.

use std::borrow::Cow;

use super::values::{Sides, Values, is_null};
use super::{Excerpts, Keep};
use crate::base::source::Span;
use crate::blocks::{Place, Resource};
use crate::syntax::{Document, Kind, Node, ParseError, json};

/// Bytes of the line with the address that are kept to be shown.
const SHOWN: usize = 200;

/// What became of an element.
pub(super) enum Element {
    /// Not ours to judge: a data source, a leftover, or about to be deleted.
    Nothing,
    /// A resource that carries no decision, by its address.
    Plumbing(String),
    /// A resource of a type that nobody knows.
    Unknown { kind: String, address: String },
    /// A resource that the rules ask for, and what it is called by.
    Kept(Box<(Resource<'static>, Called)>),
}

/// Attributes by which others may call a resource.
const NAMES: [&str; 9] = [
    "arn",
    "cluster_identifier",
    "family",
    "function_name",
    "id",
    "identifier",
    "name",
    "self_link",
    "self_link_unique",
];

/// What a resource is called by, and what a state says that it depends on.
#[derive(Debug, Default)]
pub struct Called {
    /// Attributes whose values are known.
    pub names: Vec<(&'static str, String)>,
    /// Addresses without keys, by way of whatever stands between.
    pub depends_on: Vec<String>,
}

/// Reads an element of `resource_changes` or of a `resources` list; what is to be shown of it goes to the excerpts.
pub(super) fn read<'k>(
    text: &str,
    keep: &dyn Fn(&str) -> Keep<'k>,
    excerpts: &mut Excerpts,
) -> Result<Element, ParseError> {
    if let Some(head) = Head::read(text) {
        if head.mode != "managed" || head.leaves {
            return Ok(Element::Nothing);
        }
        match (keep(head.kind), head.address()) {
            (Keep::Plumbing, Some(address)) => return Ok(Element::Plumbing(address)),
            (Keep::Unknown, Some(address)) => {
                let kind = head.kind.to_owned();
                return Ok(Element::Unknown { kind, address });
            }
            _ => {}
        }
    }
    let document = json(text)?;
    let Some(root) = document.roots().next() else {
        return Ok(Element::Nothing);
    };
    let said = |key: &str| root.get(key).and_then(Node::comparable);
    let leftover = said("deposed").is_some() || said("deposed_key").is_some();
    if leftover || said("mode").is_some_and(|mode| mode != "managed") {
        return Ok(Element::Nothing);
    }
    let (Some(kind), Some(address)) = (root.get("type"), root.get("address")) else {
        return Ok(Element::Nothing);
    };
    let (Some(kind), Some(spelled)) = (kind.comparable(), address.comparable()) else {
        return Ok(Element::Nothing);
    };
    let change = root.get("change");
    if change.is_some_and(leaves) {
        return Ok(Element::Nothing);
    }
    let (kind, spelled) = (kind.into_owned(), spelled.into_owned());
    let attributes = match keep(&kind) {
        Keep::Plumbing => return Ok(Element::Plumbing(spelled)),
        Keep::Unknown => {
            return Ok(Element::Unknown {
                kind,
                address: spelled,
            });
        }
        Keep::Wanted(attributes) => attributes,
    };
    let part = |key: &str| change.and_then(|change| change.get(key));
    let sides = Sides {
        known: change.map_or_else(|| root.get("values"), |_| part("after")),
        unknown: part("after_unknown"),
        sensitive: change.map_or_else(|| root.get("sensitive_values"), |_| part("after_sensitive")),
        is_secret: false,
    };
    let called = called(root, sides.known);
    let said = (spelled, kind, address);
    let sides = |_: &str| sides;
    Ok(kept(&document, said, called, attributes, &sides, excerpts))
}

/// A resource that the rules ask for: its address, its type, and what is shown as its first place.
pub(super) fn kept<'d>(
    document: &Document<'d>,
    (address, kind, shown): (String, String, Node<'d>),
    called: Called,
    attributes: &[Cow<'static, str>],
    sides: &dyn Fn(&str) -> Sides<'d>,
    excerpts: &mut Excerpts,
) -> Element {
    let (block, type_place) = places(document.text(), shown, excerpts);
    let mut values = Values::new(document, excerpts);
    let properties = attributes.iter();
    let properties = properties.filter_map(|name| values.attribute(name, &sides(name)));
    let resource = Resource {
        properties: properties.collect(),
        address,
        kind: Cow::Owned(kind),
        type_place,
        block,
        body: None,
        extras: Vec::new(),
        condition: None,
        scope: None,
        references: Vec::new(),
        reasons: Vec::new(),
        contexts: Vec::new(),
        doubts: Vec::new(),
        origin: None,
    };
    Element::Kept(Box::new((resource, called)))
}

pub(super) fn called(root: Node<'_>, known: Option<Node<'_>>) -> Called {
    let name = |name: &'static str| {
        let value = known?.get(name)?;
        let text = value.comparable().filter(|text| !text.is_empty())?;
        (value.kind() == Kind::Scalar).then(|| (name, text.into_owned()))
    };
    Called {
        names: NAMES.into_iter().filter_map(name).collect(),
        depends_on: texts(root.get("depends_on")),
    }
}

/// The texts of a list.
pub(super) fn texts(list: Option<Node<'_>>) -> Vec<String> {
    let items = list.into_iter().flat_map(Node::items);
    items.map(|item| item.text().into_owned()).collect()
}

/// Whether nothing of it will be left: it is only deleted, only forgotten, or gone already.
fn leaves(change: Node<'_>) -> bool {
    let after = change.get("after");
    let gone = after.is_some_and(is_null);
    let leaves = |action: Node<'_>| {
        action.is("delete") || action.is("forget") || (gone && action.is("no-op"))
    };
    let mut actions = change
        .get("actions")
        .into_iter()
        .flat_map(Node::items)
        .peekable();
    if actions.peek().is_none() {
        return after.is_none_or(is_null);
    }
    actions.all(leaves)
}

/// The line of an element that says its address, or else its first one; and the address in it.
fn places(text: &str, address: Node<'_>, excerpts: &mut Excerpts) -> (Place, Place) {
    let said = address.span();
    let at = said.start as usize;
    let near = text[..at].rfind("\"address\"").unwrap_or(at);
    let line = text[..near].rfind('\n').map_or(0, |at| at + 1);
    let start = line + text[line..].len() - text[line..].trim_start().len();
    let start = if near - start > SHOWN / 2 {
        near
    } else {
        start
    };
    let line = text[start..]
        .find(['\n', '\r'])
        .unwrap_or(text.len() - start);
    let mut end = start + line.min(SHOWN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    // What is nested after it is shown only where it decides: it may hold a secret.
    let after = said.end as usize;
    if let Some(rest) = text.get(after..end) {
        end = after + rest.find(['{', '[']).unwrap_or(rest.len());
    }
    let small = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    let file = excerpts.push(small(start), &text[start..end]);
    let length = small(end - start);
    let quotes = u32::from(!address.is_plain());
    let within = |byte: u32| byte.saturating_sub(small(start)).min(length);
    let place = |from: u32, to: u32| Place {
        file,
        span: Span::new(from, to),
    };
    let address = place(within(said.start + quotes), within(said.end - quotes));
    (place(0, length), address)
}

/// What stands before anything that is nested, as Terraform itself writes it.
struct Head<'t> {
    /// As it is written, with its quotes.
    address: &'t str,
    kind: &'t str,
    mode: &'t str,
    /// A leftover, or about to be deleted or forgotten.
    leaves: bool,
}

impl<'t> Head<'t> {
    /// Nothing where the element is written in any other way: then all of it must be read.
    fn read(text: &'t str) -> Option<Self> {
        let mut rest = text.strip_prefix('{')?;
        let (mut address, mut kind, mut mode) = (None, None, None);
        let mut leaves = false;
        loop {
            let (key, after) = string(rest.trim_start())?;
            let after = after.trim_start().strip_prefix(':')?.trim_start();
            rest = if let Some((value, after)) = string(after) {
                match key {
                    "\"address\"" => address = Some(value),
                    "\"type\"" => kind = Some(plain(value)?),
                    "\"mode\"" => mode = Some(plain(value)?),
                    "\"deposed\"" | "\"deposed_key\"" => leaves = true,
                    _ => {}
                }
                after
            } else if after.starts_with(['{', '[']) {
                match key {
                    "\"change\"" => leaves |= only_leaves(after)?,
                    "\"values\"" => {}
                    // A change may follow.
                    _ => return None,
                }
                break;
            } else {
                after.trim_start_matches(|c: char| {
                    c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')
                })
            };
            rest = match rest.trim_start().strip_prefix(',') {
                Some(rest) => rest,
                None if rest.trim_start() == "}" => break,
                None => return None,
            };
        }
        Some(Self {
            address: address?,
            kind: kind?,
            mode: mode?,
            leaves,
        })
    }

    /// The address without its quotes and escapes.
    fn address(&self) -> Option<String> {
        if let Some(address) = plain(self.address) {
            return Some(address.to_owned());
        }
        let document = json(self.address).ok()?;
        let address = document.roots().next()?.text();
        Some(address.into_owned())
    }
}

/// Whether all actions of a change, which must come first in it, take something away. Nothing where that is not told so.
fn only_leaves(change: &str) -> Option<bool> {
    let (key, after) = string(change.strip_prefix('{')?.trim_start())?;
    let after = after.trim_start().strip_prefix(':')?.trim_start();
    let mut rest = after.strip_prefix('[').filter(|_| key == "\"actions\"")?;
    let mut leaves = true;
    loop {
        let (action, after) = string(rest.trim_start())?;
        leaves &= matches!(plain(action)?, "delete" | "forget");
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return rest.starts_with(']').then_some(leaves),
        }
    }
}

/// A string as it is written, quotes included, and what follows it.
fn string(text: &str) -> Option<(&str, &str)> {
    let mut at = 1;
    if !text.starts_with('"') {
        return None;
    }
    loop {
        let found = memchr::memchr2(b'"', b'\\', text.as_bytes().get(at..)?)?;
        at += found;
        if text.as_bytes()[at] == b'"' {
            return text.split_at_checked(at + 1);
        }
        at += 2;
    }
}

/// What stands between the quotes, if it has no escapes.
fn plain(quoted: &str) -> Option<&str> {
    let inner = quoted.get(1..quoted.len() - 1)?;
    (!inner.contains('\\')).then_some(inner)
}
