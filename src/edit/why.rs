//! A reason as the `why` of AWS Context, and its kind beside it under `sfl`.

use super::{Edit, Refusal, Value, Where, WrittenReason, find, insert, own_entry, owner};
use super::{quoted, refuse, replace, set, unshared, untagged};
use crate::base::CONTEXT;
use crate::base::source::Span;
use crate::blocks::cloudformation;
use crate::syntax::{Document, Kind, Node, Scalar};

const METADATA: &str = "Metadata";

/// Writes a record on a CloudFormation or SAM resource: its words as the `why` of its AWS Context, the rest under `sfl` beside that.
///
/// # Errors
/// As [`super::cloudformation()`], and where a comment holds a record or the context is marked as a guess.
pub fn context(
    document: &Document<'_>,
    block: Span,
    record: &WrittenReason,
) -> Result<Vec<Edit>, Refusal> {
    let body = find(document, block)?;
    let owner = owner(body);
    if owner.is_some_and(|key| !cloudformation::comments(key).is_empty()) {
        return refuse("it has a record in a comment: remove that first".to_owned());
    }
    let Value::Map(mut kind) = Value::of(record) else {
        return refuse("a record is a map".to_owned());
    };
    kind.retain(|(name, _)| *name != "reason");
    let kind = Value::Map(kind);
    let why = Value::Map(vec![("why", Value::Text(&record.reason))]);
    let both = || Value::Map(vec![(CONTEXT, why.clone()), ("sfl", kind.clone())]);
    let Some((key, there)) = own_entry(body, METADATA)? else {
        return insert(body, owner, METADATA, &both(), Where::After("Type"));
    };
    if is_nothing(there) {
        untagged(there, METADATA)?;
        return replace(body, key, there, &both());
    }
    if there.kind() != Kind::Mapping {
        return refuse(format!("its `{METADATA}` is not a map"));
    }
    untagged(there, METADATA)?;
    let mut edits = said(there, key, record, &why)?;
    edits.extend(set(there, key, "sfl", &kind)?);
    // What goes to one place keeps its order: the context comes first.
    edits.sort_by_key(|edit| edit.span.start);
    Ok(edits)
}

/// What the `why` of a resource's context says, in one line; nothing where it has none that a reason could keep.
#[must_use]
pub fn written_why(document: &Document<'_>, block: Span) -> Option<String> {
    let context = find(document, block).ok()?.get(METADATA)?.get(CONTEXT)?;
    let why = context
        .get("why")
        .filter(|why| why.kind() == Kind::Scalar)?;
    let text = why.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty() && why.tag().is_none()).then(|| words.join(" "))
}

/// Writes the `why` of a context that may be there.
fn said(
    metadata: Node<'_>,
    owner: Node<'_>,
    record: &WrittenReason,
    why: &Value<'_>,
) -> Result<Vec<Edit>, Refusal> {
    let Some((key, there)) = own_entry(metadata, CONTEXT)? else {
        return insert(metadata, Some(owner), CONTEXT, why, Where::First);
    };
    untagged(there, CONTEXT)?;
    if is_nothing(there) {
        return replace(metadata, key, there, why);
    }
    if there.kind() != Kind::Mapping {
        return refuse(format!("its `{CONTEXT}` is not a map"));
    }
    if cloudformation::metadata::is_guess(there) {
        return refuse(
            "its context is marked as a guess (`src: infer` and `conf: low`): correct its `trust` first"
                .to_owned(),
        );
    }
    let Some((_, old)) = there.entries().filter(|(key, _)| key.is("why")).last() else {
        return insert(
            there,
            Some(key),
            "why",
            &Value::Text(&record.reason),
            Where::First,
        );
    };
    if old.kind() != Kind::Scalar {
        return refuse("its `why` is no text".to_owned());
    }
    words(old, &record.reason)
}

/// Puts a text in the place of another one, which may have several lines. One that says the same stays as it is.
fn words(old: Node<'_>, reason: &str) -> Result<Vec<Edit>, Refusal> {
    if !old.is_alias() {
        untagged(old, "why")?;
        unshared(old)?;
        if old.text().split_whitespace().eq(reason.split_whitespace()) {
            return Ok(Vec::new());
        }
    }
    let text = old.span().of(old.document().text());
    let mark = text.lines().next().unwrap_or_default();
    if text.is_empty() || (text.starts_with(['|', '>']) && mark.contains('#')) {
        return refuse("its `why` is written in an unusual way".to_owned());
    }
    let start = old.span().start;
    let end = super::offset(start as usize + text.trim_end().len());
    Ok(vec![Edit {
        span: Span::new(start, end),
        text: quoted(reason),
    }])
}

/// `{}`, `null`, or a key without a value.
fn is_nothing(node: Node<'_>) -> bool {
    let is_null = node.kind() == Kind::Scalar && node.scalar() == Scalar::Null;
    is_null || (node.kind() == Kind::Mapping && node.entries().next().is_none())
}
