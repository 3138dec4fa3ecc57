//! Resources that may not be there: what a condition hangs on is said in every format, and what the given values turn off fails nothing
//! and is named.

use std::fs;
use std::process::Output;

use crate::folder::{command, err, folder, out};
use serde_json::Value;
use tempfile::TempDir;

/// A queue that is always there, a host that one stage has, and one that needs two parameters.
const TEMPLATE: &str = "\
Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Audit: { Type: String, Default: 'no' }
  Owner: { Type: String, Default: us }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsAudited: !And [!Condition IsProd, !Equals [!Ref Audit, 'yes'], !Equals [!Ref Owner, us]]
Resources:
  Inbox: { Type: AWS::SQS::Queue }
  Jump: { Type: AWS::EC2::Instance, Condition: IsProd, Properties: { ImageId: ami-0 } }
  Scanner: { Type: AWS::EC2::Instance, Condition: IsAudited, Properties: { ImageId: ami-0 } }
";

const MODULE: &str = r#"
variable "hosts" {
  type    = number
  default = 1
}

variable "names" {
  type    = set(string)
  default = ["a"]
}

locals {
  has_hosts = var.hosts > 0
}

resource "aws_instance" "worker" {
  count         = var.hosts
  ami           = "ami-0"
  instance_type = "m7i.large"
}

resource "aws_instance" "helper" {
  count         = local.has_hosts ? 1 : 0
  ami           = "ami-0"
  instance_type = "m7i.large"
}

resource "aws_instance" "named" {
  for_each      = var.names
  ami           = "ami-0"
  instance_type = "m7i.large"
}
"#;

const FORMATS: [&str; 10] = [
    "pretty", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html", "csv",
];

fn check(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = command(folder.path());
    let command = command.arg("check").args(arguments);
    command.output().expect("the program runs")
}

