//! Globs in which only `*` means anything.

/// `*` stands for any number of characters.
#[must_use]
pub fn like(text: &str, glob: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
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
        assert!(!like("db.t3.micro", "db.r*"));
        assert!(!like("abcd", "a*c") && !like("ab", "abc") && !like("abc", "ab"));
    }
}
