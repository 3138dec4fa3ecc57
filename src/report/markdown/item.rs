//! One finding: a line that says what, and folded below it where, why, the way up, and how to say why.

use std::fmt::Write as _;

use super::escape::{block, code, element, line, prose};
use crate::analysis::Decision;
use crate::base::finding::{Finding, Help, Section};
use crate::base::source::Source;
use crate::report::Style;

/// Second places that are named.
const MOST_RELATED: usize = 5;
/// Lines of a paragraph of help.
const MOST_LINES: usize = 12;

pub fn write(finding: &Finding, decision: Option<&Decision>, style: &Style) -> String {
    let mut out = String::new();
    let (start, _) = finding.positions();
    let message = line(&finding.message);
    let severity = finding.severity.name();
    let place = place(&finding.source, start.line);
    let linked = match remote(&finding.source, start.line, style) {
        Some(url) => format!("<a href=\"{url}\">{}</a>", element(&place)),
        None => element(&place),
    };
    if style.quiet {
        let _ = writeln!(out, "<p><b>{severity}</b>: {message}<br>{linked}</p>\n");
        return out;
    }
    let _ = writeln!(
        out,
        "<details>\n<summary><b>{severity}</b>: {message}<br>{linked}</summary>\n"
    );
    if !finding.label.is_empty() {
        let _ = writeln!(out, "- {}: {}", code(&place), prose(&finding.label));
    }
    for related in finding.related.iter().take(MOST_RELATED) {
        let at = related.source.position(related.span.start);
        let place = self::place(&related.source, at.line);
        let _ = writeln!(out, "- {}: {}", code(&place), prose(&related.message));
    }
    if finding.related.len() > MOST_RELATED {
        let _ = writeln!(
            out,
            "- and {} more places",
            finding.related.len() - MOST_RELATED
        );
    }
    if let Some(decision) = decision.filter(|decision| decision.conditional) {
        let names = decision.conditional_on.iter();
        let names: Vec<String> = names.map(|name| code(name)).collect();
        let _ = match &names[..] {
            [] => writeln!(
                out,
                "- conditional: a condition of the template may leave it out"
            ),
            names => writeln!(out, "- conditional: {} may leave it out", names.join(", ")),
        };
    }
    for help in &finding.help {
        paragraph(help, &mut out);
    }
    about(finding, decision, style, &mut out);
    out.push_str("\n</details>\n\n");
    out
}

/// The code, with its page, and who says more.
pub fn about(finding: &Finding, decision: Option<&Decision>, style: &Style, out: &mut String) {
    let about = match style.pages.of_finding(finding, decision) {
        Some(page) => format!("[{}](<{page}>)", code(&finding.code.to_string())),
        None => code(&finding.code.to_string()),
    };
    let more = match decision {
        Some(_) => format!(", more: {}", code(&format!("sfl explain {}", finding.code))),
        None => String::new(),
    };
    let _ = writeln!(out, "- rule: {about}{more}");
}

/// Text to copy keeps its lines.
pub fn copied(heading: &str, text: &str, out: &mut String) {
    let block = block(text).replace('\n', "\n  ");
    let _ = writeln!(out, "- {heading}:\n\n  {block}\n");
}

/// A paragraph of help.
pub fn paragraph(help: &Help, out: &mut String) {
    let heading = help.section.heading();
    let copied = help.section == Section::SayWhy || help.text.starts_with(['{', '[', '#']);
    if copied {
        return self::copied(heading, &help.text, out);
    }
    let lines = help.text.lines().take(MOST_LINES).map(prose);
    let lines: Vec<String> = lines.collect();
    let _ = writeln!(out, "- {heading}: {}", lines.join("<br>"));
}

/// `path:line`, or only the path where there was nothing to read.
pub fn place(source: &Source, line: u32) -> String {
    if source.is_placeless() {
        source.name().to_string()
    } else {
        format!("{}:{line}", source.name())
    }
}

pub fn remote(source: &Source, line: u32, style: &Style) -> Option<String> {
    let known = style.remote.filter(|_| !source.is_placeless());
    known?.line(source.name(), line)
}
