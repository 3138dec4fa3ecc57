//! `sfl check`: read, report, and say by the exit code whether it is well.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::HistoryError;
use crate::Options;
use crate::analysis::{Analysis, Grouping, TargetStanding, TargetState};
use crate::base::file_paths::encoded;
use crate::base::finding::Severity;
use crate::base::{Code, TemplateCode};
use crate::compare::Compared;
use crate::config::Config;
use crate::fix;
use crate::report::{Format, Style, visible};
use crate::workspace::ratchet::{self, Ratchet};
use crate::workspace::{discover, shown_findings};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::branch_history::{BranchHistory, LineStart};
use super::filters::Filters;
use super::fixes::Chosen;
use super::given_values::GivenValues;
use super::output::{self, Output};
use super::path_arguments;
use super::progress::Progress;
use super::saved_files::{SavedFiles, SavedPair};
use super::terminal;
use super::trusted_base::{TrustQuestion, TrustedBase};
use super::{
    Exit, at_fault, baseline, disk, print_as_is, say, say_unread, show_files, statistics,
    trend_for_page,
};

/// Check templates: the fallbacks without a reason, and the score
///
/// Reads CloudFormation and SAM (YAML, JSON), Terraform and OpenTofu (in both syntaxes) and their JSON plans. Other files are skipped.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
#[expect(clippy::struct_excessive_bools, reason = "switches are switches")]
pub struct Arguments {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".", value_parser = path_arguments::parser())]
    pub(super) paths: Vec<PathBuf>,

    /// What to print
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "pretty",
        alias = "output-format"
    )]
    format: Format,

    /// Also write a report to a file: `sarif=sfl.sarif`; can be repeated
    #[arg(short, long, value_name = "FORMAT=FILE", value_parser = output::parse)]
    output: Vec<Output>,

    /// The lowest severity that fails the run
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    fail_on: FailOn,

    /// Make the safe fixes, then check again: properties that lead to a better rung, every other byte kept
    #[arg(long, conflicts_with_all = ["diff", "since"])]
    fix: bool,

    /// Show what --fix would change as a unified diff instead of a report, and write nothing
    #[arg(long, conflicts_with_all = ["since", "output"])]
    diff: bool,

    /// With --fix or --diff, also the fixes that somebody may notice: a slower start, a higher bill, scaling that goes along
    #[arg(long)]
    unsafe_fixes: bool,

    /// Exit with 0, whatever is found
    #[arg(long, alias = "soft-fail")]
    exit_zero: bool,

    /// Assume the worst: of what nothing decides, and of every value that a parameter is allowed
    #[arg(long)]
    strict: bool,

    /// Show each finding by itself, with its lines and all of its help
    #[arg(long)]
    full: bool,

    /// Findings only: no help, no score; of -q and -v the last one counts
    #[arg(short, long, overrides_with_all = ["quiet", "verbose"])]
    quiet: bool,

    /// Also show every decision, and the types that the catalogue does not know
    #[arg(short, long, overrides_with_all = ["quiet", "verbose"])]
    verbose: bool,

    /// How many files to read at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<usize>,

    /// The configuration [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE", alias = "config-file")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config", alias = "no-config")]
    isolated: bool,

    /// Take the configuration, the ledger, rules and baseline as they are at this branch, tag or commit, and say what the change would loosen or hides
    #[arg(long, value_name = "REF")]
    config_from: Option<String>,

    /// Leave out what the configuration excludes, even if it is named
    #[arg(long)]
    force_exclude: bool,

    /// Skip named files that are not templates, as in a folder: for hooks, which name every file that has changed
    #[arg(long)]
    skip_unknown: bool,

    /// Fail with exit code 2 where a path has no template that was read; not with --skip-unknown
    #[arg(long, overrides_with = "fail_on_nothing")]
    fail_on_nothing: bool,

    /// The day to judge reasons by, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    today: Option<Date>,

    /// The score below which the run fails, 0 to 100
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(0..=100))]
    fail_under: Option<u8>,

    /// Also show the numbers by this (pretty, markdown, comment)
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["show_files", "diff"])]
    group_by: Option<Grouping>,

    /// Draw the trend of the branch into the HTML page, from a branch, tag, commit or day on [default: its first commit]
    #[arg(long, value_name = "REF|DAY", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    trend: Option<String>,

    /// List the fallbacks that have a reason
    #[arg(long, alias = "show-suppressed")]
    show_justified: bool,

    /// In SARIF, where something is compared: also what was there before (unchanged) and what is gone (absent)
    #[arg(long)]
    show_known: bool,

    /// Count the findings by code and rule instead of showing them, and how many of them --fix can mend
    #[arg(long, conflicts_with_all = ["fix", "diff", "format"])]
    statistics: bool,

    /// List the files that are read and those that are left out, and why, instead of what is found
    #[arg(long, conflicts_with_all = ["fix", "diff", "format", "output", "statistics"])]
    show_files: bool,

    /// Report only what this baseline does not know (`sfl baseline` writes one) [default: the `baseline` of sfl.toml]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Report what the baseline of sfl.toml knows as well
    #[arg(long, conflicts_with = "baseline")]
    no_baseline: bool,

    /// Report only what got worse, or moved out of sight, since HEAD left this branch, tag or commit, as on a pull request
    #[arg(long, value_name = "REF")]
    since: Option<String>,

    /// Fail where a score, the end of a reason, or what is accepted is worse than at this commit, as it is recorded there
    #[arg(long, value_name = "REF")]
    ratchet: Option<String>,

    /// With --ratchet: the score to keep is the one at the commit, or the best of its whole history
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "commit",
        requires = "ratchet"
    )]
    ratchet_best: RatchetBest,

    /// The name to show for standard input
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    #[command(flatten)]
    filters: Filters,

    #[command(flatten)]
    given: GivenValues,
}

