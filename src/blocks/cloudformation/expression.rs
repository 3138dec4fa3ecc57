//! What stands at a node: a text, a list, a map, or a call of an intrinsic function.

use std::borrow::Cow;

use super::loops::{LOOP, substituted};
use crate::blocks::{Cause, Child, Entry, Expr, Function, Items, Name, Scope, Space, What};
use crate::syntax::{Kind, Node};

/// What a value is, one level deep.
pub fn as_expr<'t>(child: &Child<'t>) -> Expr<'t> {
    match &child.what {
        What::Node(node) | What::Literal(node) => expr(*node, &child.scope),
        What::Built(built) => built.expr(&child.scope),
    }
}

/// What stands at a node, one level deep.
#[must_use]
pub fn expr<'t>(node: Node<'t>, scope: &Scope<'t>) -> Expr<'t> {
    if let Some(tag) = node.tag()
        && let Some(function) = tag.strip_prefix('!')
        && let Some(call) = intrinsic(function, node, true, scope)
    {
        return call;
    }
    match node.kind() {
        Kind::Scalar | Kind::Expression => match node.comparable() {
            None => Expr::Absent,
            Some(text) if text.starts_with("{{resolve:") => {
                Expr::Unknown(Cause::Lookup(text.into_owned()))
            }
            Some(text) => Expr::Text(substituted(text, scope)),
        },
        Kind::Sequence => Expr::List(items(node, scope)),
        Kind::Mapping => mapping(node, scope),
    }
}

fn items<'t>(node: Node<'t>, scope: &Scope<'t>) -> Items<'t> {
    let items = node.items().map(|item| Child::node(item, scope));
    Items::exactly(node.items().count(), items)
}

fn mapping<'t>(node: Node<'t>, scope: &Scope<'t>) -> Expr<'t> {
    let entries = node.merged_entries();
    if let [(key, value)] = entries[..] {
        let name = key.text();
        let function = match &*name {
            "Ref" => Some("Ref"),
            "Condition" if value.kind() == Kind::Scalar => Some("Condition"),
            long => long
                .strip_prefix("Fn::")
                .filter(|_| !long.starts_with(LOOP)),
        };
        if let Some(call) = function.and_then(|function| intrinsic(function, value, false, scope)) {
            return call;
        }
    }
    let entries = entries.into_iter();
    Expr::Map(
        entries
            .map(|(key, value)| entry(key, value, scope))
            .collect(),
    )
}

/// Whether it is a list or a map, and by none of its keys a function.
#[must_use]
pub fn is_bare(node: Node<'_>) -> bool {
    let is_function = || {
        let mut entries = node.entries();
        let first = entries.next();
        first.is_some_and(|(key, _)| {
            let may_be = key.bytes().is_none_or(|name| {
                name.starts_with(b"Fn::") || matches!(name, b"Ref" | b"Condition")
            });
            may_be && entries.next().is_none()
        })
    };
    node.kind() != Kind::Scalar && node.tag().is_none() && !is_function()
}

/// The entry with a key in a map that has neither functions nor loops nor merged maps in it; `None` for all others.
#[must_use]
pub fn plain_entry<'t>(node: Node<'t>, key: &str, scope: &Scope<'t>) -> Option<Option<Entry<'t>>> {
    if node.kind() != Kind::Mapping || node.tag().is_some() || key == "Condition" {
        return None;
    }
    let mut found = None;
    for (name, value) in node.entries() {
        if name.is(key) {
            found = Some((name, value));
            continue;
        }
        let name = name.text();
        if name.starts_with("Fn::") || matches!(&*name, "Ref" | "Condition" | "<<") {
            return None;
        }
    }
    Some(found.map(|(name, value)| entry(name, value, scope)))
}

/// An entry of a map.
#[must_use]
pub fn entry<'t>(key: Node<'t>, value: Node<'t>, scope: &Scope<'t>) -> Entry<'t> {
    Entry {
        key: substituted(key.text(), scope),
        place: Some(key.place()),
        value: Child::node(value, scope),
    }
}

/// What a name refers to; what Amazon itself has a name for is known to nobody here.
fn named<'t>(name: Cow<'t, str>) -> Expr<'t> {
    match &*name {
        "AWS::NoValue" => Expr::Absent,
        pseudo if pseudo.starts_with("AWS::") => Expr::Unknown(Cause::Pseudo(name.into_owned())),
        _ => Expr::Name(Name::Any(name)),
    }
}

