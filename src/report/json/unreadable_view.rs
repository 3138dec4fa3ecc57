//! Inputs that could not be read: what is told of the others holds without them.

use serde::Serialize;

use crate::analysis::Analysis;
use crate::base::Code;

#[derive(Serialize)]
pub struct UnreadableView<'a> {
    path: &'a str,
    line: u32,
    code: &'a Code,
    message: &'a str,
}

/// Everything that kept a run from being whole.
pub fn unreadable(analysis: &Analysis) -> Vec<UnreadableView<'_>> {
    let faults = analysis.findings.iter().filter(|one| one.is_fault());
    let faults = faults.map(|finding| UnreadableView {
        path: finding.path(),
        line: finding.positions().0.line,
        code: &finding.code,
        message: &finding.message,
    });
    faults.collect()
}
