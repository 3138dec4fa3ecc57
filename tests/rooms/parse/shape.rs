//! Where things stand: spans are inside of the text, in order, and children within their parents.

use super::support::corpus;
use crate::tools::missing;
use sfl::syntax::{Document, Kind, Syntax, json, yaml};

/// Checks every node against its parent, its neighbours and the text.
pub fn check(document: &Document<'_>) {
    let text = document.text();
    let mut open = Vec::new();
    let mut end_of_last = 0;
    for node in document.nodes() {
        let span = node.span();
        assert!(
            span.start <= span.end && span.end as usize <= text.len(),
            "{node:?} in {text:?}"
        );
        assert!(text.is_char_boundary(span.start as usize), "{node:?}");
        assert!(text.is_char_boundary(span.end as usize), "{node:?}");
        while let Some(&(end_index, _)) = open.last() {
            if end_index > node.start_index() {
                break;
            }
            open.pop();
        }
        if let Some(&(end_index, parent)) = open.last() {
            let parent: sfl::base::source::Span = parent;
            assert!(node.end_index() <= end_index, "{node:?}");
            assert!(
                parent.start <= span.start && span.end <= parent.end,
                "{node:?} in {parent:?} of {text:?}"
            );
        }
        assert!(span.start >= end_of_last, "{node:?} in {text:?}");
        if node.is_alias() || node.kind() == Kind::Scalar {
            end_of_last = span.end;
            assert_eq!(node.end_index(), node.start_index() + 1);
        } else {
            end_of_last = span.start;
        }
        if let Some(tag) = node.tag_span().filter(|_| !node.is_alias()) {
            assert!(tag.end <= span.start, "{node:?} in {text:?}");
            assert!(tag.of(text).starts_with('!'), "{node:?}");
        }
        open.push((node.end_index(), span));
    }
    let mut last = 0;
    for comment in document.comments() {
        assert!(comment.start >= last, "{comment:?}");
        last = comment.end;
        let comment = comment.of(text);
        if document.syntax() == Syntax::Hcl && !comment.starts_with('#') {
            assert!(
                comment.starts_with("//") || comment.starts_with("/*"),
                "{comment:?}"
            );
            continue;
        }
        assert!(
            comment.starts_with('#') && !comment.contains('\n'),
            "{comment:?}"
        );
        // In Terraform's own syntax only a line break ends one.
        assert!(
            document.syntax() == Syntax::Hcl || !comment.contains('\r'),
            "{comment:?}"
        );
    }
}

#[test]
fn real_templates_have_their_spans_in_order() {
    if missing!(CORPUS) {
        return;
    }
    let mut nodes = 0;
    for (_, text) in corpus(&["yaml", "yml", "json", "template"]) {
        for document in [yaml(&text), json(&text)].into_iter().flatten() {
            check(&document);
            nodes += document.len();
        }
    }
    eprintln!("{nodes} nodes of real templates stand in order");
}

#[test]
fn spans_cover_what_is_written() {
    let text = "# top\nResources: # c1\n  Fn:\n    Type: 'A::B'\n    Names: !If\n    - x\n    - [a, {b: c}] #c2\n    Code: |\n      one\n\n      two\n\n\nOutputs:\n";
    let document = yaml(text).expect("it is YAML");
    check(&document);
    let comments: Vec<_> = document
        .comments()
        .iter()
        .map(|span| span.of(text))
        .collect();
    assert_eq!(comments, ["# top", "# c1", "#c2"]);
    let root = document.roots().next().expect("there is one");
    assert_eq!(root.span().start, 6);
    assert!(root.span().of(text).ends_with("Outputs:"));
    let function = root
        .get("Resources")
        .and_then(|all| all.get("Fn"))
        .expect("it is there");
    assert!(function.span().of(text).starts_with("Type: 'A"));
    assert!(function.span().of(text).ends_with("two"));
    let written = |name: &str| function.get(name).expect("it is there").span().of(text);
    assert_eq!(written("Type"), "'A::B'");
    assert_eq!(written("Names"), "- x\n    - [a, {b: c}]");
    assert_eq!(written("Code"), "|\n      one\n\n      two");
    let names = function.get("Names").expect("it is there");
    assert_eq!(names.tag_span().expect("it has one").of(text), "!If");
    let flow: Vec<_> = names.items().map(|item| item.span().of(text)).collect();
    assert_eq!(flow, ["x", "[a, {b: c}]"]);
}
