//! What the files were at another commit, seen from the same folder as those of today.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

pub use super::git::HistoryError;
use super::git::{self, Objects};
use super::memory::{below, opened};
use super::past_tree::PastTree;
use super::{Entry, FileKind, Host, HostError, Opened, PathTarget, door, lexical, shown};
use crate::base::file_paths::{raw, seen_from, slashed};

/// Where Terraform keeps what it has fetched.
const FETCHED: &str = ".terraform";

/// Files that are looked at for what one was before it was moved.
const MOST_MOVED: usize = 100;

/// A folder that is another repository, of which this one knows a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submodule {
    /// Where it stands in this repository.
    pub place: String,
    /// Its commit.
    pub commit: String,
    /// The commit that it had before, if it was there.
    pub was: Option<String>,
}

/// The files of one commit.
#[derive(Debug)]
pub struct Commit {
    /// Where the same paths are seen from today.
    today: Arc<dyn Host>,
    /// The folder of the working tree, without links.
    top: PathBuf,
    /// The commit.
    base: String,
    /// Its files: path in the repository to object.
    tree: BTreeMap<PathBuf, String>,
    /// Its links, by their places in the repository.
    links: BTreeSet<PathBuf>,
    /// The folders that are other repositories, each with the commit of theirs.
    submodules: BTreeMap<String, String>,
    /// Files that have another name today: new to old.
    pub renames: BTreeMap<String, String>,
    /// Names that lead elsewhere than their letters say: path to place in the repository.
    names: BTreeMap<PathBuf, PathBuf>,
    /// The program that hands out objects, and what it could not.
    objects: Mutex<(Objects, Option<HistoryError>)>,
}

