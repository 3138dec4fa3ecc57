//! What was not read is part of every report: nothing is green by silence.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::folder::{command, err, folder, out, run};

const FUNCTION: &str = "Resources:\n  Hello:\n    Type: AWS::Serverless::Function\n";
const TERRAFORM: &str = "resource \"aws_instance\" \"web\" {}\n";
const TERRAGRUNT: &str = "terraform {\n  source = \"../modules/web\"\n}\n";

/// What was not read, by kind.
fn unread(files: &[(&str, &str)], arguments: &[&str]) -> Value {
    let folder = folder(files);
    let arguments = [&["check", "--format", "json"], arguments].concat();
    let output = run(folder.path(), &arguments);
    let report: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    report["summary"]["unread"].clone()
}

#[test]
fn what_terragrunt_makes_configuration_of_is_counted_and_named() {
    let files = [
        ("app.yaml", FUNCTION),
        ("terragrunt.hcl", TERRAGRUNT),
        ("net/terragrunt.hcl", TERRAGRUNT),
        ("README.md", "words"),
    ];
    let expected = json!([{
        "kind": "terraform-syntax",
        "count": 2,
        "items": [{ "path": "net/terragrunt.hcl" }, { "path": "terragrunt.hcl" }],
    }]);
    assert_eq!(unread(&files, &[]), expected);
    assert_eq!(
        unread(&files, &[".", "net", "terragrunt.hcl"]),
        expected,
        "each counts once"
    );
    assert_eq!(unread(&files, &["app.yaml"]), json!([]));
}

#[test]
fn what_the_configuration_excludes_is_counted() {
    let files = [
        ("old/app.yaml", FUNCTION),
        ("old/main.tf", TERRAFORM),
        ("old/notes.md", "words"),
        ("sfl.toml", "exclude = [\"old\"]\n"),
    ];
    let excluded = |items: Value| json!([{ "kind": "excluded", "count": items.as_array().map(Vec::len), "items": items }]);
    let both = json!([{ "path": "old/app.yaml" }, { "path": "old/main.tf" }]);
    assert_eq!(unread(&files, &[]), excluded(both));
    let named = unread(&files, &["--force-exclude", "old/app.yaml"]);
    assert_eq!(named, excluded(json!([{ "path": "old/app.yaml" }])));
    assert_eq!(unread(&files, &["old/app.yaml"]), json!([]));
}

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
const CDK: &str = "{ \"app\": \"npx ts-node bin/shop.ts\" }\n";

