//! The engine opens nothing, and asks neither for the day nor for a working directory; nothing is leaked.

use crate::source::files;

/// What only the host and the command line may ask the machine for.
const MACHINE: [&str; 13] = [
    "current_dir",
    "env::",
    "fs::",
    "File::",
    "std::process",
    "std::net",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "Instant",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
];

/// Ways to keep memory for good.
const LEAKS: [&str; 3] = [".leak()", "::leak(", "mem::forget"];

#[test]
fn only_the_host_and_the_command_line_ask_the_machine() {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for file in files() {
        let may = ["host", "cli", "main"].contains(&file.room.as_str());
        for (number, line) in &file.lines {
            let asks = MACHINE.iter().any(|word| named(line, word));
            asked += usize::from(asks);
            if asks && !may {
                wrong.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(asked > 20, "the host opens files: {asked}");
}

/// Whether a line says a word, and not only the end of a longer one.
fn named(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn nothing_is_leaked() {
    for file in files() {
        for (number, line) in &file.lines {
            let leaks = LEAKS.iter().any(|word| line.contains(word));
            assert!(!leaks, "{}:{number}: {line}", file.path);
        }
    }
}
