//! Keys without `?`: where one may begin, and whether a `:` makes it one.

use super::scan::{KEY, MAPPING, Scanner, What};
use crate::syntax::ParseError;

/// A place where a key without `?` may have begun.
#[derive(Clone, Copy, Default)]
pub(super) struct SimpleKey {
    pub(super) possible: bool,
    /// Nothing but a key can stand here.
    pub(super) required: bool,
    pub(super) token: usize,
    pub(super) start: usize,
    pub(super) column: isize,
}

pub(super) const MISSING_COLON: &str = "could not find expected ':'";

/// Longest simple key, in characters.
const MAX_KEY: usize = 1024;

impl Scanner<'_> {
    /// Remembers that the next token may begin a simple key.
    #[inline]
    pub(super) fn save_key(&mut self) -> Result<(), ParseError> {
        if self.simple_key_allowed {
            self.drop_key()?;
            let column = self.column();
            self.key = SimpleKey {
                possible: true,
                required: !self.in_flow() && self.indent == column,
                token: self.out.tokens.len(),
                start: self.at,
                column,
            };
        }
        Ok(())
    }

    /// What could have begun a simple key did not.
    #[inline]
    pub(super) fn drop_key(&mut self) -> Result<(), ParseError> {
        if self.key.possible && self.key.required {
            return self.missing_colon();
        }
        self.key.possible = false;
        Ok(())
    }

    #[cold]
    pub(super) fn missing_colon(&self) -> Result<(), ParseError> {
        let start = self.key.start;
        let rest = &self.text[start..];
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let shown = rest[..line].trim_end().len();
        Err(ParseError::new(MISSING_COLON, start, start + shown))
    }

    pub(super) fn explicit_key(&mut self) -> Result<(), ParseError> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return self.error("mapping keys are not allowed here", self.at);
            }
            if self.roll(self.column())? {
                self.push(What::BlockMappingStart, self.at, self.at);
            }
        }
        self.drop_key()?;
        self.simple_key_allowed = !self.in_flow();
        self.at += 1;
        self.push(What::Key, self.at - 1, self.at);
        Ok(())
    }

    pub(super) fn value(&mut self) -> Result<(), ParseError> {
        if self.key_is_fresh()? {
            let mut before = KEY;
            if self.roll(self.key.column)? {
                before |= MAPPING;
            }
            self.out.tokens[self.key.token].before = before;
            self.key.possible = false;
            self.simple_key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.simple_key_allowed {
                    return self.error("mapping values are not allowed here", self.at);
                }
                if self.roll(self.column())? {
                    self.push(What::BlockMappingStart, self.at, self.at);
                }
            }
            self.simple_key_allowed = !self.in_flow();
        }
        self.at += 1;
        self.push(What::Value, self.at - 1, self.at);
        Ok(())
    }

    /// Whether the simple key before this `:` counts: on the same line and at most 1024 characters away.
    /// libyaml asks this at every token; asking when it matters comes to the same and costs nothing.
    #[inline]
    fn key_is_fresh(&mut self) -> Result<bool, ParseError> {
        if !self.key.possible {
            return Ok(false);
        }
        let length = self.at - self.key.start;
        let same_line = self.key.start >= self.line;
        let fits =
            length <= MAX_KEY || self.text[self.key.start..self.at].chars().count() <= MAX_KEY;
        if same_line && fits {
            return Ok(true);
        }
        self.drop_key()?;
        Ok(false)
    }
}
