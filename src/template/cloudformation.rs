//! CloudFormation, in YAML and JSON: resources, parameters, conditions, intrinsic functions and loops.

use std::borrow::Cow;
use std::rc::Rc;

use super::reason::{Carrier, Reason};
use super::{
    Bound, Cause, Child, Dialect, Entry, Expr, Function, Name, Parameter, ParameterKind, Place,
    Resource, Scope, Space, Template, What, bound, sam,
};
use crate::parse::{Document, Kind, Node, Syntax};
use crate::source::Span;

/// Rounds of a loop beyond which it is taken as one: no stack can hold more resources.
const MOST_ROUNDS: usize = 1_000;
/// Rounds and what they write out, of all loops over resources together, and of all loops in one map: loops within
/// loops multiply.
const MOST_LOOPED: usize = 20_000;
/// Loops within loops: the language extension allows no more.
const DEEPEST_LOOP: usize = 5;
/// Characters of a type that is no text, beyond which it is not shown.
const LONGEST_TYPE: usize = 60;
const LOOP: &str = "Fn::ForEach::";

/// Whether a document is a template: it has resources, and one of them has a provider type; or it says that it is one.
#[must_use]
pub fn is_template(root: Node<'_>) -> bool {
    let Some(resources) = root.get("Resources") else {
        return false;
    };
    if root.get("AWSTemplateFormatVersion").is_some() {
        return true;
    }
    resources.entries().any(|(key, body)| {
        let typed = body.get("Type").is_some_and(|kind| {
            let text = kind.text();
            kind.kind() == Kind::Scalar && is_type(&text)
        });
        typed || (body.kind() == Kind::Sequence && key.text().starts_with(LOOP))
    })
}

/// `AWS::S3::Bucket`, `Custom::Thing`, `Vendor::Service::Type::MODULE`.
fn is_type(text: &str) -> bool {
    let mut parts = text.split("::");
    let word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'@' | b'-'))
    };
    let first = parts.next().is_some_and(word);
    let rest: Vec<&str> = parts.collect();
    first && (1..=4).contains(&rest.len()) && rest.into_iter().all(word)
}

/// Reads one document of a stream.
#[must_use]
pub fn read<'t>(document: &'t Document<'t>, root: Node<'t>) -> Template<'t> {
    let mut template = Template::new(Dialect::CloudFormation, vec![document]);
    read_parameters(&mut template, root);
    for (section, space) in [
        ("Conditions", Space::Condition),
        ("Mappings", Space::Mapping),
    ] {
        let mut entries = Vec::new();
        if let Some(node) = root.get(section) {
            let mut left = MOST_LOOPED;
            collect(node.merged_entries(), &None, &mut entries, &mut left);
        }
        for Entry { key, value, .. } in entries {
            template.definitions.insert((space, key), value);
        }
    }
    if let Some(record) = root
        .get("Metadata")
        .and_then(|metadata| metadata.get("sfl"))
    {
        let reason = Reason::from_node(record, Carrier::Metadata, 0);
        template.reasons.push(reason);
    }
    let globals = root.get("Globals");
    if let Some(resources) = root.get("Resources") {
        let mut left = MOST_LOOPED;
        read_resources(&mut template, resources, globals, &None, &mut left);
    }
    template
}

fn read_parameters<'t>(template: &mut Template<'t>, root: Node<'t>) {
    let entries = root.get("Parameters").into_iter();
    for (key, body) in entries.flat_map(Node::merged_entries) {
        let kind = body.get("Type").map(Node::text).unwrap_or_default();
        let kind = if kind.starts_with("AWS::SSM::Parameter::Value") {
            ParameterKind::Lookup
        } else if kind == "CommaDelimitedList" || kind.starts_with("List<") {
            ParameterKind::List
        } else {
            ParameterKind::Value
        };
        let default = body.get("Default");
        let allowed = body.get("AllowedValues").into_iter();
        let allowed = allowed.flat_map(Node::items).filter_map(Node::comparable);
        let place = template.place(default.unwrap_or(key));
        template.parameters.push(Parameter {
            name: key.text(),
            default: default.map(|node| Child::node(node, &None)),
            allowed: allowed.collect(),
            kind,
            place,
        });
    }
}

