//! A name that stands where a reference could: `TaskDefinition: web` beside a task definition of `Family: web`.
//!
//! Only names that are known count, or that are put together alike from the same parameters; a name that two bear joins nothing, unless their
//! conditions exclude each other. Where a condition chooses between names, each of them joins, in its branch.

use rustc_hash::FxHashMap;

use super::premises::Premises;
use crate::base::PathStep;
use crate::blocks::{Cause, Child, Entries, Expr, Function, Name, Resource, Space, unit};
use crate::eval::{Resolver, Value};
use crate::graph::references::{ChosenSide, Reference};
use crate::graph::{NameJoin, Script, StackGraph};
use crate::rulebook::{Catalogue, Link, Property};

/// Nesting beyond which nothing is followed.
const DEEPEST: u32 = 32;
/// Resources of one name that may stand for each other.
const MOST_ALTERNATIVES: usize = 16;
/// Names among which conditions may choose in one place.
const MOST_CHOSEN: usize = 64;

/// A name that stands in a property.
struct Word<'a, 't> {
    /// The property of the block, or the part of it.
    property: &'a str,
    name: String,
    /// The branches of choices in which it stands, outermost first.
    branches: Vec<ChosenSide<'t>>,
}

/// Adds what names join to what references join.
pub(super) fn join_by_name(graph: &mut StackGraph<'_, '_>, catalogue: &Catalogue) {
    let mut found = Vec::new();
    for class in graph.present() {
        let rule = catalogue.rule_at(class);
        let joins = rule.joins.iter().map(|join| &join.link);
        for link in rule.of.iter().chain(joins) {
            let Some(name) = &link.by_name else { continue };
            if !link.signs.is_empty() {
                found.extend(spoken_of(graph, catalogue, link, class, name));
                continue;
            }
            if let Some(through) = &link.through {
                found.extend(pairs(
                    graph,
                    catalogue,
                    &[class],
                    through,
                    &link.rules,
                    name,
                ));
            }
            if let Some(from) = &link.from {
                // What stands between says the name as well as those at the end.
                let users = [link.rules.as_slice(), link.via.as_slice()].concat();
                found.extend(pairs(graph, catalogue, &users, from, &[class], name));
            }
        }
    }
    found.sort_by_key(|named| named.reference);
    graph.join(found);
}

/// Who names whom: those of some classes that have in `property` what one of other classes has as its `name`.
fn pairs<'a, 't>(
    graph: &StackGraph<'a, 't>,
    catalogue: &Catalogue,
    users: &[usize],
    property: &Property,
    used: &[usize],
    name: &Property,
) -> Vec<NameJoin<'a, 't>> {
    let of = |classes: &[usize]| {
        let all = classes.iter().flat_map(|class| graph.of_class(*class));
        all.copied().collect::<Vec<usize>>()
    };
    let (users, used) = (of(users), of(used));
    if users.is_empty() || used.is_empty() {
        return Vec::new();
    }
    let template = graph.template();
    let resolver = Resolver::new(template);
    // A name is one of its own stack.
    let stack = |at: usize| unit(&template.resources[at].scope);
    let mut named: FxHashMap<(usize, String), Vec<usize>> = FxHashMap::default();
    for at in used {
        for word in names(&resolver, &template.resources[at], name) {
            // What bears a name in one branch only is not known by it.
            if !word.branches.is_empty() {
                continue;
            }
            let bearers = named.entry((stack(at), word.name)).or_default();
            if bearers.last() != Some(&at) && bearers.len() <= MOST_ALTERNATIVES {
                bearers.push(at);
            }
        }
    }
    // Two of one name: nobody knows which is meant, unless there is only ever one of them.
    named.retain(|_, bearers| is_one_at_a_time(graph, catalogue, bearers));
    if named.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for from in users {
        for word in names(&resolver, &template.resources[from], property) {
            let name = bare(&word.name).map(|name| (stack(from), name.to_owned()));
            let bearers = name.and_then(|name| named.get(&name));
            for &to in bearers.into_iter().flatten().filter(|to| **to != from) {
                let property = word.property;
                found.push(NameJoin {
                    reference: Reference { from, to, property },
                    branches: word.branches.clone(),
                });
            }
        }
    }
    found
}

