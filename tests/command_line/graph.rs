//! `sfl graph`: what it prints keeps to its schema, says what a reader of the template sees, and can be drawn.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::folder::{err, folder, out, run};
use super::tools::missing;
use crate::json_schemas::sound;
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

const SHOP: &str = r#"
Resources:
  Vpc:
    Type: AWS::EC2::VPC
  Private:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc }
  Cluster:
    Type: AWS::ECS::Cluster
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      ContainerDefinitions:
        - Name: web
          Environment:
            - { Name: TABLE, Value: !Ref Orders }
  Web:
    Type: AWS::ECS::Service
    DependsOn: [Orders]
    Properties:
      Cluster: !Ref Cluster
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration:
        AwsvpcConfiguration:
          Subnets: [!Ref Private]
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST }
  New:
    Type: AWS::New::Thing
"#;

fn graph(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["graph"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let graph = sound(
        &out(&output),
        include_str!("../../docs/sfl-graph-1.schema.json"),
    );
    let ids: Vec<&str> = resources(&graph).map(|one| text(&one["id"])).collect();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "an id names one resource");
    for edge in edges(&graph) {
        for end in ["from", "to"] {
            assert!(known.contains(text(&edge[end])), "{edge} leads nowhere");
        }
    }
    graph
}

fn resources(graph: &Value) -> impl Iterator<Item = &Value> {
    graph["resources"].as_array().expect("a list").iter()
}

fn edges(graph: &Value) -> impl Iterator<Item = &Value> {
    graph["edges"].as_array().expect("a list").iter()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// `Web uses Task by TaskDefinition at 26`, without the paths.
fn lines(graph: &Value) -> Vec<String> {
    let address = |id: &Value| text(id).rsplit_once('#').expect("an id").1.to_owned();
    let lines = edges(graph).map(|edge| {
        let (from, to) = (address(&edge["from"]), address(&edge["to"]));
        let property = edge["property"].as_str().unwrap_or("nothing");
        let of = match text(&edge["written_in"]) {
            "to" => format!(" of {to}"),
            _ => String::new(),
        };
        format!("{from} {} {to} by {property}{of}", text(&edge["means"]))
    });
    lines.collect()
}

#[test]
fn plumbing_and_paths_are_in_it() {
    let folder = folder(&[("infra/shop.yaml", SHOP)]);
    let graph = graph(folder.path(), &[]);
    let roles: Vec<String> = resources(&graph)
        .map(|one| {
            let decision = one["decision"].as_str().unwrap_or("-");
            let (address, role) = (text(&one["address"]), text(&one["role"]));
            format!(
                "{address} {role} {decision} {} {}",
                one["ladder"], one["rung"]
            )
        })
        .collect();
    assert_eq!(
        roles,
        [
            "Vpc plumbing - null null",
            "Private plumbing - null null",
            "Cluster member Web \"compute\" 2",
            "Task member Web \"compute\" 2",
            "Web decision Web \"compute\" 2",
            "Orders decision Orders \"nosql\" 1",
            "New unknown - null null",
        ]
    );
    assert_eq!(
        lines(&graph),
        [
            "Private uses Vpc by VpcId",
            "Cluster belongs Web by Cluster of Web",
            "Task belongs Web by TaskDefinition of Web",
            "Task names Orders by ContainerDefinitions[0].Environment[0].Value",
            "Web uses Private by NetworkConfiguration.AwsvpcConfiguration.Subnets[0]",
            "Web uses Cluster by Cluster",
            "Web uses Task by TaskDefinition",
            "Web names Orders by DependsOn[0]",
        ]
    );
    let subnets = edges(&graph)
        .find(|edge| text(&edge["to"]) == "infra/shop.yaml#Private")
        .expect("it is there");
    let line = SHOP
        .lines()
        .position(|line| line.contains("Subnets"))
        .expect("it is there")
        + 1;
    assert_eq!(subnets["span"]["start"]["line"], line);
    assert_eq!(subnets["path"], "infra/shop.yaml");
}

#[test]
fn branches_functions_and_names_keep_their_path() {
    let template = r#"
Parameters: { Big: { Type: String, Default: "no" } }
Conditions: { IsBig: !Equals [!Ref Big, "yes"] }
Resources:
  A: { Type: AWS::SQS::Queue }
  B: { Type: AWS::SQS::Queue }
  C: { Type: AWS::SQS::Queue }
  Odd:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !If [IsBig, !GetAtt A.Arn, !GetAtt B.Arn]
      Some.Key: { Deep: [!Join [",", [x, !Ref C]], !Ref C] }
"#;
    let folder = folder(&[("a.yaml", template)]);
    assert_eq!(
        lines(&graph(folder.path(), &["a.yaml"])),
        [
            "Odd uses A by EventSourceArn",
            "Odd uses B by EventSourceArn",
            "Odd uses C by [\"Some.Key\"].Deep[0]",
            "Odd uses C by [\"Some.Key\"].Deep[1]",
        ]
    );
}

#[test]
fn terraform_and_plans_are_read_too() {
    let main = r#"{
  "locals": { "id": "${aws_launch_template.web.id}" },
  "resource": {
    "aws_launch_template": { "web": { "image_id": "ami-1" } },
    "aws_autoscaling_group": { "web": {
      "min_size": 1, "launch_template": { "id": "${local.id}" }, "depends_on": ["aws_iam_role.web"] } }
  }
}"#;
    let beside = r#"{ "resource": { "aws_iam_role": { "web": { "name": "web" } } } }"#;
    let folder = folder(&[("tf/main.tf.json", main), ("tf/iam.tf.json", beside)]);
    let graph = graph(folder.path(), &["tf/main.tf.json"]);
    assert_eq!(
        lines(&graph),
        [
            "aws_launch_template.web belongs aws_autoscaling_group.web by launch_template.id of aws_autoscaling_group.web",
            "aws_autoscaling_group.web names aws_iam_role.web by depends_on[0]",
            "aws_autoscaling_group.web uses aws_launch_template.web by launch_template.id",
        ]
    );
    assert!(resources(&graph).all(|one| one["stack"] == "tf"));

    let plan = r#"{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[
  {"address":"aws_lambda_function.web","mode":"managed","type":"aws_lambda_function","change":{"actions":["create"],"after":{}}},
  {"address":"aws_iam_role.web","mode":"managed","type":"aws_iam_role","change":{"actions":["create"],"after":{}}},
  {"address":"aws_new_thing.web","mode":"managed","type":"aws_new_thing","change":{"actions":["create"],"after":{}}}],
 "configuration":{"root_module":{"resources":[
  {"mode":"managed","type":"aws_lambda_function","name":"web","expressions":{"role":{"references":["aws_iam_role.web.arn","aws_iam_role.web"]}}},
  {"mode":"managed","type":"aws_iam_role","name":"web","expressions":{}},
  {"mode":"managed","type":"aws_new_thing","name":"web","expressions":{}}]}}}"#;
    let folder = self::folder(&[("plan.json", plan)]);
    let graph = self::graph(folder.path(), &["plan.json"]);
    let roles: Vec<&str> = resources(&graph).map(|one| text(&one["role"])).collect();
    assert_eq!(roles, ["decision", "plumbing", "unknown"]);
    assert_eq!(
        lines(&graph),
        ["aws_lambda_function.web uses aws_iam_role.web by role"]
    );
}

