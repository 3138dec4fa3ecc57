//! The geometry of a map: rows by depth, one below the other; in each row as many lines as it takes for nothing to lie on
//! anything else. Labels take more room here than any usual font gives them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use unicode_width::UnicodeWidthChar as _;

use super::crossings::{Drawn, MOST_ASIDE};
use super::labels::labels;
use crate::landscape::evolution::COLUMNS;
use crate::landscape::{Component, Gone, Landscape};

/// Width of the drawing.
pub(super) const WIDTH: f64 = 1200.0;
/// Where evolution begins and ends.
pub(super) const LEFT: f64 = 56.0;
pub(super) const RIGHT: f64 = WIDTH - 24.0;
/// A line above the first row.
pub(super) const HEAD: f64 = 18.0;
/// Where the first row begins: a title and the legend stand above it.
pub(super) const TOP: f64 = 76.0;
/// The names of the columns stand below the last row.
pub(super) const BOTTOM: f64 = 48.0;
/// Radius of a dot, and of the largest with a number in it.
pub(super) const DOT: f64 = 6.0;
pub(super) const NUMBERED: f64 = 13.0;
/// From one line of a row to the next: a label above its dot.
const LINE: f64 = 46.0;
/// The same of those who come in, where their names need more than one line.
const ANCHOR_LINE: f64 = 30.0;
/// Between rows.
const GAP: f64 = 26.0;
/// Between what stands beside each other.
const SPACE: f64 = 14.0;
/// Letters of a label.
const MOST_LETTERS: usize = 44;

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// Where the first row begins.
    pub top: f64,
    pub height: f64,
    /// One for each anchor.
    pub anchors: Vec<Spot>,
    /// One for each component.
    pub components: Vec<Spot>,
    /// One for each that is gone.
    pub gone: Vec<Spot>,
}

/// Where one thing stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    /// The middle of it.
    pub x: f64,
    pub y: f64,
    /// Its parts, from left to right.
    pub parts: Vec<f64>,
    pub label: Label,
}

/// A name, as long as there is room for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    pub text: String,
    /// Where its text begins, or ends where `is_before`.
    pub x: f64,
    pub y: f64,
    pub is_before: bool,
}

/// The radius of a dot that stands for so many.
pub(super) fn radius(count: usize) -> f64 {
    match count {
        0 | 1 => DOT,
        2..10 => 8.0,
        10..100 => 9.5,
        100..1000 => 11.5,
        _ => NUMBERED,
    }
}

/// The place on the axis of what stands there.
pub(super) fn across(evolution: f64) -> f64 {
    LEFT + evolution.clamp(0.0, 1.0) * (RIGHT - LEFT)
}

/// Lays out a landscape, with room for more lines at its head.
pub(super) fn layout(map: &Landscape, more: usize) -> Layout {
    let mut components: Vec<Option<Spot>> = vec![None; map.components.len()];
    let all_gone: &[Gone] = map.change.as_ref().map_or(&[], |change| &change.gone);
    let mut gone: Vec<Option<Spot>> = vec![None; all_gone.len()];
    let mut gone_by_depth: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, one) in all_gone.iter().enumerate() {
        gone_by_depth.entry(one.depth).or_default().push(at);
    }
    let old = old_places(map);
    let top = TOP + HEAD * as_length(more);
    let mut y = top;
    let anchors = anchors(map, &mut y);
    let labels = labels(map);
    let mut drawn = Drawn::new(map, &anchors);
    for depth in 1..=map.deepest {
        let row = map.row(depth);
        let row = row.map(|at| (Ok(at), extent(&map.components[at], &labels[at], &old[at])));
        let left = gone_by_depth.get(&depth).into_iter().flatten();
        let left = left.map(|at| (Err(*at), extent_of_gone(&all_gone[*at])));
        let mut boxes: Vec<(Result<usize, usize>, Extent)> = row.chain(left).collect();
        boxes.sort_by(|(_, a), (_, b)| a.from.total_cmp(&b.from));
        let mut lines = Lines::default();
        for (at, extent) in boxes {
            let line = lines.place(extent.from, extent.to);
            let middle = y + LINE * (as_length(line) + 0.6);
            let at = match at {
                Ok(at) => at,
                Err(at) => {
                    gone[at] = Some(extent.spot(middle));
                    continue;
                }
            };
            // Where many stand together, their places tell the rungs apart.
            let is_single = matches!(&map.components[at].parts[..], [one] if one.decisions.len() == 1 && !one.is_by_hand);
            let extent = if is_single {
                let aside = drawn.aside(at, &|aside| extent.beside(aside), middle, line + depth);
                extent.moved(aside)
            } else {
                extent
            };
            let spot = extent.spot(middle);
            drawn.add(at, &spot);
            components[at] = Some(spot);
        }
        y += LINE * as_length(lines.count.max(1)) + GAP;
    }
    Layout {
        top,
        height: y + BOTTOM,
        anchors,
        components: components.into_iter().flatten().collect(),
        gone: gone.into_iter().flatten().collect(),
    }
}

