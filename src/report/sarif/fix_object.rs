//! The exact change, as SARIF says it.

use serde::Serialize;

use super::location::{self, Region};
use super::{Text, plain};
use crate::analysis::Decision;
use crate::base::FixOffer;

/// One fix of a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FixObject {
    description: Text,
    artifact_changes: Vec<ArtifactChange>,
}

/// What changes in one file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: location::Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Text>,
}

impl FixObject {
    /// Of a decision for which one is offered.
    pub fn of(decision: &Decision) -> Option<Self> {
        let fix = decision.fix.as_ref().and_then(FixOffer::offered)?;
        let mut changes: Vec<(&str, Vec<Replacement>)> = Vec::new();
        for edit in &fix.edits {
            let replacement = Replacement {
                deleted_region: Region::over(edit.start, edit.end),
                inserted_content: (!edit.text.is_empty()).then(|| Text {
                    text: edit.text.clone(),
                }),
            };
            match changes.iter_mut().find(|(path, _)| **path == *edit.path) {
                Some((_, all)) => all.push(replacement),
                None => changes.push((&edit.path, vec![replacement])),
            }
        }
        let description = format!("{} ({})", fix.says, fix.safety.name());
        Some(Self {
            description: Text {
                text: plain(&description),
            },
            artifact_changes: changes
                .into_iter()
                .map(|(path, replacements)| ArtifactChange {
                    artifact_location: location::Artifact::at(path),
                    replacements,
                })
                .collect(),
        })
    }
}
