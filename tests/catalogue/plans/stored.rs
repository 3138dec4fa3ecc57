//! A state as Terraform stores it says the same as what `terraform show -json` makes of it.

use serde_json::{Map, Value, json};
use sfl::base::Code;

use super::{judged, sketches};

/// As `terraform.tfstate` has it: the instances of one resource together.
fn stored(shown: &Value) -> Value {
    let mut resources: Vec<Value> = Vec::new();
    let all = shown["values"]["root_module"]["resources"].as_array();
    for shown in all.expect("a state") {
        let address = shown["address"].as_str().expect("an address");
        let (kind, name) = (&shown["type"], &shown["name"]);
        let start = format!("{}.", kind.as_str().expect("a type"));
        let at = address.find(&start).expect("its type is in its address");
        let module = address[..at].trim_end_matches('.');
        let rest = &address[at + start.len()..];
        let (name, key) = match rest.split_once('[') {
            Some((name, key)) => (
                json!(name),
                serde_json::from_str(&key[..key.len() - 1]).ok(),
            ),
            None if name.is_null() => (json!(rest), None),
            None => (name.clone(), None),
        };
        let mut instance = Map::new();
        if let Some(key) = key {
            let key: Value = key;
            instance.insert("index_key".to_owned(), key);
        }
        instance.insert("schema_version".to_owned(), json!(0));
        instance.insert("attributes".to_owned(), shown["values"].clone());
        instance.insert("sensitive_attributes".to_owned(), json!([]));
        let same = |other: &&mut Value| {
            other["type"] == *kind
                && other["name"] == name
                && other["module"].as_str().unwrap_or_default() == module
        };
        if let Some(resource) = resources.iter_mut().find(same) {
            let instances = resource["instances"].as_array_mut();
            instances.expect("a list").push(Value::Object(instance));
            continue;
        }
        let mut resource = json!({
            "mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [instance],
        });
        if !module.is_empty() {
            resource["module"] = json!(module);
        }
        resources.push(resource);
    }
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 3,
        "lineage": "0c7a1f52-7f0e-7d0c-54d3-3b1b1f3f9a10",
        "outputs": {}, "resources": resources, "check_results": null,
    })
}

#[test]
fn a_stored_state_is_judged_like_a_shown_one() {
    let mut count = 0;
    for (_, sketch) in sketches() {
        let shown = sketch.json();
        if shown.get("values").is_none() {
            continue;
        }
        count += 1;
        let text = stored(&shown).to_string();
        let judged = judged::judge_as("terraform.tfstate", &text);
        assert!(judged.problems.is_empty(), "{text}");
        let (mut found, mut expected) = (judged::lines(&judged), sketch.expected);
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", sketch.title);
    }
    assert!(count >= 8, "only {count} states");
}

#[test]
fn instances_have_their_keys_and_leftovers_are_none() {
    let text = json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "a",
        "resources": [
            {"module": "module.hosts[0]", "mode": "managed", "type": "aws_instance", "name": "host", "instances": [
                {"index_key": "say \"${a}\"", "attributes": {"id": "i-1"}},
                {"index_key": 1, "attributes": {"id": "i-2"}},
                {"index_key": 2, "deposed": "5d1f", "attributes": {"id": "i-3"}},
            ]},
            {"mode": "data", "type": "aws_instance", "name": "seen", "instances": [{"attributes": {"id": "i-4"}}]},
            {"mode": "managed", "type": "aws_instance", "name": "gone", "instances": []},
        ],
    });
    let judged = judged::judge_as("terraform.tfstate", &text.to_string());
    assert_eq!(
        judged::lines(&judged),
        [
            r#"module.hosts[0].aws_instance.host["say \"$${a}\""] compute 4"#,
            "module.hosts[0].aws_instance.host[1] compute 4",
        ]
    );
}

#[test]
fn only_a_newer_format_is_said() {
    let said = |text: String| {
        let judged = judged::judge_as("plan.json", &text);
        let notes = judged.findings.into_iter();
        let notes = notes.filter(|finding| matches!(finding.code, Code::Template(_)));
        let notes = notes.map(|finding| finding.message.split(':').next().map(str::to_owned));
        notes.flatten().collect::<Vec<String>>()
    };
    let plan = |version: &str| {
        json!({"format_version": version, "terraform_version": "1.99.0", "resource_changes": []})
            .to_string()
    };
    for known in ["0.1", "1.0", "1.2", "1.99", "soon"] {
        assert!(said(plan(known)).is_empty(), "{known}");
    }
    let newer = "is newer than what sfl knows";
    assert_eq!(said(plan("2.0")), [format!("format 2.0 {newer}")]);
    let state = |version: u32| {
        json!({"version": version, "terraform_version": "1.99.0", "serial": 1, "lineage": "a", "resources": []})
            .to_string()
    };
    assert!(said(state(4)).is_empty());
    assert_eq!(said(state(5)), [format!("format 5 {newer}")]);
    // The version of an envelope is none of ours.
    let wrapped = format!(r#"{{"version": 9, "plan": {}}}"#, plan("1.2"));
    assert!(said(wrapped).is_empty());
}
