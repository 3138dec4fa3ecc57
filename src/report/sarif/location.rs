//! Where something stands, as SARIF says it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde::Serialize;

use super::Text;
use crate::analysis::{Decision, Justification};
use crate::base::file_paths::raw_bytes;
use crate::base::finding::{Finding, Related};
use crate::base::source::{Position, Source, Span};
use crate::report::visible;

/// What may stand in a path of a URI as it is; a colon could make its first part a scheme.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A place, and what it has to do with the result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

/// A file.
#[derive(Serialize)]
pub struct Artifact {
    uri: String,
}

impl Artifact {
    pub fn at(path: &str) -> Self {
        Self { uri: uri(path) }
    }
}

/// Lines and columns, from 1.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    /// One past the last character.
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    fully_qualified_name: String,
    kind: &'static str,
}

impl Region {
    /// Everything between two places, over any number of lines.
    pub fn over(start: Position, end: Position) -> Self {
        Self {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl Location {
    /// Of a finding. One about an input that could not be read stands at its beginning: GitHub needs a place.
    pub fn of_finding(finding: &Finding) -> Self {
        let region = region(&finding.source, finding.span);
        Self::at(
            finding.path(),
            region,
            finding.address.as_deref(),
            finding.construct.as_deref(),
        )
    }

    pub fn of_decision(decision: &Decision) -> Self {
        let (path, start, end) = decision.place();
        let region = between(start, end);
        Self::at(
            path,
            region,
            Some(&decision.address),
            decision.construct.as_deref(),
        )
    }

    /// Of a written reason.
    pub fn of_reason(justification: &Justification) -> Self {
        let start = justification.start;
        Self::at(&justification.path, between(start, start), None, None)
    }

    /// Of what else decided; the result's message links to its number.
    pub fn of_related(related: &Related, id: usize) -> Self {
        let region = region(&related.source, related.span);
        Self {
            id: Some(id),
            message: Some(Text {
                text: super::plain(&visible::line(&related.message, true)),
            }),
            ..Self::at(related.source.name(), region, None, None)
        }
    }

    fn at(path: &str, region: Region, address: Option<&str>, construct: Option<&str>) -> Self {
        let logical = address.map(|address| Logical {
            name: construct.map(|path| visible::line(path, true).into_owned()),
            fully_qualified_name: visible::line(address, true).into_owned(),
            kind: "resource",
        });
        Self {
            id: None,
            physical_location: Physical {
                artifact_location: Artifact { uri: uri(path) },
                region,
            },
            logical_locations: logical.into_iter().collect(),
            message: None,
        }
    }
}

/// One line: GitHub shows a result on a pull request only where all of its lines are part of the change.
fn region(source: &Source, span: Span) -> Region {
    let span = source.one_line(span);
    between(source.position(span.start), source.position(span.end))
}

fn between(start: Position, end: Position) -> Region {
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: start.line,
        end_column: if end.line == start.line {
            end.column.max(start.column)
        } else {
            start.column
        },
    }
}

/// A path as a URI: relative ones stay so, for GitHub joins them with the root of the repository.
pub fn uri(path: &str) -> String {
    let encoded = |path: &str| percent_encode(&raw_bytes(path), PATH).to_string();
    let mut first = path.chars();
    let drive = first.next().filter(char::is_ascii_alphabetic);
    match (drive, first.next(), first.next()) {
        (Some(drive), Some(':'), Some('/' | '\\')) => {
            format!("file:///{drive}:{}", encoded(&path[2..].replace('\\', "/")))
        }
        _ if path.starts_with("//") => format!("file:{}", encoded(path)),
        _ if path.starts_with('/') => format!("file://{}", encoded(path)),
        _ => encoded(path),
    }
}
