//! `sfl liability`: what servers make somebody own beside the score, line by line.

use clap::Args;

use super::terminal;
use super::whole_estate::WholeEstate;
use super::{Exit, print};
use crate::analysis::Grouping;
use crate::report::owned::{OwnedFormat, OwnedReport};

/// Of each kind, how many are shown where nobody asks for a number.
const SHOWN: &str = "10";

/// Show what servers make you own: scripts, images, agents and rules written by hand, with their lines
///
/// Reads what `sfl check` reads. Code is a liability: each line of user data, each image, agent, patch baseline, scaling and backup
/// rule is something to look after that the score doesn't show, and that goes away with the machines.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    format: OwnedFormat,

    /// Also take it together
    #[arg(long, value_name = "WHAT", value_enum)]
    by: Option<Grouping>,

    /// How many of each kind to show to people
    #[arg(long, value_name = "N", default_value = SHOWN)]
    limit: usize,

    #[command(flatten)]
    estate: WholeEstate,
}

const EXAMPLES: &str = "\
sfl liability                      what there is, and where it stands
sfl liability --by owner           who looks after how much
sfl liability --format csv         one line for each thing, for a spreadsheet";

const EXITS: &str = "\
Exit codes:
  0  everything was read
  2  wrong usage, faulty configuration, or an input that cannot be read; the rest is still shown";

/// Reads and shows.
pub fn run(arguments: Arguments) -> Exit {
    let (analysis, mut exit) = match arguments.estate.read() {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let style = terminal::for_stdout();
    let report = OwnedReport {
        analysis: &analysis,
        by: arguments.by,
        limit: arguments.limit,
    };
    let format = arguments.format;
    let color = style.color && format == OwnedFormat::Pretty;
    if print(|out| format.write(&report, &style, out), color) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}
