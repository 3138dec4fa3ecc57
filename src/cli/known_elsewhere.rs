//! What hands try because another tool calls it so, and what sfl calls it.

use std::path::Path;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::report::visible;

/// The flag, and what to do. What means the same is accepted as well and is not listed here.
const FLAGS: [(&str, &str); 69] = [
    (
        "--add-noqa",
        "`sfl justify NAME` writes down why, `sfl baseline` takes all that is there today as known",
    ),
    (
        "--all-files",
        "every file below the folder is read by default",
    ),
    ("--baseline-file", "`--baseline FILE`"),
    (
        "--cache",
        "nothing is kept between two runs of `sfl check`; no flag is needed",
    ),
    (
        "--changed",
        "`--since REF` reports what got worse since a commit",
    ),
    ("--chdir", "name the folder: `sfl check FOLDER`"),
    ("--check", "`--select CODE` shows only some findings"),
    (
        "--compact",
        "`--format concise` prints a line for each finding",
    ),
    ("--concurrency", "`--threads N`"),
    ("--debug", "`--verbose` also shows every decision"),
    (
        "--diff-base",
        "`--since REF` reports what got worse since a commit",
    ),
    ("--directory", "name the folder: `sfl check FOLDER`"),
    ("--disable", "`--ignore CODE` leaves findings out"),
    ("--disable-rule", "`--ignore CODE` leaves findings out"),
    ("--dry-run", "`--diff` shows what `--fix` would change"),
    ("--enable", "`--select CODE` shows only some findings"),
    ("--error-on-warning", "`--fail-on warning`, as it is anyway"),
    (
        "--exit-code",
        "`--exit-zero` never fails, `--fail-on SEVERITY` decides what does",
    ),
    (
        "--ext",
        "what a file is shows in what it holds: name the files and folders, `sfl check infra/ main.tf`",
    ),
    (
        "--extend-ignore",
        "`--ignore CODE` adds to what sfl.toml ignores",
    ),
    (
        "--extend-select",
        "`--select CODE` takes the place of what sfl.toml says; name all that you want to see",
    ),
    ("--file", "name the file: `sfl check FILE`"),
    ("--fix-dry-run", "`--diff` shows what `--fix` would change"),
    (
        "--framework",
        "what a file is shows in what it holds; no flag is needed",
    ),
    ("--html", "`--format html`, or `--output html=FILE`"),
    (
        "--include",
        "name the files and folders: `sfl check infra/ main.tf`",
    ),
    (
        "--include-checks",
        "`--select CODE` shows only some findings",
    ),
    ("--jobs", "`--threads N`"),
    ("--json", "`--format json`, or `--output json=FILE`"),
    ("--junit", "`--format junit`, or `--output junit=FILE`"),
    (
        "--list",
        "`sfl rules` lists every type, `--show-files` every file",
    ),
    (
        "--list-files",
        "`--show-files` lists what is read and what is left out, and why",
    ),
    (
        "--list-rules",
        "`sfl rules` lists every type that sfl knows",
    ),
    ("--lsp", "`sfl lsp` starts the server for editors"),
    ("--max-severity", "`--ignore error` leaves out the worst"),
    (
        "--max-warnings",
        "`--fail-on error` lets warnings pass; `sfl baseline` lets those pass that are there today",
    ),
    (
        "--min-severity",
        "`--ignore note` leaves out the notes, `--fail-on error` decides what fails",
    ),
    ("--minimum-failure-severity", "`--fail-on SEVERITY`"),
    (
        "--no-cache",
        "nothing is kept between two runs of `sfl check`; no flag is needed",
    ),
    (
        "--no-error-on-unmatched-pattern",
        "a folder without templates is no error; `--skip-unknown` passes over named files that are none",
    ),
    ("--no-exit-codes", "`--exit-zero`"),
    ("--only", "`--select CODE` shows only some findings"),
    (
        "--output-file",
        "`--output FORMAT=FILE`, for example `-o json=report.json`",
    ),
    (
        "--print-config",
        "`sfl config` shows every value and where it is set",
    ),
    (
        "--recursive",
        "folders are read with all that is below them; no flag is needed",
    ),
    (
        "--rule",
        "`--select RULE` shows only the findings of a rule",
    ),
    (
        "--rules",
        "`--select RULE` shows only the findings of a rule; `sfl rules` lists every type",
    ),
    ("--sarif", "`--format sarif`, or `--output sarif=FILE`"),
    (
        "--severity",
        "`--select error` shows only errors, `--fail-on error` decides what fails",
    ),
    ("--severity-threshold", "`--fail-on SEVERITY`"),
    ("--show-fixes", "`--diff` shows what `--fix` would change"),
    (
        "--show-settings",
        "`sfl config` shows every value and where it is set",
    ),
    (
        "--show-source",
        "`--full` shows each finding with its lines",
    ),
    ("--skip-check", "`--ignore CODE` leaves findings out"),
    (
        "--staged",
        "name the files, as pre-commit does: `sfl check FILE...`",
    ),
    ("--stats", "`--statistics` counts findings by code and rule"),
    (
        "--summary",
        "`--statistics` counts findings by code and rule",
    ),
    ("--template", "name the file: `sfl check FILE`"),
    (
        "--threshold",
        "`--fail-under SCORE`, or `--fail-on SEVERITY`",
    ),
    ("--update-baseline", "`sfl baseline` writes it anew"),
    (
        "--watch",
        "`sfl lsp` gives an editor the findings while you type; in a terminal: `watch sfl check`",
    ),
    ("-c", "`--config FILE`"),
    ("-d", "name the folder: `sfl check FOLDER`"),
    ("-e", "`--exclude GLOB` leaves files out"),
    ("-f", "`--format FORMAT`, for example `--format json`"),
    ("-i", "`--ignore CODE` leaves findings out"),
    ("-j", "`--threads N`"),
    ("-s", "`--select CODE` shows only some findings"),
    ("-t", "name the file: `sfl check FILE`"),
];

