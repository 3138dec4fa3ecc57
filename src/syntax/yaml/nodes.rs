//! One node of the tree: its tag and anchor, and its kind. Collections are opened here and filled by their states.

use super::build::{Builder, Frame, Next};
use super::scan::{KEY, What};
use super::{Form, MAX_DEPTH, TOO_DEEP};
use crate::base::source::Span;
use crate::syntax::{Block, ParseError, Props, RawNode, offset, scalar};

impl Builder<'_> {
    /// One node with its tag and anchor; a collection is left open on the stack.
    #[inline]
    pub(super) fn node(&mut self, block: bool, indentless: bool) -> Result<(), ParseError> {
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
            _ => {
                let error = self.fail("expected a value");
                self.tolerate(error)?;
                self.empty(self.place());
                Ok(())
            }
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
        if !props.tag.is_empty()
            && let Err(error) = self.check_handle(props.tag)
        {
            self.tolerate(Err(error))?;
        }
        self.document.props.push(props);
        Ok(offset(self.document.props.len()))
    }

    #[inline]
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
        Err(ParseError::new(
            "this tag handle is not defined",
            start,
            end,
        ))
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
            let block = self
                .blocks
                .next()
                .expect("the scanner records every block scalar");
            self.document.blocks.push(Block {
                node: index,
                ..block
            });
        }
        if props != 0 {
            self.attach(index, props);
        }
        self.end = token.end;
        self.advance();
        Ok(())
    }

    pub(super) fn empty(&mut self, at: u32) -> u32 {
        self.push(Form::Empty, at, at, 0)
    }

    fn alias(&mut self) -> Result<(), ParseError> {
        let token = self.tokens[self.at];
        let name = Span::new(token.start + 1, token.end).of(self.document.text);
        let (start, end) = (token.start as usize, token.end as usize);
        let Some(&target) = self.anchors.get(name) else {
            let error = ParseError::new("this alias names no anchor", start, end);
            return self.drop_alias(error);
        };
        if self.document.nodes[target as usize].next == 0 {
            let error = ParseError::new("this alias is inside its own anchor", start, end);
            return self.drop_alias(error);
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

    pub(super) fn open(
        &mut self,
        form: Form,
        start: u32,
        props: u32,
        next: Next,
    ) -> Result<(), ParseError> {
        if self.frames.len() >= MAX_DEPTH {
            let error = ParseError::new(TOO_DEEP, start as usize, start as usize);
            return self.drop_collection(next, error);
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
    pub(super) fn close(&mut self, frame: Frame) {
        let next = offset(self.document.nodes.len());
        let node = &mut self.document.nodes[frame.node as usize];
        node.end = self.end.max(node.start);
        node.next = next;
        self.frames.pop();
        if self.repair.is_some() {
            self.note_closed(frame);
        }
    }
}
