//! What stands beside what a fix changes: it goes along, forbids the change, or is named.

use sfl::base::FixOffer;

use crate::fixes::{fixed, proposed, told};

/// What the fix of a decision says, with how far it is to be trusted; or why there is none.
fn says(text: &str, address: &str) -> String {
    let (analysis, _) = proposed(text);
    let mut all = analysis.decisions.iter();
    let decision = all.find(|one| one.address == address);
    match decision.and_then(|one| one.fix.as_ref()) {
        Some(FixOffer::Offered(fix)) => format!("{}: {}", fix.safety.name(), fix.says),
        Some(FixOffer::With(other)) => format!("with {other}"),
        Some(FixOffer::Withheld(why)) => why.clone(),
        None => String::new(),
    }
}

fn scaled(name: &str, id: &str) -> String {
    format!(
        "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n{name}      ProvisionedThroughput: {{ReadCapacityUnits: 5, WriteCapacityUnits: 5}}\n  S:\n    Type: AWS::ApplicationAutoScaling::ScalableTarget\n    Properties: {{ResourceId: {id}, ScalableDimension: 'dynamodb:table:ReadCapacityUnits', ServiceNamespace: dynamodb, MinCapacity: 1, MaxCapacity: 2}}\n  P:\n    Type: AWS::ApplicationAutoScaling::ScalingPolicy\n    Properties: {{PolicyName: p, PolicyType: TargetTrackingScaling, ScalingTargetId: !Ref S}}\n"
    )
}

#[test]
fn a_target_goes_along_with_the_table_whose_name_it_says() {
    for (name, id) in [
        ("t2", "table/t2"),
        ("t2", "table/t2/index/by-day"),
        (
            "!Sub '${AWS::StackName}-t2'",
            "!Sub 'table/${AWS::StackName}-t2'",
        ),
    ] {
        let text = scaled(&format!("      TableName: {name}\n"), id);
        let after = fixed(&text);
        assert!(after.contains("BillingMode: PAY_PER_REQUEST"), "{after}");
        assert!(!after.contains("ApplicationAutoScaling"), "{after}");
    }
    let module = |id: &str| {
        format!(
            "resource \"aws_dynamodb_table\" \"t\" {{\n  name = \"orders\"\n  read_capacity  = 5\n  write_capacity = 5\n}}\n\nresource \"aws_appautoscaling_target\" \"s\" {{\n  resource_id        = \"{id}\"\n  scalable_dimension = \"dynamodb:table:ReadCapacityUnits\"\n  service_namespace  = \"dynamodb\"\n  min_capacity       = 1\n  max_capacity       = 2\n}}\n"
        )
    };
    assert!(!fixed(&module("table/orders")).contains("aws_appautoscaling_target"));
    let other = fixed(&module("table/others"));
    assert!(other.contains("PAY_PER_REQUEST") && other.contains("table/others"));
    let open = module("${local.id}");
    assert_eq!(fixed(&open), open);
}

#[test]
fn only_a_target_that_can_be_its_own_stands_in_the_way() {
    let none = "may scale it, which nothing shows";
    for (name, id, blocks) in [
        ("      TableName: t2\n", "table/other", false),
        ("      TableName: t2\n", "!Sub 'table/${Name}'", true),
        ("      TableName: t2\n", "!Sub 'service/${Name}'", false),
        ("      TableName: t2\n", "!ImportValue id", true),
        (
            "      TableName: !Sub '${AWS::StackName}-t2'\n",
            "table/other",
            false,
        ),
        (
            "      TableName: !Sub '${AWS::StackName}-t2'\n",
            "table/prod-t2",
            true,
        ),
        ("      TableName: !Ref Name\n", "table/other", true),
        // The name that CloudFormation makes holds the logical id.
        ("", "table/other", false),
        ("", "table/shop-T-1ABCDEFGHIJKL", true),
        ("", "!Sub 'table/${Name}'", true),
    ] {
        let text = format!(
            "Parameters:\n  Name: {{Type: String}}\n{}Outputs:\n  N: {{Value: !Ref Name}}\n",
            scaled(name, id)
        );
        let told = told(&text);
        let own = told.iter().find(|(address, _)| address == "T");
        let own = own.map_or("", |(_, offer)| offer.as_str());
        assert_eq!(own.contains(none), blocks, "{name}{id}: {own}");
        assert_eq!(own == "safe", !blocks, "{name}{id}: {own}");
    }
}

