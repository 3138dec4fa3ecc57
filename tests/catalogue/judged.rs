//! What a text comes to, in lines that a test can compare.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fmt::Write as _;

use sfl::base::finding::Finding;
use sfl::placement::Decision;
use sfl::workspace::stack::Judged;
use sfl::{Options, workspace::stack};

/// Judges a template that stands in a YAML file.
pub fn judge(text: &str) -> Judged {
    judge_as("stack.yaml", text)
}

pub fn judge_as(name: &str, text: &str) -> Judged {
    stack::judge_text(name, text, &Options::default())
}

pub fn judge_strictly(text: &str) -> Judged {
    let options = Options {
        strict: true,
        ..Options::default()
    };
    stack::judge_text("stack.yaml", text, &options)
}

/// `Web compute 2 conditional uncertain [Task Cluster] (3 when ...)`.
pub fn line(decision: &Decision) -> String {
    let mut line = format!(
        "{} {} {}",
        decision.address,
        decision.ladder().name,
        decision.rung.number()
    );
    if decision.conditional {
        line.push_str(" conditional");
    }
    if decision.uncertain() {
        line.push_str(" uncertain");
    }
    if !decision.members.is_empty() {
        let _ = write!(line, " [{}]", decision.members.join(" "));
    }
    for reach in &decision.reachable {
        let _ = write!(line, " ({} when {})", reach.rung.number(), reach.when);
    }
    line
}

pub fn lines(judged: &Judged) -> Vec<String> {
    judged.decisions.iter().map(line).collect()
}

/// Asserts every decision of a template, in the order of writing.
#[track_caller]
pub fn check(text: &str, expected: &[&str]) {
    let judged = judge(text);
    assert!(judged.problems.is_empty(), "{:?}\n{text}", judged.problems);
    assert_eq!(judged.read, ["stack.yaml"], "{text}");
    assert_eq!(lines(&judged), expected, "{text}");
}

/// The finding about a resource.
#[track_caller]
pub fn finding<'a>(judged: &'a Judged, address: &str) -> &'a Finding {
    let about = |finding: &&Finding| finding.address.as_deref() == Some(address);
    judged
        .findings
        .iter()
        .find(about)
        .unwrap_or_else(|| panic!("nothing is said about {address}"))
}

/// What the primary span of the finding about a resource underlines.
#[track_caller]
pub fn underlined<'a>(judged: &'a Judged, address: &str) -> &'a str {
    let finding = finding(judged, address);
    finding.span.of(finding.source.text())
}
