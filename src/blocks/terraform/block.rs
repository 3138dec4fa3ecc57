//! Blocks in JSON: an object, or a list of objects where Terraform allows several; and `dynamic` blocks written out.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::fold::{Facts, expr_of};
use crate::blocks::{Bound, Cause, Child, Entry, Expr, Function, Place, Scope};
use crate::syntax::{Kind, Node};

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

/// Choices within choices that are followed in what a `dynamic` block runs over.
const CHOICES: usize = 4;

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
    let (Some(content), Some(each)) = (content, body.get("for_each")) else {
        return Vec::new();
    };
    let iterator = body
        .get("iterator")
        .filter(|iterator| iterator.kind() == Kind::Scalar);
    let dynamic = Dynamic {
        content,
        iterator: iterator.map_or_else(|| name.text(), Node::text),
        scope,
        facts,
    };
    dynamic.over(&Child::node(each, scope), 0)
}

/// A `dynamic` block.
struct Dynamic<'d, 't> {
    content: Node<'t>,
    iterator: Cow<'t, str>,
    scope: &'d Scope<'t>,
    facts: &'d Facts<'t>,
}

impl<'t> Dynamic<'_, 't> {
    /// The content once for each value; what a variable decides stays open.
    fn over(&self, each: &Child<'t>, choices: usize) -> Vec<Child<'t>> {
        if choices < CHOICES
            && self.facts.varies(each)
            && let Expr::Call(Function::If, arguments) = expr_of(&self.facts.unwrap(each))
            && let [condition, yes, no] = arguments.as_slice()
        {
            let yes = self.over(yes, choices + 1).into_iter();
            let yes = yes.map(|content| only_if(condition.clone(), content));
            let no = self.over(no, choices + 1).into_iter();
            let no = no.map(|content| only_if(not(condition), content));
            return yes.chain(no).collect();
        }
        let limit = ROUNDS.get(iterators(self.scope)).copied().unwrap_or(0);
        let rounds = rounds(each, self.facts)
            .or_else(|| self.counted(each))
            .filter(|rounds| rounds.len() <= limit);
        let open = match &rounds {
            Some(rounds) => rounds.is_empty() && self.facts.varies(each),
            None => true,
        };
        if open {
            let length = Expr::Call(Function::Length, vec![each.clone()]);
            let length = Child::built(length, self.scope);
            return vec![only_if(above_zero(length), self.unknown())];
        }
        let rounds = rounds.into_iter().flatten();
        rounds
            .map(|(key, value)| self.bind(Child::built(Expr::Text(key), self.scope), value))
            .collect()
    }

    /// The elements of a list that may be unknown themselves: a block needs no key.
    fn counted(&self, each: &Child<'t>) -> Option<Vec<(Cow<'t, str>, Child<'t>)>> {
        let Some(Expr::List(items)) = self.facts.value(each) else {
            return None;
        };
        let items = items.into_iter().enumerate();
        Some(
            items
                .map(|(at, item)| (Cow::Owned(at.to_string()), item))
                .collect(),
        )
    }

    /// The content for a value that nobody knows.
    fn unknown(&self) -> Child<'t> {
        let unknown = |part: &str| {
            let cause = Cause::Pseudo(format!("{}.{part}", self.iterator));
            Child::built(Expr::Unknown(cause), self.scope)
        };
        self.bind(unknown("key"), unknown("value"))
    }

    fn bind(&self, key: Child<'t>, value: Child<'t>) -> Child<'t> {
        let parts = [("key", key), ("value", value)];
        Child::node(
            self.content,
            &bind(self.scope, self.iterator.clone(), parts),
        )
    }
}

/// Something that is there only where a condition holds.
fn only_if<'t>(condition: Child<'t>, child: Child<'t>) -> Child<'t> {
    let scope = condition.scope.clone();
    let absent = Child::built(Expr::Absent, &scope);
    Child::built(
        Expr::Call(Function::If, vec![condition, child, absent]),
        &scope,
    )
}

/// A condition turned round.
pub(super) fn not<'t>(condition: &Child<'t>) -> Child<'t> {
    let scope = condition.scope.clone();
    Child::built(Expr::Call(Function::Not, vec![condition.clone()]), &scope)
}

/// Whether a count is more than none.
pub(super) fn above_zero<'t>(count: Child<'t>) -> Child<'t> {
    let zero = Child::built(Expr::Text(Cow::Borrowed("0")), &None);
    let scope = count.scope.clone();
    let call = Expr::Call(Function::AtMost, vec![count, zero]);
    not(&Child::built(call, &scope))
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
