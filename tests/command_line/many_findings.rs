//! Many findings stay readable: what is alike is explained once, and what is not shown is said.

use std::process::Output;

use crate::folder::{command, err, folder, out};
use crate::json_schemas::sound;
use serde_json::Value;
use tempfile::TempDir;

fn check(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = command(folder.path());
    let command = command.arg("check").args(arguments);
    command.output().expect("the program runs")
}

fn shown(folder: &TempDir, arguments: &[&str]) -> String {
    out(&check(folder, arguments))
}

/// A template with so many instances.
fn hosts(number: usize) -> String {
    let hosts = (0..number).map(|at| format!("  Host{at}:\n    Type: AWS::EC2::Instance\n"));
    format!("Resources:\n{}", hosts.collect::<String>())
}

const MIXED: &str = "\
Parameters:
  Stage: { Type: String }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Web: { Type: AWS::EC2::Instance, Condition: IsProd }
  Jump: { Type: AWS::EC2::Instance }
  Cache: { Type: AWS::ElastiCache::ReplicationGroup, Properties: { CacheNodeType: cache.t4g.small } }
  Table: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PROVISIONED } }
  Other: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PROVISIONED } }
  Stream: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 2 } }
  Broker: { Type: AWS::AmazonMQ::Broker }
  Search: { Type: AWS::OpenSearchService::Domain }
  Db: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql } }
  Warehouse: { Type: AWS::Redshift::Cluster }
";

#[test]
fn findings_of_one_kind_share_one_explanation() {
    let folder = folder(&[("a.yaml", &hosts(40))]);
    let text = shown(&folder, &[]);
    assert!(
        text.starts_with("error[compute/server]: each of these 40 is an EC2 instance: rung 4 of 4"),
        "{text}"
    );
    assert_eq!(text.matches("climb:").count(), 1, "{text}");
    assert_eq!(text.matches("or say why:").count(), 1, "{text}");
    for at in 0..40 {
        assert!(
            text.contains(&format!("a.yaml:{}:11", 2 * at + 3)),
            "{text}"
        );
        assert!(text.contains(&format!("  Host{at}\n")), "{text}");
    }
    assert!(text.lines().count() < 75, "{text}");
    let full = shown(&folder, &["--full"]);
    assert_eq!(full.matches("climb:").count(), 40);
}

#[test]
fn a_single_finding_shows_its_lines() {
    let folder = folder(&[("a.yaml", &hosts(1))]);
    let text = shown(&folder, &[]);
    assert!(text.contains(" 3 │     Type: AWS::EC2::Instance"), "{text}");
    assert!(!text.contains("--full"), "{text}");
}

#[test]
fn ten_findings_fit_a_screen_and_the_worst_stands_last() {
    let folder = folder(&[("a.yaml", MIXED)]);
    let text = shown(&folder, &[]);
    let (findings, rest) = text
        .split_once("sfl explain CODE")
        .expect("it says where to read on");
    let order: Vec<usize> = ["note[", "warning[", "error["]
        .iter()
        .map(|word| findings.find(word).expect("there are some"))
        .collect();
    assert!(order.is_sorted(), "{text}");
    assert!(findings.lines().count() <= 60, "{text}");
    assert!(rest.contains("score"), "{text}");
    assert!(
        findings.contains("each of these 2 is a DynamoDB table"),
        "{text}"
    );
    assert!(
        findings.contains("Web under the condition `IsProd`"),
        "what differs: {text}"
    );
}

#[test]
fn what_is_folded_is_counted() {
    let folder = folder(&[("a.yaml", &hosts(300)), ("b.yaml", &hosts(200))]);
    let text = shown(&folder, &[]);
    assert!(text.contains("and 400 more, in 2 files in all"), "{text}");
    assert!(
        text.contains("400 more places are not listed: --format concise"),
        "{text}"
    );
    assert!(text.lines().count() < 140, "{}", text.lines().count());
    let concise = shown(&folder, &["--format", "concise"]);
    assert_eq!(concise.matches("error[compute/server]").count(), 500);
}

