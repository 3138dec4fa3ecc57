//! A condition that chooses what a property refers to: only what the branch in force names has a say.

use crate::judged::{check, judge_as, judge_strictly, lines};

const SHARED: &str = "\
Parameters:
  Stage: { Type: String, AllowedValues: [test, live], Default: test }
  Home: { Type: String, AllowedValues: [near, far] }
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsFar: !Equals [!Ref Home, far]
";

/// A cluster that runs on Fargate by default, and one that does not.
const CLUSTERS: &str = "\
Resources:
  Light: { Type: AWS::ECS::Cluster, Properties: { DefaultCapacityProviderStrategy: [{ CapacityProvider: FARGATE }] } }
  Heavy: { Type: AWS::ECS::Cluster }
";

fn in_cluster(cluster: &str) -> String {
    format!(
        "{SHARED}{CLUSTERS}  Desk: {{ Type: AWS::ECS::Service, Properties: {{ TaskDefinition: desk, Cluster: {cluster} }} }}\n"
    )
}

#[test]
fn a_service_runs_where_the_branch_in_force_says() {
    for (cluster, expected) in [
        (
            "!If [IsLive, !Ref Heavy, !Ref Light]",
            "Desk compute 2 [Light Heavy] (3 when `Stage=live`)",
        ),
        (
            "!If [IsLive, !Ref Light, !Ref Heavy]",
            "Desk compute 3 [Light Heavy] (2 when `Stage=live`)",
        ),
        (
            "!If [IsLive, elsewhere, !GetAtt Light.Arn]",
            "Desk compute 2 [Light] (3 when `Stage=live`)",
        ),
        (
            "!If [IsLive, !Ref AWS::NoValue, !Ref Light]",
            "Desk compute 2 [Light] (3 when `Stage=live`)",
        ),
        (
            "!If [IsLive, !If [IsFar, !Ref Heavy, !Ref Light], !Ref Light]",
            "Desk compute 2 [Light Heavy] (3 when `Stage=live`)",
        ),
        // Nothing hangs on a choice between the same.
        (
            "!If [IsLive, !Ref Light, !GetAtt Light.Arn]",
            "Desk compute 2 [Light]",
        ),
        (
            "!If [IsFar, !Ref Light, !Ref Light]",
            "Desk compute 2 [Light]",
        ),
        (
            "!If [IsFar, !Ref Heavy, !Ref Light]",
            "Desk compute 2 uncertain [Light Heavy] (3 when `Home=far`)",
        ),
    ] {
        check(&in_cluster(cluster), &[expected]);
    }
}

#[test]
fn the_worst_branch_is_assumed_where_the_worst_is() {
    let text = in_cluster("!If [IsLive, !Ref Heavy, !Ref Light]");
    assert_eq!(
        lines(&judge_strictly(&text)),
        ["Desk compute 3 [Light Heavy] (2 when all defaults hold)"]
    );
}

#[test]
fn what_exists_only_under_the_same_condition_knows_its_branch() {
    let text = format!(
        "{SHARED}{CLUSTERS}  Desk:\n    Type: AWS::ECS::Service\n    Condition: IsLive\n    Properties: {{ TaskDefinition: desk, Cluster: !If [IsLive, !Ref Heavy, !Ref Light] }}\n"
    );
    check(&text, &["Desk compute 3 conditional [Light Heavy]"]);
}

#[test]
fn a_service_runs_what_the_branch_in_force_names() {
    check(
        &format!(
            "{SHARED}Resources:
  Small: {{ Type: AWS::ECS::TaskDefinition, Properties: {{ RequiresCompatibilities: [FARGATE] }} }}
  Large: {{ Type: AWS::ECS::TaskDefinition, Properties: {{ RequiresCompatibilities: [EC2] }} }}
  Desk: {{ Type: AWS::ECS::Service, Properties: {{ Cluster: main, TaskDefinition: !If [IsLive, !Ref Large, !Ref Small] }} }}
"
        ),
        &["Desk compute 2 [Small Large] (3 when `Stage=live`)"],
    );
}

