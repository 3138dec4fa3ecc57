//! Blocks in JSON: an object, or a list of objects where Terraform allows several.

use std::borrow::Cow;
use std::collections::hash_map::Entry as Slot;

use rustc_hash::FxHashMap;

use crate::blocks::{Child, Entry, Expr, Scope};
use crate::syntax::{Kind, Node, Operation, Syntax};

/// Arguments of a resource that Terraform itself reads.
pub const META: [&str; 7] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
];

/// What is known of what a block calls.
#[derive(Clone, Debug)]
pub enum Knowledge {
    /// A resource, or a module that somebody knows: the inputs without any of which it makes nothing.
    Known(Vec<String>),
    /// A module that nobody knows.
    Unknown,
}

/// One block of which resources are made.
#[derive(Debug)]
pub struct Block<'t> {
    /// Its type: that of a resource, or the source of a module.
    pub kind: Cow<'t, str>,
    /// The key with which its address begins: a type, or `module`.
    pub word: Node<'t>,
    /// The key that is its name.
    pub name: Node<'t>,
    pub body: Node<'t>,
    /// Bodies of override files for the same block, in the order in which they are merged.
    pub overrides: Vec<Node<'t>>,
    /// What names mean in it.
    pub scope: Scope<'t>,
    /// What is known of the module that it calls; a resource has no switches.
    pub called: Knowledge,
}

impl<'t> Block<'t> {
    /// One that nothing overrides.
    pub(super) fn new(
        kind: Cow<'t, str>,
        (word, name): (Node<'t>, Node<'t>),
        body: Node<'t>,
        scope: &Scope<'t>,
    ) -> Self {
        Self {
            kind,
            word,
            name,
            body,
            overrides: Vec::new(),
            scope: scope.clone(),
            called: Knowledge::Known(Vec::new()),
        }
    }

    /// Its own body, then those that override parts of it.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = Node<'t>> {
        std::iter::once(self.body).chain(self.overrides.iter().copied())
    }

    /// What its last body that has a key says under it.
    #[must_use]
    pub fn part(&self, key: &str) -> Option<Node<'t>> {
        self.layers().rev().find_map(|body| body.get(key))
    }

    /// Whether a later body says what the body of a layer says under a key: an override of a nested block takes the place of all
    /// blocks of that name, `dynamic` ones too.
    #[must_use]
    pub fn is_overridden(&self, layer: usize, key: &str) -> bool {
        self.overrides.iter().skip(layer).any(|body| {
            body.get(key).is_some()
                || body.get(DYNAMIC).is_some_and(|all| {
                    is_dynamic(all) && labelled(all).any(|(name, _)| name.is(key))
                })
        })
    }
}

/// The objects that a value stands for.
pub(super) fn blocks(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let one = (node.kind() == Kind::Mapping).then_some(node);
    let several = node.items().filter(|item| item.kind() == Kind::Mapping);
    one.into_iter().chain(several)
}

/// The objects that hold what stands behind a label. In Terraform's own syntax a body stands where a label is missing.
pub(super) fn labels(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    blocks(node).filter(|object| !object.is_body())
}

/// The objects that are the bodies of blocks. In Terraform's own syntax a label stands where there is one too many.
pub(super) fn bodies(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let is_native = node.document().syntax() == Syntax::Hcl;
    blocks(node).filter(move |object| object.is_body() || !is_native)
}

/// Names and bodies of blocks that have one label.
pub(super) fn labelled(node: Node<'_>) -> impl Iterator<Item = (Node<'_>, Node<'_>)> {
    let named = labels(node)
        .flat_map(Node::entries)
        .filter(|(key, _)| !key.is("//"));
    named.flat_map(|(name, value)| bodies(value).map(move |body| (name, body)))
}