#[test]
fn no_word_is_broken_at_80_columns() {
    let folder = folder(&[("a.yaml", MIXED)]);
    for width in ["80", "50"] {
        let mut command = command(folder.path());
        let output = command.arg("check").env("COLUMNS", width).output();
        let text = out(&output.expect("the program runs"));
        let most = width.parse().expect("a number");
        let long = text.lines().find(|line| line.chars().count() > most);
        assert_eq!(long, None, "{text}");
    }
}

#[test]
fn what_is_selected_is_shown_and_the_rest_is_counted() {
    let folder = folder(&[("a.yaml", MIXED)]);
    let codes = |arguments: &[&str]| {
        let mut all = vec!["--format", "json"];
        all.extend(arguments);
        let report: Value = serde_json::from_str(&shown(&folder, &all)).expect("it is JSON");
        let findings = report["findings"].as_array().expect("a list").iter();
        let codes = findings.map(|one| one["code"].as_str().expect("a text").to_owned());
        let mut codes: Vec<String> = codes.collect();
        codes.sort();
        (codes, report["summary"].clone())
    };
    let (all, summary) = codes(&[]);
    assert_eq!(all.len(), 10, "{all:?}");
    assert_eq!(summary["not_shown"], Value::Null);
    let score = summary["score"].clone();
    let (server, summary) = codes(&["--select", "server"]);
    assert_eq!(server, ["compute/server", "compute/server"]);
    assert_eq!(summary["score"], score, "no score asks for it");
    assert_eq!(summary["not_shown"][0]["by"], "--select");
    assert_eq!(summary["not_shown"][0]["findings"], 8);
    let (two, _) = codes(&["--select", "compute,dynamodb-table"]);
    assert_eq!(
        two,
        [
            "compute/server",
            "compute/server",
            "nosql/capacity",
            "nosql/capacity"
        ]
    );
    let (rest, _) = codes(&[
        "--ignore",
        "warning,error",
        "--ignore",
        "note",
        "--select",
        "cache/cluster",
    ]);
    assert_eq!(rest, ["cache/cluster"], "the more exact word counts");
    // What is not shown fails nothing.
    assert_eq!(check(&folder, &[]).status.code(), Some(1));
    let ignored = check(&folder, &["--ignore", "error,warning"]);
    assert_eq!(ignored.status.code(), Some(0));
    let text = out(&ignored);
    assert!(
        text.contains("7 findings are not shown: --ignore error (2), --ignore warning (5)"),
        "{text}"
    );
    for format in ["concise", "markdown", "github", "sarif", "html"] {
        let text = shown(&folder, &["--ignore", "compute", "--format", format]);
        assert!(
            text.contains("2 findings are not shown"),
            "{format}: {text}"
        );
    }
    for format in ["gitlab", "csv"] {
        let told = err(&check(
            &folder,
            &["--ignore", "compute", "--format", format],
        ));
        assert!(
            told.contains("2 findings are not shown: --ignore compute"),
            "{format}: {told}"
        );
    }
    for (wrong, says) in [
        ("compute/sever", "did you mean `compute/server`?"),
        ("vendor/**", "left out with `exclude`"),
        ("x", "names no finding"),
    ] {
        let output = check(&folder, &["--ignore", wrong]);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(says), "{}", err(&output));
    }
}

