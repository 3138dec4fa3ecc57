//! Text to tree: YAML and JSON become the same flat tree, which remembers where every key, value, tag and comment stood.
//! Knows no cloud.
//!
//! The tree is one `Vec` in pre-order: a node's first child is the next element, and `next` skips its whole subtree.
//! Scalars stay slices of the text until their value is asked for, aliases stay references, and nothing recurses: depth is
//! a limit (an error with a place), never a stack.
//!
//! [`yaml()`] and [`json()`] read a text or refuse it. [`read_yaml`] and [`read_json`] never refuse: what they give for a sound
//! text is the same, and for a broken one its errors and the tree of what can be read. That tree is built by a second,
//! lenient pass, so sound texts pay nothing for it.

mod errors;
mod hcl;
mod json;
mod merge;
mod node;
mod scalar;
mod scalar_text;
mod skip;
mod yaml;

use crate::base::source::Span;

pub use crate::base::Syntax;
pub use errors::{MAX_ERRORS, ParseError, Parsed};
pub use hcl::{expression, hcl, template};
pub use json::{json, read_json};
pub use node::{Entries, Items, Node};
pub use scalar::Scalar;
pub use yaml::{read_yaml, yaml};

/// What a node is. Aliases are followed: an alias is of the kind of what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keys and values.
    Mapping,
    /// Items in order.
    Sequence,
    /// A single value.
    Scalar,
    /// What has to be worked out (Terraform's own syntax): see [`Node::operation`].
    Expression,
}

/// What there is to work out, or a part of it. Its parts are the node's children, in the order of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A variable, or the name of a function. No parts.
    Name,
    /// A value, then the steps that are taken from it.
    Traversal,
    /// A step: the attribute of that name. No parts.
    Attribute,
    /// A step: the element at its only part.
    Index,
    /// A step: `.*`. No parts.
    Splat,
    /// A step: `[*]`. No parts.
    FullSplat,
    /// The name of the function, then its arguments.
    Call,
    /// `xs...`
    Expanded,
    /// The operator, then what it is applied to.
    Unary,
    /// Operands with operators between them, whatever binds tighter.
    Chain,
    /// No parts.
    Operator,
    /// The condition, what is taken where it holds, and what else.
    Conditional,
    /// What stands between them.
    Parentheses,
    /// One or two variables, what is run over, the value, and a condition if there is one.
    ForList,
    /// One or two variables, what is run over, the key, the value, and a condition if there is one.
    ForObject,
    /// What a loop calls its key or its value. No parts.
    Variable,
    /// Texts, interpolations and directives.
    Template,
    /// `${ ... }`
    Interpolation,
    /// Tags with parts between them: `%{ if a }...%{ else }...%{ endif }`.
    IfDirective,
    /// A tag with the variables and what is run over, a part, and a tag.
    ForDirective,
    /// `%{ ... }`
    Tag,
    /// What stands between two tags.
    Part,
}

/// One parsed text. A YAML text may hold several documents: one root each.
#[derive(Debug)]
pub struct Document<'s> {
    text: &'s str,
    syntax: Syntax,
    /// Which one it is of the texts that are looked at together.
    number: usize,
    /// All nodes in pre-order.
    nodes: Vec<RawNode>,
    /// Tags and anchors, for the few nodes that have one.
    props: Vec<Props>,
    /// How to read the lines of each block scalar, sorted by node.
    blocks: Vec<Block>,
    /// Sorted; from `#` up to the end of the line.
    comments: Vec<Span>,
    /// Index of each document's root.
    roots: Vec<u32>,
    /// `%TAG` directives, sorted by the root of the document that they belong to, then by handle.
    handles: Vec<Handle>,
    /// Its merge keys bring in so much that they are read as plain keys.
    merges_too_much: bool,
}

impl<'s> Document<'s> {
    fn new(text: &'s str, syntax: Syntax, nodes: usize) -> Self {
        Self {
            text,
            syntax,
            number: 0,
            nodes: Vec::with_capacity(nodes),
            props: Vec::new(),
            blocks: Vec::new(),
            comments: Vec::new(),
            roots: Vec::new(),
            handles: Vec::new(),
            merges_too_much: false,
        }
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// The same, as one of several texts that are looked at together.
    #[must_use]
    pub fn numbered(mut self, number: usize) -> Self {
        self.number = number;
        self
    }

    /// Which one it is of the texts that are looked at together; the first where it is alone.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// The language it was parsed as.
    #[must_use]
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The root of each YAML document in the text; JSON has exactly one. A YAML text without content has none.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.roots.iter().map(|&index| Node::new(self, index))
    }

    /// Every node in the order of writing, keys included.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..offset(self.nodes.len())).map(|index| Node::new(self, index))
    }

    /// All comments in order, each from its `#` up to the line break.
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Number of nodes, keys included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// What a tag handle stands for in the document with this root.
    fn prefix(&self, root: u32, handle: &str) -> Option<&'s str> {
        let key = |own: &Handle| (own.root, own.handle.of(self.text));
        let found = self
            .handles
            .binary_search_by(|own| key(own).cmp(&(root, handle)));
        found.ok().map(|at| self.handles[at].prefix.of(self.text))
    }

    /// Whether the text holds no node at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// How a node is written. The two scalar forms of a style tell whether its value is a slice of the text as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Mapping,
    Sequence,
    /// A reference; `props` holds the index of its target.
    Alias,
    /// No character at all: null in YAML.
    Empty,
    /// Unquoted, on one line.
    Plain,
    /// Unquoted, over several lines.
    PlainFolded,
    /// In quotes of either sort, value as written between them.
    Quoted,
    /// In single quotes, with a doubled quote or a line break inside.
    SingleFolded,
    /// In double quotes, with an escape or a line break inside.
    DoubleFolded,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// The body of a block, or a whole file (HCL).
    Body,
    /// In quotes, with HCL's escapes.
    Escaped,
    /// A text over lines without anything to work out in it.
    Heredoc,
    /// A text of a template, as it stands.
    Piece,
    /// A text of a template in quotes, with escapes.
    EscapedPiece,
    /// A text of a template in a heredoc, with `$${` or `%%{`.
    HeredocPiece,
    /// See there.
    Operation(Operation),
}

/// `next` is the index after the subtree; 0 while a collection is still open.
#[derive(Clone, Copy, Debug)]
struct RawNode {
    start: u32,
    end: u32,
    next: u32,
    /// 0 for none, otherwise one more than the index into `Document::props`; the target's index in an alias.
    props: u32,
    form: Form,
}

#[derive(Clone, Copy, Debug, Default)]
struct Props {
    tag: Span,
    anchor: Span,
}

/// Where a block scalar's lines are and how they are to be read.
#[derive(Clone, Copy, Debug)]
struct Block {
    node: u32,
    body: Span,
    indent: u32,
    chomp: Chomp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

#[derive(Clone, Copy, Debug)]
struct Handle {
    root: u32,
    handle: Span,
    prefix: Span,
}

/// Texts above 4 GiB are refused before anything else and no byte makes more than one node, so offsets and indices fit.
#[inline]
fn offset(byte: usize) -> u32 {
    debug_assert!(u32::try_from(byte).is_ok());
    byte as u32
}

/// The refusal that makes `offset` safe.
fn check_size(text: &str) -> Result<(), ParseError> {
    if u32::try_from(text.len()).is_ok_and(|len| len < u32::MAX) {
        return Ok(());
    }
    Err(ParseError::new("the text is larger than 4 GiB", 0, 0))
}
