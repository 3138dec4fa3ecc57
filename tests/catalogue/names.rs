//! `Ref` and `Fn::GetAtt` that take a function: its value is the name.

use crate::judged::{check, judge_as, lines};

/// A group and the template that it starts from, which it names as `reference` says.
fn group(reference: &str) -> String {
    format!(
        "
Transform: AWS::LanguageExtensions
Parameters:
  Colour: {{Type: String, Default: Red}}
  Other: {{Type: String}}
Mappings: {{Starts: {{Red: {{from: RedStart}}}}}}
Conditions: {{IsRed: !Equals [!Ref Colour, Red]}}
Resources:
  Fleet:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {{MinSize: '1', MaxSize: '2', LaunchTemplate: {{LaunchTemplateId: {reference}, Version: '1'}}}}
  RedStart: {{Type: AWS::EC2::LaunchTemplate, Properties: {{LaunchTemplateData: {{ImageId: ami-1}}}}}}
"
    )
}

#[test]
fn what_a_function_gives_is_the_name() {
    for reference in [
        "!Ref {'Fn::Sub': '${Colour}Start'}",
        "{Ref: !Sub '${Colour}Start'}",
        "{Ref: {'Fn::Sub': '${Colour}Start'}}",
        "!Ref {'Fn::Join': ['', [!Ref Colour, Start]]}",
        "!Ref {'Fn::FindInMap': [Starts, !Ref Colour, from]}",
        "!Ref {'Fn::FindInMap': [Starts, !Ref AWS::Region, from]}",
        "!Ref {'Fn::Select': [0, [RedStart, Nothing]]}",
        "!Ref {'Fn::If': [IsRed, RedStart, Nothing]}",
        "!Ref {'Fn::If': [IsRed, Nothing, RedStart]}",
        "!GetAtt [!Sub '${Colour}Start', LaunchTemplateId]",
        "{'Fn::GetAtt': [{'Fn::Sub': '${Colour}Start'}, LaunchTemplateId]}",
        "{'Fn::GetAtt': [RedStart, !Sub '${Colour}Id']}",
        "!GetAtt {'Fn::Sub': '${Colour}Start.LaunchTemplateId'}",
        "!If [IsRed, !Ref {'Fn::Sub': '${Colour}Start'}, lt-1]",
    ] {
        check(&group(reference), &["Fleet compute 4 [RedStart]"]);
    }
    // A function that is not known, or names nothing of the stack, joins nothing.
    for reference in [
        "!Ref {'Fn::Sub': '${Other}Start'}",
        "!Ref {'Fn::Sub': '${Colour}Begin'}",
        "!Sub '${Colour}Start'",
        "!GetAtt [!Ref Other, LaunchTemplateId]",
    ] {
        check(
            &group(reference),
            &["Fleet compute 4", "RedStart compute 4"],
        );
    }
}

#[test]
fn a_function_may_name_a_parameter() {
    let service = |launch: &str| {
        format!(
            "
Parameters:
  Stage: {{Type: String, Default: Blue, AllowedValues: [Blue, Green]}}
  LaunchBlue: {{Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2]}}
Resources:
  Api: {{Type: AWS::ECS::Service, Properties: {{LaunchType: {launch}}}}}
"
        )
    };
    check(
        &service("!Ref {'Fn::Sub': 'Launch${Stage}'}"),
        &["Api compute 2 (3 when `LaunchBlue=EC2`)"],
    );
    check(
        &service("!Ref {'Fn::Sub': 'LaunchBlue'}"),
        &["Api compute 2 (3 when `LaunchBlue=EC2`)"],
    );
    check(
        &service("!Ref {'Fn::Sub': 'AWS::NoValue'}"),
        &["Api compute 3"],
    );
}

#[test]
fn a_loop_refers_to_its_own_resources_in_both_syntaxes() {
    let yaml = "
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Pair:
    - Kind
    - [Mail, Print]
    - '${Kind}Worker':
        Type: AWS::ECS::Service
        DependsOn: !Sub '${Kind}Definition'
        Properties:
          LaunchType: FARGATE
          TaskDefinition: !Ref
            Fn::Sub: '${Kind}Definition'
      '${Kind}Definition':
        Type: AWS::ECS::TaskDefinition
        Properties: {RequiresCompatibilities: [FARGATE]}
";
    let json = r#"{"Transform": "AWS::LanguageExtensions", "Resources": {
        "Fn::ForEach::Pair": ["Kind", ["Mail", "Print"], {
            "${Kind}Worker": {"Type": "AWS::ECS::Service", "Properties": {"LaunchType": "FARGATE",
                "TaskDefinition": {"Ref": {"Fn::Join": ["", ["${Kind}", "Definition"]]}}}},
            "${Kind}Definition": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"RequiresCompatibilities": ["FARGATE"]}}
        }]}}"#;
    let expected = [
        "MailWorker compute 2 [MailDefinition]",
        "PrintWorker compute 2 [PrintDefinition]",
    ];
    check(yaml, &expected);
    assert_eq!(lines(&judge_as("stack.json", json)), expected);
}

#[test]
fn a_name_of_a_loop_over_unknown_values_is_that_of_the_same_round() {
    let pairs = |reference: &str| {
        format!(
            "
Transform: AWS::LanguageExtensions
Parameters:
  Sides: {{Type: CommaDelimitedList}}
  Other: {{Type: String}}
Resources:
  Fn::ForEach::Pairs:
    - Side
    - !Ref Sides
    - 'Kit${{Side}}': {{Type: AWS::EC2::LaunchTemplate, Properties: {{LaunchTemplateData: {{ImageId: ami-1}}}}}}
      'Team${{Side}}': {{Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{MinSize: '1', MaxSize: '2', LaunchTemplate: {{LaunchTemplateId: {reference}, Version: '1'}}}}}}
"
        )
    };
    for reference in [
        "!Ref 'Kit${Side}'",
        "{Ref: {'Fn::Sub': 'Kit${Side}'}}",
        "{Ref: {'Fn::Join': ['', [Kit, !Ref Side]]}}",
        "{'Fn::GetAtt': [{'Fn::Sub': 'Kit${Side}'}, LaunchTemplateId]}",
    ] {
        check(
            &pairs(reference),
            &["Team${Side} compute 4 uncertain [Kit${Side}]"],
        );
    }
    for reference in [
        "{Ref: {'Fn::Sub': 'Kit${Other}'}}",
        "{Ref: {'Fn::Sub': 'Kat${Side}'}}",
        "{Ref: {'Fn::Sub': '${Side}'}}",
    ] {
        let all = lines(&judge_as("stack.yaml", &pairs(reference)));
        assert_eq!(all.len(), 2, "{reference}: {all:?}");
        assert!(all.iter().all(|line| !line.contains('[')), "{all:?}");
    }
}
