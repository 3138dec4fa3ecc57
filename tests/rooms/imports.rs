//! Who may import whom: the table of rooms, held against `src/` line by line.

use std::collections::BTreeSet;

use crate::source::files;

/// Each room, and the rooms that it may use; those of [`ABOVE`] may use all.
const ROOMS: [(&str, &[&str]); 21] = [
    ("base", &[]),
    ("host", &["base"]),
    ("syntax", &["base"]),
    ("rulebook", &["base"]),
    ("blocks", &["base", "syntax"]),
    ("eval", &["base", "blocks"]),
    // `syntax`: what is repeated is a node, by whose index its loop is remembered.
    ("stack", &["base", "syntax", "blocks", "eval"]),
    // `syntax`: a part in which nothing is to be worked out is followed as it is written, without an expression for each node.
    ("graph", &["base", "syntax", "blocks", "eval", "stack"]),
    // `blocks`: a decision is made of resources and places, which are its words.
    (
        "placement",
        &["base", "blocks", "eval", "stack", "graph", "rulebook"],
    ),
    // `syntax`: what a deployment gives stands in JSON and YAML, in files of other tools.
    ("config", &["base", "host", "syntax", "rulebook"]),
    // `rulebook`: the kinds of reasons, and what contradicts them, are rules like others.
    ("reasons", &["base", "placement", "config", "rulebook"]),
    ("analysis", &["base", "graph", "placement", "reasons"]),
    // `rulebook`: which way a reference serves is data.
    ("landscape", &["base", "analysis", "rulebook"]),
    // `rulebook`: what counts for an action, and how much, is data.
    ("next", &["base", "analysis", "landscape", "rulebook"]),
    // `rulebook`: what counts as a liability, and which duties a rung leaves, is data.
    ("liability", &["base", "analysis", "rulebook"]),
    ("edit", &["base", "syntax", "blocks"]),
    // `syntax`: what a change would leave behind is looked for in the whole tree; `workspace`: it is judged before it is offered.
    (
        "fix",
        &[
            "base",
            "host",
            "syntax",
            "rulebook",
            "placement",
            "analysis",
            "edit",
            "workspace",
        ],
    ),
    // `rulebook`: a report that was saved names its rules.
    ("compare", &["base", "analysis", "rulebook"]),
    // `liability`: what servers make somebody own is counted as a check counts it.
    ("trend", &["base", "analysis", "compare", "liability"]),
    (
        "report",
        &[
            "base",
            "analysis",
            "compare",
            "landscape",
            "next",
            "liability",
            "trend",
        ],
    ),
    (
        "workspace",
        &[
            "base",
            "host",
            "syntax",
            "rulebook",
            "blocks",
            "eval",
            "stack",
            "graph",
            "placement",
            "config",
            "reasons",
            "analysis",
        ],
    ),
];

/// The command line, the server for editors, the library's page with its example, and the door.
const ABOVE: [&str; 5] = ["cli", "example", "lib", "main", "server"];

#[test]
fn every_room_uses_only_what_is_below_it() {
    let mut wrong = Vec::new();
    let mut met = BTreeSet::new();
    for file in files() {
        let room = &file.room;
        if ABOVE.contains(&room.as_str()) {
            continue;
        }
        let row = ROOMS.iter().find(|(name, _)| name == room);
        let (name, allowed) = row.unwrap_or_else(|| panic!("the table does not know {room}"));
        for (number, line) in &file.lines {
            for used in line.split("crate::").skip(1) {
                // One at a time, so that a line tells what it uses.
                assert!(!used.starts_with('{'), "{}:{number}: {line}", file.path);
                let end = used.find(|c: char| !c.is_alphanumeric() && c != '_');
                let used = &used[..end.unwrap_or(used.len())];
                if used == room {
                    continue;
                }
                match allowed.iter().find(|name| **name == used) {
                    Some(used) => {
                        met.insert((*name, *used));
                    }
                    None => wrong.push(format!("{}:{number}: {room} uses {used}", file.path)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    // The files were really read.
    assert!(met.len() > 30, "{met:?}");
}
