//! One line a finding: `path:line:column`, severity, code, message.

use std::io::{self, Write};

use super::{Report, Style};

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(_report: &Report, _style: &Style, _out: &mut dyn Write) -> io::Result<()> {
    Err(io::Error::other("not written yet"))
}
