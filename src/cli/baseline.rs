//! `sfl baseline`: today's fallbacks become known, and the list only shrinks unless somebody asks for more.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::baseline_setting::BaselineSetting;
use super::given_values::GivenValues;
use super::named_paths;
use super::path_arguments;
use super::renamed_files::same_file;
use super::terminal;
use super::{Exit, ask, baseline_setting, check, disk, print, say, say_unread, whole_file};
use crate::Options;
use crate::analysis::Analysis;
use crate::base::file_paths::lexical;
use crate::base::finding::Severity;
use crate::base::{Code, TemplateCode};
use crate::compare::Compared;
use crate::compare::baseline::{Baseline, FILE_NAME, Held, KnownFallback};
use crate::host::door::{self, Door};
use crate::host::{HostError, shown};
use crate::report::visible;
use crate::workspace::out_of_sight::ListedFiles;

/// Record today's fallbacks, so that `sfl check` reports only what is new or worse
///
/// An entry is a path, an address and a code. An existing file never grows unless you ask for it, and an entry is judged
/// only when its file is read. Unreadable files and faulty justifications are never part of it. A file that gets another name
/// keeps its entries.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// Files and folders
    #[arg(value_name = "PATH", default_value = ".", value_parser = path_arguments::parser())]
    paths: Vec<PathBuf>,

    /// The baseline [default: the `baseline` of sfl.toml, else sfl-baseline.json]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Remove entries that no longer occur, and update those that are on a better rung by now or in a file with a new name
    #[arg(long)]
    prune: bool,

    /// Also name the baseline in sfl.toml, so that every check is measured by it, without asking
    #[arg(short, long, conflicts_with = "isolated")]
    yes: bool,

    /// Add what is new or has got worse
    #[arg(long)]
    allow_growth: bool,

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

    #[command(flatten)]
    given: GivenValues,

    /// Whoever calls says what comes next.
    #[arg(skip)]
    is_one_step: bool,
}

impl Arguments {
    /// For everything below this folder, as one step of several. `yes`: sfl.toml is to name it.
    pub fn here(yes: bool) -> Self {
        Self {
            paths: vec![PathBuf::from(".")],
            output: None,
            yes,
            is_one_step: true,
            prune: false,
            allow_growth: false,
            strict: false,
            threads: None,
            config: None,
            isolated: false,
            given: GivenValues::default(),
        }
    }
}

const EXAMPLES: &str = "\
sfl baseline                   today's fallbacks become known
sfl baseline --yes             and sfl.toml names the file, so that every check is measured by it
sfl baseline --prune           what is gone or better by now leaves the list
sfl baseline --allow-growth    what is new is taken in";

const EXITS: &str = "\
Exit codes:
  0  the baseline knows every fallback
  1  there are some that it does not know, and it was not allowed to grow; or a template of its own is out of sight
  2  wrong usage, faulty configuration or baseline, or an input that cannot be read; the rest is still written,
     but nothing where no template was read";

/// The baseline that was named, ready to measure a run.
///
/// # Errors
/// The file is not there, or it is no baseline.
pub fn held(file: Option<&Path>, paths: &[PathBuf]) -> Result<Option<Held>, String> {
    let Some(file) = file else { return Ok(None) };
    let host = &**disk();
    let shown = shown(host, file);
    let text = Door::new(host).text(file, door::LARGEST_BASELINE);
    let text = text.map_err(|error| match error {
        HostError::Missing => {
            format!("{shown}: there is no such baseline; `sfl baseline --output {shown}` writes it")
        }
        error => format!("{shown}: {error}"),
    })?;
    let baseline =
        Baseline::read(&text).map_err(|message| format!("{shown} is not a baseline: {message}"))?;
    Ok(Some(measure(baseline, file, shown, paths)))
}

/// Says of what the baseline knows and nobody reads any more what hides it, and gives the baseline that keeps those entries. A run that
/// compares with a commit of one repository (`is_one_repository`) looks into no other.
pub fn say_out_of_sight(
    now: &mut Analysis,
    held: &Held,
    options: &Options,
    is_one_repository: bool,
) -> Held {
    let known = ListedFiles {
        files: held.files(),
        name: &held.file,
        list: held
            .folder
            .join(Path::new(&held.file).file_name().unwrap_or_default()),
        is_one_repository,
    };
    let kept = known.say(now, options);
    Held {
        kept,
        ..held.clone()
    }
}

