//! Places as editors count them: lines from 0, and columns in the units that were agreed on.

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::base::source::Span;

/// The units of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// What every client knows.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The one of those that a client offers that costs least here.
    pub fn agreed(offered: &[PositionEncodingKind]) -> Self {
        let offers = |kind: &PositionEncodingKind| offered.contains(kind);
        if offers(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offers(&PositionEncodingKind::UTF32) && !offers(&PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Clone, Debug)]
pub struct LineStarts(Vec<u32>);

impl LineStarts {
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_half = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !is_half {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self(starts)
    }

    /// Where a byte of the text stands; what is behind its end stands there.
    pub fn position(&self, text: &str, byte: usize, encoding: Encoding) -> Position {
        let byte = floor(text, byte);
        let line = self.0.partition_point(|start| *start as usize <= byte) - 1;
        let before = &text[self.0[line] as usize..byte];
        let units = match encoding {
            _ if before.is_ascii() => before.len(),
            Encoding::Utf8 => before.len(),
            _ => before.chars().map(|c| encoding.units(c)).sum(),
        };
        let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position::new(whole(line), whole(units))
    }

    pub fn range(&self, text: &str, span: Span, encoding: Encoding) -> Range {
        Range::new(
            self.position(text, span.start as usize, encoding),
            self.position(text, span.end as usize, encoding),
        )
    }

    /// The byte at a place. One behind the end of its line is that end, one in the middle of a character is its start.
    pub fn byte(&self, text: &str, place: Position, encoding: Encoding) -> usize {
        let Some(start) = self.0.get(place.line as usize) else {
            return text.len();
        };
        let start = *start as usize;
        let end = self.0.get(place.line as usize + 1);
        let line = &text[start..end.map_or(text.len(), |end| *end as usize)];
        let line = line.trim_end_matches(['\n', '\r']);
        let wanted = place.character as usize;
        if line.is_ascii() {
            return start + wanted.min(line.len());
        }
        let mut units = 0;
        for (at, c) in line.char_indices() {
            units += encoding.units(c);
            if units > wanted {
                return start + at;
            }
        }
        start + line.len()
    }

    /// The bytes between two places, in whatever order they are.
    pub fn bytes(&self, text: &str, range: Range, encoding: Encoding) -> std::ops::Range<usize> {
        let start = self.byte(text, range.start, encoding);
        let end = self.byte(text, range.end, encoding);
        start.min(end)..end.max(start)
    }
}

/// The nearest start of a character before or at a byte.
fn floor(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn a_place_is_the_same_there_and_back_in_each_encoding() {
        let text = "a: é𝄞x\r\nb\rc\n\nlast 𝄞";
        let lines = LineStarts::of(text);
        for encoding in ALL {
            for (byte, c) in text.char_indices() {
                if c == '\r' || c == '\n' {
                    continue;
                }
                let place = lines.position(text, byte, encoding);
                assert_eq!(
                    lines.byte(text, place, encoding),
                    byte,
                    "{byte} {encoding:?}"
                );
            }
        }
        let x = text.find('x').expect("it is there");
        let column = |encoding| lines.position(text, x, encoding).character;
        assert_eq!(ALL.map(column), [9, 6, 5]);
        let c = text.find("c\n").expect("it is there");
        assert_eq!(
            lines.position(text, c, Encoding::Utf16),
            Position::new(2, 0)
        );
    }

    #[test]
    fn a_place_that_is_not_there_is_the_nearest_one() {
        let text = "é𝄞\nb";
        let lines = LineStarts::of(text);
        let byte = |line, column, encoding| lines.byte(text, Position::new(line, column), encoding);
        // In the middle of a pair, and of the bytes of a character.
        assert_eq!(byte(0, 2, Encoding::Utf16), 2);
        assert_eq!(byte(0, 1, Encoding::Utf8), 0);
        assert_eq!(byte(0, 99, Encoding::Utf16), 6);
        assert_eq!(byte(7, 0, Encoding::Utf16), text.len());
        assert_eq!(
            lines.position(text, 999, Encoding::Utf8),
            Position::new(1, 1)
        );
        assert_eq!(lines.position(text, 1, Encoding::Utf8), Position::new(0, 0));
    }

    #[test]
    fn what_a_client_offers_is_agreed_on() {
        let kinds = |names: &[&'static str]| {
            let kinds = names.iter().map(|name| PositionEncodingKind::new(name));
            Encoding::agreed(&kinds.collect::<Vec<_>>())
        };
        assert_eq!(kinds(&[]), Encoding::Utf16);
        assert_eq!(kinds(&["utf-16", "utf-32"]), Encoding::Utf16);
        assert_eq!(kinds(&["utf-32"]), Encoding::Utf32);
        assert_eq!(kinds(&["utf-16", "utf-8"]), Encoding::Utf8);
    }
}
