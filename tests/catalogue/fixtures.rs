//! What must be found in `fixtures/`: every decision, and every finding's code.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sfl::base::Code;
use sfl::{Analysis, Options};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

fn report() -> Analysis {
    let options = Options {
        paths: vec![PathBuf::from(FOLDER)],
        today: "2026-11-01".parse().ok(),
        ..Options::default()
    };
    sfl::check(&options, &|_, _| {})
}

fn below(path: &str) -> String {
    let at = path
        .find("fixtures/")
        .expect("every file stands in fixtures/");
    path[at + "fixtures/".len()..].to_owned()
}

#[test]
fn every_decision_is_the_expected_one() {
    let text = std::fs::read_to_string(format!("{FOLDER}/expected.tsv")).expect("it is there");
    let expected: Vec<&str> = text.lines().collect();
    let mut found: Vec<String> = report()
        .decisions
        .iter()
        .map(|decision| {
            let ladder = &decision.ladder().name;
            let rung = decision.rung.number();
            format!(
                "{}\t{}\t{ladder}\t{rung}",
                below(&decision.path),
                decision.address
            )
        })
        .collect();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_sound_reason_settles_and_an_empty_one_says_so() {
    let report = report();
    let mut codes: BTreeMap<String, Vec<&Code>> = BTreeMap::new();
    for finding in &report.findings {
        let address = finding.address.clone().unwrap_or_default();
        codes.entry(address).or_default().push(&finding.code);
    }
    assert_eq!(codes["Sessions"], ["cache/cluster", "justification/empty"]);
    assert_eq!(codes["Web"], ["compute/server"]);
    assert_eq!(codes["Carts"], ["nosql/capacity"]);
    for settled in ["Checkout", "Search", "aws_mq_broker.partner"] {
        assert!(!codes.contains_key(settled), "{settled} has a reason");
    }
    let justified = report
        .decisions
        .iter()
        .filter(|decision| decision.justification.is_some());
    assert_eq!(justified.count(), 3);
}

#[test]
fn the_same_report_comes_out_of_any_number_of_threads() {
    let with = |threads| {
        let options = Options {
            paths: vec![
                PathBuf::from(FOLDER),
                PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")),
            ],
            threads: Some(threads),
            ..Options::default()
        };
        let report = sfl::check(&options, &|_, _| {});
        let findings = report
            .findings
            .iter()
            .map(|finding| (finding.code.to_string(), finding.fingerprint()));
        let decisions = report
            .decisions
            .iter()
            .map(|decision| decision.address.clone());
        (findings.collect::<Vec<_>>(), decisions.collect::<Vec<_>>())
    };
    assert_eq!(with(1), with(4));
}