/// The object under `"//"`.
pub(super) fn comment(block: Node<'_>) -> Option<Node<'_>> {
    block
        .get("//")
        .filter(|comment| comment.kind() == Kind::Mapping)
}

/// A `dynamic` block: what it is called, and its parts.
pub struct Dynamic<'t> {
    /// The key that names the block.
    pub name: Node<'t>,
    /// What it runs over.
    pub each: Node<'t>,
    /// What it holds.
    pub content: Node<'t>,
    /// What its variable is called.
    pub iterator: Cow<'t, str>,
}

/// What a body says, without comments, and its `dynamic` blocks. Of a resource, what Terraform itself reads is left out.
#[must_use]
pub fn parts<'t>(
    body: Node<'t>,
    scope: &Scope<'t>,
    is_resource: bool,
) -> (Vec<Entry<'t>>, Vec<Dynamic<'t>>) {
    let mut entries = Vec::new();
    let mut dynamic = Vec::new();
    for (key, values) in gathered(body) {
        let meta = is_resource && META.iter().any(|name| key.is(name));
        if meta || key.is("//") {
            continue;
        }
        if key.is(DYNAMIC) && values.iter().all(|value| is_dynamic(*value)) {
            let all = values.into_iter().flat_map(labelled);
            dynamic.extend(all.filter_map(|(name, body)| {
                let content = body.get("content")?;
                let iterator = body.get("iterator");
                Some(Dynamic {
                    name,
                    each: body.get("for_each")?,
                    content: blocks(content).next().unwrap_or(content),
                    iterator: iterator.and_then(bare_name).unwrap_or(name).text(),
                })
            }));
            continue;
        }
        let value = match values[..] {
            [only] => Child::node(only, scope),
            _ => {
                let all = values.into_iter().map(|value| Child::node(value, scope));
                Child::built(Expr::List(all.collect()), &None)
            }
        };
        entries.push(Entry {
            key: key.text(),
            place: is_resource.then(|| key.place()),
            value,
        });
    }
    (entries, dynamic)
}

/// The entries of a body in the order of writing. In Terraform's own syntax a block that may stand there several times is a key that
/// stands there several times.
pub(super) fn gathered(body: Node<'_>) -> Vec<(Node<'_>, Vec<Node<'_>>)> {
    if !body.is_body() {
        let entries = body.merged_entries().into_iter();
        return entries.map(|(key, value)| (key, vec![value])).collect();
    }
    let mut all: Vec<(Node<'_>, Vec<Node<'_>>)> = Vec::new();
    let mut places: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
    for (key, value) in body.entries() {
        match places.entry(key.text()) {
            Slot::Occupied(place) => all[*place.get()].1.push(value),
            Slot::Vacant(place) => {
                place.insert(all.len());
                all.push((key, vec![value]));
            }
        }
    }
    all
}

/// A word that stands for itself: in JSON a text, in Terraform's own syntax a name without quotes.
fn bare_name(node: Node<'_>) -> Option<Node<'_>> {
    let is_name = node.operation() == Some(Operation::Name);
    (is_name || node.kind() == Kind::Scalar).then_some(node)
}

/// Whether it is the block of that name, and no property.
fn is_dynamic(value: Node<'_>) -> bool {
    let mut any = false;
    let all = labelled(value).all(|(_, body)| {
        any = true;
        body.get("for_each").is_some() && body.get("content").is_some()
    });
    any && all
}

/// The key of `dynamic` blocks.
pub const DYNAMIC: &str = "dynamic";

/// Whether it may be a nested block: in JSON nothing tells one from a map. A provider fills in what is not written in it.
#[must_use]
pub fn may_be_block(node: Node<'_>) -> bool {
    let is_native = node.document().syntax() == Syntax::Hcl;
    match node.kind() {
        Kind::Mapping => !is_native || node.is_body(),
        Kind::Sequence => !is_native && node.items().any(|item| item.kind() == Kind::Mapping),
        Kind::Scalar | Kind::Expression => false,
    }
}
