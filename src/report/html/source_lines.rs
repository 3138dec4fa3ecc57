//! The lines around a place, cut so that a page of thousands of them stays light.

use serde::Serialize;

use crate::base::source::{Source, Span};
use crate::report::snippet::floor;
use crate::report::visible;

/// Characters before, in and after the place.
const MOST: usize = 120;
/// Bytes before and after it that are looked through: a file may be one line.
const REACH: usize = 4_096;

/// One line.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExcerptLine {
    /// Its number in the file.
    pub number: u32,
    /// What stands before the place.
    pub before: String,
    /// The place.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mark: String,
    /// What stands after it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// The line of a place between its neighbours; none where there was no text to read.
pub fn around(source: &Source, span: Span) -> Vec<ExcerptLine> {
    let text = source.text();
    let span = source.one_line(span);
    let [start, end] = [span.start, span.end].map(|at| at as usize);
    let from = floor(text, start.saturating_sub(REACH));
    let to = floor(text, end.saturating_add(REACH));
    let (Some(head), Some(mark), Some(tail)) = (
        text.get(from..start),
        text.get(start..end),
        text.get(end..to),
    ) else {
        return Vec::new();
    };
    if text.is_empty() {
        return Vec::new();
    }
    let number = source.position(span.start).line;
    let (above, before) = head
        .rsplit_once('\n')
        .map_or((None, head), |(above, before)| (Some(above), before));
    // Where it begins is not seen if that is further away.
    let above = above.and_then(|above| match above.rsplit_once('\n') {
        Some((_, line)) => Some(line),
        None => (from == 0).then_some(above),
    });
    let (after, below) = tail
        .split_once('\n')
        .map_or((tail, None), |(after, below)| {
            (after, below.split('\n').next())
        });
    let beside = |number, line: &str| ExcerptLine {
        number,
        before: first(line, 2 * MOST),
        ..ExcerptLine::default()
    };
    let mut lines = Vec::new();
    lines.extend(above.map(|line| beside(number.saturating_sub(1), line)));
    lines.push(ExcerptLine {
        number,
        before: last(before),
        mark: first(mark, MOST),
        after: first(after, MOST),
    });
    let below = below.filter(|line| !line.trim().is_empty());
    lines.extend(below.map(|line| beside(number + 1, line)));
    lines
}

fn first(text: &str, most: usize) -> String {
    let text = text.trim_end();
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", shown(&text[..at])),
        None => shown(text),
    }
}

fn last(text: &str) -> String {
    match text.char_indices().rev().nth(MOST) {
        Some((at, c)) => format!("…{}", shown(&text[at + c.len_utf8()..])),
        None => shown(text),
    }
}

fn shown(text: &str) -> String {
    visible::line(text, true).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_stands_between_its_neighbours() {
        let source = Source::new("a", "one\r\n  two three\nfour\nfive".to_owned());
        let lines = around(&source, Span::new(7, 10));
        let texts: Vec<_> = lines
            .iter()
            .map(|line| (line.number, &*line.before, &*line.mark, &*line.after))
            .collect();
        assert_eq!(
            texts,
            [
                (1, "one", "", ""),
                (2, "  ", "two", " three"),
                (3, "four", "", "")
            ]
        );
    }

    #[test]
    fn every_place_has_lines_and_none_is_long() {
        let text = format!("é{}\n\u{202e}\t{}", "x".repeat(5_000), "ü".repeat(5_000));
        let source = Source::new("a", text);
        let end = u32::try_from(source.text().len()).expect("small");
        for start in (0..=end + 2).step_by(97) {
            for line in around(&source, Span::new(start, end)) {
                let all = [&line.before, &line.mark, &line.after];
                assert!(all.iter().all(|part| part.chars().count() <= 2 * MOST + 1));
                assert!(!all.iter().any(|part| part.contains('\u{202e}')));
            }
        }
        assert!(around(&Source::new("a", String::new()), Span::default()).is_empty());
    }
}
