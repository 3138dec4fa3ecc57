//! The command line: one file a subcommand. The only room that prints or exits.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::base::finding::Finding;
use crate::config::Config;
use crate::host::{Disk, Host};
use crate::placement::{CATALOGUE, Catalogue};
use crate::report::job_log::{self, Form};
use crate::report::pretty::{self, Style};
use crate::report::visible;
use crate::{Analysis, report};

mod applying;
mod ask;
mod asked_by_name;
mod badge;
mod baseline;
mod baseline_setting;
mod branch_history;
mod cache_folder;
mod check;
mod completions;
mod config;
mod diff;
mod explain;
mod file_change;
mod filters;
mod fixes;
mod given_values;
mod graph;
mod init;
mod justifications;
mod justify;
mod known_elsewhere;
mod liability;
mod lsp;
mod man;
mod map;
mod merge;
mod named_paths;
mod next;
mod output;
mod own_part;
mod path_arguments;
mod progress;
mod renamed_files;
mod rules;
mod saved_files;
mod saved_reports;
mod scan;
mod scan_input;
mod show_files;
mod statistics;
mod terminal;
mod trend;
mod trend_for_page;
mod trusted_base;
mod wheel;
mod whole_estate;
mod whole_file;

pub use explain::docs;
// The server for editors writes the same reasons, and shows the same pages.
pub(crate) use explain::page as explained;
pub(crate) use justify::{spot, target};
// And it knows what a baseline knows.
pub(crate) use renamed_files::same_file;

/// Finds every hosting choice in infrastructure as code, and asks for the reasons behind the fallbacks.
#[derive(Debug, Parser)]
#[command(name = "sfl", version, max_term_width = 0, before_help = EXAMPLES)]
#[command(
    propagate_version = false,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(flatten)]
    color: terminal::ColorArguments,

    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
sfl check                          every template below this folder
sfl init                           a commented sfl.toml, the hook, the workflow
sfl check infra/ --fail-on error   only servers of your own fail
sfl check --diff                   what could be mended by changing properties
sfl diff old.json cdk.out          what got worse since that report was saved
sfl baseline                       today's fallbacks become known, only worse ones are reported
sfl justifications                 every written reason, and until when it counts
sfl next                           the one thing to do today, and what comes after it
sfl liability                      the scripts, images and rules that servers make you own
sfl explain compute/server         what a finding means, and the way up
sfl explain aws_db_instance        what decides the rung of a type
sfl justify Web                    write down the reason for a fallback
sfl map                            a Wardley map of it all, from the templates alone
sfl merge shop.json orders.json    many reports as one
sfl trend                          how all of it has moved, commit by commit
sfl wheel                          a turn of the wheel on one screen, to open a planning with
sfl lsp                            what an editor starts: findings while you type
sfl rules                          every type that sfl knows";

#[derive(Debug, Subcommand)]
enum Command {
    Check(Box<check::Arguments>),
    Diff(Box<diff::Arguments>),
    Init(init::Arguments),
    Baseline(baseline::Arguments),
    Justifications(Box<justifications::Arguments>),
    Config(config::Arguments),
    Explain(explain::Arguments),
    Graph(graph::Arguments),
    Map(map::Arguments),
    Trend(trend::Arguments),
    Next(Box<next::Arguments>),
    Liability(liability::Arguments),
    Wheel(Box<wheel::Arguments>),
    Badge(badge::Arguments),
    Justify(Box<justify::Arguments>),
    Lsp(lsp::Arguments),
    Scan(scan::Arguments),
    Merge(merge::Arguments),
    Rules(rules::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// How a run ends, whatever its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing that fails.
    Clean,
    /// Something does.
    Found,
    /// The job could not be done.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Found => 1,
            Exit::Failed => 2,
        })
    }
}

