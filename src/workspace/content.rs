//! What the bytes of a file hold, whatever it is called.

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::string::FromUtf8Error;
use std::sync::Arc;

use memchr::memmem;

use super::discover::{is_terraform, is_terraform_syntax};
use crate::base::SourceCode;
use crate::base::finding::Problem;
use crate::base::source::{Source, Span};
use crate::blocks::plan;

/// What a file holds.
#[derive(Debug)]
pub enum Content {
    /// A text that may be a template in YAML.
    Yaml(String),
    /// A text that may be a template in JSON.
    Json(String),
    /// A file of Terraform's own syntax, by its name.
    Hcl(String),
    /// A plan, to be read from its start.
    Plan(Plan),
    /// No template.
    Nothing,
    /// Something that is not read, and why.
    Refused(String),
}

/// A plan: its bytes, or those of a file that is too large to be held.
pub enum Plan {
    /// Held already.
    Bytes(Vec<u8>),
    /// Read as a stream.
    Stream(Box<dyn Read + Send>),
}

impl fmt::Debug for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(out, "Bytes({})", bytes.len()),
            Self::Stream(_) => write!(out, "Stream"),
        }
    }
}

/// Says what bytes hold.
///
/// # Errors
/// They are clearly a template, or asked for by name, in an encoding that cannot be read.
pub fn sort(bytes: Vec<u8>, name: &str, named: bool) -> Result<Content, Problem> {
    if is_terraform(Path::new(name)) && is_terraform_syntax(Path::new(name)) {
        return decoded(bytes, name).map(Content::Hcl);
    }
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if plan::looks_like_plan(&bytes) || (named && plan::looks_like_stored_state(&bytes)) {
        return Ok(Content::Plan(Plan::Bytes(bytes)));
    }
    if !utf16 && !named && !may_be_template(&bytes) {
        return Ok(Content::Nothing);
    }
    let text = if utf16 {
        let text = decoded(bytes, name)?;
        if !may_be_template(text.as_bytes()) && !named {
            return Ok(Content::Nothing);
        }
        text
    } else {
        match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) if named || is_clearly_template(error.as_bytes()) => {
                return Err(not_utf8(error, name));
            }
            Err(_) => return Ok(Content::Nothing),
        }
    };
    if name == "<stdin>" && is_terraform_text(&text) {
        return Ok(Content::Hcl(text));
    }
    let json = first_byte(text.as_bytes()) == Some(b'{') || name.ends_with(".json");
    Ok(if json {
        Content::Json(text)
    } else {
        Content::Yaml(text)
    })
}

/// Whether a line begins as blocks of Terraform's own syntax do; only asked where no name tells.
fn is_terraform_text(text: &str) -> bool {
    let starts = [
        "resource \"",
        "module \"",
        "variable \"",
        "provider \"",
        "data \"",
        "terraform {",
        "locals {",
    ];
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    lines.any(|line| starts.iter().any(|start| line.starts_with(start)))
}

/// The text of bytes in UTF-8 or, with its mark, in UTF-16.
///
/// # Errors
/// They are neither.
pub fn decoded(bytes: Vec<u8>, name: &str) -> Result<String, Problem> {
    let little = bytes.starts_with(&[0xff, 0xfe]);
    if little || bytes.starts_with(&[0xfe, 0xff]) {
        let pairs = bytes[2..].chunks(2);
        let units = pairs.map(|pair| {
            let pair = [pair[0], pair.get(1).copied().unwrap_or(0)];
            if little {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            }
        });
        let text: Result<String, _> = char::decode_utf16(units).collect();
        return text.map_err(|_| broken_encoding(name, String::new(), 0, "UTF-16"));
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(error, name))
}

/// Whether a file is what `terraform plan -out` writes: an archive that begins with the plan.
fn is_stored_plan(bytes: &[u8]) -> bool {
    // The name of the first file in an archive stands behind 30 bytes about it.
    bytes.starts_with(b"PK\x03\x04")
        && bytes
            .get(30..)
            .is_some_and(|rest| rest.starts_with(b"tfplan"))
}

fn not_utf8(error: FromUtf8Error, name: &str) -> Problem {
    let at = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    if is_stored_plan(&bytes) {
        return Problem::Broken {
            code: SourceCode::Encoding,
            message: format!(
                "this is a plan as Terraform stores it: `terraform show -json {name} | sfl check -` reads it"
            ),
            text: Arc::new(Source::new(name, String::new())),
            span: Span::default(),
        };
    }
    let start = bytes[..at]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let lines = bytes[..start].iter().filter(|byte| **byte == b'\n').count();
    // Only the line with the fault is shown, as far as it can be.
    let line = String::from_utf8_lossy(&bytes[start..at]).into_owned();
    let mut text = "\n".repeat(lines);
    text.push_str(&line);
    let at = text.len();
    broken_encoding(name, text, at, "UTF-8")
}

