//! Text to tokens, as libyaml does it: its rules are the ones that the other tools around templates live by, so this
//! follows its scanner step by step where the two could differ.
//!
//! One difference in form: libyaml inserts a KEY token (and perhaps a BLOCK-MAPPING-START) in front of what turns out to
//! be a simple key. Here that token carries the insertion as a flag, so nothing ever moves and no text makes it quadratic.

use super::bytes::{CLASS, LINE_STOP, break_length, check_characters, is_blank_or_end, is_marker};
use super::keys::SimpleKey;
use super::resume::Resume;
use super::{MAX_DEPTH, TOO_DEEP};
use crate::base::source::Span;
use crate::syntax::skip::skip_spaces;
use crate::syntax::{Block, ParseError, offset};

/// What a token is. The scalar forms are those of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    StreamEnd,
    /// The scanner could not go on; its error is kept beside the tokens.
    Broken,
    VersionDirective,
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockMappingStart,
    BlockSequenceStart,
    BlockEnd,
    FlowMappingStart,
    FlowMappingEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowEntry,
    BlockEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar(super::Form),
}

/// The token begins a simple key: a KEY stands before it.
pub(super) const KEY: u8 = 1;
/// That key opens a block mapping: a BLOCK-MAPPING-START stands before the KEY.
pub(super) const MAPPING: u8 = 2;

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) what: What,
    /// `KEY` and `MAPPING`.
    pub(super) before: u8,
}

/// What the scanner leaves behind.
pub(super) struct Scanned {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Span>,
    /// In order; `node` holds the token until the tree is built.
    pub(super) blocks: Vec<Block>,
    pub(super) error: Option<ParseError>,
}

pub(super) struct Scanner<'s> {
    pub(super) text: &'s str,
    pub(super) bytes: &'s [u8],
    pub(super) at: usize,
    /// Where the current line begins, so that `at - line` is the column.
    pub(super) line: usize,
    /// Column of the innermost block collection, -1 outside of any.
    pub(super) indent: isize,
    pub(super) indents: Vec<isize>,
    pub(super) simple_key_allowed: bool,
    pub(super) key: SimpleKey,
    /// The simple keys of the brackets around the current place.
    pub(super) keys: Vec<SimpleKey>,
    pub(super) out: Scanned,
    /// Only in the second, lenient pass over a broken text.
    pub(super) resume: Option<Box<Resume>>,
}

/// Scans the whole text. Its first error ends the tokens with [`What::Broken`], so that what came before is still judged first.
pub(super) fn scan(text: &str) -> Scanned {
    let mut scanner = Scanner::new(text);
    if let Err(error) = check_characters(text).and_then(|()| scanner.run()) {
        scanner.out.error = Some(error);
        scanner.push(What::Broken, scanner.at, scanner.at);
    }
    scanner.out
}