impl Commit {
    /// Finds the commit that `reference` and HEAD share, which is what a pull request is compared with, in the repository of the paths.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn open(
        today: Arc<dyn Host>,
        paths: &[PathBuf],
        reference: &str,
    ) -> Result<Self, HistoryError> {
        let here = &*asked(&*today, paths)?;
        let (top, shallow) = git::repository(here)?;
        let base = git::base(here, reference, shallow)?;
        let renames = git::renames(here, &base)?;
        Self::holding(Arc::clone(&today), top, base, renames)
    }

    /// The commit that `reference` names, whatever HEAD is.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn at(today: Arc<dyn Host>, reference: &str) -> Result<Self, HistoryError> {
        let here = today.root();
        let (top, shallow) = git::repository(here)?;
        match git::named_commit(here, reference)? {
            Some(commit) => Self::holding(Arc::clone(&today), top, commit, BTreeMap::new()),
            None => Err(git::no_commit(here, reference, shallow)?),
        }
    }

    fn holding(
        today: Arc<dyn Host>,
        top: PathBuf,
        base: String,
        renames: BTreeMap<String, String>,
    ) -> Result<Self, HistoryError> {
        let git::CommitTree {
            files,
            links,
            submodules,
        } = git::tree(&top, &base)?;
        let files = files.into_iter();
        Ok(Self {
            tree: files.map(|(path, object)| (path.into(), object)).collect(),
            links: links.into_iter().map(PathBuf::from).collect(),
            submodules,
            renames,
            names: BTreeMap::new(),
            objects: Mutex::new((Objects::start(&top)?, None)),
            today,
            top,
            base,
        })
    }

    /// The commit that last changed a file; HEAD where none did.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn of_file(today: Arc<dyn Host>, file: &Path) -> Result<Self, HistoryError> {
        let paths = [file.to_owned()];
        let last = git::last_change(&asked(&*today, &paths)?, file)?;
        Self::open(today, &paths, last.as_deref().unwrap_or("HEAD"))
    }

    /// The commit that is compared with.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The folder of the working tree, without links.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The same files, with links that lead where they led then.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn as_tree(&self) -> Result<PastTree, HistoryError> {
        let root = self.today.look(Path::new("")).map(|found| found.real);
        let root = root.unwrap_or_else(|_| lexical(self.today.root()));
        PastTree::at(root, self.top.clone(), &self.base, self.today.today())
    }

    /// Takes files that git does not follow yet for those that they were before they were moved: nothing stands there any more, they
    /// are called alike, or at least end alike, and hold the same bytes. `may_be` tells of which places that may be so.
    pub fn follow(&mut self, moved: &[(String, Vec<u8>)], may_be: &dyn Fn(&str) -> bool) {
        let known: BTreeSet<&String> = self.renames.values().collect();
        let gone = self
            .files()
            .filter(|place| !known.contains(&(*place).to_owned()));
        let gone = gone.filter(|place| may_be(place) && self.gone(place));
        let mut gone: Vec<String> = gone.map(str::to_owned).collect();
        let end = |place: &str| place.rsplit('.').next().unwrap_or_default().to_owned();
        let name = |place: &str| place.rsplit('/').next().unwrap_or_default().to_owned();
        for (place, bytes) in moved {
            let mut alike: Vec<usize> = (0..gone.len())
                .filter(|at| end(&gone[*at]) == end(place))
                .collect();
            alike.sort_by_key(|at| name(&gone[*at]) != name(place));
            let found = alike.into_iter().take(MOST_MOVED).find(|at| {
                let object = self.tree.get(Path::new(&gone[*at]));
                let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
                object.is_some_and(|object| objects.0.read(object).is_ok_and(|old| old == *bytes))
            });
            if let Some(at) = found {
                self.renames.insert(place.clone(), gone.swap_remove(at));
            }
        }
    }

    /// Every file, by its place in the repository.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.tree.keys().filter_map(|path| path.to_str())
    }

    /// What it holds at a place in the repository, as git calls it.
    #[must_use]
    pub fn object(&self, place: &str) -> Option<&str> {
        self.tree.get(Path::new(place)).map(String::as_str)
    }

    /// Whether it holds anything below a folder of the repository.
    #[must_use]
    pub fn has_folder(&self, place: &Path) -> bool {
        let mut next = self.tree.range(place.to_owned()..);
        next.next().is_some_and(|(path, _)| path.starts_with(place))
    }

    /// The files that git tracks today, by their places, each with its object.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn tracked_today(&self) -> Result<BTreeMap<String, String>, HistoryError> {
        Ok(git::tracked(&self.top)?.files)
    }

    /// The submodules that are tracked today, each with its commit and the one that it had, if it was there.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn submodules_today(&self) -> Result<Vec<Submodule>, HistoryError> {
        let today = git::tracked(&self.top)?.submodules.into_iter();
        let submodules = today.map(|(place, commit)| Submodule {
            was: self.submodules.get(&place).cloned(),
            place,
            commit,
        });
        Ok(submodules.collect())
    }

    /// The bytes of an object, where it is here.
    #[must_use]
    pub fn bytes_of(&self, object: &str) -> Option<Vec<u8>> {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.0.read(object).ok()
    }

    /// Whether it has a file at a place in the repository.
    #[must_use]
    pub fn has(&self, place: &str) -> bool {
        let place = Path::new(place);
        self.tree.contains_key(place) || self.links.contains(place)
    }

    /// Whether nothing stands at a place in the repository today.
    #[must_use]
    pub fn gone(&self, place: &str) -> bool {
        raw(&self.top.join(place)).symlink_metadata().is_err()
    }

    /// A place in the repository as it is seen from the root.
    #[must_use]
    pub fn local(&self, place: &str) -> PathBuf {
        let path = self.top.join(place);
        let here = self.today.look(Path::new(""));
        let below = here
            .ok()
            .and_then(|here| path.strip_prefix(here.real).ok().map(Path::to_path_buf));
        below.unwrap_or(path)
    }

    /// Calls a place in the repository by this path.
    pub fn name(&mut self, path: PathBuf, place: &str) {
        self.names.insert(path, place.into());
    }

    /// What kept it from handing out a file, if anything did.
    #[must_use]
    pub fn failure(&self) -> Option<HistoryError> {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.1.take()
    }

    /// Whether it is what a tool has fetched and nobody committed: that has no history, and is there today or not at all.
    fn is_fetched(&self, path: &Path) -> bool {
        let mut parts = path.components();
        parts.any(|part| part.as_os_str() == FETCHED)
            && self.place(path).is_none_or(|place| {
                !self.tree.contains_key(&place) && below(&self.tree, &place).is_empty()
            })
    }

    /// The place at which the contents stand: a link is followed to where it leads today.
    fn followed(&self, path: &Path) -> Option<PathBuf> {
        let place = self.place(path)?;
        if !self.links.contains(&place) {
            return Some(place);
        }
        let found = self.today.look(&self.top.join(&place)).ok()?;
        found.real.strip_prefix(&self.top).ok().map(Path::to_owned)
    }

    fn place(&self, path: &Path) -> Option<PathBuf> {
        if let Some(place) = self.names.get(path) {
            return Some(place.clone());
        }
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name())
            && let Some(place) = self.names.get(folder)
        {
            return Some(place.join(name));
        }
        let path = self.today.root().join(path);
        // The folder may be gone; where it is there, links lead to it.
        let (folder, name) = (path.parent()?, path.file_name()?);
        let real = match self.today.look(folder) {
            Ok(found) => found.real.join(name),
            Err(_) => lexical(&path),
        };
        let place = real.strip_prefix(&self.top).ok()?;
        let plain = place
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        plain.then(|| place.to_owned())
    }
}

