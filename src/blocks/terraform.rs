//! Terraform, in its own syntax and in JSON: all files of one folder are one module.

mod block;
mod declared;
mod expressions;
mod outline;
mod refused;
mod remarks;
mod slashes;

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{
    Beside, Carrier, Cause, Child, Entry, Expr, Items, Parameter, ParameterKind, Place, Reason,
    Scope, Space, Template, Type, moves,
};
use crate::base::Given;
use crate::syntax::{Document, Kind, Node, Syntax};
pub use block::{Block, DYNAMIC, Dynamic, Knowledge, META, may_be_block, parts};
use block::{blocks, labelled, labels};
pub use outline::{Outline, OutlineBlock, outline};
pub use refused::{refused, refused_call};
pub use remarks::{comments, for_none, of_instance};
use slashes::reason;

/// What must exist before.
pub(super) const MENTIONS: &str = "depends_on";

/// All names that a block may have at the top of a file.
const TOP: [&str; 15] = [
    "//",
    "action",
    "check",
    "data",
    "ephemeral",
    "import",
    "language",
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
const SETTINGS: [&str; 9] = [
    "backend",
    "cloud",
    "encryption",
    "experiments",
    "language",
    "provider_meta",
    "required_providers",
    "required_version",
    "state_store",
];

/// What a `variable` block may hold.
const VARIABLE: [&str; 10] = [
    "//",
    "const",
    "default",
    "deprecated",
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
        Kind::Scalar | Kind::Expression => false,
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

/// The files of one module.
#[derive(Clone, Copy, Debug, Default)]
pub struct ModuleFiles<'f, 't> {
    /// Configuration; its order does not matter.
    pub configuration: &'f [&'t Document<'t>],
    /// Configuration that changes what the other files say: in order of name, as it is merged.
    pub overrides: &'f [&'t Document<'t>],
    /// Values of variables in order of precedence: the last counts.
    pub variables: &'f [&'t Document<'t>],
    /// Values that the deployment gives to variables, whatever the files say.
    pub given: &'f [&'f Given],
    /// Where they stand, for functions that read the files beside them.
    pub beside: Option<Beside<'t>>,
    /// Whether all of them could be read: then what none of them says is not said.
    pub is_complete: bool,
}

impl<'f, 't> ModuleFiles<'f, 't> {
    /// Configuration alone.
    #[must_use]
    pub fn of(configuration: &'f [&'t Document<'t>]) -> Self {
        Self {
            configuration,
            ..Self::default()
        }
    }
}

/// What a module makes: resources, and the modules that are made by it.
#[derive(Default)]
pub struct ModuleBlocks<'t> {
    pub resources: Vec<Rc<Block<'t>>>,
    /// Calls of modules that are at hand, each with the number of its folder.
    pub calls: Vec<(Rc<Block<'t>>, usize)>,
}

/// Says of a module's type (`module:SOURCE`) which inputs switch it, all of which are on unless a call says otherwise; nothing where
/// nobody knows the module.
pub type Knows<'k> = &'k dyn Fn(&str) -> Option<Vec<String>>;

/// Reads one module into a unit: all but the resources. Gives the blocks of which those are made.
/// A `module` block is a resource of the type `module:SOURCE` if somebody knows that, and a call if `callee` has the files of the module
/// that it names.
pub fn read<'t>(
    template: &mut Template<'t>,
    unit: usize,
    files: ModuleFiles<'_, 't>,
    knows: Knows<'_>,
    callee: &dyn Fn(&CalledModule<'_>) -> Option<usize>,
) -> ModuleBlocks<'t> {
    let scope = template.units[unit].scope.clone();
    let mut found = Vec::new();
    let mut variables = Vec::new();
    let read = [files.configuration, files.overrides].concat();
    for (at, document) in read.into_iter().enumerate() {
        let (mut own_blocks, mut own_variables) = (Vec::new(), Vec::new());
        for root in document.roots().flat_map(blocks) {
            template.units[unit].reasons.extend(reason(root));
            for (key, value) in root.entries() {
                match &*key.text() {
                    "variable" => {
                        let all = labelled(value);
                        own_variables.extend(all.map(|(name, body)| {
                            Block::new(Cow::Borrowed(""), (key, name), body, &scope)
                        }));
                    }
                    "locals" => {
                        let locals = block::bodies(value).flat_map(Node::entries);
                        for (name, value) in locals.filter(|(key, _)| !key.is("//")) {
                            let local = Child::node(value, &scope);
                            let key = (Space::Local, name.text());
                            template.units[unit].definitions.insert(key, local);
                        }
                    }
                    "output" => {
                        let outputs = &mut template.units[unit].outputs;
                        for (name, body) in labelled(value) {
                            if let Some(value) = body.get("value") {
                                outputs.insert(name.text(), Child::node(value, &scope));
                            }
                        }
                    }
                    "moved" => {
                        let moves = block::bodies(value).filter_map(moved);
                        template.units[unit].moves.extend(moves);
                    }
                    _ => {}
                }
            }
            modules(root, &scope, &mut own_blocks);
            resources(root, &scope, &mut own_blocks);
            let between = &mut template.units[unit].between;
            between.extend(all_between(root, &scope));
        }
        let strays = remarks::strays(document, &own_blocks);
        template.units[unit].strays.extend(strays);
        if at < files.configuration.len() {
            found.extend(own_blocks);
            variables.extend(own_variables);
        } else {
            merge(&mut found, own_blocks);
            merge(&mut variables, own_variables);
        }
    }
    let before = template.parameters.len();
    let parameters = variables.iter().map(|block| parameter(block, &scope));
    template.parameters.extend(parameters);
    template.units[unit].parameters = before..template.parameters.len();
    template.units[unit].file = files
        .configuration
        .first()
        .map_or(0, |document| document.number());
    let mut all = ModuleBlocks::default();
    for mut block in found {
        let mut folder = None;
        if block.kind.is_empty() {
            folder = CalledModule::of(&block).as_ref().and_then(callee);
        }
        if block.kind.is_empty() && folder.is_none() {
            block.kind = called(&block).map(Cow::Owned).unwrap_or_default();
            if let Some(switches) = knows(&block.kind) {
                block.called = Knowledge::Known(switches);
            }
        }
        let block = Rc::new(block);
        let address = Cow::Owned(block.address());
        let blocks = &mut template.units[unit].blocks;
        blocks.insert(address, Rc::clone(&block));
        match folder {
            Some(folder) => all.calls.push((block, folder)),
            None => all.resources.push(block),
        }
    }
    assign(template, unit, files.variables);
    all
}

