//! Stacks that name each other within one run.

use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::host::Memory;

const SERVICE: &str = "
Parameters:
  Cluster: {Type: String}
  Launch: {Type: String, Default: FARGATE}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: web}
  Web:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      LaunchType: !Ref Launch
      TaskDefinition: !Ref Task
";

/// A service that says nothing but which cluster it runs on.
const BARE: &str = "
Parameters:
  Cluster: {Type: String}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: web}
  Web:
    Type: AWS::ECS::Service
    Properties: {Cluster: !Ref Cluster, TaskDefinition: !Ref Task}
";

const FARGATE_CLUSTER: &str = "
Resources:
  Shared:
    Type: AWS::ECS::Cluster
    Properties:
      CapacityProviders: [FARGATE]
      DefaultCapacityProviderStrategy: [{CapacityProvider: FARGATE}]
Outputs:
  Name:
    Value: !Ref Shared
    Export: {Name: shared-cluster}
";

fn judged(files: &[(&str, &str)]) -> Analysis {
    let mut memory = Memory::new(date(2027, 1, 31));
    for (path, text) in files {
        memory = memory.with(*path, *text);
    }
    let options = Options {
        paths: vec![".".into()],
        ..Options::on(Arc::new(memory))
    };
    check(&options, &|_, _| {})
}

/// Each decision on a line: where it stands, its rung, what else it reaches, its members with their paths.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    lines(&judged(files))
}

fn lines(analysis: &Analysis) -> Vec<String> {
    let line = |decision: &crate::placement::Decision| {
        let mut line = format!(
            "{} {} {}",
            decision.path,
            decision.address,
            decision.rung as u8 + 1
        );
        for reach in &decision.reachable {
            line.push_str(&format!(" | {} when {}", reach.rung as u8 + 1, reach.when));
        }
        for doubt in &decision.doubts {
            line.push_str(&format!(" ? {doubt}"));
        }
        if !decision.members.is_empty() {
            line.push_str(&format!(" + {}", decision.members.join(", ")));
        }
        for (address, path) in &decision.elsewhere {
            line.push_str(&format!(" ({address} in {path})"));
        }
        line
    };
    analysis.decisions.iter().map(line).collect()
}

#[test]
fn what_a_stack_hands_down_decides_in_the_nested_one() {
    let root = |launch: &str| {
        format!(
            "Resources:\n  App:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ./nested/web.yaml\n      \
             Parameters: {{Cluster: prod, Launch: {launch}}}\n"
        )
    };
    let decided = said(&[("root.yaml", &root("EC2")), ("nested/web.yaml", SERVICE)]);
    assert_eq!(decided, ["nested/web.yaml Web 3 + Task"]);
    // Alone, its own default counts, and it may be told otherwise.
    let alone = said(&[("nested/web.yaml", SERVICE)]);
    assert_eq!(
        alone,
        ["nested/web.yaml Web 2 | 3 when `Launch=EC2` | 4 when `Launch=EXTERNAL` + Task"]
    );
    // What the root itself leaves open is named as the root calls it.
    let open = format!(
        "Parameters: {{Kind: {{Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2]}}}}\n{}",
        root("!Ref Kind")
    );
    let decided = said(&[("root.yaml", &open), ("nested/web.yaml", SERVICE)]);
    assert_eq!(
        decided,
        ["nested/web.yaml Web 2 | 3 when `Kind=EC2` + Task"]
    );
    // A SAM application is such a stack, too.
    let sam = root("EC2")
        .replace("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
        .replace("TemplateURL", "Location");
    let decided = said(&[("root.yaml", &sam), ("nested/web.yaml", SERVICE)]);
    assert_eq!(decided, ["nested/web.yaml Web 3 + Task"]);
}

#[test]
fn a_parameter_that_is_not_handed_down_has_its_default() {
    let root = "Resources:\n  App:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: web.yaml, Parameters: {Cluster: prod}}\n";
    assert_eq!(
        said(&[("root.yaml", root), ("web.yaml", SERVICE)]),
        ["web.yaml Web 2 + Task"]
    );
    let nothing = root.replace("Cluster: prod", "Launch: !Ref AWS::NoValue");
    assert_eq!(
        said(&[("root.yaml", &nothing), ("web.yaml", SERVICE)]),
        ["web.yaml Web 2 + Task"]
    );
}

#[test]
fn several_parents_are_like_several_allowed_values() {
    let root = |launch: &str| {
        format!(
            "Resources:\n  App:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: web.yaml, Parameters: {{Cluster: prod, Launch: {launch}}}}}\n"
        )
    };
    let (fargate, ec2) = (root("FARGATE"), root("EC2"));
    let agreed = said(&[("a.yaml", &ec2), ("b.yaml", &ec2), ("web.yaml", SERVICE)]);
    assert_eq!(agreed, ["web.yaml Web 3 + Task"]);
    let decided = said(&[
        ("a.yaml", &ec2),
        ("b.yaml", &fargate),
        ("web.yaml", SERVICE),
    ]);
    assert_eq!(
        decided,
        [
            "web.yaml Web 2 | 3 when `Launch=EC2` ? `Launch` is handed down by several stacks, and not known to be the same + Task"
        ]
    );
}

#[test]
fn outputs_go_up_and_down_again() {
    let root = "
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: cluster.yaml}
  App:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: web.yaml
      Parameters: {Cluster: !GetAtt Network.Outputs.Name}
";
    let decided = said(&[
        ("root.yaml", root),
        ("cluster.yaml", FARGATE_CLUSTER),
        ("web.yaml", BARE),
    ]);
    assert_eq!(
        decided,
        ["web.yaml Web 2 + Shared, Task (Shared in cluster.yaml)"]
    );
    // Without the stack of the cluster in the run, it comes from outside.
    let outside = said(&[("root.yaml", root), ("web.yaml", BARE)]);
    assert_eq!(outside, ["web.yaml Web 3 + Task"]);
}

