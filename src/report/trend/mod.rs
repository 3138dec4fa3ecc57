//! The trend: functions of the same [`Trend`].

use std::io::{self, Write};

use super::Style;
use crate::trend::Trend;

mod csv_rows;
mod for_chats;
mod json;
mod terminal_chart;
mod trend_page;
pub(in crate::report) mod trend_words;
mod two_charts;

pub(in crate::report) use json::{
    MovedView, Numbers, Rungs, moved as moved_view, numbers, rungs, score as rounded_score,
};
pub use two_charts::{STYLE as FRAGMENT_STYLE, fragment};

/// A format of the trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrendFormat {
    /// For people, at a terminal.
    Pretty,
    /// A picture.
    Svg,
    /// A page.
    Html,
    /// For spreadsheets.
    Csv,
    /// For programs: one object, sfl-trend/1.
    Json,
    /// For issues and chats.
    Markdown,
}

impl TrendFormat {
    /// In the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Pretty,
        Self::Svg,
        Self::Html,
        Self::Csv,
        Self::Json,
        Self::Markdown,
    ];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Svg => "svg",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }

    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Pretty => "For people, at a terminal",
            Self::Svg => "A picture, light and dark",
            Self::Html => "A page that needs nothing else",
            Self::Csv => "For spreadsheets: one line a point",
            Self::Json => "For programs: one object, sfl-trend/1",
            Self::Markdown => "For issues and chats",
        }
    }

    /// Writes a trend.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(self, trend: &Trend, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Pretty => terminal_chart::write(trend, style, out),
            Self::Svg => two_charts::write(trend, out),
            Self::Html => trend_page::write(trend, out),
            Self::Csv => csv_rows::write(trend, out),
            Self::Json => json::write(trend, out),
            Self::Markdown => for_chats::write(trend, out),
        }
    }
}
