//! Where a property chooses what ended: the templates in `endings/` in which it does, with its neighbours, about which nothing is
//! said. A comment `# ends: ADDRESS: NAME` in a template says what must be told.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use jiff::civil::date;
use sfl::placement::CATALOGUE;
use sfl::{Options, workspace::stack};

/// Each template: the name of its file, and its text.
fn templates() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue/endings");
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut templates: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("a text");
            (name.into_owned(), text)
        })
        .collect();
    templates.sort_unstable();
    assert!(templates.len() > 30, "{}", templates.len());
    templates
}

/// What is said to have ended, to end or to be closed, and by which rule's entry.
fn told(name: &str, text: &str) -> (Vec<String>, BTreeSet<(String, String)>) {
    let options = Options {
        today: Some(date(2026, 11, 30)),
        ..Options::default()
    };
    let judged = stack::judge_text(name, text, &options);
    assert!(judged.problems.is_empty(), "{:?}\n{text}", judged.problems);
    let mut lines = Vec::new();
    let mut entries = BTreeSet::new();
    for decision in &judged.decisions {
        for (entry, _) in decision.lifecycle() {
            lines.push(format!("{}: {}", decision.address, entry.name));
            entries.insert((decision.rule.name.to_string(), entry.name.to_string()));
        }
    }
    (lines, entries)
}

#[test]
fn the_property_decides_and_its_neighbours_hear_nothing() {
    for (name, text) in templates() {
        let (mut lines, _) = told(&name, &text);
        lines.sort_unstable();
        let expected = text
            .lines()
            .filter_map(|line| line.strip_prefix("# ends: "));
        let mut expected: Vec<&str> = expected.collect();
        expected.sort_unstable();
        assert_eq!(lines, expected, "{name}");
    }
}

#[test]
fn every_entry_that_is_not_about_all_of_its_rule_is_tried() {
    let templates = templates();
    let told = templates.iter().map(|(name, text)| told(name, text).1);
    let tried: BTreeSet<_> = told.flatten().collect();
    let mut untried = Vec::new();
    for rule in CATALOGUE.rules() {
        for entry in &rule.lifecycle {
            let is_narrow = !entry.when.always() || !entry.types.is_empty();
            let key = (rule.name.to_string(), entry.name.to_string());
            if is_narrow && !tried.contains(&key) {
                untried.push(key);
            }
        }
    }
    assert!(untried.is_empty(), "{untried:?}");
}
