//! Answers that may be open.

use crate::blocks::Cause;

/// An answer that may be open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It may, and these are the causes.
    Maybe(Vec<Cause>),
}

impl Truth {
    /// Open for one cause.
    #[must_use]
    pub fn maybe(cause: Cause) -> Self {
        Self::Maybe(vec![cause])
    }

    /// Known, one way or the other.
    #[must_use]
    pub fn known(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            open @ Self::Maybe(_) => open,
        }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, other) => other,
            (open, Self::Yes) => open,
            (Self::Maybe(mut causes), Self::Maybe(more)) => {
                for cause in more {
                    if !causes.contains(&cause) {
                        causes.push(cause);
                    }
                }
                Self::Maybe(causes)
            }
        }
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.negated().and(other.negated()).negated()
    }
}
