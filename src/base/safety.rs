//! How far a fix can be trusted.

use serde::{Deserialize, Serialize};

/// Whether a fix is made without being asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Nothing is replaced, no data is touched, and what it may cost is said.
    Safe,
    /// The same, but somebody may notice: a slower start, a higher bill, a resource that goes along.
    Unsafe,
}

impl Safety {
    /// `safe` or `unsafe`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}
