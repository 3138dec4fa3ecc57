//! Ground floor: what we say. A [`Finding`] is about a template; a [`Problem`] says that we could not look.

#![warn(missing_docs)]

use std::io;
use std::sync::Arc;

use serde::Serialize;

use super::code::{Code, SourceCode};
use super::source::{Position, Source, Span};

/// How much a finding weighs; the exit code asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Worth a word.
    Note,
    /// Fails by default.
    Warning,
    /// Fails by default.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A second place that explains the first.
#[derive(Clone, Debug)]
pub struct Related {
    /// The text that it stands in.
    pub source: Arc<Source>,
    /// Where.
    pub span: Span,
    /// What it has to do with the finding: "the default of `LaunchType`".
    pub message: String,
}

/// One thing that is said about a template.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What kind of thing it says.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence: lower case start unless it is a name, no dot at the end.
    pub message: String,
    /// What the primary span shows: "machines of your own: images, patching, ...".
    pub label: String,
    /// The way up, the reason to paste: in the order of reading.
    pub help: Vec<Help>,
    /// The text that the primary span stands in.
    pub source: Arc<Source>,
    /// The primary span: one line.
    pub span: Span,
    /// What else decided.
    pub related: Vec<Related>,
    /// The resource, where there is one.
    pub address: Option<String>,
    /// The construct that the resource comes from, as the CDK calls it.
    pub construct: Option<String>,
    /// Index into the report's decisions, where the finding is about one.
    pub decision: Option<usize>,
    /// Where the plan says it that was judged, if the primary span is the block from which that was made.
    pub planned: Option<Planned>,
}

/// A place in a plan whose blocks are at hand.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan, as it is shown.
    pub path: Arc<str>,
    /// The primary span there.
    pub start: Position,
    /// One past its last place.
    pub end: Position,
}

/// One paragraph of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// What it helps with.
    pub section: Section,
    /// Its text; may have several lines.
    pub text: String,
}

/// What a paragraph of help is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Section {
    /// The blocks that only serve the decision.
    Members,
    /// Why nothing decides.
    NotSure,
    /// The other rungs, and what reaches them.
    Reachable,
    /// The way up.
    Climb,
    /// What the template's own words have against the way up.
    Against,
    /// When it is fair to stay.
    Fair,
    /// What AWS Context says of it.
    Context,
    /// The reason to paste.
    SayWhy,
    /// That no reason counts here.
    Never,
    /// What could stand in the place of what does.
    Valid,
    /// What a reason still needs.
    Complete,
    /// How a reason gets a new end.
    Renew,
    /// What to correct.
    Correct,
    /// What to take in the place of what ends.
    Instead,
    /// How a plan to leave in time is written down.
    SayWhen,
    /// The page that says so.
    Read,
    /// Where to read on.
    More,
}

impl Section {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Members,
        Self::NotSure,
        Self::Reachable,
        Self::Climb,
        Self::Against,
        Self::Fair,
        Self::Context,
        Self::SayWhy,
        Self::Never,
        Self::Valid,
        Self::Complete,
        Self::Renew,
        Self::Correct,
        Self::Instead,
        Self::SayWhen,
        Self::Read,
        Self::More,
    ];

    /// As it stands before the text.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::NotSure => "not sure",
            Self::Reachable => "reachable",
            Self::Climb => "climb",
            Self::Fair => "fair",
            Self::Against => "but",
            Self::Context => "its context says",
            Self::SayWhy => "or say why",
            Self::Never => "never",
            Self::Valid => "valid",
            Self::Complete => "complete",
            Self::Renew => "renew",
            Self::Correct => "correct",
            Self::Instead => "instead",
            Self::SayWhen => "or say until when",
            Self::Read => "source",
            Self::More => "more",
        }
    }
}

impl Finding {
    /// One that says no more than its message, on the line on which the span starts.
    #[must_use]
    pub fn new(
        code: Code,
        severity: Severity,
        message: String,
        source: Arc<Source>,
        span: Span,
    ) -> Self {
        Self {
            code,
            severity,
            message,
            label: String::new(),
            help: Vec::new(),
            span: source.one_line(span),
            source,
            related: Vec::new(),
            address: None,
            construct: None,
            decision: None,
            planned: None,
        }
    }

