//! What servers make somebody own, as a report has it.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::SpanFields;
use super::saved_decision::dialect;
use crate::analysis::Liability;
use crate::rulebook::liability;

#[derive(Deserialize)]
pub struct SavedLiability {
    kind: String,
    #[serde(default)]
    says: String,
    lines: usize,
    #[serde(default)]
    unknown: bool,
    #[serde(default)]
    at_least: bool,
    pub path: String,
    address: String,
    #[serde(rename = "type")]
    resource_type: String,
    span: SpanFields,
    #[serde(default)]
    pub decisions: Vec<SavedFor>,
    #[serde(default)]
    decisions_unlisted: usize,
}

/// A decision that it is for.
#[derive(Deserialize)]
pub struct SavedFor {
    pub path: String,
    address: String,
}

impl SavedLiability {
    /// The same, for decisions that stand at these places; nothing where its kind is none of ours.
    pub fn liability(self, places: &HashMap<(Arc<str>, String), usize>) -> Option<Liability> {
        let mut kinds = liability::kinds().iter();
        let kind = kinds.position(|kind| kind.name == self.kind)?;
        let path: Arc<str> = Arc::from(self.path);
        let decisions = self.decisions.into_iter();
        let decisions =
            decisions.filter_map(|one| places.get(&(Arc::from(one.path), one.address)).copied());
        Some(Liability {
            kind,
            says: self.says,
            lines: self.lines,
            is_open: self.unknown || self.at_least,
            start: self.span.start.position(),
            end: self.span.end.position(),
            dialect: dialect(&path, &self.resource_type, false),
            stack: Arc::clone(&path),
            path,
            address: self.address,
            resource_type: self.resource_type,
            decisions: decisions.collect(),
            unlisted_decisions: self.decisions_unlisted,
            owners: Vec::new(),
            stream: None,
        })
    }
}
