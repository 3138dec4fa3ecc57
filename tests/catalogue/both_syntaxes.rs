//! Every example in Terraform's JSON comes to the same decisions in Terraform's own syntax.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use sfl::workspace::examples;

use crate::judged::judge_as;

/// A configuration in JSON as people write it.
fn native(configuration: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (word, content) in configuration {
        for content in several(content) {
            match &**word {
                "resource" | "data" => {
                    for (kind, names) in entries(content) {
                        labelled(&mut text, &format!("{word} \"{kind}\""), names);
                    }
                }
                "module" | "variable" | "output" | "provider" => {
                    labelled(&mut text, word, content);
                }
                _ => block(&mut text, word, content),
            }
        }
    }
    text
}

fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let entries = value.as_object().into_iter().flatten();
    entries.filter(|(key, _)| *key != "//")
}

fn labelled(text: &mut String, word: &str, names: &Value) {
    for (name, bodies) in several(names).into_iter().flat_map(entries) {
        for body in several(bodies) {
            block(text, &format!("{word} \"{name}\""), body);
        }
    }
}

fn block(text: &mut String, head: &str, body: &Value) {
    let _ = writeln!(text, "{head} {{");
    for (key, value) in entries(body) {
        match key.as_str() {
            "dynamic" => labelled(text, key, value),
            "depends_on" => {
                let all = several(value).into_iter().filter_map(Value::as_str);
                let _ = writeln!(text, "{key} = [{}]", all.collect::<Vec<_>>().join(", "));
            }
            _ if head != "locals" && is_block(value) => {
                for body in several(value) {
                    block(text, key, body);
                }
            }
            _ => {
                let _ = write!(text, "{key} = ");
                expression(text, value);
                text.push('\n');
            }
        }
    }
    text.push_str("}\n");
}

/// Whether a value may be a nested block, or several.
fn is_block(value: &Value) -> bool {
    let is_word = |key: &String| {
        key.chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '_')
    };
    match value {
        Value::Object(entries) => entries.keys().all(is_word),
        Value::Array(items) => {
            !items.is_empty() && items.iter().all(|item| item.is_object() && is_block(item))
        }
        _ => false,
    }
}

fn expression(text: &mut String, value: &Value) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                expression(text, item);
                text.push_str(", ");
            }
            text.push(']');
        }
        Value::Object(_) => {
            text.push_str("{\n");
            for (key, value) in entries(value) {
                let _ = write!(text, "{} = ", Value::from(key.as_str()));
                expression(text, value);
                text.push('\n');
            }
            text.push('}');
        }
        // What stands between quotes is escaped alike; an expression has quotes of its own.
        Value::String(words) => match whole(words) {
            Some(inner) => {
                let _ = write!(text, "({inner})");
            }
            None => {
                let _ = write!(text, "{value}");
            }
        },
        other => {
            let _ = write!(text, "{other}");
        }
    }
}

/// What stands in a text that is nothing but `${ ... }`.
fn whole(words: &str) -> Option<&str> {
    let inner = words.strip_prefix("${")?.strip_suffix('}')?;
    let mut depth = 1;
    let stays_open = inner.chars().all(|one| {
        depth += i32::from(one == '{') - i32::from(one == '}');
        depth > 0
    });
    stays_open.then_some(inner)
}

#[test]
fn examples_come_to_the_same_in_both_syntaxes() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for example in examples::built_in() {
        let Ok(Value::Object(configuration)) = serde_json::from_str(&example.template) else {
            continue;
        };
        if !["resource", "module"]
            .iter()
            .any(|word| configuration.contains_key(*word))
        {
            continue;
        }
        let text = native(&configuration);
        let judged = judge_as("main.tf", &text);
        let problems: Vec<_> = judged.problems.iter().map(ToString::to_string).collect();
        let mut found: Vec<String> = judged
            .decisions
            .iter()
            .map(|one| {
                format!(
                    "{} {} {}",
                    one.address,
                    one.ladder().name,
                    one.rung.number()
                )
            })
            .collect();
        found.sort_unstable();
        compared += 1;
        if found != example.expect || !problems.is_empty() {
            wrong.push(format!(
                "{}\n{text}found {found:?} {problems:?}\nnot {:?}",
                example.name(),
                example.expect
            ));
        }
    }
    assert!(compared > 450, "{compared} examples");
    assert!(
        wrong.is_empty(),
        "{} of {compared}:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
