//! `sfl rules test`: the examples of the built-in rules, or of a team's own, are run.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ignore::WalkBuilder;

use crate::Options;
use crate::base::finding::{Finding, Problem};
use crate::base::source::Source;
use crate::cli::terminal;
use crate::cli::{Exit, at_fault, disk, print};
use crate::config::{Config, rules};
use crate::host::door::{self, Door};
use crate::host::shown;
use crate::placement::{CATALOGUE, Catalogue};
use crate::report::pretty::Style;
use crate::rulebook::file::RuleFile;
use crate::workspace::examples::{self, Example, ExampleRun};

/// Run the examples of rules, and show each one that comes out differently
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// A rule file, or a folder of them [default: the built-in rules, and those that sfl.toml names]
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

const EXAMPLES: &str = "\
sfl rules test              the built-in rules, and those that sfl.toml names
sfl rules test our-rules/   a team's own rules";

/// Runs them.
pub fn run(arguments: &Arguments) -> Exit {
    let own = match &arguments.folder {
        Some(folder) => read(folder),
        None => Config::find(disk(), None)
            .map(of_configuration)
            .map_err(|error| error.findings),
    };
    let own = match own {
        Ok(own) => own,
        Err(faults) => return at_fault(&faults, &terminal::for_stderr()),
    };
    // What a team decides otherwise is no fault of the built-in rules.
    let mut runs = match arguments.folder {
        Some(_) => Vec::new(),
        None => run_all(examples::built_in(), &CATALOGUE),
    };
    runs.extend(run_all(examples::examples(&own.files), &own.catalogue));
    let sources = &own.sources;
    let style = terminal::for_stdout();
    match print(|out| write(&runs, sources, &style, out), style.color) {
        Exit::Clean if runs.iter().any(|run| !run.holds()) => Exit::Found,
        exit => exit,
    }
}

fn run_all<'e>(examples: Vec<Example<'e>>, catalogue: &Catalogue) -> Vec<ExampleRun<'e>> {
    let mut options = Options::default();
    options.config.catalogue = catalogue.clone();
    let examples = examples.into_iter();
    examples.map(|example| example.run(&options)).collect()
}

/// `our-rules/queue.toml:31: queue, example 1`; the line where the file is at hand.
fn name(example: &Example<'_>, sources: &[Arc<Source>]) -> String {
    let source = sources
        .iter()
        .find(|source| **source.name() == *example.file);
    let line = source.zip(example.start).and_then(|(source, start)| {
        let start = u32::try_from(start).ok()?;
        Some(source.position(start).line)
    });
    match line {
        Some(line) => {
            let (file, rule, number) = (&example.file, &example.rule, example.number);
            format!("{file}:{line}: {rule}, example {number}")
        }
        None => example.name(),
    }
}

fn write(
    runs: &[ExampleRun<'_>],
    sources: &[Arc<Source>],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let wrong = runs.iter().filter(|run| !run.holds());
    for run in wrong.clone() {
        let name = style.plain(&name(&run.example, sources)).into_owned();
        writeln!(out, "{}", style.strong(&name))?;
        for problem in &run.problems {
            writeln!(out, "  {}", style.plain(problem))?;
        }
        let found = |line: &&Cow<'_, str>| run.found.iter().any(|found| found == *line);
        for line in run.example.expect.iter().filter(|line| !found(line)) {
            writeln!(out, "  expected  {}", style.plain(line))?;
        }
        let expected = |line: &&String| run.example.expect.iter().any(|known| known == *line);
        for line in run.found.iter().filter(|line| !expected(line)) {
            writeln!(out, "  found     {}", style.plain(line))?;
        }
        writeln!(out)?;
    }
    let mut rules: Vec<_> = runs
        .iter()
        .map(|run| (&run.example.file, &run.example.rule))
        .collect();
    rules.dedup();
    let (all, rules, wrong) = (runs.len(), rules.len(), wrong.count());
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let end = match wrong {
        0 => "all as expected".to_owned(),
        1 => "1 differs".to_owned(),
        wrong => format!("{wrong} differ"),
    };
    writeln!(
        out,
        "{all} example{} of {rules} rule{}: {end}",
        s(all),
        s(rules)
    )
}

/// A team's rule files: as they stand, read, and in a catalogue.
struct Own {
    sources: Vec<Arc<Source>>,
    files: Vec<(String, RuleFile)>,
    catalogue: Catalogue,
}

/// The rule files that the configuration names.
fn of_configuration(config: Config) -> Own {
    parsed(config.rule_files, config.catalogue)
}

fn parsed(sources: Vec<Arc<Source>>, catalogue: Catalogue) -> Own {
    let files = sources.iter().filter_map(|source| {
        let file = toml::from_str(source.text()).ok()?;
        Some((source.name().to_string(), file))
    });
    Own {
        files: files.collect(),
        sources,
        catalogue,
    }
}

/// Every rule file of a folder and the catalogue with them in it, or everything that is wrong with them.
fn read(folder: &Path) -> Result<Own, Vec<Finding>> {
    let mut sources = Vec::new();
    let mut faults = Vec::new();
    let mut unreadable = |path: String, message: String| {
        faults.push(Problem::Unreadable { path, message }.into_finding());
    };
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false)
        .sort_by_file_name(std::cmp::Ord::cmp);
    for entry in walk.build() {
        let path = match entry {
            Ok(entry) => entry.into_path(),
            Err(error) => {
                unreadable(shown(&**disk(), folder), error.to_string());
                continue;
            }
        };
        let is_toml = path.extension().is_some_and(|ending| ending == "toml");
        if !is_toml || path.is_dir() {
            continue;
        }
        let name = shown(&**disk(), &path);
        match Door::new(&**disk()).text(&path, door::LARGEST_SETTING) {
            Ok(text) => sources.push(Arc::new(Source::new(name, text))),
            Err(error) => unreadable(name, error.to_string()),
        }
    }
    if sources.is_empty() && faults.is_empty() {
        let message = "there is no rule file in it".to_owned();
        faults.push(
            Problem::Unreadable {
                path: shown(&**disk(), folder),
                message,
            }
            .into_finding(),
        );
    }
    match rules::over(&sources, &CATALOGUE, &mut faults) {
        Some(catalogue) if faults.is_empty() => Ok(parsed(sources, catalogue)),
        _ => Err(faults),
    }
}
