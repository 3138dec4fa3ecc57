//! What hands try because another tool calls it so, and what sfl calls it.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// The flag, and what to do. What means the same is accepted as well and is not listed here.
const FLAGS: [(&str, &str); 42] = [
    (
        "--all-files",
        "every file below the folder is read by default",
    ),
    ("--baseline-file", "`--baseline FILE`"),
    (
        "--changed",
        "`--since REF` reports what got worse since a commit",
    ),
    ("--check", "`--select CODE` shows only some findings"),
    (
        "--compact",
        "`--format concise` prints a line for each finding",
    ),
    (
        "--diff-base",
        "`--since REF` reports what got worse since a commit",
    ),
    ("--directory", "name the folder: `sfl check FOLDER`"),
    ("--disable", "`--ignore CODE` leaves findings out"),
    ("--disable-rule", "`--ignore CODE` leaves findings out"),
    ("--enable", "`--select CODE` shows only some findings"),
    (
        "--extend-ignore",
        "`--ignore CODE` adds to what sfl.toml ignores",
    ),
    (
        "--extend-select",
        "`--select CODE` takes the place of what sfl.toml says; name all that you want to see",
    ),
    ("--file", "name the file: `sfl check FILE`"),
    (
        "--framework",
        "what a file is shows in what it holds; no flag is needed",
    ),
    ("--html", "`--format html`, or `--output html=FILE`"),
    (
        "--include",
        "name the files and folders: `sfl check infra/ main.tf`",
    ),
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
        "--min-severity",
        "`--ignore note` leaves out the notes, `--fail-on error` decides what fails",
    ),
    ("--no-exit-codes", "`--exit-zero`"),
    ("--only", "`--select CODE` shows only some findings"),
    (
        "--output-file",
        "`--output FORMAT=FILE`, for example `-o json=report.json`",
    ),
    (
        "--recursive",
        "folders are read with all that is below them; no flag is needed",
    ),
    (
        "--rule",
        "`--select RULE` shows only the findings of a rule",
    ),
    ("--sarif", "`--format sarif`, or `--output sarif=FILE`"),
    (
        "--severity",
        "`--select error` shows only errors, `--fail-on error` decides what fails",
    ),
    ("--severity-threshold", "`--fail-on SEVERITY`"),
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
];

/// Puts what to do into an error about a flag that there is not, in the place of what is only spelled alike.
pub fn advise(error: &mut Error) {
    if error.kind() != ErrorKind::UnknownArgument {
        return;
    }
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else {
        return;
    };
    let flag = flag.split('=').next().unwrap_or(flag);
    let Some((_, advice)) = FLAGS.iter().find(|(known, _)| *known == flag) else {
        return;
    };
    let mut tip = StyledStr::new();
    // To write into a text cannot fail.
    let _ = std::fmt::Write::write_str(&mut tip, advice);
    // It would show what is only spelled alike.
    error.remove(ContextKind::Usage);
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::SuggestedSubcommand);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn the_list_is_sorted_and_names_no_flag_of_ours() {
        assert!(FLAGS.is_sorted());
        let command = cli::command();
        let check = command.find_subcommand("check").expect("it is there");
        for (flag, _) in FLAGS {
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
    fn what_is_advised_is_there() {
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
