//! Ground floor: a text, a span of bytes in it, and the line and column where it stands.
//! Every message, and later every edit, is a span into a [`Source`]; nothing here knows YAML, JSON or a cloud.

#![warn(missing_docs)]

use std::sync::{Arc, OnceLock};

/// A half-open range of bytes in one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, in bytes. Texts are refused above 4 GiB, so `u32` holds every offset.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The bytes of `text` that this span covers; empty where the span lies outside of it or splits a character.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether no byte is covered.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A place in one of the files of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Index into the documents of the template; of a plan, into its excerpts.
    pub file: usize,
    /// The bytes.
    pub span: Span,
}

/// A place as a person counts it: line and column from 1, the column in characters, and the byte offset in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Bytes before this place in the file.
    pub offset: u64,
}

/// Bytes between two counts of lines and characters.
const BLOCK: usize = 1024;

/// What stands before a block.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    /// Line breaks.
    breaks: u32,
    /// Where the line begins in which the block does.
    line: u32,
}

/// One text and the name under which it is shown.
///
/// The text may be an excerpt of a larger file (a plan is never held whole): then `origin` says where it begins.
#[derive(Debug)]
pub struct Source {
    name: Arc<str>,
    text: String,
    origin: Position,
    /// What stands before each block of [`BLOCK`] bytes; counted when the first place is asked for.
    lines: OnceLock<Vec<Before>>,
    /// Characters before each block of [`BLOCK`] bytes, where the text is not all ASCII: a long line is not counted anew each time.
    characters: OnceLock<Option<Vec<u32>>>,
}

impl Source {
    /// A whole file under the name that is shown for it (relative to the working directory, with `/`).
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: String) -> Self {
        let origin = Position {
            line: 1,
            column: 1,
            offset: 0,
        };
        Self::excerpt(name, text, origin)
    }

    /// A part of a file that begins at `origin`.
    #[must_use]
    pub fn excerpt(name: impl Into<Arc<str>>, text: String, origin: Position) -> Self {
        Self {
            name: name.into(),
            text,
            origin,
            lines: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    /// The name under which this text is shown.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The text itself.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is no place to lead to: a file of which nothing was read. A place in a text that is not at hand is one.
    #[must_use]
    pub fn is_placeless(&self) -> bool {
        self.text.is_empty() && self.origin.offset == 0
    }

    /// Where the text begins in its file.
    #[must_use]
    pub fn origin(&self) -> Position {
        self.origin
    }

    /// Line, column and file offset of a byte of this text. A byte order mark takes no column.
    #[must_use]
    pub fn position(&self, byte: u32) -> Position {
        let byte = byte.min(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let Before {
            breaks: line,
            line: start,
        } = self.line_of(byte);
        let first = line == 0;
        let mark = u32::from(first && byte > 0 && self.text.starts_with('\u{feff}'));
        let characters = self.characters_before(byte) - self.characters_before(start) - mark;
        Position {
            line: self.origin.line + line,
            column: characters + if first { self.origin.column } else { 1 },
            offset: self.origin.offset + u64::from(byte),
        }
    }

    /// The span clipped to the line on which it starts, without the line break: what a primary span must be.
    #[must_use]
    pub fn one_line(&self, span: Span) -> Span {
        let text = span.of(&self.text);
        let end = text.find(['\n', '\r']).unwrap_or(text.len());
        let kept = text[..end].trim_end();
        Span::new(
            span.start,
            span.start + u32::try_from(kept.len()).unwrap_or(0),
        )
    }

    fn characters_before(&self, byte: u32) -> u32 {
        let bytes = self.text.as_bytes();
        let starts = |part: &[u8]| {
            let starts = part.iter().filter(|byte| (**byte as i8) >= -0x40);
            u32::try_from(starts.count()).unwrap_or(u32::MAX)
        };
        let blocks = self.characters.get_or_init(|| {
            let mut sum = 0;
            (!self.text.is_ascii()).then(|| {
                let blocks = bytes.chunks(BLOCK).map(|block| {
                    let before = sum;
                    sum += starts(block);
                    before
                });
                blocks.collect()
            })
        });
        let Some(blocks) = blocks else {
            return byte;
        };
        let block = (byte as usize / BLOCK).min(blocks.len().saturating_sub(1));
        blocks[block] + starts(&bytes[block * BLOCK..byte as usize])
    }

    /// The line of a byte: how many there are before it, and where it begins.
    fn line_of(&self, byte: u32) -> Before {
        let bytes = self.text.as_bytes();
        let blocks = self.lines.get_or_init(|| {
            let mut before = Before::default();
            let starts = (0_u32..).step_by(BLOCK);
            let blocks = bytes.chunks(BLOCK).zip(starts).map(|(block, start)| {
                let own = before;
                before = after(own, block, start);
                own
            });
            blocks.collect()
        });
        let block = (byte as usize / BLOCK).min(blocks.len().saturating_sub(1));
        let Some(before) = blocks.get(block) else {
            return Before::default();
        };
        let start = block * BLOCK;
        let start_byte = u32::try_from(start).unwrap_or(u32::MAX);
        after(*before, &bytes[start..byte as usize], start_byte)
    }
}

/// What stands before the end of a part of a text that begins at `start`.
fn after(before: Before, part: &[u8], start: u32) -> Before {
    match memchr::memrchr(b'\n', part) {
        None => before,
        Some(last) => {
            let breaks = memchr::memchr_iter(b'\n', &part[..=last]).count();
            Before {
                breaks: before.breaks + u32::try_from(breaks).unwrap_or(u32::MAX),
                line: start + u32::try_from(last + 1).unwrap_or(u32::MAX),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_skip_the_byte_order_mark() {
        let source = Source::new("t", "\u{feff}aé: x\r\nb".to_owned());
        let x = u32::try_from(source.text().find('x').expect("x is there")).expect("small");
        assert_eq!((source.position(x).line, source.position(x).column), (1, 5));
        let b = u32::try_from(source.text().find('b').expect("b is there")).expect("small");
        assert_eq!((source.position(b).line, source.position(b).column), (2, 1));
    }

    #[test]
    fn places_are_counted_across_blocks() {
        let lines = ["", "short", "é", &"long ".repeat(500), "\r", "end"];
        let text = lines.map(|line| line.to_owned() + "\n").concat().repeat(9);
        let source = Source::new("t", text);
        let (mut line, mut column) = (1, 1);
        for (at, c) in source.text().char_indices() {
            let place = source.position(u32::try_from(at).expect("small"));
            assert_eq!((place.line, place.column), (line, column), "{at}");
            (line, column) = match c {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            };
        }
        let end = source.position(u32::MAX);
        assert_eq!((end.line, end.column), (line, column));
    }

    #[test]
    fn an_excerpt_counts_from_where_it_begins() {
        let origin = Position {
            line: 7,
            column: 3,
            offset: 100,
        };
        let source = Source::excerpt("plan", "{\n  \"a\": 1}".to_owned(), origin);
        assert_eq!(source.position(0), origin);
        assert_eq!(
            source.position(4),
            Position {
                line: 8,
                column: 3,
                offset: 104
            }
        );
    }

    #[test]
    fn a_primary_span_is_one_line() {
        let source = Source::new("t", "Key: |\r\n  body\n".to_owned());
        assert_eq!(source.one_line(Span::new(0, 14)), Span::new(0, 6));
    }
}
