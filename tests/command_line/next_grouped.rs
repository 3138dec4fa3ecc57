//! `sfl next`: what one change does for many, and what is not one change although it looks like it.

use serde_json::Value;

use super::next::{action, actions, next};

/// The addresses of each action that is about several.
fn together(found: &Value) -> Vec<Vec<&str>> {
    let all = actions(found).iter().map(|one| {
        let decisions = one["decisions"].as_array().expect("a list").iter();
        let addresses = decisions.map(|one| one["address"].as_str().expect("a text"));
        addresses.collect::<Vec<_>>()
    });
    let mut all: Vec<_> = all.filter(|addresses| addresses.len() > 1).collect();
    all.sort_unstable();
    all
}

/// Tables whose billing mode is this, and one that says it by itself.
fn tables(head: &str, modes: &[(&str, &str)]) -> String {
    let mut text = format!("{head}Resources:\n");
    for (name, mode) in modes {
        text.push_str(&format!(
            "  {name}: {{ Type: AWS::DynamoDB::Table, Properties: {{ BillingMode: {mode} }} }}\n"
        ));
    }
    text
}

const MODES: &str = "\
Parameters: { Env: { Type: String, Default: prod }, Where: { Type: String, AllowedValues: [prod, dev] } }
Mappings:
  Modes:
    prod: { table: PROVISIONED, other: PROVISIONED }
    dev: { table: PROVISIONED, other: PAY_PER_REQUEST }
";

#[test]
fn a_value_of_a_mapping_is_changed_once() {
    let text = tables(
        MODES,
        &[
            ("A", "!FindInMap [Modes, !Ref Env, table]"),
            ("B", "{ 'Fn::FindInMap': [Modes, { Ref: Env }, table] }"),
            // The same words, but another value.
            ("C", "!FindInMap [Modes, !Ref Env, other]"),
            ("D", "PROVISIONED"),
        ],
    );
    let found = next(&[("a.yaml", &text)], &["--limit", "50"]);
    assert_eq!(together(&found), [["A", "B"]], "{found:#}");
    let both = action(&found, "A");
    assert_eq!(both["decided_by"], "`Modes.prod.table` is `PROVISIONED`");
    assert_eq!(
        (&both["place"]["line"], &both["place"]["column"]),
        (&4.into(), &13.into())
    );
}

#[test]
fn where_any_row_may_be_taken_the_mapping_is_changed() {
    let text = tables(
        MODES,
        &[
            ("A", "!FindInMap [Modes, !Ref Where, table]"),
            ("B", "!FindInMap [Modes, !Ref Where, table]"),
        ],
    );
    let found = next(&[("a.yaml", &text)], &[]);
    assert_eq!(together(&found), [["A", "B"]], "{found:#}");
    assert_eq!(action(&found, "A")["decided_by"], "`Modes` says what it is");
}

/// That a parameter chooses among values does not make it the place where they stand.
#[test]
fn what_only_takes_part_is_no_place_to_change() {
    let head = "\
Parameters: { Mode: { Type: String, Default: PROVISIONED }, Env: { Type: String, Default: prod } }
Conditions: { Prod: !Equals [!Ref Env, prod] }
";
    let text = tables(
        head,
        &[
            ("A", "!If [Prod, !Ref Mode, PAY_PER_REQUEST]"),
            ("B", "!If [Prod, !Ref Mode, PAY_PER_REQUEST]"),
            ("C", "\n      Ref: Mode\n    "),
            ("D", "!Ref Mode"),
            ("E", "PROVISIONED # not Mode"),
        ],
    )
    .replace(
        "Properties: { BillingMode: \n",
        "Properties: { BillingMode:\n",
    )
    .replace(
        "BillingMode:\n      Ref: Mode\n     }",
        "BillingMode: {\n      Ref: Mode } }",
    )
    .replace("PROVISIONED # not Mode }", "PROVISIONED }");
    let found = next(&[("a.yaml", &text)], &["--limit", "50"]);
    assert_eq!(together(&found), [["C", "D"]], "{found:#}");
    assert_eq!(
        action(&found, "C")["decided_by"],
        "`Mode` is `PROVISIONED` by default"
    );
}

#[test]
fn a_key_of_a_variable_or_a_local_is_looked_at_for_itself() {
    let text = r#"
variable "table" { default = { mode = "PROVISIONED" } }
locals {
  mode  = "PROVISIONED"
  again = local.mode
}
resource "aws_dynamodb_table" "a" { billing_mode = local.mode }
resource "aws_dynamodb_table" "b" { billing_mode = local.again }
resource "aws_dynamodb_table" "c" { billing_mode = var.table.mode }
resource "aws_dynamodb_table" "d" { billing_mode = var.table.mode }
"#;
    let found = next(&[("main.tf", text)], &["--limit", "50"]);
    assert_eq!(
        together(&found),
        [["aws_dynamodb_table.a", "aws_dynamodb_table.b"]],
        "{found:#}"
    );
    let both = action(&found, "aws_dynamodb_table.a");
    assert_eq!(both["decided_by"], "`local.mode` is `PROVISIONED`");
    assert_eq!(both["place"]["line"], 4);
}

