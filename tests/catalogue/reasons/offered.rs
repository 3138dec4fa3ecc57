//! The kind of reason that is offered to be filled in: nothing in the template may speak against it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use sfl::analysis::{likely_kind, usual_kind};
use sfl::base::finding::Section;
use sfl::config::Config;
use sfl::host::{Host, Memory};
use sfl::reasons::kinds;
use sfl::workspace::{examples, stack};

use super::faults::{TODAY, judge, options};

const WORDS: &str = "nothing else does what the sixty teams of this house ask of it";

/// A ledger with a reason for each: an address, and the kind.
fn ledger(reasons: &[(String, &str)]) -> Config {
    let mut text = String::new();
    for (address, kind) in reasons {
        let address = toml::Value::String(address.clone());
        let _ = writeln!(
            text,
            "[[justification]]\naddress = {address}\nbecause = \"{kind}\"\nreason = \"{WORDS}\""
        );
        if kinds::named(kind).is_some_and(|kind| !kind.needs.is_empty()) {
            text.push_str("expires = 2027-06-30\n");
        }
    }
    let memory = Memory::new(TODAY.parse().expect("a day"));
    let host: Arc<dyn Host> = Arc::new(memory.with("sfl.toml", text));
    Config::find(&host, None).expect("it is sound")
}

#[test]
fn the_kind_that_is_offered_settles_each_example_of_each_rule() {
    let mut wrong = Vec::new();
    let (mut offered, mut unusual) = (0, BTreeSet::new());
    for example in examples::built_in() {
        let trial = example.run(&options(Config::isolated()));
        let open = trial.decisions.iter().filter(|one| one.is_open());
        let reasons: Vec<(String, &str)> = open
            .map(|one| {
                let kind = likely_kind(one.rung, &one.contradicted).expect("one is left");
                if kind != usual_kind(one.rung) {
                    unusual.insert(one.rule.name.to_string());
                }
                (one.address.clone(), kind)
            })
            .collect();
        if reasons.is_empty() {
            continue;
        }
        offered += reasons.len();
        let name = trial.example.name();
        let settled = trial.example.run(&options(ledger(&reasons)));
        let left = settled.decisions.iter().filter(|one| one.is_open());
        wrong.extend(left.map(|one| format!("{name}: {}", one.address)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(offered > 400, "only {offered} reasons");
    assert!(unusual.len() > 3, "only {unusual:?} differ from the usual");
}

#[test]
fn the_snippet_names_a_kind_that_may_be_true() {
    for (kind, properties, says) in [
        (
            "AWS::RDS::DBInstance",
            "Engine: postgres, DBInstanceClass: db.t3.medium",
            "because: protocol,",
        ),
        (
            "AWS::RDS::DBInstance",
            "Engine: postgres, DBInstanceClass: db.r7g.large",
            "because: dedicated-throughput,",
        ),
        (
            "AWS::ElastiCache::CacheCluster",
            "Engine: redis, CacheNodeType: cache.t3.micro",
            "because: protocol,",
        ),
        ("AWS::Kinesis::Stream", "ShardCount: 1", "because: latency,"),
        (
            "AWS::Kinesis::Stream",
            "ShardCount: 8",
            "because: cost-at-scale,",
        ),
    ] {
        let judged = judge(&format!(
            "Resources:\n  It:\n    Type: {kind}\n    Properties: {{ {properties} }}\n"
        ));
        let mut help = judged.findings.iter().flat_map(|one| &one.help);
        let help = help.find(|help| help.section == Section::SayWhy);
        let help = help.expect("it says how to settle it");
        assert!(help.text.contains(says), "{properties}: {}", help.text);
    }
}

#[test]
fn what_speaks_against_some_words_only_does_not_speak_against_the_kind() {
    let text = "Resources:\n  It:\n    Type: AWS::EC2::Instance\n    Properties: { InstanceType: m7g.large }\n";
    let judged = stack::judge_text("a.yaml", text, &options(Config::isolated()));
    assert_eq!(judged.decisions[0].contradicted, [] as [&str; 0]);
    let text = text.replace("m7g.large", "t3.micro");
    let judged = stack::judge_text("a.yaml", &text, &options(Config::isolated()));
    let against = &judged.decisions[0].contradicted;
    assert_eq!(
        against,
        &["dedicated-throughput", "hardware", "cost-at-scale"]
    );
    // Whoever wrote a reason needs none that is offered.
    let written = text.replace(
        "    Properties",
        &format!(
            "    Metadata: {{ sfl: {{ because: licence, reason: {WORDS} }} }}\n    Properties"
        ),
    );
    let judged = stack::judge_text("a.yaml", &written, &options(Config::isolated()));
    assert!(judged.decisions[0].contradicted.is_empty());
}
