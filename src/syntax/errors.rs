//! What is wrong with a text, and where.

use std::borrow::Cow;

use super::{Document, offset};
use crate::base::source::Span;

/// Most errors that are reported for one text. Behind the first few, most follow from those before, and nobody mends more
/// than a screen of them before looking again.
pub const MAX_ERRORS: usize = 20;

/// What could be read of a text.
#[derive(Debug)]
pub struct Parsed<'s> {
    /// The whole tree if there are no errors. Otherwise what stands outside of the broken lines, and of these what is sure: a
    /// half-typed key without a value, a string up to the end of its line.
    pub document: Document<'s>,
    /// The first is the one that `yaml` or `json` refuses the text for. The others follow in the
    /// order of the text, one a line at most and no more than [`MAX_ERRORS`] in all.
    ///
    /// An unclosed quote or bracket is often noticed late, so another error may stand before the first one.
    pub errors: Vec<ParseError>,
}

impl<'s> Parsed<'s> {
    /// All or nothing.
    ///
    /// # Errors
    ///
    /// The first error, if there is one.
    pub fn strict(self) -> Result<Document<'s>, ParseError> {
        match self.errors.into_iter().next() {
            None => Ok(self.document),
            Some(error) => Err(error),
        }
    }
}

/// Why a text could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong: starts lower case, ends without a dot.
    pub message: Cow<'static, str>,
    /// Where it is wrong; always inside of the text.
    pub span: Span,
}

impl ParseError {
    pub(super) fn new(message: impl Into<Cow<'static, str>>, start: usize, end: usize) -> Self {
        Self {
            message: message.into(),
            span: Span::new(offset(start), offset(end)),
        }
    }
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}

/// The errors of one pass, which come in the order of the text: the first of each line, up to [`MAX_ERRORS`].
#[derive(Default)]
pub(super) struct Errors {
    found: Vec<ParseError>,
    /// From the last one to the end of its line.
    line: std::ops::Range<usize>,
}

impl Errors {
    pub(super) fn push(&mut self, text: &str, error: ParseError) {
        let start = error.span.start as usize;
        if self.found.len() >= MAX_ERRORS || self.line.contains(&start) {
            return;
        }
        self.line = start..line_end(text, start);
        self.found.push(error);
    }

    /// Those that are kept.
    pub(super) fn into_found(self) -> Vec<ParseError> {
        self.found
    }

    /// `first`, then the errors of all passes on other lines than its own.
    pub(super) fn merge(text: &str, first: ParseError, passes: [Self; 2]) -> Vec<ParseError> {
        let mut others: Vec<_> = passes.into_iter().flat_map(|pass| pass.found).collect();
        others.sort_by_key(|error| error.span.start);
        let start = first.span.start as usize;
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let mut errors = vec![first];
        let mut last = None;
        for error in others {
            let start = error.span.start as usize;
            let same = (line_start..line_end(text, line_start)).contains(&start);
            if same || last.is_some_and(|end| start < end) || errors.len() >= MAX_ERRORS {
                continue;
            }
            last = Some(line_end(text, start));
            errors.push(error);
        }
        errors
    }
}

/// One past the line break behind `at`; more than any place of the text in its last line.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(text.len() + 1, |length| at + length + 1)
}