#[test]
fn what_could_not_be_read_is_shown_whatever_is_selected() {
    let folder = folder(&[(
        "a.yaml",
        "Resources:\n  A:\n    Type: AWS::SQS::Queue\n   B: [\n",
    )]);
    let output = check(&folder, &["--select", "compute", "--ignore", "all"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(out(&output).contains("source/yaml"));
}

#[test]
fn the_configuration_selects_as_well() {
    let settings = "ignore = [\"note\"]\n[ladders]\naccept = \"capacity\"\nseverity = { server = \"off\" }\n[ladders.cache]\nseverity = \"error\"\n";
    let folder = folder(&[("a.yaml", MIXED), ("sfl.toml", settings)]);
    let output = check(&folder, &["--format", "concise"]);
    let text = out(&output);
    // Accepted on all ladders at once.
    assert!(!text.contains("/capacity]"), "{text}");
    assert!(text.contains("error[cache/cluster]"), "{text}");
    assert!(!text.contains("compute/server"), "{text}");
    assert!(
        text.contains("2 findings are not shown: severity off in sfl.toml"),
        "{text}"
    );
    let ignored = shown(&folder, &["--format", "concise", "--ignore", "cache"]);
    assert!(ignored.contains("--ignore cache (1)"), "{ignored}");
    let wrong = self::folder(&[("a.yaml", MIXED), ("sfl.toml", "ignore = [\"cahce\"]\n")]);
    let output = check(&wrong, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("did you mean `cache`?"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_baseline_knows_what_is_not_shown() {
    let folder = folder(&[("a.yaml", MIXED)]);
    let mut baseline = command(folder.path());
    assert!(
        baseline
            .arg("baseline")
            .status()
            .expect("it runs")
            .success()
    );
    let text = shown(
        &folder,
        &["--baseline", "sfl-baseline.json", "--ignore", "compute"],
    );
    assert!(!text.contains("no longer occur"), "{text}");
    assert!(
        !text.contains("not shown"),
        "what is known is not left out again: {text}"
    );
}

#[test]
fn findings_are_counted_by_code_and_rule() {
    let folder = folder(&[("a.yaml", MIXED)]);
    let text = shown(&folder, &["--statistics"]);
    assert!(text.contains("2  error    compute/server"), "{text}");
    let table = text.lines().find(|line| line.contains("dynamodb-table"));
    assert!(
        table.is_some_and(|line| line.contains("2 fixable")),
        "{text}"
    );
    assert!(text.contains("10 findings"), "{text}");
    assert_eq!(check(&folder, &["--statistics"]).status.code(), Some(1));
}

#[test]
fn every_file_is_shown_with_what_becomes_of_it() {
    let folder = folder(&[
        (".gitignore", "cdk.out\n"),
        ("a.yaml", MIXED),
        ("b.yaml", "just: text\n"),
        ("c.yaml", MIXED),
        ("d.yaml", MIXED),
        ("cdk.out/e.json", "{}"),
        ("node_modules/f/template.yaml", MIXED),
        ("sfl.toml", "exclude = [\"c.yaml\"]\n"),
    ]);
    let output = check(&folder, &["--show-files", "--exclude", "d.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    let text = out(&output);
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        lines,
        [
            "read a.yaml",
            "skipped b.yaml: no template",
            "excluded c.yaml: by sfl.toml",
            "ignored cdk.out: .gitignore:1",
            "excluded d.yaml: by --exclude",
            "left out node_modules: by default; name it to read it",
        ]
    );
    let text = shown(&folder, &[]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("node_modules left out by default"), "{text}");
}

#[test]
fn files_are_left_out_and_brought_back_by_the_call() {
    let folder = folder(&[
        (".gitignore", "b.yaml\n"),
        ("a.yaml", &hosts(1)),
        ("b.yaml", &hosts(1)),
    ]);
    let read = |arguments: &[&str]| {
        let mut all = vec!["--format", "concise"];
        all.extend(arguments);
        shown(&folder, &all).matches("error[").count()
    };
    assert_eq!(read(&[]), 1);
    assert_eq!(read(&["--no-ignore"]), 2);
    assert_eq!(read(&["--no-ignore", "--exclude", "b.*"]), 1);
    let none = shown(&folder, &["--exclude", "*.yaml"]);
    assert!(none.contains("1 is excluded by --exclude"), "{none}");
}

#[test]
fn hands_are_told_what_a_flag_is_called_here() {
    let folder = folder(&[("a.yaml", &hosts(1))]);
    for (flag, says) in [
        ("--json", "`--format json`"),
        ("--severity", "`--select error` shows only errors"),
        ("--watch", "`sfl lsp`"),
        (
            "--recursive",
            "folders are read with all that is below them",
        ),
        ("--min-severity=warning", "`--ignore note`"),
    ] {
        let output = check(&folder, &[flag]);
        assert_eq!(output.status.code(), Some(2), "{flag}");
        assert!(err(&output).contains(says), "{flag}: {}", err(&output));
    }
    // What means the same is taken.
    let same = shown(
        &folder,
        &["--output-format", "concise", "--no-color", "--no-config"],
    );
    assert!(same.contains("error[compute/server]"), "{same}");
    let file = check(&folder, &["-o", "json=report.json", "--soft-fail"]);
    assert_eq!(file.status.code(), Some(0), "{}", err(&file));
    assert!(folder.path().join("report.json").exists());
}

#[test]
fn of_quiet_and_verbose_the_last_counts() {
    let folder = folder(&[("a.yaml", &hosts(1))]);
    assert!(!shown(&folder, &["-v", "-q"]).contains("score"));
    assert!(shown(&folder, &["-q", "-v"]).contains("1 decision · score"));
}

#[test]
fn every_command_takes_colours() {
    let folder = folder(&[("a.yaml", &hosts(1))]);
    for arguments in [
        &["explain", "compute/server"][..],
        &["rules"],
        &["config"],
        &["justifications"],
        &["next"],
        &["check"],
    ] {
        let run = |when: &str| {
            let mut command = command(folder.path());
            let output = command.args(arguments).args(["--color", when]).output();
            out(&output.expect("the program runs"))
        };
        assert!(!run("never").contains('\u{1b}'), "{arguments:?}");
        // Not all of them have anything to colour.
        if arguments != ["justifications"] && arguments != ["config"] {
            assert!(run("always").contains('\u{1b}'), "{arguments:?}");
        }
    }
}

#[test]
fn a_page_is_told_to_programs_too() {
    let folder = folder(&[]);
    let schema = include_str!("../../docs/sfl-explain-1.schema.json");
    for (name, kind) in [
        ("compute/server", "code"),
        ("build/serverless", "code"),
        ("relational", "ladder"),
        ("aws_db_instance", "rule"),
        ("AWS::EC2::VPC", "plumbing"),
        ("justification/expired", "finding"),
        ("source/yaml", "finding"),
    ] {
        let mut command = command(folder.path());
        let output = command.args(["explain", name, "--format", "json"]).output();
        let page = sound(&out(&output.expect("the program runs")), schema);
        assert_eq!(page["kind"], kind, "{name}");
    }
    let mut command = command(folder.path());
    let output = command.args(["explain", "compute/server"]).output();
    let page = out(&output.expect("the program runs"));
    assert!(page.lines().count() < 75, "{page}");
}

#[test]
fn numbers_by_something_are_shown_or_refused() {
    let folder = folder(&[("a.yaml", MIXED)]);
    for how in [
        &["--statistics"][..],
        &["--format", "concise"],
        &["--format", "json"],
        &["--show-files"],
        &["--diff"],
    ] {
        let output = check(&folder, &[how, &["--group-by", "folder"]].concat());
        assert_eq!(output.status.code(), Some(2), "{how:?}");
        assert!(
            err(&output).contains("--group-by"),
            "{how:?}: {}",
            err(&output)
        );
    }
    let text = shown(
        &folder,
        &[
            "--statistics",
            "--group-by",
            "folder",
            "--output",
            "markdown=a.md",
        ],
    );
    assert!(text.contains("10 findings"), "{text}");
    let page = std::fs::read_to_string(folder.path().join("a.md")).expect("it was written");
    assert!(page.contains("<summary>by folder"), "{page}");
}
