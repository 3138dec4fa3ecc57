//! A text that is open in the editor.

use std::path::PathBuf;
use std::sync::Arc;

use lsp_types::{Position, Range, TextDocumentContentChangeEvent, Uri};

use super::positions::{Encoding, LineStarts};
use crate::base::source::Span;

/// The largest text that is taken, in bytes: no template comes near.
pub const LARGEST: usize = 512 << 20;

/// See the module.
#[derive(Clone, Debug)]
pub struct OpenText {
    /// As the editor writes it.
    pub uri: Uri,
    /// Where it stands, or would stand if it were a file.
    pub path: PathBuf,
    /// Whether no folder of the window holds it.
    pub is_loose: bool,
    pub version: i32,
    pub text: Arc<str>,
    lines: LineStarts,
}

impl OpenText {
    pub fn new(uri: Uri, path: PathBuf, version: i32, text: &str) -> Self {
        Self {
            uri,
            path,
            is_loose: false,
            version,
            lines: LineStarts::of(text),
            text: text.into(),
        }
    }

    /// Makes the changes one after the other. Whether the text is another one.
    pub fn change(
        &mut self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> bool {
        self.version = version;
        let before = Arc::clone(&self.text);
        for change in changes {
            let text = match change.range {
                None => change.text,
                Some(range) => {
                    let range = self.lines.bytes(&self.text, range, encoding);
                    let rest = self.text.len() - range.len();
                    let mut text = String::with_capacity(rest + change.text.len());
                    text.push_str(&self.text[..range.start]);
                    text.push_str(&change.text);
                    text.push_str(&self.text[range.end..]);
                    text
                }
            };
            self.lines = LineStarts::of(&text);
            self.text = text.into();
        }
        before != self.text
    }

    pub fn byte(&self, place: Position, encoding: Encoding) -> usize {
        self.lines.byte(&self.text, place, encoding)
    }

    pub fn bytes(&self, range: Range, encoding: Encoding) -> std::ops::Range<usize> {
        self.lines.bytes(&self.text, range, encoding)
    }

    pub fn range(&self, span: Span, encoding: Encoding) -> Range {
        self.lines.range(&self.text, span, encoding)
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    fn event(range: Option<[u32; 4]>, text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent {
            range: range.map(|[a, b, c, d]| Range::new(Position::new(a, b), Position::new(c, d))),
            range_length: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn changes_are_made_one_after_the_other() {
        let uri = Uri::from_str("file:///a.yaml").expect("a URI");
        let mut open = OpenText::new(uri, "/a.yaml".into(), 1, "one\ntwo é three\n");
        let changes = vec![
            event(Some([0, 0, 0, 3]), "ONE\nand"),
            event(Some([2, 4, 2, 6]), ""),
            event(Some([9, 9, 9, 9]), "end"),
        ];
        assert!(open.change(2, changes, Encoding::Utf16));
        assert_eq!(&*open.text, "ONE\nand\ntwo three\nend");
        assert!(open.change(3, vec![event(None, "new")], Encoding::Utf16));
        assert_eq!(&*open.text, "new");
        assert!(!open.change(4, vec![event(None, "new")], Encoding::Utf16));
        // Ends that are the wrong way round.
        assert!(open.change(5, vec![event(Some([0, 2, 0, 1]), "")], Encoding::Utf16));
        assert_eq!(&*open.text, "nw");
    }
}
