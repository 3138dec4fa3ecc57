//! Calls of Terraform modules that the catalogue knows by their sources.

use sfl::placement::CATALOGUE;
use sfl::rulebook::module_source::{is_call, registry_kind};

use crate::judged::{judge_as, lines};

/// Every decision of a Terraform configuration in JSON.
#[track_caller]
fn check(configuration: &str, expected: &[&str]) {
    let judged = judge_as("main.tf.json", configuration);
    assert!(judged.problems.is_empty(), "{:?}", judged.problems);
    assert_eq!(lines(&judged), expected, "{configuration}");
}

#[test]
fn the_catalogue_names_modules_as_the_registry_does() {
    let types = CATALOGUE.types().into_keys();
    let globs = CATALOGUE.modules().into_keys();
    let modules: Vec<&str> = types.chain(globs).filter(|kind| is_call(kind)).collect();
    assert!(modules.len() > 200, "only {} modules", modules.len());
    for kind in modules {
        // What a glob leaves open ends its last word.
        let whole = kind.replace('*', "x");
        let whole = match whole.matches('/').count() {
            1 => format!("{whole}/aws"),
            _ => whole,
        };
        assert_eq!(registry_kind(&whole).as_deref(), Some(&*whole), "{kind}");
    }
}

#[test]
fn a_module_is_the_same_by_any_of_its_sources() {
    check(
        r#"{"module": {
            "a": {"source": "terraform-aws-modules/ec2-instance/aws", "version": "6.0.2", "name": "a"},
            "b": {"source": "registry.terraform.io/terraform-aws-modules/ec2-instance/aws", "name": "b"},
            "c": {"source": "git::https://github.com/terraform-aws-modules/terraform-aws-ec2-instance.git?ref=v6.0.2", "name": "c"},
            "d": {"source": "git@github.com:terraform-aws-modules/terraform-aws-ec2-instance.git", "name": "d"},
            "e": {"source": "Azure/aks/azurerm", "prefix": "e"},
            "f": {"source": "github.com/GoogleCloudPlatform/terraform-google-cloud-run//modules/v2", "service_name": "f"},
            "g": {"source": "terraform-aws-modules/ec2-instance", "name": "g"},
            "h": {"source": "./terraform-aws-modules/ec2-instance/aws", "name": "h"},
            "i": {"source": "app.example.com/terraform-aws-modules/ec2-instance/aws", "name": "i"}
        }}"#,
        &[
            "module.a compute 4",
            "module.b compute 4",
            "module.c compute 4",
            "module.d compute 4",
            "module.e compute 3",
            "module.f compute 1",
        ],
    );
}

#[test]
fn plumbing_is_known_and_hosts_nothing() {
    for source in [
        "terraform-aws-modules/vpc/aws",
        "terraform-aws-modules/vpc/aws//modules/vpc-endpoints",
        "cloudposse/label/null",
        "Azure/avm-res-keyvault-vault/azurerm",
        "terraform-google-modules/network/google//modules/subnets",
    ] {
        let kind = format!("module:{source}");
        assert!(CATALOGUE.entry(&kind).is_some(), "{source}");
        assert!(CATALOGUE.rule(&kind).is_none(), "{source}");
    }
    for source in [
        "acme/shop/aws",
        "terraform-aws-modules/new-thing/aws",
        "./vpc",
    ] {
        assert!(
            CATALOGUE.entry(&format!("module:{source}")).is_none(),
            "{source}"
        );
    }
    // The application gateway is named beside the glob for networks.
    let gateway = CATALOGUE.rule("module:Azure/avm-res-network-applicationgateway/azurerm");
    assert!(gateway.is_some_and(|rule| rule.name == "azure-application-gateway"));
}

#[test]
fn modules_and_resources_belong_to_each_other() {
    check(
        r#"{"module": {
            "cluster": {"source": "terraform-aws-modules/eks/aws", "version": "~> 21.0", "name": "main"},
            "nodes": {"source": "terraform-aws-modules/eks/aws//modules/eks-managed-node-group", "name": "nodes", "cluster_name": "${module.cluster.cluster_name}"},
            "alone": {"source": "terraform-aws-modules/eks/aws//modules/eks-managed-node-group", "name": "alone", "cluster_name": "elsewhere"}
        }, "resource": {
            "aws_eks_node_group": {"more": {"cluster_name": "${module.cluster.cluster_name}", "node_role_arn": "arn:aws:iam::123456789012:role/node", "subnet_ids": ["subnet-1"], "scaling_config": {"desired_size": 1, "min_size": 1, "max_size": 2}}},
            "aws_eks_addon": {"dns": {"cluster_name": "${module.cluster.cluster_name}", "addon_name": "coredns"}}
        }}"#,
        &[
            "module.cluster compute 3 [module.nodes aws_eks_node_group.more aws_eks_addon.dns]",
            "module.alone compute 3",
        ],
    );
}

