//! What speaks against a reason, each with the neighbour against which nothing does.

use std::collections::BTreeSet;

use sfl::reasons::kinds;

use super::faults::judge;

const PLAIN: &str = "nothing else does what the sixty teams of this house ask of it";
const GPU: &str = "the renderer needs a GPU to draw the thumbnails of the shop";
const NVME: &str = "the index must lie on a local disk to answer in time";

/// Kind, words, type, properties that speak against it, properties that do not (a `!` before: another type).
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::EC2::Instance",
        "InstanceType: t3.large",
        "InstanceType: c7g.large",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::EC2::Instance",
        "InstanceType: t4g.large",
        "InstanceType: !Ref Size",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::EC2::Instance",
        "InstanceType: !Ref Burst",
        "InstanceType: !Ref Some",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::EC2::Instance",
        "InstanceType: m7g.medium",
        "InstanceType: m7g.xlarge",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::AutoScaling::AutoScalingGroup",
        "MinSize: 1, MaxSize: 1, MixedInstancesPolicy: {LaunchTemplate: {Overrides: [{InstanceType: m7g.medium}]}}",
        "MinSize: 1, MaxSize: 9, MixedInstancesPolicy: {LaunchTemplate: {Overrides: [{InstanceType: m7g.medium}]}}",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::RDS::DBInstance",
        "Engine: postgres, DBInstanceClass: db.t4g.medium",
        "Engine: postgres, DBInstanceClass: db.r7g.large",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::ElastiCache::ReplicationGroup",
        "CacheNodeType: cache.t4g.small",
        "CacheNodeType: cache.r7g.large",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::OpenSearchService::Domain",
        "ClusterConfig: {InstanceType: or1.medium.search, InstanceCount: 1}",
        "ClusterConfig: {InstanceType: or1.medium.search, InstanceCount: 3}",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::Kinesis::Stream",
        "ShardCount: 1",
        "ShardCount: 8",
    ),
    (
        "dedicated-throughput",
        PLAIN,
        "AWS::DynamoDB::Table",
        "ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}",
        "ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 500}",
    ),
    (
        "latency",
        PLAIN,
        "AWS::AutoScaling::AutoScalingGroup",
        "MinSize: 0, MaxSize: 4",
        "MinSize: 0, MaxSize: 4, DesiredCapacity: 2",
    ),
    (
        "latency",
        PLAIN,
        "AWS::ECS::Service",
        "LaunchType: FARGATE, DesiredCount: 0",
        "LaunchType: FARGATE, DesiredCount: 2",
    ),
    (
        "long-running",
        PLAIN,
        "AWS::AutoScaling::AutoScalingGroup",
        "MinSize: 0, MaxSize: 4",
        "MinSize: 1, MaxSize: 4",
    ),
    (
        "long-running",
        PLAIN,
        "AWS::ECS::Service",
        "LaunchType: FARGATE, DesiredCount: 0",
        "LaunchType: FARGATE, DesiredCount: 1",
    ),
    (
        "long-running",
        PLAIN,
        "AWS::Serverless::Function",
        "ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}",
        "!AWS::ECS::Service {LaunchType: FARGATE}",
    ),
    (
        "long-running",
        PLAIN,
        "AWS::Kinesis::Stream",
        "ShardCount: 8",
        "!AWS::MSK::Cluster {}",
    ),
    (
        "hardware",
        PLAIN,
        "AWS::EC2::Instance",
        "InstanceType: t3.micro",
        "InstanceType: m7i.large",
    ),
    (
        "hardware",
        GPU,
        "AWS::EC2::Instance",
        "InstanceType: m7i.large",
        "InstanceType: g5.xlarge",
    ),
    (
        "hardware",
        NVME,
        "AWS::EC2::Instance",
        "InstanceType: m7g.large",
        "InstanceType: m7gd.large",
    ),
    (
        "hardware",
        PLAIN,
        "AWS::RDS::DBInstance",
        "Engine: postgres, DBInstanceClass: db.t3.micro",
        "Engine: postgres, DBInstanceClass: db.r6gd.large",
    ),
    (
        "hardware",
        GPU,
        "AWS::ECS::Service",
        "LaunchType: FARGATE",
        "LaunchType: EC2",
    ),
    (
        "hardware",
        PLAIN,
        "AWS::Serverless::Function",
        "ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}",
        "CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: a}}",
    ),
    (
        "hardware",
        PLAIN,
        "AWS::DynamoDB::Table",
        "BillingMode: PROVISIONED",
        "!AWS::DAX::Cluster {NodeType: dax.r5.large}",
    ),
    (
        "protocol",
        PLAIN,
        "AWS::Kinesis::Stream",
        "ShardCount: 4",
        "!AWS::MSK::Cluster {}",
    ),
    (
        "protocol",
        PLAIN,
        "AWS::Serverless::Function",
        "ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}",
        "!AWS::AmazonMQ::Broker {EngineType: RABBITMQ}",
    ),
    (
        "cost-at-scale",
        PLAIN,
        "AWS::EC2::Instance",
        "InstanceType: t4g.nano",
        "InstanceType: t4g.large",
    ),
    (
        "cost-at-scale",
        PLAIN,
        "AWS::Kinesis::Stream",
        "ShardCount: 1",
        "ShardCount: 40",
    ),
    (
        "vendor-software",
        PLAIN,
        "AWS::DynamoDB::Table",
        "BillingMode: PROVISIONED",
        "!AWS::EC2::Instance {}",
    ),
    (
        "licence",
        PLAIN,
        "AWS::RDS::DBInstance",
        "Engine: postgres, DBInstanceClass: db.r7g.large",
        "Engine: oracle-se2, DBInstanceClass: db.r7g.large",
    ),
    (
        "licence",
        PLAIN,
        "AWS::ElastiCache::CacheCluster",
        "Engine: memcached, CacheNodeType: cache.r7g.large",
        "CacheNodeType: cache.r7g.large",
    ),
    (
        "licence",
        PLAIN,
        "AWS::MSK::Cluster",
        "ClusterName: a",
        "!AWS::EC2::Instance {}",
    ),
    (
        "licence",
        PLAIN,
        "AWS::ECS::Service",
        "LaunchType: FARGATE",
        "LaunchType: EC2",
    ),
    (
        "compliance",
        PLAIN,
        "AWS::RDS::DBInstance",
        "Engine: postgres, PubliclyAccessible: true",
        "Engine: postgres, PubliclyAccessible: false",
    ),
    (
        "compliance",
        PLAIN,
        "AWS::RDS::DBInstance",
        "Engine: postgres, StorageEncrypted: false",
        "Engine: postgres",
    ),
    (
        "data-gravity",
        PLAIN,
        "AWS::DynamoDB::Table",
        "BillingMode: PROVISIONED",
        "!AWS::RDS::DBInstance {Engine: postgres}",
    ),
    (
        "data-gravity",
        PLAIN,
        "AWS::Serverless::Function",
        "ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}",
        "!AWS::EC2::Instance {}",
    ),
    (
        "data-gravity",
        PLAIN,
        "AWS::ElastiCache::CacheCluster",
        "Engine: memcached",
        "Engine: redis",
    ),
];

