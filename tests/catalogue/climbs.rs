//! Every way up is a fact: it says how big a step it is, which properties it changes and what becomes of data.

use std::collections::BTreeSet;

use sfl::base::Rung;
use sfl::placement::CATALOGUE;
use sfl::rulebook::{Climb, Fate, Rule, Step};

use crate::judged::judge_as;
use crate::words::{Provider, provider};

/// Ladders whose resources keep what somebody would miss.
const STORES: [&str; 12] = [
    "analytics",
    "cache",
    "data-movement",
    "desktop",
    "identity",
    "messaging",
    "ml",
    "nosql",
    "relational",
    "search",
    "storage",
    "streaming",
];

/// Rules of other ladders whose machines keep something on disks of their own.
const DISKS: [&str; 5] = [
    "cloud9-environment",
    "ec2-instance",
    "lightsail-instance",
    "mwaa-environment",
    "opsworks-instance",
];

/// On which rungs of a rule the property that changes is one of a cluster in another stack.
const ELSEWHERE: [(&str, Rung); 2] = [
    ("aurora-instance", Rung::Capacity),
    ("rds-instance", Rung::Capacity),
];

/// A case that places below the first rung, or may, for a type of its rule.
struct Way<'r> {
    rule: &'r Rule,
    kind: &'r str,
    at: usize,
    rung: Rung,
    climb: Climb<'r>,
}

impl Way<'_> {
    fn name(&self) -> String {
        let case = &self.rule.cases[self.at];
        format!("{} ({}): `{}`", self.rule.name, self.kind, case.says)
    }
}

fn ways() -> Vec<Way<'static>> {
    let mut ways = Vec::new();
    for rule in CATALOGUE.rules() {
        for (at, case) in rule.cases.iter().enumerate() {
            let rungs = std::iter::once(&case.rung).chain(&case.or);
            for &rung in rungs.filter(|rung| **rung != Rung::Serverless) {
                ways.extend(rule.types.iter().map(|kind| Way {
                    rule,
                    kind,
                    at,
                    rung,
                    climb: rule.climb(kind, at, rung),
                }));
            }
        }
    }
    assert!(ways.len() > 700, "{}", ways.len());
    ways
}

