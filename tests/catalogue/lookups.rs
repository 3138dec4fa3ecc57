//! Values that are looked up, in a mapping or in the account, and definitions that lead nowhere.

use crate::judged::{judge, judge_as, lines};

/// The doubts of the only decision.
fn doubts(text: &str) -> Vec<String> {
    let judged = judge(text);
    assert_eq!(judged.decisions.len(), 1, "{:?}", lines(&judged));
    judged.decisions[0].doubts.clone()
}

#[test]
fn a_parameter_of_the_account_is_the_name_of_a_value() {
    let service = |parameter: &str| {
        format!(
            "
Parameters: {{Kind: {{{parameter}}}}}
Resources: {{Web: {{Type: AWS::ECS::Service, Properties: {{LaunchType: !Ref Kind, TaskDefinition: web}}}}}}
"
        )
    };
    let kind = "Type: 'AWS::SSM::Parameter::Value<String>'";
    for (parameter, expected) in [
        (
            format!("{kind}, Default: /shop/kind"),
            "Web compute 2 uncertain (3 when the value at `/shop/kind` is `EC2`) (4 when the value at `/shop/kind` is `EXTERNAL`)",
        ),
        // What is allowed are names, too.
        (
            format!("{kind}, Default: /shop/kind, AllowedValues: [/shop/kind, /shop/other]"),
            "Web compute 2 uncertain (3 when the value at `/shop/kind` is `EC2`) (4 when the value at `/shop/kind` is `EXTERNAL`)",
        ),
        (
            kind.to_owned(),
            "Web compute 2 uncertain (3 when the value that `Kind` names is `EC2`) (4 when the value that `Kind` names is `EXTERNAL`)",
        ),
        (
            "Type: String, Default: FARGATE".to_owned(),
            "Web compute 2 (3 when `Kind=EC2`) (4 when `Kind=EXTERNAL`)",
        ),
    ] {
        assert_eq!(lines(&judge(&service(&parameter))), [expected]);
    }
}

#[test]
fn a_key_that_a_mapping_does_not_have_is_named() {
    let service = |keys: &str| {
        format!(
            "
Mappings: {{Stage: {{dev: {{kind: EC2}}, live: {{kind: FARGATE}}}}}}
Resources: {{Web: {{Type: AWS::ECS::Service, Properties: {{LaunchType: !FindInMap [{keys}], TaskDefinition: web}}}}}}
"
        )
    };
    for (keys, expected) in [
        ("Stage, qa, kind", "`Stage` has no key `qa`"),
        ("Stage, dev, size", "`Stage.dev` has no key `size`"),
        (
            "Stages, dev, kind",
            "nothing in the template is called `Stages`",
        ),
    ] {
        assert_eq!(doubts(&service(keys)), [expected], "{keys}");
    }
    assert!(doubts(&service("Stage, live, kind")).is_empty());
}

#[test]
fn a_condition_that_hangs_on_itself_is_called_circular() {
    let text = "
Conditions:
  Big: !Or [!Condition Large, !Equals [!Ref AWS::Region, eu-west-1]]
  Large: !Not [!Condition Big]
Resources: {Web: {Type: AWS::ECS::Service, Properties: {LaunchType: !If [Big, EC2, FARGATE], TaskDefinition: web}}}
";
    assert_eq!(doubts(text), ["`Big` is circular: it hangs on itself"]);
}

#[test]
fn one_number_is_named_once_however_it_is_spelled() {
    let judged = judge(
        "
Parameters: {Least: {Type: Number, Default: 0.5, MinValue: 0}}
Resources:
  Shop: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, ServerlessV2ScalingConfiguration: {MinCapacity: !Ref Least, MaxCapacity: 8}}}
  Own: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref Shop, DBInstanceClass: db.serverless}}
",
    );
    assert_eq!(
        lines(&judged),
        ["Shop relational 2 [Own] (1 when `Least=0`)"]
    );
}

#[test]
fn an_instance_by_a_key_that_is_an_error_is_tried_in_vain() {
    let launched = |launch: &str| {
        let module = format!(
            r#"
locals {{
  shop = {{ name = "shop", topic = "bell", none = null }}
}}
resource "aws_sns_topic" "bell" {{
  for_each = toset(["bell"])
  name     = each.key
}}
resource "aws_ecs_service" "shop" {{
  name        = "shop"
  cluster     = "elsewhere"
  launch_type = {launch}
}}
"#
        );
        let judged = judge_as("main.tf", &module);
        let lines = lines(&judged);
        let service = lines.into_iter().find(|line| line.contains("ecs_service"));
        service.expect("a service")
    };
    for key in ["local.shop.missing", "local.shop.none"] {
        let tried = format!("try(aws_sns_topic.bell[{key}].arn, \"FARGATE\")");
        assert_eq!(launched(&tried), "aws_ecs_service.shop compute 2", "{key}");
    }
    // Of an instance that is there the ARN is taken, and that is no launch type.
    let there = launched("try(aws_sns_topic.bell[local.shop.topic].arn, \"FARGATE\")");
    assert_eq!(
        there,
        "aws_ecs_service.shop compute 3 uncertain (2 when another value is meant)"
    );
}
