//! Tokens to tree: the grammar of libyaml's parser, with a stack of what is open in place of its recursion of states.

use std::collections::HashMap;

use super::scan::{KEY, MAPPING, Scanned, Token, What};
use super::{Form, MAX_DEPTH, TOO_DEEP};
use crate::parse::{Block, Document, Handle, ParseError, Props, RawNode, Syntax, offset, scalar};
use crate::source::Span;

/// What an open collection expects next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    BlockEntry,
    /// An entry of a sequence that is not indented deeper than the mapping around it.
    IndentlessEntry,
    BlockKey,
    BlockValue,
    FlowFirstItem,
    FlowItem,
    /// `[key: value]`: a mapping of one entry without brackets.
    PairKey,
    PairValue,
    PairEnd,
    FlowFirstKey,
    FlowKey,
    FlowValue,
    /// An entry without `:`.
    FlowNoValue,
}

#[derive(Clone, Copy)]
struct Frame {
    node: u32,
    next: Next,
}

struct Builder<'s> {
    document: Document<'s>,
    tokens: Vec<Token>,
    /// The token to be looked at, and what of its `before` has been taken already.
    at: usize,
    before: u8,
    error: Option<ParseError>,
    blocks: std::vec::IntoIter<Block>,
    frames: Vec<Frame>,
    anchors: HashMap<&'s str, u32>,
    /// End of the last token that has characters: where values that are not written stand.
    end: u32,
}

/// Builds the tree, or says what is wrong first in the text.
pub(super) fn build(text: &str, scanned: Scanned) -> Result<Document<'_>, ParseError> {
    let mut document = Document::new(text, Syntax::Yaml, scanned.tokens.len());
    document.comments = scanned.comments;
    let before = scanned.tokens.first().map_or(0, |token| token.before);
    let mut builder = Builder {
        document,
        tokens: scanned.tokens,
        at: 0,
        before,
        error: scanned.error,
        blocks: scanned.blocks.into_iter(),
        frames: Vec::with_capacity(16),
        anchors: HashMap::new(),
        end: 0,
    };
    builder.stream()?;
    Ok(builder.document)
}

impl<'s> Builder<'s> {
    /// The next token as libyaml would see it.
    #[inline]
    fn peek(&self) -> What {
        if self.before == 0 {
            self.tokens[self.at].what
        } else if self.before & MAPPING != 0 {
            What::BlockMappingStart
        } else {
            What::Key
        }
    }

    /// Takes the token that `peek` shows. The last token, the end of the stream, stays.
    #[inline]
    fn skip(&mut self) {
        if self.before & MAPPING != 0 {
            self.before = KEY;
        } else if self.before & KEY != 0 {
            self.before = 0;
        } else {
            self.end = self.end.max(self.tokens[self.at].end);
            self.advance();
        }
    }

