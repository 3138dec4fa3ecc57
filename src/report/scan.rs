//! One line for each input of a stream: one object, `sfl-scan/1`. Fields may be added, never changed.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{object, write_line};
use crate::compare::Compared;
use crate::liability;

/// What was scanned.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ScannedInput {
    /// What whoever sent it calls it: any JSON, sent back as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<serde_json::Value>,
    /// A file that was sent with its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// An archive of a whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive: Option<String>,
    /// The folder of a repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The reference in it, as it was sent.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The commit that this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

#[derive(Serialize)]
struct Line<'l, R: Serialize, G: Serialize> {
    input: &'l ScannedInput,
    #[serde(flatten)]
    report: R,
    #[serde(flatten)]
    graph: G,
}

#[derive(Serialize)]
struct Failure<'l> {
    schema: &'static str,
    input: &'l ScannedInput,
    error: &'l str,
}

const SCHEMA: &str = "sfl-scan/1";

/// Writes what was found in an input.
///
/// # Errors
/// Those of `out`.
pub fn write(input: &ScannedInput, report: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let for_decisions = liability::of_decisions(report);
    let graph = report.graph.clone().unwrap_or_default();
    let ids = graph.ids();
    let line = Line {
        input,
        report: object(report, &for_decisions, SCHEMA),
        graph: super::graph::parts(&graph, &ids),
    };
    write_line(&line, out)
}

/// Writes why nothing could be looked for in an input.
///
/// # Errors
/// Those of `out`.
pub fn write_failure(input: &ScannedInput, error: &str, out: &mut dyn Write) -> io::Result<()> {
    let schema = SCHEMA;
    write_line(
        &Failure {
            schema,
            input,
            error,
        },
        out,
    )
}
