//! The attributes of one resource, `after` and `after_unknown` (or `values`) put together, with the words that say so.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Excerpts;
use crate::base::source::Span;
use crate::blocks::{Cause, Child, Entry, Expr, Place};
use crate::syntax::{Document, Kind, Node};

/// Nesting beyond which nothing is looked at: no attribute is that deep.
const DEEPEST: usize = 200;

/// Bytes of a single value that are kept to be shown.
const SHOWN: usize = 200;

/// Bytes of a list or map that are kept, so that a value inside of it can be shown.
const SHOWN_NESTED: usize = 2048;

/// Whether a mark of `after_unknown` or `after_sensitive` stands there.
fn is_marked(mark: Node<'_>) -> bool {
    mark.kind() == Kind::Scalar && mark.is_plain() && mark.is("true")
}

/// Where a value and what is not known of it are told.
#[derive(Clone, Copy)]
pub(super) struct Sides<'d> {
    pub(super) known: Option<Node<'d>>,
    pub(super) unknown: Option<Node<'d>>,
    pub(super) sensitive: Option<Node<'d>>,
    /// It is told elsewhere that it must not be shown.
    pub(super) is_secret: bool,
}

/// Reads the attributes of one element.
pub(super) struct Values<'d, 'e> {
    text: &'d str,
    /// How many marks stand before each node.
    marks: Vec<u32>,
    excerpts: &'e mut Excerpts,
}

/// The bytes of the element that an excerpt shows.
#[derive(Clone, Copy)]
struct Shown {
    file: usize,
    start: u32,
    end: u32,
}

impl<'d, 'e> Values<'d, 'e> {
    pub(super) fn new(document: &Document<'d>, excerpts: &'e mut Excerpts) -> Self {
        let mut count = 0;
        let mut marks = Vec::with_capacity(document.len() + 1);
        for node in document.nodes() {
            marks.push(count);
            count += u32::from(is_marked(node));
        }
        marks.push(count);
        let text = document.text();
        Self {
            text,
            marks,
            excerpts,
        }
    }

    /// One attribute; nothing where it is null or not there.
    pub(super) fn attribute(&mut self, name: &str, sides: &Sides<'d>) -> Option<Entry<'static>> {
        let known = sides.known.and_then(|all| all.entry(name));
        let known = known.filter(|(_, value)| !is_nothing(*value));
        let unknown = match sides.unknown {
            // Of the resource nothing is known at all.
            Some(all) if is_marked(all) => Some((None, all)),
            Some(all) => all.entry(name).map(|(key, mark)| (Some(key), mark)),
            None => None,
        };
        let unknown = unknown.filter(|(_, mark)| self.holds_mark(*mark));
        if known.is_none() && unknown.is_none() {
            return None;
        }
        // Secrets are compared, never shown.
        let is_marked_so = |all: Node<'d>| {
            is_marked(all) || all.get(name).is_some_and(|mark| self.holds_mark(mark))
        };
        let sensitive = sides.is_secret || sides.sensitive.is_some_and(is_marked_so);
        let (value, mark) = (known.map(|(_, value)| value), unknown.map(|(_, mark)| mark));
        let key = known.or(unknown.and_then(|(key, mark)| Some((key?, mark))));
        let shown = key.filter(|_| !sensitive).map(|(key, value)| {
            let room = if value.kind() == Kind::Scalar {
                SHOWN
            } else {
                SHOWN_NESTED
            };
            let (start, end) = (key.span().start, value.span().end);
            self.excerpt(start, end, room)
        });
        let whole = key.and_then(|(key, value)| place(shown?, key, value));
        Some(Entry {
            key: Cow::Owned(name.to_owned()),
            place: whole,
            value: self.child(value, mark, shown, 0),
        })
    }

    /// Keeps a part of the element to be shown.
    fn excerpt(&mut self, start: u32, end: u32, room: usize) -> Shown {
        let (from, to) = (start as usize, end as usize);
        let mut to = to.min(from + room);
        while !self.text.is_char_boundary(to) {
            to -= 1;
        }
        let file = self.excerpts.push(start, &self.text[from..to]);
        let end = u32::try_from(to).unwrap_or(end);
        Shown { file, start, end }
    }