#[test]
fn limits_of_on_demand_throughput_and_who_may_change_the_table_are_named() {
    let table = |more: &str, beside: &str| {
        format!(
            "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      ProvisionedThroughput: {{ReadCapacityUnits: 5, WriteCapacityUnits: 5}}\n{more}{beside}"
        )
    };
    let bind = "limits of on-demand throughput bind from then on";
    let limited = table("      OnDemandThroughput: {MaxReadRequestUnits: 10}\n", "");
    let said = says(&limited, "T");
    assert!(said.starts_with("unsafe") && said.contains(bind), "{said}");
    let index = table(
        "      GlobalSecondaryIndexes: [{IndexName: a, OnDemandThroughput: {MaxWriteRequestUnits: 1}}]\n",
        "",
    );
    assert!(says(&index, "T").starts_with("unsafe"));
    let open = table("      OnDemandThroughput: {MaxReadRequestUnits: -1}\n", "");
    assert!(says(&open, "T").starts_with("safe"), "{}", says(&open, "T"));
    let module = "resource \"aws_dynamodb_table\" \"t\" {\n  name = \"t\"\n  read_capacity = 5\n  write_capacity = 5\n  on_demand_throughput {\n    max_read_request_units = 10\n  }\n}\n";
    let said = says(module, "aws_dynamodb_table.t");
    assert!(said.starts_with("unsafe") && said.contains(bind), "{said}");
    let policy = |action: &str, on: &str| {
        format!(
            "  U:\n    Type: AWS::DynamoDB::Table\n    Properties: {{BillingMode: PAY_PER_REQUEST}}\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: {{PolicyDocument: {{Statement: [{{Effect: Allow, Action: ['{action}'], Resource: !GetAtt {on}.Arn}}]}}}}\n"
        )
    };
    let said = says(&table("", &policy("dynamodb:UpdateTable", "T")), "T");
    assert!(said.starts_with("unsafe"), "{said}");
    assert!(said.contains("P allows `dynamodb:UpdateTable`"), "{said}");
    for beside in [
        policy("dynamodb:UpdateItem", "T"),
        policy("dynamodb:UpdateTable", "U"),
    ] {
        let said = says(&table("", &beside), "T");
        assert!(said.starts_with("safe"), "{beside}: {said}");
    }
}

const WARM: &str = "    ProvisionedConcurrencyConfig:\n      ProvisionedConcurrentExecutions: 5\n";

fn functions(globals: &str, rest: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31\nGlobals:\n{globals}Resources:\n  F1:\n    Type: AWS::Serverless::Function\n    Properties: {{Handler: a.b, CodeUri: ., Runtime: python3.12, AutoPublishAlias: live}}\n{rest}"
    )
}

#[test]
fn globals_that_hold_nothing_else_go_as_a_whole() {
    let alone = functions(&format!("  Function:\n{WARM}"), "");
    assert_eq!(
        fixed(&alone),
        alone.replace(&format!("Globals:\n  Function:\n{WARM}"), "")
    );
    let table = "  SimpleTable:\n    SSESpecification: {SSEEnabled: true}\n";
    let beside = functions(&format!("{table}  Function:\n{WARM}"), "");
    assert_eq!(fixed(&beside), functions(table, ""));
    let more = functions(&format!("  Function:\n    Timeout: 3\n{WARM}"), "");
    assert_eq!(fixed(&more), functions("  Function:\n    Timeout: 3\n", ""));
}

