//! Expressions. Operators stay in the order of writing, in one node for all of a chain: which binds tighter is for whoever evaluates.

use super::{Lines, Parser, Step};
use crate::base::source::Span;
use crate::syntax::{Form, Operation, ParseError, offset};

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Step {
        self.deeper()?;
        let first = self.document.nodes.len();
        self.chain()?;
        self.skip()?;
        if self.peek() == Some(b'?') {
            self.at += 1;
            self.wrap(first, Form::Operation(Operation::Conditional));
            self.expression()?;
            self.skip()?;
            if self.peek() != Some(b':') {
                return self.error("expected `:` and what is taken otherwise");
            }
            self.at += 1;
            self.expression()?;
            self.close(offset(first));
        }
        self.depth -= 1;
        Ok(())
    }

    /// Operands with operators between them.
    fn chain(&mut self) -> Step {
        let first = self.document.nodes.len();
        self.operand()?;
        let mut is_chain = false;
        loop {
            let end = self.at;
            self.skip()?;
            let Some(length) = self.operator() else {
                if is_chain {
                    let after = std::mem::replace(&mut self.at, end);
                    self.close(offset(first));
                    self.at = after;
                }
                return Ok(());
            };
            if !is_chain {
                self.wrap(first, Form::Operation(Operation::Chain));
                is_chain = true;
            }
            let start = self.at;
            self.at += length;
            let span = Span::new(offset(start), offset(self.at));
            self.leaf(Form::Operation(Operation::Operator), span);
            self.operand()?;
        }
    }

    /// How long the operator is that stands here.
    fn operator(&self) -> Option<usize> {
        let next = self.bytes.get(self.at + 1).copied();
        match (self.peek()?, next) {
            (b'=' | b'!' | b'<' | b'>', Some(b'=')) | (b'&', Some(b'&')) | (b'|', Some(b'|')) => {
                Some(2)
            }
            (b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%', _) => Some(1),
            _ => None,
        }
    }

    /// A value with everything that is asked of it.
    fn operand(&mut self) -> Step {
        self.skip()?;
        let start = self.at;
        if matches!(self.peek(), Some(b'-' | b'!')) {
            self.deeper()?;
            let node = self.open(Form::Operation(Operation::Unary), start);
            self.at += 1;
            let span = Span::new(offset(start), offset(self.at));
            self.leaf(Form::Operation(Operation::Operator), span);
            self.operand()?;
            self.close(node);
            self.depth -= 1;
            return Ok(());
        }
        let first = self.document.nodes.len();
        self.value()?;
        self.steps(first)
    }

    fn value(&mut self) -> Step {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'0'..=b'9') => {
                self.number();
                Ok(())
            }
            Some(b'[') => self.tuple(),
            Some(b'{') => self.object(),
            Some(b'(') => {
                let node = self.open(Form::Operation(Operation::Parentheses), start);
                self.at += 1;
                let before = self.free();
                self.expression()?;
                self.end_bracket(b')', start)?;
                self.lines = before;
                self.close(node);
                Ok(())
            }
            Some(b'<') if self.bytes.get(start + 1) == Some(&b'<') => self.heredoc(),
            _ => match self.word() {
                Some(word) => self.named(word),
                None => self.error("expected a value"),
            },
        }
    }

    fn number(&mut self) {
        let start = self.at;
        let digits = |bytes: &[u8]| {
            bytes
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        self.at += digits(&self.bytes[self.at..]);
        if self.peek() == Some(b'.') {
            let places = digits(&self.bytes[self.at + 1..]);
            if places > 0 {
                self.at += 1 + places;
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.bytes.get(self.at + 1), Some(b'+' | b'-')));
            let places = digits(self.bytes.get(self.at + 1 + sign..).unwrap_or_default());
            if places > 0 {
                self.at += 1 + sign + places;
            }
        }
        self.leaf(Form::Plain, Span::new(offset(start), offset(self.at)));
    }

    /// A keyword, a variable or the call of a function.
    fn named(&mut self, word: Span) -> Step {
        let name = word.of(self.text);
        let end = self.at;
        self.skip()?;
        let is_call = match self.peek() {
            Some(b'(') => true,
            Some(b':') => self.bytes.get(self.at + 1) == Some(&b':'),
            _ => false,
        };
        if !is_call {
            self.at = end;
            let form = match name {
                "true" | "false" | "null" => Form::Plain,
                _ => Form::Operation(Operation::Name),
            };
            self.leaf(form, word);
            return Ok(());
        }
        self.at = end;
        self.call(word)
    }

    fn call(&mut self, word: Span) -> Step {
        let node = self.open(Form::Operation(Operation::Call), word.start as usize);
        let mut end = word.end;
        loop {
            self.skip()?;
            if self.peek() != Some(b':') {
                break;
            }
            if self.bytes.get(self.at + 1) != Some(&b':') {
                return self.error("expected `::` or `(`");
            }
            self.at += 2;
            self.skip()?;
            match self.word() {
                Some(word) => end = word.end,
                None => return self.error("expected the name of a function"),
            }
        }
        let name = Span::new(word.start, end);
        self.leaf(Form::Operation(Operation::Name), name);
        if self.peek() != Some(b'(') {
            return self.error("expected `(` and the arguments of the function");
        }
        let bracket = self.at;
        self.at += 1;
        let before = self.free();
        self.elements(b')', bracket, |parser, first| {
            let is_expanded = parser.bytes[parser.at..].starts_with(b"...");
            if is_expanded {
                parser.expanded(first)?;
                if parser.peek() == Some(b',') {
                    parser.at += 1;
                }
            }
            Ok(is_expanded)
        })?;
        self.lines = before;
        self.close(node);
        Ok(())
    }

    /// Attributes and elements that are asked of the value at `first`.
    fn steps(&mut self, first: usize) -> Step {
        let mut is_traversal = false;
        loop {
            let end = self.at;
            self.skip()?;
            let is_step = match self.peek() {
                Some(b'.') => !self.bytes[self.at..].starts_with(b"..."),
                Some(b'[') => true,
                _ => false,
            };
            if !is_step {
                self.at = end;
                if is_traversal {
                    self.close(offset(first));
                }
                return Ok(());
            }
            if !is_traversal {
                self.wrap(first, Form::Operation(Operation::Traversal));
                is_traversal = true;
            }
            self.step()?;
        }
    }

    fn step(&mut self) -> Step {
        let start = self.at;
        let is_bracket = self.peek() == Some(b'[');
        self.at += 1;
        if !is_bracket {
            self.skip()?;
            let digits = self.bytes[self.at..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit());
            let digits = digits.count();
            if digits > 0 {
                let node = self.open(Form::Operation(Operation::Index), start);
                let number = Span::new(offset(self.at), offset(self.at + digits));
                self.at += digits;
                self.leaf(Form::Plain, number);
                self.close(node);
                return Ok(());
            }
            if self.peek() == Some(b'*') {
                self.at += 1;
                let span = Span::new(offset(start), offset(self.at));
                self.leaf(Form::Operation(Operation::Splat), span);
                return Ok(());
            }
            return match self.word() {
                Some(word) => {
                    self.leaf(Form::Operation(Operation::Attribute), word);
                    Ok(())
                }
                None => self.error("expected the name of an attribute, a number or `*`"),
            };
        }
        let before = self.free();
        self.skip()?;
        if self.peek() == Some(b'*') {
            self.at += 1;
            self.end_bracket(b']', start)?;
            self.lines = before;
            let span = Span::new(offset(start), offset(self.at));
            self.leaf(Form::Operation(Operation::FullSplat), span);
            return Ok(());
        }
        let node = self.open(Form::Operation(Operation::Index), start);
        self.expression()?;
        self.end_bracket(b']', start)?;
        self.lines = before;
        self.close(node);
        Ok(())
    }

    fn tuple(&mut self) -> Step {
        let start = self.at;
        self.at += 1;
        let before = self.free();
        self.skip()?;
        if self.is_keyword("for") {
            return self.for_expression(Operation::ForList, start, before);
        }
        let node = self.open(Form::Sequence, start);
        self.elements(b']', start, |_, _| Ok(false))?;
        self.lines = before;
        self.close(node);
        Ok(())
    }

    /// Expressions with commas between them, up to a bracket. `is_last` is asked after each, with the position of its node.
    fn elements(
        &mut self,
        end: u8,
        start: usize,
        mut is_last: impl FnMut(&mut Self, usize) -> Step<bool>,
    ) -> Step {
        loop {
            self.skip()?;
            if self.peek() == Some(end) {
                break;
            }
            let first = self.document.nodes.len();
            self.expression()?;
            self.skip()?;
            if is_last(self, first)? {
                break;
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == end => break,
                None => return never_ends(start),
                Some(_) => return self.error(format!("expected `,` or `{}`", end as char)),
            }
        }
        self.end_bracket(end, start)
    }

    /// Three dots behind the expression at `first`.
    fn expanded(&mut self, first: usize) -> Step {
        self.at += 3;
        self.wrap(first, Form::Operation(Operation::Expanded));
        self.close(offset(first));
        self.skip()
    }

    fn object(&mut self) -> Step {
        let start = self.at;
        self.at += 1;
        let before = self.lines;
        self.skip_lines()?;
        if self.is_keyword("for") {
            return self.for_expression(Operation::ForObject, start, before);
        }
        let node = self.open(Form::Mapping, start);
        self.lines = Lines::End;
        loop {
            self.skip_lines()?;
            match self.peek() {
                Some(b'}') => break,
                None => return never_ends(start),
                Some(_) => {}
            }
            self.key()?;
            self.skip()?;
            match self.peek() {
                Some(b'=' | b':') => self.at += 1,
                _ => return self.error("expected `=` or `:` after the key"),
            }
            self.expression()?;
            self.skip()?;
            match self.peek() {
                Some(b'}') => break,
                Some(b',' | b'\n') => self.at += 1,
                Some(b'\r') if self.is_line_end() => self.at += 2,
                None => return never_ends(start),
                Some(_) => return self.error("expected `,`, a new line or `}`"),
            }
        }
        self.at += 1;
        self.lines = before;
        self.close(node);
        Ok(())
    }

    /// The key of an object: a word is a name there, not a variable.
    fn key(&mut self) -> Step {
        let first = self.document.nodes.len();
        self.expression()?;
        let is_word = self.document.nodes.len() == first + 1;
        let key = &mut self.document.nodes[first];
        if is_word && key.form == Form::Operation(Operation::Name) {
            key.form = Form::Plain;
        }
        Ok(())
    }

    /// A `for` expression in brackets that begin at `start`; line breaks mean `before` what they meant around it.
    fn for_expression(&mut self, operation: Operation, start: usize, before: Lines) -> Step {
        let node = self.open(Form::Operation(operation), start);
        let bracket = match operation {
            Operation::ForObject => b'}',
            _ => b']',
        };
        self.lines = Lines::Free;
        self.for_parts(bracket, start)?;
        self.lines = before;
        self.close(node);
        Ok(())
    }

    /// What stands between the brackets of a `for` expression.
    fn for_parts(&mut self, bracket: u8, start: usize) -> Step {
        self.at += "for".len();
        self.for_names()?;
        self.skip()?;
        if self.peek() != Some(b':') {
            return self.error("expected `:` and the value of each round");
        }
        self.at += 1;
        self.expression()?;
        self.skip()?;
        if bracket == b'}' {
            if !self.bytes[self.at..].starts_with(b"=>") {
                return self.error("expected `=>` and the value for the key");
            }
            self.at += 2;
            let first = self.document.nodes.len();
            self.expression()?;
            self.skip()?;
            if self.bytes[self.at..].starts_with(b"...") {
                self.expanded(first)?;
            }
        }
        if self.is_keyword("if") {
            self.at += 2;
            self.expression()?;
        }
        self.end_bracket(bracket, start)
    }

    /// `a, b in xs`
    pub(super) fn for_names(&mut self) -> Step {
        self.skip()?;
        let Some(name) = self.word() else {
            return self.error("expected the name of a variable");
        };
        self.leaf(Form::Operation(Operation::Variable), name);
        self.skip()?;
        if self.peek() == Some(b',') {
            self.at += 1;
            self.skip()?;
            let Some(name) = self.word() else {
                return self.error("expected the name of a variable");
            };
            self.leaf(Form::Operation(Operation::Variable), name);
            self.skip()?;
        }
        if !self.is_keyword("in") {
            return self.error("expected `in` and what the loop runs over");
        }
        self.at += 2;
        self.expression()
    }

    pub(super) fn is_keyword(&self, word: &str) -> bool {
        let rest = &self.bytes[self.at..];
        let is_end =
            |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | 0x80..);
        rest.starts_with(word.as_bytes()) && rest.get(word.len()).is_none_or(is_end)
    }

    /// Line breaks mean nothing from here on; gives what they meant before.
    pub(super) fn free(&mut self) -> Lines {
        std::mem::replace(&mut self.lines, Lines::Free)
    }

    pub(super) fn end_bracket(&mut self, bracket: u8, start: usize) -> Step {
        self.skip()?;
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(())
            }
            None => never_ends(start),
            Some(_) => self.error(format!("expected `{}`", bracket as char)),
        }
    }
}

fn never_ends<T>(bracket: usize) -> Step<T> {
    Err(ParseError::new(
        "this bracket is never closed",
        bracket,
        bracket + 1,
    ))
}
