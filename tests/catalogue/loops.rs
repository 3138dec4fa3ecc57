//! `Fn::ForEach` over every kind of collection, in every section, and what cannot be written out.

use std::fmt::Write as _;

use sfl::base::finding::Severity;

use crate::judged::{check, judge, judge_as, lines};

/// Services written by a loop over `values`, after `sections`.
fn services(sections: &str, values: &str) -> String {
    format!(
        "
Transform: AWS::LanguageExtensions
{sections}
Resources:
  Fn::ForEach::Crew:
    - Who
    - {values}
    - '${{Who}}Crew': {{Type: AWS::ECS::Service, Properties: {{LaunchType: FARGATE}}}}
"
    )
}

#[test]
fn collections_that_are_known() {
    let sections = "
Parameters:
  Zone: {Type: String, Default: north, AllowedValues: [north, south]}
  Listed: {Type: CommaDelimitedList, Default: 'Ada, Bob'}
  Typed: {Type: 'List<String>', Default: 'Ada,Bob'}
  Last: {Type: String, Default: Bob}
  Unset: {Type: String}
Mappings:
  Zones: {north: {crew: [Ada, Bob], one: Ada}, south: {crew: [Cid]}}
  Alike: {east: {crew: [Ada, Bob]}, west: {crew: [Ada, Bob]}}
Conditions: {IsNorth: !Equals [!Ref Zone, north]}
";
    for values in [
        "[Ada, Bob]",
        "!Ref Listed",
        "{Ref: Typed}",
        "[Ada, !Ref Last]",
        "[!Ref Listed, Bob]",
        "!FindInMap [Zones, !Ref Zone, crew]",
        "{'Fn::FindInMap': [Zones, {Ref: Zone}, crew]}",
        "!FindInMap [Zones, west, crew, {DefaultValue: [Ada, Bob]}]",
        "!FindInMap [Zones, west, crew, {DefaultValue: !Ref Listed}]",
        "!FindInMap [Alike, !Ref AWS::Region, crew]",
        "!Split [',', 'Ada,Bob']",
        "!If [IsNorth, [Ada, Bob], [Cid]]",
        "[Ada, !If [IsNorth, Bob, Cid], !Ref AWS::NoValue]",
    ] {
        let text = services(sections, values);
        check(&text, &["AdaCrew compute 2", "BobCrew compute 2"]);
    }
    check(&services(sections, "[]"), &[]);
}

#[test]
fn collections_that_are_not_known_are_one_decision_with_its_cause() {
    let sections = "
Parameters:
  Unset: {Type: CommaDelimitedList}
  Empty: {Type: CommaDelimitedList, Default: ''}
  Looked: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /crew}
Mappings: {Zones: {east: {crew: [Ada, Bob]}, west: {crew: [Cid]}}}
";
    for (values, line, cause) in [
        ("!Ref Unset", "uncertain", "`Unset` has no default"),
        (
            "!Ref Empty",
            "conditional uncertain",
            "`Empty` is empty by default",
        ),
        ("!Ref Looked", "uncertain", "looked up"),
        (
            "!Ref AWS::NotificationARNs",
            "uncertain",
            "`AWS::NotificationARNs` is known only",
        ),
        (
            "!FindInMap [Zones, !Ref AWS::Region, crew]",
            "uncertain",
            "`AWS::Region` is known only",
        ),
        (
            "!Split [',', !ImportValue crew]",
            "uncertain",
            "exported by another stack",
        ),
    ] {
        let judged = judge(&services(sections, values));
        assert_eq!(lines(&judged), [format!("${{Who}}Crew compute 2 {line}")]);
        let doubts = &judged.decisions[0].doubts;
        assert!(
            doubts[0].starts_with("what the loop over `Who` runs over is not known: ")
                && doubts[0].contains(cause),
            "{doubts:?}"
        );
    }
    // A value that is not known among others is one of them, and says nothing about how many there are.
    check(
        &services(sections, "[Ada, !Ref AWS::Region]"),
        &["AdaCrew compute 2", "${Who}Crew compute 2"],
    );
}

#[test]
fn loops_in_conditions_mappings_and_properties() {
    check(
        "
Transform: AWS::LanguageExtensions
Parameters: {Jobs: {Type: CommaDelimitedList, Default: 'Sort,Pack'}}
Mappings:
  Fn::ForEach::Sizes: [Job, [Sort, Pack], {'Of${Job}': {launch: {type: FARGATE}}}]
  Lists: {all: {jobs: [Sort, Pack]}}
Conditions:
  Fn::ForEach::Flags:
    - Job
    - !FindInMap [Lists, all, jobs]
    - 'Is${Job}': !Equals [!Ref Job, Sort]
Resources:
  Fn::ForEach::Jobs:
    - Job
    - !Ref Jobs
    - '${Job}A': {Type: AWS::ECS::Service, Properties: {LaunchType: !If ['Is${Job}', FARGATE, EC2]}}
      '${Job}B': {Type: AWS::ECS::Service, Condition: 'Is${Job}', Properties: {LaunchType: !FindInMap ['Of${Job}', launch, type]}}
  C:
    Type: AWS::ECS::Service
    Properties:
      Fn::ForEach::Keys: [Key, [LaunchType, PropagateTags], {'${Key}': FARGATE}]
Outputs:
  Fn::ForEach::Out: [Job, !Ref Jobs, {'${Job}Arn': {Value: !Ref {'Fn::Sub': '${Job}A'}}}]
",
        &[
            "SortA compute 2",
            "SortB compute 2",
            // `IsPack` compares two texts that differ: nothing turns `PackB` on.
            "PackA compute 3",
            "C compute 2",
        ],
    );
}

