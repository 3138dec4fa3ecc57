//! CloudFormation from its text to decisions: every intrinsic, every way to write a template, every join.

use crate::judged::{check, judge, judge_as, lines, underlined};

/// A service that runs on what `property` says, in a template with `sections` before.
#[track_caller]
fn service(sections: &str, property: &str, expected: &str) {
    let text = format!(
        "{sections}
Resources:
  Web:
    Type: AWS::ECS::Service
    Properties:
      Cluster: shared
      {property}
"
    );
    check(&text, &[expected]);
}

#[test]
fn intrinsics_in_long_and_short_form_say_the_same() {
    let sections = "
Parameters:
  Launch: {Type: String, Default: FARGATE}
  Part: {Type: String, Default: GATE}
  All: {Type: CommaDelimitedList, Default: 'EC2, FARGATE'}
  Env: {Type: String, Default: prod}
Mappings:
  Tiers: {prod: {launch: FARGATE, all: [EC2, FARGATE]}, dev: {launch: EC2, all: [EC2]}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Equals [a, a]]
  One: !Or [!Condition IsDev, !Equals ['0', 0]]
  LongProd: {'Fn::Equals': [{Ref: Env}, prod]}
  LongDev: {'Fn::Not': [{Condition: IsProd}]}
  LongBoth: {'Fn::And': [{Condition: IsProd}, {'Fn::Equals': [a, a]}]}
  LongOne: {'Fn::Or': [{Condition: IsDev}, {'Fn::Equals': ['0', 0]}]}
";
    for (short, long) in [
        ("!Ref Launch", "{Ref: Launch}"),
        ("!Sub '${Launch}'", "{'Fn::Sub': '${Launch}'}"),
        ("!Sub 'FAR${Part}'", "{'Fn::Sub': 'FAR${Part}'}"),
        (
            "!Sub ['FAR${X}', {X: !Ref Part}]",
            "{'Fn::Sub': ['FAR${X}', {X: {Ref: Part}}]}",
        ),
        (
            "!If [IsProd, FARGATE, EC2]",
            "{'Fn::If': [IsProd, FARGATE, EC2]}",
        ),
        (
            "!If [IsDev, EC2, FARGATE]",
            "{'Fn::If': [LongDev, EC2, FARGATE]}",
        ),
        (
            "!If [Both, FARGATE, EC2]",
            "{'Fn::If': [LongBoth, FARGATE, EC2]}",
        ),
        (
            "!If [One, FARGATE, EC2]",
            "{'Fn::If': [LongOne, FARGATE, EC2]}",
        ),
        (
            "!FindInMap [Tiers, !Ref Env, launch]",
            "{'Fn::FindInMap': [Tiers, {Ref: Env}, launch]}",
        ),
        (
            "!FindInMap [Tiers, none, launch, {DefaultValue: FARGATE}]",
            "{'Fn::FindInMap': [Tiers, none, launch, {DefaultValue: FARGATE}]}",
        ),
        ("!Select [1, !Ref All]", "{'Fn::Select': ['1', {Ref: All}]}"),
        (
            "!Select [1, [EC2, FARGATE]]",
            "{'Fn::Select': [1, [EC2, FARGATE]]}",
        ),
        (
            "!Select [1, !FindInMap [Tiers, prod, all]]",
            "{'Fn::Select': [1, {'Fn::FindInMap': [Tiers, prod, all]}]}",
        ),
        (
            "!Select [0, !Split ['-', FARGATE-x]]",
            "{'Fn::Select': [0, {'Fn::Split': ['-', FARGATE-x]}]}",
        ),
        (
            "!Join ['', [FAR, !Ref Part]]",
            "{'Fn::Join': ['', [FAR, {Ref: Part}]]}",
        ),
        (
            "!Select [!Length [a], !Ref All]",
            "{'Fn::Select': [{'Fn::Length': [a]}, {Ref: All}]}",
        ),
    ] {
        for value in [short, long] {
            let text = format!(
                "{sections}\nResources:\n  Web:\n    Type: AWS::ECS::Service\n    Properties:\n      LaunchType: {value}\n"
            );
            let judged = judge(&text);
            let decision = &judged.decisions[0];
            assert_eq!(decision.rung.number(), 2, "{value}");
            assert!(!decision.uncertain(), "{value}");
        }
    }
}

#[test]
fn what_no_template_tells_is_unknown() {
    let sections = "
Parameters:
  Free: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /launch}
