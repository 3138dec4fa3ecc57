//! CloudFormation, in YAML and JSON: resources, parameters, conditions, intrinsic functions and loops.

use std::borrow::Cow;
use std::rc::Rc;

use super::reason::{Carrier, Reason};
use super::{
    Bound, Cause, Child, Dialect, Entry, Expr, Function, Name, Parameter, ParameterKind, Place,
    Resource, Scope, Space, Template, sam,
};
use crate::parse::{Document, Kind, Node, Syntax};
use crate::source::Span;

/// Rounds of a loop beyond which it is taken as one: no stack can hold more resources.
const MOST_ROUNDS: usize = 1_000;
/// Loops within loops: the language extension allows no more.
const DEEPEST_LOOP: usize = 5;
const LOOP: &str = "Fn::ForEach::";

/// Whether a document is a template: it has resources, and one of them has a provider type.
#[must_use]
pub fn is_template(root: Node<'_>) -> bool {
    let Some(resources) = root.get("Resources") else {
        return false;
    };
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
        let entries = root.get(section).into_iter();
        for (key, value) in entries.flat_map(Node::merged_entries) {
            let child = Child::node(value, &None);
            template.definitions.insert((space, key.text()), child);
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
        read_resources(&mut template, resources, globals, &None, 0);
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
    depth: usize,
) {
    for (key, body) in resources.merged_entries() {
        let id = key.text();
        if id.starts_with(LOOP) {
            for (round, outputs) in rounds(template, body, scope) {
                if depth < DEEPEST_LOOP {
                    read_resources(template, outputs, globals, &round, depth + 1);
                }
            }
            continue;
        }
        let Some(kind) = body.get("Type").filter(|kind| kind.kind() == Kind::Scalar) else {
            continue;
        };
        if template.resources.len() >= MOST_ROUNDS * DEEPEST_LOOP && scope.is_some() {
            return;
        }
        let resource = read_resource(template, key, body, kind, globals, scope);
        let names = template.names.entry(Cow::Owned(resource.address.clone()));
        names.or_default().push(template.resources.len());
        template.resources.push(resource);
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
    let kind_text = kind.text();
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
        type_place: template.place(kind),
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
    let values = match expr(collection, scope) {
        Expr::List(items) => Some(items),
        Expr::Name(Name::Any(name)) => list_default(template, &name, scope),
        _ => None,
    };
    let values = values.filter(|values| values.len() <= MOST_ROUNDS);
    bind(name, values, scope)
        .into_iter()
        .map(|scope| (scope, outputs))
        .collect()
}

fn loop_parts<'t>(body: Node<'t>) -> Option<(Cow<'t, str>, Node<'t>, Node<'t>)> {
    let mut items = body.items();
    Some((items.next()?.text(), items.next()?, items.next()?))
}

/// The default of a list parameter, split.
fn list_default<'t>(
    template: &Template<'t>,
    name: &str,
    scope: &Scope<'t>,
) -> Option<Vec<Child<'t>>> {
    let parameter = &template.parameters[template.parameter(name)?];
    let text = parameter.default.as_ref()?.as_node()?.comparable()?;
    (parameter.kind == ParameterKind::List).then(|| {
        let parts = text.split(',').map(|part| part.trim().to_owned());
        parts
            .map(|part| Child::built(Expr::Text(Cow::Owned(part)), scope))
            .collect()
    })
}

/// One scope for each value; one with an unknown value where the values are not known.
fn bind<'t>(
    name: Cow<'t, str>,
    values: Option<Vec<Child<'t>>>,
    outer: &Scope<'t>,
) -> Vec<Scope<'t>> {
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

/// `${Name}` and `&{Name}` of loop variables with known texts, put in.
fn substituted<'t>(text: Cow<'t, str>, scope: &Scope<'t>) -> Cow<'t, str> {
    let mut frame = scope.as_ref();
    let mut text = text;
    while let Some(bound) = frame {
        if let Some(value) = scalar(&bound.value)
            && (text.contains("${") || text.contains("&{"))
        {
            let plain = text.replace(&format!("${{{}}}", bound.name), &value);
            // `&{}` asks for the value without what a logical id cannot hold.
            let bare: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            text = Cow::Owned(plain.replace(&format!("&{{{}}}", bound.name), &bare));
        }
        frame = bound.outer.as_ref();
    }
    text
}

fn scalar<'t>(child: &Child<'t>) -> Option<Cow<'t, str>> {
    match &child.what {
        super::What::Node(node) => node.comparable(),
        super::What::Built(built) => match &**built {
            Expr::Text(text) => Some(text.clone()),
            _ => None,
        },
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
            Some(text) => Expr::Text(if scope.is_some() {
                substituted(text, scope)
            } else {
                text
            }),
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
    for (key, value) in entries {
        let name = key.text();
        if name.starts_with(LOOP) {
            looped(value, scope, &mut map);
        } else if name != "Fn::Transform" {
            map.push(Entry {
                key: if scope.is_some() {
                    substituted(name, scope)
                } else {
                    name
                },
                place: Some(Place {
                    file: 0,
                    span: key.span(),
                }),
                value: Child::node(value, scope),
            });
        }
    }
    Expr::Map(map)
}

/// Entries that a loop inside of a map writes out. Only values that stand right there are known.
fn looped<'t>(body: Node<'t>, scope: &Scope<'t>, map: &mut Vec<Entry<'t>>) {
    let Some((name, collection, outputs)) = loop_parts(body) else {
        return;
    };
    let values = match expr(collection, scope) {
        Expr::List(items) if items.len() <= MOST_ROUNDS => Some(items),
        _ => None,
    };
    for scope in bind(name, values, scope) {
        if let Expr::Map(entries) = mapping(outputs, &scope) {
            map.extend(entries);
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
            if arguments.len() > 3 {
                let default = node.items().nth(3)?.get("DefaultValue")?;
                arguments[3] = Child::node(default, scope);
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
    if !text.contains("${") {
        return Expr::Text(text);
    }
    let mut parts = Vec::new();
    let mut rest = &*text;
    while let Some(at) = rest.find("${") {
        let literal = &rest[..at];
        let Some(end) = rest[at..].find('}') else {
            break;
        };
        if !literal.is_empty() {
            parts.push(Expr::Text(Cow::Owned(literal.to_owned())));
        }
        let name = rest[at + 2..at + end].trim();
        rest = &rest[at + end + 1..];
        if let Some(escaped) = name.strip_prefix('!') {
            parts.push(Expr::Text(Cow::Owned(format!("${{{escaped}}}"))));
            continue;
        }
        let variable = variables.and_then(|variables| variables.get(name));
        parts.push(match (variable, name.split_once('.')) {
            (Some(node), _) => expr(node, scope),
            (None, Some((resource, attribute))) => Expr::Name(Name::Attribute(
                Cow::Owned(resource.to_owned()),
                Cow::Owned(attribute.to_owned()),
            )),
            (None, None) => Expr::Name(Name::Any(Cow::Owned(name.to_owned()))),
        });
    }
    if !rest.is_empty() {
        parts.push(Expr::Text(Cow::Owned(rest.to_owned())));
    }
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let children = parts.into_iter().map(|part| Child::built(part, scope));
    Expr::Call(Function::Concat, children.collect())
}
