//! How it came to where things stand: the picture of the trend, and the commits that moved most.

use std::io;

use super::shown;
use crate::report::trend::{fragment, trend_words};
use crate::trend::Trend;

/// What the page says of the past.
pub(super) struct PageTrend {
    pub title: String,
    pub picture: String,
    /// Forward and back, each with its commits.
    pub directions: Vec<(&'static str, Vec<String>)>,
    pub gaps: Vec<String>,
}

impl PageTrend {
    pub(super) fn of(trend: &Trend) -> io::Result<Self> {
        let mut picture = Vec::new();
        fragment(trend, "trend-picture", &mut picture)?;
        let directions = trend_words::directions(trend).into_iter();
        let directions = directions.filter(|(_, commits)| !commits.is_empty());
        Ok(Self {
            title: trend_words::title(trend),
            picture: String::from_utf8(picture).map_err(io::Error::other)?,
            directions: directions
                .map(|(name, commits)| {
                    let commits = commits.into_iter().map(|commit| {
                        let id = trend_words::short(&commit.id);
                        let rungs = trend_words::rungs(commit.weight(), true);
                        shown(&format!("{} {id}, {rungs}: {}", commit.day, commit.subject))
                    });
                    (name, commits.collect())
                })
                .collect(),
            gaps: trend_words::gaps(trend)
                .iter()
                .map(|gap| shown(gap))
                .collect(),
        })
    }
}
