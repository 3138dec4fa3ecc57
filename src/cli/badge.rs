//! `sfl badge`: the score of a branch, and its direction.

use clap::Args;

use super::branch_history::{LineStart, OwnBranch};
use super::progress::Progress;
use super::{Exit, print, say};
use crate::report::score_badge::{self, BadgeFormat};
use crate::report::visible;
use crate::trend::Pace;

/// Days that a direction looks back.
const WINDOW: i64 = 90;

/// Write a badge: the score of the last commit, and how it has moved
///
/// Reads what `sfl trend` reads. The arrow says by how much the score has moved since a commit or a day; by default, in the 90 days
/// before the last commit.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// What the direction is seen from: a branch, tag or commit, or a day, YYYY-MM-DD [default: 90 days before the last commit]
    #[arg(long, value_name = "REF|DAY")]
    since: Option<String>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "svg")]
    format: BadgeFormat,

    /// What stands on the left
    #[arg(long, value_name = "TEXT", default_value = "serverless-first")]
    label: String,

    #[command(flatten)]
    branch: OwnBranch,
}

const EXAMPLES: &str = "\
sfl badge > badge.svg                             a picture
sfl badge --since v2.0 > badge.svg                its arrow seen from a release
sfl badge --format shields > badge.json           for https://shields.io/badges/endpoint-badge";

const EXITS: &str = "\
Exit codes:
  0  the history was read, whatever is in it
  2  wrong usage, no repository, or a commit that git can't hand out";

/// Writes it.
pub fn run(arguments: Arguments) -> Exit {
    let since = arguments
        .since
        .map_or(LineStart::Days(WINDOW), LineStart::Named);
    let history = arguments.branch.since(since);
    let progress = Progress::of("commits", true, true);
    let told = history.read(&progress);
    progress.finish();
    match told {
        Ok(told) => {
            let trend = told.trend(Some(Pace::Commit), None);
            if let Some(unseen) = score_badge::unseen(&trend) {
                say(&format!(
                    "note: the score does not count all, so the badge is grey: {unseen}; `sfl trend` says since when"
                ));
            }
            print(
                |out| arguments.format.write(&trend, &arguments.label, out),
                false,
            )
        }
        Err(error) => {
            let error = error.to_string();
            say(&format!("error: {}", visible::line(&error, true)));
            Exit::Failed
        }
    }
}