fn measure(baseline: Baseline, file: &Path, shown: String, paths: &[PathBuf]) -> Held {
    let here = disk().root().to_owned();
    let folder = here
        .join(file)
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default();
    let real = |path: PathBuf| path.canonicalize().unwrap_or(path);
    Held {
        baseline,
        file: shown,
        folder: real(folder),
        here: real(here),
        paths: paths.to_vec(),
        same_file: Some(same_file),
        kept: BTreeSet::new(),
    }
}

/// Writes it.
pub fn run(arguments: Arguments) -> Exit {
    let file = arguments.config.as_deref();
    let config = match check::configuration(file, arguments.isolated, &arguments.given) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let here = disk().root().to_owned();
    let set = config.baseline.clone();
    let output = arguments.output.or_else(|| set.clone());
    let output = output.unwrap_or_else(|| PathBuf::from(FILE_NAME));
    let exists = output.symlink_metadata().is_ok();
    let held = if exists || arguments.prune {
        held(Some(&output), &arguments.paths)
    } else {
        let shown = shown(&**disk(), &output);
        let new = Baseline::default();
        Ok(Some(measure(new, &output, shown, &arguments.paths)))
    };
    let held = match held {
        Ok(Some(held)) => held,
        Ok(None) => return Exit::Failed,
        Err(message) => {
            say(&format!("error: {}", visible::line(&message, true)));
            return Exit::Failed;
        }
    };
    let file = held.file.clone();
    let old = held.baseline.clone();
    let options = Options {
        paths: arguments.paths,
        strict: arguments.strict,
        threads: arguments.threads,
        config,
        ..Options::on(Arc::clone(disk()))
    };
    let mut analysis = crate::check(&options, &|_, _| {});
    // An empty list would be taken for one that was looked for: a mistyped path would make everything news.
    let is_nothing =
        analysis.read.is_empty() && (analysis.unreadable > 0 || !exists && !arguments.is_one_step);
    if is_nothing {
        let style = terminal::for_stderr();
        let why = named_paths::fault(&analysis, &options.paths);
        let why = why.unwrap_or_else(|| "no template could be read".to_owned());
        say(&format!(
            "error: {}; nothing was written",
            style.plain(&why)
        ));
        say_unread(&analysis, &style);
        return Exit::Failed;
    }
    let held = say_out_of_sight(&mut analysis, &held, &options, false);
    let report = Compared::from(analysis).with_baseline(&held);
    let outcome = report.baseline.clone().unwrap_or_default();
    let grow = arguments.allow_growth || !exists;
    let new = old.updated(&outcome, arguments.prune, grow);

    let style = terminal::for_stdout();
    let mut exit = Exit::Clean;
    let mut lines: Vec<String> = Vec::new();
    let mut list = |heading: &str, entries: &[KnownFallback]| {
        if entries.is_empty() {
            return;
        }
        lines.push(format!("{} {heading}:", entries.len()));
        lines.extend(entries.iter().map(|entry| {
            let (path, address) = (style.plain(&entry.path), style.plain(&entry.address));
            format!("  {address} in {path}, {}", style.plain(&entry.code))
        }));
    };
    let renamed = outcome.renamed();
    if !arguments.prune {
        list("gone (--prune removes them)", &outcome.gone());
        list("better by now (--prune updates them)", &outcome.better());
        let renamed: Vec<KnownFallback> = renamed.iter().map(|one| one.from.clone()).collect();
        list("in a file with a new name (--prune writes it)", &renamed);
    }
    if !grow && !outcome.unknown().is_empty() {
        list(
            "not known (say why, or --allow-growth adds them)",
            &outcome.unknown(),
        );
        exit = Exit::Found;
    }
    let is_set = set
        .as_ref()
        .is_some_and(|set| lexical(&here.join(set)) == lexical(&here.join(&output)));
    let next = Next {
        file: file.clone(),
        output: &output,
        config: arguments.config.as_deref(),
        is_set,
        is_isolated: arguments.isolated,
    };
    // What sfl.toml can't say is known before anything is written.
    let step = match (arguments.yes && !is_set, &set) {
        (true, Some(set)) => Err(format!(
            "`baseline` in sfl.toml names {} already: nothing was written; name {file} there by hand, or leave out --yes",
            shown(&**disk(), set)
        )),
        _ => next.setting(arguments.yes, !exists && !arguments.is_one_step),
    };
    let setting = match step {
        Ok(setting) => setting,
        Err(why) => {
            say(&format!("error: {}", style.plain(&why)));
            return Exit::Failed;
        }
    };
    if new != old || !exists {
        let text = new.write();
        if let Err(why) = whole_file::replace(&output, |out| out.write_all(text.as_bytes())) {
            say(&format!("error: {}: {why}", style.plain(&file)));
            return Exit::Failed;
        }
        lines.push(format!("wrote {}: {}", style.plain(&file), known(&new)));
    } else {
        lines.push(format!(
            "{} stays as it is: {}",
            style.plain(&file),
            known(&new)
        ));
    }
    match next.step(setting, arguments.yes, !exists && !arguments.is_one_step) {
        Ok(line) => lines.extend(line.map(|line| style.plain(&line).into_owned())),
        Err(why) => {
            say(&format!("error: {}", style.plain(&why)));
            exit = Exit::Failed;
        }
    }
    for finding in report.findings.iter().filter(|finding| finding.is_fault()) {
        let path = style.plain(finding.path());
        say(&format!("error: {path}: {}", style.plain(&finding.message)));
        exit = Exit::Failed;
    }
    let hidden = report.findings.iter();
    for finding in hidden.filter(|one| one.code == Code::Template(TemplateCode::Hidden)) {
        let path = style.plain(finding.path());
        let severity = finding.severity.name();
        say(&format!(
            "{severity}: {path}: {}",
            style.plain(&finding.message)
        ));
        if exit == Exit::Clean && finding.severity == Severity::Error {
            exit = Exit::Found;
        }
    }
    say_unread(&report, &style);
    let print = print(
        |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")),
        style.color,
    );
    if print == Exit::Failed {
        Exit::Failed
    } else {
        exit
    }
}