/// An intrinsic function by its short name; `None` where there is none of that name.
/// `short` says that the node's own tag names the function; else a tag on it is a function inside of this one.
fn intrinsic<'t>(
    function: &str,
    node: Node<'t>,
    short: bool,
    scope: &Scope<'t>,
) -> Option<Expr<'t>> {
    let arguments = || items(node, scope);
    let call = |function| Some(Expr::Call(function, arguments()));
    match function {
        "Ref" if is_text(node, short) => Some(named(substituted(node.text(), scope))),
        "Ref" => Some(Expr::Call(
            Function::Refer,
            [content(node, short, scope)].into_iter().collect(),
        )),
        "Condition" => {
            let name = substituted(node.text(), scope);
            Some(Expr::Name(Name::Definition(Space::Condition, name)))
        }
        "GetAtt" => Some(attribute(node, short, scope)),
        "Sub" => Some(sub(node, scope)),
        "If" => {
            let name = node.items().next()?;
            if name.kind() != Kind::Scalar {
                return call(Function::If);
            }
            let name = Name::Definition(Space::Condition, substituted(name.text(), scope));
            let name = std::iter::once(Child::built(Expr::Name(name), scope));
            let branches = node.items().skip(1).map(|item| Child::node(item, scope));
            let arguments = Items::exactly(node.items().count(), name.chain(branches));
            Some(Expr::Call(Function::If, arguments))
        }
        "Equals" => call(Function::Equals),
        "Not" => call(Function::Not),
        "And" => call(Function::And),
        "Or" => call(Function::Or),
        "FindInMap" => {
            let keys = node.items().take(3);
            let options = node.items().nth(3);
            let default = options.and_then(|options| options.get("DefaultValue"));
            let all = keys.chain(default).map(|item| Child::node(item, scope));
            Some(Expr::Call(Function::FindInMap, all.collect()))
        }
        "Select" => call(Function::Select),
        "Join" => call(Function::Join),
        "Split" => call(Function::Split),
        "Contains" => call(Function::Contains),
        "Length" => Some(Expr::Call(
            Function::Length,
            [content(node, short, scope)].into_iter().collect(),
        )),
        "ImportValue" => Some(Expr::Call(
            Function::Import,
            [
                Child::built(Expr::Unknown(Cause::Import(shown(node))), scope),
                content(node, short, scope),
            ]
            .into_iter()
            .collect(),
        )),
        "Base64" | "Cidr" | "GetAZs" | "Transform" | "ToJsonString" | "GetStackOutput" => {
            Some(Expr::Call(
                Function::Opaque,
                [
                    Child::built(
                        Expr::Unknown(Cause::Function(format!("Fn::{function}"))),
                        scope,
                    ),
                    content(node, short, scope),
                ]
                .into_iter()
                .collect(),
            ))
        }
        _ => None,
    }
}

/// A function's argument without the function's own tag.
fn content<'t>(node: Node<'t>, short: bool, scope: &Scope<'t>) -> Child<'t> {
    if !short {
        return Child::node(node, scope);
    }
    let bare = match node.kind() {
        Kind::Scalar | Kind::Expression => Expr::Text(node.text()),
        Kind::Sequence => Expr::List(items(node, scope)),
        Kind::Mapping => mapping(node, scope),
    };
    Child::built(bare, scope)
}

fn shown(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Scalar => node.text().into_owned(),
        _ => "Fn::ImportValue".to_owned(),
    }
}

/// Whether a text stands there, and no function of one.
fn is_text(node: Node<'_>, short: bool) -> bool {
    node.kind() == Kind::Scalar && (short || node.tag().is_none_or(|tag| tag.starts_with("!!")))
}

fn attribute<'t>(node: Node<'t>, short: bool, scope: &Scope<'t>) -> Expr<'t> {
    if is_text(node, short) {
        let text = substituted(node.text(), scope);
        let at = text.find('.');
        let (resource, attribute) = match at {
            Some(at) => (part(&text, ..at), part(&text, at + 1..)),
            None => (text, Cow::Borrowed("")),
        };
        return Expr::Name(Name::Attribute(resource, attribute));
    }
    if node.kind() != Kind::Sequence {
        let whole = [content(node, short, scope)].into_iter();
        return Expr::Call(Function::Refer, whole.collect());
    }
    if node.items().take(2).any(|item| !is_text(item, false)) {
        let parts = node.items().take(2).map(|item| Child::node(item, scope));
        return Expr::Call(Function::Refer, parts.collect());
    }
    let mut items = node.items();
    let mut next = || substituted(items.next().map(Node::text).unwrap_or_default(), scope);
    Expr::Name(Name::Attribute(next(), next()))
}

/// A part of a text, copied only where the text itself is a copy.
fn part<'t>(
    text: &Cow<'t, str>,
    range: impl std::slice::SliceIndex<str, Output = str>,
) -> Cow<'t, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
    }
}

fn sub<'t>(node: Node<'t>, scope: &Scope<'t>) -> Expr<'t> {
    let (text, variables) = match node.kind() {
        Kind::Sequence => {
            let mut items = node.items();
            let text = items.next().map(Node::text).unwrap_or_default();
            (text, items.next())
        }
        _ => (node.text(), None),
    };
    let text = substituted(text, scope);
    let mut parts = Vec::new();
    let literal = |text| Child::built(Expr::Text(text), scope);
    // Where what is left of the text begins.
    let mut left = 0;
    while let Some(at) = text[left..].find("${").map(|at| left + at) {
        let Some(end) = text[at..].find('}').map(|end| at + end) else {
            break;
        };
        if at > left {
            parts.push(literal(part(&text, left..at)));
        }
        left = end + 1;
        let inside = &text[at + 2..end];
        let name = inside.trim();
        if let Some(escaped) = name.strip_prefix('!') {
            parts.push(literal(Cow::Owned(format!("${{{escaped}}}"))));
            continue;
        }
        if let Some(node) = variables.and_then(|variables| variables.get(name)) {
            parts.push(Child::node(node, scope));
            continue;
        }
        let start = end - inside.trim_start().len();
        let name = match name.find('.') {
            Some(dot) => Expr::Name(Name::Attribute(
                part(&text, start..start + dot),
                part(&text, start + dot + 1..start + name.len()),
            )),
            None => named(part(&text, start..start + name.len())),
        };
        parts.push(Child::built(name, scope));
    }
    if left < text.len() {
        parts.push(literal(part(&text, left..)));
    }
    match &parts[..] {
        [] => Expr::Text(text),
        [one] => as_expr(one),
        _ => Expr::Call(Function::Substitute, parts.into()),
    }
}
