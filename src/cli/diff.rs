//! `sfl diff`: what is, or was, against a report that was saved.

use std::path::PathBuf;

use clap::Args;

use super::saved_files::{self, SavedFiles};
use super::{Exit, check, say};

/// Compare with a saved report: what got worse, what got better, and what is gone
///
/// Reports are saved with `sfl check --format json > old.json`, of anything: templates, plans, the output of the CDK. NEW is a
/// second one; without it, OLD is compared with what is checked now. What is worse is reported and fails, as with `check --since`.
#[derive(Args, Debug)]
// That of what is flattened has the same name.
#[group(skip)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
#[command(mut_args(|argument| {
    let is_foreign = check::is_foreign(argument.get_id().as_str());
    argument.hide(is_foreign)
}))]
#[command(override_usage = "sfl diff [OPTIONS] <OLD.json> [NEW.json | PATH...]")]
pub struct Arguments {
    /// The report that was saved
    #[arg(value_name = "OLD.json")]
    old: PathBuf,

    #[command(flatten)]
    check: check::Arguments,
}

const EXAMPLES: &str = "\
sfl check cdk.out --format json > old.json   before the change
sfl diff old.json cdk.out                    after it
sfl diff old.json new.json                   two reports, no template is read
sfl diff old.json --format markdown          for a comment on a pull request";

const EXITS: &str = "\
Exit codes, as of `sfl check`:
  0  nothing worse at or above --fail-on
  1  something worse
  2  wrong usage, or a report or an input that cannot be read";

/// Compares.
pub fn run(arguments: Arguments) -> Exit {
    let Arguments { old, mut check } = arguments;
    if let Some(flag) = check.foreign() {
        say(&format!(
            "error: `sfl diff` has no {flag}: that is for `sfl check`"
        ));
        return Exit::Failed;
    }
    let one_more = check.paths.iter().find(|path| saved_files::is_report(path));
    if let (2.., Some(report)) = (check.paths.len(), one_more) {
        let report = report.display();
        say(&format!(
            "error: {report} is a saved report, and two are compared at a time: `sfl diff {} {report}`; `sfl merge` makes one of many",
            old.display()
        ));
        return Exit::Failed;
    }
    let new = match &check.paths[..] {
        [one] if saved_files::is_report(one) => Some(one.clone()),
        _ => None,
    };
    if new.is_some() {
        check.paths.clear();
    }
    check::run_against(check, Some(SavedFiles { old, new }))
}
