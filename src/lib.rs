//! `sfl`, a serverless-first architecture linter: finds every hosting choice in infrastructure as code, places it on the
//! fallback ladder, and reports the fallbacks for which nobody wrote down a reason.
//!
//! [`check`] gives an [`Analysis`], which owns everything that was found; the command line in [`cli`] only chooses what to check and
//! how to show it. A program can do the same:
//!
//! ```
#![doc = include_str!("example.rs")]
//! ```

pub mod analysis;
pub mod base;
pub mod blocks;
pub mod cli;
pub mod compare;
pub mod config;
pub mod edit;
pub mod eval;
pub mod graph;
pub mod host;
pub mod placement;
pub mod reasons;
pub mod report;
pub mod rulebook;
pub mod syntax;
pub mod workspace;

pub use analysis::Analysis;
pub use workspace::{Options, check, check_since};
