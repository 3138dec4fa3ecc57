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
fn of_what_several_parents_hand_down_the_worst_counts() {
    let root = |name: &str, launch: &str| {
        format!(
            "Resources:\n  {name}:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: web.yaml, Parameters: {{Cluster: prod, Launch: {launch}}}}}\n"
        )
    };
    let (fargate, ec2) = (root("Dev", "FARGATE"), root("Live", "EC2"));
    let agreed = said(&[("a.yaml", &ec2), ("b.yaml", &ec2), ("web.yaml", SERVICE)]);
    assert_eq!(agreed, ["web.yaml Web 3 + Task"]);
    for (first, second) in [(&ec2, &fargate), (&fargate, &ec2)] {
        let decided = said(&[("a.yaml", first), ("b.yaml", second), ("web.yaml", SERVICE)]);
        assert_eq!(
            decided,
            ["web.yaml Web 3 | 2 when handed down by Dev + Task"]
        );
    }
    // Who is called alike is told apart by the file.
    let (fargate, too) = (root("App", "FARGATE"), root("App", "EC2"));
    let decided = said(&[
        ("a.yaml", &fargate),
        ("b.yaml", &too),
        ("web.yaml", SERVICE),
    ]);
    assert_eq!(
        decided,
        ["web.yaml Web 3 | 2 when handed down by App in a.yaml + Task"]
    );
    let fargate = root("Dev", "FARGATE");
    // A stack that is only made under a condition may never be there.
    let perhaps = format!(
        "Parameters: {{Make: {{Type: String}}}}\nConditions: {{Is: !Equals [!Ref Make, yes]}}\n{}    Condition: Is\n",
        ec2
    );
    let decided = said(&[
        ("a.yaml", &perhaps),
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
fn a_service_in_one_of_several_clusters_is_in_one_of_them() {
    let plain =
        "Resources:\n  Shared: {Type: AWS::ECS::Cluster}\nOutputs:\n  Name: {Value: !Ref Shared}\n";
    let root = |second: &str| {
        let nested = |name: &str, path: &str, rest: &str| {
            format!(
                "  {name}:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {path}{rest}}}\n"
            )
        };
        let app = |name: &str, of: &str| {
            let cluster = format!(", Parameters: {{Cluster: !GetAtt {of}.Outputs.Name}}");
            nested(name, "web.yaml", &cluster)
        };
        [
            "Resources:\n",
            &nested("One", "plain.yaml", ""),
            &nested("Two", second, ""),
            &app("OfOne", "One"),
            &app("OfTwo", "Two"),
        ]
        .concat()
    };
    let files = |root: &str| {
        said(&[
            ("root.yaml", root),
            ("plain.yaml", plain),
            ("fargate.yaml", FARGATE_CLUSTER),
            ("web.yaml", BARE),
        ])
    };
    let decided = files(&root("fargate.yaml"));
    assert_eq!(
        decided,
        [
            "web.yaml Web 2 | 3 when another stack hands down `Cluster` ? `Cluster` is handed down by several stacks, and not known to be the same + Shared, Shared, Task (Shared in fargate.yaml) (Shared in plain.yaml)"
        ]
    );
}

/// A cluster and what runs in it, a nested stack each: an output goes up, and down again.
const NETWORK_AND_APP: &str = "
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: cluster.yaml}
  App:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: web.yaml, Parameters: {Cluster: !GetAtt Network.Outputs.Name}}
";

#[test]
fn outputs_go_up_and_down_again() {
    let decided = said(&[
        ("root.yaml", NETWORK_AND_APP),
        ("cluster.yaml", FARGATE_CLUSTER),
        ("web.yaml", BARE),
    ]);
    assert_eq!(
        decided,
        ["web.yaml Web 2 + Shared, Task (Shared in cluster.yaml)"]
    );
    // Without the stack of the cluster in the run, it comes from outside.
    let outside = said(&[("root.yaml", NETWORK_AND_APP), ("web.yaml", BARE)]);
    assert_eq!(outside, ["web.yaml Web 3 + Task"]);
}

#[test]
fn a_circle_leaves_other_links_alone() {
    let again = |path: &str| {
        format!(
            "  Again:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {path}}}\n"
        )
    };
    let joined = ["web.yaml Web 2 + Shared, Task (Shared in cluster.yaml)"];
    // A stack that nests itself, and two that nest each other; whichever of the files is read first.
    let itself = format!("{NETWORK_AND_APP}{}", again("root.yaml"));
    let there = format!("{NETWORK_AND_APP}{}", again("between.yaml"));
    for name in ["root.yaml", "between.yaml"] {
        let back = format!("Resources:\n{}", again(name));
        let files = [
            ("root.yaml", &*there),
            ("between.yaml", &*back),
            ("cluster.yaml", FARGATE_CLUSTER),
            ("web.yaml", BARE),
        ];
        assert_eq!(said(&files), joined, "{name}");
    }
    let files = [
        ("root.yaml", &*itself),
        ("cluster.yaml", FARGATE_CLUSTER),
        ("web.yaml", BARE),
    ];
    assert_eq!(said(&files), joined);
}

#[test]
fn what_a_conditional_stack_makes_is_conditional() {
    const HOST: &str =
        "Resources: {Host: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1}}}";
    let nesting = |kind: &str, path: &str, condition: &str| {
        let property = match kind {
            "AWS::Serverless::Application" => "Location",
            _ => "TemplateURL",
        };
        format!(
            "Parameters: {{Stage: {{Type: String, Default: dev}}}}\nConditions: {{Live: !Equals [!Ref Stage, live]}}\n\
             Resources:\n  Inner:\n    Type: {kind}\n    {condition}\n    Properties: {{{property}: {path}}}\n"
        )
    };
    let conditional = |files: &[(&str, &str)]| -> Vec<bool> {
        let judged = judged(files);
        let all = judged.decisions.iter();
        all.map(|decision| decision.conditional).collect()
    };
    let (stack, sam) = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application");
    for kind in [stack, sam] {
        let off = nesting(kind, "host.yaml", "Condition: Live");
        let on = nesting(kind, "host.yaml", "");
        let files = [("a.yaml", &*off), ("host.yaml", HOST)];
        assert_eq!(conditional(&files), [true], "{kind}");
        let files = [("a.yaml", &*on), ("host.yaml", HOST)];
        assert_eq!(conditional(&files), [false], "{kind}");
        // One that makes it in any case is enough.
        let files = [("a.yaml", &*off), ("b.yaml", &*on), ("host.yaml", HOST)];
        assert_eq!(conditional(&files), [false], "{kind}");
        let files = [("a.yaml", &*off), ("b.yaml", &*off), ("host.yaml", HOST)];
        assert_eq!(conditional(&files), [true], "{kind}");
    }
    // What stands two stacks below is so, too.
    let outer = nesting(stack, "between.yaml", "Condition: Live");
    let between = nesting(stack, "host.yaml", "");
    let files = [
        ("outer.yaml", &*outer),
        ("between.yaml", &*between),
        ("host.yaml", HOST),
    ];
    assert_eq!(conditional(&files), [true]);
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
    // Two that export one name join nothing, but both are no worse than this.
    let both = |one: &str, other: &str| {
        let files = [
            ("cluster.yaml", one),
            ("other.yaml", other),
            ("web.yaml", &web),
        ];
        said(&files)
    };
    let twice = |other: &str| both(FARGATE_CLUSTER, other);
    assert_eq!(
        twice(FARGATE_CLUSTER),
        ["web.yaml Web 2 ? `shared-cluster` is exported by more than one stack + Task"]
    );
    // Where they differ, it is one of the two.
    let instances = FARGATE_CLUSTER.replace("FARGATE", "Machines");
    let range = "web.yaml Web 2 | 3 when another export of `shared-cluster` is meant ? `shared-cluster` is exported by more than one stack + Task";
    assert_eq!(twice(&instances), [range]);
    // A strategy that stands beside the cluster counts for it, and a text is the name of a cluster from outside.
    let beside = "
Resources:
  Shared: {Type: AWS::ECS::Cluster}
  Beside:
    Type: AWS::ECS::ClusterCapacityProviderAssociations
    Properties:
      Cluster: !Ref Shared
      CapacityProviders: [FARGATE]
      DefaultCapacityProviderStrategy: [{CapacityProvider: FARGATE}]
Outputs:
  Name:
    Value: !Ref Shared
    Export: {Name: shared-cluster}
";
    assert_eq!(
        both(beside, beside),
        ["web.yaml Web 2 ? `shared-cluster` is exported by more than one stack + Task"]
    );
    let outside = FARGATE_CLUSTER.replace("Value: !Ref Shared", "Value: prod");
    assert_eq!(twice(&outside), [range]);
    // Another name is none of this run.
    let other = importing("other-cluster");
    let files = [("cluster.yaml", FARGATE_CLUSTER), ("web.yaml", &other)];
    assert_eq!(said(&files), ["web.yaml Web 3 + Task"]);
}

#[test]
fn exports_of_one_name_under_conditions_of_one_stack_are_alternatives() {
    let clusters = |parameters: &str| {
        format!(
            "
Parameters: {parameters}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsTest: !Not [!Condition IsLive]
Resources:
  Live:
    Type: AWS::ECS::Cluster
    Condition: IsLive
    Properties: {{DefaultCapacityProviderStrategy: [{{CapacityProvider: Machines}}]}}
  Test:
    Type: AWS::ECS::Cluster
    Condition: IsTest
    Properties: {{DefaultCapacityProviderStrategy: [{{CapacityProvider: FARGATE}}]}}
Outputs:
  LiveName: {{Condition: IsLive, Value: !Ref Live, Export: {{Name: shared-cluster}}}}
  TestName: {{Condition: IsTest, Value: !Ref Test, Export: {{Name: shared-cluster}}}}
"
        )
    };
    let web = BARE
        .replace("!Ref Cluster", "!ImportValue shared-cluster")
        .replace("Parameters:\n  Cluster: {Type: String}\n", "");
    let judged = |stage: &str| {
        let clusters = clusters(&format!("{{Stage: {{Type: String, Default: {stage}}}}}"));
        said(&[("clusters.yaml", &clusters), ("web.yaml", &web)])
    };
    let members = "+ Live, Test, Task (Live in clusters.yaml) (Test in clusters.yaml)";
    assert_eq!(
        judged("test"),
        [format!("web.yaml Web 2 | 3 when `Stage=live` {members}")]
    );
    assert_eq!(
        judged("live"),
        [format!(
            "web.yaml Web 3 | 2 when `Stage` other than `live` {members}"
        )]
    );
}

#[test]
fn a_value_that_several_export_is_one_of_theirs() {
    let mode = |mode: &str| {
        format!(
            "Resources: {{Jobs: {{Type: AWS::SQS::Queue}}}}\nOutputs:\n  Mode: {{Value: {mode}, Export: {{Name: launch-mode}}}}\n"
        )
    };
    let web = SERVICE
        .replace("!Ref Cluster", "shop")
        .replace("!Ref Launch", "!ImportValue launch-mode");
    let judged = |one: &str, other: &str| {
        let all = said(&[
            ("a.yaml", &mode(one)),
            ("b.yaml", &mode(other)),
            ("web.yaml", &web),
        ]);
        let is_of_web = |line: &&String| line.starts_with("web.yaml");
        all.iter().find(is_of_web).cloned().unwrap_or_default()
    };
    assert_eq!(
        judged("FARGATE", "EC2"),
        "web.yaml Web 2 | 3 when another export of `launch-mode` is meant ? `launch-mode` is exported by more than one stack + Task"
    );
    assert_eq!(judged("FARGATE", "FARGATE"), "web.yaml Web 2 + Task");
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

const HOSTS: &str = r#"{"variable": {"kind": {"type": "string", "default": "t3.micro"}, "many": {"type": "number", "default": 1, "nullable": false}},
  "resource": {"aws_instance": {"host": {"count": "${var.many}", "instance_type": "${var.kind}"}}},
  "output": {"ids": {"value": "${aws_instance.host[*].id}"}, "first": {"value": "${aws_instance.host[0].id}"}}}"#;

#[test]
fn each_instance_of_a_module_is_a_decision_of_its_own() {
    let root = r#"{"module": {
        "a": {"source": "./hosts", "for_each": {"x": "t3.large", "y": "t3.small"}, "kind": "${each.value}", "many": "${each.key == \"x\" ? 2 : null}"},
        "b": {"source": "./hosts/", "count": 2, "many": 0}}}"#;
    let decided = said(&[("main.tf.json", root), ("hosts/main.tf.json", HOSTS)]);
    assert_eq!(
        decided,
        [
            "hosts/main.tf.json module.a[\"x\"].aws_instance.host[0] 4",
            "hosts/main.tf.json module.a[\"x\"].aws_instance.host[1] 4",
            "hosts/main.tf.json module.a[\"y\"].aws_instance.host[0] 4",
        ]
    );
    // Where nobody calls it, it is judged alone.
    let alone = said(&[("hosts/main.tf.json", HOSTS)]);
    assert_eq!(alone, ["hosts/main.tf.json aws_instance.host[0] 4"]);
    // A call that is never made makes nothing, and the module is no root either.
    let none = r#"{"module": {"a": {"source": "./hosts", "count": 0}}}"#;
    let decided = said(&[("main.tf.json", none), ("hosts/main.tf.json", HOSTS)]);
    assert_eq!(decided, [""; 0]);
    // Neither is what that module would have called.
    let none = r#"{"module": {"a": {"source": "./farm", "for_each": {}}}}"#;
    let farm = r#"{"module": {"hosts": {"source": "../hosts"}}}"#;
    let files = [
        ("main.tf.json", none),
        ("farm/main.tf.json", farm),
        ("hosts/main.tf.json", HOSTS),
    ];
    assert_eq!(said(&files), [""; 0]);
    assert_eq!(
        said(&files[1..]),
        ["hosts/main.tf.json module.hosts.aws_instance.host[0] 4"]
    );
}

