//! `sfl rules test`: the examples of the built-in rules, or of a team's own, are run.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use ignore::WalkBuilder;

use crate::Options;
use crate::cli::terminal::{self, Color};
use crate::cli::{Exit, print, say};
use crate::ladder::rulefile::{self, RuleFile};
use crate::report::pretty::Style;
use crate::trial::{self, Example, Trial};

/// Run the examples of rules, and show each that comes out differently
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// A rule file, or a folder of them [default: the built-in rules]
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

const EXAMPLES: &str = "\
sfl rules test              the built-in rules
sfl rules test our-rules/   the rules of a team";

/// Runs them.
pub fn run(arguments: &Arguments) -> Exit {
    let files = match arguments.folder.as_deref().map(read).transpose() {
        Ok(files) => files,
        Err(faults) => {
            for fault in faults {
                say(&format!("error: {fault}"));
            }
            return Exit::Failed;
        }
    };
    let options = Options::default();
    let examples = match &files {
        Some(files) => trial::examples(files),
        None => trial::built_in(),
    };
    let trials: Vec<Trial<'_>> = examples
        .into_iter()
        .map(|example: Example<'_>| example.run(&options))
        .collect();
    let style = terminal::for_stdout(Color::Auto);
    match print(|out| write(&trials, &style, out), style.color) {
        Exit::Clean if trials.iter().any(|trial| !trial.holds()) => Exit::Found,
        exit => exit,
    }
}

fn write(trials: &[Trial<'_>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let wrong = trials.iter().filter(|trial| !trial.holds());
    for trial in wrong.clone() {
        let name = style.plain(&trial.example.name()).into_owned();
        writeln!(out, "{}", style.strong(&name))?;
        for problem in &trial.problems {
            writeln!(out, "  {}", style.plain(problem))?;
        }
        let found = |line: &&str| trial.found.iter().any(|found| found == line);
        for line in trial.example.expect.iter().filter(|line| !found(line)) {
            writeln!(out, "  expected  {}", style.plain(line))?;
        }
        let expected = |line: &&String| trial.example.expect.contains(&line.as_str());
        for line in trial.found.iter().filter(|line| !expected(line)) {
            writeln!(out, "  found     {}", style.plain(line))?;
        }
        writeln!(out)?;
    }
    let mut rules: Vec<_> = trials
        .iter()
        .map(|trial| (trial.example.file, trial.example.rule))
        .collect();
    rules.dedup();
    let (all, rules, wrong) = (trials.len(), rules.len(), wrong.count());
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

/// Every rule file, or everything that is wrong with them.
fn read(folder: &Path) -> Result<Vec<(String, RuleFile)>, Vec<String>> {
    let mut files = Vec::new();
    let mut faults = Vec::new();
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false)
        .sort_by_file_name(std::cmp::Ord::cmp);
    for entry in walk.build() {
        let path = match entry {
            Ok(entry) => entry.into_path(),
            Err(error) => {
                faults.push(error.to_string());
                continue;
            }
        };
        let is_toml = path.extension().is_some_and(|ending| ending == "toml");
        if !is_toml || path.is_dir() {
            continue;
        }
        let name = path.display().to_string().replace('\\', "/");
        let text = fs::read_to_string(&path).map_err(|error| error.to_string());
        match text.and_then(|text| toml::from_str(&text).map_err(|error| error.to_string())) {
            Ok(file) => files.push((name, file)),
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    if files.is_empty() && faults.is_empty() {
        faults.push(format!("{}: no rule file", folder.display()));
    }
    if faults.is_empty() {
        faults = rulefile::faults(&files);
    }
    if faults.is_empty() {
        Ok(files)
    } else {
        Err(faults)
    }
}
