//! One line of CODEOWNERS: a pattern and its owners, or the heading of one of GitLab's sections.

use std::sync::Arc;

use super::Flavour;

/// Owners of one line.
const MOST_OWNERS: usize = 50;
/// Bytes of an owner.
const LONGEST_OWNER: usize = 256;

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub enum OwnersLine<'l> {
    Nothing,
    Heading(Heading<'l>),
    Entry(EntryLine<'l>),
}

/// `^[Name][2] @owner`.
#[derive(Debug, PartialEq, Eq)]
pub struct Heading<'l> {
    pub name: &'l str,
    /// Owners of its patterns that name none.
    pub owners: Vec<Arc<str>>,
}

/// A pattern and its owners.
#[derive(Debug, PartialEq, Eq)]
pub struct EntryLine<'l> {
    /// As it is written, with its backslashes.
    pub pattern: &'l str,
    pub owners: Vec<Arc<str>>,
    /// Whether it takes what it matches out of its section.
    pub excludes: bool,
}

/// Reads a line. What is wrong with it is added to the faults.
pub fn read<'l>(text: &'l str, syntax: Flavour, faults: &mut Vec<String>) -> OwnersLine<'l> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return OwnersLine::Nothing;
    }
    if syntax == Flavour::GitLab {
        if let Some((name, rest)) = heading(text) {
            let owners = owners(rest, syntax, faults).unwrap_or_default();
            return OwnersLine::Heading(Heading { name, owners });
        }
        if text.starts_with("^[") {
            faults.push("its heading has no end".to_owned());
            return OwnersLine::Nothing;
        }
    } else if heading(text).is_some() {
        faults.push("GitHub knows no sections".to_owned());
        return OwnersLine::Nothing;
    }
    let end = end_of_pattern(text);
    let (pattern, rest) = text.split_at(end);
    let excluded = pattern
        .strip_prefix('!')
        .filter(|_| syntax == Flavour::GitLab);
    match owners(rest, syntax, faults) {
        Some(owners) => OwnersLine::Entry(EntryLine {
            pattern: excluded.unwrap_or(pattern),
            owners,
            excludes: excluded.is_some(),
        }),
        None => OwnersLine::Nothing,
    }
}

/// The name of a section and what follows its heading, if it is one.
pub fn heading(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let inside = text.strip_prefix('^').unwrap_or(text).strip_prefix('[')?;
    let (name, mut rest) = inside.split_once(']')?;
    if let Some(number) = rest.strip_prefix('[') {
        let (number, after) = number.split_once(']')?;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        rest = after;
    }
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (ends && !name.trim().is_empty()).then(|| (name.trim(), rest))
}

/// A space after a backslash belongs to the pattern.
fn end_of_pattern(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() && !is_escaped {
            return at;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    text.len()
}

/// The owners of a line; none where one is none and the line does not count for that.
fn owners(text: &str, syntax: Flavour, faults: &mut Vec<String>) -> Option<Vec<Arc<str>>> {
    let mut owners: Vec<Arc<str>> = Vec::new();
    let mut is_comment = false;
    for word in text.split_whitespace() {
        if word.starts_with('#') {
            // GitLab has no comments behind a pattern: it takes the owners that are named there.
            is_comment = true;
            if syntax == Flavour::GitHub {
                break;
            }
        }
        if is_owner(word, syntax) {
            if owners.len() < MOST_OWNERS && !owners.iter().any(|owner| **owner == *word) {
                owners.push(Arc::from(word));
            }
            continue;
        }
        if !is_comment {
            let shown: String = word.chars().take(40).collect();
            faults.push(format!("`{shown}` is no owner"));
            if syntax == Flavour::GitHub {
                return None;
            }
        }
    }
    Some(owners)
}

/// `@somebody`, `@team/group`, `somebody@example.com`, and GitLab's roles: `@@maintainer`.
fn is_owner(word: &str, syntax: Flavour) -> bool {
    let plain = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_./+".contains(&byte))
    };
    let name = match word.strip_prefix("@@") {
        Some(role) if syntax == Flavour::GitLab => return plain(role),
        _ => word.strip_prefix('@'),
    };
    word.len() <= LONGEST_OWNER
        && match (name, word.split_once('@')) {
            (Some(name), _) => plain(name),
            (None, Some((who, host))) => plain(who) && plain(host),
            (None, None) => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str, syntax: Flavour) -> (String, Vec<String>, Vec<String>) {
        let mut faults = Vec::new();
        match read(text, syntax, &mut faults) {
            OwnersLine::Entry(entry) => {
                let owners = entry.owners.iter().map(|owner| owner.to_string());
                (entry.pattern.to_owned(), owners.collect(), faults)
            }
            other => (format!("{other:?}"), Vec::new(), faults),
        }
    }

    #[test]
    fn a_line_is_a_pattern_and_its_owners() {
        let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        for (text, pattern, owners) in [
            (
                "*.tf @acme/platform  ops@acme.example",
                "*.tf",
                &["@acme/platform", "ops@acme.example"][..],
            ),
            ("a\\ b/ @me # for @you", "a\\ b/", &["@me"]),
            ("a\t@me\t@me", "a", &["@me"]),
            ("/free", "/free", &[]),
            ("/free # nobody's", "/free", &[]),
        ] {
            let expected: (String, Vec<String>, Vec<String>) =
                (pattern.to_owned(), texts(owners), Vec::new());
            assert_eq!(entry(text, Flavour::GitHub), expected, "{text}");
        }
        let (_, owners, faults) = entry("a @me # and @you", Flavour::GitLab);
        assert_eq!(owners, ["@me", "@you"]);
        assert!(faults.is_empty(), "{faults:?}");
        let (pattern, _, faults) = entry("a me", Flavour::GitHub);
        assert_eq!((&*pattern, faults.len()), ("Nothing", 1));
        let (pattern, owners, faults) = entry("a me @me @@owner", Flavour::GitLab);
        assert_eq!((&*pattern, owners.len(), faults.len()), ("a", 2, 1));
        let (_, _, faults) = entry("[Docs] @me", Flavour::GitHub);
        assert_eq!(faults, ["GitHub knows no sections"]);
    }

    #[test]
    fn a_heading_is_told_from_a_range() {
        for (text, name) in [
            ("[Docs]", Some("Docs")),
            ("^[Docs] @me", Some("Docs")),
            ("[Docs][2] @me", Some("Docs")),
            ("[Dd]ocs/ @me", None),
            ("[Docs][x]", None),
            ("[ ]", None),
            ("[Docs", None),
        ] {
            assert_eq!(heading(text).map(|(name, _)| name), name, "{text}");
        }
    }
}
