//! `docs/rules/` says what the catalogue says. `SFL_BLESS=1 cargo test --test docs` writes it.

use std::collections::BTreeSet;
use std::fs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules");

#[test]
fn the_pages_of_the_rules_are_those_of_the_catalogue() {
    let pages = sfl::cli::docs::pages();
    let bless = std::env::var_os("SFL_BLESS").is_some();
    if bless {
        fs::create_dir_all(FOLDER).expect("docs/ is writable");
    }
    for (name, text) in &pages {
        let path = format!("{FOLDER}/{name}");
        if bless {
            fs::write(&path, text).expect("docs/ is writable");
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written.replace("\r\n", "\n") == *text,
            "docs/rules/{name} is old: SFL_BLESS=1 cargo test --test docs"
        );
    }
    let known: BTreeSet<String> = pages.into_iter().map(|(name, _)| name).collect();
    let there = fs::read_dir(FOLDER).expect("docs/rules/ is readable");
    let there: BTreeSet<String> = there
        .map(|entry| entry.expect("it is readable").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    assert_eq!(there, known, "a page of docs/rules/ is no ladder's");
}
