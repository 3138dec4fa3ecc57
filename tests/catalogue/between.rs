//! Terraform: who uses whom through data sources, resources that only hand on, and resources that are there several times.

use crate::judged::{judge_as, lines};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let judged = judge_as("main.tf.json", text);
    assert!(judged.problems.is_empty(), "{:?}\n{text}", judged.problems);
    assert_eq!(lines(&judged), expected, "{text}");
}

const TASK: &str = r#""aws_ecs_task_definition": {"bill": {"family": "bill", "requires_compatibilities": ["FARGATE"]}}"#;

#[test]
fn a_data_source_that_looks_a_task_definition_up_stands_between() {
    let text = format!(
        r#"{{"data": {{"aws_ecs_task_definition": {{"last": {{"task_definition": "${{aws_ecs_task_definition.bill.family}}"}}}}}},
        "resource": {{{TASK}, "aws_ecs_service": {{"bill": {{"cluster": "main", "task_definition": "${{data.aws_ecs_task_definition.last.arn}}"}}}}}}}}"#
    );
    check(
        &text,
        &["aws_ecs_service.bill compute 2 [aws_ecs_task_definition.bill]"],
    );
    // One that only says what must be there before uses nothing.
    let after = text.replace(
        r#""task_definition": "${aws_ecs_task_definition.bill.family}""#,
        r#""task_definition": "other", "depends_on": ["aws_ecs_task_definition.bill"]"#,
    );
    check(
        &after,
        &[
            "aws_ecs_task_definition.bill compute 2",
            "aws_ecs_service.bill compute 3",
        ],
    );
    // A data source of another name is another one.
    let other = text.replace(
        "data.aws_ecs_task_definition.last",
        "data.aws_ecs_task_definition.first",
    );
    check(
        &other,
        &[
            "aws_ecs_task_definition.bill compute 2",
            "aws_ecs_service.bill compute 3",
        ],
    );
}

#[test]
fn what_only_hands_on_stands_between() {
    for (kind, body, attribute) in [
        (
            "time_sleep",
            r#"{"create_duration": "30s", "triggers": {"name": "${aws_eks_cluster.main.name}"}}"#,
            "triggers[\\\"name\\\"]",
        ),
        (
            "terraform_data",
            r#"{"input": "${aws_eks_cluster.main.name}"}"#,
            "output",
        ),
        (
            "null_resource",
            r#"{"triggers": {"name": "${aws_eks_cluster.main.name}"}}"#,
            "triggers.name",
        ),
    ] {
        let text = format!(
            r#"{{"resource": {{"aws_eks_cluster": {{"main": {{"name": "main"}}}}, "{kind}": {{"ready": {body}}},
            "aws_eks_node_group": {{"nodes": {{"cluster_name": "${{{kind}.ready.{attribute}}}", "scaling_config": {{"desired_size": 2}}}}}}}}}}"#
        );
        check(
            &text,
            &["aws_eks_cluster.main compute 3 [aws_eks_node_group.nodes]"],
        );
    }
}

#[test]
fn a_resource_with_a_choice_of_its_own_does_not_stand_between() {
    let text = format!(
        r#"{{"resource": {{{TASK}, "aws_ssm_parameter": {{"family": {{"value": "${{aws_ecs_task_definition.bill.family}}"}}}},
        "aws_ecs_service": {{"bill": {{"cluster": "main", "task_definition": "other:1", "tags": {{"family": "${{aws_ssm_parameter.family.value}}"}}}}}}}}}}"#
    );
    check(
        &text,
        &[
            "aws_ecs_task_definition.bill compute 2",
            "aws_ecs_service.bill compute 3",
        ],
    );
}