#[test]
fn what_still_decides_after_a_fix_is_named() {
    let version = "  V:\n    Type: AWS::Lambda::Version\n    Properties: {FunctionName: !Ref F1, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 3}}\n";
    let text = functions(&format!("  Function:\n{WARM}"), version);
    let why = says(&text, "F1");
    assert!(
        why.contains("it still runs on Lambda with a version that has provisioned concurrency"),
        "{why}"
    );
    // F3 has a reason, so it keeps what `Globals` says, and F2 has its own beside it.
    let others = "  F2:\n    Type: AWS::Serverless::Function\n    Properties: {Handler: a.b, CodeUri: ., Runtime: python3.12, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}}\n  F3:\n    Type: AWS::Serverless::Function\n    Metadata: {sfl: {because: latency, reason: 'the checkout must answer in 100 ms, always'}}\n    Properties: {Handler: a.b, CodeUri: ., Runtime: python3.12, AutoPublishAlias: live}\n";
    let text = functions(&format!("  Function:\n{WARM}"), others);
    let why = says(&text, "F2");
    assert!(why.contains("`Globals` would then decide it"), "{why}");
}

#[test]
fn no_value_that_cannot_be_deployed_is_a_way_up() {
    let text = functions(
        "  Function:\n    Timeout: 3\n    ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: !Ref N}\n",
        "Parameters:\n  N: {Type: Number, Default: 3}\n",
    );
    let (analysis, _) = proposed(&text);
    assert!(analysis.decisions[0].reachable.is_empty());
    let why = says(&text, "F1");
    assert!(why.contains("take the property itself out"), "{why}");
    // With none by default, more is one value away.
    let (analysis, _) = proposed(&text.replace("Default: 3", "Default: 0"));
    assert_eq!(analysis.decisions[0].reachable.len(), 1);
}

#[test]
fn an_alarm_on_capacity_is_named_wherever_the_fix_is_made() {
    let alarm = |space: &str, metric: &str, name: &str, of: &str| {
        format!(
            "  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties: {{Namespace: {space}, MetricName: {metric}, Dimensions: [{{Name: {name}, Value: !Ref {of}}}], ComparisonOperator: LessThanThreshold, Threshold: 1, EvaluationPeriods: 1}}\n"
        )
    };
    let second = "  F2:\n    Type: AWS::Serverless::Function\n    Properties: {Handler: a.b, CodeUri: ., Runtime: python3.12, AutoPublishAlias: live}\n";
    let watches = "A watches the capacity that it had";
    for of in ["F1", "F2"] {
        let spill = "ProvisionedConcurrencySpilloverInvocations";
        let rest = second.to_owned() + &alarm("AWS/Lambda", spill, "FunctionName", of);
        let said = says(&functions(&format!("  Function:\n{WARM}"), &rest), "F1");
        assert!(said.contains(watches), "{of}: {said}");
    }
    let cluster = |metric: &str| {
        format!(
            "Resources:\n  D:\n    Type: AWS::RDS::DBCluster\n    Properties: {{Engine: aurora-postgresql, EngineVersion: '16.3', ServerlessV2ScalingConfiguration: {{MinCapacity: 1, MaxCapacity: 8}}}}\n{}",
            alarm("AWS/RDS", metric, "DBClusterIdentifier", "D")
        )
    };
    let said = says(&cluster("ServerlessDatabaseCapacity"), "D");
    assert!(said.contains(watches), "{said}");
    assert!(!says(&cluster("CPUUtilization"), "D").contains(watches));
}

#[test]
fn no_text_is_cut_in_why_there_is_no_fix() {
    let text = "Conditions:\n  C: !Equals [!Ref 'AWS::Region', eu-west-1]\nResources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}\n      GlobalSecondaryIndexes:\n        Fn::If: [C, [{IndexName: g, ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}}], []]\n";
    let why = says(text, "T");
    assert!(
        why.contains("`Fn::If` decides its `GlobalSecondaryIndexes`"),
        "{why}"
    );
}
