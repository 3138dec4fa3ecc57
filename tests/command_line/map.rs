//! `sfl map`: who comes in, what serves what, how far each is, and that no format lets a name mean anything.

use std::collections::BTreeMap;

use crate::json_schemas::sound;
use serde_json::Value;

use super::folder::{err, folder, out, run};

const SHOP: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  ShopApi: { Type: AWS::Serverless::HttpApi }
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      Environment: { Variables: { TABLE: !Ref Orders, QUEUE: !Ref Mails } }
      Events:
        Api: { Type: HttpApi, Properties: { ApiId: !Ref ShopApi, Path: /, Method: POST } }
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [], AttributeDefinitions: [] }
  Mails: { Type: AWS::SQS::Queue }
  SendMail:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      Role: !GetAtt SendRole.Arn
      Events:
        Q: { Type: SQS, Properties: { Queue: !GetAtt Mails.Arn } }
  SendRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: read
          PolicyDocument: { Statement: [{ Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Orders.Arn }] }
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets: [{ Id: a, Arn: !GetAtt Report.Arn }]
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      Environment: { Variables: { HOST: !GetAtt Db.Endpoint.Address } }
  Db:
    Type: AWS::RDS::DBInstance
    Properties: { Engine: postgres, EngineVersion: "16.3", DBInstanceClass: db.t3.micro }
  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Lb
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Tg }]
  Tg: { Type: AWS::ElasticLoadBalancingV2::TargetGroup }
  Web:
    Type: AWS::AutoScaling::AutoScalingGroup
    Metadata:
      sfl: { because: licence, reason: the vendor binds its licence to the machine, expires: 2027-06-30 }
    Properties:
      TargetGroupARNs: [!Ref Tg]
      MinSize: "1"
      MaxSize: "2"
      LaunchTemplate: { LaunchTemplateId: !Ref Lt, Version: 1 }
  Lt:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData: { ImageId: ami-1, UserData: "x", InstanceType: c5.large }
  Backoffice:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Scheme: internal }
"#;

fn map(text: &str, more: &[&str]) -> Value {
    let here = folder(&[("shop.yaml", text)]);
    let mut arguments = vec!["map", "--format", "json", "shop.yaml"];
    arguments.extend(more);
    let output = run(here.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    sound(
        &out(&output),
        include_str!("../../docs/sfl-map-1.schema.json"),
    )
}

fn texts(values: &Value) -> Vec<&str> {
    let values = values.as_array().expect("a list").iter();
    values.map(|one| one.as_str().expect("a text")).collect()
}

fn doors(map: &Value) -> BTreeMap<&str, Vec<&str>> {
    let anchors = map["anchors"].as_array().expect("a list").iter();
    let anchors = anchors.map(|one| (one["kind"].as_str().expect("a kind"), texts(&one["to"])));
    anchors.collect()
}

fn lines(map: &Value) -> Vec<(&str, &str, &str)> {
    let lines = map["lines"].as_array().expect("a list").iter();
    lines
        .map(|one| {
            let word = |key: &str| one[key].as_str().expect("a text");
            (word("from"), word("to"), word("strength"))
        })
        .collect()
}

fn component<'v>(map: &'v Value, name: &str) -> &'v Value {
    let all = map["components"].as_array().expect("a list");
    let found = all.iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is on no map: {map:#}"))
}

#[test]
fn who_comes_in_stands_at_the_top() {
    let map = map(SHOP, &[]);
    let doors = doors(&map);
    assert_eq!(doors["users"], ["Lb", "ShopApi"]);
    assert_eq!(doors["schedule"], ["Report"]);
    // What feeds a queue here is no other system, and what nobody is fed by is no door.
    assert_eq!(doors.get("systems"), None);
}

#[test]
fn a_line_points_from_what_is_served_to_what_it_needs() {
    let map = map(SHOP, &[]);
    let lines = lines(&map);
    for line in [
        ("ShopApi", "PlaceOrder", "strong"),
        ("PlaceOrder", "Orders", "strong"),
        ("PlaceOrder", "Mails", "strong"),
        // The event names the queue; the queue hands on.
        ("Mails", "SendMail", "strong"),
        // Only a policy of its role names the table.
        ("SendMail", "Orders", "weak"),
        ("Report", "Db", "strong"),
        // Through a listener and a target group, of which the group names the last.
        ("Lb", "Web", "strong"),
    ] {
        assert!(lines.contains(&line), "{line:?} is missing: {lines:#?}");
    }
    assert_eq!(lines.len(), 7, "{lines:#?}");
}

