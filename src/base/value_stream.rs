//! What an estate is for: its value streams, and the scores that it is meant to reach.

use std::sync::Arc;

use jiff::civil::Date;

/// Something that somebody gets from the estate, from end to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueStream {
    /// What people call it.
    pub name: Arc<str>,
    /// Who answers for it.
    pub owner: Option<Arc<str>>,
}

/// A score that is meant to be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreTarget {
    /// What is counted.
    pub of: TargetScope,
    /// 0 to 100.
    pub score: u8,
    /// The last day on which it may be missed; without one, it counts from now on.
    pub by: Option<Date>,
    /// Whether a run fails where it is missed.
    pub is_gate: bool,
}

/// Which decisions a target counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetScope {
    /// All of them.
    Whole,
    /// Those on a ladder.
    Ladder(Arc<str>),
    /// Those of a value stream.
    Stream(Arc<str>),
}
