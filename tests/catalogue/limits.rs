//! Numbers of providers: each stands once, with its source, and every text takes it from there.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use jiff::civil::{Date, date};
use sfl::placement::CATALOGUE;
use sfl::rulebook::file::RuleFile;
use sfl::rulebook::{ProviderLimit, folder};

/// What a number in a text counts, where it is a size, a time or a rate.
const UNITS: [&str; 39] = [
    "second",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "month",
    "months",
    "year",
    "years",
    "KB",
    "MB",
    "GB",
    "TB",
    "KiB",
    "MiB",
    "GiB",
    "TiB",
    "vCPU",
    "vCPUs",
    "CPU",
    "CPUs",
    "cores",
    "vCores",
    "ACU",
    "ACUs",
    "RPU",
    "RPUs",
    "OCU",
    "OCUs",
    "units",
    "request",
    "processing",
    "connections",
    "messages",
    "percent",
    "GPUs",
];

/// Numbers with a unit that no provider sets, and why.
const NO_LIMITS: [(&str, &str); 1] = [(
    "5 units",
    "a reason that is weighed: what the table itself declares",
)];

/// Every text that people read, with where it stands.
fn texts() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    let mut folders = vec![PathBuf::from("rules")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("rules/ is there") {
            let path = entry.expect("it is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let text = fs::read_to_string(&path).expect("it is a text");
                sources.push((path.display().to_string().replace('\\', "/"), text));
            }
        }
    }
    let (files, reasons) = folder::read(&sources).expect("they can be read");
    let mut all: Vec<(String, String)> = files.iter().flat_map(of_file).collect();
    for against in reasons.kinds.iter().flat_map(|kind| &kind.against) {
        all.push(("justifications.toml".to_owned(), against.says.clone()));
    }
    assert!(all.len() > 2000, "{}", all.len());
    all
}

fn of_file((name, file): &(String, RuleFile)) -> Vec<(String, String)> {
    let mut texts: Vec<String> = Vec::new();
    texts.extend(file.ladder.iter().map(|ladder| ladder.about.clone()));
    let of_rules = file.rules.iter().flat_map(|rule| rule.rung.values());
    for words in file.rung.values().chain(of_rules) {
        texts.extend(words.texts().map(|(_, text)| text.to_owned()));
    }
    texts.extend(file.bills.values().map(|bill| bill.says.clone()));
    for rule in &file.rules {
        texts.push(rule.title.clone());
        for case in &rule.cases {
            texts.push(case.says.clone());
            texts.extend(case.doubt.clone());
            texts.extend(case.words().texts().map(|(_, text)| text.to_owned()));
        }
        texts.extend(rule.lifecycle.iter().map(|entry| entry.instead.clone()));
    }
    texts.into_iter().map(|text| (name.clone(), text)).collect()
}

/// Numbers with a unit: "15 minutes".
fn sizes(text: &str) -> Vec<String> {
    let plain = text.replace('-', " ");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let pairs = words.windows(2).filter_map(|pair| {
        let is_number = pair[0].trim_start_matches('(');
        let digits = is_number.replace([',', '.'], "");
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let unit = pair[1].trim_matches(|letter: char| !letter.is_alphanumeric());
        let found = is_number && UNITS.contains(&unit);
        found.then(|| format!("{} {unit}", pair[0].trim_start_matches('(')))
    });
    pairs.collect()
}

#[test]
fn a_number_with_a_unit_is_found() {
    assert_eq!(
        sizes("at most 4 vCPU, (20,000 messages a day) or a 15-minute pause"),
        ["4 vCPU", "20,000 messages", "15 minute"]
    );
    assert!(sizes("EC2 instances, Composer 3, S3 and {lambda-timeout} minutes").is_empty());
}

