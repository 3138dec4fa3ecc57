//! What a machine runs that somebody wrote into a template, as `rules/actions.toml` says where that stands.

use crate::blocks::{Place, Template};
use crate::eval::Resolver;
use crate::graph::{Location, OwnScript, Script};
use crate::rulebook::actions;

/// That of a resource, in the order of the rules.
pub(super) fn of(
    template: &Template<'_>,
    at: usize,
    locate: &dyn Fn(usize, Place) -> Location,
) -> Vec<OwnScript> {
    let resource = &template.resources[at];
    let all = actions::scripts().iter().enumerate();
    let all = all.filter_map(|(number, rule)| {
        let mut places = rule.places.iter();
        places.find_map(|place| {
            let mut entries = resource.properties.iter().chain(&resource.extras);
            let entry = entries.find(|entry| entry.key == place.property())?;
            let paths = [place.steps()];
            let script = Script::at(template, at, &paths);
            let lines = script.lines();
            let found = Resolver::new(template).at_path(resource, &paths[0]);
            let exact = found.iter().find_map(|found| found.place);
            let place = exact.or(entry.place).unwrap_or(resource.type_place);
            (lines > 0).then(|| OwnScript {
                number,
                lines,
                is_open: script.is_open(),
                location: locate(at, place),
            })
        })
    });
    all.collect()
}
