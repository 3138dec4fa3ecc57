//! Terraform's `awscc` provider is made from CloudFormation's schemas: what is decided of a CloudFormation resource is decided of its
//! resource too, alone and beside those of the `aws` provider.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use serde_yaml::Value as Yaml;
use sfl::rulebook::cloud_control::{attribute, kind};
use sfl::workspace::examples;

use crate::judged::{judge_as, lines};

/// Every decision of some Terraform resources in JSON.
#[track_caller]
fn check(resources: &str, expected: &[&str]) {
    let text = format!(r#"{{"resource": {{{resources}}}}}"#);
    let judged = judge_as("main.tf.json", &text);
    assert!(judged.problems.is_empty(), "{:?}\n{text}", judged.problems);
    assert_eq!(lines(&judged), expected, "{text}");
}

#[test]
fn a_service_finds_its_cluster_and_its_tasks() {
    check(
        r#""awscc_ecs_cluster": {
            "hosted": {"capacity_providers": ["FARGATE_SPOT"], "default_capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}]},
            "plain": {"cluster_name": "plain"}},
        "awscc_ecs_task_definition": {"mail": {"requires_compatibilities": ["FARGATE"], "family": "mail"}, "idle": {"requires_compatibilities": ["EC2"]}},
        "awscc_ecs_service": {
            "shop": {"cluster": "${awscc_ecs_cluster.hosted.arn}", "task_definition": "shop:4"},
            "stock": {"cluster": "${awscc_ecs_cluster.plain.id}", "task_definition": "stock:4"},
            "mail": {"cluster": "elsewhere", "task_definition": "${awscc_ecs_task_definition.mail.task_definition_arn}"},
            "asked": {"cluster": "${awscc_ecs_cluster.hosted.arn}", "launch_type": "EC2", "task_definition": "asked:1"}}"#,
        &[
            "awscc_ecs_task_definition.idle compute 3",
            "awscc_ecs_service.shop compute 2 [awscc_ecs_cluster.hosted]",
            "awscc_ecs_service.stock compute 3 [awscc_ecs_cluster.plain]",
            "awscc_ecs_service.mail compute 2 [awscc_ecs_task_definition.mail]",
            "awscc_ecs_service.asked compute 3 [awscc_ecs_cluster.hosted]",
        ],
    );
}

#[test]
fn both_providers_can_stand_in_one_stack() {
    check(
        r#""awscc_ecs_cluster": {"main": {"default_capacity_provider_strategy": [{"capacity_provider": "FARGATE"}]}},
        "aws_ecs_service": {"web": {"cluster": "${awscc_ecs_cluster.main.arn}", "task_definition": "web:1"}},
        "aws_launch_template": {"node": {"image_id": "ami-1"}},
        "awscc_autoscaling_auto_scaling_group": {"nodes": {"min_size": "1", "max_size": "2",
            "launch_template": {"launch_template_id": "${aws_launch_template.node.id}", "version": "1"}}},
        "awscc_ec2_launch_template": {"job": {"launch_template_data": {"image_id": "ami-2"}}},
        "aws_instance": {"job": {"launch_template": {"id": "${awscc_ec2_launch_template.job.launch_template_id}"}}},
        "aws_rds_cluster": {"orders": {"engine": "aurora-postgresql", "engine_mode": "provisioned"}},
        "awscc_rds_db_instance": {"orders": {"db_cluster_identifier": "${aws_rds_cluster.orders.id}", "db_instance_class": "db.r7g.large", "engine": "aurora-postgresql"}}"#,
        &[
            "aws_ecs_service.web compute 2 [awscc_ecs_cluster.main]",
            "awscc_autoscaling_auto_scaling_group.nodes compute 4 [aws_launch_template.node]",
            "aws_instance.job compute 4 [awscc_ec2_launch_template.job]",
            "aws_rds_cluster.orders relational 3 [awscc_rds_db_instance.orders]",
        ],
    );
}

#[test]
fn a_property_has_the_providers_name_for_it() {
    check(
        r#""awscc_dynamodb_table": {
            "carts": {"billing_mode": "PAY_PER_REQUEST"},
            "plans": {"provisioned_throughput": {"read_capacity_units": 5, "write_capacity_units": 5}}},
        "awscc_kinesis_stream": {"clicks": {"stream_mode_details": {"stream_mode": "ON_DEMAND"}}, "views": {"shard_count": 2}},
        "awscc_rds_db_cluster": {
            "idle": {"engine": "aurora-mysql", "serverless_v2_scaling_configuration": {"min_capacity": 0, "max_capacity": 4}},
            "warm": {"engine": "aurora-mysql", "serverless_v2_scaling_configuration": {"min_capacity": 2, "max_capacity": 4}}},
        "awscc_rds_db_instance": {
            "idle": {"db_cluster_identifier": "${awscc_rds_db_cluster.idle.id}", "db_instance_class": "db.serverless"},
            "warm": {"db_cluster_identifier": "${awscc_rds_db_cluster.warm.id}", "db_instance_class": "db.serverless"}},
        "awscc_efs_file_system": {"shared": {"throughput_mode": "provisioned", "provisioned_throughput_in_mibps": 64}},
        "awscc_batch_compute_environment": {
            "jobs": {"type": "MANAGED", "compute_resources": {"type": "FARGATE", "maxv_cpus": 16}},
            "models": {"type": "MANAGED", "compute_resources": {"type": "EC2", "maxv_cpus": 16}}},
        "awscc_lambda_function": {"mail": {"runtime": "python3.13"}, "shop": {"runtime": "python3.13"}},
        "awscc_lambda_alias": {"shop": {"function_name": "${awscc_lambda_function.shop.arn}", "function_version": "1", "name": "live",
            "provisioned_concurrency_config": {"provisioned_concurrent_executions": 3}}},
        "awscc_eks_nodegroup": {"nodes": {"cluster_name": "shared", "instance_types": ["m7g.large"]}},
        "awscc_msk_cluster": {"events": {"broker_node_group_info": {"instance_type": "kafka.m7g.large"}}},
        "awscc_sns_topic": {"news": {"topic_name": "news"}},
        "awscc_apprunner_service": {"api": {"source_configuration": {}}},
        "awscc_iam_role": {"all": {"role_name": "all"}}"#,
        &[
            "awscc_dynamodb_table.carts nosql 1",
            "awscc_dynamodb_table.plans nosql 2",
            "awscc_kinesis_stream.clicks streaming 1",
            "awscc_kinesis_stream.views streaming 2",
            "awscc_rds_db_cluster.idle relational 1 [awscc_rds_db_instance.idle]",
            "awscc_rds_db_cluster.warm relational 2 [awscc_rds_db_instance.warm]",
            "awscc_efs_file_system.shared storage 2",
            "awscc_batch_compute_environment.jobs compute 2",
            "awscc_batch_compute_environment.models compute 3",
            "awscc_lambda_function.mail compute 1",
            "awscc_lambda_function.shop compute 2 [awscc_lambda_alias.shop]",
            "awscc_eks_nodegroup.nodes compute 3",
            "awscc_msk_cluster.events streaming 3",
            "awscc_sns_topic.news messaging 1",
            "awscc_apprunner_service.api compute 2",
        ],
    );
}

