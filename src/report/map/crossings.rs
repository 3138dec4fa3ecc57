//! A line that goes through the dot of something else looks like two lines. So what may move aside goes where the fewest do.

use super::layout::{DOT, Spot, as_length};
use crate::landscape::Landscape;

/// What stands below another thing at the same place moves aside by this much, once or several times, so that lines between them are seen.
const ASIDE: f64 = 13.0;
/// The places that there are for it; all of them are in its band.
const PLACES: usize = 7;
/// From one line to the next it moves on by so many of them.
const STRIDE: usize = 2;
/// The farthest that anything moves.
pub(super) const MOST_ASIDE: f64 = ASIDE * 6.0;
/// How many dots are looked at for lines that would go through them: there are no more where each can be told from others.
const MOST_WATCHED: usize = 64;

/// What is drawn already.
pub(super) struct Drawn {
    /// Dots, each with its component; nothing where there are too many to look at each.
    dots: Vec<(usize, f64, f64)>,
    /// The anchors of each component.
    doors: Vec<Vec<(f64, f64)>>,
    /// What it needs or is needed by.
    near: Vec<Vec<usize>>,
    is_watching: bool,
}

impl Drawn {
    pub fn new(map: &Landscape, anchors: &[Spot]) -> Self {
        let count = map.components.len();
        let mut doors = vec![Vec::new(); count];
        for (anchor, spot) in map.anchors.iter().zip(anchors) {
            for to in &anchor.to {
                doors[*to].push((spot.x, spot.y));
            }
        }
        let mut near = vec![Vec::new(); count];
        for line in &map.lines {
            near[line.from].push(line.to);
            near[line.to].push(line.from);
        }
        Self {
            dots: Vec::new(),
            doors,
            near,
            is_watching: count <= MOST_WATCHED,
        }
    }

    pub fn add(&mut self, component: usize, spot: &Spot) {
        if self.is_watching {
            let dots = spot.parts.iter().map(|x| (component, *x, spot.y));
            self.dots.extend(dots);
        }
    }

    /// How far a component moves aside for the fewest lines to go through dots.
    /// `beside` tells where it stands then; `turn` what place it takes where all are alike.
    pub fn aside(&self, component: usize, beside: &dyn Fn(f64) -> f64, y: f64, turn: usize) -> f64 {
        let place = |more: usize| ASIDE * as_length((STRIDE * turn + more) % PLACES);
        let places = (0..PLACES).map(place);
        let crossed = places.map(|aside| (aside, self.crossed(component, beside(aside), y)));
        let least = crossed.min_by(|a, b| a.1.total_cmp(&b.1));
        least.map_or(0.0, |(aside, _)| aside)
    }

    /// How many dots its lines would go through, and how far into them.
    fn crossed(&self, component: usize, x: f64, y: f64) -> f64 {
        let drawn = self
            .dots
            .iter()
            .filter(|(other, ..)| self.near[component].contains(other));
        let ends = drawn.map(|(other, x, y)| (Some(*other), *x, *y));
        let doors = self.doors[component].iter().map(|(x, y)| (None, *x, *y));
        let through = |(end, to_x, to_y): (Option<usize>, f64, f64)| {
            let others = self.dots.iter().filter(|(other, ..)| Some(*other) != end);
            others
                .map(|(_, dot_x, dot_y)| depth((*dot_x, *dot_y), (x, y), (to_x, to_y)))
                .sum::<f64>()
        };
        ends.chain(doors).map(through).sum()
    }
}

/// How far a line from one place to another goes into a dot; 0 where it passes by.
fn depth(dot: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (width, height) = (to.0 - from.0, to.1 - from.1);
    let length = width.hypot(height);
    if length == 0.0 {
        return 0.0;
    }
    let (x, y) = (dot.0 - from.0, dot.1 - from.1);
    let along = (x * width + y * height) / length;
    let beside = (x * height - y * width).abs() / length;
    if (0.0..=length).contains(&along) {
        (DOT + 2.0 - beside).max(0.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_touches_what_is_on_its_way() {
        let (from, to) = ((0.0, 0.0), (0.0, 100.0));
        assert!(depth((3.0, 50.0), from, to) > depth((5.0, 50.0), from, to));
        let nothing = |dot, to| depth(dot, from, to).abs() < f64::EPSILON;
        assert!(nothing((20.0, 50.0), to));
        assert!(nothing((0.0, 120.0), to), "beyond its end");
        assert!(nothing((0.0, 0.0), from));
    }

    #[test]
    fn the_farthest_place_is_the_last() {
        assert!((MOST_ASIDE - ASIDE * as_length(PLACES - 1)).abs() < f64::EPSILON);
    }
}
