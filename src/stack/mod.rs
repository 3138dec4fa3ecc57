//! Blocks become resources: `count`, `for_each`, `Fn::ForEach` and `dynamic` are written out, each by asking what its
//! expression is worth.

mod dynamic;
mod handed_on;
mod linked;
mod loops;
mod modules;
mod named_stacks;
mod never;
mod refused_counts;
mod repeat;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::base::Given;
use crate::blocks::{
    Cause, Child, Dialect, Expr, Function, Name, Named, Note, Noted, Place, Template,
    cloudformation, unit,
};
use crate::blocks::{Document, Node};
use crate::eval::{self, Resolver, Value};

pub use linked::{Find, IsMeant, linked, nests};
pub use modules::{Calls, modules, terraform};
use named_stacks::outputs;
pub use named_stacks::{ambiguous_imports, cloudformation_links};

/// Reads one document of a CloudFormation stream. Its parameters have the values that are `given`.
#[must_use]
pub fn cloudformation<'t>(
    document: &'t Document<'t>,
    root: Node<'t>,
    given: &[&Given],
) -> Template<'t> {
    let mut template = Template::new(Dialect::CloudFormation, vec![document]);
    let looped = loops::Looped::of(document);
    names(&mut template, 0, root, &looped, given, &|_| true);
    blocks(&mut template, 0, root, &looped);
    never::leave_out(&mut template);
    // What stands alone has nothing beside it that it could nest.
    let all = 0..template.resources.len();
    let unread: Vec<_> = all.filter_map(|at| linked::unread(&template, at)).collect();
    template.unknown_calls = unread;
    template
}

/// Reads what gives names to values in one document.
fn names<'t>(
    template: &mut Template<'t>,
    unit: usize,
    root: Node<'t>,
    looped: &loops::Looped,
    given: &[&Given],
    is_meant: &dyn Fn(&Given) -> bool,
) {
    cloudformation::read(template, unit, root);
    template.give(unit, given, is_meant, &eval::wanted);
    for (section, space) in cloudformation::DEFINITIONS {
        let Some(section) = root.get(section) else {
            continue;
        };
        let scope = template.units[unit].scope.clone();
        for entry in looped.section(template, section, &scope) {
            let definitions = &mut template.units[unit].definitions;
            definitions.insert((space, entry.key), entry.value);
        }
    }
}

/// Reads the resources of one document.
fn blocks<'t>(template: &mut Template<'t>, unit: usize, root: Node<'t>, looped: &loops::Looped) {
    if let Some(resources) = cloudformation::resources(root) {
        looped.resources(template, unit, root, resources);
        cloudformation::add_implicit_api(template, unit, root);
    }
    template.notes.extend(looped.take_notes());
    undefined_conditions(template, unit, root);
}

/// Conditions that are said to be missing: a person mends the first ones first.
const MOST_MISSING: usize = 100;

/// Notes the conditions of resources that nothing defines. What a macro or a loop may define is not known to be missing.
fn undefined_conditions(template: &mut Template<'_>, own: usize, root: Node<'_>) {
    let section = root.get("Conditions").into_iter();
    let mut keys = section.flat_map(Node::entries).map(|(key, _)| key.text());
    let may_be_more = keys.any(|key| key.starts_with("Fn::"));
    let is_macro = |note: &Note| matches!(note.what, Noted::Changed(_) | Noted::More(_));
    if may_be_more || template.notes.iter().any(is_macro) {
        return;
    }
    let here = template.resources.iter();
    let here = here.filter(|resource| unit(&resource.scope) == own);
    let missing = here.filter_map(|resource| {
        let condition = resource.condition.as_ref()?;
        let Expr::Name(Name::Definition(space, name)) = template.expr(condition) else {
            return None;
        };
        let place = resource.body?.get("Condition")?.place();
        let known = template.units[own].definition(space, &name);
        known.is_none().then_some(place)
    });
    // What a loop writes out, or an API takes over, has the same place.
    let mut told = BTreeSet::new();
    let missing: Vec<Place> = missing
        .filter(|place| told.insert((place.file, place.span.start)))
        .take(MOST_MISSING)
        .collect();
    template.notes.extend(missing.into_iter().map(|place| Note {
        what: Noted::NoSuchCondition,
        place,
        other: None,
    }));
}