#[test]
fn an_export_is_what_others_import() {
    let importing = |name: &str| {
        BARE.replace("!Ref Cluster", &format!("!ImportValue {name}"))
            .replace("Parameters:\n  Cluster: {Type: String}\n", "")
    };
    let web = importing("shared-cluster");
    let files = [("cluster.yaml", FARGATE_CLUSTER), ("web.yaml", &web)];
    assert_eq!(
        said(&files),
        ["web.yaml Web 2 + Shared, Task (Shared in cluster.yaml)"]
    );
    // Two that export one name join nothing.
    let twice = [
        ("cluster.yaml", FARGATE_CLUSTER),
        ("other.yaml", FARGATE_CLUSTER),
        ("web.yaml", &web),
    ];
    assert_eq!(
        said(&twice),
        ["web.yaml Web 3 ? `shared-cluster` is exported by more than one stack + Task"]
    );
    // Another name is none of this run.
    let other = importing("other-cluster");
    let files = [("cluster.yaml", FARGATE_CLUSTER), ("web.yaml", &other)];
    assert_eq!(said(&files), ["web.yaml Web 3 + Task"]);
}

#[test]
fn names_of_exports_agree_as_texts() {
    let pair = |export: &str, import: &str, parameters: &str| {
        let cluster = format!(
            "Parameters: {{{parameters}}}{}",
            FARGATE_CLUSTER.replace("shared-cluster", export)
        );
        let web = BARE
            .replace("!Ref Cluster", import)
            .replace("  Cluster: {Type: String}", &format!("  {parameters}"));
        said(&[("cluster.yaml", &cluster), ("web.yaml", &web)])
    };
    let joined = ["web.yaml Web 2 + Shared, Task (Shared in cluster.yaml)"];
    let apart = ["web.yaml Web 3 + Task"];
    let (open, given) = (
        "Stage: {Type: String}",
        "Stage: {Type: String, Default: prod}",
    );
    let sub = "!Sub '${Stage}-cluster'";
    let import = "{'Fn::ImportValue': !Sub '${Stage}-cluster'}";
    assert_eq!(pair(sub, import, open), joined);
    assert_eq!(pair(sub, import, given), joined);
    assert_eq!(pair(sub, "!ImportValue prod-cluster", given), joined);
    assert_eq!(pair(sub, "!ImportValue test-cluster", given), apart);
    let join = "{'Fn::ImportValue': !Join ['-', [!Ref Stage, cluster]]}";
    assert_eq!(pair(sub, join, open), joined);
    // What a stack is called is known from nothing, and is not the same for two.
    let own = "!Sub '${AWS::StackName}-cluster'";
    let named = "{'Fn::ImportValue': !Sub '${Stage}-cluster'}";
    assert_eq!(pair(own, named, open), apart);
    let same = "{'Fn::ImportValue': !Sub '${AWS::StackName}-cluster'}";
    assert_eq!(pair(own, same, open), apart);
    let region = "!Sub '${AWS::Region}-cluster'";
    let same = "{'Fn::ImportValue': !Sub '${AWS::Region}-cluster'}";
    assert_eq!(pair(region, same, open), joined);
}