fn read_resources<'t>(
    template: &mut Template<'t>,
    resources: Node<'t>,
    globals: Option<Node<'t>>,
    scope: &Scope<'t>,
    left: &mut usize,
) {
    for (key, body) in resources.merged_entries() {
        if key.text().starts_with(LOOP) {
            if depth(scope) == DEEPEST_LOOP {
                continue;
            }
            for (round, outputs) in rounds(template, body, scope) {
                if !spend(left) {
                    return;
                }
                read_resources(template, outputs, globals, &round, left);
            }
        } else if let Some(kind) = body.get("Type") {
            if scope.is_some() && !spend(left) {
                return;
            }
            let resource = read_resource(template, key, body, kind, globals, scope);
            let names = template.names.entry(Cow::Owned(resource.address.clone()));
            names.or_default().push(template.resources.len());
            template.resources.push(resource);
        }
    }
}

fn read_resource<'t>(
    template: &Template<'t>,
    key: Node<'t>,
    body: Node<'t>,
    kind: Node<'t>,
    globals: Option<Node<'t>>,
    scope: &Scope<'t>,
) -> Resource<'t> {
    let kind_text = match expr(kind, scope) {
        Expr::Text(text) => text,
        // A type that is computed is one that nobody knows; it is shown as it is written.
        _ => Cow::Owned(written(kind)),
    };
    let mut properties = match body.get("Properties") {
        Some(node) => match expr(node, scope) {
            Expr::Map(entries) => entries,
            _ => Vec::new(),
        },
        None => Vec::new(),
    };
    if let Some(globals) = globals
        && let Some(shared) = sam::globals_for(globals, &kind_text)
    {
        properties = sam::merge(properties, shared, body.get("IgnoreGlobals"));
    }
    let extras = ["Metadata", "UpdatePolicy", "CreationPolicy"].into_iter();
    let extras = extras.filter_map(|part| {
        let (key, node) = body.entry(part)?;
        Some(Entry {
            key: Cow::Borrowed(part),
            place: Some(template.place(key)),
            value: Child::node(node, scope),
        })
    });
    let condition = body.get("Condition").map(|name| {
        let name = Name::Definition(Space::Condition, substituted(name.text(), scope));
        Child::built(Expr::Name(name), scope)
    });
    let metadata = body
        .get("Metadata")
        .and_then(|metadata| metadata.get("sfl"));
    let mut reasons: Vec<Reason> = metadata
        .map(|record| Reason::from_node(record, Carrier::Metadata, 0))
        .into_iter()
        .collect();
    reasons.extend(comments(key));
    Resource {
        address: substituted(key.text(), scope).into_owned(),
        kind: kind_text,
        // A block that is written elsewhere stands where it is named.
        type_place: template.place(if body.is_alias() { body } else { kind }),
        block: template.place(body),
        properties,
        extras: extras.collect(),
        condition,
        scope: scope.clone(),
        references: Vec::new(),
        reasons,
        origin: None,
    }
}

/// A node as its author wrote it, with its tag, on one line and not longer than a message bears.
fn written(node: Node<'_>) -> String {
    let mut span = node.span();
    if let Some(tag) = node.tag_span() {
        span.start = span.start.min(tag.start);
    }
    let text = span.of(node.document().text());
    let words = text.split_whitespace().take(LONGEST_TYPE);
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_TYPE).collect()
}

