//! The tests of the rule language: what a case asks of the values of one property. How a test is read, compiled, asked,
//! proposed and put into words stands side by side here, so a new one touches this file and `rules/schema.json`.

use std::borrow::Cow;

use super::coded::{Coded, Reader, Text, Writer};
use super::{globs::like, sets::Sets};

/// What is asked of the values at a property's paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// One is one of these.
    Is(Vec<Text>),
    /// One is there that is none of these.
    OtherThan(Vec<Text>),
    /// One matches one of these globs; `*` stands for anything, and small letters are capital ones.
    Like(Vec<Text>),
    /// There is one, and every one is one of these.
    Every(Vec<Text>),
    /// There is one, and every one matches one of these globs.
    EveryLike(Vec<Text>),
    /// One is a number above this.
    Above(i64),
    /// One is a number from this on, and a smaller one cannot be deployed: none is tried for a parameter.
    AtLeast(i64),
    /// There is one, and every one is a number up to this.
    AtMost(i64),
    /// There is one, or there is none.
    Present(bool),
}

/// The tests by name, for messages.
const NAMES: &str = "is, other_than, like, every, every_like, above, at_least, at_most, present";

/// Whether something holds: known or, for those who can leave it open, not.
pub trait Logic: Sized {
    /// Known, one way or the other.
    fn known(holds: bool) -> Self;
    /// Both hold.
    #[must_use]
    fn and(self, other: Self) -> Self;
    #[must_use]
    fn negated(self) -> Self;
}

impl Logic for bool {
    fn known(holds: bool) -> Self {
        holds
    }

    fn and(self, other: Self) -> Self {
        self && other
    }

    fn negated(self) -> Self {
        !self
    }
}

/// Known, or nothing.
impl Logic for Option<bool> {
    fn known(holds: bool) -> Self {
        Some(holds)
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), other) => other,
            (None, _) => None,
        }
    }

    fn negated(self) -> Self {
        self.map(|holds| !holds)
    }
}

/// The values of a property, as a test sees them.
pub trait Values {
    type Answer: Logic;

    /// Whether one of them passes.
    fn some(&self, passes: &dyn Fn(&str) -> bool) -> Self::Answer;

    /// Whether there is one at all.
    fn present(&self) -> Self::Answer;

    /// Whether one of them is a number above this.
    fn above(&self, least: f64) -> Self::Answer {
        self.some(&|text| number(text).is_some_and(|number| number > least))
    }
}

/// A value that is worth trying for a parameter, because a test names it.
#[derive(Debug, PartialEq, Eq)]
pub struct Proposal<'t> {
    /// The value; nothing for one that nobody names.
    pub value: Option<Cow<'t, str>>,
    /// How it is shown, where the value itself would not do.
    pub words: Option<String>,
}

impl Test {
    /// Reads the right-hand side of a condition: a text, a list, or a table with one test.
    ///
    /// # Errors
    /// What is not understood, in a sentence.
    pub fn parse(name: &str, value: &toml::Value, sets: &Sets) -> Result<Self, String> {
        if let Some(texts) = texts(value) {
            return Ok(Self::Is(sets.expand(&texts)?));
        }
        let table = value
            .as_table()
            .ok_or_else(|| format!("`{name}` needs a string, a list or one of {NAMES}"))?;
        let mut entries = table.iter();
        let (Some((key, value)), None) = (entries.next(), entries.next()) else {
            return Err(format!("`{name}` needs exactly one of {NAMES}"));
        };
        let list = || match texts(value) {
            Some(texts) => sets.expand(&texts),
            None => Err(format!("`{name}.{key}` needs a string or a list")),
        };
        let number = || {
            let number = value.as_integer();
            number.ok_or_else(|| format!("`{name}.{key}` needs a whole number"))
        };
        match key.as_str() {
            "is" => list().map(Self::Is),
            "other_than" => list().map(Self::OtherThan),
            "like" => list().map(Self::Like),
            "every" => list().map(Self::Every),
            "every_like" => list().map(Self::EveryLike),
            "above" => number().map(Self::Above),
            "at_least" => number().map(Self::AtLeast),
            "at_most" => number().map(Self::AtMost),
            "present" => match value.as_bool() {
                Some(present) => Ok(Self::Present(present)),
                None => Err(format!("`{name}.present` needs true or false")),
            },
            "not" => Err(format!(
                "`{name}` has no test `not`: write `{name} = {{ other_than = ... }}` for a value that is none of these, or `not = {{ {name} = ... }}` for the opposite of a condition"
            )),
            _ => Err(format!("`{name}` has no test `{key}`; valid are {NAMES}")),
        }
    }

