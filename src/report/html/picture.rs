//! A ladder as a picture: four rungs, and what stands on each.

use super::row_links::{Linked, RowLinks};
use super::state;
use crate::analysis::summary::{count, whole};
use crate::analysis::{Decision, Ladder, Rung};
use crate::compare::Compared;
use crate::report::visible;

/// Where the blocks on a rung begin, and how wide they are together.
const LEFT: usize = 34;
const WIDTH: usize = 272;
/// The height of one rung.
const STEP: usize = 46;
/// The least width at which a block is seen.
const LEAST: usize = 5;

/// One ladder.
pub struct Picture {
    pub name: String,
    pub about: String,
    /// 0 to 100.
    pub score: String,
    /// Its rungs, best first.
    pub rungs: Vec<RungPicture>,
    /// The same in words.
    pub words: String,
    /// All of its decisions that count.
    pub all: Linked,
    pub open: Linked,
}

/// One rung.
pub struct RungPicture {
    /// 1 to 4.
    pub number: u8,
    /// `serverless`.
    pub name: &'static str,
    /// Its top edge.
    pub top: usize,
    /// Decisions.
    pub total: Linked,
    /// What is to be said of them: `2 open, 1 uncertain`.
    pub note: String,
    /// What stands there.
    pub blocks: Vec<Tile>,
}

/// Decisions that are in the same state.
pub struct Tile {
    /// Its left edge.
    pub left: usize,
    pub width: usize,
    /// How it is drawn.
    pub kind: String,
}

/// The order of blocks on a rung.
const STATES: [&str; 4] = ["open", "justified", "accepted", "serverless"];

/// By rung, by state: decisions that are certain, and those that are not.
type Numbers = [[[usize; 2]; 4]; 4];

/// Draws one.
pub fn of(report: &Compared, ladder: &Ladder, score: f64, links: RowLinks) -> Picture {
    let own = |decision: &&Decision| decision.is_counted && decision.ladder().order == ladder.order;
    let mut numbers = Numbers::default();
    for decision in report.decisions.iter().filter(own) {
        let state = state(decision);
        let place = STATES.iter().position(|known| *known == state);
        let on = &mut numbers[decision.rung as usize][place.unwrap_or_default()];
        on[usize::from(decision.uncertain())] += 1;
    }
    let totals = numbers.map(|states| states.as_flattened().iter().sum::<usize>());
    let open = numbers.iter().flat_map(|states| states[0]).sum();
    let most = totals.into_iter().max().unwrap_or_default().max(1);
    let is_own = ("ladder", &*ladder.name);
    let rungs = Rung::ALL.iter().map(|rung| {
        let at = *rung as usize;
        let mut step = RungPicture {
            number: rung.number(),
            name: rung.name(),
            top: at * STEP,
            total: Linked {
                number: totals[at],
                wish: links.counted(&[is_own, ("rung", &rung.number().to_string())]),
            },
            note: note(&numbers[at]),
            blocks: Vec::new(),
        };
        let mut left = LEFT;
        for (state, pair) in STATES.iter().zip(numbers[at]) {
            for (doubt, number) in ["", " doubt"].iter().zip(pair) {
                if number > 0 {
                    let width = (number * WIDTH / most).max(LEAST);
                    step.blocks.push(Tile {
                        left,
                        width: width - 1,
                        kind: format!("{state}{doubt}"),
                    });
                    left += width;
                }
            }
        }
        step
    });
    let rungs: Vec<RungPicture> = rungs.collect();
    let words = rungs.iter().map(|step| {
        let note = match &*step.note {
            "" => String::new(),
            note => format!(" ({note})"),
        };
        let decisions = count(step.total.number, "decision");
        format!("Rung {}, {}: {decisions}{note}.", step.number, step.name)
    });
    let words: Vec<String> = words.collect();
    Picture {
        name: visible::line(&ladder.name, true).into_owned(),
        about: visible::line(&ladder.about, true).into_owned(),
        score: whole(score).to_string(),
        words: words.join(" "),
        all: Linked {
            number: totals.iter().sum(),
            wish: links.counted(&[is_own]),
        },
        open: Linked {
            number: open,
            wish: links.rows(&[is_own, ("state", "open")]),
        },
        rungs,
    }
}

fn note(states: &[[usize; 2]; 4]) -> String {
    let uncertain: usize = states.iter().map(|[_, doubt]| doubt).sum();
    let of = |at: usize| states[at].iter().sum::<usize>();
    let parts = [
        (of(0), "open"),
        (of(1), "justified"),
        (uncertain, "uncertain"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    parts.join(", ")
}
