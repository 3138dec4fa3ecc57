//! Functions around a whole block, macros beside it, and what is written twice.

use sfl::base::finding::Severity;
use sfl::workspace::stack::Judged;

use crate::judged::{check, judge, judge_as, lines};

/// What the notes about the template as a whole underline, with their codes.
fn notes(judged: &Judged) -> Vec<String> {
    let all = judged.findings.iter();
    let all = all.filter(|finding| finding.code.group() == "template");
    all.map(|finding| {
        assert_eq!(finding.severity, Severity::Note);
        let text = finding.span.of(finding.source.text());
        format!("{} {text}", finding.code)
    })
    .collect()
}

#[test]
fn a_choice_between_whole_blocks() {
    let text = |properties: &str| {
        format!(
            "
Parameters:
  Plan: {{Type: String, Default: lean, AllowedValues: [lean, fixed, none]}}
  Free: {{Type: String}}
Conditions:
  IsLean: !Equals [!Ref Plan, lean]
  IsFixed: !Equals [!Ref Plan, fixed]
  IsFree: !Equals [!Ref Free, yes]
Resources:
  Notes:
    Type: AWS::DynamoDB::Table
    Properties: {properties}
"
        )
    };
    let lean = "{BillingMode: PAY_PER_REQUEST, TableName: n}";
    let fixed = "{BillingMode: PROVISIONED, ProvisionedThroughput: {ReadCapacityUnits: 2, WriteCapacityUnits: 2}}";
    let reaches = "Notes nosql 1 (2 when `Plan=fixed` or `Plan=none`)";
    for (properties, expected) in [
        (format!("!If [IsLean, {lean}, {fixed}]"), reaches),
        (format!("{{'Fn::If': [IsLean, {lean}, {fixed}]}}"), reaches),
        (format!("!If [IsLean, {lean}, !Ref AWS::NoValue]"), reaches),
        (
            format!("!If [IsFixed, {fixed}, !If [IsLean, {lean}, {lean}]]"),
            "Notes nosql 1 (2 when `Plan=fixed`)",
        ),
        (
            format!("{{'Fn::If': [IsLean, {lean}, {{'Fn::If': [IsFixed, {fixed}, {lean}]}}]}}"),
            "Notes nosql 1 (2 when `Plan=fixed`)",
        ),
        // What both branches say is certain.
        (format!("!If [IsFree, {lean}, {lean}]"), "Notes nosql 1"),
        (format!("!If [IsLean, {lean}, {lean}]"), "Notes nosql 1"),
        (format!("!If [IsFree, {fixed}, {{}}]"), "Notes nosql 2"),
    ] {
        check(&text(&properties), &[expected]);
    }
    let judged = judge(&text(&format!("!If [IsFree, {lean}, {fixed}]")));
    assert!(judged.decisions[0].uncertain(), "{:?}", lines(&judged));
    assert_eq!(judged.decisions[0].rung.number(), 1);
}

#[test]
fn references_in_both_branches_are_use() {
    let yaml = "
Conditions: {IsNew: !Equals [!Ref AWS::Region, eu-west-1]}
Resources:
  Run:
    Type: AWS::ECS::Service
    Properties: !If
      - IsNew
      - {LaunchType: FARGATE, TaskDefinition: !Ref First}
      - !If [IsNew, !Ref AWS::NoValue, {LaunchType: FARGATE, TaskDefinition: !Ref Second}]
  First: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [FARGATE]}}
  Second: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [FARGATE]}}
";
    check(yaml, &["Run compute 2 [First Second]"]);
    let json = r#"{"Conditions": {"IsNew": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}},
      "Resources": {
        "Run": {"Type": "AWS::ECS::Service", "Properties": {"Fn::If": ["IsNew",
          {"LaunchType": "FARGATE", "TaskDefinition": {"Ref": "First"}},
          {"LaunchType": "FARGATE", "TaskDefinition": {"Ref": "Second"}}]}},
        "First": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"RequiresCompatibilities": ["FARGATE"]}},
        "Second": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"RequiresCompatibilities": ["FARGATE"]}}}}"#;
    let judged = judge_as("stack.json", json);
    assert_eq!(lines(&judged), ["Run compute 2 [First Second]"]);
}

#[test]
fn a_choice_around_metadata_keeps_its_reason() {
    let judged = judge(
        "
Conditions: {IsNew: !Equals [!Ref AWS::Region, eu-west-1]}
Resources:
  Host:
    Type: AWS::EC2::Instance
    Metadata: !If
      - IsNew
      - sfl: {because: licence, reason: the licence of the scanner names one machine and its sockets}
      - !Ref AWS::NoValue
",
    );
    assert_eq!(lines(&judged), ["Host compute 4"]);
    assert!(judged.decisions[0].justification.is_some());
}

