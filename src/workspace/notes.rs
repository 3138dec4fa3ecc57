//! What is to be said of a template as a whole, as findings.

use std::sync::Arc;

use crate::base::finding::{Finding, Related, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, SourceCode, TemplateCode};
use crate::blocks::{Note, Noted};

/// A note of a template whose texts these are.
pub(super) fn finding(note: &Note, sources: &[Arc<Source>]) -> Finding {
    let source = &sources[note.place.file];
    let name = note.place.span.of(source.text()).trim_matches(['"', '\'']);
    let (code, message) = match &note.what {
        Noted::Twice(section) if section.is_empty() => (
            TemplateCode::Duplicate,
            format!("the section `{name}` is written twice: only the last one counts, and this one is not judged"),
        ),
        Noted::Twice(section) => (
            TemplateCode::Duplicate,
            format!("`{name}` is written twice in `{section}`: only the last one counts, and this one is not judged"),
        ),
        Noted::Changed(name) => (
            TemplateCode::Macro,
            format!("the macro `{name}` may change anything in this template: it is judged as it stands"),
        ),
        Noted::More(name) => (
            TemplateCode::Macro,
            format!("`{name}` may bring more resources into this template, which are not judged"),
        ),
        Noted::NoType => (
            TemplateCode::Type,
            format!("`{name}` has no `Type`: it is not judged"),
        ),
        Noted::NoSuchType => (
            TemplateCode::Type,
            format!("the `Type` of `{name}` is not the name of a resource type: it is not judged"),
        ),
        Noted::NoSuchCondition => (
            TemplateCode::Condition,
            format!("the condition `{name}` is not defined in `Conditions`, and CloudFormation refuses the template: what hangs on it is judged as if it may be there"),
        ),
        Noted::BrokenLoop => (
            TemplateCode::Loop,
            "this loop does not have an identifier, a collection and what to write: it is not judged".to_owned(),
        ),
        Noted::Circle => (
            TemplateCode::Loop,
            "this module comes round to itself by this call: what it makes is not judged".to_owned(),
        ),
        Noted::DeepCall(times) => (
            TemplateCode::Loop,
            format!("modules call each other too deeply here: what this call makes is not judged{}", met(*times)),
        ),
        Noted::ManyCalls(times) => (
            TemplateCode::Loop,
            match times {
                1 => "modules make more than sfl looks at: what this call makes is not judged".to_owned(),
                times => format!("modules make more than sfl looks at: what this call makes is not judged, and neither is what {} more make", times - 1),
            },
        ),
        Noted::Newer(version) => (
            TemplateCode::Version,
            format!("format {version} is newer than what sfl knows: what is new in it is not read, so look for a newer sfl"),
        ),
        Noted::Refused { message, other } => return refused(note, message, other, sources),
        Noted::Unfollowed => (
            TemplateCode::Loop,
            "this resource names what names so much, again and again, that not all of its references are followed: it is open who uses whom".to_owned(),
        ),
        Noted::LongLoop => (
            TemplateCode::Loop,
            "this loop is nested too deeply, or writes more than a stack can hold: it is not written out".to_owned(),
        ),
    };
    let mut finding = bare(code, message, source, note.place.span);
    finding
        .related
        .extend(other_place(note, "this one counts", sources));
    finding
}

/// What Terraform refuses is an input that can't be read as it stands.
fn refused(note: &Note, message: &str, other: &str, sources: &[Arc<Source>]) -> Finding {
    let source = &sources[note.place.file];
    let code = match source.name().ends_with(".json") {
        true => SourceCode::Json,
        false => SourceCode::Hcl,
    };
    let mut finding = Finding {
        code: Code::Source(code),
        severity: Severity::Error,
        ..bare(
            TemplateCode::Type,
            message.to_owned(),
            source,
            note.place.span,
        )
    };
    finding.related.extend(other_place(note, other, sources));
    finding
}

fn other_place(note: &Note, message: &str, sources: &[Arc<Source>]) -> Option<Related> {
    note.other.map(|other| Related {
        source: Arc::clone(&sources[other.file]),
        span: sources[other.file].one_line(other.span),
        message: message.to_owned(),
    })
}

/// How often a call is met, where that is more than once.
fn met(times: usize) -> String {
    match times {
        1 => String::new(),
        times => format!(" ({times} times)"),
    }
}

/// A document beside a template that is none.
pub(super) fn document(source: &Arc<Source>, span: Span) -> Finding {
    let message = "this document of the file has no resources, so it is not judged".to_owned();
    bare(TemplateCode::Document, message, source, span)
}

fn bare(code: TemplateCode, message: String, source: &Arc<Source>, span: Span) -> Finding {
    let code = Code::Template(code);
    Finding::new(code, Severity::Note, message, Arc::clone(source), span)
}
