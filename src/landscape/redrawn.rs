//! A map that was saved, drawn up again without the templates: what stood on it, where, and what it was called.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::choices::HostingChoice;
use super::saved::{MAP, REPORT, SavedDecision, rung};
use super::{
    Anchor, Coarseness, Component, Entrance, Landscape, Movement, Need, RungShare, coarseness,
};
use crate::base::{HandPlace, LifecycleCode, Sign};

/// What a saved map says besides its landscape.
#[derive(Clone, Debug, Default)]
pub struct SavedMap {
    pub(super) choices: Vec<SavedChoice>,
    /// The scores that were meant to be reached.
    pub targets: Vec<SavedTarget>,
}

/// A choice that stood on a map.
#[derive(Clone, Debug)]
pub(super) struct SavedChoice {
    ladder: String,
    said: SavedDecision,
}

impl SavedChoice {
    pub(super) fn choice(&self) -> HostingChoice<'_> {
        let said = &self.said;
        let written = said.source.as_ref();
        HostingChoice {
            path: &said.path,
            address: &said.address,
            line: said.line,
            owner: said.owner.as_deref().map(Into::into),
            stream: said.stream.as_deref(),
            name: said.name.as_deref().unwrap_or(&said.address),
            kind: said.kind.as_deref(),
            root: said.root.as_deref(),
            written: written.map(|block| (&*block.path, block.line)),
            ladder: &self.ladder,
        }
    }
}

/// How far a target was.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SavedTarget {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ladder: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stream: Option<String>,
    wanted: u8,
    score: Option<f64>,
    #[serde(default)]
    decisions: usize,
    short: usize,
    state: String,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    gate: bool,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    line: Option<u32>,
    pub(super) words: String,
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

#[derive(Deserialize)]
struct MapFile {
    purpose: Option<String>,
    targets: Vec<SavedTarget>,
    grouping: String,
    anchors: Vec<AnchorEntry>,
    components: Vec<ComponentEntry>,
    lines: Vec<LineEntry>,
}

#[derive(Deserialize)]
struct AnchorEntry {
    name: String,
    kind: String,
    to: Vec<String>,
}

#[derive(Deserialize)]
struct LineEntry {
    from: String,
    to: String,
    strength: String,
}

#[derive(Deserialize)]
struct ComponentEntry {
    name: String,
    ladder: String,
    stack: Option<String>,
    depth: usize,
    visibility: f64,
    placed: Option<PlacedEntry>,
    parts: Vec<PartEntry>,
}

#[derive(Deserialize)]
struct PlacedEntry {
    path: String,
    line: u32,
    evolution: Option<f64>,
    visibility: Option<f64>,
    label: Option<String>,
}

#[derive(Deserialize)]
struct PartEntry {
    rung: u8,
    evolution: f64,
    #[serde(default)]
    placed: bool,
    decisions: Vec<SavedDecision>,
    open: usize,
    explained: usize,
    until: Option<String>,
    lifecycle: Option<String>,
    signs: Vec<String>,
    movement: Option<MovementEntry>,
}

#[derive(Deserialize)]
struct MovementEntry {
    rung: u8,
    evolution: f64,
    up: String,
    warning: Option<String>,
}

/// Reads the text of a saved map.
///
/// # Errors
/// What is wrong with it.
pub fn read(text: &str) -> Result<(Landscape, SavedMap), String> {
    let fault = |error: serde_json::Error| error.to_string();
    let Head { schema } = serde_json::from_str(text).map_err(fault)?;
    match &*schema {
        MAP => {}
        REPORT => {
            return Err(
                "it is a report, and knows neither who comes in nor what needs what; save a map: `sfl map --format json`"
                    .to_owned(),
            );
        }
        other => {
            return Err(format!(
                "its schema is `{other}`; save `sfl map --format json` ({MAP})"
            ));
        }
    }
    let file: MapFile = serde_json::from_str(text).map_err(fault)?;
    let mut saved = SavedMap {
        choices: Vec::new(),
        targets: file.targets,
    };
    let most = file.components.len();
    let components = file.components.into_iter();
    let components: Result<Vec<_>, _> = components
        .map(|one| component(one, most, &mut saved.choices))
        .collect();
    let mut components = components?;
    // From the top, as they were saved.
    components.sort_by_key(|one| one.depth);
    let (anchors, lines) = between(&components, file.anchors, file.lines)?;
    let grouping = Coarseness::ALL.into_iter();
    let mut grouping = grouping.filter(|one| one.name() == file.grouping);
    let Some(grouping) = grouping.next() else {
        return Err(format!("`{}` is no grouping", file.grouping));
    };
    let paths = saved.choices.iter().map(|one| &*one.said.path);
    let map = Landscape {
        purpose: file.purpose,
        grouping,
        anchors,
        lines,
        deepest: components.last().map_or(0, |one| one.depth),
        above: coarseness::common_folder(paths),
        components,
        ..Landscape::default()
    };
    Ok((map, saved))
}

