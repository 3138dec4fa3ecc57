//! The characters that a scalar stands for: folding, escapes and block scalars applied, but only where there are any.

use std::borrow::Cow;

use super::json::code_unit;
use super::yaml::break_length;
use super::{Block, Chomp, Document, Form, Operation, Syntax};
use crate::base::source::Span;

/// The characters of the node at `index`.
pub(super) fn of<'d>(document: &'d Document<'d>, index: u32) -> Cow<'d, str> {
    let node = &document.nodes[index as usize];
    let text = Span::new(node.start, node.end).of(document.text);
    let inside = || text.get(1..text.len() - 1).unwrap_or_default();
    match node.form {
        Form::Mapping | Form::Sequence | Form::Alias | Form::Empty | Form::Body => {
            Cow::Borrowed("")
        }
        Form::Plain | Form::Piece => Cow::Borrowed(text),
        Form::Operation(operation) => match operation {
            Operation::Name | Operation::Attribute | Operation::Operator | Operation::Variable => {
                Cow::Borrowed(text)
            }
            _ => Cow::Borrowed(""),
        },
        Form::Escaped => Cow::Owned(unescape_hcl(inside(), true)),
        Form::EscapedPiece => Cow::Owned(unescape_hcl(text, true)),
        Form::HeredocPiece => Cow::Owned(unescape_hcl(text, false)),
        Form::Heredoc => heredoc(document, index),
        Form::Quoted => Cow::Borrowed(inside()),
        Form::PlainFolded | Form::SingleFolded => {
            Cow::Owned(fold(inside_or(text, node.form), node.form))
        }
        Form::DoubleFolded if document.syntax == Syntax::Json => {
            Cow::Owned(unescape_json(inside()))
        }
        Form::DoubleFolded => Cow::Owned(fold(inside(), node.form)),
        Form::Literal | Form::Folded => {
            let blocks = &document.blocks;
            let found = blocks.binary_search_by_key(&index, |block| block.node);
            let block = found.expect("every block scalar has its block");
            Cow::Owned(unwrap_block(
                document.text,
                &blocks[block],
                node.form == Form::Folded,
            ))
        }
    }
}

/// A text over lines, without the indentation that all of them share.
fn heredoc<'d>(document: &'d Document<'d>, index: u32) -> Cow<'d, str> {
    let blocks = &document.blocks;
    let found = blocks.binary_search_by_key(&index, |block| block.node);
    let block = &blocks[found.expect("every heredoc has its block")];
    let body = block.body.of(document.text);
    let has_escapes = memchr::memmem::find(body.as_bytes(), b"{").is_some()
        && (body.contains("$${") || body.contains("%%{"));
    let text = if block.indent == 0 {
        Cow::Borrowed(body)
    } else {
        let lines = body.split_inclusive('\n').map(|line| {
            if line.trim().is_empty() {
                return line;
            }
            let mut characters = line.chars();
            characters
                .by_ref()
                .take(block.indent as usize)
                .for_each(drop);
            characters.as_str()
        });
        Cow::Owned(lines.collect())
    };
    match has_escapes {
        true => Cow::Owned(unescape_hcl(&text, false)),
        false => text,
    }
}

/// `$${` and `%%{`, and where `with_backslashes` the escapes of texts in quotes.
fn unescape_hcl(text: &str, with_backslashes: bool) -> String {
    let bytes = text.as_bytes();
    let mut value = String::with_capacity(text.len());
    let mut run = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'\\', b'$', b'%', bytes.get(at..).unwrap_or_default())
    {
        at += found;
        let (length, character) = match bytes[at] {
            b'\\' if with_backslashes => match bytes.get(at + 1) {
                Some(b'n') => (2, Some('\n')),
                Some(b'r') => (2, Some('\r')),
                Some(b't') => (2, Some('\t')),
                Some(b'u') => (6, code_point(text, at, 6)),
                Some(b'U') => (10, code_point(text, at, 10)),
                Some(other) => (2, Some(*other as char)),
                None => (1, None),
            },
            sign if bytes.get(at + 1) == Some(&sign) && bytes.get(at + 2) == Some(&b'{') => {
                value.push_str(&text[run..=at]);
                at += 2;
                run = at;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        value.push_str(&text[run..at]);
        value.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        at = (at + length).min(text.len());
        run = at;
    }
    value.push_str(&text[run..]);
    value
}

/// The character that `\uNNNN` or `\UNNNNNNNN` stands for.
fn code_point(text: &str, at: usize, length: usize) -> Option<char> {
    let digits = text.get(at + 2..at + length)?;
    u32::from_str_radix(digits, 16)
        .ok()
        .and_then(char::from_u32)
}

fn inside_or(text: &str, form: Form) -> &str {
    if form == Form::PlainFolded {
        return text;
    }
    text.get(1..text.len() - 1).unwrap_or_default()
}

/// Goes through line breaks and the blanks around them as YAML folds them: one break is a space, more are one less.
/// Also undoubles quotes and undoes escapes, whose blanks are not folded away.
fn fold(text: &str, form: Form) -> String {
    let bytes = text.as_bytes();
    let mut value = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let run = at;
        while at < bytes.len() && !is_special(bytes, at, form) {
            at += 1;
        }
        value.push_str(&text[run..at]);
        match bytes.get(at) {
            None => break,
            Some(b'\'') => {
                value.push('\'');
                at += 2;
            }
            Some(b'\\') if break_length(bytes, at + 1) > 0 => {
                at += 1 + break_length(bytes, at + 1);
                at = fold_break(text, at, &mut value, true);
            }
            Some(b'\\') => at = unescape(text, at, &mut value),
            Some(_) => at = fold_break(text, at, &mut value, false),
        }
    }
    value
}