#[test]
fn instances_follow_those_of_another_resource() {
    let text = r#"{"resource": {
        "aws_launch_template": {"box": {"for_each": {"blue": "m7i.large", "green": "m7i.xlarge"}, "image_id": "ami-1", "instance_type": "${each.value}"}},
        "aws_autoscaling_group": {"box": {"for_each": "${aws_launch_template.box}", "min_size": 1, "max_size": 3, "launch_template": {"id": "${each.value.id}"}}}}}"#;
    check(
        text,
        &[
            r#"aws_autoscaling_group.box["blue"] compute 4 [aws_launch_template.box["blue"]]"#,
            r#"aws_autoscaling_group.box["green"] compute 4 [aws_launch_template.box["green"]]"#,
        ],
    );
    let counted = r#"{"resource": {
        "aws_launch_template": {"box": {"count": 2, "image_id": "ami-1"}},
        "aws_autoscaling_group": {"box": {"count": "${length(aws_launch_template.box)}", "min_size": 1, "max_size": 3, "launch_template": {"id": "${aws_launch_template.box[count.index].id}"}}}}}"#;
    check(
        counted,
        &[
            "aws_autoscaling_group.box[0] compute 4 [aws_launch_template.box[0]]",
            "aws_autoscaling_group.box[1] compute 4 [aws_launch_template.box[1]]",
        ],
    );
    let unknown = text.replace(
        r#"{"blue": "m7i.large", "green": "m7i.xlarge"}"#,
        r#""${var.boxes}""#,
    );
    check(
        &unknown.replacen(
            '{',
            r#"{"variable": {"boxes": {"type": "map(string)"}}, "#,
            1,
        ),
        &["aws_autoscaling_group.box compute 4 conditional [aws_launch_template.box]"],
    );
}

#[test]
fn circles_end() {
    let text = r#"{"data": {"aws_ecs_task_definition": {
            "a": {"task_definition": "${data.aws_ecs_task_definition.b.arn}"}, "b": {"task_definition": "${data.aws_ecs_task_definition.a.arn}"}}},
        "resource": {"aws_ecs_service": {"bill": {"for_each": "${aws_ecs_service.bill}", "launch_type": "FARGATE", "task_definition": "${data.aws_ecs_task_definition.a.arn}"}}}}"#;
    check(text, &["aws_ecs_service.bill compute 2 conditional"]);
}

#[test]
fn an_index_takes_one_element_and_no_other() {
    for (id, expected) in [
        ("local.ids[1]", "x[1]"),
        ("local.each[1]", "x[1]"),
        ("element(local.ids, 1)", "x[1]"),
        ("try(local.ids[2], null)", "x[2]"),
        ("local.lookup[\"b\"]", "k[\"b\"]"),
        ("lookup(local.lookup, \"b\", null)", "k[\"b\"]"),
        ("local.all[\"a\"].id", "k[\"a\"]"),
        ("local.nested.first[\"a\"]", "k[\"a\"]"),
        (
            "[aws_launch_template.x[0].id, aws_launch_template.x[1].id][1]",
            "x[1]",
        ),
        // Which one it is hangs on a variable, or is not known: each may be meant.
        (
            "local.ids[var.at]",
            "x[0] aws_launch_template.x[1] aws_launch_template.x[2]",
        ),
        (
            "local.ids[7]",
            "x[0] aws_launch_template.x[1] aws_launch_template.x[2]",
        ),
        ("local.either[0]", "x[0] aws_launch_template.k[\"a\"]"),
        (
            "one(local.ids)",
            "x[0] aws_launch_template.x[1] aws_launch_template.x[2]",
        ),
    ] {
        let text = format!(
            r#"
variable "at" {{
  default = 0
}}
variable "is_first" {{
  default = true
}}
resource "aws_launch_template" "x" {{
  count    = 3
  image_id = "ami-1"
}}
resource "aws_launch_template" "k" {{
  for_each = {{ a = "ami-1", b = "ami-2" }}
  image_id = each.value
}}
locals {{
  ids    = aws_launch_template.x[*].id
  each   = [for one in aws_launch_template.x : one.id]
  lookup = {{ for name, one in aws_launch_template.k : name => one.id }}
  all    = aws_launch_template.k
  nested = {{ first = local.lookup, second = local.ids }}
  either = var.is_first ? local.ids : [aws_launch_template.k["a"].id]
}}
resource "aws_autoscaling_group" "g" {{
  launch_template {{
    id = {id}
  }}
}}
"#
        );
        let judged = judge_as("main.tf", &text);
        let expected =
            format!("aws_autoscaling_group.g compute 4 [aws_launch_template.{expected}]");
        let found = lines(&judged);
        assert_eq!(found.last(), Some(&expected), "{id}");
    }
}