#[test]
fn a_call_that_may_not_be_made_is_conditional() {
    let root = r#"{"variable": {"on": {"type": "bool", "default": true}}, "module": {"a": {"source": "./hosts", "count": "${var.on ? 1 : 0}"}}}"#;
    let analysis = judged(&[("main.tf.json", root), ("hosts/main.tf.json", HOSTS)]);
    let [one] = &analysis.decisions[..] else {
        panic!("{:?}", lines(&analysis))
    };
    assert_eq!(one.address, "module.a[0].aws_instance.host[0]");
    assert!(one.conditional);
}

#[test]
fn members_are_joined_through_modules() {
    let root = r#"{"module": {"cluster": {"source": "./cluster"}, "web": {"source": "./web", "cluster": "${module.cluster.id}"}}}"#;
    let cluster = r#"{"resource": {"aws_ecs_cluster": {"shared": {"name": "shared"}},
        "aws_ecs_cluster_capacity_providers": {"shared": {"cluster_name": "${aws_ecs_cluster.shared.name}", "capacity_providers": ["FARGATE"],
          "default_capacity_provider_strategy": {"capacity_provider": "FARGATE"}}}},
        "output": {"id": {"value": "${aws_ecs_cluster.shared.id}"}}}"#;
    let web = r#"{"variable": {"cluster": {}}, "resource": {"aws_ecs_task_definition": {"web": {"family": "web"}},
        "aws_ecs_service": {"web": {"cluster": "${var.cluster}", "task_definition": "${aws_ecs_task_definition.web.arn}"}}}}"#;
    let analysis = judged(&[
        ("main.tf.json", root),
        ("cluster/main.tf.json", cluster),
        ("web/main.tf.json", web),
    ]);
    let [one] = &analysis.decisions[..] else {
        panic!("{:?}", lines(&analysis))
    };
    assert_eq!(
        (one.address.as_str(), one.rung.number()),
        ("module.web.aws_ecs_service.web", 2),
        "{:?}",
        lines(&analysis)
    );
    assert!(
        one.elsewhere.iter().any(|(address, path)| address
            == "module.cluster.aws_ecs_cluster.shared"
            && **path == *"cluster/main.tf.json"),
        "{one:?}"
    );
}