const PARAMETERS: &str = "Parameters:
  Size: { Type: String, Default: t4g.large }
  Burst: { Type: String, Default: t3.micro, AllowedValues: [t3.micro, t3.large] }
  Some: { Type: String, Default: t3.micro, AllowedValues: [t3.micro, m7g.large] }
";

fn record(kind: &str, words: &str) -> String {
    format!("Metadata: {{ sfl: {{ because: {kind}, reason: {words} }} }}")
}

/// What is said against the record.
fn against(template: &str) -> Vec<String> {
    let judged = judge(template);
    assert!(judged.problems.is_empty(), "{template}");
    let fallbacks = judged.decisions.iter().filter(|decision| decision.fallback);
    assert!(fallbacks.count() > 0, "no fallback in\n{template}");
    let found = judged.findings.iter();
    let found = found.filter(|finding| finding.code.is_about_reasons());
    found
        .map(|finding| format!("{} {}", finding.code, finding.message))
        .collect()
}

#[test]
fn each_fires_and_its_neighbour_does_not() {
    let mut said = BTreeSet::new();
    for (kind, words, resource, fires, quiet) in CASES {
        let record = record(kind, words);
        let one = |resource: &str, properties: &str| {
            format!(
                "{PARAMETERS}Resources:\n  One:\n    Type: {resource}\n    {record}\n    Properties: {properties}\n"
            )
        };
        let found = against(&one(resource, &format!("{{ {fires} }}")));
        assert_eq!(found.len(), 1, "{kind} {resource} {fires}: {found:?}");
        assert!(
            found[0].starts_with("justification/contradicted"),
            "{found:?}"
        );
        said.extend(note(&found[0]));
        let quiet = match quiet.strip_prefix('!') {
            Some(other) => {
                let (other, properties) = other.split_once(' ').expect("a type and properties");
                one(other, properties)
            }
            None => one(resource, &format!("{{ {quiet} }}")),
        };
        assert_eq!(against(&quiet), [""; 0], "{kind} {quiet}");
    }
    let small = |cpu: &str| {
        let record = record("dedicated-throughput", PLAIN);
        format!(
            "Resources:\n  One:\n    Type: AWS::ECS::Service\n    {record}\n    Properties: {{ LaunchType: FARGATE, DesiredCount: 1, TaskDefinition: !Ref Task }}\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties: {{ Cpu: {cpu}, RequiresCompatibilities: [FARGATE] }}\n"
        )
    };
    said.extend(against(&small("256")).iter().flat_map(|text| note(text)));
    assert_eq!(against(&small("4096")), [""; 0]);

    let all = kinds::ALL.iter().flat_map(|kind| &kind.against);
    let missing: Vec<&str> = all
        .map(|against| &*against.says)
        .filter(|says| !said.contains(says))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:#?}");
}

fn note(message: &str) -> Option<&'static str> {
    let all = kinds::ALL.iter().flat_map(|kind| &kind.against);
    all.map(|against| &*against.says)
        .find(|says| message.ends_with(says))
}

#[test]
fn members_speak_for_their_primary() {
    let group = |types: &str| {
        let record = record("dedicated-throughput", PLAIN);
        format!(
            "Resources:\n  One:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    {record}\n    Properties: {{ MinSize: 2, MaxSize: 9, MixedInstancesPolicy: {{ LaunchTemplate: {{ LaunchTemplateSpecification: {{ LaunchTemplateId: !Ref Machine }}, Overrides: [{types}] }} }} }}\n  Machine:\n    Type: AWS::EC2::LaunchTemplate\n    Properties: {{ LaunchTemplateData: {{ InstanceType: t3.large }} }}\n"
        )
    };
    assert_eq!(against(&group("{ InstanceType: t3a.large }")).len(), 1);
    assert_eq!(against(&group("{ InstanceType: m7a.large }")), [""; 0]);
    assert_eq!(
        against(&group(
            "{ InstanceRequirements: { VCpuCount: { Min: 8 } } }"
        )),
        [""; 0]
    );
    assert_eq!(
        against(&group("{ InstanceType: !ImportValue size }")),
        [""; 0]
    );
}
