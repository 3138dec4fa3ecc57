//! The map as OnlineWardleyMaps reads it. Its parser drops without a word what it does not expect, so names are plain, numbers have
//! two places, braces stand alone, and everything comes in the order in which it is defined.

use std::io::{self, Write};

use super::captions;
use super::spelling::{self, Spelling};
use crate::landscape::{Component, Landscape, MapSource};
use crate::report::visible;

/// Letters of a name.
const MOST_LETTERS: usize = 90;

/// Words that mean something wherever they stand in a name.
const MEANT: [&str; 4] = ["evolve", "inertia", "label", "title"];

pub(super) const SPELLING: Spelling = Spelling {
    arrow: "->",
    inertia: " inertia",
    label: " label [-40, -16]",
    open: "\n{",
    indent: "",
    plain,
    // As the parser compares them.
    compared: |name| name.to_lowercase().replace(' ', ""),
    written: str::to_owned,
    note: str::to_owned,
};

/// Writes the map.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(map: &Landscape, source: MapSource<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "title {}", plain(&captions::title(map)))?;
    writeln!(out, "style wardley")?;
    let where_it_is = |component: &Component| {
        let first = component.parts.first()?.decisions.first()?;
        let choice = source.choice(*first)?;
        let (path, line) = choice.written.unwrap_or((choice.path, choice.line));
        Some(format!("// {}:{line}", visible::line(path, true)))
    };
    let evolution = "evolution Genesis->Custom-Built->Product (+rental)->Commodity (+utility)";
    spelling::write(map, &SPELLING, evolution, &where_it_is, out)
}

/// A text in which the parser finds nothing but words.
fn plain(name: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let c = match c {
            c if c.is_alphanumeric() || matches!(c, '-' | '_' | ',') => c,
            // A number with a dot, after a space, ends a name.
            '.' if before.is_alphanumeric() => '.',
            _ => ' ',
        };
        let is_second = c == ' ' && before == ' ';
        // `->` can't be built from what is left, `--` reads as one.
        let is_dash = c == '-' && before == '-';
        if !is_second && !is_dash {
            out.push(c);
            before = c;
        }
    }
    let words: Vec<String> = out.split_whitespace().map(word).collect();
    let mut joined: String = words.join(" ").chars().take(MOST_LETTERS).collect();
    joined.truncate(joined.trim_end().len());
    let mut letters = joined.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Unnamed".to_owned(),
    }
}

/// One word: none that means something by itself, no number with a dot.
fn word(word: &str) -> String {
    let mut word = match word.starts_with(|c: char| c.is_ascii_digit()) {
        true => word.replace('.', "-"),
        false => word.to_owned(),
    };
    for meant in MEANT {
        if let Some(at) = word.to_lowercase().find(meant)
            && word.is_char_boundary(at + 1)
        {
            word.insert(at + 1, '-');
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_nothing_to_the_parser() {
        for (name, plain_name) in [
            ("orders-${Env}", "Orders- Env"),
            ("module.a[\"x\"].aws_y.z[0]", "Module.a x aws_y.z 0"),
            ("a//b -> c", "A b - c"),
            ("pipeline-api", "Pipeline-api"),
            ("K8s 1.30", "K8s 1-30"),
            ("my inertia label", "My i-nertia l-abel"),
            ("\u{202e}", "Unnamed"),
        ] {
            assert_eq!(plain(name), plain_name, "{name}");
        }
    }
}
