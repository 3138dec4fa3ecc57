//! `docs/github-action.md` says what `action.yml` says. `SFL_BLESS=1 cargo test --test readers action::docs` writes its tables.

use std::fs;
use std::sync::OnceLock;

use serde_json::Value;

use super::ROOT;
use super::job::{map, word};

/// The page; written anew before anybody reads it, if that is asked for.
fn page() -> &'static str {
    static PAGE: OnceLock<String> = OnceLock::new();
    PAGE.get_or_init(|| {
        let path = format!("{ROOT}/docs/github-action.md");
        let page = fs::read_to_string(&path).expect("it is there");
        if std::env::var_os("SFL_BLESS").is_none() {
            return page;
        }
        let page = with_tables(page);
        fs::write(path, &page).expect("docs/ is writable");
        page
    })
}

/// A page with the tables that it should have.
fn with_tables(mut page: String) -> String {
    for (start, table) in tables() {
        let at = page.find(start).expect("the page has the table");
        let end = page[at..]
            .find("\n\n")
            .map_or(page.len(), |end| at + end + 1);
        page.replace_range(at..end, &table);
    }
    page
}

/// The workflow that the page recommends.
pub fn workflow() -> String {
    let (_, after) = page().split_once("```yaml\n").expect("it has one");
    let (workflow, _) = after.split_once("```").expect("it ends");
    workflow.to_owned()
}

fn action() -> Value {
    let text = fs::read_to_string(format!("{ROOT}/action.yml")).expect("it is there");
    serde_yaml::from_str(&text).expect("it is YAML")
}

/// The names below a key, in the order of the file.
fn names(key: &str) -> Vec<String> {
    let text = fs::read_to_string(format!("{ROOT}/action.yml")).expect("it is there");
    let action: serde_yaml::Value = serde_yaml::from_str(&text).expect("it is YAML");
    let names = action[key].as_mapping().expect("a mapping").keys();
    names
        .map(|name| name.as_str().expect("a name").to_owned())
        .collect()
}

fn tables() -> [(&'static str, String); 2] {
    let action = action();
    let mut inputs = String::from("| input | default | what it is |\n| --- | --- | --- |\n");
    for name in names("inputs") {
        let input = &action["inputs"][&name];
        let default = match word(&input["default"]).as_str() {
            "" => "empty".to_owned(),
            text => format!("`{text}`"),
        };
        inputs += &format!(
            "| `{name}` | {default} | {} |\n",
            word(&input["description"])
        );
    }
    let mut outputs = String::from("| output | what it is |\n| --- | --- |\n");
    for name in names("outputs") {
        let output = &action["outputs"][&name];
        outputs += &format!("| `{name}` | {} |\n", word(&output["description"]));
    }
    [("| input |", inputs), ("| output |", outputs)]
}

#[test]
fn the_page_names_every_input_and_output() {
    assert!(
        with_tables(page().to_owned()) == page(),
        "docs/github-action.md is old: SFL_BLESS=1 cargo test --test readers action::docs"
    );
}

#[test]
fn the_workflow_uses_inputs_and_outputs_that_there_are() {
    let action = action();
    let workflow: Value = serde_yaml::from_str(&workflow()).expect("it is YAML");
    let steps = workflow["jobs"]["sfl"]["steps"].as_array().expect("a list");
    let ours = steps.iter().find(|step| step["id"] == "sfl");
    let with = ours.expect("a step uses the action")["with"].as_object();
    for name in with.into_iter().flat_map(|with| with.keys()) {
        assert!(map(&action["inputs"]).contains_key(name), "{name}");
    }
    let text = workflow.to_string();
    let asked: Vec<&str> = text.split("steps.sfl.outputs.").skip(1).collect();
    assert!(!asked.is_empty(), "the SARIF file is uploaded");
    for rest in asked {
        let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-');
        let name = &rest[..end.unwrap_or(rest.len())];
        assert!(map(&action["outputs"]).contains_key(name), "{name}");
    }
}
