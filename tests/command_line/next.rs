//! `sfl next`: what comes first in shapes of real stacks, what is one action, what an obstacle does, and that the sums are sums.

use crate::json_schemas::sound;
use serde_json::Value;

use super::folder::{err, folder, out, run};

const TODAY: [&str; 2] = ["--today", "2026-11-30"];

pub fn next(files: &[(&str, &str)], more: &[&str]) -> Value {
    let here = folder(files);
    let mut arguments = vec!["next", "--format", "json"];
    arguments.extend(TODAY);
    arguments.extend(more);
    let output = run(here.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    sound(
        &out(&output),
        include_str!("../../docs/sfl-next-1.schema.json"),
    )
}

pub fn actions(found: &Value) -> &Vec<Value> {
    found["actions"].as_array().expect("a list")
}

/// What the actions are about, the best first.
fn order(found: &Value) -> Vec<&str> {
    let all = actions(found).iter();
    all.map(|one| one["decisions"][0]["address"].as_str().expect("a text"))
        .collect()
}

pub fn action<'v>(found: &'v Value, address: &str) -> &'v Value {
    let mut all = actions(found).iter();
    let is_it = |one: &&Value| one["decisions"][0]["address"] == address;
    all.find(is_it)
        .unwrap_or_else(|| panic!("{address} is no action: {found:#}"))
}

pub fn names(values: &Value) -> Vec<&str> {
    let values = values.as_array().expect("a list").iter();
    values
        .map(|one| one["name"].as_str().expect("a name"))
        .collect()
}

fn points(terms: &Value) -> f64 {
    let terms = terms.as_array().expect("a list").iter();
    terms
        .map(|one| one["points"].as_f64().expect("a number"))
        .sum()
}

/// An event pipeline: a table before the users, a stream behind it.
const PIPELINE: &str = r#"
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: HTTP, Target: !GetAtt Take.Arn } }
  Take:
    Type: AWS::Lambda::Function
    Properties: { Code: {}, Role: r, Environment: { Variables: { TABLE: !Ref Orders } } }
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: []
      AttributeDefinitions: []
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }
      KinesisStreamSpecification: { StreamArn: !GetAtt Changes.Arn }
  Changes: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
"#;

#[test]
fn a_table_comes_before_a_stream_whose_bill_can_surprise() {
    let found = next(&[("a.yaml", PIPELINE)], &[]);
    assert_eq!(order(&found), ["Orders", "Changes"]);
    let table = action(&found, "Orders");
    assert_eq!((&table["rung"], &table["to"]), (&2.into(), &1.into()));
    assert_eq!(table["step"], "property");
    assert_eq!(table["relieves"][0], "scaling");
    let stream = action(&found, "Changes");
    assert!(names(&stream["effort"]).contains(&"bill"));
    assert_eq!(stream["bills"][0]["name"], "kinesis-on-demand");
}

/// Three tiers on machines, with a database behind them and a helper that nobody needs.
const TIERS: &str = r#"
Resources:
  Lb: { Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: { Listeners: [] } }
  Inner: { Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: { Listeners: [], Scheme: internal } }
  Web:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: { MinSize: "2", MaxSize: "4", LoadBalancerNames: [!Ref Lb], LaunchConfigurationName: !Ref WebLc }
  WebLc:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties: { ImageId: ami-1, InstanceType: m5.large, UserData: !Ref Inner }
  App:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: { MinSize: "2", MaxSize: "4", LoadBalancerNames: [!Ref Inner], LaunchConfigurationName: !Ref AppLc }
  AppLc:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties: { ImageId: ami-1, InstanceType: m5.large, UserData: !Sub "db ${Db.Endpoint.Address}" }
  Setup: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, InstanceType: t3.micro } }
  Db:
    Type: AWS::RDS::DBInstance
    Properties: { Engine: mysql, EngineVersion: "8.0", DBInstanceClass: db.m5.large, DeletionProtection: true }
"#;

