//! What the reader's terminal can show.

use std::env;
use std::io::{self, Write};
use std::sync::{LazyLock, OnceLock};

use crate::host::door;
use crate::report::{Cloned, Pages, Remote, Revision, Style, WIDTH};
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::{Args, ValueEnum};

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` forces them
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What every command takes.
#[derive(Args, Clone, Copy, Debug)]
pub struct ColorArguments {
    /// Colours
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        overrides_with = "no_color"
    )]
    color: Color,

    /// No colours: what others call --color never
    #[arg(long, global = true, hide = true, overrides_with = "color")]
    no_color: bool,
}

/// What this run was asked for.
static ASKED: OnceLock<Color> = OnceLock::new();

impl ColorArguments {
    /// For all that this run writes.
    pub fn remember(self) {
        let color = match self.no_color {
            true => Color::Never,
            false => self.color,
        };
        // The first call is the only one.
        let _ = ASKED.set(color);
    }
}

/// Where this run's files can be read: in a job, at the commit that it checked out.
static REMOTE: LazyLock<Option<Remote>> = LazyLock::new(|| {
    // A person's files may be others than those of any commit.
    let is_job = JOBS.iter().any(|name| env::var_os(name).is_some());
    if !is_job && env::var_os("CI").is_none() {
        return None;
    }
    let disk = super::disk();
    let root = door::repository(&**disk, disk.root())?;
    Remote::of_job(variable, CLONED.clone(), root, disk.root())
});

/// Variables of jobs that say of which repository they are.
const JOBS: [&str; 3] = [
    "GITHUB_REPOSITORY",
    "CI_PROJECT_URL",
    "BITBUCKET_REPO_FULL_NAME",
];

/// Which revision is checked out.
static REVISION: LazyLock<Option<Revision>> =
    LazyLock::new(|| Revision::of(variable, CLONED.clone()));

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// What git says, where no variable of a job says it.
static CLONED: LazyLock<Option<Cloned>> = LazyLock::new(|| {
    if JOBS.iter().any(|name| env::var_os(name).is_some()) {
        return None;
    }
    let checkout = crate::host::checkout(super::disk().root())?;
    Some(Cloned {
        origin: checkout.origin,
        commit: checkout.commit,
        branch: checkout.branch,
    })
});

/// Which revision this run reads, where that is known.
pub fn revision() -> Option<&'static Revision> {
    REVISION.as_ref()
}

/// How to write to standard output.
pub fn for_stdout() -> Style {
    style(&io::stdout())
}

/// How to write to standard error.
pub fn for_stderr() -> Style {
    style(&io::stderr())
}

/// How to write to a file.
pub fn for_file() -> Style {
    Style {
        remote: REMOTE.as_ref(),
        ..Style::plain_text()
    }
}

/// Standard output; with colours, they are translated where the terminal needs it.
pub fn stdout(color: bool) -> Box<dyn Write> {
    let raw = io::stdout();
    if color {
        Box::new(AutoStream::always(raw.lock()))
    } else {
        Box::new(raw.lock())
    }
}

fn style(stream: &impl RawStream) -> Style {
    let color = ASKED.get().copied().unwrap_or_default();
    let terminal = stream.is_terminal();
    let asked = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let size = || terminal_size::terminal_size().filter(|_| terminal);
    let width = asked.or_else(|| size().map(|(width, _)| usize::from(width.0)));
    Style {
        group_by: None,
        color: match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => AutoStream::choice(stream) != ColorChoice::Never,
        },
        unicode: !terminal || cfg!(windows) || utf8(|name| env::var(name).ok()),
        width: width.unwrap_or(WIDTH).max(40),
        quiet: false,
        verbose: false,
        full: false,
        show_justified: false,
        pages: Pages::built_in(),
        remote: REMOTE.as_ref(),
        revision: None,
        show_known: false,
        trend: None,
        hyperlinks: terminal && color != Color::Never && supports_hyperlinks::supports_hyperlinks(),
    }
}

/// Whether the locale's characters are UTF-8: the first of these that says anything decides.
fn utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let set = names
        .iter()
        .filter_map(|name| variable(name))
        .find(|value| !value.is_empty());
    set.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_something_decides() {
        let of = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> = set
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            utf8(|name| {
                set.iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| value.clone())
            })
        };
        assert!(of(&[("LANG", "en_GB.UTF-8")]));
        assert!(of(&[("LC_ALL", ""), ("LANG", "C.utf8")]));
        assert!(!of(&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]));
        assert!(!of(&[]));
    }
}
