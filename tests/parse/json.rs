//! JSON is read exactly as `serde_json` reads it.
