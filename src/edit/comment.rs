//! `# sfl: because=...`: a comment that carries a record keeps carrying it.

use super::{Edit, Refusal, WrittenReason, line_break, refuse};
use crate::blocks::Reason;
use crate::syntax::Node;

/// Writes the record into the comment that has one; `None` where there is none.
pub(super) fn replace(
    comments: &[Reason],
    text: &str,
    record: &WrittenReason,
) -> Result<Option<Vec<Edit>>, Refusal> {
    // One for a single instance goes on to be for that one.
    let key = |comment: &Reason| {
        let instance = comment.instance.as_ref();
        instance.map(|instance| instance.text.trim().to_owned())
    };
    let same = comments
        .iter()
        .filter(|comment| key(comment) == record.instance);
    let same: Vec<&Reason> = same.collect();
    let [comment] = same[..] else {
        return match same[..] {
            [] => Ok(None),
            _ => refuse("several comments give a reason for it: keep one".to_owned()),
        };
    };
    let span = comment.place.span;
    let old = span.of(text);
    let lead = old.find("sfl:").map_or("# ", |at| &old[..at]);
    let written = written(record);
    let is_long = old.starts_with("/*");
    if is_long && written.contains("*/") {
        return refuse("`*/` would end the comment that gives the reason".to_owned());
    }
    let end = if is_long {
        kept_end(&old[lead.len()..])
    } else {
        ""
    };
    let space = match end.starts_with(['\r', '\n']) || end.is_empty() {
        true => "",
        false => " ",
    };
    Ok(Some(vec![Edit {
        span,
        text: format!("{lead}{written}{space}{end}"),
    }]))
}

/// What stays of a long comment behind its record: the record ends at an empty line or with the comment.
fn kept_end(record: &str) -> &str {
    let mut end = 0;
    for line in record.split_inclusive('\n') {
        let bare = line.trim();
        if end > 0 && matches!(bare, "" | "*" | "*/") {
            // With the line break before it.
            let before = record[..end].trim_end_matches(['\r', '\n']).len();
            return &record[before..];
        }
        end += line.len();
    }
    "*/"
}

/// Writes the record into a comment of its own above a block of Terraform's own syntax.
pub(super) fn above(body: Node<'_>, record: &WrittenReason) -> Edit {
    let text = body.document().text();
    let brace = body.span().start as usize;
    let line = text[..brace].rfind('\n').map_or(0, |at| at + 1);
    let line = match text[line..].starts_with('\u{feff}') {
        true => line + '\u{feff}'.len_utf8(),
        false => line,
    };
    let first = text[line..].trim_start_matches([' ', '\t']);
    let indent = &text[line..text.len() - first.len()];
    let line_break = line_break(text, line);
    Edit::insert(line, format!("{indent}# {}{line_break}", written(record)))
}

fn written(record: &WrittenReason) -> String {
    let fields = record
        .fields()
        .map(|(name, text)| format!("{name}={}", value(text)));
    let instance = record.instance.iter().map(|key| match key.parse::<u64>() {
        Ok(number) => format!("for={number}"),
        Err(_) => format!("for={}", quoted(key)),
    });
    let fields: Vec<String> = instance.chain(fields).collect();
    format!("sfl: {}", fields.join(" "))
}

/// A bare word, or a text in quotes.
fn value(text: &str) -> String {
    let bare = !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "-_.:/@#+".contains(c));
    if bare {
        return text.to_owned();
    }
    quoted(text)
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}
