//! Reasons that were written where nobody looks for one.

use rustc_hash::FxHashSet;

use super::comments;
use crate::base::reason::{Carrier, Reason, Stray};
use crate::blocks::reason::{from_comment, from_node, loud};
use crate::syntax::{Kind, Node, Syntax};

/// Sequences in sequences that a loop is made of, beyond which nobody writes one.
const DEEPEST: usize = 32;

/// The reasons of a template that are on no resource, or not written in small letters.
pub(super) fn strays(root: Node<'_>) -> Vec<(Reason, Stray)> {
    let document = root.document();
    let text = document.text();
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let is_loud = ["SFL", "Sfl"].into_iter().any(has);
    let comments_are_read = document.syntax() == Syntax::Yaml && !document.comments().is_empty();
    let may_stray = comments_are_read && has("sfl:");
    if !is_loud && !may_stray {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut resources = Vec::new();
    if let Some(all) = root.get("Resources") {
        collect(all, DEEPEST, &mut resources);
    }
    if is_loud {
        if comments_are_read {
            found.extend(loud(document));
        }
        let bodies = resources.iter().map(|(_, body)| *body);
        for metadata in bodies.chain([root]).filter_map(|body| body.get("Metadata")) {
            let records = metadata.entries().filter(|(key, _)| {
                let name = key.text();
                name != "sfl" && name.eq_ignore_ascii_case("sfl")
            });
            found.extend(records.map(|(_, record)| {
                let reason = from_node(record, Carrier::Metadata);
                (reason, Stray::OtherLetters)
            }));
        }
    }
    if may_stray {
        let heard = resources.iter().flat_map(|(key, _)| comments(*key));
        let heard: FxHashSet<u32> = heard.map(|reason| reason.place.span.start).collect();
        let read = document.comments().iter();
        let read = read.filter_map(|span| from_comment(span.of(text), *span, document.number()));
        let left = read.filter(|reason| !heard.contains(&reason.place.span.start));
        found.extend(left.map(|reason| (reason, Stray::NoResource)));
    }
    found
}

/// The names and bodies of resources, also of those in loops.
fn collect<'t>(node: Node<'t>, deepest: usize, found: &mut Vec<(Node<'t>, Node<'t>)>) {
    if deepest == 0 {
        return;
    }
    for (key, body) in node.entries() {
        match body.kind() {
            Kind::Sequence => body
                .items()
                .filter(|item| item.kind() == Kind::Mapping)
                .for_each(|item| collect(item, deepest - 1, found)),
            _ => found.push((key, body)),
        }
    }
}
