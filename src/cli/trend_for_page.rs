//! The trend that stands in a page: how the branch came to where things stand.

use std::path::Path;
use std::sync::OnceLock;

use super::branch_history::{BranchHistory, LineStart};
use super::progress::Progress;
use super::say;
use crate::Options;
use crate::report::Style;
use crate::trend::Trend;

/// A run has one.
static TREND: OnceLock<Trend> = OnceLock::new();

/// The trend of what is checked, from a branch, tag, commit or day on; of all that is known, if none is named. Where there is none,
/// it is said why, and the page goes without.
pub fn of(
    since: &str,
    options: &Options,
    config: Option<&Path>,
    isolated: bool,
    style: &Style,
) -> Option<&'static Trend> {
    let since = match since {
        "" => LineStart::Beginning,
        named => LineStart::Named(named.to_owned()),
    };
    let history = BranchHistory::of_check("HEAD", since, options, config, isolated);
    let progress = Progress::of("commits", !style.quiet, style.unicode);
    let told = history.read(&progress);
    progress.finish();
    match told {
        Ok(told) => Some(TREND.get_or_init(|| told.trend(None, None))),
        Err(error) => {
            let why = error.to_string();
            say(&format!(
                "note: the page has no trend: {}",
                style.plain(&why)
            ));
            None
        }
    }
}