#[test]
fn depth_is_the_way_from_whoever_comes_in() {
    let map = map(SHOP, &[]);
    let depth = |name: &str| component(&map, name)["depth"].as_u64();
    assert_eq!(depth("ShopApi"), Some(1));
    assert_eq!(depth("PlaceOrder"), Some(2));
    assert_eq!(depth("Mails"), Some(3));
    assert_eq!(depth("SendMail"), Some(4));
    assert_eq!(depth("Report"), Some(1));
    assert_eq!(depth("Db"), Some(2));
    let seen = |name: &str| component(&map, name)["visibility"].as_f64();
    assert!(seen("ShopApi") > seen("PlaceOrder"));
}

#[test]
fn what_is_written_moves_to_the_left_within_its_rung() {
    let map = map(SHOP, &[]);
    let part = |name: &str| &component(&map, name)["parts"][0];
    let web = part("Web");
    assert_eq!(web["rung"], 4);
    assert_eq!(
        web["signs"],
        serde_json::json!(["own-image", "own-scripts"])
    );
    let at = |name: &str| part(name)["evolution"].as_f64().expect("a number");
    assert!(at("Web") < 0.4, "a server of one's own is custom-built");
    assert!(
        (0.4..0.7).contains(&at("Db")),
        "a managed instance is a product"
    );
    assert!(at("PlaceOrder") > 0.7, "a function is a commodity");
    assert_eq!(part("Db")["signs"], serde_json::json!(["pinned-version"]));
}

#[test]
fn a_fallback_moves_and_a_reason_holds_it() {
    let map = map(SHOP, &[]);
    let part = |name: &str| &component(&map, name)["parts"][0];
    let (db, web) = (part("Db"), part("Web"));
    assert_eq!((&db["open"], &db["explained"]), (&1.into(), &0.into()));
    assert!(db["movement"]["evolution"].as_f64() > db["evolution"].as_f64());
    let up = db["movement"]["up"].as_str().expect("a way up");
    assert!(up.contains("Aurora"), "{up}");
    assert!(
        !db["movement"]["warning"].is_null(),
        "data has to move: {db:#}"
    );
    assert_eq!((&web["open"], &web["explained"]), (&0.into(), &1.into()));
    assert_eq!(web["until"], "2027-06-30");
    assert!(web["movement"].is_null());
}

#[test]
fn many_are_grouped_and_a_ladder_holds_its_rungs() {
    let all = map(SHOP, &["--group", "ladder"]);
    let compute = component(&all, "compute");
    let rungs: Vec<(u64, usize)> = compute["parts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|part| {
            (
                part["rung"].as_u64().unwrap_or(0),
                part["decisions"].as_array().map_or(0, Vec::len),
            )
        })
        .collect();
    assert_eq!(rungs, [(4, 1), (1, 3)]);
    assert_eq!(doors(&all)["users"], ["ingress"]);

    let functions: String = (0..60)
        .map(|at| format!("  F{at}: {{ Type: AWS::Lambda::Function, Properties: {{ Code: {{}}, Role: x }} }}\n"))
        .collect();
    let many = map(&format!("Resources:\n{functions}"), &[]);
    assert_eq!(many["grouping"], "stack");
    assert_eq!(
        component(&many, "compute · shop.yaml")["parts"][0]["decisions"]
            .as_array()
            .map(Vec::len),
        Some(60)
    );
}

