//! What people read is about their provider: a text for users of Azure or Google names their services, and one for AWS names AWS's.

use std::collections::BTreeSet;

use sfl::base::Rung;
use sfl::placement::CATALOGUE;
use sfl::rulebook::{Advice, Rule};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    Aws,
    Azure,
    Google,
}

/// Words that are one provider's alone.
const WORDS: [(Provider, &[&str]); 3] = [
    (
        Provider::Aws,
        &[
            "AWS",
            "Amazon",
            "Lambda",
            "Fargate",
            "EC2",
            "ECS",
            "EKS",
            "S3",
            "EFS",
            "EBS",
            "FSx",
            "AMI",
            "DynamoDB",
            "Keyspaces",
            "Aurora",
            "RDS",
            "Neptune",
            "ElastiCache",
            "MemoryDB",
            "CloudFront",
            "AppSync",
            "Step Functions",
            "EventBridge",
            "SQS",
            "SNS",
            "Kinesis",
            "Firehose",
            "MSK",
            "Athena",
            "Glue",
            "EMR",
            "Redshift",
            "OpenSearch",
            "Bedrock",
            "SageMaker",
            "Cognito",
            "CloudWatch",
            "CodeBuild",
            "Lightsail",
            "Beanstalk",
            "AgentCore",
            "WorkSpaces",
            "DataSync",
            "DMS",
            "Systems Manager",
            "instance class",
            "instance classes",
            "reserved instances",
            "Region",
            "ACU",
            "OCU",
            "DPU",
            "RPU",
        ],
    ),
    (
        Provider::Azure,
        &[
            "Azure",
            "AKS",
            "Entra",
            "Cosmos DB",
            "Container Apps",
            "App Service",
            "Flex Consumption",
            "Static Web Apps",
            "Service Bus",
            "Event Grid",
            "Event Hubs",
            "Front Door",
            "Logic Apps",
            "Data Factory",
            "Synapse",
            "Fabric",
            "Power BI",
            "HDInsight",
            "Databricks",
            "Data Explorer",
            "Log Analytics",
            "Foundry",
            "Windows 365",
            "request units",
            "vCores",
            "DTUs",
        ],
    ),
    (
        Provider::Google,
        &[
            "Google",
            "GKE",
            "Cloud Run",
            "Compute Engine",
            "App Engine",
            "Cloud Storage",
            "Cloud SQL",
            "AlloyDB",
            "Spanner",
            "Firestore",
            "Bigtable",
            "BigQuery",
            "Pub/Sub",
            "Dataflow",
            "Dataproc",
            "Memorystore",
            "Cloud CDN",
            "Cloud Build",
            "Cloud Composer",
            "Vertex AI",
            "Gemini",
            "Colab",
        ],
    ),
];

/// What a rule may say of another provider, because its service is about it: the rule, and the word.
const ABOUT_ANOTHER: [(&str, &str); 8] = [
    ("gke-cluster", "AWS"),
    ("gke-cluster", "EKS"),
    ("gke-cluster", "Azure"),
    ("gke-cluster", "AKS"),
    ("gke-nodes", "AWS"),
    ("gke-nodes", "EKS"),
    ("gke-nodes", "Azure"),
    ("gke-nodes", "AKS"),
];

pub fn provider(kind: &str) -> Option<Provider> {
    let of_types = [
        ("AWS::", Provider::Aws),
        ("Custom::", Provider::Aws),
        ("aws_", Provider::Aws),
        ("awscc_", Provider::Aws),
        ("azurerm_", Provider::Azure),
        ("google_", Provider::Google),
    ];
    if let Some(source) = kind.strip_prefix("module:") {
        let address = source.split("//").next().unwrap_or(source);
        return match address.rsplit('/').next()? {
            "aws" => Some(Provider::Aws),
            "azurerm" => Some(Provider::Azure),
            "google" => Some(Provider::Google),
            _ => None,
        };
    }
    let known = of_types.iter().find(|(prefix, _)| kind.starts_with(prefix));
    known.map(|(_, provider)| *provider)
}

