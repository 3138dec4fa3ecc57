//! Our own evaluator against the recorded answers.

use hcl_edit::expr::Expression;
use hcl_edit::structure::Body;
use serde_json::{Map, Value, json};
use sfl::blocks::terraform::ModuleFiles;
use sfl::blocks::{Cause, Space, Template};
use sfl::eval::Resolver;
use sfl::{stack, syntax};

use super::{Answer, Kind, Row, rows};

/// Functions that are not run, on purpose: what they answer hangs on the machine, the day or a secret, or no hosting choice ever
/// hangs on it.
pub const NOT_RUN: &[&str] = &[
    "base64sha256",
    "base64sha512",
    "cidrhost",
    "cidrnetmask",
    "cidrsubnet",
    "cidrsubnets",
    "fileexists",
    "formatdate",
    "issensitive",
    "md5",
    "pathexpand",
    "sha1",
    "sha256",
    "sha512",
    "textdecodebase64",
    "textencodebase64",
    "timeadd",
    "timecmp",
    "uuidv5",
    "yamlencode",
];

/// Questions that are answered otherwise, or not at all, and why. Each must still be: a line that is no longer needed fails the test.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "try(nope(), \"x\")",
        "a function without a meaning may be a new one",
    ),
    ("jsonencode(1 / 3)", "the text has the digits of 64 bits"),
    ("tostring(1 / 3)", "the text has the digits of 64 bits"),
    ("tostring(-0)", "zero has no sign"),
    (
        "true ? <<A\nyes\nA\n: \"no\"",
        "in a text, expressions go on in the next line",
    ),
    ("1 +\n2", "in a text, expressions go on in the next line"),
    ("length(tolist(null)[*])", "nothing has no type"),
    ("[[\"a\"]].0.0", "the parser reads two indexes"),
    (
        "pow(2, 64)",
        "Terraform's digits are not those of the nearest number",
    ),
    ("path.module", "known only where it runs"),
    ("terraform.workspace", "known only where it runs"),
    (
        "{ \"a\": 1, \"a\": 2 }",
        "of equal keys the last counts in all JSON",
    ),
    (
        "{ \"${\\\"a\\\"}\": 1, \"a\": 2 }",
        "of equal keys the last counts in all JSON",
    ),
    ("\"\\ud83d\"", "half a letter is no JSON"),
    (
        "{ \"//\": \"a comment\", \"a\": 1 }",
        "it may as well be a block, in which it is a comment",
    ),
    (
        "for_each = sensitive(toset([\"a\"]))",
        "nobody follows what is sensitive",
    ),
    ("for_each = toset([\"a\"])\ncount = 1", "the count decides"),
];

