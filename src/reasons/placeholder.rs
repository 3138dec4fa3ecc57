//! Is a reason made of words? TODO, "tbd", a bare ticket number, the kind said again and the like are not.

use std::collections::BTreeSet;

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
    // An identifier is one word, whatever its parts are: `payment-service-blue`.
    let tokens: BTreeSet<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let few = telling.len().min(tokens.len()) < FEWEST;
    (ascii && few).then(|| "it is not a sentence".to_owned())
}

fn begins(text: &str, promise: &str) -> bool {
    text.strip_prefix(promise)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// What points at something and says nothing of it: a link, a path, a ticket of whatever shape, a digest, an identifier.
fn is_reference(word: &str) -> bool {
    let word = word
        .trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '?' | '"' | '\'' | '<' | '>' | '`'));
    let lower = word.to_ascii_lowercase();
    let is_link = word.contains("://") || lower.starts_with("www.") || lower.starts_with("arn:");
    is_link || word.contains('@') || is_path(word) || is_ticket(word) || word.contains('_')
}

/// `docs/licence.md`, `/etc/hosts`, `a/b/c`; not `read/write`.
fn is_path(word: &str) -> bool {
    let slashes = word.matches(['/', '\\']).count();
    let begins = word.starts_with(['/', '~', '.']);
    let last = word.rsplit(['/', '\\']).next().unwrap_or_default();
    let has_ending = last.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty() && (1..=5).contains(&ending.len()) && !is_digits(ending)
    });
    slashes > 1 || (slashes == 1 && (begins || has_ending)) || is_file(word)
}

/// `decisions.md`: endings that nobody writes after a sentence.
fn is_file(word: &str) -> bool {
    let endings = [
        ".md", ".txt", ".pdf", ".docx", ".html", ".yaml", ".yml", ".json", ".toml", ".tf",
    ];
    let lower = word.to_ascii_lowercase();
    endings.iter().any(|ending| lower.ends_with(ending))
}

/// `SHOP-123`, `#42`, `PLATFORM-OPERATIONS-0004711`, `org/repo#12`, `INC0012345`, `3f9c2ab`.
fn is_ticket(word: &str) -> bool {
    if is_digits(word) || word.strip_prefix(['#', '!']).is_some_and(is_digits) {
        return true;
    }
    let (before, last) = match word.rfind(['-', '#', '!', '/', ':']) {
        Some(at) => (&word[..at], &word[at + 1..]),
        None => {
            let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
            (letters, &word[letters.len()..])
        }
    };
    let is_number = is_digits(last) && before.contains(|c: char| c.is_ascii_alphabetic());
    let is_spelled = before.len() < word.len() - last.len() || last.len() > 3;
    let is_hex = word.len() > 6
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_digit());
    (is_number && is_spelled) || is_hex
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
            "read/write splitting needs PostgreSQL 16 with pg_stat",
            "ISO-27001 auditors demand hosts of our own",
            "the engine is licensed per core, see docs/licence.md and LIC-2024-0007",
            "mission-critical low-latency trading",
            "and/or queries of Db2 that no serverless engine has",
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
            "PLATFORM-OPERATIONS-0004711",
            "platform-operations-0004711, see also CHG0012345678",
            "ServiceNow INC0012345678901234567890",
            "example-org/infrastructure-decisions#1234567",
            "docs/decisions/0012-database.md",
            "see docs/adr/0012-keep-the-broker.md and the ticket",
            "www.example.com/decisions/broker",
            "3f9c2ab47d1e0b5a6c8d9e0f1a2b3c4d5e6f7a8b",
            "arn:aws:ssm:eu-west-1:123456789012:parameter/why",
            "payment_service_production_broker",
            "payment-service-production-broker",
            "team@example.com asked PLATFORM-1234",
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