#[test]
fn nothing_in_a_name_means_anything() {
    let hostile = r#"
Resources:
  Web:
    Type: AWS::EC2::Instance
    Metadata: { "aws:cdk:path": "</text><script>alert(1)</script>\u001b]0;x\u0007/pipeline {evolve}->//\"x\"\n::error::/Resource" }
"#;
    let here = folder(&[("shop.yaml", hostile)]);
    for format in ["svg", "owm", "mermaid", "json", "dot"] {
        let output = run(here.path(), &["map", "--format", format, "shop.yaml"]);
        let text = out(&output);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", err(&output));
        // Where markup means something; quotes hold it elsewhere.
        assert!(
            format != "svg" || !text.contains("<script"),
            "{format}: {text}"
        );
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{format}: {text}");
        assert!(
            text.lines()
                .all(|line| !line.trim_start().starts_with("::error")),
            "{format}: {text}"
        );
    }
    let owm = out(&run(here.path(), &["map", "--format", "owm", "shop.yaml"]));
    let component = owm.lines().find(|line| line.starts_with("component "));
    let name = component
        .and_then(|line| line.rsplit_once(" ["))
        .expect("it is there")
        .0;
    assert!(
        !name.contains(['{', '}', '[', ']', '"', '<', '/']) && !name.contains("->"),
        "{name}"
    );
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_drawn() {
    let here = folder(&[
        ("a.yaml", SHOP),
        ("b.yaml", "Resources:\n  A: {Type: AWS::S3::Bucket\n"),
    ]);
    let output = run(here.path(), &["map", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("b.yaml"), "{}", err(&output));
    assert!(out(&output).contains(">PlaceOrder</text>"));
}

#[test]
fn streams_have_anchors_and_targets_stand_at_the_head() {
    let settings = r#"
[purpose]
north-star = "customers order and pay"
[[purpose.stream]]
name = "checkout"
owner = "@shop/checkout"
paths = ["shop.yaml"]
[[purpose.target]]
score = 80
ladder = "compute"
by = 2030-06-30
"#;
    let other = "Resources:\n  Hooks: { Type: AWS::Serverless::HttpApi }\n";
    let files = [
        ("sfl.toml", settings),
        ("shop.yaml", SHOP),
        ("other.yaml", other),
    ];
    let here = folder(&files);
    let draw = |arguments: &[&str]| {
        let mut all = vec!["map"];
        all.extend(arguments);
        let output = run(here.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        out(&output)
    };
    let picture = draw(&[]);
    assert!(
        picture.contains(">customers order and pay</text>"),
        "{picture}"
    );
    assert!(
        picture.contains(">compute 75 of 80 by 2030-06-30, 1 decision short</text>"),
        "{picture}"
    );
    assert!(picture.contains(">Users of checkout</text>") && picture.contains(">Users</text>"));
    let part: Value =
        serde_json::from_str(&draw(&["--format", "json", "--stream", "checkout"])).expect("JSON");
    let names: Vec<&str> = part["components"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert!(
        names.contains(&"Web") && !names.contains(&"Hooks"),
        "{names:?}"
    );
    assert_eq!(
        part["components"][0]["parts"][0]["decisions"][0]["owner"],
        "@shop/checkout"
    );
    let none = run(here.path(), &["map", "--owner", "@nobody"]);
    assert!(err(&none).contains("no decision fits"), "{}", err(&none));
}

#[test]
fn what_several_share_makes_no_line_between_them() {
    let map = map(
        r#"
Resources:
  Cl: { Type: AWS::ECS::Cluster }
  Old: { Type: AWS::ECS::Service, Properties: { Cluster: !Ref Cl, LaunchType: FARGATE } }
  New: { Type: AWS::ECS::Service, Properties: { Cluster: !Ref Cl, LaunchType: FARGATE } }
  Subnets: { Type: AWS::RDS::DBSubnetGroup, Properties: { SubnetIds: [a, b] } }
  A: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres, DBSubnetGroupName: !Ref Subnets } }
  B: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres, DBSubnetGroupName: !Ref Subnets } }
"#,
        &[],
    );
    assert_eq!(lines(&map), []);
    assert_eq!(component(&map, "New")["depth"], 1);
}

fn placed(settings: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let here = folder(&[("sfl.toml", settings), ("shop.yaml", SHOP)]);
    let mut all = vec!["map"];
    all.extend(arguments);
    let output = run(here.path(), &all);
    (output.status.code(), out(&output), err(&output))
}

