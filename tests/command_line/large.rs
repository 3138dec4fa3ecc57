//! What a few kilobytes can ask for without end: each decision is still right, and says where something was left out.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::folder::{folder, out, run};

/// The report of one file.
fn report(name: &str, text: &str, rest: &[(&str, &str)]) -> (i32, Value) {
    let folder = folder(&[&[(name, text)], rest].concat());
    let output = run(folder.path(), &["check", "--format", "json"]);
    let report = serde_json::from_str(&out(&output)).expect("it is JSON");
    (output.status.code().expect("it ends"), report)
}

fn decisions(report: &Value) -> &Vec<Value> {
    report["decisions"].as_array().expect("a list")
}

#[test]
fn many_look_up_one_of_many_keys_and_all_are_followed() {
    let mut text = "Parameters: {P: {Type: String}}\nMappings:\n  M:\n".to_owned();
    for at in 0..400 {
        let launch_type = if at % 2 == 0 { "EC2" } else { "FARGATE" };
        let _ = writeln!(text, "    k{at}: {{a: {launch_type}}}");
    }
    text.push_str("Resources:\n");
    for at in 0..400 {
        let _ = writeln!(
            text,
            "  S{at}: {{Type: AWS::ECS::Service, Properties: {{LaunchType: !FindInMap [M, !Ref P, a]}}}}"
        );
    }
    let (_, report) = report("stack.yaml", &text, &[]);
    let doubts: BTreeSet<&str> = decisions(&report)
        .iter()
        .flat_map(|one| one["doubts"].as_array().expect("a list"))
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(decisions(&report).len(), 400);
    assert_eq!(
        doubts,
        BTreeSet::from(["`P` has no default"]),
        "the last is followed as the first is"
    );
}

#[test]
fn instances_are_told_apart_as_long_as_they_are_not_too_many() {
    let mut text = String::new();
    for at in 0..40 {
        let _ = writeln!(
            text,
            "resource \"aws_instance\" \"w{at}\" {{\n  count = 1000\n}}"
        );
    }
    let (_, report) = report("main.tf", &text, &[]);
    let all = decisions(&report);
    let instances = all.iter().filter(|one| {
        let address = one["address"].as_str().expect("a text");
        address.ends_with(']')
    });
    let instances = instances.count();
    assert!((20_000..30_000).contains(&instances), "{instances}");
    assert_eq!(
        all.len() - instances,
        40 - instances / 1_000,
        "each other block is one"
    );
}

#[test]
fn members_of_all_are_counted_where_they_are_too_many_to_name() {
    let mut text = "Resources:\n  Cluster: {Type: AWS::ECS::Cluster}\n".to_owned();
    for at in 0..500 {
        let _ = writeln!(
            text,
            "  S{at}: {{Type: AWS::ECS::Service, Properties: {{Cluster: !Ref Cluster, LaunchType: EC2}}}}\n  \
             N{at}: {{Type: AWS::EC2::Instance, Properties: {{UserData: {{Fn::Base64: !Sub \"echo ECS_CLUSTER=${{Cluster}} >> /etc/ecs/ecs.config\"}}}}}}"
        );
    }
    let (_, report) = report("stack.yaml", &text, &[]);
    let all = decisions(&report);
    assert_eq!(all.len(), 500, "each server serves all services");
    let mut listed = 0;
    for one in all {
        let members = one["members"].as_array().expect("a list").len();
        let unlisted = one["members_unlisted"].as_u64().unwrap_or_default();
        assert!(members >= 100, "{members}");
        assert_eq!(
            members as u64 + unlisted,
            501,
            "{}: the cluster and all servers are counted",
            one["address"]
        );
        listed += members;
    }
    assert!(listed < 240_000, "{listed}");
}

#[test]
fn a_ledger_of_many_entries_settles_each_decision() {
    let mut ledger = String::new();
    let mut text = "Resources:\n".to_owned();
    for at in 0..300 {
        let _ = write!(
            ledger,
            "[[justification]]\npath = \"./stack.yaml\"\naddress = \"S{at}\"\nbecause = \"licence\"\n\
             reason = \"the licence of the vendor counts physical cores\"\n"
        );
        let _ = writeln!(
            text,
            "  S{at}: {{Type: AWS::ECS::Service, Properties: {{LaunchType: EC2}}}}"
        );
    }
    let (code, whole) = report("stack.yaml", &text, &[("sfl.toml", &ledger)]);
    assert_eq!(code, 0, "{}", whole["findings"]);
    let all = decisions(&whole).iter();
    let settled = all.filter(|one| !one["justification"].is_null()).count();
    assert_eq!(settled, 300);

    // One more, which names nothing that is there.
    ledger.push_str(
        "[[justification]]\npath = \"stack.yaml\"\naddress = \"S300\"\nbecause = \"licence\"\nreason = \"the licence counts cores\"\n",
    );
    let (code, whole) = report("stack.yaml", &text, &[("sfl.toml", &ledger)]);
    assert_eq!(code, 1);
    let codes = whole["findings"].as_array().expect("a list").iter();
    let codes: Vec<&Value> = codes.map(|one| &one["code"]).collect();
    assert_eq!(codes, ["justification/unused"]);
}

