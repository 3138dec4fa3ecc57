//! `sfl merge`: many reports as one.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::check::{self, FailOn};
use super::output::{self, Output};
use super::saved_reports::{self, NamedReport};
use super::{Exit, catalogue, disk, print_as_is, say, say_unread, terminal};
use crate::Format;
use crate::analysis::Grouping;
use crate::base::finding::Finding;
use crate::compare::Compared;
use crate::report::Style;

/// Put many reports together into one: those of `sfl check --format json`, and the lines of `sfl scan`
///
/// Whichever comes first, and whatever was merged before, the result is the same; it is a report like any other. What an archive or a
/// repository holds stands below its name. See docs/scale.md.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// Reports, and files with lines of a scan; `-` is standard input. `shop=report.json` puts what it speaks of below `shop`
    #[arg(value_name = "[NAME=]REPORT", required = true)]
    reports: Vec<NamedReport>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Format,

    /// Also write a report to a file: `html=all.html`; can be repeated
    #[arg(short, long, value_name = "FORMAT=FILE", value_parser = output::parse)]
    output: Vec<Output>,

    /// The lowest severity that fails the run
    #[arg(long, value_name = "SEVERITY", default_value = "never")]
    fail_on: FailOn,

    /// The score below which the run fails, 0 to 100
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(0..=100))]
    fail_under: Option<u8>,

    /// Also show the numbers by this (pretty, markdown, comment)
    #[arg(long, value_name = "WHAT")]
    group_by: Option<Grouping>,

    /// List the fallbacks that have a reason
    #[arg(long)]
    show_justified: bool,

    /// The configuration whose own rules the reports name
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// The day to say by what has ended, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", value_parser = check::day)]
    today: Option<Date>,
}

const EXAMPLES: &str = "\
sfl merge shop.json orders.json > all.json               two reports of one repository
sfl merge shop=shop.json orders=orders.json > all.json   of two that may have files of the same names
sfl scan --stream < inputs | sfl merge -                 what a scan found, as one report
sfl merge part-*.jsonl --output html=all.html            the parts that an engine wrote, as a page
sfl merge all.json --format pretty --fail-under 70       whether all of it is good enough";

const EXITS: &str = "\
Exit codes:
  0  everything was merged
  1  something at or above --fail-on, or a score below --fail-under
  2  wrong usage, a report that cannot be read, two that speak of one file, or an input that
     could not be read when it was scanned or checked; the rest is still merged";

/// Merges.
pub fn run(arguments: Arguments) -> Exit {
    if let Err(message) = output::apart(&arguments.output) {
        say(&format!("error: {message}"));
        return Exit::Failed;
    }
    let formats = std::iter::once(arguments.format);
    let formats: Vec<Format> = formats
        .chain(arguments.output.iter().filter_map(Output::format))
        .collect();
    if let Err(message) = output::shows_groups(arguments.group_by, &formats) {
        say(&format!("error: {message}"));
        return Exit::Failed;
    }
    let (catalogue, findings) = catalogue(arguments.config.as_deref());
    if let Some(finding) = findings.first() {
        say(&format!("error: {}", finding.message));
        return Exit::Failed;
    }
    let today = arguments.today.unwrap_or_else(|| disk().today());
    let (mut analysis, merged) = match saved_reports::merged(&arguments.reports, &catalogue) {
        Ok(merged) => merged,
        Err(exit) => return exit,
    };
    if let Some(score) = arguments.fail_under {
        analysis.must_reach(score, today);
    }
    let report: Compared = analysis.into();
    let style = Style {
        group_by: arguments.group_by,
        show_justified: arguments.show_justified,
        ..terminal::for_stdout()
    };
    let faults = report.findings.iter().filter(|one| Finding::is_fault(one));
    match faults.count() {
        0 => {}
        1 => say("error: one input could not be read: its finding says why"),
        many => say(&format!(
            "error: {many} inputs could not be read: their findings say why"
        )),
    }
    if !arguments.format.says_unread() {
        say_unread(&report, &style);
    }
    check::say_missed(&report);
    let mut exit = match check::verdict(&report, arguments.fail_on, false) {
        Exit::Failed => Exit::Failed,
        verdict if merged == Exit::Clean => verdict,
        _ => merged,
    };
    let (format, color) = (arguments.format, style.color && arguments.format.is_drawn());
    if print_as_is(|out| format.write(&report, &style, out), color) == Exit::Failed {
        exit = Exit::Failed;
    }
    let named = arguments.reports.iter().map(|one| one.file.clone());
    let named: Vec<PathBuf> = named.collect();
    let sources = match arguments.output.is_empty() {
        true => BTreeSet::new(),
        false => output::files(&named),
    };
    for output in &arguments.output {
        if let Err(message) = output.write(&report, &sources, &style) {
            say(&format!("error: {}", style.plain(&message)));
            exit = Exit::Failed;
        }
    }
    exit
}
