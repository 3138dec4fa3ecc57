//! The map as a picture: no script, no request, light and dark, with a text for who can't see it.

use std::io::{self, Write};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::escape::escape;

use super::layout::{
    BOTTOM, DOT, HEAD, LEFT, Layout, NUMBERED, RIGHT, Spot, WIDTH, across, layout, radius,
};
use super::{captions, trace};
use crate::base::LifecycleCode;
use crate::landscape::evolution::COLUMNS;
use crate::landscape::{Landscape, MapSource, RungShare};
use crate::report::visible;

/// Its colours. The HTML report has them in a style sheet of its own, for its policy knows that by its digest.
pub(in crate::report) const STYLE: &str = include_str!("svg.css");

/// In the page, the line of the title is left out.
const UNTITLED: f64 = 34.0;

/// Writes the picture and a line break.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(map: &Landscape, source: MapSource<'_>, out: &mut dyn Write) -> io::Result<()> {
    let targets = source.target_words();
    let layout = layout(map, targets.len() + usize::from(map.change.is_some()));
    let height = layout.height;
    let title = captions::title(map);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sfl-map\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" \
         width=\"{WIDTH:.0}\" height=\"{height:.0}\" role=\"graphics-document document\" \
         aria-labelledby=\"sfl-map-title sfl-map-about\">"
    )?;
    writeln!(out, "<title id=\"sfl-map-title\">{}</title>", text(&title))?;
    writeln!(
        out,
        "<desc id=\"sfl-map-about\">{}</desc>",
        text(&captions::summary(map))
    )?;
    writeln!(out, "<style>{STYLE}</style>")?;
    writeln!(
        out,
        "<rect class=\"paper\" width=\"{WIDTH:.0}\" height=\"{height:.0}\"/>"
    )?;
    writeln!(
        out,
        "<text class=\"title\" x=\"{LEFT:.0}\" y=\"28\">{}</text>",
        text(&super::layout::shorten(&title))
    )?;
    for (number, words) in targets.iter().enumerate() {
        let line = u32::try_from(number).unwrap_or(u32::MAX);
        writeln!(
            out,
            "<text x=\"{LEFT:.0}\" y=\"{:.0}\">{}</text>",
            46.0 + HEAD * f64::from(line),
            text(words)
        )?;
    }
    drawing(map, &layout, Links::None, out)
}

/// Writes the picture for a page that has a style sheet, a title and the targets by itself: each component is a link to its decisions.
///
/// # Errors
/// Those of `out`.
pub(in crate::report) fn write_inside(map: &Landscape, out: &mut dyn Write) -> io::Result<()> {
    let layout = layout(map, usize::from(map.change.is_some()));
    let height = layout.height - UNTITLED;
    writeln!(
        out,
        "<svg class=\"sfl-map\" viewBox=\"0 {UNTITLED:.0} {WIDTH:.0} {height:.0}\" width=\"{WIDTH:.0}\" height=\"{height:.0}\" \
         role=\"group\" aria-label=\"{}\">",
        text(&captions::summary(map))
    )?;
    drawing(map, &layout, Links::ToDecisions, out)
}

/// What a click on a component does.
#[derive(Clone, Copy, PartialEq)]
enum Links {
    None,
    /// Its name behind `#component=`.
    ToDecisions,
}

fn drawing(map: &Landscape, layout: &Layout, links: Links, out: &mut dyn Write) -> io::Result<()> {
    match &map.change {
        None => legend(map, layout.top - 26.0, out)?,
        Some(change) => {
            legend(map, layout.top - 26.0 - HEAD, out)?;
            trace::legend(change, layout.top - 26.0, out)?;
        }
    }
    axes(layout, out)?;
    lines(map, layout, out)?;
    for (anchor, spot) in map.anchors.iter().zip(&layout.anchors) {
        anchor_at(&anchor.name, spot, out)?;
    }
    trace::gone(map, layout, out)?;
    for (number, spot) in layout.components.iter().enumerate() {
        component_at(map, number, spot, links, out)?;
    }
    writeln!(out, "</svg>")
}

pub(super) fn text(plain: &str) -> String {
    escape(&*visible::line(plain, true)).into_owned()
}

