//! The second pass over a JSON text that the first one refused: it notes each error and goes on at the next comma, bracket
//! or key.
//!
//! Brackets alone don't tell which one is missing. In a text that is indented, the indentation does: an entry stands where
//! the entries before it stand, and a closing bracket where the line of its opening one begins.

mod tokens;

use super::{MAX_DEPTH, Parser};
use crate::syntax::errors::Errors;
use crate::syntax::{Document, Form, ParseError, Parsed, RawNode, Syntax, offset};

const OPEN_BRACKET: &str = "this bracket is never closed";
const STRAY_BRACKET: &str = "this bracket was never opened";

/// What an open collection expects next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Key,
    Colon,
    /// The value of a key, or an item.
    Value,
    Comma,
}

struct Open {
    node: u32,
    mapping: bool,
    expect: Expect,
    /// Indentation of the line that it is opened on.
    indent: usize,
    /// Indentation of its first entry, if that begins a line.
    inner: Option<usize>,
}

struct Repair<'s> {
    parser: Parser<'s>,
    open: Vec<Open>,
    errors: Errors,
    /// Where the current line begins, and how far it is indented.
    line: usize,
    indent: usize,
    /// Whether the current token is the first of its line.
    fresh: bool,
    /// Where the last token ended.
    end: usize,
    /// Up to here a string is known to be never closed.
    never_closed: usize,
}

pub(super) fn read(text: &str, first: ParseError) -> Parsed<'_> {
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut repair = Repair {
        parser: Parser {
            bytes: text.as_bytes(),
            at,
            document: Document::new(text, Syntax::Json, text.len() / 16 + 4),
        },
        open: Vec::new(),
        errors: Errors::default(),
        line: at,
        indent: 0,
        fresh: true,
        end: at,
        never_closed: 0,
    };
    while repair.token() {}
    repair.close_to(0);
    let mut document = repair.parser.document;
    if !document.nodes.is_empty() {
        document.roots.push(0);
    }
    let errors = Errors::merge(text, first, [repair.errors, Errors::default()]);
    Parsed { document, errors }
}

