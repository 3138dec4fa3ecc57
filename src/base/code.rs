//! The code of a finding: what kind of thing it says. Programs know codes by their text (`compute/server`,
//! `justification/expired`), and a text is never used for something else; inside the library a code is a value.

#![warn(missing_docs)]

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::Rung;

/// The name of a ladder: one of the catalogue's, or of a team's own rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderName(Cow<'static, str>);

impl LadderName {
    /// As in a code: `compute`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Cow<'static, str>> for LadderName {
    fn from(name: Cow<'static, str>) -> Self {
        Self(name)
    }
}

impl From<&'static str> for LadderName {
    fn from(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl From<String> for LadderName {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

/// What a finding says. Every variant prints as `group/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// A decision stands on a rung below the accepted one, and nobody wrote down why: `compute/server`.
    Fallback {
        /// The ladder.
        ladder: LadderName,
        /// Where the decision stands.
        rung: Rung,
    },
    /// A written reason has a fault, or ends soon.
    Justification(JustificationCode),
    /// An input could not be read.
    Source(SourceCode),
    /// The provider has ended a service, will end it, or no longer sells it.
    Lifecycle(LifecycleCode),
    /// A template says something that it can't keep, or that cannot be seen.
    Template(TemplateCode),
    /// The configuration, or a rule file, is faulty.
    Config(ConfigCode),
    /// CODEOWNERS says something that nobody can follow.
    Owners(OwnersCode),
    /// What the estate is meant to become is not reached.
    Purpose(PurposeCode),
    /// What was reached is given up.
    Ratchet(RatchetCode),
}

impl Serialize for JustificationCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl Serialize for LifecycleCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

/// What a finding says about a written reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JustificationCode {
    /// It does not say why.
    Empty,
    /// It promises a reason and gives none.
    Placeholder,
    /// `because` is no kind.
    UnknownKind,
    /// A field is missing, unknown or unreadable.
    MissingField,
    /// It has ended.
    Expired,
    /// It ends later than the configuration allows.
    TooFar,
    /// The evidence leads nowhere.
    NoEvidence,
    /// An agent wrote it, where a person is asked for.
    Author,
    /// The template speaks against it.
    Contradicted,
    /// It settles nothing any more.
    Unused,
    /// Another reason counts instead.
    Duplicate,
    /// It still counts, but not for long.
    EndsSoon,
}

/// Why an input could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourceCode {
    /// It could not be opened.
    Unreadable,
    /// It is broken YAML.
    Yaml,
    /// It is broken JSON.
    Json,
    /// It is broken HCL, as Terraform writes it.
    Hcl,
    /// Its bytes are no text.
    Encoding,
}

/// How far the end of a service is, the furthest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LifecycleCode {
    /// No new customer gets it.
    Closed,
    /// It has a last day.
    Ending,
    /// It is gone.
    Ended,
}

/// What is to be known about a template as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TemplateCode {
    /// A section, or something in one, is written twice: the last counts.
    Duplicate,
    /// A macro may change the template, or bring more into it.
    Macro,
    /// A loop that can't be written out.
    Loop,
    /// A document of the file that is no template.
    Document,
    /// A resource without a type, or with one that is none.
    Type,
    /// A condition that is not defined.
    Condition,
    /// The form of a plan or state is newer than what is known.
    Version,
    /// It is there and not looked at, though it was at the time that is compared with, or the change puts it there.
    Hidden,
}

/// What is wrong with the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConfigCode {
    /// It is no TOML.
    Toml,
    /// A key that nobody knows.
    UnknownKey,
    /// A value of the wrong kind.
    Type,
    /// A key that is needed and not there.
    MissingKey,
    /// A rule that can't hold.
    Rule,
    /// A folder of rule files that can't be read.
    Folder,
    /// A value that means nothing.
    Value,
    /// A configuration to extend that can't be read.
    Extend,
    /// A pattern that is not a glob.
    Glob,
    /// A ledger that can't be read.
    Ledger,
    /// A value for a parameter that can't be read, or that nothing takes.
    Deployment,
    /// A file that can't be opened.
    Unreadable,
    /// A change would loosen that by which it is judged.
    Widened,
}

/// What is wrong with CODEOWNERS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OwnersCode {
    /// A line does not count as it is written.
    Line,
    /// It can't be used at all.
    Unreadable,
}

