//! The long tokens: plain, quoted and block scalars. They are only delimited and checked here; `scalar_text.rs` builds
//! their values.

use super::bytes::{
    BLOCK_STOP, CLASS, DOUBLE_STOP, FLOW_STOP, SINGLE_STOP, break_length, is_blank_or_end,
    is_marker,
};
use super::scan::{Scanner, What};
use crate::base::source::Span;
use crate::syntax::skip::{skip_plain, skip_spaces};
use crate::syntax::{Block, Chomp, Form, ParseError, offset};

pub(super) const OPEN_QUOTE: &str = "this quote is never closed";

impl Scanner<'_> {
    pub(super) fn plain(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let mut end = start;
        let mut form = Form::Plain;
        let mut broken = false;
        loop {
            let line = self.at;
            self.plain_line(start)?;
            let stop = self.at;
            let content = self.bytes[line..stop]
                .iter()
                .rposition(|byte| !matches!(byte, b' ' | b'\t'));
            if let Some(last) = content {
                end = line + last + 1;
                if broken {
                    form = Form::PlainFolded;
                }
                broken = false;
            }
            if break_length(self.bytes, stop) == 0 {
                break;
            }
            broken = true;
            if !self.plain_continues(start)? {
                break;
            }
            if self.resume.is_some() && self.is_other_entry(stop) {
                break;
            }
        }
        if broken {
            self.simple_key_allowed = true;
        }
        self.push(What::Scalar(form), start, end);
        if broken {
            if self.resume.is_some() {
                return self.imply_colon_before_key();
            }
        } else if !self.in_flow() && self.byte(self.at) == b':' {
            // What stopped the line was `: `, so this is a key or an error; no need to look around again.
            return self.value();
        }
        Ok(())
    }

    /// Stops at what ends an unquoted scalar on this line: `: `, ` #`, in brackets also any of `,[]{}`, or the line's end.
    #[inline]
    pub(super) fn plain_line(&mut self, start: usize) -> Result<(), ParseError> {
        let flow = self.in_flow();
        let stop = if flow { FLOW_STOP } else { BLOCK_STOP };
        let bytes = self.bytes;
        let first = self.at;
        let mut at = first;
        loop {
            if !flow {
                at = skip_plain(bytes, at);
            }
            while at < bytes.len() && CLASS[usize::from(bytes[at])] & stop == 0 {
                at += 1;
            }
            self.at = at;
            match bytes.get(at) {
                Some(b':') => {
                    if is_blank_or_end(bytes, at + 1) {
                        return Ok(());
                    }
                    if flow && matches!(bytes[at + 1], b',' | b'?' | b'[' | b']' | b'{' | b'}') {
                        return self.error("found unexpected ':'", at.max(start));
                    }
                }
                Some(b'#') => {
                    if at == first || matches!(bytes[at - 1], b' ' | b'\t') {
                        return Ok(());
                    }
                }
                Some(b'\r' | 0xC2 | 0xE2) => {
                    if break_length(bytes, at) > 0 {
                        return Ok(());
                    }
                }
                _ => return Ok(()),
            }
            at += 1;
        }
    }

    /// From a line break to the next content; says whether it belongs to the scalar.
    fn plain_continues(&mut self, start: usize) -> Result<bool, ParseError> {
        loop {
            while self.skip_break() {}
            match self.byte(self.at) {
                b' ' => self.at = skip_spaces(self.bytes, self.at),
                b'\t' => {
                    if self.column() <= self.indent {
                        let error = self.error(
                            "found a tab where indentation is expected",
                            self.at.max(start),
                        );
                        return self.tolerate(error).map(|()| false);
                    }
                    self.at += 1;
                }
                _ if break_length(self.bytes, self.at) > 0 => {}
                byte => {
                    let ends = (!self.in_flow() && self.column() <= self.indent)
                        || (self.column() == 0 && is_marker(self.bytes, self.at))
                        || byte == b'#'
                        || byte == 0;
                    return Ok(!ends);
                }
            }
        }
    }

    pub(super) fn quoted(&mut self, quote: u8) -> Result<(), ParseError> {
        let start = self.at;
        let double = quote == b'"';
        let stop = if double { DOUBLE_STOP } else { SINGLE_STOP };
        let mut as_written = true;
        let mut sound = true;
        self.at += 1;
        loop {
            while self.at < self.bytes.len() && CLASS[usize::from(self.bytes[self.at])] & stop == 0
            {
                self.at += 1;
            }
            match self.byte(self.at) {
                0 => {
                    self.at = start;
                    return self.error(OPEN_QUOTE, start);
                }
                b'\'' if !double && self.byte(self.at + 1) == b'\'' => {
                    as_written = false;
                    self.at += 2;
                }
                byte if byte == quote => break,
                b'\\' => {
                    as_written = false;
                    let place = self.at;
                    if let Err(error) = self.escape() {
                        self.tolerate(Err(error))?;
                        self.at = self.at.max(place + 1);
                        sound = false;
                    }
                }
                _ => {
                    if !self.skip_break() {
                        self.at += 1;
                        continue;
                    }
                    as_written = false;
                    if is_marker(self.bytes, self.at) {
                        if self.resume.is_some() {
                            self.at = start;
                            return self.error(OPEN_QUOTE, start);
                        }
                        return self.error("found a document marker inside quotes", self.at);
                    }
                }
            }
        }
        self.at += 1;
        if self.resume.is_some() && self.line > start && self.is_swallowing() {
            self.at = start;
            return self.error(OPEN_QUOTE, start);
        }
        let form = match (as_written || !sound, double) {
            (true, _) => Form::Quoted,
            (false, true) => Form::DoubleFolded,
            (false, false) => Form::SingleFolded,
        };
        self.push(What::Scalar(form), start, self.at);
        Ok(())
    }

    /// Goes past one escape; an escaped line break is left for the caller, who has to look at the next line.
    fn escape(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let digits = match self.byte(start + 1) {
            b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' => 0,
            b' ' | b'"' | b'/' | b'\\' | b'N' | b'_' | b'L' | b'P' => 0,
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ if break_length(self.bytes, start + 1) > 0 => {
                self.at += 1;
                return Ok(());
            }
            _ => {
                self.at = (start + 1).min(self.bytes.len());
                return self.error("found an unknown escape character", start);
            }
        };
        let code = self.bytes.get(start + 2..start + 2 + digits).unwrap_or(&[]);
        if code.len() < digits || !code.iter().all(u8::is_ascii_hexdigit) {
            return self.error("expected a hexadecimal number after the escape", start);
        }
        let value = code.iter().fold(0u32, |value, &digit| {
            (value << 4) | char::from(digit).to_digit(16).unwrap_or(0)
        });
        if char::from_u32(value).is_none() {
            return self.error("the escape does not name a Unicode character", start);
        }
        self.at += 2 + digits;
        Ok(())
    }

    pub(super) fn block_scalar(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let form = if self.byte(start) == b'|' {
            Form::Literal
        } else {
            Form::Folded
        };
        self.at += 1;
        let (chomp, increment) = self.block_header(start)?;
        let mut end = self.at;
        if let Err(error) = self.rest_of_line(self.at) {
            self.tolerate(Err(error))?;
            self.skip_line();
            self.skip_break();
        }
        let body = self.at;
        let mut indent = increment.map(|increment| self.indent.max(0) + increment);
        let mut body_end = self.blank_lines(&mut indent)?;
        let column = indent.unwrap_or(1);
        while self.column() == column && self.at < self.bytes.len() {
            self.skip_line();
            end = self.at;
            self.skip_break();
            body_end = self.blank_lines(&mut indent)?;
        }
        self.out.blocks.push(Block {
            node: offset(self.out.tokens.len()),
            body: Span::new(offset(body), offset(body_end)),
            indent: u32::try_from(column).unwrap_or(u32::MAX),
            chomp,
        });
        self.push(What::Scalar(form), start, end);
        Ok(())
    }

    /// `+` or `-` and the indentation, in either order.
    fn block_header(&mut self, start: usize) -> Result<(Chomp, Option<isize>), ParseError> {
        let mut chomp = None;
        let mut increment = None;
        loop {
            match self.byte(self.at) {
                b'+' if chomp.is_none() => chomp = Some(Chomp::Keep),
                b'-' if chomp.is_none() => chomp = Some(Chomp::Strip),
                b'0' if increment.is_none() => {
                    return self.error("an indentation of 0 is not possible", start);
                }
                digit @ b'1'..=b'9' if increment.is_none() => {
                    increment = Some(isize::from(digit - b'0'))
                }
                _ => return Ok((chomp.unwrap_or(Chomp::Clip), increment)),
            }
            self.at += 1;
        }
    }

    /// Goes past empty lines and the indentation of the next; the first call finds that indentation if it is not given.
    /// Returns where the last empty line ends.
    fn blank_lines(&mut self, indent: &mut Option<isize>) -> Result<usize, ParseError> {
        let mut deepest = 0;
        let mut end = self.at;
        loop {
            while indent.is_none_or(|indent| self.column() < indent) && self.byte(self.at) == b' ' {
                self.at += 1;
            }
            deepest = deepest.max(self.column());
            if self.byte(self.at) == b'\t' && indent.is_none_or(|indent| self.column() < indent) {
                let error = self.error("found a tab where indentation is expected", self.at);
                self.tolerate(error)?;
            }
            if !self.skip_break() {
                break;
            }
            end = self.at;
        }
        indent.get_or_insert(deepest.max(self.indent + 1).max(1));
        Ok(end)
    }
}
