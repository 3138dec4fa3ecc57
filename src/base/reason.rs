//! A written reason, wherever it stands: a template, a comment, a ledger.

use super::source::{Place, Span};

/// Who carries a reason to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// `Metadata: { sfl: ... }`.
    Metadata,
    /// `# sfl: because=...`.
    Comment,
    /// `"//": { "sfl": ... }`.
    Slashes,
    /// A `[[justification]]` table.
    Ledger,
    /// The `why` of AWS Context, in the same `Metadata`.
    Context,
}

impl Carrier {
    /// `metadata`, `comment`, `slashes`, `ledger` or `context`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Comment => "comment",
            Self::Slashes => "slashes",
            Self::Ledger => "ledger",
            Self::Context => "context",
        }
    }
}

/// One field: its text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The text, as written.
    pub text: String,
    pub span: Span,
}

/// A record that says why a fallback was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Who carries it.
    pub carrier: Carrier,
    /// The whole record.
    pub place: Place,
    /// The kind: `licence`, `latency`, ...
    pub because: Option<Field>,
    pub reason: Option<Field>,
    /// Who answers for it.
    pub owner: Option<Field>,
    /// Until when: `2027-06-30`.
    pub expires: Option<Field>,
    /// A path or URL.
    pub evidence: Option<Field>,
    /// Who wrote it: `person` or `agent`.
    pub by: Option<Field>,
    /// The key of the one instance that it is for, where its block makes several (`for`).
    pub instance: Option<Field>,
    /// All keys that were given where one is meant, as they are written.
    pub several: Option<Field>,
    /// Keys that are no field.
    pub unknown: Vec<Field>,
    /// Fields of a comment whose text has several words and no quotes around them.
    pub unquoted: Vec<Field>,
    /// Whether it is nothing without `because`: all but a `why` that may count alone.
    pub needs_kind: bool,
    /// Whether its words are marked as a guess, where they stand.
    pub is_guess: bool,
    /// Whether its words are marked as inferred by a machine, where they stand.
    pub is_inferred: bool,
}

/// The fields of a record that every carrier knows, in the order in which they are told.
pub const FIELDS: [&str; 6] = ["because", "reason", "owner", "expires", "evidence", "by"];

/// Who wrote a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    Person,
    /// A program that writes code.
    Agent,
}

impl Author {
    /// All words for an author.
    pub const NAMES: [&str; 2] = ["person", "agent"];

    /// Reads the word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "person" => Some(Self::Person),
            "agent" => Some(Self::Agent),
            _ => None,
        }
    }
}

impl Reason {
    /// A record without any field yet.
    #[must_use]
    pub fn new(carrier: Carrier, place: Place) -> Self {
        Self {
            carrier,
            place,
            because: None,
            reason: None,
            owner: None,
            expires: None,
            evidence: None,
            by: None,
            instance: None,
            several: None,
            unknown: Vec::new(),
            unquoted: Vec::new(),
            needs_kind: true,
            is_guess: false,
            is_inferred: false,
        }
    }

    /// What it says of who wrote it: its `by`, else what its context says of the words. Most say nothing.
    #[must_use]
    pub fn author(&self) -> Option<Author> {
        let by = self.by.as_ref().map(|by| by.text.trim());
        by.map_or(self.is_inferred.then_some(Author::Agent), Author::named)
    }

    /// Sets the field of that name; the last one wins.
    pub fn set(&mut self, name: &str, text: String, span: Span) {
        let field = Field { text, span };
        match name {
            "because" => self.because = Some(field),
            "reason" => self.reason = Some(field),
            "owner" => self.owner = Some(field),
            "expires" => self.expires = Some(field),
            "evidence" => self.evidence = Some(field),
            "by" => self.by = Some(field),
            // The other carriers have an address for that, or make no instances.
            "for" if matches!(self.carrier, Carrier::Comment | Carrier::Slashes) => {
                self.instance = Some(field);
            }
            _ => {
                let text = name.to_owned();
                self.unknown.push(Field { text, span });
            }
        }
    }
}

/// Why a reason stands for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stray {
    /// It is part of no block that may have one.
    NoBlock,
    /// It is in a block within a block that may have one.
    NestedBlock,
    /// It is on no resource of a template.
    NoResource,
    /// In JSON, it is on no resource, no call of a module and no file.
    NoObject,
    /// In JSON, it is a text where an object with the key `sfl` belongs, or an object without that key.
    Text,
    /// In JSON, it stands beside the arguments and not under `"//"`.
    NotUnderSlashes,
    /// Its `sfl` is not written in small letters.
    OtherLetters,
    /// Its block makes no instance with that key.
    NoInstance,
    /// Each instance of its block has one of its own.
    NoneLeft,
}
