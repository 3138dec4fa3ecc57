//! What the pages show is true: every command line is one that the program takes, every output is what it prints, every TOML,
//! YAML and JSON can be read. `SFL_BLESS=1 cargo test --test docs pages` writes the outputs anew.
//!
//! A block `console` with lines that begin with `$ ` is run in a copy of the project's `fixtures`; below each stands what is printed, where
//! `...` stands for any lines. Where it ends with another code than 0, a last line says so: `(exit code 1)`.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

const SKILL: &str = "skills/sfl/SKILL.md";

struct Block {
    language: String,
    text: String,
    /// Of its text in the page; only where that is the same, so not in a list.
    range: Range<usize>,
}

fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(format!("{ROOT}/docs")).expect("docs/ is readable");
    let docs = docs.map(|entry| entry.expect("it is readable").path());
    let mut pages: Vec<PathBuf> = docs
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .chain(["README.md", "CONTRIBUTING.md"].map(|name| Path::new(ROOT).join(name)))
        .collect();
    pages.sort();
    assert!(pages.len() > 6, "{pages:?}");
    pages
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (event, range) in Parser::new(page).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                open = true;
                blocks.push(Block {
                    language,
                    text: String::new(),
                    range: range.end..range.end,
                });
            }
            Event::Text(text) if open => {
                let block = blocks.last_mut().expect("one is open");
                block.text.push_str(&text);
                block.range.start = block.range.start.min(range.start);
                block.range.end = range.end;
            }
            Event::End(_) => open = false,
            _ => {}
        }
    }
    blocks
}

/// The calls of the program in a line of a shell: `sfl` at its start or behind a pipe, `&&` or `;`.
fn calls(line: &str) -> Vec<Vec<String>> {
    let words = shell_words::split(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    let words = words.into_iter().take_while(|word| !word.starts_with('#'));
    let mut calls: Vec<Vec<String>> = vec![Vec::new()];
    for word in words {
        match word.as_str() {
            "|" | "&&" | "||" => calls.push(Vec::new()),
            _ => calls.last_mut().expect("there is one").push(word),
        }
    }
    // What is redirected belongs to the shell.
    for call in &mut calls {
        if let Some(at) = call.iter().position(|word| word.starts_with(['>', '<'])) {
            call.truncate(at);
        }
    }
    calls.retain(|call| call.first().is_some_and(|word| word == "sfl"));
    calls
}

/// Lines that a backslash joins are one.
fn lines(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    joined.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn every_command_line_is_one_that_the_program_takes() {
    let mut seen = 0;
    for path in pages() {
        let page = fs::read_to_string(&path).expect("a page is a text");
        for block in blocks(&page) {
            let commands: Vec<String> = match block.language.as_str() {
                "sh" | "console" if block.text.contains("$ ") => lines(&block.text)
                    .iter()
                    .filter_map(|line| line.strip_prefix("$ "))
                    .map(str::to_owned)
                    .collect(),
                "sh" | "console" => lines(&block.text),
                // A workflow or a hook calls it in its steps.
                "yaml" => lines(&block.text)
                    .iter()
                    .map(|line| line.trim_start_matches("- ").trim_start_matches("run: "))
                    .map(|line| line.trim_start_matches("entry: "))
                    .filter(|line| line.starts_with("sfl ") || line.contains("| sfl "))
                    .map(str::to_owned)
                    .collect(),
                _ => continue,
            };
            for command in commands {
                for call in calls(&command) {
                    seen += 1;
                    let taken = sfl::cli::command().try_get_matches_from(&call);
                    let help = |error: &clap::Error| error.exit_code() == 0;
                    // What takes another build is asked of that.
                    let elsewhere = |error: &clap::Error| {
                        !cfg!(feature = "parquet")
                            && error.to_string().contains("--features parquet")
                    };
                    if let Err(error) = taken
                        && !help(&error)
                        && !elsewhere(&error)
                    {
                        panic!("{}: {command}\n{error}", path.display());
                    }
                }
            }
        }
    }
    assert!(seen > 25, "only {seen} calls");
}

/// A skill as agents load it: what its head says decides whether it is read, so it must say when, within the format's limits.
#[test]
fn the_skill_for_agents_has_its_head_and_true_commands() {
    let text = fs::read_to_string(format!("{ROOT}/{SKILL}")).expect("it is there");
    let (head, body) = text
        .strip_prefix("---\n")
        .and_then(|text| text.split_once("\n---\n"))
        .expect("a head between two lines");
    let field = |name: &str| {
        let mut lines = head.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    // The name is that of its folder.
    assert_eq!(field("name"), Some("sfl"));
    let description = field("description").expect("it says what it is for");
    assert!(description.contains("Use before") && description.chars().count() <= 1024);
    // A colon with a space would begin a value of its own.
    assert!(head.lines().all(|line| line.matches(": ").count() == 1));
    assert!(body.lines().count() < 60, "short, or it is not read");
    let mut seen = 0;
    for event in Parser::new(body) {
        if let Event::Code(code) = event
            && code.starts_with("sfl ")
        {
            for call in calls(&code) {
                seen += 1;
                let taken = sfl::cli::command().try_get_matches_from(&call);
                assert!(taken.is_ok(), "{code}: {taken:?}");
            }
        }
    }
    assert!(seen > 5, "only {seen} calls");
}

/// A folder as the pages have it: the fixtures, in a repository.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let from = Path::new(ROOT).join("fixtures");
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry.expect("fixtures/ is readable");
        let below = entry.path().strip_prefix(ROOT).expect("below the root");
        let to = folder.path().join(below);
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("it can be made");
        } else {
            fs::copy(entry.path(), to).expect("it can be copied");
        }
    }
    fs::create_dir(folder.path().join(".git")).expect("it can be made");
    folder
}

