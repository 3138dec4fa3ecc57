//! Eight bytes at a time, in plain arithmetic: most words and indentations are shorter than that, so one step without a
//! loop tells where they end.

/// One in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The high bit of each byte.
const HIGH: u64 = ONES * 0x80;

/// The eight bytes at `at`, the first one lowest; `None` near the end of the text.
#[inline]
pub(super) fn eight_bytes(bytes: &[u8], at: usize) -> Option<u64> {
    let word = bytes.get(at..at + 8)?;
    word.try_into().ok().map(u64::from_le_bytes)
}

/// The high bit of each byte that equals `byte`. Only the lowest one is sure, because a subtraction borrows upwards.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    let zero = word ^ (ONES * u64::from(byte));
    zero.wrapping_sub(ONES) & !zero & HIGH
}

/// The same for each byte below 0x20.
#[inline]
fn control(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGH
}

/// How many bytes come before the lowest bit of a mask; 8 for none.
#[inline]
fn before(mask: u64) -> usize {
    mask.trailing_zeros() as usize / 8
}

/// Where the spaces that begin at `at` end.
#[inline]
pub(super) fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = eight_bytes(bytes, at) {
        let other = word ^ (ONES * 0x20);
        at += before(other);
        if other != 0 {
            return at;
        }
    }
    while bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

/// A place at or after `at`, with nothing in between that could end a string of JSON.
#[inline]
pub(super) fn skip_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = eight_bytes(bytes, at) {
        let special = equal(word, b'"') | equal(word, b'\\') | control(word);
        at += before(special);
        if special != 0 {
            break;
        }
    }
    at
}

/// A place at or after `at`, with nothing in between that could end an unquoted scalar of YAML outside of brackets.
#[inline]
pub(super) fn skip_plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = eight_bytes(bytes, at) {
        let special = equal(word, b':') | equal(word, b'#') | control(word) | (word & HIGH);
        at += before(special);
        if special != 0 {
            break;
        }
    }
    at
}
