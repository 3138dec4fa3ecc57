//! Ladders, rungs, decisions and the score: `rules/` applied to a template.

use std::sync::Arc;

use serde::Serialize;

use crate::finding::Severity;
use crate::source::{Position, Span};
use crate::template::{Dialect, Reason};

pub mod catalogue;
pub mod classify;
pub mod facts;
pub mod join;
pub mod lower;
mod matching;
mod outcome;
pub mod own;
mod parameters;
pub mod rulefile;
mod saying;
pub mod score;
mod setting;
pub mod shape;
pub mod words;

pub use catalogue::{CATALOGUE, Catalogue, Ladder, Role, Rule};
pub(crate) use matching::like;
pub use shape::Shape;

/// How much of the running is yours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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

/// Another rung that a decision can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The rung.
    pub rung: Rung,
    /// What reaches it: "`LaunchType=EC2`".
    pub when: String,
}

/// The justification that settles a decision.
#[derive(Clone, Debug)]
pub struct Justification {
    /// The record.
    pub reason: Reason,
    /// Where it stands.
    pub path: Arc<str>,
    /// First place of the record.
    pub start: Position,
}

/// One hosting choice.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// The language of the file, which says how a reason is written down.
    pub dialect: Dialect,
    /// Logical id, or full Terraform address.
    pub address: String,
    /// Provider type.
    pub kind: String,
    /// The ladder's rule that placed it.
    pub rule: &'static Rule,
    /// Which of the rule's cases held.
    pub case: usize,
    /// Where it stands.
    pub rung: Rung,
    /// Other rungs that it can reach, best first.
    pub reachable: Vec<Reach>,
    /// It may not exist at all, says a condition.
    pub conditional: bool,
    /// Why nothing decides; empty where something does.
    pub doubts: Vec<String>,
    /// Addresses of the blocks that only serve it, in the order of writing.
    pub members: Vec<String>,
    /// It stands below the rung that is accepted here, so somebody owes a reason.
    pub fallback: bool,
    /// How much it weighs without one.
    pub severity: Severity,
    /// The reason that settles it.
    pub justification: Option<Justification>,
    /// What its block holds, where somebody wants to recognise it.
    pub shape: Shape,
    /// The primary span.
    pub start: Position,
    /// One past its last place.
    pub end: Position,
    /// The whole block in its file; empty where the file is not held whole (plans).
    pub block: Span,
}

impl Decision {
    /// The ladder.
    #[must_use]
    pub fn ladder(&self) -> &'static Ladder {
        self.rule.ladder()
    }

    /// Whether nothing decides and the best reachable rung is assumed (the worst under `--strict`).
    #[must_use]
    pub fn uncertain(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// `compute/server`.
    #[must_use]
    pub fn code(&self) -> String {
        format!("{}/{}", self.ladder().name, self.rung.name())
    }
}
