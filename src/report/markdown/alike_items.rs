//! Findings that one explanation fits, as one item: what all of them are, the way up, how to say why, and their places below.

use std::fmt::Write as _;

use super::escape::{code, line, prose};
use super::item;
use crate::base::finding::Section;
use crate::report::Style;
use crate::report::alike::{self, AlikeFindings, CodeFindings, FindingParts};

/// Places of a kind that are listed.
const MOST_PLACES: usize = 50;

/// A kind of findings, and how many they are.
pub fn write(section: &CodeFindings<'_>, kind: &AlikeFindings<'_>, style: &Style) -> String {
    if let [one] = &kind.all[..] {
        return item::write(one.finding, one.decision, style);
    }
    let Some(first) = kind.all.first() else {
        return String::new();
    };
    let severity = first.finding.severity.name();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<details>\n<summary><b>{severity}</b>: {}</summary>\n",
        line(&kind.headline(section))
    );
    let label = &first.finding.label;
    if !label.is_empty() {
        let _ = writeln!(out, "- {}", prose(label));
    }
    let mut is_shown = false;
    for help in &first.finding.help {
        if alike::is_special(help.section) {
            continue;
        }
        if help.section != Section::SayWhy {
            item::paragraph(help, &mut out);
            continue;
        }
        // Each dialect asks for another form, and each is told once.
        if !is_shown {
            is_shown = true;
            say_why(kind, &mut out);
        }
    }
    item::about(first.finding, first.decision, style, &mut out);
    let said = kind.predicate();
    let _ = writeln!(out, "- where:");
    for one in kind.all.iter().take(MOST_PLACES) {
        let _ = writeln!(out, "  - {}", place(one, said, style));
    }
    if kind.all.len() > MOST_PLACES {
        let _ = writeln!(out, "  - and {} more", kind.all.len() - MOST_PLACES);
    }
    out.push_str("\n</details>\n\n");
    out
}

/// The reason to copy, as each of the files takes it.
fn say_why(kind: &AlikeFindings<'_>, out: &mut String) {
    let heading = Section::SayWhy.heading();
    let forms = kind.forms(Section::SayWhy);
    for (path, form) in &forms {
        match forms.len() {
            1 => item::copied(heading, form, out),
            _ => item::copied(&format!("{heading}, as in {}", code(path)), form, out),
        }
    }
}

/// A place, what stands there, and what is so of it only.
fn place(one: &FindingParts<'_>, said: Option<&str>, style: &Style) -> String {
    let finding = one.finding;
    let (start, _) = finding.positions();
    let place = code(&item::place(&finding.source, start.line));
    let place = match item::remote(&finding.source, start.line, style) {
        Some(url) => format!("[{place}](<{url}>)"),
        None => place,
    };
    let mut words = match (&one.name, said) {
        (Some(name), Some(_)) => format!("{place} {}{}", code(name), prose(one.rest)),
        (Some(name), None) => {
            let says = format!("{}{}", one.says, one.rest);
            format!("{place} {} {}", code(name), prose(&says))
        }
        (None, _) => format!("{place} {}", prose(one.says)),
    };
    let help = finding.help.iter();
    for help in
        help.filter(|help| alike::is_special(help.section) && help.section != Section::Members)
    {
        let lines: Vec<String> = help.text.lines().map(prose).collect();
        let _ = write!(
            words,
            "<br>{}: {}",
            help.section.heading(),
            lines.join("<br>")
        );
    }
    words
}