#[test]
fn of_three_tiers_the_database_comes_last() {
    let found = next(&[("a.yaml", TIERS)], &[]);
    assert_eq!(order(&found), ["Web", "Setup", "Db"]);
    // The second tier is of the same kind as the first.
    assert_eq!(action(&found, "Web")["like"][0]["address"], "App");
    let db = action(&found, "Db");
    assert_eq!(db["data"], "copied");
    for term in ["resource", "copied", "guard", "alone", "bill"] {
        assert!(names(&db["effort"]).contains(&term), "{term}: {db:#}");
    }
}

const HOSTED: &str = r#"
Resources:
  Cluster: { Type: AWS::ECS::Cluster }
  Providers:
    Type: AWS::ECS::ClusterCapacityProviderAssociations
    Properties: { Cluster: other, CapacityProviders: [!Ref Nodes], DefaultCapacityProviderStrategy: [] }
  Nodes: { Type: AWS::ECS::CapacityProvider, Properties: { AutoScalingGroupProvider: { AutoScalingGroupArn: a } } }
  Plain: { Type: AWS::ECS::Service, Properties: { Cluster: !Ref Cluster, LaunchType: EC2, TaskDefinition: !Ref PlainTask } }
  PlainTask: { Type: AWS::ECS::TaskDefinition, Properties: { NetworkMode: awsvpc, Cpu: "32768", ContainerDefinitions: [{ Name: a }] } }
"#;

#[test]
fn what_runs_on_nodes_comes_before_the_nodes() {
    let found = next(&[("a.yaml", HOSTED)], &[]);
    assert_eq!(order(&found)[0], "Plain", "{found:#}");
    // The limit itself is no obstacle.
    assert_eq!(
        action(&found, "Plain")["obstacles"],
        Value::Array(Vec::new())
    );
}

/// A service whose task says this of itself.
fn task(says: &str) -> String {
    format!(
        "Resources:\n  S: {{ Type: AWS::ECS::Service, Properties: {{ LaunchType: EC2, TaskDefinition: !Ref T }} }}\n  \
         T: {{ Type: AWS::ECS::TaskDefinition, Properties: {{ {says} }} }}\n"
    )
}

#[test]
fn what_a_template_speaks_against_comes_first_and_ranks_lower() {
    let plain = next(&[("a.yaml", &task("NetworkMode: awsvpc"))], &[]);
    let best = action(&plain, "S")["score"].as_f64().expect("a number");
    for (says, obstacle) in [
        (
            "ContainerDefinitions: [{ ResourceRequirements: [{ Type: GPU, Value: '1' }] }]",
            "gpu",
        ),
        ("ContainerDefinitions: [{ Privileged: true }]", "privileged"),
        (
            "Volumes: [{ Host: { SourcePath: /var/run } }]",
            "host-files",
        ),
        ("Cpu: '32769'", "task-cpu"),
        ("Memory: '300000'", "task-memory"),
    ] {
        let found = next(&[("a.yaml", &task(says))], &[]);
        let one = action(&found, "S");
        assert_eq!(names(&one["obstacles"]), [obstacle], "{says}");
        assert_eq!(one["obstacles"][0]["line"], 3);
        let score = one["score"].as_f64().expect("a number");
        assert!(score < best / 4.0, "{says}: {score}");
        let shown = run(
            folder(&[("a.yaml", &task(says))]).path(),
            &["next", "--today", "2026-11-30"],
        );
        let shown = out(&shown);
        let place = |word: &str| {
            shown
                .find(word)
                .unwrap_or_else(|| panic!("{word}: {shown}"))
        };
        assert!(place("   but ") < place("   do "), "{shown}");
    }
    // Its neighbours speak of nothing.
    for says in [
        "ContainerDefinitions: [{ Privileged: false }]",
        "ContainerDefinitions: [{ ResourceRequirements: [{ Type: InferenceAccelerator, Value: a }] }]",
        "Volumes: [{ Name: a, EFSVolumeConfiguration: { FilesystemId: fs-1 } }]",
        "Cpu: !Ref AWS::NoValue",
        "Cpu: .5 vCPU",
    ] {
        let found = next(&[("a.yaml", &task(says))], &[]);
        assert_eq!(
            names(&action(&found, "S")["obstacles"]),
            Vec::<&str>::new(),
            "{says}"
        );
    }
}

