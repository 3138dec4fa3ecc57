//! What a rule says of a property that is missing is only said where it is missing: not of a value that the rule does not list, and not
//! of one that nobody knows.

use serde_yaml::{Mapping, Value};
use sfl::base::PathStep;
use sfl::placement::{Decision, Rule};
use sfl::rulebook::rule::Path;
use sfl::{Options, workspace::examples};

use crate::judged::{judge, judge_as, line};

/// Words that say that something is not written.
const MISSING: [&str; 9] = [
    " absent",
    " missing",
    "names no ",
    "names neither",
    "without a declared",
    "not set",
    "declares no ",
    "does not say",
    "says nothing",
];

/// What a property may hold: two values that no service takes, and one that nobody knows.
fn values(is_cfn: bool) -> [Value; 3] {
    let unknown = match is_cfn {
        true => serde_yaml::from_str("Fn::ImportValue: elsewhere"),
        false => serde_yaml::from_str("'${data.external.elsewhere.result}'"),
    };
    [
        Value::from(-7),
        Value::from("UNLISTED"),
        unknown.expect("it is YAML"),
    ]
}

/// The words of a decision that say that something is missing.
fn said(decision: &Decision) -> Vec<&str> {
    let doubts = decision.doubts.iter().map(String::as_str);
    let all = doubts.chain(decision.says());
    let clauses = all.flat_map(|text| text.split(','));
    clauses
        .filter(|text| MISSING.iter().any(|words| text.contains(words)))
        .collect()
}

/// Whether words are about a property: its name or its last key stands in them, in one word or in several.
fn is_about(words: &str, name: &str, path: &Path) -> bool {
    let plain = |text: &str| text.replace([' ', '_'], "").to_lowercase();
    let last = path.iter().rev().find_map(|step| match step {
        PathStep::Key(key) => Some(&**key),
        _ => None,
    });
    let words = plain(words);
    let mut names = std::iter::once(name).chain(last);
    names.any(|name| words.contains(&plain(name)))
}

/// Writes a value at a path; nothing where something else is in the way.
fn write(at: &mut Value, path: &[PathStep], value: &Value) -> Option<()> {
    match path {
        [] => *at = value.clone(),
        [PathStep::Key(key), rest @ ..] => {
            if at.is_null() {
                *at = Value::Mapping(Mapping::new());
            }
            let entry = at.as_mapping_mut()?.entry(Value::from(&**key));
            write(entry.or_insert(Value::Null), rest, value)?;
        }
        [PathStep::Each, rest @ ..] => match at {
            Value::Sequence(all) if !all.is_empty() => {
                for one in all {
                    write(one, rest, value)?;
                }
            }
            // A block of Terraform may be written without a list.
            Value::Mapping(_) => write(at, rest, value)?,
            Value::Null | Value::Sequence(_) => {
                let mut one = Value::Null;
                write(&mut one, rest, value)?;
                *at = Value::Sequence(vec![one]);
            }
            _ => return None,
        },
        [PathStep::Values, ..] => return None,
    }
    Some(())
}

/// Where the properties of a resource stand in a template.
fn body<'v>(template: &'v mut Value, decision: &Decision) -> Option<&'v mut Value> {
    let mut at = match template.get("Resources").is_some() {
        true => template.get_mut("Resources")?.get_mut(&decision.address)?,
        false => {
            let (kind, name) = decision.address.split_once('.')?;
            let section = if kind == "module" {
                "module"
            } else {
                "resource"
            };
            let section = template.get_mut(section)?;
            return match kind {
                "module" => section.get_mut(name),
                kind => section.get_mut(kind)?.get_mut(name),
            };
        }
    };
    if at.get("Properties").is_none() {
        write(at, &[PathStep::Key("Properties".into())], &Value::Null)?;
    }
    at = at.get_mut("Properties")?;
    Some(at)
}

/// The paths of a rule's own properties in one dialect, with their names.
fn paths(rule: &Rule, is_cfn: bool) -> impl Iterator<Item = (&str, &Path)> {
    rule.properties.iter().flat_map(move |property| {
        let paths = if is_cfn { &property.cfn } else { &property.tf };
        paths.iter().map(|path| (&*property.name, path))
    })
}

