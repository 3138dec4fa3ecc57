//! Lines of a source, found from a place in them and cut to what a reader can see. Nothing here looks further than a few
//! thousand bytes.

use unicode_width::UnicodeWidthChar;

use crate::base::source::{Source, Span};
use crate::report::visible;

/// Bytes that are looked through for the beginning or the end of a line; a longer line is cut.
const REACH: usize = 2048;
/// Columns between tab stops.
pub const TAB: usize = 4;

/// A line of the source, or the part of it that is near.
#[derive(Clone, Copy)]
pub struct Line {
    /// First byte.
    pub start: usize,
    /// One past the last byte, without the line break.
    pub end: usize,
    /// The line begins before `start`.
    pub cut: bool,
    /// The line ends after `end`.
    pub more: bool,
}

/// The line of a span, as far as it is near.
pub fn line_around(text: &str, span: Span) -> Line {
    let (from, to) = (
        floor(text, span.start as usize),
        floor(text, span.end as usize),
    );
    let near = floor(text, from.saturating_sub(REACH));
    let begin = text[near..from].rfind('\n').map(|at| near + at + 1);
    let (end, more) = line_end(text, to);
    Line {
        start: begin.unwrap_or(near),
        end,
        cut: begin.is_none() && near > 0,
        more,
    }
}

pub fn line_before(text: &str, line: Line) -> Option<Line> {
    let end = line.start.checked_sub(1).filter(|_| !line.cut)?;
    let near = floor(text, end.saturating_sub(REACH));
    let start = match text[near..end].rfind('\n') {
        Some(at) => near + at + 1,
        None if near == 0 => 0,
        None => return None,
    };
    Some(Line {
        start,
        end: start + text[start..end].trim_end_matches('\r').len(),
        cut: false,
        more: false,
    })
}

pub fn line_after(text: &str, line: Line) -> Option<Line> {
    if line.more {
        return None;
    }
    let start = line.end + text[line.end..].find('\n')? + 1;
    let (end, more) = line_end(text, start);
    (start < text.len()).then_some(Line {
        start,
        end,
        cut: false,
        more,
    })
}

/// The end of the line on which a byte stands, without its line break, and whether it goes on beyond.
fn line_end(text: &str, from: usize) -> (usize, bool) {
    let far = floor(text, from.saturating_add(REACH));
    match text[from..far].find('\n') {
        Some(at) => (
            from + text[from..from + at].trim_end_matches('\r').len(),
            false,
        ),
        None => (far, far < text.len()),
    }
}

/// The part of a line that fits, with the mark in it.
pub fn window(source: &Source, line: Line, mark: Option<Span>, width: usize) -> Line {
    let text = source.text();
    let mut line = line;
    let first = line.start == 0;
    if first && !line.cut {
        // A byte order mark takes no column; an excerpt begins in the middle of a line.
        line.start += text
            .strip_prefix('\u{feff}')
            .map_or(0, |_| '\u{feff}'.len_utf8());
        line.cut = source.origin().column > 1;
    }
    let room = width.saturating_sub(6);
    let fits = |from: usize, to: usize, most: usize| {
        if visible::is_plain(&text[from..to]) {
            return to.min(from.saturating_add(most));
        }
        let mut taken = 0;
        for (at, c) in text[from..to].char_indices() {
            taken += advance(taken, c);
            if taken > most {
                return from + at;
            }
        }
        to
    };
    if let Some(mark) = mark {
        let (from, to) = (
            floor(text, mark.start as usize),
            floor(text, mark.end as usize),
        );
        // A mark that ends beyond the edge moves to the first third.
        if from >= line.start
            && fits(line.start, to.max(from).min(line.end), room) < to.min(line.end)
        {
            let mut start = from;
            let mut taken = 0;
            for (at, c) in text[line.start..from].char_indices().rev() {
                taken += advance(0, c);
                if taken > room / 3 {
                    break;
                }
                start = line.start + at;
            }
            line.cut |= start > line.start;
            line.start = start;
        }
    }
    let end = fits(line.start, line.end, room);
    line.more |= end < line.end;
    line.end = end;
    line
}

fn advance(column: usize, c: char) -> usize {
    match c {
        '\t' => TAB - column % TAB,
        _ if visible::acts(c) => 1,
        _ => c.width().unwrap_or(1),
    }
}

pub fn columns(text: &str) -> usize {
    if visible::is_plain(text) {
        return text.len();
    }
    text.chars()
        .fold(0, |column, c| column + advance(column, c))
}

/// The nearest place at or before a byte that splits no character.
pub fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}
