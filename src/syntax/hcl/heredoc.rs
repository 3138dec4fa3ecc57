//! Texts over many lines: `<<WORD`, and `<<-WORD`, whose lines lose the indentation that all of them share.

use super::template::{Around, Sequence};
use super::{Parser, Step};
use crate::base::source::Span;
use crate::syntax::{Block, Chomp, Form, Operation, ParseError, offset};

impl<'s> Parser<'s> {
    pub(super) fn heredoc(&mut self) -> Step {
        let start = self.at;
        self.at += 2;
        let is_indented = self.peek() == Some(b'-');
        self.at += usize::from(is_indented);
        let Some(word) = self.word() else {
            return self.error("expected the word that ends the text");
        };
        let text = self.text;
        let word = word.of(text);
        if !self.is_line_end() {
            return self.error("expected the end of the line after the word that ends the text");
        }
        self.at += if self.peek() == Some(b'\r') { 2 } else { 1 };
        let body = self.at;
        match self.plain_end(word) {
            Some((end, after)) => {
                let indent = if is_indented {
                    indentation(&text[body..end])
                } else {
                    0
                };
                self.at = after;
                let node = offset(self.document.nodes.len());
                self.leaf(Form::Heredoc, Span::new(offset(start), offset(after)));
                self.document.blocks.push(Block {
                    node,
                    body: Span::new(offset(body), offset(end)),
                    indent: offset(indent),
                    chomp: Chomp::Keep,
                });
                Ok(())
            }
            None => {
                let node = self.open(Form::Operation(Operation::Template), start);
                let first = self.document.nodes.len();
                self.parts(Around::Heredoc(word, start))?;
                self.close(node);
                if is_indented {
                    self.outdent(first);
                }
                Ok(())
            }
        }
    }

    /// Where the text ends and where its last line does, if there are no sequences in it.
    fn plain_end(&self, word: &str) -> Option<(usize, usize)> {
        let mut at = self.at;
        loop {
            let rest = &self.bytes[at..];
            let length = memchr::memchr(b'\n', rest);
            let line = &self.text[at..at + length.unwrap_or(rest.len())];
            if line.trim() == word {
                return Some((at, at + line.trim_end().len()));
            }
            let mut signs = memchr::memchr2_iter(b'$', b'%', line.as_bytes());
            if signs.any(|sign| line.as_bytes().get(sign + 1) == Some(&b'{')) {
                return None;
            }
            at += length? + 1;
        }
    }

    /// Texts up to the next sequence or the end, one for each line; whether that was the end. `heredoc` is the word that ends it, and
    /// where it begins; without one, the text's own end is the end.
    pub(super) fn heredoc_run(&mut self, heredoc: Option<(&str, usize)>) -> Step<bool> {
        let mut starts_line = self.bytes.get(self.at.wrapping_sub(1)) == Some(&b'\n');
        loop {
            let start = self.at;
            let rest = &self.bytes[start..];
            let length = memchr::memchr(b'\n', rest);
            let line = &self.text[start..start + length.unwrap_or(rest.len())];
            if starts_line && heredoc.is_some_and(|(word, _)| line.trim() == word) {
                self.at = start + line.trim_end().len();
                return Ok(true);
            }
            let mut has_escapes = false;
            let mut from = 0;
            let mut sequence = None;
            while let Some(sign) = memchr::memchr2(b'$', b'%', &line.as_bytes()[from..]) {
                match self.sequence(start + from + sign) {
                    Sequence::Begins => {
                        sequence = Some(start + from + sign);
                        break;
                    }
                    Sequence::Escaped => {
                        has_escapes = true;
                        from += sign + 3;
                    }
                    Sequence::None => from += sign + 1,
                }
            }
            let end = match (sequence, length) {
                (Some(end), _) => end,
                (None, Some(length)) => start + length + 1,
                (None, None) => match heredoc {
                    None => self.bytes.len(),
                    Some((word, begin)) => {
                        let message = format!("this text never ends: no line says only `{word}`");
                        return Err(ParseError::new(message, begin, begin + 2));
                    }
                },
            };
            if end > start {
                let form = if has_escapes {
                    Form::HeredocPiece
                } else {
                    Form::Piece
                };
                self.leaf(form, Span::new(offset(start), offset(end)));
            }
            self.at = end;
            if sequence.is_some() {
                return Ok(false);
            }
            if length.is_none() {
                return Ok(true);
            }
            starts_line = true;
        }
    }

    /// Takes from each line of a template the indentation that all of them share. A line whose break is trimmed away goes on with the
    /// next one, as it does in Terraform.
    fn outdent(&mut self, first: usize) {
        let tokens = self.tokens(first);
        let mut least = usize::MAX;
        let mut pieces = Vec::new();
        let mut begins_line = true;
        for (number, token) in tokens.iter().enumerate() {
            let text = self.trimmed(&tokens, number);
            if std::mem::replace(&mut begins_line, false) {
                match text {
                    Some(text) if text.ends_with('\n') && text.trim().is_empty() => {}
                    Some(text) => {
                        least = least.min(spaces(text));
                        pieces.push(*token);
                    }
                    None => least = 0,
                }
            }
            begins_line |= text.is_some_and(|text| text.ends_with('\n'));
        }
        if least == usize::MAX || least == 0 {
            return;
        }
        for at in pieces {
            let node = &mut self.document.nodes[at];
            let text = Span::new(node.start, node.end).of(self.text);
            let length: usize = text.chars().take(least).map(char::len_utf8).sum();
            node.start += offset(length);
        }
    }

    /// The texts, interpolations and tags of a template, whatever directive they stand in.
    fn tokens(&self, first: usize) -> Vec<usize> {
        let mut tokens = Vec::new();
        let mut at = first;
        while let Some(node) = self.document.nodes.get(at) {
            let is_inner = matches!(
                node.form,
                Form::Operation(Operation::IfDirective | Operation::ForDirective | Operation::Part)
            );
            if is_inner {
                at += 1;
            } else {
                tokens.push(at);
                at = node.next as usize;
            }
        }
        tokens
    }

    /// A text without what the sequences around it trim; nothing of what is no text.
    fn trimmed(&self, tokens: &[usize], number: usize) -> Option<&'s str> {
        let all = self.text;
        let written = |number: usize| {
            let node = self.document.nodes[*tokens.get(number)?];
            let text = Span::new(node.start, node.end).of(all);
            Some((text, matches!(node.form, Form::Piece | Form::HeredocPiece)))
        };
        let (mut text, true) = written(number)? else {
            return None;
        };
        let before = number.checked_sub(1).and_then(written);
        if before.is_some_and(|(text, is_text)| !is_text && text.ends_with("~}")) {
            text = text.trim_start();
        }
        let after = written(number + 1);
        if after.is_some_and(|(text, is_text)| !is_text && text.as_bytes().get(2) == Some(&b'~')) {
            text = text.trim_end();
        }
        Some(text)
    }
}

/// Characters that all lines begin with, if they are not blank.
fn indentation(text: &str) -> usize {
    let lines = text.split_inclusive('\n');
    let filled = lines.filter(|line| !line.trim().is_empty());
    filled.map(spaces).min().unwrap_or(0)
}

/// How many characters of white space a text begins with.
fn spaces(text: &str) -> usize {
    text.chars().take_while(|one| one.is_whitespace()).count()
}
