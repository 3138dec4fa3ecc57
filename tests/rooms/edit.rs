//! A reason written into real templates: it settles the finding, and everything else is as it was, byte for byte and node
//! for node.

use std::collections::BTreeSet;
use std::fs;

use serde::Serialize;
use sfl::Options;
use sfl::blocks::Dialect;
use sfl::edit::{self, Edit, WrittenReason};
use sfl::placement::Decision;
use sfl::syntax::{self, Document, Kind, Node, Syntax};
use sfl::workspace::stack::{self, Judged};

use crate::tools::{corpus, missing};

/// What a node is, whatever its place.
fn shape<'d>(node: Node<'d>) -> (Kind, bool, Option<&'d str>, Option<&'d str>, String) {
    let text = node.span().of(node.document().text());
    let text = match node.kind() {
        Kind::Scalar => text,
        _ if node.is_alias() => text,
        _ => "",
    };
    let kind = node.kind();
    (
        kind,
        node.is_alias(),
        node.tag(),
        node.anchor(),
        text.to_owned(),
    )
}

/// The new tree without some nodes in a row is the old one.
fn only_grew(old: &Document<'_>, new: &Document<'_>) -> bool {
    let old: Vec<_> = old.nodes().map(shape).collect();
    let new: Vec<_> = new.nodes().map(shape).collect();
    let same = |(a, b): &(&_, &_)| a == b;
    let first = old.iter().zip(&new).take_while(same).count();
    let last = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(same)
        .count();
    first + last >= old.len() && new.len() > old.len()
}

fn parsed(text: &str) -> Document<'_> {
    match syntax::json(text) {
        Ok(document) => document,
        Err(_) => syntax::yaml(text).expect("it is still a template"),
    }
}

fn record(decision: &Decision) -> WrittenReason {
    WrittenReason {
        because: "migration".to_owned(),
        reason: format!(
            "\"{}\" moves: half of it, by June # said us",
            decision.address
        ),
        owner: Some("team-a".to_owned()),
        expires: Some("2027-06-30".to_owned()),
        evidence: Some("https://example.org/why?a=b#c".to_owned()),
        by: None,
        instance: None,
    }
}

/// How often, and what could not be written.
#[derive(Default)]
struct Count {
    done: usize,
    yaml: usize,
    refusals: Vec<String>,
}

#[test]
#[expect(clippy::print_stderr, reason = "the test says how much it wrote")]
fn a_reason_in_a_real_template_settles_its_finding_and_changes_nothing_else() {
    if missing!(CORPUS) {
        return;
    }
    let options = Options {
        paths: vec![corpus()],
        ..Options::default()
    };
    let report = sfl::check(&options, &|_, _| {});
    let open = report
        .findings
        .iter()
        .filter_map(|finding| finding.decision);
    let open = open.map(|at| &report.decisions[at]);
    let open = open.filter(|decision| decision.dialect != Dialect::Plan);
    let files: BTreeSet<&str> = open.map(|decision| &*decision.path).collect();
    let mut count = Count::default();
    let mut odd = Count::default();
    for path in &files {
        let text = fs::read_to_string(path).expect("it was read before");
        each_open_finding(path, &text, &mut count);
        for variant in variants(&text) {
            each_open_finding(path, &variant, &mut odd);
        }
    }
    for (count, what) in [(&count, "as they are"), (&odd, "made odd")] {
        let Count {
            done,
            yaml,
            refusals,
        } = count;
        eprintln!(
            "{} templates {what}: {done} reasons, {yaml} of them in YAML; refused: {refusals:#?}",
            files.len()
        );
    }
    assert!(
        count.done > 700 && count.yaml > 600,
        "{}, {}",
        count.done,
        count.yaml
    );
    assert!(
        count.refusals.len() * 100 < count.done,
        "{:#?}",
        count.refusals
    );
    assert!(
        odd.done > 3 * count.done && odd.refusals.len() * 100 < odd.done,
        "{}",
        odd.done
    );
}

