//! A strict cursor over a JSON text that is never held whole: a window that grows only with the element being captured.

use std::io::{self, Read};
use std::ops::Range;

use super::PlanError;
use crate::base::source::Position;
use crate::syntax::json;

/// How much is read at a time.
const CHUNK: usize = 1 << 20;

/// The largest element that is captured.
const LARGEST: usize = 256 << 20;

/// Deepest nesting, the same as the JSON parser's.
const DEEPEST: usize = 1024;

/// Bytes of a key that are looked at.
const LONGEST_KEY: usize = 1024;

/// What a byte means outside of a string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Blank, comma, colon, or part of a number or word.
    Filler,
    Quote,
    Open,
    Close,
    /// Nothing that JSON knows.
    Wrong,
}

static CLASSES: [Class; 256] = {
    let mut table = [Class::Wrong; 256];
    let filler = b" \t\r\n,:0123456789+-.eEtrufalsn";
    let mut at = 0;
    while at < filler.len() {
        table[filler[at] as usize] = Class::Filler;
        at += 1;
    }
    table[b'"' as usize] = Class::Quote;
    table[b'{' as usize] = Class::Open;
    table[b'[' as usize] = Class::Open;
    table[b'}' as usize] = Class::Close;
    table[b']' as usize] = Class::Close;
    table
};

pub(super) struct Window<'r> {
    reader: Box<dyn Read + 'r>,
    bytes: Vec<u8>,
    /// The next byte to look at.
    at: usize,
    /// The first byte that must stay, if it is before `at`.
    pin: Option<usize>,
    /// Bytes of the file before the window.
    before: u64,
    /// Up to where lines and columns are counted, and what the count is there.
    counted: usize,
    line: u32,
    column: u32,
}

impl<'r> Window<'r> {
    /// A window at the first byte of the text, which comes after `before` bytes of the file.
    pub(super) fn new(reader: Box<dyn Read + 'r>, before: u64) -> Self {
        Self {
            reader,
            bytes: Vec::new(),
            at: 0,
            pin: None,
            before,
            counted: 0,
            line: 1,
            column: 1,
        }
    }

