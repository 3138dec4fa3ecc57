//! What leads others to a machine is named before it goes, and what ends is one action.

use super::next::{action, actions, next};

fn said(text: &str, key: &str) -> String {
    let found = next(&[("a.yaml", text)], &["--limit", "9"]);
    action(&found, "Box")[key].to_string()
}

fn machine(more: &str, beside: &str) -> String {
    format!(
        "Resources:\n  Box: {{Type: 'AWS::EC2::Instance', Properties: {{ImageId: ami-1, InstanceType: t3.micro{more}}}}}\n{beside}"
    )
}

const ROUTE: &str = "  Out: {Type: 'AWS::EC2::Route', Properties: {RouteTableId: r, DestinationCidrBlock: 0.0.0.0/0, InstanceId: !Ref Box}}\n";

#[test]
fn what_leads_to_a_machine_is_named() {
    let nobody = "nothing else here is seen to need it";
    for beside in [
        ROUTE,
        "  Out: {Type: 'AWS::EC2::EIP', Properties: {InstanceId: !Ref Box}}\n",
        "  Out: {Type: 'AWS::Route53::RecordSet', Properties: {HostedZoneName: x., Name: db.x., Type: A, TTL: 60, ResourceRecords: [!GetAtt Box.PrivateIp]}}\n",
        "  Out: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {Port: 80, Protocol: HTTP, VpcId: v, Targets: [{Id: !Ref Box}]}}\n",
    ] {
        let text = machine("", beside);
        let check = said(&text, "check");
        assert!(check.contains("`Out` leads to it"), "{beside}: {check}");
        assert!(!said(&text, "why").contains(nobody), "{beside}");
    }
    // What only watches it does not lead to it.
    let alarm = "  Out: {Type: 'AWS::CloudWatch::Alarm', Properties: {MetricName: CPUUtilization, Namespace: AWS/EC2, Dimensions: [{Name: InstanceId, Value: !Ref Box}]}}\n";
    for beside in [alarm, ""] {
        let text = machine("", beside);
        assert!(said(&text, "why").contains(nobody), "{beside}");
        assert!(!said(&text, "check").contains("leads to it"), "{beside}");
    }
}

#[test]
fn a_machine_that_passes_on_what_others_send_is_a_nat() {
    let nat = machine(", SourceDestCheck: false", ROUTE);
    assert!(said(&nat, "obstacles").contains("NAT gateway"));
    for text in [
        machine(", SourceDestCheck: false", ""),
        machine("", ROUTE),
        machine(", SourceDestCheck: true", ROUTE),
    ] {
        assert_eq!(said(&text, "obstacles"), "[]", "{text}");
    }
}

#[test]
fn what_ends_with_its_way_up_is_one_action() {
    let cluster = |more: &str| {
        format!(
            "Resources:\n  Box:\n    Type: AWS::RDS::DBCluster\n    Properties: {{Engine: aurora-postgresql, EngineVersion: '11.21', {more}}}\n"
        )
    };
    let old = cluster("EngineMode: serverless, ScalingConfiguration: {AutoPause: false}");
    let found = next(&[("a.yaml", &old)], &["--limit", "9"]);
    assert_eq!(actions(&found).len(), 1, "{found:#}");
    let one = action(&found, "Box");
    assert_eq!(one["aim"], "climb");
    assert!(one["why"].to_string().contains("ended on 2025-03-31"));
}
