//! The hooks, run by the real `pre-commit` in real repositories, each in every way that `docs/pre-commit.md` shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::packaged::{ROOT, VERSION, done, indexed, kept, project, python, quick};
use crate::repository::Repository;
use crate::tools::missing;

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const BROKEN: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n   Bad: [\n";
const CONFIG: &str = ".pre-commit-config.yaml";

/// A file as it stands in this project.
fn own(name: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{name}")).expect("it is there")
}

/// The first block of a section of the page.
fn shown(section: &str) -> String {
    let page = own("docs/pre-commit.md");
    let (_, after) = page
        .split_once(&format!("\n## {section}\n"))
        .expect("the section is there");
    let (_, block) = after.split_once("\n```").expect("a block is there");
    let (_, block) = block.split_once('\n').expect("a language is named");
    block.split("\n```").next().expect("it ends").to_owned() + "\n"
}

/// `pre-commit`, which keeps what it has built for as long as the project stays the same.
fn pre_commit() -> Command {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    let home = HOME.get_or_init(|| {
        let home = kept().join("pre-commit-home");
        let stamp = home.join("built-from");
        let commit = &project().1;
        if !fs::read_to_string(&stamp).is_ok_and(|old| old == *commit) {
            if home.exists() {
                fs::remove_dir_all(&home).expect("it can be removed");
            }
            fs::create_dir_all(&home).expect("it can be made");
            fs::write(stamp, commit).expect("it can be written");
        }
        home
    });
    let programs = python("pre-commit", &["pre-commit==4.7.0"]);
    let mut command = Command::new(programs.join("pre-commit"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .env("PRE_COMMIT_HOME", home)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("SKIP");
    quick(indexed(&mut command));
    command
}

/// A team's repository, in which everything is committed.
struct Team(Repository);

impl Team {
    fn new(config: &str, files: &[(&str, &str)]) -> Self {
        let files = [&[(CONFIG, config)], files].concat();
        Self(Repository::new(&files))
    }

    /// One that takes the hooks from this project.
    fn of_project(files: &[(&str, &str)]) -> Self {
        let (path, _) = project();
        let url = path.to_str().expect("a path in UTF-8");
        Self::new(&shown("From this repository").replace("URL", url), files)
    }

    /// Changes a file, to be committed next.
    fn change(&self, name: &str, text: &str) {
        self.0.write(name, text);
        self.0.git(&["add", name]);
    }

    /// `pre-commit run` with these: exit code and output.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = pre_commit();
        command
            .current_dir(self.0.path())
            .arg("run")
            .args(arguments);
        let output = command.output().expect("pre-commit runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).expect("it prints UTF-8");
        (output.status.code().expect("it ends by itself"), text)
    }

    #[track_caller]
    fn passes(&self, arguments: &[&str]) -> String {
        let (code, text) = self.run(arguments);
        assert!(code == 0 && text.contains("Passed\n"), "{code}\n{text}");
        text
    }

    #[track_caller]
    fn fails(&self, arguments: &[&str], with: i32) -> String {
        let (code, text) = self.run(arguments);
        let exit = format!("- exit code: {with}\n");
        assert!(code == 1 && text.contains(&exit), "{code}\n{text}");
        text
    }

    #[track_caller]
    fn skips(&self, arguments: &[&str]) {
        let (code, text) = self.run(arguments);
        let skipped = text.contains("(no files to check)Skipped\n");
        assert!(code == 0 && skipped, "{code}\n{text}");
    }
}

#[test]
fn what_changes_is_checked_and_what_is_found_is_shown() {
    if missing!(PYTHON) {
        return;
    }
    let team = Team::of_project(&[("orders.yaml", QUEUE), ("old/web.yaml", SERVER)]);
    team.change("orders.yaml", &QUEUE.replace("Orders", "Bills"));
    let text = team.passes(&["sfl", "--verbose"]);
    assert!(text.contains("read 1 template"), "{text}");
    team.change(
        "api.json",
        r#"{"Resources": {"Api": {"Type": "AWS::EC2::Instance"}}}"#,
    );
    team.change("Büro & Küche/web 2.template", SERVER);
    let text = team.fails(&["sfl"], 1);
    assert!(text.contains("api.json:1:"), "{text}");
    assert!(text.contains("Büro & Küche/web 2.template:3:"), "{text}");
    assert!(text.contains("sfl explain compute/server"), "{text}");
    assert!(!text.contains("old/web.yaml"), "it does not change: {text}");
    let runs = text.matches("read 3 templates").count();
    assert_eq!(runs, 1, "all files in one run: {text}");
}

#[test]
fn what_is_no_template_is_passed_over_and_a_broken_one_is_not() {
    if missing!(PYTHON) {
        return;
    }
    let team = Team::of_project(&[]);
    team.change(
        "chart/web.yaml",
        "{{- if .Values.web }}\nspec: {{ .Values }}\n{{- end }}\n",
    );
    team.change("tsconfig.json", "{\n  // strict\n  \"strict\": true,\n}\n");
    team.change(
        ".gitlab-ci.yml",
        "build: !reference [.base, script]\n  - make\n",
    );
    team.change("letter.template", "Dear {{ name }}: [\n");
    let text = team.passes(&["sfl", "--verbose"]);
    assert!(text.contains("skipped 4 other files"), "{text}");
    let named = ["chart", "tsconfig", "gitlab", "letter"];
    assert!(
        !named.iter().any(|name| text.contains(name)),
        "not a word: {text}"
    );
    team.change("orders.yaml", BROKEN);
    let text = team.fails(&["sfl"], 2);
    assert!(text.contains("orders.yaml:4:"), "{text}");
}

#[test]
fn a_deleted_template_and_other_files_start_no_hook() {
    if missing!(PYTHON) {
        return;
    }
    let team = Team::of_project(&[("web.yaml", SERVER)]);
    team.0.git(&["rm", "-q", "web.yaml"]);
    team.change("README.md", "Resources: AWS::EC2::Instance\n");
    team.skips(&["sfl"]);
    team.skips(&["sfl-all"]);
}

#[test]
fn one_file_of_a_module_is_reported_and_the_others_are_read() {
    if missing!(PYTHON) {
        return;
    }
    let one = |name: &str| {
        format!(
            r#"{{"resource": {{"aws_instance": {{"{name}": {{"ami": "a", "tags": "${{var.tags}}"}}}}}}}}"#
        )
    };
    let team = Team::of_project(&[("net/job.tf.json", &one("job"))]);
    team.change("net/web.tf.json", &one("web"));
    let text = team.fails(&["sfl"], 1);
    assert!(text.contains("aws_instance.web"), "{text}");
    assert!(!text.contains("aws_instance.job"), "{text}");
}

#[test]
fn what_is_excluded_stays_out() {
    if missing!(PYTHON) {
        return;
    }
    let team = Team::of_project(&[("sfl.toml", "exclude = [\"vendor\"]\n")]);
    team.change("vendor/web.yaml", SERVER);
    team.passes(&["sfl"]);
}

#[test]
fn the_whole_tree_is_checked_when_a_setting_changes() {
    if missing!(PYTHON) {
        return;
    }
    let team = Team::of_project(&[("old/web.yaml", SERVER), ("reasons.toml", "")]);
    team.change("README.md", "nothing\n");
    team.skips(&["sfl-all"]);
    let accept = |rung: &str| format!("[ladders.compute]\naccept = \"{rung}\"\n");
    team.change("sfl.toml", &accept("capacity"));
    team.skips(&["sfl"]);
    let text = team.fails(&["sfl-all"], 1);
    assert!(text.contains("old/web.yaml:3:"), "{text}");
    team.change("sfl.toml", &accept("server"));
    team.passes(&["sfl-all"]);
    team.0.commit("accept servers");
    team.change("orders.template", QUEUE);
    let text = team.passes(&["sfl-all", "--verbose"]);
    assert!(text.contains("read 2 templates"), "{text}");
}

#[test]
fn the_hooks_are_sound_and_the_page_shows_them() {
    if missing!(PYTHON) {
        return;
    }
    let file = format!("{ROOT}/.pre-commit-hooks.yaml");
    done(pre_commit().args(["validate-manifest", &file]));
    let hooks: Vec<serde_yaml::Value> =
        serde_yaml::from_str(&own(".pre-commit-hooks.yaml")).expect("it is YAML");
    let page: serde_yaml::Value = serde_yaml::from_str(&shown("From a wheel")).expect("it is YAML");
    for (at, hook) in hooks.iter().enumerate() {
        let there = &page["repos"][0]["hooks"][at];
        for (key, value) in hook.as_mapping().expect("a hook is a mapping") {
            if key.as_str() != Some("description") {
                assert_eq!(
                    there[key], *value,
                    "{key:?} of hook {at} in docs/pre-commit.md"
                );
            }
        }
    }
    let page = own("docs/pre-commit.md");
    for (before, count) in [("sfl==", 3), ("rev: v", 1), ("version = \"", 1)] {
        let named: Vec<&str> = page.split(before).skip(1).collect();
        assert_eq!(named.len(), count, "{before}");
        assert!(
            named.iter().all(|rest| rest.starts_with(VERSION)),
            "docs/pre-commit.md names another version than {VERSION} after `{before}`"
        );
    }
}

/// What `sfl init` writes where it knows no repository to take sfl from: the program that is installed.
#[test]
fn what_init_writes_is_taken_and_runs() {
    if missing!(PYTHON) {
        return;
    }
    let repository = Repository::new(&[("infra d/web.yaml", SERVER), ("b.yaml", SERVER)]);
    let program = Path::new(env!("CARGO_BIN_EXE_sfl"));
    let mut init = Command::new(program);
    init.current_dir(repository.path().join("infra d"));
    done(init.args(["init", "--yes", "--hook", "--baseline"]));
    let folders = std::env::var_os("PATH").expect("the programs of this machine");
    let mut folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    folders.insert(0, program.parent().expect("a folder").to_owned());
    let path = std::env::join_paths(folders).expect("it can be joined");
    let run = |arguments: &[&str]| {
        repository.git(&["add", "--all"]);
        let mut command = pre_commit();
        command.current_dir(repository.path()).env("PATH", &path);
        let output = command.args(arguments).output().expect("pre-commit runs");
        let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
        (output.status.code(), text)
    };
    assert_eq!(run(&["validate-config", CONFIG]).0, Some(0));
    // The baseline knows the one, and the other lies elsewhere.
    let (code, text) = run(&["run", "--all-files"]);
    assert!(code == Some(0) && text.contains("Passed\n"), "{text}");
    repository.write("infra d/new.template", SERVER);
    let (code, text) = run(&["run"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("[infra d/new.template:3:"), "{text}");
    repository.remove("infra d/new.template");
    for name in ["new.tf", "new.tofu", "new.tf.json"] {
        let text = match name.ends_with("json") {
            true => r#"{"resource": {"aws_instance": {"web": {}}}}"#,
            false => "resource \"aws_instance\" \"web\" {\n}\n",
        };
        repository.write(&format!("infra d/{name}"), text);
        let (code, text) = run(&["run"]);
        assert_eq!(code, Some(1), "{name}");
        assert!(text.contains(&format!("[infra d/{name}:1:")), "{text}");
        repository.remove(&format!("infra d/{name}"));
    }
}

#[test]
fn the_wheel_serves_as_a_local_hook() {
    if missing!(PYTHON) {
        return;
    }
    let team = Team::new(&shown("From a wheel"), &[("old/web.yaml", SERVER)]);
    team.change("orders.yaml", QUEUE);
    team.passes(&["sfl"]);
    let text = team.fails(&["sfl-all"], 1);
    assert!(text.contains("old/web.yaml:3:"), "{text}");
    team.change("web 2.template", SERVER);
    let text = team.fails(&["sfl"], 1);
    assert!(text.contains("web 2.template:3:"), "{text}");
}

#[test]
fn a_mirror_brings_the_wheel() {
    if missing!(PYTHON) {
        return;
    }
    let hooks = own(".pre-commit-hooks.yaml");
    let package = shown("From a mirror");
    let mirror = Repository::new(&[
        (".pre-commit-hooks.yaml", &hooks),
        ("pyproject.toml", &package),
    ]);
    mirror.git(&["tag", &format!("v{VERSION}")]);
    let url = mirror.path().to_str().expect("a path in UTF-8");
    let config = shown("From this repository").replace("URL", url);
    let (head, _) = config
        .split_once("      - id: sfl\n")
        .expect("the hook is there");
    let config = head.to_owned() + &shown("Settings");
    let team = Team::new(&config, &[]);
    team.change(
        "table.yaml",
        "Resources:\n  Search:\n    Type: AWS::OpenSearchService::Domain\n",
    );
    let text = team.passes(&["sfl", "--verbose"]);
    assert!(
        text.contains("search/cluster"),
        "a warning does not fail: {text}"
    );
    team.change("web.cfn", SERVER);
    let text = team.fails(&["sfl"], 1);
    assert!(text.contains("web.cfn:3:"), "{text}");
}
