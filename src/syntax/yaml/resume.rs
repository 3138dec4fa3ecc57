//! The scanner's second pass, over a text that the first one refused: it notes each error, finds the next place where a line
//! can be trusted, and goes on there.
//!
//! Templates are written in lines, so lines and their indentation are what it trusts: a quote or a bracket is given up where
//! a line begins that can only be an entry outside of it. Each rule is linear; going back is limited to the text's length.

use super::brackets::Bracket;
use super::bytes::{break_length, is_blank_or_end, is_marker};
use super::keys::MISSING_COLON;
use super::scalars::OPEN_QUOTE;
use super::scan::{KEY, MAPPING, Scanned, Scanner, Token, What};
use crate::syntax::errors::Errors;
use crate::syntax::{Form, ParseError};

/// What only the second pass has to know.
#[derive(Default)]
pub(super) struct Resume {
    errors: Errors,
    pub(super) brackets: Vec<Bracket>,
    /// For each open block collection whether it is a sequence.
    pub(super) kinds: Vec<bool>,
    /// Where the last error was that moved on from its place: the next one has to be behind it.
    passed: usize,
    /// Up to here brackets have been given up, which is not done twice.
    pub(super) given_up: usize,
    /// Bytes that were scanned again.
    again: usize,
}

/// Scans the whole text; in what comes out all collections are closed.
pub(super) fn scan(text: &str) -> (Scanned, Errors) {
    let mut scanner = Scanner::new(text);
    scanner.resume = Some(Box::default());
    while let Err(error) = scanner.run() {
        scanner.pass(error);
    }
    let errors = scanner.resume.map(|resume| resume.errors);
    (scanner.out, errors.unwrap_or_default())
}

