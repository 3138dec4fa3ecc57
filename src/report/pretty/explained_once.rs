//! Findings that one explanation fits, explained once, with their places below. Few kinds are explained as fully as a finding that
//! stands alone; of many, only what they are, what is yours and the way up is said.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;

use super::{INDENT, Style, beside, head, headline, paragraph, wrap, write_finding};
use crate::analysis::summary::count;
use crate::base::finding::{Finding, Section};
use crate::compare::Compared;
use crate::report::alike::{self, AlikeFindings, CodeFindings, FindingParts};

/// Kinds that are explained in full.
const FULLY: usize = 3;
/// Kinds that are shown with their lines where no help is wanted.
const FULLY_QUIET: usize = 6;
/// Kinds whose way up is said at length.
const AT_LENGTH: usize = 6;
/// Kinds of which each place may say what is special about it.
const NEARLY: usize = 24;
/// Places that are listed in all, unless each kind has but a few.
const PLACES: usize = 100;
/// Places of a kind that are always listed.
const FEWEST: usize = 1;

/// How much is said of a kind.
struct Detail {
    /// Kinds in all.
    kinds: usize,
    /// Each has its lines, and all of its help.
    is_full: bool,
    /// Places of a kind.
    most: usize,
}

/// Writes all findings of a report.
pub fn write(report: &Compared, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let sections = alike::of(report);
    let numbers = sections.iter().flat_map(|one| &one.kinds);
    let numbers: Vec<usize> = numbers.map(|kind| kind.all.len()).collect();
    let detail = Detail {
        kinds: numbers.len(),
        is_full: numbers.len() <= if style.quiet { FULLY_QUIET } else { FULLY },
        most: most_places(&numbers),
    };
    for section in &sections {
        if !detail.is_full {
            let mut text = String::new();
            briefly(section, &detail, style, &mut text);
            out.write_all(text.as_bytes())?;
            continue;
        }
        for kind in &section.kinds {
            match &kind.all[..] {
                [one] => write_finding(one.finding, one.decision, style, out)?,
                _ => {
                    let mut text = String::new();
                    fully(section, kind, &detail, style, &mut text);
                    out.write_all(text.as_bytes())?;
                }
            }
        }
    }
    if !style.quiet && detail.kinds > 0 {
        let folded = numbers
            .iter()
            .map(|all| all.saturating_sub(listed(*all, &detail)));
        let text = how_to_see_more(folded.sum(), &detail, numbers.iter().any(|all| *all > 1));
        if !text.is_empty() {
            for line in wrap(&text, style.prose(), "", "") {
                writeln!(out, "{}", style.faint(&line))?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The most places of a kind with which no more than [`PLACES`] are listed.
fn most_places(numbers: &[usize]) -> usize {
    let fits = |most: &usize| numbers.iter().map(|all| all.min(most)).sum::<usize>() <= PLACES;
    let most = (FEWEST..=PLACES).rev().find(fits);
    most.unwrap_or(FEWEST)
}

/// How many places of so many are listed: to say that one more is there takes as much room as the one.
fn listed(all: usize, detail: &Detail) -> usize {
    if all <= detail.most + 1 {
        all
    } else {
        detail.most
    }
}

fn how_to_see_more(folded: usize, detail: &Detail, is_shared: bool) -> String {
    let each = "--full shows each finding with its lines";
    if folded > 0 {
        let places = count(folded, "more place");
        let are = if folded == 1 { "is" } else { "are" };
        return format!(
            "{places} {are} not listed: --format concise lists each finding in a line, --select CODE only those of a code, {each}"
        );
    }
    if !detail.is_full {
        return format!("sfl explain CODE says more, sfl justify NAME writes down why, {each}");
    }
    if is_shared {
        each.to_owned()
    } else {
        String::new()
    }
}

/// One explanation with everything that a finding alone would have but its lines, then the places.
fn fully(
    section: &CodeFindings<'_>,
    kind: &AlikeFindings<'_>,
    detail: &Detail,
    style: &Style,
    out: &mut String,
) {
    let first = &kind.all[0];
    let message = kind.headline(section);
    headline(
        first.finding,
        first.decision,
        &style.plain(&message),
        style,
        out,
    );
    if !style.quiet {
        let mut all: Vec<(&str, String)> = Vec::new();
        if !first.finding.label.is_empty() {
            let heading = match first.asked() {
                Some(_) => "yours",
                None => "here",
            };
            let label = first.finding.label.as_str();
            let label = label.strip_prefix("you manage ").unwrap_or(label);
            all.push((heading, label.to_owned()));
        }
        for help in &first.finding.help {
            if alike::is_special(help.section) {
                continue;
            }
            let heading = help.section.heading();
            if alike::is_to_copy(help.section) {
                let forms = kind.forms(help.section).into_iter();
                all.extend(forms.map(|(_, form)| (heading, form)));
            } else {
                all.push((heading, help.text.clone()));
            }
        }
        if first.decision.is_some() {
            all.push(("more", format!("sfl explain {}", section.code)));
        }
        let widths = all.iter().map(|(heading, _)| heading.len() + 2);
        let column = widths.filter(|width| *width <= 14).max().unwrap_or(0);
        for (heading, text) in &all {
            paragraph(heading, text, column, style, out);
        }
    }
    places(kind, kind.predicate(), INDENT, detail, style, out);
    out.push('\n');
}

/// A code with all of its kinds, each with its way up.
fn briefly(section: &CodeFindings<'_>, detail: &Detail, style: &Style, out: &mut String) {
    let Some(first) = section.kinds.first().and_then(|kind| kind.all.first()) else {
        return;
    };
    let number = section.count();
    if number == 1 {
        return alone(first, detail, style, out);
    }
    let message = match first.asked() {
        Some(rung) => format!("{}: {rung}", count(number, "fallback")),
        None => section.meaning(number),
    };
    headline(
        first.finding,
        first.decision,
        &style.plain(&message),
        style,
        out,
    );
    let common = common_label(section);
    if !style.quiet {
        prose(common, INDENT, style, out);
    }
    let mut told = BTreeSet::new();
    for kind in &section.kinds {
        let says = kind.predicate();
        let number = kind.all.len();
        let title = match (number, says) {
            (1, _) => None,
            (_, Some(says)) => Some(format!("each of these {number} {says}")),
            (_, None) if section.kinds.len() > 1 => Some(format!("these {number}:")),
            (_, None) => None,
        };
        let deeper = format!("{INDENT}{INDENT}");
        let mut explained = String::new();
        if !style.quiet {
            let label = &kind.all[0].finding.label;
            if label != common {
                prose(label, &deeper, style, &mut explained);
            }
            way_up(
                &kind.all[0],
                &deeper,
                &mut told,
                detail,
                style,
                &mut explained,
            );
        }
        let Some(title) = title else {
            // What is explained of a single one, or of all there are, stands below.
            places(kind, None, INDENT, detail, style, out);
            out.push_str(&explained);
            continue;
        };
        for line in wrap(&style.plain(&title), style.prose(), INDENT, &deeper) {
            let _ = writeln!(out, "{line}");
        }
        out.push_str(&explained);
        places(kind, says, &deeper, detail, style, out);
    }
    out.push('\n');
}

/// The only finding of its code.
fn alone(one: &FindingParts<'_>, detail: &Detail, style: &Style, out: &mut String) {
    head(one.finding, one.decision, style, out);
    // Else the headline says it.
    if !one.finding.source.text().is_empty() {
        let _ = writeln!(out, "{INDENT}{}", place(one.finding, style));
    }
    if !style.quiet {
        special(one, "    ", style, out);
        prose(&one.finding.label, INDENT, style, out);
        way_up(one, INDENT, &mut BTreeSet::new(), detail, style, out);
    }
    out.push('\n');
}

/// What a code leaves the team to run, where several kinds agree or there is but one.
fn common_label<'r>(section: &CodeFindings<'r>) -> &'r str {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in &section.kinds {
        *numbers.entry(&kind.all[0].finding.label).or_default() += 1;
    }
    let most = numbers.into_iter().max_by_key(|(_, kinds)| *kinds);
    let agreed = most.filter(|(_, kinds)| *kinds > 1 || section.kinds.len() == 1);
    agreed.map_or("", |(label, _)| label)
}

/// The way up, and what else all of a kind can do; what was said of another kind of the code is only named.
fn way_up<'r>(
    one: &FindingParts<'r>,
    indent: &str,
    told: &mut BTreeSet<&'r str>,
    detail: &Detail,
    style: &Style,
    out: &mut String,
) {
    for help in &one.finding.help {
        if !matches!(
            help.section,
            Section::Climb
                | Section::Never
                | Section::Instead
                | Section::Correct
                | Section::Complete
                | Section::Renew
                | Section::Valid
        ) {
            continue;
        }
        let first = help.text.lines().next().unwrap_or_default();
        let text = match told.insert(first) {
            false => "as above",
            true if detail.kinds > AT_LENGTH => clause(first),
            true => first,
        };
        let heading = help.section.heading();
        beside(heading, text, (indent, heading.len() + 2), style, out);
    }
}

