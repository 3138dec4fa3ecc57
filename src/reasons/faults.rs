//! What can be wrong with a record, and the words of each fault.

use std::sync::Arc;

use jiff::civil::Date;

use super::contradiction::Contradiction;
use super::kinds;
use crate::base::finding::{Finding, Help, Section, Severity};
use crate::base::reason::{FIELDS, Stray};
use crate::base::source::{Source, Span};
use crate::base::{Author, Code, JustificationCode};
use crate::placement::{Field, Reason};

/// Days before its end in which a record is worth a note.
pub const SOON: i64 = 30;

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not say why: these fields are not there or hold nothing.
    Empty(Vec<&'static str>),
    /// Its reason is no sentence, and why.
    Placeholder(String),
    /// Its words are marked as a guess.
    Guess,
    /// `because` is no kind; the nearest one.
    UnknownKind(String, Option<&'static str>),
    /// A field that is not there, and who asks for it.
    Missing(String, Asker),
    /// A key that is no field, and the nearest one.
    UnknownField(String, Option<&'static str>),
    /// `expires` is no day.
    NoDay(String),
    /// It ended so many days ago.
    Expired(Date, i64),
    /// It ends after the last day that is allowed.
    TooFar(Date, Date),
    /// The evidence, and why it is none.
    NoEvidence(String, &'static str),
    /// `by` is no word for an author.
    NoAuthor(String),
    /// An agent wrote it, where a person is asked for: by its `by`, or else by its context.
    ByAgent { says_so: bool },
    /// The template speaks against it.
    Contradicted(String, Contradiction),
    /// It settles nothing, and why.
    Unused(String),
    /// It stands in no place where a reason is looked for, and why.
    Misplaced(Stray),
    /// It stands there in a form that nobody reads, and how it is written.
    OtherForm(Stray, String),
    /// Several words without quotes around them, and how they are written.
    Unquoted(String),
    /// Several keys where one is meant, as they are written.
    SeveralKeys(String),
    /// Another record speaks of the same decision, and counts: where it stands.
    Duplicate(String),
    /// No fault: it ends in so many days.
    EndsSoon(Date, i64),
}

/// Who asks for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    Kind(&'static str),
    /// `[justifications] require`.
    Configuration,
}

impl Fault {
    /// As in a finding's code.
    #[must_use]
    pub const fn code(&self) -> JustificationCode {
        match self {
            Self::Empty(_) => JustificationCode::Empty,
            Self::Placeholder(_) | Self::Guess => JustificationCode::Placeholder,
            Self::UnknownKind(..) => JustificationCode::UnknownKind,
            Self::Missing(..)
            | Self::UnknownField(..)
            | Self::Unquoted(_)
            | Self::SeveralKeys(_)
            | Self::NoDay(_)
            | Self::NoAuthor(_) => JustificationCode::MissingField,
            Self::Expired(..) => JustificationCode::Expired,
            Self::TooFar(..) => JustificationCode::TooFar,
            Self::NoEvidence(..) => JustificationCode::NoEvidence,
            Self::ByAgent { .. } => JustificationCode::Author,
            Self::Contradicted(..) => JustificationCode::Contradicted,
            Self::Unused(_) | Self::Misplaced(_) | Self::OtherForm(..) => JustificationCode::Unused,
            Self::Duplicate(_) => JustificationCode::Duplicate,
            Self::EndsSoon(..) => JustificationCode::EndsSoon,
        }
    }

    /// Whether the record settles nothing because of it.
    #[must_use]
    pub const fn spoils(&self) -> bool {
        !matches!(self, Self::Duplicate(_) | Self::EndsSoon(..))
    }

    /// The words: message, label, help. `whom` is what the record fails to settle.
    fn words(&self, whom: &str) -> (String, String, Vec<Help>) {
        let fails = if whom.is_empty() {
            String::new()
        } else {
            format!(", so it does not settle {whom}")
        };
        let help = |section, text: String| vec![Help { section, text }];
        let none = Vec::new;
        let valid = || help(Section::Valid, kinds::NAMES.join(", "));
        match self {
            Self::Empty(missing) => (
                format!("this justification has no `{}`{fails}", missing.join("` and no `")),
                "says nothing yet".to_owned(),
                help(
                    Section::Complete,
                    format!("`because` is one of {}; `reason` says it in words", kinds::NAMES.join(", ")),
                ),
            ),
            Self::Placeholder(why) => (
                format!("this reason is a placeholder{fails}"),
                why.clone(),
                help(Section::Complete, "write the sentence that you would say in a review".to_owned()),
            ),
            Self::Guess => (
                format!("this reason is a guess by its own word{fails}: its context says `src: infer` and `conf: low`"),
                "guessed".to_owned(),
                help(
                    Section::Complete,
                    "somebody who knows corrects `why` and `trust`, or writes a `reason` beside `because`".to_owned(),
                ),
            ),
            Self::UnknownKind(kind, near) => (
                format!("`{kind}` is not a kind of justification{fails}"),
                near.map_or_else(|| "not a kind that counts".to_owned(), |near| format!("did you mean `{near}`?")),
                valid(),
            ),
            Self::Missing(field, Asker::Kind(kind)) => (
                format!("`{kind}` is a way to get going, not a place to stay: this justification needs `{field}`{fails}"),
                format!("no `{field}`"),
                help(Section::Complete, format!("add `{field}`, a day like 2027-06-30")),
            ),
            Self::Missing(field, Asker::Configuration) => (
                format!("this justification has no `{field}`, which the configuration requires{fails}"),
                format!("no `{field}`"),
                none(),
            ),
            Self::UnknownField(name, near) => (
                format!("a justification has no field `{name}`{fails}"),
                near.map_or_else(|| "not a field".to_owned(), |near| format!("did you mean `{near}`?")),
                help(Section::Valid, FIELDS.join(", ")),
            ),
            Self::NoDay(text) => (
                format!("`expires` is not a day: `{text}`{fails}"),
                "write a day like 2027-06-30".to_owned(),
                none(),
            ),
            Self::Expired(day, ago) => (
                format!("this justification ended on {day}{fails}"),
                format!("{} ago", days(*ago)),
                help(Section::Renew, "climb, or look at it again and set a new end".to_owned()),
            ),
            Self::TooFar(day, last) => (
                format!("this justification ends on {day}, later than the configuration allows{fails}"),
                format!("{last} is the latest end allowed"),
                none(),
            ),
            Self::NoEvidence(text, why) => (
                format!("the evidence `{text}` {why}{fails}"),
                "nothing to look at".to_owned(),
                help(
                    Section::Complete,
                    "an http or https URL, or a path that exists, relative to this file, the configuration or the root"
                        .to_owned(),
                ),
            ),
            Self::NoAuthor(text) => (
                format!("`by` is `person` or `agent`, and not `{text}`{fails}"),
                "neither of them".to_owned(),
                help(Section::Valid, Author::NAMES.join(", ")),
            ),
            Self::ByAgent { says_so: true } => (
                format!("an agent wrote this reason, and the configuration asks for a person's{fails}"),
                "by an agent".to_owned(),
                help(
                    Section::Complete,
                    "a person who answers for it reads it, corrects it, and says `by: person`".to_owned(),
                ),
            ),
            Self::ByAgent { says_so: false } => (
                format!("a machine inferred this reason, by its context's `src: infer`, and the configuration asks for a person's{fails}"),
                "inferred".to_owned(),
                help(
                    Section::Complete,
                    "a person who knows corrects `why` and `trust`, or says `by: person` beside `because`".to_owned(),
                ),
            ),
            Self::Contradicted(kind, found) => {
                let value = found.value.as_ref().map(|(value, _)| value.as_str());
                (
                    format!("the template contradicts `{kind}`{fails}: {}", found.says),
                    value.map_or_else(|| "not so, says the template".to_owned(), |value| format!("but the template says `{value}`")),
                    help(Section::Correct, "the template or the reason: one of them is out of date".to_owned()),
                )
            }
            Self::Unused(why) => (
                format!("this justification settles nothing: {why}"),
                "remove it".to_owned(),
                none(),
            ),
            Self::Unquoted(written) => (
                "this justification has a text of several words that needs quotes".to_owned(),
                "without quotes".to_owned(),
                help(Section::Correct, format!("write {written}")),
            ),
            Self::SeveralKeys(keys) => (
                "this justification names several instances, and `for` is for one".to_owned(),
                "several keys".to_owned(),
                help(
                    Section::Correct,
                    format!("write one comment for each key of {keys}, or one without `for` for all instances"),
                ),
            ),
            Self::Misplaced(Stray::OtherLetters) => (
                "this justification settles nothing: `sfl` is written in small letters".to_owned(),
                "not in small letters".to_owned(),
                help(Section::Correct, "write `sfl`".to_owned()),
            ),
            Self::Misplaced(Stray::NoResource) => (
                "this justification settles nothing: it is on no resource".to_owned(),
                "move it".to_owned(),
                help(
                    Section::Correct,
                    "a reason is a comment on the line of the resource's name, or right above that line without an empty one between, or `sfl` in the resource's `Metadata`"
                        .to_owned(),
                ),
            ),
            Self::Misplaced(Stray::NoObject) => (
                "this justification settles nothing: it is on no resource and no call of a module".to_owned(),
                "move it".to_owned(),
                help(
                    Section::Correct,
                    "a reason is `\"//\": { \"sfl\": { ... } }` beside the arguments of a resource or of a module's call, or at the top of the file"
                        .to_owned(),
                ),
            ),
            Self::OtherForm(why, written) => (
                match why {
                    Stray::NotUnderSlashes => "this justification settles nothing: `sfl` stands beside the arguments and not under `\"//\"`",
                    _ => "this justification settles nothing: in JSON it is an object with the key `sfl`",
                }
                .to_owned(),
                "in another form".to_owned(),
                help(Section::Correct, format!("write {written}")),
            ),
            Self::Misplaced(Stray::NestedBlock) => (
                "this justification settles nothing: it stands in a block within its `resource` or `module` block".to_owned(),
                "move it".to_owned(),
                help(
                    Section::Correct,
                    "move it to the line above the `resource` or `module` block, to its first line, or directly into it"
                        .to_owned(),
                ),
            ),
            Self::Misplaced(_) => (
                "this justification settles nothing: it is part of no `resource` or `module` block".to_owned(),
                "move it".to_owned(),
                help(
                    Section::Correct,
                    "a reason is the line above its block, or a comment on its first line or inside of it, but not inside of a nested block"
                        .to_owned(),
                ),
            ),
            Self::Duplicate(place) => (
                format!("another justification covers {whom} too, and the strictest counts: the one at {place}"),
                "one of two".to_owned(),
                help(Section::Correct, "keep one of them".to_owned()),
            ),
            Self::EndsSoon(day, left) => (
                format!(
                    "this justification ends {}, on {day}, and {whom} will need a reason again",
                    match left {
                        0 => "today".to_owned(),
                        1 => "tomorrow".to_owned(),
                        left => format!("in {left} days"),
                    }
                ),
                "ends soon".to_owned(),
                help(Section::Renew, "climb before that day, or look at it again and set a new end".to_owned()),
            ),
        }
    }

    /// Where in the record it shows: the field, else the record.
    fn field<'r>(&self, reason: &'r Reason) -> Option<&'r Field> {
        match self {
            Self::Placeholder(_) | Self::Guess => reason.reason.as_ref(),
            Self::UnknownKind(..) | Self::Contradicted(..) | Self::Missing(_, Asker::Kind(_)) => {
                reason.because.as_ref()
            }
            Self::NoDay(_) | Self::Expired(..) | Self::TooFar(..) | Self::EndsSoon(..) => {
                reason.expires.as_ref()
            }
            Self::NoEvidence(..) => reason.evidence.as_ref(),
            Self::NoAuthor(_) | Self::ByAgent { says_so: true } => reason.by.as_ref(),
            Self::ByAgent { says_so: false } => reason.reason.as_ref(),
            Self::UnknownField(name, _) => reason.unknown.iter().find(|field| field.text == *name),
            Self::Empty(_)
            | Self::Missing(_, Asker::Configuration)
            | Self::Unused(_)
            | Self::Misplaced(_)
            | Self::OtherForm(..)
            | Self::Unquoted(_)
            | Self::SeveralKeys(_)
            | Self::Duplicate(_) => None,
        }
    }

    /// The finding, on the record's own span.
    #[must_use]
    pub fn finding(
        &self,
        reason: &Reason,
        source: &Arc<Source>,
        whom: &str,
        address: Option<String>,
    ) -> Finding {
        let (message, label, help) = self.words(whom);
        let span = self
            .field(reason)
            .map_or(reason.place.span, |field| field.span);
        Finding {
            code: Code::Justification(self.code()),
            severity: match self {
                Self::EndsSoon(..) => Severity::Note,
                _ => Severity::Warning,
            },
            message,
            label,
            help,
            source: Arc::clone(source),
            span: visible(source, span),
            related: Vec::new(),
            address,
            construct: None,
            decision: None,
            planned: None,
        }
    }
}

/// One line of a span. A text in a block begins below its mark: `|` alone shows nothing, but it is where the field stands.
fn visible(source: &Source, span: Span) -> Span {
    source.one_line(span)
}

fn days(number: i64) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} day{s}")
}