/// Where decisions of each component stood before.
fn old_places(map: &Landscape) -> Vec<Vec<f64>> {
    let mut old = vec![Vec::new(); map.components.len()];
    for shift in map.change.iter().flat_map(|change| &change.shifts) {
        old[shift.component].push(across(shift.from));
    }
    old
}

pub(super) fn as_length(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Anchors stand beside each other, in the order of what they come in by, on as many lines as their names need.
fn anchors(map: &Landscape, y: &mut f64) -> Vec<Spot> {
    if map.anchors.is_empty() {
        return Vec::new();
    }
    let mut order: Vec<(usize, f64)> = Vec::new();
    for (at, anchor) in map.anchors.iter().enumerate() {
        let middles = anchor.to.iter().map(|to| middle(&map.components[*to]));
        order.push((at, middles.sum::<f64>() / as_length(anchor.to.len().max(1))));
    }
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let share = (RIGHT - LEFT) / as_length(order.len() + 1);
    let mut spots: Vec<(usize, Spot)> = Vec::new();
    let mut lines = Lines::default();
    for (place, (at, _)) in order.into_iter().enumerate() {
        let text = shorten(&map.anchors[at].name);
        // They are written in bold.
        let half = width(&text) * 0.55 + SPACE / 2.0;
        let x = LEFT + share * as_length(place + 1);
        let x = x.clamp(half.min(WIDTH / 2.0), (WIDTH - half).max(WIDTH / 2.0));
        let line = lines.place(x - half, x + half);
        let middle = *y + LINE * 0.6 + ANCHOR_LINE * as_length(line);
        let label = Label {
            text,
            x,
            y: middle - DOT - 6.0,
            is_before: false,
        };
        let spot = Spot {
            x,
            y: middle,
            parts: vec![x],
            label,
        };
        spots.push((at, spot));
    }
    *y += LINE + ANCHOR_LINE * as_length(lines.count.saturating_sub(1)) + GAP;
    spots.sort_by_key(|(at, _)| *at);
    spots.into_iter().map(|(_, spot)| spot).collect()
}

fn middle(component: &Component) -> f64 {
    let first = component.parts.first().map_or(0.0, |part| part.evolution);
    let last = component.parts.last().map_or(first, |part| part.evolution);
    across((first + last) / 2.0)
}

/// How much room a component takes from left to right.
struct Extent {
    from: f64,
    to: f64,
    text: String,
    label: f64,
    is_before: bool,
    parts: Vec<f64>,
}

fn extent_of_gone(gone: &Gone) -> Extent {
    let at = across(gone.evolution);
    Extent::of(&format!("{} (gone)", gone.name), vec![at], at, at)
}

/// `label` is its name, `old` where some of it stood before.
fn extent(component: &Component, label: &str, old: &[f64]) -> Extent {
    let parts: Vec<f64> = component
        .parts
        .iter()
        .map(|one| across(one.evolution))
        .collect();
    let first = parts.first().copied().unwrap_or(LEFT);
    let last = parts.last().copied().unwrap_or(LEFT);
    let arrows = component.parts.iter().filter_map(|part| part.arrow());
    let arrow = arrows.map(|one| across(one.to)).fold(last, f64::max);
    let leftmost = old.iter().copied().fold(first, f64::min);
    let rightmost = old.iter().copied().fold(arrow, f64::max);
    Extent::of(label, parts, leftmost, rightmost)
}

impl Extent {
    /// Of a name above its parts; arrows begin and end between `leftmost` and `rightmost`.
    fn of(name: &str, parts: Vec<f64>, leftmost: f64, rightmost: f64) -> Self {
        let first = parts.first().copied().unwrap_or(LEFT);
        let last = parts.last().copied().unwrap_or(LEFT);
        let text = shorten(name);
        let length = width(&text);
        let edge = NUMBERED + 2.0;
        // To the right of its dot, unless it would leave the drawing.
        let is_before = first - edge + length > RIGHT + 16.0;
        let (label, begin, end) = if is_before {
            (last + edge, last + edge - length, last + edge)
        } else {
            (first - edge, first - edge, first - edge + length)
        };
        Self {
            from: begin.min(first - edge).min(leftmost - edge) - MOST_ASIDE,
            to: end.max(rightmost + edge).max(last + edge) + SPACE,
            text,
            label,
            is_before,
            parts,
        }
    }

    /// Where its first part stands if it moves aside, but into no other column.
    fn beside(&self, aside: f64) -> f64 {
        let first = self.parts.first().copied().unwrap_or(LEFT);
        let columns = COLUMNS.iter().map(|(from, _)| across(*from) + DOT + 2.0);
        let column = columns.filter(|from| *from <= first).fold(LEFT, f64::max);
        (first - aside).max(column)
    }

    /// Moved to the left.
    fn moved(mut self, aside: f64) -> Self {
        let first = self.parts.first().copied().unwrap_or(LEFT);
        let aside = first - self.beside(aside);
        self.label -= aside;
        for x in &mut self.parts {
            *x -= aside;
        }
        self
    }

    fn spot(self, y: f64) -> Spot {
        let first = self.parts.first().copied().unwrap_or(LEFT);
        let last = self.parts.last().copied().unwrap_or(LEFT);
        Spot {
            x: (first + last) / 2.0,
            y,
            parts: self.parts,
            label: Label {
                text: self.text,
                x: self.label,
                y: y - NUMBERED - 4.0,
                is_before: self.is_before,
            },
        }
    }
}

/// The lines of a row, each by where it is free.
#[derive(Default)]
struct Lines {
    count: usize,
    /// Whole numbers order where fractions can't; a hundredth is finer than anybody sees.
    free: BinaryHeap<Reverse<(i64, usize)>>,
}

impl Lines {
    /// The first line that is free there. To be asked from left to right.
    fn place(&mut self, from: f64, to: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a drawing is not that wide"
        )]
        let whole = |x: f64| (x * 100.0).ceil() as i64;
        let line = match self.free.peek() {
            Some(Reverse((end, line))) if *end <= whole(from) => {
                let line = *line;
                self.free.pop();
                line
            }
            _ => {
                self.count += 1;
                self.count - 1
            }
        };
        self.free.push(Reverse((whole(to), line)));
        line
    }
}

