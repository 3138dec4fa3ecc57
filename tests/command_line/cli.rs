//! The command line, by running it: arguments in, bytes and an exit code out.

use std::fs;
use std::io::Write;
use std::process::{Output, Stdio};

use crate::folder::{command, err, folder, out};
use serde_json::Value;
use tempfile::TempDir;

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
const CAPACITY: &str = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n";
const SERVERLESS: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const BROKEN: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n   Bad: [\n";

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = command(folder.path());
    command.args(arguments).output().expect("the program runs")
}

fn code(folder: &TempDir, arguments: &[&str]) -> i32 {
    let output = run(folder, arguments);
    output.status.code().expect("it ends by itself")
}

fn json(folder: &TempDir, arguments: &[&str]) -> Value {
    let mut all = vec!["check", "--format", "json"];
    all.extend(arguments);
    serde_json::from_str(&out(&run(folder, &all))).expect("it prints JSON")
}

#[test]
fn the_exit_code_says_what_was_found() {
    let all = [
        ("server.yaml", SERVER),
        ("capacity.yaml", CAPACITY),
        ("less.yaml", SERVERLESS),
    ];
    let folder = folder(&all);
    assert_eq!(code(&folder, &["check", "less.yaml"]), 0);
    assert_eq!(
        code(&folder, &["check", "capacity.yaml"]),
        0,
        "a note does not fail"
    );
    assert_eq!(
        code(&folder, &["check", "capacity.yaml", "--fail-on", "note"]),
        1
    );
    assert_eq!(code(&folder, &["check", "server.yaml"]), 1);
    assert_eq!(code(&folder, &["check"]), 1, "the folder is the default");
    assert_eq!(code(&folder, &["check", "--fail-on", "never"]), 0);
    assert_eq!(code(&folder, &["check", "--exit-zero"]), 0);
    for format in ["pretty", "json"] {
        assert_eq!(code(&folder, &["check", "--format", format]), 1, "{format}");
    }
}

#[test]
fn what_cannot_be_done_is_another_code_and_wins() {
    let folder = folder(&[("broken.yaml", BROKEN), ("server.yaml", SERVER)]);
    let output = run(&folder, &["check"]);
    assert_eq!(output.status.code(), Some(2));
    let text = out(&output);
    assert!(text.contains("source/yaml"), "{text}");
    assert!(text.contains("broken.yaml:4:"), "it has a place: {text}");
    assert!(
        text.contains("compute/server"),
        "the rest is still checked: {text}"
    );
    assert_eq!(code(&folder, &["check", "--exit-zero"]), 2);
    assert_eq!(code(&folder, &["check", "--fail-on", "never"]), 2);
    assert_eq!(code(&folder, &["check", "nowhere.yaml"]), 2);
    assert_eq!(code(&folder, &["check", "--no-such-flag"]), 2);
    assert_eq!(code(&folder, &["check", "--fail-on", "everything"]), 2);
    assert_eq!(code(&folder, &["explain", "no/such"]), 2);
    assert_eq!(
        code(&folder, &["check", "server.yaml", "--config", "none.toml"]),
        2
    );
}

