//! `sfl badge`: the score of a branch, and its direction.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::branch_history::{BranchHistory, LineStart};
use super::progress::Progress;
use super::{Exit, check, print, say};
use crate::report::score_badge::BadgeFormat;
use crate::report::visible;
use crate::trend::Pace;
use crate::workspace::ThroughCommits;

/// Days that a direction looks back.
const WINDOW: i64 = 90;

/// Write a badge: the score of the last commit, and how it has moved
///
/// Reads what `sfl trend` reads. The arrow says by how much the score has moved since a commit or a day; by default, in the 90 days
/// before the last commit.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// Files and folders
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// What the direction is seen from: a branch, tag or commit, or a day, YYYY-MM-DD [default: 90 days before the last commit]
    #[arg(long, value_name = "REF|DAY")]
    since: Option<String>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "svg")]
    format: BadgeFormat,

    /// What stands on the left
    #[arg(long, value_name = "TEXT", default_value = "serverless-first")]
    label: String,

    /// Assume the worst: of what nothing decides, and of every value that a parameter is allowed
    #[arg(long)]
    strict: bool,

    /// The configuration, as it was at each commit [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config")]
    isolated: bool,

    /// Keep nothing for the next run, and trust nothing that an earlier one kept
    #[arg(long)]
    no_cache: bool,

    /// How many files to read at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = check::threads)]
    threads: Option<usize>,
}

const EXAMPLES: &str = "\
sfl badge > badge.svg                             a picture
sfl badge --since v2.0 > badge.svg                its arrow seen from a release
sfl badge --format shields > badge.json           for https://shields.io/badges/endpoint-badge";

const EXITS: &str = "\
Exit codes:
  0  the history was read, whatever is in it
  2  wrong usage, no repository, or a commit that git can't hand out";

impl ValueEnum for BadgeFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

/// Writes it.
pub fn run(arguments: Arguments) -> Exit {
    let history = BranchHistory {
        tip: "HEAD".to_owned(),
        since: arguments
            .since
            .map_or(LineStart::Days(WINDOW), LineStart::Named),
        what: ThroughCommits {
            paths: arguments.paths,
            strict: arguments.strict,
            threads: arguments.threads,
            config: arguments.config,
            isolated: arguments.isolated,
        },
        keeps: !arguments.no_cache,
    };
    let progress = Progress::of("commits", true, true);
    let told = history.read(&progress);
    progress.finish();
    match told {
        Ok(told) => {
            let trend = told.trend(Some(Pace::Commit), None);
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
