//! A job that uses the action: a checkout, inputs, an event, and what came of it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::ROOT;
use super::expression::Contexts;
use crate::repository::{Repository, alone};
use crate::tools::on_path;

/// All that the action may need of a runner, besides `cargo` and `gh`. No `jq`, no `python3`, no `node`.
const PROGRAMS: [&str; 23] = [
    "awk",
    "basename",
    "bash",
    "cat",
    "cp",
    "curl",
    "cut",
    "dirname",
    "git",
    "grep",
    "gzip",
    "mkdir",
    "mktemp",
    "mv",
    "od",
    "rmdir",
    "sed",
    "sha256sum",
    "shasum",
    "tar",
    "tr",
    "unzip",
    "wc",
];

pub struct Job {
    pub checkout: Repository,
    pub folder: TempDir,
    /// Where the action itself lies.
    pub action: PathBuf,
    pub inputs: Vec<(&'static str, String)>,
    pub event: Value,
    pub environment: Vec<(&'static str, String)>,
    /// `github.action_repository`.
    pub repository: &'static str,
}

/// How it ended.
pub struct Ran {
    /// The step that failed, and its exit code.
    pub failed: Option<(String, i32)>,
    pub log: String,
    pub summary: String,
    /// What later steps find on their PATH.
    pub path: String,
    outputs: BTreeMap<String, String>,
}

impl Ran {
    /// An output of the action.
    #[track_caller]
    pub fn output(&self, name: &str) -> &str {
        let output = self.outputs.get(name);
        output.unwrap_or_else(|| panic!("action.yml has no output `{name}`"))
    }

    /// `exit-code`, `findings`, `new-findings` and `score`.
    pub fn numbers(&self) -> [&str; 4] {
        ["exit-code", "findings", "new-findings", "score"].map(|name| self.output(name))
    }

    /// 0, or the exit code of the step that failed, which must be the last.
    #[track_caller]
    pub fn verdict(&self) -> i32 {
        match &self.failed {
            None => 0,
            Some((step, code)) => {
                assert_eq!(step, "Verdict", "{}", self.log);
                *code
            }
        }
    }

    /// The job could not be done, and the step says why.
    #[track_caller]
    pub fn refused(&self, step: &str, why: &str) {
        assert_eq!(self.failed, Some((step.to_owned(), 2)), "{}", self.log);
        let errors = super::log::said(&self.log, "error").join("\n");
        assert!(errors.contains(why), "{errors}\n---\n{}", self.log);
    }
}

impl Job {
    /// A job in a repository with these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self::of(Repository::new(files))
    }

    /// A job in a repository.
    pub fn of(checkout: Repository) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["temp", "tools", "bin", "home"] {
            fs::create_dir(folder.path().join(name)).expect("it can be made");
        }
        for program in PROGRAMS {
            if let Some(path) = on_path(program) {
                symlink(path, folder.path().join("bin").join(program)).expect("it can be linked");
            }
        }
        Self {
            checkout,
            folder,
            action: ROOT.into(),
            inputs: Vec::new(),
            event: json!({}),
            environment: vec![("SFL_BIN", env!("CARGO_BIN_EXE_sfl").to_owned())],
            repository: "",
        }
    }

    pub fn with(mut self, input: &'static str, value: impl Into<String>) -> Self {
        self.inputs.push((input, value.into()));
        self
    }

    /// Numbers and the log only.
    pub fn plain(self) -> Self {
        self.with("sarif", "false")
            .with("annotations", "false")
            .with("summary", "false")
    }

    pub fn set(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((variable, value.into()));
        self
    }

    pub fn event(mut self, event: Value) -> Self {
        self.event = event;
        self
    }