/// What a `moved` block says: the address before, and the one now.
fn moved(body: Node<'_>) -> Option<(String, String)> {
    let address = |name: &str| {
        let node = body.get(name)?;
        let written = match node.kind() {
            Kind::Expression => Cow::Borrowed(node.span().of(node.document().text())),
            _ => node.text(),
        };
        Some(moves::plain(&written))
    };
    Some((address("from")?, address("to")?))
}

/// The modules that a file calls by a path.
pub fn local_calls(root: Node<'_>) -> impl Iterator<Item = String> {
    let files = blocks(root).flat_map(Node::entries);
    let calls = files.filter(|(key, _)| key.is("module"));
    let calls = calls.flat_map(|(_, calls)| labelled(calls));
    calls.filter_map(|(_, body)| local(&body.get("source")?.comparable()?))
}

/// The path of a module that is called by one: Terraform takes nothing else for a path.
fn local(source: &str) -> Option<String> {
    let is_local = source.starts_with("./") || source.starts_with("../");
    is_local.then(|| source.to_owned())
}

/// A module as a call names it.
#[derive(Clone, Debug)]
pub struct CalledModule<'t> {
    /// What the call is called.
    pub name: Cow<'t, str>,
    pub source: Cow<'t, str>,
    /// The versions that will do.
    pub version: Option<Cow<'t, str>>,
}

impl<'t> CalledModule<'t> {
    fn of(call: &Block<'t>) -> Option<Self> {
        Some(Self {
            name: call.name.text(),
            source: call.part("source")?.comparable()?,
            version: call.part("version").and_then(Node::comparable),
        })
    }

    /// The path, where it is called by one.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        local(&self.source)
    }
}

/// Puts what an override file says over what the other files say. A block that overrides none is refused by Terraform; where the other
/// files are not all there, it is what is known of the resource.
fn merge<'t>(found: &mut Vec<Block<'t>>, overrides: Vec<Block<'t>>) {
    if overrides.is_empty() {
        return;
    }
    let addresses = found.iter().map(Block::address).zip(0..);
    let places: FxHashMap<String, usize> = addresses.collect();
    for block in overrides {
        let place = places.get(&block.address());
        match place.and_then(|at| found.get_mut(*at)) {
            Some(base) => base.overrides.push(block.body),
            None => found.push(block),
        }
    }
}

/// Calls of modules; what they call is known once all files are merged.
fn modules<'t>(root: Node<'t>, scope: &Scope<'t>, found: &mut Vec<Block<'t>>) {
    for (word, calls) in root.entries().filter(|(key, _)| key.is("module")) {
        found.extend(labelled(calls).map(|(name, body)| Block {
            called: Knowledge::Unknown,
            ..Block::new(Cow::Borrowed(""), (word, name), body, scope)
        }));
    }
}

