//! The lines around a finding, as miette draws them. Only what is shown is copied out of the source, line by line and no
//! wider than the terminal, so a finding in a minified file costs as much as any other.

use std::collections::BTreeMap;
use std::fmt;

use super::pretty::Style;
use super::style::wrap;
use super::visible;
use crate::base::finding::Severity;
use crate::base::source::{Source, Span};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

mod lines;

pub use lines::floor;

use lines::{Line, TAB, columns, line_after, line_around, line_before, window};

/// A label with less room than this beside its arrow stands below the snippet.
const ROOM: usize = 20;

/// A place to point at.
#[derive(Clone, Debug)]
pub struct Mark<'f> {
    /// Where; one line.
    pub span: Span,
    /// What to say there.
    pub label: &'f str,
    /// The finding's own place.
    pub primary: bool,
}

/// Draws the marks of one source, and says which labels found no room.
pub fn draw<'f>(
    source: &Source,
    marks: &[Mark<'f>],
    severity: Severity,
    style: &Style,
) -> (String, Vec<&'f str>) {
    let mut drawn = String::new();
    let mut homeless = Vec::new();
    let mut left: Vec<Mark<'f>> = marks.to_vec();
    while !left.is_empty() {
        let (snippet, rest) = Snippet::new(source, &left, style);
        homeless.extend(snippet.homeless.iter().copied());
        snippet.render(&mut drawn, severity, style);
        // Each round shows one mark at least.
        left = rest;
    }
    (drawn, homeless)
}

/// A line as it is drawn.
struct Row {
    number: u32,
    /// Into [`Snippet::text`], with the line break.
    start: usize,
    end: usize,
}

struct Shown {
    span: SourceSpan,
    label: Option<String>,
    primary: bool,
    column: u32,
}

struct Snippet<'f> {
    name: String,
    text: String,
    rows: Vec<Row>,
    shown: Vec<Shown>,
    homeless: Vec<&'f str>,
}

