//! Reasons in Terraform JSON: `"//": { "sfl": { ... } }` in a block or at the top of a file, and those that are written otherwise.

use rustc_hash::FxHashMap;

use super::block::{blocks, comment};
use super::{Block, Carrier, Reason};
use crate::base::reason::Stray;
use crate::blocks::reason::{from_node, from_text};
use crate::syntax::{Document, Kind, Node};

/// The key of the record.
const SFL: &str = "sfl";

/// The record of a block, or of all that a file makes.
pub(super) fn reason(block: Node<'_>) -> Option<Reason> {
    let record = comment(block)?.get(SFL)?;
    Some(from_node(record, Carrier::Slashes))
}

/// What may have a reason.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    File,
    Resource,
    Module,
}

/// The reasons of a file that stand where nobody looks for one, or in another form.
pub(super) fn strays(document: &Document<'_>, own: &[Block<'_>]) -> Vec<(Reason, Stray)> {
    let text = document.text().as_bytes();
    let has = |word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    if !["sfl", "SFL", "Sfl", "because"].into_iter().any(has) {
        return Vec::new();
    }
    let files = document.roots().flat_map(blocks);
    let mut waiting: Vec<Node<'_>> = document.roots().collect();
    let mut owners: FxHashMap<u32, Owner> =
        files.map(|root| (root.span().start, Owner::File)).collect();
    owners.extend(own.iter().map(|block| {
        let owner = match block.word.is("module") {
            true => Owner::Module,
            false => Owner::Resource,
        };
        (block.body.span().start, owner)
    }));
    let mut found = Vec::new();
    while let Some(node) = waiting.pop() {
        waiting.extend(node.items());
        if node.kind() != Kind::Mapping {
            continue;
        }
        let owner = owners.get(&node.span().start).copied();
        for (key, value) in node.entries() {
            if key.is("//") {
                found.extend(in_comment(value, owner));
            } else if key.is(SFL) && is_record(value, owner) {
                found.push((from_node(value, Carrier::Slashes), Stray::NotUnderSlashes));
            } else {
                waiting.push(value);
            }
        }
    }
    found.sort_by_key(|(reason, _)| reason.place.span.start);
    found
}

/// What is wrong with what stands under `"//"`. A comment that says something else is nobody's business.
fn in_comment(comment: Node<'_>, owner: Option<Owner>) -> Vec<(Reason, Stray)> {
    let place = |form: Stray| owner.map_or(Stray::NoObject, |_| form);
    match comment.kind() {
        Kind::Scalar => {
            let reason = from_text(&comment.text(), comment.place());
            let found = reason.map(|reason| (reason, place(Stray::Text)));
            found.into_iter().collect()
        }
        Kind::Sequence => {
            let lines = comment
                .items()
                .filter(|item| item.kind() == Kind::Scalar)
                .filter_map(|item| from_text(&item.text(), item.place()));
            lines.map(|reason| (reason, place(Stray::Text))).collect()
        }
        Kind::Mapping => {
            let mut found = Vec::new();
            for (key, value) in comment.entries() {
                let why = match &*key.text() {
                    SFL if owner.is_none() => Stray::NoObject,
                    name if name != SFL && name.eq_ignore_ascii_case(SFL) => Stray::OtherLetters,
                    _ => continue,
                };
                found.push((from_node(value, Carrier::Slashes), why));
            }
            if found.is_empty() && comment.get(SFL).is_none() && comment.get("because").is_some() {
                found.push((from_node(comment, Carrier::Slashes), place(Stray::Text)));
            }
            found
        }
        Kind::Expression => Vec::new(),
    }
}

/// Whether what is called `sfl` beside the arguments is a reason: no resource has an argument of that name, but a module may.
fn is_record(value: Node<'_>, owner: Option<Owner>) -> bool {
    value.kind() == Kind::Mapping
        && match owner {
            Some(Owner::Resource) => true,
            Some(Owner::Module) => value.get("because").is_some(),
            Some(Owner::File) | None => false,
        }
}
