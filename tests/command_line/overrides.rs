//! Files of a Terraform folder that change what others say: override files, and OpenTofu's beside Terraform's.

use crate::repository::Repository;

/// What `sfl check` says of a folder's decisions: "address ladder rung", each with what else it can reach.
fn decisions(files: &[(&str, &str)]) -> Vec<String> {
    let folder = Repository::none();
    for (name, text) in files {
        folder.write(name, text);
    }
    let (_, report) = folder.check(&["."]);
    let decisions = report["decisions"].as_array().expect("decisions");
    let line = |decision: &serde_json::Value| {
        let text = |key: &str| decision[key].as_str().expect("text").to_owned();
        format!(
            "{} {} {}",
            text("address"),
            text("ladder"),
            decision["rung"]
        )
    };
    decisions.iter().map(line).collect()
}

const GROUP: &str = r#"{"resource": {"aws_ecs_service": {"shop": {
    "cluster": "main", "task_definition": "shop:4", "launch_type": "EC2", "network_configuration": {"subnets": ["a"]}}}}}"#;

#[test]
fn an_argument_of_an_override_counts_and_all_others_stay() {
    let said = |over| decisions(&[("main.tf.json", GROUP), ("main_override.tf.json", over)]);
    let over = r#"{"resource": {"aws_ecs_service": {"shop": {"launch_type": "FARGATE"}}}}"#;
    assert_eq!(said(over), ["aws_ecs_service.shop compute 2"]);
    let other = r#"{"resource": {"aws_ecs_service": {"shop": {"cluster": "second"}}}}"#;
    assert_eq!(said(other), ["aws_ecs_service.shop compute 3"]);
    let counted = r#"{"resource": {"aws_ecs_service": {"shop": {"count": 0}}}}"#;
    assert!(said(counted).is_empty(), "meta-arguments are merged too");
}

#[test]
fn the_last_override_by_name_counts() {
    let one = r#"{"resource": {"aws_ecs_service": {"shop": {"launch_type": "FARGATE"}}}}"#;
    let two = r#"{"resource": {"aws_ecs_service": {"shop": {"launch_type": "EXTERNAL"}}}}"#;
    let said = |first, second| {
        decisions(&[
            ("main.tf.json", GROUP),
            ("a_override.tf.json", first),
            ("override.tf.json", second),
        ])
    };
    assert_eq!(said(one, two), ["aws_ecs_service.shop compute 4"]);
    assert_eq!(said(two, one), ["aws_ecs_service.shop compute 2"]);
}

#[test]
fn a_nested_block_of_an_override_takes_the_place_of_all_of_its_name() {
    let main = r#"{"resource": {"aws_ecs_service": {"shop": {"cluster": "main", "task_definition": "shop:4",
        "dynamic": {"capacity_provider_strategy": {"for_each": ["machines"], "content": {"capacity_provider": "${capacity_provider_strategy.value}"}}}}}}}"#;
    let over = r#"{"resource": {"aws_ecs_service": {"shop": {"capacity_provider_strategy": {"capacity_provider": "FARGATE"}}}}}"#;
    let said = |main, over| decisions(&[("main.tf.json", main), ("override.tf.json", over)]);
    assert_eq!(
        said(main, "{\"locals\": {}}"),
        ["aws_ecs_service.shop compute 3"]
    );
    assert_eq!(said(main, over), ["aws_ecs_service.shop compute 2"]);
    assert_eq!(said(over, main), ["aws_ecs_service.shop compute 3"]);
}

#[test]
fn names_of_override_files_are_told_from_others() {
    let over = r#"{"locals": {"type": "FARGATE"}}"#;
    let main = r#"{"locals": {"type": "EC2"}, "resource": {"aws_ecs_service": {"shop": {
        "cluster": "main", "task_definition": "shop:4", "launch_type": "${local.type}"}}}}"#;
    for (name, rung) in [
        ("override.tf.json", 2),
        ("a_override.tf.json", 2),
        ("override.tofu.json", 2),
    ] {
        let said = decisions(&[("zmain.tf.json", main), (name, over)]);
        assert_eq!(
            said,
            [format!("aws_ecs_service.shop compute {rung}")],
            "{name}"
        );
    }
    // Nothing but an underscore makes it one: this file says the same name twice, which Terraform refuses.
    let plain = r#"{"resource": {"aws_ecs_service": {"other": {"cluster": "main", "task_definition": "o:1", "launch_type": "FARGATE"}}}}"#;
    let said = decisions(&[("main.tf.json", main), ("myoverride.tf.json", plain)]);
    assert_eq!(said.len(), 2, "{said:?}");
}

#[test]
fn an_overridden_variable_has_the_new_default_and_keeps_its_type() {
    let main = r#"{"variable": {"type": {"type": "string", "default": "EC2"}}, "resource": {"aws_ecs_service": {"shop": {
        "cluster": "main", "task_definition": "shop:4", "launch_type": "${var.type}"}}}}"#;
    let over = r#"{"variable": {"type": {"default": "FARGATE"}}}"#;
    let said = decisions(&[("main.tf.json", main), ("dev_override.tf.json", over)]);
    assert_eq!(said, ["aws_ecs_service.shop compute 2"]);
    let values = r#"{"type": "EC2"}"#;
    let said = decisions(&[
        ("main.tf.json", main),
        ("dev_override.tf.json", over),
        ("terraform.tfvars.json", values),
    ]);
    assert_eq!(
        said,
        ["aws_ecs_service.shop compute 3"],
        "values win over defaults"
    );
}

#[test]
fn opentofu_reads_its_own_file_instead_of_terraforms() {
    let other = GROUP.replace("EC2", "FARGATE");
    let said = decisions(&[("main.tf.json", GROUP), ("main.tofu.json", &other)]);
    assert_eq!(said, ["aws_ecs_service.shop compute 2"]);
    let beside = other.replace("\"shop\"", "\"desk\"");
    let said = decisions(&[("main.tf.json", GROUP), ("more.tofu.json", &beside)]);
    assert_eq!(
        said,
        [
            "aws_ecs_service.shop compute 3",
            "aws_ecs_service.desk compute 2"
        ],
        "one of another name stands beside it"
    );
}

#[test]
fn what_is_not_enabled_is_not_there() {
    let said = |enabled: &str| {
        let text = r#"{"variable": {"old": {"default": false}}, "resource": {"aws_instance": {"box": {
            "ami": "a", "instance_type": "t3.micro", "lifecycle": {"enabled": ENABLED, "create_before_destroy": true}}}}}"#;
        decisions(&[("main.tf.json", &text.replace("ENABLED", enabled))])
    };
    assert!(said("false").is_empty());
    assert_eq!(said("true"), ["aws_instance.box compute 4"]);
    assert_eq!(said("\"${var.old}\""), ["aws_instance.box compute 4"]);
}
