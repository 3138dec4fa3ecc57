//! Texts in quotes, and what stands between the texts of a template: `${ ... }` and `%{ ... }`.

use super::{Lines, Parser, Step};
use crate::base::source::Span;
use crate::syntax::{Form, Operation, ParseError, offset};

/// What ends the parts of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The quote or the end word.
    Whole,
    Else,
    If,
    For,
}

/// Where the texts of a template stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Around<'s> {
    /// Between quotes, the first of which stands there.
    Quotes(usize),
    /// In a heredoc with this end word, which begins there.
    Heredoc(&'s str, usize),
    /// The template is the whole text.
    Nothing,
}

impl<'s> Parser<'s> {
    /// A text in quotes, which may be a template.
    pub(super) fn quoted(&mut self) -> Step {
        let start = self.at;
        let mut at = start + 1;
        let mut has_escapes = false;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    at += 2;
                }
                Some(b'$' | b'%') => match self.sequence(at) {
                    Sequence::Begins => return self.template(start),
                    Sequence::Escaped => {
                        has_escapes = true;
                        at += 3;
                    }
                    Sequence::None => at += 1,
                },
                Some(b'\n') | None => return unclosed(start),
                Some(_) => at += 1,
            }
        }
        self.at = at + 1;
        let form = if has_escapes {
            self.check_escapes(start + 1, at)?;
            Form::Escaped
        } else {
            Form::Quoted
        };
        self.leaf(form, Span::new(offset(start), offset(self.at)));
        Ok(())
    }

    fn template(&mut self, start: usize) -> Step {
        let node = self.open(Form::Operation(Operation::Template), start);
        self.at = start + 1;
        self.parts(Around::Quotes(start))?;
        self.close(node);
        Ok(())
    }

    /// Texts and sequences up to the end of the template.
    pub(super) fn parts(&mut self, around: Around<'s>) -> Step {
        let start = self.at;
        match self.parts_until(around)? {
            End::Whole => Ok(()),
            _ => Err(ParseError::new(
                "this directive has no beginning",
                start,
                self.at,
            )),
        }
    }

    fn parts_until(&mut self, around: Around<'s>) -> Step<End> {
        self.deeper()?;
        loop {
            let is_over = match around {
                Around::Quotes(start) => self.quoted_run(start)?,
                Around::Heredoc(word, start) => self.heredoc_run(Some((word, start)))?,
                Around::Nothing => self.heredoc_run(None)?,
            };
            if is_over {
                self.depth -= 1;
                return Ok(End::Whole);
            }
            if self.peek() == Some(b'$') {
                self.interpolation()?;
            } else if let Some(end) = self.directive(around)? {
                self.depth -= 1;
                return Ok(end);
            }
        }
    }

    /// One text of a template in quotes; whether it is the last.
    fn quoted_run(&mut self, quote: usize) -> Step<bool> {
        let start = self.at;
        let mut has_escapes = false;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.piece(start, has_escapes)?;
                    self.at += 1;
                    return Ok(true);
                }
                Some(b'\\') => {
                    has_escapes = true;
                    self.at += 2;
                }
                Some(b'$' | b'%') => match self.sequence(self.at) {
                    Sequence::Begins => {
                        self.piece(start, has_escapes)?;
                        return Ok(false);
                    }
                    Sequence::Escaped => {
                        has_escapes = true;
                        self.at += 3;
                    }
                    Sequence::None => self.at += 1,
                },
                Some(b'\n') | None => return unclosed(quote),
                Some(_) => self.at += 1,
            }
        }
    }

    fn piece(&mut self, start: usize, has_escapes: bool) -> Step {
        if start == self.at {
            return Ok(());
        }
        let form = if has_escapes {
            self.check_escapes(start, self.at)?;
            Form::EscapedPiece
        } else {
            Form::Piece
        };
        self.leaf(form, Span::new(offset(start), offset(self.at)));
        Ok(())
    }

    /// What a `$` or `%` begins.
    pub(super) fn sequence(&self, at: usize) -> Sequence {
        let sign = self.bytes.get(at);
        match (self.bytes.get(at + 1), self.bytes.get(at + 2)) {
            (Some(b'{'), _) => Sequence::Begins,
            (next, Some(b'{')) if next == sign => Sequence::Escaped,
            _ => Sequence::None,
        }
    }

    fn interpolation(&mut self) -> Step {
        let start = self.at;
        let node = self.open(Form::Operation(Operation::Interpolation), start);
        let before = self.begin_sequence();
        self.expression()?;
        self.end_sequence(start, before)?;
        self.close(node);
        Ok(())
    }

    fn begin_sequence(&mut self) -> Lines {
        self.at += 2;
        if self.peek() == Some(b'~') {
            self.at += 1;
        }
        self.free()
    }

    fn end_sequence(&mut self, start: usize, before: Lines) -> Step {
        self.skip()?;
        if self.peek() == Some(b'~') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'}') => self.at += 1,
            None => {
                return Err(ParseError::new(
                    "this part of a template never ends",
                    start,
                    start + 2,
                ));
            }
            Some(_) => return self.error("expected `}`"),
        }
        self.lines = before;
        Ok(())
    }

    /// A directive; what it ends, if it does not begin one.
    fn directive(&mut self, around: Around<'s>) -> Step<Option<End>> {
        let start = self.at;
        let lines = self.begin_sequence();
        self.skip()?;
        let word = self.word();
        match word.map(|word| word.of(self.text)) {
            Some("if") => {
                let node = self.open(Form::Operation(Operation::IfDirective), start);
                let tag = self.open(Form::Operation(Operation::Tag), start);
                self.expression()?;
                self.end_sequence(start, lines)?;
                self.close(tag);
                if self.part(around, start)? == End::Else {
                    match self.part(around, start)? {
                        End::If => {}
                        _ => return not_ended(start, "endif"),
                    }
                }
                self.close(node);
                Ok(None)
            }
            Some("for") => {
                let node = self.open(Form::Operation(Operation::ForDirective), start);
                let tag = self.open(Form::Operation(Operation::Tag), start);
                self.for_names()?;
                self.end_sequence(start, lines)?;
                self.close(tag);
                match self.part(around, start)? {
                    End::For => {}
                    _ => return not_ended(start, "endfor"),
                }
                self.close(node);
                Ok(None)
            }
            Some(word) => {
                let end = match word {
                    "else" => End::Else,
                    "endif" => End::If,
                    "endfor" => End::For,
                    _ => {
                        return Err(ParseError::new(
                            "expected `if`, `for`, `else`, `endif` or `endfor`",
                            start,
                            self.at,
                        ));
                    }
                };
                let tag = self.open(Form::Operation(Operation::Tag), start);
                self.end_sequence(start, lines)?;
                self.close(tag);
                Ok(Some(end))
            }
            None => self.error("expected `if` or `for`"),
        }
    }

    /// What stands between two tags of a directive, and the second of them behind it.
    fn part(&mut self, around: Around<'s>, start: usize) -> Step<End> {
        let node = self.open(Form::Operation(Operation::Part), self.at);
        let end = self.parts_until(around)?;
        if end == End::Whole {
            return Err(ParseError::new(
                "this directive has no end",
                start,
                start + 2,
            ));
        }
        // The tag that ended it stands behind it, not in it.
        let nodes = &mut self.document.nodes;
        let tag = offset(nodes.len() - 1);
        let tag_start = nodes[tag as usize].start;
        let part = &mut nodes[node as usize];
        part.next = tag;
        part.end = tag_start;
        Ok(end)
    }

    /// Whether all escapes between two places are known.
    fn check_escapes(&self, start: usize, end: usize) -> Step {
        let mut at = start;
        while let Some(found) = memchr::memchr(b'\\', &self.bytes[at..end]) {
            at += found;
            let length = match self.bytes.get(at + 1) {
                Some(b'n' | b'r' | b't' | b'"' | b'\\') => 2,
                Some(b'u') => 6,
                Some(b'U') => 10,
                _ => 0,
            };
            let digits = self.bytes.get(at + 2..at + length);
            let is_known = length == 2
                || digits.is_some_and(|digits| {
                    at + length <= end && digits.iter().all(u8::is_ascii_hexdigit)
                });
            if length == 0 || !is_known {
                let sign = self.text.get(at + 1..).and_then(|rest| rest.chars().next());
                let after = at + 1 + sign.map_or(0, char::len_utf8);
                return Err(ParseError::new("there is no such escape", at, after));
            }
            at += length;
        }
        Ok(())
    }
}

/// See [`Parser::sequence`].
pub(super) enum Sequence {
    /// `${` or `%{`
    Begins,
    /// `$${` or `%%{`
    Escaped,
    None,
}

fn unclosed<T>(quote: usize) -> Step<T> {
    Err(ParseError::new(
        "this text is never closed on its line",
        quote,
        quote + 1,
    ))
}

fn not_ended<T>(start: usize, word: &str) -> Step<T> {
    let message = format!("this directive does not end with `%{{ {word} }}`");
    Err(ParseError::new(message, start, start + 2))
}
