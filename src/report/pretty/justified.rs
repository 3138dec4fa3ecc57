//! The fallbacks that have a reason, for who asks for them: what was chosen, and why, in the words of who chose it.

use std::fmt::Write as _;
use std::io;

use super::{INDENT, Style, wrapped};
use crate::analysis::Field;
use crate::compare::Compared;

pub fn write(report: &Compared, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = String::new();
    for decision in &report.decisions {
        let Some(found) = &decision.justification else {
            continue;
        };
        let reason = &found.reason;
        let word = |field: &Option<Field>| {
            let field = field.as_ref().map(|field| field.text.trim());
            field
                .filter(|text| !text.is_empty())
                .map(|text| style.plain(text).into_owned())
        };
        let kind = word(&reason.because).unwrap_or_else(|| "its context".to_owned());
        let _ = writeln!(
            text,
            "{} {}",
            style.lead(&format!("justified[{}]:", decision.code())),
            style.strong(&format!(
                "{}, {kind}",
                style.plain(&decision.name_and_root())
            ))
        );
        let wrap = wrapped(style.prose())
            .initial_indent(INDENT)
            .subsequent_indent(INDENT);
        let words = word(&reason.reason).unwrap_or_default();
        let _ = writeln!(text, "{}", textwrap::fill(&words, wrap));
        let mut by = Vec::new();
        by.extend(word(&reason.owner));
        by.extend(word(&reason.expires).map(|day| format!("until {day}")));
        by.extend(word(&reason.evidence));
        by.push(format!("{}:{}", style.plain(&found.path), found.start.line));
        let _ = writeln!(text, "{INDENT}{}\n", style.faint(&by.join(", ")));
    }
    out.write_all(text.as_bytes())
}