#[test]
fn an_alias_keeps_only_the_function_in_force_ready() {
    let text = |function: &str| {
        format!(
            "{SHARED}Resources:
  Old: {{ Type: AWS::Lambda::Function, Properties: {{ Runtime: python3.13 }} }}
  New: {{ Type: AWS::Lambda::Function, Properties: {{ Runtime: python3.13 }} }}
  Ready:
    Type: AWS::Lambda::Alias
    Properties:
      Name: ready
      FunctionVersion: '1'
      FunctionName: {function}
      ProvisionedConcurrencyConfig: {{ ProvisionedConcurrentExecutions: 2 }}
"
        )
    };
    check(
        &text("!If [IsLive, !Ref New, !Ref Old]"),
        &[
            "Old compute 2 [Ready] (1 when `Stage=live`)",
            "New compute 1 (2 when `Stage=live`)",
        ],
    );
    check(
        &text("!If [IsFar, !Ref New, !Ref Old]"),
        &[
            "Old compute 1 uncertain [Ready] (2 when `Home=near`)",
            "New compute 1 uncertain [Ready] (2 when `Home=far`)",
        ],
    );
    check(
        &text("!Ref New"),
        &["Old compute 1", "New compute 2 [Ready]"],
    );
}

const MODULE: &str = r#"
variable "stage" { default = "test" }
variable "is_far" { type = bool }
locals {
  home = var.stage == "live" ? aws_ecs_cluster.heavy.id : aws_ecs_cluster.light.id
}
resource "aws_ecs_cluster" "light" { name = "light" }
resource "aws_ecs_cluster_capacity_providers" "light" {
  cluster_name       = aws_ecs_cluster.light.name
  capacity_providers = ["FARGATE"]
  default_capacity_provider_strategy { capacity_provider = "FARGATE" }
}
resource "aws_ecs_cluster" "heavy" { name = "heavy" }
resource "aws_ecs_service" "desk" {
  task_definition = "desk"
  cluster         = CLUSTER
}
"#;

#[test]
fn a_ternary_chooses_too() {
    let all =
        "[aws_ecs_cluster.light aws_ecs_cluster_capacity_providers.light aws_ecs_cluster.heavy]";
    for (cluster, expected) in [
        (
            r#"var.stage == "live" ? aws_ecs_cluster.light.id : aws_ecs_cluster.heavy.id"#,
            format!("3 {all} (2 when `stage=live`)"),
        ),
        ("local.home", format!("2 {all} (3 when `stage=live`)")),
        (
            "var.is_far ? aws_ecs_cluster.heavy.id : aws_ecs_cluster.light.id",
            format!("2 uncertain {all} (3 when `is_far=true`)"),
        ),
        (
            "true ? aws_ecs_cluster.heavy.id : aws_ecs_cluster.light.id",
            format!("3 {all}"),
        ),
    ] {
        let judged = judge_as("main.tf", &MODULE.replace("CLUSTER", cluster));
        assert!(judged.problems.is_empty(), "{:?}", judged.problems);
        assert_eq!(
            lines(&judged),
            [format!("aws_ecs_service.desk compute {expected}")],
            "{cluster}"
        );
    }
}

#[test]
fn a_choice_beside_the_reference_takes_no_part() {
    check(
        &format!(
            "{SHARED}{CLUSTERS}  Desk: {{ Type: AWS::ECS::Service, Properties: {{ TaskDefinition: desk, Cluster: !Ref Light, DesiredCount: !If [IsLive, 3, 1] }} }}\n"
        ),
        &["Desk compute 2 [Light]"],
    );
}

