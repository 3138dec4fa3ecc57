//! Where to go on after an error: at the next thing that looks like the beginning of an item at the top of a file.

/// The first place after an error at which a new item may begin.
pub(super) fn next_item(text: &str, error: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = error;
    // The rest of the line is lost in any case.
    loop {
        let Some(length) = memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()) else {
            return text.len();
        };
        at += length + 1;
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with('}') {
            // A brace at the very left ends the broken block.
            let length = memchr::memchr(b'\n', rest.as_bytes());
            return length.map_or(text.len(), |length| at + length + 1);
        }
        let line = rest.lines().next().unwrap_or_default();
        if begins_item(line) {
            return at;
        }
    }
}

/// Whether a line looks like the first of a block: a word at the very left, then labels, then a brace; or a word and a single `=`.
fn begins_item(line: &str) -> bool {
    let is_word = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-');
    let word = line.trim_start_matches(is_word);
    if word.len() == line.len() || !line.starts_with(|one: char| one.is_alphabetic() || one == '_')
    {
        return false;
    }
    let mut rest = word.trim_start();
    loop {
        if let Some(label) = rest.strip_prefix('"') {
            match label.split_once('"') {
                Some((_, after)) => rest = after.trim_start(),
                None => return false,
            }
        } else if rest.starts_with('{') {
            return true;
        } else {
            let after = rest.trim_start_matches(is_word);
            if after.len() == rest.len() {
                return rest.starts_with('=') && !rest.starts_with("==");
            }
            rest = after.trim_start();
        }
    }
}
