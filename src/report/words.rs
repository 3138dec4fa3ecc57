//! A finding, a decision or a reason in a few words, for the formats that can't draw its lines.

use std::borrow::Cow;

use super::visible;
use crate::analysis::Field;
use crate::analysis::{Decision, Justification};
use crate::base::finding::{Finding, Section};
use crate::compare::Compared;

/// The message as a sentence of one line.
pub fn message(finding: &Finding) -> String {
    sentence(&visible::line(&finding.message, true))
}

/// What stands behind the message, a sentence each: what is the team's to run, and the way up; else what to do.
pub fn teaching(report: &Compared, finding: &Finding) -> Vec<String> {
    let mut lines = vec![capital(&finding.label)];
    let asks = report.unexplained(finding).is_some();
    let wanted = |section| !asks || section == Section::Climb;
    for help in finding.help.iter().filter(|help| wanted(help.section)) {
        let first = help.text.lines().next().unwrap_or_default();
        lines.push(match help.section {
            Section::Climb => format!("The way up: {first}"),
            section => format!("{}: {first}", capital(section.heading())),
        });
    }
    lines.retain(|line| !line.is_empty());
    let seen = lines.iter().map(|line| visible::line(line, true));
    seen.map(|line| sentence(&line)).collect()
}

/// Everything that helps, each paragraph below its heading; its characters are still the template's.
pub fn help(finding: &Finding) -> String {
    let paragraphs = finding.help.iter().map(|help| {
        let gap = if help.text.contains('\n') { '\n' } else { ' ' };
        format!("{}:{gap}{}", help.section.heading(), help.text)
    });
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// What a decision is: "Jobs runs on EKS: rung 3 of 4 on the compute ladder".
pub fn standing(decision: &Decision) -> String {
    let says = decision.says().unwrap_or("is a hosting choice");
    format!(
        "{} {says}: rung {} of 4 on the {} ladder",
        visible::line(decision.name(), true),
        decision.rung.number(),
        decision.ladder().title
    )
}

/// A reason in one line: "licence: the engine is licensed per core; team-a; until 2027-06-30; docs/licence.md".
pub fn why(justification: &Justification) -> String {
    let reason = &justification.reason;
    let because = field(reason.because.as_ref());
    let until = match field(reason.expires.as_ref()) {
        day if day.is_empty() => day,
        day => format!("until {day}"),
    };
    let rest = [
        field(reason.reason.as_ref()),
        field(reason.owner.as_ref()),
        until,
        field(reason.evidence.as_ref()),
    ];
    let rest: Vec<String> = rest.into_iter().filter(|text| !text.is_empty()).collect();
    match (because.is_empty(), rest.is_empty()) {
        (true, _) => rest.join("; "),
        (false, true) => because,
        (false, false) => format!("{because}: {}", rest.join("; ")),
    }
}

/// A field of a reason in one line; its line breaks are spaces.
pub fn field(field: Option<&Field>) -> String {
    let text = field.map_or("", |field| field.text.as_str());
    let words: Vec<&str> = text.split_whitespace().collect();
    visible::line(&words.join(" "), true).into_owned()
}

/// At most so many characters, the last of them an ellipsis where something is gone.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    Cow::Owned(format!("{kept}…"))
}

fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// With a capital at its start.
pub fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}
