//! Brackets of a broken text: which of them are closed, given up or taken for a slip, in the scanner's second pass.

use super::bytes::{break_length, is_marker};
use super::scan::{Scanner, What};
use crate::syntax::{ParseError, offset};

const OPEN_BRACKET: &str = "this bracket is never closed";

/// One that is open.
pub(super) struct Bracket {
    byte: u8,
    at: usize,
    token: usize,
    /// It ends its line, and the next one is an entry of a block collection.
    opens_lines: bool,
}

impl Scanner<'_> {
    pub(super) fn note_bracket(&mut self, byte: u8) {
        let bracket = Bracket {
            byte,
            at: self.at,
            token: self.out.tokens.len(),
            opens_lines: self.opens_lines(self.at),
        };
        if let Some(resume) = &mut self.resume {
            resume.brackets.push(bracket);
        }
    }

    /// Whether this closing bracket has its opening one. Those within that are still open are closed.
    #[cold]
    pub(super) fn has_bracket(&mut self, closing: u8) -> bool {
        let opening = if closing == b']' { b'[' } else { b'{' };
        let Some(resume) = &mut self.resume else {
            return true;
        };
        let Some(depth) = resume
            .brackets
            .iter()
            .rposition(|open| open.byte == opening)
        else {
            let message = "this bracket was never opened";
            self.note(ParseError::new(message, self.at, self.at + 1));
            return false;
        };
        self.close_brackets(depth + 1);
        if let Some(resume) = &mut self.resume {
            resume.brackets.pop();
        }
        true
    }

    /// Closes brackets that are not closed, until `depth` are left.
    fn close_brackets(&mut self, depth: usize) {
        while let Some(open) = self.resume.as_mut().and_then(|resume| {
            let deeper = resume.brackets.len() > depth;
            deeper.then(|| resume.brackets.pop()).flatten()
        }) {
            self.note(ParseError::new(OPEN_BRACKET, open.at, open.at + 1));
            self.key = self.keys.pop().unwrap_or_default();
            let what = match open.byte {
                b'[' => What::FlowSequenceEnd,
                _ => What::FlowMappingEnd,
            };
            self.push(what, self.at, self.at);
        }
    }

    /// At the start of a line within brackets: gives these up if the line can only be one of a block collection around.
    #[cold]
    pub(super) fn check_line_in_brackets(&mut self) {
        let line = self.at;
        let mut at = line;
        while self.byte(at) == b' ' {
            at += 1;
        }
        if is_marker(self.bytes, line) {
            self.give_up_brackets();
        } else if self.is_block_line(at) {
            let outside = (at - line) as isize <= self.indent;
            let last = self.out.tokens.last().map(|token| token.what);
            let begins = matches!(
                last,
                Some(
                    What::FlowEntry
                        | What::FlowSequenceStart
                        | What::FlowMappingStart
                        | What::Key
                        | What::Value
                )
            );
            let brackets = self.resume.as_ref().map(|resume| &resume.brackets);
            let opens =
                brackets.is_some_and(|open| open.first().is_some_and(|open| open.opens_lines));
            if outside || (opens && (!begins || self.byte(at) == b'-')) {
                self.give_up_brackets();
            }
        }
    }

    /// Closes all brackets. If the outermost ends its line and an entry of a block collection follows, it is rather the
    /// bracket that is wrong: then the lines from there on are scanned again, without it.
    pub(super) fn give_up_brackets(&mut self) {
        let here = self.at;
        let given_up = self.resume.as_ref().map_or(0, |resume| resume.given_up);
        let outermost = self
            .resume
            .as_ref()
            .and_then(|resume| resume.brackets.first());
        if let Some(&Bracket {
            at,
            token,
            opens_lines,
            ..
        }) = outermost
            && at >= given_up
            && opens_lines
            && self.go_back(at + 1, here)
        {
            self.note(ParseError::new(OPEN_BRACKET, at, at + 1));
            self.out.tokens.truncate(token);
            let comments = &mut self.out.comments;
            let kept = comments.partition_point(|comment| comment.start < offset(at));
            comments.truncate(kept);
            self.keys.clear();
            if let Some(resume) = &mut self.resume {
                resume.brackets.clear();
                resume.given_up = here;
            }
            self.simple_key_allowed = false;
        } else {
            self.close_brackets(0);
            self.simple_key_allowed = true;
        }
        self.key.possible = false;
    }

    fn opens_lines(&self, at: usize) -> bool {
        let mut end = at + 1;
        while matches!(self.byte(end), b' ' | b'\t') {
            end += 1;
        }
        if self.byte(end) == b'#' {
            end = self.line_end(end);
        }
        let length = break_length(self.bytes, end);
        let mut next = end + length;
        while self.byte(next) == b' ' {
            next += 1;
        }
        length > 0 && self.is_block_line(next)
    }
}
