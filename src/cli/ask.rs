//! Questions on a terminal.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use dialoguer::console::{Term, measure_text_width, truncate_str};
use dialoguer::theme::Theme;
use dialoguer::{Confirm, FuzzySelect, Input, MultiSelect};

/// What somebody who breaks off has to know.
static LEFT: Mutex<Option<&str>> = Mutex::new(None);
/// What a line of a question needs besides its words: a mark, and an answer like `[Y/n]`.
const ANSWER: usize = 12;

/// Whoever breaks off leaves at once, wherever they are. Where no handler can be set, the system does the same.
pub fn prepare() {
    let _ = ctrlc::set_handler(|| leave());
}

/// What is said from now on to whoever breaks off.
pub fn say_when_left(what: &'static str) {
    *LEFT.lock().unwrap_or_else(PoisonError::into_inner) = Some(what);
}

/// A menu hides the cursor, and a line was begun. Where the terminal is gone, there is nobody to mind either.
#[expect(
    clippy::exit,
    reason = "nothing is half written: files are replaced as a whole"
)]
fn leave() -> ! {
    let terminal = Term::stderr();
    let _ = terminal.show_cursor();
    let _ = terminal.write_line("");
    let left = *LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(left) = left {
        let _ = terminal.write_line(left);
    }
    std::process::exit(130)
}

/// A question ends as it was written, and a choice takes one line: a menu whose lines break is drawn over itself.
#[derive(Default)]
struct Plain<'i> {
    /// What letters choose from.
    items: &'i [String],
}

impl Theme for Plain<'_> {
    fn format_prompt(&self, f: &mut dyn fmt::Write, prompt: &str) -> fmt::Result {
        f.write_str(&ended(prompt))
    }

    fn format_input_prompt(
        &self,
        f: &mut dyn fmt::Write,
        prompt: &str,
        _default: Option<&str>,
    ) -> fmt::Result {
        write!(f, "{} ", ended(prompt))
    }

    fn format_input_prompt_selection(
        &self,
        f: &mut dyn fmt::Write,
        prompt: &str,
        chosen: &str,
    ) -> fmt::Result {
        write!(f, "{} {chosen}", ended(prompt))
    }

    fn format_fuzzy_select_prompt(
        &self,
        f: &mut dyn fmt::Write,
        prompt: &str,
        typed: &str,
        cursor: usize,
    ) -> fmt::Result {
        let (head, tail) = typed.split_at(cursor);
        match typed {
            "" => write!(f, "{} | (letters choose, enter continues)", ended(prompt)),
            _ if self.items.iter().any(|item| has_letters(item, typed)) => {
                write!(f, "{} {head}|{tail}", ended(prompt))
            }
            _ => write!(
                f,
                "{} {head}|{tail} (nothing has these letters)",
                ended(prompt)
            ),
        }
    }

    /// What is wrong with an answer is taken away with the next one, as many lines as are counted here.
    fn format_error(&self, f: &mut dyn fmt::Write, error: &str) -> fmt::Result {
        f.write_str(&textwrap::fill(&format!("error: {error}"), width()))
    }

    fn format_multi_select_prompt_selection(
        &self,
        f: &mut dyn fmt::Write,
        prompt: &str,
        chosen: &[&str],
    ) -> fmt::Result {
        let names: Vec<&str> = chosen.iter().map(|one| name(one)).collect();
        let names = match names.as_slice() {
            [] => "none".to_owned(),
            names => names.join(", "),
        };
        self.format_input_prompt_selection(f, prompt, &names)
    }
}

/// Whether the letters stand in a choice, in their order, as a menu chooses by them: capitals only mean capitals.
fn has_letters(item: &str, typed: &str) -> bool {
    let has_capitals = typed.chars().any(char::is_uppercase);
    let mut letters = item.chars();
    typed.chars().all(|wanted| {
        letters.any(|letter| {
            letter == wanted || !has_capitals && letter.to_lowercase().eq(wanted.to_lowercase())
        })
    })
}

fn ended(prompt: &str) -> String {
    if prompt.ends_with(['?', ')']) {
        prompt.to_owned()
    } else {
        format!("{prompt}:")
    }
}

/// What stands before the explanation of a choice.
fn name(item: &str) -> &str {
    item.split("  ").next().unwrap_or_default()
}

fn width() -> usize {
    usize::from(Term::stderr().size().1).max(40) - 1
}

/// A question whose line would break is said above, once, since a line that breaks is not taken away whole; then a short one is asked.
fn fitted(question: &str, short: &str, room: usize) -> Result<String, String> {
    if measure_text_width(&ended(question)) + room <= width() {
        return Ok(question.to_owned());
    }
    let lines = textwrap::fill(question, width());
    let said = Term::stderr().write_line(&lines);
    said.map(|()| short.to_owned())
        .map_err(|error| error.to_string())
}

/// Choices as they fit into a line of the terminal, behind their mark.
fn fitting(items: &[String]) -> Vec<String> {
    const MARK: usize = "> [x] ".len();
    let width = usize::from(Term::stderr().size().1).saturating_sub(MARK + 1);
    let fit = |item: &String| truncate_str(item, width.max(20), "...").into_owned();
    items.iter().map(fit).collect()
}

/// Yes or no; no where somebody turns away.
pub fn confirm(question: &str) -> Result<bool, String> {
    let answer = Confirm::with_theme(&Plain::default())
        .with_prompt(fitted(question, "yes or no?", ANSWER)?)
        .default(true)
        .wait_for_newline(true)
        .interact_opt();
    answered(answer).map(|answer| answer.flatten().unwrap_or(false))
}

/// One of several, of which only those are left that have the letters which are typed; `None` where somebody turns away.
pub fn one(question: &str, items: &[String]) -> Result<Option<usize>, String> {
    const HINT: usize = 40;
    let question = fitted(question, "which?", HINT)?;
    let items = fitting(items);
    let theme = Plain { items: &items };
    let answer = FuzzySelect::with_theme(&theme)
        .with_prompt(&question)
        .items(&items)
        .highlight_matches(false)
        .report(false)
        .default(0)
        .interact_opt();
    let chosen = answered(answer).map(Option::flatten)?;
    if let Some(at) = chosen {
        let line = format!("{} {}", ended(&question), name(&items[at]));
        Term::stderr()
            .write_line(&line)
            .map_err(|error| error.to_string())?;
    }
    Ok(chosen)
}

/// Some of several; `None` where somebody turns away.
pub fn some(question: &str, items: &[String]) -> Result<Option<Vec<usize>>, String> {
    const HINT: usize = 40;
    let answer = MultiSelect::with_theme(&Plain::default())
        .with_prompt(format!(
            "{} (space selects, enter continues)",
            fitted(question, "which?", HINT)?
        ))
        .items(fitting(items))
        .interact_opt();
    answered(answer).map(Option::flatten)
}

/// A line of text; `None` where somebody turns away.
pub fn text(
    question: &str,
    known: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<Option<String>, String> {
    let answer = Input::<String>::with_theme(&Plain::default())
        .with_prompt(fitted(question, "answer", ANSWER)?)
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
                // The signal is on its way to the handler as well: whichever comes first, the end is the same.
                std::io::ErrorKind::Interrupted => leave(),
                _ => Err(error.to_string()),
            }
        }
    }
}
