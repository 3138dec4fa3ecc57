//! Reasons in comments of Terraform's own syntax: above a block, on its first line, or inside of it.

use crate::base::source::Span;
use crate::blocks::Reason;
use crate::blocks::reason::from_comment;
use crate::syntax::{Document, Node};

/// The reasons in the comments of the block with this body.
#[must_use]
pub fn comments(body: Node<'_>) -> Vec<Reason> {
    let document = body.document();
    if document.comments().is_empty() {
        return Vec::new();
    }
    let text = document.text();
    // A block's name and labels stand on the line of its brace.
    let brace = body.span().start as usize;
    let line = text[..brace].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[brace..].find('\n').map_or(text.len(), |at| brace + at);
    let mut found = above(document, line);
    let first = within(document, line, line_end);
    found.extend(first);
    let nested: Vec<Span> = body
        .entries()
        .filter_map(|(_, value)| inner_body(value))
        .collect();
    let inside = within(document, line_end, body.span().end as usize);
    found.extend(inside.iter().filter(|comment| {
        let at = nested.partition_point(|inner| inner.end <= comment.start);
        nested
            .get(at)
            .is_none_or(|inner| comment.start < inner.start)
    }));
    let records = found.into_iter();
    records
        .filter_map(|span| from_comment(span.of(text), span, document.number()))
        .collect()
}

/// The comments on lines of their own right above a line, up to a blank one.
fn above(document: &Document<'_>, mut line: usize) -> Vec<Span> {
    let text = document.text();
    let comments = document.comments();
    let mut found = Vec::new();
    let before = comments.partition_point(|comment| (comment.end as usize) < line);
    for comment in comments[..before].iter().rev() {
        let (start, end) = (comment.start as usize, comment.end as usize);
        let between = &text[end..line];
        let begins = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent = text[begins..start].trim_start_matches('\u{feff}');
        if !between.trim().is_empty()
            || between.matches('\n').count() != 1
            || !indent.trim().is_empty()
        {
            break;
        }
        found.push(*comment);
        line = begins;
    }
    found.reverse();
    found
}

/// The comments that begin between two places.
fn within<'d>(document: &'d Document<'_>, start: usize, end: usize) -> &'d [Span] {
    let comments = document.comments();
    let first = comments.partition_point(|comment| (comment.start as usize) < start);
    let last = comments.partition_point(|comment| (comment.start as usize) < end);
    &comments[first..last.max(first)]
}

/// Where the body of a nested block stands, behind its labels.
fn inner_body(value: Node<'_>) -> Option<Span> {
    let mut value = value;
    // Labels are few; a block without end would not have been read.
    loop {
        if value.is_body() {
            return Some(value.span());
        }
        let (label, inner) = value.entries().next()?;
        if label.span().start != value.span().start {
            return None;
        }
        value = inner;
    }
}