/// Who comes in by which components, and what needs which.
fn between(
    components: &[Component],
    anchors: Vec<AnchorEntry>,
    lines: Vec<LineEntry>,
) -> Result<(Vec<Anchor>, Vec<Need>), String> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for (at, component) in components.iter().enumerate() {
        if numbers.insert(&component.name, at).is_some() {
            return Err(format!("two components are called `{}`", component.name));
        }
    }
    let number = |name: &str, whose: &str| {
        let number = numbers.get(name).copied();
        number.ok_or_else(|| format!("{whose} `{name}`, and no component is called that"))
    };
    let anchors = anchors.into_iter().map(|one| {
        let whose = format!("`{}` leads to", one.name);
        let to: Result<Vec<_>, _> = one.to.iter().map(|name| number(name, &whose)).collect();
        let door = match &*one.kind {
            "users" => Entrance::Users,
            "systems" => Entrance::Systems,
            "schedule" => Entrance::Clock,
            other => return Err(format!("`{other}` is no kind of anchor")),
        };
        let (name, mut to) = (one.name, to?);
        to.sort_unstable();
        to.dedup();
        Ok(Anchor { name, door, to })
    });
    let anchors = anchors.collect::<Result<_, _>>()?;
    let lines = lines.into_iter().map(|one| {
        let is_weak = match &*one.strength {
            "strong" => false,
            "weak" => true,
            other => return Err(format!("`{other}` is no strength of a line")),
        };
        Ok(Need {
            from: number(&one.from, "a line leads from")?,
            to: number(&one.to, "a line leads to")?,
            is_weak,
        })
    });
    let mut lines: Vec<Need> = lines.collect::<Result<_, _>>()?;
    lines.sort_unstable();
    lines.dedup();
    Ok((anchors, lines))
}

/// `most` is how deep one can stand: no step from top to bottom is empty before somebody places something by hand.
fn component(
    one: ComponentEntry,
    most: usize,
    choices: &mut Vec<SavedChoice>,
) -> Result<Component, String> {
    let name = one.name;
    let wrong = |what: String| format!("component `{name}`: {what}");
    if !(1..=most).contains(&one.depth) {
        let depth = one.depth;
        return Err(wrong(format!(
            "a depth of {depth} is not one of 1 to {most}"
        )));
    }
    if one.parts.is_empty() {
        return Err(wrong("it has no parts".to_owned()));
    }
    let parts = one.parts.into_iter();
    let parts: Result<Vec<_>, _> = parts
        .map(|share| part(share, &one.ladder, choices))
        .collect();
    let parts = parts.map_err(wrong)?;
    let visibility = share(one.visibility).map_err(wrong)?;
    let by_hand = one.placed.map(by_hand).transpose().map_err(wrong)?;
    Ok(Component {
        ladder: one.ladder,
        stack: one.stack,
        parts,
        depth: one.depth,
        visibility,
        by_hand,
        name,
    })
}

fn by_hand(one: PlacedEntry) -> Result<HandPlace, String> {
    Ok(HandPlace {
        path: one.path.into(),
        line: one.line,
        component: None,
        evolution: one.evolution.map(share).transpose()?,
        visibility: one.visibility.map(share).transpose()?,
        label: one.label,
        is_hidden: false,
    })
}

fn part(one: PartEntry, ladder: &str, choices: &mut Vec<SavedChoice>) -> Result<RungShare, String> {
    let count = one.decisions.len();
    if count == 0 {
        return Err("a part of it has no decisions".to_owned());
    }
    if one.open > count || one.explained > count {
        let (open, explained) = (one.open, one.explained);
        return Err(format!(
            "of {count} decisions, {open} can't be open and {explained} explained"
        ));
    }
    let first = choices.len();
    for said in one.decisions {
        if said.line == 0 || said.source.as_ref().is_some_and(|block| block.line == 0) {
            return Err(format!("`{}` stands on no line", said.address));
        }
        let ladder = ladder.to_owned();
        choices.push(SavedChoice { ladder, said });
    }
    let signs = one.signs.iter().map(|name| {
        let sign = Sign::ALL.into_iter().find(|sign| sign.name() == name);
        sign.ok_or_else(|| format!("`{name}` is no sign that sfl knows"))
    });
    let ending = one.lifecycle.map(|name| {
        let code = LifecycleCode::ALL.into_iter();
        let mut code = code.filter(|code| code.name() == name);
        code.next()
            .ok_or_else(|| format!("`{name}` is no lifecycle that sfl knows"))
    });
    let movement = one.movement.map(|one| {
        Ok::<_, String>(Movement {
            rung: rung(one.rung)?,
            to: share(one.evolution)?,
            up: one.up,
            warning: one.warning,
        })
    });
    Ok(RungShare {
        rung: rung(one.rung)?,
        evolution: share(one.evolution)?,
        is_by_hand: one.placed,
        decisions: (first..choices.len()).collect(),
        open: one.open,
        explained: one.explained,
        until: one.until,
        ending: ending.transpose()?,
        signs: signs.collect::<Result<_, _>>()?,
        movement: movement.transpose()?,
    })
}

fn share(number: f64) -> Result<f64, String> {
    match (0.0..=1.0).contains(&number) {
        true => Ok(number),
        false => Err(format!("{number} is not between 0 and 1")),
    }
}
