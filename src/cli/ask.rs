//! Questions on a terminal.

use dialoguer::console::Term;
use dialoguer::theme::SimpleTheme;
use dialoguer::{Confirm, Input, MultiSelect, Select};

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

/// Yes or no; no where somebody turns away.
pub fn confirm(question: &str) -> Result<bool, String> {
    let answer = Confirm::with_theme(&SimpleTheme)
        .with_prompt(question)
        .default(true)
        .wait_for_newline(true)
        .interact_opt();
    answered(answer).map(|answer| answer.flatten().unwrap_or(false))
}

/// One of several; `None` where somebody turns away.
pub fn one(question: &str, items: &[String]) -> Result<Option<usize>, String> {
    let answer = Select::with_theme(&SimpleTheme)
        .with_prompt(question)
        .items(items)
        .default(0)
        .interact_opt();
    answered(answer).map(Option::flatten)
}

/// Some of several; `None` where somebody turns away.
pub fn some(question: &str, items: &[String]) -> Result<Option<Vec<usize>>, String> {
    let answer = MultiSelect::with_theme(&SimpleTheme)
        .with_prompt(format!("{question} (space chooses, enter goes on)"))
        .items(items)
        .interact_opt();
    answered(answer).map(Option::flatten)
}

/// A line of text; `None` where somebody turns away.
pub fn text(
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
