//! The builder's second pass, over the tokens of a text that the first one refused: what fits nowhere is left out, and what is
//! missing becomes a value that is not written, so that every entry around it keeps its place.

use super::Form;
use super::build::{Builder, Frame, Next};
use super::scan::{KEY, MAPPING, Scanned, What};
use crate::syntax::errors::Errors;
use crate::syntax::{Document, ParseError, merge};

/// What only the second pass has to know.
#[derive(Default)]
pub(super) struct Repair {
    errors: Errors,
    /// Mappings whose entries are taken for those of the mapping around them: how many frames were open at each.
    spliced: Vec<usize>,
    /// How many nodes there were when a collection was last closed.
    closed: usize,
}

/// Builds the tree of whatever the tokens are.
pub(super) fn build(text: &str, scanned: Scanned) -> (Document<'_>, Errors) {
    let mut builder = Builder::new(text, scanned);
    builder.repair = Some(Repair::default());
    if let Err(error) = builder.stream() {
        builder.note(error);
        builder.close_all();
    }
    if let Err(error) = merge::check(&builder.document) {
        builder.note(error);
        builder.document.merges_too_much = true;
    }
    let errors = builder.repair.map(|repair| repair.errors);
    (builder.document, errors.unwrap_or_default())
}

impl Builder<'_> {
    fn note(&mut self, error: ParseError) {
        if let Some(repair) = &mut self.repair {
            repair.errors.push(self.document.text, error);
        }
    }

    /// In the second pass an error is noted and no reason to stop.
    #[cold]
    pub(super) fn tolerate(&mut self, result: Result<(), ParseError>) -> Result<(), ParseError> {
        match result {
            Err(error) if self.repair.is_some() => {
                self.note(error);
                Ok(())
            }
            result => result,
        }
    }

    /// Where a value that is not written stands.
    pub(super) fn place(&self) -> u32 {
        let open = self.frames.last();
        let start = open.map_or(0, |frame| self.document.nodes[frame.node as usize].start);
        self.end.max(start)
    }

    /// An alias that stands for nothing.
    #[cold]
    pub(super) fn drop_alias(&mut self, error: ParseError) -> Result<(), ParseError> {
        self.tolerate(Err(error))?;
        let start = self.tokens[self.at].start;
        self.empty(start);
        self.skip();
        Ok(())
    }

    /// A collection that is nested too deep. Its first token has been taken, if it has one of its own.
    #[cold]
    pub(super) fn drop_collection(
        &mut self,
        next: Next,
        error: ParseError,
    ) -> Result<(), ParseError> {
        self.tolerate(Err(error))?;
        self.empty(self.place());
        if !matches!(next, Next::IndentlessEntry | Next::PairKey) {
            self.pass_balanced(1);
        }
        Ok(())
    }

    /// Before a document: passes over what can't begin one. `false` at the end of the one before.
    pub(super) fn reach_content(&mut self) -> bool {
        loop {
            match self.peek() {
                What::DocumentEnd if !self.document.roots.is_empty() => return false,
                What::BlockEnd => self.pass_token(),
                What::DocumentEnd
                | What::FlowMappingEnd
                | What::FlowSequenceEnd
                | What::FlowEntry
                | What::Value => {
                    let error = self.fail("expected a value");
                    let _ = self.tolerate(error);
                    self.pass_token();
                }
                _ => return true,
            }
        }
    }

    /// Fills all that is open.
    pub(super) fn fill_broken(&mut self) {
        while let Err(error) = self.fill() {
            self.note(error);
            self.mend();
        }
    }

    #[cold]
    pub(super) fn note_closed(&mut self, frame: Frame) {
        // Of a collection whose tokens were all left out, nothing but its place is known.
        self.end = self.end.max(self.document.nodes[frame.node as usize].end);
        let nodes = self.document.nodes.len();
        if let Some(repair) = &mut self.repair {
            repair.closed = nodes;
        }
    }

    /// Whether the end of a block is that of a mapping whose entries were taken over.
    #[cold]
    pub(super) fn ends_splice(&mut self) -> bool {
        let open = self.frames.len();
        let Some(repair) = &mut self.repair else {
            return false;
        };
        let ends = repair.spliced.last() == Some(&open);
        if ends {
            repair.spliced.pop();
        }
        ends
    }

    /// Behind an error: goes to the next entry of the innermost open collection, or to its end.
    fn mend(&mut self) {
        let Some(&frame) = self.frames.last() else {
            return;
        };
        let what = self.peek();
        if matches!(
            what,
            What::StreamEnd | What::DocumentStart | What::DocumentEnd | What::Broken
        ) || (is_flow(frame.next) && what == What::BlockEnd)
        {
            return self.end(frame);
        }
        match frame.next {
            Next::BlockKey if what == What::Value => {
                self.empty(self.place());
                self.then(Next::BlockValue);
            }
            Next::BlockKey if what == What::BlockMappingStart => self.take_in_mapping(),
            Next::BlockKey if what == What::BlockSequenceStart && self.is_value_for_last() => {
                self.replace_value();
            }
            Next::FlowItem | Next::FlowKey if begins_item(what) => {
                // Only the comma is missing.
                self.then(if frame.next == Next::FlowItem {
                    Next::FlowFirstItem
                } else {
                    Next::FlowFirstKey
                });
            }
            _ => self.pass_balanced(0),
        }
    }

    /// A mapping where a key is expected. It is what was meant as the value of the key before it, or the entries of this
    /// mapping with one blank too many.
    fn take_in_mapping(&mut self) {
        if self.is_value_for_last() {
            return self.replace_value();
        }
        let open = self.frames.len();
        if let Some(repair) = &mut self.repair {
            repair.spliced.push(open);
        }
        self.pass_token();
    }

    /// Whether the last entry is `key: word` on the line before a collection that is indented deeper by more than a blank.
    fn is_value_for_last(&self) -> bool {
        let nodes = &self.document.nodes;
        let [.., key, value] = nodes.as_slice() else {
            return false;
        };
        let scalar = matches!(
            value.form,
            Form::Empty | Form::Plain | Form::Quoted | Form::Alias
        );
        let bare = value.form == Form::Alias || value.props == 0;
        let text = self.document.text;
        let start = self.tokens[self.at].start as usize;
        let between = text.get(value.end as usize..start).unwrap_or_default();
        let (rest, indent) = between.rsplit_once('\n').unwrap_or((between, ""));
        let column = |at: usize| at - text[..at].rfind('\n').map_or(0, |at| at + 1);
        scalar
            && bare
            && self.repair.as_ref().map(|repair| repair.closed) != Some(nodes.len())
            && key.next as usize == nodes.len() - 1
            && rest.trim().is_empty()
            && indent.len() > column(key.start as usize) + 1
    }

    fn replace_value(&mut self) {
        self.document.nodes.pop();
        // Cannot fail: the token begins a collection.
        let result = self.node(true, true);
        let _ = self.tolerate(result);
    }

    /// Passes over tokens, and over whole collections among them, up to what the innermost open collection can go on with;
    /// with `depth`, up to the end of that many collections first.
    fn pass_balanced(&mut self, mut depth: usize) {
        let next = self.frames.last().map(|frame| frame.next);
        let mut passed = depth > 0;
        loop {
            let what = self.peek();
            match what {
                What::StreamEnd | What::DocumentStart | What::DocumentEnd | What::Broken => return,
                What::BlockMappingStart
                | What::BlockSequenceStart
                | What::FlowMappingStart
                | What::FlowSequenceStart => depth += 1,
                What::BlockEnd | What::FlowMappingEnd | What::FlowSequenceEnd => {
                    if depth == 0 {
                        let block = what == What::BlockEnd;
                        let mine = match next {
                            Some(Next::FlowFirstItem | Next::FlowItem) => {
                                block || what == What::FlowSequenceEnd
                            }
                            Some(Next::FlowFirstKey | Next::FlowKey) => {
                                block || what == What::FlowMappingEnd
                            }
                            _ => block,
                        };
                        if mine {
                            return;
                        }
                    } else {
                        depth -= 1;
                        if depth == 0 && passed {
                            self.pass_token();
                            return;
                        }
                    }
                }
                _ if depth > 0 => {}
                What::Key if matches!(next, Some(Next::BlockKey)) => return,
                What::BlockEntry if matches!(next, Some(Next::BlockEntry)) => return,
                What::FlowEntry if next.is_some_and(is_flow) => return,
                _ => {}
            }
            self.pass_token();
            passed = passed && depth > 0;
        }
    }

    /// Goes past a token that is in no tree.
    fn pass_token(&mut self) {
        if self.before & MAPPING != 0 {
            self.before = KEY;
        } else if self.before & KEY != 0 {
            self.before = 0;
        } else {
            if let What::Scalar(Form::Literal | Form::Folded) = self.tokens[self.at].what {
                self.blocks.next();
            }
            self.advance();
        }
    }

    /// Closes a collection that ends too early, with a value for a key that has none.
    fn end(&mut self, frame: Frame) {
        if matches!(
            frame.next,
            Next::BlockValue | Next::FlowValue | Next::FlowNoValue | Next::PairValue
        ) {
            self.empty(self.place());
        }
        self.close(frame);
        let open = self.frames.len();
        if let Some(repair) = &mut self.repair {
            repair.spliced.retain(|&at| at <= open);
        }
    }

    fn close_all(&mut self) {
        while let Some(&frame) = self.frames.last() {
            self.end(frame);
        }
    }
}

fn is_flow(next: Next) -> bool {
    !matches!(
        next,
        Next::BlockEntry | Next::IndentlessEntry | Next::BlockKey | Next::BlockValue
    )
}

fn begins_item(what: What) -> bool {
    matches!(
        what,
        What::Key
            | What::Scalar(_)
            | What::Alias
            | What::Anchor
            | What::Tag
            | What::FlowMappingStart
            | What::FlowSequenceStart
    )
}