#[test]
fn inner_loops_look_up_by_the_outer_variable() {
    let text = |second: &str| {
        format!(
            "
Transform: AWS::LanguageExtensions
Mappings: {{Rooms: {{Up: {{doors: [Left, Right]}}}}}}
Resources:
  Fn::ForEach::Floors:
    - Floor
    - [Up, {second}]
    - Fn::ForEach::Doors:
        - Door
        - !FindInMap [Rooms, !Ref Floor, doors, {{DefaultValue: [Only]}}]
        - '${{Floor}}${{Door}}': {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Sub '${{Floor}}-${{Door}}'}}}}
"
        )
    };
    check(
        &text("Down"),
        &[
            "UpLeft messaging 1",
            "UpRight messaging 1",
            "DownOnly messaging 1",
        ],
    );
    // Each of the two forms of a variable in a key: with an ampersand, as a logical id can hold it.
    check(
        "
Resources:
  Fn::ForEach::Hosts:
    - Host
    - ['a.example', 'b-2']
    - 'Mail&{Host}': {Type: AWS::SQS::Queue}
",
        &["Mailaexample messaging 1", "Mailb2 messaging 1"],
    );
}

#[test]
fn keys_that_are_not_known_may_be_any() {
    check(
        "
Parameters: {Keys: {Type: CommaDelimitedList}}
Resources:
  Open:
    Type: AWS::DynamoDB::Table
    Properties: {Fn::ForEach::Any: [Key, !Ref Keys, {'${Key}': x}]}
  Said:
    Type: AWS::DynamoDB::Table
    Properties: {BillingMode: PAY_PER_REQUEST, Fn::ForEach::Any: [Key, !Ref Keys, {'${Key}': x}]}
",
        &[
            "Open nosql 1 uncertain (2 when `BillingMode` is `PROVISIONED`)",
            "Said nosql 1",
        ],
    );
}

#[test]
fn loops_beyond_any_stack_are_said_and_hide_nothing_else() {
    let mut values = String::new();
    for at in 0..200 {
        let _ = write!(values, "V{at}, ");
    }
    let text = format!(
        "
Resources:
  Fn::ForEach::A:
    - A
    - [{values}]
    - Fn::ForEach::B: [B, [{values}], {{'${{A}}${{B}}': {{Type: AWS::SQS::Queue}}}}]
  Fn::ForEach::C: [C, [{values}], {{'C${{C}}': {{Type: AWS::SQS::Queue}}}}]
  After: {{Type: AWS::SNS::Topic}}
"
    );
    let judged = judge(&text);
    let lines = lines(&judged);
    assert!(lines.contains(&"After messaging 1".to_owned()));
    let many = |start: char| {
        let all = judged.decisions.iter();
        all.filter(|decision| decision.address.starts_with(start))
            .count()
    };
    assert_eq!(many('C'), 200);
    // What was not written out one by one is there, once, with its doubt.
    let open = judged.decisions.iter().find(|one| one.uncertain());
    let open = open.expect("what is too much is one");
    assert!(
        open.doubts[0].contains("more than a stack can hold"),
        "{open:?}"
    );
}

#[test]
fn a_loop_without_its_parts_is_said() {
    let judged = judge(
        "
Resources:
  Fn::ForEach::Odd: [Name, [A]]
  Q: {Type: AWS::SQS::Queue}
",
    );
    assert_eq!(lines(&judged), ["Q messaging 1"]);
    let [finding] = &judged.findings[..] else {
        panic!("{:?}", judged.findings)
    };
    assert_eq!(finding.code, "template/loop");
    assert_eq!(finding.severity, Severity::Note);
    assert_eq!(finding.span.of(finding.source.text()), "Fn::ForEach::Odd");
}

#[test]
fn json_says_the_same() {
    let text = r#"{
      "Parameters": {"Stage": {"Type": "String", "Default": "live"}},
      "Mappings": {"Sets": {"live": {"Names": ["One", "Two"]}, "test": {"Names": ["Three"]}}},
      "Resources": {"Fn::ForEach::Hosts": ["Name", {"Fn::FindInMap": ["Sets", {"Ref": "Stage"}, "Names"]},
        {"Host${Name}": {"Type": "AWS::EC2::Instance", "Properties": {"InstanceType": "t3.micro"}}}]}}"#;
    assert_eq!(
        lines(&judge_as("stack.json", text)),
        ["HostOne compute 4", "HostTwo compute 4"]
    );
}