#[test]
fn the_order_is_the_same_whatever_the_number_of_threads() {
    let text = |threads: &str| {
        let fixtures = Path::new(ROOT).join("fixtures");
        out(&run(&fixtures, &["graph", "--threads", threads, "."]))
    };
    let one = text("1");
    assert!(one.len() > 1000, "there is something to order");
    assert_eq!(one, text("4"));
}

#[test]
fn a_graph_and_a_report_tell_of_the_same_decisions() {
    let fixtures = Path::new(ROOT).join("fixtures");
    let report = out(&run(&fixtures, &["check", "--format", "json", "."]));
    let report: Value = serde_json::from_str(&report).expect("it is JSON");
    let told = |all: &Value, role: bool| -> BTreeSet<String> {
        let all = all.as_array().expect("a list").iter();
        let all = all.filter(|one| !role || one["role"] == "decision");
        all.map(|one| {
            format!(
                "{} {} {} {}",
                one["path"], one["address"], one["ladder"], one["rung"]
            )
        })
        .collect()
    };
    let graph = graph(&fixtures, &["."]);
    assert_eq!(
        told(&graph["resources"], true),
        told(&report["decisions"], false)
    );
    let members = report["decisions"].as_array().expect("a list").iter();
    let members: usize = members
        .map(|one| one["members"].as_array().expect("a list").len())
        .sum();
    let belongs = edges(&graph).filter(|edge| edge["means"] == "belongs");
    assert_eq!(belongs.count(), members);
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_shown() {
    let folder = folder(&[
        ("a.yaml", SHOP),
        ("b.yaml", "Resources:\n  A:\n    Type: AWS::X::Y\n   B: [\n"),
    ]);
    let output = run(folder.path(), &["graph", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("b.yaml"), "{}", err(&output));
    let graph: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    assert_eq!(resources(&graph).count(), 7);
}

#[test]
fn graphviz_takes_what_is_drawn() {
    let hostile = "Resources:\n  \"a\\\"]; x -> y [label=\\\"\\\\N\":\n    Type: AWS::SQS::Queue\n";
    let folder = folder(&[("a b\"c.yaml", hostile), ("shop.yaml", SHOP)]);
    let drawn = out(&run(folder.path(), &["graph", "--format", "dot"]));
    assert_eq!(drawn.matches("subgraph cluster_").count(), 2);
    assert!(
        drawn.contains(
            r#"label="a\"]; x -> y [label=\"\\N\nAWS::SQS::Queue\nmessaging/serverless""#
        ),
        "{drawn}"
    );
    if missing!(GRAPHVIZ) {
        return;
    }
    let program = Command::new("dot")
        .args(["-Tplain"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut program = program.expect("it is on the path");
    let mut input = program.stdin.take().expect("it is piped");
    input.write_all(drawn.as_bytes()).expect("it is read");
    drop(input);
    let output = program.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let nodes = out(&output);
    let nodes = nodes.lines().filter(|line| line.starts_with("node "));
    assert_eq!(nodes.count(), 8);
}