";
    for value in [
        "!ImportValue launch",
        "{'Fn::ImportValue': launch}",
        "!ImportValue {'Fn::Sub': '${AWS::StackName}-launch'}",
        "!GetAtt Other.Arn",
        "{'Fn::GetAtt': [Other, Arn]}",
        "!Sub '${Other.Arn}'",
        "!Ref Made",
        "!GetAtt Made.Launch",
        "!Ref AWS::Region",
        "!Sub '${AWS::Region}'",
        "!Base64 FARGATE",
        "!Select [0, !GetAZs '']",
        "!Select [0, !Cidr [10.0.0.0/16, 1, 8]]",
        "!ToJsonString {a: b}",
        "{'Fn::Transform': {Name: Macro, Parameters: {}}}",
        "!Transform {Name: Macro, Parameters: {}}",
        "{'Fn::GetStackOutput': {StackName: a, OutputName: b}}",
        "!Ref Free",
        "!Ref Stored",
        "'{{resolve:ssm:/launch}}'",
        "!Sub '{{resolve:ssm:/launch}}'",
        "!Sub ['{{resolve:ssm:/${X}}}', {X: launch}]",
        "!Join ['', ['{{resolve:ssm:/', 'launch}}']]",
        "!Ref Nobody",
        "!FindInMap [Nothing, a, b]",
        "!If [Nothing, FARGATE, EC2]",
    ] {
        let text = format!(
            "{sections}\nResources:\n  Other: {{Type: AWS::SNS::Topic}}\n  Made: {{Type: Custom::Made}}\n  Web:\n    Type: AWS::ECS::Service\n    Properties:\n      LaunchType: {value}\n"
        );
        let judged = judge(&text);
        let decision = &judged.decisions[1];
        assert_eq!(decision.rung.number(), 2, "{value}");
        assert!(decision.uncertain(), "{value}");
        assert!(!decision.doubts[0].is_empty(), "{value}");
        assert!(
            decision
                .reachable
                .iter()
                .any(|reach| reach.rung.number() == 3),
            "{value}"
        );
    }
}

#[test]
fn no_value_is_no_property() {
    service("", "LaunchType: !Ref AWS::NoValue", "Web compute 3");
    service("", "LaunchType: {Ref: 'AWS::NoValue'}", "Web compute 3");
    service(
        "Conditions: {Yes: !Equals [a, a]}",
        "LaunchType: !If [Yes, FARGATE, !Ref AWS::NoValue]",
        "Web compute 2",
    );
    service(
        "Conditions: {No: !Equals [a, b]}",
        "LaunchType: !If [No, FARGATE, !Ref AWS::NoValue]",
        "Web compute 3",
    );
}

#[test]
fn a_mapping_by_region_is_one_of_its_values() {
    let same = "Mappings: {R: {eu-west-1: {launch: FARGATE}, us-east-1: {launch: FARGATE}}}";
    service(
        same,
        "LaunchType: !FindInMap [R, !Ref AWS::Region, launch]",
        "Web compute 2",
    );
    let mixed = "Mappings: {R: {eu-west-1: {launch: FARGATE}, us-east-1: {launch: EC2}}}";
    service(
        mixed,
        "LaunchType: !FindInMap [R, !Ref AWS::Region, launch]",
        "Web compute 2 uncertain (3 when `LaunchType` is `EC2`)",
    );
}

#[test]
fn scalars_compare_as_texts() {
    for (condition, rung) in [
        ("!Equals [0, '0']", 2),
        ("!Equals [8.0, 8]", 3),
        ("!Equals [yes, 'true']", 2),
        ("!Equals [True, 'true']", 2),
        ("!Equals ['yes', 'true']", 3),
        ("!Equals [0123, 83]", 2),
        ("!Equals ['0123', 83]", 3),
        ("!Equals ['', !Ref AWS::NoValue]", 3),
        ("!Equals [!Join [',', !Ref Names], 'a,b']", 2),
    ] {
        let text = format!(
            "
Parameters: {{Names: {{Type: CommaDelimitedList, Default: 'a,b'}}}}
Conditions: {{It: {condition}}}
Resources:
  Web:
    Type: AWS::ECS::Service
    Properties: {{LaunchType: !If [It, FARGATE, EC2]}}
"
        );
        let judged = judge(&text);
        assert_eq!(judged.decisions[0].rung.number(), rung, "{condition}");
    }
    // A minimum of `0` in any quotes is no minimum.
    check(
        "
Resources:
  A: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: 0}}}
  B: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: '0'}}}
  C: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: 0.5}}}
  D: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: '8'}}}
  E: {Type: AWS::RDS::DBCluster, Properties: {EngineMode: serverless, ScalingConfiguration: {AutoPause: no}}}
  F: {Type: AWS::RDS::DBCluster, Properties: {EngineMode: serverless, ScalingConfiguration: {AutoPause: 'true'}}}