fn check(files: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = folder(files);
    let output = run(folder.path(), &[&["check"], arguments].concat());
    (output.status.code(), out(&output), err(&output))
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

#[test]
fn every_format_says_what_was_not_read() {
    let files = [("app.yaml", FUNCTION), ("terragrunt.hcl", TERRAGRUNT)];
    let words = "1 file of Terragrunt";
    for format in [
        "pretty", "concise", "json", "sarif", "github", "junit", "markdown", "html", "gitlab",
        "csv",
    ] {
        let (code, said, beside) = check(&files, &["--format", format]);
        assert_eq!(code, Some(0));
        let said = said
            .replace("&#39;", "'")
            .replace("&apos;", "'")
            .replace("\\'", "'");
        match format {
            "gitlab" | "csv" => assert!(beside.contains(words), "{format}: {beside}"),
            "json" => assert!(said.contains("\"terraform-syntax\""), "{said}"),
            _ => {
                assert!(said.contains(words), "{format}: {said}");
                assert!(said.contains("terragrunt.hcl"), "{format}: {said}");
                assert_eq!(beside, "", "{format}: it is said once");
            }
        }
    }
    let (_, said, beside) = check(&files, &["--quiet"]);
    assert_eq!(said, "");
    assert!(beside.contains(words), "{beside}");
}

#[test]
fn no_full_score_stands_alone() {
    let files = [("app.yaml", FUNCTION), ("terragrunt.hcl", TERRAGRUNT)];
    let (_, said, _) = check(&files, &["--format", "concise"]);
    assert_eq!(
        last_line(&said),
        "no findings; 1 decision in 1 template, score 100; not read: 1 file of Terragrunt"
    );
    let (_, said, _) = check(&files, &[]);
    let score = said.lines().find(|line| line.contains("score 100"));
    assert!(
        score.is_some_and(|line| line.contains("not read: 1 file")),
        "{said}"
    );
    let (_, said, _) = check(&files[..1], &["--format", "concise"]);
    assert_eq!(said, "no findings; 1 decision in 1 template, score 100\n");
}

#[test]
fn a_folder_of_terragrunt_is_not_green() {
    let files = [("terragrunt.hcl", TERRAGRUNT), ("README.md", "words")];
    for arguments in [
        &["--format", "concise"][..],
        &["terragrunt.hcl", "--format", "concise"],
    ] {
        let (code, said, _) = check(&files, arguments);
        assert_eq!(code, Some(0));
        assert!(said.contains("terragrunt.hcl; check the plan"), "{said}");
        assert_eq!(
            last_line(&said),
            "no findings; no template was read; not read: 1 file of Terragrunt"
        );
    }
    let folder = folder(&files);
    let said = out(&run(folder.path(), &["init", "--yes"]));
    assert!(said.contains("check the plan"), "{said}");
    assert!(said.contains("no template was read here yet"), "{said}");
}

#[test]
fn where_there_is_nothing_it_is_calm() {
    let (code, said, beside) = check(&[("README.md", "words")], &["--format", "concise"]);
    assert_eq!((code, &*beside), (Some(0), ""));
    assert_eq!(said, "no findings; no templates here\n");
}

#[test]
fn a_named_folder_is_read_whatever_is_ignored() {
    for pattern in ["cdk.out/*", "cdk.out", "*.out/", "*.json", "*"] {
        let ignore = format!("\n{pattern}\n");
        let files = [
            (".git/HEAD", ""),
            (".gitignore", &*ignore),
            (
                "cdk.out/shop.template.json",
                "{\"Resources\": {\"Web\": {\"Type\": \"AWS::EC2::Instance\"}}}",
            ),
        ];
        let (code, said, _) = check(&files, &["cdk.out"]);
        assert_eq!(code, Some(1), "{pattern}: {said}");
        let (code, said, _) = check(&files, &["--format", "concise"]);
        assert_eq!(code, Some(0));
        assert!(said.contains("1 ignored"), "{pattern}: {said}");
        assert!(said.contains(".gitignore:2"), "{pattern}: {said}");
    }
}

#[test]
fn what_an_app_would_write_is_asked_for() {
    let (code, said, _) = check(&[("cdk.json", CDK)], &["--format", "concise"]);
    assert_eq!(code, Some(0));
    let hint = "note: cdk.json: run `cdk synth`, then `sfl check cdk.out`\n";
    assert!(said.starts_with(hint), "{said}");
    assert_eq!(
        last_line(&said),
        "no findings; no template was read; not read: what cdk.json writes"
    );

    let ignored = [
        ("shop/cdk.json", CDK),
        (".gitignore", "cdk.out\n"),
        ("shop/cdk.out/shop.template.json", "{}"),
    ];
    let (_, said, _) = check(&ignored, &["--format", "concise"]);
    let hint = "note: shop/cdk.json: shop/cdk.out is ignored (.gitignore:1); check it with `sfl check shop/cdk.out`\n";
    assert!(said.starts_with(hint), "{said}");

    let elsewhere = [("cdk.json", "{ \"app\": \"x\", \"output\": \"dist/cdk\" }")];
    let (_, said, _) = check(&elsewhere, &["--format", "concise"]);
    assert!(said.contains("then `sfl check dist/cdk`"), "{said}");

    let read = [
        ("cdk.json", CDK),
        (
            "cdk.out/shop.template.json",
            "{\"Resources\": {\"A\": {\"Type\": \"AWS::SQS::Queue\"}}}",
        ),
    ];
    let (_, said, _) = check(&read, &["--format", "concise"]);
    assert_eq!(said, "no findings; 1 decision in 1 template, score 100\n");
    let both = [read[0], read[1], (".gitignore", "cdk.out\n")];
    let (_, said, _) = check(&both, &[".", "cdk.out", "--format", "concise"]);
    assert_eq!(
        last_line(&said),
        "no findings; 1 decision in 1 template, score 100"
    );
    let chosen = [read[0], read[1], ("sfl.toml", "exclude = [\"cdk.out\"]")];
    let (_, said, _) = check(&chosen, &["--format", "concise"]);
    assert!(!said.contains("synth"), "{said}");
    let other = [
        ("cdk.json", "{ \"language\": \"typescript\" }"),
        ("serverless.yml", "provider: { name: google }"),
    ];
    let (_, said, _) = check(&other, &["--format", "concise"]);
    assert_eq!(said, "no findings; no templates here\n");
}

#[test]
fn nothing_read_can_be_an_error() {
    let none = [
        ("README.md", "words"),
        ("infra/app.yaml", FUNCTION),
        ("out/x.md", ""),
    ];
    let code = |arguments: &[&str]| check(&none, arguments).0;
    assert_eq!(code(&["--fail-on-nothing"]), Some(0));
    assert_eq!(
        code(&["infra", "--fail-on-nothing", "--fail-on-nothing"]),
        Some(0)
    );
    assert_eq!(code(&["out"]), Some(0));
    assert_eq!(
        code(&["out", "--fail-on-nothing", "--skip-unknown"]),
        Some(0)
    );
    let (code, said, _) = check(
        &none,
        &["infra", "out/", "--fail-on-nothing", "--format", "concise"],
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.starts_with("out"), "{said}");
    assert!(said.contains("no template was read here"), "{said}");
    let (code, said, _) = check(&none[..1], &["--fail-on-nothing", "--format", "concise"]);
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn what_is_excluded_is_not_missing() {
    let files = [
        ("app.yaml", SERVER),
        ("sfl.toml", "exclude = [\"*.yaml\"]\n"),
    ];
    let (code, said, _) = check(&files, &[]);
    assert_eq!(code, Some(0));
    assert!(said.contains("1 excluded by sfl.toml"), "{said}");
    assert!(!said.contains("no templates here"), "{said}");
    let (_, said, _) = check(&files, &["--format", "concise"]);
    assert!(said.contains("1 excluded by sfl.toml"), "{said}");
}

#[test]
fn packages_are_left_out_and_listed_on_request() {
    let files = [
        ("app.yaml", FUNCTION),
        ("node_modules/other/app.yaml", SERVER),
    ];
    let (code, said, _) = check(&files, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("node_modules left out by default"), "{said}");
    let (_, said, _) = check(&files, &["--verbose"]);
    assert!(said.contains("node_modules"), "{said}");
    assert!(said.contains("1 left out by default"), "{said}");
    assert_eq!(check(&files, &["node_modules"]).0, Some(1));
}

#[test]
fn a_named_file_that_is_empty_is_an_error_whatever_it_is_called() {
    for name in [
        "empty.yaml",
        "empty.json",
        "empty.template",
        "empty.tf.json",
    ] {
        let files = [(name, "\n"), ("app.yaml", FUNCTION)];
        assert_eq!(check(&files, &[name]).0, Some(2), "{name}");
        assert_eq!(
            check(&files, &[name, "--skip-unknown"]).0,
            if name == "empty.tf.json" {
                Some(2)
            } else {
                Some(0)
            },
            "{name}"
        );
    }
    assert_eq!(
        check(&[("values.yaml", "a: 1\n")], &["values.yaml"]).0,
        Some(0)
    );
}

fn piped(text: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let folder = folder(&[]);
    let mut child = command(folder.path())
        .args([&["check", "-", "--format", "concise", "-q"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut pipe = child.stdin.take().expect("it is a pipe");
    pipe.write_all(text.as_bytes()).expect("it reads");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), out(&output))
}

#[test]
fn what_is_piped_and_is_no_template_is_an_error() {
    for (text, words) in [
        (
            "Error: no stack named Shop\n",
            "it begins with `Error: no stack named Shop`",
        ),
        ("{\"a\": 1}", "it begins with `{\"a\": 1}`"),
        ("[]", "it begins with `[]`"),
        ("a: 1\n", "it begins with `a: 1`"),
    ] {
        let (code, said) = piped(text, &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(words), "{said}");
        assert_eq!(piped(text, &["--skip-unknown"]).0, Some(0), "{text}");
    }
    assert_eq!(piped(FUNCTION, &[]).0, Some(0));
    assert_eq!(piped(SERVER, &[]).0, Some(1));
    assert_eq!(piped(TERRAFORM, &[]).0, Some(1));
}

#[cfg(unix)]
#[test]
fn links_that_lead_elsewhere_are_counted() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("other.yaml", SERVER)]);
    let folder = folder(&[("in/app.yaml", FUNCTION), ("shared/x.yaml", FUNCTION)]);
    let link = |to: &std::path::Path, at: &str| {
        symlink(to, folder.path().join(at)).expect("it can be made")
    };
    link(&outside.path().join("other.yaml"), "in/out.yaml");
    link(&folder.path().join("in/app.yaml"), "in/same.yaml");
    link(&folder.path().join("gone.yaml"), "in/gone.yaml");
    let output = run(folder.path(), &["check", "in", "--format", "json"]);
    let report: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    let refused = &report["summary"]["unread"][0];
    assert_eq!(
        (&refused["kind"], &refused["count"]),
        (&json!("refused"), &json!(1))
    );
    assert_eq!(refused["items"][0]["path"], "in/out.yaml");
}

