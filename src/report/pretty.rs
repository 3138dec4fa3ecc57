//! The report for people: findings with their lines, then the score.

use std::fmt::Write as _;
use std::io;

pub use super::Style;
use super::snippet::{self, Mark};
use super::style::{wrap, wrapped};
use crate::analysis::Decision;
use crate::base::finding::{Finding, Help, Section};
use crate::base::source::Source;
use crate::compare::Compared;

mod explained_once;
mod group_table;
#[cfg(test)]
pub(crate) use group_table::HEADS as GROUP_HEADS;
mod justified;
mod overview;
mod since;

/// Under what heading a finding's lines stand.
const INDENT: &str = "  ";

/// Bytes that most findings take.
const FINDING: usize = 2048;

/// Writes the whole report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    if !style.quiet {
        since::write_change(report, style, out)?;
    }
    if style.full {
        for finding in &report.findings {
            write_finding(finding, report.decision(finding), style, out)?;
        }
    } else {
        explained_once::write(report, style, out)?;
    }
    if style.show_justified {
        justified::write(report, style, out)?;
    }
    if style.quiet {
        let mut table = String::new();
        group_table::write(report, style, &mut table);
        return out.write_all(table.as_bytes());
    }
    overview::write(report, style, out)
}

/// Writes findings that belong to no report: what is wrong with a configuration.
///
/// # Errors
/// Those of `out`.
pub fn write_findings(
    findings: &[Finding],
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    findings
        .iter()
        .try_for_each(|finding| write_finding(finding, None, style, out))
}

fn write_finding(
    finding: &Finding,
    decision: Option<&Decision>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut text = String::with_capacity(FINDING);
    head(finding, decision, style, &mut text);
    body(finding, style, &mut text);
    if !style.quiet {
        let members = decision.map_or(&[][..], |decision| &decision.members);
        help(finding, members, style, &mut text);
    }
    text.push('\n');
    out.write_all(text.as_bytes())
}

/// `error[compute/server]: Web runs on EC2 ...`
fn head(finding: &Finding, decision: Option<&Decision>, style: &Style, out: &mut String) {
    let mut message = style.plain(&finding.message).into_owned();
    if finding.source.text().is_empty() {
        let (start, _) = finding.positions();
        let path = style.plain(finding.path());
        message = match finding.source.is_placeless() {
            true => format!("{path}: {message}"),
            false => format!("{path}:{}:{}: {message}", start.line, start.column),
        };
    }
    headline(finding, decision, &message, style, out);
}

/// A message behind the weight and code of a finding.
fn headline(
    finding: &Finding,
    decision: Option<&Decision>,
    message: &str,
    style: &Style,
    out: &mut String,
) {
    let tag = format!(
        "{}[{}]",
        finding.severity.name(),
        style.plain(&finding.code.to_string())
    );
    let page = || style.pages.of_finding(finding, decision);
    let whole = format!("{tag}: {message}");
    let lines = wrap(&whole, style.prose(), "", INDENT);
    for (at, line) in lines.iter().enumerate() {
        let _ = match line.strip_prefix(&tag).filter(|_| at == 0) {
            Some(rest) => writeln!(
                out,
                "{}{}",
                style.link(&style.severity(finding.severity, &tag), page),
                style.strong(rest)
            ),
            None => writeln!(out, "{}", style.strong(line)),
        };
    }
}

/// The lines of the template, one drawing for each text.
fn body(finding: &Finding, style: &Style, out: &mut String) {
    let mut groups: Vec<(&Source, Vec<Mark<'_>>)> = Vec::new();
    if !finding.source.text().is_empty() {
        let own = Mark {
            span: finding.source.one_line(finding.span),
            label: &finding.label,
            primary: true,
        };
        groups.push((&finding.source, vec![own]));
    }
    for related in &finding.related {
        let mark = Mark {
            span: related.source.one_line(related.span),
            label: &related.message,
            primary: false,
        };
        match groups
            .iter_mut()
            .find(|(source, _)| std::ptr::eq(*source, &raw const *related.source))
        {
            Some((_, marks)) => marks.push(mark),
            None => groups.push((&related.source, vec![mark])),
        }
    }
    for (source, marks) in groups {
        let (drawn, homeless) = snippet::draw(source, &marks, finding.severity, style);
        out.push_str(&drawn);
        for label in homeless {
            for line in wrap(&style.plain(label), style.prose(), INDENT, INDENT) {
                let _ = writeln!(out, "{line}");
            }
        }
    }
}

fn help(finding: &Finding, members: &[String], style: &Style, out: &mut String) {
    let mut all: Vec<Help> = Vec::new();
    let told = finding
        .help
        .iter()
        .any(|help| help.section == Section::Members);
    if !members.is_empty() && !told && !finding.code.is_about_reasons() {
        all.push(Help {
            section: Section::Members,
            text: members.join(", "),
        });
    }
    all.extend(finding.help.iter().cloned());
    if finding.decision.is_some() {
        all.push(Help {
            section: Section::More,
            text: format!("sfl explain {}", finding.code),
        });
    }
    let prose = all.iter().filter(|help| !verbatim(&help.text));
    let column = prose
        .map(|help| help.section.heading().len() + 2)
        .filter(|width| *width <= 14)
        .max()
        .unwrap_or(0);
    for help in &all {
        paragraph(help.section.heading(), &help.text, column, style, out);
    }
}

/// Text to copy keeps its lines.
fn verbatim(text: &str) -> bool {
    text.contains('\n')
        && text
            .lines()
            .any(|line| line.starts_with([' ', '\t', '{', '[', '"', '#']))
}

/// `climb:  rung 3 is ...`, wrapped beside its heading; text to copy stands below.
fn paragraph(heading: &str, text: &str, column: usize, style: &Style, out: &mut String) {
    if verbatim(text) {
        let _ = writeln!(out, "{INDENT}{}", style.lead(&format!("{heading}:")));
        for line in text.lines() {
            let _ = writeln!(out, "{INDENT}{INDENT}{}", style.plain(line));
        }
        return;
    }
    beside(heading, text, (INDENT, column), style, out);
}

/// A text beside its heading, from a column after the indent on.
fn beside(
    heading: &str,
    text: &str,
    (indent, column): (&str, usize),
    style: &Style,
    out: &mut String,
) {
    let heading = format!("{heading}:");
    let deeper = " ".repeat(indent.len() + column);
    let mut start = format!("{indent}{}", style.lead(&heading));
    if heading.len() < column {
        start.push_str(&" ".repeat(column - heading.len()));
    } else {
        start.push(' ');
    }
    for line in text.lines() {
        let text = style.plain(line);
        let wrap = wrapped(style.prose())
            .initial_indent(&start)
            .subsequent_indent(&deeper)
            .break_words(false);
        for line in textwrap::wrap(&text, wrap) {
            let _ = writeln!(out, "{line}");
        }
        start.clone_from(&deeper);
    }
}

#[cfg(test)]
mod tests;