",
        &[
            "A relational 1",
            "B relational 1",
            "C relational 2",
            "D relational 2",
            "E relational 2",
            "F relational 1",
        ],
    );
}

#[test]
fn json_is_read_like_yaml() {
    let text = r#"{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Parameters": {"Launch": {"Type": "String", "Default": "FARGATE", "AllowedValues": ["FARGATE", "EC2"]}},
  "Resources": {
    "Web": {"Type": "AWS::ECS::Service", "Properties": {"LaunchType": {"Ref": "Launch"}, "TaskDefinition": {"Ref": "Task"}}},
    "Task": {"Type": "AWS::ECS::TaskDefinition"}
  }
}"#;
    for name in ["stack.json", "stack.yaml", "stack.template", "anything"] {
        let judged = judge_as(name, text);
        assert_eq!(
            lines(&judged),
            ["Web compute 2 [Task] (3 when `Launch=EC2`)"],
            "{name}"
        );
        assert_eq!(
            underlined(&judged, "Web"),
            r#""LaunchType": {"Ref": "Launch"}"#
        );
    }
    // Flow style begins with a brace too.
    let flow = "{Resources: {Q: {Type: AWS::SQS::Queue}, W: {Type: 'AWS::EC2::Instance'}}}";
    assert_eq!(lines(&judge(flow)), ["Q messaging 1", "W compute 4"]);
    let named = judge_as("stack.json", flow);
    assert_eq!(lines(&named), ["Q messaging 1", "W compute 4"]);
    // What has the quotes of JSON is meant as JSON.
    let comma = r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}},}"#;
    assert_eq!(judge_as("stack.json", comma).problems.len(), 1);
}

#[test]
fn line_breaks_marks_and_encodings() {
    let text = "Resources:\n  W:\n    Type: AWS::EC2::Instance\n";
    let windows = text.replace('\n', "\r\n");
    let marked = format!("\u{feff}{text}");
    for text in [text, &*windows, &*marked] {
        let judged = judge(text);
        assert_eq!(lines(&judged), ["W compute 4"]);
        let start = judged.decisions[0].start;
        assert_eq!((start.line, start.column), (3, 11));
        assert_eq!(underlined(&judged, "W"), "AWS::EC2::Instance");
    }
    for little in [true, false] {
        let units = format!("\u{feff}{text}").encode_utf16().collect::<Vec<_>>();
        let bytes = units.iter().flat_map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        });
        let content =
            sfl::workspace::discover::sort(bytes.collect(), "w.yaml", false).expect("it is text");
        let sfl::workspace::discover::Content::Yaml(text) = content else {
            panic!("{content:?}");
        };
        assert_eq!(lines(&judge(&text)), ["W compute 4"]);
    }
}

#[test]
fn several_documents_are_several_templates() {
    check(
        "Resources: {A: {Type: AWS::EC2::Instance}}\n---\nkind: other\n---\nResources: {A: {Type: AWS::SQS::Queue}}\n",
        &["A compute 4", "A messaging 1"],
    );
}

#[test]
fn the_last_of_equal_keys_wins() {
    check(
        "
Resources:
  A: {Type: AWS::EC2::Instance}
  Web:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: EC2
      LaunchType: FARGATE
  A: {Type: AWS::SQS::Queue}
",
        &["Web compute 2", "A messaging 1"],
    );
}

#[test]
fn anchors_aliases_and_merge_keys() {
    let text = "
Resources:
  A: &service
    Type: AWS::ECS::Service
    Properties: &properties
      Cluster: shared
      LaunchType: EC2
  B: *service
  C:
    <<: *service
    Properties:
      <<: *properties
      LaunchType: FARGATE
  D:
    Type: AWS::ECS::Service
    Properties: {<<: *properties}
";
    check(
        text,
        &["A compute 3", "B compute 3", "C compute 2", "D compute 3"],
    );
    let judged = judge(text);
    assert_eq!(underlined(&judged, "A"), "LaunchType: EC2");
    assert_eq!(underlined(&judged, "C"), "LaunchType: FARGATE");
    let alias = "Resources:\n  A: &a {Type: AWS::EC2::Instance}\n  B: *a\n";
    let judged = judge(alias);
    assert_eq!(lines(&judged), ["A compute 4", "B compute 4"]);
    assert_eq!(underlined(&judged, "B"), "*a");
}

