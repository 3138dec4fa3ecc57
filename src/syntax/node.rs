//! The cursor: how everyone else looks at a [`Document`].

use std::borrow::Cow;

use super::{Document, Form, Kind, Operation, Props, RawNode, Scalar, Syntax, scalar, scalar_text};
use crate::base::source::{Place, Span};

/// A place in a [`Document`]. Cheap to copy; aliases are followed for everything but the place itself.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'d> Node<'d> {
    pub(super) fn new(document: &'d Document<'d>, index: u32) -> Self {
        Self { document, index }
    }

    /// What this node is; of the target if it is an alias.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.target().form {
            Form::Mapping | Form::Body => Kind::Mapping,
            Form::Sequence => Kind::Sequence,
            Form::Operation(_) => Kind::Expression,
            _ => Kind::Scalar,
        }
    }

    /// What there is to work out, if it is no plain value.
    #[must_use]
    pub fn operation(self) -> Option<Operation> {
        match self.target().form {
            Form::Operation(operation) => Some(operation),
            _ => None,
        }
    }

    /// The parts of what there is to work out. Empty of a plain value.
    #[must_use]
    pub fn parts(self) -> Items<'d> {
        let form = match self.target().form {
            form @ Form::Operation(_) => form,
            _ => Form::Sequence,
        };
        Items(self.children(form))
    }

    /// Whether it is a text over lines of its own (`<<WORD`).
    #[must_use]
    pub fn is_heredoc(self) -> bool {
        let start = self.raw().start as usize;
        self.document.syntax == Syntax::Hcl
            && self.document.text.as_bytes().get(start) == Some(&b'<')
    }

    /// Whether it is the body of a block, and no value.
    #[must_use]
    pub fn is_body(self) -> bool {
        self.target().form == Form::Body
    }

    /// Where it stands in the text, without tag and anchor: a collection from its first byte to its last content byte, a
    /// scalar with its quotes, an alias as itself (not its target). A value that is not written has an empty span.
    #[must_use]
    pub fn span(self) -> Span {
        let raw = self.raw();
        Span::new(raw.start, raw.end)
    }

    /// The text of [`Node::span`].
    #[must_use]
    pub fn written(self) -> &'d str {
        self.span().of(self.document.text)
    }

    /// The tag as written, such as `!Ref`, `!!str` or `!<tag:example.org,2000:x>`. `None` in JSON.
    #[must_use]
    pub fn tag(self) -> Option<&'d str> {
        self.tag_span().map(|span| span.of(self.document.text))
    }

    /// Where the tag stands.
    #[must_use]
    pub fn tag_span(self) -> Option<Span> {
        let span = self.props()?.tag;
        (!span.is_empty()).then_some(span)
    }

    /// The tag with its handle replaced by what it stands for: `!!str` is `tag:yaml.org,2002:str`.
    /// Escapes such as `%21` stay as written.
    #[must_use]
    pub fn resolved_tag(self) -> Option<Cow<'d, str>> {
        let tag = self.tag()?;
        if let Some(verbatim) = tag.strip_prefix("!<") {
            return Some(Cow::Borrowed(
                verbatim.strip_suffix('>').unwrap_or(verbatim),
            ));
        }
        let length = scalar::handle_length(tag);
        let (handle, suffix) = tag.split_at(length);
        if tag == "!" {
            return Some(Cow::Borrowed(tag));
        }
        let document = self.document;
        let root = document
            .roots
            .partition_point(|&root| root <= self.target_index());
        let root = document
            .roots
            .get(root.wrapping_sub(1))
            .copied()
            .unwrap_or(0);
        let prefix = document.prefix(root, handle);
        match (prefix, handle) {
            (Some(prefix), _) => Some(Cow::Owned(format!("{prefix}{suffix}"))),
            (None, "!!") => Some(Cow::Owned(format!("tag:yaml.org,2002:{suffix}"))),
            (None, _) => Some(Cow::Borrowed(tag)),
        }
    }

    /// The name given to this node with `&name`, without the `&`.
    #[must_use]
    pub fn anchor(self) -> Option<&'d str> {
        let raw = self.raw();
        if raw.form == Form::Alias {
            return None;
        }
        let anchor = self.props()?.anchor.of(self.document.text);
        anchor.get(1..)
    }

    /// Whether this place is a reference (`*name`).
    #[must_use]
    pub fn is_alias(self) -> bool {
        self.raw().form == Form::Alias
    }

    /// Keys and values as written: duplicates are there, merge keys are not expanded. Empty unless a mapping.
    #[must_use]
    pub fn entries(self) -> Entries<'d> {
        Entries(self.children(self.mapping()))
    }

    /// As many entries as there may be at most.
    pub(super) fn most_entries(self) -> usize {
        let all = self.children(self.mapping());
        all.end.saturating_sub(all.at) as usize / 2
    }

    /// The items. Empty unless a sequence.
    #[must_use]
    pub fn items(self) -> Items<'d> {
        Items(self.children(Form::Sequence))
    }

    /// The value of a scalar with folding and escapes applied; empty for collections.
    /// Borrowed whenever the value stands in the text as it is.
    #[must_use]
    pub fn text(self) -> Cow<'d, str> {
        scalar_text::of(self.document, self.target_index())
    }

    /// The value as the language resolves it. A collection is [`Scalar::Null`].
    #[must_use]
    pub fn scalar(self) -> Scalar<'d> {
        scalar::resolve(self)
    }

    /// The text by which values are compared: `None` for null and collections, `true`/`false` for any boolean, decimal
    /// digits for an integer in another notation, a float as written, and text as it is.
    #[must_use]
    pub fn comparable(self) -> Option<Cow<'d, str>> {
        scalar::comparable(self)
    }

    /// Whether it is an unquoted scalar.
    #[must_use]
    pub fn is_plain(self) -> bool {
        matches!(
            self.target().form,
            Form::Plain | Form::PlainFolded | Form::Empty
        )
    }

    /// Position in the flat tree; `start_index()..end_index()` holds the node and all its descendants.
    #[must_use]
    pub fn start_index(self) -> u32 {
        self.index
    }

    /// See [`Node::start_index`].
    #[must_use]
    pub fn end_index(self) -> u32 {
        self.raw().next
    }

    /// Where it stands among the documents that are looked at together.
    #[must_use]
    pub fn place(self) -> Place {
        Place {
            file: self.document.number,
            span: self.span(),
        }
    }

    /// The document that this node is a part of.
    #[must_use]
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// Whether this scalar has the value `text`, without building it where the text has it as it is.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        // Most keys that are asked about are another one, and already longer or shorter.
        match self.bytes() {
            Some(bytes) => bytes == text.as_bytes(),
            None => self.kind() == Kind::Scalar && self.text() == text,
        }
    }

    /// The value of a scalar that stands in the text as it is; `None` of any other, and of collections.
    #[must_use]
    pub fn bytes(self) -> Option<&'d [u8]> {
        let raw = self.target();
        let quote = match raw.form {
            Form::Plain => 0,
            Form::Quoted => 1,
            _ => return None,
        };
        let range = (raw.start + quote) as usize..raw.end.wrapping_sub(quote) as usize;
        self.document.text.as_bytes().get(range)
    }

    /// Whether it is a key by which YAML merges another mapping into this one.
    pub(super) fn is_merge(self) -> bool {
        let raw = self.target();
        raw.form == Form::Plain
            && raw.end.wrapping_sub(raw.start) == 2
            && self.document.syntax == Syntax::Yaml
            && !self.document.merges_too_much
            && self.is("<<")
            && self.tag().is_none()
    }

    pub(super) fn is_yaml(self) -> bool {
        self.document.syntax == Syntax::Yaml
    }

    /// Position in the flat tree of what this node stands for: itself, or the target of an alias.
    #[must_use]
    pub fn target_index(self) -> u32 {
        let raw = self.raw();
        if raw.form == Form::Alias {
            raw.props
        } else {
            self.index
        }
    }

    fn raw(self) -> &'d RawNode {
        &self.document.nodes[self.index as usize]
    }

    fn target(self) -> &'d RawNode {
        &self.document.nodes[self.target_index() as usize]
    }

    fn props(self) -> Option<&'d Props> {
        let index = self.target().props.checked_sub(1)?;
        self.document.props.get(index as usize)
    }

    /// The form that a mapping has here.
    fn mapping(self) -> Form {
        match self.target().form {
            Form::Body => Form::Body,
            _ => Form::Mapping,
        }
    }

    fn children(self, form: Form) -> Children<'d> {
        let index = self.target_index();
        let raw = &self.document.nodes[index as usize];
        let end = if raw.form == form {
            raw.next
        } else {
            index + 1
        };
        Children {
            document: self.document,
            at: index + 1,
            end,
        }
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Node");
        shown
            .field("index", &self.index)
            .field("kind", &self.kind());
        shown.field("span", &self.span()).finish()
    }
}

/// Direct children, one after the other.
#[derive(Clone, Debug)]
struct Children<'d> {
    document: &'d Document<'d>,
    at: u32,
    end: u32,
}

impl<'d> Children<'d> {
    #[inline]
    fn pull(&mut self) -> Option<Node<'d>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node::new(self.document, self.at);
        self.at = node.end_index();
        Some(node)
    }
}

/// The entries of a mapping as written; see [`Node::entries`].
#[derive(Clone, Debug)]
pub struct Entries<'d>(Children<'d>);

impl<'d> Iterator for Entries<'d> {
    type Item = (Node<'d>, Node<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.0.pull()?;
        let value = self.0.pull()?;
        Some((key, value))
    }
}

/// The items of a sequence; see [`Node::items`].
#[derive(Clone, Debug)]
pub struct Items<'d>(Children<'d>);

impl<'d> Iterator for Items<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.pull()
    }
}