/// The records in comments on the line of a logical id, or right above it.
#[must_use]
pub fn comments(key: Node<'_>) -> Vec<Reason> {
    let document = key.document();
    let mut found = Vec::new();
    if document.syntax() == Syntax::Yaml && !document.comments().is_empty() {
        let text = document.text();
        let start = key.span().start as usize;
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let all = document.comments();
        let after = all.partition_point(|comment| (comment.start as usize) < start);
        if let Some(comment) = all.get(after)
            && !text[start..comment.start as usize].contains('\n')
        {
            found.push(*comment);
        }
        let mut line = line;
        for comment in all[..after].iter().rev() {
            let above = text[..line].trim_end_matches(['\n', '\r']);
            let begins = above.rfind('\n').map_or(0, |at| at + 1);
            let alone = text[begins..(comment.start as usize).max(begins)]
                .trim()
                .is_empty();
            if (comment.start as usize) < begins || !alone || above.len() + 1 < comment.end as usize
            {
                break;
            }
            // An empty line between ends the block of comments: `trim_end_matches` must have taken one break only.
            if text[above.len()..line].matches('\n').count() != 1 {
                break;
            }
            found.push(*comment);
            line = begins;
        }
    }
    let text = document.text();
    found
        .into_iter()
        .filter_map(|span: Span| Reason::from_comment(span.of(text), span, 0))
        .collect()
}

/// The rounds of a loop: the scope of each, and the map that it writes out.
fn rounds<'t>(
    template: &Template<'t>,
    body: Node<'t>,
    scope: &Scope<'t>,
) -> Vec<(Scope<'t>, Node<'t>)> {
    let Some((name, collection, outputs)) = loop_parts(body) else {
        return Vec::new();
    };
    let values = loop_values(template, collection, scope);
    bind(name, values, scope)
        .into_iter()
        .map(|scope| (scope, outputs))
        .collect()
}

fn loop_parts<'t>(body: Node<'t>) -> Option<(Cow<'t, str>, Node<'t>, Node<'t>)> {
    let mut items = body.items();
    Some((items.next()?.text(), items.next()?, items.next()?))
}

/// The values that a loop over resources takes: those that stand there, the default of a list parameter, or a mapping's.
fn loop_values<'t>(
    template: &Template<'t>,
    collection: Node<'t>,
    scope: &Scope<'t>,
) -> Option<Vec<Child<'t>>> {
    let built = |text: &str| Child::built(Expr::Text(Cow::Owned(text.to_owned())), scope);
    match expr(collection, scope) {
        Expr::List(items) => {
            let items = items.into_iter().map(|item| match as_expr(&item) {
                Expr::Name(Name::Any(name)) => {
                    let default = parameter_default(template, &name, ParameterKind::Value);
                    default.map_or(item, |text| built(&text))
                }
                _ => item,
            });
            Some(items.collect())
        }
        Expr::Name(Name::Any(name)) => {
            let text = parameter_default(template, &name, ParameterKind::List)?;
            Some(text.split(',').map(|part| built(part.trim())).collect())
        }
        Expr::Call(Function::FindInMap, arguments) => {
            let [mapping, first, second] = &arguments[..] else {
                return None;
            };
            let key = (Space::Mapping, scalar(mapping)?);
            let mapping = template.definitions.get(&key)?.as_node()?;
            let list = mapping.get(&scalar(first)?)?.get(&scalar(second)?)?;
            match expr(list, scope) {
                Expr::List(items) => Some(items),
                _ => None,
            }
        }
        _ => None,
    }
}

fn parameter_default<'t>(
    template: &Template<'t>,
    name: &str,
    kind: ParameterKind,
) -> Option<Cow<'t, str>> {
    let parameter = &template.parameters[template.parameter(name)?];
    let default = parameter
        .default
        .as_ref()
        .filter(|_| parameter.kind == kind);
    default?.as_node()?.comparable()
}

/// One scope for each value; one with an unknown value where the values are not known, or too many.
fn bind<'t>(
    name: Cow<'t, str>,
    values: Option<Vec<Child<'t>>>,
    outer: &Scope<'t>,
) -> Vec<Scope<'t>> {
    let values = values.filter(|values| values.len() <= MOST_ROUNDS);
    let values = values.unwrap_or_else(|| {
        let cause = Cause::Undefined(name.clone().into_owned());
        vec![Child::built(Expr::Unknown(cause), outer)]
    });
    values
        .into_iter()
        .map(|value| {
            Some(Rc::new(Bound {
                name: name.clone(),
                value,
                outer: outer.clone(),
            }))
        })
        .collect()
}