/// Which score is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RatchetBest {
    /// The one at the commit
    Commit,
    /// The best one that the branch ever had
    History,
}

/// Whether a flag is among the arguments.
type IsGiven = fn(&Arguments) -> bool;

/// What means nothing where a report that was saved is compared with, by the names of the arguments.
const FOREIGN: [(&str, IsGiven); 8] = [
    ("diff", |all| all.diff),
    ("fix", |all| all.fix),
    ("unsafe_fixes", |all| all.unsafe_fixes),
    ("since", |all| all.since.is_some()),
    ("ratchet", |all| all.ratchet.is_some()),
    ("ratchet_best", |_| false),
    ("statistics", |all| all.statistics),
    ("show_files", |all| all.show_files),
];

/// Whether the argument of this name is one of [`FOREIGN`].
pub fn is_foreign(name: &str) -> bool {
    FOREIGN.iter().any(|(foreign, _)| *foreign == name)
}

impl Arguments {
    /// The first of [`FOREIGN`] that is given, as it is written.
    pub fn foreign(&self) -> Option<String> {
        let mut given = FOREIGN.iter().filter(|(_, is_given)| is_given(self));
        given
            .next()
            .map(|(name, _)| format!("--{}", name.replace('_', "-")))
    }
}

const EXAMPLES: &str = "\
sfl check                                  every template below this folder
sfl check infra/ main.tf                   a folder and a file
sfl check --format json > report.json      for programs
sfl check --output json=report.json        for people and for programs, in one run
sfl check --since origin/main              what a pull request makes worse
sfl diff old.json                          what got worse since a report was saved
sfl check --ratchet origin/main            what gives up something that was reached
sfl check --show-justified                 also what has a reason
sfl check --group-by owner                 who has what to explain
sfl check --select compute,ec2-instance    only some findings, by code, ladder, rung, rule or severity
sfl check --full                           each finding with its lines
sfl check --statistics                     how many there are of each kind
sfl check --diff                           what --fix would change
sfl check --fix                            make the safe fixes
sfl check --parameters prod.json           as it is deployed with these values
terraform show -json plan | sfl check -    a plan";

const EXITS: &str = "\
Exit codes, whatever the format:
  0  nothing at or above --fail-on
  1  something at or above --fail-on, or a score below --fail-under
  2  wrong usage, faulty configuration, an input that cannot be read, or
     nothing read (--fail-on-nothing); the rest is still checked";