/// What other tools call their commands, and what does that here.
const COMMANDS: [(&str, &str); 30] = [
    (
        "accept",
        "`sfl justify NAME` writes down why; `accept` in `[ladders]` of sfl.toml names the rungs that need no reason",
    ),
    ("analyse", CHECK),
    ("analyze", CHECK),
    ("audit", CHECK),
    (
        "compare",
        "`sfl diff OLD.json` compares with a saved report, `sfl check --since REF` with a commit",
    ),
    ("doc", "`sfl explain CODE`"),
    ("docs", "`sfl explain CODE`"),
    ("fix", "`sfl check --fix`"),
    ("format", "`sfl check --format FORMAT`"),
    (
        "ignore",
        "`sfl justify NAME` writes down why, `sfl check --ignore CODE` leaves findings out",
    ),
    ("inspect", CHECK),
    ("lint", CHECK),
    (
        "list",
        "`sfl rules` lists every type, `sfl check --show-files` every file",
    ),
    (
        "ls",
        "`sfl rules` lists every type, `sfl check --show-files` every file",
    ),
    (
        "plan",
        "`sfl next` says what to do next; a plan of Terraform: `terraform show -json FILE | sfl check -`",
    ),
    ("report", "`sfl check --output html=FILE`"),
    ("review", CHECK),
    ("rule", "`sfl explain RULE`, `sfl rules`"),
    ("run", CHECK),
    ("score", "`sfl check`; `sfl badge` draws the score"),
    ("serve", "`sfl lsp` starts the server for editors"),
    ("server", "`sfl lsp` starts the server for editors"),
    ("setup", "`sfl init`"),
    ("suppress", "`sfl justify NAME`"),
    ("test", CHECK),
    ("validate", CHECK),
    ("verify", CHECK),
    ("version", "`sfl --version`"),
    (
        "waive",
        "`sfl justify NAME` writes down why; `accept` in `[ladders]` of sfl.toml names the rungs that need no reason",
    ),
    (
        "why",
        "`sfl explain CODE` says what a finding means, `sfl explain NAME PATH` where a resource stands and why",
    ),
];

/// What other tools call the values of a flag, and what that is here.
const VALUES: [(&str, &[&str], &str); 8] = [
    ("--fail-on", &["none", "nothing", "off"], "never"),
    ("--fail-on", &["high", "critical", "fatal"], "error"),
    ("--fail-on", &["warn", "medium"], "warning"),
    ("--fail-on", &["any", "info", "low"], "note"),
    (
        "--format",
        &[
            "cli", "default", "full", "human", "plain", "stylish", "table", "text", "tty", "txt",
        ],
        "pretty",
    ),
    (
        "--format",
        &["compact", "line", "oneline", "short", "unix"],
        "concise",
    ),
    ("--format", &["codeclimate", "codequality"], "gitlab"),
    ("--format", &["md"], "markdown"),
];
const CHECK: &str = "`sfl check [PATH]...`";