/// What is wrong, each once.
fn none(wrong: impl Iterator<Item = String>) {
    let wrong: BTreeSet<String> = wrong.collect();
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_case_below_the_first_rung_has_a_way_up_of_a_known_size() {
    let ways = ways();
    let silent = ways
        .iter()
        .filter(|way| way.climb.up.is_empty() || way.climb.step.is_none());
    none(silent.map(Way::name));
}

#[test]
fn a_change_of_a_property_names_the_property() {
    let ways = ways();
    let here = |way: &&Way<'_>| !ELSEWHERE.contains(&(&*way.rule.name, way.rung));
    let silent = ways
        .iter()
        .filter(|way| way.climb.step == Some(Step::Property))
        .filter(|way| here(way) == way.climb.changes.is_empty());
    none(silent.map(Way::name));
}

#[test]
fn nothing_that_holds_data_climbs_without_a_word_on_them() {
    let ways = ways();
    let stores = ways.iter().filter(|way| {
        STORES.contains(&&*way.rule.ladder().name) || DISKS.contains(&&*way.rule.name)
    });
    let silent = stores.filter(|way| match way.climb.step {
        Some(Step::Property) => way.climb.data != Some(&Fate::Kept),
        _ => way.climb.data.is_none(),
    });
    none(silent.map(Way::name));
}

#[test]
fn no_ladder_replaces_a_store_without_a_word_on_its_data() {
    let mut asked = 0;
    let mut wrong = Vec::new();
    let ladders = CATALOGUE.ladders();
    for ladder in ladders.filter(|ladder| STORES.contains(&&*ladder.name)) {
        let elsewhere = ladder.elsewhere.iter();
        let elsewhere =
            elsewhere.filter_map(|other| Some((provider(&other.prefix)?, &other.rungs)));
        for (own, rungs) in std::iter::once((Provider::Aws, &ladder.rungs)).chain(elsewhere) {
            let replaced = rungs
                .iter()
                .filter(|advice| advice.step == Some(Step::Resource));
            for advice in replaced {
                asked += 1;
                if advice.data.is_none() {
                    wrong.push(format!("{} ({own:?}): {}", ladder.name, advice.up));
                }
            }
        }
    }
    none(wrong.into_iter());
    assert!(asked > 5, "{asked}");
}

#[test]
fn every_rule_that_is_named_here_is_there() {
    let elsewhere = ELSEWHERE.iter().map(|(name, _)| *name);
    for name in elsewhere.chain(DISKS) {
        let mut rules = CATALOGUE.rules();
        assert!(rules.any(|rule| rule.name == name), "{name}");
    }
}

/// What the way up of the only decision changes, in the words of its dialect.
fn changes(name: &str, text: &str) -> Vec<String> {
    let judged = judge_as(name, text);
    let [decision] = &judged.decisions[..] else {
        panic!("{:?}", judged.decisions);
    };
    assert_ne!(decision.rung, Rung::Serverless);
    decision.changes()
}

#[test]
fn a_property_that_may_stand_in_two_places_is_named_in_both() {
    let endpoint = "Resources:\n  Answers:\n    Type: AWS::SageMaker::EndpointConfig\n    Properties:\n      ProductionVariants:\n        - ModelName: answers\n          VariantName: all\n          ServerlessConfig: { MaxConcurrency: 4, MemorySizeInMB: 2048, ProvisionedConcurrency: 2 }\n";
    assert_eq!(
        changes("stack.yaml", endpoint),
        [
            "ProductionVariants.ServerlessConfig.ProvisionedConcurrency",
            "ShadowProductionVariants.ServerlessConfig.ProvisionedConcurrency"
        ]
    );
    let endpoint = r#"{"resource": {"aws_sagemaker_endpoint_configuration": {"answers": {"production_variants": [
        {"variant_name": "all", "model_name": "answers", "serverless_config": [{"max_concurrency": 4, "memory_size_in_mb": 2048, "provisioned_concurrency": 2}]}
    ]}}}}"#;
    assert_eq!(
        changes("main.tf.json", endpoint),
        [
            "production_variants.serverless_config.provisioned_concurrency",
            "shadow_production_variants.serverless_config.provisioned_concurrency"
        ]
    );
    // Of several properties, those that stand in one place only are named once.
    let table = "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: { BillingMode: PROVISIONED }\n";
    assert_eq!(
        changes("stack.yaml", table),
        [
            "BillingMode",
            "ProvisionedThroughput",
            "GlobalSecondaryIndexes.ProvisionedThroughput"
        ]
    );
}

/// An arrow on a map ends there.
#[test]
fn a_way_up_ends_on_a_rung_that_is_offered() {
    fn takes(way: &Way<'_>, rung: Rung) -> String {
        let text = way.rule.text_for(way.kind, rung, |advice| &advice.takes);
        text.to_owned()
    }
    let led: Vec<Way<'_>> = ways()
        .into_iter()
        .filter(|way| way.climb.to.is_some())
        .collect();
    assert!(led.len() > 100, "{}", led.len());
    none(led.iter().filter_map(|way| {
        let to = way.climb.to?;
        let is_up = to <= way.rung;
        let is_offered = !takes(way, to).is_empty() && !takes(way, to).starts_with("not offered");
        (!is_up || !is_offered).then(|| format!("{} leads to {}", way.name(), to.name()))
    }));
    for (kind, rung, to) in [
        ("AWS::EC2::Instance", Rung::Server, Some(Rung::Capacity)),
        ("AWS::EC2::Host", Rung::Server, Some(Rung::Server)),
        (
            "AWS::ElastiCache::CacheCluster",
            Rung::Cluster,
            Some(Rung::Serverless),
        ),
        ("AWS::RDS::DBInstance", Rung::Cluster, None),
        (
            "google_compute_instance",
            Rung::Server,
            Some(Rung::Serverless),
        ),
    ] {
        let rule = CATALOGUE.rule(kind).expect("it is known");
        let said = ways()
            .into_iter()
            .find(|way| way.rule.name == rule.name && way.kind == kind && way.rung == rung);
        assert_eq!(said.expect("it falls back").climb.to, to, "{kind}");
    }
}
