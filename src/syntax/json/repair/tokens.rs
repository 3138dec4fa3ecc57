//! Space, strings and words of a broken text.

use super::{Expect, Repair};
use crate::syntax::Form;
use crate::syntax::skip::skip_string;

impl Repair<'_> {
    /// Space and, with an error, comments.
    pub(super) fn skip_space(&mut self) {
        self.fresh = self.parser.at == self.line;
        loop {
            let at = self.parser.at;
            match self.byte() {
                Some(b'\n') => {
                    self.line = at + 1;
                    self.fresh = true;
                    self.parser.at += 1;
                }
                Some(b' ' | b'\t' | b'\r') => self.parser.at += 1,
                Some(b'/') if matches!(self.parser.bytes.get(at + 1), Some(b'/' | b'*')) => {
                    self.note("JSON has no comments", at, at + 2);
                    let rest = &self.parser.bytes[at + 2..];
                    let length = if self.parser.bytes[at + 1] == b'/' {
                        memchr::memchr(b'\n', rest)
                    } else {
                        memchr::memmem::find(rest, b"*/").map(|length| length + 2)
                    };
                    self.parser.at =
                        length.map_or(self.parser.bytes.len(), |length| at + 2 + length);
                }
                _ => break,
            }
        }
        if self.fresh {
            self.indent = self.parser.at - self.line;
        }
    }

    /// Pushes the string at the current place; without its end, it goes up to the end of the line, a key up to its colon.
    pub(super) fn read_string(&mut self, as_key: bool) {
        let start = self.parser.at;
        let mut form = Form::Quoted;
        let mut sound = true;
        let mut at = start + 1;
        let closed = loop {
            if at < self.never_closed {
                at = self.never_closed;
                break false;
            }
            at = skip_string(self.parser.bytes, at);
            match self.parser.bytes.get(at) {
                Some(b'"') => break true,
                Some(b'\\') => {
                    form = Form::DoubleFolded;
                    self.parser.at = at;
                    if let Err(error) = self.parser.escape() {
                        self.errors.push(self.parser.document.text, error);
                        sound = false;
                        self.parser.at = at + 1;
                    }
                    at = self.parser.at;
                }
                Some(b'\n' | b'\r') | None => break false,
                Some(0..0x20) => {
                    self.parser.at = at;
                    self.note_here("control character in a string");
                    at += 1;
                }
                Some(_) => at += 1,
            }
        };
        if closed {
            self.parser.at = at + 1;
            self.parser
                .push(if sound { form } else { Form::Quoted }, start);
            return;
        }
        self.never_closed = at;
        self.note("this string is never closed", start, start + 1);
        let written = &self.parser.document.text[start + 1..at];
        let written = match written.find(':').filter(|_| as_key) {
            Some(colon) => &written[..colon],
            None => written.trim_end_matches([' ', '\t', ',']),
        };
        self.parser.at = start + 1 + written.len();
        let form = if written.is_empty() {
            Form::Empty
        } else {
            Form::Plain
        };
        self.parser.push(form, start + 1);
    }

    /// A number, `true`, `false` or `null`, or what is none of these.
    pub(super) fn word(&mut self) {
        let start = self.parser.at;
        let nodes = self.parser.document.nodes.len();
        let result = match self.parser.bytes[start] {
            b't' => self.parser.word("true"),
            b'f' => self.parser.word("false"),
            b'n' => self.parser.word("null"),
            _ => self.parser.number(),
        };
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b",:{}[]\"".contains(byte);
        let sound = result.is_ok() && self.parser.bytes.get(self.parser.at).is_none_or(ends);
        let expects = self.expects();
        if sound && matches!(expects, None | Some(Expect::Value | Expect::Colon)) {
            if expects == Some(Expect::Colon) {
                self.note("expected ':'", start, start);
            }
            self.note_entry();
            return self.expect(Expect::Comma);
        }
        self.parser.document.nodes.truncate(nodes);
        self.parser.at = start;
        match (expects, result) {
            (Some(Expect::Key), _) => self.note_here("expected a key in double quotes"),
            (None | Some(Expect::Value), Err(error)) => {
                self.errors.push(self.parser.document.text, error);
            }
            (Some(Expect::Colon), _) => self.note_here("expected ':'"),
            _ => self.note_here("expected ','"),
        }
        let rest = &self.parser.bytes[start..];
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        self.parser.at += length.max(1);
        let colon = self.colon_follows();
        if expects.is_some() && (colon || matches!(expects, Some(Expect::Key | Expect::Value))) {
            self.parser.push(Form::Plain, start);
            self.settle(start, colon);
        }
    }
}
