//! The rooms by themselves: what they import, the parsers against other parsers, and edits that keep every other byte.

mod edit;
mod imports;
mod library;
mod parse;

#[path = "../terraform/mod.rs"]
mod terraform;
#[path = "../tools/mod.rs"]
mod tools;
