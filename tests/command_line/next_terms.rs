//! `sfl next`: the terms of the value that come from the purpose, and from what ends, each beside a neighbour without them.

use serde_json::Value;

use super::next::{action, actions, names, next};

const TABLE: &str = "Resources:\n  NAME: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PROVISIONED } }\n";
const HOST: &str =
    "Resources:\n  NAME: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1 } }\n";

fn called(text: &str, name: &str) -> String {
    text.replace("NAME", name)
}

/// The actions about each address, although another one speaks for them.
fn each(files: &[(&str, &str)], path: &str) -> Value {
    next(files, &["--limit", "50", "--path", path])
}

fn points(one: &Value, name: &str) -> Option<f64> {
    let terms = one["value"].as_array().expect("a list").iter();
    let mut terms = terms.filter(|term| term["name"] == name);
    terms
        .next()
        .map(|term| term["points"].as_f64().expect("a number"))
}

#[test]
fn what_serves_a_stream_with_a_name_has_a_point() {
    let streams = "[[purpose.stream]]\nname = \"books\"\npaths = \"books\"\n";
    let (one, other) = (called(TABLE, "One"), called(TABLE, "Other"));
    let files = [
        ("sfl.toml", streams),
        ("books/a.yaml", &one),
        ("else/a.yaml", &other),
    ];
    let books = each(&files, "books");
    let one = action(&books, "One");
    assert_eq!(points(one, "stream"), Some(1.0), "{one:#}");
    let says = one["value"].as_array().expect("a list").iter();
    let mut says = says.filter_map(|term| term["says"].as_str());
    assert!(says.any(|says| says == "it serves books"), "{one:#}");
    let others = each(&files, "else");
    assert_eq!(points(action(&others, "Other"), "stream"), None);
}

#[test]
fn a_target_is_moved_only_by_what_it_is_about() {
    let targets = "\
[[purpose.stream]]
name = \"books\"
paths = \"books\"

[[purpose.target]]
stream = \"books\"
score = 100
by = 2027-06-30

[[purpose.target]]
ladder = \"compute\"
score = 90
by = 2027-06-30
";
    let (table, host) = (called(TABLE, "Table"), called(HOST, "Host"));
    let (again, far) = (called(TABLE, "Again"), called(TABLE, "Far"));
    let files = [
        ("sfl.toml", targets),
        ("books/table.yaml", &*table),
        ("books/again.yaml", &again),
        ("else/host.yaml", &host),
        ("far/table.yaml", &far),
    ];
    // One of two tables of the stream moves its target, and does not reach it.
    let books = each(&files, "books/table.yaml");
    let one = action(&books, "Table");
    assert_eq!(points(one, "target"), Some(1.0), "{one:#}");
    assert_eq!(points(one, "closes"), None);
    // A table of no stream is about neither.
    let far = each(&files, "far");
    let one = action(&far, "Far");
    assert_eq!((points(one, "target"), points(one, "closes")), (None, None));
    // The only machine reaches the target of its ladder if its way up leads high enough, else it moves it.
    let machines = each(&files, "else");
    let one = action(&machines, "Host");
    let moved = (points(one, "target"), points(one, "closes"));
    assert!(
        matches!(moved, (Some(_), None) | (None, Some(_))),
        "{one:#}"
    );
}

#[test]
fn what_reaches_a_target_alone_is_worth_more_than_what_moves_it() {
    let targets = |score: u32| {
        format!("[[purpose.target]]\nladder = \"nosql\"\nscore = {score}\nby = 2027-06-30\n")
    };
    let (one, other) = (called(TABLE, "One"), called(TABLE, "Other"));
    let of = |config: &str| {
        let files = [("sfl.toml", config), ("a.yaml", &*one), ("b.yaml", &other)];
        let found = each(&files, "a.yaml");
        let one = action(&found, "One");
        (points(one, "target"), points(one, "closes"))
    };
    // Of two tables, one on demand is the half of the way from rung 2 to rung 1.
    assert_eq!(of(&targets(100)), (Some(1.0), None));
    assert_eq!(of(&targets(80)), (None, Some(3.0)));
    // A target that is reached asks for nothing more.
    assert_eq!(of(&targets(1)), (None, None));
    assert_eq!(of(""), (None, None));
}

const NODES: &str = "
Resources:
  Cluster: { Type: AWS::EKS::Cluster, Properties: { RoleArn: a, ResourcesVpcConfig: { SubnetIds: [s] } } }
  Nodes:
    Type: AWS::EKS::Nodegroup
    Properties: { ClusterName: !Ref Cluster, NodeRole: r, Subnets: [s], AmiType: IMAGE }
";

#[test]
fn nodes_whose_image_has_ended_are_left_before_the_cluster_is() {
    let found = next(&[("a.yaml", &NODES.replace("IMAGE", "AL2_x86_64"))], &[]);
    let all: Vec<(&Value, &Value)> = actions(&found)
        .iter()
        .map(|one| (&one["aim"], &one["decisions"][0]["address"]))
        .collect();
    assert_eq!(
        all,
        [
            (&"leave".into(), &"Cluster".into()),
            (&"climb".into(), &"Cluster".into())
        ],
        "{found:#}"
    );
    let (leave, climb) = (&actions(&found)[0], &actions(&found)[1]);
    assert_eq!(points(leave, "unsupported"), Some(12.0));
    assert!(
        leave["what"]
            .as_str()
            .is_some_and(|what| what.starts_with("Amazon Linux 2023 or Bottlerocket")),
        "{leave:#}"
    );
    // What a smaller step does is no reason for the bigger one.
    assert!(
        !names(&climb["value"]).contains(&"unsupported"),
        "{climb:#}"
    );
    for image in ["AL2023_x86_64_STANDARD", "BOTTLEROCKET_x86_64", "CUSTOM"] {
        let found = next(&[("a.yaml", &NODES.replace("IMAGE", image))], &[]);
        let aims: Vec<&Value> = actions(&found).iter().map(|one| &one["aim"]).collect();
        assert_eq!(aims, ["climb"], "{image}: {found:#}");
    }
}

/// Where the whole service ends, climbing is leaving, and there is one action for it.
#[test]
fn what_ends_as_a_whole_is_left_by_its_climb() {
    let text = "Resources:\n  Web: { Type: AWS::OpsWorks::Instance, Properties: { StackId: s, LayerIds: [l], InstanceType: m5.large } }\n";
    let found = next(&[("a.yaml", text)], &[]);
    let aims: Vec<&Value> = actions(&found).iter().map(|one| &one["aim"]).collect();
    assert_eq!(aims, ["climb"], "{found:#}");
    assert_eq!(points(&actions(&found)[0], "ended"), Some(60.0));
}
