//! What the template leaves open: defaults, reachable rungs, conditions, unknown values, and texts made to hurt.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::judged::{check, finding, judge, judge_as, judge_strictly, lines, underlined};

#[test]
fn the_default_decides_and_other_values_are_named() {
    check(
        "
Parameters:
  Launch: {Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2, EXTERNAL]}
  Free: {Type: String, Default: FARGATE}
  Mode: {Type: String, Default: PAY_PER_REQUEST}
  Size: {Type: String, Default: big}
Resources:
  A: {Type: AWS::ECS::Service, Properties: {LaunchType: !Ref Launch}}
  B: {Type: AWS::ECS::Service, Properties: {LaunchType: !Ref Free}}
  C: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !Ref Mode}}
  D: {Type: AWS::EC2::Instance, Properties: {InstanceType: !Ref Size}}
",
        &[
            "A compute 2 (3 when `Launch=EC2`) (4 when `Launch=EXTERNAL`)",
            "B compute 2 (3 when `Free=EC2`) (4 when `Free=EXTERNAL`)",
            "C nosql 1 (2 when `Mode=PROVISIONED`)",
            "D compute 4",
        ],
    );
}

#[test]
fn a_value_that_nobody_names_is_none_of_those_that_have_a_name_and_not_the_default() {
    let table = |stage: &str| {
        format!(
            "
Parameters:
  Stage: {{Type: String, Default: {stage}}}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsTest: !Equals [!Ref Stage, test]
Resources:
  Carts:
    Type: AWS::DynamoDB::Table
    Properties: {{BillingMode: !If [IsLive, PAY_PER_REQUEST, !If [IsTest, PAY_PER_REQUEST, PROVISIONED]]}}
"
        )
    };
    let others = "Carts nosql 1 (2 when `Stage` other than `live` and `test`)";
    check(&table("test"), &[others]);
    check(&table("live"), &[others]);
    // By default it is such a value itself.
    check(
        &table("dev"),
        &["Carts nosql 2 (1 when `Stage=live` or `Stage=test`)"],
    );
}

#[test]
fn a_value_behind_an_undecided_condition_is_named_for_what_it_alone_brings() {
    check(
        "
Parameters:
  Region: {Type: String}
  Busy: {Type: String, Default: 'no', AllowedValues: ['yes', 'no']}
  Mode: {Type: String, Default: PAY_PER_REQUEST, AllowedValues: [PAY_PER_REQUEST, PROVISIONED]}
  Free: {Type: String, Default: FARGATE}
Conditions:
  Home: !Equals [!Ref Region, eu]
  Loaded: !Equals [!Ref Busy, 'yes']
  Both: !And [!Condition Home, !Condition Loaded]
Resources:
  Direct: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !If [Home, !Ref Mode, PAY_PER_REQUEST]}}
  Joint: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !If [Both, PROVISIONED, PAY_PER_REQUEST]}}
  Nested: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !If [Loaded, !If [Home, PROVISIONED, PAY_PER_REQUEST], PAY_PER_REQUEST]}}
  Never: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !If [Home, PAY_PER_REQUEST, PAY_PER_REQUEST]}}
  Launch: {Type: AWS::ECS::Service, Properties: {LaunchType: !If [Home, !Ref Free, FARGATE]}}
  Else: {Type: AWS::ECS::Service, Properties: {LaunchType: !If [Home, !Ref Free, EC2]}}
",
        &[
            "Direct nosql 1 (2 when `Mode=PROVISIONED`)",
            "Joint nosql 1 (2 when `Busy=yes`)",
            "Nested nosql 1 (2 when `Busy=yes`)",
            "Never nosql 1",
            "Launch compute 2 (3 when `Free=EC2`) (4 when `Free=EXTERNAL`)",
            "Else compute 2 uncertain (3 when `Region` other than `eu` or `Free=EC2`) (4 when `Free=EXTERNAL`)",
        ],
    );
}

#[test]
fn each_parameter_is_varied_alone() {
    check(
        "
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, test, prod]}
  Launch: {Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2]}
  Minimum: {Type: Number, Default: 0}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsBig: !Or [!Condition IsProd, !Equals [!Ref Env, test]]
