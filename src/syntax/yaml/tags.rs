//! The small tokens around values: directives, anchors, aliases and tags.

use super::bytes::{CLASS, URI, WORD, is_blank_or_end};
use super::scan::{Scanner, What};
use crate::syntax::ParseError;

impl Scanner<'_> {
    fn skip_blanks(&mut self) {
        while matches!(self.byte(self.at), b' ' | b'\t') {
            self.at += 1;
        }
    }

    fn skip_class(&mut self, class: u8) {
        while CLASS[usize::from(self.byte(self.at))] & class != 0 {
            self.at += 1;
        }
    }

    /// Blanks, perhaps a comment, and then nothing else on the line.
    pub(super) fn rest_of_line(&mut self, start: usize) -> Result<(), ParseError> {
        self.skip_blanks();
        if self.byte(self.at) == b'#' {
            self.comment();
        }
        if self.at < self.bytes.len() && !self.skip_break() {
            return self.error("expected a comment or a line break", start.max(self.at));
        }
        Ok(())
    }

    pub(super) fn directive(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.at += 1;
        let name = self.at;
        self.skip_class(WORD);
        let what = match &self.text[name..self.at] {
            "" => return self.error("expected the name of a directive", start),
            _ if !is_blank_or_end(self.bytes, self.at) => {
                return self.error("unexpected character in the name of a directive", start);
            }
            "YAML" => {
                self.skip_blanks();
                self.version(start)?;
                What::VersionDirective
            }
            "TAG" => {
                self.skip_blanks();
                self.tag_directive(start)?;
                What::TagDirective
            }
            _ => return self.error("unknown directive", start),
        };
        self.push(what, start, self.at);
        self.rest_of_line(start)
    }

    fn version(&mut self, start: usize) -> Result<(), ParseError> {
        self.version_number(start)?;
        if self.byte(self.at) != b'.' {
            return self.error("expected a digit or '.' in the version of YAML", start);
        }
        self.at += 1;
        self.version_number(start)
    }

    fn version_number(&mut self, start: usize) -> Result<(), ParseError> {
        let first = self.at;
        while self.byte(self.at).is_ascii_digit() {
            self.at += 1;
        }
        match self.at - first {
            0 => self.error("expected a number in the version of YAML", start),
            1..=9 => Ok(()),
            _ => self.error("the version number of YAML is too long", start),
        }
    }

    fn tag_directive(&mut self, start: usize) -> Result<(), ParseError> {
        let handle = self.at;
        if self.byte(self.at) != b'!' {
            return self.error("expected '!'", start);
        }
        self.at += 1;
        self.skip_class(WORD);
        if self.byte(self.at) == b'!' {
            self.at += 1;
        } else if self.at > handle + 1 {
            return self.error("expected '!' at the end of the tag handle", start);
        }
        if !matches!(self.byte(self.at), b' ' | b'\t') {
            return self.error("expected a space after the tag handle", start);
        }
        self.skip_blanks();
        if self.uri(true, start)? == 0 {
            return self.error("expected a tag prefix", start);
        }
        if !is_blank_or_end(self.bytes, self.at) {
            return self.error(
                "expected a space or a line break after the tag prefix",
                start,
            );
        }
        Ok(())
    }

    /// `&name` or `*name`.
    pub(super) fn anchor(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.at += 1;
        self.skip_class(WORD);
        let ends = is_blank_or_end(self.bytes, self.at)
            || matches!(
                self.byte(self.at),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if self.at == start + 1 || !ends {
            return self.error("expected a letter or digit in the name of an anchor", start);
        }
        let anchor = self.byte(start) == b'&';
        let what = if anchor { What::Anchor } else { What::Alias };
        self.push(what, start, self.at);
        Ok(())
    }

    pub(super) fn tag(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        if self.byte(start + 1) == b'<' {
            self.at += 2;
            if self.uri(true, start)? == 0 {
                return self.error("expected a tag between '<' and '>'", start);
            }
            if self.byte(self.at) != b'>' {
                return self.error("expected '>' at the end of the tag", start);
            }
            self.at += 1;
        } else {
            self.at += 1;
            self.skip_class(WORD);
            let named = self.byte(self.at) == b'!';
            if named {
                self.at += 1;
            }
            if self.uri(false, start)? == 0 && named {
                return self.error("expected a tag after its handle", start);
            }
        }
        let ends =
            is_blank_or_end(self.bytes, self.at) || (self.in_flow() && self.byte(self.at) == b',');
        if !ends {
            return self.error("expected a space or a line break after the tag", start);
        }
        self.push(What::Tag, start, self.at);
        Ok(())
    }

    /// Goes past the characters of a tag and says how many there were. Escapes must spell UTF-8.
    fn uri(&mut self, brackets: bool, start: usize) -> Result<usize, ParseError> {
        let first = self.at;
        loop {
            let byte = self.byte(self.at);
            if byte == b'%' {
                self.uri_escape(start)?;
            } else if CLASS[usize::from(byte)] & URI != 0
                || (brackets && matches!(byte, b',' | b'[' | b']'))
            {
                self.at += 1;
            } else {
                return Ok(self.at - first);
            }
        }
    }

    fn uri_escape(&mut self, start: usize) -> Result<(), ParseError> {
        let first = self.octet(start)?;
        let following = match first {
            0x00..=0x7F => 0,
            0xC0..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF7 => 3,
            _ => {
                return self.error(
                    "an escape in the tag does not begin a UTF-8 character",
                    start,
                );
            }
        };
        for _ in 0..following {
            if self.octet(start)? & 0xC0 != 0x80 {
                return self.error(
                    "an escape in the tag does not continue a UTF-8 character",
                    start,
                );
            }
        }
        Ok(())
    }

    fn octet(&mut self, start: usize) -> Result<u8, ParseError> {
        let digits = self.bytes.get(self.at + 1..self.at + 3);
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let octet = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match octet {
            Some(octet) if self.byte(self.at) == b'%' => {
                self.at += 3;
                Ok(octet)
            }
            _ => self.error("expected '%' and two hexadecimal digits in the tag", start),
        }
    }
}
