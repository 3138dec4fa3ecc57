//! What agrees whichever way it goes is certain, and what a template rules out reaches no rung.

use crate::judged::check;

/// A service that runs on what `strategy` says, after sections with something that nobody knows.
fn strategy(strategy: &str) -> String {
    format!(
        "
Parameters:
  Mode: {{Type: String}}
  Part: {{Type: String}}
Mappings:
  Launch:
    one: {{provider: FARGATE, other: FARGATE, some: FARGATE}}
    two: {{provider: FARGATE, other: Mine}}
Conditions: {{IsOn: !Equals [!Ref Mode, on], IsOff: !Equals [!Ref Mode, off]}}
Resources:
  Run:
    Type: AWS::ECS::Service
    Properties: {{Cluster: shared, CapacityProviderStrategy: {strategy}}}
"
    )
}

#[test]
fn branches_that_agree_reach_no_other_rung() {
    for certain in [
        "[!If [IsOn, {CapacityProvider: FARGATE}, {CapacityProvider: FARGATE_SPOT}]]",
        "!If [IsOn, [{CapacityProvider: FARGATE}], [{CapacityProvider: FARGATE_SPOT}]]",
        "[{CapacityProvider: !If [IsOn, FARGATE, FARGATE_SPOT]}]",
        "[!If [IsOn, {CapacityProvider: FARGATE}, !If [IsOff, {CapacityProvider: FARGATE_SPOT}, {CapacityProvider: FARGATE}]]]",
        "[{CapacityProvider: FARGATE}, !If [IsOn, {CapacityProvider: FARGATE_SPOT}, !Ref AWS::NoValue]]",
        "[{CapacityProvider: !FindInMap [Launch, !Ref Part, provider]}]",
        "[{CapacityProvider: !FindInMap [Launch, !Ref Part, some]}]",
        "[{CapacityProvider: !FindInMap [Launch, one, !Ref Part]}]",
        "[{CapacityProvider: !FindInMap [Launch, !Ref Part, provider, {DefaultValue: FARGATE}]}]",
        "[{CapacityProvider: !Select [!Ref Part, [FARGATE, FARGATE]]}]",
        "[!Select [!Ref Part, [{CapacityProvider: FARGATE}, {CapacityProvider: FARGATE}]]]",
    ] {
        check(&strategy(certain), &["Run compute 2"]);
    }
    for open in [
        "[!If [IsOn, {CapacityProvider: FARGATE}, {CapacityProvider: Mine}]]",
        "[!If [IsOn, {CapacityProvider: FARGATE}, !Ref AWS::NoValue]]",
        "[{CapacityProvider: !FindInMap [Launch, !Ref Part, other]}]",
        "[{CapacityProvider: !FindInMap [Launch, !Ref Part, provider, {DefaultValue: Mine}]}]",
        "[{CapacityProvider: !Select [!Ref Part, [FARGATE, Mine]]}]",
    ] {
        let judged = crate::judged::judge(&strategy(open));
        let line = &crate::judged::lines(&judged)[0];
        assert!(
            line.starts_with("Run compute 2 uncertain (3 "),
            "{open}: {line}"
        );
    }
}

#[test]
fn ends_that_are_known_rule_words_out() {
    for (provider, expected) in [
        ("!Sub '${Part}-provider'", "Run compute 3"),
        ("!Join ['-', [own, !Ref Part]]", "Run compute 3"),
        ("!Sub '${Part}-${Mode}'", "Run compute 2 uncertain"),
        ("!Sub 'FARGATE${Part}'", "Run compute 2 uncertain"),
        ("!Sub '${Part}_SPOT'", "Run compute 2 uncertain"),
        ("!Ref Part", "Run compute 2 "),
    ] {
        let judged =
            crate::judged::judge(&strategy(&format!("[{{CapacityProvider: {provider}}}]")));
        let line = &crate::judged::lines(&judged)[0];
        let rest = line.strip_prefix(expected);
        assert!(
            rest.is_some_and(|rest| rest.is_empty() == expected.ends_with('3')),
            "{provider}: {line}"
        );
    }
    // The start of a class says enough, as far as it goes.
    let database = |class: &str| {
        format!(
            "
Parameters: {{Size: {{Type: String}}}}
Resources:
  Main: {{Type: AWS::RDS::DBCluster, Properties: {{Engine: aurora-mysql}}}}
  Node: {{Type: AWS::RDS::DBInstance, Properties: {{DBClusterIdentifier: !Ref Main, DBInstanceClass: {class}}}}}
"
        )
    };
    check(
        &database("!Sub 'db.r6g.${Size}'"),
        &["Main relational 3 [Node]"],
    );
}

#[test]
fn patterns_and_lengths_rule_values_out() {
    let service = |parameter: &str| {
        format!(
            "
Parameters: {{Launch: {{Type: String, {parameter}}}}}
Resources: {{Run: {{Type: AWS::ECS::Service, Properties: {{LaunchType: !Ref Launch}}}}}}
"
        )
    };
    let all = "Run compute 2 (3 when `Launch=EC2`) (4 when `Launch=EXTERNAL`)";
    for (parameter, expected) in [
        ("Default: FARGATE", all),
        (
            "Default: FARGATE, AllowedPattern: '^FARGATE$'",
            "Run compute 2",
        ),
        (
            "Default: FARGATE, AllowedPattern: 'FARGATE'",
            "Run compute 2",
        ),
        ("AllowedPattern: '^FARGATE$'", "Run compute 2"),
        (
            "Default: FARGATE, AllowedPattern: '^(FARGATE|EC2)$'",
            "Run compute 2 (3 when `Launch=EC2`)",
        ),
        (
            "Default: FARGATE, AllowedPattern: 'FARGATE|EC2', AllowedValues: [FARGATE, EC2, EXTERNAL]",
            "Run compute 2 (3 when `Launch=EC2`)",
        ),
        (
            "Default: FARGATE, MinLength: 4, AllowedValues: [FARGATE, EC2]",
            "Run compute 2",
        ),
        (
            "Default: FARGATE, MaxLength: 7, AllowedValues: [FARGATE, EC2, EXTERNAL]",
            "Run compute 2 (3 when `Launch=EC2`)",
        ),
        // What only Java can read rules nothing out.
        ("Default: FARGATE, AllowedPattern: '(?!EC2).+'", all),
        ("Default: FARGATE, AllowedPattern: '^[A-Z0-9]+$'", all),
    ] {
        check(&service(parameter), &[expected]);
    }
    // Digits and small letters only: none of the words that the rule names.
    let judged = crate::judged::judge(&service("Default: FARGATE, AllowedPattern: '^[A-Z]+$'"));
    let line = &crate::judged::lines(&judged)[0];
    assert!(!line.contains("`Launch=EC2`"), "{line}");
    assert!(line.contains("`Launch=EXTERNAL`"), "{line}");
}

#[test]
fn lookups_among_many_rows() {
    let rows: String = (0..300)
        .map(|at| format!("r{at}: {{type: FARGATE}}, "))
        .collect();
    let text = |last: &str| {
        format!(
            "
Mappings: {{Accounts: {{{rows} last: {{type: {last}}}}}}}
Resources:
  Run: {{Type: AWS::ECS::Service, Properties: {{LaunchType: !FindInMap [Accounts, !Ref AWS::AccountId, type]}}}}
"
        )
    };
    check(&text("FARGATE"), &["Run compute 2"]);
    check(
        &text("EC2"),
        &["Run compute 2 uncertain (3 when `LaunchType` is `EC2`)"],
    );
}