Mappings: {Sizes: {dev: {min: 0}, test: {min: 0}, prod: {min: 2}}}
Resources:
  A: {Type: AWS::ECS::Service, Properties: {LaunchType: !If [IsProd, EC2, !Ref Launch]}}
  B: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: !FindInMap [Sizes, !Ref Env, min]}}}
  C: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: !Ref Minimum}}}
  D: {Type: AWS::ECS::Service, Properties: {LaunchType: !If [IsBig, EC2, FARGATE]}}
",
        &[
            "A compute 2 (3 when `Env=prod` or `Launch=EC2`)",
            "B relational 1 (2 when `Env=prod`)",
            "C relational 1 (2 when `Minimum` above 0)",
            "D compute 2 (3 when `Env=test` or `Env=prod`)",
        ],
    );
}

#[test]
fn the_bounds_of_a_parameter_rule_values_out() {
    check(
        "
Parameters:
  Any: {Type: Number, Default: 1}
  Half: {Type: Number, Default: 1, MinValue: 0.5}
  Open: {Type: Number, MinValue: 0.5}
  Free: {Type: Number, MinValue: 0}
  None: {Type: Number, Default: 0, MaxValue: 0}
Resources:
  A: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: !Ref Any}}}
  B: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: !Ref Half}}}
  C: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: !Ref Open}}}
  D: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: !Ref Free}}}
  E: {Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: !Ref None}}}
",
        &[
            "A relational 2 (1 when `Any=0`)",
            "B relational 2",
            "C relational 2",
            "D relational 1 uncertain (2 when `Free` above 0)",
            "E relational 1",
        ],
    );
}

#[test]
fn one_value_can_open_a_question_that_names_further_ones() {
    check(
        "
Parameters:
  Ready: {Type: Number, Default: 0}
Conditions:
  Warm: !Not [!Equals [!Ref Ready, 0]]
Resources:
  A: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}
  B:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref A
      ProvisionedPollerConfig: !If [Warm, {MinimumPollers: !Ref Ready}, !Ref AWS::NoValue]
",
        &["A compute 1 [B] (2 when `Ready` above 0)"],
    );
}

#[test]
fn where_nothing_decides_the_best_is_assumed_or_the_worst() {
    let text = "
Parameters:
  Free: {Type: String}
  Some: {Type: String, AllowedValues: [FARGATE, EC2]}
  Same: {Type: String, AllowedValues: [FARGATE, FARGATE]}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /mode}
Resources:
  A: {Type: AWS::ECS::Service, Properties: {LaunchType: !Ref Free}}
  B: {Type: AWS::ECS::Service, Properties: {LaunchType: !Ref Some}}
  C: {Type: AWS::ECS::Service, Properties: {LaunchType: !Ref Same}}
  D: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !Ref Stored}}
  E: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !ImportValue mode}}
";
    check(
        text,
        &[
            "A compute 2 uncertain (3 when `Free=EC2`) (4 when `Free=EXTERNAL`)",
            "B compute 2 uncertain (3 when `Some=EC2`)",
            "C compute 2",
            "D nosql 1 uncertain (2 when the value at `/mode` is `PROVISIONED`)",
            "E nosql 1 uncertain (2 when `BillingMode` is `PROVISIONED`)",
        ],
    );
    let strict = judge_strictly(text);
    assert_eq!(
        lines(&strict),
        [
            "A compute 4 uncertain (2 when `Free=FARGATE`) (3 when `Free=EC2`)",
            "B compute 3 uncertain (2 when `Some=FARGATE`)",
            "C compute 2",
            "D nosql 2 uncertain (1 when the value at `/mode` is `PAY_PER_REQUEST`)",
            "E nosql 2 uncertain (1 when `BillingMode` is `PAY_PER_REQUEST`)",
        ]
    );
}

#[test]
fn the_cause_of_a_doubt_is_said() {
    let judged = judge(
        "
Parameters:
  Free: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /mode}
Resources:
  A: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !Ref Free}}
  B: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !Ref Stored}}
  C: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !ImportValue mode}}
",
    );
    let doubts: Vec<&str> = judged.decisions.iter().map(|d| &*d.doubts[0]).collect();
    assert_eq!(
        doubts,
        [
            "`Free` has no default",
            "`Stored` is looked up when deployed",
            "`mode` is exported by another stack"
        ]
    );
}

