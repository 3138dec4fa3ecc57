//! A state machine starts tasks; its definition is mostly written as a text of JSON, with references put in.

use crate::judged::{check, judge_as, lines};

/// A template with a task and a state machine that runs it, by what stands for its definition.
fn machine(definition: &str) -> String {
    format!(
        "
Parameters: {{Kind: {{Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2]}}}}
Resources:
  Fleet: {{Type: AWS::ECS::Cluster}}
  Import: {{Type: AWS::ECS::TaskDefinition, Properties: {{Family: import}}}}
  Nightly:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/states
{definition}
"
    )
}

/// The text of a definition with a launch type.
fn text(launch: &str) -> String {
    format!(
        r#"{{"StartAt":"Go","States":{{"Go":{{"Type":"Task","Resource":"arn:${{AWS::Partition}}:states:::ecs:runTask.sync","End":true,"Parameters":{{"Cluster":"${{Fleet.Arn}}","LaunchType":"{launch}","TaskDefinition":"${{Import}}"}}}}}}}}"#
    )
}

#[test]
fn a_definition_is_read_as_text_as_it_is_read_as_a_map() {
    for (launch, expected) in [
        ("EC2", "Import compute 3"),
        ("FARGATE", "Import compute 2"),
        ("EXTERNAL", "Import compute 4"),
        ("${Kind}", "Import compute 2 (3 when `Kind=EC2`)"),
    ] {
        let map = format!(
            "      Definition: {{StartAt: Go, States: {{Go: {{Type: Task, End: true, Resource: x, Parameters: {{LaunchType: !Sub '{launch}', TaskDefinition: !Ref Import}}}}}}}}"
        );
        let string = format!("      DefinitionString: !Sub '{}'", text(launch));
        for definition in [map, string] {
            let judged = judge_as("stack.yaml", &machine(&definition));
            assert_eq!(
                lines(&judged)[0],
                expected,
                "{definition}: {:?}",
                lines(&judged)
            );
        }
    }
}

#[test]
fn a_definition_is_joined_from_parts() {
    let joined = |before: &str, after: &str| {
        machine(&format!(
            "      DefinitionString:
        Fn::Join:
          - ''
          - - '{{\"StartAt\":\"All\",\"States\":{{\"All\":{{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[{{\"StartAt\":\"Go\",\"States\":{{\"Go\":{{\"Type\":\"Task\",\"Parameters\":{{\"Cluster\":\"'
            - !GetAtt Fleet.Arn
            - '\"{before},\"TaskDefinition\":\"'
            - !Ref Import
            - '\",\"Count\":'
            - !GetAtt Fleet.Count
            - '}}}}}}}}]}}}}{after}}}'"
        ))
    };
    check(
        &joined(",\"LaunchType\":\"EC2\"", ""),
        &["Import compute 3", "Nightly workflow 1"],
    );
    let capacity = ",\"CapacityProviderStrategy\":[{\"CapacityProvider\":\"FARGATE_SPOT\"}]";
    check(
        &joined(capacity, ""),
        &["Import compute 2", "Nightly workflow 1"],
    );
    // A text that is no JSON may say anything.
    let broken = judge_as("stack.yaml", &joined(capacity, ","));
    let line = &lines(&broken)[0];
    assert!(
        line.starts_with("Import compute 2 uncertain (3 when"),
        "{line}"
    );
}

#[test]
fn terraform_writes_a_definition_as_it_likes() {
    let module = |definition: &str| {
        format!(
            r#"
locals {{
  steps = jsonencode({{ StartAt = "Go", States = {{ Go = {{ Type = "Task", Parameters = {{ LaunchType = "EC2", TaskDefinition = aws_ecs_task_definition.load.arn }} }} }} }})
}}
resource "aws_ecs_task_definition" "load" {{
  family                = "load"
  container_definitions = "[]"
}}
resource "aws_sfn_state_machine" "nightly" {{
  name       = "nightly"
  role_arn   = "arn:aws:iam::123456789012:role/states"
  definition = {definition}
}}
"#
        )
    };
    let heredoc = "<<JSON
{\"StartAt\": \"Go\", \"States\": {\"Go\": {\"Type\": \"Task\", \"Parameters\": {
  \"LaunchType\": \"EC2\", \"TaskDefinition\": \"${aws_ecs_task_definition.load.arn}\"}}}}
JSON";
    let call = r#"jsonencode({ StartAt = "Go", States = { Go = { Type = "Map", ItemProcessor = { States = { One = { Type = "Task", Arguments = { LaunchType = "EC2", TaskDefinition = aws_ecs_task_definition.load.arn } } } } } } })"#;
    for definition in ["local.steps", heredoc, call] {
        let judged = judge_as("main.tf", &module(definition));
        assert_eq!(
            lines(&judged),
            [
                "aws_ecs_task_definition.load compute 3",
                "aws_sfn_state_machine.nightly workflow 1"
            ],
            "{definition}"
        );
    }
}