#[test]
fn no_text_has_a_number_of_a_provider_of_its_own() {
    let mut wrong = BTreeSet::new();
    let mut meant = BTreeSet::new();
    for (file, text) in texts() {
        for size in sizes(&text) {
            match NO_LIMITS.iter().find(|(known, _)| *known == size) {
                Some((known, _)) => drop(meant.insert(*known)),
                None => drop(wrong.insert(format!("{file}: `{text}` says {size}"))),
            }
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(meant.len(), NO_LIMITS.len(), "one is said nowhere");
}

fn all() -> Vec<ProviderLimit> {
    CATALOGUE.limits().collect()
}

#[test]
fn every_limit_is_used_and_has_a_page_and_a_day() {
    let texts = texts();
    assert!(all().len() > 30);
    for limit in all() {
        let name = format!("{{{}}}", limit.name);
        let is_used = texts.iter().any(|(_, text)| text.contains(&name));
        assert!(is_used, "no text says {name}");
        assert!(limit.source.starts_with("https://"), "{name}");
        let day: Date = limit.checked.parse().expect("it is a day");
        assert!(day >= date(2026, 11, 30), "{name}");
        assert!(limit.value > 0, "{name}");
    }
}

#[test]
fn what_people_read_has_numbers_instead_of_names() {
    let mut numbers = 0;
    for rule in CATALOGUE.rules() {
        for (at, case) in rule.cases.iter().enumerate() {
            for kind in &rule.types {
                let climb = rule.climb(kind, at, case.rung);
                for text in [climb.up, climb.fair, &case.says] {
                    assert!(!text.contains(['{', '}']), "{}: {text}", rule.name);
                }
                for limit in climb.limits() {
                    numbers += 1;
                    assert!(
                        climb.up.contains(&limit.words()) || climb.fair.contains(&limit.words()),
                        "{}: {}",
                        rule.name,
                        limit.name
                    );
                }
            }
        }
    }
    assert!(numbers > 100, "{numbers}");
}

#[test]
fn a_limit_can_be_compared() {
    let all = all();
    let limit = |name: &str| {
        let found = all.iter().find(|limit| limit.name == name);
        let found = found.unwrap_or_else(|| panic!("there is no {name}"));
        (found.value, &*found.unit)
    };
    assert_eq!(limit("fargate-cpu"), (32, "vCPU"));
    assert_eq!(limit("fargate-memory"), (244, "GB"));
    // What the reference of Batch's API lists for Fargate, which once was less.
    assert_eq!(limit("batch-fargate-cpu"), (32, "vCPU"));
    assert_eq!(limit("batch-fargate-memory"), (244, "GB"));
    assert_eq!(limit("lambda-timeout"), (15, "minutes"));
}

/// A rule file over the built-in ones: its faults, or what it says of its one case.
fn own(limits: &str, up: &str) -> Result<String, Vec<String>> {
    let text = format!(
        r#"
extends = "compute"
{limits}
[[rule]]
name = "bakery"
title = "a bakery"
types = ["Custom::Bakery"]
[[rule.case]]
rung = "cluster"
says = "bakes"
up = "{up}"
step = "redesign"
"#
    );
    let (files, _) = folder::read(&[("mine.toml".to_owned(), text)]).map_err(|text| vec![text])?;
    let catalogue = CATALOGUE.over(&files).map_err(|faults| {
        faults
            .into_iter()
            .map(|fault| fault.message)
            .collect::<Vec<_>>()
    })?;
    let rule = catalogue.rule("Custom::Bakery").expect("it is there");
    Ok(rule
        .climb("Custom::Bakery", 0, rule.cases[0].rung)
        .up
        .to_owned())
}

#[test]
fn own_rules_name_the_limits_of_sfl_and_their_own() {
    assert_eq!(
        own("", "at most {lambda-timeout}").as_deref(),
        Ok("at most 15 minutes")
    );
    let oven = "[limits.oven]\nof = \"the oven\"\nvalue = 1200\nunit = \"loaves\"\nsource = \"https://wiki.example.com\"\nchecked = 2026-11-30";
    assert_eq!(
        own(oven, "up to {oven}").as_deref(),
        Ok("up to 1,200 loaves")
    );
    assert_eq!(own("", "${Oven} and {}").as_deref(), Ok("${Oven} and {}"));
    let faults = own("", "at most {lamda-timeout}").expect_err("there is no such limit");
    assert!(faults[0].contains("no limit `lamda-timeout`"), "{faults:?}");
    let half = oven.replace("value = 1200", "value = \"many\"");
    let faults = own(&half, "up to {oven}").expect_err("that is no number");
    assert!(faults[0].contains("a whole number"), "{faults:?}");
    let silent = oven.replace("https://wiki.example.com", " ");
    let faults = own(&silent, "up to {oven}").expect_err("it has no source");
    assert!(faults[0].contains("`source` is empty"), "{faults:?}");
}