#[test]
fn terraform_speaks_against_it_in_its_own_words() {
    let text = r#"
resource "aws_ecs_service" "s" {
  launch_type     = "EC2"
  task_definition = aws_ecs_task_definition.t.arn
}
resource "aws_ecs_task_definition" "t" {
  family                = "a"
  container_definitions = jsonencode([{ name = "a", privileged = true }])
}
"#;
    let found = next(&[("a.tf", text)], &[]);
    assert_eq!(
        names(&action(&found, "aws_ecs_service.s")["obstacles"]),
        ["privileged"]
    );
}

#[test]
fn what_one_place_decides_is_one_action() {
    let globals = r#"
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { AutoPublishAlias: live, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 } } }
Resources:
  A: { Type: AWS::Serverless::Function, Properties: { Handler: a, Runtime: python3.13 } }
  B: { Type: AWS::Serverless::Function, Properties: { Handler: a, Runtime: python3.13 } }
  C:
    Type: AWS::Serverless::Function
    Properties: { Handler: a, Runtime: python3.13, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } }
"#;
    let found = next(&[("a.yaml", globals)], &[]);
    let both = action(&found, "A");
    assert_eq!(
        both["decisions"].as_array().map(Vec::len),
        Some(2),
        "{found:#}"
    );
    assert_eq!(both["place"]["line"], 3);
    assert_eq!(both["like"][0]["address"], "C");
    let parameter = r#"
Parameters: { Mode: { Type: String, Default: PROVISIONED }, Env: { Type: String, Default: prod } }
Conditions: { Prod: !Equals [!Ref Env, prod] }
Resources:
  A: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: !Ref Mode } }
  B: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: !Ref Mode } }
  C: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: !If [Prod, PROVISIONED, PAY_PER_REQUEST] } }
  D: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: !If [Prod, PROVISIONED, PAY_PER_REQUEST] } }
"#;
    let found = next(&[("a.yaml", parameter)], &[]);
    let both = action(&found, "A");
    assert_eq!(both["decisions"][1]["address"], "B");
    assert_eq!(
        (&both["place"]["line"], &both["decided_by"]),
        (&2.into(), &"`Mode` is `PROVISIONED` by default".into())
    );
    // That an environment is one of production is nothing to change for a table.
    let like = both["like"].as_array().expect("a list");
    assert_eq!(like.len(), 2, "{found:#}");
}

#[test]
fn a_module_that_is_called_twice_is_changed_once() {
    let module = "variable \"mode\" { default = \"PROVISIONED\" }\nresource \"aws_dynamodb_table\" \"t\" {\n  billing_mode = var.mode\n}\n";
    let calls = "module \"a\" { source = \"./m\" }\nmodule \"b\" { source = \"./m\" }\n";
    let found = next(&[("main.tf", calls), ("m/main.tf", module)], &[]);
    let one = &actions(&found)[0];
    assert_eq!(
        one["decisions"].as_array().map(Vec::len),
        Some(2),
        "{found:#}"
    );
    assert_eq!(one["place"]["path"], "m/main.tf");
    // Which of the two decides is not seen, so both are named.
    let decided = one["decided_by"].as_str().expect("a text");
    assert!(
        decided.starts_with("`billing_mode = var.mode`: "),
        "{decided}"
    );
    let fixed = "resource \"aws_dynamodb_table\" \"t\" {\n  billing_mode = \"PROVISIONED\"\n}\n";
    let found = next(&[("main.tf", calls), ("m/main.tf", fixed)], &[]);
    assert_eq!(actions(&found)[0]["decided_by"], Value::Null);
}

