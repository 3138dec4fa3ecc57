//! The JSON schemas that `sfl rules --schema` prints: they take what the program takes, and no key more.

use std::fs;

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use sfl::rulebook::file::RuleFile;

fn schema(name: &str) -> Validator {
    let path = format!("{}/rules/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the schema is a text");
    let schema = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::draft202012::new(&schema).expect("it is a schema")
}

fn rule_files() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let path = entry.expect("rules/ is readable").into_path();
        // Kinds of reasons are no rules, and neither is what a map or an action needs to know, or whose resources have none.
        let others = [
            "actions.toml",
            "justifications.toml",
            "landscape.toml",
            "liability.toml",
            "helper-providers.toml",
        ];
        let is_other = others.iter().any(|other| path.ends_with(other));
        if !is_other && path.extension().is_some_and(|ending| ending == "toml") {
            let text = fs::read_to_string(&path).expect("a rule file is a text");
            let value: toml::Value = toml::from_str(&text).expect("a rule file is TOML");
            files.push((path.display().to_string(), as_json(value)));
        }
    }
    assert!(files.len() > 40, "only {} files", files.len());
    files
}

/// JSON has no days: there they are texts.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(day) => Value::String(day.to_string()),
        toml::Value::Array(items) => items.into_iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            let fields = table.into_iter().map(|(key, value)| (key, as_json(value)));
            Value::Object(fields.collect())
        }
        other => serde_json::to_value(other).expect("the rest is the same in JSON"),
    }
}