/// What is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PurposeCode {
    /// A target that gates.
    Missed,
}

/// What got worse than it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RatchetCode {
    /// A score falls.
    Score,
    /// The end of a reason was moved, and its words were not.
    Expires,
    /// A rung is accepted that was not, or a template is left out.
    Accepted,
}

impl RatchetCode {
    /// The whole code: `ratchet/score`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Score => "ratchet/score",
            Self::Expires => "ratchet/expires",
            Self::Accepted => "ratchet/accepted",
        }
    }
}

impl JustificationCode {
    /// The whole code: `justification/empty`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Empty => "justification/empty",
            Self::Placeholder => "justification/placeholder",
            Self::UnknownKind => "justification/unknown-kind",
            Self::MissingField => "justification/missing-field",
            Self::Expired => "justification/expired",
            Self::TooFar => "justification/too-far",
            Self::NoEvidence => "justification/no-evidence",
            Self::Author => "justification/author",
            Self::Contradicted => "justification/contradicted",
            Self::Unused => "justification/unused",
            Self::Duplicate => "justification/duplicate",
            Self::EndsSoon => "justification/ends-soon",
        }
    }

    /// What follows the slash: `empty`.
    #[must_use]
    pub fn name(self) -> &'static str {
        after_slash(self.text())
    }
}

impl SourceCode {
    /// The whole code: `source/yaml`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Unreadable => "source/unreadable",
            Self::Yaml => "source/yaml",
            Self::Json => "source/json",
            Self::Hcl => "source/hcl",
            Self::Encoding => "source/encoding",
        }
    }
}

impl LifecycleCode {
    /// The worst last.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Ending, Self::Ended];

    /// The whole code: `lifecycle/ended`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Ended => "lifecycle/ended",
            Self::Ending => "lifecycle/ending",
            Self::Closed => "lifecycle/closed",
        }
    }

    /// What follows the slash: `ended`.
    #[must_use]
    pub fn name(self) -> &'static str {
        after_slash(self.text())
    }
}

impl TemplateCode {
    /// The whole code: `template/duplicate`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Duplicate => "template/duplicate",
            Self::Macro => "template/macro",
            Self::Loop => "template/loop",
            Self::Document => "template/document",
            Self::Type => "template/type",
            Self::Condition => "template/condition",
            Self::Version => "template/version",
            Self::Hidden => "template/hidden",
        }
    }
}

impl ConfigCode {
    /// The whole code: `config/toml`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Toml => "config/toml",
            Self::UnknownKey => "config/unknown-key",
            Self::Type => "config/type",
            Self::MissingKey => "config/missing-key",
            Self::Rule => "config/rule",
            Self::Folder => "config/folder",
            Self::Value => "config/value",
            Self::Extend => "config/extend",
            Self::Glob => "config/glob",
            Self::Ledger => "config/ledger",
            Self::Deployment => "config/deployment",
            Self::Unreadable => "config/unreadable",
            Self::Widened => "config/widened",
        }
    }
}

impl OwnersCode {
    /// The whole code: `owners/line`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Line => "owners/line",
            Self::Unreadable => "owners/unreadable",
        }
    }
}

impl PurposeCode {
    /// The whole code: `purpose/missed`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Missed => "purpose/missed",
        }
    }
}

