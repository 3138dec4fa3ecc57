//! The rule language: `rules/` and a team's own files, read, checked, compiled and put into words.
//!
//! | file | what it is about |
//! | --- | --- |
//! | `file`, `shape` | a rule file as people write it |
//! | `folder` | the files of `rules/` |
//! | `check` | what is wrong with files taken together |
//! | `module_source` | the many ways to name one Terraform module |
//! | `cloud_control` | what Terraform's `awscc` provider makes of CloudFormation's names |
//! | `condition`, `test`, `sets`, `globs` | what a case asks |
//! | `justification` | kinds of reasons, and what speaks against each |
//! | `climb` | a way up: what it changes, and what becomes of the data |
//! | `fix` | a way up that is nothing but properties, as the exact change |
//! | `limits` | numbers that providers set, by which texts name them |
//! | `bills` | what a service costs that nobody uses |
//! | `lifecycle` | what has ended, will end, or is closed |
//! | `landscape` | what a map needs to know beside rungs |
//! | `liability` | what servers make somebody own |
//! | `compile`, `form`, `coded` | files become data without pointers |
//! | `catalogue` | that data, looked up and decoded |
//! | `rule`, `ladder`, `plumbing` | what is decoded |
//! | `wording` | conditions in words |
//!
//! The build script uses the same files, all but `catalogue`, `landscape`, `liability` and `wording`.

pub mod actions;
pub mod bills;
pub mod catalogue;
pub mod check;
pub mod climb;
pub mod cloud_control;
pub mod coded;
pub mod compile;
pub mod condition;
pub mod file;
pub mod fix;
pub mod folder;
pub mod form;
mod globs;
mod helper_providers;
pub mod justification;
pub mod ladder;
pub mod landscape;
pub mod liability;
pub mod lifecycle;
pub mod limits;
pub mod module_source;
pub mod plumbing;
pub mod replacement;
pub mod rule;
pub mod sets;
pub mod shape;
pub mod shown_values;
pub mod test;
pub mod wording;

pub use bills::Bill;
pub use catalogue::{CATALOGUE, Catalogue};
pub use climb::{Climb, Fate};
pub use coded::Text;
pub use condition::Condition;
pub use fix::{FixRecipe, NewScalar};
pub use form::Entry;
pub use globs::like;
pub use ladder::{Advice, Ladder, Step};
pub use lifecycle::Lifecycle;
pub use limits::ProviderLimit;
pub use plumbing::{Holds, PlumbingGroup};
pub use rule::{Case, Join, Link, Machinery, Path, Property, Role, Rule, Use};
pub use test::Test;
