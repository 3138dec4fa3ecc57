//! What the library's own page hands out: every type of it is documented, and its enums and errors can grow.

use std::collections::BTreeSet;

use crate::source::{File, files};

/// Enums that will never grow, and why.
const CLOSED: [(&str, &str); 1] = [("Rung", "there are four, on every ladder")];

/// The names that `lib.rs` hands out, each after its room.
fn handed_out(page: &File) -> BTreeSet<(String, String)> {
    let text: Vec<&str> = page.lines.iter().map(|(_, line)| &**line).collect();
    let text = text.join(" ");
    let mut names = BTreeSet::new();
    for statement in text.split("pub use ").skip(1) {
        let (statement, _) = statement.split_once(';').expect("a whole statement");
        let (room, _) = statement.split_once("::").expect("a path");
        let (_, last) = statement.rsplit_once("::").expect("a path");
        for name in last.trim_matches(['{', '}']).split(',') {
            names.insert((room.to_owned(), name.trim().to_owned()));
        }
    }
    names
}

#[test]
fn what_the_library_hands_out_is_documented_and_can_grow() {
    let files = files();
    let page = files.iter().find(|file| file.path == "lib.rs");
    let names = handed_out(page.expect("the library has a page"));
    assert!(names.len() > 25, "{names:?}");
    let mut met = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in &files {
        let asks = |line: &(usize, String)| line.1 == "#![warn(missing_docs)]";
        let mut attributes: Vec<&str> = Vec::new();
        for (number, line) in &file.lines {
            if line.starts_with("#[") {
                attributes.push(line);
                continue;
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["pub", kind @ ("struct" | "enum" | "trait" | "fn"), name, ..] = words[..]
                && !line.starts_with(' ')
            {
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
                let name = &name[..end.unwrap_or(name.len())];
                let grows = attributes.contains(&"#[non_exhaustive]");
                let must = kind == "enum" || name.ends_with("Error");
                let closed = CLOSED.iter().any(|(known, _)| *known == name);
                let known = (file.room.clone(), name.to_owned());
                if names.contains(&known) {
                    met.insert(known);
                    if must && grows == closed {
                        wrong.push(format!("{}:{number}: can {name} grow?", file.path));
                    }
                    if !file.lines.iter().any(asks) {
                        wrong.push(format!("{} does not warn of missing docs", file.path));
                    }
                }
            }
            attributes.clear();
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert_eq!(met, names, "every name is found where it is made");
}

#[test]
fn all_else_is_hidden() {
    let files = files();
    let page = files.iter().find(|file| file.path == "lib.rs");
    let lines = &page.expect("the library has a page").lines;
    let mut modules = 0;
    for (at, (number, line)) in lines.iter().enumerate() {
        if line.starts_with("pub mod ") {
            let (_, before) = &lines[at - 1];
            assert_eq!(before, "#[doc(hidden)]", "lib.rs:{number}: {line}");
            modules += 1;
        }
    }
    assert!(modules > 15, "{modules} rooms");
}
