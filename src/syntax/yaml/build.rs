//! Tokens to tree: the grammar of libyaml's parser, with a stack of what is open in place of its recursion of states.

use std::collections::HashMap;

use super::repair::Repair;
use super::scan::{KEY, MAPPING, Scanned, Token, What};
use crate::base::source::Span;
use crate::syntax::{Block, Document, Handle, ParseError, Syntax, merge, offset};

/// What an open collection expects next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
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
pub(super) struct Frame {
    pub(super) node: u32,
    pub(super) next: Next,
}

pub(super) struct Builder<'s> {
    pub(super) document: Document<'s>,
    pub(super) tokens: Vec<Token>,
    /// The token to be looked at, and what of its `before` has been taken already.
    pub(super) at: usize,
    pub(super) before: u8,
    error: Option<ParseError>,
    /// Only in the second, lenient pass over a broken text.
    pub(super) repair: Option<Repair>,
    pub(super) blocks: std::vec::IntoIter<Block>,
    pub(super) frames: Vec<Frame>,
    pub(super) anchors: HashMap<&'s str, u32>,
    /// End of the last token that has characters: where values that are not written stand.
    pub(super) end: u32,
}

/// Builds the tree, or says what is wrong first in the text.
pub(super) fn build(text: &str, scanned: Scanned) -> Result<Document<'_>, ParseError> {
    let mut builder = Builder::new(text, scanned);
    builder.stream()?;
    merge::check(&builder.document)?;
    Ok(builder.document)
}

impl<'s> Builder<'s> {
    pub(super) fn new(text: &'s str, scanned: Scanned) -> Self {
        let mut document = Document::new(text, Syntax::Yaml, scanned.tokens.len());
        document.comments = scanned.comments;
        let before = scanned.tokens.first().map_or(0, |token| token.before);
        Self {
            document,
            tokens: scanned.tokens,
            at: 0,
            before,
            error: scanned.error,
            repair: None,
            blocks: scanned.blocks.into_iter(),
            frames: Vec::with_capacity(16),
            anchors: HashMap::new(),
            end: 0,
        }
    }

    /// The next token as libyaml would see it.
    #[inline]
    pub(super) fn peek(&self) -> What {
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
    pub(super) fn skip(&mut self) {
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
    pub(super) fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
            self.before = self.tokens[self.at].before;
        }
    }

    /// An error at the next token; the scanner's own if that is why there is no such token, or if it is about this place.
    #[cold]
    pub(super) fn fail<T>(&mut self, message: &'static str) -> Result<T, ParseError> {
        let token = self.tokens[self.at];
        let broken = token.what == What::Broken;
        if let Some(error) = self
            .error
            .take_if(|error| broken || error.span.start <= token.start)
        {
            return Err(error);
        }
        Err(ParseError::new(
            message,
            token.start as usize,
            token.end as usize,
        ))
    }

    /// The same for brackets, whose beginning is the place to show when the text ends before they do.
    #[cold]
    pub(super) fn fail_in_flow<T>(
        &mut self,
        node: u32,
        message: &'static str,
    ) -> Result<T, ParseError> {
        if self.peek() != What::StreamEnd {
            return self.fail(message);
        }
        let start = self.document.nodes[node as usize].start as usize;
        Err(ParseError::new(
            "this bracket is never closed",
            start,
            start + 1,
        ))
    }

    pub(super) fn stream(&mut self) -> Result<(), ParseError> {
        let mut first = true;
        loop {
            while !first && self.peek() == What::DocumentEnd {
                self.skip();
            }
            if self.repair.is_some() && !self.reach_content() {
                continue;
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
                if self.peek() == What::DocumentStart {
                    self.skip();
                } else {
                    let error = self.fail("expected '---' before another document");
                    self.tolerate(error)?;
                }
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
                        let error = self.fail("a second %YAML directive");
                        self.tolerate(error)?;
                    }
                    version = true;
                    let number = text["%YAML".len()..].trim_start_matches([' ', '\t']);
                    let (major, minor) = number.split_once('.').unwrap_or((number, ""));
                    let minor = minor.parse::<u32>();
                    if major.parse() != Ok(1) || !matches!(minor, Ok(1 | 2)) {
                        let error = self.fail("this version of YAML is not supported");
                        self.tolerate(error)?;
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
            Some(pair) => {
                let error = ParseError::new(
                    "a second %TAG directive for the same handle",
                    pair[1].handle.start as usize,
                    pair[1].handle.end as usize,
                );
                self.tolerate(Err(error))
            }
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
        if self.repair.is_some() {
            self.fill_broken();
            return Ok(());
        }
        self.fill()
    }

    /// Fills all that is open, up to the next error; may be called again behind that.
    pub(super) fn fill(&mut self) -> Result<(), ParseError> {
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
}
