//! The way to a property.

use std::borrow::Cow;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// The value under a key.
    Key(Cow<'static, str>),
    /// Each element of a list.
    Each,
    /// Each value of a map.
    Values,
}
