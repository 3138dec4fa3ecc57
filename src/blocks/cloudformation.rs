//! CloudFormation, in YAML and JSON: resources, parameters, conditions, intrinsic functions and loops.

use std::borrow::Cow;

use super::reason::{from_comment, from_node};
use super::{
    Carrier, Cause, Child, Entry, Expr, Field, MACRO, Name, Note, Noted, Parameter, ParameterKind,
    Pattern, Reason, Resource, Scope, Shape, Space, Template, sam,
};
use crate::base::source::Span;
use crate::syntax::{Kind, Node, Syntax};
use loops::substituted;

mod expression;
mod implicit_api;
pub(super) mod loops;
pub(crate) mod metadata;
mod properties;
mod said;
mod strays;
mod substitutions;

pub(super) use expression::as_expr;
pub use expression::{entry, expr, is_bare, plain_entry};
pub use implicit_api::add_implicit_api;
pub use loops::{LOOP, Loop};

/// Characters of a type that is no text, beyond which it is not shown.
const LONGEST_TYPE: usize = 60;

/// Notes of one template; more of them say nothing new.
const MOST_NOTES: usize = 100;

/// Whether a document is a template: it has resources, and one of them has a provider type; or it says that it is one; or a macro makes it
/// one.
#[must_use]
pub fn is_template(root: Node<'_>) -> bool {
    let says_so = root.get("AWSTemplateFormatVersion").is_some();
    let Some(resources) = root.get("Resources") else {
        return is_made_by_macro(root, says_so);
    };
    if says_so || is_brought(resources) {
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

/// Whether a macro brings what stands in a section: it is named, as text or with what it is given.
fn is_brought(section: Node<'_>) -> bool {
    let brought = match section.tag() {
        Some("!Transform") => Some(section),
        _ => section.get(MACRO),
    };
    brought.is_some_and(|brought| brought.get("Name").is_some_and(is_macro))
}

/// Whether a document without resources becomes a template by a macro: it says that it is a template; or it names Amazon's own macros; or
/// it names macros by a list, as other files do not, and has sections that are written like those of a template.
fn is_made_by_macro(root: Node<'_>, says_so: bool) -> bool {
    let brought = root.get(MACRO).and_then(|brought| brought.get("Name"));
    if brought.is_some_and(is_macro) {
        return true;
    }
    let Some(transform) = root.get("Transform") else {
        return false;
    };
    let named: Vec<Node<'_>> = match transform.kind() {
        Kind::Sequence => transform.items().collect(),
        _ => vec![transform],
    };
    let names = named.iter().map(|one| match one.kind() {
        Kind::Mapping => one.get("Name"),
        _ => Some(*one),
    });
    let names: Option<Vec<Node<'_>>> = names.collect();
    let Some(names) = names.filter(|names| !names.is_empty()) else {
        return false;
    };
    if !names.iter().copied().all(is_macro) {
        return false;
    }
    let is_amazons = |name: &Node<'_>| name.text().starts_with("AWS::");
    let is_section = |(key, body): (Node<'_>, Node<'_>)| {
        let key = key.text();
        key != "Transform"
            && key.starts_with(|first: char| first.is_ascii_uppercase())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && body.kind() == Kind::Mapping
    };
    says_so
        || names.iter().any(is_amazons)
        || transform.kind() == Kind::Sequence && root.entries().any(is_section)
}

/// Whether a text may name a macro: `AWS::Include`, `Mine`, `123456789012::Mine`; a text that is put together is taken for one.
fn is_macro(name: Node<'_>) -> bool {
    let text = name.text();
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    match name.kind() {
        Kind::Expression => true,
        Kind::Scalar => text.split("::").all(word) && text.bytes().any(|b| b.is_ascii_alphabetic()),
        _ => false,
    }
}

/// Types of resources that make a stack of another template, and the property that says of which.
pub const NESTING: [(&str, &str); 3] = [
    ("AWS::CloudFormation::Stack", "TemplateURL"),
    (STACK_SET, "TemplateURL"),
    ("AWS::Serverless::Application", "Location"),
];

/// A type that makes stacks in several accounts and regions, and hands down its parameters as a list.
pub const STACK_SET: &str = "AWS::CloudFormation::StackSet";

/// Whether resources of a type make a stack of another template.
#[must_use]
pub fn nests(kind: &str) -> bool {
    NESTING.iter().any(|(name, _)| kind == *name)
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

/// Reads one document of a stream into a unit: all but its resources, conditions and mappings, which may stand in loops.
pub fn read<'t>(template: &mut Template<'t>, unit: usize, root: Node<'t>) {
    let notes = said::notes(root);
    template.notes.extend(notes);
    let before = template.parameters.len();
    let scope = template.units[unit].scope.clone();
    read_parameters(template, root, &scope);
    let unit = &mut template.units[unit];
    unit.parameters = before..template.parameters.len();
    unit.file = root.document().number();
    unit.strays.extend(strays::strays(root));
    unit.owner = metadata::owner(root);
    let metadata = root.get("Metadata");
    if let Some(record) = metadata.and_then(|metadata| metadata.get("sfl")) {
        let reason = from_node(record, Carrier::Metadata);
        unit.reasons.push(reason);
    }
}

/// The sections that give names to values.
pub const DEFINITIONS: [(&str, Space); 2] = [
    // Loops over conditions may look their values up.
    ("Mappings", Space::Mapping),
    ("Conditions", Space::Condition),
];

/// The section of resources; nothing where a macro makes all of them, for what it is given are none.
#[must_use]
pub fn resources(root: Node<'_>) -> Option<Node<'_>> {
    let section = root.get("Resources")?;
    (section.tag() != Some("!Transform")).then_some(section)
}

fn read_parameters<'t>(template: &mut Template<'t>, root: Node<'t>, scope: &Scope<'t>) {
    let entries = root.get("Parameters").into_iter();
    for (key, body) in entries.flat_map(Node::merged_entries) {
        let keys = [
            "Type",
            "Default",
            "AllowedValues",
            "MinValue",
            "MaxValue",
            "MinLength",
            "MaxLength",
            "AllowedPattern",
        ];
        let found = body.select(keys).map(|entry| Some(entry?.1));
        let [
            kind,
            default,
            allowed,
            least,
            greatest,
            shortest,
            longest,
            pattern,
        ] = found;
        let kind = kind.map(Node::text).unwrap_or_default();
        let is_of_numbers = kind == "Number" || kind == "List<Number>";
        let kind = if kind.starts_with("AWS::SSM::Parameter::Value") {
            ParameterKind::Lookup
        } else if kind == "CommaDelimitedList" || kind.starts_with("List<") {
            ParameterKind::List
        } else {
            ParameterKind::Value
        };
        let allowed = allowed.into_iter();
        let allowed = allowed.flat_map(Node::items).filter_map(Node::comparable);
        let length = |node: Option<Node<'_>>| node?.comparable()?.trim().parse().ok();
        let shape = Shape {
            lengths: (length(shortest), length(longest)),
            pattern: pattern.map(|node| Pattern::new(node.text())),
        };
        let allowed = admitted(allowed.collect(), &shape, kind);
        let place = default.unwrap_or(key).place();
        let number = |node: Option<Node<'_>>| node?.comparable()?.trim().parse().ok();
        template.parameters.push(Parameter {
            name: key.text(),
            default: default.map(|node| Child::node(node, scope)),
            handed: None,
            is_disputed: false,
            handed_by: Vec::new(),
            instead_of_null: None,
            declared: None,
            allowed,
            is_of_numbers,
            bounds: (number(least), number(greatest)),
            shape,
            kind,
            place,
            rules: Vec::new(),
            given: None,
            is_loaded: false,
        });
    }
}

/// The allowed values that length and pattern leave; those that a pattern spells out, where no others are given.
fn admitted<'t>(
    allowed: Vec<Cow<'t, str>>,
    shape: &Shape,
    kind: ParameterKind,
) -> Vec<Cow<'t, str>> {
    // Of a list, each part must match, and not the whole.
    if kind != ParameterKind::Value {
        return allowed;
    }
    if allowed.is_empty() {
        let texts = shape.pattern.as_ref().and_then(Pattern::texts);
        let texts = texts.into_iter().flatten();
        return texts
            .filter(|text| shape.admits(text))
            .map(Cow::Owned)
            .collect();
    }
    let (some, others): (Vec<_>, Vec<_>) =
        allowed.into_iter().partition(|value| shape.admits(value));
    // A template that contradicts itself is not mended here.
    if some.is_empty() { others } else { some }
}

