//! What an architect would do first in ten kinds of stacks, written down before `sfl next` was run on real ones of each kind; here are small
//! ones in their shape. The first three of each are facts: a wrong first line is a fault of the formula, not of the case.

use std::path::Path;

use serde_json::Value;

use super::folder::{err, folder, out, run};

/// The address, the rungs from and to, and how big the step is.
type Fact = (&'static str, u64, Option<u64>, &'static str);

fn first_three(here: &Path, paths: &[&str]) -> Vec<(String, u64, Option<u64>, String)> {
    let mut arguments = vec!["next", "--format", "json", "--limit", "3"];
    arguments.extend(["--today", "2026-11-30", "--isolated"]);
    arguments.extend(paths);
    let output = run(here, &arguments);
    let found: Value = serde_json::from_str(&out(&output))
        .unwrap_or_else(|error| panic!("{error}: {}", err(&output)));
    let all = found["actions"].as_array().expect("a list").iter();
    all.map(|one| {
        let step = one["step"].as_str().or(one["aim"].as_str());
        (
            one["decisions"][0]["address"]
                .as_str()
                .expect("a text")
                .to_owned(),
            one["rung"].as_u64().expect("a number"),
            one["to"].as_u64(),
            step.expect("a text").to_owned(),
        )
    })
    .collect()
}

fn holds(name: &str, found: &[(String, u64, Option<u64>, String)], facts: &[Fact]) {
    let found: Vec<_> = found
        .iter()
        .map(|(address, rung, to, step)| (&**address, *rung, *to, &**step))
        .collect();
    assert_eq!(found, facts, "{name}");
}

#[test]
fn the_first_three_of_each_shape() {
    let shapes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes");
    let all: [(&str, &[Fact]); 10] = [
        // All of a green stack is green: nothing is made up.
        ("workflow", &[]),
        ("serverless-api", &[("Loans", 2, Some(1), "property")]),
        ("event-pipeline", &[("Readings", 2, Some(1), "property")]),
        // The cache is a smaller step than to rewrite the service that is hosted already.
        (
            "ecs-service",
            &[
                ("Holds", 3, Some(1), "resource"),
                ("Mailer", 2, Some(1), "redesign"),
            ],
        ),
        // A redesign of the whole platform comes after what can be moved alone.
        (
            "eks-platform",
            &[
                ("aws_db_instance.state", 3, Some(2), "resource"),
                ("aws_eks_cluster.platform", 3, Some(2), "redesign"),
            ],
        ),
        // Stateless machines before the database behind them, and one line for the two tiers of a kind.
        (
            "three-tier",
            &[
                ("Proxies", 4, Some(2), "redesign"),
                ("Setup", 4, Some(2), "redesign"),
                ("Tickets", 3, Some(2), "resource"),
            ],
        ),
        (
            "data-platform",
            &[
                ("Orders", 3, Some(2), "property"),
                ("Warehouse", 3, Some(1), "resource"),
                ("Replication", 3, Some(2), "resource"),
            ],
        ),
        (
            "cdk-app",
            &[
                ("Cluster611F8AFF", 3, Some(2), "redesign"),
                ("Store99AA88BB", 3, Some(2), "resource"),
            ],
        ),
        (
            "terraform-modules",
            &[(
                "module.fleet.aws_launch_template.this",
                4,
                Some(2),
                "redesign",
            )],
        ),
        // The instances of one block are one line.
        (
            "plan",
            &[
                ("aws_instance.web[0]", 4, Some(2), "redesign"),
                ("module.orders.aws_db_instance.this", 3, Some(2), "resource"),
            ],
        ),
    ];
    for (shape, facts) in all {
        holds(shape, &first_three(&shapes.join(shape), &["."]), facts);
    }
}

/// A cluster and its nodes are one action, and a proxy keeps it from pausing.
#[test]
fn a_database_behind_a_proxy_is_one_action() {
    let text = r#"
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: HTTP, Target: !GetAtt Ask.Arn } }
  Ask:
    Type: AWS::Lambda::Function
    Properties: { Code: {}, Role: r, Environment: { Variables: { DB: !GetAtt Proxy.Endpoint } } }
  Proxy:
    Type: AWS::RDS::DBProxy
    Properties: { DBProxyName: p, EngineFamily: MYSQL, RoleArn: r, VpcSubnetIds: [a, b], Auth: [] }
  Targets:
    Type: AWS::RDS::DBProxyTargetGroup
    Properties: { DBProxyName: !Ref Proxy, DBClusterIdentifiers: [!Ref Db], TargetGroupName: default }
  Db: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-mysql, EngineVersion: 8.0.mysql_aurora.3.04.0 } }
  One: { Type: AWS::RDS::DBInstance, Properties: { Engine: aurora-mysql, DBClusterIdentifier: !Ref Db, DBInstanceClass: db.t4g.medium } }
  Two: { Type: AWS::RDS::DBInstance, Properties: { Engine: aurora-mysql, DBClusterIdentifier: !Ref Db, DBInstanceClass: db.t4g.medium } }
