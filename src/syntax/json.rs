//! JSON as strict as `serde_json`, into the same tree as YAML. A byte order mark is accepted, as Windows tools write it.

use super::skip::{skip_spaces, skip_string};
use super::{Document, Form, ParseError, Parsed, RawNode, Syntax, check_size, offset};

mod repair;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 1024;

/// Numbers with this many characters could be out of the range of a float even without an exponent.
const LONG_NUMBER: usize = 300;

/// Parses one JSON value.
///
/// # Errors
///
/// Where the text is not JSON, a number is out of range, or it is nested deeper than 1024 levels.
pub fn json(text: &str) -> Result<Document<'_>, ParseError> {
    check_size(text)?;
    let mut parser = Parser {
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        document: Document::new(text, Syntax::Json, text.len() / 16 + 4),
    };
    parser.document.roots.push(0);
    parser.run()?;
    Ok(parser.document)
}

struct Parser<'s> {
    bytes: &'s [u8],
    at: usize,
    document: Document<'s>,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), ParseError> {
        let mut open: Vec<u32> = Vec::with_capacity(32);
        'value: loop {
            self.skip_space();
            let start = self.at;
            match self.bytes.get(start) {
                Some(&bracket @ (b'{' | b'[')) => {
                    if open.len() >= MAX_DEPTH {
                        return self.error("nested deeper than 1024 levels");
                    }
                    open.push(offset(self.document.nodes.len()));
                    let mapping = bracket == b'{';
                    let (form, close) = if mapping {
                        (Form::Mapping, b'}')
                    } else {
                        (Form::Sequence, b']')
                    };
                    self.at += 1;
                    self.push(form, start);
                    self.skip_space();
                    if self.bytes.get(self.at) != Some(&close) {
                        if mapping {
                            self.key()?;
                        }
                        continue 'value;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b't') => self.word("true")?,
                Some(b'f') => self.word("false")?,
                Some(b'n') => self.word("null")?,
                _ => self.number()?,
            }
            // After a value: close what ends here, then a comma and the next value, or the end of the text.
            loop {
                self.skip_space();
                let Some(&top) = open.last() else {
                    if self.at < self.bytes.len() {
                        return self.error("unexpected characters after the end of the value");
                    }
                    return Ok(());
                };
                let mapping = self.document.nodes[top as usize].form == Form::Mapping;
                match self.bytes.get(self.at) {
                    Some(b',') => {
                        self.at += 1;
                        self.skip_space();
                        if mapping {
                            self.key()?;
                        }
                        continue 'value;
                    }
                    Some(b'}') if mapping => {}
                    Some(b']') if !mapping => {}
                    None => {
                        self.at = self.document.nodes[top as usize].start as usize;
                        return self.error("this bracket is never closed");
                    }
                    Some(_) if mapping => return self.error("expected ',' or '}'"),
                    Some(_) => return self.error("expected ',' or ']'"),
                }
                self.at += 1;
                let next = offset(self.document.nodes.len());
                let node = &mut self.document.nodes[top as usize];
                node.end = offset(self.at);
                node.next = next;
                open.pop();
            }
        }
    }

    #[inline]
    fn skip_space(&mut self) {
        let bytes = self.bytes;
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                // Indentation is most of the space in a template.
                b'\n' => at = skip_spaces(bytes, at + 1),
                b' ' | b'\r' | b'\t' => at += 1,
                _ => break,
            }
        }
        self.at = at;
    }

    /// A node from `start` up to the current place.
    #[inline]
    fn push(&mut self, form: Form, start: usize) {
        let next = offset(self.document.nodes.len() + 1);
        self.document.nodes.push(RawNode {
            start: offset(start),
            end: offset(self.at),
            next,
            props: 0,
            form,
        });
    }

    #[cold]
    fn error<T>(&self, message: &'static str) -> Result<T, ParseError> {
        let rest = self.document.text.get(self.at..);
        let length = rest.and_then(|rest| rest.chars().next());
        let end = self.at + length.map_or(0, char::len_utf8);
        if self.at >= self.bytes.len() {
            return Err(ParseError::new("the text ends too early", self.at, self.at));
        }
        Err(ParseError::new(message, self.at, end))
    }

    #[inline]
    fn key(&mut self) -> Result<(), ParseError> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return self.error("expected a key in double quotes");
        }
        self.string()?;
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b':') {
            return self.error("expected ':'");
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), ParseError> {
        let start = self.at;
        if !self.bytes[start..].starts_with(word.as_bytes()) {
            return self.error("expected a value");
        }
        self.at += word.len();
        self.push(Form::Plain, start);
        Ok(())
    }

    #[inline]
    fn string(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let mut form = Form::Quoted;
        self.at += 1;
        loop {
            self.at = skip_string(self.bytes, self.at);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    self.push(form, start);
                    return Ok(());
                }
                Some(b'\\') => {
                    form = Form::DoubleFolded;
                    self.escape()?;
                }
                Some(0..0x20) => return self.error("control character in a string"),
                Some(_) => self.at += 1,
                None => {
                    self.at = start;
                    return self.error("this string is never closed");
                }
            }
        }
    }

    fn escape(&mut self) -> Result<(), ParseError> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => {
                let Some(unit) = code_unit(self.bytes, self.at) else {
                    return self.error("expected four hexadecimal digits after '\\u'");
                };
                let pair = match unit {
                    0xD800..=0xDBFF => code_unit(self.bytes, self.at + 6),
                    0xDC00..=0xDFFF => None,
                    _ => {
                        self.at += 6;
                        return Ok(());
                    }
                };
                if !matches!(pair, Some(0xDC00..=0xDFFF)) {
                    return self.error("half of a surrogate pair");
                }
                self.at += 12;
                Ok(())
            }
            _ => self.error("unknown escape character"),
        }
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let first = self.at;
        while let Some(b'0'..=b'9') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.at - first
    }

    fn number(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let mut exponent = false;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => {
                self.digits();
            }
            _ if self.at > start => return self.error("expected a digit"),
            _ => return self.error("expected a value"),
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return self.error("expected a digit");
            }
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            exponent = true;
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.error("expected a digit");
            }
        }
        if exponent || self.at - start > LONG_NUMBER {
            let number = self.document.text[start..self.at].parse::<f64>();
            if !number.is_ok_and(f64::is_finite) {
                let end = self.at;
                return Err(ParseError::new("this number is out of range", start, end));
            }
        }
        self.push(Form::Plain, start);
        Ok(())
    }
}

/// What can be read of a JSON value, and every error in it. Without errors it is what [`json`] gives.
#[must_use]
pub fn read_json(text: &str) -> Parsed<'_> {
    match json(text) {
        Ok(document) => Parsed {
            document,
            errors: Vec::new(),
        },
        Err(first) if check_size(text).is_err() => Parsed {
            document: Document::new(text, Syntax::Json, 0),
            errors: vec![first],
        },
        Err(first) => repair::read(text, first),
    }
}

/// The value of `\uXXXX` at `at`.
pub(super) fn code_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let [b'\\', b'u', digits @ ..] = bytes.get(at..at + 6)? else {
        return None;
    };
    digits.iter().try_fold(0, |unit, &digit| {
        Some(unit << 4 | char::from(digit).to_digit(16)?)
    })
}
