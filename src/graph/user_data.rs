//! What an instance runs when it starts, as it stands in a template or plan: as it is, in Base64, packed, or only its checksum.

use std::borrow::Cow;

use crate::eval::from_base64;

/// Shorter texts are words, whatever they would be in Base64.
const SHORTEST: usize = 16;
/// Letters of a SHA-1 checksum.
const CHECKSUM: usize = 40;
/// How in Base64 begins what gzip has packed.
const PACKED: &str = "H4s";

/// What a text says; nothing where that can't be seen because it is packed.
#[must_use]
pub fn readable(text: &str) -> Option<Cow<'_, str>> {
    let as_it_is = || Some(Cow::Borrowed(text));
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte);
    let bare = text.trim();
    if bare.len() < SHORTEST || !bare.bytes().all(is_base64) {
        return as_it_is();
    }
    if bare.starts_with(PACKED) {
        return None;
    }
    match from_base64(bare).filter(|inner| is_text(inner)) {
        Some(inner) => Some(Cow::Owned(inner)),
        None => as_it_is(),
    }
}

/// Whether Terraform's provider kept only the checksum of a text, as it did for a long time.
#[must_use]
pub fn is_checksum(text: &str) -> bool {
    text.len() == CHECKSUM && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_text(text: &str) -> bool {
    let mut letters = text.chars();
    letters.all(|letter| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_and_words_are_left() {
        let said = |text: &str| readable(text).map(Cow::into_owned);
        let script = "#!/bin/bash\necho ECS_CLUSTER=till\n";
        let encoded = "IyEvYmluL2Jhc2gKZWNobyBFQ1NfQ0xVU1RFUj10aWxsCg==";
        assert_eq!(said(encoded).as_deref(), Some(script));
        let (start, end) = encoded.split_at(20);
        assert_eq!(said(&format!("{start}\n{end}\n")).as_deref(), Some(script));
        for plain in ["", "till", "a-till-of-ours-0", "tilltilltilltill", script] {
            assert_eq!(said(plain).as_deref(), Some(plain));
        }
        assert_eq!(said("H4sIAAAAAAAAAytJzMkBABqlbWMEAAAA"), None);
    }

    #[test]
    fn checksums_are_told_from_texts() {
        assert!(is_checksum("5f0ba2cf6c2a2cc2bb9e0cbd4a2f4d3e9b0aa111"));
        assert!(!is_checksum("5f0ba2cf6c2a2cc2bb9e0cbd4a2f4d3e9b0aa11"));
        assert!(!is_checksum("zf0ba2cf6c2a2cc2bb9e0cbd4a2f4d3e9b0aa111"));
    }
}