const QUEUE: &str = r#"{"resource": {"aws_sqs_queue": {"mail": {"name": "mail"}}}}"#;

#[test]
fn calls_of_modules_that_nobody_knows_are_counted_and_named() {
    let calls = r#"{
  "module": {
    "feeds": {"source": "orchard/feeds/aws", "version": "~> 2.0"},
    "jobs": {"source": "git::https://git.example.org/platform.git//jobs?ref=v3"},
    "labels": {"source": "cloudposse/label/null"},
    "mail": {"source": "./mail"},
    "old": {"source": "orchard/old/aws", "count": 0},
    "plain": {"source": "../elsewhere"},
    "db": {"source": "terraform-aws-modules/rds/aws", "instance_class": "db.t4g.micro"}
  }
}"#;
    let files = [
        ("app/main.tf.json", calls),
        ("app/mail/main.tf.json", QUEUE),
    ];
    let expected = json!([{
        "kind": "module-calls",
        "count": 3,
        "items": [
            { "path": "app/main.tf.json", "line": 3, "address": "module.feeds", "name": "orchard/feeds/aws" },
            { "path": "app/main.tf.json", "line": 4, "address": "module.jobs", "name": "git::https://git.example.org/platform.git//jobs" },
            { "path": "app/main.tf.json", "line": 8, "address": "module.plain", "name": "../elsewhere" },
        ],
    }]);
    assert_eq!(unread(&files, &[]), expected);
    // The folder of the local module is read for the call, whether it was asked for or not.
    assert_eq!(unread(&files, &["app/main.tf.json"]), expected);
}

