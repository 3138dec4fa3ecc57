//! YAML 1.1 with the leniency of libyaml: it reads whatever PyYAML, cfn-lint, checkov and the SAM CLI read.
//!
//! Two steps, neither of which recurses: `scan` cuts the text into tokens, `build` makes the tree of them.

mod build;
mod bytes;
mod collections;
mod keys;
mod nodes;
mod scan;
mod values;
mod words;

use super::{Document, Form, ParseError, check_size};

pub(super) use bytes::break_length;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 512;

const TOO_DEEP: &str = "nested deeper than 512 levels";

/// Parses a YAML stream, which may hold several documents.
///
/// # Errors
///
/// Where libyaml would refuse the text, where an alias names nothing or contains itself, or where it is nested deeper than
/// 512 levels.
pub fn yaml(text: &str) -> Result<Document<'_>, ParseError> {
    check_size(text)?;
    build::build(text, scan::scan(text))
}
