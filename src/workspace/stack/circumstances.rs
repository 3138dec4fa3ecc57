//! What is written in a block and speaks for or against moving it, as `rules/actions.toml` says.

use crate::blocks::{Place, Template};
use crate::eval::{Found, Resolver, Value};
use crate::graph::{Circumstance, Location};
use crate::rulebook::actions::{self, CircumstanceRule, ValuePlace};
use crate::rulebook::like;

/// Values of one choice that are looked at.
const MOST_VALUES: usize = 64;

/// Those of a resource, in the order of the rules, each once.
pub(super) fn of(
    template: &Template<'_>,
    at: usize,
    locate: &dyn Fn(usize, Place) -> Location,
) -> Vec<Circumstance> {
    let resource = &template.resources[at];
    let resolver = Resolver::new(template);
    let is_written = |place: &&ValuePlace| {
        let mut own = resource.properties.iter();
        own.any(|entry| entry.key == place.property())
    };
    let find = |places: &'static [ValuePlace], above: Option<f64>| {
        places.iter().filter(is_written).find_map(|place| {
            resolver.refuel();
            let found = resolver.at_path(resource, &place.steps());
            found
                .iter()
                .find_map(|found| said(found, place.values, above))
        })
    };
    let holds = |rule: &CircumstanceRule| {
        if !rule.concerns(&resource.kind) {
            return None;
        }
        let said = find(rule.places, rule.above)?;
        let is_also = rule.also.is_empty() || find(rule.also, None).is_some();
        is_also.then_some(said)
    };
    let all = actions::circumstances().iter().enumerate();
    let all = all.filter_map(|(number, rule)| {
        let Said { value, place } = holds(rule)?;
        Some(Circumstance {
            number,
            name: rule.name,
            value,
            location: locate(at, place.unwrap_or(resource.type_place)),
        })
    });
    all.collect()
}

/// What a place says.
struct Said {
    value: Option<String>,
    place: Option<Place>,
}

/// What is found at a place, if it counts. Of a choice, one value that does is enough: it can be the one that holds.
fn said(found: &Found<'_>, wanted: &[&str], above: Option<f64>) -> Option<Said> {
    let is_it = |text: &str| {
        let is_above =
            above.is_none_or(|least| text.trim().parse().is_ok_and(|it: f64| it > least));
        let is_wanted = wanted.is_empty() || wanted.iter().any(|glob| like(text.trim(), glob));
        is_above && is_wanted
    };
    let value = match &found.value {
        Value::Text(text) => is_it(text).then(|| Some(text.trim().to_owned())),
        Value::OneOf(values, _) => {
            let texts = values
                .iter()
                .take(MOST_VALUES)
                .filter_map(|value| match value {
                    Value::Text(text) => Some(text),
                    _ => None,
                });
            let mut texts = texts.filter(|text| is_it(text));
            texts.next().map(|text| Some(text.trim().to_owned()))
        }
        Value::Map(_) | Value::List(_) if wanted.is_empty() && above.is_none() => Some(None),
        Value::Unknown(_) if wanted.is_empty() && above.is_none() => Some(None),
        _ => None,
    }?;
    Some(Said {
        value,
        place: found.place,
    })
}