/// What our evaluator makes of a question: JSON, or why there is none.
fn answer(row: &Row) -> Result<String, Cause> {
    let wrapped = |expression: &str| format!("${{{expression}\n}}");
    let rejected = || Cause::Rejected("the question".to_owned());
    match row.kind {
        Kind::Expression => {
            let text = json!({ "locals": { "q": wrapped(&row.question) } }).to_string();
            local(&text, None)
        }
        Kind::Json => local(&format!(r#"{{"locals":{{"q":{}}}}}"#, row.question), None),
        Kind::Variable => {
            let body: Body = row.question.parse().map_err(|_| rejected())?;
            let mut variable = Map::new();
            for attribute in body.attributes() {
                let written = attribute.value.to_string();
                let value = match (attribute.key.as_str(), &attribute.value) {
                    ("type", _) => Value::String(written.trim().to_owned()),
                    // In JSON no default is a call.
                    (_, Expression::FuncCall(_)) => return Err(rejected()),
                    _ => known(&wrapped(&written))?,
                };
                variable.insert(attribute.key.to_string(), value);
            }
            let given = row.given.as_deref();
            let given = given.map(|given| known(&wrapped(given))).transpose()?;
            variable_of(
                &Value::Object(variable).to_string(),
                given.map(|given| given.to_string()),
            )
        }
        Kind::JsonVariable => variable_of(&row.question, row.given.clone()),
        Kind::Resource => {
            let body: Body = row.question.parse().map_err(|_| rejected())?;
            let mut resource = Map::new();
            for attribute in body.attributes() {
                let text = wrapped(&attribute.value.to_string());
                resource.insert(attribute.key.to_string(), Value::String(text));
            }
            instances(&json!({ "resource": { "terraform_data": { "q": resource } } }).to_string())
        }
    }
}

/// An expression without references as JSON.
fn known(expression: &str) -> Result<Value, Cause> {
    let text = json!({ "locals": { "q": expression } }).to_string();
    let answer = local(&text, None)?;
    Ok(serde_json::from_str(&answer).expect("JSON is what was made"))
}

fn variable_of(variable: &str, given: Option<String>) -> Result<String, Cause> {
    let text = format!(r#"{{"variable":{{"v":{variable}}},"locals":{{"q":"${{var.v}}"}}}}"#);
    let given = given.map(|given| format!(r#"{{"v":{given}}}"#));
    local(&text, given.as_deref())
}

fn read<T>(
    text: &str,
    given: Option<&str>,
    look: impl FnOnce(&Template<'_>) -> Result<T, Cause>,
) -> Result<T, Cause> {
    let rejected = |_| Cause::Rejected("JSON".to_owned());
    let document = syntax::json(text).map_err(rejected)?;
    let given = given.map(syntax::json).transpose().map_err(rejected)?;
    let given: Vec<_> = given.iter().collect();
    let files = ModuleFiles {
        configuration: &[&document],
        variables: &given,
        ..ModuleFiles::default()
    };
    look(&stack::terraform(files, &|_| None))
}

fn local(text: &str, given: Option<&str>) -> Result<String, Cause> {
    read(text, given, |template| {
        let key = (Space::Local, "q".into());
        let local = template.units[0]
            .definitions
            .get(&key)
            .expect("the local is written");
        let data = Resolver::new(template).data(local)?;
        data.json().ok_or(Cause::TooDeep)
    })
}

fn instances(text: &str) -> Result<String, Cause> {
    read(text, None, |template| {
        let mut all = Map::new();
        for resource in &template.resources {
            let key = resource.address.strip_prefix("terraform_data.q");
            let key = key.expect("the only resource").trim_matches(['[', ']']);
            if key.is_empty() || resource.condition.is_some() {
                return Err(Cause::Pseudo("the instances".to_owned()));
            }
            let key: Value = serde_json::from_str(key).expect("a key is a number or a text");
            let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            let input = resource
                .properties
                .iter()
                .find(|entry| entry.key == "input");
            let input = match input {
                Some(input) => {
                    let data = Resolver::new(template).data(&input.value)?;
                    let json = data.json().ok_or(Cause::TooDeep)?;
                    serde_json::from_str(&json).expect("JSON is what was made")
                }
                None => Value::Null,
            };
            all.insert(key, input);
        }
        Ok(Value::Object(all).to_string())
    })
}

/// Whether nothing is in a question that is unknown on purpose: a function that is not run, or a directive in an indented heredoc, of
/// which the parser does not say what it took from the lines inside.
fn runs_all(row: &Row) -> bool {
    if row.question.starts_with("<<-") && row.question.contains("%{") {
        return false;
    }
    let calls = |name: &&str| row.question.contains(&format!("{name}("));
    !NOT_RUN.iter().any(calls)
}

/// Whether two numbers are the same as 64 bits hold them, however many digits are written.
fn is_same_number(answer: &Answer, json: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    match answer {
        Answer::Value(recorded) => number(recorded).is_some() && number(recorded) == number(json),
        _ => false,
    }
}

#[test]
fn the_evaluator_answers_as_terraform_does_or_says_that_it_does_not_know() {
    let (mut wrong, mut right, mut not_run) = (Vec::new(), 0, 0);
    let mut otherwise: Vec<&str> = OTHERWISE.iter().map(|(question, _)| *question).collect();
    for row in rows() {
        let ours = answer(&row);
        let said = match &ours {
            Ok(json) => Answer::Value(json.clone()),
            Err(cause) => Answer::Error(format!("{cause:?}")),
        };
        let is_right = match (&row.answer, &ours) {
            // What Terraform refuses or does not know must never have a value.
            (Answer::Error(_) | Answer::Unknown, ours) => ours.is_err(),
            (_, Ok(json)) => row.is_answered_by(&said) || is_same_number(&row.answer, json),
            (_, Err(_)) => false,
        };
        if is_right {
            right += 1;
        } else if ours.is_err() && !runs_all(&row) {
            not_run += 1;
        } else if OTHERWISE
            .iter()
            .any(|(question, _)| *question == row.question)
        {
            otherwise.retain(|question| *question != row.question);
        } else {
            let given = row.given.as_ref().map(|given| format!("\ngiven = {given}"));
            let given = given.unwrap_or_default();
            wrong.push(format!(
                "{}\n{}{given}\n  recorded {}\n  answered {said}",
                row.place, row.question, row.answer
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{right} right, {not_run} not run, {} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        otherwise.is_empty(),
        "answered as Terraform does: {otherwise:?}"
    );
    assert!(right > 1_900, "only {right} are right");
}
