//! What `sfl graph`, `sfl map`, `sfl next` and `sfl wheel` read: everything that `sfl check` reads, judged once, with its graph.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;

use super::given_values::GivenValues;
use super::path_arguments;
use super::saved_reports::{self, NamedReport};
use super::terminal;
use super::{Exit, check, disk, say, say_unread};
use crate::config::from_base;
use crate::host::{Host, Memory};
use crate::workspace::ThroughCommits;
use crate::{Analysis, Options, Since};

/// What to read, and how.
#[derive(Args, Debug)]
pub struct WholeEstate {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".", value_parser = path_arguments::parser())]
    paths: Vec<PathBuf>,

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

    /// The name to show for standard input
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// Read no template, but these reports, together: `sfl check --format json`, `sfl scan`, `sfl merge`; `shop=FILE` names one
    #[arg(
        long,
        value_name = "[NAME=]REPORT",
        conflicts_with_all = ["paths", "strict", "threads", "isolated", "stdin_filename", "parameter", "parameters", "var", "var-file"]
    )]
    report: Vec<NamedReport>,

    #[command(flatten)]
    given: GivenValues,
}

impl WholeEstate {
    /// Whether a file, as it is shown, stands below what is read.
    pub fn reads(&self) -> impl Fn(&str) -> bool + use<> {
        reads(&self.paths)
    }

    /// The same at the commits of the branch; nothing where it is standard input, or is given values: the past was not asked with them.
    pub fn through_commits(&self) -> Option<ThroughCommits> {
        let is_input = self.paths.iter().any(|path| path.as_os_str() == "-");
        (!is_input && self.given.all.is_empty() && self.report.is_empty()).then(|| ThroughCommits {
            paths: self.paths.clone(),
            strict: self.strict,
            threads: self.threads,
            config: self.config.clone(),
            isolated: self.isolated,
        })
    }

    /// Reads it, and says what could not be read.
    ///
    /// # Errors
    /// How to end, where nothing can be read at all.
    pub fn read(self) -> Result<(Analysis, Exit), Exit> {
        let (analysis, _, exit) = self.read_on(None)?;
        Ok((analysis, exit))
    }

    /// The same, judged on a day; with what it was read by, for whoever looks at some of it again.
    ///
    /// # Errors
    /// How to end, where nothing can be read at all.
    pub fn read_on(self, today: Option<Date>) -> Result<(Analysis, Options, Exit), Exit> {
        if !self.report.is_empty() {
            return self.merged(today);
        }
        let (mut options, _) = self.options()?;
        options.today = today;
        let analysis = crate::check(&options, &|_, _| {});
        let exit = say_faults(&analysis);
        Ok((analysis, options, exit))
    }

    /// The same from reports; with a host that holds nothing, since no file of theirs is here.
    fn merged(self, today: Option<Date>) -> Result<(Analysis, Options, Exit), Exit> {
        let config = check::configuration(self.config.as_deref(), false, &self.given)?;
        let (mut analysis, merged) = saved_reports::merged(&self.report, &config.catalogue)?;
        analysis.weights.clone_from(&config.weights);
        let today = today.unwrap_or_else(|| disk().today());
        let host: Arc<dyn Host> = Arc::new(Memory::new(today));
        let options = Options {
            today: Some(today),
            ..Options::on(host)
        };
        let exit = match merged {
            Exit::Clean => say_faults(&analysis),
            failed => failed,
        };
        Ok((analysis, options, exit))
    }

    /// Reads it as it is, and as it was where `reference` and HEAD part.
    ///
    /// # Errors
    /// How to end, where there is nothing to compare with.
    pub fn read_since(self, reference: &str) -> Result<(Since, Exit), Exit> {
        let (mut options, file) = self.options()?;
        options.signatures = true;
        match crate::check_since(&options, reference, file.as_deref(), &|_, _| {}) {
            Ok(since) => {
                let exit = say_faults(&since.now);
                Ok((since, exit))
            }
            Err(error) => {
                let style = terminal::for_stderr();
                say(&format!("error: {}", style.plain(&error.to_string())));
                Err(Exit::Failed)
            }
        }
    }

    fn options(self) -> Result<(Options, Option<PathBuf>), Exit> {
        let file = self.config.as_deref();
        let config = check::configuration(file, self.isolated, &self.given)?;
        let options = Options {
            paths: self.paths,
            stdin_filename: self.stdin_filename,
            strict: self.strict,
            threads: self.threads,
            config,
            graph: true,
            ..Options::on(Arc::clone(disk()))
        };
        Ok((options, self.config))
    }
}

/// Whether a file, as it is shown, stands below one of the paths.
pub fn reads(paths: &[PathBuf]) -> impl Fn(&str) -> bool + use<> {
    let folders: Vec<String> = paths
        .iter()
        .map(|path| from_base("", &path.to_string_lossy().replace('\\', "/")))
        .collect();
    move |path| {
        folders.iter().any(|folder| {
            let below = Some(path).filter(|_| folder.is_empty());
            let below = below.or_else(|| path.strip_prefix(folder.as_str()));
            below.is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// Says what could not be read.
fn say_faults(analysis: &Analysis) -> Exit {
    let style = terminal::for_stdout();
    for finding in &analysis.findings {
        if finding.is_fault() {
            let (path, message) = (style.plain(finding.path()), style.plain(&finding.message));
            say(&format!("error: {path}: {message}"));
        }
    }
    for path in &analysis.not_templates {
        say(&format!(
            "note: {} is not a template that sfl knows",
            style.plain(path)
        ));
    }
    say_unread(analysis, &style);
    match analysis.is_whole() {
        true => Exit::Clean,
        false => Exit::Failed,
    }
}
