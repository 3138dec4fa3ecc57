//! Terraform's own syntax, HCL, into the same tree as YAML and JSON.
//!
//! A body is a mapping, and so are the labels between a block's type and its body: `resource "a" "b" { ... }` has the tree of
//! `{"resource": {"a": {"b": { ... }}}}`, which is how Terraform writes the same in JSON. A block that stands there twice is a key that
//! stands there twice. Literals are scalars, tuples are sequences, objects are mappings; all else that may stand for a value is an
//! [`Operation`](super::Operation), whose parts are its children.
//!
//! An error costs the block in which it stands, at the top of the file: the others are read.

mod expression;
mod heredoc;
mod recover;
mod template;
mod trivia;

use super::errors::Errors;
use super::{Document, Form, Operation, ParseError, Parsed, RawNode, Syntax, check_size, offset};
use crate::base::source::Span;

/// Deepest nesting of blocks and expressions that is read: what people write has a dozen.
const DEEPEST: u32 = 100;

/// Items without an end behind which the rest of a file is looked at again.
const UNCLOSED: usize = 20;

/// Arguments of one body that are compared one by one.
const FEW: usize = 16;

/// Reads a file of configuration or of variables: what can be read, and what is wrong with the rest.
#[must_use]
pub fn hcl(text: &str) -> Parsed<'_> {
    if let Err(error) = check_size(text) {
        return Parsed {
            document: Document::new("", Syntax::Hcl, 0),
            errors: vec![error],
        };
    }
    let mut parser = Parser::new(text);
    let errors = parser.file();
    Parsed {
        document: parser.document,
        errors: {
            let mut errors = errors.into_found();
            errors.sort_by_key(|error| error.span.start);
            errors
        },
    }
}

/// Reads a text as a template: what stands between `${` and `}` in it is an expression. Its root is an
/// [`Operation::Template`](super::Operation::Template) of all its parts, with a piece for each line.
///
/// # Errors
///
/// Where a sequence is not an expression or a directive, or never ends.
pub fn template(text: &str) -> Result<Document<'_>, ParseError> {
    check_size(text)?;
    let mut parser = Parser::new(text);
    parser.at = 0;
    parser.document.roots.push(0);
    let root = parser.open(Form::Operation(Operation::Template), 0);
    parser.parts(template::Around::Nothing)?;
    parser.close(root);
    Ok(parser.document)
}

/// Reads a text that is one expression, over any number of lines.
///
/// # Errors
///
/// Where it is not.
pub fn expression(text: &str) -> Result<Document<'_>, ParseError> {
    check_size(text)?;
    let mut parser = Parser::new(text);
    parser.lines = Lines::Free;
    parser.document.roots.push(0);
    parser.expression()?;
    parser.skip()?;
    match parser.peek() {
        None => Ok(parser.document),
        Some(_) => parser.error("expected the end of the expression"),
    }
}

/// Whether something has to end at a line break, or may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lines {
    /// A line break is the end of what stands before it.
    End,
    /// Inside of brackets a line break is nothing but space.
    Free,
}

struct Parser<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    document: Document<'s>,
    lines: Lines,
    /// Blocks and expressions around here.
    depth: u32,
}

type Step<T = ()> = Result<T, ParseError>;

