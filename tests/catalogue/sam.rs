//! SAM: what each type stands for, and `Globals` merged as the transform does it.

use crate::judged::{check, judge, lines, underlined};

#[test]
fn every_type_stands_for_something() {
    let text = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Function: {Type: AWS::Serverless::Function}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: live}}
  Http: {Type: AWS::Serverless::HttpApi}
  Socket: {Type: AWS::Serverless::WebSocketApi}
  Graph: {Type: AWS::Serverless::GraphQLApi}
  Table: {Type: AWS::Serverless::SimpleTable}
  Full: {Type: AWS::Serverless::SimpleTable, Properties: {ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}}}
  Machine: {Type: AWS::Serverless::StateMachine}
  Web: {Type: AWS::Serverless::WebFunction}
  Vm: {Type: AWS::Serverless::MicrovmImage}
  Provider: {Type: AWS::Serverless::CapacityProvider}
  Layer: {Type: AWS::Serverless::LayerVersion}
  Nested: {Type: AWS::Serverless::Application}
  Wire: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: Function}, Destination: {Id: Table}}}
  Network: {Type: AWS::Serverless::NetworkConnector}
";
    check(
        text,
        &[
            "Function compute 1",
            "Api ingress 1",
            "Http ingress 1",
            "Socket ingress 1",
            "Graph ingress 1",
            "Table nosql 1",
            "Full nosql 2",
            "Machine workflow 1",
            "Web compute 1",
            "Vm compute 1",
            "Provider compute 2",
        ],
    );
    assert!(judge(text).unknown_types.is_empty());
}

#[test]
fn globals_reach_every_function() {
    let text = "
Transform: AWS::Serverless-2016-10-31
Parameters: {Ready: {Type: Number, Default: 0}}
Globals:
  Function:
    AutoPublishAlias: live
    ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 3}
Resources:
  Plain: {Type: AWS::Serverless::Function}
  None: {Type: AWS::Serverless::Function, Properties: {ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 0}}}
  Own: {Type: AWS::Serverless::Function, Properties: {ProvisionedConcurrencyConfig: !Ref AWS::NoValue}}
  Varied: {Type: AWS::Serverless::Function, Properties: {ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: !Ref Ready}}}
  Ignores: {Type: AWS::Serverless::Function, IgnoreGlobals: [ProvisionedConcurrencyConfig]}
  IgnoresAll: {Type: AWS::Serverless::Function, IgnoreGlobals: '*'}
  IgnoresOther: {Type: AWS::Serverless::Function, IgnoreGlobals: [Timeout], Properties: }
  Low: {Type: AWS::Lambda::Function}
";
    check(
        text,
        &[
            "Plain compute 2",
            "None compute 1",
            "Own compute 1",
            "Varied compute 1 (2 when `Ready` above 0)",
            "Ignores compute 1",
            "IgnoresAll compute 1",
            "IgnoresOther compute 2",
            "Low compute 1",
        ],
    );
    // The place is the author's own, in `Globals`.
    assert_eq!(
        underlined(&judge(text), "Plain"),
        "ProvisionedConcurrentExecutions: 3"
    );
}

#[test]
fn globals_merge_maps_lists_and_intrinsics() {
    check(
        "
Transform: AWS::Serverless-2016-10-31
Conditions: {Yes: !Equals [a, a]}
Globals:
  Function:
    CapacityProviderConfig: {Arn: shared}
    Environment: {Variables: {QUEUE: !Ref Queue}}
    DeadLetterQueue: {Type: SQS}
  Api: {CacheClusterEnabled: true, CacheClusterSize: '0.5'}
  SimpleTable: {SSESpecification: {SSEEnabled: true}}
  HttpApi: {FailOnWarnings: true}
Resources:
  Merged: {Type: AWS::Serverless::Function, Properties: {DeadLetterQueue: {TargetArn: !GetAtt Failed.Arn}}}
  Failed: {Type: AWS::SQS::Queue}
  Queue: {Type: AWS::SQS::Queue}
  Chosen: {Type: AWS::Serverless::Function, Properties: {CapacityProviderConfig: !If [Yes, !Ref AWS::NoValue, {Arn: own}]}}
  Cached: {Type: AWS::Serverless::Api, Properties: {StageName: live}}
  Bare: {Type: AWS::Serverless::Api, Properties: {StageName: live, CacheClusterEnabled: false}}
  Table: {Type: AWS::Serverless::SimpleTable}
",
        &[
            "Merged compute 2 [Failed]",
            "Queue messaging 1",
            "Chosen compute 1",
            "Cached ingress 2",
            "Bare ingress 1",
            "Table nosql 1",
        ],
    );
}

#[test]
fn events_are_no_decisions_but_pollers_stand_ready() {
    check(
        "
Transform: AWS::Serverless-2016-10-31
Parameters: {Pollers: {Type: Number, Default: 2}}
Resources:
  All:
    Type: AWS::Serverless::Function
    Properties:
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Http: {Type: Api, Properties: {Path: /, Method: get}}
        Clock: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
        Rule: {Type: EventBridgeRule, Properties: {Pattern: {source: [a]}}}
        Topic: {Type: SNS, Properties: {Topic: arn:aws:sns:x}}
        Queue: {Type: SQS, Properties: {Queue: arn:aws:sqs:x, ScalingConfig: {MaximumConcurrency: 5}}}
  Kafka:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Topic: {Type: MSK, Properties: {Stream: arn, Topics: [t], ProvisionedPollerConfig: {MinimumPollers: !Ref Pollers, MaximumPollers: 9}}}
  Capped:
    Type: AWS::Serverless::Function
    Properties:
      ReservedConcurrentExecutions: 5
      Events:
        Queue: {Type: SQS, Properties: {Queue: arn, ProvisionedPollerConfig: {MaximumPollers: 9}}}
",
        &["All compute 1", "Kafka compute 2", "Capped compute 1"],
    );
}

#[test]
fn members_of_sam_resources() {
    check(
        "
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: live}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CapacityProviderConfig: {Arn: !GetAtt Provider.Arn}
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /, Method: get}}}
  Provider: {Type: AWS::Serverless::CapacityProvider}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !GetAtt Function.Arn}}
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ResourceId: !Sub 'function:${Other}:live', MinCapacity: 2, ScalableDimension: 'lambda:function:ProvisionedConcurrency'}
  Other: {Type: AWS::Serverless::Function}
",
        &[
            "Api ingress 1",
            "Function compute 2 [Provider Permission]",
            "Other compute 2 [Scaling]",
        ],
    );
    let judged = judge(
        "
Resources:
  Function: {Type: AWS::Serverless::Function}
",
    );
    assert_eq!(lines(&judged), ["Function compute 1"]);
}
