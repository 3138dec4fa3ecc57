//! What the program is made of, line by line, without its tests.

use std::fs;

/// A file of `src/`.
pub struct File {
    /// Below `src/`, with `/`.
    pub path: String,
    /// The folder or the file at the root of `src/`, without its ending.
    pub room: String,
    /// What is no test, each line with its number.
    pub lines: Vec<(usize, String)>,
}

/// Every file of `src/`, in order of its path; those that only tests read are left out.
pub fn files() -> Vec<File> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(source).sort_by_file_name() {
        let entry = entry.expect("src/ is readable");
        let name = entry.file_name().to_string_lossy();
        if !name.ends_with(".rs") || name == "tests.rs" || name == "sample.rs" {
            continue;
        }
        let path = entry.path().strip_prefix(source).expect("below src/");
        let path = path.to_string_lossy().replace('\\', "/");
        let room = path.split('/').next().unwrap_or(&path);
        let text = fs::read_to_string(entry.path()).expect("a source file is a text");
        files.push(File {
            room: room.trim_end_matches(".rs").to_owned(),
            lines: without_tests(&text),
            path,
        });
    }
    assert!(files.len() > 100, "{} files", files.len());
    files
}

/// Lines that are neither comments nor marked `#[cfg(test)]`. The formatter has put each item's end where it began.
fn without_tests(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut all = text.lines().enumerate();
    while let Some((at, line)) = all.next() {
        let indent = &line[..line.len() - line.trim_start().len()];
        if line.trim() == "#[cfg(test)]" {
            let ends = [";", "}", "},", "};"].map(|end| format!("{indent}{end}"));
            let (_, first) = all.next().expect("an attribute is of something");
            if !first.ends_with([';', ',']) && !first.ends_with('}') {
                let _ = all.find(|(_, line)| ends.iter().any(|end| line == end));
            }
        } else if !line.trim_start().starts_with("//") {
            lines.push((at + 1, line.to_owned()));
        }
    }
    lines
}
