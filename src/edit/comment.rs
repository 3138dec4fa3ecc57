//! `# sfl: because=...`: a comment that carries a record keeps carrying it.

use super::{Edit, Refusal, WrittenReason, refuse};
use crate::blocks::Reason;

/// Writes the record into the comment that has one; `None` where there is none.
pub(super) fn replace(
    comments: &[Reason],
    text: &str,
    record: &WrittenReason,
) -> Result<Option<Vec<Edit>>, Refusal> {
    let [comment] = comments else {
        return match comments {
            [] => Ok(None),
            _ => refuse("several comments give a reason for it: keep one".to_owned()),
        };
    };
    let span = comment.place.span;
    let old = span.of(text);
    let lead = old.find("sfl:").map_or("# ", |at| &old[..at]);
    let fields = record
        .fields()
        .map(|(name, text)| format!("{name}={}", value(text)));
    let fields: Vec<String> = fields.collect();
    Ok(Some(vec![Edit {
        span,
        text: format!("{lead}sfl: {}", fields.join(" ")),
    }]))
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
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}
