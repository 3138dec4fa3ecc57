//! A reason written into real templates: it settles the finding, and everything else is as it was, byte for byte and node
//! for node.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use sfl::edit::{self, Edit, Record};
use sfl::ladder::Decision;
use sfl::parse::{self, Document, Kind, Node, Syntax};
use sfl::template::Dialect;
use sfl::{Options, stack};

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
    match parse::json(text) {
        Ok(document) => document,
        Err(_) => parse::yaml(text).expect("it is still a template"),
    }
}

fn record(decision: &Decision) -> Record {
    Record {
        because: "migration".to_owned(),
        reason: format!(
            "\"{}\" moves: half of it, by June # said us",
            decision.address
        ),
        owner: Some("team-a".to_owned()),
        expires: Some("2027-06-30".to_owned()),
        evidence: Some("https://example.org/why?a=b#c".to_owned()),
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
fn a_reason_in_a_real_template_settles_its_finding_and_changes_nothing_else() {
    let Some(corpus) = env::var_os("SFL_CORPUS").map(PathBuf::from) else {
        eprintln!("SKIPPED: SFL_CORPUS is not set");
        return;
    };
    let options = Options {
        paths: vec![corpus],
        ..Options::default()
    };
    let report = sfl::check(&options, &|_, _| {});
    let mut open: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for at in report
        .findings
        .iter()
        .filter_map(|finding| finding.decision)
    {
        let decision = &report.decisions[at];
        if decision.dialect != Dialect::Plan {
            open.entry(&decision.path).or_default().push(decision);
        }
    }
    let (mut done, mut yaml, mut refusals) = (0, 0, Vec::new());
    for (path, decision) in open
        .iter()
        .flat_map(|(path, all)| all.iter().map(move |one| (path, one)))
    {
        let text = fs::read_to_string(path).expect("it was read before");
        let document = parsed(&text);
        let record = record(decision);
        let edits = match decision.dialect {
            Dialect::Terraform => edit::terraform(&document, decision.block, &record),
            _ => edit::cloudformation(&document, decision.block, &record),
        };
        let edits = match edits {
            Ok(edits) => edits,
            Err(refusal) => {
                refusals.push(format!("{path}: {}: {refusal}", decision.address));
                continue;
            }
        };
        assert!(
            edits.iter().all(|edit| edit.span.is_empty()),
            "{path}: {edits:?}"
        );
        let after = edit::apply(&text, &edits);
        assert_eq!(without(&after, &edits), text, "{path}");
        assert!(
            only_grew(&document, &parsed(&after)),
            "{path}:\n{}",
            edits[0].text
        );
        same_breaks(path, &text, &after);
        let options = Options::default();
        let before = stack::judge_text(path, &text, &options);
        let judged = stack::judge_text(path, &after, &options);
        assert!(judged.problems.is_empty(), "{path}: {:?}", judged.problems);
        let rungs = |decisions: &[Decision]| -> Vec<_> {
            let all = decisions.iter();
            all.map(|decision| (decision.address.clone(), decision.rung))
                .collect()
        };
        assert_eq!(rungs(&judged.decisions), rungs(&before.decisions), "{path}");
        let mut settled = 0;
        for (old, new) in before.decisions.iter().zip(&judged.decisions) {
            let ours = old.block == decision.block;
            let says = new.justification.as_ref();
            let says = says.is_some_and(|found| edit::says(&found.reason, &record));
            assert_eq!(ours, says, "{path}: {}\n{}", old.address, edits[0].text);
            settled += usize::from(ours);
        }
        assert!(settled > 0, "{path}: {}", decision.address);
        let faults = |judged: &stack::Judged| {
            let codes = judged.findings.iter().map(|finding| &finding.code);
            codes
                .filter(|code| code.starts_with("justification/"))
                .count()
        };
        assert_eq!(faults(&judged), faults(&before), "{path}");
        done += 1;
        yaml += usize::from(document.syntax() == Syntax::Yaml);
    }
    eprintln!(
        "{done} reasons in {} templates, {yaml} of them in YAML; refused: {refusals:#?}",
        open.len()
    );
    assert!(done > 700 && yaml > 600, "{done}, {yaml}");
    assert!(refusals.len() * 100 < done, "{refusals:#?}");
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
