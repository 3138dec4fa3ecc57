//! Looking things up in a mapping: duplicates, and YAML's merge keys (`<<: *base`).
//!
//! What counts: own keys before merged ones, the last of several equal keys, the first of several merged mappings.
//! Merged mappings may merge others again, and aliases make that exponential on purpose. A mapping that is met again brings
//! nothing new, so each is read once; and as a text may hold many such look-ups, each of them has a budget.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::node::Entries;
use super::{Document, Form, Kind, Node, ParseError};
use crate::base::source::Span;

/// Entries of merged mappings that one look-up reads at most: far more than people write, and few enough for a text that
/// makes thousands of look-ups as long as possible.
const BUDGET: usize = 10_000;

const TOO_MUCH: &str = "merge keys bring in more entries than are read";

/// Entries that the merge keys of a text may bring in together: this many, and some for each of its nodes.
const TOGETHER: usize = 100_000;
const FOR_EACH_NODE: usize = 8;

/// Up to this many entries, comparing all pairs is cheaper than hashing.
const FEW: usize = 12;

/// Refuses a text whose merge keys bring in more than it can be meant to hold.
pub(super) fn check(document: &Document<'_>) -> Result<(), ParseError> {
    let has_aliases = || document.nodes.iter().any(|node| node.form == Form::Alias);
    if memchr::memmem::find(document.text.as_bytes(), b"<<").is_none() || !has_aliases() {
        return Ok(());
    }
    let mut left = TOGETHER + FOR_EACH_NODE * document.nodes.len();
    for index in 0..document.nodes.len() {
        let node = Node::new(document, u32::try_from(index).unwrap_or(u32::MAX));
        if node.is_alias() || node.kind() != Kind::Mapping {
            continue;
        }
        if let Some((key, _)) = node.entries().find(|(key, _)| key.is_merge())
            && !node.takes_in(&mut left)
        {
            let Span { start, end } = key.span();
            return Err(ParseError::new(TOO_MUCH, start as usize, end as usize));
        }
    }
    Ok(())
}

impl<'d> Node<'d> {
    /// The value of `key`; see [`Node::entry`].
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The entry with this key. The last of several equal keys counts; own keys come before those that a YAML merge key
    /// brings in.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        let mut found = None;
        let mut merges = false;
        for (name, value) in self.entries() {
            if name.is(key) {
                found = Some((name, value));
            } else {
                merges |= name.is_merge();
            }
        }
        if found.is_some() || !merges {
            return found;
        }
        let mut left = BUDGET;
        let mut waiting = Vec::new();
        let mut met = HashSet::new();
        self.queue_merged(&mut waiting, &mut left);
        while let Some(mapping) = waiting.pop() {
            if !met.insert(mapping.target_index()) {
                continue;
            }
            for (name, value) in mapping.entries() {
                left = left.checked_sub(1)?;
                if name.is(key) {
                    found = Some((name, value));
                }
            }
            if found.is_some() {
                return found;
            }
            mapping.queue_merged(&mut waiting, &mut left);
        }
        None
    }

    /// The entries with these keys, each as [`Node::entry`] finds it, in one go.
    #[must_use]
    pub fn select<const N: usize>(self, keys: [&str; N]) -> [Option<(Node<'d>, Node<'d>)>; N] {
        let mut found = [None; N];
        for (name, value) in self.entries() {
            if let Some(at) = keys.iter().position(|key| name.is(key)) {
                found[at] = Some((name, value));
            } else if name.is_merge() {
                return keys.map(|key| self.entry(key));
            }
        }
        found
    }

    /// The entries that count, in the order of writing: of equal keys only the last, and in place of a merge key what it
    /// brings in.
    #[must_use]
    pub fn merged_entries(self) -> Vec<(Node<'d>, Node<'d>)> {
        // Most maps have a handful of entries: one allocation, and no growing.
        let mut entries = Vec::with_capacity(usize::min(FEW, self.most_entries()));
        let mut merges = false;
        for entry in self.entries() {
            merges |= entry.0.is_merge();
            entries.push(entry);
        }
        if merges {
            return self.expand(&entries);
        }
        without_duplicates(entries)
    }

    /// The same without a list of them, where no key is a merge key and all are plainly different.
    #[must_use]
    pub fn distinct_entries(self) -> Option<Entries<'d>> {
        let keys = self.entries().map(|(key, _)| key);
        all_differ(keys).then(|| self.entries())
    }

    /// Takes the entries of all that this mapping merges from what is left; whether there was enough.
    fn takes_in(self, left: &mut usize) -> bool {
        let mut budget = BUDGET;
        let mut waiting = Vec::new();
        let mut met = HashSet::new();
        self.queue_merged(&mut waiting, &mut budget);
        while let Some(mapping) = waiting.pop() {
            if !met.insert(mapping.target_index()) {
                continue;
            }
            let entries = mapping.entries().take(budget).count();
            budget -= entries;
            let Some(rest) = left.checked_sub(entries) else {
                return false;
            };
            *left = rest;
            mapping.queue_merged(&mut waiting, &mut budget);
        }
        true
    }

    fn expand(self, entries: &[(Node<'d>, Node<'d>)]) -> Vec<(Node<'d>, Node<'d>)> {
        let own = entries.iter().filter(|(key, _)| !key.is_merge());
        let own = without_duplicates(own.copied().collect());
        let mut known: HashSet<Cow<'d, str>> =
            own.iter().filter_map(|(key, _)| key.name()).collect();
        let mut own = own.into_iter().peekable();
        let mut result = Vec::new();
        let mut left = BUDGET;
        // All merge keys count as one list that stands where the first of them is written.
        let mut merged = false;
        for &(key, _) in entries {
            if key.is_merge() {
                if !merged {
                    self.bring_in(&mut known, &mut result, &mut left);
                    merged = true;
                }
            } else if let Some(entry) =
                own.next_if(|(next, _)| next.start_index() == key.start_index())
            {
                result.push(entry);
            }
        }
        result
    }

    fn bring_in(
        self,
        known: &mut HashSet<Cow<'d, str>>,
        result: &mut Vec<(Node<'d>, Node<'d>)>,
        left: &mut usize,
    ) {
        let mut waiting = Vec::new();
        let mut met = HashSet::new();
        self.queue_merged(&mut waiting, left);
        while let Some(mapping) = waiting.pop() {
            if !met.insert(mapping.target_index()) {
                continue;
            }
            let entries: Vec<_> = mapping.entries().take(*left).collect();
            *left -= entries.len();
            for (key, value) in without_duplicates(entries) {
                if !key.is_merge() && key.name().is_none_or(|name| known.insert(name)) {
                    result.push((key, value));
                }
            }
            mapping.queue_merged(&mut waiting, left);
        }
    }

    /// Puts what this mapping merges on the stack, the one that counts first on top.
    fn queue_merged(self, waiting: &mut Vec<Node<'d>>, left: &mut usize) {
        for (key, value) in self.entries() {
            if !key.is_merge() {
                continue;
            }
            // The last merge key wins over those before it, as the last of any equal keys does.
            let group = waiting.len();
            for source in std::iter::once(value).chain(value.items()) {
                if *left == 0 {
                    break;
                }
                *left -= 1;
                if source.kind() == Kind::Mapping {
                    waiting.push(source);
                }
            }
            waiting[group..].reverse();
        }
    }

    /// What a key is compared by; collections as keys equal nothing.
    fn name(self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::Scalar).then(|| self.text())
    }
}