#[test]
fn nothing_is_called_missing_that_is_there() {
    let mut asked = 0;
    let mut unasked = Vec::new();
    for example in examples::built_in() {
        let trial = example.run(&Options::default());
        let example = &trial.example;
        for decision in &trial.decisions {
            let is_cfn = !decision.address.contains('.');
            for words in said(decision) {
                let about = paths(&decision.rule, is_cfn);
                let about = about.filter(|(name, path)| is_about(words, name, path));
                let before = asked;
                for (name, path) in about {
                    for value in values(is_cfn) {
                        let template = serde_yaml::from_str(&example.template);
                        let mut template: Value = template.expect("an example is YAML");
                        let body = body(&mut template, decision).expect("it has properties");
                        if write(body, path, &value).is_none() {
                            continue;
                        }
                        let judged = if is_cfn {
                            judge(&serde_yaml::to_string(&template).expect("it was YAML"))
                        } else {
                            let text = serde_json::to_string(&template).expect("it was JSON");
                            judge_as("main.tf.json", &text)
                        };
                        let mut all = judged.decisions.iter();
                        let own = all.find(|one| one.address == decision.address);
                        let own = own.expect("it is a decision");
                        asked += 1;
                        let mut wrong = said(own).into_iter();
                        let wrong = wrong.find(|words| is_about(words, name, path));
                        assert_eq!(
                            wrong,
                            None,
                            "{}: {} with {name} as {value:?}",
                            example.name(),
                            decision.address
                        );
                    }
                }
                if asked == before {
                    unasked.push(format!("{}: {words}", example.name()));
                }
            }
        }
    }
    assert_eq!(
        unasked,
        Vec::<String>::new(),
        "it is not known what these are about"
    );
    assert!(asked >= 30, "only {asked} values are asked of");
}

#[test]
fn a_value_that_is_not_listed_is_named() {
    let service = |launch: &str| {
        let judged = judge(&format!(
            "Parameters: {{ Launch: {{ Type: String, Default: FARGATE }}, Free: {{ Type: String }}, Hidden: {{ Type: String, NoEcho: true, Default: quiet }} }}\nResources:\n  \
             Desk: {{ Type: AWS::ECS::Service, Properties: {{ TaskDefinition: desk, LaunchType: {launch} }} }}\n"
        ));
        let decision = &judged.decisions[0];
        (line(decision), decision.doubts.join("; "))
    };
    let unlisted = |value: &str| {
        (
            "Desk compute 3 uncertain (2 when another value is meant)".to_owned(),
            format!("`{value}` is none of the launch types that ECS is known to have"),
        )
    };
    assert_eq!(service("BANANA"), unlisted("BANANA"));
    assert_eq!(service("LAMBDA"), unlisted("LAMBDA"));
    let long = "X".repeat(90);
    assert_eq!(service(&long), unlisted(&format!("{}…", "X".repeat(60))));
    // What a parameter holds may be a secret.
    assert_eq!(
        service("!Ref Hidden").1,
        "the value is none of the launch types that ECS is known to have"
    );
    // These are known.
    for (launch, rung) in [("MANAGED_INSTANCES", 3), ("EXTERNAL", 4), ("EC2", 3)] {
        let expected = (format!("Desk compute {rung}"), String::new());
        assert_eq!(service(launch), expected);
    }
    // Other letters are a doubt of their own, and nothing else is said of them.
    assert_eq!(
        service("fargate"),
        (
            "Desk compute 2 uncertain (3 when it is anything else)".to_owned(),
            "`fargate` is not a known value: did you mean `FARGATE`?".to_owned()
        )
    );
    // What hardly anybody writes is not proposed for a parameter.
    assert_eq!(
        service("!Ref Launch"),
        (
            "Desk compute 2 (3 when `Launch=EC2`) (4 when `Launch=EXTERNAL`)".to_owned(),
            String::new()
        )
    );
    assert_eq!(service("!Ref Free").1, "`Free` has no default");
}

#[test]
fn a_minimum_that_says_nothing_is_not_called_absent() {
    let doubts = |minimum: &str| {
        let judged = judge(&format!(
            "Parameters: {{ Free: {{ Type: Number }} }}\nResources:\n  Ledger: {{ Type: AWS::RDS::DBCluster, Properties: {{ Engine: \
             aurora-mysql, ServerlessV2ScalingConfiguration: {{ {minimum}MaxCapacity: 8 }} }} }}\n"
        ));
        judged.decisions[0].doubts.join("; ")
    };
    assert_eq!(
        doubts(""),
        "MinCapacity is absent, and the engine version decides whether it can pause"
    );
    assert_eq!(
        doubts("MinCapacity: -1, "),
        "`-1` is no minimum that Aurora takes"
    );
    assert_eq!(
        doubts("MinCapacity: lots, "),
        "`lots` is no minimum that Aurora takes"
    );
    assert_eq!(doubts("MinCapacity: !Ref Free, "), "`Free` has no default");
    assert_eq!(doubts("MinCapacity: 0, "), "");
    assert_eq!(doubts("MinCapacity: 0.5, "), "");
}
