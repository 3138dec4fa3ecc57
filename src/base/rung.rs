//! The four rungs, the same on every ladder.

#![warn(missing_docs)]

use serde::{Deserialize, Serialize};

/// How much of the running is yours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Rung {
    /// 1: your code and data.
    Serverless,
    /// 2: and how much capacity stands ready.
    Capacity,
    /// 3: and instance types, node counts, versions, upgrades, scaling, failover.
    Cluster,
    /// 4: and the operating system.
    Server,
}

impl Rung {
    /// Best first.
    pub const ALL: [Self; 4] = [
        Self::Serverless,
        Self::Capacity,
        Self::Cluster,
        Self::Server,
    ];

    /// 1 to 4.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// As in a finding's code.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Serverless => "serverless",
            Self::Capacity => "capacity",
            Self::Cluster => "cluster",
            Self::Server => "server",
        }
    }

    /// What a decision on this rung scores, 0 to 100.
    #[must_use]
    pub const fn score(self) -> u8 {
        match self {
            Self::Serverless => 100,
            Self::Capacity => 70,
            Self::Cluster => 30,
            Self::Server => 0,
        }
    }
}
