//! What stands at a commit and can't be seen there: files that could not be read, and fallbacks whose files moved out of sight. They have
//! not gone, and no score gets better for it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::commit_moves::{Move, MoveKind};
use crate::analysis::{Decision, Rung};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// Files that could not be read.
    pub unreadable: Vec<String>,
    /// Fallbacks whose files moved out of sight.
    pub hidden: Vec<HiddenFallback>,
}

/// A fallback as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenFallback {
    /// What its file is called.
    pub path: String,
    /// What it was called when it was last seen.
    pub was: String,
    /// What people call it.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its ladder.
    pub ladder: String,
    /// Where it stood.
    pub rung: Rung,
    /// The commit that hid it.
    pub since: String,
}

impl HiddenFallback {
    fn moved(&self, kind: MoveKind, path: &str, to: Option<Rung>) -> Move {
        Move {
            kind,
            path: path.to_owned(),
            name: self.name.clone(),
            address: self.address.clone(),
            ladder: self.ladder.clone(),
            from: Some(self.rung),
            to,
        }
    }

    /// It is in sight again, on this rung.
    fn back(&self, rung: Rung) -> MoveKind {
        match rung.cmp(&self.rung) {
            Ordering::Less => MoveKind::Up,
            Ordering::Equal => MoveKind::Shown,
            Ordering::Greater => MoveKind::Down,
        }
    }
}

/// What a commit does to files, in sight or not.
pub struct FileTurns<'s> {
    /// Files that got another name: new to old.
    pub renames: &'s BTreeMap<String, String>,
    /// Whether a file that was out of sight does not stand there any more.
    pub has_left: &'s dyn Fn(&str) -> bool,
}

impl std::fmt::Debug for FileTurns<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = out.debug_struct("FileTurns");
        out.field("renames", self.renames).finish_non_exhaustive()
    }
}

/// Goes from what a commit found out of sight to what it leaves there: what comes back is not new, and what is deleted has gone. `known`
/// are the decisions that are there now, in the files `read`.
pub fn follow(
    hidden: &mut Vec<HiddenFallback>,
    moves: &mut Vec<Move>,
    known: &[Decision],
    read: &BTreeSet<String>,
    turns: &FileTurns<'_>,
    commit: &str,
) {
    let renames = turns.renames.iter();
    let today: BTreeMap<&str, &str> = renames.map(|(new, old)| (&**old, &**new)).collect();
    let called = |path: &str| today.get(path).copied().unwrap_or(path).to_owned();
    let before = std::mem::take(hidden);
    let hides = moves.iter().filter(|one| one.kind == MoveKind::Hidden);
    let new: Vec<HiddenFallback> = hides
        .filter_map(|one| {
            Some(HiddenFallback {
                path: called(&one.path),
                was: one.path.clone(),
                name: one.name.clone(),
                address: one.address.clone(),
                ladder: one.ladder.clone(),
                rung: one.from?,
                since: commit.to_owned(),
            })
        })
        .collect();
    if !before.is_empty() {
        let mut added: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, one) in moves.iter().enumerate() {
            if one.kind == MoveKind::Added {
                let key = (one.address.clone(), one.ladder.clone());
                added.entry(key).or_default().push(at);
            }
        }
        let there = known.iter().map(|one| ((&*one.path, &*one.address), one));
        let there: BTreeMap<(&str, &str), &Decision> = there.collect();
        for mut one in before {
            let path = called(&one.path);
            let seen = there.get(&(&*path, &*one.address));
            let seen = seen.filter(|seen| *seen.ladder().name == *one.ladder);
            let key = (one.address.clone(), one.ladder.clone());
            let told = added.get_mut(&key);
            let at = match (seen, told) {
                (Some(_), Some(told)) => {
                    let mut all = told.iter();
                    let at = all.position(|at| moves[*at].path == path);
                    at.map(|at| told.remove(at))
                }
                (Some(_), None) => None,
                (None, _) if read.contains(&path) => {
                    moves.push(one.moved(MoveKind::Gone, &one.was, None));
                    continue;
                }
                (None, _) if !(turns.has_left)(&path) => {
                    one.path = path;
                    hidden.push(one);
                    continue;
                }
                // Nobody says where its file went: what has its address and is new is taken for it.
                (None, Some(told)) if !told.is_empty() => Some(told.remove(0)),
                (None, _) => {
                    moves.push(one.moved(MoveKind::Gone, &one.was, None));
                    continue;
                }
            };
            if let Some(rung) = at.and_then(|at| moves[at].to) {
                let told = at.and_then(|at| moves.get_mut(at));
                if let Some(told) = told {
                    told.from = Some(one.rung);
                    told.kind = one.back(rung);
                }
            } else if let Some(seen) = seen {
                moves.push(one.moved(one.back(seen.rung), &path, Some(seen.rung)));
            }
        }
    }
    hidden.extend(new);
}
