//! The last of the test programs: says which tests were skipped, for what, and what brings it.
#![expect(clippy::print_stdout, reason = "this is what it is for")]

#[path = "tools/mod.rs"]
mod tools;

use std::collections::BTreeMap;
use std::fs;

use tools::ALL;

fn main() {
    // Who asks for the names of tests gets none.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let mut skipped: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for entry in fs::read_dir(tools::notes()).into_iter().flatten().flatten() {
        let lacked = fs::read_to_string(entry.path()).expect("a note is a text");
        // A note may be older than what came since.
        let lacked = ALL
            .iter()
            .filter(|need| lacked.lines().any(|line| line == need.name));
        let lacked: Vec<_> = lacked.filter(|need| !need.is_here()).collect();
        for need in &lacked {
            let test = entry.file_name().to_string_lossy().into_owned();
            skipped.entry(need.name).or_default().push(test);
        }
        count += usize::from(!lacked.is_empty());
        fs::remove_file(entry.path()).expect("target/ is writable");
    }
    if count == 0 {
        println!("\nno test was skipped\n");
        return;
    }
    println!("\nskipped, in whole or in part: {}", counted(count));
    for need in ALL {
        let Some(tests) = skipped.get(need.name) else {
            continue;
        };
        println!(
            "  {} without {}, which this brings: {}",
            counted(tests.len()),
            need.name,
            need.brought_by
        );
        for (group, tests) in by_group(tests) {
            println!("    {group}: {tests}");
        }
    }
    println!("`.ci/run` installs all but the templates on Debian, and lets no test go without\n");
}

fn counted(tests: usize) -> String {
    format!("{tests} {}", if tests == 1 { "test" } else { "tests" })
}

/// How many tests of each file: `readers::formats`, 4.
fn by_group(tests: &[String]) -> BTreeMap<String, usize> {
    let mut groups = BTreeMap::new();
    for test in tests {
        let group = test.rsplit_once('.').map_or("", |(group, _)| group);
        *groups.entry(group.replace('.', "::")).or_default() += 1;
    }
    groups
}
