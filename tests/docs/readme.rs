//! The README speaks the truth: its picture is what the program prints, and its commands are those that CI runs.
//! `SFL_BLESS=1 cargo test --test docs readme` draws the picture anew.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::repository::{Repository, alone};
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn printed() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sfl"))
        .args(["check", "fixtures/shop/web.yaml", "--color", "always"])
        .current_dir(ROOT)
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "100")
        .env_remove("NO_COLOR")
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
    // Time is the machine's, not the program's.
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for line in &mut lines {
        if let (Some(comma), true) = (
            line.rfind(", "),
            line.ends_with(" ms") || line.contains(" ms\u{1b}"),
        ) {
            line.truncate(comma);
            line.push_str(", 3 ms\u{1b}[0m");
        }
    }
    lines.join("\n")
}

#[test]
fn the_picture_is_what_the_program_prints() {
    let drawn = anstyle_svg::Term::new().render_svg(&printed());
    let path = format!("{ROOT}/docs/check.svg");
    if env::var_os("SFL_BLESS").is_some() {
        fs::write(&path, &drawn).expect("docs/ is writable");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "docs/check.svg is old: SFL_BLESS=1 cargo test --test docs readme"
    );
}

#[test]
fn the_commands_are_those_that_are_run() {
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).expect("it is there");
    let run = fs::read_to_string(format!("{ROOT}/.ci/run")).expect("it is there");
    assert!(
        readme.contains("\ncargo test "),
        "the README names the tests"
    );
    assert!(run.contains("\ncargo xtask ready\n"));
    let ready = fs::read_to_string(format!("{ROOT}/xtask/src/main.rs")).expect("it is there");
    // With what the README's readers don't wait for, as well.
    assert!(
        ready.contains(r#"&["test", "--locked", "--features", "parquet"]"#),
        "CI runs what the README names"
    );
    assert!(readme.contains("\ncargo run -- check fixtures "));
}

/// The lines of the GitLab job, but for `pip`, as its runner runs them: whether they end well, and the fingerprints.
#[cfg(unix)]
fn job(checkout: &Repository, base: Option<&str>) -> (bool, BTreeSet<String>) {
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).expect("it is there");
    let (_, job) = readme
        .split_once("\n  image: python:3\n")
        .expect("a job for GitLab");
    let (_, script) = job.split_once("  script:\n").expect("a script");
    let lines = script.lines().map_while(|line| line.strip_prefix("    - "));
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with("pip ")).collect();
    assert_eq!(lines.len(), 2);
    let program = Path::new(env!("CARGO_BIN_EXE_sfl"))
        .parent()
        .expect("a folder");
    let path = env::var("PATH").expect("the programs of this machine");
    let mut command = alone("bash", checkout.path());
    command.env("PATH", format!("{}:{path}", program.display()));
    if let Some(base) = base {
        command.env("CI_MERGE_REQUEST_DIFF_BASE_SHA", base);
    }
    let script = format!("set -eo pipefail\n{}", lines.join("\n"));
    let output = command.args(["-c", &script]).output().expect("bash runs");
    let report: Value = serde_json::from_str(&checkout.read("sfl.json")).expect("it is JSON");
    let issues = report.as_array().expect("a list").iter();
    let fingerprints = issues
        .map(|issue| issue["fingerprint"].to_string())
        .collect();
    (output.status.success(), fingerprints)
}

/// What GitLab compares is whole on both sides; what fails is only what got worse.
#[cfg(unix)]
#[test]
fn the_job_for_gitlab_gives_what_gitlab_compares() {
    let server = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
    let checkout = Repository::new(&[("web.yaml", server)]);
    let base = checkout.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let (well, before) = job(&checkout, None);
    assert!(well, "nothing fails on the default branch");
    assert_eq!(before.len(), 1);
    checkout.write("notes.txt", "nothing");
    checkout.commit("harmless");
    assert_eq!(job(&checkout, Some(&base)), (true, before.clone()));
    checkout.write(
        "web.yaml",
        &format!("{server}  Db:\n    Type: AWS::RDS::DBInstance\n"),
    );
    checkout.commit("worse");
    let (well, after) = job(&checkout, Some(&base));
    assert!(!well);
    assert!(after.is_superset(&before) && after.len() == 2, "{after:?}");
}
