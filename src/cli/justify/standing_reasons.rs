//! The reasons that are there already: which entry of the ledger a new one goes into, and what it may not write over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::named_instances::{self, Instances};
use super::target::{Covered, Target, spot};
use super::{Arguments, draft};
use crate::Options;
use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::base::{Carrier, JustificationCode};
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
    /// Whether it is for one instance of its block alone.
    is_of_instance: bool,
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
    /// Whether it speaks for a part of what is named, and now is to for all of it.
    pub is_narrower: bool,
}

impl LedgerPlace {
    fn of(entry: &LedgerEntry) -> Self {
        let start = entry.reason.place.span.start;
        Self {
            path: Arc::clone(entry.source.name()),
            line: entry.source.position(start).line,
            start,
            is_narrower: false,
        }
    }
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
            is_of_instance: reason.instance.is_some(),
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

    /// Whether it is what a fault is about.
    pub fn is_at(&self, path: &str, line: u32) -> bool {
        *self.path == *path && self.line == line
    }

    /// Whether a record on the block takes its place.
    fn is_written_over(&self, target: &Target, options: &Options, as_context: bool) -> bool {
        let spans = draft::written_over(target, options, as_context);
        let touches = |span: &Span| span.start < self.span.end && self.span.start < span.end;
        *self.path == *target.path && spans.iter().any(touches)
    }

    fn is_entry(&self, entry: &LedgerEntry) -> bool {
        self.carrier == Carrier::Ledger
            && **entry.source.name() == *self.path
            && entry.reason.place.span == self.span
    }
}

/// The target with the entries of the ledger that speak for it, or for a part of it, and for nothing else. A new reason goes there.
/// An entry with a glob may come to speak for more: it is the target's own only where the target says the same. One that is faulty
/// counts only by its address: any other leaves the word to whatever is nearer.
pub fn with_entries(mut target: Target, report: &Analysis, ledger: &Ledger) -> Target {
    if ledger.is_empty() {
        return target;
    }
    let owes = |decision: &&Decision| decision.fallback || !decision.endings.is_empty();
    let covers = |decision: &Decision| target.covered.iter().any(|one| one.is(decision));
    let decisions: Vec<&Decision> = report.decisions.iter().filter(owes).collect();
    let covered: Vec<&Decision> = decisions
        .iter()
        .copied()
        .filter(|one| covers(one))
        .collect();
    let mut near = BTreeMap::new();
    for decision in &covered {
        let about = ledger.about(&decision.address, decision.construct.as_deref());
        near.extend(
            about
                .into_iter()
                .filter(|(_, entry)| speaks(entry, decision)),
        );
    }
    near.retain(|_, entry| {
        decisions
            .iter()
            .all(|one| !speaks(entry, one) || covers(one))
    });
    let address = target.entry_address();
    if !address.contains(['*', '?']) {
        let mut near = near.values();
        let own = near.find(|entry| entry.exact && covered.iter().all(|one| speaks(entry, one)));
        target.entry = own.map(|entry| LedgerPlace::of(entry));
        return target;
    }
    let own = near.values().find(|entry| entry.is_addressed(&address));
    let own = own.map(|entry| LedgerPlace::of(entry));
    // What stands on a resource counts before an entry for several.
    let in_ledger = |(_, reason): (&Covered, &SoundReason)| {
        reason.carrier == Carrier::Ledger || reason.is_of_instance
    };
    let mut narrower: Vec<LedgerPlace> = Vec::new();
    if !target.is_glob && target.explained().all(in_ledger) {
        let exact = near.values().filter(|entry| entry.exact);
        narrower.extend(exact.map(|entry| LedgerPlace::of(entry)));
    }
    if own.is_none() && !narrower.is_empty() {
        target.entry = Some(LedgerPlace {
            is_narrower: true,
            ..narrower.remove(0)
        });
    } else {
        target.entry = own;
    }
    target.narrower = narrower;
    target
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

/// Of what a glob matches, what has its reason from the entry with that glob; the rest is left in the list.
pub fn taken_by_entry(target: &Target, open: &mut Vec<Target>) -> Option<Target> {
    let entry = target.entry.as_ref()?;
    let is_of_entry = |one: &Covered| {
        let mut explained = one.explained.iter();
        explained.any(|reason| {
            reason.carrier == Carrier::Ledger && reason.is_at(&entry.path, entry.line)
        })
    };
    open.retain(|one| !one.covered.iter().all(is_of_entry));
    let covered = target.covered.iter().filter(|one| is_of_entry(one));
    Some(Target {
        covered: covered.cloned().collect(),
        ..target.clone()
    })
}

/// Refuses a reason beside a sound one that settles it, or over it, wherever that stands.
pub fn refuse_beside(
    target: &Target,
    arguments: &Arguments,
    options: &Options,
) -> Result<(), String> {
    let to_ledger = target.goes_to_ledger(arguments.ledger);
    // One that is for this instance alone goes on to count for it.
    let stays = |reason: &SoundReason| {
        !to_ledger && reason.is_of_instance && target.instances == Instances::All
    };
    // Its kind is all that a `why` gets.
    let gets_kind = |reason: &SoundReason| {
        arguments.context && arguments.reason.is_none() && reason.carrier == Carrier::Context
    };
    let mut beside = target
        .explained()
        .filter(|(_, reason)| !stays(reason) && !gets_kind(reason));
    let Some((one, reason)) = beside.next() else {
        return Ok(());
    };
    let is_own = |entry: &LedgerEntry| entry.exact && reason.is_entry(entry);
    let of_several = to_ledger && target.entry_address().contains(['*', '?']);
    let own = || format!("--replace gives {} one of its own", target.address);
    // On the block of what is named, for all of its instances.
    let is_on_call = || {
        let all = Target {
            instances: Instances::All,
            ..target.clone()
        };
        reason.is_written_over(&all, options, arguments.context)
    };
    let way = match reason.carrier {
        Carrier::Ledger if target.entry.is_some() => "--replace writes over it".to_owned(),
        Carrier::Ledger if !of_several && !options.config.ledger.iter().any(is_own) => own(),
        Carrier::Ledger => "change it there, or name only what has none".to_owned(),
        _ if reason.is_written_over(target, options, arguments.context) => {
            if !to_ledger {
                "--replace writes over it".to_owned()
            } else if !target.needs_ledger() {
                "without --ledger, --replace writes over it where it stands".to_owned()
            } else {
                "change it where it stands".to_owned()
            }
        }
        _ if !of_several && is_on_call() => own(),
        _ if of_several || named_instances::call(&target.address).is_some() => {
            "change it where it stands, or name only what has none".to_owned()
        }
        _ => own(),
    };
    Err(format!("{}: {way}", reason.of_whom(one)))
}

/// The sound reasons that a new one leaves where they stand, each in short.
pub fn staying(target: &Target, arguments: &Arguments, options: &Options) -> BTreeSet<String> {
    let entries = || target.entry.iter().chain(&target.narrower);
    let stays = |reason: &SoundReason| match reason.carrier {
        Carrier::Ledger => !entries().any(|entry| reason.is_at(&entry.path, entry.line)),
        _ => {
            target.goes_to_ledger(arguments.ledger)
                || !reason.is_written_over(target, options, arguments.context)
        }
    };
    let all = target.explained().filter(|(_, reason)| stays(reason));
    all.filter(|(_, reason)| !reason.is_of_instance)
        .map(|(_, reason)| reason.in_short())
        .collect()
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