/// The command line as clap knows it: for completions, the manual, and who checks a written call.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// The whole program.
pub fn main() -> ExitCode {
    let command = match check_alone().map_or_else(Cli::try_parse, Ok) {
        Ok(cli) => {
            cli.color.remember();
            cli.command
        }
        Err(mut error) => {
            known_elsewhere::advise(&mut error);
            // Help that nobody reads any more is no error.
            let _ = error.print();
            let help = error.exit_code() == 0;
            return if help { Exit::Clean } else { Exit::Failed }.into();
        }
    };
    let exit = match command {
        Command::Check(arguments) => check::run(*arguments),
        Command::Diff(arguments) => diff::run(*arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Baseline(arguments) => baseline::run(arguments),
        Command::Justifications(arguments) => justifications::run(*arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Graph(arguments) => graph::run(arguments),
        Command::Map(arguments) => map::run(arguments),
        Command::Trend(arguments) => trend::run(arguments),
        Command::Next(arguments) => next::run(*arguments),
        Command::Liability(arguments) => liability::run(arguments),
        Command::Wheel(arguments) => wheel::run(*arguments),
        Command::Badge(arguments) => badge::run(arguments),
        Command::Justify(arguments) => justify::run(&arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Scan(arguments) => scan::run(arguments),
        Command::Merge(arguments) => merge::run(arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    exit.into()
}

/// A sound call of `sfl check`, read without building all the other commands: that would take as long as to check a small template.
/// Any other call, and help, is for [`Cli`] to answer.
fn check_alone() -> Option<Cli> {
    let mut words = std::env::args_os().skip(1);
    if words.next()? != "check" {
        return None;
    }
    let command = check::Arguments::augment_args(clap::Command::new("check"));
    let command = terminal::ColorArguments::augment_args(command);
    let mut matches = command
        .no_binary_name(true)
        .try_get_matches_from(words)
        .ok()?;
    let color = terminal::ColorArguments::from_arg_matches_mut(&mut matches).ok()?;
    let arguments = check::Arguments::from_arg_matches_mut(&mut matches).ok()?;
    Some(Cli {
        color,
        command: Command::Check(Box::new(arguments)),
    })
}

/// The disk, seen from the working directory: one for the run, so that its day is one.
fn disk() -> &'static Arc<dyn Host> {
    static DISK: OnceLock<Arc<dyn Host>> = OnceLock::new();
    DISK.get_or_init(|| Arc::new(Disk::here()))
}

/// The rules at hand: the built-in ones and those of the configuration; without these where something in it is wrong.
fn catalogue(config: Option<&Path>) -> (Catalogue, Vec<Finding>) {
    match Config::find(disk(), config) {
        Ok(config) => (config.catalogue, Vec::new()),
        Err(error) => (CATALOGUE.clone(), error.findings),
    }
}

/// Shows what is wrong with a configuration.
fn at_fault(faults: &[Finding], style: &Style) -> Exit {
    // Where standard error is closed, there is nobody to tell.
    let mut out = io::stderr().lock();
    let _ = job_log::guarded(Form::Text, &mut out, |out| {
        let mut text = Vec::new();
        pretty::write_findings(faults, style, &mut text)?;
        // Nothing follows from which the last one is to stand apart.
        while text.ends_with(b"\n\n") {
            text.pop();
        }
        out.write_all(&text)
    });
    Exit::Failed
}

/// Says something beside the report.
fn say(text: &str) {
    let mut out = io::stderr();
    // What somebody called a file, or wrote into one, is only shown.
    let text = visible::lines(text);
    // Where standard error is closed, there is nobody to tell.
    let _ = job_log::guarded(Form::Text, &mut out, |out| writeln!(out, "{text}"));
}

/// Says what was not read, where no report does.
fn say_unread(analysis: &Analysis, style: &Style) {
    let unread = report::unread_sentences(analysis).into_iter();
    for sentence in unread.chain(report::set_aside_sentences(analysis)) {
        say(&format!("note: {}", style.plain(&sentence)));
    }
}

/// Writes to standard output, which may be the log of a job; a reader that has gone away is no error.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>, color: bool) -> Exit {
    print_as_is(|out| job_log::guarded(Form::Text, out, write), color)
}

/// Writes to standard output what holds nothing of a template, or has been guarded before.
fn print_as_is(write: impl FnOnce(&mut dyn Write) -> io::Result<()>, color: bool) -> Exit {
    let mut out = io::BufWriter::new(terminal::stdout(color));
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("error: standard output: {error}"));
            Exit::Failed
        }
        _ => Exit::Clean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
