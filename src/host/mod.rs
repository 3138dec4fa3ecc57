//! Where texts come from.

pub mod discover;
pub mod history;