"#;
    let here = folder(&[("a.yaml", text)]);
    holds(
        "proxy",
        &first_three(here.path(), &["."]),
        &[("Db", 3, Some(2), "property")],
    );
}

/// The services of both stacks are one line, and what they run on comes after them.
#[test]
fn services_come_before_the_machines_that_they_run_on() {
    let nodes = r#"
Resources:
  Cluster: { Type: AWS::ECS::Cluster }
  Nodes:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: { MinSize: "1", MaxSize: "3", LaunchConfigurationName: !Ref Machine }
  Machine:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties:
      ImageId: ami-1
      InstanceType: t3.small
      UserData: { Fn::Base64: !Sub "echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config" }
Outputs:
  Cluster: { Value: !Ref Cluster, Export: { Name: nodes } }
"#;
    let service = r#"
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties: { Cluster: !ImportValue nodes, LaunchType: EC2, TaskDefinition: !Ref Task, DesiredCount: 2 }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: { Cpu: "256", Memory: "512", ContainerDefinitions: [{ Name: a, Image: nginx }] }
"#;
    let here = folder(&[
        ("nodes.yaml", nodes),
        ("private.yaml", service),
        ("public.yaml", service),
    ]);
    holds(
        "linked by name",
        &first_three(here.path(), &["."]),
        &[("Service", 3, Some(2), "resource")],
    );
    // Where a parameter names the export, nobody sees what they run on: that is then a line of its own, behind them.
    let service = service.replace(
        "!ImportValue nodes",
        "{ Fn::ImportValue: !Sub \"${Name}\" }",
    );
    let service = format!("Parameters: {{ Name: {{ Type: String }} }}{service}");
    let here = folder(&[
        ("nodes.yaml", nodes),
        ("private.yaml", &service),
        ("public.yaml", &service),
    ]);
    holds(
        "linked by a parameter",
        &first_three(here.path(), &["."]),
        &[
            ("Service", 3, Some(2), "resource"),
            ("Cluster", 3, Some(2), "resource"),
        ],
    );
}

/// Of a whole estate: what has ended, then what is only a property in many places, and no lonely machine before them.
#[test]
fn an_estate_begins_with_what_has_ended() {
    let machine =
        "Resources:\n  Alone: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1 } }\n";
    let table = "Resources:\n  Points: { Type: AWS::DynamoDB::Table, Properties: { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } } }\n";
    let store = "Resources:\n  Store: { Type: AWS::IoTAnalytics::Datastore }\n";
    let here = folder(&[
        ("a.yaml", machine),
        ("b.yaml", machine),
        ("c.yaml", machine),
        ("points.yaml", table),
        ("scores.yaml", table),
        ("things.yaml", store),
    ]);
    holds(
        "estate",
        &first_three(here.path(), &["."]),
        &[
            ("Store", 1, None, "leave"),
            ("Points", 2, Some(1), "property"),
            ("Alone", 4, Some(2), "redesign"),
        ],
    );
}

/// An example that calls the modules around it: what they hold is a part of it, and where the calls can't be followed, it says what to name.
#[test]
fn what_an_example_calls_is_a_part_of_it() {
    let files = [
        (
            "fleet/examples/default/main.tf",
            "module \"runners\" {\n  source = \"../../\"\n}\n",
        ),
        (
            "fleet/main.tf",
            "module \"machines\" {\n  source = \"./modules/machines\"\n}\nresource \"aws_lambda_function\" \"up\" {\n  function_name = \"up\"\n}\n",
        ),
        (
            "fleet/modules/machines/main.tf",
            "resource \"aws_launch_template\" \"runner\" {\n  image_id = \"ami-1\"\n}\n",
        ),
    ];
    let facts: &[Fact] = &[(
        "module.runners.module.machines.aws_launch_template.runner",
        4,
        Some(2),
        "redesign",
    )];
    // Named from above, and from inside of a repository.
    let here = folder(&files);
    holds(
        "from above",
        &first_three(here.path(), &["fleet/examples/default"]),
        facts,
    );
    std::fs::create_dir(here.path().join(".git")).expect("it can be made");
    let example = here.path().join("fleet/examples/default");
    holds("in a repository", &first_three(&example, &["."]), facts);
    // Without one, nothing above the working directory is read by itself.
    std::fs::remove_dir(here.path().join(".git")).expect("it can be removed");
    let output = run(&example, &["next", "--isolated"]);
    let shown = out(&output).replace('\n', " ");
    assert!(shown.contains("not all was read: 1 module call not read: ../../; to follow those that lead out of what was read, name ../.. as well"), "{shown}");
    let named = first_three(&example, &[".", "../.."]);
    holds("as it says", &named, facts);
}
