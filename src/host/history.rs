//! The commits of a branch along first parents, and the tree of one after the other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::commit::asked;
pub use super::git::FirstParent;
use super::git::{self, Changes, HistoryError, TreeChange};
use super::past_tree::{PastTree, Put};
use super::{Host, lexical};
use crate::base::finding;

/// A commit, and the day by which its reasons are judged.
#[derive(Clone, Debug)]
pub struct CommitOnLine {
    /// The commit.
    pub id: String,
    /// The day on which it was committed, where that was; never before the day of the one before it.
    pub day: Date,
    /// The first line of its message.
    pub subject: String,
    /// Whether it merges others.
    pub is_merge: bool,
}

/// The commits of a branch, the oldest first.
#[derive(Debug)]
pub struct CommitLine {
    /// The folder of the repository.
    pub top: PathBuf,
    /// The folder that paths are seen from, without links.
    pub root: PathBuf,
    /// The commits.
    pub commits: Vec<CommitOnLine>,
    /// Whether the clone is cut off, so that the first of them is not the first that there was.
    pub is_shallow: bool,
}

impl CommitLine {
    /// Lists those of the repository in which the paths stand, up to what a name stands for.
    ///
    /// # Errors
    /// There is no git, no repository or no such commit.
    pub fn up_to(today: &dyn Host, paths: &[PathBuf], tip: &str) -> Result<Self, HistoryError> {
        let here = &*asked(today, paths)?;
        let (top, shallow) = git::repository(here)?;
        let Some(id) = git::named_commit(here, tip)? else {
            return Err(match tip {
                "HEAD" => HistoryError::NoCommits,
                tip => git::no_commit(here, tip, shallow)?,
            });
        };
        let listed = git::first_parents(here, &id)?;
        let first = listed.first();
        // Only where this very line is cut off.
        let cut = first.is_some_and(|first| shallow && is_cut(here, &first.id));
        let mut latest = Date::MIN;
        let commits = listed.into_iter().map(|commit| {
            // A clock that went wrong does not turn time back.
            let day = commit.at.get(..10).and_then(|day| day.parse().ok());
            latest = latest.max(day.unwrap_or(latest));
            CommitOnLine {
                id: commit.id,
                day: latest,
                subject: commit.subject,
                is_merge: commit.parents.len() > 1,
            }
        });
        let real = today.look(Path::new("")).map(|found| found.real);
        Ok(Self {
            commits: commits.collect(),
            root: real.unwrap_or_else(|_| lexical(today.root())),
            top,
            is_shallow: cut,
        })
    }

    /// Whether something ever stood at a path, seen from the root.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn ever_had(&self, path: &Path) -> Result<bool, HistoryError> {
        let path = lexical(&self.root.join(path));
        let tip = self.commits.last().map_or("HEAD", |commit| &commit.id);
        match path.strip_prefix(&self.top).ok().and_then(Path::to_str) {
            Some(place) if !place.is_empty() => git::is_touched(&self.top, tip, place),
            _ => Ok(false),
        }
    }

    /// Where on the line a name parts from it: the last commit that both have.
    ///
    /// # Errors
    /// There is no such commit, or none that both have.
    pub fn parting(&self, reference: &str) -> Result<usize, HistoryError> {
        let here = &*self.top;
        let Some(id) = git::named_commit(here, reference)? else {
            return Err(git::no_commit(here, reference, self.is_shallow)?);
        };
        if let Some(at) = self.commits.iter().position(|commit| commit.id == id) {
            return Ok(at);
        }
        let tip = self.commits.last().map_or("HEAD", |commit| &commit.id);
        let newer = git::not_in(here, &id, tip)?;
        let newer: std::collections::HashSet<&str> = newer.lines().collect();
        let both = self
            .commits
            .iter()
            .rposition(|commit| !newer.contains(&*commit.id));
        both.ok_or_else(|| match self.is_shallow {
            true => HistoryError::Shallow(reference.to_owned()),
            false => HistoryError::Unrelated(reference.to_owned()),
        })
    }

    /// Walks along it from one of its commits on.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn walk(&self, from: usize, today: Date) -> Result<Walk, HistoryError> {
        let Some((first, last)) = self.commits.get(from).zip(self.commits.last()) else {
            return Err(HistoryError::NoCommits);
        };
        let tree = PastTree::at(self.root.clone(), self.top.clone(), &first.id, today)?;
        Ok(Walk {
            tree: Arc::new(tree),
            changes: Changes::start(&self.top, &first.id, &last.id)?,
        })
    }
}

/// The tree of one commit of a repository, which may be bare; and the name of the commit.
///
/// # Errors
/// There is no repository there, or no such commit in it.
pub fn at_commit(
    repository: &Path,
    reference: &str,
    today: Date,
) -> Result<(Arc<PastTree>, String), HistoryError> {
    let top = repository
        .canonicalize()
        .map_err(|error| HistoryError::NoRepository(finding::reason(&error)))?;
    if !git::is_top(&top)? {
        let message = "it is no repository's own folder".to_owned();
        return Err(HistoryError::NoRepository(message));
    }
    let Some(commit) = git::named_commit(&top, reference)? else {
        return Err(git::no_commit(&top, reference, false)?);
    };
    let tree = PastTree::at(top.clone(), top, &commit, today)?;
    Ok((Arc::new(tree), commit))
}

/// Whether a commit names parents that are not there.
fn is_cut(here: &Path, commit: &str) -> bool {
    git::raw_commit(here, commit).is_ok_and(|raw| {
        let mut head = raw.lines().take_while(|line| !line.is_empty());
        head.any(|line| line.starts_with("parent "))
    })
}

/// The tree of one commit after the other.
#[derive(Debug)]
pub struct Walk {
    /// The tree at the commit where the walk stands.
    pub tree: Arc<PastTree>,
    changes: Changes,
}

/// One step of a walk.
#[derive(Debug, Default)]
pub struct Stride {
    /// The commit that was reached.
    pub id: String,
    /// The places of the repository that changed, and how.
    pub places: Vec<(PathBuf, Put)>,
    /// Files that got another name, as places of the repository: new to old.
    pub renames: Vec<(String, String)>,
}

impl Walk {
    /// Goes on to the next commit; nothing after the last one.
    ///
    /// # Errors
    /// git stopped answering.
    pub fn step(&mut self) -> Result<Option<Stride>, HistoryError> {
        let next = self.changes.next_commit();
        let next = next.map_err(|error| HistoryError::Git(error.to_string()))?;
        let Some(TreeChange {
            id,
            places,
            renames,
        }) = next
        else {
            return Ok(None);
        };
        // First what goes, so that a folder can stand where a file stood.
        let (gone, there): (Vec<_>, Vec<_>) =
            places.into_iter().partition(|(_, there)| there.is_none());
        let mut done = Vec::with_capacity(gone.len() + there.len());
        for (place, there) in gone.into_iter().chain(there) {
            let there = there.as_ref().map(|(mode, object)| (&**mode, &**object));
            let put = self.tree.put(&place, there);
            done.push((PathBuf::from(place), put));
        }
        Ok(Some(Stride {
            id,
            places: done,
            renames,
        }))
    }
}
