//! JSON is read exactly as `serde_json` reads it.

use super::shape::check;
use super::support::{Random, corpus, mutate};
use crate::tools::missing;
use serde_json::Value;
use sfl::syntax::{Document, Kind, Node, Scalar, json};

/// The value of the whole tree, built from its end so that nothing recurses.
fn value(document: &Document<'_>) -> Value {
    let mut done: Vec<Value> = Vec::new();
    let nodes: Vec<Node<'_>> = document.nodes().collect();
    for node in nodes.into_iter().rev() {
        // The children of a node are on top, the first one last.
        let value = match node.kind() {
            Kind::Scalar | Kind::Expression => scalar(node),
            Kind::Sequence => node
                .items()
                .map(|_| done.pop().expect("its items"))
                .collect(),
            Kind::Mapping => {
                let entries = node.entries().map(|(key, _)| {
                    done.pop().expect("its key");
                    (key.text().into_owned(), done.pop().expect("its value"))
                });
                Value::Object(entries.collect())
            }
        };
        done.push(value);
    }
    done.pop().expect("the root")
}

fn scalar(node: Node<'_>) -> Value {
    match node.scalar() {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => value.into(),
        Scalar::Text(text) => text.into_owned().into(),
        Scalar::Int(_) | Scalar::Float => {
            serde_json::from_str(&node.text()).expect("it is a number")
        }
    }
}

fn compare(text: &str) -> bool {
    match (json(text), serde_json::from_str::<Value>(text)) {
        (Ok(document), Ok(expected)) => {
            check(&document);
            assert_eq!(value(&document), expected, "{text}");
            true
        }
        (Err(error), Err(_)) => {
            assert!(
                error.span.start <= error.span.end && error.span.end as usize <= text.len(),
                "{text:?}"
            );
            false
        }
        (Err(error), Ok(_)) => panic!("too strict: {error} at {:?}: {text:?}", error.span),
        (Ok(_), Err(problem)) => panic!("too lenient: {problem}: {text:?}"),
    }
}

#[test]
fn real_templates_give_the_values_of_serde_json() {
    if missing!(CORPUS) {
        return;
    }
    let files = corpus(&["json", "template"]);
    let accepted = files.iter().filter(|(_, text)| compare(text)).count();
    eprintln!(
        "{accepted} of {} JSON files with the values of serde_json, the others refused by both",
        files.len()
    );
}

/// What mutants are made of.
const PARTS: &[&str] = &[
    "\"",
    "\\",
    "\\n",
    "\\/",
    "\\u0041",
    "\\ud83d",
    "\\ude00",
    "\\ud83d\\ude00",
    "\\u00",
    "\\x",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "{}",
    "[]",
    "0",
    "1",
    "-",
    "-0",
    "01",
    "1.5",
    ".5",
    "1.",
    "1e3",
    "1E+3",
    "1e",
    "1e999",
    "-1e-999",
    "true",
    "false",
    "null",
    "nul",
    "tru",
    " ",
    "\n",
    "\t",
    "\r",
    "\u{8}",
    "\u{7f}",
    "\u{a0}",
    "é",
    "😀",
    "'",
    "//",
    "/* */",
    "NaN",
    "\0",
    "123456789012345678901234567890",
    "\"a\": 1",
    "[1, 2]",
    "\"\"",
];

/// Small texts that are easy to get wrong.
const SNIPPETS: &[&str] = &[
    "{\"a\": [1, -2.5e+10, true, false, null, \"x\\n\\u00e9\\ud83d\\ude00\", {}], \"b\": {\"c\": []}}",
    "[\"\", \"\\\\\\\"\\/\\b\\f\\n\\r\\t\", \"0123456789abcdef\", \"a long string without anything special in it\"]",
    "{\"a\": 1, \"a\": 2}",
    " \n\t\r [ 0 , -0 , 0.0 , 1e0 , 12345678901234567890 ] \n",
    "\"\\ud83d\\ude00\"",
];

#[test]
fn mutants_give_the_values_of_serde_json() {
    let mut sources: Vec<String> = SNIPPETS.iter().map(|&snippet| snippet.to_owned()).collect();
    if !missing!(CORPUS) {
        sources.extend(corpus(&["json"]).into_iter().map(|(_, text)| text));
    }
    let mut random = Random::new(20_260_102);
    let mut accepted = 0;
    let count = 300_000;
    for round in 0..count {
        let snippet = round % 2 == 0;
        let source = random.below(if snippet {
            SNIPPETS.len()
        } else {
            sources.len()
        });
        let mut mutant = mutate(&sources[source], &mut random, PARTS);
        if random.below(4) == 0 {
            // A window is seldom whole; in an array some are.
            mutant = format!("[{mutant}]");
        }
        accepted += usize::from(compare(&mutant));
    }
    eprintln!("{count} mutants as serde_json has them, {accepted} of them accepted");
}
