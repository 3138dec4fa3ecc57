//! What the call of a module hands down, against the variables that the module has.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{CALL, meant};
use crate::blocks::terraform::block::{blocks, labelled};
use crate::blocks::terraform::{Block, ModuleFiles};
use crate::blocks::{Note, Noted, Place};

/// Says what Terraform refuses of a call: a value for a variable that the module has not, and none for one that needs it. Nothing is
/// said of a module that could not be read as a whole.
#[must_use]
pub fn refused_call(call: &Block<'_>, callee: &ModuleFiles<'_, '_>) -> Vec<Note> {
    if !callee.is_complete {
        return Vec::new();
    }
    // Whether one has a default, and where it is declared.
    let mut variables: BTreeMap<Cow<'_, str>, (bool, Place)> = BTreeMap::new();
    let files = callee.configuration.iter().chain(callee.overrides);
    for root in files.flat_map(|document| document.roots()).flat_map(blocks) {
        let entries = root.entries().filter(|(word, _)| word.is("variable"));
        for (name, body) in entries.flat_map(|(_, value)| labelled(value)) {
            let known = variables.entry(name.text());
            known.or_insert((false, name.place())).0 |= body.get("default").is_some();
        }
    }
    let mut notes = Vec::new();
    for (key, _) in call.layers().flat_map(|body| body.entries()) {
        let name = key.text();
        if CALL.contains(&&*name) || key.is("//") || variables.contains_key(&name) {
            continue;
        }
        let near = meant(variables.keys().map(|known| &**known), &name);
        notes.push(Note {
            what: Noted::Refused {
                message: format!("the module that is called here has no variable `{name}`{near}"),
                other: "",
            },
            place: key.place(),
            other: None,
        });
    }
    for (name, (has_default, place)) in variables {
        if !has_default && call.part(&name).is_none() {
            notes.push(Note {
                what: Noted::Refused {
                    message: format!("the module that is called here needs a value for `{name}`"),
                    other: "it has no default",
                },
                place: call.name.place(),
                other: Some(place),
            });
        }
    }
    notes
}
