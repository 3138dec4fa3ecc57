//! What a code means, for who reads it far from the terminal: the words of `sfl explain`, as SARIF wants them.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Text, plain};
use crate::analysis::Step;
use crate::analysis::{Decision, Ladder, Rung};
use crate::analysis::{KINDS, usual_kind, usual_severity};
use crate::base::finding::Severity;
use crate::base::{Code, JustificationCode, LifecycleCode};
use crate::report::{Pages, visible, words};

/// GitHub takes so many characters of a description.
const MOST: usize = 1024;

/// A code.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    id: Code,
    short_description: Text,
    full_description: Text,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

/// No `security-severity`: these are findings of architecture, and GitHub would take them for weaknesses.
#[derive(Serialize)]
struct Properties {
    tags: Vec<String>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

/// The words of a code, before they are written twice.
struct Words {
    short: String,
    full: String,
    /// Heading and text.
    parts: Vec<(&'static str, String)>,
    /// How to write a reason down, where that helps.
    snippet: Option<String>,
    severity: Severity,
    tags: Vec<String>,
}

/// What a code means; one of a ladder by its decision, for the ladder may be the team's own.
pub fn descriptor(code: &Code, decision: Option<&Decision>, pages: Pages) -> Descriptor {
    let words = match decision {
        Some(decision) => of_rung(decision.ladder(), decision.rung),
        None => of_code(code),
    };
    let page = pages.of_code(code);
    let limited = |text: &str| Text {
        text: words::cut(&plain(&visible::line(text, true)), MOST).into_owned(),
    };
    Descriptor {
        id: code.clone(),
        short_description: limited(&words.short),
        full_description: limited(&words.full),
        help: Help {
            text: text(code, &words, page.as_deref()),
            markdown: markdown(code, &words, page.as_deref()),
        },
        help_uri: page,
        default_configuration: Configuration {
            level: words.severity.name(),
        },
        properties: Properties {
            tags: words.tags,
            precision: "high",
            severity: match words.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        },
    }
}

fn of_rung(ladder: &Ladder, rung: Rung) -> Words {
    let said = &ladder.rungs[rung as usize];
    let (number, name) = (rung.number(), rung.name());
    let up = match said.step.map(Step::phrase) {
        Some(step) if !said.up.is_empty() => format!("{} ({step})", said.up),
        _ => said.up.to_string(),
    };
    let above = Rung::ALL[..rung as usize].iter().rev();
    let above: Vec<String> = above
        .map(|rung| (rung, &*ladder.rungs[*rung as usize].takes))
        .filter(|(_, takes)| !takes.is_empty())
        .map(|(rung, takes)| format!("rung {} is {takes}", rung.number()))
        .collect();
    let parts = [
        ("On this rung", said.takes.to_string()),
        ("Yours to run", said.yours.to_string()),
        ("The way up", up),
        ("Above", above.join("; ")),
        ("Fair", said.fair.to_string()),
    ];
    let title = &ladder.title;
    Words {
        short: format!("Rung {number} of 4 ({name}) on the {title} ladder, without a reason"),
        full: format!(
            "A hosting choice is on rung {number} of 4 ({name}) of the {title} ladder, and nobody wrote down why. {}",
            ladder.about
        ),
        parts: parts.into(),
        snippet: Some(format!(
            "Metadata:\n  sfl:\n    because: {}\n    reason: the sentence that you would say in a review",
            usual_kind(rung)
        )),
        severity: usual_severity(rung),
        tags: vec![
            "serverless-first".to_owned(),
            ladder.name.to_string(),
            name.to_owned(),
        ],
    }
}

fn of_code(code: &Code) -> Words {
    let unknown = ("A finding from sfl.", "The message says what it is about.");
    let (means, remedy) = code.meaning().unwrap_or(unknown);
    Words {
        short: means.to_owned(),
        full: format!("{means} {remedy}"),
        parts: vec![
            ("What it says", means.to_owned()),
            ("What to do", remedy.to_owned()),
        ],
        snippet: None,
        severity: match code {
            Code::Justification(JustificationCode::EndsSoon) => Severity::Note,
            Code::Source(_) | Code::Purpose(_) | Code::Lifecycle(LifecycleCode::Ended) => {
                Severity::Error
            }
            Code::Lifecycle(LifecycleCode::Closed) | Code::Owners(_) => Severity::Note,
            _ => Severity::Warning,
        },
        tags: vec!["serverless-first".to_owned(), code.group().to_owned()],
    }
}

fn text(code: &Code, words: &Words, page: Option<&str>) -> String {
    let mut text = String::new();
    for (heading, part) in parts(words) {
        let _ = writeln!(text, "{heading}: {part}");
    }
    if let Some(snippet) = &words.snippet {
        let _ = writeln!(text, "Or say why, on the resource:\n{snippet}");
        let _ = writeln!(text, "because is one of {}.", KINDS.join(", "));
    }
    let _ = write!(text, "More: sfl explain {code}");
    if let Some(page) = page {
        let _ = write!(text, ", {page}");
    }
    escaped(&text)
}

fn markdown(code: &Code, words: &Words, page: Option<&str>) -> String {
    let mut text = String::new();
    for (heading, part) in parts(words) {
        let _ = writeln!(text, "**{heading}**: {}\n", part.replace('<', "\\<"));
    }
    if let Some(snippet) = &words.snippet {
        let _ = writeln!(
            text,
            "**Or say why**, on the resource:\n\n```yaml\n{snippet}\n```\n"
        );
        let kinds: Vec<String> = KINDS.iter().map(|kind| format!("`{kind}`")).collect();
        let _ = writeln!(text, "`because` is one of {}.\n", kinds.join(", "));
    }
    let _ = write!(text, "More: `sfl explain {code}`");
    if let Some(page) = page {
        let _ = write!(text, ", [{code}]({page})");
    }
    escaped(&text)
}

fn parts(words: &Words) -> impl Iterator<Item = (&'static str, &str)> {
    let parts = words.parts.iter().filter(|(_, part)| !part.is_empty());
    parts.map(|(heading, part)| (*heading, part.as_str()))
}

/// Braces would be placeholders.
fn escaped(text: &str) -> String {
    let text = visible::lines(text);
    text.replace('{', "{{").replace('}', "}}")
}
