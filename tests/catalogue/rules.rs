//! The catalogue tests itself: every example of every rule, and the shape of the tables.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use sfl::placement::{CATALOGUE, Rung};
use sfl::rulebook::compile::Base;
use sfl::rulebook::file::RuleFile;
use sfl::rulebook::{Advice, check, folder};
use sfl::{Options, workspace::examples};

fn files() -> Vec<(String, RuleFile)> {
    let walk = walkdir::WalkDir::new("rules").into_iter();
    let paths = walk.map(|entry| entry.expect("rules/ is readable").into_path());
    let paths = paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let texts = paths.map(|path| {
        let text = fs::read_to_string(&path).expect("a rule file is a text");
        (path.display().to_string(), text)
    });
    let texts: Vec<(String, String)> = texts.collect();
    let (files, _) = folder::read(&texts).expect("each file can be read");
    files
}

#[test]
fn every_example_comes_out_as_expected() {
    let mut wrong = String::new();
    let examples = examples::built_in();
    assert!(examples.len() > 600, "only {} examples", examples.len());
    for example in examples {
        let trial = example.run(&Options::default());
        if !trial.holds() {
            let _ = writeln!(wrong, "{}: {:?}", trial.example.name(), trial.problems);
            let _ = writeln!(wrong, "  expected {:?}", trial.example.expect);
            let _ = writeln!(wrong, "  found    {:?}", trial.found);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The type of every resource of a template, by its address.
fn kinds(template: &str) -> BTreeMap<String, String> {
    let value: serde_yaml::Value = serde_yaml::from_str(template).expect("an example is YAML");
    let mut kinds = BTreeMap::new();
    let text = |value: &serde_yaml::Value| value.as_str().map(str::to_owned);
    let resources = value.get("Resources").and_then(|all| all.as_mapping());
    for (name, resource) in resources.into_iter().flatten() {
        if let (Some(name), Some(kind)) = (text(name), resource.get("Type").and_then(text)) {
            kinds.insert(name, kind);
        }
    }
    let blocks = value.get("resource").and_then(|all| all.as_mapping());
    for (kind, named) in blocks.into_iter().flatten() {
        let named = named.as_mapping().into_iter().flatten();
        for ((name, _), kind) in
            named.filter_map(|(name, _)| Some(((text(name)?, ()), text(kind)?)))
        {
            kinds.insert(format!("{kind}.{name}"), kind);
        }
    }
    kinds
}

#[test]
fn every_rule_and_every_case_is_met_in_an_example() {
    let mut met: BTreeSet<String> = BTreeSet::new();
    let mut cases: BTreeSet<(String, usize)> = BTreeSet::new();
    for example in examples::built_in() {
        let trial = example.run(&Options::default());
        let kinds = kinds(&trial.example.template);
        for decision in &trial.decisions {
            met.insert(decision.rule.name.to_string());
            cases.insert((decision.rule.name.to_string(), decision.case));
            for member in &decision.members {
                let kind = kinds.get(member.split('[').next().unwrap_or_default());
                let rule = kind.and_then(|kind| CATALOGUE.rule(kind));
                met.extend(rule.map(|rule| rule.name.to_string()));
            }
        }
    }
    let mut missing = Vec::new();
    for rule in CATALOGUE.rules() {
        if !met.contains(&*rule.name) {
            missing.push(rule.name.to_string());
        }
        for at in 0..rule.cases.len() {
            if met.contains(&*rule.name) && !cases.contains(&(rule.name.to_string(), at)) {
                missing.push(format!("{} case {}", rule.name, at + 1));
            }
        }
    }
    assert!(missing.is_empty(), "no example shows {missing:#?}");
}

#[test]
fn every_rule_has_an_example() {
    let files = files();
    let rules = files.iter().flat_map(|(_, file)| &file.rules);
    let bare: Vec<&str> = rules
        .filter(|rule| !rule.cases.is_empty() && rule.examples.is_empty())
        .map(|rule| rule.name.as_str())
        .collect();
    assert!(bare.is_empty(), "rules without an example: {bare:?}");
}

#[test]
fn the_files_have_no_fault() {
    let faults = check::faults(&files(), &Base::default());
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn a_type_that_nobody_explains_is_missing() {
    for (kind, missing) in [
        ("AWS::Fancy::Thing", true),
        ("AWS::S3::Bucket", false),
        ("AWS::S3::Bucket::MODULE", true),
        ("Custom::Thing", false),
        ("Custom::AWSCDK-EKS-Cluster", false),
        ("MongoDB::Atlas::Cluster", true),
        ("Acme::Web::Service::MODULE", false),
        ("aws_fancy_thing", true),
        ("awscc_fancy_thing", true),
        ("google_compute_instance", false),
        ("random_id", false),
        ("modules/vpc.yml", true),
    ] {
        assert_eq!(CATALOGUE.misses(kind), missing, "{kind}");
    }
}

#[test]
fn every_type_is_found_again_and_prefixes_lose_against_names() {
    let types = CATALOGUE.types();
    assert!(types.len() > 2900, "only {}", types.len());
    for (name, entry) in types {
        assert_eq!(CATALOGUE.entry(name), Some(entry), "{name}");
    }
    for (prefix, entry) in CATALOGUE.prefixes() {
        let below = format!("{prefix}zzz");
        assert_eq!(CATALOGUE.entry(&below), Some(entry), "{below}");
    }
    assert_eq!(CATALOGUE.entry("Nobody::Knows::This"), None);
    assert_eq!(CATALOGUE.entry(""), None);
}

#[test]
fn every_rung_that_a_rule_gives_has_words() {
    for rule in CATALOGUE.rules() {
        for rung in rule.reachable() {
            let yours = rule.text(rung, |advice| &advice.yours);
            assert!(
                !yours.is_empty(),
                "{}: what is yours on {rung:?}?",
                rule.name
            );
            if rung > Rung::Serverless {
                assert!(
                    !rule.text(rung, |advice| &advice.up).is_empty(),
                    "{}: up from {rung:?}?",
                    rule.name
                );
                assert!(
                    !rule.text(rung, |advice| &advice.fair).is_empty(),
                    "{}: fair on {rung:?}?",
                    rule.name
                );
                assert!(
                    rule.step(rung).is_some(),
                    "{}: step up from {rung:?}?",
                    rule.name
                );
            }
        }
    }
}

#[test]
fn each_provider_has_words_of_its_own() {
    type Word = fn(&Advice) -> &str;
    let words: [(&str, Word); 2] = [
        ("takes", |advice| &advice.takes),
        ("up", |advice| &advice.up),
    ];
    let mut bare = Vec::new();
    for ladder in CATALOGUE.ladders() {
        for other in &ladder.elsewhere {
            let rules = CATALOGUE.rules();
            let rules = rules.filter(|rule| rule.ladder().name == ladder.name);
            let theirs = rules.filter(|rule| rule.types[0].starts_with(&*other.prefix));
            for rule in theirs {
                let lowest = rule.reachable().last().map_or(0, |rung| *rung as usize);
                for rung in &Rung::ALL[..=lowest] {
                    for (name, word) in words {
                        let ladders = word(&ladder.rungs[*rung as usize]);
                        let said = rule.text(*rung, word);
                        // The way up is said where the rule stands, what stands there on every rung above too.
                        let asked = name == "takes" || rule.reachable().contains(rung);
                        if asked && !said.is_empty() && said == ladders {
                            bare.push(format!("{} {rung:?}: {name}", rule.name));
                        }
                    }
                }
                for rung in rule
                    .reachable()
                    .into_iter()
                    .skip_while(|rung| *rung == Rung::Serverless)
                {
                    let own = &other.rungs[rung as usize];
                    if own.takes.is_empty() || own.up.is_empty() || own.step.is_none() {
                        bare.push(format!(
                            "{}/{} of {}",
                            ladder.name,
                            rung.name(),
                            other.provider
                        ));
                    }
                }
            }
        }
    }
    assert!(bare.is_empty(), "in the words of AWS: {bare:#?}");
    let providers = CATALOGUE.ladders().map(|ladder| ladder.elsewhere.len());
    assert_eq!(providers.sum::<usize>(), 2 * CATALOGUE.ladders().count());
}

#[test]
fn every_link_names_the_property_that_makes_it() {
    let mut loose = Vec::new();
    for rule in CATALOGUE.rules() {
        let joins = rule.joins.iter().map(|join| &join.link);
        for link in rule.of.iter().chain(joins) {
            if link.through.is_none() && link.from.is_none() {
                assert!(link.loose, "{}", rule.name);
                loose.push(rule.name.to_string());
            }
        }
    }
    // What has no property that names the other: jobs choose their queue when they are submitted, and the rest is one a project or account.
    loose.sort_unstable();
    assert_eq!(
        loose,
        [
            "batch-job-definition",
            "identity-platform-tenant",
            "iot-analytics-part"
        ]
    );
}