impl<'s> Parser<'s> {
    fn new(text: &'s str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: if text.starts_with('\u{feff}') { 3 } else { 0 },
            document: Document::new(text, Syntax::Hcl, text.len() / 12 + 4),
            lines: Lines::End,
            depth: 0,
        }
    }

    /// The whole file, item by item.
    fn file(&mut self) -> Errors {
        let mut errors = Errors::default();
        self.document.roots.push(0);
        let root = self.open(Form::Body, self.at);
        let mut arguments = Arguments::default();
        let mut unclosed = 0;
        loop {
            self.lines = Lines::End;
            self.depth = 0;
            let before = self.document.nodes.len();
            let blocks = self.document.blocks.len();
            let start = self.at;
            let mut begun = start;
            let item = self.skip_lines().and_then(|()| {
                begun = self.at;
                match self.peek() {
                    None => Ok(false),
                    Some(_) => self.item(&mut arguments).map(|()| true),
                }
            });
            match item {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    errors.push(self.text, error);
                    self.document.nodes.truncate(before);
                    self.document.blocks.truncate(blocks);
                    let mut from = self.at.clamp(start, self.text.len());
                    // What is never closed swallows all that follows: that is looked at again, but not again and again.
                    if from == self.text.len() && unclosed < UNCLOSED {
                        unclosed += 1;
                        from = begun;
                    }
                    self.at = recover::next_item(self.text, from);
                }
            }
        }
        self.close(root);
        errors
    }

    /// An argument or a block, up to the end of its line.
    fn item(&mut self, arguments: &mut Arguments<'s>) -> Step {
        let name = self.name()?;
        match self.peek() {
            _ if self.is_assignment() => self.argument(name, arguments)?,
            Some(b'{' | b'"') => self.block()?,
            _ if self.starts_word() => self.block()?,
            _ => return self.error("expected `=` or `{`"),
        }
        self.skip()?;
        match self.peek() {
            None => Ok(()),
            Some(b'\n') => {
                self.at += 1;
                Ok(())
            }
            Some(b'\r') if self.is_line_end() => {
                self.at += 2;
                Ok(())
            }
            Some(_) => self.error("expected the end of the line"),
        }
    }

    /// How an argument or a block is called.
    fn name(&mut self) -> Step<Span> {
        let name = match self.word() {
            Some(name) => name,
            None if self.peek() == Some(b'"') => {
                return self.error("the name of an argument stands without quotes");
            }
            None => return self.error("expected an argument or a block"),
        };
        self.leaf(Form::Plain, name);
        self.skip()?;
        Ok(name)
    }

    fn is_assignment(&self) -> bool {
        self.peek() == Some(b'=') && self.bytes.get(self.at + 1) != Some(&b'=')
    }

    fn argument(&mut self, name: Span, arguments: &mut Arguments<'s>) -> Step {
        self.at += 1;
        let word = name.of(self.text);
        if !arguments.add(word) {
            return Err(ParseError {
                message: format!("`{word}` is given twice").into(),
                span: name,
            });
        }
        self.expression()
    }

    /// The labels and the body of a block.
    fn block(&mut self) -> Step {
        self.deeper()?;
        let mut open: Vec<u32> = Vec::with_capacity(2);
        loop {
            self.skip()?;
            match self.peek() {
                Some(b'{') => break,
                Some(b'"') => {
                    open.push(self.open(Form::Mapping, self.at));
                    self.label()?;
                }
                _ => match self.word() {
                    Some(word) => {
                        open.push(self.open(Form::Mapping, word.start as usize));
                        self.leaf(Form::Plain, word);
                    }
                    None => return self.error("expected a label or `{`"),
                },
            }
        }
        self.body()?;
        for label in open.into_iter().rev() {
            self.close(label);
        }
        self.depth -= 1;
        Ok(())
    }

    /// A label in quotes.
    fn label(&mut self) -> Step {
        let start = self.at;
        self.quoted()?;
        let form = self.document.nodes.last().map(|node| node.form);
        if matches!(form, Some(Form::Quoted | Form::Escaped)) {
            return Ok(());
        }
        Err(ParseError::new(
            "a label is a text without `${` and `%{`",
            start,
            self.at,
        ))
    }

    fn body(&mut self) -> Step {
        let start = self.at;
        let body = self.open(Form::Body, start);
        self.at += 1;
        let mut arguments = Arguments::default();
        self.skip()?;
        if self.is_line_end() {
            loop {
                self.skip_lines()?;
                match self.peek() {
                    Some(b'}') => break,
                    Some(_) => self.item(&mut arguments)?,
                    None => return Err(ParseError::new("this block never ends", start, start + 1)),
                }
            }
        } else if self.peek() != Some(b'}') {
            // On one line there is room for one argument.
            let name = self.name()?;
            if !self.is_assignment() {
                return self.error("a block on one line holds one argument, and no block");
            }
            self.argument(name, &mut arguments)?;
            self.skip()?;
            match self.peek() {
                Some(b'}') => {}
                None => return Err(ParseError::new("this block never ends", start, start + 1)),
                Some(_) => {
                    return self.error("a block on one line holds one argument, and no block");
                }
            }
        }
        self.at += 1;
        self.close(body);
        Ok(())
    }

    /// Begins a node that has children.
    fn open(&mut self, form: Form, start: usize) -> u32 {
        let index = offset(self.document.nodes.len());
        self.document.nodes.push(RawNode {
            start: offset(start),
            end: 0,
            next: 0,
            props: 0,
            form,
        });
        index
    }

    /// Begins a node around everything from the one at `first` on, which is whole.
    fn wrap(&mut self, first: usize, form: Form) {
        let nodes = &mut self.document.nodes;
        for node in &mut nodes[first..] {
            // Open ones stand before it.
            node.next += 1;
        }
        let start = nodes[first].start;
        nodes.insert(
            first,
            RawNode {
                start,
                end: 0,
                next: 0,
                props: 0,
                form,
            },
        );
        let from = offset(first);
        let moved = self.document.blocks.iter_mut().rev();
        for block in moved.take_while(|block| block.node >= from) {
            block.node += 1;
        }
    }

    /// Ends a node here.
    fn close(&mut self, index: u32) {
        let next = offset(self.document.nodes.len());
        let node = &mut self.document.nodes[index as usize];
        node.end = offset(self.at);
        node.next = next;
    }

    /// A node without children.
    fn leaf(&mut self, form: Form, span: Span) {
        let next = offset(self.document.nodes.len() + 1);
        self.document.nodes.push(RawNode {
            start: span.start,
            end: span.end,
            next,
            props: 0,
            form,
        });
    }

    /// One more thing around all that follows.
    fn deeper(&mut self) -> Step {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.error(format!("nested deeper than {DEEPEST} levels"));
        }
        Ok(())
    }

    /// An error at the next character.
    fn error<T>(&self, message: impl Into<std::borrow::Cow<'static, str>>) -> Step<T> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.chars().next().map_or(0, char::len_utf8);
        Err(ParseError::new(message, self.at, self.at + length))
    }
}

/// The arguments of one body, of which each can be given once.
#[derive(Default)]
struct Arguments<'s> {
    few: Vec<&'s str>,
    many: rustc_hash::FxHashSet<&'s str>,
}

impl<'s> Arguments<'s> {
    /// Whether it is the first of its name.
    fn add(&mut self, name: &'s str) -> bool {
        if self.few.len() < FEW {
            let is_new = !self.few.contains(&name);
            self.few.push(name);
            return is_new;
        }
        if self.many.is_empty() {
            self.many.extend(&self.few);
        }
        self.many.insert(name)
    }
}
