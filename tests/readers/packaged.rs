//! The project as it leaves the house: a copy as git would hand it on, its wheel, and the Python programs that take it from there.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, OnceLock};

use crate::repository::alone;

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// As in `.github/release.sh`.
pub const MATURIN: &str = "maturin==1.16.0";

/// Where all of this is kept from one run to the next.
pub fn kept() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("packaged")
}

/// The output of a command that must do its work.
#[track_caller]
pub fn done(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

#[track_caller]
pub fn printed(command: &mut Command) -> String {
    String::from_utf8(done(command).stdout).expect("it prints UTF-8")
}

/// The folder of programs of a Python of its own with these packages, which are installed from the index once.
#[track_caller]
pub fn python(name: &str, packages: &[&str]) -> PathBuf {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(|broken| broken.into_inner());
    let folder = kept().join(name);
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let stamp = folder.join("packages");
    let wanted = packages.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return programs;
    }
    let interpreter = if cfg!(windows) { "python" } else { "python3" };
    let version = Command::new(interpreter).arg("--version").output();
    assert!(
        version.is_ok_and(|output| output.status.success()),
        "this test needs Python: there is no `{interpreter}` on the PATH"
    );
    let mut venv = Command::new(interpreter);
    done(venv.args(["-m", "venv", "--clear"]).arg(&folder));
    if !packages.is_empty() {
        let mut pip = Command::new(programs.join("python"));
        done(pip.args(["-m", "pip", "install", "--quiet"]).args(packages));
    }
    fs::write(stamp, wanted).expect("it can be written");
    programs
}

/// Builds quickly, beside what is built already.
pub fn quick(command: &mut Command) -> &mut Command {
    command
        .env("CARGO_TARGET_DIR", kept().join("target"))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_TERM_COLOR", "never")
}

/// A repository with the files of this one as they are now, and its only commit, which has the version's tag.
pub fn project() -> &'static (PathBuf, String) {
    static PROJECT: OnceLock<(PathBuf, String)> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let copy = kept().join("project");
        let all = [
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ];
        let names = printed(alone("git", Path::new(ROOT)).args(all));
        let names = names.split('\0').filter(|name| !name.is_empty());
        let names = names.filter(|name| Path::new(ROOT).join(name).is_file());
        mirror(Path::new(ROOT), &copy, names.collect());
        let git = |arguments: &[&str]| printed(alone("git", &copy).args(arguments));
        if copy.join(".git").exists() {
            fs::remove_dir_all(copy.join(".git")).expect("it can be removed");
        }
        git(&["init", "-q", "-b", "main"]);
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "as it is"]);
        git(&["tag", &format!("v{VERSION}")]);
        let commit = git(&["rev-parse", "HEAD"]).trim().to_owned();
        (copy, commit)
    })
}

/// Makes `to` hold these files of `from` and no others. What is the same is left as it is, so that cargo knows it again.
fn mirror(from: &Path, to: &Path, names: BTreeSet<&str>) {
    let old = walkdir::WalkDir::new(to)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".git");
    for entry in old.flatten().filter(|entry| entry.file_type().is_file()) {
        let name = entry.path().strip_prefix(to).expect("below the folder");
        if !name.to_str().is_some_and(|name| names.contains(name)) {
            fs::remove_file(entry.path()).expect("it can be removed");
        }
    }
    for name in names {
        let new = fs::read(from.join(name)).expect("it can be read");
        let path = to.join(name);
        if fs::read(&path).is_ok_and(|old| old == new) {
            continue;
        }
        fs::create_dir_all(path.parent().expect("below the folder")).expect("it can be made");
        // With the right to be run, where it has it.
        fs::copy(from.join(name), path).expect("it can be written");
    }
}

/// A folder that stands for the Python index: the wheel, and what builds Python packages.
pub fn index() -> &'static Path {
    static INDEX: OnceLock<PathBuf> = OnceLock::new();
    INDEX.get_or_init(|| {
        let folder = kept().join("index");
        if !folder.exists() {
            let part = kept().join("index.part");
            let mut pip = Command::new(python("plain", &[]).join("python"));
            pip.args(["-m", "pip", "download", "--quiet", "--dest"]);
            done(pip.arg(&part).args(["setuptools==80.9.0", MATURIN]));
            fs::rename(part, &folder).expect("it can be named");
        }
        for entry in fs::read_dir(&folder).expect("it is readable").flatten() {
            if entry.file_name().to_string_lossy().starts_with("sfl-") {
                fs::remove_file(entry.path()).expect("it can be removed");
            }
        }
        let mut maturin = Command::new(python("tools", &[MATURIN]).join("maturin"));
        maturin.args(["build", "--release", "--locked", "--out"]);
        done(quick(maturin.arg(&folder)).current_dir(&project().0));
        folder
    })
}

/// Lets pip see that folder only.
pub fn indexed(command: &mut Command) -> &mut Command {
    command
        .env("PIP_NO_INDEX", "1")
        .env("PIP_FIND_LINKS", index())
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
}
