//! What sfl prints for programs, held against the JSON schemas in `docs/`.

use serde_json::Value;

/// An object that its schema finds nothing wrong with.
#[track_caller]
pub fn sound(printed: &str, schema: &str) -> Value {
    let object = serde_json::from_str(printed).expect("it is JSON");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("it is a schema");
    let faults: Vec<String> = schema
        .iter_errors(&object)
        .map(|one| one.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    object
}