#[test]
fn files_that_are_no_templates_are_silent_when_walked_and_said_when_named() {
    let folder = folder(&[
        ("chart.yaml", "kind: Deployment\nspec: {{ .Values }}\n"),
        (
            "package.json",
            r#"{"name": "x", "resource": "y", "data": [1]}"#,
        ),
        ("README.md", "Resources: AWS::EC2::Instance"),
        ("notes.txt", "Type: AWS::EC2::Instance in Resources:\n"),
        (
            "values.yaml",
            "Resources:\n  requests: {cpu: 1}\nnote: a::b\n",
        ),
    ]);
    let output = run(&folder, &["check"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(err(&output), "");
    let report = json(&folder, &[]);
    assert_eq!(report["findings"], Value::Array(vec![]));
    assert_eq!(
        report["summary"]["score"],
        Value::Null,
        "nothing has no score"
    );
    let output = run(&folder, &["check", "values.yaml", "README.md"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(err(&output).contains("values.yaml"), "{}", err(&output));
    assert!(err(&output).contains("README.md"), "{}", err(&output));
}

#[test]
fn ignored_and_hidden_files_are_read_only_when_named() {
    let folder = folder(&[
        (".gitignore", "out/\n"),
        ("out/server.yaml", SERVER),
        (".hidden/server.yaml", SERVER),
        ("less.yaml", SERVERLESS),
    ]);
    assert_eq!(code(&folder, &["check"]), 0);
    assert_eq!(code(&folder, &["check", "out/server.yaml"]), 1);
    assert_eq!(code(&folder, &["check", ".hidden/server.yaml"]), 1);
}

#[test]
fn standard_input_is_read_under_its_name() {
    let folder = folder(&[]);
    let mut child = command(folder.path())
        .args([
            "check",
            "-",
            "--stdin-filename",
            "infra/web.yaml",
            "--format",
            "json",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(SERVER.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(report["decisions"][0]["path"], "infra/web.yaml");
}

#[test]
fn json_keeps_its_promise() {
    let text = "Parameters:\n  Type:\n    Type: String\n    Default: FARGATE\n    AllowedValues: [FARGATE, EC2]\nConditions:\n  Is: !Equals [!Ref 'AWS::Region', x]\nResources:\n  Grün:\n    Type: AWS::ECS::Service\n    Condition: Is\n    Metadata: {sfl: {because: latency}}\n    Properties:\n      TaskDefinition: !Ref Task\n      LaunchType: !Ref Type # ü\n  Task:\n    Type: AWS::ECS::TaskDefinition\n";
    let folder = folder(&[("a/b.yaml", text)]);
    let report = json(&folder, &[]);
    assert_eq!(report["schema"], "sfl-report/1");
    let decision = &report["decisions"][0];
    assert_eq!(decision["path"], "a/b.yaml");
    assert_eq!(decision["address"], "Grün");
    assert_eq!(decision["type"], "AWS::ECS::Service");
    assert_eq!(decision["ladder"], "compute");
    assert_eq!(decision["rung"], 2);
    assert_eq!(decision["score"], 70);
    assert_eq!(decision["conditional"], true);
    assert_eq!(decision["uncertain"], false);
    assert_eq!(decision["members"], serde_json::json!(["Task"]));
    assert_eq!(decision["justification"], Value::Null);
    assert_eq!(decision["rule"], "ecs-service");
    assert_eq!(decision["reachable"][0]["rung"], 3);
    assert_eq!(decision["reachable"][0]["when"], "`Type=EC2`");
    let start = &decision["span"]["start"];
    assert_eq!(
        (start["line"].as_u64(), start["column"].as_u64()),
        (Some(15), Some(7))
    );
    let offset = start["offset"].as_u64().expect("a number");
    assert!(text[usize::try_from(offset).expect("small")..].starts_with("LaunchType"));
    let codes: Vec<&str> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| finding["code"].as_str().expect("a text"))
        .collect();
    assert_eq!(codes, ["justification/empty", "compute/capacity"]);
    for key in [
        "code",
        "severity",
        "message",
        "help",
        "path",
        "address",
        "span",
        "related",
        "fingerprint",
    ] {
        assert!(report["findings"][1].get(key).is_some(), "{key}");
    }
    let moved = folder_with_lines_above(text);
    assert_eq!(
        json(&moved, &[])["findings"][1]["fingerprint"],
        report["findings"][1]["fingerprint"],
        "a fingerprint does not know lines"
    );
}

fn folder_with_lines_above(text: &str) -> TempDir {
    folder(&[("a/b.yaml", &format!("# one\n# two\n{text}"))])
}

#[test]
fn one_run_writes_several_reports() {
    let folder = folder(&[("server.yaml", SERVER)]);
    let output = run(
        &folder,
        &[
            "check",
            "--output",
            "json=a.json",
            "--output",
            "pretty=b.txt",
        ],
    );
    assert_eq!(output.status.code(), Some(1));
    let written = fs::read_to_string(folder.path().join("a.json")).expect("it was written");
    let report: Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(report["decisions"][0]["rung"], 4);
    let pretty = fs::read_to_string(folder.path().join("b.txt")).expect("it was written");
    assert!(pretty.contains("compute/server") && !pretty.contains('\u{1b}'));
    assert_eq!(
        code(
            &folder,
            &["check", "--output", "json=no/such/folder/a.json"]
        ),
        2
    );
    assert_eq!(code(&folder, &["check", "--output", "nonsense"]), 2);
}

#[test]
fn colours_follow_the_environment() {
    let folder = folder(&[("server.yaml", SERVER)]);
    let coloured = |set: &[(&str, &str)], arguments: &[&str]| {
        let mut command = command(folder.path());
        command
            .args(["check"])
            .args(arguments)
            .envs(set.iter().copied());
        out(&command.output().expect("the program runs")).contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "a pipe is plain");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!coloured(&[("NO_COLOR", "1")], &[]));
    assert!(
        coloured(&[("NO_COLOR", "1")], &["--color", "always"]),
        "an argument wins"
    );
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
}

#[test]
fn nothing_in_a_template_acts_on_the_terminal() {
    let text = "Resources:\n  \"W\\e]0;x\\aeb\":\n    Type: AWS::EC2::Instance # \u{202e}evil\n";
    let folder = folder(&[("server.yaml", text)]);
    let shown = out(&run(&folder, &["check"]));
    assert!(
        !shown.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{shown:?}"
    );
    assert!(shown.contains("compute/server"));
}

#[test]
fn strict_assumes_the_worst() {
    let text = "Resources:\n  Web:\n    Type: AWS::ECS::Service\n    Properties: {LaunchType: !ImportValue type}\n";
    let folder = folder(&[("web.yaml", text)]);
    let rung = |arguments: &[&str]| json(&folder, arguments)["decisions"][0]["rung"].clone();
    assert_eq!(rung(&[]), 2);
    assert_eq!(rung(&["--strict"]), 4);
    let decision = &json(&folder, &[])["decisions"][0];
    assert_eq!(decision["uncertain"], true);
    assert!(
        decision["reachable"]
            .as_array()
            .is_some_and(|all| all.len() == 2)
    );
}

#[test]
fn the_ledger_settles_what_a_plan_cannot_say() {
    let plan = r#"{"format_version":"1.2","resource_changes":[{"address":"module.a.aws_instance.x[0]","mode":"managed","type":"aws_instance","name":"x","change":{"actions":["create"],"after":{}}}]}"#;
    let ledger = "[[justification]]\npath = \"*.json\"\naddress = \"module.a.aws_instance.x[0]\"\nbecause = \"licence\"\nreason = \"the licence of the vendor counts physical cores\"\n";
    let folder = folder(&[("plan.json", plan), ("sfl.toml", ledger)]);
    assert_eq!(code(&folder, &["check"]), 0);
    let decision = &json(&folder, &[])["decisions"][0];
    assert_eq!(decision["justification"]["because"], "licence");
    fs::write(
        folder.path().join("sfl.toml"),
        ledger.replace("x[0]", "y[0]"),
    )
    .expect("written");
    assert_eq!(code(&folder, &["check"]), 1);
    fs::write(folder.path().join("sfl.toml"), "[justification]\n").expect("written");
    assert_eq!(
        code(&folder, &["check"]),
        2,
        "a wrong configuration is not a finding"
    );
}

#[test]
fn a_decision_of_a_plan_is_shown_where_it_is_made() {
    let plan = r#"{
  "format_version": "1.2", "terraform_version": "1.9.0",
  "variables": {
    "launch": { "value": "EC2" },
    "password": { "value": "hidden" }
  },
  "resource_changes": [
    { "address": "aws_ecs_service.own", "mode": "managed", "type": "aws_ecs_service", "name": "own",
      "change": { "actions": ["create"], "before": null, "after": {
        "launch_type": "EC2",
        "name": "hidden"
      }, "after_unknown": {}, "after_sensitive": { "name": true } } },
    { "address": "aws_ecs_service.joined", "mode": "managed", "type": "aws_ecs_service", "name": "joined",
      "change": { "actions": ["create"], "before": null, "after": {}, "after_unknown": { "cluster": true } } },
    { "address": "aws_ecs_cluster.c", "mode": "managed", "type": "aws_ecs_cluster", "name": "c",
      "change": { "actions": ["create"], "before": null, "after": { "name": "c" }, "after_unknown": { "id": true } } }
  ],
  "configuration": { "root_module": {
    "variables": { "launch": {}, "password": { "sensitive": true } },
    "resources": [
      { "address": "aws_ecs_service.own", "mode": "managed", "type": "aws_ecs_service", "name": "own",
        "expressions": { "launch_type": { "references": ["var.launch", "var.password"] } } },
      { "address": "aws_ecs_service.joined", "mode": "managed", "type": "aws_ecs_service", "name": "joined",
        "expressions": { "cluster": { "references": ["aws_ecs_cluster.c.id", "aws_ecs_cluster.c"] } } } ]
  } }
}"#;
    // Also where the name is that of a configuration.
    for name in ["plan.json", "plan.tf.json"] {
        let folder = folder(&[(name, plan)]);
        let report = json(&folder, &[name]);
        let decisions = report["decisions"].as_array().expect("a list");
        let lines = decisions.iter().map(|decision| {
            let (span, address) = (&decision["span"], &decision["address"]);
            (address.as_str(), span["start"]["line"].as_u64())
        });
        let lines: Vec<_> = lines.collect();
        assert!(
            lines.contains(&(Some("aws_ecs_service.own"), Some(10))),
            "{lines:?}"
        );
        let findings = report["findings"].as_array().expect("a list");
        let own = findings
            .iter()
            .find(|finding| finding["span"]["start"]["line"] == 10);
        let related = &own.unwrap_or_else(|| panic!("{findings:?}"))["related"];
        assert_eq!(related[0]["message"], "`launch` is `EC2` in this plan");
        assert_eq!(related[0]["span"]["start"]["line"], 4);
        assert_eq!(related[1], Value::Null);
        let pretty = out(&run(&folder, &["check", "--full", name]));
        assert!(pretty.contains("\"launch_type\": \"EC2\""), "{pretty}");
        assert!(!pretty.contains("hidden"), "{pretty}");
    }
}

#[test]
fn explain_and_rules_show_the_catalogue() {
    let folder = folder(&[]);
    let explained = |what: &str| {
        let output = run(&folder, &["explain", what]);
        assert_eq!(output.status.code(), Some(0), "{what}");
        out(&output)
    };
    assert!(explained("compute/server").contains("rung 4 of 4"));
    assert!(explained("AWS::ECS::Service").contains("FARGATE"));
    assert!(explained("aws_db_instance").contains("Aurora"));
    assert!(explained("AWS::EC2::VPC").contains("plumbing"));
    let printed = out(&run(&folder, &["rules", "--format", "json"]));
    let rules: Value = serde_json::from_str(&printed).expect("JSON");
    let rules = rules.as_array().expect("an array");
    let of = |kind: &str| {
        let found = rules.iter().find(|rule| rule["type"] == kind);
        found.unwrap_or_else(|| panic!("{kind} is there"))
    };
    assert_eq!(of("AWS::DynamoDB::Table")["default_rung"], 2);
    assert_eq!(
        of("AWS::DynamoDB::Table")["rungs"],
        serde_json::json!([1, 2])
    );
    assert_eq!(of("aws_lambda_permission")["role"], "member");
    assert_eq!(of("AWS::EC2::VPC")["role"], "plumbing");
    assert!(rules.iter().any(|rule| rule["type"] == "AWS::IAM::*"));
}

#[test]
fn unknown_types_are_counted_and_listed() {
    let text = "Resources:\n  A:\n    Type: AWS::Own::Thing\n  B:\n    Type: AWS::Own::Thing\n";
    let folder = folder(&[("a.yaml", text)]);
    assert_eq!(
        json(&folder, &[])["summary"]["unknown_types"]["AWS::Own::Thing"],
        2
    );
    assert!(out(&run(&folder, &["check", "--verbose"])).contains("AWS::Own::Thing"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = folder(&[("server.yaml", SERVER)]);
    let mut child = command(folder.path())
        .args(["check"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(err(&output), "");
    assert_ne!(output.status.code(), Some(2));
}

#[test]
fn no_report_is_written_over_what_is_checked() {
    let files = [
        ("web.yaml", SERVER),
        ("broken.yaml", BROKEN),
        ("notes.yaml", "a: 1\n"),
        ("deep/web.yaml", SERVER),
        ("sfl.toml", "purpose = \"orders\"\n"),
    ];
    let folder = folder(&files);
    let own = folder.path().join("deep/web.yaml");
    let own = own.display();
    for (paths, file) in [
        (".", "web.yaml"),
        (".", "./deep/../web.yaml"),
        (".", &format!("{own}")),
        ("broken.yaml", "broken.yaml"),
        ("notes.yaml", "notes.yaml"),
        ("web.yaml", "sfl.toml"),
    ] {
        let output = run(&folder, &["check", paths, &format!("--output=json={file}")]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(error.contains("is an input of this run"), "{file}: {error}");
    }
    for (name, text) in files {
        let now = fs::read_to_string(folder.path().join(name)).expect("it is there");
        assert_eq!(now, text, "{name}");
    }
    // A report of the last run is nothing that is checked.
    for _ in 0..2 {
        let arguments = ["check", "web.yaml", "deep", "--output=json=report.json"];
        assert_eq!(code(&folder, &arguments), 1);
    }
}

#[test]
fn two_reports_need_two_files() {
    let folder = folder(&[("queue.yaml", SERVERLESS)]);
    let two = ["check", "--output=json=report", "--output=csv=./report"];
    let output = run(&folder, &two);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        error.contains("./report is named by two --output"),
        "{error}"
    );
    assert!(!folder.path().join("report").exists());
}

#[test]
fn a_file_is_one_input_however_it_is_named() {
    let folder = folder(&[("web.yaml", SERVER), ("deep/web.yaml", SERVER)]);
    let here = folder.path().canonicalize().expect("it is there");
    let file = here.join("web.yaml");
    let said = run(
        &folder,
        &["check", ".", "web.yaml", "./web.yaml"]
            .into_iter()
            .chain([here.to_str().expect("text"), file.to_str().expect("text")])
            .chain(["--format=concise", "--quiet"])
            .collect::<Vec<_>>(),
    );
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let places: Vec<&str> = said
        .lines()
        .map(|line| line.split_once(": ").map_or(line, |(place, _)| place))
        .collect();
    assert_eq!(places, ["deep/web.yaml:3:11", "web.yaml:3:11"]);
}

/// Its words filled in, the record that a finding shows settles it.
#[test]
fn the_record_to_paste_has_what_is_required() {
    let require = "[justifications]\nrequire = [\"evidence\", \"owner\", \"expires\"]\n";
    let plan = concat!(
        r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{}},"resource_changes":["#,
        r#"{"address":"aws_instance.web","mode":"managed","type":"aws_instance","name":"web","#,
        r#""change":{"actions":["create"],"before":null,"after":{}}}]}"#
    );
    let terraform = r#"{"resource":{"aws_instance":{"web":{}}}}"#;
    let json = r#"{"Resources":{"Web":{"Type":"AWS::EC2::Instance"}}}"#;
    for (name, text, shown) in [
        (
            "web.yaml",
            SERVER,
            "Metadata:\n  sfl:\n    because: vendor-software\n    reason: \"...\"\n    owner: \"...\"\n    expires: YYYY-MM-DD\n    evidence: \"...\"",
        ),
        (
            "web.json",
            json,
            "{\n  \"because\": \"vendor-software\",\n  \"reason\": \"...\",\n  \"owner\": \"...\",\n  \"expires\": \"YYYY-MM-DD\",\n  \"evidence\": \"...\"\n} }",
        ),
        (
            "main.tf.json",
            terraform,
            "{\n  \"because\": \"vendor-software\",\n  \"reason\": \"...\",\n  \"owner\": \"...\",\n  \"expires\": \"YYYY-MM-DD\",\n  \"evidence\": \"...\"\n} }",
        ),
        (
            "plan.json",
            plan,
            "reason = \"...\"\nowner = \"...\"\nexpires = \"YYYY-MM-DD\"\nevidence = \"...\"",
        ),
    ] {
        let folder = folder(&[(name, text), ("sfl.toml", require)]);
        let output = run(&folder, &["check", "--format", "json", name]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let help = report["findings"][0]["help"].to_string();
        let shown = Value::from(shown).to_string();
        assert!(help.contains(shown.trim_matches('"')), "{name}: {help}");
        // What is to be copied fits into a terminal.
        let output = run(&folder, &["check", "--full", name]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let copied = said
            .lines()
            .skip_while(|line| !line.contains("or say why:"));
        let mut copied = copied.take_while(|line| !line.contains("more:")).peekable();
        assert!(copied.peek().is_some(), "{said}");
        let long = copied.find(|line| line.chars().count() > 80);
        assert_eq!(long, None, "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_said_in_words() {
    let folder = folder(&[("terragrunt.hcl", "terraform {\n}\n")]);
    let output = run(&folder, &["check", "gone.yaml", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "gone.yaml:1:1: error[source/unreadable] there is no such file\n1 finding (1 error); no templates here, 1 unreadable\n"
    );
    let output = run(&folder, &["check", "terragrunt.hcl"]);
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("check the plan"), "{said}");
}

/// As in `terraform show -json plan.bin | sfl check -` where there is no such plan.
#[test]
fn an_empty_standard_input_is_an_error() {
    let folder = folder(&[]);
    for input in ["", "\n"] {
        let mut child = command(folder.path())
            .args(["check", "-", "--format", "concise", "--quiet"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut pipe = child.stdin.take().expect("it is a pipe");
        pipe.write_all(input.as_bytes()).expect("it reads");
        drop(pipe);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "<stdin>:1:1: error[source/unreadable] standard input is empty\n"
        );
    }
}