#[test]
fn the_sums_are_sums() {
    let found = next(
        &[("a.yaml", TIERS), ("b.yaml", PIPELINE)],
        &["--limit", "50"],
    );
    assert!(actions(&found).len() > 4);
    let mut last = f64::INFINITY;
    for one in actions(&found) {
        let trust = one["trust"].as_array().expect("a list").iter();
        let trust: f64 = trust
            .map(|one| one["by"].as_f64().expect("a number"))
            .product();
        let score = one["score"].as_f64().expect("a number");
        let sum = points(&one["value"]) / points(&one["effort"]) * trust;
        assert!((score - sum).abs() < 0.01, "{one:#}");
        assert!(score <= last);
        last = score;
    }
}

#[test]
fn a_reason_leaves_a_fallback_alone_until_it_ends() {
    let explained = |end: &str| {
        format!(
            "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: {{ because: licence, reason: \"the vendor binds its licence to the machine\", expires: {end} }}\n    Properties: {{ ImageId: a }}\n"
        )
    };
    let far = next(&[("a.yaml", &explained("2027-11-30"))], &[]);
    assert_eq!(order(&far), Vec::<&str>::new());
    let soon = next(&[("a.yaml", &explained("2026-12-10"))], &[]);
    let one = action(&soon, "Web");
    assert_eq!(
        (&one["aim"], &one["place"]["line"]),
        (&"decide".into(), &5.into())
    );
    let over = next(&[("a.yaml", &explained("2026-11-10"))], &[]);
    let one = action(&over, "Web");
    assert_eq!(one["aim"], "climb");
    assert!(names(&one["value"]).contains(&"reason-ended"), "{one:#}");
}

#[test]
fn what_has_ended_comes_before_everything_that_costs_a_property() {
    let ended = "Resources:\n  Store: { Type: AWS::IoTAnalytics::Datastore }\n";
    let found = next(&[("a.yaml", PIPELINE), ("b.yaml", ended)], &[]);
    assert_eq!(order(&found)[0], "Store", "{found:#}");
    assert_eq!(action(&found, "Store")["aim"], "leave");
}

#[test]
fn doubt_and_conditions_rank_lower() {
    let text = r#"
Parameters: { Env: { Type: String } }
Conditions: { Prod: !Equals [!Ref Env, prod] }
Resources:
  A: { Type: AWS::DynamoDB::Table, Condition: Prod, Properties: { BillingMode: PROVISIONED } }
  B: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PROVISIONED } }
"#;
    let found = next(&[("a.yaml", text)], &[]);
    assert_eq!(order(&found), ["B"]);
    let like = &action(&found, "B")["like"][0];
    assert_eq!(like["address"], "A");
    assert!(like["score"].as_f64() < action(&found, "B")["score"].as_f64());
}

