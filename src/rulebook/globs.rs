//! Globs in which only `*` means anything.

/// Whether a text matches a glob: `*` stands for any number of characters, and a small letter is its capital one. Services
/// name machines and editions in either.
#[must_use]
pub fn like(text: &str, glob: &str) -> bool {
    let mut parts = glob.as_bytes().split(|byte| *byte == b'*');
    let first = parts.next().unwrap_or_default();
    let text = text.as_bytes();
    let Some((start, mut rest)) = text.split_at_checked(first.len()) else {
        return false;
    };
    if !start.eq_ignore_ascii_case(first) {
        return false;
    }
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts.filter(|part| !part.is_empty()) {
        let mut windows = rest.windows(part.len());
        match windows.position(|window| window.eq_ignore_ascii_case(part)) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    let end = rest.len().checked_sub(last.len()).map(|at| &rest[at..]);
    end.is_some_and(|end| end.eq_ignore_ascii_case(last))
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(like("db.r6g.large", "db.r*"));
        assert!(like("custom-oracle-ee", "custom-*"));
        assert!(like("db.serverless", "*serverless"));
        assert!(like("abc", "a*c") && like("ac", "a*c") && like("x", "*"));
        assert!(like("T3.Micro", "t3.*") && like("gp_gen5", "GP_*"));
        assert!(!like("db.t3.micro", "db.r*"));
        assert!(!like("abcd", "a*c") && !like("ab", "abc") && !like("abc", "ab"));
        assert!(!like("a", "a*a") && like("aa", "a*a") && !like("é", "è"));
    }
}