impl ValueEnum for Grouping {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Anything fails
    Note,
    /// Clusters and servers
    Warning,
    /// Servers, and what is plainly wrong
    Error,
    /// Nothing fails
    Never,
}

impl FailOn {
    fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Note => true,
            Self::Warning => severity >= Severity::Warning,
            Self::Error => severity >= Severity::Error,
            Self::Never => false,
        }
    }
}

pub fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=1024) => Ok(number),
        _ => Err("a number from 1 to 1024".to_owned()),
    }
}

/// A calendar day.
pub fn day(text: &str) -> Result<Date, String> {
    crate::config::day(text).ok_or_else(|| "a day like 2027-06-30".to_owned())
}

/// The configuration, or its faults told to who runs it. With what the call gives to parameters.
pub fn configuration(
    file: Option<&Path>,
    isolated: bool,
    given: &GivenValues,
) -> Result<Config, Exit> {
    let config = if isolated {
        Ok(Config::unset(disk()))
    } else {
        Config::find(disk(), file)
    };
    let deployed = config.and_then(|mut config| {
        config.deploy(&**disk(), &given.all)?;
        Ok(config)
    });
    deployed.map_err(|error| at_fault(&error.findings, &terminal::for_stderr()))
}

/// Checks.
pub fn run(arguments: Arguments) -> Exit {
    run_against(arguments, None)
}