#[test]
fn a_person_may_place_a_component() {
    let settings = r#"
[[map.place]]
address = "W*"
path = "*.yaml"
evolution = 0.55
[[map.place]]
component = "Db"
visibility = 0.2
label = "the old books"
[[map.place]]
address = "Mails"
hidden = true
[[map.place]]
address = "Nothing"
evolution = 0
"#;
    let (code, text, said) = placed(settings, &["--format", "json"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        said,
        "note: sfl.toml:13: [[map.place]] fits nothing on this map\n"
    );
    let map = crate::map_moved::checked(&text);
    let web = component(&map, "Web");
    assert_eq!(web["parts"][0]["evolution"], 0.55);
    assert_eq!(web["parts"][0]["placed"], true);
    assert_eq!(
        (&web["placed"]["path"], &web["placed"]["line"]),
        (&"sfl.toml".into(), &2.into())
    );
    let books = component(&map, "the old books");
    assert_eq!(books["visibility"], 0.2);
    assert!(
        books["depth"].as_u64() > Some(2),
        "it stands lower: {books:#}"
    );
    assert!(
        books["parts"][0].get("placed").is_none(),
        "only its height is by hand"
    );
    // What is hidden hands on.
    let lines = lines(&map);
    assert!(
        lines.contains(&("PlaceOrder", "SendMail", "strong")),
        "{lines:#?}"
    );
    assert!(!text.contains("\"Mails\""), "{text}");
    let (_, svg, _) = placed(settings, &[]);
    assert!(svg.contains("placed by hand (sfl.toml:2)"), "{svg}");
    assert_eq!(
        svg.matches("class=\"by-hand\"").count(),
        3,
        "two and the legend"
    );
    let (_, owm, _) = placed(settings, &["--format", "owm"]);
    assert!(owm.contains("\ncomponent The old books [0.20, "), "{owm}");
    let (_, rest, _) = placed(settings, &["--path", "nowhere/**"]);
    assert!(!rest.contains("fits nothing"), "{rest}");
}

#[test]
fn a_faulty_place_is_an_error_where_it_stands() {
    for (entry, wrong) in [
        (
            "evolution = 0.5",
            "needs an `address`, a `path` or a `component`",
        ),
        (
            "address = \"A\"",
            "needs an `evolution`, a `visibility`, a `label` or `hidden`",
        ),
        (
            "address = \"A\"\nevolution = 1.5",
            "`evolution` needs a number from 0 to 1",
        ),
        (
            "address = \"A\"\nvisibility = \"high\"",
            "`visibility` needs a number from 0 to 1",
        ),
        (
            "address = \"A\"\nlabel = \" \"",
            "`label` needs 1 to 80 characters",
        ),
        (
            "component = \"A\"\nhidden = true",
            "`hidden` needs an `address` or a `path`",
        ),
        (
            "component = \"A\"\npath = \"a\"\nlabel = \"b\"",
            "`component` names it already",
        ),
        ("path = \"{a\"\nevolution = 0.1", "is not a glob"),
        ("adress = \"A\"\nevolution = 0.1", "has no key `adress`"),
    ] {
        let (code, text, said) = placed(&format!("[[map.place]]\n{entry}\n"), &[]);
        assert_eq!((code, text.as_str()), (Some(2), ""), "{entry}");
        assert!(said.contains(wrong), "{entry}: {said}");
    }
}

#[test]
fn the_arrow_ends_where_its_words_lead() {
    let map = map(
        r#"
Resources:
  Web: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1 } }
  Cache: { Type: AWS::ElastiCache::CacheCluster, Properties: { Engine: redis, CacheNodeType: cache.t3.micro, NumCacheNodes: 1 } }
  Host: { Type: AWS::EC2::Host, Properties: { AvailabilityZone: a, InstanceType: c5.large } }
"#,
        &[],
    );
    let to = |name: &str| &component(&map, name)["parts"][0]["movement"];
    // Not the next rung, which is a cluster of one's own.
    assert!(
        to("Web")["up"]
            .as_str()
            .is_some_and(|up| up.starts_with("ECS on Fargate"))
    );
    assert_eq!(to("Web")["rung"], 2);
    assert_eq!(to("Cache")["rung"], 1);
    // What to take is a server, too: no arrow, and words all the same.
    assert_eq!(to("Host")["rung"], 4);
    let here = folder(&[(
        "a.yaml",
        "Resources:\n  Host: { Type: AWS::EC2::Host, Properties: { AvailabilityZone: a } }\n",
    )]);
    let svg = out(&run(here.path(), &["map"]));
    assert_eq!(svg.matches("class=\"tip\"").count(), 1, "the legend only");
    assert!(
        svg.contains("way up: instances on shared hardware"),
        "{svg}"
    );
}

#[test]
fn a_name_that_a_rule_knows_makes_a_line() {
    let named = |name: &str| {
        format!(
            r#"
Resources:
  Queue: {{ Type: AWS::SQS::Queue }}
  Work: {{ Type: AWS::Lambda::Function, Properties: {{ FunctionName: ship-orders, Code: {{}}, Role: x }} }}
  Other: {{ Type: AWS::Lambda::Function, Properties: {{ Code: {{}}, Role: x, Environment: {{ Variables: {{ A: ship-orders }} }} }} }}
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{ FunctionName: {name}, EventSourceArn: !GetAtt Queue.Arn }}
"#
        )
    };
    let known = map(&named("ship-orders"), &[]);
    assert_eq!(lines(&known), [("Queue", "Work", "strong")]);
    let unknown = map(&named("ship-order"), &[]);
    assert_eq!(lines(&unknown), []);
}
