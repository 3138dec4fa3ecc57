//! What is to be said of a template as a whole: what is written twice, and what macros may do to it.

use std::collections::HashMap;

use crate::blocks::{MACRO, Note, Noted};
use crate::syntax::{Kind, Node};

/// Sections in which a name that is written twice hides something.
const SECTIONS: [&str; 4] = ["Resources", "Parameters", "Mappings", "Conditions"];

/// Amazon's own macros: what they make of a template is known, or changes no hosting choice.
const KNOWN: [&str; 6] = [
    "AWS::Serverless",
    "AWS::LanguageExtensions",
    "AWS::CodeDeployBlueGreen",
    "AWS::SecretsManager",
    "AWS::CodeStar",
    "AWS::ServiceCatalog",
];

/// Names written twice of which each is said.
const MOST: usize = 100;

pub(super) fn notes(root: Node<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    twice(root, "", &mut notes);
    for section in SECTIONS {
        if let Some(section_node) = root.get(section) {
            twice(section_node, section, &mut notes);
        }
    }
    let mut macros = Vec::new();
    if let Some(transform) = root.get("Transform") {
        macros.push(transform);
        macros.extend(transform.items());
    }
    macros.extend(root.get(MACRO));
    for node in macros {
        let name = match node.kind() {
            Kind::Scalar | Kind::Expression => Some(node),
            Kind::Mapping => node.get("Name"),
            Kind::Sequence => None,
        };
        let Some(name) = name.map(Node::text).filter(|name| !is_known(name)) else {
            continue;
        };
        let what = if name == "AWS::Include" {
            Noted::More(name.into_owned())
        } else {
            Noted::Changed(name.into_owned())
        };
        notes.push(note(what, node));
    }
    let resources = root.get("Resources");
    let inside = resources.and_then(|resources| {
        if resources.tag() == Some("!Transform") {
            return Some(resources);
        }
        resources.get(MACRO)
    });
    if let Some(node) = inside {
        let name = node.get("Name").map(Node::text).unwrap_or_default();
        notes.push(note(Noted::More(name.into_owned()), node));
    }
    notes
}

/// `AWS::Serverless-2016-10-31`
fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|known| {
        let rest = name.strip_prefix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', ':']))
    })
}

fn note(what: Noted, node: Node<'_>) -> Note {
    Note {
        what,
        place: node.place(),
        other: None,
    }
}

/// Notes each key of a map that is written again later.
fn twice<'t>(map: Node<'t>, section: &str, notes: &mut Vec<Note>) {
    if map.distinct_entries().is_some() {
        return;
    }
    let mut last: HashMap<_, Node<'t>> = HashMap::new();
    for (key, _) in map.entries().filter(|(key, _)| key.kind() == Kind::Scalar) {
        let Some(before) = last.insert(key.text(), key) else {
            continue;
        };
        // Several merge keys are one list.
        if key.is("<<") || notes.len() >= MOST {
            continue;
        }
        notes.push(Note {
            what: Noted::Twice(section.to_owned()),
            place: before.place(),
            other: Some(key.place()),
        });
    }
}