#[test]
fn many_open_conditions_are_open() {
    let mut conditions = String::new();
    let mut parameters = String::new();
    let mut cluster = "!Ref Light".to_owned();
    for number in 0..30 {
        parameters += &format!("  P{number}: {{ Type: String }}\n");
        conditions += &format!("  C{number}: !Equals [!Ref P{number}, far]\n");
        cluster = format!("!If [C{number}, !Ref Heavy, {cluster}]");
    }
    let text = format!(
        "Parameters:\n{parameters}Conditions:\n{conditions}{CLUSTERS}  Desk: {{ Type: AWS::ECS::Service, Properties: {{ TaskDefinition: desk, Cluster: {cluster} }} }}\n"
    );
    let judged = crate::judged::judge(&text);
    let [desk] = &judged.decisions[..] else {
        panic!("{:?}", lines(&judged));
    };
    assert_eq!(desk.rung.number(), 2);
    assert!(desk.uncertain());
    assert_eq!(desk.reachable[0].rung.number(), 3);
}

/// Machines whose launch template joins a cluster, or does not.
fn machines(default: &str, template: &str) -> String {
    format!(
        "\
Parameters:
  Mode: {{ Type: String, AllowedValues: [alone, part]{default} }}
Conditions:
  IsPart: !Equals [!Ref Mode, part]
Resources:
  Pods: {{ Type: AWS::EKS::Cluster, Properties: {{ RoleArn: role, ResourcesVpcConfig: {{ SubnetIds: [a] }} }} }}
  Joining:
    Type: AWS::EC2::LaunchTemplate
    Properties: {{ LaunchTemplateData: {{ ImageId: ami-7, UserData: !Base64 {{ 'Fn::Sub': '/etc/eks/bootstrap.sh ${{Pods}}' }} }} }}
  Plain: {{ Type: AWS::EC2::LaunchTemplate, Properties: {{ LaunchTemplateData: {{ ImageId: ami-7 }} }} }}
  Fleet:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {{ MinSize: '1', MaxSize: '3', LaunchTemplate: {{ Version: '1', LaunchTemplateId: {template} }} }}
"
    )
}

#[test]
fn a_group_is_part_of_a_cluster_where_the_branch_in_force_joins_it() {
    let choice = "!If [IsPart, !Ref Joining, !Ref Plain]";
    check(
        &machines(", Default: alone", choice),
        &[
            "Pods compute 3 [Joining]",
            "Fleet compute 4 [Joining Plain] (3 when `Mode=part`)",
        ],
    );
    check(
        &machines(", Default: part", choice),
        &["Pods compute 3 [Joining Plain Fleet] (4 when `Mode=alone`)"],
    );
    check(
        &machines("", choice),
        &["Pods compute 3 uncertain [Joining Plain Fleet] (4 when `Mode=alone`)"],
    );
    // A choice between the same is none.
    check(
        &machines("", "!If [IsPart, !Ref Joining, !Ref Joining]"),
        &["Pods compute 3 [Joining Fleet]", "Plain compute 4"],
    );
}

#[test]
fn strict_takes_the_rung_of_a_member_that_may_stand_alone() {
    let choice = "!If [IsPart, !Ref Joining, !Ref Plain]";
    for default in [", Default: part", ""] {
        let judged = judge_strictly(&machines(default, choice));
        let pods = judged.decisions.iter().find(|one| one.address == "Pods");
        let pods = pods.expect("the cluster is a decision");
        assert_eq!(pods.rung.number(), 4, "{default}");
        assert_eq!(
            pods.assumed.as_deref(),
            Some("`Mode=alone` leaves `Fleet` alone")
        );
        assert_eq!(pods.reachable[0].rung.number(), 3);
    }
    // Nothing lets it stand alone.
    let judged = judge_strictly(&machines("", "!If [IsPart, !Ref Joining, !Ref Joining]"));
    let pods = judged.decisions.iter().find(|one| one.address == "Pods");
    assert_eq!(pods.map(|one| one.rung.number()), Some(3));
}