    pub fn ask<V: Values>(&self, values: &V) -> V::Answer {
        let every = |passes: &dyn Fn(&str) -> bool| {
            let other = values.some(&|text| !text.is_empty() && !passes(text));
            values.some(passes).and(other.negated())
        };
        match self {
            Self::Is(texts) => values.some(&|text| is_one(text, texts)),
            Self::OtherThan(texts) => values.some(&|text| !text.is_empty() && !is_one(text, texts)),
            Self::Like(globs) => values.some(&|text| is_like(text, globs)),
            Self::Every(texts) => every(&|text| is_one(text, texts)),
            Self::EveryLike(globs) => every(&|text| is_like(text, globs)),
            Self::Above(least) => values.above(whole(*least)),
            Self::AtLeast(least) => values.above(whole(least.saturating_sub(1))),
            Self::AtMost(most) => {
                every(&|text| number(text).is_some_and(|number| number <= whole(*most)))
            }
            Self::Present(true) => values.present(),
            Self::Present(false) => values.present().negated(),
        }
    }

    /// Whether it compares values with whole words, so that a name which nobody chose yet is known to be none of them.
    #[must_use]
    pub const fn names_words(&self) -> bool {
        matches!(self, Self::Is(_) | Self::OtherThan(_) | Self::Every(_))
    }

    /// The word with which it compares that a text is but for small and capital letters, hyphens and underscores.
    #[must_use]
    pub fn nearly(&self, text: &str) -> Option<&str> {
        let (Self::Is(words) | Self::OtherThan(words) | Self::Every(words)) = self else {
            return None;
        };
        // A truth may be written in any letters.
        if is_one(text, words)
            || ["true", "false"]
                .iter()
                .any(|one| text.eq_ignore_ascii_case(one))
        {
            return None;
        }
        let mut words = words.iter().map(|word| &**word);
        words.find(|word| is_nearly(word, text))
    }

    /// Whether its answer is the same for every text with this start and this end.
    #[must_use]
    pub fn is_settled(&self, start: &str, end: &str) -> bool {
        let room = start.len() + end.len();
        match self {
            Self::Is(texts) | Self::OtherThan(texts) | Self::Every(texts) => texts
                .iter()
                .all(|text| text.len() < room || !text.starts_with(start) || !text.ends_with(end)),
            Self::Like(globs) | Self::EveryLike(globs) => {
                let start = start.to_lowercase();
                let begins = |glob: &Text| {
                    let glob = glob.to_lowercase();
                    let fixed = glob.split('*').next().unwrap_or_default().to_owned();
                    (fixed.len() + 1 == glob.len(), fixed)
                };
                let passes = globs.iter().any(|glob| {
                    let (is_prefix, fixed) = begins(glob);
                    is_prefix && start.starts_with(&fixed)
                });
                passes
                    || globs.iter().all(|glob| {
                        let (_, fixed) = begins(glob);
                        !start.starts_with(&fixed) && !fixed.starts_with(&start)
                    })
            }
            Self::Above(_) | Self::AtLeast(_) | Self::AtMost(_) | Self::Present(_) => false,
        }
    }

    /// Whether the value that passes it is what a reader looks for; a number only narrows that down.
    #[must_use]
    pub const fn tells(&self) -> bool {
        !matches!(
            self,
            Self::Above(_) | Self::AtLeast(_) | Self::AtMost(_) | Self::Present(_)
        )
    }

