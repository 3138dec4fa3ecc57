//! What a map says in words, the same in every format.

use crate::analysis::summary::count;
use crate::base::{LifecycleCode, Rung};
use crate::landscape::{Component, Gone, Landscape, LandscapeChange, RungShare};

/// The head of the map.
pub(super) fn title(map: &Landscape) -> String {
    match &map.purpose {
        Some(purpose) => purpose.clone(),
        None => "Landscape".to_owned(),
    }
}

/// The map in one paragraph.
pub(super) fn summary(map: &Landscape) -> String {
    let parts = || map.components.iter().flat_map(|one| &one.parts);
    let decisions: usize = parts().map(|part| part.decisions.len()).sum();
    let open: usize = parts().map(|part| part.open).sum();
    let explained: usize = parts().map(|part| part.explained).sum();
    let doors: Vec<&str> = map.anchors.iter().map(|one| &*one.name).collect();
    let doors = match &doors[..] {
        [] => "nobody is seen to come in".to_owned(),
        doors => format!("at the top: {}", doors.join(", ")),
    };
    let rungs = Rung::ALL.map(|rung| {
        let on = parts().filter(|part| part.rung == rung);
        let number: usize = on.map(|part| part.decisions.len()).sum();
        format!("{number} {}", rung.name())
    });
    let moved = match &map.change {
        Some(change) => format!("; {}", moved(change)),
        None => String::new(),
    };
    format!(
        "A Wardley map of {}; {doors}; {}; {} without a reason, {explained} explained{moved}",
        count(decisions, "hosting decision"),
        rungs.join(", "),
        count(open, "fallback"),
    )
}

/// What a change comes to.
pub(super) fn moved(change: &LandscapeChange) -> String {
    let [moved, new, gone] = change.counts();
    format!(
        "since {}: {moved} moved, {new} new, {gone} gone",
        change.since
    )
}

/// Everything about a component, in a line.
pub(super) fn component(map: &Landscape, number: usize) -> String {
    let component = &map.components[number];
    let parts = component.parts.iter().map(|one| part(component, one));
    let mut said = vec![parts.collect::<Vec<_>>().join("; ")];
    if let Some(place) = &component.by_hand {
        said.push(format!("placed by hand ({}:{})", place.path, place.line));
    } else if component.parts.iter().any(|part| part.is_by_hand) {
        said.push("in part placed by hand".to_owned());
    }
    if let Some(change) = &map.change {
        said.extend(history(change, number, component));
    }
    format!("{}: {}", component.name, said.join("; "))
}

/// What has become of it.
fn history(change: &LandscapeChange, number: usize, component: &Component) -> Vec<String> {
    let since = &change.since;
    let is_one =
        |part: usize| component.parts.len() == 1 && component.parts[part].decisions.len() == 1;
    let mut said = Vec::new();
    for shift in change.shifts_of(number) {
        let (was, is) = (shift.rung, component.parts[shift.part].rung);
        said.push(match (is_one(shift.part), was == is) {
            (true, true) => format!("stood elsewhere on this rung in {since}"),
            (true, false) => format!("was {}/{} in {since}", component.ladder, was.name()),
            _ => format!(
                "{} moved from {} to {} since {since}",
                shift.decisions.len(),
                was.name(),
                is.name()
            ),
        });
    }
    for (_, part, new) in change.new_of(number) {
        said.push(match is_one(*part) {
            true => format!("new since {since}"),
            false => {
                let rung = component.parts[*part].rung.name();
                format!("{} on {rung} new since {since}", new.len())
            }
        });
    }
    said
}

/// What is no more, in a line.
pub(super) fn gone(change: &LandscapeChange, gone: &Gone) -> String {
    let (name, rung, since) = (&gone.name, gone.rung.name(), &change.since);
    match gone.decisions.len() {
        1 => format!("{name}: gone, was {}/{rung} in {since}", gone.ladder),
        several => format!(
            "{name}: {several} on {}/{rung} in {since} are gone",
            gone.ladder
        ),
    }
}

fn part(component: &Component, part: &RungShare) -> String {
    let mut said = vec![match part.decisions.len() {
        1 => format!("{}/{}", component.ladder, part.rung.name()),
        several => format!("{several} on {}/{}", component.ladder, part.rung.name()),
    }];
    let yours: Vec<&str> = part.signs.iter().filter_map(|sign| sign.yours()).collect();
    if !yours.is_empty() {
        said.push(format!("with {}", yours.join(", ")));
    }
    if part.open > 0 {
        said.push(format!("{} without a reason", part.open));
    }
    if part.explained > 0 {
        said.push(match &part.until {
            Some(until) => format!("{} explained until {until}", part.explained),
            None => format!("{} explained", part.explained),
        });
    }
    said.extend(part.ending.map(|code| ending(code).to_owned()));
    if let Some(movement) = part.movement.as_ref().filter(|one| !one.up.is_empty()) {
        said.push(format!("way up: {}", movement.up));
        said.extend(movement.warning.clone());
    }
    said.join(", ")
}

pub(super) const fn ending(code: LifecycleCode) -> &'static str {
    match code {
        LifecycleCode::Ended => "ended by its provider",
        LifecycleCode::Ending => "will be ended by its provider",
        LifecycleCode::Closed => "closed to new customers",
    }
}

/// `open`, `told` or `fine`; nothing for what is accepted below the first rung.
pub(super) fn state(part: &RungShare) -> &'static str {
    if part.open > 0 {
        "open"
    } else if part.explained > 0 {
        "told"
    } else if part.rung == Rung::Serverless {
        "fine"
    } else {
        ""
    }
}