/// What is to be said or done when a baseline is there.
struct Next<'a> {
    /// The baseline, as it is shown.
    file: String,
    output: &'a Path,
    config: Option<&'a Path>,
    /// Whether sfl.toml names it.
    is_set: bool,
    is_isolated: bool,
}

impl Next<'_> {
    /// What would be written into sfl.toml, where somebody says so or may be asked; it is only made.
    fn setting(&self, yes: bool, is_new: bool) -> Result<Option<BaselineSetting>, String> {
        if self.is_set || self.is_isolated || !(yes || is_new) {
            return Ok(None);
        }
        match baseline_setting::prepare(self.output, self.config) {
            Ok(setting) => Ok(Some(setting)),
            Err(why) if yes => Err(format!("{why}; nothing was written")),
            // Nobody asked for it.
            Err(_) => Ok(None),
        }
    }

    /// Names the baseline in sfl.toml where somebody says so, else says what comes next where it is new.
    fn step(
        &self,
        setting: Option<BaselineSetting>,
        yes: bool,
        is_new: bool,
    ) -> Result<Option<String>, String> {
        const EACH: &str = "every sfl check reports only what is new or worse";
        if self.is_set {
            return Ok(is_new.then(|| format!("next: sfl check; {EACH}")));
        }
        let Some(setting) = setting else {
            return Ok(is_new.then(|| format!("next: sfl check --baseline {}", self.file)));
        };
        let asks = !yes && io::stdin().is_terminal() && io::stderr().is_terminal();
        let agreed = asks && {
            ask::prepare();
            ask::confirm(&format!(
                "name it in {}, so that {EACH}?",
                setting.change.shown
            ))?
        };
        let (key, config) = (&setting.key, &setting.change.shown);
        if yes || agreed {
            setting.change.store()?;
            return Ok(Some(format!("wrote `{key}` into {config}: {EACH}")));
        }
        Ok(Some(format!(
            "next: sfl check --baseline {}; with `{key}` in {config}, {EACH} (sfl baseline --yes writes it)",
            self.file
        )))
    }
}

fn known(baseline: &Baseline) -> String {
    match baseline.len() {
        1 => "1 known fallback".to_owned(),
        number => format!("{number} known fallbacks"),
    }
}
