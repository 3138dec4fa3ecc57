//! `Fn::ForEach`: written out wherever it stands, once for each of its values, or once for all where they are not known.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use crate::blocks::cloudformation::{LOOP, Loop, add, entry};
use crate::blocks::{
    Cause, Child, Entry, Expr, Function, Note, Noted, Scope, Template, What, bind, variables,
};
use crate::blocks::{Document, Node};
use crate::eval::{Resolver, Value};

/// Resources that a stack can hold.
const MOST_RESOURCES: usize = 500;
/// Rounds of a loop beyond which it is taken as one: no stack can hold more resources.
const MOST_ROUNDS: usize = 1_000;
/// Rounds of a loop over resources and of all loops in it.
const MOST_TOGETHER: usize = 4_000;
/// Nodes that all loops of a document write out together: loops within loops multiply.
const MOST_WRITTEN: usize = 400_000;
/// Loops within loops. The language extension allows five.
const DEEPEST_LOOP: usize = 16;

/// The loops of a document.
pub(super) struct Looped {
    /// Positions in the tree of the keys of loops, in order.
    keys: Vec<u32>,
    /// Nodes that may still be written out.
    left: Cell<usize>,
    /// Rounds that may still be made.
    rounds_left: Cell<usize>,
    /// Loops that are not written out as they stand.
    notes: RefCell<Vec<Note>>,
}

impl Looped {
    pub(super) fn of(document: &Document<'_>) -> Self {
        let mut keys = Vec::new();
        if memchr::memmem::find(document.text().as_bytes(), LOOP.as_bytes()).is_some() {
            let all = document.nodes();
            let loops = all.filter(|node| !node.is_alias() && node.text().starts_with(LOOP));
            keys.extend(loops.map(Node::start_index));
        }
        Self {
            keys,
            left: Cell::new(MOST_WRITTEN),
            rounds_left: Cell::new(MOST_TOGETHER),
            notes: RefCell::default(),
        }
    }

    /// What is to be said of loops that were not written out as they stand.
    pub(super) fn take_notes(&self) -> Vec<Note> {
        self.notes.take()
    }

    pub(super) fn section<'t>(
        &self,
        template: &Template<'t>,
        section: Node<'t>,
        scope: &Scope<'t>,
    ) -> Vec<Entry<'t>> {
        let entries = section.merged_entries().into_iter();
        let entries = entries
            .map(|(key, value)| entry(key, value, scope))
            .collect();
        if self.keys.is_empty() {
            return entries;
        }
        self.written_out(template, entries, scope)
    }

    fn written_out<'t>(
        &self,
        template: &Template<'t>,
        entries: Vec<Entry<'t>>,
        scope: &Scope<'t>,
    ) -> Vec<Entry<'t>> {
        let writer = Writer {
            looped: self,
            template,
            resolver: Resolver::new(template),
        };
        writer.entries(entries, scope)
    }

    /// Adds the resources of a section to a template.
    pub(super) fn resources<'t>(
        &self,
        template: &mut Template<'t>,
        unit: usize,
        root: Node<'t>,
        resources: Node<'t>,
    ) {
        // Loops that are still to go, the next one last: an explicit stack, in the order of writing.
        let entries = resources.merged_entries();
        // No more than a stack can hold: not all that stands there need be resources.
        let likely = entries.len().min(MOST_RESOURCES);
        template.resources.reserve(likely);
        let unit = &mut template.units[unit];
        unit.names.reserve(likely);
        let mut waiting = vec![(entries.into_iter(), unit.scope.clone())];
        let globals = root.get("Globals");
        while let Some((entries, scope)) = waiting.last_mut() {
            let scope = scope.clone();
            let Some((key, body)) = entries.next() else {
                waiting.pop();
                continue;
            };
            match Loop::of(&key.text(), body) {
                Some(None) => self.note(Noted::BrokenLoop, key),
                Some(Some(each)) => {
                    let resolver = Resolver::new(template);
                    let rounds = self.rounds(&resolver, &each, &scope, true);
                    let is_whole = rounds.as_ref().is_some_and(|rounds| {
                        !rounds
                            .iter()
                            .any(|scope| matches!(unknown(scope), Some(Cause::Loop(_, None))))
                    });
                    if !is_whole {
                        self.note(Noted::LongLoop, key);
                    }
                    for scope in rounds.into_iter().flatten().rev() {
                        waiting.push((each.outputs.merged_entries().into_iter(), scope));
                    }
                }
                None => {
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
        let properties = self.written_out(template, resource.properties.clone(), &resource.scope);
        let extras = self.written_out(template, resource.extras.clone(), &resource.scope);
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

    /// Takes a step, or several at once; whether there were as many left.
    fn spend(&self, steps: usize) -> bool {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(self.left.get()));
        left.is_some()
    }

    /// Takes the rounds of a loop; whether they are no more than a stack can hold.
    fn affords(&self, rounds: usize, size: usize, makes_resources: bool) -> bool {
        let left = self.rounds_left.get();
        let makes = if makes_resources { rounds } else { 0 };
        if rounds > MOST_ROUNDS || makes > left || !self.spend(rounds * size) {
            return false;
        }
        self.rounds_left.set(left - makes);
        true
    }

    fn note(&self, what: Noted, key: Node<'_>) {
        let place = key.place();
        let mut notes = self.notes.borrow_mut();
        // In every round of a loop around it, it is the same.
        if notes.iter().all(|note| note.place != place) {
            let other = None;
            notes.push(Note { what, place, other });
        }
    }

    /// One scope for each value of a loop; one with an unknown value where the values are not known, or too many. Nothing
    /// where not even that is possible.
    fn rounds<'t>(
        &self,
        resolver: &Resolver<'_, 't>,
        each: &Loop<'t>,
        outer: &Scope<'t>,
        makes_resources: bool,
    ) -> Option<Vec<Scope<'t>>> {
        if outer.is_none() {
            self.rounds_left.set(MOST_TOGETHER);
        }
        if depth(outer) >= DEEPEST_LOOP {
            return None;
        }
        let size = size(each.outputs).max(1);
        let name = || each.name.clone().into_owned();
        let values = values(resolver, &Child::node(each.values, outer));
        let cause = match values {
            Ok(values) if self.affords(values.len(), size, makes_resources) => {
                let values = values.into_iter();
                let scopes = values.map(|value| bind(outer, each.name.clone(), value));
                return Some(scopes.collect());
            }
            Ok(_) => Cause::Loop(name(), None),
            Err(cause) => Cause::Loop(name(), Some(Box::new(cause))),
        };
        let value = Child::built(Expr::Unknown(cause), &None);
        let scope = || vec![bind(outer, each.name.clone(), value)];
        self.spend(size).then(scope)
    }
}