/// What colours and signs mean.
fn legend(map: &Landscape, y: f64, out: &mut dyn Write) -> io::Result<()> {
    let mut x = LEFT + DOT;
    for (class, words) in [
        ("fine", "serverless"),
        ("", "accepted below"),
        ("open", "fallback without a reason"),
        ("told", "fallback with a reason"),
    ] {
        writeln!(
            out,
            "<circle class=\"dot {class}\" cx=\"{x:.1}\" cy=\"{y}\" r=\"5\"/>"
        )?;
        writeln!(
            out,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\">{words}</text>",
            x + 11.0,
            y + 4.0
        )?;
        x += super::layout::width(words) + 30.0;
    }
    writeln!(
        out,
        "<path class=\"move\" d=\"M{x:.1} {y}h26\"/><path class=\"tip\" d=\"M{:.1} {y}l-7 -4v8z\"/>",
        x + 32.0
    )?;
    writeln!(
        out,
        "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\">the way up</text>",
        x + 40.0,
        y + 4.0
    )?;
    x += 40.0 + super::layout::width("the way up") + 20.0;
    writeln!(
        out,
        "<circle class=\"end\" cx=\"{x:.1}\" cy=\"{y}\" r=\"7\"/>"
    )?;
    writeln!(
        out,
        "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\">ended or ending</text>",
        x + 13.0,
        y + 4.0
    )?;
    if map.components.iter().all(|one| one.by_hand.is_none()) {
        return Ok(());
    }
    x += 13.0 + super::layout::width("ended or ending") + 20.0;
    writeln!(
        out,
        "<path class=\"by-hand\" d=\"M{:.1} {y}l8 -8l8 8l-8 8z\"/><text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\">placed by hand</text>",
        x - 8.0,
        x + 13.0,
        y + 4.0
    )
}

/// The columns, and what the axes mean.
fn axes(layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let top = layout.top;
    let floor = layout.height - BOTTOM + 8.0;
    writeln!(
        out,
        "<path class=\"rule\" fill=\"none\" d=\"M{LEFT:.1} {top:.1}V{floor:.1}H{RIGHT:.1}\"/>"
    )?;
    for (number, (from, name)) in COLUMNS.iter().enumerate() {
        let x = across(*from);
        if number > 0 {
            writeln!(
                out,
                "<path class=\"rule\" stroke-dasharray=\"2 4\" d=\"M{x:.1} {top:.1}V{floor:.1}\"/>"
            )?;
        }
        writeln!(
            out,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + 4.0,
            floor + 17.0,
            text(name)
        )?;
    }
    let middle = (top + floor) / 2.0;
    writeln!(
        out,
        "<text class=\"soft\" text-anchor=\"middle\" transform=\"translate(30 {middle:.1}) rotate(-90)\">who sees it → </text>"
    )
}

fn lines(map: &Landscape, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<g class=\"lines\" aria-hidden=\"true\">")?;
    let mut line = |from: &Spot, to: &Spot, class: &str| {
        writeln!(
            out,
            "<path class=\"line{class}\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>",
            from.x, from.y, to.x, to.y
        )
    };
    for (anchor, spot) in map.anchors.iter().zip(&layout.anchors) {
        for to in &anchor.to {
            line(spot, &layout.components[*to], "")?;
        }
    }
    for one in &map.lines {
        let class = if one.is_weak { " weak" } else { "" };
        line(
            &layout.components[one.from],
            &layout.components[one.to],
            class,
        )?;
    }
    writeln!(out, "</g>")
}

fn anchor_at(name: &str, spot: &Spot, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<g class=\"anchor\"><circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/><text class=\"halo anchor\" \
         text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\"><title>{}</title>{}</text></g>",
        spot.x,
        spot.y,
        spot.label.x,
        spot.label.y,
        text(name),
        text(&spot.label.text)
    )
}

