//! What providers limit: each number once, with its source and the day on which somebody last read it. Texts of rules name it
//! between braces: `at most {lambda-timeout}`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::coded::{Text, coded};
use super::lifecycle::Day;

/// One as people write it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitText {
    /// What it limits: "the time that a Lambda function may take".
    pub of: String,
    pub value: i64,
    /// As in a sentence behind the number: "minutes".
    pub unit: String,
    /// The page that says so.
    pub source: String,
    /// The day on which somebody last read that page.
    pub checked: Day,
}

/// One as the program uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderLimit {
    /// As texts name it, without braces.
    pub name: Text,
    /// What it limits.
    pub of: Text,
    pub value: i64,
    /// What the number counts.
    pub unit: Text,
    /// The page that says so.
    pub source: Text,
    /// The day on which somebody last read that page.
    pub checked: Text,
}

coded!(ProviderLimit {
    name,
    of,
    value,
    unit,
    source,
    checked
});

impl ProviderLimit {
    /// Makes one of what people wrote, which has no fault.
    #[must_use]
    pub fn of(name: &str, text: &LimitText) -> Self {
        Self {
            name: name.to_owned().into(),
            of: text.of.clone().into(),
            value: text.value,
            unit: text.unit.clone().into(),
            source: text.source.clone().into(),
            checked: text.checked.text().unwrap_or_default().into(),
        }
    }

    /// As it stands in a sentence: "15 minutes".
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", grouped(self.value), self.unit)
    }

    /// Whether a text, in which names are numbers already, says it.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let words = self.words();
        let mut found = text.match_indices(&words);
        found.any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + words.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    }
}

/// As people write it: "20,000".
fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Limits by name.
#[derive(Clone, Debug, Default)]
pub struct Limits(BTreeMap<String, ProviderLimit>);

impl Limits {
    /// Adds one; what had the name before gives way.
    pub fn insert(&mut self, limit: ProviderLimit) {
        self.0.insert(limit.name.to_string(), limit);
    }

    /// A text with the numbers instead of their names. What nobody has stays as it is.
    #[must_use]
    pub fn expand(&self, text: &str) -> String {
        let parts = parts(text).map(|part| match part {
            Piece::Plain(text) => Cow::Borrowed(text),
            Piece::Name(name) => match self.0.get(name) {
                Some(limit) => Cow::Owned(limit.words()),
                None => Cow::Owned(format!("{{{name}}}")),
            },
        });
        parts.collect()
    }

    /// Those that texts name, each once.
    #[must_use]
    pub fn named<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<ProviderLimit> {
        let mut all: Vec<ProviderLimit> = Vec::new();
        for name in texts.into_iter().flat_map(names) {
            let known = self.0.get(name);
            if let Some(limit) = known.filter(|limit| !all.contains(limit)) {
                all.push(limit.clone());
            }
        }
        all
    }

    /// What is wrong with the names in a text.
    pub fn misnamed<'t>(&'t self, text: &'t str) -> impl Iterator<Item = String> + 't {
        let unknown = names(text).filter(|name| !self.0.contains_key(*name));
        unknown.map(|name| {
            format!("there is no limit `{name}`: what stands between braces is the name of one")
        })
    }
}

enum Piece<'t> {
    Plain(&'t str),
    /// Without its braces.
    Name(&'t str),
}

/// Names between braces. Anything else between braces is plain text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    parts(text).filter_map(|part| match part {
        Piece::Name(name) => Some(name),
        Piece::Plain(_) => None,
    })
}

fn parts(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let pieces = text.split_inclusive(['{', '}']);
    let mut is_open = false;
    let mut all = Vec::new();
    for piece in pieces {
        let name = piece.strip_suffix('}').filter(|name| {
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            is_open && !name.is_empty() && name.bytes().all(plain)
        });
        match name {
            Some(name) => {
                if let Some(Piece::Plain(before)) = all.pop() {
                    all.push(Piece::Plain(before.strip_suffix('{').unwrap_or(before)));
                }
                all.push(Piece::Name(name));
            }
            None => all.push(Piece::Plain(piece)),
        }
        is_open = piece.ends_with('{');
    }
    all.into_iter()
}

/// What is wrong with a limit: the key, and words.
pub fn faults(text: &LimitText) -> Vec<(&'static str, String)> {
    let mut faults = super::bills::unsourced(&text.source, &text.checked);
    for (key, words) in [("of", &text.of), ("unit", &text.unit)] {
        if words.trim().is_empty() {
            faults.push((key, format!("`{key}` is empty")));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        let mut limits = Limits::default();
        limits.insert(ProviderLimit {
            name: "job-memory".into(),
            of: "the memory of a job".into(),
            value: 4,
            unit: "GB".into(),
            source: "https://example.com".into(),
            checked: "2026-11-30".into(),
        });
        limits
    }

    #[test]
    fn a_name_between_braces_becomes_the_number() {
        let limits = limits();
        for (text, expected) in [
            ("at most {job-memory}", "at most 4 GB"),
            ("{job-memory}{job-memory}, or more", "4 GB4 GB, or more"),
            // None of these is a name.
            (
                "${JobMemory} {} { job-memory } {a.b} }{",
                "${JobMemory} {} { job-memory } {a.b} }{",
            ),
            ("{{job-memory}}", "{4 GB}"),
            ("job-memory}", "job-memory}"),
            ("{job-memory", "{job-memory"),
            ("{other}", "{other}"),
            ("", ""),
        ] {
            assert_eq!(limits.expand(text), expected, "{text}");
        }
        assert_eq!(limits.misnamed("{job-memory} {other}").count(), 1);
        assert_eq!(
            limits.named(["{job-memory}", "{job-memory} {other}"]).len(),
            1
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        let pairs = [
            (0, "0"),
            (999, "999"),
            (5000, "5,000"),
            (1_234_567, "1,234,567"),
            (-20_000, "-20,000"),
        ];
        for (value, expected) in pairs {
            assert_eq!(grouped(value), expected);
        }
    }

    #[test]
    fn a_number_is_found_as_a_whole_one() {
        let limits = limits();
        let limit = &limits.0["job-memory"];
        assert!(limit.is_in("at most 4 GB, and no GPU"));
        assert!(!limit.is_in("at most 244 GB"));
        assert!(!limit.is_in("4 GBit"));
    }
}
