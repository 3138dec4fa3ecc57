//! What a map says in words, the same in every format.

use crate::analysis::summary::count;
use crate::base::{LifecycleCode, Rung};
use crate::landscape::{Component, Landscape, RungShare};

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
    format!(
        "A Wardley map of {}; {doors}; {}; {} without a reason, {explained} explained",
        count(decisions, "hosting decision"),
        rungs.join(", "),
        count(open, "fallback"),
    )
}

/// Everything about a component, in a line.
pub(super) fn component(component: &Component) -> String {
    let parts: Vec<String> = component
        .parts
        .iter()
        .map(|one| part(component, one))
        .collect();
    format!("{}: {}", component.name, parts.join("; "))
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