#[test]
fn a_team_sets_its_own_weights() {
    let weights = "[next.effort]\nproperty = 100.5\n[next.duties]\nidle = 0\n";
    let found = next(&[("sfl.toml", weights), ("a.yaml", PIPELINE)], &[]);
    let one = action(&found, "Orders");
    assert_eq!(one["effort"][0]["points"], 100.5);
    assert!(!names(&one["value"]).contains(&"idle"), "{one:#}");
    assert_eq!(found["weights"]["duties"]["idle"], 0.0);
    for (wrong, message) in [
        (
            "[next.effort]\nproperty = -1\n",
            "`property` needs a number from 0 to 1000",
        ),
        (
            "[next.effort]\nproperty = \"1\"\n",
            "`property` needs a number from 0 to 1000",
        ),
        (
            "[next.effort]\nproperty = nan\n",
            "`property` needs a number from 0 to 1000",
        ),
        (
            "[next.trust]\nuncertain = 2\n",
            "`uncertain` needs a number from 0 to 1",
        ),
        ("[next.effort]\nwishes = 1\n", "wishes"),
        ("[next]\nwishes = {}\n", "wishes"),
    ] {
        let here = folder(&[("sfl.toml", wrong), ("a.yaml", PIPELINE)]);
        let output = run(here.path(), &["next"]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(err(&output).contains(message), "{wrong}: {}", err(&output));
    }
}

#[test]
fn only_what_is_asked_for_is_shown_and_all_of_it_is_seen() {
    let files = [("one/a.yaml", PIPELINE), ("two/b.yaml", TIERS)];
    let found = next(&files, &["--path", "one"]);
    assert_eq!(order(&found), ["Orders", "Changes"]);
    let found = next(&files, &["--path", "two/*.yaml", "--limit", "1"]);
    assert_eq!(order(&found), ["Web"]);
    assert_eq!(found["rest"], 2);
    let owners = [("CODEOWNERS", "/one/ @team-a\n"), files[0], files[1]];
    let found = next(&owners, &["--owner", "@team-a"]);
    assert_eq!(order(&found), ["Orders", "Changes"]);
}

#[test]
fn people_read_the_one_thing_to_do_today_first() {
    let here = folder(&[("a.yaml", PIPELINE)]);
    let shown = out(&run(here.path(), &["next", "--today", "2026-11-30", "-v"]));
    assert!(
        shown.starts_with("today: Orders: the billing mode PAY_PER_REQUEST"),
        "{shown}"
    );
    for word in [
        "why now",
        "check first",
        "no longer yours",
        "to undo",
        "value",
        "effort",
        "score",
    ] {
        assert!(shown.contains(&format!("   {word}")), "{word}: {shown}");
    }
    let page = out(&run(
        here.path(),
        &["next", "--today", "2026-11-30", "--format", "markdown"],
    ));
    assert!(page.contains("**Today: Orders**"), "{page}");
    let nothing = folder(&[("a.yaml", "Resources:\n  Q: { Type: AWS::SQS::Queue }\n")]);
    let shown = out(&run(nothing.path(), &["next"]));
    assert!(shown.starts_with("nothing is left to do"), "{shown}");
}

#[test]
fn nothing_that_a_template_says_means_anything_where_it_is_shown() {
    let wild = "Resources:\n  \"A\\e[31m<b>|`x`\":\n    Type: AWS::DynamoDB::Table\n    Properties: { BillingMode: PROVISIONED }\n";
    let here = folder(&[("a.yaml", wild)]);
    let shown = out(&run(here.path(), &["next"]));
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
    let page = out(&run(here.path(), &["next", "--format", "markdown"]));
    assert!(!page.contains('\u{1b}'), "{page:?}");
    // In the block of its change, it is text as it is written.
    let (words, block) = page.split_once("```diff\n").expect("it has a change");
    let (block, rest) = block.split_once("     ```\n").expect("it ends");
    assert!(block.contains("[31m<b>|`x`"), "{page:?}");
    assert!(!words.contains("<b>") && !rest.contains("<b>"), "{page:?}");
}

#[test]
fn what_somebody_wrote_for_a_machine_goes_with_it() {
    let text = r#"
Resources:
  Web:
    Type: AWS::EC2::Instance
    Metadata:
      AWS::CloudFormation::Init:
        config: { packages: { yum: { httpd: [] } } }
    Properties:
      ImageId: ami-1
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash

          yum install -y httpd
          echo ${AWS::Region}
  Bare: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1 } }
"#;
    let found = next(&[("a.yaml", text)], &[]);
    let web = action(&found, "Web");
    let goes = web["goes"].as_array().expect("a list");
    let says: Vec<&str> = goes.iter().filter_map(|one| one["says"].as_str()).collect();
    assert_eq!(says, ["user data", "cfn-init", "custom image"], "{web:#}");
    assert_eq!(
        (&goes[0]["lines"], &goes[0]["line"]),
        (&3.into(), &10.into())
    );
    let bare = next(
        &[(
            "a.yaml",
            "Resources:\n  Bare: { Type: AWS::EC2::Instance }\n",
        )],
        &[],
    );
    assert_eq!(action(&bare, "Bare")["goes"], Value::Array(Vec::new()));
}

