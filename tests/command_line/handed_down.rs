//! What is handed down to nested stacks and called modules, and what nothing can turn on.

use serde_json::Value;

use crate::folder::{err, folder, out, run};

/// The messages of findings with a code, the decisions with their rungs and those in reach, and the exit code.
fn said(files: &[(&str, &str)], arguments: &[&str], code: &str) -> (Vec<String>, Vec<String>, i32) {
    let folder = folder(files);
    let output = run(
        folder.path(),
        &[&["check", "--format", "json"], arguments].concat(),
    );
    let text = out(&output);
    let report: Value =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", err(&output)));
    let findings = report["findings"].as_array().expect("a list").iter();
    let messages = findings.filter(|one| one["code"] == code);
    let messages = messages.map(|one| one["message"].as_str().expect("a text").to_owned());
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let decisions = decisions.map(|one| {
        let reachable = one["reachable"].as_array().into_iter().flatten();
        let reachable = reachable.map(|reach| reach["rung"].to_string());
        format!(
            "{} {} {:?}",
            one["address"].as_str().expect("a text"),
            one["rung"],
            reachable.collect::<Vec<_>>()
        )
    });
    (
        messages.collect(),
        decisions.collect(),
        output.status.code().expect("a code"),
    )
}

const CALL: &str = "variable \"kind\" {\n  default = \"FARGATE\"\n}\nmodule \"shop\" {\n  source = \"./shop\"\n  launch = var.kind\n}\n";

fn module(rule: &str) -> String {
    format!(
        "variable \"launch\" {{\n  type = string\n  default = \"FARGATE\"\n{rule}}}\nresource \"aws_ecs_service\" \"orders\" {{\n  launch_type = var.launch\n}}\n"
    )
}

const RULE: &str = "  validation {\n    condition = contains([\"FARGATE\", \"EC2\"], var.launch)\n    error_message = \"no\"\n  }\n";

#[test]
fn what_a_called_module_does_not_take_is_not_judged_there() {
    let module = module(RULE);
    let files = [("main.tf", CALL), ("shop/main.tf", &*module)];
    let of = |value: &str| said(&files, &["--var", value], "config/deployment");
    let refused = "`kind` is handed to a called module, where `launch` can't be `EXTERNAL`: it must be `FARGATE` or `EC2`";
    let at = |rung: u8| vec![format!("module.shop.aws_ecs_service.orders {rung} []")];
    assert_eq!(of("kind=EXTERNAL"), (vec![refused.to_owned()], at(2), 2));
    assert_eq!(of("kind=EC2"), (Vec::new(), at(3), 1));
}

#[test]
fn only_what_every_callee_takes_is_in_reach() {
    let reach = |files: &[(&str, &str)], strict: bool| {
        let arguments: &[&str] = if strict { &["--strict"] } else { &[] };
        said(files, arguments, "config/deployment").1
    };
    let (ruled, free) = (module(RULE), module(""));
    let name = "module.shop.aws_ecs_service.orders";
    let files = [("main.tf", CALL), ("shop/main.tf", &*ruled)];
    assert_eq!(reach(&files, false), [format!("{name} 2 [\"3\"]")]);
    assert_eq!(reach(&files, true), [format!("{name} 3 [\"2\"]")]);
    // A module that takes anything rules nothing out, and neither does one that may not be there.
    let files = [("main.tf", CALL), ("shop/main.tf", &*free)];
    assert_eq!(reach(&files, false), [format!("{name} 2 [\"3\", \"4\"]")]);
    let inner = |rule: &str| {
        format!(
            "Parameters:\n  Launch: {{ Type: String, Default: FARGATE{rule} }}\nResources:\n  \
             Orders: {{ Type: AWS::ECS::Service, Properties: {{ LaunchType: !Ref Launch }} }}\n"
        )
    };
    let outer = "Parameters:\n  Kind: { Type: String, Default: FARGATE }\nResources:\n  Web:\n    Type: AWS::CloudFormation::Stack\n    \
                 Properties: { TemplateURL: web.yaml, Parameters: { Launch: !Ref Kind } }\n";
    let (ruled, free) = (inner(", AllowedValues: [FARGATE, EC2]"), inner(""));
    let files = [("outer.yaml", outer), ("web.yaml", &*ruled)];
    assert_eq!(reach(&files, false), ["Orders 2 [\"3\"]"]);
    assert_eq!(reach(&files, true), ["Orders 3 [\"2\"]"]);
    let files = [("outer.yaml", outer), ("web.yaml", &*free)];
    assert_eq!(reach(&files, false), ["Orders 2 [\"3\", \"4\"]"]);
}

#[test]
fn what_nothing_can_turn_on_is_nothing() {
    let host = |condition: &str| {
        format!(
            "Parameters:\n  Stage: {{ Type: String, Default: dev }}\nConditions:\n  Wanted: {condition}\nResources:\n  \
             Host: {{ Type: AWS::EC2::Instance, Condition: Wanted, Properties: {{ ImageId: ami-0 }} }}\n  \
             Inbox: {{ Type: AWS::SQS::Queue }}\nOutputs:\n  Id: {{ Condition: Wanted, Value: !Ref Host }}\n"
        )
    };
    let of = |condition: &str| {
        said(
            &[("shop.yaml", &host(condition))],
            &[],
            "template/condition",
        )
    };
    for never in [
        "!Equals [a, b]",
        "!And [!Equals [a, b], !Equals [!Ref Stage, dev]]",
    ] {
        assert_eq!(of(never), (Vec::new(), vec!["Inbox 1 []".to_owned()], 0));
    }
    for open in [
        "!Equals [a, a]",
        "!Equals [!Ref Stage, prod]",
        "!Equals [!Ref 'AWS::Region', eu-west-1]",
    ] {
        let (_, decisions, code) = of(open);
        assert_eq!((decisions.len(), code), (2, 1), "{open}: {decisions:?}");
    }
}

#[test]
fn a_state_with_nothing_in_it_is_a_state() {
    for (text, read) in [
        (r#"{"format_version":"1.0"}"#, 1),
        (r#"{"format_version":"1.0","terraform_version":"1.9.0"}"#, 1),
        (r#"{"format_version":"1.0","valid":true}"#, 0),
        (r#"{"terraform_version":"1.9.0"}"#, 0),
    ] {
        let folder = folder(&[("state.json", text)]);
        let output = run(folder.path(), &["check", "state.json", "--format", "json"]);
        let report: Value = serde_json::from_str(&out(&output)).expect("JSON");
        assert_eq!(report["summary"]["read"], read, "{text}");
    }
}

#[test]
fn a_json_file_with_one_bad_block_is_counted_as_read() {
    let host = r#"{"resource": {"aws_instance": {"host": {"ami": "ami-0"}}}, "frobnicate": {}}"#;
    let folder = folder(&[
        ("main.tf.json", host),
        ("notes.json", r#"{"frobnicate": {}}"#),
    ]);
    let output = run(folder.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(output.status.code(), Some(2));
    let summary = &report["summary"];
    assert_eq!(
        (&summary["read"], &summary["decisions"]),
        (&1.into(), &1.into())
    );
}
