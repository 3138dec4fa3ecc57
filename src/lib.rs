//! `sfl`, a serverless-first architecture linter: finds every hosting choice in infrastructure as code, places it on the
//! fallback ladder, and reports the fallbacks for which nobody wrote down a reason.
//!
//! [`check`] gives an [`Analysis`], which owns everything that was found, and every [`Format`] is a function of it. [`check_text`]
//! does the same for a text in memory, and a [`Workspace`] for texts that keep changing, as in an editor:
//!
//! ```
#![doc = include_str!("example.rs")]
//! ```
//!
//! Where texts come from is a [`Host`]: the [`Disk`], a [`Memory`], open [`Buffers`] over one of them, or one of your own. Nothing
//! but a host opens a file or asks for the day; nothing is sent anywhere, and nothing that a template says is run.
//!
//! The feature `cli`, on by default, adds the command line. What this page does not list is hidden on purpose: the program and its
//! tests use it, and it changes without notice.

#[doc(hidden)]
pub mod analysis;
#[doc(hidden)]
pub mod base;
#[doc(hidden)]
pub mod blocks;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod compare;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod edit;
#[doc(hidden)]
pub mod eval;
#[doc(hidden)]
pub mod fix;
#[doc(hidden)]
pub mod graph;
#[doc(hidden)]
pub mod host;
#[doc(hidden)]
pub mod landscape;
#[doc(hidden)]
pub mod liability;
#[doc(hidden)]
pub mod next;
#[doc(hidden)]
pub mod placement;
#[doc(hidden)]
pub mod reasons;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod rulebook;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod server;
#[doc(hidden)]
pub mod stack;
#[doc(hidden)]
pub mod syntax;
#[doc(hidden)]
pub mod trend;
#[doc(hidden)]
pub mod workspace;

pub use analysis::Analysis;
pub use base::finding::{Finding, Help, Related, Severity};
pub use base::source::{Position, Source, Span};
pub use base::{Code, Rung};
pub use compare::Compared;
pub use config::{Config, ConfigError};
pub use host::commit::HistoryError;
pub use host::{Buffers, Disk, Entry, FileKind, Host, HostError, Memory, Opened, PathTarget};
pub use placement::Decision;
pub use report::{Format, Style};
pub use workspace::{Options, Since, Workspace, check, check_since, check_text};