#[test]
fn groups_that_start_from_one_template_move_together() {
    let text = "
Resources:
  Shared: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { ImageId: ami-1 } } }
  Own: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { ImageId: ami-1 } } }
  A:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: { MinSize: '1', MaxSize: '2', LaunchTemplate: { LaunchTemplateId: !Ref Shared, Version: '1' } }
  B:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: { MinSize: '1', MaxSize: '2', LaunchTemplate: { LaunchTemplateId: !Ref Shared, Version: '1' } }
  C:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: { MinSize: '1', MaxSize: '2', LaunchTemplate: { LaunchTemplateId: !Ref Own, Version: '1' } }
";
    let found = next(&[("a.yaml", text)], &["--limit", "50"]);
    assert_eq!(together(&found), [["A", "B"]], "{found:#}");
    let both = action(&found, "A");
    assert_eq!(
        (&both["place"]["line"], &both["decided_by"]),
        (&3.into(), &"`Shared` says what they start".into())
    );
    // A template of one group is a part of that group.
    let alone = &both["like"][0];
    assert_eq!(alone["address"], "C");
    let only = text.replace("!Ref Shared, Version", "lt-1, Version");
    let found = next(&[("a.yaml", &only)], &["--limit", "50"]);
    assert_eq!(together(&found), Vec::<Vec<&str>>::new(), "{found:#}");
    let configuration = r#"
resource "aws_launch_configuration" "shared" { image_id = "ami-1" }
resource "aws_autoscaling_group" "a" { launch_configuration = aws_launch_configuration.shared.name }
resource "aws_autoscaling_group" "b" { launch_configuration = aws_launch_configuration.shared.id }
resource "aws_autoscaling_group" "c" { tags = { beside = aws_launch_configuration.shared.id } }
"#;
    let found = next(&[("main.tf", configuration)], &["--limit", "50"]);
    assert_eq!(
        together(&found),
        [["aws_autoscaling_group.a", "aws_autoscaling_group.b"]],
        "{found:#}"
    );
}

/// A table of a stage, as the CDK writes it.
fn stage(path: &str, kind: &str, properties: &str) -> String {
    format!(
        r#"{{"Resources": {{
  "Made": {{"Type": "{kind}", "Properties": {properties}, "Metadata": {{"aws:cdk:path": "{path}"}}}},
  "CDKMetadata": {{"Type": "AWS::CDK::Metadata", "Properties": {{}}, "Metadata": {{"aws:cdk:path": "x/CDKMetadata/Default"}}}}
}}}}"#
    )
}

#[test]
fn one_construct_in_several_stages_is_one_action() {
    let table = ("AWS::DynamoDB::Table", r#"{"BillingMode": "PROVISIONED"}"#);
    let one = |path: &str| stage(path, table.0, table.1);
    let files = [
        ("dev.template.json", one("dev/Shop/Orders/Resource")),
        ("prod.template.json", one("prod/Shop/Orders/Resource")),
        // Another construct, and the same name further in.
        ("other.template.json", one("prod/Shop/Carts/Resource")),
        ("deep.template.json", one("prod/Books/Shop/Orders/Resource")),
        // The same construct, but of another kind.
        (
            "kind.template.json",
            stage(
                "test/Shop/Orders/Resource",
                "AWS::Kinesis::Stream",
                r#"{"ShardCount": 1}"#,
            ),
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, &**text)).collect();
    let found = next(&files, &["--limit", "50"]);
    assert_eq!(together(&found), [["Made", "Made"]], "{found:#}");
    let all = actions(&found).iter();
    let both = all
        .filter(|one| {
            one["decisions"]
                .as_array()
                .is_some_and(|all| all.len() == 2)
        })
        .collect::<Vec<_>>();
    let decisions = both[0]["decisions"].as_array().expect("a list").iter();
    let paths: Vec<&str> = decisions.filter_map(|one| one["path"].as_str()).collect();
    assert_eq!(paths, ["dev.template.json", "prod.template.json"]);
    let check = both[0]["check"].as_array().expect("a list").iter();
    let mut check = check.filter_map(Value::as_str);
    assert!(
        check.any(|one| one.contains("make the change in its source")),
        "{:#}",
        both[0]
    );
    // Written by a person, the same paths say nothing.
    let plain = |name: &str| {
        format!(
            "Resources:\n  {name}: {{ Type: AWS::DynamoDB::Table, Properties: {{ BillingMode: PROVISIONED }} }}\n"
        )
    };
    let found = next(
        &[
            ("dev.yaml", &plain("Orders")),
            ("prod.yaml", &plain("Orders")),
        ],
        &["--limit", "50"],
    );
    assert_eq!(together(&found), Vec::<Vec<&str>>::new(), "{found:#}");
}
