//! What has moved, in the picture: a faint dot where something stood and an arrow to where it stands, a plus at what is new, a broken
//! ring for what is gone. Blue, so that nobody takes it for the red arrow of what could come.

use std::io::{self, Write};

use super::captions;
use super::layout::{DOT, LEFT, Layout, Spot, across, radius, width};
use super::svg::text;
use crate::landscape::{Component, Gone, Landscape, LandscapeChange};

/// How far an arrow of the past hangs through, so that it does not lie on the way up.
const HANG: f64 = 22.0;

/// What the signs mean.
pub(super) fn legend(change: &LandscapeChange, y: f64, out: &mut dyn Write) -> io::Result<()> {
    let mut x = LEFT + DOT;
    let word = |x: f64, words: &str, out: &mut dyn Write| {
        let words = super::layout::shorten(words);
        writeln!(
            out,
            "<text class=\"soft\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
            y + 4.0,
            text(&words)
        )?;
        Ok::<f64, io::Error>(x + width(&words) + 20.0)
    };
    x = word(x - DOT, &format!("since {}:", change.since), out)?;
    writeln!(
        out,
        "<circle class=\"was\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>\
         <path class=\"moved\" d=\"M{:.1} {y:.1}h20\"/><path class=\"arrived\" d=\"M{:.1} {y:.1}l-7 -4v8z\"/>",
        x + 6.0,
        x + 32.0
    )?;
    x = word(x + 40.0, "moved", out)?;
    plus(x, y, out)?;
    x = word(x + 10.0, "new", out)?;
    writeln!(
        out,
        "<g class=\"gone\"><circle class=\"was\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/></g>"
    )?;
    word(x + 11.0, "gone", out)?;
    Ok(())
}

fn plus(x: f64, y: f64, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<path class=\"new\" d=\"M{:.1} {y:.1}h8M{x:.1} {:.1}v8\"/>",
        x - 4.0,
        y - 4.0
    )
}

/// Where parts of a component stood, and which of them are new.
pub(super) fn component(
    change: &LandscapeChange,
    number: usize,
    component: &Component,
    spot: &Spot,
    out: &mut dyn Write,
) -> io::Result<()> {
    let y = spot.y;
    for shift in change.shifts_of(number) {
        let (Some(part), Some(to)) = (component.parts.get(shift.part), spot.parts.get(shift.part))
        else {
            continue;
        };
        // What stands aside stood aside.
        let from = across(shift.from) + to - across(part.evolution);
        let is_right = *to > from;
        let edge = radius(part.decisions.len()) + 2.0;
        let (end, back) = if is_right {
            (to - edge, -7.0)
        } else {
            (to + edge, 7.0)
        };
        writeln!(
            out,
            "<circle class=\"was\" cx=\"{from:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>\
             <path class=\"moved\" d=\"M{from:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}\"/>\
             <path class=\"arrived\" d=\"M{end:.1} {:.1}l{back} -1.5l{:.1} 7z\"/>",
            radius(shift.decisions.len()) - 1.0,
            y + radius(shift.decisions.len()) - 1.0,
            (from + end) / 2.0,
            y + HANG,
            end + back * 0.7,
            y + 6.5,
            y + 4.0,
            -back * 0.35
        )?;
    }
    for (_, part, new) in change.new_of(number) {
        if let (Some(x), Some(part)) = (spot.parts.get(*part), component.parts.get(*part)) {
            let beside = radius(part.decisions.len()) + 5.0;
            // Of several, the title says how many are new.
            if new.len() == part.decisions.len() {
                plus(x + beside * 0.9, y + beside * 0.9, out)?;
            }
        }
    }
    Ok(())
}

/// What is no more.
pub(super) fn gone(map: &Landscape, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let Some(change) = &map.change else {
        return Ok(());
    };
    for (one, spot) in change.gone.iter().zip(&layout.gone) {
        gone_at(change, one, spot, out)?;
    }
    Ok(())
}

fn gone_at(
    change: &LandscapeChange,
    gone: &Gone,
    spot: &Spot,
    out: &mut dyn Write,
) -> io::Result<()> {
    let about = text(&captions::gone(change, gone));
    let anchor = if spot.label.is_before { "end" } else { "start" };
    writeln!(
        out,
        "<g class=\"gone\" role=\"graphics-symbol img\" aria-label=\"{about}\"><title>{about}</title>\
         <circle class=\"was\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{:.1}\"/>\
         <text class=\"halo label\" text-anchor=\"{anchor}\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
        spot.x,
        spot.y,
        radius(gone.decisions.len()),
        spot.label.x,
        spot.label.y,
        text(&spot.label.text)
    )
}
