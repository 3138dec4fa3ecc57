//! Who may import whom: the table of rooms, read from `src/` line by line.

use std::fs;

/// Each room, and the rooms that it may use. `workspace`, `lib`, `cli`, `main` and `example` may use all.
const ROOMS: [(&str, &[&str]); 15] = [
    ("base", &[]),
    ("host", &["base"]),
    ("syntax", &["base"]),
    ("rulebook", &["base"]),
    ("blocks", &["base", "syntax"]),
    ("eval", &["base", "blocks"]),
    ("stack", &["base", "blocks", "eval"]),
    ("graph", &["base", "blocks", "eval", "stack"]),
    (
        "placement",
        &["base", "blocks", "eval", "stack", "graph", "rulebook"],
    ),
    ("config", &["base", "host", "rulebook"]),
    ("reasons", &["base", "placement", "config", "rulebook"]),
    ("analysis", &["base", "graph", "placement", "reasons"]),
    ("edit", &["base", "syntax", "blocks"]),
    ("compare", &["base", "analysis"]),
    ("report", &["base", "analysis", "compare"]),
];

#[test]
fn every_room_uses_only_what_is_below_it() {
    let mut wrong = Vec::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    for entry in walkdir::WalkDir::new(source).sort_by_file_name() {
        let entry = entry.expect("src/ is readable");
        let path = entry.path().strip_prefix(source).expect("below src/");
        let is_test = path
            .file_name()
            .is_some_and(|name| name == "tests.rs" || name == "sample.rs");
        if is_test || path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let first = path.components().next().expect("a file has a name");
        let room = first.as_os_str().to_string_lossy().replace(".rs", "");
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            assert!(
                ["cli", "example", "lib", "main", "workspace"].contains(&room.as_str()),
                "{room} is a room that the table does not know"
            );
            continue;
        };
        let text = fs::read_to_string(entry.path()).expect("a source file is a text");
        // Tests may use what they need to make their input.
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            for used in line.split("crate::").skip(1) {
                let used: String = used
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let own = used == room || used.is_empty() || used.starts_with(char::is_uppercase);
                if !own && !allowed.contains(&used.as_str()) {
                    wrong.push(format!(
                        "{}:{}: {room} uses {used}",
                        path.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
