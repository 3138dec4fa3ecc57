//! The way to a property.

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// The value under a key.
    Key(&'static str),
    /// Each element of a list.
    Each,
    /// Each value of a map.
    Values,
}