#[test]
fn an_index_takes_one_element_of_what_is_handed_down_or_up() {
    let root = r#"
resource "aws_launch_template" "x" {
  count = 2
}
module "more" {
  source = "./more"
}
module "group" {
  source = "./group"
  ids    = aws_launch_template.x[*].id
}
resource "aws_autoscaling_group" "up" {
  launch_template {
    id = module.more.ids[0]
  }
}
"#;
    let more = r#"
resource "aws_launch_template" "y" {
  count = 2
}
output "ids" {
  value = aws_launch_template.y[*].id
}
"#;
    let group = r#"
variable "ids" {}
resource "aws_autoscaling_group" "down" {
  launch_template {
    id = var.ids[1]
  }
}
"#;
    let analysis = judged(&[
        ("main.tf", root),
        ("more/main.tf", more),
        ("group/main.tf", group),
    ]);
    let groups = analysis
        .decisions
        .iter()
        .map(|one| format!("{}: {}", one.address, one.members.join(" ")));
    let groups: Vec<_> = groups.filter(|one| one.contains("autoscaling")).collect();
    assert_eq!(
        groups,
        [
            "module.group.aws_autoscaling_group.down: aws_launch_template.x[1]",
            "aws_autoscaling_group.up: module.more.aws_launch_template.y[0]",
        ]
    );
}