#[test]
fn inputs_are_followed_like_properties() {
    check(
        r#"{"variable": {"warm": {"type": "number", "default": 0}, "mode": {"type": "string", "default": "PAY_PER_REQUEST"}},
        "module": {
            "api": {"source": "terraform-aws-modules/lambda/aws", "function_name": "api", "provisioned_concurrent_executions": "${var.warm}"},
            "carts": {"source": "terraform-aws-modules/dynamodb-table/aws", "name": "carts", "billing_mode": "${var.mode}"},
            "queue": {"source": "terraform-aws-modules/sqs/aws", "for_each": "${toset([\"in\", \"out\"])}", "name": "${each.key}"}
        }}"#,
        &[
            "module.api compute 1 (2 when `warm` above 0)",
            "module.carts nosql 1 (2 when `mode` other than `PAY_PER_REQUEST`)",
            "module.queue[\"in\"] messaging 1",
            "module.queue[\"out\"] messaging 1",
        ],
    );
}

#[test]
fn a_word_for_another_provider_is_that_provider_s() {
    let text = r#"{"module": {"main": {"source": "Azure/aks/azurerm", "prefix": "main"}}}"#;
    let judged = judge_as("main.tf.json", text);
    let decision = &judged.decisions[0];
    let up = decision.text(decision.rung, |advice| &advice.up);
    assert!(up.contains("Container Apps"), "{up}");
}

/// What stands inside of a module is what a plan shows: the call is nothing beside it.
#[test]
fn a_plan_judges_what_is_inside() {
    let plan = r#"{"format_version": "1.2", "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"child_modules": [{"address": "module.queue", "resources": [
            {"address": "module.queue.aws_sqs_queue.this[0]", "mode": "managed", "type": "aws_sqs_queue", "name": "this", "index": 0,
             "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": {"name": "q"}}]}]}},
        "resource_changes": [{"address": "module.queue.aws_sqs_queue.this[0]", "module_address": "module.queue", "mode": "managed",
            "type": "aws_sqs_queue", "name": "this", "index": 0, "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": ["create"], "before": null, "after": {"name": "q"}, "after_unknown": {}}}],
        "configuration": {"root_module": {"module_calls": {"queue": {"source": "terraform-aws-modules/sqs/aws",
            "expressions": {"name": {"constant_value": "q"}}, "module": {"resources": [
            {"address": "aws_sqs_queue.this", "mode": "managed", "type": "aws_sqs_queue", "name": "this", "expressions": {"name": {"references": ["var.name"]}}, "schema_version": 0}]}}}}}}"#;
    let judged = judge_as("plan.json", plan);
    assert_eq!(
        lines(&judged),
        ["module.queue.aws_sqs_queue.this[0] messaging 1"]
    );
}

#[test]
fn a_call_that_is_switched_off_makes_nothing() {
    check(
        r#"{"module": {
            "orders": {"source": "terraform-aws-modules/rds/aws", "instance_class": "db.m7g.large", "create_db_instance": false},
            "stock": {"source": "terraform-aws-modules/rds/aws", "instance_class": "db.m7g.large", "create_db_instance": true},
            "notes": {"source": "terraform-aws-modules/rds/aws", "instance_class": "db.m7g.large", "create_db_subnet_group": false},
            "old_lb": {"source": "terraform-aws-modules/alb/aws", "version": "~> 8.0", "create_lb": false},
            "new_lb": {"source": "terraform-aws-modules/alb/aws", "create": "false"},
            "box": {"source": "cloudposse/ec2-instance/aws", "enabled": false},
            "spare": {"source": "cloudposse/ec2-instance/aws", "enabled": null},
            "either": {"source": "terraform-aws-modules/ec2-instance/aws", "for_each": {"a": true, "b": false}, "create": "${each.value}"},
            "pages": {"source": "terraform-aws-modules/cloudfront/aws", "enabled": false},
            "site": {"source": "Azure/avm-res-web-site/azurerm", "kind": "webapp", "enabled": false},
            "none": {"source": "terraform-aws-modules/ec2-instance/aws", "count": 0}
        }}"#,
        &[
            "module.stock relational 3",
            "module.notes relational 3",
            "module.spare compute 4",
            "module.either[\"a\"] compute 4",
            "module.pages ingress 1",
            "module.site compute 3",
        ],
    );
}

