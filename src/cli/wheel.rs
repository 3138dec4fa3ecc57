//! `sfl wheel`: a turn of the wheel on one screen.

use clap::Args;
use jiff::civil::Date;

use super::branch_history::{BranchHistory, LineStart, Told};
use super::next::ranked;
use super::own_part::OwnPart;
use super::progress::Progress;
use super::terminal;
use super::whole_estate::WholeEstate;
use super::{Exit, check, disk, print, say};
use crate::fix;
use crate::landscape::{Coarseness, landscape};
use crate::report::next::leading;
use crate::report::wheel::{LastTurn, WheelFormat, WheelReport};
use crate::trend::Trend;
use crate::workspace::ThroughCommits;
use crate::{Decision, HistoryError};

/// Days that a turn takes: the next ones are looked back over where nothing moved in the ones before.
const WINDOWS: [i64; 3] = [30, 90, 365];

/// Show a turn of the wheel on one screen: purpose, landscape, the next action, what the last turn gained
///
/// Reads what `sfl check`, `sfl map`, `sfl next` and `sfl trend` read. It is what a team opens a planning with.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    format: WheelFormat,

    /// Where the last turn began: a branch, tag or commit, or a day, YYYY-MM-DD [default: 30 days before the last commit; 90 or 365
    /// where nothing has moved since]
    #[arg(long, value_name = "REF|DAY", conflicts_with = "report")]
    since: Option<String>,

    #[command(flatten)]
    part: OwnPart,

    /// The day to judge by, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", value_parser = check::day)]
    today: Option<Date>,

    /// Keep nothing of the past for the next run, and trust nothing that an earlier one kept
    #[arg(long)]
    no_cache: bool,

    #[command(flatten)]
    estate: WholeEstate,
}

const EXAMPLES: &str = "\
sfl wheel                                  where all of it stands, and what to do next
sfl wheel --since 2026-10-01               what was gained since the last planning
sfl wheel --owner team-a                   for one team; also --stream NAME, --path infra/shop
sfl wheel --format markdown | pbcopy       for an issue or a chat";

const EXITS: &str = "\
Exit codes:
  0  everything was read
  2  wrong usage, faulty configuration, or an input that cannot be read; the rest is still shown";

/// Shows it.
pub fn run(arguments: Arguments) -> Exit {
    let today = arguments.today.unwrap_or_else(|| disk().today());
    let style = terminal::for_stdout();
    let part = arguments.part;
    let past = arguments.estate.through_commits();
    let (mut analysis, options, mut exit) = match arguments.estate.read_on(Some(today)) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let is_wanted = |decision: &Decision| decision.is_counted && part.has(decision);
    let all = analysis.decisions.iter().enumerate();
    let wanted = all.filter(|(_, decision)| is_wanted(decision));
    let decisions: Vec<usize> = wanted.map(|(at, _)| at).collect();
    let map = landscape(&analysis, Some(Coarseness::Decision), &is_wanted);
    let actions = ranked(&mut analysis, &options, &is_wanted, today, 1);
    if arguments.format == WheelFormat::Json
        && let Some((_, first)) = leading(&actions).next()
    {
        fix::propose_for(&mut analysis, &options, &actions[first].decisions);
    }
    let is_asked = arguments.since.is_some();
    let turn = match past {
        None => Err("of what is given on the command line, the past is not known".to_owned()),
        Some(what) => {
            let progress = Progress::of("commits", true, style.unicode);
            let turn = last_turn(what, arguments.since, !arguments.no_cache, &part, &progress);
            progress.finish();
            turn.map_err(|error| match error {
                HistoryError::NoRepository(_) => {
                    "there is no git repository here, so what the last turn gained is not known"
                        .to_owned()
                }
                error => error.to_string(),
            })
        }
    };
    if let Err(why) = turn.as_ref()
        && is_asked
    {
        say(&format!("error: --since: {}", style.plain(why)));
        exit = Exit::Failed;
    }
    let report = WheelReport {
        analysis: &analysis,
        decisions: &decisions,
        is_whole: part.is_whole(),
        map: &map,
        actions: &actions,
        turn: match &turn {
            Ok(trend) => LastTurn::Known(trend),
            Err(why) => LastTurn::Unknown(why),
        },
        today,
    };
    let format = arguments.format;
    let color = style.color && format == WheelFormat::Pretty;
    if print(|out| format.write(&report, &style, out), color) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}

/// What has moved since somebody's day or commit; else, in the shortest time in which anything has.
fn last_turn(
    what: ThroughCommits,
    since: Option<String>,
    keeps: bool,
    part: &OwnPart,
    progress: &Progress,
) -> Result<Trend, HistoryError> {
    let [.., longest] = WINDOWS;
    let is_asked = since.is_some();
    let history = BranchHistory {
        tip: "HEAD".to_owned(),
        // What is looked at twice is judged once.
        since: since.map_or(LineStart::Days(longest), LineStart::Named),
        what,
        keeps,
    };
    let mut told: Told = history.read(progress)?;
    if !part.is_whole() {
        told.keep(&|fact| part.had(fact));
    }
    if is_asked {
        return Ok(told.trend(None, None));
    }
    for days in WINDOWS {
        told.begin(days);
        let trend = told.trend(None, None);
        if told.start == 0 || days == longest || !trend.moved.is_empty() {
            return Ok(trend);
        }
    }
    Ok(told.trend(None, None))
}