fn after_slash(text: &'static str) -> &'static str {
    text.split_once('/').map_or(text, |(_, name)| name)
}

/// What the codes of no ladder begin with.
pub const GROUPS: [&str; 8] = [
    "config",
    "justification",
    "lifecycle",
    "owners",
    "purpose",
    "ratchet",
    "source",
    "template",
];

impl Code {
    /// A decision's place on a ladder.
    #[must_use]
    pub fn fallback(ladder: impl Into<LadderName>, rung: Rung) -> Self {
        let ladder = ladder.into();
        Self::Fallback { ladder, rung }
    }

    /// The text, where it is the same in every catalogue.
    #[must_use]
    pub const fn fixed(&self) -> Option<&'static str> {
        match self {
            Self::Fallback { .. } => None,
            Self::Justification(code) => Some(code.text()),
            Self::Source(code) => Some(code.text()),
            Self::Lifecycle(code) => Some(code.text()),
            Self::Template(code) => Some(code.text()),
            Self::Config(code) => Some(code.text()),
            Self::Owners(code) => Some(code.text()),
            Self::Purpose(code) => Some(code.text()),
            Self::Ratchet(code) => Some(code.text()),
        }
    }

    /// What stands before the slash: a ladder, or `justification`, `source`, `lifecycle`, `template`, `config`, `owners`,
    /// `purpose`, `ratchet`.
    #[must_use]
    pub fn group(&self) -> &str {
        match self {
            Self::Fallback { ladder, .. } => ladder.as_str(),
            Self::Justification(_) => "justification",
            Self::Source(_) => "source",
            Self::Lifecycle(_) => "lifecycle",
            Self::Template(_) => "template",
            Self::Config(_) => "config",
            Self::Owners(_) => "owners",
            Self::Purpose(_) => "purpose",
            Self::Ratchet(_) => "ratchet",
        }
    }

    /// What stands behind it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fallback { rung, .. } => rung.name(),
            Self::Justification(code) => code.name(),
            Self::Source(code) => after_slash(code.text()),
            Self::Lifecycle(code) => code.name(),
            Self::Template(code) => after_slash(code.text()),
            Self::Config(code) => after_slash(code.text()),
            Self::Owners(code) => after_slash(code.text()),
            Self::Purpose(code) => after_slash(code.text()),
            Self::Ratchet(code) => after_slash(code.text()),
        }
    }

    /// Whether it is about a written reason.
    #[must_use]
    pub const fn is_about_reasons(&self) -> bool {
        matches!(self, Self::Justification(_))
    }

    /// Whether it says that an input could not be read.
    #[must_use]
    pub const fn is_about_input(&self) -> bool {
        matches!(self, Self::Source(_))
    }

    /// Whether what it is about may still hold what it held: it can't be read, or isn't looked at.
    #[must_use]
    pub const fn is_out_of_sight(&self) -> bool {
        self.is_about_input() || matches!(self, Self::Template(TemplateCode::Hidden))
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        let (group, name) = (self.group().bytes(), self.name().bytes());
        group.chain([b'/']).chain(name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fixed() {
            Some(text) => f.write_str(text),
            None => write!(f, "{}/{}", self.group(), self.name()),
        }
    }
}

/// In the order of the texts, so that a list of findings is sorted as a reader would sort it.
impl Ord for Code {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, text: &str) -> bool {
        self.bytes().eq(text.bytes())
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, text: &&str) -> bool {
        *self == **text
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no code such as `compute/server`")]
pub struct NoCode;

impl FromStr for Code {
    type Err = NoCode;

    /// Reads a code. Any ladder is taken: which ones there are is the catalogue's to say.
    fn from_str(text: &str) -> Result<Self, NoCode> {
        if let Some((code, ..)) = super::meanings::ALL
            .iter()
            .find(|(code, ..)| code.fixed() == Some(text))
        {
            return Ok(code.clone());
        }
        let (ladder, name) = text.split_once('/').ok_or(NoCode)?;
        let rung = Rung::ALL.into_iter().find(|rung| rung.name() == name);
        match rung {
            Some(rung) if !ladder.is_empty() => Ok(Self::fallback(ladder.to_owned(), rung)),
            _ => Err(NoCode),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_written() {
        let own = Code::fallback("mainframe".to_owned(), Rung::Cluster);
        let all = super::super::meanings::ALL.iter().map(|(code, ..)| code);
        for code in all.chain([&own, &Code::fallback("compute", Rung::Server)]) {
            let text = code.to_string();
            assert_eq!(text.parse().as_ref(), Ok(code));
            assert_eq!(*code, *text);
            assert_eq!(text, format!("{}/{}", code.group(), code.name()));
        }
        for text in [
            "",
            "compute",
            "compute/",
            "/server",
            "compute/servers",
            "justification/odd",
        ] {
            assert_eq!(text.parse::<Code>(), Err(NoCode), "{text}");
        }
    }

    #[test]
    fn codes_stand_in_the_order_of_their_texts() {
        let mut codes = [
            Code::Source(SourceCode::Yaml),
            Code::fallback("data-movement", Rung::Server),
            Code::fallback("data", Rung::Server),
            Code::Justification(JustificationCode::TooFar),
            Code::Justification(JustificationCode::Expired),
        ];
        codes.sort();
        let texts = codes.map(|code| code.to_string());
        assert!(texts.is_sorted(), "{texts:?}");
    }
}