/// Everything that is said, with one space between words.
fn said(output: &Output) -> String {
    let text = out(output) + &err(output);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn report(folder: &TempDir, arguments: &[&str]) -> Value {
    let all = [&["--format", "json"], arguments].concat();
    let output = check(folder, &all);
    serde_json::from_str(&out(&output)).expect("JSON")
}

/// The addresses of decisions that a report says are left out.
fn left_out(report: &Value) -> Vec<&str> {
    let decisions = report["decisions"].as_array().expect("a list");
    let left = decisions.iter().filter(|one| one["left_out"] == true);
    left.filter_map(|one| one["address"].as_str()).collect()
}

/// The addresses that findings are about.
fn found(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("a list");
    let all = findings.iter();
    all.filter_map(|one| one["address"].as_str()).collect()
}

#[test]
fn what_the_given_values_turn_off_fails_nothing_and_is_named_in_every_format() {
    let folder = folder(&[("shop.yaml", TEMPLATE)]);
    for format in FORMATS {
        let output = check(&folder, &["--parameter", "Stage=dev", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{format}");
        let text = said(&output);
        assert!(text.contains("Jump"), "{format}: {text}");
        let is_said = text.contains("left out") || text.contains("left_out");
        assert!(is_said, "{format}: {text}");
        let quiet = ["--parameter", "Stage=dev", "--format", format, "--quiet"];
        let quiet = said(&check(&folder, &quiet));
        assert!(quiet.contains("Jump"), "{format}: {quiet}");
    }
    let concise = ["--parameter", "Stage=dev", "--format", "concise"];
    assert_eq!(
        out(&check(&folder, &concise)),
        "note: 2 decisions are left out by the given values: Jump (shop.yaml), Scanner (shop.yaml)\n\
         no findings; 1 decision in 1 template, score 100; 2 decisions left out by the given values\n"
    );
    let report = report(&folder, &["--parameter", "Stage=dev"]);
    let summary = &report["summary"];
    assert_eq!(
        (&summary["decisions"], &summary["left_out"]),
        (&1.into(), &2.into())
    );
    assert_eq!(left_out(&report), ["Jump", "Scanner"]);
    assert_eq!(report["decisions"][1]["fallback"], false);
}

#[test]
fn nothing_else_is_left_out() {
    let folder = folder(&[("shop.yaml", TEMPLATE)]);
    for (given, left, finds) in [
        // The defaults alone leave it open.
        (&[][..], &[][..], &["Jump", "Scanner"][..]),
        (&["--parameter", "Stage=prod"], &[], &["Jump", "Scanner"]),
        // It is not this value that turns it off.
        (&["--parameter", "Owner=us"], &[], &["Jump", "Scanner"]),
        (&["--parameter", "Audit=yes"], &[], &["Jump", "Scanner"]),
        (&["--parameter", "Audit=no"], &["Scanner"], &["Jump"]),
        // The worst of all that can be.
        (
            &["--parameter", "Stage=dev", "--strict"],
            &["Jump", "Scanner"],
            &["Jump", "Scanner"],
        ),
    ] {
        let report = report(&folder, given);
        assert_eq!(left_out(&report), left, "{given:?}");
        assert_eq!(found(&report), finds, "{given:?}");
    }
    let strict = check(&folder, &["--parameter", "Stage=dev", "--strict", "--full"]);
    assert_eq!(strict.status.code(), Some(1));
    let says = "Jump is an EC2 instance, though the given values leave it out: rung 4";
    assert!(said(&strict).contains(says), "{}", said(&strict));
}

#[test]
fn what_terraform_loads_by_itself_is_given() {
    let folder = folder(&[
        ("main.tf", MODULE),
        (
            "calls/main.tf",
            "variable \"on\" {\n  default = true\n}\n\nmodule \"inner\" {\n  source = \"./inner\"\n  on     = var.on\n}\n",
        ),
        (
            "calls/inner/main.tf",
            "variable \"on\" {\n  default = true\n}\n\nresource \"aws_instance\" \"one\" {\n  count         = var.on ? 1 : 0\n  ami           = \"ami-0\"\n  instance_type = \"m7i.large\"\n}\n",
        ),
    ]);
    let here = |arguments: &[&str]| report(&folder, &[&["main.tf"], arguments].concat());
    assert!(left_out(&here(&[])).is_empty());
    let none = ["aws_instance.worker", "aws_instance.helper"];
    assert_eq!(left_out(&here(&["--var", "hosts=0"])), none);
    assert_eq!(
        left_out(&here(&["--var", "names=[]"])),
        ["aws_instance.named"]
    );
    let values = folder.path().join("terraform.tfvars");
    fs::write(&values, "hosts = 0\n").expect("written");
    let loaded = here(&[]);
    assert_eq!(left_out(&loaded), none);
    assert_eq!(found(&loaded), ["aws_instance.named[\"a\"]"]);
    assert!(left_out(&here(&["--var", "hosts=2"])).is_empty());
    fs::write(&values, "hosts = 1\n").expect("written");
    assert!(left_out(&here(&[])).is_empty());
    let called = report(&folder, &["calls", "--var", "on=false"]);
    assert_eq!(left_out(&called), ["module.inner.aws_instance.one"]);
    assert!(left_out(&report(&folder, &["calls"])).is_empty());
}

#[test]
fn a_reason_waits_for_values_under_which_it_is_needed() {
    let template = TEMPLATE.replace(
        "ImageId: ami-0 } }\n  Scanner",
        "ImageId: ami-0 }, Metadata: { sfl: { because: vendor-software, reason: an appliance that only runs on its own image } } }\n  Scanner",
    );
    assert_ne!(template, TEMPLATE);
    let folder = folder(&[("shop.yaml", &template)]);
    let report = report(&folder, &["--parameter", "Stage=dev"]);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_it_hangs_on_is_said_by_name_in_every_format() {
    let folder = folder(&[("shop.yaml", TEMPLATE), ("net/main.tf", MODULE)]);
    let only = "Jump is an EC2 instance under the condition `IsProd`: rung 4 of 4";
    let counted =
        "aws_instance.worker[0] is an EC2 instance, depending on `var.hosts`: rung 4 of 4";
    let by_local =
        "aws_instance.helper[0] is an EC2 instance, depending on `local.has_hosts`: rung 4 of 4";
    for format in [
        "pretty", "concise", "json", "sarif", "github", "gitlab", "junit",
    ] {
        let text = said(&check(&folder, &["--full", "--format", format]));
        for says in [only, counted, by_local] {
            let escaped = says.replace('[', "\\\\[").replace(']', "\\\\]");
            let is_said = text.contains(says) || text.contains(&escaped);
            assert!(is_said, "{format}: {says}: {text}");
        }
    }
    let sarif = check(&folder, &["--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&out(&sarif)).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    let properties = results
        .iter()
        .map(|one| &one["properties"]["conditionalOn"][0]);
    let properties: Vec<&str> = properties.filter_map(Value::as_str).collect();
    assert_eq!(
        properties,
        ["var.hosts", "local.has_hosts", "IsProd", "IsAudited"]
    );
    let queue = results.iter().find(|one| one["properties"].is_null());
    let named = queue.map(|one| one["message"]["text"].to_string());
    assert!(named.is_some_and(|text| text.contains("aws_instance.named")));
    let certain = check(
        &folder,
        &[
            "shop.yaml",
            "--parameter",
            "Stage=prod",
            "--format",
            "concise",
        ],
    );
    let text = said(&certain);
    assert!(text.contains("Jump is an EC2 instance: rung 4"), "{text}");
}

#[test]
fn what_is_left_out_is_in_no_group_and_on_no_map() {
    let folder = folder(&[("shop.yaml", TEMPLATE)]);
    let print = |arguments: &[&str]| -> Value {
        let output = command(folder.path()).args(arguments).output();
        let output = output.expect("the program runs");
        serde_json::from_str(&out(&output)).expect("it is JSON")
    };
    let dev = ["--parameter", "Stage=dev", "--format", "json"];
    let check = print(&[&["check", "shop.yaml"], &dev[..]].concat());
    assert_eq!(check["summary"]["by_folder"][0]["decisions"], 1);
    let on_map = |more: &[&str]| {
        let map = print(&[&["map", "shop.yaml"], &dev[..], more].concat());
        map["components"].as_array().map(Vec::len)
    };
    assert_eq!(on_map(&[]), Some(1));
    // Where the worst is assumed, it counts.
    assert_eq!(on_map(&["--strict"]), Some(3));
}
