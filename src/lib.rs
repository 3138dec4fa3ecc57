//! `sfl`, a serverless-first architecture linter: finds every hosting choice in infrastructure as code, places it on the
//! fallback ladder, and reports the fallbacks for which nobody wrote down a reason.
//!
//! This file is the walk itself: files are found, read, parsed, resolved, placed and judged, each stage a room of its own.
//! [`check`] does it all; the command line in [`cli`] only chooses what to check and how to show the [`Report`].

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;

pub mod cli;
pub mod config;
pub mod discover;
pub mod finding;
pub mod justify;
pub mod ladder;
pub mod parse;
pub mod report;
pub mod resolve;
pub mod source;
pub mod stack;
pub mod template;

use config::Config;
use discover::Input;
use report::Report;
use stack::Judged;

/// Inputs below which threads cost more than they bring.
const FEW: usize = 8;

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
    /// Files that are named are left out too if the configuration excludes them.
    pub force_exclude: bool,
    /// The day by which reasons are judged; the system's local date by default.
    pub today: Option<jiff::civil::Date>,
}

impl Options {
    /// The day by which reasons are judged.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.today.unwrap_or_else(justify::today)
    }
}

/// Checks everything that the options name. The result is the same whatever the number of threads.
/// `progress` is told how many inputs of how many are done.
pub fn check(options: &Options, progress: &(dyn Fn(usize, usize) + Sync)) -> Report {
    let start = Instant::now();
    let (mut inputs, problems) =
        discover::inputs(&options.paths, options.stdin_filename.as_deref());
    inputs.retain_mut(|input| {
        input.keep(|path, named| {
            (named && !options.force_exclude) || !options.config.excludes(&discover::shown(path))
        })
    });
    let done = AtomicUsize::new(0);
    let total = inputs.len();
    let one = |input: &Input| {
        let judged = stack::judge(input, options);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        judged
    };
    let judged: Vec<Judged> = if total < FEW || options.threads == Some(1) {
        inputs.iter().map(one).collect()
    } else {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads.unwrap_or(0));
        match pool.build() {
            Ok(pool) => pool.install(|| inputs.par_iter().map(one).collect()),
            Err(_) => inputs.iter().map(one).collect(),
        }
    };
    let mut report = Report::default();
    for problem in problems {
        report.add_problem(problem);
    }
    for part in judged {
        report.add(part);
    }
    let whole = options.config.tree.is_whole(&options.paths);
    report.close_ledger(&options.config, whole);
    report.sort();
    report.elapsed = start.elapsed();
    report
}