/// The words of other providers in a text.
fn strange(text: &str, own: Provider) -> Vec<&'static str> {
    let others = WORDS.iter().filter(|(provider, _)| *provider != own);
    let words = others.flat_map(|(_, words)| words.iter().copied());
    words.filter(|word| holds(text, word)).collect()
}

fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Everything that a rule says to a user of one of its types: its own words, and those of its ladder for that provider.
fn said(rule: &Rule, kind: &str) -> Vec<String> {
    let words: [fn(&Advice) -> &str; 4] = [
        |advice| &advice.takes,
        |advice| &advice.yours,
        |advice| &advice.up,
        |advice| &advice.fair,
    ];
    let mut said = vec![rule.title.to_string()];
    for (at, case) in rule.cases.iter().enumerate() {
        said.push(case.says.to_string());
        said.extend(case.doubt.iter().map(ToString::to_string));
        if case.rung != Rung::Serverless {
            let climb = rule.climb(kind, at, case.rung);
            said.extend([climb.up.to_owned(), climb.fair.to_owned()]);
            said.extend(climb.data.map(|data| data.how().to_owned()));
        }
    }
    // What nobody is told is not read: the first rung has no way up.
    let below = rule
        .reachable()
        .into_iter()
        .filter(|rung| *rung != Rung::Serverless);
    for rung in below {
        said.extend(
            words
                .iter()
                .map(|word| rule.text_for(kind, rung, *word).to_owned()),
        );
    }
    for entry in rule.lifecycle.iter().filter(|entry| entry.concerns(kind)) {
        said.extend([entry.name.to_string(), entry.instead.to_string()]);
    }
    said
}

#[test]
fn nobody_is_told_the_words_of_another_provider() {
    let mut wrong = BTreeSet::new();
    let mut meant = BTreeSet::new();
    let mut read = 0;
    for rule in CATALOGUE.rules() {
        for kind in &rule.types {
            let Some(own) = provider(kind) else { continue };
            for text in said(rule, kind) {
                read += 1;
                for word in strange(&text, own) {
                    if ABOUT_ANOTHER.contains(&(&*rule.name, word)) {
                        meant.insert((&*rule.name, word));
                    } else {
                        wrong.insert(format!("{} ({own:?}): `{text}` says {word}", rule.name));
                    }
                }
            }
        }
    }
    assert!(read > 5000, "{read}");
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(meant, BTreeSet::from(ABOUT_ANOTHER));
}

#[test]
fn what_all_providers_share_names_none() {
    for ladder in CATALOGUE.ladders() {
        for text in [&ladder.title, &ladder.about] {
            for (_, words) in WORDS {
                let named: Vec<_> = words.iter().filter(|word| holds(text, word)).collect();
                assert!(named.is_empty(), "{}: {text}: {named:?}", ladder.name);
            }
        }
    }
}

#[test]
fn what_a_ladder_says_for_a_provider_is_about_it() {
    let mut wrong = Vec::new();
    for ladder in CATALOGUE.ladders() {
        let elsewhere = ladder.elsewhere.iter();
        let elsewhere =
            elsewhere.filter_map(|other| Some((provider(&other.prefix)?, &other.rungs)));
        for (own, rungs) in std::iter::once((Provider::Aws, &ladder.rungs)).chain(elsewhere) {
            for advice in rungs {
                for text in [&advice.takes, &advice.yours, &advice.up, &advice.fair] {
                    for word in strange(text, own) {
                        wrong.push(format!("{} ({own:?}): `{text}` says {word}", ladder.name));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_word_is_a_whole_one() {
    assert_eq!(strange("runs on Fargate", Provider::Google), ["Fargate"]);
    assert!(strange("AMIABLE", Provider::Google).is_empty());
    assert!(strange("runs on Fargate", Provider::Aws).is_empty());
    assert_eq!(
        provider("module:azure/avm-res-web-site/azurerm"),
        Some(Provider::Azure)
    );
    let below = "module:terraform-aws-modules/ecs/aws//modules/service";
    assert_eq!(provider(below), Some(Provider::Aws));
}
