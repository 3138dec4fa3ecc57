//! GitLab code quality.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::fingerprints::Fingerprints;
use super::{visible, words};
use crate::base::Code;
use crate::base::finding::{Finding, Severity};
use crate::compare::Compared;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::pretty(&mut *out);
    let seen = RefCell::new(Fingerprints::default());
    let issues = report.findings.iter();
    serializer
        .collect_seq(issues.map(|finding| issue(report, finding, &mut seen.borrow_mut())))
        .map_err(io::Error::from)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r Code,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

fn issue<'r>(report: &Compared, finding: &'r Finding, seen: &mut Fingerprints) -> Issue<'r> {
    let (start, _) = finding.positions();
    let mut description = vec![words::message(finding)];
    description.extend(words::teaching(report, finding));
    Issue {
        description: description.join(" "),
        check_name: &finding.code,
        fingerprint: seen.unique(finding.fingerprint()),
        severity: severity(finding),
        location: Location {
            path: visible::line(finding.path(), true).into_owned(),
            lines: Lines { begin: start.line },
        },
    }
}

/// GitLab has five: the worst is for what could not be looked at.
fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if finding.code.is_about_input() => "blocker",
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    }
}

#[cfg(test)]
mod tests;