/// The same against reports that were saved.
pub fn run_against(mut arguments: Arguments, saved: Option<SavedFiles>) -> Exit {
    // A name that is no text is called as the host calls it.
    arguments.paths = arguments.paths.into_iter().map(encoded).collect();
    let file = arguments.config.as_deref();
    let mut config = match configuration(file, arguments.isolated, &arguments.given) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let is_judged = saved.as_ref().is_none_or(|saved| saved.new.is_none());
    let asked = TrustQuestion {
        call: arguments.config_from.as_deref(),
        since: arguments.since.as_deref(),
        config: file,
        isolated: arguments.isolated,
    };
    let mut trusted = match TrustedBase::find(asked, &config) {
        // What is judged already cannot be judged by another one.
        Ok(found) => found.filter(|_| is_judged).map(|(trusted, base)| {
            config = base;
            trusted
        }),
        Err(message) => {
            say(&format!("error: {}", visible::line(&message, true)));
            return Exit::Failed;
        }
    };
    if let Err(message) = output::apart(&arguments.output) {
        say(&format!("error: {message}"));
        return Exit::Failed;
    }
    let exclude = match arguments.filters.apply(&mut config) {
        Ok(exclude) => exclude,
        Err(message) => {
            say(&format!("error: {message}"));
            return Exit::Failed;
        }
    };
    let known = arguments.baseline.clone();
    let known = known.or_else(|| config.baseline.clone().filter(|_| !arguments.no_baseline));
    // Where no report goes into a file, nobody asks what the run read: to resolve each name costs as much as to open it.
    let writes = !arguments.output.is_empty();
    let settings = writes.then(|| output::settings(&config, known.as_deref()));
    let mut named = arguments.paths.clone();
    let saved = match saved.map(|saved| saved.read(&config)).transpose() {
        Ok(saved) => saved,
        Err(message) => {
            say(&format!("error: {}", visible::line(&message, true)));
            return Exit::Failed;
        }
    };
    named.extend(saved.iter().flat_map(|saved| saved.files.clone()));
    let baseline = match baseline::held(known.as_deref(), &arguments.paths) {
        Ok(baseline) => baseline,
        Err(message) => {
            say(&format!("error: {}", visible::line(&message, true)));
            return Exit::Failed;
        }
    };
    let baseline = match (baseline, &known, &mut trusted) {
        (Some(held), Some(file), Some(trusted)) => match trusted.baseline(file, held) {
            Ok(held) => Some(held),
            Err(message) => {
                say(&format!("error: {}", visible::line(&message, true)));
                return Exit::Failed;
            }
        },
        (baseline, ..) => baseline,
    };
    let style = Style {
        quiet: arguments.quiet,
        verbose: arguments.verbose,
        full: arguments.full,
        show_justified: arguments.show_justified,
        show_known: arguments.show_known,
        group_by: arguments.group_by,
        ..terminal::for_stdout()
    };
    let progress = Progress::new(!arguments.quiet, style.unicode);
    let formats = std::iter::once(arguments.format);
    let formats: Vec<Format> = formats
        .chain(arguments.output.iter().filter_map(Output::format))
        .collect();
    // Only the page has a map, and only a map asks what refers to what.
    let draws_map = formats.contains(&Format::Html);
    if arguments.trend.is_some() && !draws_map {
        say(
            "error: only a page shows the trend: add --format html or --output html=FILE, or call `sfl trend`",
        );
        return Exit::Failed;
    }
    // What is only counted has no format.
    let written = &formats[usize::from(arguments.statistics)..];
    if let Err(message) = output::shows_groups(arguments.group_by, written) {
        say(&format!("error: {message}"));
        return Exit::Failed;
    }
    let options = Options {
        paths: arguments.paths,
        stdin_filename: arguments.stdin_filename,
        strict: arguments.strict,
        threads: arguments.threads,
        config,
        force_exclude: arguments.force_exclude,
        skip_unknown: arguments.skip_unknown,
        exclude,
        ignores_nothing: arguments.filters.no_ignore,
        names_all: arguments.show_files,
        fail_on_nothing: arguments.fail_on_nothing,
        today: arguments.today,
        fail_under: arguments.fail_under,
        // A report for programs can be compared with later on.
        signatures: arguments.since.is_some() || saved.is_some() || formats.contains(&Format::Json),
        graph: draws_map,
        ..Options::on(Arc::clone(disk()))
    };
    let tell = |done, total| progress.tell(done, total);
    let start = Instant::now();
    // To try fixes is to check once more, so only who is told of them asks; and what is left out of a comparison can't be tried.
    let has_fixes = formats.iter().any(|format| format.has_fixes());
    let asks_for_fixes =
        saved.is_none() && (arguments.fix || arguments.diff || arguments.statistics || has_fixes);
    let checked = |tell: &(dyn Fn(usize, usize) + Sync)| {
        let mut analysis = crate::check(&options, tell);
        if asks_for_fixes {
            fix::propose(&mut analysis, &options);
        }
        analysis
    };
    let ratchet = match held(
        &arguments.ratchet,
        arguments.ratchet_best,
        &options,
        arguments.config.as_deref(),
        arguments.isolated,
        &progress,
    ) {
        Ok(ratchet) => ratchet,
        Err(error) => {
            progress.finish();
            say(&format!("error: {}", style.plain(&error.to_string())));
            return Exit::Failed;
        }
    };
    let measured = |mut analysis: Analysis| {
        // Where decisions are compared, the same was said of them.
        if let Some(trusted) = trusted.as_ref().filter(|_| arguments.since.is_none())
            && let Err(error) = trusted.say_hidden(&mut analysis, &options)
        {
            let error = style.plain(&error.to_string()).into_owned();
            say(&format!(
                "note: nothing tells what this change hides: {error}"
            ));
        }
        if let Some(trusted) = &trusted {
            trusted.hold(&mut analysis, &options, baseline.as_ref());
        }
        if let Some(ratchet) = &ratchet {
            ratchet.hold(&mut analysis, &options);
        }
        // Whoever compares decisions, or trusts a base, was told.
        if let (Some(reference), None, None) = (&arguments.ratchet, &trusted, &arguments.since)
            && let Err(error) =
                crate::workspace::say_newly_hidden(&mut analysis, &options, reference)
        {
            let error = style.plain(&error.to_string()).into_owned();
            say(&format!(
                "note: nothing tells what this change hides: {error}"
            ));
        }
        let is_one_repository = arguments.since.is_some();
        let baseline = baseline.as_ref().map(|held| {
            baseline::say_out_of_sight(&mut analysis, held, &options, is_one_repository)
        });
        analysis.elapsed = start.elapsed();
        match &baseline {
            Some(held) => Compared::from(analysis).with_baseline(held),
            None => Compared::from(analysis),
        }
    };
    // What is not shown is known all the same: to a baseline, and to a commit.
    let shown = |mut report: Compared| {
        shown_findings::select(&mut report, &options.config);
        report.hide_known(&|analysis| shown_findings::select(analysis, &options.config));
        report
    };
    let report = match (saved, &arguments.since) {
        (Some(SavedPair { mut old, new, .. }), _) => {
            let now = match new {
                Some(new) => old.beside_report(new, &options),
                None => {
                    let mut now = checked(&tell);
                    let is_laid = old.beside_check(&mut now, &options);
                    is_laid.map(|()| now)
                }
            };
            let now = match now {
                Ok(now) => now,
                Err(message) => {
                    progress.finish();
                    say(&format!("error: {}", style.plain(&message)));
                    return Exit::Failed;
                }
            };
            let now = measured(now);
            Ok(shown(now.with_report(&old, env!("CARGO_PKG_VERSION"))))
        }
        (None, Some(since)) => {
            match crate::check_since(&options, since, arguments.config.as_deref(), &tell) {
                // The first commit of all runs hooks, too.
                Err(HistoryError::NoCommits) if since == "HEAD" => {
                    say("note: this repository has no commit yet, so everything counts as new");
                    Ok(shown(measured(checked(&tell))))
                }
                found => found.map(|found| {
                    let now = measured(found.now);
                    let mut report =
                        now.with_past(&found.before, since, &found.base, &found.renames);
                    if let Some(change) = &mut report.change {
                        change
                            .reserves
                            .extend(not_compared(&found.other_repositories));
                    }
                    shown(report)
                }),
            }
        }
        (None, None) => Ok(shown(measured(checked(&tell)))),
    };
    let report = match report {
        Ok(report) if arguments.fix => {
            let chosen = Chosen::of(&report, arguments.unsafe_fixes);
            chosen.tell_rest(&style);
            match chosen.store(&*options.host, &style) {
                Ok(()) if chosen.is_empty() => Ok(report),
                // What is left is judged as the files are now.
                Ok(()) => Ok(shown(measured(checked(&|_, _| {})))),
                Err(message) => {
                    say(&format!("error: {}", style.plain(&message)));
                    return Exit::Failed;
                }
            }
        }
        report => report,
    };
    progress.finish();
    let report = match report {
        Ok(report) => report,
        Err(error) => {
            say(&format!("error: {}", style.plain(&error.to_string())));
            return Exit::Failed;
        }
    };

    if arguments.show_files {
        return show_files::show(&report, &style);
    }
    let since = arguments.trend.as_deref();
    let is_sarif = formats.contains(&Format::Sarif);
    let style = Style {
        // Only there somebody asks.
        revision: is_sarif.then(terminal::revision).flatten(),
        trend: since.and_then(|since| {
            let config = arguments.config.as_deref();
            trend_for_page::of(since, &options, config, arguments.isolated, &style)
        }),
        ..style
    };

    for path in &report.not_templates {
        // Of Terragrunt's files, the report says more.
        if !discover::is_terragrunt(Path::new(path)) {
            let path = style.plain(path);
            say(&format!("note: {path} is not a template that sfl knows"));
        }
    }
    if arguments.quiet || !arguments.format.says_unread() {
        say_unread(&report, &style);
    }
    if arguments.format == Format::Csv {
        say_hidden(&report, &style);
    }
    say_missed(&report);
    let mut exit = verdict(&report, arguments.fail_on, arguments.exit_zero);
    if arguments.diff {
        let chosen = Chosen::of(&report, arguments.unsafe_fixes);
        if let Err(message) = chosen.show(&*options.host, &style) {
            say(&format!("error: {}", style.plain(&message)));
            exit = Exit::Failed;
        }
        chosen.tell(&style);
        chosen.tell_rest(&style);
        return exit;
    }
    let color = style.color && arguments.format.is_drawn();
    let printed = match arguments.statistics {
        true => statistics::show(&report, &style),
        false => print_as_is(|out| arguments.format.write(&report, &style, out), color),
    };
    if printed == Exit::Failed {
        exit = Exit::Failed;
    }
    let sources = settings.map(|settings| output::sources(&report, &named, settings));
    let sources = sources.unwrap_or_default();
    for output in &arguments.output {
        if let Err(message) = output.write(&report, &sources, &style) {
            say(&format!("error: {}", style.plain(&message)));
            exit = Exit::Failed;
        }
    }
    exit
}