/// Two tasks that only a condition tells apart, and a service that names one of them.
fn by_family(task: &str) -> String {
    format!(
        "{SHARED}Resources:
  Desk: {{ Type: AWS::ECS::Service, Properties: {{ Cluster: elsewhere, TaskDefinition: {task} }} }}
  Small: {{ Type: AWS::ECS::TaskDefinition, Properties: {{ Family: small, RequiresCompatibilities: [FARGATE] }} }}
  Large: {{ Type: AWS::ECS::TaskDefinition, Properties: {{ Family: large, RequiresCompatibilities: [EC2] }} }}
"
    )
}

#[test]
fn a_family_joins_in_its_branch() {
    for (task, expected) in [
        (
            "!If [IsLive, 'large:1', 'small:3']",
            "Desk compute 2 [Small Large] (3 when `Stage=live`)",
        ),
        (
            "!If [IsLive, small, large]",
            "Desk compute 3 [Small Large] (2 when `Stage=live`)",
        ),
        (
            "!If [IsLive, !If [IsFar, small, large], !Ref Small]",
            "Desk compute 2 [Small Large] (3 when `Stage=live`)",
        ),
        (
            "!If [IsFar, !Ref Small, large]",
            "Desk compute 2 uncertain [Small Large] (3 when `Home=near`)",
        ),
    ] {
        let judged = judge_as("stack.yaml", &by_family(task));
        assert_eq!(lines(&judged), [expected], "{task}");
    }
    // A family that no branch names is not the service's.
    let judged = judge_as(
        "stack.yaml",
        &by_family("!If [IsLive, 'small:1', 'small:3']"),
    );
    assert_eq!(
        lines(&judged),
        ["Desk compute 2 [Small]", "Large compute 3"]
    );
    // What only decides is no name.
    let judged = judge_as(
        "stack.yaml",
        &by_family("!If [large, 'small:1', 'small:3']"),
    );
    assert_eq!(lines(&judged)[1], "Large compute 3");
}

#[test]
fn a_name_of_a_cluster_joins_in_its_branch() {
    let template = |cluster: &str| {
        format!(
            "{SHARED}Resources:
  Light: {{ Type: AWS::ECS::Cluster, Properties: {{ ClusterName: light, DefaultCapacityProviderStrategy: [{{ CapacityProvider: FARGATE }}] }} }}
  Heavy: {{ Type: AWS::ECS::Cluster, Properties: {{ ClusterName: heavy }} }}
  Desk: {{ Type: AWS::ECS::Service, Properties: {{ TaskDefinition: desk, Cluster: {cluster} }} }}
"
        )
    };
    check(
        &template("!If [IsLive, heavy, light]"),
        &["Desk compute 2 [Light Heavy] (3 when `Stage=live`)"],
    );
    check(
        &template("!If [IsLive, elsewhere, light]"),
        &["Desk compute 2 [Light] (3 when `Stage=live`)"],
    );
    check(
        &template("!If [IsLive, !Ref Light, light]"),
        &["Desk compute 2 [Light]"],
    );
    check(&template("light"), &["Desk compute 2 [Light]"]);
}

#[test]
fn terraform_chooses_a_family() {
    let module = r#"
variable "is_live" {
  type    = bool
  default = false
}
resource "aws_ecs_service" "desk" {
  name            = "desk"
  cluster         = "elsewhere"
  task_definition = var.is_live ? "large:1" : "small:3"
}
resource "aws_ecs_task_definition" "small" {
  family                   = "small"
  container_definitions    = "[]"
  requires_compatibilities = ["FARGATE"]
}
resource "aws_ecs_task_definition" "large" {
  family                   = "large"
  container_definitions    = "[]"
  requires_compatibilities = ["EC2"]
}
"#;
    let expected = "aws_ecs_service.desk compute 2 [aws_ecs_task_definition.small aws_ecs_task_definition.large] (3 when `is_live=true`)";
    assert_eq!(lines(&judge_as("main.tf", module)), [expected]);
}
