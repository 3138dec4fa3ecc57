//! What may be written in `sfl.toml` and in rule files, as their JSON schemas say.

use std::sync::LazyLock;

use serde_json::Value;

/// References that are followed in a row.
const DEEPEST: usize = 16;

/// `sfl.toml`.
pub static CONFIGURATION: LazyLock<Value> =
    LazyLock::new(|| read(include_str!("../../rules/sfl.schema.json")));
/// A rule file.
pub static RULES: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../rules/schema.json")));

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("the schemas are JSON, which a test reads")
}

/// The schemas that hold for what stands at a path of keys; lists are stepped into.
pub fn at<'s>(root: &'s Value, path: &[String]) -> Vec<&'s Value> {
    let mut here = vec![root];
    for key in path {
        let below = here.iter().flat_map(|one| alternatives(root, one));
        let below: Vec<&Value> = below.flat_map(|one| items(root, one)).collect();
        here = below
            .into_iter()
            .filter_map(|one| {
                let own = one.get("properties").and_then(|all| all.get(key));
                own.or_else(|| {
                    one.get("additionalProperties")
                        .filter(|more| more.is_object())
                })
            })
            .collect();
    }
    let all = here.into_iter().flat_map(|one| alternatives(root, one));
    all.collect()
}

/// A key and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    pub name: String,
    pub about: String,
    /// A table, or a list of tables.
    pub is_table: bool,
    pub is_list: bool,
}

/// The keys that may stand below a path.
pub fn keys(root: &Value, path: &[String]) -> Vec<KnownKey> {
    let mut known: Vec<KnownKey> = Vec::new();
    for schema in at(root, path) {
        for one in items(root, schema) {
            let Some(all) = one.get("properties").and_then(Value::as_object) else {
                continue;
            };
            for (name, value) in all {
                if known.iter().any(|key| key.name == *name) {
                    continue;
                }
                let shapes = alternatives(root, value);
                let is = |kind: &str| shapes.iter().any(|one| one["type"] == kind);
                let of_tables = shapes.iter().any(|one| {
                    let item = one.get("items").map(|item| alternatives(root, item));
                    item.is_some_and(|all| all.iter().any(|one| one["type"] == "object"))
                });
                known.push(KnownKey {
                    name: name.clone(),
                    about: about(root, value),
                    is_table: is("object"),
                    is_list: of_tables,
                });
            }
        }
    }
    known
}

/// The head of a table, or of a list of tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownHead {
    pub path: Vec<String>,
    pub about: String,
    pub is_list: bool,
    /// The lists that must have begun above it.
    pub within: Vec<Vec<String>>,
}

/// The heads that may be written, each after that of the table around it: all that stand near the root, and all that stand
/// below `lead`. `named` are the names below `ladders`.
pub fn heads(root: &Value, lead: &[String], named: &[String]) -> Vec<KnownHead> {
    /// Parts of a head that is offered unasked; a ladder has one more.
    const NEAR: usize = 2;
    let mut found = Vec::new();
    let mut open: Vec<(Vec<String>, Vec<Vec<String>>)> = vec![(Vec::new(), Vec::new())];
    while let Some((path, within)) = open.pop() {
        let below = |name: &String| -> Vec<String> { path.iter().chain([name]).cloned().collect() };
        let mut all: Vec<KnownHead> = Vec::new();
        for key in keys(root, &path) {
            if key.is_table || key.is_list {
                all.push(KnownHead {
                    path: below(&key.name),
                    about: key.about,
                    is_list: key.is_list,
                    within: within.clone(),
                });
            }
        }
        let is_ladders = path.last().is_some_and(|last| last == "ladders");
        let ladders = named.iter().filter(|_| is_ladders);
        all.extend(ladders.map(|name| KnownHead {
            path: below(name),
            about: about_at(root, &path),
            is_list: false,
            within: within.clone(),
        }));
        for head in all.iter().rev() {
            let is_last = head.path.last().is_some_and(|last| last == "ladders");
            if head.path.len() < NEAR || is_last || lead.starts_with(&head.path) {
                let own = head.is_list.then(|| head.path.clone());
                let within = within.iter().cloned().chain(own).collect();
                open.push((head.path.clone(), within));
            }
        }
        found.extend(all);
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn about_at(root: &Value, path: &[String]) -> String {
    let here = at(root, path);
    let mut said = here.iter().filter_map(|one| one["description"].as_str());
    said.next().unwrap_or_default().to_owned()
}

/// The words that may stand at a path, each as TOML writes it.
pub fn values(root: &Value, path: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for schema in at(root, path) {
        for one in items(root, schema) {
            let words = one.get("enum").and_then(Value::as_array);
            let words = words.into_iter().flatten().chain(one.get("const"));
            let truths = [Value::Bool(true), Value::Bool(false)];
            let truths = truths.iter().filter(|_| one["type"] == "boolean");
            for word in words.chain(truths) {
                let word = word.to_string();
                if !all.contains(&word) {
                    all.push(word);
                }
            }
        }
    }
    all
}

fn about(root: &Value, schema: &Value) -> String {
    let own = schema.get("description").and_then(Value::as_str);
    let own = own.map(str::to_owned);
    own.unwrap_or_else(|| {
        let all = alternatives(root, schema);
        let mut said = all.iter().filter_map(|one| one["description"].as_str());
        said.next().unwrap_or_default().to_owned()
    })
}

/// What an item of a list is, beside what is no list.
fn items<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let items = schema.get("items").map(|items| alternatives(root, items));
    std::iter::once(schema)
        .chain(items.into_iter().flatten())
        .collect()
}

/// A schema without references and choices: each thing that it may be.
fn alternatives<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let mut found = Vec::new();
    let mut open = vec![(schema, 0)];
    while let Some((one, depth)) = open.pop() {
        if depth > DEEPEST {
            continue;
        }
        found.push(one);
        if let Some(name) = one.get("$ref").and_then(Value::as_str) {
            let named = name
                .strip_prefix('#')
                .and_then(|pointer| root.pointer(pointer));
            open.extend(named.map(|named| (named, depth + 1)));
        }
        for word in ["anyOf", "oneOf", "allOf"] {
            let all = one.get(word).and_then(Value::as_array);
            open.extend(all.into_iter().flatten().map(|one| (one, depth + 1)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_schemas_know_their_keys_and_words() {
        let names = |root: &Value, text: &str| -> Vec<String> {
            keys(root, &path(text))
                .into_iter()
                .map(|key| key.name)
                .collect()
        };
        assert!(names(&CONFIGURATION, "").contains(&"justifications".to_owned()));
        assert!(names(&CONFIGURATION, "justification").contains(&"because".to_owned()));
        assert!(names(&CONFIGURATION, "override.ladders.compute").contains(&"accept".to_owned()));
        assert!(names(&RULES, "rule").contains(&"types".to_owned()));
        assert!(
            values(&CONFIGURATION, &path("ladders.compute.accept"))
                .contains(&"\"server\"".to_owned())
        );
        assert!(
            keys(&CONFIGURATION, &[])
                .iter()
                .any(|key| key.name == "override" && key.is_list)
        );
        assert_eq!(names(&CONFIGURATION, "no.such"), [] as [&str; 0]);
    }
}
