//! Terraform's JSON syntax: all `*.tf.json` files of one folder are one module.

mod block;
mod fold;
mod hcl;
mod instances;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{
    Carrier, Child, Dialect, Expr, Function, Name, Parameter, ParameterKind, Place, Reason,
    Resource, Scope, Space, Template,
};
use crate::syntax::{Document, Kind, Node};
use block::{Block, blocks, comment, labelled};
use fold::Facts;

/// What must exist before.
pub(super) const MENTIONS: &str = "depends_on";

/// All names that a block may have at the top of a file.
const TOP: [&str; 14] = [
    "//",
    "action",
    "check",
    "data",
    "ephemeral",
    "import",
    "list",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
];

/// More of them: these also make no configuration by themselves.
const MORE: [&str; 2] = ["terraform", "variable"];

/// What a `terraform` block may hold.
const SETTINGS: [&str; 6] = [
    "backend",
    "cloud",
    "experiments",
    "provider_meta",
    "required_providers",
    "required_version",
];

/// What a `variable` block may hold.
const VARIABLE: [&str; 8] = [
    "//",
    "default",
    "description",
    "ephemeral",
    "nullable",
    "sensitive",
    "type",
    "validation",
];

/// Whether this is a file of a Terraform configuration: nothing but its blocks, and one of them is clearly one.
#[must_use]
pub fn is_configuration(root: Node<'_>) -> bool {
    only_blocks(root)
        && blocks(root).any(|file| {
            file.entries()
                .any(|(key, value)| is_clear(&key.text(), value))
        })
}

/// Whether this is a file that only gives names to values: it belongs to the configuration beside it.
#[must_use]
pub fn is_variables_only(root: Node<'_>) -> bool {
    let named = |key: Node<'_>, value: Node<'_>| match &*key.text() {
        "//" => true,
        "locals" => blocks(value).next().is_some(),
        "variable" => {
            let mut variables = labelled(value).peekable();
            let known = |(key, _): (Node<'_>, Node<'_>)| VARIABLE.iter().any(|name| key.is(name));
            variables.peek().is_some() && variables.all(|(_, body)| body.entries().all(known))
        }
        _ => false,
    };
    let mut any = false;
    let all = blocks(root).all(|file| {
        file.entries().all(|(key, value)| {
            any |= !key.is("//");
            named(key, value)
        })
    });
    root.kind() != Kind::Scalar && any && all
}

fn only_blocks(root: Node<'_>) -> bool {
    let top = |(key, _): (Node<'_>, Node<'_>)| TOP.iter().chain(&MORE).any(|name| key.is(name));
    match root.kind() {
        Kind::Mapping => root.entries().all(top),
        Kind::Sequence => root
            .items()
            .all(|item| item.kind() == Kind::Mapping && item.entries().all(top)),
        Kind::Scalar => false,
    }
}

/// Whether a block has a shape that nothing but Terraform would give it.
fn is_clear(key: &str, value: Node<'_>) -> bool {
    let collection = |node: Node<'_>| node.kind() != Kind::Scalar;
    match key {
        "resource" => blocks(value).any(|types| {
            types.entries().any(|(kind, names)| {
                let kind = kind.text();
                let name = kind
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
                name && kind.contains('_') && labelled(names).any(|(_, body)| collection(body))
            })
        }),
        "module" => labelled(value).any(|(_, body)| {
            body.get("source")
                .is_some_and(|source| source.kind() == Kind::Scalar)
        }),
        "terraform" => blocks(value).any(|body| {
            let mut entries = body.entries().peekable();
            entries.peek().is_some()
                && entries.all(|(key, _)| SETTINGS.iter().any(|name| key.is(name)) || key.is("//"))
        }),
        _ => false,
    }
}