/// Puts what to do into an error about a flag or a command that there is not, in the place of what is only spelled alike.
pub fn advise(error: &mut Error) {
    let advice = match error.kind() {
        // Elsewhere it reads files.
        ErrorKind::UnknownArgument | ErrorKind::MissingRequiredArgument if scans_files() => {
            Some(CHECK.to_owned())
        }
        ErrorKind::UnknownArgument => {
            let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else {
                return;
            };
            let flag = flag.split('=').next().unwrap_or(flag);
            let known = FLAGS.iter().find(|(known, _)| *known == flag);
            known.map(|(_, advice)| (*advice).to_owned())
        }
        ErrorKind::InvalidSubcommand => {
            let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
                return;
            };
            let known = COMMANDS.iter().find(|(known, _)| known == word);
            match known {
                Some((_, advice)) => Some((*advice).to_owned()),
                None if Path::new(word).exists() => {
                    Some(format!("`sfl check {}`", visible::line(word, true)))
                }
                None => None,
            }
        }
        ErrorKind::InvalidValue => known_value(error),
        _ => return,
    };
    let Some(advice) = advice else { return };
    let mut tip = StyledStr::new();
    // To write into a text cannot fail.
    let _ = std::fmt::Write::write_str(&mut tip, &advice);
    // It would show what is only spelled alike.
    error.remove(ContextKind::Usage);
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::SuggestedSubcommand);
    error.remove(ContextKind::SuggestedValue);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
}

/// What a value of another tool is called here, if the command takes that.
fn known_value(error: &Error) -> Option<String> {
    let (
        Some(ContextValue::String(flag)),
        Some(ContextValue::String(value)),
        Some(ContextValue::Strings(valid)),
    ) = (
        error.get(ContextKind::InvalidArg),
        error.get(ContextKind::InvalidValue),
        error.get(ContextKind::ValidValue),
    )
    else {
        return None;
    };
    let flag = flag.split(' ').next().unwrap_or_default();
    let known = VALUES
        .iter()
        .find(|(of, theirs, _)| *of == flag && theirs.contains(&value.to_lowercase().as_str()));
    let (_, _, ours) = known?;
    let is_valid = valid.iter().any(|one| one == ours);
    is_valid.then(|| format!("`{flag} {ours}`"))
}

/// Whether `sfl scan` is called without a stream.
fn scans_files() -> bool {
    let mut words = std::env::args_os().skip(1);
    words.next().is_some_and(|word| word == "scan") && words.all(|word| word != "--stream")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn the_list_is_sorted_and_names_no_flag_of_ours() {
        assert!(FLAGS.is_sorted());
        assert!(COMMANDS.is_sorted());
        let command = cli::command();
        let check = command.find_subcommand("check").expect("it is there");
        for (flag, _) in FLAGS {
            if let [b'-', letter] = flag.as_bytes() {
                let short = char::from(*letter);
                let mut ours = check.get_arguments();
                assert!(!ours.any(|one| one.get_short() == Some(short)), "{flag}");
            }
            let name = flag.trim_start_matches("--");
            let mut ours = check.get_arguments();
            assert!(
                !ours.any(|one| one
                    .get_long_and_visible_aliases()
                    .is_some_and(|all| all.contains(&name))
                    || one.get_all_aliases().is_some_and(|all| all.contains(&name))),
                "{flag}"
            );
        }
    }

    #[test]
    fn a_value_of_another_tool_leads_to_one_of_ours() {
        for (flag, theirs, ours) in VALUES {
            let read = |value: &str| {
                cli::command().try_get_matches_from(["sfl", "check", &format!("{flag}={value}")])
            };
            assert!(read(ours).is_ok(), "{flag} {ours}");
            for value in theirs {
                assert!(read(value).is_err(), "{flag} {value}");
            }
        }
    }

    #[test]
    fn what_is_advised_is_there() {
        for (word, advice) in COMMANDS {
            let command = cli::command();
            assert!(command.find_subcommand(word).is_none(), "{word}");
            let called = advice.split("`sfl ").skip(1);
            let called = called.map(|rest| rest.split([' ', '`']).next().unwrap_or_default());
            for name in called.filter(|name| !name.starts_with('-')) {
                assert!(command.find_subcommand(name).is_some(), "{word}: {name}");
            }
        }
        let command = cli::command();
        let check = command.find_subcommand("check").expect("it is there");
        for (flag, advice) in FLAGS {
            for word in advice.split(['`', ' ', ',', ':']) {
                if let Some(name) = word.strip_prefix("--") {
                    let mut ours = check.get_arguments();
                    assert!(
                        ours.any(|one| one.get_long() == Some(name)),
                        "{flag}: {word}"
                    );
                }
            }
        }
    }
}
