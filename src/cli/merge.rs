//! `sfl merge`: many reports as one.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

use clap::Args;

use super::terminal;
use super::{Exit, catalogue, print_as_is, say};
use crate::Format;
use crate::compare::saved_report::Merger;

/// Put many reports together into one: those of `sfl check --format json`, and the lines of `sfl scan`
///
/// Whichever comes first, and whatever was merged before, the result is the same; it is a report like any other. What an archive or a
/// repository holds stands below its name.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// Reports, and files with lines of a scan; `-` is standard input
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<PathBuf>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Format,

    /// The configuration whose own rules the reports name
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
sfl merge shop.json orders.json > all.json     two reports
sfl scan --stream < inputs | sfl merge -       what a scan found, as one report
sfl merge part-*.jsonl --format html           the parts that an engine wrote, as a page";

const EXITS: &str = "\
Exit codes:
  0  everything was merged
  2  wrong usage, or a report that cannot be read, or an input that a scan could not read; the rest is still merged";

/// Merges.
pub fn run(arguments: Arguments) -> Exit {
    let Arguments {
        reports,
        format,
        config,
    } = arguments;
    let (catalogue, findings) = catalogue(config.as_deref());
    if let Some(finding) = findings.first() {
        say(&format!("error: {}", finding.message));
        return Exit::Failed;
    }
    let mut exit = Exit::Clean;
    let mut merger = Merger::new(&catalogue);
    for report in &reports {
        let name = report.display().to_string();
        let added = match report.as_os_str() == "-" {
            true => merger.add("standard input", &mut io::stdin().lock()),
            false => File::open(report)
                .map_err(|error| error.to_string())
                .and_then(|file| merger.add(&name, &mut BufReader::new(file))),
        };
        if let Err(why) = added {
            say(&format!("error: {name}: {why}"));
            exit = Exit::Failed;
        }
    }
    let (analysis, failures) = merger.done();
    for failure in failures {
        say(&format!("error: {failure}"));
        exit = Exit::Failed;
    }
    let style = terminal::for_stdout();
    let color = style.color && format.is_drawn();
    if print_as_is(|out| format.write(&analysis.into(), &style, out), color) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}
