//! One line a finding: `path:line:column`, severity, code, message.

use std::io::{self, Write};

use super::summary::Summary;
use super::{Report, Style, words};
use crate::finding::Finding;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        line(report, finding, style, out)?;
    }
    if style.show_justified {
        justified(report, style, out)?;
    }
    if style.quiet {
        return Ok(());
    }
    writeln!(out, "{}", Summary::of(report).line(report))
}

fn line(report: &Report, finding: &Finding, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let (start, _) = finding.positions();
    let tag = format!(
        "{}[{}]",
        finding.severity.name(),
        style.plain(&finding.code)
    );
    let page = style.home.of_finding(finding, report.decision(finding));
    writeln!(
        out,
        "{} {} {}",
        place(style, finding.path(), start.line, start.column),
        style.link(&style.severity(finding.severity, &tag), page.as_deref()),
        style.plain(&finding.message)
    )
}

fn justified(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for decision in &report.decisions {
        let Some(justification) = &decision.justification else {
            continue;
        };
        writeln!(
            out,
            "{} {} {}: {}",
            place(
                style,
                &decision.path,
                decision.start.line,
                decision.start.column
            ),
            style.lead(&format!("justified[{}]", decision.code())),
            style.plain(&decision.address),
            style.plain(&words::why(justification)),
        )?;
    }
    Ok(())
}

/// `infra/shop.yaml:5:11:`, as editors and terminals open it.
fn place(style: &Style, path: &str, line: u32, column: u32) -> String {
    style.strong(&format!("{}:{line}:{column}:", style.plain(path)))
}

#[cfg(test)]
mod tests;
