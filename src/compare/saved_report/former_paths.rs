//! Which files of two reports are one that has another name: git knows it of commits, and nobody of reports.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::analysis::{Analysis, Decision};

/// From this likeness on, as git has it, two files are one.
const ALIKE: f64 = 0.5;

/// What stands in a file: addresses, types and ladders.
type Contents<'a> = Vec<(&'a str, &'a str, usize)>;

/// Today's names of files that had another: new to old.
#[must_use]
pub fn renames(before: &Analysis, after: &Analysis) -> BTreeMap<String, String> {
    let (old, new) = (files(before), files(after));
    let gone: BTreeMap<&str, &Vec<&Decision>> = old
        .iter()
        .filter(|(path, _)| !new.contains_key(*path))
        .map(|(path, all)| (*path, all))
        .collect();
    let fresh: BTreeMap<&str, &Vec<&Decision>> = new
        .iter()
        .filter(|(path, _)| !old.contains_key(*path))
        .map(|(path, all)| (*path, all))
        .collect();
    let mut renames = BTreeMap::new();
    // Where nothing is called as it was, all of it stands in another folder: two checkouts, two outputs of the CDK.
    if gone.len() == old.len() {
        let (then, now) = (common_folder(gone.keys()), common_folder(fresh.keys()));
        for path in fresh.keys() {
            let was = format!("{then}{}", &path[now.len()..]);
            if gone.contains_key(&*was) {
                renames.insert((*path).to_owned(), was);
            }
        }
    }
    let taken: BTreeSet<String> = renames.values().cloned().collect();
    let mut waiting: BTreeMap<Contents<'_>, VecDeque<&str>> = BTreeMap::new();
    for (path, all) in gone.iter().filter(|(path, _)| !taken.contains(**path)) {
        waiting.entry(contents(all)).or_default().push_back(path);
    }
    for (path, all) in &fresh {
        if renames.contains_key(*path) {
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