#[test]
fn empty_and_odd_parts() {
    let version = "AWSTemplateFormatVersion: '2010-09-09'\n";
    check(&format!("{version}Resources:\n"), &[]);
    check(&format!("{version}Resources: {{}}\n"), &[]);
    check(
        "Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Properties:\n",
        &["A compute 4"],
    );
    check(
        "Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Properties: []\n  B: text\n  C: {Properties: {}}\n",
        &["A compute 4"],
    );
    let judged = judge(
        "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  A: {Type: !Ref Kind}\n  B: {Type: {Ref: Kind}}\n  C: {Type: AWS::Nobody::Knows}\n  D: {Type: Nobody::Else::Knows}\n",
    );
    assert_eq!(lines(&judged), ["Q messaging 1"]);
    let unknown: Vec<&str> = judged.unknown_types.keys().map(String::as_str).collect();
    assert_eq!(
        unknown,
        [
            "!Ref Kind",
            "AWS::Nobody::Knows",
            "Nobody::Else::Knows",
            "{Ref: Kind}"
        ]
    );
    assert_eq!(
        judge("Resources: {A: {Type: x}}").not_templates,
        ["stack.yaml"]
    );
}

#[test]
fn transforms_in_any_form() {
    for transform in [
        "Transform: AWS::LanguageExtensions",
        "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]",
        "Transform: {Name: AWS::Include, Parameters: {Location: s3://b/t.yaml}}",
        "Transform:\n",
    ] {
        check(
            &format!("{transform}\nResources: {{Q: {{Type: AWS::SQS::Queue}}}}\n"),
            &["Q messaging 1"],
        );
    }
    // What a macro brings in is open.
    check(
        "
Resources:
  Web:
    Type: AWS::ECS::Service
    Properties:
      Cluster: shared
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/t.yaml}}
",
        &[
            "Web compute 2 uncertain (3 when `LaunchType` is `EC2`) (4 when `LaunchType` is `EXTERNAL`)",
        ],
    );
}

#[test]
fn loops_over_resources() {
    check(
        "
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'Red,Blue'}
  Third: {Type: String, Default: Green}
  Free: {Type: CommaDelimitedList}
Mappings: {Sets: {all: {list: [P, Q]}}}
Resources:
  Fn::ForEach::Literal:
    - Name
    - [A, B]
    - 'Queue${Name}': {Type: AWS::SQS::Queue}
  Fn::ForEach::Parameter:
    - Name
    - !Ref Names
    - 'Topic${Name}': {Type: AWS::SNS::Topic}
  Fn::ForEach::Outer:
    - X
    - [A, B]
    - Fn::ForEach::Inner:
        - Y
        - ['1', '2']
        - 'Bus${X}${Y}': {Type: AWS::Events::EventBus}
  Fn::ForEach::Free:
    - Name
    - !Ref Free
    - 'Pipe${Name}': {Type: AWS::Pipes::Pipe}
  Fn::ForEach::Mixed:
    - Name
    - [!Ref Third, 'a-b']
    - 'State&{Name}': {Type: AWS::StepFunctions::StateMachine}
  Fn::ForEach::Mapped:
    - Name
    - !FindInMap [Sets, all, list]
    - 'Bucket${Name}': {Type: AWS::S3::Bucket}
",
        &[
            "QueueA messaging 1",
            "QueueB messaging 1",
            "TopicRed messaging 1",
            "TopicBlue messaging 1",
            "BusA1 messaging 1",
            "BusA2 messaging 1",
            "BusB1 messaging 1",
            "BusB2 messaging 1",
            "Pipe${Name} messaging 1 uncertain",
            "StateGreen workflow 1",
            "Stateab workflow 1",
            "BucketP storage 1",
            "BucketQ storage 1",
        ],
    );
}

#[test]
fn a_loop_knows_its_variable_everywhere() {
    check(
        "
Transform: AWS::LanguageExtensions
Mappings: {Launch: {Web: {type: FARGATE}, Job: {type: EC2}}}
Conditions:
  Fn::ForEach::Conditions:
    - C
    - [Web, Job]
    - 'Is${C}': !Equals [!Ref C, Web]
Resources:
  Fn::ForEach::Services:
    - Name
    - [Web, Job]
    - '${Name}Service':
        Type: AWS::ECS::Service
        Properties:
          LaunchType: !FindInMap [Launch, !Ref Name, type]
          TaskDefinition: !Ref
            Fn::Sub: '${Name}Task'
      '${Name}Task':
        Type: AWS::ECS::TaskDefinition
        Properties: {Family: !Sub '${Name}-task'}
      '${Name}Other':
        Type: AWS::ECS::Service
        Properties:
          LaunchType: !If ['Is${Name}', FARGATE, EC2]
          TaskDefinition: !GetAtt '${Name}Task.TaskDefinitionArn'
      '${Name}Third':
        Type: AWS::ECS::Service
        Properties:
          LaunchType: FARGATE
          TaskDefinition: !Sub '${${Name}Task}'
",
        &[
            "WebService compute 2 [WebTask]",
            "WebOther compute 2 [WebTask]",
            "WebThird compute 2 [WebTask]",
            "JobService compute 3 [JobTask]",
            "JobOther compute 3 [JobTask]",
            "JobThird compute 2 [JobTask]",
        ],
    );
}