impl Repair<'_> {
    fn byte(&self) -> Option<u8> {
        self.parser.bytes.get(self.parser.at).copied()
    }

    fn note(&mut self, message: &'static str, start: usize, end: usize) {
        let error = ParseError::new(message, start, end);
        self.errors.push(self.parser.document.text, error);
    }

    /// Notes an error at the current character.
    fn note_here(&mut self, message: &'static str) {
        if let Err(error) = self.parser.error::<()>(message) {
            self.errors.push(self.parser.document.text, error);
        }
    }

    fn expects(&self) -> Option<Expect> {
        self.open.last().map(|top| top.expect)
    }

    fn expect(&mut self, expect: Expect) {
        if let Some(top) = self.open.last_mut() {
            top.expect = expect;
        }
    }

    /// Handles one token; `false` at the end.
    fn token(&mut self) -> bool {
        self.skip_space();
        let Some(byte) = self.byte() else {
            return false;
        };
        if self.open.is_empty() && !self.parser.document.nodes.is_empty() {
            return self.reopen(byte);
        }
        match byte {
            b'{' | b'[' => self.opening(byte),
            b'}' | b']' => self.closing(byte),
            b',' => self.comma(),
            b':' => self.colon(),
            b'"' => self.string(),
            _ => self.word(),
        }
        self.end = self.end.max(self.parser.at);
        true
    }

    /// Behind the root: a bracket too many may have closed it too early.
    fn reopen(&mut self, byte: u8) -> bool {
        self.note_here("unexpected characters after the end of the value");
        let root = &mut self.parser.document.nodes[0];
        if root.form != Form::Mapping || !matches!(byte, b',' | b'"') {
            return false;
        }
        root.next = 0;
        self.open.push(Open {
            node: 0,
            mapping: true,
            expect: Expect::Comma,
            indent: 0,
            inner: None,
        });
        true
    }

    fn empty(&mut self, place: usize) {
        let place_at = std::mem::replace(&mut self.parser.at, place);
        self.parser.push(Form::Empty, place);
        self.parser.at = place_at;
    }

    /// Whether what can stand before a value does; mends what does not.
    fn begin_value(&mut self) {
        match self.expects() {
            None | Some(Expect::Value) => {}
            Some(Expect::Key) => {
                self.note_here("expected a key in double quotes");
                self.empty(self.end);
            }
            Some(Expect::Colon) => self.note_here("expected ':'"),
            Some(Expect::Comma) => {
                self.note_here("expected ','");
                if self.open.last().is_some_and(|top| top.mapping) {
                    self.empty(self.end);
                }
            }
        }
        self.note_entry();
        self.expect(Expect::Comma);
    }

    /// Remembers where the entries of the innermost collection stand.
    fn note_entry(&mut self) {
        let (fresh, indent) = (self.fresh, self.indent);
        if let Some(top) = self.open.last_mut()
            && fresh
            && top.inner.is_none()
        {
            top.inner = Some(indent);
        }
    }

    fn opening(&mut self, bracket: u8) {
        let start = self.parser.at;
        if self.open.len() >= MAX_DEPTH {
            self.begin_value();
            self.note_here("nested deeper than 1024 levels");
            self.empty(start);
            return self.pass_balanced();
        }
        self.begin_value();
        let mapping = bracket == b'{';
        self.parser.at += 1;
        self.push_open(mapping, start);
    }

    fn push_open(&mut self, mapping: bool, start: usize) {
        let node = offset(self.parser.document.nodes.len());
        self.parser.push(
            if mapping {
                Form::Mapping
            } else {
                Form::Sequence
            },
            start,
        );
        self.open.push(Open {
            node,
            mapping,
            expect: if mapping { Expect::Key } else { Expect::Value },
            indent: self.indent,
            inner: None,
        });
    }

    fn pass_balanced(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.byte() {
            self.parser.at += 1;
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Whether indentation can be trusted: the entries of the root are indented.
    fn is_indented(&self) -> bool {
        let root = self.open.first();
        root.is_some_and(|root| root.inner.is_some_and(|inner| inner > root.indent))
    }

    fn closing(&mut self, bracket: u8) {
        let at = self.parser.at;
        let mapping = bracket == b'}';
        self.parser.at += 1;
        let indented = self.fresh && self.is_indented();
        let indent = self.indent;
        let mut rest = self.parser.bytes[at + 1..].iter();
        let next = rest.find(|byte| !matches!(byte, b' ' | b'\t'));
        let ends = next.is_none_or(|byte| b",}]\r\n/".contains(byte));
        let aligned = |open: &Open| open.mapping == mapping && open.indent == indent;
        let depth = if indented && !ends {
            None
        } else if !indented {
            self.open.iter().rposition(|open| open.mapping == mapping)
        } else if let Some(depth) = self.open.iter().rposition(aligned) {
            Some(depth)
        } else {
            let top = self.open.last();
            top.filter(|top| top.mapping == mapping && indent < top.indent)
                .map(|_| self.open.len() - 1)
        };
        let Some(depth) = depth else {
            return self.note(STRAY_BRACKET, at, at + 1);
        };
        self.close_to(depth + 1);
        if let Some(top) = self.open.last() {
            match (top.expect, top.mapping) {
                (Expect::Comma, _) => {}
                (Expect::Colon | Expect::Value, true) => {
                    self.note("expected a value", at, at + 1);
                }
                _ => {
                    let first = self.parser.document.nodes.len() == top.node as usize + 1;
                    if !first {
                        self.note("unexpected ',' before this bracket", at, at + 1);
                    }
                }
            }
        }
        self.close_top(at + 1);
    }

    /// Closes what is never closed, until `depth` collections are left.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let node = self.open[self.open.len() - 1].node as usize;
            let start = self.parser.document.nodes[node].start as usize;
            self.note(OPEN_BRACKET, start, start + 1);
            self.close_top(self.end);
        }
    }

    fn close_top(&mut self, end: usize) {
        let Some(top) = self.open.pop() else {
            return;
        };
        if top.mapping && matches!(top.expect, Expect::Colon | Expect::Value) {
            self.empty(self.end);
        }
        let next = offset(self.parser.document.nodes.len());
        let node = &mut self.parser.document.nodes[top.node as usize];
        node.end = offset(end).max(node.end);
        node.next = next;
    }

    fn comma(&mut self) {
        match self.open.last().map(|top| (top.expect, top.mapping)) {
            Some((Expect::Comma, _)) => {}
            Some((Expect::Colon | Expect::Value, true)) => {
                self.note_here("expected a value");
                self.empty(self.end);
            }
            _ => self.note_here("unexpected ','"),
        }
        self.parser.at += 1;
        let mapping = self.open.last().is_some_and(|top| top.mapping);
        self.expect(if mapping { Expect::Key } else { Expect::Value });
    }

    fn colon(&mut self) {
        if self.expects() == Some(Expect::Colon) {
            self.expect(Expect::Value);
        } else {
            self.note_here("unexpected ':'");
        }
        self.parser.at += 1;
    }

    fn colon_follows(&self) -> bool {
        let rest = &self.parser.bytes[self.parser.at..];
        let mut rest = rest.iter().filter(|byte| !byte.is_ascii_whitespace());
        rest.next() == Some(&b':')
    }

    fn string(&mut self) {
        let start = self.parser.at;
        let as_key = matches!(self.expects(), Some(Expect::Key));
        self.read_string(as_key);
        self.settle(start, self.colon_follows());
    }

    /// Decides what the node that was just read is: a key, a value, or nothing that fits.
    fn settle(&mut self, start: usize, colon: bool) {
        let Some(node) = self.parser.document.nodes.pop() else {
            return;
        };
        if colon {
            self.leave_for_key(start);
        }
        let Some(top) = self.open.last() else {
            if colon {
                // The bracket around everything is missing.
                self.note("expected '{'", start, start);
                let at = std::mem::replace(&mut self.parser.at, start);
                self.push_open(true, start);
                self.parser.at = at;
                self.push_key(node);
            } else {
                self.push_again(node);
            }
            return;
        };
        match (top.expect, top.mapping) {
            (Expect::Key, _) => self.push_key(node),
            (Expect::Value, true) if colon => {
                self.note("expected a value", start, start);
                self.empty(self.end);
                self.push_key(node);
            }
            (Expect::Value, _) => {
                self.note_entry();
                self.push_again(node);
                self.expect(Expect::Comma);
            }
            (Expect::Colon, _) => {
                self.note("expected ':'", start, start);
                if colon {
                    self.empty(self.end);
                    self.push_key(node);
                } else {
                    self.push_again(node);
                    self.expect(Expect::Comma);
                }
            }
            (Expect::Comma, mapping) => {
                self.note("expected ','", start, start);
                if mapping && colon {
                    self.push_key(node);
                } else if !mapping {
                    self.push_again(node);
                }
            }
        }
    }

    /// Before a key: closes what can't hold it because its brackets are missing.
    fn leave_for_key(&mut self, start: usize) {
        if self.fresh && self.is_indented() {
            let inner = Some(start - self.line);
            let same = |open: &Open| open.mapping && open.inner == inner;
            if let Some(depth) = self.open.iter().rposition(same) {
                self.close_to(depth + 1);
            }
        }
        if self.open.last().is_some_and(|top| !top.mapping)
            && let Some(depth) = self.open.iter().rposition(|open| open.mapping)
        {
            self.close_to(depth + 1);
        }
    }

    fn push_key(&mut self, node: RawNode) {
        self.note_entry();
        self.push_again(node);
        self.expect(Expect::Colon);
    }

    fn push_again(&mut self, node: RawNode) {
        let next = offset(self.parser.document.nodes.len() + 1);
        self.parser.document.nodes.push(RawNode { next, ..node });
    }
}