fn resources<'t>(root: Node<'t>, scope: &Scope<'t>, found: &mut Vec<Block<'t>>) {
    let sections = root.entries().filter(|(key, _)| key.is("resource"));
    for types in sections.flat_map(|(_, value)| labels(value)) {
        for (word, names) in types.entries().filter(|(key, _)| !key.is("//")) {
            found.extend(
                labelled(names)
                    .map(|(name, body)| Block::new(word.text(), (word, name), body, scope)),
            );
        }
    }
}

/// Whether a type only hands on what it is given: it is no choice, and who refers to it refers to what it is given.
pub(super) fn hands_on(kind: &str) -> bool {
    const ALL: [&str; 5] = ["null_", "random_", "template_", "terraform_data", "time_"];
    ALL.iter().any(|begin| kind.starts_with(begin))
}

/// Data sources and what only hands on, each by its address, with what stands in it.
fn all_between<'t>(root: Node<'t>, scope: &Scope<'t>) -> Vec<(Cow<'t, str>, Child<'t>)> {
    let mut all = Vec::new();
    for (word, types) in root.entries() {
        let prefix = match &*word.text() {
            "data" => "data.",
            "resource" => "",
            _ => continue,
        };
        for (kind, names) in labels(types).flat_map(Node::entries) {
            let kind = kind.text();
            if prefix.is_empty() && !hands_on(&kind) {
                continue;
            }
            all.extend(labelled(names).map(|(name, body)| {
                let address = format!("{prefix}{kind}.{}", name.text());
                (Cow::Owned(address), Child::node(body, scope))
            }));
        }
    }
    all
}

/// What stands there, one level deep. `is_bound` tells which names are loop variables there.
#[must_use]
pub fn expr<'t>(node: Node<'t>, is_bound: &dyn Fn(&str) -> bool) -> Expr<'t> {
    if node.document().syntax() == Syntax::Hcl {
        return expressions::expr(node, is_bound);
    }
    match node.kind() {
        Kind::Scalar => scalar(node, |text| expressions::text(text, is_bound)),
        Kind::Sequence => {
            let items = node.items().map(|item| Child::node(item, &None));
            Expr::List(items.collect())
        }
        Kind::Mapping => {
            let entries = node.merged_entries().into_iter();
            let entries = entries.filter(|(key, _)| !key.is("//"));
            let entries = entries.map(|(key, value)| {
                let key = expressions::text(key.text(), is_bound);
                (key, None, Child::node(value, &None))
            });
            expressions::map(entries.collect())
        }
        Kind::Expression => Expr::Absent,
    }
}

/// What stands there, one level deep, where nothing is an expression.
#[must_use]
pub fn literal(node: Node<'_>) -> Expr<'_> {
    match node.kind() {
        Kind::Scalar => scalar(node, Expr::Text),
        Kind::Sequence => Expr::List(node.items().map(Child::literal).collect::<Items<'_>>()),
        Kind::Mapping => {
            let entries = node.merged_entries().into_iter();
            let entries = entries.map(|(key, value)| Entry::new(key.text(), Child::literal(value)));
            Expr::Map(entries.collect())
        }
        Kind::Expression => Expr::Absent,
    }
}

/// What a scalar is; a text as Terraform keeps it, in which a letter and its accent are one.
fn scalar<'t>(node: Node<'t>, text: impl FnOnce(Cow<'t, str>) -> Expr<'t>) -> Expr<'t> {
    match node.comparable() {
        None => Expr::Absent,
        Some(written) if node.is_plain() => match &*written {
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            // The digits are borrowed where they are what the number is called.
            digits if digits.len() < 18 && !digits.contains(['.', 'e', 'E']) => {
                Expr::Number(written)
            }
            digits => expressions::number(digits),
        },
        Some(written) => text(expressions::composed(written)),
    }
}

/// An expression that stands by itself, outside of any block: no loop variable is bound there.
pub(super) fn expression<'t>(text: &str) -> Expr<'t> {
    expressions::text(Cow::Owned(format!("${{{text}}}")), &|_| false)
}

/// A template in a file of its own, in which only the names that `is_bound` knows mean anything.
#[must_use]
pub fn template_text<'t>(text: String, is_bound: &dyn Fn(&str) -> bool) -> Expr<'t> {
    expressions::text(expressions::composed(Cow::Owned(text)), is_bound)
}

/// A text as Terraform keeps it, whatever it looks like.
#[must_use]
pub fn composed_text<'t>(text: String) -> Expr<'t> {
    Expr::Text(expressions::composed(Cow::Owned(text)))
}

/// A number, by its digits.
pub(super) fn number<'t>(digits: &str) -> Expr<'t> {
    expressions::number(digits)
}

/// What a block says of the values that it knows how many there are of: `count` or `for_each`.
#[derive(Clone, Debug)]
pub enum Repeat<'t> {
    /// So many.
    Count(Child<'t>),
    /// One for each.
    Each(Child<'t>),
}

impl<'t> Block<'t> {
    /// How often it stands for a resource, where it says so.
    #[must_use]
    pub fn repeat(&self) -> Option<Repeat<'t>> {
        let part = |key: &str| Some(Child::node(self.part(key)?, &self.scope));
        let count = part("count").map(Repeat::Count);
        count.or_else(|| part("for_each").map(Repeat::Each))
    }

    /// Its address without a key.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}.{}", self.word.text(), self.name.text())
    }

    /// Its written reasons.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> {
        let layers = self.layers();
        layers.flat_map(|body| match body.document().syntax() {
            Syntax::Hcl => comments(body),
            _ => reason(body).into_iter().collect(),
        })
    }

    /// What says that there is one at all (OpenTofu's `lifecycle.enabled`).
    #[must_use]
    pub fn enabled(&self) -> Option<Child<'t>> {
        let lifecycles = self.layers().rev().filter_map(|body| body.get("lifecycle"));
        let enabled = lifecycles
            .flat_map(blocks)
            .find_map(|lifecycle| lifecycle.get("enabled"));
        enabled.map(|enabled| Child::node(enabled, &self.scope))
    }
}

