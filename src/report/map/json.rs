//! The map for other programs: one object, `sfl-map/1`. Fields may be added, never changed.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::base::{LifecycleCode, Rung};
use crate::landscape::evolution::rounded;
use crate::landscape::redrawn::SavedTarget;
use crate::landscape::{
    Anchor, Component, Entrance, HostingChoice, Landscape, LandscapeChange, MapSource, Movement,
    RungShare,
};
use crate::report::json::{Each, TargetView, target, write_object};

/// Writes the map and a line break.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(map: &Landscape, source: MapSource<'_>, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<&str> = map.components.iter().map(|one| one.name.as_str()).collect();
    let anchors = map.anchors.iter().map(|one| anchor(one, &names));
    let components = map.components.iter().map(|one| component(one, source));
    let lines = map.lines.iter().map(|line| LineView {
        from: names[line.from],
        to: names[line.to],
        strength: if line.is_weak { "weak" } else { "strong" },
    });
    let object = Object {
        schema: "sfl-map/1",
        purpose: map.purpose.as_deref(),
        targets: targets(source),
        grouping: map.grouping.name(),
        anchors: Each(anchors),
        components: Each(components),
        lines: Each(lines),
        change: map.change.as_ref().map(|one| change(one, map, source)),
    };
    write_object(&object, out)
}

#[derive(Serialize)]
struct Object<'m, A: Serialize, C: Serialize, L: Serialize> {
    schema: &'static str,
    purpose: Option<&'m str>,
    targets: Vec<AimView<'m>>,
    grouping: &'static str,
    anchors: A,
    components: C,
    lines: L,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<SinceView<'m>>,
}

/// A target, worked out today or when the map was saved.
#[derive(Serialize)]
#[serde(untagged)]
enum AimView<'m> {
    Today(TargetView<'m>),
    Saved(&'m SavedTarget),
}

fn targets(source: MapSource<'_>) -> Vec<AimView<'_>> {
    match source {
        MapSource::Analysis(analysis) => {
            let all = analysis.targets.iter().map(target);
            all.map(AimView::Today).collect()
        }
        MapSource::Saved(map) => map.targets.iter().map(AimView::Saved).collect(),
    }
}

#[derive(Serialize)]
struct SinceView<'m> {
    since: &'m str,
    base: Option<&'m str>,
    moved: Vec<MovedView<'m>>,
    new: Vec<NewView<'m>>,
    gone: Vec<GoneView<'m>>,
}

#[derive(Serialize)]
struct MovedView<'m> {
    component: &'m str,
    from: StandingView,
    to: StandingView,
    decisions: Vec<DecisionView<'m>>,
}

#[derive(Serialize)]
struct StandingView {
    rung: u8,
    evolution: f64,
}

#[derive(Serialize)]
struct NewView<'m> {
    component: &'m str,
    rung: u8,
    decisions: Vec<DecisionView<'m>>,
}

#[derive(Serialize)]
struct GoneView<'m> {
    name: &'m str,
    ladder: &'m str,
    rung: u8,
    evolution: f64,
    depth: usize,
    decisions: Vec<FormerView<'m>>,
}

#[derive(Serialize)]
struct FormerView<'m> {
    path: &'m str,
    address: &'m str,
}

fn change<'m>(
    change: &'m LandscapeChange,
    map: &'m Landscape,
    source: MapSource<'m>,
) -> SinceView<'m> {
    let all = |places: &[usize]| {
        let all = places.iter().filter_map(|at| source.choice(*at));
        all.map(decision).collect::<Vec<_>>()
    };
    let standing = |rung: Rung, evolution: f64| StandingView {
        rung: rung.number(),
        evolution: rounded(evolution),
    };
    let moved = change.shifts.iter().map(|shift| {
        let component = &map.components[shift.component];
        let part = &component.parts[shift.part];
        MovedView {
            component: &component.name,
            from: standing(shift.rung, shift.from),
            to: standing(part.rung, part.evolution),
            decisions: all(&shift.decisions),
        }
    });
    let new = change.new.iter().map(|(component, part, new)| {
        let component = &map.components[*component];
        NewView {
            component: &component.name,
            rung: component.parts[*part].rung.number(),
            decisions: all(new),
        }
    });
    let gone = change.gone.iter().map(|one| GoneView {
        name: &one.name,
        ladder: &one.ladder,
        rung: one.rung.number(),
        evolution: rounded(one.evolution),
        depth: one.depth,
        decisions: one
            .decisions
            .iter()
            .map(|(path, address)| FormerView { path, address })
            .collect(),
    });
    SinceView {
        since: &change.since,
        base: change.base.as_deref(),
        moved: moved.collect(),
        new: new.collect(),
        gone: gone.collect(),
    }
}

