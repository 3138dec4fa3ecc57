//! `sfl next`: the next best actions, the one to do today first.

use std::collections::BTreeMap;

use clap::Args;
use jiff::civil::Date;

use super::fixes::Chosen;
use super::own_part::OwnPart;
use super::terminal;
use super::whole_estate::WholeEstate;
use super::{Exit, applying, check, disk, print, say};
use crate::Decision;
use crate::analysis::Analysis;
use crate::fix;
use crate::next::{Action, actions, rank, tied};
use crate::report::next::{NextFormat, NextReport, leading};
use crate::workspace::Options;

/// Actions that are shown where nobody asks for a number.
const SHOWN: &str = "5";

/// Say what to do next: the best actions, ranked, each with its sums
///
/// Reads what `sfl check` reads. What an action is worth is what is then no longer yours to run, whom it serves and what ends soon;
/// what it costs is how big a step it is, and what hangs on it. The first line is the one thing to do today.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    format: NextFormat,

    /// How many to show
    #[arg(long, value_name = "N", default_value = SHOWN, value_parser = at_least_one)]
    limit: usize,

    /// Also show the sums: value, effort, and how far they can be trusted
    #[arg(short = 'v', long, visible_alias = "verbose")]
    why: bool,

    /// Also show the exact change of each, where there is one; without it, only that of the first
    #[arg(long, conflicts_with = "report")]
    diff: bool,

    /// Make the change of one action: by its number in this list, or by its id, which stays the same; shows it as a diff
    #[arg(long, value_name = "N", conflicts_with_all = ["diff", "why", "format", "report"])]
    apply: Option<String>,

    /// With --apply, also a change that somebody may notice: a slower start, a higher bill, scaling that goes along
    #[arg(long, requires = "apply")]
    unsafe_fixes: bool,

    #[command(flatten)]
    part: OwnPart,

    /// The day to judge by, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", value_parser = check::day)]
    today: Option<Date>,

    #[command(flatten)]
    estate: WholeEstate,
}

const EXAMPLES: &str = "\
sfl next                             what to do today, of every template below this folder
sfl next --why                       with the sums
sfl next --owner team-a --limit 10   for one team
sfl next --diff                      with the exact change of each
sfl next --apply 1                   make the first one's change
sfl next --format markdown           for an issue
terraform show -json plan | sfl next -";

const EXITS: &str = "\
Exit codes:
  0  everything was read; with --apply, the change was made
  1  with --apply: there is no change that could be made for you, and it says what to do by hand
  2  wrong usage, faulty configuration, or an input that cannot be read; the rest is still shown";

/// The actions in their order, which is known for so many lines: of equal sums, what has a safe change comes first.
pub(super) fn ranked(
    analysis: &mut Analysis,
    options: &Options,
    is_wanted: &dyn Fn(&Decision) -> bool,
    today: Date,
    lines: usize,
) -> Vec<Action> {
    let mut actions = actions(analysis, is_wanted, today);
    let tied = tied(analysis, &actions, lines);
    if !tied.is_empty() {
        fix::propose_for(analysis, options, &tied);
        rank(analysis, &mut actions);
        // What is shown of changes does not hang on which sums were equal.
        for at in tied {
            analysis.decisions[at].fix = None;
        }
    }
    actions
}

/// A number of actions to show.
fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it is at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("it is a number of actions".to_owned()),
    }
}

/// Ranks and shows.
pub fn run(arguments: Arguments) -> Exit {
    let today = arguments.today.unwrap_or_else(|| disk().today());
    let (mut analysis, options, mut exit) = match arguments.estate.read_on(Some(today)) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let is_wanted = |decision: &Decision| arguments.part.has(decision);
    // A number means the line that it has in the list, however long that is.
    let lines = match &arguments.apply {
        None => arguments.limit,
        Some(wanted) => wanted.parse().unwrap_or(1),
    };
    let actions = ranked(&mut analysis, &options, &is_wanted, today, lines);
    let style = terminal::for_stdout();
    if let Some(wanted) = &arguments.apply {
        let applied = applying::apply(
            &mut analysis,
            &actions,
            &options,
            wanted,
            arguments.unsafe_fixes,
            &style,
        );
        return match applied {
            Exit::Clean => exit,
            applied => applied,
        };
    }
    let format = arguments.format;
    // To try a change is to judge it: of those that are shown only in words, nobody asks.
    let with_change = match arguments.diff || format == NextFormat::Json {
        true => arguments.limit,
        false => arguments.limit.min(1),
    };
    let with_change: Vec<usize> = leading(&actions)
        .take(with_change)
        .map(|(_, at)| at)
        .collect();
    let asked = with_change.iter().flat_map(|at| &actions[*at].decisions);
    let asked: Vec<usize> = asked.copied().collect();
    fix::propose_for(&mut analysis, &options, &asked);
    let mut diffs = BTreeMap::new();
    let drawn = with_change.into_iter();
    for at in drawn.filter(|_| format != NextFormat::Json) {
        let offer = actions[at].fix(&analysis.decisions);
        if offer.is_none_or(|offer| offer.offered().is_none()) {
            continue;
        }
        let decisions = actions[at].decisions.iter().copied();
        match Chosen::of_decisions(&analysis, decisions, true).diff(&*options.host) {
            Ok(diff) => drop(diffs.insert(at, diff)),
            Err(message) => {
                say(&format!("error: {}", style.plain(&message)));
                exit = Exit::Failed;
            }
        }
    }
    let report = NextReport {
        analysis: &analysis,
        actions: &actions,
        limit: arguments.limit,
        is_for_nobody: !arguments.part.is_whole() && !analysis.decisions.iter().any(is_wanted),
        sums: arguments.why,
        diffs: &diffs,
        whole_diffs: arguments.diff,
    };
    let color = style.color && format == NextFormat::Pretty;
    if print(|out| format.write(&report, &style, out), color) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}
