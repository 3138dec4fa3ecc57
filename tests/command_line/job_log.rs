//! What sfl prints may stand in the log of a job, and whoever runs the job obeys some lines. No name, reason or rule can be one.

use std::process::Output;

use crate::folder::{folder, run};

/// As wide as a line of prose, so that what follows begins a line of its own.
const WILD: &str = "Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ::error::injected ##vso[task.setvariable variable=PATH]/evil ##[error]x ##teamcity[y \\u3164\\u200b\\u2800\\x1b[2J";

const RULES: &str = r###"
extends = "compute"
[[rule]]
name = "mine"
title = "a \u001b[31mthing\n::error::PWN\u202e ##vso[task.x]"
types = ["AWS::EC2::Instance"]
docs = ["https://example.com/\u001b[31m"]
[[rule.case]]
rung = "server"
says = "is \u001b[2Jmine\n::error::PWN ##vso[task.x]"
[rule.rung.server]
yours = "\u001b[1m\n::error::PWN"
up = "\u001b[1m\n::error::PWN ##[x]"
fair = "\u001b[1m\n::error::PWN"
step = "resource"
"###;

fn files() -> Vec<(String, String)> {
    let yaml = format!(
        "Resources:\n  \"{WILD}\":\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: {{because: cost, reason: \"{WILD}\"}}\n  \"B{WILD}\":\n    Type: AWS::RDS::DBInstance\n  \"{WILD}2\":\n    Type: \"Custom::{WILD}\"\n"
    );
    vec![
        ("a ::error::x ##vso[y].yaml".to_owned(), yaml.clone()),
        ("b/::error::x.yaml".to_owned(), yaml),
        (
            "sfl.toml".to_owned(),
            format!("purpose = \"{WILD}\"\n").replace("\\x1b", "\\u001b"),
        ),
    ]
}

/// Lines that GitHub's, Azure's or TeamCity's runner takes for a command.
fn obeyed(text: &str) -> Vec<&str> {
    let is_command = |line: &&str| {
        let mut start = line.trim_start();
        while let Some(rest) = start.strip_prefix("\u{1b}[") {
            start = rest
                .split_once('m')
                .map_or("", |(_, rest)| rest)
                .trim_start();
        }
        let colons = start
            .strip_prefix("::")
            .is_some_and(|rest| rest.contains("::"));
        colons
            || ["##[", "##vso[", "##teamcity["]
                .iter()
                .any(|one| line.contains(one))
    };
    text.lines().filter(is_command).collect()
}

fn check(what: &[&str], output: &Output, own: bool) {
    for raw in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(raw);
        let mut found = obeyed(&text);
        if own {
            let names = ["::error file=", "::warning file=", "::notice file="];
            let is_own = |line: &&str| {
                let is_named = names.iter().any(|name| line.starts_with(name));
                is_named && !line.contains("##")
            };
            found.retain(|line| !is_own(line));
        }
        assert!(found.is_empty(), "{what:?}: {found:?}");
        let text = text.replace("\r\n", "\n");
        let raw =
            |c: &char| c.is_control() && *c != '\n' || "\u{3164}\u{200b}\u{2800}".contains(*c);
        let raw: Vec<char> = text.chars().filter(raw).collect();
        assert!(raw.is_empty(), "{what:?}: {raw:?}");
    }
}

#[test]
fn no_output_of_any_command_is_obeyed() {
    let files = files();
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
    let folder = folder(&files);
    let go = |arguments: &[&str], own: bool| {
        let output = run(folder.path(), arguments);
        let printed = output.stdout.len() + output.stderr.len();
        assert!(printed > 0, "{arguments:?} prints nothing");
        check(arguments, &output, own);
    };
    for format in [
        "pretty", "concise", "json", "sarif", "gitlab", "junit", "markdown", "html", "csv",
    ] {
        go(&["check", "--show-justified", "--format", format], false);
        go(&["check", "b", "--format", format], false);
    }
    go(&["check", "--format", "github"], true);
    for format in ["pretty", "json", "markdown"] {
        go(&["next", "--format", format], false);
    }
    for format in ["svg", "owm", "mermaid", "json", "dot"] {
        go(&["map", "--format", format], false);
    }
    go(&["graph"], false);
    go(&["justifications"], false);
    go(&["baseline"], false);
    go(&["check", "--baseline", "sfl-baseline.json"], false);
    let name = "B*";
    go(
        &[
            "justify",
            name,
            "--because",
            "cost",
            "--reason",
            "short",
            "--yes",
        ],
        false,
    );
    go(&["explain", "B\n::error::x"], false);
    go(&["check", "::error::\u{1b}x"], false);
}

#[test]
fn errors_in_files_of_ours_are_not_obeyed() {
    let baseline = r#"{"schema":"sfl-baseline/1","findings":[{"path":"a","address":"b","code":"x\n::error::PWN\u001b[2J","rung":4}]}"#;
    let server = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
    let folder = folder(&[
        ("a.yaml", server),
        ("b.json", baseline),
        ("r/a.toml", RULES),
        ("sfl.toml", "[rules]\nfolders = [\"r\"]\n"),
        ("c/sfl.toml", "\"k\\n::error::x ##vso[a]\" = 1\n"),
    ]);
    for arguments in [
        &["check", "--isolated", "--baseline", "b.json"][..],
        &["baseline", "--isolated", "--output", "b.json"],
        &["check"],
        &["explain", "compute/server"],
        &["explain", "mine"],
        &["explain", "AWS::EC2::Instance"],
        &["check", "--config", "c/sfl.toml"],
        &["rules"],
        &["config"],
    ] {
        let output = run(folder.path(), arguments);
        check(arguments, &output, false);
    }
}