#[test]
fn modules_within_modules_hand_values_on() {
    let root = r#"{"variable": {"size": {"type": "string", "default": "db.serverless"}},
        "module": {"data": {"source": "./data", "settings": {"class": "${var.size}"}}}}"#;
    let data = r#"{"variable": {"settings": {"type": "object({class = string, engine = optional(string, \"aurora-mysql\")})"}},
        "module": {"store": {"source": "../store", "class": "${var.settings.class}", "engine": "${var.settings.engine}"}}}"#;
    let store = r#"{"variable": {"class": {}, "engine": {}}, "resource": {"aws_db_instance": {"main": {"engine": "${var.engine}", "instance_class": "${var.class}"}}}}"#;
    let analysis = judged(&[
        ("main.tf.json", root),
        ("data/main.tf.json", data),
        ("store/main.tf.json", store),
    ]);
    let decided: Vec<_> = analysis
        .decisions
        .iter()
        .map(|one| format!("{} {}", one.path, one.address))
        .collect();
    assert_eq!(
        decided,
        ["store/main.tf.json module.data.module.store.aws_db_instance.main"]
    );
}

#[test]
fn outputs_of_several_instances_are_lists_and_maps() {
    let root = r#"{"module": {"a": {"source": "./hosts", "count": 2}, "b": {"source": "./hosts", "for_each": {"x": 1}}},
        "resource": {"aws_sqs_queue": {
            "each": {"for_each": "${module.b}", "name": "${each.key}"},
            "counted": {"count": "${length(module.a)}"},
            "splat": {"count": "${length(module.a[*].first)}"}}}}"#;
    let analysis = judged(&[("main.tf.json", root), ("hosts/main.tf.json", HOSTS)]);
    let queues = analysis.decisions.iter().map(|one| one.address.as_str());
    let queues: Vec<_> = queues.filter(|one| one.contains("sqs")).collect();
    assert_eq!(
        queues,
        [
            "aws_sqs_queue.each[\"x\"]",
            "aws_sqs_queue.counted[0]",
            "aws_sqs_queue.counted[1]",
            "aws_sqs_queue.splat[0]",
            "aws_sqs_queue.splat[1]",
        ]
    );
}

