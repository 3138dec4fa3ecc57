//! Blocks in JSON: an object, or a list of objects where Terraform allows several; and `dynamic` blocks written out.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::fold::{Facts, expr_of};
use crate::parse::{Kind, Node};
use crate::template::{Bound, Cause, Child, Entry, Expr, Place, Scope};

/// Arguments of a resource that Terraform itself reads.
const META: [&str; 7] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
];

/// Rounds that are written out of a `dynamic` block in a resource, and of one inside of another.
const ROUNDS: [usize; 2] = [1000, 32];

/// One resource block.
pub(super) struct Block<'t> {
    /// The key that is its type.
    pub kind: Node<'t>,
    /// The key that is its name.
    pub name: Node<'t>,
    pub body: Node<'t>,
    /// Which of the module's files.
    pub file: usize,
}

impl<'t> Block<'t> {
    pub(super) fn place(&self, node: Node<'t>) -> Place {
        Place {
            file: self.file,
            span: node.span(),
        }
    }
}

/// The objects that a value stands for.
pub(super) fn blocks(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let one = (node.kind() == Kind::Mapping).then_some(node);
    let several = node.items().filter(|item| item.kind() == Kind::Mapping);
    one.into_iter().chain(several)
}

/// Names and bodies of blocks that have one label.
pub(super) fn labelled(node: Node<'_>) -> impl Iterator<Item = (Node<'_>, Node<'_>)> {
    let named = blocks(node)
        .flat_map(Node::entries)
        .filter(|(key, _)| !key.is("//"));
    named.flat_map(|(name, value)| blocks(value).map(move |body| (name, body)))
}

/// The object under `"//"`.
pub(super) fn comment(block: Node<'_>) -> Option<Node<'_>> {
    block
        .get("//")
        .filter(|comment| comment.kind() == Kind::Mapping)
}

/// What a body says, without comments, and with `dynamic` blocks written out. `file` is given for the body of a resource.
pub(super) fn entries<'t>(
    body: Node<'t>,
    scope: &Scope<'t>,
    facts: &Facts<'t>,
    file: Option<usize>,
) -> Vec<Entry<'t>> {
    let mut entries = Vec::new();
    let mut dynamic = None;
    for (key, value) in body.merged_entries() {
        let meta = file.is_some() && META.iter().any(|name| key.is(name));
        if meta || key.is("//") {
            continue;
        }
        if key.is("dynamic") && is_dynamic(value) {
            dynamic = Some(value);
            continue;
        }
        entries.push(Entry {
            key: key.text(),
            place: file.map(|file| Place {
                file,
                span: key.span(),
            }),
            value: Child::node(value, scope),
        });
    }
    if let Some(dynamic) = dynamic {
        write_out(&mut entries, dynamic, scope, facts, file);
    }
    entries
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

fn write_out<'t>(
    entries: &mut Vec<Entry<'t>>,
    dynamic: Node<'t>,
    scope: &Scope<'t>,
    facts: &Facts<'t>,
    file: Option<usize>,
) {
    let names = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| (entry.key.clone(), at));
    let mut places: HashMap<Cow<'t, str>, usize> = names.collect();
    for (name, body) in labelled(dynamic) {
        let contents = contents(name, body, scope, facts);
        let at = *places.entry(name.text()).or_insert(entries.len());
        if let Some(entry) = entries.get_mut(at) {
            // Blocks of the same name that stand there by themselves come first.
            let mut all = match expr_of(&entry.value) {
                Expr::List(items) => items,
                _ => vec![entry.value.clone()],
            };
            all.extend(contents);
            entry.value = Child::built(Expr::List(all), scope);
        } else {
            entries.push(Entry {
                key: name.text(),
                place: file.map(|file| Place {
                    file,
                    span: name.span(),
                }),
                value: Child::built(Expr::List(contents), scope),
            });
        }
    }
}

/// The content of a `dynamic` block once for each value, or once for all where they are not known.
fn contents<'t>(
    name: Node<'t>,
    body: Node<'t>,
    scope: &Scope<'t>,
    facts: &Facts<'t>,
) -> Vec<Child<'t>> {
    let content = body
        .get("content")
        .map(|content| blocks(content).next().unwrap_or(content));
    let Some(content) = content else {
        return Vec::new();
    };
    let iterator = body
        .get("iterator")
        .filter(|iterator| iterator.kind() == Kind::Scalar);
    let iterator = iterator.map_or_else(|| name.text(), Node::text);
    let each = body.get("for_each").map(|each| Child::node(each, scope));
    let limit = ROUNDS.get(iterators(scope)).copied().unwrap_or(0);
    let rounds = each
        .and_then(|each| rounds(&each, facts))
        .filter(|rounds| rounds.len() <= limit);
    let bind = |key: Child<'t>, value: Child<'t>| {
        let scope = bind(scope, iterator.clone(), [("key", key), ("value", value)]);
        Child::node(content, &scope)
    };
    match rounds {
        Some(rounds) => {
            let rounds = rounds.into_iter();
            rounds
                .map(|(key, value)| bind(Child::built(Expr::Text(key), scope), value))
                .collect()
        }
        None => {
            let unknown = |part: &str| {
                let cause = Cause::Pseudo(format!("{iterator}.{part}"));
                Child::built(Expr::Unknown(cause), scope)
            };
            vec![bind(unknown("key"), unknown("value"))]
        }
    }
}

/// How many `dynamic` blocks are around here.
fn iterators(scope: &Scope<'_>) -> usize {
    let frames = std::iter::successors(scope.as_ref(), |frame| frame.outer.as_ref());
    frames
        .filter(|frame| !matches!(&*frame.name, "each" | "count"))
        .count()
}

/// Keys and values that `for_each` runs over.
pub(super) fn rounds<'t>(
    each: &Child<'t>,
    facts: &Facts<'t>,
) -> Option<Vec<(Cow<'t, str>, Child<'t>)>> {
    match facts.value(each)? {
        Expr::Map(entries) => Some(
            entries
                .into_iter()
                .map(|entry| (entry.key, entry.value))
                .collect(),
        ),
        Expr::List(items) => {
            let mut rounds: Vec<(Cow<'t, str>, Child<'t>)> = Vec::new();
            let mut known = std::collections::HashSet::new();
            for item in items {
                // A list of objects, as a `dynamic` block may have, counts its keys.
                let key = match facts.value(&item)? {
                    Expr::Text(text) => text,
                    _ => Cow::Owned(rounds.len().to_string()),
                };
                if known.insert(key.clone()) {
                    rounds.push((key, item));
                }
            }
            Some(rounds)
        }
        _ => None,
    }
}

/// One more loop variable.
pub(super) fn bind<'t>(
    outer: &Scope<'t>,
    name: Cow<'t, str>,
    parts: impl IntoIterator<Item = (&'static str, Child<'t>)>,
) -> Scope<'t> {
    let entries = parts.into_iter().map(|(key, value)| Entry {
        key: Cow::Borrowed(key),
        place: None,
        value,
    });
    let value = Child::built(Expr::Map(entries.collect()), outer);
    let outer = outer.clone();
    Some(Rc::new(Bound { name, value, outer }))
}
