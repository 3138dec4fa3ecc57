//! What a record must be before it is written. What the template says against it is judged afterwards, with the change made.

use jiff::Zoned;
use jiff::civil::Date;

use crate::edit::Record;
use crate::justify::KINDS;

/// Characters that a reason has at least.
const SHORTEST: usize = 20;
/// Kinds that are ways to get going, not places to stay.
const PASSING: [&str; 2] = ["migration", "skills"];
/// What stands where a reason should.
const PLACEHOLDERS: [&str; 12] = [
    "todo",
    "tbd",
    "tba",
    "fixme",
    "xxx",
    "wip",
    "placeholder",
    "to be determined",
    "to be done",
    "to be defined",
    "to be decided",
    "lorem ipsum",
];

/// Everything that is wrong with a record.
pub fn check(record: &Record) -> Result<(), String> {
    check_given(record, true, true)
}

/// As [`check`], for what was given; the rest will be asked for.
pub fn check_given(record: &Record, because: bool, reason: bool) -> Result<(), String> {
    let mut wrong = Vec::new();
    if because {
        wrong.extend(kind(&record.because).err());
    }
    if reason {
        wrong.extend(words(&record.reason).err());
    }
    match &record.expires {
        Some(day) => wrong.extend(date(day).err()),
        None if because => wrong.extend(needs_end(&record.because).err()),
        None => {}
    }
    let others = [("--owner", &record.owner), ("--evidence", &record.evidence)];
    for (name, text) in others {
        if let Some(text) = text {
            wrong.extend(line(text).err().map(|error| format!("{name}: {error}")));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\nerror: "))
    }
}

/// Whether a kind is one.
pub fn kind(text: &str) -> Result<(), String> {
    if KINDS.contains(&text) {
        return Ok(());
    }
    let near = KINDS.iter().map(|kind| {
        (
            strsim::damerau_levenshtein(kind, &text.to_lowercase()),
            kind,
        )
    });
    let near = near.min().filter(|(distance, _)| *distance <= 3);
    let hint = near.map(|(_, kind)| format!("; did you mean {kind}?"));
    Err(format!(
        "--because: no kind `{}`{}\n  valid: {}",
        text.escape_debug(),
        hint.unwrap_or_default(),
        KINDS.join(", ")
    ))
}

/// Whether words are a reason.
pub fn words(text: &str) -> Result<(), String> {
    line(text).map_err(|error| format!("--reason: {error}"))?;
    let bare: String = text
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let promise = PLACEHOLDERS.iter().find(|word| {
        bare.strip_prefix(**word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    if let Some(promise) = promise {
        return Err(format!(
            "--reason: `{promise}` promises a reason, and gives none"
        ));
    }
    let telling = text
        .split_whitespace()
        .filter(|word| !is_reference(word))
        .collect::<Vec<_>>()
        .join(" ");
    let length = telling.chars().count();
    if length < SHORTEST {
        return Err(format!(
            "--reason: {length} characters that tell something, {SHORTEST} are asked for; a ticket or a link is evidence"
        ));
    }
    Ok(())
}

/// Whether a text is a day that is still to come.
pub fn date(text: &str) -> Result<(), String> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let Some(day) = text.parse::<Date>().ok().filter(|_| plain) else {
        return Err(format!(
            "--expires: `{}` is no day such as 2027-06-30",
            text.escape_debug()
        ));
    };
    if day < Zoned::now().date() {
        return Err(format!("--expires: {text} is over"));
    }
    Ok(())
}

/// Whether a kind can do without an end.
pub fn needs_end(because: &str) -> Result<(), String> {
    if PASSING.contains(&because) {
        return Err(format!(
            "--expires: {because} is a way to get going, not a place to stay: it needs an end"
        ));
    }
    Ok(())
}

/// Whether a text is one line that says something.
pub fn line(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if text.contains(breaks) {
        return Err("one line without control characters is asked for".to_owned());
    }
    Ok(())
}

/// A ticket number or a link.
fn is_reference(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
    let (letters, digits) = word
        .split_once('-')
        .unwrap_or(("", word.trim_start_matches('#')));
    let ticket = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && letters.bytes().all(|b| b.is_ascii_uppercase())
        && (!letters.is_empty() || word.starts_with('#'));
    ticket || word.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_reason_is_refused() {
        for text in [
            "",
            "  ",
            "TODO",
            "tbd",
            "TODO: write the reason down later",
            "because",
            "SHOP-1234",
            "see #1234, see https://example.org/a/long/link/to/somewhere",
            "short of twenty",
            "two lines are not\none reason at all",
        ] {
            assert!(words(text).is_err(), "{text}");
        }
        assert_eq!(words("licensed per physical core of the host"), Ok(()));
        assert_eq!(words("todos are counted by this service"), Ok(()));
    }

    #[test]
    fn kinds_and_days_are_checked() {
        assert!(kind("license").is_err_and(|error| error.contains("did you mean licence?")));
        assert!(kind("").is_err());
        assert_eq!(kind("licence"), Ok(()));
        for text in [
            "2027-02-30",
            "27-01-01",
            "2027-6-30",
            "soon",
            "2001-01-01",
            "2027-06-30T00:00",
            "",
        ] {
            assert!(date(text).is_err(), "{text}");
        }
        assert_eq!(date("9998-12-31"), Ok(()));
        assert!(needs_end("skills").is_err());
    }
}
