//! The parsers against libyaml, `serde_json` and hcl-edit, against hostile texts, and against PyYAML's table of values.

#![expect(clippy::print_stderr, reason = "tests say how much they compared")]

mod broken;
mod hcl;
mod hostile;
mod json;
mod lookup;
mod shape;
mod support;
mod values;
mod yaml;
