//! What a change would leave behind: a parameter that nothing uses any more, a name of something that is gone.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use super::held_texts::HeldTexts;
use crate::base::Dialect;
use crate::base::source::Span;
use crate::edit::Edit;
use crate::placement::Decision;
use crate::syntax::{Document, Kind, Node};

/// Refuses a change that leaves something behind.
pub(super) fn check(
    decision: &Decision,
    edits: &BTreeMap<Arc<str>, Vec<Edit>>,
    dropped: &[String],
    documents: &BTreeMap<Arc<str>, Document<'_>>,
    texts: &HeldTexts,
) -> Result<(), String> {
    match decision.dialect {
        Dialect::CloudFormation => {
            for (path, edits) in edits {
                if let Some(document) = documents.get(path) {
                    of_template(document, edits, dropped)?;
                }
            }
            Ok(())
        }
        Dialect::Terraform | Dialect::Plan => of_module(decision, edits, dropped, texts),
    }
}

fn is_in(edits: &[Edit], span: Span) -> bool {
    let mut edits = edits.iter();
    edits.any(|edit| edit.span.start <= span.start && span.end <= edit.span.end)
}

/// Names that a text of CloudFormation mentions: the text itself, what stands before a dot, and what stands in `${...}`.
fn mentioned<'t>(text: &'t str, to: &mut HashSet<&'t str>) {
    let head = |name: &'t str| name.split('.').next().unwrap_or(name).trim();
    if text.len() <= 256 {
        to.insert(head(text));
    }
    for part in text.split("${").skip(1) {
        if let Some(end) = part.find('}') {
            to.insert(head(&part[..end]));
        }
    }
}

/// Sections whose keys are names that somebody has to use.
const DECLARED: [&str; 3] = ["Parameters", "Mappings", "Conditions"];

fn of_template(document: &Document<'_>, edits: &[Edit], dropped: &[String]) -> Result<(), String> {
    let text = document.text();
    let is_key: HashSet<u32> = document
        .nodes()
        .filter(|node| node.kind() == Kind::Mapping && !node.is_alias())
        .flat_map(|node| node.entries().map(|(key, _)| key.start_index()))
        .collect();
    let about: Vec<Node<'_>> = document
        .roots()
        .filter_map(|root| root.get("Metadata"))
        .collect();
    let is_about = |node: Node<'_>| {
        about
            .iter()
            .any(|one| (one.start_index()..one.end_index()).contains(&node.start_index()))
    };
    let mut gone = HashSet::new();
    let mut left = HashSet::new();
    for node in document.nodes() {
        if node.kind() != Kind::Scalar || node.is_alias() || is_key.contains(&node.start_index()) {
            continue;
        }
        let to = if is_in(edits, node.span()) {
            &mut gone
        } else if is_about(node) {
            continue;
        } else {
            &mut left
        };
        // As it is written, without its quotes: names need no escapes.
        mentioned(node.span().of(text).trim_matches(['"', '\'']), to);
    }
    for root in document.roots() {
        for section in DECLARED {
            let names = root.get(section).into_iter().flat_map(Node::entries);
            for (name, _) in names {
                let name = name.text();
                if gone.contains(&*name) && !left.contains(&*name) {
                    return Err(format!(
                        "nothing else uses `{name}`, which would be left over"
                    ));
                }
            }
        }
    }
    nobody_names(dropped, &left)
}

/// What goes along must not be named by anything that stays.
fn nobody_names<N: Borrow<str> + Eq + Hash>(
    dropped: &[String],
    left: &HashSet<N>,
) -> Result<(), String> {
    match dropped.iter().find(|name| left.contains(name.as_str())) {
        Some(name) => Err(format!(
            "{name} would go along, and something else names it"
        )),
        None => Ok(()),
    }
}

/// The expressions of Terraform whose declarations would be left without a use.
const HEADS: [&str; 3] = ["var.", "local.", "data."];

fn of_module(
    decision: &Decision,
    edits: &BTreeMap<Arc<str>, Vec<Edit>>,
    dropped: &[String],
    texts: &HeldTexts,
) -> Result<(), String> {
    let mut gone = HashSet::new();
    let mut left = HashSet::new();
    for (path, text) in texts.beside(&decision.path) {
        let edits = edits.get(path).map(Vec::as_slice).unwrap_or_default();
        let mut at = 0;
        for edit in edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            traversals(text.get(at..start).unwrap_or_default(), &mut left);
            traversals(text.get(start..end).unwrap_or_default(), &mut gone);
            at = end;
        }
        traversals(text.get(at..).unwrap_or_default(), &mut left);
    }
    let leads = |name: &&&str| HEADS.iter().any(|head| name.starts_with(head));
    let mut unused: Vec<&&str> = gone
        .iter()
        .filter(leads)
        .filter(|name| !left.contains(**name))
        .collect();
    unused.sort_unstable();
    if let Some(name) = unused.first() {
        return Err(format!(
            "nothing else uses `{name}`, which would be left over"
        ));
    }
    nobody_names(dropped, &left)?;
    nobody_reads(decision, edits, texts)
}

/// What a block no longer says must not be read elsewhere: it would have no value there, or another one.
fn nobody_reads(
    decision: &Decision,
    edits: &BTreeMap<Arc<str>, Vec<Edit>>,
    texts: &HeldTexts,
) -> Result<(), String> {
    let address = decision.address.split('[').next().unwrap_or_default();
    let mut parts = address.rsplit('.');
    let (Some(name), Some(kind)) = (parts.next(), parts.next()) else {
        return Ok(());
    };
    let block = format!("{kind}.{name}");
    let mut unsaid = HashSet::new();
    for (path, edits) in edits {
        let text = texts.text(path);
        for edit in edits {
            let old = text.get(edit.span.start as usize..edit.span.end as usize);
            let kept: HashSet<&str> = arguments(&edit.text).collect();
            let gone = arguments(old.unwrap_or_default());
            unsaid.extend(gone.filter(|name| !kept.contains(name)));
        }
    }
    for (_, text) in texts.beside(&decision.path) {
        for (at, _) in text.match_indices(&block) {
            let mut rest = &text[at + block.len()..];
            if let Some(inside) = rest.strip_prefix('[') {
                rest = inside.split_once(']').map_or("", |(_, rest)| rest);
            }
            let Some(rest) = rest.strip_prefix('.') else {
                continue;
            };
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
            let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            if unsaid.contains(&rest[..end]) {
                let read = &rest[..end];
                return Err(format!(
                    "`{block}.{read}` is read elsewhere, and would have no value any more"
                ));
            }
        }
    }
    Ok(())
}

/// What a text of Terraform gives values to: `name = ...`, `"name": ...`.
fn arguments(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '{', ',']).filter_map(|line| {
        let (name, _) = line.split_once(['=', ':'])?;
        let name = name.trim().trim_matches('"');
        let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
        (!name.is_empty() && name.chars().all(is_name)).then_some(name)
    })
}

/// The names at the head of everything with a dot in it: `var.x`, `aws_table.y`, `data.t.n`.
fn traversals<'t>(text: &'t str, to: &mut HashSet<&'t str>) {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    for word in text.split(|letter: char| !is_part(letter)) {
        if !word.contains('.') {
            continue;
        }
        let parts = if word.starts_with("data.") { 3 } else { 2 };
        let end = word
            .match_indices('.')
            .nth(parts - 1)
            .map_or(word.len(), |(at, _)| at);
        to.insert(&word[..end]);
    }
}