#[test]
fn loops_inside_of_properties() {
    check(
        "
Transform: AWS::LanguageExtensions
Resources:
  Web:
    Type: AWS::ECS::Service
    Properties:
      Fn::ForEach::Settings:
        - Name
        - [LaunchType, PropagateTags]
        - '${Name}': FARGATE
  Drain:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Fn::ForEach::Queues:
          - Queue
          - [A, B]
          - 'From${Queue}':
              Type: SQS
              Properties: {Queue: !Sub '${Queue}', ProvisionedPollerConfig: {MinimumPollers: 2}}
",
        &["Web compute 2", "Drain compute 2"],
    );
}

#[test]
fn use_follows_references_and_names_and_nothing_else() {
    let template = |link: &str| {
        format!(
            "
Parameters: {{Env: {{Type: String, Default: dev}}}}
Conditions: {{IsProd: !Equals [!Ref Env, prod]}}
Resources:
  Web:
    Type: AWS::ECS::Service
    {link}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {{Family: web, RequiresCompatibilities: [FARGATE]}}
"
        )
    };
    for used in [
        "!Ref Task",
        "{Ref: Task}",
        "!GetAtt Task.TaskDefinitionArn",
        "{'Fn::GetAtt': [Task, TaskDefinitionArn]}",
        "!Sub '${Task}'",
        "!Sub 'x-${Task.TaskDefinitionArn}'",
        "!Sub ['${T}', {T: !Ref Task}]",
        "!Join [':', [a, !Ref Task]]",
        "!Select [0, [!Ref Task]]",
        "!Select [0, !Split [':', !Ref Task]]",
        "!If [IsProd, !Ref Task, other]",
        "!If [IsProd, other, !Ref Task]",
        "!Base64 {Ref: Task}",
        "!ImportValue {'Fn::Sub': '${Task}'}",
        "!ToJsonString {a: [!Ref Task]}",
        "{'Fn::Transform': {Name: M, Parameters: {T: !Ref Task}}}",
        // The name that it bears is as good as a reference.
        "web",
        "'web:3'",
    ] {
        let link = format!("Properties: {{LaunchType: FARGATE, TaskDefinition: {used}}}");
        check(&template(&link), &["Web compute 2 [Task]"]);
    }
    for unused in [
        "DependsOn: Task\n    Properties: {LaunchType: FARGATE}",
        "DependsOn: [Task]\n    Properties: {LaunchType: FARGATE, TaskDefinition: Task}",
        "Properties: {LaunchType: FARGATE, TaskDefinition: website}",
        "Properties: {LaunchType: FARGATE, TaskDefinition: 'arn:${Task}'}",
        "Properties: {LaunchType: FARGATE, TaskDefinition: !Sub '${!Task}'}",
    ] {
        check(&template(unused), &["Web compute 2", "Task compute 2"]);
    }
}

#[test]
fn ecs_by_every_line_of_the_ladder() {
    // A task definition that several services use belongs to each.
    check(
        "
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  A: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Cluster, LaunchType: FARGATE, TaskDefinition: !Ref Task}}
  B: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Cluster, LaunchType: EC2, TaskDefinition: !Ref Task}}
  Task: {Type: AWS::ECS::TaskDefinition}
",
        &["A compute 2 [Cluster Task]", "B compute 3 [Cluster Task]"],
    );
    // No launch type: the cluster's default strategy decides, else EC2; an outside cluster has none.
    check(
        "
Resources:
  Fargate: {Type: AWS::ECS::Cluster, Properties: {DefaultCapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT}]}}
  Plain: {Type: AWS::ECS::Cluster}
  Later: {Type: AWS::ECS::Cluster}
  Association:
    Type: AWS::ECS::ClusterCapacityProviderAssociations
    Properties: {Cluster: !Ref Later, CapacityProviders: [FARGATE], DefaultCapacityProviderStrategy: [{CapacityProvider: FARGATE}]}
  A: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Fargate}}
  B: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Plain}}
  C: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Later}}
  D: {Type: AWS::ECS::Service, Properties: {Cluster: outside, TaskDefinition: !Ref Only}}
  E: {Type: AWS::ECS::Service, Properties: {Cluster: outside, TaskDefinition: !Ref Both}}
  F: {Type: AWS::ECS::Service, Properties: {}}
  Only: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [FARGATE]}}
  Both: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [FARGATE, EC2]}}