/// Takes one off what loops may write out; whether there was any left.
fn spend(left: &mut usize) -> bool {
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}

/// How many loops stand around a place.
fn depth(scope: &Scope<'_>) -> usize {
    let frames = std::iter::successors(scope.as_ref(), |frame| frame.outer.as_ref());
    frames.count()
}

/// `${Name}` and `&{Name}` of loop variables with known texts, put in. What is put in is not looked at again.
fn substituted<'t>(text: Cow<'t, str>, scope: &Scope<'t>) -> Cow<'t, str> {
    if scope.is_none() || !text.contains('{') {
        return text;
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find("${").into_iter().chain(rest.find("&{")).min() {
        result.push_str(&rest[..at]);
        let bare = rest[at..].starts_with('&');
        rest = &rest[at..];
        let name = rest.find('}').map(|end| (&rest[2..end], end + 1));
        let value = name.and_then(|(name, end)| Some((scalar(bound(scope, name)?)?, end)));
        match value {
            // `&{}` asks for the value without what a logical id cannot hold.
            Some((value, end)) if bare => {
                result.extend(value.chars().filter(char::is_ascii_alphanumeric));
                rest = &rest[end..];
            }
            Some((value, end)) => {
                result.push_str(&value);
                rest = &rest[end..];
            }
            None => {
                result.push_str(&rest[..2]);
                rest = &rest[2..];
            }
        }
    }
    result.push_str(rest);
    Cow::Owned(result)
}

/// The text of a value, if a text stands there.
fn scalar<'t>(child: &Child<'t>) -> Option<Cow<'t, str>> {
    match as_expr(child) {
        Expr::Text(text) => Some(text),
        _ => None,
    }
}

pub(super) fn as_expr<'t>(child: &Child<'t>) -> Expr<'t> {
    match &child.what {
        What::Node(node) => expr(*node, &child.scope),
        What::Built(built) => Expr::clone(built),
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
        Kind::Scalar => match node.comparable() {
            None => Expr::Absent,
            Some(text) if text.starts_with("{{resolve:") => {
                Expr::Unknown(Cause::Lookup(text.into_owned()))
            }
            Some(text) => Expr::Text(substituted(text, scope)),
        },
        Kind::Sequence => Expr::List(node.items().map(|item| Child::node(item, scope)).collect()),
        Kind::Mapping => mapping(node, scope),
    }
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
    let mut map = Vec::with_capacity(entries.len());
    let mut left = MOST_LOOPED;
    collect(entries, scope, &mut map, &mut left);
    Expr::Map(map)
}