impl<'f> Snippet<'f> {
    fn new(source: &Source, marks: &[Mark<'f>], style: &Style) -> (Self, Vec<Mark<'f>>) {
        let text = source.text();
        // The lines to draw, with the marks on them; a mark that overlaps another waits for a snippet of its own.
        let mut lines: BTreeMap<u32, (Line, Vec<(usize, u32)>)> = BTreeMap::new();
        let mut rest = Vec::new();
        for (at, mark) in marks.iter().enumerate() {
            let place = source.position(mark.span.start);
            let line = line_around(text, mark.span);
            let (line, on) = lines.entry(place.line).or_insert((line, Vec::new()));
            let clash = on.iter().any(|(other, _)| {
                let other = marks[*other].span;
                mark.span.start < other.end.max(other.start + 1)
                    && other.start < mark.span.end.max(mark.span.start + 1)
            });
            let far = (mark.span.start as usize) < line.start || mark.span.end as usize > line.end;
            if !on.is_empty() && (clash || far) {
                rest.push(mark.clone());
            } else {
                on.push((at, place.column));
            }
        }
        for (number, line) in lines
            .iter()
            .map(|(number, (line, _))| (*number, *line))
            .collect::<Vec<_>>()
        {
            if let Some(before) = line_before(text, line) {
                lines.entry(number - 1).or_insert((before, Vec::new()));
            }
            if let Some(after) = line_after(text, line) {
                lines.entry(number + 1).or_insert((after, Vec::new()));
            }
        }

        let gutter = lines
            .keys()
            .last()
            .map_or(1, |number| number.to_string().len())
            + 4;
        let width = style.width.saturating_sub(gutter).max(2 * ROOM);
        let mut snippet = Self {
            name: visible::line(source.name(), style.unicode).into_owned(),
            text: String::new(),
            rows: Vec::new(),
            shown: Vec::new(),
            homeless: Vec::new(),
        };
        for (number, (line, on)) in lines {
            let on = on
                .into_iter()
                .map(|(at, column)| (&marks[at], column))
                .collect();
            rest.extend(snippet.push(source, number, line, on, width, style.unicode));
        }
        (snippet, rest)
    }

    /// Adds a line, cut to the width around its first mark; hands back the marks that the cut leaves out.
    fn push(
        &mut self,
        source: &Source,
        number: u32,
        line: Line,
        marks: Vec<(&Mark<'f>, u32)>,
        width: usize,
        unicode: bool,
    ) -> Vec<Mark<'f>> {
        let start = self.text.len();
        let window = window(
            source,
            line,
            marks.first().map(|(mark, _)| mark.span),
            width,
        );
        let ellipsis = if unicode { "…" } else { "..." };
        if window.cut {
            self.text.push_str(ellipsis);
        }
        // Where each byte that a mark begins or ends at has its place in the drawn line.
        let mut stops: BTreeMap<usize, usize> = BTreeMap::new();
        for (mark, _) in &marks {
            stops.insert(mark.span.start as usize, usize::MAX);
            stops.insert(mark.span.end as usize, usize::MAX);
        }
        let shown = &source.text()[window.start..window.end];
        if visible::is_plain(shown) {
            let from = self.text.len();
            for (stop, place) in &mut stops {
                *place = from + stop.saturating_sub(window.start).min(shown.len());
            }
            self.text.push_str(shown);
        } else {
            let mut waiting: Vec<usize> = stops.keys().rev().copied().collect();
            for (at, c) in shown.char_indices() {
                while waiting
                    .last()
                    .is_some_and(|stop| *stop <= window.start + at)
                {
                    stops.insert(waiting.pop().unwrap_or_default(), self.text.len());
                }
                self.text.push(if c == '\t' {
                    c
                } else {
                    visible::shown(c, unicode)
                });
            }
            for stop in waiting {
                stops.insert(stop, self.text.len());
            }
        }
        if window.more {
            self.text.push_str(ellipsis);
        }
        if self.text.len() == start && !marks.is_empty() {
            self.text.push(' ');
        }
        self.text.push('\n');
        self.rows.push(Row {
            number,
            start,
            end: self.text.len(),
        });

        let mut left = Vec::new();
        for (index, (mark, column)) in marks.into_iter().enumerate() {
            let outside = (mark.span.start as usize) >= window.end && window.more
                || (mark.span.start as usize) < window.start;
            if index > 0 && outside {
                left.push(mark.clone());
                continue;
            }
            let (from, to) = (
                stops[&(mark.span.start as usize)],
                stops[&(mark.span.end as usize)],
            );
            let to = to.max(from);
            let arrow = start + (from + to - 2 * start) / 2;
            let room =
                width.saturating_sub(columns(&self.text[start..floor(&self.text, arrow)]) + 4);
            let label = visible::line(mark.label, unicode);
            let label = if label.is_empty() {
                None
            } else if room < ROOM {
                self.homeless.push(mark.label);
                None
            } else {
                Some(wrap(&label, room, "", "").join("\n"))
            };
            self.shown.push(Shown {
                span: (from, to - from).into(),
                label,
                primary: mark.primary,
                column,
            });
        }
        left
    }

    fn render(&self, out: &mut String, severity: Severity, style: &Style) {
        let mut order: Vec<&Shown> = self.shown.iter().collect();
        order.sort_by_key(|shown| shown.span.offset());
        let colours = ThemeStyles::ansi();
        let own = match severity {
            Severity::Error => colours.error,
            Severity::Warning => colours.warning,
            Severity::Note => colours.advice,
        };
        let mut styles = if style.color {
            colours
        } else {
            ThemeStyles::none()
        };
        if style.color {
            let highlights = order.iter().map(|shown| {
                if shown.primary {
                    own
                } else {
                    styles.highlights[0]
                }
            });
            styles.highlights = highlights.collect();
        }
        let characters = if style.unicode {
            ThemeCharacters::unicode()
        } else {
            ThemeCharacters::ascii()
        };
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(style.width)
            .with_context_lines(1)
            .tab_width(TAB)
            .without_syntax_highlighting()
            .with_wrap_lines(false)
            .with_links(false);
        let mut drawn = String::with_capacity(2 * self.text.len() + 512);
        handler
            .render_report(&mut drawn, self)
            .expect("a text takes everything");
        // The head of a finding is not miette's: its empty message leaves an empty first line.
        let body = drawn.split_once('\n').map_or("", |(_, body)| body);
        out.push_str(body);
    }

    /// The row in which a byte of the drawn text stands.
    fn row(&self, byte: usize) -> Option<usize> {
        let at = self
            .rows
            .partition_point(|row| row.start <= byte)
            .checked_sub(1)?;
        (byte <= self.rows[at].end).then_some(at)
    }
}

impl SourceCode for Snippet<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let mut first = self.row(span.offset()).ok_or(MietteError::OutOfBounds)?;
        let mut last = first;
        let next = |row: usize| {
            row + 1 < self.rows.len() && self.rows[row + 1].number == self.rows[row].number + 1
        };
        while end > self.rows[last].end {
            if !next(last) {
                return Err(MietteError::OutOfBounds);
            }
            last += 1;
        }
        let column = self
            .shown
            .iter()
            .find(|shown| shown.span.offset() == span.offset());
        let column = column
            .filter(|_| before == 0)
            .map_or(0, |shown| shown.column - 1);
        for _ in 0..before {
            first -= usize::from(first > 0 && next(first - 1));
        }
        for _ in 0..after {
            last += usize::from(next(last));
        }
        let (start, end) = (self.rows[first].start, self.rows[last].end);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[start..end],
            (start, end - start).into(),
            self.rows[first].number as usize - 1,
            column as usize,
            last - first + 1,
        )))
    }
}

impl Diagnostic for Snippet<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.shown.iter().map(|shown| {
            if shown.primary {
                LabeledSpan::new_primary_with_span(shown.label.clone(), shown.span)
            } else {
                LabeledSpan::new_with_span(shown.label.clone(), shown.span)
            }
        })))
    }
}

impl std::error::Error for Snippet<'_> {}

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl fmt::Debug for Snippet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