#[test]
fn macros_leave_open_what_they_may_bring() {
    let include = "{Name: AWS::Include, Parameters: {Location: 's3://texts/table.yaml'}}";
    let custom = "{Name: Company::Defaults, Parameters: {Size: small}}";
    let open = "Notes nosql 1 uncertain (2 when `BillingMode` is `PROVISIONED`)";
    for (block, expected) in [
        (format!("Fn::Transform: {include}"), open),
        (format!("Fn::Transform: {custom}"), open),
        (format!("Properties: !Transform {include}"), open),
        (format!("Properties: {{'Fn::Transform': {include}}}"), open),
        (
            format!("Properties: {{TableName: n, 'Fn::Transform': {include}}}"),
            open,
        ),
        (
            format!("Properties: {{BillingMode: !Transform {include}}}"),
            open,
        ),
        (
            format!(
                "Properties: !If [IsNew, !Transform {include}, {{BillingMode: PAY_PER_REQUEST}}]"
            ),
            open,
        ),
        // A text that is put in changes nothing that is written; a macro of one's own may.
        (
            format!("Properties: {{BillingMode: PAY_PER_REQUEST, 'Fn::Transform': {include}}}"),
            "Notes nosql 1",
        ),
        (
            format!("Fn::Transform: {include}\n    Properties: {{BillingMode: PAY_PER_REQUEST}}"),
            "Notes nosql 1",
        ),
        (
            format!("Properties: {{BillingMode: PAY_PER_REQUEST, 'Fn::Transform': {custom}}}"),
            "Notes nosql 1 uncertain",
        ),
        // Elsewhere it brings nothing that decides.
        (
            format!(
                "Properties: {{BillingMode: PAY_PER_REQUEST, Tags: {{'Fn::Transform': {custom}}}}}"
            ),
            "Notes nosql 1",
        ),
        (
            format!(
                "Properties: !If [Never, !Transform {include}, {{BillingMode: PAY_PER_REQUEST}}]"
            ),
            "Notes nosql 1",
        ),
    ] {
        let text = format!(
            "
Conditions: {{IsNew: !Equals [!Ref AWS::Region, eu-west-1], Never: !Equals [a, b]}}
Resources:
  Notes:
    Type: AWS::DynamoDB::Table
    {block}
"
        );
        check(&text, &[expected]);
    }
}

#[test]
fn macros_over_the_template_are_said_once() {
    for (text, expected) in [
        (
            "Transform: Company::Defaults\nResources: {Q: {Type: AWS::SQS::Queue}}",
            &["template/macro Company::Defaults"][..],
        ),
        (
            "Transform: [AWS::Serverless-2016-10-31, Company::Defaults]\nResources: {Q: {Type: AWS::SQS::Queue}}",
            &["template/macro Company::Defaults"],
        ),
        (
            "Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions, AWS::SecretsManager-2024-09-16]\nResources: {Q: {Type: AWS::SQS::Queue}}",
            &[],
        ),
        (
            "Resources: {Q: {Type: AWS::SQS::Queue}, 'Fn::Transform': {Name: AWS::Include}}",
            &["template/macro {Name: AWS::Include}"],
        ),
        (
            "AWSTemplateFormatVersion: '2010-09-09'\nTransform: {Name: AWS::Include}\nResources: {Q: {Type: AWS::SQS::Queue}}",
            &["template/macro {Name: AWS::Include}"],
        ),
    ] {
        let judged = judge(text);
        assert_eq!(lines(&judged), ["Q messaging 1"], "{text}");
        assert_eq!(notes(&judged), expected, "{text}");
    }
}

#[test]
fn what_is_written_twice_is_said_and_the_last_counts() {
    let judged = judge(
        "
Resources:
  Gone: {Type: AWS::EC2::Instance}
Parameters:
  P: {Type: String, Default: EC2}
  P: {Type: String, Default: FARGATE}
Resources:
  Twice: {Type: AWS::EC2::Instance}
  Twice: {Type: AWS::ECS::Service, Properties: {LaunchType: !Ref P}}
",
    );
    assert_eq!(
        lines(&judged),
        ["Twice compute 2 (3 when `P=EC2`) (4 when `P=EXTERNAL`)"]
    );
    assert_eq!(
        notes(&judged),
        [
            "template/duplicate Resources",
            "template/duplicate Twice",
            "template/duplicate P"
        ]
    );
    let finding = &judged.findings[0];
    assert_eq!(finding.positions().0.line, 2);
    assert_eq!(finding.related[0].message, "this one counts");
    let json = r#"{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}, "Resources": {"B": {"Type": "AWS::SQS::Queue"}}}"#;
    let judged = judge_as("stack.json", json);
    assert_eq!(lines(&judged), ["B messaging 1"]);
    assert_eq!(notes(&judged), ["template/duplicate \"Resources\""]);
    // Merge keys may stand there several times, and what they bring in is written once.
    let judged = judge(
        "
Base: &base {Q: {Type: AWS::SQS::Queue}}
More: &more {T: {Type: AWS::SNS::Topic}}
Resources:
  <<: *base
  Q: {Type: AWS::SNS::Topic}
",
    );
    assert_eq!(notes(&judged), [""; 0]);
}

