//! `sfl map`: the landscape, drawn from the templates alone.

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::whole_estate::WholeEstate;
use super::{Exit, print, say};
use crate::Decision;
use crate::landscape::{Coarseness, landscape};
use crate::report::map::MapFormat;

/// Draw a Wardley map of every hosting choice
///
/// Reads what `sfl check` reads. Who comes in stands at the top, below it what serves them and what that needs; from left to
/// right, how much of it is still yours to run.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "svg")]
    format: MapFormat,

    /// What becomes one component [default: as coarse as it takes to be read]
    #[arg(long, value_name = "WHAT")]
    group: Option<Coarseness>,

    /// Only what belongs to this value stream
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,

    /// Only what this owner answers for
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,

    #[command(flatten)]
    estate: WholeEstate,
}

const EXAMPLES: &str = "\
sfl map > map.svg                              every template below this folder
sfl map --format owm infra/ > map.owm          for onlinewardleymaps.com
sfl map --format mermaid --group ladder        one component a ladder, for a page in Markdown
terraform show -json plan | sfl map - > map.svg";

const EXITS: &str = "\
Exit codes:
  0  everything was read
  2  wrong usage, faulty configuration, or an input that cannot be read; the rest is still shown";

impl ValueEnum for MapFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

impl ValueEnum for Coarseness {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

/// Draws it.
pub fn run(arguments: Arguments) -> Exit {
    let (analysis, mut exit) = match arguments.estate.read() {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let (stream, owner) = (arguments.stream.as_deref(), arguments.owner.as_deref());
    let is_shown = |decision: &Decision| {
        let streams = stream.is_none() || decision.stream.as_deref() == stream;
        let mut owners = decision.owner.iter().flat_map(|one| &one.names);
        let owned = owner.is_none_or(|owner| owners.any(|name| **name == *owner));
        streams && owned && decision.is_counted
    };
    let map = landscape(&analysis, arguments.group, &is_shown);
    if map.components.is_empty() && !analysis.decisions.is_empty() {
        say("note: no decision fits, so nothing stands on the map");
    }
    let format = arguments.format;
    if print(|out| format.write(&map, &analysis, out), false) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}
