//! Facts: values of a decision's own resource and of its members, for who weighs a reason against the template.

use super::matching::values;
use crate::blocks::{Expr, Name, Place, Resource, Space, Template, unit};
use crate::eval::{Assumed, Found, Resolver, Settled, Value};
pub use crate::rulebook::justification::Fact;
use crate::rulebook::{CATALOGUE, Entry, Property};

/// Allowed values that are tried for one fact.
const MOST_VALUES: usize = 64;

/// What the template knows of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// One of the values is open, or a parameter can change it to anything.
    Doubt,
    /// Every value that it can have, each with its place.
    Values(Vec<(String, Option<Place>)>),
}

/// What the template knows of a fact of these resources taken together.
#[must_use]
pub fn ask(template: &Template<'_>, resources: &[usize], fact: &Fact) -> Known {
    let mut all = Vec::new();
    for at in resources {
        let Some(resource) = template.resources.get(*at) else {
            continue;
        };
        // A type has its properties whichever rule of a team's own places it.
        let Some(Entry::Rule(rule)) = CATALOGUE.entry(&resource.kind) else {
            continue;
        };
        let Some((_, property)) = fact.at.iter().find(|(of, _)| *of == rule) else {
            continue;
        };
        if one(template, resource, property, &mut all).is_none() {
            return Known::Doubt;
        }
    }
    Known::Values(all)
}

/// Adds the values of one property under every value of the parameters that it hangs on; `None` where one is open.
fn one<'t>(
    template: &Template<'t>,
    resource: &Resource<'t>,
    property: &Property,
    all: &mut Vec<(String, Option<Place>)>,
) -> Option<()> {
    let condition = own_condition(template, resource);
    let under = |assumed: Vec<(usize, Assumed)>| {
        let resolver = Resolver::new(template)
            .assuming(assumed)
            .settling(condition.clone().into_iter().collect());
        let found = values(&resolver, resource, property);
        (known(&found), resolver.take_trace().parameters)
    };
    let (base, parameters) = under(Vec::new());
    all.extend(base?);
    let mut tried = 0;
    for parameter in parameters {
        let parameter_block = &template.parameters[parameter];
        if parameter_block.is_given() {
            continue;
        }
        let allowed = parameter_block.choices();
        if allowed.is_empty() {
            return None;
        }
        for value in allowed {
            tried += 1;
            if tried > MOST_VALUES {
                return None;
            }
            let (values, _) = under(vec![(parameter, Assumed::Text(value.to_string()))]);
            all.extend(values?);
        }
    }
    Some(())
}

/// The texts of values that are all known.
fn known(found: &[Found<'_>]) -> Option<Vec<(String, Option<Place>)>> {
    let mut texts = Vec::new();
    for found in found {
        if found.perhaps.is_some() || !found.branches.is_empty() {
            return None;
        }
        add(&found.value, found.place, &mut texts)?;
    }
    Some(texts)
}

fn add(
    value: &Value<'_>,
    place: Option<Place>,
    texts: &mut Vec<(String, Option<Place>)>,
) -> Option<()> {
    match value {
        Value::Text(text) => texts.push((text.trim().to_owned(), place)),
        Value::OneOf(values, _) => {
            for value in values {
                add(value, place, texts)?;
            }
        }
        Value::Absent | Value::List(_) | Value::Map(_) | Value::Unknown(_) => return None,
    }
    Some(())
}

/// The condition under which the resource exists: it holds whenever the question makes sense.
fn own_condition<'t>(template: &Template<'t>, resource: &Resource<'t>) -> Option<Settled> {
    let condition = resource.condition.as_ref()?;
    match template.expr(condition) {
        Expr::Name(Name::Definition(Space::Condition, name)) => {
            Some((unit(&condition.scope), name.into_owned(), true))
        }
        _ => None,
    }
}