impl Host for Commit {
    fn root(&self) -> &Path {
        self.today.root()
    }

    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        if self.is_fetched(path) {
            return self.today.look(path);
        }
        let place = self.followed(path).ok_or(HostError::Missing)?;
        let kind = if self.tree.contains_key(&place) {
            FileKind::File
        } else if place == Path::new(".git") {
            // By it the repository is known as such, here as well.
            FileKind::Folder
        } else if below(&self.tree, &place).is_empty() {
            return Err(HostError::Missing);
        } else {
            FileKind::Folder
        };
        let real = self.top.join(place);
        Ok(PathTarget { real, kind })
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        if self.is_fetched(folder) {
            return self.today.list(folder);
        }
        let place = self.place(folder).ok_or(HostError::Missing)?;
        let mut entries = below(&self.tree, &place);
        let links = self
            .links
            .iter()
            .filter(|link| link.parent() == Some(&*place));
        entries.extend(links.filter_map(|link| {
            Some(Entry {
                name: link.file_name()?.to_owned(),
                kind: FileKind::Other,
            })
        }));
        Ok(entries)
    }

    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        if self.is_fetched(path) {
            return self.today.open(path);
        }
        let place = self.followed(path).ok_or(HostError::Missing)?;
        let object = self.tree.get(&place).ok_or(HostError::Missing)?;
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        match objects.0.read(object) {
            Ok(bytes) => Ok(opened(bytes)),
            Err(error) => {
                let failure = match error.kind() {
                    io::ErrorKind::NotFound => HistoryError::Partial(shown(self, path)),
                    _ => HistoryError::Git(error.to_string()),
                };
                objects.1.get_or_insert(failure);
                Err(HostError::Io(error))
            }
        }
    }

    fn today(&self) -> Date {
        self.today.today()
    }
}

/// What HEAD holds: a file that is only left behind in the working tree is the repository's no more.
#[derive(Debug)]
pub struct HeadFiles {
    host: Arc<dyn Host>,
    paths: Vec<PathBuf>,
    /// The folder of the repository, and what stands in it; nothing where git does not say.
    known: OnceCell<Option<(PathBuf, git::CommitTree)>>,
}

impl HeadFiles {
    /// Of the repository of some paths; nothing is asked before somebody wants to know.
    #[must_use]
    pub fn of(host: &Arc<dyn Host>, paths: &[PathBuf]) -> Self {
        Self {
            host: Arc::clone(host),
            paths: paths.to_vec(),
            known: OnceCell::new(),
        }
    }

