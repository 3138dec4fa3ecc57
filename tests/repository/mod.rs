//! A git repository that a test makes, and the program run in it.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

pub mod past;

pub struct Repository {
    folder: TempDir,
    path: PathBuf,
}

/// A command that knows nothing of the user.
pub fn alone(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for (name, value) in std::env::vars_os() {
        if name == "PATH" || name == "SystemRoot" {
            command.env(name, value);
        }
    }
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Somebody");
        command.env(format!("GIT_{role}_EMAIL"), "somebody@example.org");
        command.env(format!("GIT_{role}_DATE"), "2026-01-01T00:00:00Z");
    }
    command
}

impl Repository {
    /// A folder without a repository.
    pub fn none() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("work");
        fs::create_dir(&path).expect("it can be made");
        Self { folder, path }
    }

    /// A repository whose branch `main` has one commit with these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let one = Self::none();
        one.git(&["init", "-q", "-b", "main"]);
        for (name, text) in files {
            one.write(name, text);
        }
        one.commit("first");
        one
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same, seen from another folder.
    pub fn at(self, path: PathBuf) -> Self {
        Self { path, ..self }
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path.join(name)).expect("it can be read")
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path.join(name)).expect("it can be removed");
    }

    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let mut command = alone("git", &self.path);
        let output = command
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments)
            .output();
        let output = output.expect("git runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {error}");
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    #[track_caller]
    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = alone(env!("CARGO_BIN_EXE_sfl"), &self.path);
        command.args(arguments).output().expect("the program runs")
    }

    /// Exit code, standard output, standard error.
    pub fn said(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.run(arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
        let code = output.status.code().expect("it ends by itself");
        (code, text(output.stdout), text(output.stderr))
    }

    /// `sfl check --format json` and these; its exit code.
    #[track_caller]
    pub fn check(&self, arguments: &[&str]) -> (i32, Value) {
        let all = [&["check", "--format", "json"], arguments].concat();
        let (code, out, error) = self.said(&all);
        (
            code,
            serde_json::from_str(&out).unwrap_or_else(|_| panic!("no JSON: {out}{error}")),
        )
    }
}

/// `code address in path`, one for each finding.
pub fn findings(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().expect("a list");
    all.iter()
        .map(|one| {
            let word = |key: &str| one[key].as_str().unwrap_or("-");
            format!("{} {} in {}", word("code"), word("address"), word("path"))
        })
        .collect()
}

/// The lists of a change that are not empty: `down: Web in a.yaml compute/cluster > Web in a.yaml compute/server`.
pub fn change(report: &Value) -> Vec<String> {
    let spot = |one: &Value| {
        let word = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
        format!("{} in {} {}", word("address"), word("path"), word("code"))
    };
    let change = &report["summary"]["change"];
    let mut lines = Vec::new();
    for name in [
        "added",
        "gone",
        "down",
        "up",
        "moved",
        "unexplained",
        "explained",
    ] {
        for one in change[name].as_array().expect("a list") {
            lines.push(match one.get("from") {
                Some(from) => format!("{name}: {} > {}", spot(from), spot(&one["to"])),
                None => format!("{name}: {}", spot(one)),
            });
        }
    }
    lines
}

pub fn sentence(report: &Value) -> &str {
    report["summary"]["change"]["sentence"]
        .as_str()
        .unwrap_or_default()
}
