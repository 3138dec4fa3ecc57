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

/// What is judged of the task and the machine, without the machine itself.
fn task(template: &str) -> String {
    let judged = judge_as("stack.yaml", template);
    let lines = lines(&judged);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[1].starts_with("Nightly workflow 1"), "{lines:?}");
    lines[0].clone()
}

/// The text of a definition that starts a task by its family.
fn by_family(family: &str, launch: &str) -> String {
    let step = format!(
        r#"{{"Type":"Task","End":true,"Resource":"arn:aws:states:::ecs:runTask.sync","Parameters":{{"Cluster":"jobs","LaunchType":"{launch}","TaskDefinition":"{family}"}}}}"#
    );
    format!(r#"{{"StartAt":"Go","States":{{"Go":{step}}}}}"#)
}

#[test]
fn a_family_in_a_definition_is_the_task_that_is_started() {
    for (family, launch, expected) in [
        ("import", "FARGATE", "Import compute 2"),
        ("import:7", "FARGATE", "Import compute 2"),
        ("import", "EC2", "Import compute 3"),
        // A task of another name is not this one, and nothing here starts this one.
        ("importer", "FARGATE", "Import compute 3"),
        ("s3-import", "FARGATE", "Import compute 3"),
    ] {
        let text = by_family(family, launch);
        for definition in [
            format!("      DefinitionString: '{text}'"),
            format!("      Definition: {text}"),
            format!(
                "      Definition: {{StartAt: All, States: {{All: {{Type: Parallel, End: true, Branches: [{text}]}}}}}}"
            ),
        ] {
            assert_eq!(task(&machine(&definition)), expected, "{definition}");
        }
    }
    // A family that stands elsewhere in a definition starts nothing.
    let named = r#"{"StartAt":"Go","States":{"Go":{"Type":"Pass","End":true,"Result":{"TaskDefinition":"import"}}}}"#;
    let definition = format!("      DefinitionString: '{named}'");
    assert_eq!(task(&machine(&definition)), "Import compute 3");
}

#[test]
fn what_is_handed_to_a_definition_is_put_into_it() {
    let handed = |kind: &str, values: &str| {
        kind.replace(
            "VALUES",
            &format!("      DefinitionSubstitutions: {values}"),
        )
    };
    let text = by_family("${Task}", "${Launch}");
    for definition in [
        format!("      DefinitionString: '{text}'\nVALUES"),
        format!("      Definition: {text}\nVALUES"),
        format!("VALUES\n      DefinitionString: {{'Fn::Join': ['', ['{text}']]}}"),
    ] {
        for (values, expected) in [
            ("{Task: import, Launch: FARGATE}", "Import compute 2"),
            ("{Task: 'import:2', Launch: EC2}", "Import compute 3"),
            ("{Task: !Ref Import, Launch: FARGATE}", "Import compute 2"),
            (
                "{Task: !Ref Import, Launch: !Ref Kind}",
                "Import compute 2 (3 when `Kind=EC2`)",
            ),
            ("{Task: other, Launch: FARGATE}", "Import compute 3"),
        ] {
            let definition = handed(&definition, values);
            for kind in [
                "AWS::StepFunctions::StateMachine",
                "AWS::Serverless::StateMachine",
            ] {
                let template = machine(&definition)
                    .replace("AWS::StepFunctions::StateMachine", kind)
                    .replace(
                        "\nParameters:",
                        "\nTransform: AWS::Serverless-2016-10-31\nParameters:",
                    );
                assert_eq!(task(&template), expected, "{template}");
            }
        }
    }
    // What nothing is handed for stays what is written: no launch type that anybody knows.
    let definition = handed(
        &format!("      DefinitionString: '{text}'\nVALUES"),
        "{Task: !Ref Import}",
    );
    let open = task(&machine(&definition));
    assert!(
        open.starts_with("Import compute 2 uncertain (3 when"),
        "{open}"
    );
}

#[test]
fn a_rule_names_its_task_by_family() {
    let template = |family: &str| {
        format!(
            "
Resources:
  Import: {{Type: AWS::ECS::TaskDefinition, Properties: {{Family: import}}}}
  Nightly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {{Mode: 'OFF'}}
      Target:
        Arn: arn:aws:ecs:eu-west-1:123456789012:cluster/shared
        RoleArn: arn:aws:iam::123456789012:role/scheduler
        EcsParameters: {{LaunchType: FARGATE, TaskDefinitionArn: !Sub 'arn:aws:ecs:${{AWS::Region}}:${{AWS::AccountId}}:task-definition/{family}'}}
"
        )
    };
    let first = |family: &str| lines(&judge_as("stack.yaml", &template(family)))[0].clone();
    assert_eq!(first("import"), "Import compute 2");
    assert_eq!(first("import:4"), "Import compute 2");
    assert_eq!(first("export"), "Import compute 3");
}

#[test]
fn a_family_in_a_definition_of_terraform_joins() {
    let module = |definition: &str, launch: &str| {
        format!(
            r#"
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
        .replace("LAUNCH", launch)
    };
    let encoded = r#"jsonencode({ StartAt = "Go", States = { Go = { Type = "Task", End = true, Parameters = { LaunchType = "LAUNCH", TaskDefinition = "load:3" } } } })"#;
    let text = "<<JSON
{\"StartAt\": \"Go\", \"States\": {\"Go\": {\"Type\": \"Task\", \"Parameters\": {
  \"LaunchType\": \"LAUNCH\", \"TaskDefinition\": \"load\"}}}}
JSON";
    for definition in [encoded, text] {
        for (launch, rung) in [("EC2", 3), ("FARGATE", 2)] {
            let judged = judge_as("main.tf", &module(definition, launch));
            let expected = format!("aws_ecs_task_definition.load compute {rung}");
            assert_eq!(lines(&judged)[0], expected, "{definition}");
        }
    }
    let other = encoded.replace("load:3", "unload:3");
    let judged = judge_as("main.tf", &module(&other, "FARGATE"));
    assert_eq!(lines(&judged)[0], "aws_ecs_task_definition.load compute 3");
}