/// The same template as others might have left it.
fn variants(text: &str) -> Vec<String> {
    let unix = text.replace("\r\n", "\n");
    let bare = text.trim_start_matches('\u{feff}');
    let mut all = vec![
        unix.replace('\n', "\r\n"),
        format!("\u{feff}{bare}"),
        unix.trim_end().to_owned(),
        format!("{}\n\n# the end", unix.trim_end()),
    ];
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(bare) {
        all.pop();
        all.push(value.to_string());
        let mut tabs = Vec::new();
        let indent = serde_json::ser::PrettyFormatter::with_indent(b"\t");
        let mut writer = serde_json::Serializer::with_formatter(&mut tabs, indent);
        value.serialize(&mut writer).expect("it is JSON");
        all.push(String::from_utf8(tabs).expect("JSON is a text"));
        all.push(unix.replace("\": ", "\" : ").replace("\n", "\n "));
    }
    all
}

fn each_open_finding(path: &str, text: &str, count: &mut Count) {
    let options = Options::default();
    let before = stack::judge_text(path, text, &options);
    assert!(before.problems.is_empty(), "{path}: {:?}", before.problems);
    let document = parsed(text);
    for decision in before
        .findings
        .iter()
        .filter_map(|finding| finding.decision)
    {
        let decision = &before.decisions[decision];
        let record = record(decision);
        let edits = match decision.dialect {
            Dialect::Terraform => edit::terraform(&document, decision.block, &record),
            _ => edit::cloudformation(&document, decision.block, &record),
        };
        let edits = match edits {
            Ok(edits) => edits,
            Err(refusal) => {
                let refusal = format!("{path}: {}: {refusal}", decision.address);
                count.refusals.push(refusal);
                continue;
            }
        };
        assert!(
            edits.iter().all(|edit| edit.span.is_empty()),
            "{path}: {edits:?}"
        );
        let after = edit::apply(text, &edits);
        assert_eq!(without(&after, &edits), text, "{path}");
        assert!(
            only_grew(&document, &parsed(&after)),
            "{path}:\n{}",
            edits[0].text
        );
        same_breaks(path, text, &after);
        settles(path, &after, &before, decision, &record);
        count.done += 1;
        count.yaml += usize::from(document.syntax() == Syntax::Yaml);
    }
}

/// The decisions are the same, those of this block are settled by this record, and no record has a new fault.
fn settles(path: &str, after: &str, before: &Judged, decision: &Decision, record: &WrittenReason) {
    let judged = stack::judge_text(path, after, &Options::default());
    assert!(judged.problems.is_empty(), "{path}: {:?}", judged.problems);
    let rungs = |decisions: &[Decision]| -> Vec<_> {
        let all = decisions.iter();
        all.map(|decision| (decision.address.clone(), decision.rung))
            .collect()
    };
    assert_eq!(rungs(&judged.decisions), rungs(&before.decisions), "{path}");
    for (old, new) in before.decisions.iter().zip(&judged.decisions) {
        let says = new.justification.as_ref();
        let says = says.is_some_and(|found| edit::says(&found.reason, record));
        assert_eq!(
            old.block == decision.block,
            says,
            "{path}: {}\n{after}",
            old.address
        );
    }
    let faults = |judged: &Judged| {
        let codes = judged.findings.iter().map(|finding| &finding.code);
        codes.filter(|code| code.is_about_reasons()).count()
    };
    assert_eq!(faults(&judged), faults(before), "{path}");
}

/// The text without what was put in.
fn without(after: &str, edits: &[Edit]) -> String {
    let mut text = after.to_owned();
    for edit in edits {
        let at = edit.span.start as usize;
        text.replace_range(at..at + edit.text.len(), "");
    }
    text
}

/// Lines end as they did before.
fn same_breaks(path: &str, before: &str, after: &str) {
    let bare = |text: &str| text.matches('\n').count() - text.matches("\r\n").count();
    assert!(before.contains("\r\n") == after.contains("\r\n"), "{path}");
    if bare(before) == 0 && before.contains('\n') {
        assert_eq!(bare(after), 0, "{path}");
    }
}