/// What must exist before.
pub(super) const MENTIONS: &str = "DependsOn";

/// The name that is written at a node, by itself or by a function of loop variables only.
pub(super) fn name<'t>(node: Node<'t>, scope: &Scope<'t>) -> String {
    let text = match expr(node, scope) {
        Expr::Text(text) => text,
        _ => substituted(node.text(), scope),
    };
    text.into_owned()
}

/// Adds a resource to a template, if the block has a type.
pub fn add<'t>(
    template: &mut Template<'t>,
    globals: Option<Node<'t>>,
    key: Node<'t>,
    body: Node<'t>,
    scope: &Scope<'t>,
) {
    let owner = template.units[super::unit(scope)].owner.clone();
    let Some(resource) = read_resource(key, body, globals, owner.as_ref(), scope) else {
        untyped(template, key, body);
        return;
    };
    if !is_type(&resource.kind) {
        note(template, Noted::NoSuchType, key);
    }
    let mut names = sam::further_names(&resource.address, &resource.kind, &resource.properties);
    names.push(resource.address.clone());
    let known = &mut template.units[super::unit(scope)].names;
    for name in names {
        let named = known.entry(Cow::Owned(name));
        named.or_default().push(template.resources.len());
    }
    template.resources.push(resource);
}

/// Says of a block without a type that nobody judges it.
fn untyped(template: &mut Template<'_>, key: Node<'_>, body: Node<'_>) {
    if key.is(MACRO) {
        return;
    }
    let brought = match body.tag() {
        Some("!Transform") => Some(body),
        _ => body.get(MACRO),
    };
    let what = match brought {
        None => Noted::NoType,
        Some(brought) => Noted::More(
            brought
                .get("Name")
                .map(Node::text)
                .unwrap_or_default()
                .into_owned(),
        ),
    };
    note(template, what, key);
}

