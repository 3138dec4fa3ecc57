//! A folder that a test fills, and the program run in it.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    folder
}

/// The same, as a repository of its own: what stands above it does not count.
pub fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = folder(files);
    fs::create_dir(folder.path().join(".git")).expect("it can be made");
    folder
}

/// The program, which knows nothing of the user.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sfl"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LC_ALL", "C.UTF-8");
    command
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = command(folder);
    let command = command.env("COLUMNS", "100");
    command.args(arguments).output().expect("the program runs")
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("it prints UTF-8")
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("it prints UTF-8")
}
