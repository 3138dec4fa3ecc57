//! `dynamic` blocks: their content once for each value, or once for all where the values are not known.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{call, choice, is_filled, not, unknown_part, varying};
use crate::blocks::terraform::{Block, DYNAMIC, Dynamic, parts};
use crate::blocks::{Child, Entry, Expr, Function, Scope, Template, bind, variables};
use crate::blocks::{Kind, Node};
use crate::eval::Resolver;

/// Rounds that are written out of a `dynamic` block in a resource.
const ROUNDS: usize = 1000;

/// The same of one inside of another, however deep.
const INNER_ROUNDS: usize = 32;

/// Rounds of all blocks of a module together.
const MOST: usize = 100_000;

/// Choices within choices that are followed in what a `dynamic` block runs over.
const CHOICES: usize = 4;

/// Writes the bodies of resources.
pub(super) struct Writer<'w, 't> {
    template: &'w Template<'t>,
    resolver: Resolver<'w, 't>,
    /// For each document, the positions in its tree of keys of `dynamic` blocks, in order.
    keys: &'w [Vec<u32>],
    left: std::cell::Cell<usize>,
}

impl<'w, 't> Writer<'w, 't> {
    /// For each document of a template, where its `dynamic` blocks are.
    pub(super) fn keys(template: &Template<'t>) -> Vec<Vec<u32>> {
        let keys = template.documents.iter().map(|document| {
            let text = document.text().as_bytes();
            if memchr::memmem::find(text, DYNAMIC.as_bytes()).is_none() {
                return Vec::new();
            }
            let all = document.nodes().filter(|node| node.is(DYNAMIC));
            all.map(Node::start_index).collect()
        });
        keys.collect()
    }

    pub(super) fn new(template: &'w Template<'t>, keys: &'w [Vec<u32>]) -> Self {
        Self {
            template,
            resolver: Resolver::new(template),
            keys,
            left: std::cell::Cell::new(MOST),
        }
    }

    /// What the body of a resource says, after what override files say.
    pub(super) fn body(&self, block: &Block<'t>, scope: &Scope<'t>) -> Vec<Entry<'t>> {
        let mut all = Vec::new();
        for (layer, body) in block.layers().enumerate() {
            let (mut entries, mut dynamic) = parts(body, scope, true);
            if !block.overrides.is_empty() {
                entries.retain(|entry| !block.is_overridden(layer, &entry.key));
                dynamic.retain(|dynamic| !block.is_overridden(layer, &dynamic.name.text()));
            }
            all.extend(self.written(entries, dynamic, scope, body, true));
        }
        // It stays as long as the resource, of which there can be a million.
        all.shrink_to_fit();
        all
    }

    /// Entries with the `dynamic` blocks beside and inside of them written out.
    fn written(
        &self,
        mut entries: Vec<Entry<'t>>,
        dynamic: Vec<Dynamic<'t>>,
        scope: &Scope<'t>,
        body: Node<'t>,
        is_resource: bool,
    ) -> Vec<Entry<'t>> {
        if self.keys[body.document().number()].is_empty() {
            return entries;
        }
        for entry in &mut entries {
            if let Some(node) = entry.value.as_node() {
                entry.value = self.child(node, scope);
            } else if let Expr::List(blocks) = self.template.expr(&entry.value) {
                // Blocks of one name that stand there one by one.
                let all = blocks.iter().map(|block| match block.as_node() {
                    Some(node) => self.child(node, scope),
                    None => block,
                });
                entry.value = Child::built(Expr::List(all.collect()), &None);
            }
        }
        let names = entries.iter().map(|entry| entry.key.clone()).zip(0..);
        let mut places: FxHashMap<Cow<'t, str>, usize> = names.collect();
        for dynamic in dynamic {
            let name = dynamic.name.text();
            let block = Blocks {
                writer: self,
                dynamic: &dynamic,
                scope,
            };
            let contents = block.over(&Child::node(dynamic.each, scope), 0);
            let at = *places.entry(name.clone()).or_insert(entries.len());
            if let Some(entry) = entries.get_mut(at) {
                // Blocks of the same name that stand there by themselves come first.
                let mut all = match self.template.expr(&entry.value) {
                    Expr::List(items) => items.iter().collect(),
                    _ => vec![entry.value.clone()],
                };
                all.extend(contents);
                entry.value = Child::built(Expr::List(all.into()), &None);
            } else {
                entries.push(Entry {
                    key: name,
                    place: is_resource.then(|| dynamic.name.place()),
                    value: Child::built(Expr::List(contents.into()), &None),
                });
            }
        }
        entries
    }

    /// What stands there, with the `dynamic` blocks anywhere in it written out.
    fn child(&self, node: Node<'t>, scope: &Scope<'t>) -> Child<'t> {
        let keys = &self.keys[node.document().number()];
        let first = keys.partition_point(|key| *key < node.start_index());
        let is_inside = keys.get(first).is_some_and(|key| *key < node.end_index());
        if !is_inside {
            return Child::node(node, scope);
        }
        let expr = match node.kind() {
            Kind::Scalar | Kind::Expression => return Child::node(node, scope),
            Kind::Sequence => {
                let items = node.items().map(|item| self.child(item, scope));
                Expr::List(items.collect())
            }
            Kind::Mapping => {
                let (entries, dynamic) = parts(node, scope, false);
                Expr::Map(self.written(entries, dynamic, scope, node, false).into())
            }
        };
        Child::built(expr, &None)
    }
}