/// The values of a `validation` that says `contains([...], var.name)`.
fn allowed<'t>(template: &Template<'t>, parameter: usize) -> Vec<Cow<'t, str>> {
    let resolver = Resolver::new(template);
    for rule in &template.parameters[parameter].rules {
        let Expr::Call(Function::Named(Named::Contains), arguments) = template.expr(rule) else {
            continue;
        };
        let Some([list, value]) = arguments.take() else {
            continue;
        };
        let name = &template.parameters[parameter].name;
        let own =
            matches!(template.expr(&value), Expr::Name(Name::Parameter(other)) if other == *name);
        if let (true, Value::List(items)) = (own, resolver.value(&list)) {
            let texts = items.iter().map(|item| match resolver.value(&item) {
                Value::Text(text) => Some(text.into_text()),
                _ => None,
            });
            return texts.collect::<Option<_>>().unwrap_or_default();
        }
    }
    Vec::new()
}

/// A condition turned round.
fn not<'t>(condition: &Child<'t>) -> Child<'t> {
    call(Function::Not, [condition.clone()])
}

/// Both of two conditions.
fn both<'t>(one: Option<&Child<'t>>, other: Option<&Child<'t>>) -> Option<Child<'t>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(call(Function::And, [one.clone(), other.clone()])),
        (one, other) => one.or(other).cloned(),
    }
}

fn call<'t, const N: usize>(function: Function, arguments: [Child<'t>; N]) -> Child<'t> {
    let arguments = arguments.into_iter().collect();
    Child::built(Expr::Call(function, arguments), &None)
}

/// The key or the value of a round that nobody knows, by the name that it has there: it still comes from what is run over.
fn unknown_part<'t>(each: &Child<'t>, name: String) -> Child<'t> {
    let why = Child::built(Expr::Unknown(Cause::Pseudo(name)), &None);
    call(Function::Opaque, [why, each.clone()])
}

/// Whether a count is more than none.
fn above_zero<'t>(count: Child<'t>) -> Child<'t> {
    let zero = Child::built(Expr::Number(Cow::Borrowed("0")), &None);
    not(&call(Function::AtMost, [count, zero]))
}

/// Whether a collection has elements.
fn is_filled<'t>(collection: &Child<'t>) -> Child<'t> {
    above_zero(call(Function::Named(Named::Length), [collection.clone()]))
}

/// The branches of a choice, behind names of locals.
fn choice<'t>(template: &Template<'t>, child: &Child<'t>) -> Option<[Child<'t>; 3]> {
    let mut child = child.clone();
    // Longer chains of names are nobody's honest work.
    for _ in 0..64 {
        child = match template.expr(&child) {
            Expr::Call(Function::If, arguments) => return arguments.take(),
            Expr::Name(Name::Definition(space, name)) => {
                let unit = template.unit(&child.scope);
                unit.definition(space, &name)?.clone()
            }
            Expr::Call(Function::Named(Named::ToSet | Named::ToMap), arguments) => {
                arguments.first()?
            }
            Expr::Call(Function::Same, arguments) => arguments.first()?,
            _ => return None,
        };
    }
    None
}

/// A value, and whether it could be different, because a variable takes part in it.
fn varying<'t>(resolver: &Resolver<'_, 't>, child: &Child<'t>) -> (Value<'t>, bool) {
    resolver.refuel();
    resolver.take_trace();
    let value = resolver.value(child);
    let varies = !resolver.take_trace().parameters.is_empty();
    (value, varies)
}