#[test]
fn the_cdk_names_what_it_nests_beside_the_block() {
    let root = r#"{"Resources": {
      "Shared": {"Type": "AWS::ECS::Cluster", "Properties": {"CapacityProviders": ["FARGATE"], "DefaultCapacityProviderStrategy": [{"CapacityProvider": "FARGATE"}]}},
      "AppNestedStackResource": {"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Sub": "https://s3.${AWS::Region}.${AWS::URLSuffix}/assets/abc.json"},
          "Parameters": {"referencetoShopSharedRef": {"Ref": "Shared"}}},
        "Metadata": {"aws:cdk:path": "Shop/App.NestedStack/App.NestedStackResource", "aws:asset:path": "ShopApp1.nested.template.json", "aws:asset:property": "TemplateURL"}}}}"#;
    let nested = r#"{"Resources": {
      "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "web"}},
      "Web": {"Type": "AWS::ECS::Service", "Properties": {"Cluster": {"Ref": "referencetoShopSharedRef"}, "TaskDefinition": {"Ref": "Task"}}}},
      "Parameters": {"referencetoShopSharedRef": {"Type": "String"}}}"#;
    let decided = said(&[
        ("cdk.out/Shop.template.json", root),
        ("cdk.out/ShopApp1.nested.template.json", nested),
    ]);
    assert_eq!(
        decided,
        [
            "cdk.out/ShopApp1.nested.template.json Web 2 + Shared, Task (Shared in cdk.out/Shop.template.json)"
        ]
    );
}

#[test]
fn circles_end() {
    let one = |other: &str| {
        format!(
            "Resources:\n  Next:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {other}, Parameters: {{A: !GetAtt Next.Outputs.B}}}}\n  Q: {{Type: AWS::SQS::Queue}}\nParameters: {{A: {{Type: String}}}}\nOutputs: {{B: {{Value: !Ref A}}}}\n"
        )
    };
    let (a, b) = (one("b.yaml"), one("a.yaml"));
    let decided = said(&[("a.yaml", &a), ("b.yaml", &b)]);
    assert_eq!(decided, ["a.yaml Q 1", "b.yaml Q 1"]);
    let own = one("a.yaml");
    assert_eq!(said(&[("a.yaml", &own)]), ["a.yaml Q 1"]);
}

#[test]
fn a_member_elsewhere_is_no_choice_of_its_own() {
    let primary = "
Resources:
  Main:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, DBClusterInstanceClass: db.r6g.large}
Outputs:
  Id: {Value: !Ref Main, Export: {Name: main-db}}
";
    let member = "
Resources:
  Reader:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-postgresql, DBInstanceClass: db.r6g.large, DBClusterIdentifier: !ImportValue main-db}
";
    let decided = said(&[("db.yaml", primary), ("reader.yaml", member)]);
    assert_eq!(decided, ["db.yaml Main 3 + Reader (Reader in reader.yaml)"]);
}

#[test]
fn names_of_one_stack_mean_nothing_in_another() {
    let one = "
Conditions: {On: !Equals [a, b]}
Mappings: {Sizes: {x: {y: FARGATE}}}
Resources:
  Shared:
    Type: AWS::ECS::Cluster
    Properties: {}
Outputs: {Name: {Value: !Ref Shared, Export: {Name: one}}}
";
    let two = "
Resources:
  Web:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !ImportValue one
      LaunchType: !FindInMap [Sizes, x, y]
      TaskDefinition: !Ref Shared
";
    let analysis = judged(&[("one.yaml", one), ("two.yaml", two)]);
    let [web] = &analysis.decisions[..] else {
        panic!("{:?}", lines(&analysis))
    };
    assert!(web.uncertain(), "{web:?}");
    assert_eq!(web.members, ["Shared"]);
    assert_eq!(web.elsewhere.len(), 1);
}

#[test]
fn reasons_speak_of_their_own_file() {
    let cluster = "
Metadata: {sfl: {because: licence, reason: the licence of the vendor counts physical cores}}
Resources:
  Shared: {Type: AWS::ECS::Cluster}
  Host: {Type: AWS::EC2::Instance}
Outputs: {Name: {Value: !Ref Shared, Export: {Name: one}}}
";
    let web = "
Resources:
  Web:
    Type: AWS::ECS::Service
    Properties: {Cluster: !ImportValue one, LaunchType: EC2}
  Host: {Type: AWS::EC2::Instance}
";
    let analysis = judged(&[("cluster.yaml", cluster), ("web.yaml", web)]);
    let decisions = analysis.decisions.iter();
    let justified: Vec<_> = decisions
        .map(|one| {
            format!(
                "{} {} {}",
                one.path,
                one.address,
                one.justification.is_some()
            )
        })
        .collect();
    assert_eq!(
        justified,
        [
            "cluster.yaml Host true",
            "web.yaml Web false",
            "web.yaml Host false"
        ]
    );
}
