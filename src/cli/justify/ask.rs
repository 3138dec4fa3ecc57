//! Questions on a terminal.

use dialoguer::console::Term;
use dialoguer::theme::SimpleTheme;
use dialoguer::{Confirm, Input, Select};

use super::record::{self, Law};
use crate::edit::Record;
use crate::justify::kinds;

/// A menu hides the cursor: whoever breaks off gets it back. Where no handler can be set, nothing is lost but that.
#[expect(
    clippy::exit,
    reason = "nothing is half written: files are replaced as a whole"
)]
pub fn prepare() {
    let _ = ctrlc::set_handler(|| {
        let _ = Term::stderr().show_cursor();
        std::process::exit(130);
    });
}

/// What somebody wants to do with a finding.
pub enum Choice {
    /// Give a reason of this kind.
    Because(&'static str),
    /// Leave it open.
    Skip,
    /// Leave all that follow open.
    Stop,
}

/// Yes or no; no by default where somebody turns away.
pub fn confirm(question: &str) -> Result<bool, String> {
    let answer = Confirm::with_theme(&SimpleTheme)
        .with_prompt(question)
        .default(true)
        .wait_for_newline(true)
        .interact_opt();
    answered(answer).map(|answer| answer.flatten().unwrap_or(false))
}

/// The kind of reason, or none.
pub fn choice() -> Result<Choice, String> {
    let names = kinds::ALL.iter();
    let mut items: Vec<String> = names
        .map(|kind| format!("{:21}{}", kind.name, kind.means))
        .collect();
    items.push("(skip this one)".to_owned());
    items.push("(stop here)".to_owned());
    let answer = Select::with_theme(&SimpleTheme)
        .with_prompt("because")
        .items(&items)
        .default(0)
        .interact_opt();
    Ok(match answered(answer)?.flatten() {
        Some(at) if at < kinds::ALL.len() => Choice::Because(kinds::ALL[at].name),
        Some(at) if at == kinds::ALL.len() => Choice::Skip,
        _ => Choice::Stop,
    })
}

/// Everything about a reason of a kind; `None` where somebody turns away.
pub fn record(because: &str, known: &Record, law: Law<'_>) -> Result<Option<Record>, String> {
    let Some(reason) = text("reason", &known.reason, |text| law.words(text))? else {
        return Ok(None);
    };
    let known = [
        ("owner", "", &known.owner),
        ("expires", "YYYY-MM-DD", &known.expires),
        ("evidence", "a file or URL", &known.evidence),
    ];
    let mut answers = Vec::new();
    for (field, shape, known) in known {
        let needed = law.optional(because, field);
        let free = if needed.is_ok() { "may be empty" } else { "" };
        let hints = [shape, free].into_iter().filter(|hint| !hint.is_empty());
        let hints = hints.collect::<Vec<_>>().join(", ");
        let question = match hints.as_str() {
            "" => field.to_owned(),
            hints => format!("{field} ({hints})"),
        };
        let check = |text: &str| match field {
            _ if text.is_empty() => needed.clone(),
            "expires" => law.date(text),
            _ => record::line(text),
        };
        match text(&question, known.as_deref().unwrap_or_default(), check)? {
            Some(answer) => answers.push(answer),
            None => return Ok(None),
        }
    }
    let mut answers = answers.into_iter();
    let mut next = || answers.next().filter(|answer| !answer.is_empty());
    Ok(Some(Record {
        because: because.to_owned(),
        reason,
        owner: next(),
        expires: next(),
        evidence: next(),
    }))
}

/// What the command line left out.
pub fn complete(given: &Record, law: Law<'_>) -> Result<Option<Record>, String> {
    if !given.because.is_empty() {
        return record(&given.because, given, law);
    }
    match choice()? {
        Choice::Because(kind) => record(kind, given, law),
        Choice::Skip | Choice::Stop => Ok(None),
    }
}

fn text(
    question: &str,
    known: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<Option<String>, String> {
    let answer = Input::<String>::with_theme(&SimpleTheme)
        .with_prompt(question)
        .with_initial_text(known)
        .allow_empty(true)
        .validate_with(|text: &String| check(text.trim()).map_err(|error| bare(&error)))
        .interact_text();
    answered(answer).map(|answer| answer.map(|text| text.trim().to_owned()))
}

/// A question names no option.
fn bare(error: &str) -> String {
    match error.split_once(": ") {
        Some((option, rest)) if option.starts_with("--") => rest.to_owned(),
        _ => error.to_owned(),
    }
}

/// `None` where somebody turned away.
fn answered<T>(answer: Result<T, dialoguer::Error>) -> Result<Option<T>, String> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(dialoguer::Error::IO(error)) => {
            // A menu hides the cursor.
            let _ = Term::stderr().show_cursor();
            match error.kind() {
                std::io::ErrorKind::UnexpectedEof => Ok(None),
                std::io::ErrorKind::Interrupted => Err("interrupted".to_owned()),
                _ => Err(error.to_string()),
            }
        }
    }
}
