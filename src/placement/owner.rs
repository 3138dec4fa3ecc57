//! Who answers for a decision, and who says so.

use std::sync::Arc;

/// Who answers for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// One, or several of whom each answers for it.
    pub names: Vec<Arc<str>>,
    /// Who says so.
    pub from: OwnerFrom,
}

/// Who says whose a decision is; the first of them that says it is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerFrom {
    /// The written reason: its path and line.
    Reason(Arc<str>, u32),
    /// AWS Context on the template.
    Context(Arc<str>, u32),
    /// A line of CODEOWNERS.
    Codeowners(Arc<str>, u32),
    /// The value stream of the decision.
    Stream,
}

impl Owner {
    /// All of them on one line.
    #[must_use]
    pub fn text(&self) -> String {
        self.names.join(", ")
    }
}

impl OwnerFrom {
    /// `reason`, `context`, `codeowners` or `stream`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Reason(..) => "reason",
            Self::Context(..) => "context",
            Self::Codeowners(..) => "codeowners",
            Self::Stream => "stream",
        }
    }

    /// The file and line.
    #[must_use]
    pub const fn place(&self) -> Option<(&Arc<str>, u32)> {
        match self {
            Self::Reason(path, line) | Self::Context(path, line) | Self::Codeowners(path, line) => {
                Some((path, *line))
            }
            Self::Stream => None,
        }
    }
}