/// The entries of a map, with those that loops write out. Only values of a loop that stand right there are known.
fn collect<'t>(
    entries: Vec<(Node<'t>, Node<'t>)>,
    scope: &Scope<'t>,
    map: &mut Vec<Entry<'t>>,
    left: &mut usize,
) {
    for (key, value) in entries {
        let name = key.text();
        if !name.starts_with(LOOP) {
            if scope.is_some() && !spend(left) {
                return;
            }
            map.push(Entry {
                key: substituted(name, scope),
                place: Some(Place {
                    file: 0,
                    span: key.span(),
                }),
                value: Child::node(value, scope),
            });
            continue;
        }
        let Some((name, collection, outputs)) = loop_parts(value) else {
            continue;
        };
        if depth(scope) == DEEPEST_LOOP {
            continue;
        }
        let values = match expr(collection, scope) {
            Expr::List(items) => Some(items),
            _ => None,
        };
        for scope in bind(name, values, scope) {
            if !spend(left) {
                return;
            }
            collect(outputs.merged_entries(), &scope, map, left);
        }
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
    let arguments =
        || -> Vec<Child<'t>> { node.items().map(|item| Child::node(item, scope)).collect() };
    let call = |function| Some(Expr::Call(function, arguments()));
    match function {
        "Ref" => Some(Expr::Name(Name::Any(substituted(node.text(), scope)))),
        "Condition" => {
            let name = substituted(node.text(), scope);
            Some(Expr::Name(Name::Definition(Space::Condition, name)))
        }
        "GetAtt" => Some(attribute(node, scope)),
        "Sub" => Some(sub(node, scope)),
        "If" => {
            let mut arguments = arguments();
            let name = node.items().next()?;
            if name.kind() == Kind::Scalar {
                let name = Name::Definition(Space::Condition, substituted(name.text(), scope));
                arguments[0] = Child::built(Expr::Name(name), scope);
            }
            Some(Expr::Call(Function::If, arguments))
        }
        "Equals" => call(Function::Equals),
        "Not" => call(Function::Not),
        "And" => call(Function::And),
        "Or" => call(Function::Or),
        "FindInMap" => {
            let mut arguments = arguments();
            if let Some(options) = node.items().nth(3) {
                arguments.truncate(3);
                let default = options.get("DefaultValue");
                arguments.extend(default.map(|default| Child::node(default, scope)));
            }
            Some(Expr::Call(Function::FindInMap, arguments))
        }
        "Select" => call(Function::Select),
        "Join" => call(Function::Join),
        "Split" => call(Function::Split),
        "Contains" => call(Function::Contains),
        "Length" => Some(Expr::Call(
            Function::Length,
            vec![content(node, short, scope)],
        )),
        "ImportValue" => Some(Expr::Call(
            Function::Opaque,
            vec![
                Child::built(Expr::Unknown(Cause::Import(shown(node))), scope),
                content(node, short, scope),
            ],
        )),
        "Base64" | "Cidr" | "GetAZs" | "Transform" | "ToJsonString" | "GetStackOutput" => {
            Some(Expr::Call(
                Function::Opaque,
                vec![
                    Child::built(
                        Expr::Unknown(Cause::Function(format!("Fn::{function}"))),
                        scope,
                    ),
                    content(node, short, scope),
                ],
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
        Kind::Scalar => Expr::Text(node.text()),
        Kind::Sequence => Expr::List(node.items().map(|item| Child::node(item, scope)).collect()),
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

fn attribute<'t>(node: Node<'t>, scope: &Scope<'t>) -> Expr<'t> {
    if node.kind() == Kind::Scalar {
        let text = substituted(node.text(), scope);
        let (resource, attribute) = match text.split_once('.') {
            Some((resource, attribute)) => (resource.to_owned(), attribute.to_owned()),
            None => (text.into_owned(), String::new()),
        };
        return Expr::Name(Name::Attribute(resource.into(), attribute.into()));
    }
    let mut items = node.items();
    let resource = items.next().map(Node::text).unwrap_or_default();
    let attribute = items.next().map(Node::text).unwrap_or_default();
    Expr::Name(Name::Attribute(substituted(resource, scope), attribute))
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
    let mut rest = &*text;
    let literal = |text: &str| Child::built(Expr::Text(Cow::Owned(text.to_owned())), scope);
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}') else {
            break;
        };
        if at > 0 {
            parts.push(literal(&rest[..at]));
        }
        let name = rest[at + 2..at + end].trim();
        rest = &rest[at + end + 1..];
        if let Some(escaped) = name.strip_prefix('!') {
            parts.push(literal(&format!("${{{escaped}}}")));
            continue;
        }
        let owned = |text: &str| Cow::Owned(text.to_owned());
        let name = match (variables.and_then(|variables| variables.get(name)), name) {
            (Some(node), _) => {
                parts.push(Child::node(node, scope));
                continue;
            }
            (None, name) => match name.split_once('.') {
                Some((resource, attribute)) => Name::Attribute(owned(resource), owned(attribute)),
                None => Name::Any(owned(name)),
            },
        };
        parts.push(Child::built(Expr::Name(name), scope));
    }
    if !rest.is_empty() {
        parts.push(literal(rest));
    }
    match &parts[..] {
        [] => Expr::Text(text),
        [one] => as_expr(one),
        _ => Expr::Call(Function::Concat, parts),
    }
}