/// A template's resources as the provider would have them, where it only says what Terraform says in the same way.
struct Mirror {
    /// The provider's types by logical id.
    kinds: BTreeMap<String, String>,
}

impl Mirror {
    fn of(template: &str) -> Option<(Self, Json)> {
        let template: Yaml = serde_yaml::from_str(template).ok()?;
        let sections = template.as_mapping()?;
        let plain = ["Resources", "AWSTemplateFormatVersion", "Description"];
        let is_plain = |name: &Yaml| name.as_str().is_some_and(|name| plain.contains(&name));
        sections.keys().all(is_plain).then_some(())?;
        let resources = sections.get("Resources")?.as_mapping()?;
        let mut mirror = Self {
            kinds: BTreeMap::new(),
        };
        for (name, resource) in resources {
            let theirs = kind(resource.get("Type")?.as_str()?)?;
            mirror.kinds.insert(name.as_str()?.to_owned(), theirs);
        }
        let mut blocks: BTreeMap<&str, Map<String, Json>> = BTreeMap::new();
        for (name, resource) in resources {
            let name = name.as_str()?;
            let properties = resource.get("Properties").cloned();
            let properties = properties.unwrap_or(Yaml::Mapping(serde_yaml::Mapping::new()));
            let body = mirror.value(&properties)?;
            let kind = mirror.kinds.get(name)?;
            blocks
                .entry(kind)
                .or_default()
                .insert(name.to_owned(), body);
        }
        let all = json!({ "resource": blocks });
        Some((mirror, all))
    }

