//! The API that SAM makes of functions' events. It has no block of its own; what `Globals` says of APIs is all that is written of it.

use std::borrow::Cow;

use super::properties;
use crate::blocks::{Child, Expr, Resource, Template, unit};
use crate::syntax::Node;

/// How SAM calls it.
const NAME: &str = "ServerlessRestApi";

/// The property of `Globals` by which such an API is more than what is paid by the call.
const CACHE: &str = "CacheClusterEnabled";

/// Adds the API of events that name none, where `Globals` gives it a cache. Without one there is nothing written that decides
/// anything, and no block to speak of.
pub fn add_implicit_api<'t>(template: &mut Template<'t>, at: usize, root: Node<'t>) {
    let shared = root.get("Globals").and_then(|globals| globals.get("Api"));
    let Some(shared) = shared.filter(|shared| shared.get(CACHE).is_some()) else {
        return;
    };
    if !template.units[at].named(NAME).is_empty() {
        return;
    }
    let is_maker = |resource: &&Resource<'t>| {
        unit(&resource.scope) == at
            && resource.kind == "AWS::Serverless::Function"
            && has_event(template, resource)
    };
    let makers: Vec<&Resource<'t>> = template.resources.iter().filter(is_maker).collect();
    let Some(first) = makers.first() else {
        return;
    };
    // Where every maker may be missing, so may the API.
    let is_conditional = makers.iter().all(|maker| maker.condition.is_some());
    let condition = first.condition.clone().filter(|_| is_conditional);
    let place = shared.place();
    let scope = template.units[at].scope.clone();
    let resource = Resource {
        address: NAME.to_owned(),
        kind: Cow::Borrowed("AWS::Serverless::Api"),
        type_place: place,
        block: place,
        body: None,
        properties: properties::entries(shared, place, &scope),
        extras: Vec::new(),
        condition,
        scope,
        references: Vec::new(),
        reasons: Vec::new(),
        contexts: Vec::new(),
        doubts: Vec::new(),
        origin: None,
    };
    let number = template.resources.len();
    let names = &mut template.units[at].names;
    names.entry(Cow::Borrowed(NAME)).or_default().push(number);
    template.resources.push(resource);
}

/// Whether an event of a function is a call of the API that SAM makes.
fn has_event<'t>(template: &Template<'t>, function: &Resource<'t>) -> bool {
    let mut events = function.properties.iter();
    let events = events.find(|entry| entry.key == "Events");
    let Some(Expr::Map(events)) = events.map(|entry| template.expr(&entry.value)) else {
        return false;
    };
    events.iter().any(|event| {
        let part = |child: &Child<'t>, key: &str| match template.expr(child) {
            Expr::Map(entries) => entries.get(key).map(|entry| entry.value),
            _ => None,
        };
        let kind = part(&event.value, "Type").map(|kind| template.expr(&kind));
        let properties = part(&event.value, "Properties");
        matches!(kind, Some(Expr::Text(kind)) if kind == "Api")
            && properties.is_none_or(|properties| part(&properties, "RestApiId").is_none())
    })
}
