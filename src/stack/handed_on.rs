//! What is handed down to a nested stack or a called module has to be something that its parameter takes.

use std::borrow::Cow;

use crate::base::Given;
use crate::blocks::{Child, Template, Unfit};
use crate::eval::{Resolver, Value};

/// What a deployment gives, and is handed down to a parameter which does not take it: in `callee`, as it is called in words.
pub(super) fn refused<'t>(
    template: &Template<'t>,
    parameter: usize,
    handed: &Child<'t>,
    given: &[&Given],
    callee: &str,
) -> Option<Unfit> {
    if !template.is_given_values {
        return None;
    }
    let resolver = Resolver::new(template);
    let Value::Text(text) = resolver.value(handed) else {
        return None;
    };
    let from = resolver.take_trace().parameters;
    let from = from.iter().map(|at| &template.parameters[*at]);
    let giver = from.filter(|from| from.is_given()).find_map(|from| {
        let at = given.iter().rposition(|given| given.name == from.name)?;
        Some((at, &from.name))
    });
    let (at, giver) = giver?;
    let parameter = &template.parameters[parameter];
    let refusal = parameter.refusal(&text)?;
    let message = match *giver == parameter.name {
        true => refusal,
        false => format!("`{giver}` is handed to {callee}, where {refusal}"),
    };
    Some(Unfit { at, message })
}

/// Leaves of what the parameters behind those of a unit can be, what the unit's own ones take: nothing else can be deployed. Only
/// for a unit that is there in any case.
pub(super) fn narrow<'t>(template: &mut Template<'t>, unit: usize) {
    for at in template.units[unit].parameters.clone() {
        let own = &template.parameters[at];
        let Some(handed) = own.handed.as_ref().filter(|_| !own.choices().is_empty()) else {
            continue;
        };
        let Some(behind) = Resolver::new(template).parameter_of(handed) else {
            continue;
        };
        let outer = &template.parameters[behind];
        if behind == at || outer.kind != own.kind || outer.is_disputed || outer.is_given() {
            continue;
        }
        let known: &[Cow<'t, str>] = match outer.choices() {
            [] => &own.allowed,
            _ => &outer.allowed,
        };
        let fits =
            |value: &&Cow<'t, str>| own.refusal(value).is_none() && outer.refusal(value).is_none();
        let taken: Vec<Cow<'t, str>> = known.iter().filter(fits).cloned().collect();
        // Where nothing is left, nobody can deploy it at all, and that is no question of values.
        if !taken.is_empty() {
            template.parameters[behind].allowed = taken;
        }
    }
}
