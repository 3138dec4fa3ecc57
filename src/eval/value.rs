//! What is known of a value.

use std::borrow::Cow;
use std::ops::Deref;

use crate::blocks::{Cause, Child, Entries, Expr, Items, Number};

/// What is known of a value.
#[derive(Clone, Debug)]
pub enum Value<'t> {
    /// Not there at all.
    Absent,
    /// A scalar, as the text by which it is compared.
    Text(Text<'t>),
    /// A list whose elements are looked at when asked for.
    List(Items<'t>),
    /// A map whose values are looked at when asked for.
    Map(Entries<'t>),
    /// One of several, and why it is open which.
    OneOf(Vec<Value<'t>>, Cause),
    /// Unknown, and why.
    Unknown(Cause),
}

/// What a scalar is, where a dialect tells scalars apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    Text,
    Number,
    /// A truth value.
    Bool,
    /// Whatever it is compared with.
    Any,
}

/// A scalar, as the text by which it is compared.
#[derive(Clone, Debug)]
pub struct Text<'t> {
    text: Cow<'t, str>,
    kind: ScalarKind,
}

impl<'t> Text<'t> {
    /// A scalar of a kind.
    #[must_use]
    pub fn of(text: Cow<'t, str>, kind: ScalarKind) -> Self {
        Self { text, kind }
    }

    /// A scalar that nobody names. Functions and tests need some text to work on: this one is not empty, and it is no
    /// word and no number. Nobody may tell from it that it is one; `Assumed::Other` says so.
    #[must_use]
    pub fn unnamed(kind: ScalarKind) -> Self {
        Self::of(Cow::Borrowed("\u{0}"), kind)
    }

    #[must_use]
    pub fn kind(&self) -> ScalarKind {
        self.kind
    }

    /// The text alone.
    #[must_use]
    pub fn into_owned(self) -> String {
        self.text.into_owned()
    }

    /// The text alone, borrowed if it can be.
    #[must_use]
    pub fn into_text(self) -> Cow<'t, str> {
        self.text
    }

    /// The number that it is, or that its text can be taken for.
    #[must_use]
    pub fn number(&self) -> Option<Number> {
        if self.kind == ScalarKind::Bool {
            return None;
        }
        Number::parse(&self.text)
    }

    /// Whether two scalars are the same; those of different kinds never are.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let comparable = self.kind == other.kind
            || self.kind == ScalarKind::Any
            || other.kind == ScalarKind::Any;
        comparable && self.text == other.text
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl<'t> From<Cow<'t, str>> for Text<'t> {
    fn from(text: Cow<'t, str>) -> Self {
        Self::of(text, ScalarKind::Text)
    }
}

impl<'t> From<&'t str> for Text<'t> {
    fn from(text: &'t str) -> Self {
        Self::of(Cow::Borrowed(text), ScalarKind::Text)
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<Text<'_>> for Cow<'_, str> {
    fn eq(&self, other: &Text<'_>) -> bool {
        **self == *other.text
    }
}

impl From<bool> for Value<'_> {
    fn from(holds: bool) -> Self {
        let text = if holds { "true" } else { "false" };
        Self::Text(Text::of(Cow::Borrowed(text), ScalarKind::Bool))
    }
}

impl From<Number> for Value<'_> {
    fn from(number: Number) -> Self {
        let text = Cow::Owned(number.to_string());
        Self::Text(Text::of(text, ScalarKind::Number))
    }
}

impl<'t> Value<'t> {
    /// A text of one's own.
    pub(super) fn text(text: impl Into<Cow<'t, str>>) -> Self {
        Self::Text(Text::from(text.into()))
    }

    /// An operation that can't be done with what it is given.
    pub(super) fn rejected(name: &str) -> Self {
        Self::Unknown(Cause::Rejected(name.to_owned()))
    }

    /// The value as something to look at again.
    #[must_use]
    pub fn into_child(self) -> Child<'t> {
        let expr = match self {
            Self::Absent => Expr::Absent,
            Self::Text(Text { text, kind }) => match kind {
                ScalarKind::Text | ScalarKind::Any => Expr::Text(text),
                ScalarKind::Number => Expr::Number(text),
                ScalarKind::Bool => Expr::Bool(text == "true"),
            },
            Self::List(items) => Expr::List(items),
            Self::Map(entries) => Expr::Map(entries),
            Self::OneOf(_, cause) | Self::Unknown(cause) => Expr::Unknown(cause),
        };
        Child::built(expr, &None)
    }
}