    fn known(&self) -> Option<&(PathBuf, git::CommitTree)> {
        let ask = || {
            let here = asked(&*self.host, &self.paths).ok()?;
            let (top, _) = git::repository(&here).ok()?;
            let tree = git::tree(&here, "HEAD").ok()?;
            Some((top, tree))
        };
        self.known.get_or_init(ask).as_ref()
    }

    /// Whether a file is one of them; of all, where git does not say.
    #[must_use]
    pub fn has(&self, path: &Path) -> bool {
        let Some((top, tree)) = self.known() else {
            return true;
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let place = self.host.look(folder).ok().and_then(|found| {
            let path = found.real.join(path.file_name()?);
            let place = path.strip_prefix(top).ok()?;
            Some(place.to_str()?.replace('\\', "/"))
        });
        place.is_some_and(|place| tree.files.contains_key(&place))
    }

    /// The folder around a file that is another repository's, as it is shown.
    #[must_use]
    pub fn other_repository(&self, path: &Path) -> Option<String> {
        let (top, tree) = self.known()?;
        let around = path.ancestors().skip(1);
        let found = around.into_iter().find(|folder| {
            let Ok(found) = self.host.look(folder) else {
                return false;
            };
            let place = found.real.strip_prefix(top).ok();
            let place = place.and_then(|place| Some(place.to_str()?.replace('\\', "/")));
            let is_below = place.as_ref().is_some_and(|place| !place.is_empty());
            let has_own = || self.host.look(&folder.join(".git")).is_ok();
            place.is_some_and(|place| tree.submodules.contains_key(&place)) || is_below && has_own()
        });
        found.map(|folder| shown(&*self.host, folder))
    }
}

/// Today's names of files that had another at a commit: new to old, as shown.
///
/// # Errors
/// git cannot be asked.
pub fn renames_since(
    host: &dyn Host,
    top: &Path,
    commit: &str,
) -> Result<BTreeMap<String, String>, HistoryError> {
    let here = host.look(Path::new("")).map(|found| found.real);
    let here = here.unwrap_or_else(|_| lexical(host.root()));
    let name = |place: String| slashed(&seen_from(&here, &top.join(place)));
    let renames = git::renames(top, commit)?.into_iter();
    Ok(renames.map(|(new, old)| (name(new), name(old))).collect())
}

/// The folder in which git is asked about paths: where they are seen from, unless they stand in a repository elsewhere.
///
/// # Errors
/// They stand in two.
pub fn asked(host: &dyn Host, paths: &[PathBuf]) -> Result<PathBuf, HistoryError> {
    let here = host.root().to_owned();
    let real = |path: &Path| host.look(path).ok().map(|found| found.real);
    let own = real(Path::new("")).unwrap_or_else(|| here.clone());
    let own = door::repository(host, &own);
    // What stands below our own repository is looked at from there, clones and submodules in it as well.
    let home = |path: &Path| -> Option<PathBuf> {
        let real = real(path)?;
        match own {
            Some(own) if real.starts_with(own) => Some(own.to_owned()),
            _ => door::repository(host, &real).map(Path::to_owned),
        }
    };
    let named = paths.iter().filter(|path| path.as_os_str() != "-");
    let mut found: Option<(PathBuf, &Path)> = None;
    for path in named {
        let Some(home) = home(path) else {
            continue;
        };
        match &found {
            Some((known, first)) if *known != home => {
                let (first, second) = (shown(host, first), shown(host, path));
                let name = |name: String| {
                    if name.is_empty() {
                        ".".to_owned()
                    } else {
                        name
                    }
                };
                return Err(HistoryError::Several(name(first), name(second)));
            }
            Some(_) => {}
            None => found = Some((home, path)),
        }
    }
    Ok(match found {
        Some((home, _)) if own != Some(&*home) => home,
        _ => here,
    })
}
