//! What Terraform makes of expressions, declared variables, `.tf.json` and repeated resources: questions with the answers of the real program.
//!
//! A file of questions is read by people first. `#` between questions is a heading, and its first line names the version that answered.
//! A question is all lines up to its answer, which is a line that begins with `= `: the value as `jsonencode` writes it, or `error: ` and
//! the title of Terraform's message, or `unknown`.
//!
//! - `expressions/*.txt`: an expression, as it stands after `name = ` in HCL.
//! - `variables.txt`: the body of a `variable` block, and what it is given in a `.tfvars` file: the lines from `given = ` on.
//! - `json.txt`: a value in a `locals` object of a `.tf.json` file.
//! - `json_variables.txt`: the same as `variables.txt`, in JSON.
//! - `resources.txt`: the body of a `resource` block; the answer is an object of its instances: the key of each, and its `input`.
//!
//! To add a question, write it with the answer `= ?` and record: `SFL_RECORD=1 cargo test --test rooms terraform`.

mod ask;
mod check;
mod evaluate;
mod planned;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An expression in HCL.
    Expression,
    /// The body of a `variable` block.
    Variable,
    /// A value in JSON syntax.
    Json,
    /// A `variable` object in JSON syntax.
    JsonVariable,
    /// The body of a `resource` block with `count` or `for_each`.
    Resource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// As `jsonencode` writes it: keys in order, `<`, `>` and `&` escaped, numbers with all their digits.
    Value(String),
    /// The title of the first message.
    Error(String),
    /// Terraform itself says no more before it applies: `format("%s", null)` is a text that it does not know.
    Unknown,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub kind: Kind,
    /// `expressions/choices.txt:12`: the file and the line where the question begins.
    pub place: String,
    pub question: String,
    /// What the variable is given: an expression without references, or a JSON value.
    pub given: Option<String>,
    pub answer: Answer,
}

impl Row {
    /// Whether the recorded answer is this one: an error whatever its title, a value however its keys are ordered and its letters escaped.
    ///
    /// Numbers are compared as 64 bits hold them.
    pub fn is_answered_by(&self, answer: &Answer) -> bool {
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        match (&self.answer, answer) {
            (Answer::Value(recorded), Answer::Value(json)) => {
                recorded == json || read(json).is_some_and(|value| read(recorded) == Some(value))
            }
            (Answer::Error(_), Answer::Error(_)) | (Answer::Unknown, Answer::Unknown) => true,
            _ => false,
        }
    }
}

impl Answer {
    fn read(text: &str) -> Self {
        match (text, text.strip_prefix("error: ")) {
            ("unknown", _) => Self::Unknown,
            (_, Some(title)) => Self::Error(title.to_owned()),
            (json, None) => Self::Value(json.to_owned()),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(json) => write!(formatter, "{json}"),
            Self::Error(title) => write!(formatter, "error: {title}"),
            Self::Unknown => write!(formatter, "unknown"),
        }
    }
}

/// One file of questions.
struct Table {
    path: PathBuf,
    text: String,
    rows: Vec<Row>,
    /// For each row, the number of the line that holds its answer, from 0.
    answers: Vec<usize>,
}

const VERSION: &str = "# Terraform ";

/// All questions, in the order of their files.
pub fn rows() -> Vec<Row> {
    tables().into_iter().flat_map(|table| table.rows).collect()
}

fn tables() -> Vec<Table> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform");
    let listed = fs::read_dir(folder.join("expressions")).expect("the folder of expressions");
    let mut expressions: Vec<PathBuf> = listed
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    expressions.sort();
    let mut files: Vec<_> = expressions
        .into_iter()
        .map(|path| (Kind::Expression, path))
        .collect();
    files.push((Kind::Variable, folder.join("variables.txt")));
    files.push((Kind::Json, folder.join("json.txt")));
    files.push((Kind::JsonVariable, folder.join("json_variables.txt")));
    files.push((Kind::Resource, folder.join("resources.txt")));
    files
        .into_iter()
        .map(|(kind, path)| table(kind, path, &folder))
        .collect()
}

fn table(kind: Kind, path: PathBuf, folder: &Path) -> Table {
    let text = fs::read_to_string(&path).expect("a file of questions");
    let name = path.strip_prefix(folder).expect("below the folder");
    let name = name.to_string_lossy().replace('\\', "/");
    assert!(
        text.starts_with(VERSION),
        "{name} names no version in its first line"
    );
    let (mut rows, mut answers) = (Vec::new(), Vec::new());
    let (mut question, mut begin) = (Vec::new(), 0);
    for (number, line) in text.lines().enumerate() {
        if let Some(answer) = line.strip_prefix("= ") {
            let place = format!("{name}:{}", begin + 1);
            assert!(!question.is_empty(), "an answer to nothing above {place}");
            let (question, given) = parted(kind, &std::mem::take(&mut question));
            rows.push(Row {
                kind,
                place,
                question,
                given,
                answer: Answer::read(answer),
            });
            answers.push(number);
        } else if !question.is_empty() || !(line.is_empty() || line.starts_with('#')) {
            if question.is_empty() {
                begin = number;
            }
            question.push(line);
        }
    }
    assert!(
        question.is_empty(),
        "the last question of {name} has no answer"
    );
    Table {
        path,
        text,
        rows,
        answers,
    }
}

/// The question and what is given.
fn parted(kind: Kind, lines: &[&str]) -> (String, Option<String>) {
    let is_variable = matches!(kind, Kind::Variable | Kind::JsonVariable);
    let given = lines.iter().position(|line| line.starts_with("given = "));
    match given.filter(|_| is_variable) {
        Some(at) => {
            let given = lines[at..].join("\n");
            let given = given.strip_prefix("given = ").map(str::to_owned);
            (lines[..at].join("\n"), given)
        }
        None => (lines.join("\n"), None),
    }
}