/// What is recorded at the commit against which a run is held, if it is.
fn held(
    reference: &Option<String>,
    best: RatchetBest,
    options: &Options,
    config: Option<&Path>,
    isolated: bool,
    progress: &Progress,
) -> Result<Option<Ratchet>, HistoryError> {
    let Some(reference) = reference else {
        return Ok(None);
    };
    let mut ratchet = Ratchet::at(reference, options, config, isolated)?;
    if best == RatchetBest::Commit {
        return Ok(Some(ratchet));
    }
    let start = LineStart::Beginning;
    let mut history = BranchHistory::of_check(reference, start, options, config, isolated);
    history.what.paths.retain(|path| path.as_os_str() != "-");
    let told = history.read(progress)?;
    if told.line.is_shallow {
        say(
            "note: this clone is shallow: the best score is that of the commits that are here (`git fetch --unshallow` brings the others)",
        );
    }
    for path in &history.what.paths {
        let name = ratchet::place(path, options);
        if let Some(score) = told.best(&name) {
            ratchet.hold_to(path, score);
        }
    }
    Ok(Some(ratchet))
}

/// That other repositories were left out of a comparison.
fn not_compared(folders: &BTreeSet<String>) -> Option<String> {
    let first = folders.first()?;
    let more = match folders.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let are = if more.is_empty() {
        "is another repository"
    } else {
        "are other repositories"
    };
    Some(format!(
        "note: {first}{more} {are}, and not compared here: ask there (`cd {first}`)"
    ))
}

