//! What the author of a pull request may put into it: nothing outside is read or shown, nothing stops the run, and all else is
//! checked.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::folder::{err, folder, out, run};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";

/// Runs a script in which `sfl` is the program, with a minute for it and 3 GB of memory.
fn script(folder: &Path, script: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_sfl");
    let script = format!("ulimit -v 3000000\nsfl() {{ timeout 60 '{program}' \"$@\"; }}\n{script}");
    let mut shell = Command::new("bash");
    shell.args(["-c", &script]).current_dir(folder);
    shell.output().expect("bash is there")
}

/// What is printed, and the exit code.
fn said(output: &Output) -> (String, Option<i32>) {
    let text = [out(output), err(output)].concat();
    assert!(!text.contains("panicked"), "{text}");
    (text, output.status.code())
}

/// A folder with a server in it.
fn with_server(files: &[(&str, &str)]) -> TempDir {
    folder(&[&[("a.yaml", SERVER)], files].concat())
}

#[test]
fn a_configuration_that_is_a_link_shows_nothing_of_what_it_leads_to() {
    for target in ["/proc/self/environ", "/etc/passwd"] {
        let here = with_server(&[]);
        symlink(target, here.path().join("sfl.toml")).expect("a link can be made");
        for arguments in ["check", "config", "justifications", "map .", "next"] {
            let output = script(
                here.path(),
                &format!("MY_TOKEN=s3cr3t SFL_TOKEN=s3cr3t sfl {arguments}"),
            );
            let (text, code) = said(&output);
            assert_eq!(code, Some(2), "{arguments}: {text}");
            assert!(
                !text.contains("s3cr3t") && !text.contains("root:"),
                "{arguments}: {text}"
            );
        }
    }
}

#[test]
fn a_ledger_below_git_is_not_opened() {
    let here = with_server(&[
        ("sfl.toml", "[justifications]\nledger = \".git/config\"\n"),
        (
            ".git/config",
            "[http]\n\textraheader = AUTHORIZATION: basic s3cr3t\n",
        ),
    ]);
    let (text, code) = said(&run(here.path(), &["check"]));
    assert_eq!(code, Some(2), "{text}");
    assert!(!text.contains("s3cr3t") && text.contains(".git"), "{text}");
}

#[test]
fn ignore_files_have_the_same_door() {
    for device in ["/dev/zero", "/proc/kmsg", "/etc/hostname"] {
        let here = with_server(&[]);
        symlink(device, here.path().join(".gitignore")).expect("a link can be made");
        let (text, code) = said(&script(here.path(), "sfl check --format concise"));
        assert_eq!(code, Some(2), "{device}: {text}");
        assert!(
            text.contains(".gitignore:1:1: error[source/unreadable]"),
            "{text}"
        );
        assert!(
            text.contains("a.yaml:3:11: error[compute/server]"),
            "{text}"
        );
    }
}

#[test]
fn what_waits_for_a_writer_keeps_nobody_waiting() {
    let here = with_server(&[("sfl.toml", "[justifications]\nledger = \"pipe.toml\"\n")]);
    let made = Command::new("mkfifo")
        .args(["pipe.toml", "pipe.yaml", "pipe.json"])
        .current_dir(here.path())
        .status();
    assert!(made.expect("it is there").success());
    for arguments in [
        "check",
        "check --isolated pipe.yaml",
        "check --isolated --skip-unknown pipe.yaml",
        "check --isolated --baseline pipe.json",
        "check --config pipe.toml",
        "diff pipe.json pipe.json",
        "merge pipe.json",
    ] {
        let (text, code) = said(&script(here.path(), &format!("sfl {arguments}")));
        assert_eq!(code, Some(2), "{arguments}: {text}");
        assert!(text.contains("pipe."), "{arguments}: {text}");
    }
}

#[test]
fn an_ignore_file_above_the_repository_hides_nothing() {
    let here = folder(&[
        (".gitignore", "*.yaml\n"),
        (".ignore", "*.yaml\n"),
        ("repo/a.yaml", SERVER),
        ("repo/.git/HEAD", "ref: refs/heads/main\n"),
    ]);
    let output = run(&here.path().join("repo"), &["check", "--format", "concise"]);
    let (text, code) = said(&output);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("1 decision in 1 template"), "{text}");
}

