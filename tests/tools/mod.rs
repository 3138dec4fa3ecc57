//! What some tests need beside Rust and git. Where it is missing they are skipped, and `tests/what_was_skipped.rs`, which runs last,
//! says so. Where `SFL_REQUIRE_TOOLS` is set, as in `.ci/run`, they fail instead.
#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "each test program uses its own part"
)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

pub struct Need {
    pub name: &'static str,
    pub brought_by: &'static str,
    /// `SFL_REQUIRE_TOOLS` asks for programs, not for other people's templates.
    is_program: bool,
    look: fn() -> bool,
}

pub static PYTHON: Need = Need {
    name: "Python 3 with venv, and PyPI",
    brought_by: "apt-get install python3-venv",
    is_program: true,
    look: python,
};

pub static NODE: Need = Need {
    name: "Node with npm, and its registry",
    brought_by: "apt-get install nodejs npm",
    is_program: true,
    look: node,
};

pub static CHROMIUM: Need = Need {
    name: "Chromium",
    brought_by: "apt-get install chromium, or CHROME=PROGRAM",
    is_program: true,
    look: || chromium().is_some(),
};

pub static ARCHIVERS: Need = Need {
    name: "curl, unzip and zip",
    brought_by: "apt-get install curl unzip zip",
    is_program: true,
    look: || {
        ["curl", "unzip", "zip"]
            .iter()
            .all(|one| on_path(one).is_some())
    },
};

pub static TERRAFORM: Need = Need {
    name: "Terraform",
    brought_by: "https://developer.hashicorp.com/terraform/install, or TERRAFORM=PROGRAM",
    is_program: true,
    look: || env::var_os("TERRAFORM").is_some() || on_path("terraform").is_some(),
};

pub static GRAPHVIZ: Need = Need {
    name: "Graphviz",
    brought_by: "apt-get install graphviz",
    is_program: true,
    look: || on_path("dot").is_some(),
};

pub static NEOVIM: Need = Need {
    name: "Neovim",
    brought_by: "apt-get install neovim",
    is_program: true,
    look: || on_path("nvim").is_some(),
};

pub static SPARK: Need = Need {
    name: "Java, and leave to fetch 400 MB of Spark",
    brought_by: "apt-get install default-jre-headless, and SFL_SPARK=1",
    is_program: false,
    look: || env::var_os("SFL_SPARK").is_some() && on_path("java").is_some(),
};

pub static CORPUS: Need = Need {
    name: "a folder of real templates",
    brought_by: "SFL_CORPUS=FOLDER",
    is_program: false,
    look: || env::var_os("SFL_CORPUS").is_some(),
};

pub static TERRAFORM_FILES: Need = Need {
    name: "a folder of real Terraform files",
    brought_by: "SFL_TERRAFORM=FOLDER",
    is_program: false,
    look: || env::var_os("SFL_TERRAFORM").is_some(),
};

pub static ALL: [&Need; 10] = [
    &PYTHON,
    &NODE,
    &CHROMIUM,
    &ARCHIVERS,
    &TERRAFORM,
    &GRAPHVIZ,
    &NEOVIM,
    &SPARK,
    &CORPUS,
    &TERRAFORM_FILES,
];

impl Need {
    /// Looked for once in each test program.
    pub fn is_here(&self) -> bool {
        static KNOWN: Mutex<BTreeMap<&str, bool>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        *known.entry(self.name).or_insert_with(self.look)
    }
}

/// Whether the test (or the part of it) that asks has to be skipped for what it needs: `if missing!(PYTHON, NODE) { return; }`.
macro_rules! missing {
    ($($need:ident),+) => {
        $crate::tools::lacks(
            std::any::type_name_of_val(&|| ()),
            &[$(&$crate::tools::$need),+],
        )
    };
}
pub(crate) use missing;

/// For `missing!`, which knows the test's name.
#[track_caller]
pub fn lacks(test: &str, needs: &[&Need]) -> bool {
    let test = test.trim_end_matches("::{{closure}}");
    let lacking = needs.iter().filter(|need| !need.is_here());
    let lacking: Vec<&Need> = lacking.copied().collect();
    if env::var_os("SFL_REQUIRE_TOOLS").is_some()
        && let Some(need) = lacking.iter().find(|need| need.is_program)
    {
        let Need {
            name, brought_by, ..
        } = need;
        panic!("SFL_REQUIRE_TOOLS asks for {name}, which is not here: {brought_by}");
    }
    let note = notes().join(test.replace("::", "."));
    if lacking.is_empty() {
        let _ = fs::remove_file(note);
        return false;
    }
    let names: Vec<&str> = lacking.iter().map(|need| need.name).collect();
    fs::create_dir_all(notes()).expect("target/ is writable");
    fs::write(note, names.join("\n")).expect("target/ is writable");
    true
}

/// Where each skipped test leaves a file of its name that holds the names of what it lacked.
pub fn notes() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped")
}

/// The folder that `SFL_CORPUS` names.
pub fn corpus() -> PathBuf {
    let folder = env::var_os("SFL_CORPUS").expect("`missing!(CORPUS)` was asked before");
    folder.into()
}

/// The folder that `SFL_TERRAFORM` names.
pub fn terraform_files() -> PathBuf {
    let folder = env::var_os("SFL_TERRAFORM");
    folder
        .expect("`missing!(TERRAFORM_FILES)` was asked before")
        .into()
}

/// The browser: what `CHROME` names, or the first that is installed.
pub fn chromium() -> Option<PathBuf> {
    let named = env::var_os("CHROME").map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome"];
    named.or_else(|| names.iter().find_map(|name| on_path(name)))
}

/// The file of a program.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let mut files = env::split_paths(&folders).map(|folder| folder.join(program));
    files.find(|file| file.is_file())
}

fn python() -> bool {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let program = if cfg!(windows) { "python" } else { "python3" };
    let inside = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    is_there(program)
        && once(&folder, || {
            let mut venv = Command::new(program);
            let mut pip = Command::new(inside);
            let patience = ["--timeout", "10", "--retries", "1"];
            pip.args(["-m", "pip", "download", "--no-deps", "--dest"]);
            pip.arg(&folder).args(patience).arg("junitparser==5.0.3");
            succeeds(venv.args(["-m", "venv", "--clear"]).arg(&folder)) && succeeds(&mut pip)
        })
}

fn node() -> bool {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    is_there("node")
        && once(&folder, || {
            let patience = ["--fetch-timeout", "10000", "--fetch-retries", "1"];
            let mut view = Command::new(npm);
            view.args(["view", "@actions/core@1.11.1", "version"]);
            succeeds(Command::new("node").arg("--version")) && succeeds(view.args(patience))
        })
}

/// Whether a program can be called; Windows has endings of its own, and there the call itself tells.
fn is_there(program: &str) -> bool {
    cfg!(windows) || on_path(program).is_some()
}

/// What was found once is not asked again while `target/` stays.
fn once(folder: &Path, look: impl FnOnce() -> bool) -> bool {
    let stamp = folder.join("found");
    stamp.is_file()
        || (look() && fs::create_dir_all(folder).is_ok() && fs::write(stamp, "").is_ok())
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = quiet.stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