impl Scanner<'_> {
    pub(super) fn note(&mut self, error: ParseError) {
        if let Some(resume) = &mut self.resume {
            resume.errors.push(self.text, error);
        }
    }

    /// In the second pass an error is noted and no reason to stop.
    #[cold]
    pub(super) fn tolerate(&mut self, result: Result<(), ParseError>) -> Result<(), ParseError> {
        match result {
            Err(error) if self.resume.is_some() => {
                self.note(error);
                Ok(())
            }
            result => result,
        }
    }

    /// Notes an error and moves to where scanning can go on.
    fn pass(&mut self, error: ParseError) {
        let message = error.message.clone();
        self.note(error);
        if message == MISSING_COLON {
            return self.imply_colon();
        }
        self.key.possible = false;
        if message == OPEN_QUOTE && self.go_back(self.at, 0) {
            return self.rest_as_plain();
        }
        let passed = self.resume.as_ref().map_or(0, |resume| resume.passed);
        if self.at <= passed || self.in_flow() {
            self.at = self.next_character().max(passed + 1);
        }
        let bytes = self.bytes;
        while self.in_flow()
            && self.at < bytes.len()
            && break_length(bytes, self.at) == 0
            && !matches!(bytes[self.at], b',' | b'[' | b']' | b'{' | b'}')
        {
            self.at += 1;
        }
        if !self.in_flow() {
            self.skip_line();
        }
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.at = self.at.min(bytes.len());
        if let Some(resume) = &mut self.resume {
            resume.passed = self.at;
        }
    }

    fn next_character(&self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at + rest.chars().next().map_or(0, char::len_utf8)
    }

    /// Goes back to `place`, from `from` or from the current line; `false` where the text has been scanned often enough.
    pub(super) fn go_back(&mut self, place: usize, from: usize) -> bool {
        let farthest = self.line.max(self.at).max(from);
        self.at = place;
        self.line = self.line_start(place);
        let far = farthest - self.line;
        let Some(resume) = &mut self.resume else {
            return false;
        };
        resume.again += far;
        if resume.again > 8 * self.bytes.len() {
            self.at = self.bytes.len();
            return false;
        }
        true
    }

    fn line_start(&self, at: usize) -> usize {
        let mut start = at;
        while start > 0 {
            let mut before = start - 1;
            while !self.text.is_char_boundary(before) {
                before -= 1;
            }
            if break_length(self.bytes, before) > 0 {
                break;
            }
            start = before;
        }
        start
    }

    /// The end of the line that `at` is on.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let mut end = at;
        while end < self.bytes.len() && break_length(self.bytes, end) == 0 {
            end += 1;
        }
        end
    }

    /// Behind a quote that is never closed: what stands on its line, as if there were no quote.
    fn rest_as_plain(&mut self) {
        let start = self.at + 1;
        self.at = start;
        let mut result = self.plain_line(start);
        let written = self.text[start..self.at].trim_end_matches([' ', '\t']);
        if !written.is_empty() {
            let end = start + written.len();
            self.push(What::Scalar(Form::Plain), start, end);
            if !self.in_flow() && self.byte(self.at) == b':' && result.is_ok() {
                self.key.possible = self.key.token + 1 == self.out.tokens.len();
                result = self.value();
            }
        }
        if let Err(error) = result {
            self.pass(error);
        }
    }

    /// Whether a scalar in quotes that goes over several lines has swallowed the beginning of another one: text follows it,
    /// or its last line reads `key: "`.
    pub(super) fn is_swallowing(&self) -> bool {
        let follows = is_blank_or_end(self.bytes, self.at)
            || matches!(self.byte(self.at), b',' | b':' | b']' | b'}');
        let last = self.text[self.line..self.at - 1].trim_start_matches([' ', '-']);
        let key = last.trim_end_matches(' ').strip_suffix(':');
        !follows || (last.ends_with(' ') && key.is_some_and(is_word))
    }

    /// Whether the line at `at` can only be an entry of a block collection: `key:` or `- `.
    pub(super) fn is_block_line(&self, at: usize) -> bool {
        let bytes = self.bytes;
        if self.byte(at) == b'-' {
            return is_blank_or_end(bytes, at + 1);
        }
        let mut end = at;
        while is_word_byte(self.byte(end)) {
            if bytes[end] == b':' && is_blank_or_end(bytes, end + 1) {
                return end > at;
            }
            end += 1;
        }
        false
    }

    /// Where an unquoted scalar would go on with the line at the current place: whether that line is an entry of its own, or
    /// the scalar a key without its colon. Goes back to `stop`, the end of the scalar, if so.
    #[cold]
    pub(super) fn is_other_entry(&mut self, stop: usize) -> bool {
        let fresh = self.key.possible && self.key.token == self.out.tokens.len();
        let word = fresh && self.key.required && !self.in_flow();
        let other = word || (self.byte(self.at) != b'-' && self.is_block_line(self.at));
        other && {
            self.go_back(stop, 0);
            true
        }
    }

    /// Behind an unquoted scalar at the end of a line: whether it must be a key, because an entry follows that is not
    /// indented less.
    #[cold]
    pub(super) fn imply_colon_before_key(&mut self) -> Result<(), ParseError> {
        let fresh = self.key.possible && self.key.token + 1 == self.out.tokens.len();
        if self.in_flow() || !fresh || self.key.required {
            return Ok(());
        }
        let mut next = self.at;
        let mut line = self.line;
        loop {
            while self.byte(next) == b' ' {
                next += 1;
            }
            match break_length(self.bytes, next) {
                0 => break,
                length => next += length,
            }
            line = next;
        }
        let column = next as isize - line as isize;
        if column >= self.key.column && self.is_block_line(next) && self.is_word_at_key() {
            self.missing_colon()
                .or_else(|error| self.tolerate(Err(error)))?;
            self.imply_colon();
        }
        Ok(())
    }

    fn is_word_at_key(&self) -> bool {
        let token = self.out.tokens.get(self.key.token);
        token.is_some_and(|token| {
            matches!(token.what, What::Scalar(Form::Plain | Form::Quoted))
                && is_word(&self.text[token.start as usize..token.end as usize])
        })
    }

    /// Makes a key of a word that only lacks its colon; what is indented deeper below it becomes its value.
    fn imply_colon(&mut self) {
        self.key.possible = false;
        if !self.is_word_at_key() {
            return;
        }
        let at = self.key.token;
        let rest = &self.out.tokens[at + 1..];
        if !rest.iter().all(|token| token.what == What::BlockEnd) {
            return;
        }
        let end = self.out.tokens[at].end;
        let opens = rest.is_empty() && self.roll(self.key.column).unwrap_or(false);
        self.out.tokens[at].before = if opens { KEY | MAPPING } else { KEY };
        let value = Token {
            start: end,
            end,
            what: What::Value,
            before: 0,
        };
        self.out.tokens.insert(at + 1, value);
    }

    /// A line that is indented less than what is open, but cannot be an entry of anything: it is passed over, so that what is
    /// open goes on behind it. Says whether it was one.
    #[cold]
    pub(super) fn skips_line(&mut self) -> bool {
        let at = self.at;
        if at >= self.bytes.len() {
            return false;
        }
        let line = self.text[at..self.line_end(at)].trim_end();
        // One character typed into the indentation.
        let slip = self.byte(at) != b'-' && self.text.get(at + 1..at + 3) == Some("  ");
        if slip || self.is_between_deeper_lines(line) {
            let message = "this line's indentation fits none of the lines around it";
            self.note(ParseError::new(message, at, at + line.len()));
            self.skip_line();
            return true;
        }
        if self.is_block_line(at) {
            return false;
        }
        let first = self.byte(at);
        let content = match first {
            b'?' => is_blank_or_end(self.bytes, at + 1),
            b'-' | b'.' => self.column() == 0 && is_marker(self.bytes, at),
            b'%' => self.column() == 0,
            b'&' | b'*' | b'!' | b'\'' | b'"' => true,
            b',' | b'[' | b']' | b'{' | b'}' | b'|' | b'>' | b'@' | b'`' | b'\t' => false,
            _ => is_word(line) || line.contains(": ") || line.ends_with(':'),
        };
        if content {
            return false;
        }
        let message = match first {
            b']' | b'}' => "this bracket was never opened",
            _ => MISSING_COLON,
        };
        self.note(ParseError::new(message, at, at + line.len()));
        self.skip_line();
        true
    }

    /// Whether the next line goes on where the lines before this one were, more than one level deeper than this one: then it
    /// is not a part of this one, which got here by a slip.
    fn is_between_deeper_lines(&self, line: &str) -> bool {
        let mut next = self.line_end(self.at);
        let mut start = next;
        loop {
            while self.byte(next) == b' ' {
                next += 1;
            }
            if self.byte(next) == b'#' {
                next = self.line_end(next);
            }
            match break_length(self.bytes, next) {
                0 => break,
                length => next += length,
            }
            start = next;
        }
        let column = next as isize - start as isize;
        let open = |at: usize| self.indents.get(at).copied().unwrap_or(self.indent);
        let resumes = column == self.indent || self.indents.binary_search(&column).is_ok();
        // An item's first entry is on the item's own line.
        let dashes = line.len() - line.trim_start_matches(['-', ' ']).len();
        let own = self.column() + dashes as isize;
        let first_level = self.indents.partition_point(|&indent| indent <= own);
        let is_text = line.ends_with(['|', '>', '-', '+']);
        resumes && next < self.bytes.len() && open(first_level) + 1 < column && !is_text
    }

    /// Whether the innermost block collection goes on with a line that is indented less than it and more than the one around
    /// it, which fits neither. An entry of the same kind is taken for one that lacks a blank.
    #[cold]
    pub(super) fn stays_open(&mut self, column: isize) -> bool {
        let around = self.indents.last().copied().unwrap_or(-1);
        let sequence = self.resume.as_ref().and_then(|resume| resume.kinds.last());
        let same = sequence == Some(&(self.byte(self.at) == b'-'));
        let between =
            around < column && column + 1 == self.indent && same && self.is_block_line(self.at);
        if between {
            let message = "this line's indentation matches none of the lines above it";
            self.note(ParseError::new(message, self.line, self.at));
        }
        between
    }
}

/// What the keys of templates are made of.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/' | b'<' | b'$')
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_word_byte)
}
