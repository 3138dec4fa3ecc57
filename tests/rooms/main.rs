//! The rooms by themselves: what they import and ask for, their names, the parsers against other parsers, and edits that keep
//! every other byte.

mod edit;
mod imports;
mod library;
mod names;
mod parse;
mod purity;
mod source;
mod surface;

#[path = "../terraform/mod.rs"]
mod terraform;
#[path = "../tools/mod.rs"]
mod tools;