/// Where the change is in what belongs to a choice, it is that which may be made anew.
#[test]
fn whether_a_member_is_made_anew_is_looked_up_where_it_changes() {
    let rules = |property: &str| {
        format!(
            r#"extends = "compute"
[[rule]]
name = "job-service"
title = "a job service"
types = ["Acme::Jobs::Service"]
[rule.joins.pool]
rules = ["job-pool"]
through = {{ cfn = "Pool" }}
properties = {{ kind = {{ cfn = "{property}" }} }}
[[rule.case]]
rung = "cluster"
when = {{ "pool.kind" = "big" }}
says = "runs its jobs on machines of our own"
up = "a small pool"
step = "property"
data = "kept"
changes = ["pool.kind"]
[[rule.case]]
rung = "serverless"
says = "starts a worker when there is a job"
[[rule]]
name = "job-pool"
title = "a job pool"
types = ["AWS::EKS::Nodegroup"]
[[rule.of]]
rules = ["job-service"]
from = {{ cfn = "Pool" }}
"#
        )
    };
    // What the node group's type says of the property; nothing is known of the service's own.
    for (property, term, words) in [
        (
            "NodegroupName",
            Some("replaces"),
            "the provider makes it anew",
        ),
        (
            "CapacityType",
            Some("replaces"),
            "the provider makes it anew",
        ),
        ("Version", None, ""),
    ] {
        let text = format!(
            "Resources:\n  S: {{ Type: Acme::Jobs::Service, Properties: {{ Pool: !Ref P }} }}\n  P: {{ Type: AWS::EKS::Nodegroup, Properties: {{ {property}: big }} }}\n"
        );
        let found = next(
            &[
                ("sfl.toml", "[rules]\nfolders = [\"r\"]\n"),
                ("r/jobs.toml", &rules(property)),
                ("a.yaml", &text),
            ],
            &[],
        );
        let one = action(&found, "S");
        let terms = names(&one["effort"]);
        assert_eq!(
            terms.into_iter().find(|name| name.contains("replace")),
            term,
            "{property}: {one:#}"
        );
        assert!(
            words.is_empty() || one["check"].to_string().contains(words),
            "{property}: {one:#}"
        );
    }
    // A node of a database changes its class in place, and the cluster's own type has no such property.
    let nodes = "Resources:\n  Db: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-mysql, EngineVersion: 8.0.mysql_aurora.3.08.0 } }\n  One: { Type: AWS::RDS::DBInstance, Properties: { Engine: aurora-mysql, DBClusterIdentifier: !Ref Db, DBInstanceClass: db.t4g.medium } }\n";
    let found = next(&[("a.yaml", nodes)], &[]);
    let why = action(&found, "Db")["why"].to_string();
    assert!(why.contains("a property changes in place"), "{why}");
}

#[test]
fn who_asks_for_nobody_is_told_so() {
    let folder = crate::folder::repository(&[
        (
            "a.yaml",
            "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n",
        ),
        ("CODEOWNERS", "* @bob\n"),
    ]);
    let next = |arguments: &[&str]| {
        let output = crate::folder::run(folder.path(), &[&["next"], arguments].concat());
        (
            output.status.code(),
            crate::folder::out(&output),
            crate::folder::err(&output),
        )
    };
    for nobody in [
        &["--owner", "alice"],
        &["--stream", "x"],
        &["--path", "typo"],
    ] {
        let (_, said, _) = next(nobody);
        assert!(
            said.contains("no hosting choice fits what was asked for"),
            "{said}"
        );
    }
    for bob in ["@bob", "bob"] {
        assert!(next(&["--owner", bob]).1.contains("Web"), "{bob}");
    }
    let (code, _, error) = next(&["--limit", "0"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("at least 1"), "{error}");
}
