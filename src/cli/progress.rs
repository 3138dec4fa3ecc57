//! A bar for runs that take long enough to wonder.

use std::env;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs shorter than this show nothing.
const PATIENCE: Duration = Duration::from_millis(300);

/// Told by every thread; shows itself on a terminal only.
pub struct Progress {
    bar: ProgressBar,
    since: Instant,
    wanted: bool,
}

impl Progress {
    /// One that shows itself, or one that never does.
    pub fn new(wanted: bool, unicode: bool) -> Self {
        Self::of("files", wanted, unicode)
    }

    /// The same, of other things than files.
    pub fn of(what: &str, wanted: bool, unicode: bool) -> Self {
        let wanted = wanted && io::stderr().is_terminal() && env::var_os("CI").is_none();
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let template = format!("{{bar:30}} {{pos}} of {{len}} {what}");
        let style = || ProgressStyle::with_template(&template);
        if let Some(Ok(style)) = wanted.then(style) {
            bar.set_style(style.progress_chars(if unicode { "█▓░" } else { "#>-" }));
        }
        Self {
            bar,
            since: Instant::now(),
            wanted,
        }
    }

    /// So many are done.
    pub fn tell(&self, done: usize, total: usize) {
        if !self.wanted || self.since.elapsed() < PATIENCE {
            return;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }

    /// Leaves no trace.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