",
        &[
            "A compute 2 [Fargate]",
            "B compute 3 [Plain]",
            "C compute 2 [Later Association]",
            "D compute 2 [Only]",
            "E compute 3 [Both]",
            "F compute 3",
        ],
    );
    // A mixed strategy is instances; spot is Fargate.
    check(
        "
Resources:
  Spot: {Type: AWS::ECS::Service, Properties: {CapacityProviderStrategy: [{CapacityProvider: FARGATE}, {CapacityProvider: FARGATE_SPOT}]}}
  Mixed: {Type: AWS::ECS::Service, Properties: {CapacityProviderStrategy: [{CapacityProvider: FARGATE}, {CapacityProvider: !Ref Own}]}}
  Own: {Type: AWS::ECS::CapacityProvider, Properties: {AutoScalingGroupProvider: {AutoScalingGroupArn: !Ref Group}}}
  Group: {Type: AWS::AutoScaling::AutoScalingGroup}
  Far: {Type: AWS::ECS::Service, Properties: {LaunchType: EXTERNAL}}
",
        &["Spot compute 2", "Mixed compute 3 [Own Group]", "Far compute 4"],
    );
    // Task definitions without a service.
    check(
        "
Resources:
  A: {Type: AWS::ECS::TaskDefinition}
  B: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [FARGATE]}}
  C: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [FARGATE, EC2]}}
  D: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [EXTERNAL]}}
  Alone: {Type: AWS::ECS::Cluster}
",
        &[
            "A compute 3",
            "B compute 2",
            "C compute 2 uncertain (3 when something outside the template decides it)",
            "D compute 4",
        ],
    );
}

#[test]
fn instances_that_feed_an_ecs_cluster_are_its_members() {
    let cluster = "Cluster: {Type: AWS::ECS::Cluster}";
    let data = "Fn::Base64: !Sub 'echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config'";
    for (what, members) in [
        (
            format!("I: {{Type: AWS::EC2::Instance, Properties: {{UserData: {{{data}}}}}}}"),
            "I",
        ),
        (
            format!(
                "G: {{Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{LaunchTemplate: {{LaunchTemplateId: !Ref T, Version: !GetAtt T.LatestVersionNumber}}}}}}
  T: {{Type: AWS::EC2::LaunchTemplate, Properties: {{LaunchTemplateData: {{UserData: {{{data}}}}}}}}}"
            ),
            "G T",
        ),
        (
            format!(
                "G: {{Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{LaunchConfigurationName: !Ref T}}}}
  T: {{Type: AWS::AutoScaling::LaunchConfiguration, Properties: {{UserData: {{{data}}}}}}}"
            ),
            "G T",
        ),
        (
            "G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {LaunchConfigurationName: !Ref T}}
  T:
    Type: AWS::AutoScaling::LaunchConfiguration
    Metadata:
      AWS::CloudFormation::Init:
        config: {files: {/etc/ecs/ecs.config: {content: !Sub 'ECS_CLUSTER=${Cluster}'}}}"
                .to_owned(),
            "G T",
        ),
        (
            "G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {LaunchConfigurationName: outside}}
  P: {Type: AWS::ECS::CapacityProvider, Properties: {AutoScalingGroupProvider: {AutoScalingGroupArn: !Ref G}}}
  A: {Type: AWS::ECS::ClusterCapacityProviderAssociations, Properties: {Cluster: !Ref Cluster, CapacityProviders: [!Ref P]}}"
                .to_owned(),
            "G P A",
        ),
    ] {
        // Without a service the cluster is the decision.
        let alone = format!("Resources:\n  {cluster}\n  {what}\n");
        check(&alone, &[&*format!("Cluster compute 3 [{members}]")]);
        let served = format!(
            "Resources:\n  {cluster}\n  {what}\n  Web: {{Type: AWS::ECS::Service, Properties: {{Cluster: !Ref Cluster, LaunchType: EC2}}}}\n"
        );
        check(&served, &[&*format!("Web compute 3 [Cluster {members}]")]);
        // A service on Fargate does not take the instances of its cluster upon itself.
        let beside = served.replace("LaunchType: EC2", "LaunchType: FARGATE");
        check(
            &beside,
            &[&*format!("Cluster compute 3 [{members}]"), "Web compute 2"],
        );
    }
}