struct Writer<'w, 't> {
    looped: &'w Looped,
    template: &'w Template<'t>,
    resolver: Resolver<'w, 't>,
}

impl<'t> Writer<'_, 't> {
    /// Entries of a map, with those that loops write out in their places.
    fn entries(&self, entries: Vec<Entry<'t>>, scope: &Scope<'t>) -> Vec<Entry<'t>> {
        let mut all = Vec::with_capacity(entries.len());
        for mut entry in entries {
            if !entry.key.starts_with(LOOP) {
                if self.looped.is_around(&entry.value) {
                    entry.value = self.child(&entry.value);
                }
                all.push(entry);
                continue;
            }
            let (choices, body) = self.choices(&entry.value);
            let body = body.within(scope);
            let each = body
                .as_node()
                .and_then(|node| Loop::of(&entry.key, node).flatten());
            let rounds = each.and_then(|each| {
                Some((
                    self.looped
                        .rounds(&self.resolver, &each, &body.scope, false)?,
                    each,
                ))
            });
            let Some((rounds, each)) = rounds else {
                // What it would write is not known, but that there is something.
                all.push(entry);
                continue;
            };
            for scope in rounds {
                let outputs = each.outputs.merged_entries().into_iter();
                let outputs = outputs
                    .map(|(key, value)| self::entry(key, value, &scope))
                    .collect();
                let written = self.entries(outputs, &scope).into_iter();
                all.extend(written.map(|mut entry| {
                    entry.value = chosen(entry.value, &choices);
                    entry
                }));
                if let Some(cause) = unknown(&scope) {
                    // The keys that it writes are open.
                    entry.value = chosen(Child::built(Expr::Unknown(cause), &None), &choices);
                    all.push(entry.clone());
                }
            }
        }
        all
    }

    /// The choices around a loop that stands in only one of their branches, outermost first, and the loop.
    fn choices(&self, value: &Child<'t>) -> (Vec<(Child<'t>, bool)>, Child<'t>) {
        let mut choices = Vec::new();
        let mut value = value.clone();
        while value.as_node().is_none()
            && let Expr::Call(Function::If, parts) = self.template.expr(&value)
            && let Some([condition, then, other]) = parts.take()
        {
            let holds = is_absent(&other);
            if holds == is_absent(&then) {
                break;
            }
            choices.push((condition, holds));
            value = if holds { then } else { other };
        }
        (choices, value)
    }

    fn child(&self, child: &Child<'t>) -> Child<'t> {
        if !self.looped.is_around(child) || !self.looped.spend(1) {
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

/// A value in the branches that it was in.
fn chosen<'t>(value: Child<'t>, choices: &[(Child<'t>, bool)]) -> Child<'t> {
    let choices = choices.iter().rev();
    choices.fold(value, |value, (condition, holds)| {
        let absent = Child::built(Expr::Absent, &None);
        let parts = if *holds {
            [condition.clone(), value, absent]
        } else {
            [condition.clone(), absent, value]
        };
        Child::built(Expr::Call(Function::If, parts.into_iter().collect()), &None)
    })
}

fn is_absent(child: &Child<'_>) -> bool {
    match &child.what {
        What::Built(built) => matches!(built.expr(&None), Expr::Absent),
        _ => false,
    }
}

/// Why the value of the innermost loop is not known, if it is not.
fn unknown(scope: &Scope<'_>) -> Option<Cause> {
    let What::Built(value) = &variables(scope).next()?.value.what else {
        return None;
    };
    match value.expr(&None) {
        Expr::Unknown(cause @ Cause::Loop(..)) => Some(cause),
        _ => None,
    }
}

/// The values that a loop runs over, each once, or why they are not known.
fn values<'t>(resolver: &Resolver<'_, 't>, list: &Child<'t>) -> Result<Vec<Child<'t>>, Cause> {
    resolver.refuel();
    resolver.take_trace();
    let values = texts(resolver, resolver.value(list))?;
    if values.is_empty()
        && let Some(&parameter) = resolver.take_trace().parameters.first()
    {
        // It may well be filled when it is deployed.
        let name = &resolver.template().parameters[parameter].name;
        return Err(Cause::Empty(name.clone().into_owned()));
    }
    let mut known = rustc_hash::FxHashSet::default();
    let values = values.into_iter();
    let values = values.filter(|value| match value {
        Ok(text) => known.insert(text.clone()),
        Err(_) => true,
    });
    let values = values.map(|value| {
        let expr = match value {
            Ok(text) => Expr::Text(Cow::Owned(text)),
            Err(cause) => Expr::Unknown(cause),
        };
        Child::built(expr, &None)
    });
    Ok(values.collect())
}

type Texts = Vec<Result<String, Cause>>;

/// The texts of a list, and those of lists in it: a parameter that is one may stand among values.
fn texts<'t>(resolver: &Resolver<'_, 't>, value: Value<'t>) -> Result<Texts, Cause> {
    match value {
        Value::List(items) => {
            let mut all: Texts = Vec::with_capacity(items.len());
            for item in items.iter() {
                match resolver.value(&item) {
                    Value::Text(text) if text.is_empty() => {}
                    Value::Text(text) => all.push(Ok(text.into_owned())),
                    Value::List(more) => {
                        let texts = more.iter().map(|item| match resolver.value(&item) {
                            Value::Text(text) => Ok(text.into_owned()),
                            Value::Unknown(cause) | Value::OneOf(_, cause) => Err(cause),
                            _ => Err(Cause::Rejected(LOOP_NAME.to_owned())),
                        });
                        all.extend(texts);
                    }
                    Value::Absent => {}
                    Value::Unknown(cause) | Value::OneOf(_, cause) => all.push(Err(cause)),
                    Value::Map(_) => all.push(Err(Cause::Rejected(LOOP_NAME.to_owned()))),
                }
            }
            Ok(all)
        }
        Value::OneOf(values, cause) => {
            let mut all = values.into_iter().map(|value| texts(resolver, value));
            let first = all.next().unwrap_or_else(|| Err(cause.clone()))?;
            if first.iter().all(Result::is_ok) && all.all(|other| other.as_ref() == Ok(&first)) {
                return Ok(first);
            }
            Err(cause)
        }
        Value::Unknown(cause) => Err(cause),
        Value::Absent | Value::Text(_) | Value::Map(_) => {
            Err(Cause::Rejected(LOOP_NAME.to_owned()))
        }
    }
}

/// The function as messages call it.
const LOOP_NAME: &str = "Fn::ForEach";

/// Nodes that one round of a loop writes out.
fn size(outputs: Node<'_>) -> usize {
    let sizes = outputs
        .entries()
        .map(|(key, value)| value.end_index().saturating_sub(key.start_index()));
    sizes.map(|size| size as usize).sum()
}

/// How many loops stand around a place.
fn depth(scope: &Scope<'_>) -> usize {
    variables(scope).count()
}