/// Who says in a text, beside a sign, the name of what it joins.
fn spoken_of<'a, 't>(
    graph: &StackGraph<'a, 't>,
    catalogue: &Catalogue,
    link: &Link,
    class: usize,
    name: &Property,
) -> Vec<NameJoin<'a, 't>> {
    let template = graph.template();
    let stack = |at: usize| unit(&template.resources[at].scope);
    let mut named: FxHashMap<(usize, String), Vec<usize>> = FxHashMap::default();
    let used = link.rules.iter().flat_map(|class| graph.of_class(*class));
    for &at in used {
        let paths = name.paths(template.dialect, &template.resources[at].kind);
        for path in paths {
            let script = Script::at(template, at, std::slice::from_ref(path));
            let Some(name) = script.whole() else { continue };
            let bearers = named.entry((stack(at), name.to_owned())).or_default();
            if bearers.last() != Some(&at) && bearers.len() <= MOST_ALTERNATIVES {
                bearers.push(at);
            }
        }
    }
    named.retain(|_, bearers| is_one_at_a_time(graph, catalogue, bearers));
    let Some(text) = link.through.as_ref().filter(|_| !named.is_empty()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for &from in graph.of_class(class) {
        let resource = &template.resources[from];
        for path in text.paths(template.dialect, &resource.kind) {
            let Some(PathStep::Key(first)) = path.first() else {
                continue;
            };
            let mut properties = resource.properties.iter();
            let Some(entry) = properties.find(|entry| entry.key == *first) else {
                continue;
            };
            let script = Script::at(template, from, std::slice::from_ref(path));
            for word in script.joined(&link.signs) {
                let bearers = named.get(&(stack(from), word.to_owned()));
                let bearers = bearers.into_iter().flatten();
                let property = &*entry.key;
                found.extend(bearers.map(|&to| NameJoin {
                    reference: Reference { from, to, property },
                    branches: Vec::new(),
                }));
            }
        }
    }
    found
}

/// Whether no two of these resources are ever there together, by their conditions.
fn is_one_at_a_time(graph: &StackGraph<'_, '_>, catalogue: &Catalogue, bearers: &[usize]) -> bool {
    if bearers.len() < 2 {
        return true;
    }
    if bearers.len() > MOST_ALTERNATIVES {
        return false;
    }
    let premises = bearers.iter().filter_map(|&at| {
        let rule = catalogue.rule_at(graph.class(at)?);
        Some(Premises::new(graph.template(), at, rule, Vec::new()))
    });
    let premises: Vec<Premises<'_>> = premises.collect();
    let mut pairs = (1..premises.len()).flat_map(|later| (0..later).map(move |at| (at, later)));
    premises.len() == bearers.len()
        && pairs.all(|(one, other)| premises[one].excludes(&premises[other]))
}

/// A name without what may stand around it: the beginning of an ARN of this very account, a version, a revision.
fn bare(name: &str) -> Option<&str> {
    let name = match name.strip_prefix("arn:") {
        Some(rest) => {
            let is_here = rest.contains(":${AWS::Region}:${AWS::AccountId}:");
            rest.rsplit_once('/').filter(|_| is_here)?.1
        }
        None => name,
    };
    // The resource id of a scaling target: a table, or an index of it.
    if let Some(table) = name.strip_prefix("table/") {
        let end = table.find("/index/").unwrap_or(table.len());
        return Some(&table[..end]);
    }
    // The same of a function; `function:3` is the third revision of a family.
    let scaled = name.strip_prefix("function:");
    let name = match scaled.and_then(|rest| rest.rsplit_once(':')) {
        Some((function, qualifier)) if !qualifier.contains('}') => function,
        _ => name,
    };
    // What stands after a colon is a revision or a qualifier; a parameter has colons of its own in braces.
    let mut depth = 0;
    let end = name.find(|letter| {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        letter == ':' && depth == 0
    });
    Some(end.map_or(name, |end| &name[..end]))
}

/// The names at the places of a property.
fn names<'a, 't>(
    resolver: &Resolver<'a, 't>,
    resource: &'a Resource<'t>,
    property: &Property,
) -> Vec<Word<'a, 't>> {
    let template = resolver.template();
    let mut found = Vec::new();
    for path in property.paths(template.dialect, &resource.kind) {
        let Some((PathStep::Key(first), rest)) = path.split_first() else {
            continue;
        };
        for entry in resource
            .properties
            .iter()
            .filter(|entry| entry.key == *first)
        {
            let mut places = Vec::new();
            below(resolver, &entry.value, rest, &mut places, 0);
            let mut chosen = Vec::new();
            for place in places {
                let from = chosen.len();
                choices(resolver, &place, Vec::new(), &mut chosen);
                chosen.truncate(from + MOST_CHOSEN);
            }
            let names = chosen.into_iter().filter_map(|(child, branches)| {
                resolver.refuel();
                let name = spelled(resolver, &child, 0)?;
                let property = &*entry.key;
                Some(Word {
                    property,
                    name,
                    branches,
                })
            });
            found.extend(names.filter(|word| !word.name.is_empty()));
        }
    }
    found
}

/// What conditions choose between in a place: itself, where they choose nothing.
fn choices<'t>(
    resolver: &Resolver<'_, 't>,
    child: &Child<'t>,
    branches: Vec<ChosenSide<'t>>,
    found: &mut Vec<(Child<'t>, Vec<ChosenSide<'t>>)>,
) {
    if found.len() >= MOST_CHOSEN || branches.len() > MOST_ALTERNATIVES {
        return;
    }
    let choice = match resolver.template().expr(child) {
        Expr::Call(Function::If, parts) => parts.take(),
        _ => None,
    };
    let Some([condition, yes, no]) = choice else {
        found.push((child.clone(), branches));
        return;
    };
    for (branch, holds) in [(yes, true), (no, false)] {
        let condition = condition.clone();
        let inner = branches.iter().cloned();
        let inner = inner.chain([ChosenSide { condition, holds }]);
        choices(resolver, &branch, inner.collect(), found);
    }
}