/// Standard output, then standard error, then the exit code if it is not 0.
fn run(command: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_sfl"));
    let mut path =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    path.insert(0, program.parent().expect("it is in a folder").to_owned());
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(path).expect("they are paths"))
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "100")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("FORCE_COLOR")
        .output()
        .expect("a shell runs");
    let mut said = String::from_utf8(output.stdout).expect("it prints UTF-8");
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    if !said.is_empty() && !said.ends_with('\n') {
        said.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        code => said.push_str(&format!("(exit code {})\n", code.expect("it ends"))),
    }
    // Time is the machine's, not the program's.
    let timeless = |line: &str| match line.rsplit_once(", ") {
        Some((rest, time)) if time.ends_with(" ms") && line.starts_with("read ") => {
            format!("{rest}, 3 ms\n")
        }
        _ => format!("{}\n", line.trim_end()),
    };
    said.lines().map(timeless).collect()
}

/// Whether an output is as it is shown; `...` stands for any lines.
fn fits(shown: &[&str], said: &[&str]) -> bool {
    match shown.split_first() {
        None => said.is_empty(),
        Some((&"...", rest)) => (0..=said.len()).any(|at| fits(rest, &said[at..])),
        Some((first, rest)) => said.first() == Some(first) && fits(rest, &said[1..]),
    }
}

/// A block with its commands run: what it should be.
fn rerun(block: &str) -> Result<(), String> {
    let folder = folder();
    let mut wanted = String::new();
    let mut all_fit = true;
    for part in block.split("$ ").skip(1) {
        let (command, shown) = part.split_once('\n').unwrap_or((part, ""));
        let said = run(command, folder.path());
        let trimmed: Vec<&str> = shown.lines().map(str::trim_end).collect();
        let fit = fits(&trimmed, &said.lines().collect::<Vec<_>>());
        all_fit &= fit;
        let keep = if fit { shown } else { &said };
        wanted.push_str(&format!("$ {command}\n{keep}"));
    }
    if all_fit { Ok(()) } else { Err(wanted) }
}

#[test]
fn every_output_is_what_the_program_prints() {
    let bless = std::env::var_os("SFL_BLESS").is_some();
    let mut seen = 0;
    // `tests/command_line/own_rules.rs` makes the folder that this page speaks of.
    for path in pages()
        .iter()
        .filter(|path| !path.ends_with("own-rules.md"))
    {
        let mut page = fs::read_to_string(path).expect("a page is a text");
        let shown = |block: &Block| block.language == "console" && block.text.starts_with("$ ");
        // From the end, so that places before stay.
        for block in blocks(&page).iter().filter(|block| shown(block)).rev() {
            seen += 1;
            let Err(wanted) = rerun(&block.text) else {
                continue;
            };
            assert!(
                bless,
                "{} shows\n\n{}\nbut it is\n\n{wanted}",
                path.display(),
                block.text
            );
            page.replace_range(block.range.clone(), &wanted);
        }
        if bless {
            fs::write(path, page).expect("the page is writable");
        }
    }
    assert!(seen > 0, "only {seen} outputs");
}

#[test]
fn everything_that_is_shown_can_be_read() {
    for path in pages() {
        let page = fs::read_to_string(&path).expect("a page is a text");
        for block in blocks(&page) {
            let text = &block.text;
            let error = match block.language.as_str() {
                "toml" => toml::from_str::<toml::Value>(text)
                    .err()
                    .map(|e| e.to_string()),
                // Lines out of the middle of a report: `tests/readers/formats.rs` finds them there.
                "json" if !text.starts_with(['{', '[']) => None,
                "json" => serde_json::from_str::<serde_json::Value>(text)
                    .err()
                    .map(|e| e.to_string()),
                "yaml" => serde_yaml::from_str::<serde_yaml::Value>(text)
                    .err()
                    .map(|e| e.to_string()),
                _ => None,
            };
            assert_eq!(error, None, "{}:\n{text}", path.display());
        }
    }
}

#[test]
fn dots_stand_for_any_lines() {
    assert!(fits(&["a", "...", "c"], &["a", "b", "b", "c"]));
    assert!(fits(&["..."], &[]));
    assert!(!fits(&["a", "..."], &["b"]));
    assert!(!fits(&["a"], &["a", "b"]));
}