#[test]
fn a_call_that_a_variable_switches_is_conditional() {
    let text = r#"{"variable": {"bastion": {"type": "bool", "default": false}, "wanted": {"type": "bool"}}, "locals": {"never": false},
        "module": {
            "door": {"source": "terraform-aws-modules/ec2-instance/aws", "create": "${var.bastion}"},
            "desk": {"source": "terraform-aws-modules/ec2-instance/aws", "create": "${var.wanted && true}"},
            "lamp": {"source": "terraform-aws-modules/ec2-instance/aws", "create": "${local.never}"},
            "roof": {"source": "terraform-aws-modules/ec2-instance/aws", "create": "${!local.never}"}
        }}"#;
    let judged = judge_as("main.tf.json", text);
    let decisions = judged.decisions.iter();
    let found: Vec<_> = decisions
        .map(|decision| (&*decision.address, decision.conditional))
        .collect();
    let expected = [
        ("module.door", true),
        ("module.desk", true),
        ("module.roof", false),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_module_s_own_default_counts_and_not_the_service_s() {
    check(
        r#"{"variable": {"least": {"type": "number", "default": 0}, "nodes": {"type": "bool", "default": true}}, "module": {
            "bus": {"source": "Azure/avm-res-servicebus-namespace/azurerm", "name": "bus"},
            "task": {"source": "GoogleCloudPlatform/cloud-functions/google", "function_name": "task"},
            "quiet": {"source": "GoogleCloudPlatform/cloud-functions/google", "function_name": "quiet", "service_config": {"min_instance_count": "${var.least}"}},
            "cache": {"source": "cloudposse/elasticache-redis/aws", "name": "cache", "serverless_enabled": "${!var.nodes}"},
            "ledger": {"source": "cloudposse/rds-cluster/aws", "instance_type": "db.r6g.large", "serverlessv2_scaling_configuration": {"min_capacity": 0.5, "max_capacity": 2}}
        }}"#,
        &[
            "module.bus messaging 2",
            "module.task compute 2",
            "module.quiet compute 1 (2 when `least` above 0)",
            "module.cache cache 3 (1 when `nodes=false`)",
            "module.ledger relational 2",
        ],
    );
}

#[test]
fn what_is_handed_to_a_module_that_is_not_read_may_belong_to_what_it_makes() {
    let judged = judge_as(
        "main.tf.json",
        r#"{
            "locals": {"worker": "${aws_launch_template.worker.id}"},
            "resource": {
                "aws_launch_template": {"node": {"image_id": "ami-1"}, "worker": {"image_id": "ami-1"}, "spare": {"image_id": "ami-1"}},
                "aws_sqs_queue": {"jobs": {"name": "jobs"}},
                "aws_instance": {"web": {"ami": "ami-1", "instance_type": "t3.micro"}}
            },
            "module": {
                "platform": {"source": "example/platform/aws", "template": "${aws_launch_template.node.id}", "queue": "${aws_sqs_queue.jobs.arn}", "pools": [{"template": "${local.worker}"}]},
                "other": {"source": "example/other/aws", "name": "aws_launch_template.spare"}
            }
        }"#,
    );
    let doubts = |address: &str| {
        let mut all = judged.decisions.iter();
        let decision = all.find(|decision| *decision.address == *address);
        decision.map(|decision| decision.doubts.clone())
    };
    let unread = vec!["`module.platform`, which uses it, is not read".into()];
    assert_eq!(doubts("aws_launch_template.node"), Some(unread.clone()));
    assert_eq!(doubts("aws_launch_template.worker"), Some(unread));
    let sure = [
        "aws_launch_template.spare",
        "aws_sqs_queue.jobs",
        "aws_instance.web",
    ];
    for address in sure {
        assert_eq!(doubts(address), Some(Vec::new()), "{address}");
    }
}
