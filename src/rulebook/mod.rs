//! The rule language: `rules/` and a team's own files, read, checked, compiled and put into words.

pub mod catalogue;
mod globs;
pub mod lower;
pub mod own;
pub mod rulefile;
pub mod saying;
pub mod words;

pub use catalogue::{CATALOGUE, Catalogue, Ladder, Role, Rule};
pub use globs::like;