/// A name that is not too long: its middle goes, for what tells names apart stands at their ends.
pub(super) fn shorten(name: &str) -> String {
    let seen = crate::report::visible::line(name, true);
    let letters: Vec<char> = seen.chars().collect();
    if letters.len() <= MOST_LETTERS {
        return seen.into_owned();
    }
    let head = MOST_LETTERS / 3;
    let tail = MOST_LETTERS - head - 1;
    let head: String = letters[..head].iter().collect();
    let tail: String = letters[letters.len() - tail..].iter().collect();
    format!("{head}…{tail}")
}

/// More than a text takes at 12 pixels in any usual font without serifs.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(letter).sum()
}

fn letter(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 5.0,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 12.4,
        'A'..='Z' | '_' | '&' | '+' | '=' | '<' | '>' | '~' | '#' => 10.2,
        c if c.is_ascii() => 8.0,
        c => 9.0 * as_length(c.width().unwrap_or(1).max(1)) + 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_ends() {
        let name = format!("start{}end", "x".repeat(90));
        let short = shorten(&name);
        assert!(short.starts_with("start") && short.ends_with("end"));
        assert_eq!(short.chars().count(), MOST_LETTERS);
    }

    #[test]
    fn what_is_taken_is_not_given_again() {
        let mut lines = Lines::default();
        assert_eq!(lines.place(0.0, 50.0), 0);
        assert_eq!(lines.place(20.0, 60.0), 1);
        assert_eq!(lines.place(50.0, 70.0), 0);
    }
}
