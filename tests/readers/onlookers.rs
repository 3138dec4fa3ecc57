//! The real readers of what sfl writes, from the registries of Python and npm. Each set stands in a folder of its own below
//! `target/`, and is made when it is first asked for.

#![allow(dead_code, reason = "each test takes the readers that it needs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A Python that has these packages, each with its version: `lxml==6.1.3`.
pub fn python(set: &str, packages: &[&str]) -> PathBuf {
    let folder = made(&format!("python-{set}"), packages, |folder| {
        let python = if cfg!(windows) { "python" } else { "python3" };
        run(
            Command::new(python).args(["-m", "venv"]).arg(folder),
            "python3 with its module venv (Debian: python3-venv)",
        );
        let quiet = ["--quiet", "--disable-pip-version-check"];
        let mut pip = Command::new(inside(folder));
        pip.args(["-m", "pip", "install"]).args(quiet);
        if !packages.is_empty() {
            run(pip.args(packages), "pip, and PyPI or a copy of it");
        }
    });
    inside(&folder)
}

/// A folder whose `node_modules` has these packages, each with its version: `@microsoft/sarif-multitool@5.7.0`.
pub fn node(set: &str, packages: &[&str]) -> PathBuf {
    made(&format!("node-{set}"), packages, |folder| {
        fs::create_dir_all(folder).expect("target/ is writable");
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
        run(
            Command::new(npm)
                .args(["install", "--prefix"])
                .arg(folder)
                .args(quiet)
                .args(packages),
            "npm with node, and its registry or a copy of it",
        );
    })
}

/// Runs what must succeed, and hands on what it printed.
pub fn run(command: &mut Command, need: &str) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("this test needs {need}: {command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "this test needs {need}; {command:?} ended with {}:\n{}{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

fn inside(folder: &Path) -> PathBuf {
    if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    }
}

/// The folder of a set; made anew where it is not whole or holds other packages.
fn made(set: &str, packages: &[&str], make: impl FnOnce(&Path)) -> PathBuf {
    let _alone = ONE_AT_A_TIME
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("onlookers")
        .join(set);
    let done = folder.join("packages.txt");
    let wanted = packages.join("\n");
    if fs::read_to_string(&done).ok().as_ref() != Some(&wanted) {
        let _ = fs::remove_dir_all(&folder);
        make(&folder);
        fs::write(done, wanted).expect("target/ is writable");
    }
    folder
}
