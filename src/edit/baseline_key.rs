//! `baseline = "..."` written into an `sfl.toml`.

use toml_edit::Value;

use super::{Edit, offset};
use crate::base::source::Span;

/// Names a baseline: in the place of the line that shows how, as a comment, else below the comment at the top. A key of the file
/// itself stands before its first table, and nothing but comments stands before this one.
#[must_use]
pub fn name_baseline(text: &str, file: &str) -> Edit {
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let key = format!("baseline = {}", Value::from(file).to_string().trim());
    let bare = text.trim_start_matches('\u{feff}');
    let top = text.len() - bare.len();
    let mut at = top;
    for line in bare.split_inclusive('\n') {
        let words = line.trim();
        if words.starts_with('[') {
            break;
        }
        let shows = words.strip_prefix('#').map(str::trim_start);
        let shows = shows.and_then(|words| words.strip_prefix("baseline"));
        if shows.is_some_and(|rest| rest.trim_start().starts_with('=')) {
            let end = at + line.trim_end_matches(['\r', '\n']).len();
            return Edit {
                span: Span::new(offset(at), offset(end)),
                text: key,
            };
        }
        at += line.len();
    }
    let mut at = top;
    for line in bare.split_inclusive('\n') {
        if !line.starts_with('#') {
            // A comment right above a key belongs to it.
            let is_free = line.trim().is_empty();
            at = if is_free { at + line.len() } else { top };
            break;
        }
        at += line.len();
    }
    if at == text.len() && !bare.is_empty() && !bare.ends_with('\n') {
        return Edit::insert(at, format!("{line_break}{key}{line_break}"));
    }
    Edit::insert(at, format!("{key}{line_break}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;

    #[test]
    fn the_key_stands_before_every_table() {
        for (before, after) in [
            ("", "baseline = \"b.json\"\n"),
            ("[ladders]\n", "baseline = \"b.json\"\n[ladders]\n"),
            (
                "# about\n\n[ladders]\n",
                "# about\n\nbaseline = \"b.json\"\n[ladders]\n",
            ),
            (
                "# about\nexclude = []\n",
                "baseline = \"b.json\"\n# about\nexclude = []\n",
            ),
            ("# about", "# about\nbaseline = \"b.json\"\n"),
            ("a = 1\r\n", "baseline = \"b.json\"\r\na = 1\r\n"),
            (
                "# about\n\n# baseline = \"x.json\"\n\n[ladders]\n",
                "# about\n\nbaseline = \"b.json\"\n\n[ladders]\n",
            ),
            (
                "\u{feff}[ladders]\n# baseline = \"x\"\n",
                "\u{feff}baseline = \"b.json\"\n[ladders]\n# baseline = \"x\"\n",
            ),
        ] {
            let edit = name_baseline(before, "b.json");
            assert_eq!(apply(before, &[edit]), after, "{before:?}");
        }
    }
}
