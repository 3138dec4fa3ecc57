//! `sfl graph`: every resource, plumbing too, and what it refers to.

use clap::Args;

use super::whole_estate::WholeEstate;
use super::{Exit, print};
use crate::report::graph::GraphFormat;

/// Show every resource and how they refer to each other
///
/// Reads what `sfl check` reads. Members point to their decisions; other edges say which property refers to what.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: GraphFormat,

    #[command(flatten)]
    estate: WholeEstate,
}

const EXAMPLES: &str = "\
sfl graph > graph.json                         every template below this folder
sfl graph --format dot infra/ | dot -Tsvg      a drawing by Graphviz
terraform show -json plan | sfl graph -        a plan";

const EXITS: &str = "\
Exit codes:
  0  everything was read
  2  wrong usage, faulty configuration, or an input that cannot be read; the rest is still shown";

/// Shows it.
pub fn run(arguments: Arguments) -> Exit {
    let (analysis, mut exit) = match arguments.estate.read() {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let graph = analysis.graph.unwrap_or_default();
    if print(|out| arguments.format.write(&graph, out), false) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}
