//! What must hold of every input, whichever way it was made.

use std::sync::Arc;

use jiff::civil::date;
use sfl::{Analysis, Compared, Format, Memory, Options, Style, check};

/// The day of every run.
#[must_use]
pub fn memory() -> Memory {
    Memory::new(date(2027, 1, 31))
}

/// The files of a folder, checked as the command line does.
#[must_use]
pub fn checked(memory: Memory) -> Analysis {
    let options = Options {
        paths: vec![".".into()],
        threads: Some(1),
        ..Options::on(Arc::new(memory))
    };
    check(&options, &|_, _| {})
}

/// Writes one of the reports, whichever the input chooses, and looks whether its reader could read it: all of them would take most of the
/// time of every run.
///
/// # Panics
/// One of them is not what it says it is: that is the find.
pub fn some_report(analysis: Analysis, chosen: usize) {
    let report = Compared::from(analysis);
    for format in [Format::ALL[chosen % Format::ALL.len()]] {
        let mut bytes = Vec::new();
        format
            .write(&report, &Style::plain_text(), &mut bytes)
            .expect("memory takes everything");
        let name = format.name();
        let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{name} is UTF-8"));
        // A table ends its lines as its standard says.
        let text = match format {
            Format::Csv => text.replace("\r\n", "\n"),
            _ => text,
        };
        let raw = text
            .chars()
            .find(|one| one.is_control() && !matches!(one, '\n' | '\t'));
        assert_eq!(raw, None, "{name} has a raw control character");
        match format {
            Format::Json | Format::Sarif | Format::Gitlab => {
                let read: Result<serde_json::Value, _> = serde_json::from_str(&text);
                assert!(read.is_ok(), "{name} is JSON");
            }
            Format::Junit => {
                let mut reader = quick_xml::Reader::from_str(&text);
                while reader.read_event().expect("junit is XML") != quick_xml::events::Event::Eof {}
            }
            Format::Pretty | Format::Concise | Format::Markdown => {
                let commands = ["::", "##[", "##vso[", "##teamcity["];
                let command = text.lines().find(|line| {
                    commands
                        .iter()
                        .any(|command| line.trim_start().starts_with(command))
                });
                assert_eq!(command, None, "{name} commands a log");
            }
            _ => {}
        }
    }
}

/// One file under a name that its first byte chooses; the name, and the rest.
#[must_use]
pub fn named(bytes: &[u8]) -> (&'static str, &[u8]) {
    const NAMES: [&str; 7] = [
        "stack.yaml",
        "stack.json",
        "main.tf",
        "main.tf.json",
        "plan.json",
        "terraform.tfvars",
        "tree.json",
    ];
    match bytes.split_first() {
        Some((first, rest)) => (NAMES[usize::from(*first) % NAMES.len()], rest),
        None => (NAMES[0], bytes),
    }
}