#[test]
fn a_deciding_block_that_may_be_absent() {
    check(
        "
Parameters: {Env: {Type: String, Default: dev}, Other: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Env, prod], IsOther: !Equals [!Ref Other, x]}
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      ProvisionedConcurrencyConfig: !If [IsProd, {ProvisionedConcurrentExecutions: 5}, !Ref AWS::NoValue]
  B:
    Type: AWS::Serverless::Function
    Properties:
      ProvisionedConcurrencyConfig: !If [IsOther, {ProvisionedConcurrentExecutions: 5}, !Ref AWS::NoValue]
  C:
    Type: AWS::RDS::DBCluster
    Properties:
      EngineMode: serverless
      ScalingConfiguration: !If [IsOther, {AutoPause: false}, !Ref AWS::NoValue]
  D: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: !If [IsOther, PAY_PER_REQUEST, !Ref AWS::NoValue]}}
",
        &[
            "A compute 1 (2 when `Env=prod`)",
            "B compute 1 uncertain (2 when `Other=x`)",
            "C relational 1 uncertain (2 when `Other=x`)",
            "D nosql 1 uncertain (2 when `Other` other than `x`)",
        ],
    );
}

#[test]
fn lists_of_known_and_unknown_entries() {
    check(
        "
Parameters: {P: {Type: String}, Env: {Type: String, Default: dev}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  A: {Type: AWS::ECS::Service, Properties: {CapacityProviderStrategy: [{CapacityProvider: FARGATE}, {CapacityProvider: !Ref P}]}}
  B: {Type: AWS::ECS::Service, Properties: {CapacityProviderStrategy: [{CapacityProvider: own}, {CapacityProvider: !Ref P}]}}
  C:
    Type: AWS::ECS::Service
    Properties:
      CapacityProviderStrategy:
        - {CapacityProvider: FARGATE}
        - !If [IsProd, {CapacityProvider: own}, !Ref AWS::NoValue]
  D: {Type: AWS::ECS::Service, Properties: {CapacityProviderStrategy: !If [IsProd, [{CapacityProvider: own}], [{CapacityProvider: FARGATE}]]}}
",
        &[
            "A compute 2 uncertain (3 when `P` other than `FARGATE` and `FARGATE_SPOT`)",
            "B compute 3",
            "C compute 2 (3 when `Env=prod`)",
            "D compute 2 (3 when `Env=prod`)",
        ],
    );
}

#[test]
fn conditional_resources_are_reported_and_named_so() {
    check(
        "
Parameters: {Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  A: {Type: AWS::EC2::Instance, Condition: IsProd}
  B: {Type: AWS::EC2::Instance, Condition: Undefined}
  C: {Type: AWS::EC2::Instance}
",
        &[
            "A compute 4 conditional",
            "B compute 4 conditional",
            "C compute 4",
        ],
    );
}

#[test]
fn alternatives_see_their_own_condition_as_true() {
    check(
        "
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Kind: {Type: String, Default: a, AllowedValues: [a, b, c]}
  Flag: {Type: String, Default: 'false'}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  IsB: !Equals [!Ref Kind, b]
  NotA: !Not [!Equals [!Ref Kind, a]]
  ProdAndB: !And [!Condition IsProd, !Condition IsB]
  BOrC: !Or [!Condition IsB, !Equals [!Ref Kind, c]]
  IsOn: !Equals [!Ref Flag, 'true']
Mappings:
  Launch: {dev: {type: FARGATE}, prod: {type: EC2}}
  Kinds: {a: {type: FARGATE}, b: {type: EC2}, c: {type: EXTERNAL}}
Resources:
  A: {Type: AWS::ECS::Service, Condition: IsProd, Properties: {LaunchType: !FindInMap [Launch, !Ref Env, type]}}
  B: {Type: AWS::ECS::Service, Condition: IsDev, Properties: {LaunchType: !FindInMap [Launch, !Ref Env, type]}}
  C: {Type: AWS::ECS::Service, Condition: IsProd, Properties: {LaunchType: !If [IsDev, EC2, FARGATE]}}
  D: {Type: AWS::ECS::Service, Condition: ProdAndB, Properties: {LaunchType: !If [IsB, EC2, FARGATE]}}
  E: {Type: AWS::ECS::Service, Condition: NotA, Properties: {LaunchType: !FindInMap [Kinds, !Ref Kind, type]}}
  F: {Type: AWS::ECS::Service, Condition: BOrC, Properties: {LaunchType: !FindInMap [Kinds, !Ref Kind, type]}}
  G: {Type: AWS::ECS::Service, Condition: IsOn, Properties: {LaunchType: !If [IsOn, FARGATE, EC2]}}
",
        &[
            "A compute 3 conditional",
            "B compute 2 conditional",
            "C compute 2 conditional",
            "D compute 3 conditional",
            "E compute 3 conditional (4 when `Kind=c`)",
            "F compute 3 conditional (4 when `Kind=c`)",
            "G compute 2 conditional",
        ],
    );
}

#[test]
fn members_that_may_not_exist() {
    let template = |function: &str, alias: &str| {
        format!(
            "
Parameters: {{Env: {{Type: String, Default: dev}}, Other: {{Type: String}}}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsOther: !Equals [!Ref Other, x]
  Always: !Equals [a, a]
Resources:
  Api: {{Type: AWS::Lambda::Function{function}}}
  Live:
    Type: AWS::Lambda::Alias
{alias}
    Properties: {{FunctionName: !Ref Api, ProvisionedConcurrencyConfig: {{ProvisionedConcurrentExecutions: 5}}}}
"
        )
    };
    for (function, alias, expected) in [
        ("", "", "Api compute 2 [Live]"),
        (
            "",
            "    Condition: IsProd",
            "Api compute 1 [Live] (2 when `Env=prod`)",
        ),
        (
            "",
            "    Condition: IsOther",
            "Api compute 1 uncertain [Live] (2 when `Other=x`)",
        ),
        ("", "    Condition: Always", "Api compute 2 [Live]"),
        (
            ", Condition: IsProd",
            "    Condition: IsProd",
            "Api compute 2 conditional [Live]",
        ),
        (
            ", Condition: IsOther",
            "    Condition: IsOther",
            "Api compute 2 conditional [Live]",
        ),
    ] {
        check(&template(function, alias), &[expected]);
    }
    // Instances under a condition make a decision of their cluster, which is then conditional.
    check(
        "
Parameters: {Env: {Type: String, Default: dev}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  Machine:
    Type: AWS::EC2::Instance
    Condition: IsProd
    Properties: {UserData: {'Fn::Base64': !Sub 'ECS_CLUSTER=${Cluster}'}}
",
        &["Cluster compute 3 conditional [Machine]"],
    );
}

#[test]
fn what_decides_is_underlined() {
    let judged = judge(
        "
Parameters:
  Launch: {Type: String, Default: EC2}
Resources:
  A:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: !Ref Launch
  B:
    Type: AWS::DynamoDB::Table
  C:
    Type: AWS::Lambda::Function
  CLive:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref C
      ProvisionedConcurrencyConfig:
        ProvisionedConcurrentExecutions: 5
",
    );
    assert_eq!(underlined(&judged, "A"), "LaunchType: !Ref Launch");
    assert_eq!(underlined(&judged, "B"), "AWS::DynamoDB::Table");
    assert_eq!(underlined(&judged, "C"), "AWS::Lambda::Function");
    let related = &finding(&judged, "C").related[0];
    assert_eq!(
        related.span.of(related.source.text()),
        "ProvisionedConcurrentExecutions: 5"
    );
    let related = &finding(&judged, "A").related[0];
    assert_eq!(related.message, "`Launch` is `EC2` by default");
}

#[test]
fn files_that_are_no_templates_and_texts_that_are_broken() {
    let other = judge("kind: Deployment\n");
    assert_eq!(other.not_templates, ["stack.yaml"]);
    assert!(other.problems.is_empty() && other.findings.is_empty());
    for (name, text) in [
        ("stack.yaml", "Resources:\n  A: {Type: AWS::SQS::Queue\n"),
        (
            "stack.json",
            "{\"Resources\": {\"A\": {\"Type\": \"AWS::SQS::Queue\"}",
        ),
        ("any", "Resources:\n\tA: {Type: AWS::SQS::Queue}\n"),
    ] {
        let judged = judge_as(name, text);
        let [problem] = &judged.problems[..] else {
            panic!("{name}: {:?}", judged.problems);
        };
        let finding = problem.clone().into_finding();
        assert!(finding.code.is_about_input(), "{name}");
        assert!(finding.positions().0.line >= 1, "{name}");
    }
    // Walked, they are sorted out by what they hold.
    let sorted = |text: &[u8]| sfl::workspace::discover::sort(text.to_vec(), "x.yaml", false);
    assert!(matches!(
        sorted(b"kind: Pod\n"),
        Ok(sfl::workspace::discover::Content::Nothing)
    ));
    assert!(matches!(
        sorted(b"\xff\xff\xff"),
        Ok(sfl::workspace::discover::Content::Nothing)
    ));
    assert!(sorted(b"Resources:\n  A: {Type: AWS::SQS::Queue} # \xff\n").is_err());
}

/// Judges a text that is made to hurt: in time, and without a fault inside.
#[track_caller]
fn survives(text: &str) -> Vec<String> {
    let start = Instant::now();
    let judged = judge(text);
    let took = start.elapsed();
    // Far above what it takes on a busy machine, far below what anything but linear work would take.
    assert!(took < Duration::from_secs(60), "{took:?}");
    assert!(judged.problems.is_empty(), "{:?}", judged.problems);
    lines(&judged)
}

#[test]
fn alias_bombs() {
    let mut text = "x0: &x0 {a: !Ref Q}\n".to_owned();
    for at in 1..40 {
        let _ = writeln!(
            text,
            "x{at}: &x{at} [{0}, {0}, {0}, {0}]",
            format!("*x{}", at - 1)
        );
    }
    let _ = writeln!(text, "m0: &m0 {{a: 1}}");
    for at in 1..40 {
        let before = at - 1;
        let _ = writeln!(
            text,
            "m{at}: &m{at} {{a: {{<<: *m{before}}}, b: {{<<: *m{before}}}, c: *m{before}}}"
        );
    }
    let bomb = format!(
        "{text}Globals: {{Function: {{Environment: *m39, Tags: *m39}}}}
Resources:
  Q: {{Type: AWS::SQS::Queue}}
  W: {{Type: AWS::ECS::Service, Properties: {{LaunchType: *x39, Tags: *x39, Volumes: *m39}}}}
  F: {{Type: AWS::Serverless::Function, Properties: {{Environment: *m39, Tags: *m39, Events: *m39}}}}
  S: {{Type: AWS::ECS::Service, Properties: {{CapacityProviderStrategy: *x39}}}}
"
    );
    assert_eq!(survives(&bomb).len(), 4);
}

#[test]
fn conditions_in_rings_and_bombs() {
    let mut text = "Parameters: {P: {Type: String}}\nConditions:\n  Self: !Condition Self\n  A: !And [!Condition A, !Condition B, !Condition B]\n  B: !Not [!Condition A]\n  C0: !Equals [!Ref P, x]\n".to_owned();
    for at in 1..40 {
        let _ = writeln!(
            text,
            "  C{at}: !And [{0}, {0}, !Not [{0}]]",
            format!("!Condition C{}", at - 1)
        );
    }
    text.push_str("Resources:\n");
    for (id, condition) in [("R", "A"), ("S", "Self"), ("T", "C39"), ("U", "B")] {
        let _ = writeln!(
            text,
            "  {id}: {{Type: AWS::ECS::Service, Condition: {condition}, Properties: {{LaunchType: !If [{condition}, FARGATE, EC2]}}}}"
        );
    }
    text.push_str("  V: {Type: AWS::ECS::Service, Properties: {LaunchType: !If [C39, FARGATE, !If [A, EC2, FARGATE]]}}\n");
    assert_eq!(survives(&text).len(), 5);
}

#[test]
fn loops_that_multiply() {
    let values = (0..1_000)
        .map(|n| n.to_string())
        .collect::<Vec<_>>()
        .join(", ");
    let mut nested = "'Q${L4}': {Type: AWS::SQS::Queue}".to_owned();
    let mut map = "'${L4}': x".to_owned();
    for at in (0..7).rev() {
        nested = format!("'Fn::ForEach::L{at}': [L{at}, [{values}], {{{nested}}}]");
        map = format!("'Fn::ForEach::L{at}': [L{at}, [{values}], {{{map}}}]");
    }
    survives(&format!(
        "Resources: {{Q: {{Type: AWS::SQS::Queue}}, {nested}}}"
    ));
    survives(&format!(
        "Resources: {{Q: {{Type: AWS::SQS::Queue}}, W: {{Type: AWS::ECS::Service, Properties: {{Tags: {{{map}}}, LaunchType: FARGATE}}}}}}"
    ));
    // Values full of variables are not looked at again.
    let many = "${B}".repeat(1_000);
    survives(&format!(
        "Resources: {{Q: {{Type: AWS::SQS::Queue}}, 'Fn::ForEach::A': [B, ['{many}'], {{'Fn::ForEach::B': [A, ['{many}'], {{'${{A}}': {{Type: AWS::SQS::Queue}}}}]}}]}}"
    ));
}

#[test]
fn long_and_deep_texts() {
    let mut sub = "x".to_owned();
    for _ in 0..100 {
        sub = format!("{{'Fn::Sub': ['${{a}}${{a}}${{a}}', {{a: {sub}}}]}}");
    }
    let mut choice = "FARGATE".to_owned();
    for _ in 0..100 {
        choice = format!("{{'Fn::If': [C, {choice}, EC2]}}");
    }
    survives(&format!(
        "Conditions: {{C: !Equals [!ImportValue x, y]}}\nResources: {{A: {{Type: AWS::ECS::Service, Properties: {{LaunchType: {sub}, Cluster: {sub}}}}}, B: {{Type: AWS::ECS::Service, Properties: {{LaunchType: {choice}}}}}}}"
    ));
    let mut chain = "Resources:\n".to_owned();
    for at in 0..2_000 {
        let _ = writeln!(
            chain,
            "  Q{at}: {{Type: AWS::SQS::Queue, Properties: {{RedrivePolicy: {{deadLetterTargetArn: !GetAtt Q{}.Arn}}}}}}",
            at + 1
        );
    }
    survives(&chain);
}

#[test]
fn thousands_around_one() {
    let hubs = [
        (
            "AWS::ECS::Cluster",
            "AWS::ECS::Service",
            "Cluster: !Ref Hub",
        ),
        (
            "AWS::ApiGateway::RestApi",
            "AWS::ApiGateway::Method",
            "RestApiId: !Ref Hub",
        ),
        (
            "AWS::SQS::Queue",
            "AWS::SQS::Queue",
            "RedrivePolicy: {deadLetterTargetArn: !GetAtt Hub.Arn}",
        ),
        (
            "AWS::RDS::DBCluster",
            "AWS::RDS::DBInstance",
            "DBClusterIdentifier: !Ref Hub",
        ),
        (
            "AWS::RDS::DBSubnetGroup",
            "AWS::RDS::DBInstance",
            "DBSubnetGroupName: !Ref Hub",
        ),
        (
            "AWS::RDS::DBProxy",
            "AWS::RDS::DBProxyTargetGroup",
            "DBProxyName: !Ref Hub",
        ),
        (
            "AWS::Lambda::Function",
            "AWS::Lambda::Alias",
            "FunctionName: !Ref Hub",
        ),
        (
            "AWS::EC2::LaunchTemplate",
            "AWS::EC2::Instance",
            "LaunchTemplate: {LaunchTemplateId: !Ref Hub}",
        ),
        (
            "AWS::S3::Bucket",
            "AWS::Lambda::Function",
            "Environment: {Variables: {B: !Ref Hub}}",
        ),
    ];
    for (hub, around, reference) in hubs {
        let mut text = format!(
            "Parameters: {{Launch: {{Type: String, Default: EC2}}}}\nResources:\n  Hub: {{Type: {hub}}}\n"
        );
        for at in 0..5_000 {
            let _ = writeln!(
                text,
                "  R{at}: {{Type: {around}, Properties: {{LaunchType: !Ref Launch, {reference}}}}}"
            );
        }
        survives(&text);
    }
}

#[test]
fn thousands_of_allowed_values() {
    let values = (0..5_000)
        .map(|n| format!("v{n}"))
        .collect::<Vec<_>>()
        .join(", ");
    let mut text = format!(
        "Parameters: {{Launch: {{Type: String, Default: FARGATE, AllowedValues: [{values}, EC2]}}}}\nResources:\n"
    );
    for at in 0..50 {
        let _ = writeln!(
            text,
            "  R{at}: {{Type: AWS::ECS::Service, Properties: {{LaunchType: !Ref Launch}}}}"
        );
    }
    let lines = survives(&text);
    assert!(
        lines[0].starts_with("R0 compute 2 (3 when `Launch=EC2`"),
        "{}",
        lines[0]
    );
}

#[test]
fn a_word_in_other_letters_leaves_the_choice_open() {
    for (kind, properties, expected, not_sure) in [
        (
            "AWS::ECS::Service",
            "{Cluster: shared, LaunchType: fargate}",
            "R compute 2 uncertain (3 when it is anything else)",
            "`fargate` is not a known value: did you mean `FARGATE`?",
        ),
        (
            "AWS::DynamoDB::Table",
            "{BillingMode: Pay_Per_Request}",
            "R nosql 1 uncertain (2 when it is anything else)",
            "`Pay_Per_Request` is not a known value: did you mean `PAY_PER_REQUEST`?",
        ),
    ] {
        let judged = judge(&format!(
            "Resources:\n  R: {{Type: '{kind}', Properties: {properties}}}\n"
        ));
        assert_eq!(lines(&judged), [expected]);
        assert_eq!(judged.decisions[0].doubts, [not_sure]);
    }
    // A truth may be written in any letters, and what no rule names is no mistake.
    check(
        "
Resources:
  On: {Type: AWS::RDS::DBInstance, Properties: {Engine: MySQL, DBInstanceClass: db.t3.micro, MultiAZ: 'True'}}
",
        &["On relational 3"],
    );
}

#[test]
fn a_hyphen_for_an_underscore_leaves_the_choice_open() {
    let judged = judge(
        "Resources: {Orders: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY-PER-REQUEST}}}\n",
    );
    assert!(judged.decisions[0].doubts[0].contains("did you mean `PAY_PER_REQUEST`?"));
}

#[test]
fn what_is_handed_to_what_is_not_read_may_be_part_of_something_better() {
    let doubts = |name: &str, text: &str| {
        let judged = judge_as(name, text);
        let lines = lines(&judged);
        let doubts = judged.decisions.iter().map(|one| one.doubts.join("; "));
        (lines, doubts.collect::<Vec<_>>())
    };
    let template = "Resources:\n  Node: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1}}}\n";
    let module =
        "  Pool: {Type: Acme::Hosts::Pool::MODULE, Properties: {Hosts: {Template: !Ref Node}}}\n";
    let (found, why) = doubts("stack.yaml", &format!("{template}{module}"));
    assert_eq!(found, ["Node compute 4 uncertain"]);
    assert_eq!(why, ["`Pool`, which uses it, is not read"]);
    let native = "resource \"aws_launch_template\" \"node\" {\n  image_id = \"ami-1\"\n}\n";
    let stack = "resource \"aws_cloudformation_stack\" \"pool\" {\n  name = \"pool\"\n  template_url = \"https://example.org/pool.yaml\"\n  parameters = { Template = aws_launch_template.node.id }\n}\n";
    let (found, why) = doubts("main.tf", &format!("{native}{stack}"));
    assert_eq!(found, ["aws_launch_template.node compute 4 uncertain"]);
    assert_eq!(
        why,
        ["`aws_cloudformation_stack.pool`, which uses it, is not read"]
    );
    // What they are not handed is nothing that they use.
    let alone = module.replace("!Ref Node", "lt-1");
    let (found, _) = doubts("stack.yaml", &format!("{template}{alone}"));
    assert_eq!(found, ["Node compute 4"]);
    let alone = stack.replace("aws_launch_template.node.id", "\"lt-1\"");
    let (found, _) = doubts("main.tf", &format!("{native}{alone}"));
    assert_eq!(found, ["aws_launch_template.node compute 4"]);
    // Neither does one that the stack itself uses come into doubt.
    let group = "  Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: '1', MaxSize: '1', LaunchTemplate: {LaunchTemplateId: !Ref Node, Version: '1'}}}\n";
    let (found, _) = doubts("stack.yaml", &format!("{template}{group}{module}"));
    assert_eq!(found, ["Group compute 4 [Node]"]);
}
