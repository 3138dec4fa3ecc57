//! A turn of the wheel on one screen: what all of it is for, where it stands, the one next action, and what the last turn gained.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `digest` | the few numbers that are shown, taken from the analysis, the map and the trend |
//! | `turn_words` | what all forms say in the same words |
//! | `sheet` | lines of a terminal, side by side where there is room |
//! | `one_screen`, `for_planning`, `wheel_object` | the forms: for a terminal, as Markdown, as JSON |

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::civil::Date;

use super::Style;
use super::next::NextReport;
use crate::analysis::Analysis;
use crate::landscape::Landscape;
use crate::next::Action;
use crate::trend::Trend;

mod digest;
mod for_planning;
mod one_screen;
mod sheet;
mod turn_words;
mod wheel_object;

/// A form of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WheelFormat {
    /// For people, at a terminal.
    Pretty,
    /// For programs: one object, sfl-wheel/1.
    Json,
    /// For an issue, a chat, a board.
    Markdown,
}

/// What is shown.
#[derive(Clone, Copy, Debug)]
pub struct WheelReport<'a> {
    /// Everything that was found.
    pub analysis: &'a Analysis,
    /// The decisions that are looked at: indexes of those that count.
    pub decisions: &'a [usize],
    /// Whether these are all.
    pub is_whole: bool,
    /// Their map.
    pub map: &'a Landscape,
    /// What could be done with them, the best first.
    pub actions: &'a [Action],
    /// What was gained of late.
    pub turn: LastTurn<'a>,
    /// The day.
    pub today: Date,
}

/// The exact change is for `sfl next` to show.
static NO_DIFFS: BTreeMap<usize, String> = BTreeMap::new();

impl<'a> WheelReport<'a> {
    /// Its first action, as `sfl next` tells it.
    fn next(&self) -> NextReport<'a> {
        NextReport {
            is_for_nobody: false,
            analysis: self.analysis,
            actions: self.actions,
            limit: 1,
            sums: false,
            diffs: &NO_DIFFS,
            whole_diffs: false,
        }
    }
}

/// What is known of the last turn.
#[derive(Clone, Copy, Debug)]
pub enum LastTurn<'a> {
    /// The commits of it.
    Known(&'a Trend),
    /// Nothing, and why.
    Unknown(&'a str),
}

impl WheelFormat {
    /// In the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Pretty, Self::Json, Self::Markdown];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }

    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Pretty => "For people, at a terminal",
            Self::Json => "For programs: one object, sfl-wheel/1",
            Self::Markdown => "For an issue, a chat, a board",
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(
        self,
        report: &WheelReport<'_>,
        style: &Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Pretty => one_screen::write(report, style, out),
            Self::Json => wheel_object::write(report, out),
            Self::Markdown => for_planning::write(report, out),
        }
    }
}