#[test]
fn links_out_of_the_tree_are_not_followed_and_named_ones_are_told() {
    let here = folder(&[
        ("o.json", "{\"resource\":{\"aws_instance\":{\"OUT\":{}}}}"),
        ("outside/b.yaml", SERVER),
        ("m/main.tf.json", "{}"),
        ("m/a.yaml", SERVER),
    ]);
    let tree = here.path().join("m");
    symlink("../o.json", tree.join("o.tf.json")).expect("a link can be made");
    symlink("../outside", tree.join("linked")).expect("a link can be made");
    let named = run(
        &tree,
        &["check", "--isolated", "--format", "concise", "o.tf.json"],
    );
    let (text, code) = said(&named);
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("o.tf.json:1:1: error[source/unreadable]"),
        "{text}"
    );
    let (text, code) = said(&run(&tree, &["check", "--format", "concise", "linked"]));
    assert_eq!(code, Some(2), "{text}");
    assert!(!text.contains("b.yaml"), "{text}");
    let (text, code) = said(&run(&tree, &["check", "--format", "concise"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("1 decision in 2 templates"), "{text}");
}

#[test]
fn globs_have_a_length_and_a_depth() {
    let long = "*a".repeat(100_000);
    let deep = format!("{}x{}", "{".repeat(60_000), "}".repeat(60_000));
    for glob in [&long, &deep] {
        let here = with_server(&[("sfl.toml", &format!("exclude = [\"{glob}\"]\n"))]);
        let (text, code) = said(&run(here.path(), &["check"]));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("config/glob"), "{text}");
        let here = with_server(&[(".gitignore", &format!("{glob}\n"))]);
        let (text, code) = said(&run(here.path(), &["check", "--format", "concise"]));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(".gitignore:1:1: error["), "{text}");
        assert!(
            text.contains("a.yaml:3:11: error[compute/server]"),
            "{text}"
        );
    }
    // Of many globs, all that are too many.
    let many: String = (0..100_000).map(|at| format!("*{at}*{at}*x\n")).collect();
    let here = with_server(&[(".gitignore", &many)]);
    let (text, code) = said(&script(here.path(), "sfl check --format concise"));
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("a.yaml:3:11: error[compute/server]"),
        "{text}"
    );
}

#[test]
fn no_expression_is_too_long_or_too_deep_for_the_stack() {
    let many = 20_000;
    let expressions = [
        format!("a{}", ".b".repeat(many)),
        format!("a{}", "[0]".repeat(many)),
        format!("{}true", "!".repeat(many)),
        format!("{}1", "-".repeat(many)),
        format!("1{}", "+1".repeat(many)),
        format!("true{}", "&&true".repeat(many)),
        format!("{}1{}", "abs(".repeat(many), ")".repeat(many)),
        format!("{}1{}", "(".repeat(many), ")".repeat(many)),
        format!("{}1{}", "[".repeat(many), "]".repeat(many)),
        format!("{}1{}", "true ? 1 : ".repeat(many), ""),
        format!("{}x{}", "\\\"${".repeat(many / 2), "}\\\"".repeat(many / 2)),
    ];
    let mut files = vec![("a.yaml".to_owned(), SERVER.to_owned())];
    for (number, expression) in expressions.iter().enumerate() {
        for key in ["count", "for_each"] {
            let text = format!(
                "{{\"resource\": {{\"aws_instance\": {{\"w\": {{\"{key}\": \"${{{expression}}}\"}}}}}}}}"
            );
            files.push((format!("{number}{key}/main.tf.json"), text));
            let written = expression.replace("\\\"", "\"");
            let text = format!("resource \"aws_instance\" \"w\" {{\n  {key} = {written}\n}}\n");
            files.push((format!("{number}{key}hcl/main.tf"), text));
        }
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let here = folder(&files);
    let output = run(here.path(), &["check", "--format", "concise"]);
    let (text, code) = said(&output);
    assert!(matches!(code, Some(1 | 2)), "{code:?} {text}");
    assert!(
        text.contains("a.yaml:3:11: error[compute/server]"),
        "{text}"
    );
    // Each is either judged or told, and none of them is missing.
    for (path, _) in files {
        assert!(text.contains(path), "{path}: {text}");
    }
}

#[test]
fn a_clock_that_never_ends_is_not_read() {
    let here = with_server(&[]);
    let output = script(here.path(), "TZ=:/dev/zero sfl check --format concise");
    assert_eq!(said(&output).1, Some(1));
}

#[test]
fn no_error_about_a_baseline_or_a_name_acts_on_a_terminal() {
    let evil = "\\u001b[2J\\n::error::x\\u202e##vso[y]";
    let baseline = format!(
        "{{\"schema\": \"sfl-baseline/1\", \"version\": \"{evil}\", \"fallbacks\": [{{\"{evil}\": \"{evil}\"}}]}}"
    );
    let template = format!(
        "{{\"Resources\": {{\"{evil}\": {{\"Type\": \"AWS::EC2::Instance\"}}, \"B{evil}\": {{\"Type\": \"AWS::EC2::Instance\"}}}}}}"
    );
    let here = folder(&[("b.json", &baseline), ("a.json", &template)]);
    for arguments in [
        &["check", "--baseline", "b.json"][..],
        &["diff", "b.json", "b.json"],
        &["merge", "b.json"],
        &["justify", "x", "--because", "cost", "--reason", "y"],
        &["explain", "B", "."],
        &["check", "--select", "\u{1b}[2J"],
    ] {
        let (text, _) = said(&run(here.path(), arguments));
        let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(acts), "{arguments:?}: {text:?}");
        assert!(
            !text.lines().any(|line| line.trim_start().starts_with("::")),
            "{arguments:?}: {text}"
        );
        assert!(!text.contains("##vso["), "{arguments:?}: {text}");
    }
}
