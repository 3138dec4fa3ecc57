//! One line for each input of a stream: one object, `sfl-scan/1`. Fields may be added, never changed.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{is_none, object, write_line};
use crate::compare::Compared;
use crate::liability;

/// What was scanned.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ScannedInput {
    /// What whoever sent it calls it: any JSON, sent back as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<serde_json::Value>,
    /// What the repository is called that it is from, or is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
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
    /// Links, devices and huge files of an archive: nothing of them was looked at.
    #[serde(skip_serializing_if = "is_none")]
    pub left_out: usize,
}

#[derive(Serialize)]
struct Line<'l, R: Serialize> {
    input: &'l ScannedInput,
    #[serde(flatten)]
    report: R,
}

#[derive(Serialize)]
struct Failure<'l> {
    schema: &'static str,
    input: &'l ScannedInput,
    /// Of the lines that came in, from 1.
    line: usize,
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
        report: object(report, &for_decisions, SCHEMA, Some((&graph, &ids))),
    };
    write_line(&line, out)
}

/// Writes why nothing could be looked for in an input, which came on this line.
///
/// # Errors
/// Those of `out`.
pub fn write_failure(
    input: &ScannedInput,
    line: usize,
    error: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let failure = Failure {
        schema: SCHEMA,
        input,
        line,
        error,
    };
    write_line(&failure, out)
}
