//! What may stand in a collection, step by step: the part of the grammar that has states.

use super::Form;
use super::build::{Builder, Frame, Next};
use super::scan::What;
use crate::syntax::ParseError;

impl Builder<'_> {
    /// What the innermost open collection expects after the node that comes now.
    #[inline]
    pub(super) fn then(&mut self, next: Next) {
        if let Some(frame) = self.frames.last_mut() {
            frame.next = next;
        }
    }

    #[inline]
    pub(super) fn block_key(&mut self, frame: Frame) -> Result<(), ParseError> {
        match self.peek() {
            What::Key => {
                self.skip();
                self.then(Next::BlockValue);
                self.block_child()
            }
            What::BlockEnd => {
                self.advance();
                if self.repair.is_some() && self.ends_splice() {
                    return Ok(());
                }
                self.close(frame);
                Ok(())
            }
            _ => self.fail("expected a key"),
        }
    }

    #[inline]
    pub(super) fn block_value(&mut self) -> Result<(), ParseError> {
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

    pub(super) fn block_entry(&mut self, frame: Frame) -> Result<(), ParseError> {
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

    pub(super) fn indentless_entry(&mut self, frame: Frame) -> Result<(), ParseError> {
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

    pub(super) fn flow_item(&mut self, frame: Frame) -> Result<(), ParseError> {
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

    pub(super) fn pair_key(&mut self) -> Result<(), ParseError> {
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

    pub(super) fn pair_value(&mut self) -> Result<(), ParseError> {
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

    pub(super) fn flow_key(&mut self, frame: Frame) -> Result<(), ParseError> {
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

    pub(super) fn flow_value(&mut self) -> Result<(), ParseError> {
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
}
