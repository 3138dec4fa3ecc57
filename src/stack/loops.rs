//! `Fn::ForEach`: written out wherever it stands, once for each of its values, or once for all where they are not known.

use std::borrow::Cow;

use crate::blocks::cloudformation::{LOOP, Loop, add, entry};
use crate::blocks::{Cause, Child, Entry, Expr, Scope, Template, bind};
use crate::blocks::{Document, Node};
use crate::eval::{Resolver, Value};

/// Resources that a stack can hold.
const MOST_RESOURCES: usize = 500;
/// Rounds of a loop beyond which it is taken as one: no stack can hold more resources.
const MOST_ROUNDS: usize = 1_000;
/// Rounds and what they write out, of all loops over resources together, and of all loops in one section or resource:
/// loops within loops multiply.
const MOST_LOOPED: usize = 20_000;
/// Loops within loops: the language extension allows no more.
const DEEPEST_LOOP: usize = 5;

/// The loops of a document.
pub(super) struct Looped {
    /// Positions in the tree of the keys of loops, in order.
    keys: Vec<u32>,
}

impl Looped {
    pub(super) fn of(document: &Document<'_>) -> Self {
        let mut keys = Vec::new();
        if memchr::memmem::find(document.text().as_bytes(), LOOP.as_bytes()).is_some() {
            let all = document.nodes();
            let loops = all.filter(|node| !node.is_alias() && node.text().starts_with(LOOP));
            keys.extend(loops.map(Node::start_index));
        }
        Self { keys }
    }

    pub(super) fn section<'t>(&self, template: &Template<'t>, section: Node<'t>) -> Vec<Entry<'t>> {
        let entries = section.merged_entries().into_iter();
        let entries = entries
            .map(|(key, value)| entry(key, value, &None))
            .collect();
        if self.keys.is_empty() {
            return entries;
        }
        self.written_out(template, entries)
    }

    fn written_out<'t>(&self, template: &Template<'t>, entries: Vec<Entry<'t>>) -> Vec<Entry<'t>> {
        let mut writer = Writer {
            looped: self,
            template,
            resolver: Resolver::new(template),
            left: MOST_LOOPED,
        };
        writer.entries(entries, &None)
    }

