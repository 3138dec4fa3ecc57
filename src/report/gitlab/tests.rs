use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::report::sample;

fn issues(report: &Compared) -> Vec<Value> {
    let text = sample::written(|out| write(report, out));
    assert!(sample::is_calm(&text), "{text}");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn a_finding_is_an_issue() {
    insta::assert_snapshot!(sample::written(|out| write(&sample::report(), out)));
}

#[test]
fn two_alike_are_two() {
    let mut report = sample::report();
    let again = report.findings[0].clone();
    report.findings.push(again);
    let issues = issues(&report);
    let fingerprints: BTreeSet<&str> = issues
        .iter()
        .filter_map(|issue| issue["fingerprint"].as_str())
        .collect();
    assert_eq!(fingerprints.len(), 3, "{fingerprints:?}");
}

#[test]
fn a_hostile_name_is_a_text() {
    let issues = issues(&sample::hostile());
    let description = issues[1]["description"].as_str().unwrap_or_default();
    assert!(
        description.starts_with("=cmd()␊::error::gone"),
        "{description}"
    );
}

#[test]
fn what_could_not_be_read_blocks() {
    let mut report = Compared::default();
    report.add_problem(crate::base::finding::Problem::Unreadable {
        path: "gone.yaml".to_owned(),
        message: "not there".to_owned(),
    });
    let issues = issues(&report);
    assert_eq!(issues[0]["severity"], "blocker");
    assert_eq!(issues[0]["location"]["path"], "gone.yaml");
    assert_eq!(issues[0]["location"]["lines"]["begin"], 1);
}

#[test]
fn nothing_found_is_an_empty_list() {
    assert!(issues(&Compared::default()).is_empty());
}
