//! A serverless-first architecture linter.
pub mod parse;
pub mod source;
