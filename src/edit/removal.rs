//! Taking entries out of a mapping: whole lines where each has its own, with their comma in braces.

use super::way_down::Link;
use super::{Edit, Refusal, is_flow, offset, own_line, refuse, rest_of_line};
use crate::base::source::Span;
use crate::syntax::{Node, Syntax};

/// Takes out entries of one mapping, all of them at once.
pub(super) fn remove(mapping: Node<'_>, gone: &[Link<'_>]) -> Result<Vec<Edit>, Refusal> {
    let syntax = mapping.document().syntax();
    if syntax == Syntax::Json || (syntax == Syntax::Yaml && is_flow(mapping)) {
        return in_braces(mapping, gone);
    }
    let mut edits = Vec::new();
    for link in gone {
        edits.push(lines(mapping, *link)?);
    }
    edits.sort_by_key(|edit| edit.span.start);
    Ok(edits)
}

/// Where what is written of an entry ends.
pub(super) fn end(link: Link<'_>) -> Option<usize> {
    let text = link.mapping.document().text();
    let span = link.value.span();
    let (start, end) = (span.start as usize, span.end as usize);
    if start == end && link.mapping.document().syntax() == Syntax::Yaml {
        return super::yaml::after_colon(text, link.key);
    }
    Some(start + text.get(start..end)?.trim_end().len())
}

/// The lines of an entry.
fn lines(mapping: Node<'_>, link: Link<'_>) -> Result<Edit, Refusal> {
    let document = mapping.document();
    let text = document.text();
    let is_hcl = document.syntax() == Syntax::Hcl;
    let name = link.key.text();
    let unusual = || refuse(format!("its `{name}` is written in an unusual way"));
    if link.key.tag().is_some() || link.key.anchor().is_some() {
        return unusual();
    }
    let start = link.key.span().start as usize;
    let Some(mut end) = end(link) else {
        return unusual();
    };
    let Some(indent) = own_line(text, start) else {
        return behind_a_dash(mapping, link);
    };
    if is_hcl && !mapping.is_body() {
        let rest = &text[end..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest[blank..].starts_with(',') {
            end += blank + 1;
        }
    }
    let Some(next) = line_end(text, end, if is_hcl { "#/" } else { "#" }) else {
        return unusual();
    };
    let (from, to) = tidy(text, start - indent.len(), next);
    Ok(Edit {
        span: Span::new(offset(from), offset(to)),
        text: String::new(),
    })
}

/// The first entry of an item of a list: the next one takes its place behind the dash.
fn behind_a_dash(mapping: Node<'_>, link: Link<'_>) -> Result<Edit, Refusal> {
    let text = mapping.document().text();
    let mut entries = mapping.entries();
    let first = entries.next();
    let next = entries.next();
    let start = link.key.span().start;
    let (Some((first, _)), Some((next, _))) = (first, next) else {
        return refuse(format!("its `{}` is all that it has", link.key.text()));
    };
    let end = next.span().start;
    let from = end_or(link, start);
    let between = text.get(from..end as usize).unwrap_or_default();
    if first.span().start != start
        || mapping.document().syntax() != Syntax::Yaml
        || !between.trim().is_empty()
        || next.tag().is_some()
        || next.anchor().is_some()
    {
        return refuse(format!("its `{}` does not begin its line", link.key.text()));
    }
    Ok(Edit {
        span: Span::new(start, end),
        text: String::new(),
    })
}

fn end_or(link: Link<'_>, start: u32) -> usize {
    end(link).unwrap_or(start as usize)
}

/// In braces, each run of entries goes with one comma.
fn in_braces(mapping: Node<'_>, gone: &[Link<'_>]) -> Result<Vec<Edit>, Refusal> {
    let document = mapping.document();
    let all: Vec<_> = mapping.entries().collect();
    let is_gone = |key: Node<'_>| {
        gone.iter()
            .any(|link| link.key.start_index() == key.start_index())
    };
    let mut edits: Vec<Edit> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        if !is_gone(all[at].0) {
            at += 1;
            continue;
        }
        let first = at;
        while at < all.len() && is_gone(all[at].0) {
            at += 1;
        }
        let start = all[first].0.span().start;
        let end = all[at - 1].1.span().end;
        let span = match (all.get(at), first.checked_sub(1)) {
            (Some((next, _)), _) if next.tag().is_none() && next.anchor().is_none() => {
                Span::new(start, next.span().start)
            }
            (None, Some(before)) => Span::new(all[before].1.span().end, end),
            _ => return refuse("its braces are written in an unusual way".to_owned()),
        };
        let is_inside = |comment: &&Span| {
            let outside = comment.end <= start || comment.start >= end;
            outside && comment.start >= span.start && comment.end <= span.end
        };
        if document
            .comments()
            .iter()
            .any(|comment| is_inside(&comment))
        {
            return refuse("a comment between its properties would be lost".to_owned());
        }
        edits.push(Edit {
            span,
            text: String::new(),
        });
    }
    Ok(edits)
}

/// The start of the next line, where nothing but a comment follows on this one; the end of the text on the last one. `signs` are the
/// letters with which a comment may begin.
pub(super) fn line_end(text: &str, at: usize, signs: &str) -> Option<usize> {
    let (line, next) = rest_of_line(text, at)?;
    let line = line.trim();
    let is_comment = line.starts_with('#')
        || (signs.contains('/') && line.starts_with("//"))
        || (signs.contains('/') && line.starts_with("/*") && line.ends_with("*/"));
    if !line.is_empty() && !is_comment {
        return None;
    }
    Some(next)
}

/// The lines of a block that goes as a whole, with the remarks right above it: they speak of nothing else.
pub(super) fn with_remarks(text: &str, edit: Edit, signs: &[&str]) -> Edit {
    let start = edit.span.start as usize;
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut from = start;
    while let Some(above) = text[..from].strip_suffix('\n') {
        let line = above.rfind('\n').map_or(0, |at| at + 1);
        let remark = &text[line..from];
        let is_remark = signs
            .iter()
            .any(|sign| remark.trim_start().starts_with(sign));
        if !is_remark || indent(remark) != indent(&text[start..]) {
            break;
        }
        from = line;
    }
    if from == start {
        return edit;
    }
    let (from, to) = tidy(text, from, edit.span.end as usize);
    Edit {
        span: Span::new(offset(from), offset(to)),
        text: edit.text,
    }
}

/// Of two empty lines that would stand one below the other, one goes along; so do those that would end the text.
fn tidy(text: &str, from: usize, to: usize) -> (usize, usize) {
    let before = &text[..from];
    let above = before.strip_suffix('\n').unwrap_or(before);
    let above = above.strip_suffix('\r').unwrap_or(above);
    let line = above.rfind('\n').map_or(0, |at| at + 1);
    let is_blank = from > 0 && above[line..].trim().is_empty();
    if !is_blank {
        return (from, to);
    }
    let rest = &text[to..];
    if rest.is_empty() {
        return (line, to);
    }
    let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    if rest[..end].trim().is_empty() {
        return (from, to + end);
    }
    (from, to)
}
