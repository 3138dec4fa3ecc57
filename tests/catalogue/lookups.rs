//! Values that are looked up, in a mapping or in the account, and definitions that lead nowhere.

use crate::judged::{judge, lines};

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
