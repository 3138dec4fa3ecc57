//! What is written in a block and says more of it than its rung.

/// What is written in a block and says more than its rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// An image that somebody chose.
    OwnImage,
    /// Scripts that run on its machines.
    OwnScripts,
    /// A version that somebody will have to raise.
    PinnedVersion,
    /// A key by which people get in.
    OwnAccess,
    /// It is started by the clock.
    ByTheClock,
    /// It is called through an API that is part of it.
    PublicCall,
    /// It is reached from inside only.
    Internal,
    /// It is read from, and hands on.
    Source,
}

impl Sign {
    /// In the order in which they are counted.
    pub const ALL: [Self; 8] = [
        Self::OwnImage,
        Self::OwnScripts,
        Self::PinnedVersion,
        Self::OwnAccess,
        Self::ByTheClock,
        Self::PublicCall,
        Self::Internal,
        Self::Source,
    ];

    /// As in `rules/landscape.toml` and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnImage => "own-image",
            Self::OwnScripts => "own-scripts",
            Self::PinnedVersion => "pinned-version",
            Self::OwnAccess => "own-access",
            Self::ByTheClock => "by-the-clock",
            Self::PublicCall => "public-call",
            Self::Internal => "internal",
            Self::Source => "source",
        }
    }

    /// What it adds to what is the team's to run; nothing for those that only say who comes in.
    #[must_use]
    pub const fn yours(self) -> Option<&'static str> {
        match self {
            Self::OwnImage => Some("a chosen image"),
            Self::OwnScripts => Some("scripts on its machines"),
            Self::PinnedVersion => Some("a version to raise"),
            Self::OwnAccess => Some("a key to get in"),
            Self::ByTheClock | Self::PublicCall | Self::Internal | Self::Source => None,
        }
    }
}
