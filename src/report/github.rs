//! Workflow commands: annotations in GitHub Actions.

use std::io::{self, Write};

use super::{gaps, phrases, visible, words};
use crate::analysis::summary::count;
use crate::base::finding::{Finding, Severity};
use crate::compare::Compared;

/// GitHub shows so many annotations of each level for a step, and drops the others without a word.
const MOST: usize = 10;
/// GitHub takes 64 KB.
const MOST_MESSAGE: usize = 16_000;
/// Longer titles are refused.
const MOST_TITLE: usize = 255;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let mut unread = gaps::sentences(report);
    let set_aside = phrases::set_aside(report);
    unread.truncate(MOST - set_aside.len());
    unread.extend(set_aside);
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let found = report.findings.iter();
        let found = found.filter(|finding| finding.severity == severity);
        // What was not read comes before the least severe: it may be worse.
        let mut most = MOST;
        if severity == Severity::Note {
            for sentence in &unread {
                let sentence = visible::line(sentence, true);
                let sentence = data(&words::cut(&sentence, MOST_MESSAGE));
                writeln!(out, "::notice title=sfl::{sentence}")?;
                most -= 1;
            }
        }
        for finding in found.clone().take(most) {
            annotation(report, finding, out)?;
        }
        let more = found.count().saturating_sub(most);
        if more > 0 {
            // No command: it would take the place of a finding.
            writeln!(
                out,
                "and {}: `sfl check` shows them all, `--output` writes them to a file, such as sarif=sfl.sarif",
                count(more, &format!("more {}", severity.name()))
            )?;
        }
    }
    writeln!(out, "{}", phrases::line(report))
}

fn annotation(report: &Compared, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let span = finding.source.one_line(finding.span);
    let start = finding.source.position(span.start);
    let end = finding.source.position(span.end);
    write!(out, "::{level} file={}", property(finding.path()))?;
    // Columns count only where both lines are given and are the same.
    write!(out, ",line={},endLine={}", start.line, start.line)?;
    if !span.is_empty() {
        write!(out, ",col={},endColumn={}", start.column, end.column)?;
    }
    let mut message = vec![words::message(finding)];
    message.extend(words::teaching(report, finding));
    writeln!(
        out,
        ",title={}::{}",
        property(&words::cut(&finding.code.to_string(), MOST_TITLE)),
        data(&words::cut(&message.join("\n"), MOST_MESSAGE))
    )
}

/// What stands behind the second `::`. Nothing in it can begin another command, nor look like one in the log.
fn data(text: &str) -> String {
    visible::lines(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(&visible::line(text, true))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests;
