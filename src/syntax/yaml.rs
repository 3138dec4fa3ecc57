//! YAML 1.1 with the leniency of libyaml: it reads whatever PyYAML, cfn-lint, checkov and the SAM CLI read.
//!
//! Two steps, neither of which recurses: `scan` cuts the text into tokens, `build` makes the tree of them.

mod brackets;
mod build;
mod bytes;
mod collections;
mod keys;
mod nodes;
mod repair;
mod resume;
mod scalars;
mod scan;
mod tags;

use super::errors::Errors;
use super::{Document, Form, ParseError, Parsed, Syntax, check_size};

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

/// What can be read of a YAML stream, and every error in it. Without errors it is what [`yaml`] gives.
#[must_use]
pub fn read_yaml(text: &str) -> Parsed<'_> {
    let first = match yaml(text) {
        Ok(document) => {
            let errors = Vec::new();
            return Parsed { document, errors };
        }
        Err(first) => first,
    };
    if check_size(text).is_err() {
        return Parsed {
            document: Document::new(text, Syntax::Yaml, 0),
            errors: vec![first],
        };
    }
    let printable = bytes::without_control_characters(text);
    let (scanned, scanning) = resume::scan(&printable);
    let (document, building) = repair::build(text, scanned);
    let errors = Errors::merge(text, first, [scanning, building]);
    Parsed { document, errors }
}