#[test]
fn what_many_refer_to_through_one_alias_is_followed_as_long_as_it_is_not_too_much() {
    let of = |many: usize| {
        let references: Vec<String> = (0..many).map(|at| format!("!Ref S{at}")).collect();
        let mut text = format!("X: &all [{}]\nResources:\n", references.join(", "));
        for at in 0..many {
            let _ = writeln!(
                text,
                "  S{at}: {{Type: AWS::ECS::Service, Properties: {{LaunchType: EC2, Tags: *all}}}}"
            );
        }
        report("stack.yaml", &text, &[]).1
    };
    let told = |report: &Value| {
        let findings = report["findings"].as_array().expect("a list");
        let codes = findings.iter().map(|one| &one["code"]);
        codes.filter(|code| *code == "template/loop").count()
    };
    let few = of(300);
    assert_eq!(told(&few), 0);
    assert!(decisions(&few).iter().all(|one| one["uncertain"] == false));
    let many = of(1_500);
    assert_eq!(told(&many), 1);
    assert_eq!(decisions(&many).len(), 1_500);
    let doubt = "refers to more than is followed";
    let doubts = |one: &Value| one["doubts"].to_string().contains(doubt);
    assert!(decisions(&many).iter().all(doubts));
}

#[test]
fn merge_keys_bring_in_what_people_write_and_no_more() {
    let of = |keys: usize, many: usize| {
        let mut text = "X: &all\n".to_owned();
        for at in 0..keys {
            let _ = writeln!(text, "  k{at}: 1");
        }
        text.push_str("  LaunchType: EC2\nResources:\n");
        for at in 0..many {
            let _ = writeln!(
                text,
                "  S{at}: {{Type: AWS::ECS::Service, Properties: {{<<: *all}}}}"
            );
        }
        report(
            "stack.yaml",
            &text,
            &[("other.yaml", "Resources: {W: {Type: AWS::EC2::Instance}}\n")],
        )
    };
    let (code, few) = of(30, 200);
    assert_eq!((code, decisions(&few).len()), (1, 201));
    assert!(decisions(&few).iter().all(|one| one["rung"] != 2));
    let (code, many) = of(1_000, 1_000);
    assert_eq!(code, 2);
    let mut findings = many["findings"].as_array().expect("a list").iter();
    let finding = findings.find(|one| one["code"] == "source/yaml");
    let finding = finding.expect("it is told");
    let message = finding["message"].as_str().expect("a text");
    assert!(message.contains("merge keys"), "{message}");
    // The others are checked all the same.
    let one = decisions(&many).iter().find(|one| one["address"] == "W");
    assert_eq!(one.expect("it is judged")["rung"], 4);
}

#[test]
fn what_a_cluster_of_many_runs_is_counted_for_each_service() {
    let many = 1_500;
    let mut text = "Resources:\n  Cluster: {Type: AWS::ECS::Cluster}\n".to_owned();
    for at in 0..many {
        let _ = writeln!(
            text,
            "  S{at}: {{Type: AWS::ECS::Service, Properties: {{Cluster: !Ref Cluster, LaunchType: EC2}}}}"
        );
        let _ = writeln!(
            text,
            "  N{at}: {{Type: AWS::EC2::Instance, Properties: {{UserData: !Sub \"ECS_CLUSTER=${{Cluster}}\"}}}}"
        );
    }
    let (_, report) = report("stack.yaml", &text, &[]);
    let all = decisions(&report);
    assert_eq!(all.len(), many);
    for one in all {
        let listed = one["members"].as_array().expect("a list").len();
        let unlisted = one["members_unlisted"].as_u64().unwrap_or_default();
        // The cluster and each instance.
        assert_eq!(listed + usize::try_from(unlisted).expect("small"), many + 1);
        assert!(listed >= 100);
    }
    assert!(
        report.to_string().len() < 60 << 20,
        "{}",
        report.to_string().len()
    );
}