/// Up to where a new thought begins.
fn clause(text: &str) -> &str {
    let ends = ["; ", ". ", " ("]
        .into_iter()
        .filter_map(|end| text.find(end));
    ends.min().map_or(text, |end| &text[..end])
}

fn prose(text: &str, indent: &str, style: &Style, out: &mut String) {
    if text.is_empty() {
        return;
    }
    for line in wrap(&style.plain(text), style.prose(), indent, indent) {
        let _ = writeln!(out, "{line}");
    }
}

/// The places of a kind, and how many more there are. What all of them say is not said again.
fn places(
    kind: &AlikeFindings<'_>,
    said: Option<&str>,
    indent: &str,
    detail: &Detail,
    style: &Style,
    out: &mut String,
) {
    let shown = &kind.all[..listed(kind.all.len(), detail)];
    let at: Vec<String> = shown.iter().map(|one| place(one.finding, style)).collect();
    let widths = at.iter().map(|place| textwrap::core::display_width(place));
    let column = widths.max().unwrap_or(0);
    // Names in a column are found at a glance, but only where that leaves them room.
    let column = if column <= style.width / 2 { column } else { 0 };
    let deeper = format!("{indent}    ");
    let more = kind.all.len() - shown.len();
    let files: BTreeSet<&str> = kind.all.iter().map(|one| &**one.finding.path()).collect();
    let more = match more {
        0 => None,
        more => Some(format!(
            "and {more} more, in {} in all",
            count(files.len(), "file")
        )),
    };
    for (one, at) in shown.iter().zip(at) {
        let gap = column.saturating_sub(textwrap::core::display_width(&at));
        let mut words = match (&one.name, said) {
            (Some(name), Some(_)) => format!("{name}{}", one.rest),
            (Some(name), None) => format!("{name} {}{}", one.says, one.rest),
            (None, _) => one.says.to_owned(),
        };
        if let (Some(more), [_]) = (&more, shown) {
            let _ = write!(words, ", {more}");
        }
        let start = format!("{indent}{at}{:gap$}  ", "");
        for line in wrap(&style.plain(&words), style.width, &start, &deeper) {
            let _ = writeln!(out, "{}", line.trim_end());
        }
        if !style.quiet && detail.kinds <= NEARLY {
            special(one, &deeper, style, out);
        }
    }
    if let Some(more) = more.filter(|_| shown.len() > 1) {
        let _ = writeln!(out, "{indent}{more}");
    }
}

/// What is so of this resource only.
fn special(one: &FindingParts<'_>, indent: &str, style: &Style, out: &mut String) {
    for related in &one.finding.related {
        let start = related.source.position(related.span.start);
        let path = style.plain(related.source.name());
        let at = format!("{indent}{path}:{}:{}  ", start.line, start.column);
        for line in wrap(&style.plain(&related.message), style.width, &at, indent) {
            let _ = writeln!(out, "{line}");
        }
    }
    let help = one.finding.help.iter();
    let help = help.filter(|help| alike::is_special(help.section));
    for help in help.filter(|help| help.section != Section::Members) {
        let start = format!("{indent}{}: ", help.section.heading());
        for line in help.text.lines() {
            for line in wrap(&style.plain(line), style.prose(), &start, indent) {
                let _ = writeln!(out, "{line}");
            }
        }
    }
}

/// `infra/shop.yaml:15:7`, or only the path where there was nothing to read.
fn place(finding: &Finding, style: &Style) -> String {
    let path = style.plain(finding.path());
    if finding.source.is_placeless() {
        return path.into_owned();
    }
    let (start, _) = finding.positions();
    format!("{path}:{}:{}", start.line, start.column)
}
