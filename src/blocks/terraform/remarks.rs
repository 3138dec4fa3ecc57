//! Reasons in comments of Terraform's own syntax: above a block, on its first line, or inside of it.

use crate::base::source::Span;
use rustc_hash::FxHashSet;

use super::{Block, quoted_key, slashes};
use crate::base::reason::Stray;
use crate::blocks::Reason;
use crate::blocks::reason::{from_comment, loud};
use crate::syntax::{Document, Node, Syntax};

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

/// The reasons of a file that are part of none of these blocks.
pub(super) fn strays(document: &Document<'_>, blocks: &[Block<'_>]) -> Vec<(Reason, Stray)> {
    let text = document.text();
    if document.syntax() != Syntax::Hcl {
        return slashes::strays(document, blocks);
    }
    let mut strays = loud(document);
    if memchr::memmem::find(text.as_bytes(), b"sfl:").is_none() {
        return strays;
    }
    let read = document.comments().iter();
    let read = read.filter_map(|span| from_comment(span.of(text), *span, document.number()));
    let mut all: Vec<Reason> = read.collect();
    if !all.is_empty() {
        let heard = blocks.iter().flat_map(|block| comments(block.body));
        let heard: FxHashSet<u32> = heard.map(|reason| reason.place.span.start).collect();
        all.retain(|reason| !heard.contains(&reason.place.span.start));
    }
    let mut bodies: Vec<Span> = blocks.iter().map(|block| block.body.span()).collect();
    bodies.sort_unstable_by_key(|body| body.start);
    strays.extend(all.into_iter().map(|reason| {
        let at = reason.place.span.start;
        let after = bodies.partition_point(|body| body.start < at);
        // What is inside of a block and not heard is in one within it.
        let is_inside = after > 0 && at < bodies[after - 1].end;
        let why = match is_inside {
            true => Stray::NestedBlock,
            false => Stray::NoBlock,
        };
        (reason, why)
    }));
    strays
}

/// The reasons of a block that are for the instance with a key in brackets, or without one: those that name it, else those for all.
#[must_use]
pub fn of_instance(reasons: &[Reason], key: &str) -> Vec<Reason> {
    let names = |reason: &&Reason| {
        let instance = reason.instance.as_ref();
        instance.is_some_and(|instance| {
            let text = instance.text.trim();
            let is_bracketed = text.starts_with('[') && key == text;
            is_bracketed || key == quoted_key(text) || key == format!("[{text}]")
        })
    };
    let own: Vec<Reason> = reasons.iter().filter(names).cloned().collect();
    if !own.is_empty() {
        return own;
    }
    let all = reasons.iter().filter(|reason| reason.instance.is_none());
    all.cloned().collect()
}

/// The reasons of a block that are for none of its instances.
#[must_use]
pub fn for_none<'k>(
    reasons: &[Reason],
    keys: impl Iterator<Item = &'k str>,
) -> Vec<(Reason, Stray)> {
    if reasons.iter().all(|reason| reason.instance.is_none()) {
        return Vec::new();
    }
    let heard = keys.flat_map(|key| of_instance(reasons, key));
    let heard: FxHashSet<_> = heard
        .map(|reason| (reason.place.file, reason.place.span.start))
        .collect();
    let left = reasons
        .iter()
        .filter(|reason| !heard.contains(&(reason.place.file, reason.place.span.start)));
    let left = left.map(|reason| {
        let why = match reason.instance {
            Some(_) => Stray::NoInstance,
            None => Stray::NoneLeft,
        };
        (reason.clone(), why)
    });
    left.collect()
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
