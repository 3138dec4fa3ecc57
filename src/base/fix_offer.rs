//! A way up as the exact change of a file, or why there is none.

use std::sync::Arc;

use super::safety::Safety;
use super::source::{Position, Span};

/// What can be done for a decision without anybody's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FixOffer {
    /// The exact change, judged: with it the decision stands on a better rung, and nothing else is different.
    Offered(Fix),
    /// The change of another decision is the one for this: their block makes both. The address of that one.
    With(Arc<str>),
    /// The rule knows a change, but it is not made here; in words, why.
    Withheld(String),
}

impl FixOffer {
    /// The change, if there is one.
    #[must_use]
    pub fn offered(&self) -> Option<&Fix> {
        match self {
            Self::Offered(fix) => Some(fix),
            Self::With(_) | Self::Withheld(_) => None,
        }
    }
}

/// The exact change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// How far it can be trusted.
    pub safety: Safety,
    /// What whoever takes it has to know.
    pub says: String,
    /// Addresses of resources that go along.
    pub drops: Vec<String>,
    /// By file and place; none overlaps another one.
    pub edits: Vec<FixEdit>,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixEdit {
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// The bytes that go.
    pub span: Span,
    /// Where they begin.
    pub start: Position,
    /// One past their last place.
    pub end: Position,
    /// The text that comes.
    pub text: String,
}