#[test]
fn eks_clusters_and_their_nodes() {
    check(
        "
Resources:
  Cluster: {Type: AWS::EKS::Cluster}
  Nodes: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: !Ref Cluster, LaunchTemplate: {Id: !Ref Node}}}
  Node: {Type: AWS::EC2::LaunchTemplate}
  Pods: {Type: AWS::EKS::FargateProfile, Properties: {ClusterName: !Ref Cluster}}
  Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {LaunchConfigurationName: !Ref Own}}
  Own: {Type: AWS::AutoScaling::LaunchConfiguration, Properties: {UserData: {'Fn::Base64': !Sub '/etc/eks/bootstrap.sh ${Cluster}'}}}
  Dns: {Type: AWS::EKS::Addon, Properties: {ClusterName: !Ref Cluster}}
",
        &["Cluster compute 3 [Nodes Node Pods Group Own Dns]"],
    );
    check(
        "Resources: {Nodes: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: outside}}}",
        &["Nodes compute 3"],
    );
}

#[test]
fn groups_templates_and_volumes() {
    check(
        "
Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: '1'}}
  Template: {Type: AWS::EC2::LaunchTemplate}
  Lonely: {Type: AWS::EC2::LaunchTemplate}
  One: {Type: AWS::EC2::Instance, Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Theirs}, Volumes: [{VolumeId: !Ref Disk, Device: /dev/sdh}]}}
  Two: {Type: AWS::EC2::Instance}
  Theirs: {Type: AWS::EC2::LaunchTemplate}
  Disk: {Type: AWS::EC2::Volume}
  Other: {Type: AWS::EC2::Volume}
  Attachment: {Type: AWS::EC2::VolumeAttachment, Properties: {InstanceId: !Ref Two, VolumeId: !Ref Other}}
  Free: {Type: AWS::EC2::Volume}
  Reserved: {Type: AWS::EC2::CapacityReservation}
",
        &[
            "Group compute 4 [Template]",
            "Lonely compute 4",
            "One compute 4 [Theirs Disk]",
            "Two compute 4 [Other Attachment]",
            "Free storage 2",
        ],
    );
}

#[test]
fn databases_and_their_instances() {
    check(
        "
Resources:
  Zero: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: 0}}}
  ZeroOne: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref Zero, DBInstanceClass: db.serverless}}
  Mixed: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: 0}}}
  MixedOne: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref Mixed, DBInstanceClass: db.serverless}}
  MixedTwo: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref Mixed, DBInstanceClass: db.r6g.large}}
  Limitless: {Type: AWS::RDS::DBCluster}
  Shards: {Type: AWS::RDS::DBShardGroup, Properties: {DBClusterIdentifier: !Ref Limitless}}
  Main: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres}}
  Replica: {Type: AWS::RDS::DBInstance, Properties: {SourceDBInstanceIdentifier: !Ref Main}}
  Second: {Type: AWS::RDS::DBInstance, Properties: {SourceDBInstanceIdentifier: !Ref Replica}}
  Far: {Type: AWS::RDS::DBInstance, Properties: {SourceDBInstanceIdentifier: arn:aws:rds:x}}
  Custom: {Type: AWS::RDS::DBInstance, Properties: {Engine: custom-sqlserver-ee}}
",
        &[
            "Zero relational 1 [ZeroOne]",
            "Mixed relational 3 [MixedOne MixedTwo]",
            "Limitless relational 2 [Shards]",
            "Main relational 3 [Replica Second]",
            "Far relational 3",
            "Custom relational 4",
        ],
    );
}

#[test]
fn queues_for_dead_letters() {
    check(
        "
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}}}
  Failed: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn}}}
  Lost: {Type: AWS::SQS::Queue}
  Send: {Type: AWS::Lambda::Function, Properties: {DeadLetterConfig: {TargetArn: !GetAtt Unsent.Arn}}}
  Unsent: {Type: AWS::SQS::Queue}
  Both: {Type: AWS::SQS::Queue}
  A: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Both.Arn}}}
  B: {Type: AWS::Lambda::Function, Properties: {DeadLetterConfig: {TargetArn: !GetAtt Both.Arn}}}
  Read: {Type: AWS::SQS::Queue}
  C: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Read.Arn}}}
  Reader: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Read.Arn, FunctionName: outside}}
  ReadPolicy: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Failed]}}
