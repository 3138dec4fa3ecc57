//! The walk itself: files are found, read, parsed, resolved, placed and judged, each stage a room of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;

pub mod stack;
pub mod trial;

use crate::analysis::{Analysis, Judged};
use crate::base::finding::Problem;
use crate::base::source::Source;
use crate::config::{self, Config};
use crate::host::discover::{self, Input};
use crate::host::history::{History, HistoryError, Past};
use crate::reasons::{self, unused};
use stack::ModuleText;

/// Inputs below which threads cost more than they bring.
const FEW: usize = 8;
/// Files of another commit that are held at a time.
const PART: usize = 512;

/// What to check, and how.
#[derive(Debug, Default)]
pub struct Options {
    /// Files and folders; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// The name under which standard input is shown.
    pub stdin_filename: Option<String>,
    /// Where nothing decides, assume the worst instead of the best.
    pub strict: bool,
    /// Threads to use; as many as there are cores by default.
    pub threads: Option<usize>,
    /// What `sfl.toml` says.
    pub config: Config,
    /// Remember what each decision's block holds, so that it is recognised elsewhere.
    pub signatures: bool,
    /// Keep the graph: every resource, plumbing too, and what it refers to.
    pub graph: bool,
    /// Files that are named are left out too if the configuration excludes them.
    pub force_exclude: bool,
    /// Files that are named are taken as if they had been found in a folder: what is no template is passed over.
    pub skip_unknown: bool,
    /// The day by which reasons are judged; the system's local date by default.
    pub today: Option<jiff::civil::Date>,
}

impl Options {
    /// The day by which reasons are judged.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        // Asked for only where a reason is judged, and once: to find the time zone costs more than to check a template.
        static TODAY: std::sync::OnceLock<jiff::civil::Date> = std::sync::OnceLock::new();
        self.today
            .unwrap_or_else(|| *TODAY.get_or_init(reasons::today))
    }

    /// What is to be looked at, and what could not be.
    fn inputs(&self) -> (Vec<Input>, Vec<Problem>) {
        let (mut inputs, problems) = discover::inputs(&self.paths, self.stdin_filename.as_deref());
        inputs.retain_mut(|input| {
            input.keep(|path, named| {
                (named && !self.force_exclude) || !self.config.excludes(&discover::shown(path))
            }) && (!self.skip_unknown || input.find())
        });
        (inputs, problems)
    }
}

/// Checks everything that the options name. The result is the same whatever the number of threads.
/// `progress` is told how many inputs of how many are done.
pub fn check(options: &Options, progress: &(dyn Fn(usize, usize) + Sync)) -> Analysis {
    let (inputs, problems) = options.inputs();
    now(inputs, problems, options, progress)
}

/// An analysis, and the same files as they were.
#[derive(Debug)]
pub struct Since {
    /// Now.
    pub now: Analysis,
    /// As it was where the reference and HEAD part.
    pub before: Analysis,
    /// The commit that this is.
    pub base: String,
    /// Today's names of files that had another.
    pub renames: BTreeMap<String, String>,
}

/// Checks everything that the options name, and the same as it was where `reference` and HEAD part. `config` is the
/// configuration that was named.
///
/// # Errors
/// There is nothing to compare with.
pub fn check_since(
    options: &Options,
    reference: &str,
    config: Option<&Path>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Since, HistoryError> {
    let here = std::env::current_dir().unwrap_or_default();
    let mut history = History::open(&here, reference)?;
    let (inputs, problems) = options.inputs();
    let inputs = history.own(inputs)?;
    let past = history.past(&inputs, &options.paths, &|path| {
        !options.config.excludes(path)
    });
    let now = now(inputs, problems, options, progress);
    let mut then = Options {
        strict: options.strict,
        threads: options.threads,
        config: options.config.clone(),
        signatures: options.signatures,
        today: Some(options.today()),
        ..Options::default()
    };
    then.config.ledger = config::past::ledger(config, &mut |path| history.at(path));
    let before = before(&mut history, &past, &then)?;
    Ok(Since {
        now,
        before,
        base: history.base().to_owned(),
        renames: past.renames,
    })
}

fn now(
    inputs: Vec<Input>,
    problems: Vec<Problem>,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Analysis {
    let start = Instant::now();
    let judge = |input: Input| stack::judge(&input, options);
    let mut analysis = all(inputs, options, progress, judge);
    for problem in problems {
        analysis.add_problem(problem);
    }
    let whole = options.config.tree.is_whole(&options.paths);
    close_ledger(&mut analysis, &options.config, whole);
    analysis.purpose.clone_from(&options.config.purpose);
    analysis.sort();
    analysis.elapsed = start.elapsed();
    analysis
}

/// The same files as they were, a part of them at a time.
fn before(history: &mut History, past: &Past, options: &Options) -> Result<Analysis, HistoryError> {
    let mut analysis = Analysis::default();
    for files in past.files.chunks(PART) {
        let texts = files
            .iter()
            .map(|file| Ok((&*file.name, history.read(file)?)));
        let texts: Vec<(&str, Vec<u8>)> = texts.collect::<Result<_, HistoryError>>()?;
        let judge = |(name, bytes)| stack::judge_bytes(name, bytes, options);
        analysis.append(all(texts, options, &|_, _| {}, judge));
    }
    for module in &past.modules {
        let mut texts = Vec::new();
        for (file, is_configuration, asked) in &module.files {
            match discover::decode(history.read(file)?, &file.name) {
                Ok(text) => texts.push(ModuleText {
                    source: Arc::new(Source::new(&*file.name, text)),
                    is_configuration: *is_configuration,
                    asked: asked.then_some(false),
                }),
                Err(problem) if *asked => analysis.add_problem(problem),
                Err(_) => {}
            }
        }
        analysis.add(stack::judge_module(&module.folder, &texts, options));
    }
    let whole = options.config.tree.is_whole(&options.paths);
    close_ledger(&mut analysis, &options.config, whole);
    analysis.sort();
    Ok(analysis)
}

/// Ends the judgement of the ledger's reasons, once all files are read.
fn close_ledger(analysis: &mut Analysis, config: &Config, whole: bool) {
    let read: BTreeSet<&str> = analysis.read.iter().map(String::as_str).collect();
    let ledger = &mut analysis.ledger;
    let (findings, records) = unused::ledger(config, ledger, &read, analysis.terraform, whole);
    analysis.findings.extend(findings);
    analysis.records.extend(records);
}

/// Judges inputs side by side and puts what they came to one after the other.
fn all<I: Send>(
    inputs: Vec<I>,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
    judge: impl Fn(I) -> Judged + Sync,
) -> Analysis {
    let done = AtomicUsize::new(0);
    let total = inputs.len();
    let one = |input: I| {
        let judged = judge(input);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        judged
    };
    let few = total < FEW || options.threads == Some(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads.unwrap_or(0));
    let pool = (!few).then(|| pool.build().ok()).flatten();
    let judged: Vec<Judged> = match pool {
        Some(pool) => pool.install(|| inputs.into_par_iter().map(one).collect()),
        None => inputs.into_iter().map(one).collect(),
    };
    let mut analysis = Analysis::default();
    for part in judged {
        analysis.add(part);
    }
    analysis
}
