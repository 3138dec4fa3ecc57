//! `sfl map`: the landscape, drawn from the templates alone.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::given_values::GivenValues;
use super::terminal::{self, Color};
use super::{Exit, check, print, say, say_unread};
use crate::Options;
use crate::landscape::{Coarseness, landscape};
use crate::report::map::MapFormat;

/// Draw a Wardley map of every hosting choice
///
/// Reads what `sfl check` reads. Who comes in stands at the top, below it what serves them and what that needs; from left to
/// right, how much of it is still yours to run.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "svg")]
    format: MapFormat,

    /// What becomes one component [default: as coarse as it takes to be read]
    #[arg(long, value_name = "WHAT")]
    group: Option<Coarseness>,

    /// Assume the worst: of what nothing decides, and of every value that a parameter is allowed
    #[arg(long)]
    strict: bool,

    /// How many files to read at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = check::threads)]
    threads: Option<usize>,

    /// The configuration [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config")]
    isolated: bool,

    /// The name to show for standard input
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    #[command(flatten)]
    given: GivenValues,
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
    let file = arguments.config.as_deref();
    let config = match check::configuration(file, arguments.isolated, &arguments.given, Color::Auto)
    {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let options = Options {
        paths: arguments.paths,
        stdin_filename: arguments.stdin_filename,
        strict: arguments.strict,
        threads: arguments.threads,
        config,
        graph: true,
        ..Options::default()
    };
    let analysis = crate::check(&options, &|_, _| {});
    let style = terminal::for_stdout(Color::Auto);
    for finding in &analysis.findings {
        if finding.is_fault() {
            let (path, message) = (style.plain(finding.path()), style.plain(&finding.message));
            say(&format!("error: {path}: {message}"));
        }
    }
    for path in &analysis.not_templates {
        say(&format!(
            "note: {} is not a template that sfl knows",
            style.plain(path)
        ));
    }
    say_unread(&analysis, &style);
    let mut exit = if analysis.is_whole() {
        Exit::Clean
    } else {
        Exit::Failed
    };
    let map = landscape(&analysis, arguments.group, &|decision| {
        !decision.is_left_out
    });
    let format = arguments.format;
    if print(|out| format.write(&map, &analysis.decisions, out), false) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}