/// One `dynamic` block.
struct Blocks<'d, 'w, 't> {
    writer: &'d Writer<'w, 't>,
    dynamic: &'d Dynamic<'t>,
    scope: &'d Scope<'t>,
}

impl<'t> Blocks<'_, '_, 't> {
    /// The content once for each value; what a variable decides stays open.
    fn over(&self, each: &Child<'t>, choices: usize) -> Vec<Child<'t>> {
        let resolver = &self.writer.resolver;
        let (value, varies) = varying(resolver, each);
        if choices < CHOICES
            && varies
            && let Some([condition, yes, no]) = choice(self.writer.template, each)
        {
            let yes = self.over(&yes, choices + 1).into_iter();
            let yes = yes.map(|content| only_if(condition.clone(), content));
            let no = self.over(&no, choices + 1).into_iter();
            let no = no.map(|content| only_if(not(&condition), content));
            return yes.chain(no).collect();
        }
        let limit = match iterators(self.scope) {
            0 => ROUNDS,
            _ => INNER_ROUNDS,
        };
        let limit = limit.min(self.writer.left.get());
        let rounds = resolver.rounds(&value).ok();
        let rounds = rounds.filter(|rounds| rounds.len() <= limit);
        let is_open = match &rounds {
            Some(rounds) => rounds.is_empty() && varies,
            None => true,
        };
        if is_open {
            return vec![only_if(is_filled(each), self.unknown(each))];
        }
        let rounds = rounds.unwrap_or_default();
        let left = self.writer.left.get();
        self.writer.left.set(left.saturating_sub(rounds.len()));
        rounds
            .into_iter()
            .map(|(key, value)| self.content(key, value))
            .collect()
    }

    /// The content for a value that nobody knows.
    fn unknown(&self, each: &Child<'t>) -> Child<'t> {
        let unknown = |part: &str| unknown_part(each, format!("{}.{part}", self.dynamic.iterator));
        self.content(unknown("key"), unknown("value"))
    }

    fn content(&self, key: Child<'t>, value: Child<'t>) -> Child<'t> {
        let parts = vec![Entry::new("key", key), Entry::new("value", value)];
        let value = Child::built(Expr::Map(parts.into()), &None);
        let scope = bind(self.scope, self.dynamic.iterator.clone(), value);
        self.writer.child(self.dynamic.content, &scope)
    }
}

/// Something that is there only where a condition holds.
fn only_if<'t>(condition: Child<'t>, child: Child<'t>) -> Child<'t> {
    let absent = Child::built(Expr::Absent, &None);
    call(Function::If, [condition, child, absent])
}

/// How many `dynamic` blocks are around here.
fn iterators(scope: &Scope<'_>) -> usize {
    variables(scope)
        .filter(|variable| !matches!(&*variable.name, "each" | "count"))
        .count()
}
