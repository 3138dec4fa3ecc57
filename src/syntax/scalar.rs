//! What a scalar means: null, a boolean, a number or text.
//!
//! Unquoted YAML scalars resolve by YAML 1.1 as PyYAML knows it, because that is what the other tools around templates
//! use; dates stay text, as in CloudFormation.

use std::borrow::Cow;

use super::{Kind, Node};

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
    if !node.is_yaml() {
        return if node.is_plain() {
            json_value(text)
        } else {
            Scalar::Text(text)
        };
    }
    match node.resolved_tag().as_deref() {
        None if node.is_plain() => yaml_value(text),
        Some("tag:yaml.org,2002:null") => Scalar::Null,
        Some("tag:yaml.org,2002:bool") => {
            boolean(&text.to_ascii_lowercase()).map_or(Scalar::Text(text), Scalar::Bool)
        }
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
            let decimal =
                digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
            if decimal || written == "0" {
                return Some(written);
            }
            Some(Cow::Owned(value.to_string()))
        }
    }
}

fn json_value(text: Cow<'_, str>) -> Scalar<'_> {
    match text.as_ref() {
        // Only a broken text has a value that is not written, or another word.
        "null" | "" => Scalar::Null,
        "true" => Scalar::Bool(true),
        "false" => Scalar::Bool(false),
        number if number.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            number.parse().map_or(Scalar::Float, Scalar::Int)
        }
        _ => Scalar::Text(text),
    }
}

/// PyYAML's implicit resolvers, in its order.
fn yaml_value(text: Cow<'_, str>) -> Scalar<'_> {
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => {
            match text.as_ref() {
                "~" | "null" | "Null" | "NULL" => Scalar::Null,
                word => boolean(word).map_or(Scalar::Text(text), Scalar::Bool),
            }
        }
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
        && parts.all(|part| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']))
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
    let places = fraction
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'_')
        .count();
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
        [b'e' | b'E', b'+' | b'-', digits @ ..] => {
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        }
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
    let value = value.and_then(|value| {
        if negative {
            value.checked_neg()
        } else {
            Some(value)
        }
    });
    Some(value.map_or(Scalar::Float, Scalar::Int))
}

/// `None` if these are not digits, `Some(None)` if there are too many.
#[expect(
    clippy::option_option,
    reason = "the two failures lead to different values"
)]
fn in_radix(digits: &str, radix: u32) -> Option<Option<i128>> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    Some(i128::from_str_radix(digits, radix).ok())
}
