//! The example with which the library's page opens, and that there is no other which nobody runs.

use std::fs;

mod example {
    include!("../../src/example.rs");

    #[test]
    fn the_example_of_the_library_does_what_it_says() {
        main().expect("it writes into memory");
    }
}

#[test]
fn no_example_stands_where_nobody_runs_it() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut opened = Vec::new();
    for entry in walkdir::WalkDir::new(source).sort_by_file_name() {
        let entry = entry.expect("src/ is readable");
        if entry.path().extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let text = fs::read_to_string(entry.path()).expect("a source file is a text");
        let mut inside = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_start();
            let comment = line.strip_prefix("//!").or(line.strip_prefix("///"));
            let Some(language) = comment.and_then(|text| text.trim().strip_prefix("```")) else {
                continue;
            };
            inside = !inside;
            if inside && matches!(language, "" | "rust" | "no_run" | "should_panic") {
                opened.push(format!("{}:{}", entry.path().display(), number + 1));
            }
        }
    }
    assert!(
        opened.len() == 1 && opened[0].contains("lib.rs:"),
        "doc-tests are off: put an example into src/example.rs or into a test: {opened:#?}"
    );
}
