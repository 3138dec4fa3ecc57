//! Entries of a baseline whose file has another name today: what was known stays known where it went, and only there.
//! An entry follows if nothing stands any more where it was, and if exactly one fallback that nobody knows fits it.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline::{Held, Key, Standing};

/// Places that are looked at for one fallback: where more are left to choose from, none is taken.
const MOST: usize = 16;

/// A file that is no more, and one that may be the same; both seen from the baseline's folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePair {
    /// Where the entry has it.
    pub old: String,
    /// Where a fallback like it stands today.
    pub new: String,
}

/// Says of each pair whether it is the same file: yes, no, or nothing where nobody can tell.
pub type SameFile = fn(&Held, &[FilePair]) -> Vec<Option<bool>>;

/// Fallbacks that no entry knows, each with the entry that knows it from where its file was before.
pub(super) fn followed(
    held: &Held,
    unknown: &BTreeMap<Key, Standing>,
    idle: &BTreeMap<&Key, Standing>,
) -> BTreeMap<Key, Key> {
    let mut left: BTreeMap<(&str, &str), Vec<&Key>> = BTreeMap::new();
    for key in idle.keys() {
        if held.is_nowhere(key) {
            left.entry((&key.address, &key.group))
                .or_default()
                .push(key);
        }
    }
    if left.is_empty() {
        return BTreeMap::new();
    }
    let fits = |old: &Key, new: &Key, standing: Standing| {
        let same_root = match (&old.root, &new.root) {
            (Some(old), Some(new)) => old == new || held.is_absent(old),
            (old, new) => old == new,
        };
        let same_path = old.path == new.path || held.is_absent(&old.path);
        same_root && same_path && idle.get(old).is_some_and(|known| *known >= standing)
    };
    let mut open: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
    for (new, standing) in unknown {
        let all = left.get(&(&*new.address, &*new.group));
        let mut all: Vec<&Key> = all.into_iter().flatten().copied().collect();
        // Of very many, those that are called alike: `stages/12/main.tf`, and only then is each looked at.
        for parts in 1..=3 {
            if all.len() > MOST {
                all.retain(|old| same_end(&old.path, &new.path, parts));
            }
        }
        if all.len() <= MOST {
            all.retain(|old| fits(old, new, *standing));
            open.insert(new, all);
        }
    }
    told(held, &mut open);
    let mut found = BTreeMap::new();
    // First what leaves no choice among those that are called alike, `prod/web.yaml` before `web.yaml`, then what leaves none at all.
    for parts in (0..=2).rev() {
        let alike = |old: &&Key, new: &Key| parts == 0 || same_end(&old.path, &new.path, parts);
        let mut claims: BTreeMap<&Key, usize> = BTreeMap::new();
        for (new, all) in &open {
            for old in all.iter().filter(|old| alike(old, new)) {
                *claims.entry(old).or_default() += 1;
            }
        }
        let only: Vec<(&Key, &Key)> = open
            .iter()
            .filter_map(|(new, all)| {
                let mut alike = all.iter().filter(|old| alike(old, new));
                let first = alike.next()?;
                let one = alike.next().is_none() && claims.get(*first) == Some(&1);
                one.then_some((*new, *first))
            })
            .collect();
        for (new, old) in only {
            open.remove(new);
            open.values_mut()
                .for_each(|all| all.retain(|one| *one != old));
            found.insert(new.clone(), old.clone());
        }
    }
    found
}

/// Leaves out what the history of the files denies, and everything else where it affirms one.
fn told(held: &Held, open: &mut BTreeMap<&Key, Vec<&Key>>) {
    let Some(same_file) = held.same_file else {
        return;
    };
    let pair = |old: &Key, new: &Key| FilePair {
        old: old.path.clone(),
        new: new.path.clone(),
    };
    let pairs = open.iter().flat_map(|(new, all)| {
        let moved = all.iter().filter(|old| old.path != new.path);
        moved.map(|old| pair(old, new)).collect::<Vec<_>>()
    });
    let pairs: BTreeSet<FilePair> = pairs.collect();
    if pairs.is_empty() {
        return;
    }
    let pairs: Vec<FilePair> = pairs.into_iter().collect();
    let answers = same_file(held, &pairs);
    let answers: BTreeMap<FilePair, bool> = pairs
        .into_iter()
        .zip(answers)
        .filter_map(|(pair, answer)| Some((pair, answer?)))
        .collect();
    for (new, all) in open.iter_mut() {
        let says = |old: &Key| answers.get(&pair(old, new)).copied();
        let is_affirmed = all.iter().any(|old| says(old) == Some(true));
        all.retain(|old| says(old) == Some(true) || (!is_affirmed && says(old).is_none()));
    }
}

/// Whether the last parts of two paths are the same.
fn same_end(one: &str, other: &str, parts: usize) -> bool {
    let end = |path: &str| -> Vec<String> {
        let parts = path.rsplit('/').take(parts);
        parts.map(str::to_owned).collect()
    };
    end(one) == end(other)
}
