//! What stands between: spaces, line breaks and comments. And words.

use super::{Lines, Parser, Step};
use crate::base::source::Span;
use crate::syntax::skip::skip_spaces;
use crate::syntax::{ParseError, offset};

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// To the next thing that means something here.
    pub(super) fn skip(&mut self) -> Step {
        loop {
            match self.peek() {
                Some(b' ') => self.at = skip_spaces(self.bytes, self.at),
                Some(b'\t') => self.at += 1,
                Some(b'\n') if self.lines == Lines::Free => self.at += 1,
                Some(b'\r') if self.lines == Lines::Free && self.is_line_end() => self.at += 2,
                Some(b'#') => self.comment(),
                Some(b'/') => match self.bytes.get(self.at + 1) {
                    Some(b'/') => self.comment(),
                    Some(b'*') => self.long_comment()?,
                    _ => return Ok(()),
                },
                _ => return Ok(()),
            }
        }
    }

    /// To the next item of a body.
    pub(super) fn skip_lines(&mut self) -> Step {
        let before = std::mem::replace(&mut self.lines, Lines::Free);
        let skipped = self.skip();
        self.lines = before;
        skipped
    }

    /// Whether the line ends here.
    pub(super) fn is_line_end(&self) -> bool {
        match self.peek() {
            Some(b'\n') => true,
            Some(b'\r') => self.bytes.get(self.at + 1) == Some(&b'\n'),
            _ => false,
        }
    }

    /// A comment up to the end of its line.
    fn comment(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        let end = match rest[..length].last() {
            Some(b'\r') if length < rest.len() => self.at - 1,
            _ => self.at,
        };
        self.note(start, end);
    }

    fn long_comment(&mut self) -> Step {
        let start = self.at;
        let rest = &self.bytes[start + 2..];
        let Some(length) = memchr::memmem::find(rest, b"*/") else {
            return Err(ParseError::new("this comment never ends", start, start + 2));
        };
        self.at = start + 2 + length + 2;
        self.note(start, self.at);
        Ok(())
    }

    /// Keeps a comment, unless it was met before: after an error some text is read again.
    fn note(&mut self, start: usize, end: usize) {
        let comments = &mut self.document.comments;
        let start = offset(start);
        if comments.last().is_none_or(|last| last.end <= start) {
            comments.push(Span::new(start, offset(end)));
        }
    }

    /// Whether a word begins here.
    pub(super) fn starts_word(&self) -> bool {
        match self.peek() {
            Some(byte) if byte.is_ascii() => byte.is_ascii_alphabetic() || byte == b'_',
            Some(_) => self.character().is_some_and(unicode_ident::is_xid_start),
            None => false,
        }
    }

    /// The word that begins here.
    pub(super) fn word(&mut self) -> Option<Span> {
        if !self.starts_word() {
            return None;
        }
        let start = self.at;
        loop {
            match self.peek() {
                Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') => {
                    self.at += 1;
                }
                Some(byte) if !byte.is_ascii() => match self.character() {
                    Some(character) if unicode_ident::is_xid_continue(character) => {
                        self.at += character.len_utf8();
                    }
                    _ => break,
                },
                _ => break,
            }
        }
        Some(Span::new(offset(start), offset(self.at)))
    }

    fn character(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }
}