/// Where nothing else is said, this is, in every format for people.
#[track_caller]
fn is_said_in_every_format(files: &[(&str, &str)], words: &str) {
    for format in [
        "pretty", "concise", "markdown", "html", "github", "junit", "sarif",
    ] {
        let (code, said, _) = check(files, &["--format", format]);
        assert_eq!(code, Some(0));
        assert!(said.contains(words), "{format}: {said}");
    }
}

#[test]
fn a_call_that_is_not_read_is_said_where_there_is_nothing_else() {
    let call = r#"{"module": {"feeds": {"source": "orchard/feeds/aws"}}}"#;
    let files = [("main.tf.json", call)];
    is_said_in_every_format(&files, "1 module call not read: orchard/feeds/aws");
    let (_, said, _) = check(&files, &["--format", "concise"]);
    let known = r#"{"module": {"net": {"source": "terraform-aws-modules/vpc/aws"}}}"#;
    assert!(
        last_line(&said).contains("not read: 1 module call"),
        "{said}"
    );
    let (_, said, _) = check(&[("main.tf.json", known)], &["--format", "concise"]);
    assert!(!said.contains("not read"), "{said}");
}

#[test]
fn a_file_that_another_hides_is_named() {
    let files = [
        ("net.tf.json", QUEUE),
        ("net.tofu.json", QUEUE),
        ("other.tf.json", r#"{"locals": {"a": 1}}"#),
    ];
    let expected = json!([{
        "kind": "refused",
        "count": 1,
        "items": [{ "path": "net.tf.json", "why": "OpenTofu reads net.tofu.json in its place" }],
    }]);
    assert_eq!(unread(&files, &[]), expected);
    assert_eq!(unread(&files, &["net.tf.json"]), expected);
    assert_eq!(unread(&files, &["net.tofu.json"]), json!([]));
}

/// A stack that nests others, and hands a launch template to one of them.
const OUTER: &str = "\
Parameters:
  Bucket: { Type: String }
Resources:
  Machine: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { InstanceType: m7i.large } } }
  Spare: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { InstanceType: m7i.large } } }
  Here: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./here.yaml } }
  Gone: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./gone.yaml, Parameters: { Template: !Ref Machine } } }
  Far: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3.amazonaws.com/orchard/far.yaml } }
  Built: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !Sub 'https://${Bucket}.s3.amazonaws.com/built.yaml' } }
  Shared:
    Type: AWS::Serverless::Application
    Properties: { Location: { ApplicationId: arn:aws:serverlessrepo:eu-west-1:012345678901:applications/mailer, SemanticVersion: 1.0.0 } }
