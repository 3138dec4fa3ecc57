//! What a scalar says: its characters with folding and escapes applied, and the value that they stand for.
//!
//! Unquoted YAML scalars resolve by YAML 1.1 as PyYAML knows it, because that is what the other tools around templates
//! use; dates stay text, as in CloudFormation.

use std::borrow::Cow;

use super::json::code_unit;
use super::yaml::break_length;
use super::{Block, Chomp, Document, Form, Kind, Node, Syntax};
use crate::source::Span;

/// The value of a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar<'d> {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true`, and in YAML also `yes` and `on`; their opposites.
    Bool(bool),
    /// A whole number that fits.
    Int(i128),
    /// Any other number; how it is written is the node's [`text`](Node::text).
    Float,
    /// Characters.
    Text(Cow<'d, str>),
}

/// Length of a tag's handle: of `!!str` that is `!!`, of `!Ref` it is `!`.
pub(super) fn handle_length(tag: &str) -> usize {
    if tag.starts_with("!<") {
        return 0;
    }
    let rest = tag.get(1..).unwrap_or_default();
    let word = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
    match word {
        Some(at) if rest.as_bytes()[at] == b'!' => at + 2,
        _ => 1,
    }
}

pub(super) fn resolve(node: Node<'_>) -> Scalar<'_> {
    if node.kind() != Kind::Scalar {
        return Scalar::Null;
    }
    let text = node.text();
    if node.is_json() {
        return if node.is_plain() { json_value(text) } else { Scalar::Text(text) };
    }
    match node.resolved_tag().as_deref() {
        None if node.is_plain() => yaml_value(text),
        Some("tag:yaml.org,2002:null") => Scalar::Null,
        Some("tag:yaml.org,2002:bool") => boolean(&text.to_ascii_lowercase()).map_or(Scalar::Text(text), Scalar::Bool),
        Some("tag:yaml.org,2002:int") => integer(&text).unwrap_or(Scalar::Text(text)),
        Some("tag:yaml.org,2002:float") => Scalar::Float,
        _ => Scalar::Text(text),
    }
}

pub(super) fn comparable(node: Node<'_>) -> Option<Cow<'_, str>> {
    match node.scalar() {
        Scalar::Null => None,
        Scalar::Bool(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
        Scalar::Text(text) => Some(text),
        Scalar::Float => Some(node.text()),
        Scalar::Int(value) => {
            let written = node.text();
            let digits = written.strip_prefix('-').unwrap_or(&written);
            let decimal = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
            if decimal || written == "0" {
                return Some(written);
            }
            Some(Cow::Owned(value.to_string()))
        }
    }
}

fn json_value(text: Cow<'_, str>) -> Scalar<'_> {
    match text.as_ref() {
        "null" => Scalar::Null,
        "true" => Scalar::Bool(true),
        "false" => Scalar::Bool(false),
        number => number.parse().map_or(Scalar::Float, Scalar::Int),
    }
}

/// PyYAML's implicit resolvers, in its order.
fn yaml_value(text: Cow<'_, str>) -> Scalar<'_> {
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => match text.as_ref() {
            "~" | "null" | "Null" | "NULL" => Scalar::Null,
            word => boolean(word).map_or(Scalar::Text(text), Scalar::Bool),
        },
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => {
            if is_float(&text) {
                return Scalar::Float;
            }
            if is_integer(&text) {
                return integer(&text).unwrap_or(Scalar::Text(text));
            }
            Scalar::Text(text)
        }
        Some(_) => Scalar::Text(text),
    }
}

fn boolean(word: &str) -> Option<bool> {
    match word {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

/// `[0-9][0-9_]*` at the start; its length.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(u8::is_ascii_digit) {
        return 0;
    }
    let digit = |byte: &&u8| byte.is_ascii_digit() || **byte == b'_';
    bytes.iter().take_while(digit).count()
}

/// `(:[0-5]?[0-9])+` and nothing else: the rest of a sexagesimal number.
fn is_sexagesimal(rest: &str) -> bool {
    let mut parts = rest.split(':');
    parts.next() == Some("")
        && !rest.is_empty()
        && parts.all(|part| {
            matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
        })
}

fn is_float(text: &str) -> bool {
    let digits = unsigned(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((whole, fraction)) = digits.split_once('.') else {
        return false;
    };
    let length = number_length(whole);
    let places = fraction.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'_').count();
    let exponent = is_exponent(&fraction[places..]);
    if whole.is_empty() {
        // Without a digit before the point there may be no sign, and a digit has to follow.
        return digits.len() == text.len() && number_length(fraction) > 0 && exponent;
    }
    if length == whole.len() {
        return exponent;
    }
    length > 0 && is_sexagesimal(&whole[length..]) && places == fraction.len()
}

/// Nothing, or `[eE][-+][0-9]+`.
fn is_exponent(text: &str) -> bool {
    match text.as_bytes() {
        [] => true,
        [b'e' | b'E', b'+' | b'-', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn is_integer(text: &str) -> bool {
    let digits = unsigned(text);
    let all = |rest: &str, allowed: fn(&u8) -> bool| {
        !rest.is_empty() && rest.bytes().all(|byte| byte == b'_' || allowed(&byte))
    };
    if let Some(rest) = digits.strip_prefix("0b") {
        return all(rest, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(rest) = digits.strip_prefix("0x") {
        return all(rest, u8::is_ascii_hexdigit);
    }
    if let Some(rest) = digits.strip_prefix('0') {
        return rest.is_empty() || all(rest, |byte| matches!(byte, b'0'..=b'7'));
    }
    let length = number_length(digits);
    length > 0 && (length == digits.len() || is_sexagesimal(&digits[length..]))
}

/// The value of an integer in any of the notations of YAML 1.1. `None` if it has no digits at all.
fn integer(text: &str) -> Option<Scalar<'static>> {
    let clean = text.replace('_', "");
    let negative = clean.starts_with('-');
    let digits = unsigned(&clean);
    if digits.is_empty() {
        return None;
    }
    let value = if let Some(rest) = digits.strip_prefix("0b") {
        in_radix(rest, 2)?
    } else if let Some(rest) = digits.strip_prefix("0x") {
        in_radix(rest, 16)?
    } else if let Some(rest) = digits.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        in_radix(rest, 8)?
    } else {
        let mut value = Some(0i128);
        for part in digits.split(':') {
            let part = in_radix(part, 10)?;
            value = value.and_then(|value| value.checked_mul(60)?.checked_add(part?));
        }
        value
    };
    let value = value.and_then(|value| if negative { value.checked_neg() } else { Some(value) });
    Some(value.map_or(Scalar::Float, Scalar::Int))
}

/// `None` if these are not digits, `Some(None)` if there are too many.
#[expect(clippy::option_option, reason = "the two failures lead to different values")]
fn in_radix(digits: &str, radix: u32) -> Option<Option<i128>> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    Some(i128::from_str_radix(digits, radix).ok())
}

/// The characters of the node at `index`.
pub(super) fn cook<'d>(document: &'d Document<'d>, index: u32) -> Cow<'d, str> {
    let node = &document.nodes[index as usize];
    let text = Span::new(node.start, node.end).of(document.text);
    let inside = || text.get(1..text.len() - 1).unwrap_or_default();
    match node.form {
        Form::Mapping | Form::Sequence | Form::Alias | Form::Empty => Cow::Borrowed(""),
        Form::Plain => Cow::Borrowed(text),
        Form::Quoted => Cow::Borrowed(inside()),
        Form::PlainFolded | Form::SingleFolded => Cow::Owned(fold(inside_or(text, node.form), node.form)),
        Form::DoubleFolded if document.syntax == Syntax::Json => Cow::Owned(unescape_json(inside())),
        Form::DoubleFolded => Cow::Owned(fold(inside(), node.form)),
        Form::Literal | Form::Folded => {
            let blocks = &document.blocks;
            let found = blocks.binary_search_by_key(&index, |block| block.node);
            let block = found.expect("every block scalar has its block");
            Cow::Owned(unwrap_block(document.text, &blocks[block], node.form == Form::Folded))
        }
    }
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
    let mut cooked = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let run = at;
        while at < bytes.len() && !is_special(bytes, at, form) {
            at += 1;
        }
        cooked.push_str(&text[run..at]);
        match bytes.get(at) {
            None => break,
            Some(b'\'') => {
                cooked.push('\'');
                at += 2;
            }
            Some(b'\\') if break_length(bytes, at + 1) > 0 => {
                at += 1 + break_length(bytes, at + 1);
                at = fold_break(text, at, &mut cooked, true);
            }
            Some(b'\\') => at = unescape(text, at, &mut cooked),
            Some(_) => at = fold_break(text, at, &mut cooked, false),
        }
    }
    cooked
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
fn fold_break(text: &str, at: usize, cooked: &mut String, broken: bool) -> usize {
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
        None => cooked.push_str(&text[at..end]),
        Some("\n") if more.is_empty() => cooked.push(' '),
        Some("\n") => cooked.push_str(&more),
        Some(first) => {
            cooked.push_str(first);
            cooked.push_str(&more);
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
fn unescape(text: &str, at: usize, cooked: &mut String) -> usize {
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
        cooked.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
        return at + 2 + digits;
    }
    cooked.push(match escape {
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
    let mut cooked = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        cooked.push_str(&text[at..at + found]);
        at += found;
        let Some(unit) = code_unit(bytes, at) else {
            cooked.push(match bytes.get(at + 1) {
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
        cooked.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        at += length;
    }
    cooked.push_str(&text[at..]);
    cooked
}

/// The lines of a block scalar without their indentation, folded if asked for.
fn unwrap_block(text: &str, block: &Block, folded: bool) -> String {
    let body = block.body.of(text);
    let bytes = body.as_bytes();
    let indent = block.indent as usize;
    let mut cooked = String::with_capacity(body.len());
    // The break after the last line of content, and those of the empty lines behind it.
    let mut pending = "";
    let mut empty = String::new();
    let mut after_blank = false;
    let mut at = 0;
    while at < bytes.len() {
        let spaces = bytes[at..].iter().take(indent).take_while(|byte| **byte == b' ').count();
        at += spaces;
        let mut end = at;
        while end < bytes.len() && break_length(bytes, end) == 0 {
            end += 1;
        }
        let length = break_length(bytes, end);
        let line_break = if length == 0 { "" } else { normalized(&body[end..end + length]) };
        if end == at {
            empty.push_str(line_break);
        } else {
            let blank = matches!(bytes[at], b' ' | b'\t');
            if folded && pending == "\n" && !after_blank && !blank {
                if empty.is_empty() {
                    cooked.push(' ');
                }
            } else {
                cooked.push_str(pending);
            }
            cooked.push_str(&empty);
            empty.clear();
            cooked.push_str(&body[at..end]);
            pending = line_break;
            after_blank = blank;
        }
        at = end + length;
    }
    if block.chomp != Chomp::Strip {
        cooked.push_str(pending);
    }
    if block.chomp == Chomp::Keep {
        cooked.push_str(&empty);
    }
    cooked
}
