//! `sfl`, a serverless-first architecture linter: finds every hosting choice in infrastructure as code, places it on the
//! fallback ladder, and reports the fallbacks for which nobody wrote down a reason.
//!
//! [`check`] gives an [`Analysis`], which owns everything that was found; the command line in [`cli`] only chooses what to check and
//! how to show it. A program can do the same:
//!
//! ```
//! use sfl::compare::Compared;
//! use sfl::report::{Format, Style};
//! use sfl::{Options, check, config::Config, workspace};
//!
//! let options = Options {
//!     paths: vec!["fixtures/shop".into()],
//!     config: Config::isolated(),
//!     ..Options::default()
//! };
//! let analysis = check(&options, &|_done, _total| {});
//! let web = analysis.decisions.iter().find(|decision| decision.address == "Web").expect("it is in the shop");
//! assert_eq!((web.code().to_string(), web.rung.number()), ("compute/server".to_owned(), 4));
//!
//! // Every format is a function of the analysis and of what it was compared with: here, nothing.
//! let mut json = Vec::new();
//! Format::Json.write(&Compared::from(analysis), &Style::plain_text(), &mut json)?;
//!
//! // A text that stands in no file.
//! let text = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
//! let judged = workspace::stack::judge_text("orders.yaml", text, &options);
//! assert_eq!(judged.decisions[0].rung.name(), "serverless");
//! # Ok::<(), std::io::Error>(())
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