    /// The values that it names, for a parameter.
    pub fn propose(&self, parameter: &str, mut to: impl FnMut(Proposal<'_>)) {
        let mut named = |value: &str| {
            to(Proposal {
                value: Some(value.into()),
                words: None,
            });
        };
        let quoted = |texts: &[Text], between: &str| {
            let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
            quoted.join(between)
        };
        match self {
            Self::Is(texts) | Self::OtherThan(texts) | Self::Every(texts) => {
                texts.iter().for_each(|text| named(text));
                let none = quoted(texts, " and ");
                to(Proposal {
                    value: None,
                    words: Some(format!("`{parameter}` other than {none}")),
                });
            }
            Self::Like(globs) | Self::EveryLike(globs) => {
                for glob in globs {
                    to(Proposal {
                        value: Some(glob.replace('*', "x").into()),
                        words: Some(format!("`{parameter}` like `{glob}`")),
                    });
                }
                let none = quoted(globs, " and ");
                to(Proposal {
                    value: None,
                    words: Some(format!("`{parameter}` unlike {none}")),
                });
            }
            Self::Above(number) | Self::AtMost(number) => {
                named(&number.to_string());
                to(Proposal {
                    value: Some(number.saturating_add(1).to_string().into()),
                    words: Some(format!("`{parameter}` above {number}")),
                });
            }
            Self::AtLeast(number) => to(Proposal {
                value: Some(number.to_string().into()),
                words: Some(format!("`{parameter}` above {}", number.saturating_sub(1))),
            }),
            Self::Present(_) => {
                to(Proposal {
                    value: Some("".into()),
                    words: Some(format!("`{parameter}` is empty")),
                });
                to(Proposal {
                    value: None,
                    words: Some(format!("`{parameter}` set")),
                });
            }
        }
    }

    /// What it says of a property, after its name: "is `a` or `b`"; or the opposite.
    #[must_use]
    pub fn phrase(&self, holds: bool) -> String {
        let or = |texts: &[Text]| {
            let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
            quoted.join(" or ")
        };
        let (yes, no) = match self {
            Self::Is(texts) => (format!("is {}", or(texts)), format!("is not {}", or(texts))),
            Self::OtherThan(texts) => (
                format!("is other than {}", or(texts)),
                format!("is not set or only {}", or(texts)),
            ),
            Self::Like(globs) => (
                format!("is like {}", or(globs)),
                format!("is not like {}", or(globs)),
            ),
            Self::Every(texts) => (
                format!("is only {}", or(texts)),
                format!("is not set or not only {}", or(texts)),
            ),
            Self::EveryLike(globs) => (
                format!("is only like {}", or(globs)),
                format!("is not set or not only like {}", or(globs)),
            ),
            Self::Above(number) => (
                format!("is above {number}"),
                format!("is not above {number}"),
            ),
            Self::AtLeast(number) => {
                let below = number.saturating_sub(1);
                (format!("is above {below}"), format!("is not above {below}"))
            }
            Self::AtMost(number) => (
                format!("is {number} at most"),
                format!("is not set or above {number}"),
            ),
            Self::Present(present) => {
                let words = |present| if present { "is set" } else { "is not set" };
                (words(*present).to_owned(), words(!present).to_owned())
            }
        };
        if holds { yes } else { no }
    }
}

impl Coded for Test {
    fn write(&self, to: &mut Writer) {
        let mut list = |tag, texts: &Vec<Text>| {
            to.tag(tag);
            texts.write(to);
        };
        match self {
            Self::Is(texts) => list(0, texts),
            Self::OtherThan(texts) => list(1, texts),
            Self::Like(globs) => list(2, globs),
            Self::Every(texts) => list(3, texts),
            Self::EveryLike(globs) => list(4, globs),
            Self::Above(number) => {
                to.tag(5);
                number.write(to);
            }
            Self::AtMost(number) => {
                to.tag(6);
                number.write(to);
            }
            Self::Present(present) => {
                to.tag(7);
                present.write(to);
            }
            Self::AtLeast(number) => {
                to.tag(8);
                number.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.tag()? {
            0 => Self::Is(Coded::read(from)?),
            1 => Self::OtherThan(Coded::read(from)?),
            2 => Self::Like(Coded::read(from)?),
            3 => Self::Every(Coded::read(from)?),
            4 => Self::EveryLike(Coded::read(from)?),
            5 => Self::Above(Coded::read(from)?),
            6 => Self::AtMost(Coded::read(from)?),
            7 => Self::Present(Coded::read(from)?),
            8 => Self::AtLeast(Coded::read(from)?),
            _ => return None,
        })
    }
}

fn is_one(text: &str, texts: &[Text]) -> bool {
    texts.iter().any(|known| known == text)
}

fn is_like(text: &str, globs: &[Text]) -> bool {
    globs.iter().any(|glob| like(text, glob))
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

#[expect(clippy::cast_precision_loss, reason = "rules write small numbers")]
const fn whole(number: i64) -> f64 {
    number as f64
}

/// A text, a number or a truth, or a list of them, as texts.
fn texts(value: &toml::Value) -> Option<Vec<String>> {
    let text = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    };
    match value {
        toml::Value::Array(items) => items.iter().map(text).collect(),
        other => text(other).map(|one| vec![one]),
    }
}

/// Whether two words are the same but for small and capital letters, hyphens and underscores.
fn is_nearly(word: &str, other: &str) -> bool {
    let plain = |letter: u8| match letter {
        b'-' => b'_',
        letter => letter.to_ascii_lowercase(),
    };
    word.len() == other.len() && word.bytes().map(plain).eq(other.bytes().map(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct These<'t>(&'t [&'t str]);

    impl Values for These<'_> {
        type Answer = bool;

        fn some(&self, passes: &dyn Fn(&str) -> bool) -> bool {
            self.0.iter().any(|text| passes(text))
        }

        fn present(&self) -> bool {
            !self.0.is_empty()
        }
    }

    fn parsed(text: &str) -> Result<Test, String> {
        let table: toml::Table = text.parse().expect("it is TOML");
        let sets = Sets::from([("small".to_owned(), vec!["a".to_owned(), "b".to_owned()])]);
        Test::parse("size", &table["size"], &sets)
    }

    #[test]
    fn each_test_holds_where_it_says() {
        for (test, yes, no) in [
            ("size = 'a'", &["a", "z"][..], &["z"][..]),
            ("size = { is = '@small' }", &["b"], &["@small"]),
            ("size = { other_than = '@small' }", &["a", "z"], &["a", ""]),
            ("size = { like = 'T3.*' }", &["t3.micro"], &["m5.large"]),
            ("size = { every = ['a', 'b'] }", &["a", "b"], &["a", "z"]),
            (
                "size = { every_like = 't3.*' }",
                &["t3.a", "T3.b"],
                &["t3.a", "m5"],
            ),
            ("size = { above = 1 }", &["1", "1.5"], &["1", "many"]),
            ("size = { at_most = 1 }", &["1", "0"], &["1", "2"]),
            ("size = { at_most = 1 }", &["1"], &["1", "many"]),
            ("size = { present = true }", &["a"], &[]),
        ] {
            let test = parsed(test).expect("it is one");
            assert!(test.ask(&These(yes)), "{test:?} {yes:?}");
            assert!(!test.ask(&These(no)), "{test:?} {no:?}");
            assert_eq!(!test.ask(&These(&[])), test != Test::Present(false));
            assert_ne!(test.phrase(true), test.phrase(false));
        }
    }

    #[test]
    fn a_word_in_other_letters_is_nearly_one() {
        let test = parsed("size = ['Small', 'LARGE', 'true']").expect("it is one");
        for (text, word) in [
            ("large", Some("LARGE")),
            ("SMALL", Some("Small")),
            ("Small", None),
            ("medium", None),
            ("True", None),
        ] {
            assert_eq!(test.nearly(text), word, "{text}");
        }
        let glob = parsed("size = { like = 'Small*' }").expect("it is one");
        assert_eq!(glob.nearly("small1"), None);
    }

    #[test]
    fn what_is_no_test_is_said() {
        for (text, part) in [
            ("size = { not = 'a' }", "other_than"),
            ("size = { over = 1 }", "valid are is, "),
            ("size = { above = 'a' }", "a whole number"),
            ("size = { is = 'a', above = 1 }", "exactly one"),
            ("size = '@large'", "there is no set `large`"),
            ("size = 1.5", "a string, a list"),
        ] {
            let message = parsed(text).expect_err("it is none");
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(parsed("size = '@@x'"), Ok(Test::Is(vec!["@x".into()])));
    }
}
