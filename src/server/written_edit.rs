//! A change of one file as the editor makes it: with places to fill in where it can, else as plain text.

use std::path::{Path, PathBuf};

use lsp_types::{TextEdit, Uri};
use serde_json::{Value, json};

use super::client::{Client, Snippets};
use super::positions::LineStarts;
use crate::base::source::Span;
use crate::edit::Edit;

/// Where a reason is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonHome {
    /// On the resource.
    Beside,
    Ledger,
}

/// What a person fills in: the word that stands there until then, and the words to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    pub word: String,
    pub choices: Vec<String>,
}

/// The change of one file.
#[derive(Clone, Debug)]
pub struct FileEdit {
    pub file: PathBuf,
    /// The file, as it is shown.
    pub shown: String,
    pub kept: ReasonHome,
    /// The text that is changed; none where there is no file yet.
    pub before: Option<String>,
    pub edits: Vec<Edit>,
    /// In the order in which they are filled in.
    pub blanks: Vec<Blank>,
}

impl FileEdit {
    /// What makes one text of another: the part in which they differ.
    pub fn between(file: PathBuf, shown: String, before: Option<String>, after: &str) -> Self {
        let old = before.as_deref().unwrap_or_default();
        let mut start = old
            .bytes()
            .zip(after.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        while !old.is_char_boundary(start) || !after.is_char_boundary(start) {
            start -= 1;
        }
        let (rest, new) = (&old[start..], &after[start..]);
        let same = rest.bytes().rev().zip(new.bytes().rev());
        let mut end = same.take_while(|(a, b)| a == b).count();
        while !rest.is_char_boundary(rest.len() - end) || !new.is_char_boundary(new.len() - end) {
            end -= 1;
        }
        let span = Span::new(super::offset(start), super::offset(old.len() - end));
        let text = new[..new.len() - end].to_owned();
        Self {
            file,
            shown,
            kept: ReasonHome::Beside,
            before,
            edits: vec![Edit { span, text }],
            blanks: Vec::new(),
        }
    }
}

/// The name and the version of a text that the editor holds open.
type OpenTexts<'e> = dyn Fn(&Path) -> Option<(Uri, Option<i32>)> + 'e;

/// Writes edits for one editor.
pub struct EditWriter<'e> {
    /// The URI of a file, and its version where it is open.
    pub open: &'e OpenTexts<'e>,
}

impl EditWriter<'_> {
    /// A `WorkspaceEdit`; none where this editor can't make it.
    pub fn write(&self, edit: &FileEdit, client: &Client) -> Option<Value> {
        let (uri, version) = (self.open)(&edit.file)?;
        let text = edit.before.as_deref().unwrap_or_default();
        let lines = LineStarts::of(text);
        let is_new = edit.before.is_none();
        if is_new && !(client.creates_files && client.document_changes) {
            return None;
        }
        // Places to fill in need a versioned edit, and cannot be chosen in a file that is not there yet.
        let snippets = match edit.blanks.is_empty() || !client.document_changes || is_new {
            true => Snippets::None,
            false => client.snippets,
        };
        let edits = edit.edits.iter().map(|one| {
            let one = match snippets {
                Snippets::None => one.clone(),
                _ => from_line_start(text, one),
            };
            let range = lines.range(text, one.span, client.encoding);
            match snippets {
                Snippets::None => json!(TextEdit::new(range, one.text.clone())),
                Snippets::Standard => json!({
                    "range": range,
                    "snippet": {"kind": "snippet", "value": snippet(&one.text, &edit.blanks)},
                }),
                Snippets::Experimental => json!({
                    "range": range,
                    "newText": snippet(&one.text, &edit.blanks),
                    "insertTextFormat": 2,
                }),
            }
        });
        let edits: Vec<Value> = edits.collect();
        if !client.document_changes {
            return Some(json!({"changes": {uri.as_str(): edits}}));
        }
        let change = json!({"textDocument": {"uri": uri, "version": version}, "edits": edits});
        let changes = match is_new {
            true => {
                json!([{"kind": "create", "uri": uri, "options": {"ignoreIfExists": true}}, change])
            }
            false => json!([change]),
        };
        Some(json!({"documentChanges": changes}))
    }
}

/// The same insertion from the start of a line on, where it begins with a line break: an editor gives the further lines of a
/// snippet the indentation of the line in which it begins.
fn from_line_start(text: &str, edit: &Edit) -> Edit {
    let at = edit.span.start as usize;
    for line_break in ["\r\n", "\n"] {
        if edit.span.is_empty()
            && let Some(rest) = edit.text.strip_prefix(line_break)
            && text[at..].starts_with(line_break)
        {
            let at = super::offset(at + line_break.len());
            return Edit {
                span: Span::new(at, at),
                text: format!("{rest}{line_break}"),
            };
        }
    }
    edit.clone()
}

/// A text with places to fill in, in the form of TextMate's snippets.
fn snippet(text: &str, blanks: &[Blank]) -> String {
    let mut out = escaped(text, &['\\', '$', '}']);
    for (number, blank) in (1..).zip(blanks) {
        let word = escaped(&blank.word, &['\\', '$', '}']);
        let place = match blank.choices.is_empty() {
            true => format!("${{{number}:{word}}}"),
            false => {
                let own = std::iter::once(&blank.word);
                let others = blank.choices.iter().filter(|one| **one != blank.word);
                let all = own
                    .chain(others)
                    .map(|one| escaped(one, &['\\', '$', '}', ',', '|']));
                format!("${{{number}|{}|}}", all.collect::<Vec<_>>().join(","))
            }
        };
        out = out.replacen(&word, &place, 1);
    }
    out
}

fn escaped(text: &str, marks: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if marks.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_changed() {
        let between = |before: &str, after: &str| {
            let edit = FileEdit::between("/a".into(), "a".into(), Some(before.into()), after);
            assert_eq!(crate::edit::apply(before, &edit.edits), after);
            let one = &edit.edits[0];
            (one.span.start, one.span.end, one.text.clone())
        };
        assert_eq!(between("one two", "one 2 two"), (4, 4, "2 ".into()));
        assert_eq!(between("aé", "aè"), (1, 3, "è".into()));
        assert_eq!(between("", "new\n"), (0, 0, "new\n".into()));
        assert_eq!(between("aaa", "aa"), (2, 3, String::new()));
        assert_eq!(between("same", "same"), (4, 4, String::new()));
    }

    #[test]
    fn a_snippet_begins_with_a_line() {
        let insert = |at: u32, text: &str| Edit {
            span: Span::new(at, at),
            text: text.to_owned(),
        };
        let text = "  a: 1\n  b: 2";
        assert_eq!(
            from_line_start(text, &insert(6, "\n  c: 3")),
            insert(7, "  c: 3\n")
        );
        for one in [
            insert(3, "\n  c: 3"),
            insert(13, "\n  c: 3"),
            insert(7, "  c: 3\n"),
        ] {
            assert_eq!(from_line_start(text, &one), one);
        }
    }

    #[test]
    fn a_snippet_has_its_places_and_nothing_else_that_acts() {
        let blank = |word: &str, choices: &[&str]| Blank {
            word: word.into(),
            choices: choices.iter().map(|one| (*one).to_owned()).collect(),
        };
        let blanks = [blank("licence", &["a,b", "licence"]), blank("why", &[])];
        assert_eq!(
            snippet("{because: licence, reason: why} # $HOME\\", &blanks),
            "{because: ${1|licence,a\\,b|}, reason: ${2:why}\\} # \\$HOME\\\\"
        );
    }
}
