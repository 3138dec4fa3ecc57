//! One line per finding: `path:line:column`, severity, code, message.

use std::io::{self, Write};

use super::{Style, gaps, phrases, words};
use crate::base::finding::Finding;
use crate::compare::Compared;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        line(report, finding, style, out)?;
    }
    if style.show_justified {
        justified(report, style, out)?;
    }
    if style.quiet {
        return Ok(());
    }
    for sentence in gaps::sentences(report)
        .into_iter()
        .chain(phrases::set_aside(report))
    {
        let sentence = style.plain(&sentence);
        writeln!(out, "{} {sentence}", style.lead("note:"))?;
    }
    let baseline = report.baseline.iter().flat_map(phrases::about_baseline);
    for sentence in baseline {
        let sentence = sentence.trim_start_matches("note: ");
        writeln!(out, "{} {}", style.lead("note:"), style.plain(sentence))?;
    }
    for words in phrases::targets(report) {
        writeln!(out, "{}", style.plain(&words))?;
    }
    writeln!(out, "{}", phrases::line(report))
}

fn line(
    report: &Compared,
    finding: &Finding,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (start, _) = finding.positions();
    let tag = format!(
        "{}[{}]",
        finding.severity.name(),
        style.plain(&finding.code.to_string())
    );
    let page = || style.pages.of_finding(finding, report.decision(finding));
    writeln!(
        out,
        "{} {} {}",
        place(style, finding.path(), start.line, start.column),
        style.link(&style.severity(finding.severity, &tag), page),
        style.plain(&finding.message)
    )
}

fn justified(report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for decision in &report.decisions {
        let Some(justification) = &decision.justification else {
            continue;
        };
        let (path, start, _) = decision.place();
        writeln!(
            out,
            "{} {} {}: {}",
            place(style, path, start.line, start.column),
            style.lead(&format!("justified[{}]", decision.code())),
            style.plain(&decision.name_and_root()),
            style.plain(&words::why(justification)),
        )?;
    }
    Ok(())
}

/// `infra/shop.yaml:5:11:`, as editors and terminals open it. A line of a log that begins with `::` is a command to the
/// runner of GitHub Actions.
fn place(style: &Style, path: &str, line: u32, column: u32) -> String {
    let here = if path.trim_start().starts_with("::") {
        "./"
    } else {
        ""
    };
    let path = style.plain(path);
    style.strong(&format!("{here}{path}:{line}:{column}:"))
}

#[cfg(test)]
mod tests;
