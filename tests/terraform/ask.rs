//! The real Terraform, asked all questions at once.
//!
//! Each question is a file of one configuration that needs no provider, and an output holds its answer. Terraform answers nothing as long as
//! one question is wrong, but says of each what is wrong: those have their answer, and the others are asked again without them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::{Answer, Kind, Row};

/// The program that `TERRAFORM` names, or the one on the path.
fn program() -> String {
    std::env::var("TERRAFORM").unwrap_or_else(|_| "terraform".to_owned())
}

/// Runs it in a folder, with nothing of this machine's but the path.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .expect("Terraform runs")
}

pub struct Terraform {
    pub version: String,
}

impl Terraform {
    /// The one that is there.
    pub fn found() -> Self {
        let program = program();
        let output = Command::new(&program)
            .args(["version", "-json"])
            .env("CHECKPOINT_DISABLE", "1")
            .output();
        let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
        let said: Value = serde_json::from_slice(&output.stdout).expect("its version in JSON");
        let version = said["terraform_version"].as_str();
        let version = version.expect("the version is a text").to_owned();
        Self { version }
    }

    /// Those that are known to be wrong are asked apart: the others have all of their answers at once.
    pub fn answers(&self, rows: &[Row]) -> Vec<Answer> {
        let numbered = rows.iter().enumerate();
        let (wrong, right): (Vec<_>, Vec<_>) =
            numbered.partition(|(_, row)| matches!(row.answer, Answer::Error(_)));
        let mut answers = self.answers_to(right.into_iter().collect());
        answers.append(&mut self.answers_to(wrong.into_iter().collect()));
        assert_eq!(answers.len(), rows.len(), "each question is answered");
        answers.into_values().collect()
    }

    fn answers_to(&self, mut open: BTreeMap<usize, &Row>) -> BTreeMap<usize, Answer> {
        let mut answers = BTreeMap::new();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = folder.path();
        for (number, row) in &open {
            for (name, text) in files(*number, row) {
                fs::write(folder.join(name), text).expect("a question can be written");
            }
        }
        while !open.is_empty() {
            let said = self.applied(folder);
            let wrong = errors(&said);
            if wrong.is_empty() {
                answers.extend(outputs(&said));
                break;
            }
            for (number, title) in wrong {
                let row = open.remove(&number).expect("a question that is asked");
                for (name, _) in files(number, row) {
                    fs::remove_file(folder.join(name)).expect("a question can be taken away");
                }
                answers.insert(number, Answer::Error(title));
            }
        }
        answers
    }

    /// What it says, one message a line.
    fn applied(&self, folder: &Path) -> Vec<Value> {
        let output = run(folder, &["apply", "-auto-approve", "-input=false", "-json"]);
        let said = String::from_utf8(output.stdout).expect("it writes UTF-8");
        said.lines()
            .map(|line| serde_json::from_str(line).expect("a message in JSON"))
            .collect()
    }
}

/// The files that ask question `number`: their names begin with `row_NUMBER.`.
fn files(number: usize, row: &Row) -> Vec<(String, String)> {
    let name = format!("row_{number}");
    let question = &row.question;
    let asked = match row.kind {
        Kind::Expression | Kind::Json => format!("local.{name}"),
        Kind::Variable | Kind::JsonVariable => format!("var.{name}"),
        Kind::Resource => {
            format!("{{ for key, instance in terraform_data.{name} : key => instance.input }}")
        }
    };
    // Output first: a text that is never closed swallows what follows it.
    let output = format!("output \"{name}\" {{\n  value = nonsensitive(jsonencode({asked}))\n}}\n");
    let mut files = match row.kind {
        Kind::Expression => vec![(
            format!("{name}.tf"),
            format!("{output}locals {{\n{name} = {question}\n}}\n"),
        )],
        Kind::Variable => vec![(
            format!("{name}.tf"),
            format!("{output}variable \"{name}\" {{\n{question}\n}}\n"),
        )],
        Kind::Resource => vec![(
            format!("{name}.tf"),
            format!("{output}resource \"terraform_data\" \"{name}\" {{\n{question}\n}}\n"),
        )],
        Kind::Json => vec![
            (format!("{name}.out.tf"), output),
            (
                format!("{name}.tf.json"),
                format!("{{\"locals\": {{\"{name}\": {question}}}}}"),
            ),
        ],
        Kind::JsonVariable => vec![
            (format!("{name}.out.tf"), output),
            (
                format!("{name}.tf.json"),
                format!("{{\"variable\": {{\"{name}\": {question}}}}}"),
            ),
        ],
    };
    if let Some(given) = &row.given {
        files.push(if row.kind == Kind::JsonVariable {
            (
                format!("{name}.auto.tfvars.json"),
                format!("{{\"{name}\": {given}}}"),
            )
        } else {
            (format!("{name}.auto.tfvars"), format!("{name} = {given}\n"))
        });
    }
    files
}

/// The title of the first error of each question that has one.
fn errors(said: &[Value]) -> BTreeMap<usize, String> {
    let mut errors = BTreeMap::new();
    for message in said {
        let diagnostic = &message["diagnostic"];
        if diagnostic["severity"] != json!("error") {
            continue;
        }
        let title = diagnostic["summary"].as_str().expect("a title");
        let row = asked(diagnostic).unwrap_or_else(|| panic!("of no question: {diagnostic:#}"));
        errors.entry(row).or_insert_with(|| title.to_owned());
    }
    errors
}

/// The question that a message is about: its file's, or the one that its text names.
fn asked(diagnostic: &Value) -> Option<usize> {
    let file = diagnostic["range"]["filename"].as_str();
    let detail = diagnostic["detail"].as_str();
    [file, detail].into_iter().flatten().find_map(|text| {
        let (_, after) = text.split_once("row_")?;
        let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })
}

fn outputs(said: &[Value]) -> impl Iterator<Item = (usize, Answer)> {
    let last = said.iter().rfind(|message| message["type"] == "outputs");
    let outputs = last.and_then(|message| message["outputs"].as_object());
    let outputs = outputs.expect("Terraform says its outputs").clone();
    outputs.into_iter().map(|(name, output)| {
        let row = name.strip_prefix("row_").expect("the name of a question");
        let row = row.parse().expect("the number of a question");
        // An answer is a text of JSON, and so `null` is one that Terraform does not know.
        let value = output["value"].as_str();
        let answer = value.map_or(Answer::Unknown, |json| Answer::Value(json.to_owned()));
        (row, answer)
    })
}
