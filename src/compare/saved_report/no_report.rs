//! What a text is that is no saved report, in words for who took it for one.

use serde_json::Value;

use super::SCHEMA;

const EXPECTED: &str = "expected a report that `sfl check --format json > old.json` writes";

/// Why it is none.
pub fn why(text: &str) -> String {
    let is = match serde_json::from_str::<Value>(text) {
        Err(_) if text.trim().is_empty() => "it is empty".to_owned(),
        Err(_) if text.trim_start().starts_with(['{', '[']) => {
            "it is no whole JSON: it may have been cut off".to_owned()
        }
        Err(_) => "it is no JSON".to_owned(),
        Ok(value) => kind(&value),
    };
    format!("{is}; {EXPECTED}")
}

/// What a JSON text is.
fn kind(value: &Value) -> String {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let has = |key: &str| value.get(key).is_some();
    match text("schema") {
        Some(schema) if schema.starts_with("sfl-report/") => {
            format!("it is `{schema}`, and this sfl reads `{SCHEMA}`")
        }
        Some(schema) if schema.starts_with("sfl-") => {
            format!("it is `{schema}`, which says something else")
        }
        _ if has("runs") && has("version") => "it is SARIF".to_owned(),
        _ if has("Resources") => "it is a template".to_owned(),
        _ if has("planned_values") || has("resource_changes") => {
            "it is a plan of Terraform".to_owned()
        }
        _ => "it is JSON, but no report".to_owned(),
    }
}

/// A report whose parts are not as sfl writes them; `what` is what its reader says.
pub fn broken(what: &str) -> String {
    let what = what.split(" at line ").next().unwrap_or(what);
    format!("it is a report of which something is missing or was changed ({what}); {EXPECTED}")
}

/// Whether a text was meant as a report: a template is none.
#[must_use]
pub fn is_meant_as_one(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    if super::is_one(text) {
        return true;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            let schema = value.get("schema").and_then(Value::as_str);
            schema.is_some_and(|schema| schema.starts_with("sfl-"))
                || (value.get("runs").is_some() && value.get("version").is_some())
        }
        // A report that was cut off.
        Err(_) => {
            let start: String = text
                .chars()
                .take(200)
                .filter(|c| !c.is_whitespace())
                .collect();
            start.starts_with("{\"schema\":\"sfl-")
        }
    }
}