fn broken_encoding(name: &str, text: String, at: usize, encoding: &str) -> Problem {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    Problem::Broken {
        code: SourceCode::Encoding,
        message: format!("this is not valid {encoding}"),
        text: Arc::new(Source::new(name, text)),
        span: Span::new(at, at),
    }
}

pub(super) fn first_byte(bytes: &[u8]) -> Option<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes
        .iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace())
}

/// Whether it is worth parsing: every template has a section of resources, and types with colons or known block names.
fn may_be_template(bytes: &[u8]) -> bool {
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    if has("Resources") && (has("::") || has("!Transform")) {
        return true;
    }
    // A macro may make a template of anything.
    if has("Fn::Transform") || has_key(bytes, b"Transform") {
        return true;
    }
    first_byte(bytes) == Some(b'{') && (has("\"resource\"") || has("\"module\"") || has("\"data\""))
}

/// Whether a text that cannot be parsed is one that its author means to be a template.
#[must_use]
pub fn is_clearly_template(bytes: &[u8]) -> bool {
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    let section = has_section(bytes)
        // JSON whose keys have other quotes, or none, is YAML.
        || is_flow(bytes) && has_key(bytes, b"Resources");
    (section && (has("AWS::") || has("Custom::")))
        || (has("AWSTemplateFormatVersion") && has("AWS::"))
}

/// Whether a text begins with a brace and a key that JSON would not have: in other quotes, or in none.
fn is_flow(bytes: &[u8]) -> bool {
    let mut begin = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).iter();
    let begins = begin.by_ref().find(|byte| !byte.is_ascii_whitespace());
    let first = begin.find(|byte| !byte.is_ascii_whitespace());
    begins == Some(&b'{') && first.is_some_and(|byte| *byte == b'\'' || byte.is_ascii_alphabetic())
}

/// Whether a word stands anywhere as a key does: no letter before it, and a colon behind it, with quotes or without.
fn has_key(bytes: &[u8], word: &[u8]) -> bool {
    memmem::find_iter(bytes, word).any(|at| {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        let is_start = before.is_none_or(|byte| {
            !byte.is_ascii_alphanumeric() && !matches!(byte, b':' | b'_' | b'-' | b'.' | b'/')
        });
        let rest = &bytes[at + word.len()..];
        let rest = match rest {
            [b'"' | b'\'', rest @ ..] => rest,
            rest => rest,
        };
        let rest = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        is_start && rest == Some(&b':')
    })
}

/// Whether a text has the section of resources as JSON has it, so that its author means JSON.
#[must_use]
pub fn is_meant_as_json(text: &str) -> bool {
    has_section(text.as_bytes())
}

/// Whether a section of resources begins anywhere.
fn has_section(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"Resources").any(|at| {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        let after = bytes.get(at + "Resources".len()).copied();
        // At the start of a line, or a key in quotes.
        matches!(
            (before, after),
            (None | Some(b'\n' | b'\xbf'), Some(b':' | b' ')) | (Some(b'"'), Some(b'"'))
        )
    })
}

/// The same of what is too large to be held: it has a section of resources, and a type, wherever they stand.
pub(super) fn may_be_clear_template(file: &mut dyn Read) -> std::io::Result<bool> {
    let (mut section, mut types) = (false, false);
    holds_anywhere(file, Vec::new(), &mut |window| {
        section |= has_section(window);
        types |= [&b"AWS::"[..], b"Custom::"]
            .iter()
            .any(|word| memmem::find(window, word).is_some());
        section && types
    })
}

/// Reads on, after what was read, until something is found in a part of a file; two parts overlap by as much as a word has.
pub(super) fn holds_anywhere(
    file: &mut dyn Read,
    before: Vec<u8>,
    found: &mut dyn FnMut(&[u8]) -> bool,
) -> std::io::Result<bool> {
    let mut window = before;
    let mut chunk = vec![0; 1 << 20];
    loop {
        if found(&window) {
            return Ok(true);
        }
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(false);
        }
        // Words may straddle two chunks.
        let keep = window.len().saturating_sub(64);
        window.drain(..keep);
        window.extend_from_slice(&chunk[..read]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_a_text_is_no_section() {
        assert!(is_clearly_template(
            b"Resources:\n  A:\n    Type: AWS::S3::Bucket\n"
        ));
        assert!(is_clearly_template(
            br#"{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}"#
        ));
        assert!(!is_clearly_template(b"text: all Resources: of AWS::S3"));
        assert!(is_clearly_template(
            b"{Resources: {A: {Type: 'AWS::S3::Bucket'}}"
        ));
        assert!(!is_clearly_template(
            b"{\"content\": \"Resources:\\n  A:\\n    Type: AWS::S3::Bucket\"}\n{}"
        ));
    }
}
