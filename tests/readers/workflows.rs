//! The workflows, as their schema and a linter of workflows see them: the real ones, from the Python index.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::packaged::{ROOT, done, python};
use crate::repository::{Repository, alone};
use crate::tools::missing;

fn workflows() -> Vec<PathBuf> {
    let folder = format!("{ROOT}/.github/workflows");
    let entries = fs::read_dir(folder).expect("it is readable").flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    assert!(files.len() > 1, "{files:?}");
    files
}

/// What a team runs in its own workflow, if it is there.
fn action() -> Option<PathBuf> {
    let file = Path::new(ROOT).join("action.yml");
    file.exists().then_some(file)
}

fn dependabot() -> PathBuf {
    Path::new(ROOT).join(".github/dependabot.yml")
}

#[test]
fn they_fit_their_schema() {
    if missing!(PYTHON) {
        return;
    }
    let programs = python("workflows", &["check-jsonschema==0.39.0", "zizmor==1.32.0"]);
    let check = |schema: &str, files: Vec<PathBuf>| {
        let mut command = Command::new(programs.join("check-jsonschema"));
        done(command.args(["--builtin-schema", schema]).args(files));
    };
    check("vendor.github-workflows", workflows());
    check("vendor.dependabot", vec![dependabot()]);
    if let Some(action) = action() {
        check("vendor.github-actions", vec![action]);
    }
}

#[test]
fn they_give_nothing_away() {
    if missing!(PYTHON) {
        return;
    }
    let programs = python("workflows", &["check-jsonschema==0.39.0", "zizmor==1.32.0"]);
    let mut command = Command::new(programs.join("zizmor"));
    command.args(["--offline", "--no-progress", "--no-config"]);
    done(command.args(workflows()).args(action()).arg(dependabot()));
}

#[test]
fn dependencies_are_looked_for_where_they_are() {
    let text = fs::read_to_string(dependabot()).expect("it is readable");
    let folders: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("directory: "))
        .collect();
    assert!(folders.len() > 3, "{folders:?}");
    for folder in folders {
        let there = Path::new(ROOT).join(folder.trim_start_matches('/'));
        assert!(there.is_dir(), "{folder} is no folder");
    }
}

/// A branch is protected by its name alone.
#[test]
fn the_last_job_of_ci_waits_for_every_other() {
    let text = fs::read_to_string(format!("{ROOT}/.github/workflows/ci.yml"));
    let text = text.expect("it is readable");
    let ci: serde_yaml::Value = serde_yaml::from_str(&text).expect("it is YAML");
    let jobs = ci["jobs"].as_mapping().expect("it has jobs");
    let mut jobs: Vec<&str> = jobs.keys().filter_map(|name| name.as_str()).collect();
    let last = jobs.pop().expect("there is one");
    let needs = ci["jobs"][last]["needs"].as_sequence().expect("a list");
    let needs: Vec<&str> = needs.iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(needs, jobs);
    assert!(jobs.len() > 3, "{jobs:?}");
}

/// What `sfl init` writes for a team, with the commit that it asks for instead of the tag.
#[test]
fn what_init_writes_is_one() {
    if missing!(PYTHON) {
        return;
    }
    let programs = python("workflows", &["check-jsonschema==0.39.0", "zizmor==1.32.0"]);
    let repository = Repository::new(&[("a.txt", "")]);
    for (folder, flags) in [("", &[][..]), ("infra: \"d\" #1", &["--baseline"])] {
        let at = repository.path().join(folder);
        fs::create_dir_all(&at).expect("it can be made");
        let init = [
            "init",
            "--yes",
            "--workflow",
            "--repository=https://github.com/house/sfl",
        ];
        let mut command = alone(env!("CARGO_BIN_EXE_sfl"), &at);
        done(command.args(init).args(flags));
        let file = repository.path().join(".github/workflows/sfl.yml");
        let mut command = Command::new(programs.join("check-jsonschema"));
        done(
            command
                .args(["--builtin-schema", "vendor.github-workflows"])
                .arg(&file),
        );
        let text = fs::read_to_string(&file).expect("it is there");
        let (head, rest) = text.split_once("house/sfl@v").expect("it uses sfl");
        let (_, rest) = rest.split_once('\n').expect("a line");
        let pinned = format!("{head}house/sfl@{} # v1.0.0\n{rest}", "a".repeat(40));
        fs::write(&file, pinned).expect("it can be written");
        let mut command = Command::new(programs.join("zizmor"));
        done(
            command
                .args(["--offline", "--no-progress", "--no-config"])
                .arg(&file),
        );
        fs::remove_file(&file).expect("it can be removed");
    }
}

#[test]
fn every_action_is_pinned_to_one_commit_and_says_which_version_that_is() {
    let mut pins: Vec<(String, String)> = Vec::new();
    for file in workflows().into_iter().chain(action()) {
        let text = fs::read_to_string(&file).expect("it is readable");
        for line in text.lines() {
            let Some((_, used)) = line.split_once("uses: ") else {
                continue;
            };
            if used.starts_with("./") {
                continue;
            }
            let (action, rest) = used.split_once('@').expect("a version");
            let (commit, version) = rest.split_once(" # v").unwrap_or_else(|| {
                panic!(
                    "{}: {line}: a commit, then `# v` and its version",
                    file.display()
                )
            });
            let hex = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(hex, "{}: {line}", file.display());
            pins.push((action.to_owned(), format!("{commit} {version}")));
        }
    }
    pins.sort();
    pins.dedup();
    let version = |pin: &str| pin.split_once(' ').map(|(_, version)| version.to_owned());
    for two in pins.windows(2) {
        let same = two[0].0 == two[1].0 && version(&two[0].1) == version(&two[1].1);
        assert!(!same, "one version is one commit: {two:?}");
    }
}
