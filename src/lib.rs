//! `sfl`, a serverless-first architecture linter: finds every hosting choice in infrastructure as code, places it on the
//! fallback ladder, and reports the fallbacks for which nobody wrote down a reason.
//!
//! [`check`] does it all; the command line in [`cli`] only chooses what to check and how to show the [`Report`]. A program can do
//! the same:
//!
//! ```
//! use sfl::report::{Format, Style};
//! use sfl::{Options, check, config::Config, workspace};
//!
//! let options = Options {
//!     paths: vec!["fixtures/shop".into()],
//!     config: Config::isolated(),
//!     ..Options::default()
//! };
//! let report = check(&options, &|_done, _total| {});
//! let web = report.decisions.iter().find(|decision| decision.address == "Web").expect("it is in the shop");
//! assert_eq!((web.code().as_str(), web.rung.number()), ("compute/server", 4));
//!
//! // Every format is a function of the report.
//! let mut json = Vec::new();
//! Format::Json.write(&report, &Style::plain_text(), &mut json)?;
//!
//! // A text that stands in no file.
//! let text = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
//! let judged = workspace::stack::judge_text("orders.yaml", text, &options);
//! assert_eq!(judged.decisions[0].rung.name(), "serverless");
//! # Ok::<(), std::io::Error>(())
//! ```

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
pub mod stack;
pub mod syntax;
pub mod workspace;

pub use workspace::{Options, check, check_since};