/// Notes something of a block, once for all rounds of a loop.
fn note(template: &mut Template<'_>, what: Noted, key: Node<'_>) {
    let note = Note {
        what,
        place: key.place(),
        other: None,
    };
    if template.notes.len() < MOST_NOTES && !template.notes.contains(&note) {
        template.notes.push(note);
    }
}

fn read_resource<'t>(
    key: Node<'t>,
    body: Node<'t>,
    globals: Option<Node<'t>>,
    owner: Option<&Field>,
    scope: &Scope<'t>,
) -> Option<Resource<'t>> {
    let [
        kind,
        properties,
        condition,
        metadata,
        update,
        creation,
        brought,
    ] = body.select([
        "Type",
        "Properties",
        "Condition",
        "Metadata",
        "UpdatePolicy",
        "CreationPolicy",
        MACRO,
    ]);
    let (_, kind) = kind?;
    let kind_text = match expr(kind, scope) {
        Expr::Text(text) => text,
        // A type that is computed is one that nobody knows; it is shown as it is written.
        _ => Cow::Owned(written(kind)),
    };
    let mut properties = match properties {
        Some((key, node)) => properties::entries(node, key.place(), scope),
        None => Vec::new(),
    };
    let macros = brought.into_iter().map(|(_, node)| node);
    let macros = macros.chain(properties.iter().filter_map(properties::called_macro));
    let mut doubts: Vec<Cause> = loops::open(scope);
    doubts.extend(macros.filter_map(properties::rewriter));
    // A macro beside the type may bring any property that is not written.
    properties.extend(brought.map(|(key, node)| entry(key, node, scope)));
    if let Some(globals) = globals
        && let Some(shared) = sam::globals_for(globals, &kind_text)
    {
        properties = sam::merge(properties, shared, body.get("IgnoreGlobals"), scope);
    }
    substitutions::put_in(&kind_text, key.place(), &mut properties);
    let extras = [
        ("Metadata", metadata),
        ("UpdatePolicy", update),
        ("CreationPolicy", creation),
    ];
    let extras = extras.into_iter().filter_map(|(part, entry)| {
        let (key, node) = entry?;
        Some(Entry {
            key: Cow::Borrowed(part),
            place: Some(key.place()),
            value: Child::node(node, scope),
        })
    });
    let condition = condition.map(|(_, name)| {
        let name = Name::Definition(Space::Condition, substituted(name.text(), scope));
        Child::built(Expr::Name(name), scope)
    });
    let metadata = metadata.into_iter();
    let mut reasons: Vec<Reason> = Vec::new();
    let mut contexts = Vec::new();
    for branch in metadata.flat_map(|(_, node)| properties::branches(node)) {
        let (reason, context) = metadata::read(branch, owner);
        reasons.extend(reason);
        contexts.extend(context);
    }
    reasons.extend(comments(key));
    Some(Resource {
        address: substituted(key.text(), scope).into_owned(),
        kind: kind_text,
        // A block that is written elsewhere stands where it is named.
        type_place: if body.is_alias() { body } else { kind }.place(),
        block: body.place(),
        body: Some(body),
        properties,
        extras: extras.collect(),
        condition,
        scope: scope.clone(),
        references: Vec::new(),
        reasons,
        contexts,
        doubts,
        origin: None,
    })
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
        .filter_map(|span: Span| from_comment(span.of(text), span, document.number()))
        .collect()
}
