//! How big a way up is said to be, held against what the providers replace for the properties that it changes.

use sfl::base::PathStep;
use sfl::placement::{CATALOGUE, Rule};
use sfl::rulebook::{Catalogue, Climb, Path, Step, folder};

use crate::replaces::{Change, change};

/// A path as `replaces.tsv` has it.
fn written(path: &Path) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            PathStep::Key(key) if text.is_empty() => text.push_str(key),
            PathStep::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            PathStep::Each => text.push_str("[]"),
            PathStep::Values => text.push_str(".*"),
        }
    }
    // A list is spoken of whole.
    text.truncate(text.trim_end_matches("[]").len());
    text
}

/// Every type that has a changed property, with its path and what becomes of the resource: `kind path change`.
fn touched(
    catalogue: &Catalogue,
    rule: &Rule,
    kind: &str,
    name: &str,
) -> Vec<(String, String, Change)> {
    let (properties, kinds) = match name.split_once('.') {
        None => (&rule.properties, vec![kind.to_owned()]),
        Some((join, _)) => {
            let Some(join) = rule.joins.iter().find(|known| known.name == join) else {
                return Vec::new();
            };
            let joined = catalogue.rules().enumerate();
            let joined = joined.filter(|(at, _)| join.link.rules.contains(at));
            // A resource is joined to others of its own provider.
            let provider = |kind: &str| kind.split(['_', ':']).next().map(str::to_owned);
            let kinds = joined.flat_map(|(_, other)| other.types.clone());
            let kinds = kinds.filter(|other| provider(other) == provider(kind));
            (
                &join.properties,
                kinds.map(|kind| kind.to_string()).collect(),
            )
        }
    };
    let short = name.rsplit('.').next();
    let Some(property) = properties.iter().find(|known| short == Some(&known.name)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for kind in kinds {
        let paths = if kind.starts_with("AWS::") {
            &property.cfn
        } else {
            &property.tf
        };
        for path in paths.iter().map(written) {
            if let Some(change) = change(&kind, &path) {
                found.push((kind.clone(), path, change));
            }
        }
    }
    found
}

/// Whether the words say when a resource is replaced, or that another one takes its place.
fn tells(climb: &Climb<'_>) -> bool {
    ["replac", "recreat", "new ", "another ", "move"]
        .iter()
        .any(|word| climb.up.contains(word))
}

/// What is wrong with the steps of a catalogue, and how many it could hold against the table.
fn faults(catalogue: &Catalogue) -> (Vec<String>, usize) {
    let mut faults = Vec::new();
    let mut held = 0;
    for rule in catalogue.rules() {
        for (number, case) in rule.cases.iter().enumerate() {
            for kind in &rule.types {
                let climb = rule.climb(kind, number, case.rung);
                let all: Vec<_> = climb
                    .changes
                    .iter()
                    .flat_map(|name| touched(catalogue, rule, kind, name))
                    .collect();
                let Some(most) = all.iter().map(|(.., change)| *change).max() else {
                    continue;
                };
                held += 1;
                let fault = match (climb.step, most) {
                    (Some(Step::Property), Change::Replaces) => {
                        "a property changes in words, which replaces in truth"
                    }
                    (Some(Step::Property), Change::Sometimes) if !tells(&climb) => {
                        "does not say when it replaces"
                    }
                    (Some(Step::Resource), Change::InPlace) if !tells(&climb) => {
                        "a resource is replaced in words, and none in truth"
                    }
                    _ => continue,
                };
                faults.push(format!(
                    "{} of {kind}, case {number} ({}): {fault}: {all:?}",
                    rule.name, case.says
                ));
            }
        }
    }
    faults.dedup();
    (faults, held)
}

#[test]
fn no_step_of_the_catalogue_is_bigger_or_smaller_than_it_is_said_to_be() {
    let (faults, _) = faults(&CATALOGUE);
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Rules over the built-in ones that are right but for what one line says.
fn with(advice: &str) -> Vec<String> {
    let text = format!(
        r#"
extends = "relational"
[[rule]]
name = "ledger-cluster"
title = "a cluster for the ledger"
types = ["AWS::RDS::DBCluster", "aws_rds_cluster"]
[rule.properties]
mode = {{ cfn = "EngineMode", tf = "engine_mode" }}
floor = {{ cfn = "ServerlessV2ScalingConfiguration.MinCapacity", tf = "serverlessv2_scaling_configuration[].min_capacity" }}
brand = {{ cfn = "Engine", tf = "engine" }}
[rule.joins.members]
rules = ["aurora-instance"]
from = {{ cfn = "DBClusterIdentifier", tf = "cluster_identifier" }}
properties = {{ zone = {{ cfn = "AvailabilityZone", tf = "availability_zone" }}, class = {{ cfn = "DBInstanceClass", tf = "instance_class" }} }}
[[rule.case]]
rung = "cluster"
says = "is the ledger's cluster"
{advice}
"#
    );
    let (files, _) = folder::read(&[("mine.toml".to_owned(), text)]).expect("the rule can be read");
    let catalogue = CATALOGUE.over(&files).expect("the rule has no fault");
    let (faults, held) = faults(&catalogue);
    assert!(held > 0, "{advice} was held against nothing");
    faults
        .into_iter()
        .filter(|fault| fault.starts_with("ledger-cluster"))
        .collect()
}

#[test]
fn a_step_that_the_table_contradicts_is_found() {
    let count = |advice: &str| with(advice).len();
    let in_place =
        "up = \"a floor of 0 lets it pause\"\nstep = \"property\"\nchanges = [\"floor\"]";
    assert_eq!(count(in_place), 0);
    // Both CloudFormation and Terraform replace it.
    let replaces = "up = \"serverless mode\"\nstep = \"property\"\nchanges = [\"mode\"]";
    assert_eq!(count(replaces), 2);
    assert_eq!(count(&replaces.replace("\"property\"", "\"resource\"")), 0);
    // A join's property, which only the other resource of Terraform is replaced for.
    let joined =
        "up = \"the class db.serverless\"\nstep = \"property\"\nchanges = [\"members.class\"]";
    assert_eq!(count(joined), 0);
    assert!(count(&joined.replace("class\"]", "zone\"]")) > 0);
    // In CloudFormation the values decide, which the words must say; in Terraform it always replaces.
    let brand = "up = \"the engine of Aurora\"\nstep = \"property\"\nchanges = [\"brand\"]";
    assert_eq!(count(brand), 2);
    let said = brand.replace(
        "of Aurora",
        "of Aurora, which replaces the cluster unless it was Aurora before",
    );
    assert_eq!(count(&said), 1);
    // Nothing that it changes replaces anything.
    assert_eq!(count(&in_place.replace("\"property\"", "\"resource\"")), 2);
}

/// What an `instead` tells people to write, with the property for it: a value that they give to a property by its name, or "the
/// engine `aurora-mysql`".
fn told_properties<'r>(rule: &'r Rule, kind: &str, instead: &str) -> Vec<(String, &'r str)> {
    let mut found = Vec::new();
    for property in &rule.properties {
        let paths = if kind.starts_with("AWS::") {
            &property.cfn
        } else {
            &property.tf
        };
        for path in paths.iter().map(written) {
            let last = path.rsplit('.').next().unwrap_or_default();
            let as_value = format!("`{last} = ");
            let as_word = format!("the {} `", property.name);
            let as_title = format!("the {} `", property.name.to_uppercase());
            if [as_value, as_word, as_title]
                .iter()
                .any(|said| instead.contains(said))
            {
                found.push((path, &*property.name));
            }
        }
    }
    found
}

/// What is wrong with what an end says to take instead, and how much of it could be held against the table.
fn faults_of_ends(catalogue: &Catalogue) -> (Vec<String>, usize) {
    let mut faults = Vec::new();
    let mut held = 0;
    for rule in catalogue.rules() {
        for entry in &rule.lifecycle {
            for kind in rule.types.iter().filter(|kind| entry.concerns(kind)) {
                for (path, name) in told_properties(rule, kind, &entry.instead) {
                    let Some(change) = change(kind, &path) else {
                        continue;
                    };
                    held += 1;
                    let words: &[&str] = match change {
                        Change::Replaces => &["new "],
                        Change::Sometimes => &["new ", "in place"],
                        Change::InPlace => continue,
                    };
                    if !words.iter().any(|word| entry.instead.contains(word)) {
                        faults.push(format!(
                            "{} of {kind}: {name} ({change:?}): {}",
                            rule.name, entry.instead
                        ));
                    }
                }
            }
        }
    }
    (faults, held)
}

#[test]
fn an_end_says_when_what_it_tells_people_to_write_makes_a_new_resource() {
    let (faults, held) = faults_of_ends(&CATALOGUE);
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(held > 10, "{held}");
}

#[test]
fn an_end_that_keeps_silent_about_a_new_resource_is_found() {
    let text = |instead: &str| {
        format!(
            r#"
extends = "relational"
[[rule]]
name = "ledger-cluster"
title = "a cluster for the ledger"
types = ["aws_rds_cluster"]
[rule.properties]
engine = {{ tf = "engine" }}
[[rule.case]]
rung = "cluster"
says = "is the ledger's cluster"
[[rule.lifecycle]]
name = "the ledger's engine"
when = {{ engine = "aurora" }}
ends = 2023-02-28
instead = '{instead}'
source = "https://example.com"
checked = 2026-11-30
"#
        )
    };
    let count = |instead: &str| {
        let files = [("mine.toml".to_owned(), text(instead))];
        let (files, _) = folder::read(&files).expect("the rule can be read");
        let catalogue = CATALOGUE.over(&files).expect("the rule has no fault");
        let (faults, _) = faults_of_ends(&catalogue);
        let own = faults
            .iter()
            .filter(|fault| fault.starts_with("ledger-cluster"));
        own.count()
    };
    assert_eq!(count("the engine `aurora-mysql`"), 1);
    assert_eq!(count("`engine = \"aurora-mysql\"`"), 1);
    assert_eq!(count("the engine `aurora-mysql`, as a new cluster"), 0);
    // Another service is another resource, as everybody knows.
    assert_eq!(count("Aurora DSQL"), 0);
}
