//! Values that a deployment gives and that their parameters or variables do not take: an error that says what would do, and the
//! default counts.

use std::process::Output;

use crate::folder::{command, err, folder, out};
use serde_json::Value;
use tempfile::TempDir;

fn check(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = command(folder.path());
    let command = command.args(["check", "--format", "json"]).args(arguments);
    command.output().expect("the program runs")
}

/// The messages about values, and the exit code.
fn said(folder: &TempDir, arguments: &[&str]) -> (Vec<String>, Option<i32>) {
    let output = check(folder, arguments);
    let text = out(&output);
    let report: Value =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", err(&output)));
    let findings = report["findings"].as_array().expect("a list");
    let about = findings
        .iter()
        .filter(|one| one["code"] == "config/deployment");
    let text = |one: &Value| one["message"].as_str().unwrap_or_default().to_owned();
    (about.map(text).collect(), output.status.code())
}

/// A module with a variable of each type, and of what is said of the values that are given to one of them.
const MODULE: &str = r#"
variable "size" { 
  type    = number
  default = 2
}
variable "wide" {
  type    = bool
  default = false
}
variable "zone" {
  type    = string
  default = "b"
}
variable "names" {
  type    = list(string)
  default = []
}
variable "ports" {
  type    = map(number)
  default = {}
}
variable "disk" {
  type    = object({ size = number, kind = optional(string) })
  default = { size = 8 }
}
variable "free" {
  default = 1
}
resource "aws_sqs_queue" "orders" {}
"#;

#[test]
fn what_terraform_makes_of_an_argument_is_taken_and_nothing_else() {
    let folder = folder(&[("main.tf", MODULE)]);
    // As Terraform itself answers.
    for taken in [
        "size=1e3",
        "size=+3",
        "size=.5",
        "size=007",
        "wide=true",
        "wide=1",
        "wide=0",
        "zone=two",
        "zone=",
        "names=[\"a\"]",
        "names=[1, true]",
        "names=null",
        "names=[1-2]",
        "ports={ a = \"1\" }",
        "disk={ size = \"2\", more = 4 }",
        "free=[1",
    ] {
        let (messages, code) = said(&folder, &["--var", taken]);
        assert_eq!((messages, code), (Vec::new(), Some(0)), "{taken}");
    }
    for (refused, wanted) in [
        ("size=two", "`two`: it must be a number"),
        ("size=0x10", "`0x10`: it must be a number"),
        ("size= 3", "` 3`: it must be a number"),
        ("size=", "empty: it must be a number"),
        ("size=null", "`null`: it must be a number"),
        ("wide=True", "`True`: it must be `true` or `false`"),
        ("wide=yes", "`yes`: it must be `true` or `false`"),
        (
            "names=a",
            "`a`: it must be of the type `list(string)`, and a text in it needs quotes",
        ),
        (
            "names=\"a\"",
            "`\"a\"`: it must be of the type `list(string)`",
        ),
        ("names=1", "`1`: it must be of the type `list(string)`"),
        (
            "names=[\"a\"",
            "`[\"a\"`: it must be of the type `list(string)`",
        ),
        (
            "names=var.zone",
            "`var.zone`: it must be of the type `list(string)`, and a text in it needs quotes",
        ),
        (
            "names=[upper(\"a\")]",
            "`[upper(\"a\")]`: it must be of the type `list(string)`, and no function can be called in it",
        ),
        ("ports=[1]", "`[1]`: it must be of the type `map(number)`"),
        (
            "disk={}",
            "`{}`: it must be of the type `object({kind = optional(string), size = number})`",
        ),
    ] {
        let name = refused.split('=').next().expect("a name");
        let (messages, code) = said(&folder, &["--var", refused]);
        let expected = format!("`{name}` can't be {wanted}");
        assert_eq!((messages, code), (vec![expected], Some(2)), "{refused}");
    }
}

#[test]
fn files_of_variables_and_tables_are_held_to_the_same_types() {
    let files = [
        ("main.tf", MODULE),
        (
            "good.tfvars",
            "size = \"3\"\nwide = \"true\"\nnames = [1]\nzone = 3\n",
        ),
        (
            "bad.tfvars",
            "size = true\nnames = \"a\"\nzone = [\"a\"]\nwide = 1\n",
        ),
        (
            "bad.tfvars.json",
            r#"{ "ports": { "a": "x" }, "size": "two" }"#,
        ),
        ("apart/main.tf", MODULE),
        (
            "apart/sfl.toml",
            "[deployment.live]\nvars = { size = \"many\", wide = true, names = [\"a\"] }\n",
        ),
    ];
    let folder = folder(&files);
    let given = |file: &str| said(&folder, &["main.tf", "--var-file", file]);
    assert_eq!(given("good.tfvars"), (Vec::new(), Some(0)));
    let (messages, code) = given("bad.tfvars");
    assert_eq!(
        (messages.join("\n").as_str(), code),
        (
            "`size` can't be `true`: it must be a number\n\
             `names` can't be `a`: it must be of the type `list(string)`\n\
             `zone` can't be `a`: it must be a text\n\
             `wide` can't be `1`: it must be `true` or `false`",
            Some(2)
        )
    );
    let (messages, code) = given("bad.tfvars.json");
    assert_eq!(
        (messages.join("\n").as_str(), code),
        (
            "`ports` can't be this value: it must be of the type `map(number)`\n\
             `size` can't be `two`: it must be a number",
            Some(2)
        )
    );
    let (messages, code) = said(&folder, &["apart", "--config", "apart/sfl.toml"]);
    assert_eq!(
        (messages.join("\n").as_str(), code),
        ("`size` can't be `many`: it must be a number", Some(2))
    );
}