/// Blanks, line breaks, and what the style of quotes treats specially.
fn is_special(bytes: &[u8], at: usize, form: Form) -> bool {
    match bytes[at] {
        b' ' | b'\t' => true,
        b'\\' => form == Form::DoubleFolded,
        b'\'' => form == Form::SingleFolded,
        _ => break_length(bytes, at) > 0,
    }
}

/// Blanks and breaks from `at` on; they stay as they are when there is no break among them. After an escaped break
/// (`broken`) the first break is not a space. Returns where they end.
fn fold_break(text: &str, at: usize, value: &mut String, broken: bool) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    let mut first: Option<&str> = broken.then_some("");
    let mut more = String::new();
    while end < bytes.len() {
        let length = break_length(bytes, end);
        if length > 0 {
            let line_break = normalized(&text[end..end + length]);
            match first {
                None => first = Some(line_break),
                Some(_) => more.push_str(line_break),
            }
            end += length;
        } else if matches!(bytes[end], b' ' | b'\t') {
            end += 1;
        } else {
            break;
        }
    }
    match first {
        None => value.push_str(&text[at..end]),
        Some("\n") if more.is_empty() => value.push(' '),
        Some("\n") => value.push_str(&more),
        Some(first) => {
            value.push_str(first);
            value.push_str(&more);
        }
    }
    end
}

/// CR, CR LF and NEL count as LF; LS and PS stay.
fn normalized(line_break: &str) -> &str {
    match line_break {
        "\u{2028}" | "\u{2029}" => line_break,
        _ => "\n",
    }
}

/// One escape of a YAML scalar in double quotes; the scanner has checked it. Returns where it ends.
fn unescape(text: &str, at: usize, value: &mut String) -> usize {
    let escape = text.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
    let digits = match escape {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        _ => 0,
    };
    if digits > 0 {
        let code = text.get(at + 2..at + 2 + digits).unwrap_or_default();
        let code = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        value.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
        return at + 2 + digits;
    }
    if !escape.is_ascii() {
        // Only in a text with control characters, which the scanner saw as blanks.
        value.push('\\');
        return at + 1;
    }
    value.push(match escape {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' => '\t',
        b'n' => '\n',
        b'v' => '\x0B',
        b'f' => '\x0C',
        b'r' => '\r',
        b'e' => '\x1B',
        b'N' => '\u{85}',
        b'_' => '\u{A0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        itself => char::from(itself),
    });
    at + 2
}

fn unescape_json(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut value = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        value.push_str(&text[at..at + found]);
        at += found;
        let Some(unit) = code_unit(bytes, at) else {
            value.push(match bytes.get(at + 1) {
                Some(b'b') => '\x08',
                Some(b'f') => '\x0C',
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                Some(b't') => '\t',
                Some(&itself) => char::from(itself),
                None => '\\',
            });
            at += 2;
            continue;
        };
        let (code, length) = match (unit, code_unit(bytes, at + 6)) {
            (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                (0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12)
            }
            _ => (unit, 6),
        };
        value.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        at += length;
    }
    value.push_str(&text[at..]);
    value
}

/// The lines of a block scalar without their indentation, folded if asked for.
fn unwrap_block(text: &str, block: &Block, folded: bool) -> String {
    let body = block.body.of(text);
    let bytes = body.as_bytes();
    let indent = block.indent as usize;
    let mut value = String::with_capacity(body.len());
    // The break after the last line of content, and those of the empty lines behind it.
    let mut pending = "";
    let mut empty = String::new();
    let mut after_blank = false;
    let mut at = 0;
    while at < bytes.len() {
        let spaces = bytes[at..]
            .iter()
            .take(indent)
            .take_while(|byte| **byte == b' ')
            .count();
        at += spaces;
        let mut end = at;
        while end < bytes.len() && break_length(bytes, end) == 0 {
            end += 1;
        }
        let length = break_length(bytes, end);
        let line_break = if length == 0 {
            ""
        } else {
            normalized(&body[end..end + length])
        };
        if end == at {
            empty.push_str(line_break);
        } else {
            let blank = matches!(bytes[at], b' ' | b'\t');
            if folded && pending == "\n" && !after_blank && !blank {
                if empty.is_empty() {
                    value.push(' ');
                }
            } else {
                value.push_str(pending);
            }
            value.push_str(&empty);
            empty.clear();
            value.push_str(&body[at..end]);
            pending = line_break;
            after_blank = blank;
        }
        at = end + length;
    }
    if block.chomp != Chomp::Strip {
        value.push_str(pending);
    }
    if block.chomp == Chomp::Keep {
        value.push_str(&empty);
    }
    value
}