/// What stands at the end of a way, as far as no choice stands on it.
fn below<'t>(
    resolver: &Resolver<'_, 't>,
    child: &Child<'t>,
    rest: &[PathStep],
    found: &mut Vec<Child<'t>>,
    depth: u32,
) {
    if depth > DEEPEST {
        return;
    }
    match resolver.template().expr(child) {
        Expr::List(children) | Expr::Call(Function::Blocks, children) => {
            for child in children.iter() {
                below(resolver, &child, rest, found, depth + 1);
            }
        }
        Expr::Map(entries) => inside(resolver, &entries, rest, found, depth),
        _ if rest.iter().all(|step| *step == PathStep::Each) => found.push(child.clone()),
        // A text of JSON has places, too.
        _ => {
            resolver.refuel();
            if let Some(Value::Map(entries)) = resolver.document(child) {
                inside(resolver, &entries, rest, found, depth);
            }
        }
    }
}

/// The same in a map.
fn inside<'t>(
    resolver: &Resolver<'_, 't>,
    entries: &Entries<'t>,
    rest: &[PathStep],
    found: &mut Vec<Child<'t>>,
    depth: u32,
) {
    let Some(at) = rest.iter().position(|step| *step != PathStep::Each) else {
        return;
    };
    let further = &rest[at + 1..];
    match &rest[at] {
        PathStep::Key(key) => {
            if let Some(entry) = entries.get(key) {
                below(resolver, &entry.value, further, found, depth + 1);
            }
        }
        PathStep::Values => {
            for entry in entries.iter() {
                below(resolver, &entry.value, further, found, depth + 1);
            }
        }
        PathStep::Each => {}
    }
}

/// A name as it will be, with `${...}` for what is the same wherever it stands: a parameter without a default, the stack's own name.
pub(super) fn spelled<'t>(
    resolver: &Resolver<'_, 't>,
    child: &Child<'t>,
    depth: u32,
) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    if let Value::Text(text) = resolver.value(child) {
        return Some(text.into_owned());
    }
    let all = |parts: &mut dyn Iterator<Item = Child<'t>>| {
        let parts = parts.map(|part| spelled(resolver, &part, depth + 1));
        parts.collect::<Option<Vec<String>>>()
    };
    match resolver.template().expr(child) {
        Expr::Unknown(Cause::Pseudo(name)) => Some(format!("${{{name}}}")),
        Expr::Name(Name::Any(name) | Name::Parameter(name)) => {
            let at = resolver.template().parameter(&child.scope, &name)?;
            let is_open = matches!(
                resolver.value(child),
                Value::Unknown(Cause::Parameter(_) | Cause::Kept(..))
            );
            is_open.then(|| format!("${{{at}}}"))
        }
        Expr::Name(Name::Definition(Space::Local, name)) => {
            let unit = resolver.template().unit(&child.scope);
            spelled(resolver, unit.definition(Space::Local, &name)?, depth + 1)
        }
        Expr::Name(Name::Attribute(resource, attribute)) => {
            let unit = unit(&child.scope);
            Some(format!("${{{unit}.{resource}.{attribute}}}"))
        }
        Expr::Call(Function::Substitute | Function::Template | Function::Same, parts) => {
            Some(all(&mut parts.iter())?.concat())
        }
        Expr::Call(Function::Join, arguments) => {
            let separator = spelled(resolver, &arguments.get(0)?, depth + 1)?;
            match resolver.template().expr(&arguments.get(1)?) {
                Expr::List(parts) => Some(all(&mut parts.iter())?.join(&separator)),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_what_stands_around_it() {
        for (text, name) in [
            ("web", Some("web")),
            ("web:7", Some("web")),
            ("${AWS::StackName}-web:7", Some("${AWS::StackName}-web")),
            (
                "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/web",
                Some("web"),
            ),
            ("arn:aws:ecs:eu-west-1:123456789012:cluster/web", None),
            ("function:orders:live", Some("orders")),
            ("function:${7}-orders:live", Some("${7}-orders")),
            ("function:3", Some("function")),
            ("function:${AWS::StackName}", Some("function")),
        ] {
            assert_eq!(bare(text), name, "{text}");
        }
    }
}