#[test]
fn a_resource_without_a_type_is_said() {
    let judged = judge(
        "
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::LanguageExtensions
Resources:
  Q: {Type: AWS::SQS::Queue}
  Own: {Type: Custom::Thing}
  Other: {Type: Third::Party::Thing::MODULE}
  Bare: {Properties: {Engine: mysql}}
  Lower: {type: AWS::EC2::Instance}
  Empty:
  Text: hello
  Null: {Type: }
  List: {Type: [AWS::EC2::Instance]}
  Blank: {Type: ''}
  Word: {Type: instance}
  Colons: {Type: 'AWS:EC2:Instance'}
  Brought: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: 's3://parts/one'}}}
  Fn::ForEach::All:
    - Name
    - [A, B]
    - ${Name}Untyped: {Properties: {}}
      ${Name}Queue: {Type: AWS::SQS::Queue}
",
    );
    let expected = ["Q", "AQueue", "BQueue"].map(|name| format!("{name} messaging 1"));
    assert_eq!(lines(&judged), expected);
    assert_eq!(
        notes(&judged),
        [
            "template/type Bare",
            "template/type Lower",
            "template/type Empty",
            "template/type Text",
            "template/type Null",
            "template/type List",
            "template/type Blank",
            "template/type Word",
            "template/type Colons",
            "template/macro Brought",
            "template/type ${Name}Untyped",
        ]
    );
    let messages = [0, 4].map(|at| &*judged.findings[at].message);
    assert_eq!(
        messages,
        [
            "`Bare` has no `Type`: it is not judged",
            "the `Type` of `Null` is not the name of a resource type: it is not judged",
        ]
    );
}

#[test]
fn further_documents_of_a_file() {
    let judged = judge(
        "
Resources: {Q: {Type: AWS::SQS::Queue}}
---
Resources: {T: {Type: AWS::SNS::Topic}}
---
Outputs: {Name: {Value: !Ref Q}}
---
",
    );
    assert_eq!(lines(&judged), ["Q messaging 1", "T messaging 1"]);
    assert_eq!(
        notes(&judged),
        ["template/document Outputs: {Name: {Value: !Ref Q}}"]
    );
}

#[test]
fn a_condition_that_is_not_defined_is_said() {
    let template = |conditions: &str, more: &str| {
        format!(
            "{more}Conditions:\n  IsLive: !Equals [!Ref AWS::Region, eu-west-1]\n{conditions}Resources:\n  \
             Host: {{ Type: AWS::EC2::Instance, Condition: IsLve, Properties: {{ ImageId: ami-3 }} }}\n  \
             Other: {{ Type: AWS::SQS::Queue, Condition: IsLive }}\n"
        )
    };
    let judged = judge(&template("", ""));
    assert_eq!(
        lines(&judged),
        [
            "Host compute 4 conditional",
            "Other messaging 1 conditional"
        ],
        "it is judged all the same"
    );
    assert_eq!(notes(&judged), ["template/condition IsLve"]);
    let note = judged
        .findings
        .iter()
        .find(|finding| finding.code == "template/condition")
        .expect("it is said");
    assert_eq!(note.severity, Severity::Note);
    assert!(note.message.contains("`IsLve` is not defined"));
    // What a loop or a macro may define is not known to be missing.
    let looped = "  Fn::ForEach::All: [Name, !Ref Names, { 'Is${Name}': !Equals [a, a] }]\n";
    for (conditions, more) in [
        ("  IsLve: !Equals [a, a]\n", ""),
        (looped, "Transform: AWS::LanguageExtensions\n"),
        ("", "Transform: Acme::Macro\n"),
    ] {
        let judged = judge(&template(conditions, more));
        let is_said = |note: &String| note.starts_with("template/condition");
        assert!(!notes(&judged).iter().any(is_said), "{conditions}{more}");
    }
}

#[test]
fn a_type_in_other_letters_is_not_passed_over() {
    let judged = judge(
        "Resources:\n  Host: { Type: aws::ec2::instance }\n  Other: { Type: Aws::SQS::Queue }\n  Own: { Type: awesome::Own::Thing }\n",
    );
    let unknown: Vec<&str> = judged.unknown_types.keys().map(String::as_str).collect();
    assert_eq!(
        unknown,
        [
            "Aws::SQS::Queue",
            "awesome::Own::Thing",
            "aws::ec2::instance"
        ]
    );
}
