//! The reasons that are there already: which entry of the ledger a new one goes into, and what it may not write over.

use std::sync::Arc;

use super::Arguments;
use super::target::{Covered, Target, spot};
use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::base::{Carrier, JustificationCode};
use crate::cli::file_change::FileChange;
use crate::config::{Ledger, LedgerEntry};
use crate::placement::{Decision, Justification};

/// Letters of a reason that are repeated.
const MOST_WORDS: usize = 60;

/// A sound reason, and where it stands.
#[derive(Clone, Debug)]
pub struct SoundReason {
    path: Arc<str>,
    line: u32,
    span: Span,
    carrier: Carrier,
    kind: String,
    words: String,
}

/// An entry of the ledger.
#[derive(Clone, Debug)]
pub struct LedgerPlace {
    /// The file, as it is shown.
    pub path: Arc<str>,
    pub line: u32,
    /// Its first byte.
    pub start: u32,
}

impl SoundReason {
    pub fn of(own: &Justification) -> Self {
        let reason = &own.reason;
        let text = |field: &Option<crate::placement::Field>| {
            let field = field.as_ref();
            field.map_or_else(String::new, |field| field.text.trim().to_owned())
        };
        Self {
            path: Arc::clone(&own.path),
            line: own.start.line,
            span: reason.place.span,
            carrier: reason.carrier,
            kind: text(&reason.because),
            words: text(&reason.reason),
        }
    }

    /// The kind and the place.
    pub fn in_short(&self) -> String {
        match self.kind.as_str() {
            "" => format!("in {}:{}", self.path, self.line),
            kind => format!("{kind} in {}:{}", self.path, self.line),
        }
    }

    /// That something has it already.
    fn of_whom(&self, one: &Covered) -> String {
        let words = match self.words.char_indices().nth(MOST_WORDS) {
            Some((end, _)) => format!("{}...", &self.words[..end]),
            None => self.words.clone(),
        };
        format!(
            "{} has a sound reason already, {} (\"{words}\")",
            one.name,
            self.in_short()
        )
    }

    fn is_entry(&self, entry: &LedgerEntry) -> bool {
        self.carrier == Carrier::Ledger
            && **entry.source.name() == *self.path
            && entry.reason.place.span == self.span
    }
}

/// The entry that says why for all that a record is for, and for nothing else. One that is faulty does so only by its address: any
/// other leaves the word to whatever is nearer.
pub fn entry(target: &Target, report: &Analysis, ledger: &Ledger) -> Option<LedgerPlace> {
    if target.is_glob || ledger.is_empty() {
        return None;
    }
    let owes = |decision: &&Decision| decision.fallback || !decision.endings.is_empty();
    let covers = |decision: &Decision| target.covered.iter().any(|one| one.is(decision));
    let decisions = || report.decisions.iter().filter(owes);
    let first = decisions().find(|decision| covers(decision))?;
    let near = ledger.about(&first.address, first.construct.as_deref());
    let mut near = near.into_iter().filter(|(_, entry)| speaks(entry, first));
    let (_, entry) =
        near.find(|(_, entry)| decisions().all(|one| covers(one) == speaks(entry, one)))?;
    let start = entry.reason.place.span.start;
    Some(LedgerPlace {
        path: Arc::clone(entry.source.name()),
        line: entry.source.position(start).line,
        start,
    })
}

/// Whether an entry is what counts for a decision, or keeps another from counting.
fn speaks(entry: &LedgerEntry, decision: &Decision) -> bool {
    if let Some(own) = &decision.justification {
        return SoundReason::of(own).is_entry(entry);
    }
    let construct = decision.construct.as_deref();
    let paths = [&decision.path, spot(decision).0];
    entry.exact
        && entry.matches_root(decision.root.as_deref())
        && paths
            .iter()
            .any(|path| entry.matches(path, &decision.address, construct))
}

/// Whether whatever a glob matches has its reason from one entry with that glob.
pub fn is_of_one_entry(target: &Target, ledger: &Ledger) -> bool {
    let is_it = |entry: &&LedgerEntry| {
        let mut scope = entry.scope.split(", ");
        scope.any(|word| word == target.address)
    };
    ledger.iter().filter(is_it).any(|entry| {
        let mut explained = target.explained().peekable();
        explained.peek().is_some() && explained.all(|(_, reason)| reason.is_entry(entry))
    })
}

/// Refuses a reason beside a sound one that stands elsewhere; `asked` if the call says that it goes into the ledger.
pub fn refuse_beside(target: &Target, asked: bool, ledger: &Ledger) -> Result<(), String> {
    let to_ledger = target.goes_to_ledger(asked);
    let mut beside = target
        .explained()
        .filter(|(_, reason)| to_ledger || reason.carrier == Carrier::Ledger);
    let Some((one, reason)) = beside.next() else {
        return Ok(());
    };
    let is_own = |entry: &LedgerEntry| entry.exact && reason.is_entry(entry);
    let way = match reason.carrier {
        Carrier::Ledger if target.entry.is_some() => "--replace writes over it".to_owned(),
        Carrier::Ledger if !ledger.iter().any(is_own) => {
            format!("--replace gives {} one of its own", target.address)
        }
        Carrier::Ledger => "change it there, or name only what has none".to_owned(),
        _ if !target.needs_ledger() => {
            "without --ledger, --replace writes over it where it stands".to_owned()
        }
        _ => "change it where it stands".to_owned(),
    };
    Err(format!("{}: {way}", reason.of_whom(one)))
}

/// Refuses a change that would write over a sound reason in its own file.
pub fn refuse_lost(target: &Target, change: &FileChange) -> Result<(), String> {
    let mut explained = target.explained();
    let lost =
        explained.find(|(_, reason)| *reason.path == *change.shown && change.loses(reason.span));
    lost.map_or(Ok(()), |(one, reason)| {
        Err(format!("{}: --replace writes over it", reason.of_whom(one)))
    })
}

/// Refuses to write into a context what the ledger says.
pub fn refuse_immovable(target: &Target, arguments: &Arguments) -> Result<(), String> {
    match &target.entry {
        Some(LedgerPlace { path, line, .. }) if arguments.context => Err(format!(
            "--context: {} has its reason in {path}:{line}: remove it there first, or leave out --context",
            target.address
        )),
        _ => Ok(()),
    }
}

/// What to do where a reason would stand beside another, or leave it with nothing to settle.
pub fn with_advice(why: String, target: &Target, asked: bool) -> String {
    let is_about = |code: JustificationCode| why.contains(code.text());
    if !is_about(JustificationCode::Duplicate) && !is_about(JustificationCode::Unused) {
        return why;
    }
    if asked && !target.needs_ledger() && target.entry.is_none() {
        return format!(
            "{why}; without --ledger, the new one is written over the one that is there"
        );
    }
    format!("{why}; change or remove the one that is there by hand first")
}
