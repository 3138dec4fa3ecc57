//! Long-term value, from git alone: what the decisions of a branch were at each of its commits, which commits moved them, and what all of
//! that comes to from day to day. Asks neither git nor a template: it is told one analysis after the other.

mod branch_record;
mod commit_moves;
mod facts;
mod numbered;
mod owned_facts;
mod points;
mod unseen;

pub use branch_record::{BranchRecord, CommitRecord, PastTarget, PastTargetOf, Recorder};
pub use commit_moves::{Move, MoveKind, weight};
pub use facts::{DecisionFact, End, EndOf, Owed, ends};
pub use numbered::Turn;
pub use owned_facts::{OwnedFact, OwnedSort, OwnedTally};
pub use points::{DUE_DAYS, MovedCommit, NamedTally, Pace, Point, StillHidden, Tally, Trend};
pub use unseen::{FileTurns, HiddenFallback, Unseen};