    /// The path under which the finding is shown.
    #[must_use]
    pub fn path(&self) -> &Arc<str> {
        self.source.name()
    }

    /// Says where the plan says it that was judged.
    pub fn planned_at(&mut self, plan: &Arc<Source>, span: Span) {
        self.planned = Some(Planned {
            path: Arc::clone(plan.name()),
            start: plan.position(span.start),
            end: plan.position(span.end),
        });
        let address = self.address.as_deref().unwrap_or_default();
        let planned = Related {
            source: Arc::clone(plan),
            span: plan.one_line(span),
            message: format!("planned here as {address}"),
        };
        self.related.insert(0, planned);
    }

    /// The path of what was judged: the plan, where the finding is shown in a block from which that was made.
    #[must_use]
    pub fn judged_path(&self) -> &Arc<str> {
        self.planned.as_ref().map_or(self.path(), |one| &one.path)
    }

    /// First and one past the last place in what was judged.
    #[must_use]
    pub fn judged_positions(&self) -> (Position, Position) {
        match &self.planned {
            Some(planned) => (planned.start, planned.end),
            None => self.positions(),
        }
    }

    /// Whether it says that a part of the job could not be done as it was asked: an input that can't be read, or a value that is
    /// given and that no template takes.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        let is_of_call = matches!(self.code, Code::Config(_)) && self.severity == Severity::Error;
        is_of_call || self.code.is_about_input()
    }

    /// First and one past the last place of the primary span.
    #[must_use]
    pub fn positions(&self) -> (Position, Position) {
        (
            self.source.position(self.span.start),
            self.source.position(self.span.end),
        )
    }

    /// What people call the resource: its construct, else its address.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.construct.as_deref().or(self.address.as_deref())
    }

    /// Stays the same when lines move: made from path, address and code.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let address = self.address.as_deref().unwrap_or_default();
        fingerprint(&[self.judged_path(), address, &self.code.to_string()])
    }
}

/// FNV-1a over the parts with a zero byte after each: short, stable for ever, and no secret.
#[must_use]
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash ^= u128::from(byte);
            hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
    format!("{hash:032x}")
}

/// Why something could not be looked at. Always leads to exit code 2.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file system said no.
    #[error("{path}: {message}")]
    Unreadable {
        /// What was asked for.
        path: String,
        /// What the system said.
        message: String,
    },
    /// The text is a template, but it can't be understood.
    #[error("{}: {message}", text.name())]
    Broken {
        /// What is wrong with it.
        code: SourceCode,
        /// What is wrong.
        message: String,
        /// The text, or the part of it that matters.
        text: Arc<Source>,
        /// Where.
        span: Span,
    },
}

/// What the system said, without its number.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => {
            let text = error.to_string();
            let words = text.split(" (os error ").next();
            words.unwrap_or_default().to_lowercase()
        }
    }
}

impl Problem {
    /// The system said no.
    #[must_use]
    pub fn unreadable(path: String, error: &io::Error) -> Self {
        let message = reason(error);
        Self::Unreadable { path, message }
    }

    /// The same as a finding, so that every output shows it.
    #[must_use]
    pub fn into_finding(self) -> Finding {
        let (code, message, source, span) = match self {
            Self::Unreadable { path, message } => {
                let source = Arc::new(Source::new(path, String::new()));
                (SourceCode::Unreadable, message, source, Span::default())
            }
            Self::Broken {
                code,
                message,
                text,
                span,
            } => (code, message, text, span),
        };
        Finding::new(Code::Source(code), Severity::Error, message, source, span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_never_changes() {
        assert_eq!(
            fingerprint(&["a.yaml", "Web", "compute/server"]),
            fingerprint(&["a.yaml", "Web", "compute/server"])
        );
        assert_ne!(fingerprint(&["a", "bc"]), fingerprint(&["ab", "c"]));
    }
}