";

#[test]
fn nested_stacks_that_are_not_read_are_counted_and_named() {
    let files = [("outer.yaml", OUTER), ("here.yaml", FUNCTION)];
    let expected = json!([{
        "kind": "nested-stacks",
        "count": 4,
        "items": [
            { "path": "outer.yaml", "line": 7, "address": "Gone", "name": "./gone.yaml" },
            { "path": "outer.yaml", "line": 8, "address": "Far", "name": "https://s3.amazonaws.com/orchard/far.yaml" },
            { "path": "outer.yaml", "line": 9, "address": "Built", "name": "https://....s3.amazonaws.com/built.yaml" },
            { "path": "outer.yaml", "line": 11, "address": "Shared", "name": "arn:aws:serverlessrepo:eu-west-1:012345678901:applications/mailer" },
        ],
    }]);
    assert_eq!(unread(&files, &[]), expected);
    // What is not part of the run is not read, even if it is there.
    assert_eq!(unread(&files, &["outer.yaml"])[0]["count"], json!(5));
    let (_, said, _) = check(&files, &["--format", "json"]);
    let report: Value = serde_json::from_str(&said).expect("it is JSON");
    let decisions = report["decisions"].as_array().expect("a list");
    let doubts = |address: &str| {
        let mut all = decisions.iter();
        let found = all.find(|one| one["address"] == address);
        let found = found.unwrap_or_else(|| panic!("{address}: {said}"));
        (found["uncertain"].clone(), found["doubts"].clone())
    };
    let machine = doubts("Machine");
    assert_eq!(
        machine,
        (json!(true), json!(["`Gone`, which uses it, is not read"]))
    );
    assert_eq!(doubts("Spare").0, json!(false), "nobody is handed it");
}

#[test]
fn a_nested_stack_that_is_not_read_is_said_where_there_is_nothing_else() {
    let outer = "Resources:\n  Far: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: orchard/far.yaml } }\n";
    let files = [("outer.yaml", outer)];
    is_said_in_every_format(&files, "1 nested stack not read: orchard/far.yaml");
}

const ELSEWHERE: &str = r#"Resources:
  Baseline:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: baseline
      TemplateBody: |
        Resources:
          Bastion: {Type: AWS::EC2::Instance}
  Guardrails:
    Type: AWS::CloudFormation::StackSet
    Properties: {StackSetName: guardrails, TemplateURL: "https://example.com/guardrails.yaml"}
  Web:
    Type: Acme::Web::Cluster::MODULE
    Properties: {Size: large}
  Ledger:
    Type: AWS::ServiceCatalog::CloudFormationProvisionedProduct
    Properties: {ProductName: small-postgres}
  Jobs: {Type: AWS::SQS::Queue}
"#;

#[test]
fn what_a_block_makes_of_something_written_elsewhere_is_counted() {
    let expected = json!([
        { "kind": "module-calls", "count": 1, "items": [
            { "path": "app.yaml", "line": 13, "address": "Web", "name": "Acme::Web::Cluster::MODULE" },
        ]},
        { "kind": "nested-stacks", "count": 3, "items": [
            { "path": "app.yaml", "line": 3, "address": "Baseline" },
            { "path": "app.yaml", "line": 10, "address": "Guardrails", "name": "https://example.com/guardrails.yaml" },
            { "path": "app.yaml", "line": 16, "address": "Ledger", "name": "small-postgres" },
        ]},
    ]);
    assert_eq!(unread(&[("app.yaml", ELSEWHERE)], &[]), expected);
    let (_, said, _) = check(&[("app.yaml", ELSEWHERE)], &["--format", "concise"]);
    assert_eq!(
        last_line(&said),
        "no findings; 1 decision in 1 template, score 100; not read: 1 module call, 3 nested stacks"
    );
    // Of a team's own rules, a beginning or a whole name stands before what is known of all modules.
    let rules = "[[plumbing]]\nwhy = \"only networks\"\ntypes = [\"Acme::Web::*\"]\n";
    let files = [
        ("app.yaml", ELSEWHERE),
        ("sfl.toml", "[rules]\nfolders = [\"own\"]\n"),
        ("own/rules.toml", rules),
    ];
    assert_eq!(unread(&files, &[]), json!([expected[1]]));
}

