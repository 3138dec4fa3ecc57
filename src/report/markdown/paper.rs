//! What a sheet is written on, and how much GitHub takes of it.

/// The summary of a job, or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 1 MiB, in bytes.
    Summary,
    /// 65,536 characters.
    Comment,
}

impl Paper {
    /// In all. Whoever posts it writes a line of its own above it.
    pub const fn all(self) -> usize {
        match self {
            Self::Summary => (1 << 20) - 4_096,
            Self::Comment => (1 << 16) - 512,
        }
    }

    /// Up to here what changed, ...
    pub const fn change(self) -> usize {
        self.all() / 100 * 27
    }

    /// ... what has to be said beside it, ...
    pub const fn notes(self) -> usize {
        self.all() / 100 * 34
    }

    /// ... and findings, then what is not known.
    pub const fn findings(self) -> usize {
        self.all() - 8_000
    }

    /// How much of it a text takes. JavaScript counts a character beyond the first 65,536 twice, and so do we.
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::Summary => text.len(),
            Self::Comment => text.chars().map(char::len_utf16).sum(),
        }
    }
}
