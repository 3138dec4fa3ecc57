//! What other values of parameters reach: by way of functions that look into them, and in templates that have many of them.

use std::fmt::Write as _;

use sfl::{Options, workspace::stack};

use crate::judged::{check, judge, judge_as, judge_strictly, line, lines};

const TASK: &str = "arn:aws:ecs:eu-north-1:111122223333:task-definition/till:4";

/// A service on Fargate by default, and on instances where a condition holds.
fn service_where(condition: &str) -> String {
    format!(
        r#"
variable "stage" {{
  default = "test-blue"
}}
variable "tenants" {{
  type    = number
  default = 2
}}
variable "features" {{
  type    = list(string)
  default = []
}}
resource "aws_ecs_service" "till" {{
  name            = "till-${{var.stage}}"
  task_definition = "{TASK}"
  launch_type     = {condition} ? "EC2" : "FARGATE"
}}
"#
    )
}

#[test]
fn what_a_function_asks_of_a_variable_is_varied() {
    let by_stage = [
        r#"startswith(var.stage, "live")"#,
        r#"endswith(var.stage, "green")"#,
        r#"strcontains(var.stage, "live")"#,
        r#"length(regexall("^live", var.stage)) > 0"#,
        r#"substr(var.stage, 0, 4) == "live""#,
        r#"split("-", var.stage)[0] == "live""#,
        r#"lower(var.stage) == "live""#,
        r#""${var.stage}-eu" == "live-eu""#,
        r#"contains(split("-", var.stage), "live")"#,
        // One value has a name, and others are looked into.
        r#"(var.stage == "none" ? false : startswith(var.stage, "live"))"#,
    ];
    let others = [
        (r#"contains(var.features, "daemons")"#, "features"),
        (
            r#"anytrue([for name in var.features : startswith(name, "d")])"#,
            "features",
        ),
        ("var.tenants * 2 > 10", "tenants"),
    ];
    let all = by_stage.map(|condition| (condition, "stage"));
    for (condition, variable) in all.into_iter().chain(others) {
        let text = service_where(condition);
        assert_eq!(
            lines(&judge_as("till.tf", &text)),
            [format!(
                "aws_ecs_service.till compute 2 (3 when `{variable}` has some other value)"
            )],
            "{condition}"
        );
        let options = Options {
            strict: true,
            ..Options::default()
        };
        let strict = stack::judge_text("till.tf", &text, &options);
        assert_eq!(
            lines(&strict),
            ["aws_ecs_service.till compute 3 (2 when all defaults hold)"],
            "{condition}"
        );
    }
}

#[test]
fn values_that_have_a_name_are_still_named_and_nothing_else_is_reached() {
    let named = service_where(r#"var.stage == "live""#);
    assert_eq!(
        lines(&judge_as("till.tf", &named)),
        ["aws_ecs_service.till compute 2 (3 when `stage=live`)"]
    );
    let listed = service_where(r#"contains(["live", "spare"], var.stage)"#);
    assert_eq!(
        lines(&judge_as("till.tf", &listed)),
        ["aws_ecs_service.till compute 2 (3 when `stage=live` or `stage=spare`)"]
    );
    let not_listed = service_where(r#"!contains(["test-blue"], var.stage)"#);
    assert_eq!(
        lines(&judge_as("till.tf", &not_listed)),
        ["aws_ecs_service.till compute 2 (3 when `stage` other than `test-blue`)"]
    );
    // What is looked into, but decides nothing.
    let idle = service_where(r#"startswith("${var.stage}", "live") && false"#);
    assert_eq!(
        lines(&judge_as("till.tf", &idle)),
        ["aws_ecs_service.till compute 2"]
    );
}

#[test]
fn a_part_of_a_parameter_is_varied() {
    check(
        &format!(
            "
Parameters:
  Stage: {{Type: String, Default: test-blue}}
  Kind: {{Type: String, Default: test-blue, AllowedValues: [test-blue, test-green]}}
Conditions:
  IsLive: !Equals [!Select [0, !Split ['-', !Ref Stage]], live]
  IsJoined: !Equals [!Sub '${{Stage}}/eu', live/eu]
  Never: !Equals [!Select [0, !Split ['-', !Ref Kind]], live]
Resources:
  Till:
    Type: AWS::ECS::Service
    Properties: {{LaunchType: !If [IsLive, EC2, FARGATE], TaskDefinition: '{TASK}'}}
  Joined:
    Type: AWS::ECS::Service
    Properties: {{LaunchType: !If [IsJoined, EC2, FARGATE], TaskDefinition: '{TASK}'}}
  Allowed:
    Type: AWS::ECS::Service
    Properties: {{LaunchType: !If [Never, EC2, FARGATE], TaskDefinition: '{TASK}'}}
"
        ),
        &[
            "Till compute 2 (3 when `Stage` has some other value)",
            "Joined compute 2 (3 when `Stage` has some other value)",
            "Allowed compute 2",
        ],
    );
}

/// Services that each hang on many parameters.
fn many_services(services: usize, parameters: usize) -> String {
    let mut text = "Parameters:\n".to_owned();
    for number in 0..parameters {
        let _ = writeln!(
            text,
            "  P{number}: {{Type: String, AllowedValues: [a, b], Default: a}}"
        );
    }
    text.push_str("Conditions:\n");
    for number in 0..parameters {
        let _ = writeln!(text, "  C{number}: !Equals [!Ref P{number}, b]");
    }
    let mut launched = "FARGATE".to_owned();
    for number in (0..parameters).rev() {
        launched = format!("!If [C{number}, EC2, {launched}]");
    }
    text.push_str("Resources:\n");
    for number in 0..services {
        let _ = writeln!(
            text,
            "  S{number}:\n    Type: AWS::ECS::Service\n    Properties: {{DesiredCount: {number}, TaskDefinition: '{TASK}', LaunchType: {launched}}}"
        );
    }
    text
}

#[test]
fn the_same_resource_gets_the_same_answer_wherever_it_stands() {
    let text = many_services(70, 60);
    for decision in judge_strictly(&text).decisions {
        let line = line(&decision);
        let (_, rest) = line.split_once(' ').unwrap_or_default();
        assert_eq!(rest, "compute 3 (2 when all defaults hold)", "{line}");
    }
    let judged = judge(&text);
    assert_eq!(judged.decisions.len(), 70);
    for decision in judged.decisions {
        let line = line(&decision);
        let (_, rest) = line.split_once(' ').unwrap_or_default();
        assert_eq!(
            rest, "compute 2 (3 when `P0=b` or `P1=b` or `P2=b` or other values)",
            "{line}"
        );
    }
}

#[test]
fn what_is_written_alike_under_other_conditions_is_told_apart() {
    check(
        &format!(
            "
Parameters:
  Kind: {{Type: String, AllowedValues: [a, b], Default: a}}
Conditions:
  IsA: !Equals [!Ref Kind, a]
  IsB: !Equals [!Ref Kind, b]
Resources:
  Always:
    Type: AWS::ECS::Service
    Properties: {{LaunchType: !If [IsB, EC2, FARGATE], TaskDefinition: '{TASK}'}}
  First:
    Type: AWS::ECS::Service
    Condition: IsA
    Properties: {{LaunchType: !If [IsB, EC2, FARGATE], TaskDefinition: '{TASK}'}}
  Second:
    Type: AWS::ECS::Service
    Condition: IsB
    Properties: {{LaunchType: !If [IsB, EC2, FARGATE], TaskDefinition: '{TASK}'}}
"
        ),
        &[
            "Always compute 2 (3 when `Kind=b`)",
            "First compute 2 conditional",
            "Second compute 3 conditional",
        ],
    );
}

#[test]
fn more_values_than_can_be_tried_are_a_doubt() {
    let mut allowed = String::new();
    for number in 0..10_100 {
        let _ = write!(allowed, "v{number}, ");
    }
    let text = format!(
        "
Parameters:
  Kind: {{Type: String, AllowedValues: [{allowed}last], Default: v0}}
Conditions:
  IsLong: !Equals [!Select [0, !Split ['v', !Ref Kind]], last]
Resources:
  Till:
    Type: AWS::ECS::Service
    Properties: {{LaunchType: !If [IsLong, EC2, FARGATE], TaskDefinition: '{TASK}'}}
"
    );
    let judged = judge_strictly(&text);
    assert_eq!(lines(&judged), ["Till compute 2 uncertain"]);
    assert_eq!(
        judged.decisions[0].doubts,
        ["its parameters can have more values than were tried"]
    );
}