    fn value(&self, value: &Yaml) -> Option<Json> {
        Some(match value {
            Yaml::Null => Json::Null,
            Yaml::Bool(truth) => (*truth).into(),
            Yaml::Number(number) => serde_json::from_str(&number.to_string()).ok()?,
            Yaml::String(text) => text.replace("${", "$${").into(),
            Yaml::Sequence(items) => {
                let items = items.iter().map(|item| self.value(item));
                items.collect::<Option<Vec<_>>>()?.into()
            }
            Yaml::Mapping(entries) => {
                if let (Some((key, value)), 1) = (entries.iter().next(), entries.len())
                    && let Some(function) = key
                        .as_str()
                        .filter(|key| *key == "Ref" || key.starts_with("Fn::"))
                {
                    return self.function(function.trim_start_matches("Fn::"), value);
                }
                let entries = entries.iter().map(|(key, value)| {
                    let key = key.as_str()?;
                    let key = if key.contains('.') {
                        key.to_owned()
                    } else {
                        attribute(key)
                    };
                    Some((key, self.value(value)?))
                });
                Json::Object(entries.collect::<Option<_>>()?)
            }
            Yaml::Tagged(tagged) => {
                let tag = tagged.tag.to_string();
                self.function(tag.trim_start_matches('!'), &tagged.value)?
            }
        })
    }

    fn function(&self, name: &str, value: &Yaml) -> Option<Json> {
        let text = value.as_str();
        let whole = |inner: String| Json::String(format!("${{{inner}}}"));
        match name {
            "Ref" => self.reference(text?, "id").map(whole),
            "GetAtt" => {
                let (resource, attribute) = text?.split_once('.')?;
                self.reference(resource, attribute).map(whole)
            }
            "Base64" => self.value(value),
            "Sub" => {
                let mut parts = text?.split("${");
                let mut all = parts.next()?.to_owned();
                for part in parts {
                    let (inner, after) = part.split_once('}')?;
                    let (resource, attribute) = inner.split_once('.').unwrap_or((inner, "id"));
                    let inner = self.reference(resource, attribute)?;
                    all += &format!("${{{inner}}}{after}");
                }
                Some(all.into())
            }
            _ => None,
        }
    }

    fn reference(&self, resource: &str, name: &str) -> Option<String> {
        let kind = self.kinds.get(resource)?;
        Some(format!("{kind}.{resource}.{}", attribute(name)))
    }
}

/// Every example in CloudFormation's words that has nothing of its own is right in the provider's words as well.
#[test]
fn the_examples_of_the_rules_hold_for_the_provider() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for example in examples::built_in() {
        let Some((mirror, template)) = Mirror::of(&example.template) else {
            continue;
        };
        seen += 1;
        let judged = judge_as("main.tf.json", &template.to_string());
        let found = judged.decisions.iter().map(|decision| {
            let (ladder, rung) = (&decision.ladder().name, decision.rung.number());
            format!("{} {ladder} {rung}", decision.address)
        });
        let mut found: Vec<String> = found.collect();
        let expected = example.expect.iter().map(|line| {
            let (name, _) = line.split_once(' ').expect("an address comes first");
            format!("{}.{line}", mirror.kinds[name])
        });
        let mut expected: Vec<String> = expected.collect();
        found.sort();
        expected.sort();
        if found != expected {
            wrong.push(format!(
                "{}\n  expected {expected:?}\n  found    {found:?}\n{template}",
                example.name()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 250, "only {seen} examples");
}