impl<'s> Scanner<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            bytes: text.as_bytes(),
            at,
            line: at,
            indent: -1,
            indents: Vec::with_capacity(16),
            simple_key_allowed: true,
            key: SimpleKey::default(),
            keys: Vec::new(),
            out: Scanned {
                tokens: Vec::with_capacity(text.len() / 10 + 8),
                comments: Vec::new(),
                blocks: Vec::new(),
                error: None,
            },
            resume: None,
        }
    }

    /// The byte at `at`; 0, which no text holds, past the end.
    #[inline]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn column(&self) -> isize {
        self.at as isize - self.line as isize
    }

    #[inline]
    pub(super) fn in_flow(&self) -> bool {
        !self.keys.is_empty()
    }

    #[inline]
    pub(super) fn push(&mut self, what: What, start: usize, end: usize) {
        self.out.tokens.push(Token {
            start: offset(start),
            end: offset(end),
            what,
            before: 0,
        });
    }

    pub(super) fn error<T>(&self, message: &'static str, start: usize) -> Result<T, ParseError> {
        let length = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next());
        let end = self.at + length.map_or(0, char::len_utf8);
        Err(ParseError::new(message, start.min(end), end))
    }

    /// Goes past the line break at `at`, if there is one.
    #[inline]
    pub(super) fn skip_break(&mut self) -> bool {
        let length = break_length(self.bytes, self.at);
        if length == 0 {
            return false;
        }
        self.at += length;
        self.line = self.at;
        true
    }

    /// Scans up to the end of the text or the next error; may be called again behind that.
    pub(super) fn run(&mut self) -> Result<(), ParseError> {
        loop {
            self.skip_to_token();
            if !self.in_flow() && self.indent > self.column() {
                if self.resume.is_some() && self.skips_line() {
                    continue;
                }
                self.unroll(self.column());
            }
            let start = self.at;
            let byte = self.byte(start);
            let bytes = self.bytes;
            let blank_follows = || is_blank_or_end(bytes, start + 1);
            match byte {
                0 if self.in_flow() && self.resume.is_some() => {
                    self.give_up_brackets();
                }
                0 => return self.stream_end(),
                b'%' if self.column() == 0 => {
                    self.unroll(-1);
                    self.drop_key()?;
                    self.simple_key_allowed = false;
                    self.directive()?;
                }
                b'-' | b'.' if self.column() == 0 && is_marker(self.bytes, start) => {
                    self.unroll(-1);
                    self.drop_key()?;
                    self.simple_key_allowed = false;
                    self.at += 3;
                    let starts = byte == b'-';
                    let what = if starts {
                        What::DocumentStart
                    } else {
                        What::DocumentEnd
                    };
                    self.push(what, start, self.at);
                }
                b'[' | b'{' => self.open(byte)?,
                b']' | b'}' => self.close(byte)?,
                b',' => {
                    self.drop_key()?;
                    self.simple_key_allowed = true;
                    self.at += 1;
                    self.push(What::FlowEntry, start, self.at);
                }
                b'-' if blank_follows() => self.block_entry()?,
                b'?' if self.in_flow() || blank_follows() => self.explicit_key()?,
                b':' if self.in_flow() || blank_follows() => self.value()?,
                b'*' | b'&' => {
                    self.save_key()?;
                    self.simple_key_allowed = false;
                    self.anchor()?;
                }
                b'!' => {
                    self.save_key()?;
                    self.simple_key_allowed = false;
                    self.tag()?;
                }
                b'|' | b'>' if !self.in_flow() => {
                    self.drop_key()?;
                    self.simple_key_allowed = true;
                    self.block_scalar()?;
                }
                b'\'' | b'"' => {
                    self.save_key()?;
                    self.simple_key_allowed = false;
                    self.quoted(byte)?;
                }
                b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => {
                    return self.error("found a character that cannot start any token", start);
                }
                _ => {
                    self.save_key()?;
                    self.simple_key_allowed = false;
                    self.plain()?;
                }
            }
        }
    }

    /// Blanks, comments and line breaks. A tab may not be part of what could be indentation.
    #[inline]
    fn skip_to_token(&mut self) {
        loop {
            if self.at == self.line && self.bytes[self.at..].starts_with(b"\xEF\xBB\xBF") {
                // A byte order mark at the start of a line is skipped, but takes a column.
                self.at += 3;
                self.line += 2;
            }
            let tabs = self.in_flow() || !self.simple_key_allowed;
            self.at = skip_spaces(self.bytes, self.at);
            while tabs && self.byte(self.at) == b'\t' {
                self.at = skip_spaces(self.bytes, self.at + 1);
            }
            let byte = self.byte(self.at);
            if byte == b'#' {
                self.comment();
            }
            if !self.skip_break() {
                return;
            }
            if !self.in_flow() {
                self.simple_key_allowed = true;
            } else if self.resume.is_some() {
                self.check_line_in_brackets();
            }
        }
    }

    /// Records the comment at `at` and stops at the line break behind it.
    pub(super) fn comment(&mut self) {
        let start = self.at;
        self.skip_line();
        let span = Span::new(offset(start), offset(self.at));
        self.out.comments.push(span);
    }

    /// Stops at the next line break or at the end of the text.
    #[inline]
    pub(super) fn skip_line(&mut self) {
        loop {
            while self.at < self.bytes.len()
                && CLASS[usize::from(self.bytes[self.at])] & LINE_STOP == 0
            {
                self.at += 1;
            }
            if self.at >= self.bytes.len() || break_length(self.bytes, self.at) > 0 {
                return;
            }
            self.at += 1;
        }
    }

    /// Closes block collections that are indented deeper than `column`.
    #[inline]
    pub(super) fn unroll(&mut self, column: isize) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            if self.resume.is_some() && self.stays_open(column) {
                return;
            }
            self.push(What::BlockEnd, self.at, self.at);
            self.indent = self.indents.pop().unwrap_or(-1);
            if let Some(resume) = &mut self.resume {
                resume.kinds.pop();
            }
        }
    }

    /// Opens a block collection at `column` unless one is open there; says whether it did.
    #[inline]
    pub(super) fn roll(&mut self, column: isize) -> Result<bool, ParseError> {
        if self.in_flow() || self.indent >= column {
            return Ok(false);
        }
        if self.indents.len() >= MAX_DEPTH {
            return self.error(TOO_DEEP, self.at);
        }
        self.indents.push(self.indent);
        if let Some(resume) = &mut self.resume {
            resume.kinds.push(self.bytes.get(self.at) == Some(&b'-'));
        }
        self.indent = column;
        Ok(true)
    }

    fn stream_end(&mut self) -> Result<(), ParseError> {
        self.unroll(-1);
        self.drop_key()?;
        self.push(What::StreamEnd, self.at, self.at);
        Ok(())
    }

    fn open(&mut self, byte: u8) -> Result<(), ParseError> {
        self.save_key()?;
        if self.keys.len() >= MAX_DEPTH {
            return self.error(TOO_DEEP, self.at);
        }
        if self.resume.is_some() {
            self.note_bracket(byte);
        }
        self.keys.push(std::mem::take(&mut self.key));
        self.simple_key_allowed = true;
        let what = if byte == b'[' {
            What::FlowSequenceStart
        } else {
            What::FlowMappingStart
        };
        self.at += 1;
        self.push(what, self.at - 1, self.at);
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), ParseError> {
        self.drop_key()?;
        if self.resume.is_some() && !self.has_bracket(byte) {
            self.at += 1;
            return Ok(());
        }
        self.close_bracket(byte);
        Ok(())
    }

    #[inline]
    pub(super) fn close_bracket(&mut self, byte: u8) {
        if let Some(outer) = self.keys.pop() {
            self.key = outer;
        }
        self.simple_key_allowed = false;
        let what = if byte == b']' {
            What::FlowSequenceEnd
        } else {
            What::FlowMappingEnd
        };
        self.at += 1;
        self.push(what, self.at - 1, self.at);
    }

    fn block_entry(&mut self) -> Result<(), ParseError> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return self.error("block sequence entries are not allowed here", self.at);
            }
            if self.roll(self.column())? {
                self.push(What::BlockSequenceStart, self.at, self.at);
            }
        }
        self.drop_key()?;
        self.simple_key_allowed = true;
        self.at += 1;
        self.push(What::BlockEntry, self.at - 1, self.at);
        Ok(())
    }
}