/// Says what is out of sight: a table of decisions has no place for it.
fn say_hidden(report: &Compared, style: &Style) {
    let hidden = Code::Template(TemplateCode::Hidden);
    for finding in report.findings.iter().filter(|one| one.code == hidden) {
        let (severity, path) = (finding.severity.name(), finding.path());
        let message = format!("{severity}: {path}: {}", finding.message);
        say(&style.plain(&message));
    }
}

/// Says that the score is too low: where a format has no place for it, this is the only word about it.
pub fn say_missed(report: &Compared) {
    for standing in report.targets.iter().filter(|one| is_under(one)) {
        say(&format!("error: {} (--fail-under)", standing.words()));
    }
}

/// Whether the score is below what the command line asks for.
fn is_under(standing: &TargetStanding) -> bool {
    standing.place.is_none() && standing.state == TargetState::Missed
}

/// From the report, so that no format can lose it.
pub fn verdict(report: &Compared, fail_on: FailOn, exit_zero: bool) -> Exit {
    if !report.is_whole() {
        Exit::Failed
    } else if !exit_zero
        && (report.targets.iter().any(is_under)
            || report
                .findings
                .iter()
                .any(|finding| fail_on.fails(finding.severity)))
    {
        Exit::Found
    } else {
        Exit::Clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::finding::Problem;
    use crate::base::{Rung, SourceCode};

    #[test]
    fn a_job_not_done_weighs_more_than_a_finding() {
        let mut report = Compared::default();
        assert_eq!(verdict(&report, FailOn::Note, false), Exit::Clean);
        let problem = Problem::Unreadable {
            path: "gone".to_owned(),
            message: "gone".to_owned(),
        };
        let mut finding = problem.into_finding();
        finding.code = Code::fallback("compute", Rung::Cluster);
        finding.severity = Severity::Warning;
        report.findings.push(finding.clone());
        assert_eq!(verdict(&report, FailOn::Warning, false), Exit::Found);
        assert_eq!(verdict(&report, FailOn::Warning, true), Exit::Clean);
        assert_eq!(verdict(&report, FailOn::Error, false), Exit::Clean);
        assert_eq!(verdict(&report, FailOn::Never, false), Exit::Clean);
        finding.code = Code::Source(SourceCode::Yaml);
        report.findings.push(finding);
        assert_eq!(verdict(&report, FailOn::Never, true), Exit::Failed);
    }
}