    #[inline]
    fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
            self.before = self.tokens[self.at].before;
        }
    }

    /// An error at the next token; the scanner's own if it is why there is no such token.
    #[cold]
    fn fail<T>(&mut self, message: &'static str) -> Result<T, ParseError> {
        let token = self.tokens[self.at];
        if let (What::Broken, Some(error)) = (token.what, self.error.take()) {
            return Err(error);
        }
        Err(ParseError::new(message, token.start as usize, token.end as usize))
    }

    /// The same for brackets, whose beginning is the place to show when the text ends before they do.
    #[cold]
    fn fail_in_flow<T>(&mut self, node: u32, message: &'static str) -> Result<T, ParseError> {
        if self.peek() != What::StreamEnd {
            return self.fail(message);
        }
        let start = self.document.nodes[node as usize].start as usize;
        Err(ParseError::new("this bracket is never closed", start, start + 1))
    }

    fn stream(&mut self) -> Result<(), ParseError> {
        let mut first = true;
        loop {
            while !first && self.peek() == What::DocumentEnd {
                self.skip();
            }
            let explicit = matches!(
                self.peek(),
                What::VersionDirective | What::TagDirective | What::DocumentStart
            );
            match self.peek() {
                What::StreamEnd => return Ok(()),
                What::Broken => return self.fail("the text ends too early"),
                _ => {}
            }
            self.anchors.clear();
            let root = offset(self.document.nodes.len());
            self.document.roots.push(root);
            if explicit || !first {
                self.directives(root)?;
                if self.peek() != What::DocumentStart {
                    return self.fail("expected '---' before another document");
                }
                self.skip();
            }
            self.document_content(explicit)?;
            if self.peek() == What::DocumentEnd {
                self.skip();
            }
            first = false;
        }
    }

    fn directives(&mut self, root: u32) -> Result<(), ParseError> {
        let mut version = false;
        loop {
            let token = self.tokens[self.at];
            let text = Span::new(token.start, token.end).of(self.document.text);
            match self.peek() {
                What::VersionDirective => {
                    if version {
                        return self.fail("a second %YAML directive");
                    }
                    version = true;
                    let number = text["%YAML".len()..].trim_start_matches([' ', '\t']);
                    let (major, minor) = number.split_once('.').unwrap_or((number, ""));
                    let minor = minor.parse::<u32>();
                    if major.parse() != Ok(1) || !matches!(minor, Ok(1 | 2)) {
                        return self.fail("this version of YAML is not supported");
                    }
                }
                What::TagDirective => {
                    let rest = text["%TAG".len()..].trim_start_matches([' ', '\t']);
                    let length = rest.find([' ', '\t']).unwrap_or(rest.len());
                    let prefix = rest[length..].trim_start_matches([' ', '\t']).len();
                    let start = token.end - offset(rest.len());
                    let handle = Span::new(start, start + offset(length));
                    self.document.handles.push(Handle {
                        root,
                        handle,
                        prefix: Span::new(token.end - offset(prefix), token.end),
                    });
                }
                _ => return self.sort_handles(root),
            }
            self.skip();
        }
    }

    /// Makes the handles of this document searchable.
    fn sort_handles(&mut self, root: u32) -> Result<(), ParseError> {
        let text = self.document.text;
        let handles = &mut self.document.handles;
        let first = handles.partition_point(|own| own.root < root);
        handles[first..].sort_by_key(|own| own.handle.of(text));
        let mut pairs = handles[first..].windows(2);
        match pairs.find(|pair| pair[0].handle.of(text) == pair[1].handle.of(text)) {
            None => Ok(()),
            Some(pair) => Err(ParseError::new(
                "a second %TAG directive for the same handle",
                pair[1].handle.start as usize,
                pair[1].handle.end as usize,
            )),
        }
    }

    fn document_content(&mut self, explicit: bool) -> Result<(), ParseError> {
        let absent = matches!(
            self.peek(),
            What::VersionDirective
                | What::TagDirective
                | What::DocumentStart
                | What::DocumentEnd
                | What::StreamEnd
        );
        if explicit && absent {
            self.empty(self.end);
            return Ok(());
        }
        self.node(true, false)?;
        while let Some(&frame) = self.frames.last() {
            match frame.next {
                Next::BlockKey => self.block_key(frame)?,
                Next::BlockValue => self.block_value()?,
                Next::BlockEntry => self.block_entry(frame)?,
                Next::IndentlessEntry => self.indentless_entry(frame)?,
                Next::FlowFirstItem | Next::FlowItem => self.flow_item(frame)?,
                Next::PairKey => self.pair_key()?,
                Next::PairValue => self.pair_value()?,
                Next::PairEnd => self.close(frame),
                Next::FlowFirstKey | Next::FlowKey => self.flow_key(frame)?,
                Next::FlowValue => self.flow_value()?,
                Next::FlowNoValue => {
                    self.then(Next::FlowKey);
                    self.empty(self.end);
                }
            }
        }
        Ok(())
    }

    /// What the innermost open collection expects after the node that comes now.
    #[inline]
    fn then(&mut self, next: Next) {
        if let Some(frame) = self.frames.last_mut() {
            frame.next = next;
        }
    }

    #[inline]
    fn block_key(&mut self, frame: Frame) -> Result<(), ParseError> {
        match self.peek() {
            What::Key => {
                self.skip();
                self.then(Next::BlockValue);
                self.block_child()
            }
            What::BlockEnd => {
                self.advance();
                self.close(frame);
                Ok(())
            }
            _ => self.fail("expected a key"),
        }
    }

    #[inline]
    fn block_value(&mut self) -> Result<(), ParseError> {
        self.then(Next::BlockKey);
        if self.peek() == What::Value {
            self.skip();
            return self.block_child();
        }
        self.empty(self.end);
        Ok(())
    }

    /// A key or a value of a block mapping, which may be absent.
    #[inline]
    fn block_child(&mut self) -> Result<(), ParseError> {
        if matches!(self.peek(), What::Key | What::Value | What::BlockEnd) {
            self.empty(self.end);
            return Ok(());
        }
        self.node(true, true)
    }

    fn block_entry(&mut self, frame: Frame) -> Result<(), ParseError> {
        match self.peek() {
            What::BlockEntry => {
                self.skip();
                if matches!(self.peek(), What::BlockEntry | What::BlockEnd) {
                    self.empty(self.end);
                    return Ok(());
                }
                self.node(true, false)
            }
            What::BlockEnd => {
                self.advance();
                self.close(frame);
                Ok(())
            }
            _ => self.fail("expected '-'"),
        }
    }

    fn indentless_entry(&mut self, frame: Frame) -> Result<(), ParseError> {
        if self.peek() != What::BlockEntry {
            self.close(frame);
            return Ok(());
        }
        self.skip();
        if matches!(
            self.peek(),
            What::BlockEntry | What::Key | What::Value | What::BlockEnd
        ) {
            self.empty(self.end);
            return Ok(());
        }
        self.node(true, false)
    }

    fn flow_item(&mut self, frame: Frame) -> Result<(), ParseError> {
        if self.peek() != What::FlowSequenceEnd {
            if frame.next == Next::FlowItem {
                if self.peek() != What::FlowEntry {
                    return self.fail_in_flow(frame.node, "expected ',' or ']'");
                }
                self.skip();
            }
            self.then(Next::FlowItem);
            match self.peek() {
                What::Key => {
                    let start = self.tokens[self.at].start;
                    self.skip();
                    return self.open(Form::Mapping, start, 0, Next::PairKey);
                }
                What::FlowSequenceEnd => {}
                What::StreamEnd => return self.fail_in_flow(frame.node, ""),
                _ => return self.node(false, false),
            }
        }
        self.skip();
        self.close(frame);
        Ok(())
    }

    fn pair_key(&mut self) -> Result<(), ParseError> {
        self.then(Next::PairValue);
        if matches!(
            self.peek(),
            What::Value | What::FlowEntry | What::FlowSequenceEnd
        ) {
            // libyaml takes that token here, so `[? : x]` and `[?]` are errors; what it accepts is what counts.
            self.skip();
            self.empty(self.end);
            return Ok(());
        }
        self.node(false, false)
    }

    fn pair_value(&mut self) -> Result<(), ParseError> {
        self.then(Next::PairEnd);
        if self.peek() == What::Value {
            self.skip();
            if !matches!(self.peek(), What::FlowEntry | What::FlowSequenceEnd) {
                return self.node(false, false);
            }
        }
        self.empty(self.end);
        Ok(())
    }

    fn flow_key(&mut self, frame: Frame) -> Result<(), ParseError> {
        if self.peek() != What::FlowMappingEnd {
            if frame.next == Next::FlowKey {
                if self.peek() != What::FlowEntry {
                    return self.fail_in_flow(frame.node, "expected ',' or '}'");
                }
                self.skip();
            }
            match self.peek() {
                What::Key => {
                    self.skip();
                    self.then(Next::FlowValue);
                    if matches!(
                        self.peek(),
                        What::Value | What::FlowEntry | What::FlowMappingEnd
                    ) {
                        self.empty(self.end);
                        return Ok(());
                    }
                    return self.node(false, false);
                }
                What::FlowMappingEnd => {}
                What::StreamEnd => return self.fail_in_flow(frame.node, ""),
                _ => {
                    self.then(Next::FlowNoValue);
                    return self.node(false, false);
                }
            }
        }
        self.skip();
        self.close(frame);
        Ok(())
    }

    fn flow_value(&mut self) -> Result<(), ParseError> {
        self.then(Next::FlowKey);
        if self.peek() == What::Value {
            self.skip();
            if !matches!(self.peek(), What::FlowEntry | What::FlowMappingEnd) {
                return self.node(false, false);
            }
        }
        self.empty(self.end);
        Ok(())
    }

    /// One node with its tag and anchor; a collection is left open on the stack.
    #[inline]
    fn node(&mut self, block: bool, indentless: bool) -> Result<(), ParseError> {
        let what = self.peek();
        if let What::Scalar(form) = what {
            return self.scalar(form, 0);
        }
        if matches!(what, What::Anchor | What::Tag) {
            let props = self.props()?;
            return self.content(block, indentless, props);
        }
        self.content(block, indentless, 0)
    }

    fn content(&mut self, block: bool, indentless: bool, props: u32) -> Result<(), ParseError> {
        let start = self.tokens[self.at].start;
        match self.peek() {
            What::Scalar(form) => self.scalar(form, props),
            What::Alias if props == 0 => self.alias(),
            What::BlockEntry if indentless => {
                self.open(Form::Sequence, start, props, Next::IndentlessEntry)
            }
            What::FlowSequenceStart => {
                self.skip();
                self.open(Form::Sequence, start, props, Next::FlowFirstItem)
            }
            What::FlowMappingStart => {
                self.skip();
                self.open(Form::Mapping, start, props, Next::FlowFirstKey)
            }
            What::BlockSequenceStart if block => {
                self.advance();
                self.open(Form::Sequence, start, props, Next::BlockEntry)
            }
            What::BlockMappingStart if block => {
                if self.before == 0 {
                    self.advance();
                } else {
                    self.before = KEY;
                }
                self.open(Form::Mapping, start, props, Next::BlockKey)
            }
            _ if props != 0 => {
                let index = self.empty(self.end);
                self.attach(index, props);
                Ok(())
            }
            _ => self.fail("expected a value"),
        }
    }

    /// A tag and an anchor, in either order. Returns their index in the document, counted from 1.
    fn props(&mut self) -> Result<u32, ParseError> {
        let mut props = Props::default();
        for _ in 0..2 {
            let what = self.peek();
            let token = self.tokens[self.at];
            let span = Span::new(token.start, token.end);
            match what {
                What::Anchor if props.anchor.is_empty() => props.anchor = span,
                What::Tag if props.tag.is_empty() => props.tag = span,
                _ => break,
            }
            self.skip();
        }
        if !props.tag.is_empty() {
            self.check_handle(props.tag)?;
        }
        self.document.props.push(props);
        Ok(offset(self.document.props.len()))
    }

    fn check_handle(&self, tag: Span) -> Result<(), ParseError> {
        let text = self.document.text;
        let handle = &tag.of(text)[..scalar::handle_length(tag.of(text))];
        if matches!(handle, "" | "!" | "!!") {
            return Ok(());
        }
        let root = self.document.roots.last().copied().unwrap_or(0);
        if self.document.prefix(root, handle).is_some() {
            return Ok(());
        }
        let (start, end) = (tag.start as usize, tag.end as usize);
        Err(ParseError::new("this tag handle is not defined", start, end))
    }

    #[inline]
    fn push(&mut self, form: Form, start: u32, end: u32, props: u32) -> u32 {
        let index = offset(self.document.nodes.len());
        self.document.nodes.push(RawNode {
            start,
            end,
            next: index + 1,
            props,
            form,
        });
        index
    }

    #[inline]
    fn scalar(&mut self, form: Form, props: u32) -> Result<(), ParseError> {
        let token = self.tokens[self.at];
        let index = self.push(form, token.start, token.end, 0);
        if matches!(form, Form::Literal | Form::Folded) {
            let block = self.blocks.next().expect("the scanner records every block scalar");
            self.document.blocks.push(Block { node: index, ..block });
        }
        if props != 0 {
            self.attach(index, props);
        }
        self.end = token.end;
        self.advance();
        Ok(())
    }

    fn empty(&mut self, at: u32) -> u32 {
        self.push(Form::Empty, at, at, 0)
    }

    fn alias(&mut self) -> Result<(), ParseError> {
        let token = self.tokens[self.at];
        let name = Span::new(token.start + 1, token.end).of(self.document.text);
        let (start, end) = (token.start as usize, token.end as usize);
        let Some(&target) = self.anchors.get(name) else {
            return Err(ParseError::new("this alias names no anchor", start, end));
        };
        if self.document.nodes[target as usize].next == 0 {
            return Err(ParseError::new("this alias stands inside of its own anchor", start, end));
        }
        self.push(Form::Alias, token.start, token.end, target);
        self.skip();
        Ok(())
    }

    /// Gives the node its tag and makes its anchor known.
    fn attach(&mut self, index: u32, props: u32) {
        self.document.nodes[index as usize].props = props;
        let anchor = self.document.props[props as usize - 1].anchor;
        if let Some(name) = anchor.of(self.document.text).get(1..) {
            self.anchors.insert(name, index);
        }
    }

    fn open(&mut self, form: Form, start: u32, props: u32, next: Next) -> Result<(), ParseError> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(ParseError::new(TOO_DEEP, start as usize, start as usize));
        }
        let node = self.push(form, start, start, 0);
        self.document.nodes[node as usize].next = 0;
        if props != 0 {
            self.attach(node, props);
        }
        self.frames.push(Frame { node, next });
        Ok(())
    }

    /// The collection ends with the last token that was taken.
    #[inline]
    fn close(&mut self, frame: Frame) {
        let next = offset(self.document.nodes.len());
        let node = &mut self.document.nodes[frame.node as usize];
        node.end = self.end.max(node.start);
        node.next = next;
        self.frames.pop();
    }
}
