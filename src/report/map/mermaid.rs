//! The map as Mermaid's `wardley-beta` reads it: names in quotes, numbers with digits on both sides of the dot, inertia last.

use std::io::{self, Write};

use super::captions;
use super::spelling::{self, Spelling};
use crate::landscape::Landscape;
use crate::report::visible;

const SPELLING: Spelling = Spelling {
    arrow: " -> ",
    inertia: " (inertia)",
    label: "",
    open: " {",
    indent: "  ",
    plain,
    compared: str::to_owned,
    written: |name| format!("\"{name}\""),
    note: |words| format!("\"{words}\""),
};

/// Writes the map.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(map: &Landscape, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "wardley-beta")?;
    writeln!(out, "title {}", words(&captions::title(map)))?;
    let evolution = "evolution Genesis -> Custom-Built -> Product -> Commodity";
    spelling::write(map, &SPELLING, evolution, &|_| None, out)
}

/// What may stand between quotes.
fn plain(name: &str) -> String {
    let seen = visible::line(name, true);
    let quiet: String = seen
        .chars()
        .map(|c| match c {
            '"' => '\'',
            // Entities and comments of Mermaid.
            '\\' | '#' | ';' | '%' | '<' | '>' | '`' => ' ',
            c => c,
        })
        .collect();
    match quiet.split_whitespace().collect::<Vec<_>>().join(" ") {
        empty if empty.is_empty() => "unnamed".to_owned(),
        name => name,
    }
}

/// A title has no quotes around it.
fn words(text: &str) -> String {
    let plain = plain(text);
    let words = plain.chars().map(|c| match c {
        c if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | ',' | '.' | '\'') => c,
        _ => ' ',
    });
    words
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