#[test]
fn a_stack_set_of_a_template_of_the_run_is_read_with_what_it_hands_down() {
    let set = |more: &str| {
        format!(
            "Resources:\n  Everywhere:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateURL: ./service.yaml\n      \
             Parameters:\n        - {{ParameterKey: Launch, ParameterValue: EC2}}\n{more}"
        )
    };
    let service = "Parameters:\n  Launch: {Type: String, Default: FARGATE}\nResources:\n  Web:\n    Type: AWS::ECS::Service\n    \
                   Properties: {Cluster: prod, TaskDefinition: web, LaunchType: !Ref Launch}\n";
    let judged = |more: &str| {
        let set = set(more);
        let files = [("set.yaml", &*set), ("service.yaml", service)];
        let (_, said, _) = check(&files, &["--format", "json"]);
        let report: Value = serde_json::from_str(&said).expect("it is JSON");
        assert_eq!(report["summary"]["unread"], json!([]));
        let decision = &report["decisions"][0];
        (
            decision["rung"].clone(),
            decision["reachable"].as_array().map(Vec::len),
        )
    };
    assert_eq!(judged(""), (json!(3), Some(0)));
    let (_, reachable) = judged(
        "      StackInstancesGroup:\n        - {Regions: [eu-west-1], DeploymentTargets: {Accounts: ['1']}, \
         ParameterOverrides: [{ParameterKey: Launch, ParameterValue: FARGATE}]}\n",
    );
    assert_eq!(reachable, Some(1));
}

#[test]
fn terraform_that_deploys_other_templates_names_them() {
    let stack = |template: &str| {
        format!("resource \"aws_cloudformation_stack\" \"one\" {{\n  {template}\n}}\n")
    };
    let items = |text: &str| unread(&[("main.tf", text), ("stack.yaml", FUNCTION)], &[]);
    let one = |rest: Value| {
        let mut item =
            json!({ "path": "main.tf", "line": 1, "address": "aws_cloudformation_stack.one" });
        if let (Value::Object(item), Value::Object(rest)) = (&mut item, rest) {
            item.extend(rest);
        }
        json!([{ "kind": "nested-stacks", "count": 1, "items": [item] }])
    };
    let url = "https://example.com/net.yaml";
    assert_eq!(
        items(&stack(&format!("template_url = \"{url}\""))),
        one(json!({ "name": url }))
    );
    assert_eq!(
        items(&stack("template_body = jsonencode({ Resources = {} })")),
        one(json!({}))
    );
    assert_eq!(
        items(&stack("template_body = file(\"gone.yaml\")")),
        one(json!({ "name": "gone.yaml" }))
    );
    let read = "template_body = file(\"${path.module}/stack.yaml\")";
    assert_eq!(
        items(&stack(read)),
        json!([]),
        "it is judged where it stands"
    );
    let types = "resource \"azapi_resource\" \"app\" {\n  type = \"Microsoft.App/containerApps@2024-03-01\"\n}\n\
                 resource \"aws_cloudcontrolapi_resource\" \"role\" {\n  type_name = \"AWS::IAM::Role\"\n}\n\
                 resource \"azurerm_resource_group_template_deployment\" \"old\" {\n  template_content = \"{}\"\n}\n";
    let expected = json!([
        { "kind": "nested-stacks", "count": 1, "items": [
            { "path": "main.tf", "line": 7, "address": "azurerm_resource_group_template_deployment.old" },
        ]},
        { "kind": "unknown-types", "count": 1, "items": [
            { "name": "azapi_resource Microsoft.App/containerApps" },
        ]},
    ]);
    assert_eq!(items(types), expected);
    let plan = r#"{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [
        {"address": "aws_cloudformation_stack.net", "mode": "managed", "type": "aws_cloudformation_stack", "name": "net",
         "change": {"actions": ["create"], "before": null, "after": {"name": "net", "template_body": "{}"}, "after_unknown": {}}}]}"#;
    assert_eq!(
        unread(&[("plan.json", plan)], &[]),
        json!([{ "kind": "nested-stacks", "count": 1, "items": [
            { "path": "plan.json", "address": "aws_cloudformation_stack.net" },
        ]}])
    );
}

