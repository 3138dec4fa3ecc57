//! The catalogue and the lists of every type that a provider's schema knows, `rules/types/*.txt`: nothing new is overlooked,
//! and nothing is named that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use sfl::placement::CATALOGUE;
use sfl::rulebook::cloud_control::kind as awscc;

/// Each list, and how the types that belong into it begin.
pub const LISTS: [(&str, &str); 5] = [
    ("cloudformation", "AWS::"),
    ("aws", "aws_"),
    ("awscc", "awscc_"),
    ("azurerm", "azurerm_"),
    ("google", "google_"),
];

/// Prefixes that the catalogue names and no list has a type of, by why they are real all the same.
const ABSENT: &[(&str, &[&str])] = &[
    (
        "azurerm dropped it before the lists were kept",
        &[
            "azurerm_logz_*",
            "azurerm_media_*",
            "azurerm_video_analyzer_*",
        ],
    ),
    (
        "google dropped it before the lists were kept",
        &["google_cloudiot_*"],
    ),
];

pub fn list(name: &str) -> Vec<String> {
    let path = format!("{}/rules/types/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the list is a text");
    text.lines().map(str::to_owned).collect()
}

/// What earlier versions of the lists had.
pub const DROPPED: &str = "dropped";

#[test]
fn every_type_of_a_provider_has_a_place() {
    for (name, begin) in LISTS.into_iter().chain([(DROPPED, "")]) {
        let list = list(name);
        let least = if name == DROPPED { 100 } else { 1000 };
        assert!(list.len() > least, "{name} has {} types", list.len());
        assert!(
            list.is_sorted_by(|a, b| a < b),
            "{name} is sorted, each once"
        );
        assert!(list.iter().all(|kind| kind.starts_with(begin)), "{name}");
        let homeless: Vec<&String> = list
            .iter()
            .filter(|kind| CATALOGUE.entry(kind).is_none())
            .collect();
        assert!(
            homeless.is_empty(),
            "types of {name}.txt without a place in rules/: {homeless:#?}"
        );
    }
}

#[test]
fn the_catalogue_names_no_type_that_is_not_there() {
    let lists = LISTS.iter().map(|(name, _)| *name).chain([DROPPED]);
    let listed: BTreeSet<String> = lists.flat_map(list).collect();
    let absent: BTreeMap<&str, &str> = ABSENT
        .iter()
        .flat_map(|(why, kinds)| kinds.iter().map(move |kind| (*kind, *why)))
        .collect();
    // Every CloudFormation type brings its name in `awscc` along, also where the provider lacks it.
    let ours = |kind: &str| {
        let mut begins = LISTS.iter().map(|(_, begin)| begin);
        begins.any(|begin| kind.starts_with(begin)) && !kind.starts_with("awscc_")
    };
    let named: Vec<&str> = CATALOGUE.types().into_keys().collect();
    let strange: Vec<&&str> = named
        .iter()
        .filter(|kind| ours(kind) && !listed.contains(**kind) && !absent.contains_key(**kind))
        .collect();
    assert!(strange.is_empty(), "no list has {strange:#?}");
    let prefixes = CATALOGUE.prefixes();
    let prefixes = prefixes.keys().copied();
    let idle: Vec<&str> = prefixes
        .clone()
        .filter(|prefix| ours(prefix) && !listed.iter().any(|kind| kind.starts_with(prefix)))
        .filter(|prefix| !absent.contains_key(format!("{prefix}*").as_str()))
        .collect();
    assert!(
        idle.is_empty(),
        "no list has a type that begins with {idle:#?}"
    );
    for (kind, why) in &absent {
        assert!(
            !listed.contains(*kind),
            "{kind} is listed, so it needs no exception ({why})"
        );
        let prefix = kind.strip_suffix('*');
        assert!(
            named.contains(kind) || prefixes.clone().any(|known| Some(known) == prefix),
            "{kind} is not in rules/ ({why})"
        );
    }
}

/// The provider is made from CloudFormation's schemas.
#[test]
fn what_awscc_calls_a_type_is_where_the_type_is() {
    let theirs: BTreeSet<String> = list("awscc").into_iter().collect();
    let mut derived = BTreeSet::new();
    for kind in list("cloudformation") {
        let Some(name) = awscc(&kind) else { continue };
        assert_eq!(
            CATALOGUE.entry(&name),
            CATALOGUE.entry(&kind),
            "{kind} {name}"
        );
        derived.insert(name);
    }
    let derived = derived.intersection(&theirs).count();
    // It also keeps a few types that CloudFormation's schemas have lost.
    assert!(derived + 20 > theirs.len(), "{derived} of {}", theirs.len());
}
