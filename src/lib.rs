//! `sfl`, a serverless-first architecture linter: finds every hosting choice in infrastructure as code, places it on the
//! fallback ladder, and reports the fallbacks for which nobody wrote down a reason.
//!
//! A folder, once: [`check`] says all there is to say. Every [`Format`] is a function of that one result.
//!
//! ```
//! use std::sync::Arc;
//! use sfl::{Disk, Format, Options, Style, check};
//!
//! let options = Options {
//!     paths: vec!["shop".into()],
//!     ..Options::on(Arc::new(Disk::new("fixtures")))
//! };
//! let report = check(&options, &|_done, _total| {});
//! let web = report.decisions.iter().find(|decision| decision.address == "Web").expect("it is in the shop");
//! assert_eq!((web.code().as_str(), web.rung.number()), ("compute/server", 4));
//! assert!(web.path.starts_with("shop/"), "paths are seen from the folder that was named");
//!
//! let mut json = Vec::new();
//! Format::Json.write(&report, &Style::plain_text(), &mut json)?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! A text that stands in no file:
//!
//! ```
//! use sfl::{Options, check_text};
//!
//! let text = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
//! let report = check_text("orders.yaml", text, &Options::default());
//! assert_eq!(report.decisions[0].rung.name(), "serverless");
//! ```
//!
//! Texts that keep changing, as in an editor. A [`Workspace`] judges again only what a change touches:
//!
//! ```
//! use std::sync::Arc;
//! use sfl::{Disk, Workspace};
//!
//! let mut workspace = Workspace::new(Arc::new(Disk::new("fixtures/shop")));
//! let saved = workspace.diagnose()?.decisions.len();
//! workspace.open("draft.yaml", "Resources:\n  Orders: {Type: AWS::EC2::Instance}\n");
//! let report = workspace.diagnose()?;
//! assert_eq!(report.decisions.len(), saved + 1);
//! assert!(report.findings.iter().any(|finding| finding.address.as_deref() == Some("Orders")));
//! workspace.close("draft.yaml");
//! assert_eq!(workspace.diagnose()?.decisions.len(), saved);
//! # Ok::<(), sfl::ConfigError>(())
//! ```
//!
//! Where texts come from is a [`Host`]: the [`Disk`], a [`Memory`], open [`Buffers`] over one of them, or one of your own. Nothing
//! but a host opens a file or asks for the day; nothing is sent anywhere, and nothing that a template says is run.
//!
//! The feature `cli`, on by default, adds the command line. What this page does not list is hidden on purpose: the program and its
//! tests use it, and it changes without notice.

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
pub mod graph;
#[doc(hidden)]
pub mod host;
#[doc(hidden)]
pub mod placement;
#[doc(hidden)]
pub mod reasons;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod rulebook;
#[doc(hidden)]
pub mod syntax;
#[doc(hidden)]
pub mod workspace;

pub use base::finding::{Finding, Help, Related, Severity};
pub use base::source::{Position, Source, Span};
pub use config::{Config, ConfigError};
pub use host::commit::HistoryError;
pub use host::{Buffers, Disk, Entry, Found, Host, HostError, Kind, Memory, Opened};
pub use placement::{Decision, Rung};
pub use report::{Format, Report, Style};
pub use workspace::{Options, Workspace, check, check_since, check_text};
