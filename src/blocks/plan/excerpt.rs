//! Parts of a plan that are kept to be shown: the plan itself is never held whole.

use crate::base::source::Position;

/// A part of a plan's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The part; a long one is cut.
    pub text: String,
    /// Where it begins; offsets are in the file if that is UTF-8, else in its text.
    pub position: Position,
}

/// Excerpts by number, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(super) struct Excerpts {
    all: Vec<Excerpt>,
    /// Those of the present element: the byte at which each begins in it, and its number.
    fresh: Vec<(u32, usize)>,
}

impl Excerpts {
    /// Keeps a text that begins at this byte of the present element; returns its number.
    pub(super) fn push(&mut self, start: u32, text: &str) -> usize {
        let number = self.all.len();
        self.fresh.push((start, number));
        self.all.push(Excerpt {
            text: text.to_owned(),
            position: Position {
                line: 0,
                column: 0,
                offset: 0,
            },
        });
        number
    }

    /// Keeps an excerpt whose position is known; returns its number.
    pub(super) fn add(&mut self, excerpt: Excerpt) -> usize {
        self.all.push(excerpt);
        self.all.len() - 1
    }

    /// The present element ends: its excerpts get their positions, which are asked for in ascending order.
    pub(super) fn settle(&mut self, mut position: impl FnMut(usize) -> Position) {
        self.fresh.sort_unstable();
        for (start, number) in self.fresh.drain(..) {
            self.all[number].position = position(start as usize);
        }
    }

    pub(super) fn into_all(self) -> Vec<Excerpt> {
        self.all
    }
}
