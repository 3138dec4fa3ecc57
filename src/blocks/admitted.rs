//! What a parameter's value must look like.

use std::cell::OnceCell;

use super::refusal::LONGEST;

/// Longest pattern, and largest program of one; others rule nothing out.
const PATTERN: usize = 1 << 12;
/// Texts that a pattern may spell out one by one.
const MOST_TEXTS: usize = 64;

/// Length and pattern of a parameter's text.
#[derive(Debug, Default)]
pub struct Shape {
    /// The least and the greatest number of characters.
    pub lengths: (Option<usize>, Option<usize>),
    /// What the whole text must match.
    pub pattern: Option<Pattern>,
}

impl Shape {
    /// Whether a text may be the value.
    #[must_use]
    pub fn admits(&self, text: &str) -> bool {
        self.wanted(text).is_none()
    }

    /// What the value must be, where a text is something else.
    #[must_use]
    pub fn wanted(&self, text: &str) -> Option<String> {
        let (least, most) = self.lengths;
        let length = text.chars().count();
        let characters = |count: usize| match count {
            1 => "1 character".to_owned(),
            count => format!("{count} characters"),
        };
        if let Some(least) = least.filter(|least| length < *least) {
            return Some(format!("it must have at least {}", characters(least)));
        }
        if let Some(most) = most.filter(|most| length > *most) {
            return Some(format!("it must have at most {}", characters(most)));
        }
        self.wanted_of_part(text)
    }

    /// The same of a part of a list, whose length is nobody's matter.
    #[must_use]
    pub fn wanted_of_part(&self, part: &str) -> Option<String> {
        let pattern = self.pattern.as_ref()?;
        let is_short = pattern.text.chars().count() <= LONGEST;
        (!pattern.admits(part)).then(|| match is_short {
            true => format!("it must match `{}`", pattern.text),
            false => "it must match its `AllowedPattern`".to_owned(),
        })
    }
}

/// A regular expression as Java understands it.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    compiled: OnceCell<Option<regex::Regex>>,
}

impl Pattern {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            compiled: OnceCell::new(),
        }
    }

    /// Whether it matches all of a text. A pattern that only Java knows rules nothing out.
    fn admits(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| {
            if self.text.len() > PATTERN {
                return None;
            }
            let whole = format!(r"\A(?:{})\z", self.text);
            let mut builder = regex::RegexBuilder::new(&whole);
            builder.size_limit(PATTERN << 8).build().ok()
        });
        compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }

    /// The only texts that it matches, where it is nothing but a list of them: `^(EC2|FARGATE)$`.
    #[must_use]
    pub fn texts(&self) -> Option<Vec<String>> {
        let mut rest = self.text.as_str();
        // Around one alternative an anchor binds less than around all of them, but what matches must match as a whole anyway.
        if let Some(inner) = rest
            .strip_prefix('^')
            .and_then(|rest| rest.strip_suffix('$'))
        {
            rest = inner;
        }
        if let Some(inner) = rest.strip_suffix(')') {
            let inner = inner
                .strip_prefix("(?:")
                .or_else(|| inner.strip_prefix('('));
            rest = inner
                .filter(|inner| !inner.contains(['(', ')']))
                .unwrap_or(rest);
        }
        let texts: Vec<String> = rest.split('|').map(literal).collect::<Option<_>>()?;
        (texts.len() <= MOST_TEXTS).then_some(texts)
    }
}

/// The text that an alternative stands for, if it is nothing but a text.
fn literal(alternative: &str) -> Option<String> {
    let mut rest = alternative;
    rest = rest.strip_prefix('^').unwrap_or(rest);
    rest = rest.strip_suffix('$').unwrap_or(rest);
    if let Some(inner) = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        rest = inner;
    }
    let mut text = String::with_capacity(rest.len());
    let mut letters = rest.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(letters.next().filter(char::is_ascii_punctuation)?),
            '-' | '_' | ' ' | ':' | '/' | ',' | '=' | '@' => text.push(letter),
            letter if letter.is_alphanumeric() => text.push(letter),
            _ => return None,
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_all_of_a_text() {
        for (pattern, yes, no) in [
            ("^FARGATE$", "FARGATE", "EC2"),
            ("FARGATE", "FARGATE", "FARGATE_SPOT"),
            ("db\\..*", "db.large", "cache.large"),
            ("^(a|b)$", "b", "ab"),
            ("[a-z]{2,3}", "abc", "abcd"),
        ] {
            let pattern = Pattern::new(pattern);
            assert!(pattern.admits(yes), "{pattern:?}");
            assert!(!pattern.admits(no), "{pattern:?}");
        }
    }

    #[test]
    fn what_cannot_be_compiled_rules_nothing_out() {
        let long = "x".repeat(PATTERN + 1);
        let large = "(?:[a-z]{1000}){1000}".to_owned();
        for pattern in [
            "(?!EC2).*".to_owned(),
            "(".to_owned(),
            "(a)\\1".to_owned(),
            long,
            large,
        ] {
            assert!(Pattern::new(pattern).admits("EC2"));
        }
    }

    #[test]
    fn a_list_of_texts_is_one() {
        let texts = |pattern: &str| Pattern::new(pattern).texts();
        let some = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
        assert_eq!(texts("^FARGATE$"), some(&["FARGATE"]));
        assert_eq!(texts("^(EC2|FARGATE)$"), some(&["EC2", "FARGATE"]));
        assert_eq!(texts("(?:EC2|FARGATE)"), some(&["EC2", "FARGATE"]));
        assert_eq!(texts("^EC2$|^FARGATE$"), some(&["EC2", "FARGATE"]));
        assert_eq!(texts("^(EC2)$|^(FARGATE)$"), some(&["EC2", "FARGATE"]));
        assert_eq!(texts(r"^db\.t3$"), some(&["db.t3"]));
        assert_eq!(texts("^$|^a$"), some(&["", "a"]));
        for open in [
            "a.",
            "a*",
            "[ab]",
            "(a|b)(c|d)",
            "(a|b)c",
            r"\d",
            "(?i)a",
            "a{2}",
            "^a?$",
        ] {
            assert_eq!(texts(open), None, "{open}");
        }
    }

    #[test]
    fn lengths_count_characters() {
        let shape = Shape {
            lengths: (Some(1), Some(3)),
            pattern: None,
        };
        assert!(shape.admits("äöü"));
        assert!(!shape.admits("") && !shape.admits("abcd"));
    }
}
