//! What single bytes mean to the scanner, and where lines break.

use std::borrow::Cow;

use crate::syntax::ParseError;

/// Ends the quick loop over an unquoted scalar outside of brackets.
pub(super) const BLOCK_STOP: u8 = 1;
/// The same inside of brackets.
pub(super) const FLOW_STOP: u8 = 2;
/// Ends the quick loop over a comment or a line of a block scalar: may begin a line break.
pub(super) const LINE_STOP: u8 = 4;
/// Ends the quick loop over a scalar in double quotes.
pub(super) const DOUBLE_STOP: u8 = 8;
/// Ends the quick loop over a scalar in single quotes.
pub(super) const SINGLE_STOP: u8 = 16;
/// May stand in an anchor, an alias or a tag handle.
pub(super) const WORD: u8 = 32;
/// May stand in a tag after its handle.
pub(super) const URI: u8 = 64;

/// The meanings of each byte, as a set of the bits above.
pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let sets: [(&[u8], u8); 7] = [
        (b"\n\r\xC2\xE2:#", BLOCK_STOP),
        (b"\n\r\xC2\xE2:#,[]{}", FLOW_STOP),
        (b"\n\r\xC2\xE2", LINE_STOP),
        (b"\n\r\xC2\xE2\"\\", DOUBLE_STOP),
        (b"\n\r\xC2\xE2'", SINGLE_STOP),
        (b"_-", WORD | URI),
        (b";/?:@&=+$.%!~*'()", URI),
    ];
    let mut set = 0;
    while set < sets.len() {
        let (bytes, bits) = sets[set];
        let mut at = 0;
        while at < bytes.len() {
            table[bytes[at] as usize] |= bits;
            at += 1;
        }
        set += 1;
    }
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            table[byte] |= WORD | URI;
        }
        byte += 1;
    }
    table
}

/// Length of the line break at `at`, 0 if there is none. YAML 1.1 also breaks lines at NEL, LS and PS.
#[inline]
pub(in crate::syntax) fn break_length(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\n') => 1,
        Some(b'\r') => 1 + usize::from(bytes.get(at + 1) == Some(&b'\n')),
        Some(0xC2) => 2 * usize::from(bytes.get(at + 1) == Some(&0x85)),
        Some(0xE2) => {
            let rest = bytes.get(at + 1..at + 3);
            3 * usize::from(matches!(rest, Some([0x80, 0xA8 | 0xA9])))
        }
        _ => 0,
    }
}

/// Whether a blank, a line break or the end of the text stands at `at`.
#[inline]
pub(super) fn is_blank_or_end(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None | Some(b' ' | b'\t' | b'\n' | b'\r') => true,
        Some(0xC2 | 0xE2) => break_length(bytes, at) > 0,
        _ => false,
    }
}

/// Whether `at`, the start of a line, holds `---` or `...` as a document marker.
#[inline]
pub(super) fn is_marker(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..at + 3), Some(b"---" | b"...")) && is_blank_or_end(bytes, at + 3)
}

/// Whether YAML refuses this character, which it calls non-printable.
fn is_refused(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{FFFE}' | '\u{FFFF}' => true,
        _ => character.is_control(),
    }
}

/// The text with blanks in place of the bytes of characters that are refused.
pub(super) fn without_control_characters(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_refused) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if is_refused(character) {
            printable.extend(std::iter::repeat_n(' ', character.len_utf8()));
        } else {
            printable.push(character);
        }
    }
    Cow::Owned(printable)
}

/// Refuses what YAML calls non-printable. One pass without branches decides for nearly every text.
pub(super) fn check_characters(text: &str) -> Result<(), ParseError> {
    let bytes = text.as_bytes();
    let mut control = 0;
    let mut high = 0;
    for &byte in bytes {
        let allowed = (byte >= 0x20) | (byte == b'\n') | (byte == b'\r') | (byte == b'\t');
        control |= u8::from(!allowed) | u8::from(byte == 0x7F);
        high |= byte & 0x80;
    }
    if control == 0 && high == 0 {
        return Ok(());
    }
    match text
        .char_indices()
        .find(|&(_, character)| is_refused(character))
    {
        None => Ok(()),
        Some((at, character)) => Err(ParseError::new(
            format!(
                "control character {:#04x} is not allowed",
                u32::from(character)
            ),
            at,
            at + character.len_utf8(),
        )),
    }
}