#[derive(Serialize)]
struct AnchorView<'m> {
    name: &'m str,
    kind: &'static str,
    to: Vec<&'m str>,
}

fn anchor<'m>(anchor: &'m Anchor, names: &[&'m str]) -> AnchorView<'m> {
    AnchorView {
        name: &anchor.name,
        kind: match anchor.door {
            Entrance::Users => "users",
            Entrance::Systems => "systems",
            Entrance::Clock => "schedule",
        },
        to: anchor.to.iter().map(|at| names[*at]).collect(),
    }
}

#[derive(Serialize)]
struct LineView<'m> {
    from: &'m str,
    to: &'m str,
    strength: &'static str,
}

#[derive(Serialize)]
struct ComponentView<'m> {
    name: &'m str,
    ladder: &'m str,
    stack: Option<&'m str>,
    depth: usize,
    visibility: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    placed: Option<PlacedView<'m>>,
    parts: Vec<ShareView<'m>>,
}

/// Where a person placed it, and what that person said.
#[derive(Serialize)]
struct PlacedView<'m> {
    path: &'m str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    evolution: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'m str>,
}

fn component<'m>(component: &'m Component, source: MapSource<'m>) -> ComponentView<'m> {
    ComponentView {
        name: &component.name,
        ladder: &component.ladder,
        stack: component.stack.as_deref(),
        depth: component.depth,
        visibility: rounded(component.visibility),
        placed: component.by_hand.as_ref().map(|place| PlacedView {
            path: &place.path,
            line: place.line,
            evolution: place.evolution,
            visibility: place.visibility,
            label: place.label.as_deref(),
        }),
        parts: component
            .parts
            .iter()
            .map(|one| part(one, source))
            .collect(),
    }
}

#[derive(Serialize)]
struct ShareView<'m> {
    rung: u8,
    evolution: f64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    placed: bool,
    decisions: Vec<DecisionView<'m>>,
    open: usize,
    explained: usize,
    until: Option<&'m str>,
    lifecycle: Option<&'static str>,
    signs: Vec<&'static str>,
    movement: Option<MovementView<'m>>,
}

#[derive(Serialize)]
struct DecisionView<'m> {
    path: &'m str,
    address: &'m str,
    line: u32,
    owner: Option<Cow<'m, str>>,
    stream: Option<&'m str>,
    name: &'m str,
    #[serde(rename = "type")]
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'m str>,
    root: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<BlockView<'m>>,
}

/// The block that a plan was made from.
#[derive(Serialize)]
struct BlockView<'m> {
    path: &'m str,
    line: u32,
}

fn decision(one: HostingChoice<'_>) -> DecisionView<'_> {
    DecisionView {
        path: one.path,
        address: one.address,
        line: one.line,
        owner: one.owner,
        stream: one.stream,
        name: one.name,
        kind: one.kind,
        root: one.root,
        source: one.written.map(|(path, line)| BlockView { path, line }),
    }
}

#[derive(Serialize)]
struct MovementView<'m> {
    rung: u8,
    evolution: f64,
    up: &'m str,
    warning: Option<&'m str>,
}

fn part<'m>(part: &'m RungShare, source: MapSource<'m>) -> ShareView<'m> {
    let all = part.decisions.iter().filter_map(|at| source.choice(*at));
    ShareView {
        rung: part.rung.number(),
        evolution: rounded(part.evolution),
        placed: part.is_by_hand,
        decisions: all.map(decision).collect(),
        open: part.open,
        explained: part.explained,
        until: part.until.as_deref(),
        lifecycle: part.ending.map(LifecycleCode::name),
        signs: part.signs.iter().map(|sign| sign.name()).collect(),
        movement: part.movement.as_ref().map(movement),
    }
}

fn movement(movement: &Movement) -> MovementView<'_> {
    MovementView {
        rung: movement.rung.number(),
        evolution: rounded(movement.to),
        up: &movement.up,
        warning: movement.warning.as_deref(),
    }
}