fn component_at(
    map: &Landscape,
    number: usize,
    spot: &Spot,
    links: Links,
    out: &mut dyn Write,
) -> io::Result<()> {
    let component = &map.components[number];
    let about = captions::component(map, number);
    let about = text(&about);
    // In the page, the script shows the words beside the component: a title as well would say them twice.
    let end = if links == Links::ToDecisions {
        let name = visible::line(&component.name, true);
        let short = match &spot.label.text {
            shown if **shown == *name => String::new(),
            shown => format!("{}: ", text(shown)),
        };
        let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
        writeln!(
            out,
            "<a class=\"component\" href=\"#component={name}\" aria-label=\"{short}{about}\">"
        )?;
        "a"
    } else {
        writeln!(
            out,
            "<g class=\"component\" role=\"graphics-symbol img\" aria-label=\"{about}\"><title>{about}</title>"
        )?;
        "g"
    };
    let y = spot.y;
    if let ([first, .., last], true) = (&spot.parts[..], spot.parts.len() > 1) {
        writeln!(
            out,
            "<rect class=\"pipeline\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"30\" rx=\"3\"/>",
            first - NUMBERED - 4.0,
            y - 15.0,
            last - first + 2.0 * (NUMBERED + 4.0)
        )?;
    }
    let last = component.parts.last().map_or(0.0, |part| part.evolution);
    for (part, x) in component.parts.iter().zip(&spot.parts) {
        // Within a pipeline, the next place is seen.
        let movement = part.arrow();
        if let Some(movement) = movement.filter(|one| spot.parts.len() == 1 || one.to > last) {
            let to = across(movement.to);
            writeln!(
                out,
                "<path class=\"move\" d=\"M{x:.1} {y:.1}H{:.1}\"/><path class=\"tip\" d=\"M{:.1} {y:.1}l-8 -4.5v9z\"/>",
                to - 8.0,
                to - 2.0
            )?;
        }
    }
    if let Some(change) = &map.change {
        trace::component(change, number, component, spot, out)?;
    }
    for (part, x) in component.parts.iter().zip(&spot.parts) {
        part_at(part, *x, y, out)?;
        if part.is_by_hand || component.by_hand.is_some() {
            let reach = radius(part.decisions.len()) + 5.5;
            writeln!(
                out,
                "<path class=\"by-hand\" d=\"M{:.1} {y:.1}l{reach} -{reach}l{reach} {reach}l-{reach} {reach}z\"/>",
                x - reach
            )?;
        }
    }
    let anchor = if spot.label.is_before { "end" } else { "start" };
    writeln!(
        out,
        "<text class=\"halo label\" aria-hidden=\"true\" text-anchor=\"{anchor}\" x=\"{:.1}\" y=\"{:.1}\">{}</text></{end}>",
        spot.label.x,
        spot.label.y,
        text(&spot.label.text)
    )?;
    // What is seen of a link has to be part of what it is called, so the numbers stand beside it.
    for (part, x) in component.parts.iter().zip(&spot.parts) {
        count_at(part, *x, y, out)?;
    }
    Ok(())
}

fn part_at(part: &RungShare, x: f64, y: f64, out: &mut dyn Write) -> io::Result<()> {
    let radius = radius(part.decisions.len());
    if let Some(code) = part.ending {
        let later = if code == LifecycleCode::Ended {
            ""
        } else {
            " later"
        };
        writeln!(
            out,
            "<circle class=\"end{later}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>",
            radius + 3.5
        )?;
    }
    if part.explained > 0 {
        writeln!(
            out,
            "<rect class=\"inertia\" x=\"{:.1}\" y=\"{:.1}\" width=\"4\" height=\"18\"/>",
            x + radius + 2.0,
            y - 9.0
        )?;
    }
    let class = captions::state(part);
    writeln!(
        out,
        "<circle class=\"dot {class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>"
    )?;
    Ok(())
}

/// How many stand there, where it is more than one.
fn count_at(part: &RungShare, x: f64, y: f64, out: &mut dyn Write) -> io::Result<()> {
    if part.decisions.len() < 2 {
        return Ok(());
    }
    let ink = match captions::state(part) {
        "" => " plain",
        _ => "",
    };
    writeln!(
        out,
        "<text class=\"count{ink}\" aria-hidden=\"true\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
        y + 3.5,
        part.decisions.len()
    )
}
