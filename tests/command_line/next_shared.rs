//! `sfl next`: what one place decides together with what is to stay, what comes first of equal sums, and what has ended for good.

use super::folder::{err, folder, out, run};
use super::next::{action, actions, names, next};
use serde_json::Value;

const DAY: [&str; 2] = ["--today", "2026-11-30"];

const GLOBALS: &str = "\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    AutoPublishAlias: live
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 }
Resources:
";

const REASON: &str = "    Metadata: { sfl: { because: latency, reason: a payment has to be answered within 200 ms } }\n";

fn function(name: &str, more: &str) -> String {
    format!(
        "  {name}:\n    Type: AWS::Serverless::Function\n{more}    Properties: {{ CodeUri: ./a }}\n"
    )
}

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list").iter();
    list.map(|one| one.as_str().expect("a text")).collect()
}

#[test]
fn globals_are_one_place_and_what_has_a_reason_is_named() {
    let free = [GLOBALS, &function("Mail", ""), &function("News", "")].concat();
    let found = next(&[("a.yaml", &free)], &[]);
    let both = action(&found, "Mail");
    assert_eq!(both["decisions"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        both["decided_by"],
        "`ProvisionedConcurrentExecutions: 5` stands in `Globals`"
    );
    assert_eq!(both["fix"]["safety"], "unsafe", "{both:#}");
    assert!(names(&both["trust"]).is_empty());

    let held = [&*free, &function("Pay", REASON)].concat();
    let found = next(&[("a.yaml", &held)], &[]);
    let both = action(&found, "Mail");
    assert_eq!(both["decisions"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        texts(&both["check"])[0],
        "it also takes it from `Pay`, which has a reason"
    );
    assert_eq!(names(&both["trust"]), ["mind"]);
    assert_eq!(
        both["fix"]["withheld"],
        "what decides it stands in `Globals` (a.yaml:6), and Pay takes it from there too, which has a reason: move it from there into Pay, or write `IgnoreGlobals: [ProvisionedConcurrencyConfig]` beside the `Properties` of Mail"
    );

    // What says it itself is not touched by `Globals`.
    let own = GLOBALS.replace(
        "    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 }\n",
        "    MemorySize: 128\n",
    );
    let said = function("Pay", REASON).replace(
        "CodeUri: ./a",
        "CodeUri: ./a, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 }",
    );
    let mine = said.replace("Pay", "Mail").replace(REASON, "");
    let found = next(&[("a.yaml", &[&*own, &said, &mine].concat())], &[]);
    let one = action(&found, "Mail");
    assert_eq!(one["decided_by"], Value::Null);
    assert!(!texts(&one["check"]).iter().any(|line| line.contains("Pay")));
}

#[test]
fn what_globals_give_is_taken_out_of_them_for_all_or_for_none() {
    let free = [GLOBALS, &function("Mail", ""), &function("News", "")].concat();
    let here = folder(&[("a.yaml", &free)]);
    let output = run(
        here.path(),
        &["next", "--apply", "1", "--limit", "3", "--unsafe-fixes"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let now = std::fs::read_to_string(here.path().join("a.yaml")).expect("it is there");
    let gone = "    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 }\n";
    assert_eq!(now, free.replace(gone, ""));

    let held = [&*free, &function("Pay", REASON)].concat();
    let here = folder(&[("a.yaml", &held)]);
    let output = run(here.path(), &["next", "--apply", "1", "--unsafe-fixes"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let now = std::fs::read_to_string(here.path().join("a.yaml")).expect("it is there");
    assert_eq!(now, held);

    // All that the section says: an empty one SAM would not read, so it goes as well.
    let alone = free.replace("    Runtime: python3.12\n    AutoPublishAlias: live\n", "");
    let here = folder(&[("a.yaml", &alone)]);
    let output = run(here.path(), &["next", "--apply", "1", "--unsafe-fixes"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let now = std::fs::read_to_string(here.path().join("a.yaml")).expect("it is there");
    assert!(!now.contains("Globals") && now.contains("Mail"), "{now}");
}

#[test]
fn another_owners_part_of_a_place_is_named() {
    let text = "\
Parameters: { Mode: { Type: String, Default: PROVISIONED } }
Resources:
  A: { Type: AWS::DynamoDB::Table, Metadata: { sfl: { because: cost-at-scale, reason: measured at a third of the price on demand } }, Properties: { BillingMode: !Ref Mode } }
  B: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: !Ref Mode } }
  C: { Type: AWS::DAX::Cluster, Properties: { NodeType: dax.r5.large } }
";
    let found = next(&[("a.yaml", text)], &["--limit", "9"]);
    let one = action(&found, "B");
    assert_eq!(
        texts(&one["check"])[0],
        "it also takes it from `A`, which has a reason"
    );
}

#[test]
fn of_equal_sums_what_has_a_safe_change_comes_first() {
    let table = |name: &str, more: &str| {
        format!(
            "resource \"aws_dynamodb_table\" \"{name}\" {{\n  name = \"{name}\"\n  read_capacity = 5\n  write_capacity = 5\n{more}}}\n"
        )
    };
    let kept = "  lifecycle { ignore_changes = [read_capacity] }\n";
    let text = [table("a", kept), table("b", ""), table("c", kept)].concat();
    let here = folder(&[("main.tf", &text)]);
    let output = run(here.path(), &["next", DAY[0], DAY[1]]);
    let shown = out(&output);
    assert!(shown.starts_with("today: aws_dynamodb_table.b"), "{shown}");
    assert!(shown.contains("change           safe: "), "{shown}");
    // The others are named with what `--apply` takes.
    let found = next(&[("main.tf", &text)], &[]);
    let first = &actions(&found)[0];
    for (like, name) in first["like"]
        .as_array()
        .expect("a list")
        .iter()
        .zip(["a", "c"])
    {
        let id = like["id"].as_str().expect("a text");
        let named = format!("aws_dynamodb_table.{name} ({id})");
        assert!(shown.contains(&named), "{named}: {shown}");
        let output = run(here.path(), &["next", "--apply", id]);
        assert!(err(&output).contains("ignore_changes"), "{}", err(&output));
    }
    // A better sum goes before a change.
    let more = [&*text, "resource \"aws_qldb_ledger\" \"l\" {\n  name = \"l\"\n  permissions_mode = \"STANDARD\"\n}\n"].concat();
    let found = next(&[("main.tf", &more)], &[]);
    assert_eq!(actions(&found)[0]["aim"], "leave");
}

#[test]
fn the_instances_of_one_block_go_by_its_name() {
    let text = "resource \"aws_dynamodb_table\" \"t\" {\n  count = 3\n  name = \"t${count.index}\"\n  read_capacity = 5\n  write_capacity = 5\n}\n";
    let here = folder(&[("main.tf", text)]);
    let shown = out(&run(here.path(), &["next", DAY[0], DAY[1]]));
    assert!(
        shown.contains("1. aws_dynamodb_table.t, all 3  "),
        "{shown}"
    );
}

#[test]
fn what_has_ended_has_no_way_back() {
    let text = "\
Resources:
  Book: { Type: AWS::QLDB::Ledger, Properties: { PermissionsMode: STANDARD } }
  Nodes: { Type: AWS::EKS::Nodegroup, Properties: { ClusterName: c, AmiType: AL2_x86_64, NodeRole: r, Subnets: [s] } }
";
    let found = next(&[("a.yaml", text)], &["--limit", "9"]);
    let book = action(&found, "Book");
    assert_eq!(
        book["undo"],
        "there is no way back to Amazon QLDB: it ended on 2025-07-31, and nobody can make it again; what takes its place can be taken away until others need it"
    );
    assert_eq!(
        texts(&book["check"]),
        [
            "its data may be gone since 2025-07-31: look for what was carried over or exported before that day, and ask the provider what is left"
        ]
    );
    // Nodes without support run on, and can still be made.
    let all = actions(&found).iter();
    let mut all = all.filter(|one| one["decisions"][0]["address"] == "Nodes");
    let leave = all.find(|one| one["aim"] == "leave").expect("it is there");
    assert!(names(&leave["value"]).contains(&"unsupported"), "{leave:#}");
    let words = "an EKS node group on Amazon Linux 2 lost its support on 2025-11-26";
    assert_eq!(texts(&leave["why"])[0], words);
    let undo = leave["undo"].as_str().expect("a text");
    assert!(
        undo.ends_with("; the old one then goes on without support"),
        "{undo}"
    );
    // What is still to end can be gone back to until then.
    let here = folder(&[("a.yaml", text)]);
    let output = run(
        here.path(),
        &["next", "--today", "2025-01-31", "--format", "json"],
    );
    let found: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    let undo = action(&found, "Book")["undo"].as_str().expect("a text");
    assert!(
        undo.ends_with("; after 2025-07-31 there is no way back to Amazon QLDB"),
        "{undo}"
    );
}

#[test]
fn a_setting_that_stands_in_the_way_is_named() {
    let cluster = |more: &str| {
        format!(
            "Resources:\n  Db:\n    Type: AWS::RDS::DBCluster\n    Properties:\n      Engine: aurora-postgresql\n{more}      ServerlessV2ScalingConfiguration: {{ MinCapacity: 2, MaxCapacity: 8 }}\n"
        )
    };
    let withheld = |more: &str| {
        let found = next(&[("a.yaml", &cluster(more))], &[]);
        action(&found, "Db")["fix"]["withheld"]
            .as_str()
            .map(str::to_owned)
    };
    let old = withheld("      EngineVersion: '14.3'\n");
    assert_eq!(
        old.as_deref(),
        Some("its `EngineVersion` does not allow it: `14.3`")
    );
    let none = withheld("");
    assert_eq!(
        none.as_deref(),
        Some("its `EngineVersion` matters for it, and is not written")
    );
    let open = withheld("      EngineVersion: !Ref Version\n");
    assert_eq!(
        open.as_deref(),
        Some("its `EngineVersion` matters for it, and is not written out")
    );
    assert_eq!(withheld("      EngineVersion: '16.4'\n"), None);
}

/// A table with throughput, and what stands beside it.
fn watched(beside: &str) -> Value {
    let text = format!(
        "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: {{ BillingMode: PROVISIONED, KeySchema: [] }}\n{beside}"
    );
    let found = next(&[("a.yaml", &text)], &["--limit", "9"]);
    action(&found, "Orders")["fix"].clone()
}

#[test]
fn what_watches_the_old_capacity_makes_a_change_unsafe() {
    let alarm = |metric: &str, table: &str| {
        format!(
            "  Late:\n    Type: AWS::CloudWatch::Alarm\n    Properties: {{ MetricName: {metric}, Namespace: AWS/DynamoDB, Threshold: 4, Dimensions: [{{ Name: TableName, Value: {table} }}] }}\n  Old:\n    Type: AWS::DynamoDB::Table\n    Properties: {{ TableName: old, BillingMode: PAY_PER_REQUEST, KeySchema: [] }}\n"
        )
    };
    let fix = watched(&alarm("ConsumedReadCapacityUnits", "!Ref Orders"));
    assert_eq!(fix["safety"], "unsafe", "{fix:#}");
    let says = fix["says"].as_str().expect("a text");
    let words = "; Late watches the capacity that it had: change that first";
    assert!(says.ends_with(words), "{says}");
    // Another metric, or another table.
    for other in [
        alarm("SystemErrors", "!Ref Orders"),
        alarm("ConsumedReadCapacityUnits", "!Ref Old"),
        alarm("ConsumedReadCapacityUnits", "old"),
        String::new(),
    ] {
        assert_eq!(watched(&other)["safety"], "safe", "{other}");
    }
    // Of a name that is not seen here it may be this one's.
    let fix = watched(&alarm("ProvisionedReadCapacityUnits", "orders-prod"));
    assert_eq!(fix["safety"], "unsafe");
}

#[test]
fn what_goes_along_leaves_no_remark_and_no_role_behind_in_silence() {
    let scaling = "\n  # Follows the load of the shop.\n  Target:\n    Type: AWS::ApplicationAutoScaling::ScalableTarget\n    Properties: { ServiceNamespace: dynamodb, ScalableDimension: 'dynamodb:table:ReadCapacityUnits', ResourceId: !Sub 'table/${Orders}', MinCapacity: 1, MaxCapacity: 9, RoleARN: !GetAtt Scales.Arn }\n\n  Scales:\n    Type: AWS::IAM::Role\n    Properties: { AssumeRolePolicyDocument: {} }\n";
    let fix = watched(scaling);
    let says = fix["says"].as_str().expect("a text");
    let words = "; nothing else needs Scales, so take that out too";
    assert!(says.ends_with(words), "{says}");
    let text = format!(
        "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: {{ BillingMode: PROVISIONED, KeySchema: [] }}\n{scaling}"
    );
    let here = folder(&[("a.yaml", &text)]);
    let output = run(here.path(), &["next", "--apply", "1", "--unsafe-fixes"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let now = std::fs::read_to_string(here.path().join("a.yaml")).expect("it is there");
    assert_eq!(
        now,
        "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [] }\n\n  Scales:\n    Type: AWS::IAM::Role\n    Properties: { AssumeRolePolicyDocument: {} }\n"
    );
    let used = format!(
        "{scaling}  Worker:\n    Type: AWS::Lambda::Function\n    Properties: {{ Role: !GetAtt Scales.Arn, Handler: a, Runtime: python3.12, Code: {{ ZipFile: a }} }}\n"
    );
    let says = watched(&used)["says"].as_str().expect("a text").to_owned();
    assert!(!says.contains("Scales"), "{says}");
}

#[test]
fn a_cluster_that_something_keeps_awake_is_left_as_it_is() {
    let cluster = |name: &str, more: &str| {
        format!(
            "  {name}:\n    Type: AWS::RDS::DBCluster\n    Properties:\n      Engine: aurora-postgresql\n      EngineVersion: '16.4'\n{more}      ServerlessV2ScalingConfiguration: {{ MinCapacity: 2, MaxCapacity: 8 }}\n"
        )
    };
    let fix = |more: &str, beside: &str| {
        let text = ["Resources:\n", &*cluster("Db", more), beside].concat();
        let found = next(&[("a.yaml", &text)], &["--limit", "9"]);
        action(&found, "Db")["fix"].clone()
    };
    let integration = "  Flow:\n    Type: AWS::RDS::Integration\n    Properties: { SourceArn: !GetAtt Db.DBClusterArn, TargetArn: t }\n";
    assert_eq!(
        fix("", integration)["withheld"],
        "Flow does not let it: a cluster that an integration reads stays awake"
    );
    let global = "  World:\n    Type: AWS::RDS::GlobalCluster\n    Properties: { SourceDBClusterIdentifier: !Ref Db }\n";
    assert_eq!(
        fix("", global)["withheld"],
        "World does not let it: a cluster of a global database stays awake"
    );
    let group = |value: &str| {
        format!(
            "  Settings:\n    Type: AWS::RDS::DBClusterParameterGroup\n    Properties: {{ Description: d, Family: aurora-postgresql16, Parameters: {{ rds.logical_replication: '{value}' }} }}\n"
        )
    };
    let uses = "      DBClusterParameterGroupName: !Ref Settings\n";
    assert_eq!(
        fix(uses, &group("1"))["withheld"],
        "`rds.logical_replication` is on in Settings"
    );
    // Off, or of another cluster: the change is offered as it was.
    let other = [
        &*cluster("Other", ""),
        &integration.replace("Db.", "Other."),
    ]
    .concat();
    for (more, beside) in [
        (uses, &*group("0")),
        ("", &*group("1")),
        ("", &*other),
        ("", ""),
    ] {
        let fix = fix(more, beside);
        assert_eq!(fix["safety"], "unsafe", "{more}{beside}: {fix:#}");
    }
    let terraform = "resource \"aws_rds_cluster\" \"db\" {\n  engine         = \"aurora-mysql\"\n  engine_version = \"8.0.mysql_aurora.3.08.0\"\n  serverlessv2_scaling_configuration {\n    min_capacity = 2\n    max_capacity = 8\n  }\n}\n";
    let flow = "resource \"aws_rds_integration\" \"flow\" {\n  source_arn = aws_rds_cluster.db.arn\n  target_arn = \"t\"\n}\n";
    for (beside, words) in [
        (
            flow,
            "aws_rds_integration.flow does not let it: a cluster that an integration reads stays awake",
        ),
        ("", ""),
    ] {
        let found = next(&[("main.tf", &[terraform, beside].concat())], &[]);
        let fix = &action(&found, "aws_rds_cluster.db")["fix"];
        assert_eq!(
            fix["withheld"].as_str().unwrap_or_default(),
            words,
            "{fix:#}"
        );
    }
}