/// A plan with one function, by what it says of itself.
fn plan(said: &str) -> String {
    format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4",{said}"resource_changes":[{{"address":"aws_lambda_function.till","mode":"managed","type":"aws_lambda_function","name":"till","change":{{"actions":["create"],"before":null,"after":{{"function_name":"till"}},"after_unknown":{{}}}}}}]}}"#
    )
}

#[test]
fn what_a_plan_says_is_missing_in_it_is_said() {
    let deferred = r#""deferred_changes":[{"reason":"instance_count_unknown","resource_change":{"address":"aws_sqs_queue.till","mode":"managed","type":"aws_sqs_queue","name":"till","change":{"actions":["create"],"before":null,"after":{},"after_unknown":{}}}}],"#;
    for (said, expected) in [
        (
            r#""errored":true,"complete":false,"#,
            "planning ended in an error: what it had not come to is missing",
        ),
        (
            r#""complete":false,"#,
            "it says that it is not complete: another plan has to follow, as after `-target`",
        ),
        (deferred, "1 deferred change is only planned after others"),
        (
            &format!(r#"{deferred}"complete":false,"#),
            "1 deferred change is only planned after others",
        ),
    ] {
        let text = plan(said);
        let files = [("till.json", text.as_str())];
        let expected = json!([{
            "kind": "parts",
            "count": 1,
            "items": [{ "path": "till.json", "why": expected }],
        }]);
        assert_eq!(unread(&files, &["till.json"]), expected, "{said}");
    }
    for said in ["", r#""errored":false,"complete":true,"applyable":true,"#] {
        let text = plan(said);
        assert_eq!(
            unread(&[("till.json", &text)], &["till.json"]),
            json!([]),
            "{said}"
        );
    }
}

#[test]
fn an_error_in_an_envelope_is_not_the_plan_s() {
    let text = format!(r#"{{"errored":true,"complete":false,"plan":{}}}"#, plan(""));
    assert_eq!(unread(&[("till.json", &text)], &["till.json"]), json!([]));
    let text = format!(r#"{{"plan":{}}}"#, plan(r#""errored":true,"#));
    let unread = unread(&[("till.json", &text)], &["till.json"]);
    assert_eq!(unread[0]["count"], 1);
}

#[test]
fn a_plan_as_it_is_stored_says_how_it_is_read() {
    let folder = folder(&[]);
    let mut archive = b"PK\x03\x04\x14\x00\x08\x00\x08\x00".to_vec();
    archive.resize(30, 0);
    archive.extend_from_slice(b"tfplan\xff\xfe\x00");
    std::fs::write(folder.path().join("till.bin"), &archive).expect("a file");
    let output = run(folder.path(), &["check", "till.bin", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(2));
    let said = out(&output);
    let expected = "this is a plan as Terraform stores it: `terraform show -json till.bin | sfl check -` reads it";
    assert!(said.contains(expected), "{said}");
    // Another archive is nothing that anybody knows.
    let other = String::from_utf8_lossy(&archive).replace("tfplan", "readme");
    std::fs::write(folder.path().join("other.zip"), other.as_bytes()).expect("a file");
    let output = run(
        folder.path(),
        &["check", "other.zip", "--format", "concise"],
    );
    assert!(!out(&output).contains("Terraform"), "{}", out(&output));
}

#[test]
fn a_file_that_is_read_in_part_is_counted_once() {
    let text = "resource \"aws_instance\" \"till\" {\n  ami = \"ami-1\"\n}\nresource \"aws_instance\" \"desk\" {\n  ami = =\n}\n";
    let folder = folder(&[("main.tf", text)]);
    let output = run(folder.path(), &["check", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(2));
    let said = out(&output);
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.ends_with("1 decision in 1 template (only in part), score 0"),
        "{last}"
    );
    let output = run(folder.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    let numbers = ["read", "unreadable", "read_in_part"].map(|key| report["summary"][key].clone());
    assert_eq!(numbers, [json!(0), json!(1), json!(1)]);
}

#[test]
fn types_of_clouds_without_rules_are_named_and_those_of_helpers_are_not() {
    let text = "resource \"hcloud_server\" \"web\" {\n  server_type = \"cx22\"\n}\nresource \"random_id\" \"web\" {\n  byte_length = 4\n}\nresource \"helm_release\" \"web\" {\n  chart = \"web\"\n}\n";
    let folder = folder(&[("main.tf", text)]);
    let output = run(folder.path(), &["check", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    assert_eq!(
        report["summary"]["unknown_types"],
        serde_json::json!({"hcloud_server": 1})
    );
}