    /// Without a program that somebody put there.
    pub fn released(mut self, repository: &'static str, server: &str) -> Self {
        self.environment.clear();
        self.repository = repository;
        self.set("GITHUB_SERVER_URL", server)
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a program on the PATH.
    pub fn install(&self, name: &str, path: &Path) {
        symlink(path, self.at("bin").join(name)).expect("it can be linked");
    }

    pub fn run(&self) -> Ran {
        let text = fs::read_to_string(self.action.join("action.yml")).expect("it is there");
        let action: Value = serde_yaml::from_str(&text).expect("it is YAML");
        let mut contexts = self.contexts(&action);
        let mut ran = Ran {
            failed: None,
            log: String::new(),
            summary: String::new(),
            path: String::new(),
            outputs: BTreeMap::new(),
        };
        for (at, step) in list(&action["runs"]["steps"]).iter().enumerate() {
            let code = self.step(step, at, &mut contexts, &mut ran);
            if code != 0 {
                ran.failed = Some((word(&step["name"]), code));
                break;
            }
        }
        // A runner does this even when a step failed (`CompositeActionHandler.cs`).
        for (name, output) in map(&action["outputs"]) {
            let value = contexts.fill(&word(&output["value"]));
            ran.outputs.insert(name.clone(), value);
        }
        ran
    }

    fn contexts(&self, action: &Value) -> Contexts {
        let mut values = BTreeMap::from([
            (
                "github.action_repository".to_owned(),
                self.repository.to_owned(),
            ),
            ("github.token".to_owned(), "a-token".to_owned()),
        ]);
        for (name, input) in map(&action["inputs"]) {
            values.insert(format!("inputs.{name}"), word(&input["default"]));
        }
        for (name, value) in &self.inputs {
            let known = values.insert(format!("inputs.{name}"), value.clone());
            assert!(known.is_some(), "action.yml has no input `{name}`");
        }
        Contexts {
            values,
            event: self.event.clone(),
        }
    }

    fn step(&self, step: &Value, at: usize, contexts: &mut Contexts, ran: &mut Ran) -> i32 {
        let keys = map(step).keys();
        let unknown: Vec<&String> = keys
            .filter(|key| !["name", "id", "shell", "run", "env"].contains(&key.as_str()))
            .collect();
        assert!(unknown.is_empty(), "this test cannot run {unknown:?}");
        assert_eq!(step["shell"], "bash");
        let script = word(&step["run"]);
        assert!(!script.contains("${{"), "an input could become a command");
        let file = |name: &str| {
            let path = self.at(&format!("{name}-{at}"));
            fs::write(&path, "").expect("it can be written");
            path
        };
        let (output, summary, path, log) =
            (file("output"), file("summary"), file("path"), file("log"));
        fs::write(file("script"), &script).expect("it can be written");
        fs::write(self.at("event.json"), self.event.to_string()).expect("it can be written");

        let mut command = alone("bash", self.checkout.path());
        let log_file = File::create(&log).expect("it can be written");
        command
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
            .arg(self.at(&format!("script-{at}")))
            .stdout(log_file.try_clone().expect("a second handle"))
            .stderr(log_file)
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", &self.action)
            .env("GITHUB_ACTION_REPOSITORY", "")
            .env("GITHUB_ENV", file("env"))
            .env("GITHUB_EVENT_PATH", self.at("event.json"))
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &path)
            .env("GITHUB_SERVER_URL", "https://github.invalid")
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("GITHUB_WORKSPACE", self.checkout.path())
            .env("HOME", self.at("home"))
            .env("PATH", self.at("bin"))
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_TEMP", self.at("temp"))
            .env("RUNNER_TOOL_CACHE", self.at("tools"));
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        for (name, value) in map(&step["env"]) {
            command.env(name, contexts.fill(&word(value)));
        }
        let status = command.status().expect("bash runs");

        let read = |path: &Path| -> String {
            String::from_utf8_lossy(&fs::read(path).expect("it is there")).into()
        };
        ran.log += &read(&log);
        ran.summary += &read(&summary);
        ran.path += &read(&path);
        assert_eq!(read(&self.at(&format!("env-{at}"))), String::new());
        for line in read(&output).lines() {
            let (name, value) = line.split_once('=').expect("name=value");
            let name = format!("steps.{}.outputs.{name}", word(&step["id"]));
            contexts.values.insert(name, value.to_owned());
        }
        status.code().expect("it ends by itself")
    }
}

pub fn map(value: &Value) -> &serde_json::Map<String, Value> {
    value.as_object().expect("an object")
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// A text; a missing one is empty, as it is for GitHub.
pub fn word(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => panic!("{other} should be a text"),
    }
}