    /// Whether `true` stands anywhere in it.
    fn holds_mark(&self, mark: Node<'_>) -> bool {
        let before = |index: u32| self.marks.get(index as usize);
        before(mark.end_index()) > before(mark.start_index())
    }

    fn child(
        &self,
        value: Option<Node<'d>>,
        unknown: Option<Node<'d>>,
        shown: Option<Shown>,
        depth: usize,
    ) -> Child<'static> {
        Child::built(self.expr(value, unknown, shown, depth), &None)
    }

    /// The value, in which every part that is known only after apply is unknown.
    fn expr(
        &self,
        value: Option<Node<'d>>,
        unknown: Option<Node<'d>>,
        shown: Option<Shown>,
        depth: usize,
    ) -> Expr<'static> {
        if depth > DEEPEST {
            return Expr::Unknown(Cause::TooDeep);
        }
        let unknown = unknown.filter(|mark| self.holds_mark(*mark));
        let shape = unknown.or(value).map(Node::kind);
        match shape {
            None => Expr::Absent,
            Some(Kind::Scalar) if unknown.is_some() => Expr::Unknown(Cause::AfterApply),
            Some(Kind::Scalar | Kind::Expression) => {
                let text = value.and_then(Node::comparable);
                text.map_or(Expr::Absent, |text| Expr::Text(owned(text)))
            }
            Some(Kind::Sequence) => {
                let mut values = value.into_iter().flat_map(Node::items);
                let mut unknowns = unknown.into_iter().flat_map(Node::items);
                let both = std::iter::from_fn(|| {
                    let pair = (values.next(), unknowns.next());
                    (pair.0.is_some() || pair.1.is_some()).then_some(pair)
                });
                let items = both.map(|(value, mark)| self.child(value, mark, shown, depth + 1));
                Expr::List(items.collect())
            }
            Some(Kind::Mapping) => Expr::Map(self.entries(value, unknown, shown, depth).into()),
        }
    }

    fn entries(
        &self,
        value: Option<Node<'d>>,
        unknown: Option<Node<'d>>,
        shown: Option<Shown>,
        depth: usize,
    ) -> Vec<Entry<'static>> {
        let unknowns = unknown.map(Node::merged_entries).unwrap_or_default();
        let by_key = unknowns.iter().map(|(key, mark)| (key.text(), *mark));
        let mut left: HashMap<_, _> = by_key.collect();
        let mut entries = Vec::new();
        for (key, value) in value.map(Node::merged_entries).unwrap_or_default() {
            let mark = left.remove(&key.text());
            if is_empty(value) && mark.is_none_or(|mark| !self.holds_mark(mark)) {
                continue;
            }
            entries.push(Entry {
                key: owned(key.text()),
                place: shown.and_then(|shown| place(shown, key, value)),
                value: self.child(Some(value), mark, shown, depth + 1),
            });
        }
        for (key, mark) in unknowns {
            if left.contains_key(&key.text()) && self.holds_mark(mark) {
                entries.push(Entry {
                    key: owned(key.text()),
                    place: shown.and_then(|shown| place(shown, key, mark)),
                    value: self.child(None, Some(mark), shown, depth + 1),
                });
            }
        }
        entries
    }
}

/// Null, or a list without items: that is how a plan writes blocks of which there are none.
fn is_nothing(value: Node<'_>) -> bool {
    is_null(value) || is_empty(value)
}

fn is_empty(value: Node<'_>) -> bool {
    value.kind() == Kind::Sequence && value.items().next().is_none()
}

pub(super) fn is_null(value: Node<'_>) -> bool {
    value.kind() == Kind::Scalar && value.comparable().is_none()
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// From a key to the end of its value, as far as the excerpt shows them.
fn place(shown: Shown, key: Node<'_>, value: Node<'_>) -> Option<Place> {
    let (start, end) = (key.span().start, value.span().end);
    (shown.start <= start && start < shown.end).then(|| Place {
        file: shown.file,
        span: Span::new(start - shown.start, end.min(shown.end) - shown.start),
    })
}