/// `["key"]`: how an instance of a `for_each` is called.
#[must_use]
pub fn quoted_key(key: &str) -> String {
    let quoted = serde_json::to_string(key).unwrap_or_default();
    format!("[{quoted}]")
}

fn parameter<'t>(block: &Block<'t>, scope: &Scope<'t>) -> Parameter<'t> {
    let name = block.name;
    let default = block.part("default");
    let declared = block
        .part("type")
        .map(|declared| declared::declared(declared).unwrap_or(Type::Unreadable));
    let is_nullable = match block.part("nullable").map(Node::text).as_deref() {
        None | Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => None,
    };
    let declared = if is_nullable.is_none() {
        Some(Type::Unreadable)
    } else {
        declared
    };
    let otherwise = || match default {
        Some(default) => value(default),
        None => {
            let cause = Cause::Parameter(name.text().into_owned());
            Child::built(Expr::Unknown(cause), &None)
        }
    };
    Parameter {
        name: name.text(),
        default: default.map(value),
        handed: None,
        is_disputed: false,
        handed_by: Vec::new(),
        instead_of_null: (is_nullable == Some(false)).then(otherwise),
        declared,
        allowed: Vec::new(),
        shape: Default::default(),
        is_of_numbers: false,
        bounds: (None, None),
        kind: ParameterKind::Value,
        place: default.unwrap_or(name).place(),
        rules: block
            .part("validation")
            .into_iter()
            .flat_map(blocks)
            .filter_map(|validation| Some(Child::node(validation.get("condition")?, scope)))
            .collect(),
        given: None,
        is_loaded: false,
    }
}

/// The value of a variable. In JSON nothing in it is an expression; in Terraform's own syntax it is written as one.
fn value(node: Node<'_>) -> Child<'_> {
    match node.document().syntax() {
        Syntax::Hcl => Child::node(node, &None),
        _ => Child::literal(node),
    }
}

/// Gives variables the values of the files that say them.
fn assign<'t>(template: &mut Template<'t>, unit: usize, files: &[&'t Document<'t>]) {
    let own = template.units[unit].parameters.clone();
    let names = own.map(|at| (template.parameters[at].name.clone(), at));
    let places: FxHashMap<_, _> = names.collect();
    for document in files {
        for (name, value) in document.roots().flat_map(Node::entries) {
            let Some(parameter) = places
                .get(&name.text())
                .and_then(|at| template.parameters.get_mut(*at))
            else {
                continue;
            };
            parameter.default = Some(self::value(value));
            parameter.is_loaded = true;
            template.is_given_values = true;
            parameter.place = Place {
                file: document.number(),
                span: value.span(),
            };
        }
    }
}

/// The type of a module's call, without what only says which version of the source.
fn called(call: &Block<'_>) -> Option<String> {
    let source = call.part("source")?.comparable()?;
    let source = source.split('?').next()?;
    Some(format!("module:{source}"))
}