    /// Adds the resources of a section to a template.
    pub(super) fn resources<'t>(
        &self,
        template: &mut Template<'t>,
        root: Node<'t>,
        resources: Node<'t>,
    ) {
        // Loops that are still to go, the next one last: an explicit stack, in the order of writing.
        let entries = resources.merged_entries();
        // No more than a stack can hold: not all that stands there need be resources.
        let likely = entries.len().min(MOST_RESOURCES);
        template.resources.reserve(likely);
        template.names.reserve(likely);
        let mut waiting = vec![(entries.into_iter(), None::<Scope<'t>>)];
        let globals = root.get("Globals");
        let mut left = MOST_LOOPED;
        while let Some((entries, scope)) = waiting.last_mut() {
            let scope = scope.clone().unwrap_or(None);
            let Some((key, body)) = entries.next() else {
                waiting.pop();
                continue;
            };
            match Loop::of(&key.text(), body) {
                Some(None) => {}
                Some(Some(each)) => {
                    if depth(&scope) == DEEPEST_LOOP {
                        continue;
                    }
                    let resolver = Resolver::new(template);
                    let rounds = rounds(&resolver, &each, &scope);
                    for scope in rounds.into_iter().rev() {
                        waiting.push((each.outputs.merged_entries().into_iter(), Some(scope)));
                        left = left.saturating_sub(1);
                    }
                    if left == 0 {
                        return;
                    }
                }
                None => {
                    if scope.is_some() {
                        if left == 0 {
                            return;
                        }
                        left -= 1;
                    }
                    let before = template.resources.len();
                    add(template, globals, key, body, &scope);
                    if !self.keys.is_empty() && template.resources.len() > before {
                        self.inside(template, before);
                    }
                }
            }
        }
    }

    /// Writes the loops in a resource's own properties out.
    fn inside(&self, template: &mut Template<'_>, at: usize) {
        let resource = &template.resources[at];
        if !self.has(&resource.properties) && !self.has(&resource.extras) {
            return;
        }
        let properties = self.written_out(template, resource.properties.clone());
        let extras = self.written_out(template, resource.extras.clone());
        template.resources[at].properties = properties;
        template.resources[at].extras = extras;
    }

    fn has(&self, entries: &[Entry<'_>]) -> bool {
        let inside =
            |entry: &Entry<'_>| entry.key.starts_with(LOOP) || self.is_around(&entry.value);
        entries.iter().any(inside)
    }

    /// Whether a loop stands anywhere in it.
    fn is_around(&self, child: &Child<'_>) -> bool {
        let Some(node) = child.as_node() else {
            return true;
        };
        if node.is_alias() {
            return true;
        }
        let first = self.keys.partition_point(|key| *key < node.start_index());
        self.keys
            .get(first)
            .is_some_and(|key| *key < node.end_index())
    }
}

struct Writer<'w, 't> {
    looped: &'w Looped,
    template: &'w Template<'t>,
    resolver: Resolver<'w, 't>,
    left: usize,
}

impl<'t> Writer<'_, 't> {
    fn spend(&mut self) -> bool {
        let some = self.left > 0;
        self.left = self.left.saturating_sub(1);
        some
    }

    /// Entries of a map, with those that loops write out in their places.
    fn entries(&mut self, entries: Vec<Entry<'t>>, scope: &Scope<'t>) -> Vec<Entry<'t>> {
        let mut all = Vec::with_capacity(entries.len());
        for mut entry in entries {
            match Loop::entry(&entry) {
                Some(None) => {}
                Some(Some(each)) => {
                    let scope = entry.value.within(scope).scope;
                    if depth(&scope) == DEEPEST_LOOP {
                        continue;
                    }
                    for scope in rounds(&self.resolver, &each, &scope) {
                        if !self.spend() {
                            return all;
                        }
                        let outputs = each.outputs.merged_entries().into_iter();
                        let outputs = outputs
                            .map(|(key, value)| self::entry(key, value, &scope))
                            .collect();
                        all.extend(self.entries(outputs, &scope));
                    }
                }
                None => {
                    if scope.is_some() && !self.spend() {
                        return all;
                    }
                    if self.looped.is_around(&entry.value) {
                        entry.value = self.child(&entry.value);
                    }
                    all.push(entry);
                }
            }
        }
        all
    }

    fn child(&mut self, child: &Child<'t>) -> Child<'t> {
        if !self.looped.is_around(child) || !self.spend() {
            return child.clone();
        }
        let scope = &child.scope;
        let expr = match self.template.expr(child) {
            Expr::List(items) => Expr::List(items.iter().map(|item| self.child(&item)).collect()),
            Expr::Call(function, items) => Expr::Call(
                function,
                items.iter().map(|item| self.child(&item)).collect(),
            ),
            Expr::Map(entries) => Expr::Map(self.entries(entries.iter().collect(), scope).into()),
            _ => return child.clone(),
        };
        Child::built(expr, scope)
    }
}

/// One scope for each value of a loop; one with an unknown value where the values are not known, or too many.
fn rounds<'t>(resolver: &Resolver<'_, 't>, each: &Loop<'t>, outer: &Scope<'t>) -> Vec<Scope<'t>> {
    resolver.refuel();
    let values = match resolver.value(&Child::node(each.values, outer)) {
        Value::List(items) if items.len() <= MOST_ROUNDS => items.iter().collect(),
        _ => {
            let cause = Cause::Undefined(each.name.clone().into_owned());
            vec![Child::built(Expr::Unknown(cause), &None)]
        }
    };
    let values = values
        .into_iter()
        .map(|value| match resolver.value(&value) {
            Value::Text(text) => text_of(text.into_text()),
            _ => value,
        });
    values
        .map(|value| bind(outer, each.name.clone(), value))
        .collect()
}

fn text_of(text: Cow<'_, str>) -> Child<'_> {
    Child::built(Expr::Text(text), &None)
}

/// How many loops stand around a place.
fn depth(scope: &Scope<'_>) -> usize {
    let frames = std::iter::successors(scope.as_ref(), |frame| frame.outer.as_ref());
    frames.count()
}