#[test]
fn modules_in_circles_end_and_multiplied_ones_stay_few() {
    let one = |source: &str| {
        format!(
            r#"{{"module": {{"n": {{"source": "{source}"}}}}, "resource": {{"aws_sqs_queue": {{"q": {{}}}}}}}}"#
        )
    };
    let (a, b) = (one("../b"), one("../a"));
    let decided = said(&[("a/main.tf.json", &a), ("b/main.tf.json", &b)]);
    assert_eq!(
        decided,
        [
            "a/main.tf.json aws_sqs_queue.q 1",
            "b/main.tf.json module.n.aws_sqs_queue.q 1"
        ]
    );
    assert_eq!(
        said(&[("a/main.tf.json", &one("./"))]),
        ["a/main.tf.json aws_sqs_queue.q 1"]
    );
    // A thousand times a thousand times a thousand.
    let many =
        |source: &str| format!(r#"{{"module": {{"n": {{"count": 1000, "source": "{source}"}}}}}}"#);
    let (x, y, z) = (many("../y"), many("../z"), many("../q"));
    let queue = r#"{"resource": {"aws_sqs_queue": {"q": {}}}}"#;
    let decided = said(&[
        ("x/main.tf.json", &x),
        ("y/main.tf.json", &y),
        ("z/main.tf.json", &z),
        ("q/main.tf.json", queue),
    ]);
    assert!((1..1_000_000).contains(&decided.len()), "{}", decided.len());
}

#[test]
fn a_reason_on_a_call_speaks_for_all_that_it_makes() {
    let root = r#"{"module": {"a": {"//": {"sfl": {"because": "licence", "reason": "the licence of the vendor counts physical cores"}},
        "source": "./hosts"}, "b": {"source": "./hosts"}}}"#;
    let analysis = judged(&[("main.tf.json", root), ("hosts/main.tf.json", HOSTS)]);
    let justified: Vec<_> = analysis
        .decisions
        .iter()
        .map(|one| (one.address.as_str(), one.justification.is_some()))
        .collect();
    assert_eq!(
        justified,
        [
            ("module.a.aws_instance.host[0]", true),
            ("module.b.aws_instance.host[0]", false)
        ]
    );
    let about_reasons = analysis
        .findings
        .iter()
        .filter(|finding| finding.code.is_about_reasons());
    assert_eq!(about_reasons.count(), 0);
}