/// Keeps the last of equal keys, in the order of writing.
fn without_duplicates<'d>(mut entries: Vec<(Node<'d>, Node<'d>)>) -> Vec<(Node<'d>, Node<'d>)> {
    if entries.len() <= FEW {
        if all_differ(entries.iter().map(|(key, _)| *key)) {
            return entries;
        }
        let mut at = 0;
        while at < entries.len() {
            let (key, _) = entries[at];
            let name = key.name();
            let later = &entries[at + 1..];
            if name.is_some_and(|name| later.iter().any(|(other, _)| other.is(&name))) {
                entries.remove(at);
            } else {
                at += 1;
            }
        }
        return entries;
    }
    let names = entries.iter().map(|(key, _)| key.name()).enumerate();
    let last: HashMap<Cow<'d, str>, usize> =
        names.filter_map(|(at, name)| Some((name?, at))).collect();
    if last.len() == entries.len() {
        return entries;
    }
    let mut at = 0;
    entries.retain(|(key, _)| {
        let counts = key.name().is_none_or(|name| last.get(&name) == Some(&at));
        at += 1;
        counts
    });
    entries
}

/// Whether keys are few, all plainly different, and none of them a merge key.
fn all_differ<'d>(keys: impl Iterator<Item = Node<'d>>) -> bool {
    let mut marks = [0; FEW];
    for (at, key) in keys.enumerate() {
        let Some(name) = key.bytes().filter(|_| at < FEW && !key.is_merge()) else {
            return false;
        };
        let mark = mark(name);
        if marks[..at].contains(&mark) {
            return false;
        }
        marks[at] = mark;
    }
    true
}

/// A number that is the same for equal texts, and rarely for others.
fn mark(text: &[u8]) -> u64 {
    let ends = match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            (u64::from(u32::from_le_bytes(*first)) << 32) | u64::from(u32::from_le_bytes(*last))
        }
        _ => text
            .iter()
            .fold(0, |sum, byte| (sum << 8) | u64::from(*byte)),
    };
    ends ^ (text.len() as u64).rotate_left(56)
}
