//! Our own evaluator against the recorded answers.

use hcl_edit::structure::Body;
use serde_json::{Map, Value, json};
use sfl::blocks::{Cause, Space, Template};
use sfl::eval::Resolver;
use sfl::{stack, syntax};

use super::{Answer, Kind, Row, rows};

/// Functions that are not run, on purpose: what they answer hangs on the machine, the day or a secret, or no hosting choice ever
/// hangs on it.
const NOT_RUN: &[&str] = &[];

/// What is unknown in spite of that, and why: the beginning of a question's place, and the reason.
const UNKNOWN: &[(&str, &str)] = &[];

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
                let value = match attribute.key.as_str() {
                    "type" => Value::String(written.trim().to_owned()),
                    _ => known(&wrapped(&written))?,
                };
                variable.insert(attribute.key.to_string(), value);
            }
            let given = row.given.as_deref();
            let given = given.map(|given| known(&wrapped(given))).transpose()?;
            variable_of(&Value::Object(variable).to_string(), given.map(|given| given.to_string()))
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
    look(&stack::terraform(&[&document], &given, &|_| false))
}

fn local(text: &str, given: Option<&str>) -> Result<String, Cause> {
    read(text, given, |template| {
        let key = (Space::Local, "q".into());
        let local = template.definitions.get(&key).expect("the local is written");
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
            let input = resource.properties.iter().find(|entry| entry.key == "input");
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

fn runs_all(row: &Row) -> bool {
    let calls = |name: &&&str| row.question.contains(&format!("{name}("));
    !NOT_RUN.iter().any(|name| calls(&name))
}

#[test]
fn the_evaluator_answers_as_terraform_does_or_says_that_it_does_not_know() {
    let (mut wrong, mut unknown, mut right) = (Vec::new(), Vec::new(), 0);
    for row in rows() {
        let ours = answer(&row);
        let said = match &ours {
            Ok(json) => Answer::Value(json.clone()),
            Err(cause) => Answer::Error(format!("{cause:?}")),
        };
        let line = format!("{}\n{}{}\n  recorded {}\n  answered {said}", row.place, row.question,
            row.given.as_ref().map(|given| format!("\ngiven = {given}")).unwrap_or_default(), row.answer);
        match (&row.answer, &ours) {
            (Answer::Error(_) | Answer::Unknown, Err(_)) => right += 1,
            (Answer::Value(_), Ok(_)) if row.is_answered_by(&said) => right += 1,
            (Answer::Value(_), Err(_)) => {
                let excused = UNKNOWN.iter().any(|(place, _)| *place == row.place);
                if runs_all(&row) && !excused {
                    unknown.push(line);
                }
            }
            _ => wrong.push(line),
        }
    }
    assert!(
        wrong.is_empty() && unknown.is_empty(),
        "{right} right, {} wrong, {} unknown\nWRONG\n{}\nUNKNOWN\n{}",
        wrong.len(),
        unknown.len(),
        wrong.join("\n"),
        unknown.join("\n")
    );
}
