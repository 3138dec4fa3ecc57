//! Questions on a terminal.

use dialoguer::console::Term;
use dialoguer::theme::SimpleTheme;
use dialoguer::{Confirm, Input, Select};

use super::record;
use crate::edit::Record;
use crate::justify::kinds::ALL as KINDS;

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
        .interact_opt();
    answered(answer).map(|answer| answer.flatten().unwrap_or(false))
}

/// The kind of reason, or none.
pub fn choice() -> Result<Choice, String> {
    let kinds = KINDS
        .iter()
        .map(|kind| format!("{:21}{}", kind.name, kind.means));
    let mut items: Vec<String> = kinds.collect();
    items.push("(skip this one)".to_owned());
    items.push("(stop here)".to_owned());
    let answer = Select::with_theme(&SimpleTheme)
        .with_prompt("because")
        .items(&items)
        .default(0)
        .interact_opt();
    Ok(match answered(answer)?.flatten() {
        Some(at) if at < KINDS.len() => Choice::Because(KINDS[at].name),
        Some(at) if at == KINDS.len() => Choice::Skip,
        _ => Choice::Stop,
    })
}

/// Everything about a reason of a kind; `None` where somebody turns away.
pub fn record(because: &str, known: &Record) -> Result<Option<Record>, String> {
    let Some(reason) = text("reason", &known.reason, record::words)? else {
        return Ok(None);
    };
    let owner = known.owner.as_deref().unwrap_or_default();
    let Some(owner) = text("owner (may be empty)", owner, optional(record::line))? else {
        return Ok(None);
    };
    let end = known.expires.as_deref().unwrap_or_default();
    let needs_end = record::needs_end(because);
    let question = match needs_end {
        Ok(()) => "expires (YYYY-MM-DD, may be empty)",
        Err(_) => "expires (YYYY-MM-DD)",
    };
    let check = |text: &str| match &needs_end {
        Err(error) if text.is_empty() => Err(error.clone()),
        Ok(()) if text.is_empty() => Ok(()),
        _ => record::date(text),
    };
    let Some(expires) = text(question, end, check)? else {
        return Ok(None);
    };
    let evidence = known.evidence.as_deref().unwrap_or_default();
    let Some(evidence) = text(
        "evidence (a file or URL, may be empty)",
        evidence,
        optional(record::line),
    )?
    else {
        return Ok(None);
    };
    let some = |text: String| (!text.is_empty()).then_some(text);
    Ok(Some(Record {
        because: because.to_owned(),
        reason,
        owner: some(owner),
        expires: some(expires),
        evidence: some(evidence),
    }))
}

/// What the command line left out.
pub fn complete(given: &Record) -> Result<Option<Record>, String> {
    if !given.because.is_empty() {
        return record(&given.because, given);
    }
    match choice()? {
        Choice::Because(kind) => record(kind, given),
        Choice::Skip | Choice::Stop => Ok(None),
    }
}

fn optional(check: impl Fn(&str) -> Result<(), String>) -> impl Fn(&str) -> Result<(), String> {
    move |text| if text.is_empty() { Ok(()) } else { check(text) }
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
                std::io::ErrorKind::Interrupted | std::io::ErrorKind::UnexpectedEof => Ok(None),
                _ => Err(error.to_string()),
            }
        }
    }
}