#[test]
fn every_rule_file_is_one_by_the_schema() {
    let schema = schema("schema.json");
    for (name, value) in rule_files() {
        let errors: Vec<String> = schema
            .iter_errors(&value)
            .map(|error| format!("{}: {error:.300}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

/// A rule file with every key that there is.
fn whole() -> Value {
    let words = json!({"takes": "a", "yours": "b", "up": "c", "step": "redesign", "changes": ["size", "other.size"], "data": "copied: by hand", "bills": ["idle"], "fair": "d"});
    let rung = json!({"serverless": words, "capacity": words, "cluster": words, "server": words});
    let property = json!({"cfn": "A.B", "tf": ["a[].b", "c"], "default": "x"});
    let link = json!({
        "rules": ["a"], "through": property, "from": property, "via": ["b"],
        "between": property, "signs": ["a"], "by_name": property,
    });
    let mut join = link.clone();
    join["properties"] = json!({"size": property});
    let mut of = link;
    for key in ["loose", "no_worse", "only"] {
        of[key] = json!(true);
    }
    let when = json!({
        "size": ["a", 1, true],
        "other.size": {"above": 0},
        "other": {"present": true},
        "any": [{"size": {"other_than": "a"}}, {"size": {"like": ["a*"]}}, {"size": {"every_like": "a*"}}, {"size": {"at_most": 1}}],
        "not": {"size": {"every": ["a"]}},
    });
    json!({
        "ladder": {"name": "parrots", "title": "parrots", "about": "Who talks."},
        "rung": rung,
        "sets": {"sizes": ["a", "b"]},
        "limits": {"most": {"of": "an a", "value": 4, "unit": "b", "source": "https://example.com", "checked": "2026-11-30"}},
        "bills": {"idle": {"says": "an a is billed", "source": "https://example.com", "checked": "2026-11-30"}},
        "rule": [{
            "name": "a", "title": "an a", "types": ["Custom::A"],
            "properties": {"size": property}, "joins": {"other": join}, "of": [of],
            "machinery": {"why": "nobody else uses it", "by": [{"rules": ["a"], "from": property}], "with": [{"from": property}], "through": ["a"], "beside": ["Custom::B*"], "sign": {"size": "a"}, "unless": when},
            "case": [{"rung": "server", "when": when, "says": "is one", "doubt": "who knows", "or": ["cluster"], "up": "c", "step": "redesign", "changes": ["size"], "data": "lost: export it", "bills": ["idle"], "fair": "d"}],
            "lifecycle": [{"name": "the old a", "ends": "2027-03-31", "closed": "2026-03-31", "types": ["Custom::A"], "when": when, "instead": "a b", "source": "https://example.com", "checked": "2026-11-30"}],
            "rung": rung,
            "docs": ["https://example.com"],
            "example": [{"template": "Resources: {}", "expect": ["A parrots 4", "aws_x.y[\"a b\"] ml 1"]}],
        }],
        "plumbing": [{"why": "tools", "types": ["Custom::Tool*"]}],
    })
}

/// Every object of a value gets a key that nobody knows, one at a time.
fn spoiled(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(map) => {
            let mut more = map.clone();
            more.insert("zzz".to_owned(), json!("zzz"));
            all.push(Value::Object(more));
            for (key, below) in map {
                let with = |below| -> Map<String, Value> {
                    let mut map = map.clone();
                    map.insert(key.clone(), below);
                    map
                };
                all.extend(spoiled(below).into_iter().map(|b| Value::Object(with(b))));
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for below in spoiled(item) {
                    let mut items = items.clone();
                    items[at] = below;
                    all.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn the_schema_of_rules_and_the_program_refuse_the_same_keys() {
    let schema = schema("schema.json");
    let whole = whole();
    let takes = |value: &Value| {
        let text = toml::to_string(value).expect("it can be written as TOML");
        toml::from_str::<RuleFile>(&text).is_ok()
    };
    assert!(takes(&whole));
    let errors: Vec<String> = schema.iter_errors(&whole).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let spoiled = spoiled(&whole);
    assert!(spoiled.len() > 30);
    let mut refused = 0;
    for value in spoiled {
        // serde does not look into `when`, and names of one's own are free.
        if !takes(&value) {
            refused += 1;
            assert!(!schema.is_valid(&value), "{value:#}");
        }
    }
    assert!(refused > 20, "only {refused}");
}

#[test]
fn a_condition_that_nobody_understands_is_refused() {
    let schema = schema("schema.json");
    for when in [
        json!({"size": {"over": 1}}),
        json!({"size": {"above": "1"}}),
        json!({"size": {"above": 1, "is": "a"}}),
        json!({"any": [1]}),
        json!({"not": "a"}),
        json!({"size": {"not": "a"}}),
    ] {
        let mut value = whole();
        value["rule"][0]["case"][0]["when"] = when;
        assert!(!schema.is_valid(&value), "{value:#}");
    }
}

#[test]
fn the_schema_of_the_configuration_knows_its_keys() {
    let schema = schema("sfl.schema.json");
    let page = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/configuration.md"
    ));
    let page = page.expect("the page is a text");
    let example = page.split("```").nth(1).expect("it shows a file");
    let example = example.strip_prefix("toml").expect("in TOML");
    let mut whole: Value = toml::from_str(example).expect("it is TOML");
    let errors: Vec<String> = schema.iter_errors(&whole).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for value in spoiled(&whole) {
        // A ladder may have any name, but a table must stand there.
        assert!(!schema.is_valid(&value), "{value:#}");
    }
    whole["justification"][0]["because"] = json!("migration");
    let endless = whole.clone();
    whole["justification"][0]["expires"] = json!("2027-06-30");
    assert!(schema.is_valid(&whole));
    assert!(!schema.is_valid(&endless));
}

#[test]
fn the_schema_of_the_configuration_knows_a_purpose() {
    let schema = schema("sfl.schema.json");
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/purpose.md"));
    let page = page.expect("the page is a text");
    let example = page.split("```").nth(1).expect("it shows a file");
    let example = example.strip_prefix("toml").expect("in TOML");
    // JSON has no dates: editors hand them on as texts.
    let lines = example
        .lines()
        .map(|line| match line.strip_prefix("by = ") {
            Some(day) => format!("by = \"{day}\"\n"),
            None => format!("{line}\n"),
        });
    let whole: Value = toml::from_str(&lines.collect::<String>()).expect("it is TOML");
    let errors: Vec<String> = schema.iter_errors(&whole).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let is_tag = |value: &Value| {
        let streams = value["purpose"]["stream"].as_array().expect("a list");
        streams
            .iter()
            .any(|stream| !stream["tags"]["zzz"].is_null())
    };
    // Tags have names of their own.
    let spoiled = spoiled(&whole);
    assert!(spoiled.len() > 6);
    for value in spoiled {
        assert_eq!(schema.is_valid(&value), is_tag(&value), "{value:#}");
    }
    for (pointer, wrong) in [
        ("/purpose/target/0/score", json!(101)),
        ("/purpose/target/0/by", json!("soon")),
        ("/purpose/target/1/gate", json!("yes")),
        ("/purpose/stream/0/name", json!(" ")),
        ("/purpose/north-star", json!("")),
    ] {
        let mut value = whole.clone();
        *value.pointer_mut(pointer).expect(pointer) = wrong;
        assert!(!schema.is_valid(&value), "{pointer}");
    }
    let mut both = whole.clone();
    both["purpose"]["target"][1]["stream"] = json!("payments");
    assert!(!schema.is_valid(&both));
    let mut nowhere = whole;
    let stream = nowhere["purpose"]["stream"][0].as_object_mut();
    stream.expect("a table").remove("paths");
    assert!(!schema.is_valid(&nowhere));
}
