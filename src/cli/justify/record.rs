//! What a record must be before it is written. What the template says against it is judged afterwards, with the change made.

use jiff::civil::Date;

use crate::base::Author;
use crate::config::{AuthorRule, Config, day};
use crate::edit::WrittenReason;
use crate::reasons::{KINDS, kinds, placeholder, soundness};

/// What holds for every record of a run.
#[derive(Clone, Copy)]
pub struct RecordRules<'a> {
    /// What the configuration asks for.
    pub config: &'a Config,
    /// The day by which it is judged.
    pub today: Date,
}

impl RecordRules<'_> {
    /// Everything that is wrong with a record.
    pub fn check(self, record: &WrittenReason) -> Result<(), String> {
        self.check_given(record, true, true)
    }

    /// As [`RecordRules::check`], for what was given; the rest will be asked for.
    pub fn check_given(
        self,
        record: &WrittenReason,
        because: bool,
        reason: bool,
    ) -> Result<(), String> {
        let mut wrong = Vec::new();
        if because {
            wrong.extend(kind(&record.because).err());
        }
        if reason {
            wrong.extend(self.words(&record.reason).err());
        }
        let given = [
            ("owner", &record.owner),
            ("expires", &record.expires),
            ("evidence", &record.evidence),
        ];
        for (name, text) in given {
            let fault = match text {
                Some(text) if name == "expires" => self.date(text),
                Some(text) => line(text).map_err(|error| format!("--{name}: {error}")),
                // Where words are asked for, the rest is, too.
                None if because && reason => self.optional(&record.because, name),
                None => Ok(()),
            };
            wrong.extend(fault.err());
        }
        let author = record.by.as_deref().and_then(Author::named);
        if self.config.demands.authored_by == AuthorRule::Person && author == Some(Author::Agent) {
            wrong.push(
                "--by: the configuration asks for reasons by a person ([justifications] authored-by): propose it to one"
                    .to_owned(),
            );
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("\nerror: "))
        }
    }

    /// Whether words are a reason.
    pub fn words(self, text: &str) -> Result<(), String> {
        line(text).map_err(|error| format!("--reason: {error}"))?;
        match placeholder(text, self.config.demands.minimum_length) {
            Some(why) => Err(format!("--reason: this is not a reason yet: {why}")),
            None => Ok(()),
        }
    }

    /// Whether a text is a day that is still to come, and not too far away.
    pub fn date(self, text: &str) -> Result<(), String> {
        let Some(end) = day(text).filter(|_| text == text.trim()) else {
            return Err(format!(
                "--expires: `{}` is not a day like 2027-06-30",
                text.escape_debug()
            ));
        };
        if end < self.today {
            return Err(format!("--expires: {text} has passed"));
        }
        match &self.config.demands.furthest {
            Some(limit) if end > limit.last(self.today) => Err(format!(
                "--expires: {text} is too far away: the configuration allows {limit}"
            )),
            _ => Ok(()),
        }
    }

    /// Whether a text backs up a reason that stands in a file.
    pub fn evidence(self, text: &str, named_in: &str) -> Result<(), String> {
        line(text).map_err(|error| format!("--evidence: {error}"))?;
        match soundness::no_evidence(text, named_in, self.config) {
            Some(why) => Err(format!("--evidence: `{text}` {why}")),
            None => Ok(()),
        }
    }

    /// Whether a reason of this kind can do without a field.
    pub fn optional(self, because: &str, field: &str) -> Result<(), String> {
        if kinds::named(because).is_some_and(|kind| kind.needs.iter().any(|need| need == field)) {
            return Err(format!(
                "--{field}: a reason of the kind {because} needs it"
            ));
        }
        if self.config.demands.require.iter().any(|name| name == field) {
            return Err(format!("--{field}: the configuration requires it"));
        }
        Ok(())
    }
}

/// Whether a kind is one.
pub fn kind(text: &str) -> Result<(), String> {
    if KINDS.contains(&text) {
        return Ok(());
    }
    let hint = kinds::nearest(text).map(|kind| format!("; did you mean {kind}?"));
    Err(format!(
        "--because: there is no kind `{}`{}\n  valid: {}",
        text.escape_debug(),
        hint.unwrap_or_default(),
        KINDS.join(", ")
    ))
}

/// Whether a text is one line that says something.
pub fn line(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if text.contains(breaks) {
        return Err("it must be one line without control characters".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_is_no_reason_is_refused() {
        let config = Config::default();
        let law = RecordRules {
            config: &config,
            today: date(2026, 1, 1),
        };
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
            assert!(law.words(text).is_err(), "{text}");
        }
        assert_eq!(law.words("licensed per physical core of the host"), Ok(()));
        assert!(kind("license").is_err_and(|error| error.contains("did you mean licence?")));
        assert!(kind("").is_err());
        for text in [
            "2027-02-30",
            "27-01-01",
            "2027-6-30",
            "soon",
            "2025-12-31",
            " 2027-06-30",
            "",
        ] {
            assert!(law.date(text).is_err(), "{text}");
        }
        assert_eq!(law.date("2026-01-01"), Ok(()));
        assert!(law.optional("skills", "expires").is_err());
        assert_eq!(law.optional("skills", "owner"), Ok(()));
    }
}