    /// The next byte that is not blank; `None` at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, PlanError> {
        loop {
            while let Some(&byte) = self.bytes.get(self.at) {
                if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                    return Ok(Some(byte));
                }
                self.at += 1;
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Steps over this byte, or says what was expected.
    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), PlanError> {
        if self.peek()? == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.wrong(what))
    }

    /// After a member: steps over a comma, or over the closing byte and says that it was the last.
    pub(super) fn another(&mut self, close: u8) -> Result<bool, PlanError> {
        match self.peek()? {
            Some(b',') => {
                self.at += 1;
                if self.peek()? == Some(close) {
                    return Err(self.wrong("nothing follows this comma"));
                }
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.wrong("expected a comma or the end of the collection")),
        }
    }

    /// Opens a collection; `false` if it is empty (and then it is closed, too).
    pub(super) fn open(&mut self, open: u8, close: u8) -> Result<bool, PlanError> {
        self.expect(open, "expected a collection")?;
        let empty = self.peek()? == Some(close);
        self.at += usize::from(empty);
        Ok(!empty)
    }

    /// A key and its colon.
    pub(super) fn key(&mut self) -> Result<String, PlanError> {
        if self.peek()? != Some(b'"') {
            return Err(self.wrong("expected a key in double quotes"));
        }
        let range = self.capture()?;
        let key = unquoted(&self.bytes[range]);
        self.release();
        self.expect(b':', "expected a colon after the key")?;
        Ok(key)
    }

    /// Steps over a value and keeps its bytes until [`Window::release`].
    pub(super) fn capture(&mut self) -> Result<Range<usize>, PlanError> {
        if self.peek()?.is_none() {
            return Err(self.wrong("the text ends where a value was expected"));
        }
        self.pin = Some(self.at);
        self.skip()?;
        Ok(self.pin.unwrap_or(self.at)..self.at)
    }

    /// What was captured.
    pub(super) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }

    /// Lets go of what was captured.
    pub(super) fn release(&mut self) {
        self.pin = None;
    }

    /// Steps over a value of which only the nesting is checked.
    pub(super) fn skip(&mut self) -> Result<(), PlanError> {
        match self.peek()? {
            Some(b'"') => self.string(),
            Some(b'{' | b'[') => self.collection(),
            Some(_) => self.word(),
            None => Err(self.wrong("the text ends where a value was expected")),
        }
    }

    /// Where a byte of the window stands in the file. Counts on from the last call; places that are asked for in order
    /// cost one pass over the text altogether.
    pub(super) fn position(&mut self, at: usize) -> Position {
        let at = at.min(self.bytes.len());
        if at >= self.counted {
            self.count(at);
            return Position {
                line: self.line,
                column: self.column,
                offset: self.before + at as u64,
            };
        }
        // Before the count, but not before the window: errors inside of an element.
        Position {
            line: self.line,
            column: self.column,
            offset: self.before + at as u64,
        }
    }

    /// An error at the next byte.
    pub(super) fn wrong(&mut self, message: impl Into<String>) -> PlanError {
        let position = self.position(self.at);
        PlanError::Syntax {
            message: message.into(),
            position,
        }
    }

    fn count(&mut self, to: usize) {
        let passed = &self.bytes[self.counted..to];
        let mut tail = passed;
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            let lines = memchr::memchr_iter(b'\n', passed).count();
            self.line = self
                .line
                .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.column = 1;
            tail = &passed[last + 1..];
        }
        // Bytes that continue a character are no characters of their own.
        let characters = tail.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        self.column = self
            .column
            .saturating_add(u32::try_from(characters).unwrap_or(u32::MAX));
        self.counted = to;
    }

    fn string(&mut self) -> Result<(), PlanError> {
        let opened = self.position_later();
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                Some(found) if rest[found] == b'"' => {
                    self.at += found + 1;
                    return Ok(());
                }
                Some(found) => {
                    // The escaped byte may be beyond the window.
                    self.at += found + 2;
                    if self.at > self.bytes.len() && !self.fill()? {
                        return Err(self.unterminated(opened));
                    }
                }
                None => {
                    self.at = self.at.max(self.bytes.len());
                    if !self.fill()? {
                        return Err(self.unterminated(opened));
                    }
                }
            }
        }
    }

    /// The offset in the file of the next byte; its line is not counted unless it is needed.
    fn position_later(&self) -> u64 {
        self.before + self.at as u64
    }

    fn unterminated(&mut self, opened: u64) -> PlanError {
        self.at = self.bytes.len();
        self.wrong(format!(
            "the text ends inside the string that begins at byte {opened}"
        ))
    }

    fn collection(&mut self) -> Result<(), PlanError> {
        let mut closers: Vec<u8> = Vec::new();
        loop {
            let rest = &self.bytes[self.at..];
            let Some(found) = rest
                .iter()
                .position(|&byte| CLASSES[byte as usize] != Class::Filler)
            else {
                self.at = self.bytes.len();
                if !self.fill()? {
                    return Err(self.wrong("the text ends inside a collection"));
                }
                continue;
            };
            let byte = rest[found];
            self.at += found;
            match CLASSES[byte as usize] {
                Class::Quote => self.string()?,
                Class::Open => {
                    if closers.len() >= DEEPEST {
                        return Err(self.wrong(format!("nested more than {DEEPEST} levels deep")));
                    }
                    closers.push(if byte == b'{' { b'}' } else { b']' });
                    self.at += 1;
                }
                Class::Close => {
                    if closers.pop() != Some(byte) {
                        return Err(self.wrong("this closes something that was never opened"));
                    }
                    self.at += 1;
                    if closers.is_empty() {
                        return Ok(());
                    }
                }
                Class::Filler | Class::Wrong => return Err(self.wrong("this is not JSON")),
            }
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<(), PlanError> {
        let pinned = self.pin;
        self.pin = pinned.or(Some(self.at));
        let from = self.at - self.pin.unwrap_or(self.at);
        loop {
            let rest = &self.bytes[self.at..];
            let word =
                |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
            match rest.iter().position(|byte| !word(byte)) {
                Some(end) => {
                    self.at += end;
                    break;
                }
                None => {
                    self.at = self.bytes.len();
                    if !self.fill()? {
                        break;
                    }
                }
            }
        }
        let start = self.pin.unwrap_or(self.at) + from;
        let word = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        let known = matches!(word, "true" | "false" | "null");
        let number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        self.pin = pinned.map(|_| start - from);
        if known || (number && word.parse::<f64>().is_ok()) {
            return Ok(());
        }
        self.at = start;
        Err(self.wrong("this is not JSON"))
    }

    /// Reads on. Everything before the pin, or else before the next byte, is let go.
    fn fill(&mut self) -> Result<bool, PlanError> {
        let keep = self.pin.unwrap_or(self.at).min(self.bytes.len());
        if self.bytes.len() - keep > LARGEST {
            return Err(self.wrong("one element is larger than 256 MiB"));
        }
        if keep > 0 {
            if self.counted < keep {
                self.count(keep);
            }
            self.bytes.drain(..keep);
            self.before += keep as u64;
            self.counted -= keep;
            self.at -= keep;
            self.pin = self.pin.map(|pin| pin - keep);
        }
        let filled = self.bytes.len();
        self.bytes.resize(filled + CHUNK, 0);
        let read = loop {
            match self.reader.read(&mut self.bytes[filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.bytes.truncate(filled + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }
}

/// A key without its quotes and escapes. One that is too long for any name is cut.
fn unquoted(key: &[u8]) -> String {
    let inner = &key[1..key.len() - 1];
    let cut = String::from_utf8_lossy(&inner[..inner.len().min(LONGEST_KEY)]);
    if memchr::memchr(b'\\', cut.as_bytes()).is_some()
        && let Ok(key) = std::str::from_utf8(key)
        && let Ok(document) = json(key)
        && let Some(root) = document.roots().next()
    {
        return root.text().into_owned();
    }
    cut.into_owned()
}
