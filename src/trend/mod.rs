//! Long-term value, from git alone: what the decisions of a branch were at each of its commits, which commits moved them, and what all of
//! that comes to from day to day. Asks neither git nor a template: it is told one analysis after the other.

mod facts;
mod commit_moves;
mod points;
mod branch_record;

pub use facts::{End, EndOf, DecisionFact, Owed};
pub use commit_moves::{Move, MoveKind, weight};
pub use points::{DUE_DAYS, MovedCommit, NamedTally, Pace, Point, Tally, Trend};
pub use branch_record::{CommitRecord, BranchRecord, Recorder, PastTarget, PastTargetOf};