/// Reads one module: its files, and files of variables in order of precedence, the last of which counts.
/// A `module` block is a resource of the type `module:SOURCE` if somebody knows that.
#[must_use]
pub fn read<'t>(
    configuration: &[&'t Document<'t>],
    variables: &[&'t Document<'t>],
    knows: &dyn Fn(&str) -> bool,
) -> Template<'t> {
    let documents = [configuration, variables].concat();
    let mut template = Template::new(Dialect::Terraform, documents);
    let mut facts = Facts::default();
    for (file, document) in configuration.iter().enumerate() {
        for root in document.roots().flat_map(blocks) {
            template.reasons.extend(reason(root, file));
            for (key, value) in root.entries() {
                match &*key.text() {
                    "variable" => {
                        let parameters =
                            labelled(value).map(|(name, body)| parameter(name, body, file));
                        template.parameters.extend(parameters);
                    }
                    "locals" => {
                        for (name, value) in blocks(value)
                            .flat_map(Node::entries)
                            .filter(|(key, _)| !key.is("//"))
                        {
                            let local = Child::node(value, &None);
                            facts.locals.insert(name.text(), local.clone());
                            template
                                .definitions
                                .insert((Space::Local, name.text()), local);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    assign(&mut template, configuration.len(), variables);
    for parameter in &template.parameters {
        if let Some(default) = &parameter.default {
            facts
                .variables
                .insert(parameter.name.clone(), default.clone());
        }
    }
    let mut instances = instances::Instances::new(&facts);
    for (file, document) in configuration.iter().enumerate() {
        for root in document.roots().flat_map(blocks) {
            let modules = root.entries().filter(|(key, _)| key.is("module"));
            for (word, calls) in modules {
                for (name, body) in labelled(calls) {
                    let kind = called(body).filter(|kind| knows(kind));
                    let block = Block {
                        kind: word,
                        name,
                        body,
                        file,
                    };
                    if let Some(kind) = kind {
                        resource(&mut template, &mut instances, &block, Cow::Owned(kind));
                    }
                }
            }
            let sections = root.entries().filter(|(key, _)| key.is("resource"));
            for types in sections.flat_map(|(_, value)| blocks(value)) {
                for (kind, names) in types.entries().filter(|(key, _)| !key.is("//")) {
                    for (name, body) in labelled(names) {
                        let block = Block {
                            kind,
                            name,
                            body,
                            file,
                        };
                        resource(&mut template, &mut instances, &block, kind.text());
                    }
                }
            }
        }
    }
    template
}

/// What stands there, one level deep.
#[must_use]
pub fn expr<'t>(node: Node<'t>, scope: &Scope<'t>) -> Expr<'t> {
    match node.kind() {
        Kind::Scalar => match node.comparable() {
            None => Expr::Absent,
            Some(text) if node.is_plain() => Expr::Text(text),
            Some(text) => hcl::text(text, scope),
        },
        Kind::Sequence => Expr::List(node.items().map(|item| Child::node(item, scope)).collect()),
        Kind::Mapping => Expr::Map(block::entries(node, scope, &Facts::default(), None)),
    }
}

/// `[0]` or `["key"]`.
fn instance_key(key: &str) -> String {
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("[{key}]");
    }
    quoted_key(key)
}

fn quoted_key(key: &str) -> String {
    let quoted = serde_json::to_string(key).unwrap_or_default();
    format!("[{quoted}]")
}

/// The record in `"//": { "sfl": { ... } }`.
fn reason(block: Node<'_>, file: usize) -> Option<Reason> {
    let record = comment(block)?.get("sfl")?;
    Some(Reason::from_node(record, Carrier::Slashes, file))
}

fn parameter<'t>(name: Node<'t>, body: Node<'t>, file: usize) -> Parameter<'t> {
    let default = body.get("default");
    Parameter {
        name: name.text(),
        default: default.map(|default| Child::node(default, &None)),
        allowed: allowed(&name.text(), body),
        bounds: (None, None),
        kind: ParameterKind::Value,
        place: Place {
            file,
            span: default.unwrap_or(name).span(),
        },
    }
}

/// The values of a `validation` that says `contains([...], var.name)`.
fn allowed<'t>(name: &str, body: Node<'t>) -> Vec<Cow<'t, str>> {
    let conditions = body.get("validation").into_iter().flat_map(blocks);
    for condition in conditions.filter_map(|validation| validation.get("condition")) {
        let Expr::Call(Function::Contains, arguments) = expr(condition, &None) else {
            continue;
        };
        let [list, value] = arguments.as_slice() else {
            continue;
        };
        let own =
            matches!(fold::expr_of(value), Expr::Name(Name::Parameter(other)) if other == name);
        let facts = Facts::default();
        if own && let Some(Expr::List(items)) = facts.value(list) {
            let texts: Option<Vec<_>> = items.iter().map(|item| facts.text(item)).collect();
            return texts.unwrap_or_default();
        }
    }
    Vec::new()
}

/// Gives variables the values of the files that say them.
fn assign<'t>(template: &mut Template<'t>, first: usize, files: &[&'t Document<'t>]) {
    let names = template
        .parameters
        .iter()
        .enumerate()
        .map(|(at, parameter)| (parameter.name.clone(), at));
    let places: std::collections::HashMap<_, _> = names.collect();
    for (at, document) in files.iter().enumerate() {
        for (name, value) in document.roots().flat_map(Node::entries) {
            let Some(parameter) = places
                .get(&name.text())
                .and_then(|at| template.parameters.get_mut(*at))
            else {
                continue;
            };
            parameter.default = Some(Child::node(value, &None));
            parameter.place = Place {
                file: first + at,
                span: value.span(),
            };
        }
    }
}

/// The type of a module's call, without what only says which version of the source.
fn called(body: Node<'_>) -> Option<String> {
    let source = body.get("source")?.comparable()?;
    let source = source.split('?').next()?;
    Some(format!("module:{source}"))
}

fn resource<'t>(
    template: &mut Template<'t>,
    instances: &mut instances::Instances<'_, 't>,
    block: &Block<'t>,
    kind: Cow<'t, str>,
) {
    let bare = format!("{}.{}", block.kind.text(), block.name.text());
    let reasons: Vec<Reason> = reason(block.body, block.file).into_iter().collect();
    let all = instances.of(block.body);
    for (key, scope) in all.scopes {
        let at = template.resources.len();
        let address = format!("{bare}{key}");
        if !key.is_empty() {
            template
                .names
                .entry(Cow::Owned(address.clone()))
                .or_default()
                .push(at);
        }
        template
            .names
            .entry(Cow::Owned(bare.clone()))
            .or_default()
            .push(at);
        if key.is_empty() && block.body.get("count").is_some() {
            // How many there are is not known, but whoever names one means the first.
            let first = Cow::Owned(format!("{bare}[0]"));
            template.names.entry(first).or_default().push(at);
        }
        let properties = block::entries(block.body, &scope, instances.facts(), Some(block.file));
        let resource = Resource {
            address,
            kind: kind.clone(),
            type_place: block.place(block.name),
            block: block.place(block.body),
            body: Some(block.body),
            properties,
            extras: Vec::new(),
            condition: all.condition.clone(),
            scope,
            references: Vec::new(),
            reasons: reasons.clone(),
            origin: None,
        };
        template.resources.push(resource);
    }
}
