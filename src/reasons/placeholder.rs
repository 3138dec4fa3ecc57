//! Is a reason made of words? TODO, "tbd", a bare ticket number, the kind said again and the like are not.

use unicode_width::UnicodeWidthStr;

use super::kinds;

/// A text that begins so promises a reason, and gives none.
const PROMISES: [&str; 15] = [
    "todo",
    "tbd",
    "t b d",
    "tba",
    "tbc",
    "tk",
    "fixme",
    "xxx",
    "wip",
    "placeholder",
    "lorem ipsum",
    "to be determined",
    "to be done",
    "to be defined",
    "to be decided",
];

/// Words that say nothing by themselves.
const EMPTY: [&str; 36] = [
    "asdf",
    "as",
    "bar",
    "because",
    "below",
    "baz",
    "comment",
    "description",
    "explanation",
    "foo",
    "here",
    "issue",
    "it",
    "jira",
    "justification",
    "justified",
    "later",
    "n",
    "na",
    "none",
    "null",
    "ok",
    "pr",
    "qwerty",
    "reason",
    "reasons",
    "reference",
    "see",
    "some",
    "temp",
    "test",
    "the",
    "this",
    "ticket",
    "to",
    "why",
];

/// Different words that a sentence in letters has at least.
const FEWEST: usize = 3;

/// Why a text is no reason; `None` where it is one.
#[must_use]
pub fn placeholder(reason: &str, minimum: usize) -> Option<String> {
    let text = spaced(reason);
    if let Some(promise) = PROMISES.iter().find(|promise| begins(&text, promise)) {
        return Some(format!("`{promise}` promises a reason, and gives none"));
    }
    let words: Vec<&str> = reason
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']'))
        .filter(|word| !is_reference(word))
        .collect();
    let text = spaced(&words.join(" "));
    let mut telling: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    if telling.iter().all(|word| EMPTY.contains(word))
        || kinds::named(&text.replace(' ', "-")).is_some()
    {
        return Some(
            if words.is_empty()
                && !reason.trim().is_empty()
                && reason.contains(char::is_alphanumeric)
            {
                "a ticket or a link is evidence, not a reason".to_owned()
            } else {
                "it says nothing".to_owned()
            },
        );
    }
    // What is left once the words that say nothing are taken away from both ends.
    while telling.first().is_some_and(|word| EMPTY.contains(word)) {
        telling.remove(0);
    }
    while telling.last().is_some_and(|word| EMPTY.contains(word)) {
        telling.pop();
    }
    let width = telling.join(" ").width();
    if width < minimum {
        return Some(format!(
            "it has {width} characters that say something, but {minimum} are needed"
        ));
    }
    let ascii = telling.iter().all(|word| word.is_ascii());
    telling.sort_unstable();
    telling.dedup();
    (ascii && telling.len() < FEWEST).then(|| "it is not a sentence".to_owned())
}

fn begins(text: &str, promise: &str) -> bool {
    text.strip_prefix(promise)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// A ticket number or a link: `SHOP-123`, `#42`, `https://...`.
fn is_reference(word: &str) -> bool {
    let word =
        word.trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '?' | '"' | '\'' | '<' | '>'));
    if word.contains("://") {
        return true;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if word.strip_prefix(['#', '!']).is_some_and(digits) || digits(word) {
        return true;
    }
    let key = |text: &str| {
        text.len() > 1
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    word.rsplit_once('-')
        .is_some_and(|(name, number)| key(name) && digits(number))
}

/// Lower case, and one space wherever there is anything but letters and digits.
#[must_use]
pub fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace()) {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_a_reason() {
        for reason in [
            "the payment partner drops the call after 800 ms",
            "the billing engine is licensed per physical core",
            "SHOP-123: the partner's mainframe speaks AMQP only",
            "le logiciel de paie exige un serveur dédié",
            "給与計算ソフトのライセンスが物理コアに紐づくため",
            "it keeps 40 GB of models in memory between calls",
        ] {
            assert_eq!(placeholder(reason, 20), None, "{reason}");
        }
    }

    #[test]
    fn what_says_nothing_is_none() {
        for reason in [
            "...",
            "TODO",
            "todo: ask the team about it",
            "tbd",
            "T.B.D.",
            "because",
            "SHOP-123",
            "see SHOP-123",
            "#42",
            "https://jira.example.com/browse/SHOP-123 and https://example.com",
            "n/a",
            "licence",
            "dedicated throughput",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "fix fix fix fix fix fix fix",
            "FIXME write down why we do this here",
            "we need it",
            "to be determined with the architects",
            "short but true",
            "because because because because",
        ] {
            assert!(placeholder(reason, 20).is_some(), "{reason}");
        }
        assert_eq!(placeholder("we need it for SAP", 10), None);
    }
}
