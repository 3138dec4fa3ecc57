//! The readers of what we write: a browser, validators, pre-commit, installers, and a runner of workflows.

mod action;
mod browser;
mod cdk;
mod context;
mod editors;
mod formats;
mod map;
mod mended;
mod onlookers;
mod packaged;
mod pre_commit;
mod release;
#[cfg(all(feature = "parquet", target_os = "linux"))]
mod scale;
mod translated;
mod workflows;

#[path = "../repository/mod.rs"]
mod repository;
#[path = "../tools/mod.rs"]
mod tools;