const TEMPLATE: &str = "\
Parameters:
  Count: { Type: Number, Default: 2, MinValue: 1, MaxValue: 9 }
  Ports: { Type: List<Number>, Default: '80,443' }
  Zones: { Type: CommaDelimitedList, Default: 'a,b', AllowedPattern: '[a-z]' }
  Mode: { Type: String, Default: slow, AllowedValues: [slow, fast] }
  Name: { Type: String, Default: shop, MinLength: 3, MaxLength: 8 }
  Kind: { Type: String, Default: t3.micro, AllowedPattern: 't3[.][a-z]+' }
  Free: { Type: String, Default: x }
Resources:
  Orders: { Type: AWS::SQS::Queue }
";

#[test]
fn cloudformation_takes_what_its_parameters_say() {
    let folder = folder(&[("shop.yaml", TEMPLATE)]);
    for taken in [
        "Count=3",
        "Count=1.5",
        "Count=+3",
        "Ports=80",
        "Ports=80, 443",
        "Ports=",
        "Zones=c",
        "Mode=fast",
        "Name=abc",
        "Kind=t3.large",
        "Free=",
        "Free=3",
    ] {
        let (messages, code) = said(&folder, &["--parameter", taken]);
        assert_eq!((messages, code), (Vec::new(), Some(0)), "{taken}");
    }
    for (refused, wanted) in [
        ("Count=abc", "`abc`: it must be a number"),
        ("Count=", "empty: it must be a number"),
        ("Count=true", "`true`: it must be a number"),
        ("Count=0", "`0`: it must be at least 1"),
        ("Count=10", "`10`: it must be at most 9"),
        ("Ports=80,web", "`web`: it must be a number"),
        ("Zones=a,bb", "`bb`: it must match `[a-z]`"),
        ("Mode=Fast", "`Fast`: it must be `slow` or `fast`"),
        ("Name=ab", "`ab`: it must have at least 3 characters"),
        (
            "Name=warehouse",
            "`warehouse`: it must have at most 8 characters",
        ),
        ("Kind=m7i.large", "`m7i.large`: it must match `t3[.][a-z]+`"),
    ] {
        let name = refused.split('=').next().expect("a name");
        let (messages, code) = said(&folder, &["--parameter", refused]);
        let expected = format!("`{name}` can't be {wanted}");
        assert_eq!((messages, code), (vec![expected], Some(2)), "{refused}");
    }
}

#[test]
fn files_of_parameters_and_tables_are_held_to_the_same_types() {
    let files = [
        ("shop.yaml", TEMPLATE),
        (
            "live.json",
            r#"[{ "ParameterKey": "Count", "ParameterValue": "many" }]"#,
        ),
        ("plain.yaml", "Count: true\nPorts: [80, web]\n"),
        ("apart/shop.yaml", TEMPLATE),
        (
            "apart/sfl.toml",
            "[deployment.live]\nparameters = { Count = \"many\", Ports = [80, 443] }\n",
        ),
    ];
    let folder = folder(&files);
    let many = "`Count` can't be `many`: it must be a number";
    let (messages, code) = said(&folder, &["shop.yaml", "--parameters", "live.json"]);
    assert_eq!((messages.join("\n").as_str(), code), (many, Some(2)));
    let (messages, code) = said(&folder, &["shop.yaml", "--parameters", "plain.yaml"]);
    let both =
        "`Count` can't be `true`: it must be a number\n`Ports` can't be `web`: it must be a number";
    assert_eq!((messages.join("\n").as_str(), code), (both, Some(2)));
    let (messages, code) = said(&folder, &["apart", "--config", "apart/sfl.toml"]);
    assert_eq!((messages.join("\n").as_str(), code), (many, Some(2)));
}

#[test]
fn what_a_nested_stack_does_not_take_is_not_judged_there() {
    let outer = |parameter: &str| {
        format!(
            "Parameters:\n  {parameter}: {{ Type: String, Default: FARGATE }}\nResources:\n  Web:\n    Type: AWS::CloudFormation::Stack\n    \
             Properties: {{ TemplateURL: web.yaml, Parameters: {{ Launch: !Ref {parameter} }} }}\n"
        )
    };
    let inner = "Parameters:\n  Launch: { Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2] }\nResources:\n  \
                 Orders: { Type: AWS::ECS::Service, Properties: { LaunchType: !Ref Launch } }\n";
    let rungs = |folder: &TempDir, value: &str| {
        let report = out(&check(folder, &["--parameter", value]));
        let report: Value = serde_json::from_str(&report).expect("it is JSON");
        report["decisions"][0]["rung"].as_u64()
    };
    for (parameter, refused) in [
        (
            "Kind",
            "`Kind` is handed to a nested stack, where `Launch` can't be `EXTERNAL`: it must be `FARGATE` or `EC2`",
        ),
        (
            "Launch",
            "`Launch` can't be `EXTERNAL`: it must be `FARGATE` or `EC2`",
        ),
    ] {
        let outer = outer(parameter);
        let folder = folder(&[("outer.yaml", &*outer), ("web.yaml", inner)]);
        let value = format!("{parameter}=EXTERNAL");
        let (messages, code) = said(&folder, &["--parameter", &value]);
        assert_eq!((messages, code), (vec![refused.to_owned()], Some(2)));
        assert_eq!(rungs(&folder, &value), Some(2), "its own default counts");
        let value = format!("{parameter}=EC2");
        assert_eq!(
            said(&folder, &["--parameter", &value]),
            (Vec::new(), Some(1))
        );
        assert_eq!(rungs(&folder, &value), Some(3));
    }
}