",
        &[
            "Orders messaging 1 [Failed Lost ReadPolicy]",
            "Send compute 1 [Unsent]",
            "A messaging 1 [Both]",
            "B compute 1 [Both]",
            "Read messaging 1",
            "C messaging 1",
        ],
    );
    // A ring of queues is one decision.
    check(
        "
Resources:
  A: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt B.Arn}}}
  B: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt A.Arn}}}
",
        &["A messaging 1 [B]"],
    );
}

#[test]
fn batch_fleets_pools_and_rules() {
    check(
        "
Resources:
  Env: {Type: AWS::Batch::ComputeEnvironment, Properties: {Type: MANAGED, ComputeResources: {Type: FARGATE}}}
  Queue: {Type: AWS::Batch::JobQueue, Properties: {ComputeEnvironmentOrder: [{ComputeEnvironment: !Ref Env}]}}
  Job: {Type: AWS::Batch::JobDefinition}
",
        &["Env compute 2 [Queue Job]"],
    );
    check(
        "
Resources:
  Fleet: {Type: AWS::CodeBuild::Fleet, Properties: {BaseCapacity: 1}}
  Project: {Type: AWS::CodeBuild::Project, Properties: {Environment: {Fleet: {FleetArn: !Ref Fleet}}}}
  Plain: {Type: AWS::CodeBuild::Project}
",
        &["Project build 2 [Fleet]", "Plain build 1"],
    );
    check(
        "
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
  Identity: {Type: AWS::Cognito::IdentityPool, Properties: {CognitoIdentityProviders: [{ClientId: !Ref Client, ProviderName: !GetAtt Pool.ProviderName}]}}
  Guests: {Type: AWS::Cognito::IdentityPool}
",
        &["Pool identity 1 [Client Identity]", "Guests identity 1"],
    );
    check(
        "
Resources:
  Bus: {Type: AWS::Events::EventBus}
  Paid: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref Bus}}
  Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day)}}
  Nested: {Type: AWS::CloudFormation::Stack}
",
        &["Bus messaging 1 [Paid]"],
    );
}

#[test]
fn lambda_and_its_parts() {
    check(
        "
Resources:
  Api: {Type: AWS::Lambda::Function}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Api}}
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref Api
      FunctionVersion: !GetAtt Version.Version
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Live}}
  Other: {Type: AWS::Lambda::Function}
  Source: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Other, EventSourceArn: x}}
",
        &["Api compute 2 [Version Live Url]", "Other compute 1 [Source]"],
    );
}

#[test]
fn reasons_stand_beside_what_they_settle() {
    let judged = judge(
        "
Resources:
  # sfl: because=licence reason=\"the vendor counts sockets, so it needs a host\"
  A: {Type: AWS::EC2::Instance}
  B: # sfl: because=hardware reason=\"a capture card sits in this very machine\"
    Type: AWS::EC2::Instance
  C:
    Type: AWS::EC2::Instance
    Metadata: {sfl: {because: migration, reason: moves to Fargate with the next release, expires: 2099-01-01}}
  D: {Type: AWS::EC2::Instance}
",
    );
    let open: Vec<&str> = judged
        .findings
        .iter()
        .filter_map(|f| f.address.as_deref())
        .collect();
    assert_eq!(open, ["D"]);
}

#[test]
fn select_takes_one_element_and_no_other() {
    for (template, members) in [
        ("!Select [1, [!Ref One, !Ref Two]]", "[Two]"),
        ("{'Fn::Select': ['0', [!Ref One, !Ref Two]]}", "[One]"),
        ("!Select [0, !If [Is, [!Ref One], [!Ref Two]]]", "[One Two]"),
        ("!Select [!Ref At, [!Ref One, !Ref Two]]", "[One Two]"),
        // Without the first, the second moves up.
        (
            "!Select [0, [!If [Is, !Ref One, !Ref AWS::NoValue], !Ref Two]]",
            "[One Two]",
        ),
    ] {
        let text = format!(
            "
Parameters:
  At: {{Type: Number, Default: 0}}
Conditions:
  Is: !Equals [!Ref At, 0]
Resources:
  One: {{Type: AWS::EC2::LaunchTemplate, Properties: {{LaunchTemplateData: {{ImageId: ami-1}}}}}}
  Two: {{Type: AWS::EC2::LaunchTemplate, Properties: {{LaunchTemplateData: {{ImageId: ami-1}}}}}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {{LaunchTemplate: {{LaunchTemplateId: {template}, Version: 1}}}}
"
        );
        let expected = format!("Group compute 4 {members}");
        assert!(
            lines(&judge(&text)).contains(&expected),
            "{template}\n{:?}",
            lines(&judge(&text))
        );
    }
}
