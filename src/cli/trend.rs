//! `sfl trend`: long-term value, from git alone.

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::branch_history::{LineStart, OwnBranch};
use super::progress::Progress;
use super::terminal;
use super::{Exit, print, say};
use crate::analysis::Grouping;
use crate::report::Style;
use crate::report::trend::TrendFormat;
use crate::trend::Pace;

/// Show how the decisions have moved, commit by commit, from git alone
///
/// Judges what `sfl check` judges, at each commit of the branch that is checked out: along first parents, by the configuration of then,
/// on the day of the commit. Nothing is checked out, and what did not change is not judged again.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// Begin at a branch, tag or commit, or on a day, YYYY-MM-DD [default: the first commit]
    #[arg(long, value_name = "REF|DAY")]
    since: Option<String>,

    /// Which commits become a point: each, or the last one of a day, week or month [default: the shortest that can be read]
    #[arg(long, value_name = "PACE")]
    every: Option<Pace>,

    /// Also take the numbers apart by this
    #[arg(long, value_name = "WHAT")]
    by: Option<By>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    format: TrendFormat,

    #[command(flatten)]
    branch: OwnBranch,
}

const EXAMPLES: &str = "\
sfl trend                                      all of this branch
sfl trend --since 2026-01-01 --every month     this year, month by month
sfl trend --since v2.0 infra/                  since a release, in one folder
sfl trend --by owner                           who got how far
sfl trend --format svg > trend.svg             a picture, for a page
sfl trend --format csv > trend.csv             for a spreadsheet";

const EXITS: &str = "\
Exit codes:
  0  the history was read, whatever is in it
  2  wrong usage, no repository, or a commit that git can't hand out";

/// By what the numbers are taken apart.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// The ladder
    Ladder,
    /// The value stream
    Stream,
    /// Who answers for it
    Owner,
    /// The folder of the file
    Folder,
}

impl From<By> for Grouping {
    fn from(by: By) -> Self {
        match by {
            By::Ladder => Self::Ladder,
            By::Stream => Self::Stream,
            By::Owner => Self::Owner,
            By::Folder => Self::Folder,
        }
    }
}

impl ValueEnum for Pace {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Shows it.
pub fn run(arguments: Arguments) -> Exit {
    let style = Style {
        group_by: arguments.by.map(Grouping::from),
        ..terminal::for_stdout()
    };
    let since = arguments
        .since
        .map_or(LineStart::Beginning, LineStart::Named);
    let history = arguments.branch.since(since);
    let progress = Progress::of("commits", true, style.unicode);
    let told = history.read(&progress);
    progress.finish();
    let told = match told {
        Ok(told) => told,
        Err(error) => {
            say(&format!("error: {}", style.plain(&error.to_string())));
            return Exit::Failed;
        }
    };
    let trend = told.trend(arguments.every, arguments.by.map(Grouping::from));
    let format = arguments.format;
    let color = style.color && format == TrendFormat::Pretty;
    print(|out| format.write(&trend, &style, out), color)
}
