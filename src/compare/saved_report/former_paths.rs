//! Which files of two reports are one that has another name: git knows it of commits, and nobody of reports.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::analysis::{Analysis, Decision};

/// From this likeness on, as git has it, two files are one.
const ALIKE: f64 = 0.5;

/// Folders around one that are tried.
const DEEPEST: usize = 32;

/// What stands in a file: addresses, types and ladders.
type Contents<'a> = Vec<(&'a str, &'a str, usize)>;

/// Two folders that are compared, each with its slash, or empty where it is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderPair {
    pub then: String,
    pub now: String,
    /// How many files have the same name below both.
    pub shared: usize,
}

impl FolderPair {
    /// The two below which most files have the same name; of those, the outermost. `now` is the folder of today where that is known,
    /// and `is_there` whether a file stands there now, read or not.
    #[must_use]
    pub fn of(
        old: &BTreeSet<&str>,
        new: &BTreeSet<&str>,
        now: Option<&str>,
        is_there: &dyn Fn(&str) -> bool,
    ) -> Self {
        let (common_old, common_new) = (common_folder(old.iter()), common_folder(new.iter()));
        let candidates: Vec<&str> = match now {
            Some(now) => vec![now],
            None => around(&common_new),
        };
        let mut best = Self {
            then: common_old.clone(),
            now: now.unwrap_or(&common_new).to_owned(),
            shared: 0,
        };
        for then in around(&common_old) {
            for now in &candidates {
                let is_shared = |path: &&&str| {
                    let today = format!("{now}{}", &path[then.len()..]);
                    new.contains(&*today) || is_there(&today)
                };
                let shared = old.iter().filter(is_shared).count();
                if shared > best.shared {
                    best = Self {
                        then: then.to_owned(),
                        now: (*now).to_owned(),
                        shared,
                    };
                }
            }
        }
        best
    }

    /// What a file of then is called in the folder of today.
    #[must_use]
    pub fn today(&self, then: &str) -> Option<String> {
        let below = then.strip_prefix(&*self.then)?;
        Some(format!("{}{below}", self.now))
    }
}

/// A folder and those around it, the outermost first.
fn around(folder: &str) -> Vec<&str> {
    let ends = folder.match_indices('/').map(|(at, _)| at + 1);
    let ends: Vec<usize> = std::iter::once(0).chain(ends).collect();
    let far = ends.len().saturating_sub(DEEPEST);
    ends[far..].iter().map(|end| &folder[..*end]).collect()
}

/// Today's names of files that had another: new to old, with those that are `known`. What can't be read today is called as it was.
#[must_use]
pub fn renames(
    before: &Analysis,
    after: &Analysis,
    known: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let (old, new) = (files(before), files(after));
    let hidden = after
        .findings
        .iter()
        .filter(|one| one.code.is_out_of_sight());
    let hidden: BTreeSet<&str> = hidden.map(|one| &**one.path()).collect();
    let gone: BTreeMap<&str, &Vec<&Decision>> = old
        .iter()
        .filter(|(path, _)| !new.contains_key(*path) && !hidden.contains(*path))
        .map(|(path, all)| (*path, all))
        .collect();
    let fresh: BTreeMap<&str, &Vec<&Decision>> = new
        .iter()
        .filter(|(path, _)| !old.contains_key(*path))
        .map(|(path, all)| (*path, all))
        .collect();
    let mut renames = known.clone();
    // Where nothing is called as it was, all of it stands in another folder: two checkouts, two outputs of the CDK.
    if known.is_empty() && gone.len() == old.len() {
        let gone_names = gone.keys().copied().collect();
        let fresh_names = fresh.keys().copied().collect();
        let folders = FolderPair::of(&gone_names, &fresh_names, None, &|_| false);
        for path in gone_names {
            let now = folders.today(path).filter(|now| fresh.contains_key(&**now));
            renames.extend(now.map(|now| (now, path.to_owned())));
        }
    }
    // What was paired by its name is looked for nowhere else, if there is anything under that name.
    let (met, unmet): (Vec<_>, Vec<_>) = renames
        .iter()
        .map(|(now, was)| (now.clone(), was.clone()))
        .partition(|(now, _)| new.contains_key(&**now) || hidden.contains(&**now));
    let taken: BTreeSet<String> = met.into_iter().map(|(_, was)| was).collect();
    let unmet: BTreeMap<String, String> = unmet.into_iter().map(|(now, was)| (was, now)).collect();
    let mut waiting: BTreeMap<Contents<'_>, VecDeque<&str>> = BTreeMap::new();
    for (path, all) in gone.iter().filter(|(path, _)| !taken.contains(**path)) {
        waiting.entry(contents(all)).or_default().push_back(path);
    }
    for (path, all) in &fresh {
        if renames
            .get(*path)
            .is_some_and(|was| gone.contains_key(&**was))
        {
            continue;
        }
        let Some(candidates) = waiting.get_mut(&contents(all)) else {
            continue;
        };
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let best = candidates.iter().position(|was| name(was) == name(path));
        let best = best.unwrap_or_default();
        let is_alike = candidates
            .get(best)
            .is_some_and(|was| likeness(gone[*was], all) >= ALIKE);
        if is_alike && let Some(was) = candidates.remove(best) {
            if let Some(nothing) = unmet.get(was) {
                renames.remove(nothing);
            }
            renames.insert((*path).to_owned(), was.to_owned());
        }
    }
    renames
}

fn files(analysis: &Analysis) -> BTreeMap<&str, Vec<&Decision>> {
    let mut files: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for one in analysis.decisions.iter().filter(|one| one.is_counted) {
        files.entry(&one.path).or_default().push(one);
    }
    files
}

fn key<'a>(one: &&'a Decision) -> (&'a str, &'a str, usize) {
    (&one.address, &one.kind, one.ladder().order)
}

fn contents<'a>(all: &[&'a Decision]) -> Contents<'a> {
    let mut contents: Vec<_> = all.iter().map(key).collect();
    contents.sort_unstable();
    contents
}

/// How much those of the same contents share, on average.
#[expect(clippy::cast_precision_loss, reason = "files hold few decisions")]
fn likeness(old: &[&Decision], new: &[&Decision]) -> f64 {
    let sorted = |all: &[&Decision]| {
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|at| key(&all[*at]));
        order
    };
    let pairs = sorted(old).into_iter().zip(sorted(new));
    let sum: f64 = pairs
        .map(|(was, is)| old[was].signature.likeness(&new[is].signature))
        .sum();
    sum / old.len().max(1) as f64
}

/// The folder in which all of them stand, with its slash; nothing where there is none.
fn common_folder<'a>(paths: impl Iterator<Item = &'a &'a str>) -> String {
    let mut common: Option<&str> = None;
    for path in paths {
        let folder = path.rfind('/').map_or("", |at| &path[..=at]);
        common = Some(match common {
            None => folder,
            Some(known) => {
                let same = known.split_inclusive('/').zip(folder.split_inclusive('/'));
                let length: usize = same.take_while(|(a, b)| a == b).map(|(a, _)| a.len()).sum();
                &known[..length]
            }
        });
    }
    common.unwrap_or_default().to_owned()
}
