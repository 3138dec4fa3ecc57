//! What the inputs of a run were at another commit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::Options;
use super::discover::{self, Input, LeftOutBy};
use crate::config::Config;
use crate::host::commit::{Commit, HistoryError};
use crate::host::door::{self, Door};
use crate::host::{FileKind, Host, known_as, shown};

/// The largest file that is compared with others to see where it was before.
const LARGEST_MOVED: u64 = 1 << 20;

/// What a run judged, as it was.
#[derive(Debug, Default)]
pub struct Past {
    /// What to judge, in the commit.
    pub inputs: Vec<Input>,
    /// Today's names of files that had another: new to old, as shown.
    pub renames: BTreeMap<String, String>,
}

/// The inputs that can be compared.
pub struct Owned {
    pub inputs: Vec<Input>,
    /// Those of submodules that the change moves to another commit, by their folders, as they are shown.
    pub moved: BTreeMap<String, Vec<Input>>,
    /// The folders of other repositories in which the rest of them stand, as they are shown.
    pub other_repositories: BTreeSet<String>,
}

/// Leaves out what belongs to another repository: submodules, and clones that lie inside of this one. What the change itself brings in,
/// as a submodule that was not there (`added`), is a part of the change; of submodules that it `moved` to another commit, the inputs are
/// kept apart.
///
/// # Errors
/// An input has no place in the repository.
pub fn own(
    host: &dyn Host,
    commit: &Commit,
    submodules: &Submodules,
    inputs: Vec<Input>,
) -> Result<Owned, HistoryError> {
    let mut places = Places::new(host, commit.top(), &submodules.added);
    let mut own = Vec::new();
    let mut others = BTreeSet::new();
    let mut moved: BTreeMap<String, Vec<Input>> = BTreeMap::new();
    for input in inputs {
        let path = match &input {
            Input::File { path, .. } => path.clone(),
            Input::Module { folder, files, .. } => {
                let first = files.first().map(|(path, _)| path.clone());
                first.unwrap_or_else(|| folder.clone())
            }
            Input::Standard { name } => PathBuf::from(name),
        };
        let is_nameless = matches!(&input, Input::Standard { name } if name == "<stdin>");
        if is_nameless || (host.look(&path).is_ok() && places.find(&path).is_none()) {
            return Err(HistoryError::Outside(shown(host, &path)));
        }
        if !places.foreign(&path) {
            own.push(input);
            continue;
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut around = folder.ancestors();
        let other = around.find(|folder| host.look(&folder.join(".git")).is_ok());
        let Some(other) = other else { continue };
        let other = match other.as_os_str().is_empty() {
            true => ".".to_owned(),
            false => shown(host, other),
        };
        if places
            .folder(Path::new(&other))
            .is_some_and(|place| submodules.moved.contains(&place))
        {
            moved.entry(other).or_default().push(input);
        } else {
            others.insert(other);
        }
    }
    Ok(Owned {
        inputs: own,
        moved,
        other_repositories: others,
    })
}

/// The submodules that a change brings in or moves, by their places in the repository.
#[derive(Debug, Default)]
pub struct Submodules {
    /// Those that were not there, and nothing else either.
    pub added: BTreeSet<String>,
    /// Those of which another commit is named.
    pub moved: BTreeSet<String>,
}

impl Submodules {
    /// Asks git for them, of a commit and of today.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn since(commit: &Commit) -> Result<Self, HistoryError> {
        let mut found = Self::default();
        for one in commit.submodules_today()? {
            match one.was {
                // What stood there in this repository is out of sight now.
                None if commit.has_folder(Path::new(&one.place)) => {}
                None => {
                    found.added.insert(one.place);
                }
                Some(was) if was != one.commit => {
                    found.moved.insert(one.place);
                }
                Some(_) => {}
            }
        }
        Ok(found)
    }
}

/// What the inputs were, under the names that they had, with the files below `roots` that are no more and that the run
/// would have looked at, and those that it only doesn't look at any more: `looks` is asked, with the path that is shown, and `looked`
/// about what is still there.
#[must_use]
pub fn past(
    host: &dyn Host,
    commit: &mut Commit,
    submodules: &Submodules,
    inputs: &[Input],
    roots: &[PathBuf],
    looks: &dyn Fn(&str) -> bool,
    looked: &dyn Fn(&Commit) -> BTreeSet<String>,
) -> Past {
    let top = commit.top().to_owned();
    let mut places = Places::new(host, &top, &submodules.added);
    let mut past = Past::default();
    let unknown = inputs.iter().flat_map(paths).filter_map(|path| {
        let place = places.find(&path)?;
        let is_unknown = !commit.has(&place) && !commit.renames.contains_key(&place);
        let bytes = is_unknown.then(|| door::bytes(host, &path, LARGEST_MOVED).ok())?;
        Some((place, bytes?))
    });
    let unknown: Vec<(String, Vec<u8>)> = unknown.collect();
    if !unknown.is_empty() {
        let named: Vec<String> = roots
            .iter()
            .filter_map(|root| places.folder(root))
            .collect();
        // What stands below a folder that is named is compared by what it holds.
        let is_outside = |place: &str| named.iter().all(|folder| below(place, folder).is_none());
        commit.follow(&unknown, &is_outside);
    }
    // Place in the repository to the path that is shown.
    let mut wanted: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut today = BTreeSet::new();
    for input in inputs {
        for path in paths(input) {
            let Some(place) = places.find(&path) else {
                continue;
            };
            if commit.has(&place) {
                wanted.insert(place.clone(), path);
            } else if let Some(old) = commit.renames.get(&place)
                && commit.gone(old)
            {
                let local = commit.local(old);
                let names = (shown(host, &path), shown(host, &local));
                past.renames.extend([names]);
                wanted.insert(old.clone(), local);
            }
            today.insert(place);
        }
    }
    let door = Door::new(host);
    let mut unseen: Vec<(String, PathBuf)> = Vec::new();
    for root in roots {
        let is_folder = door
            .named(root)
            .is_ok_and(|found| found.kind == FileKind::Folder);
        let prefix = is_folder.then(|| places.folder(root)).flatten();
        let Some(prefix) = prefix else {
            continue;
        };
        let root = known_as(host, root);
        for place in commit.files() {
            let Some(below) = below(place, &prefix) else {
                continue;
            };
            let hidden = below.split('/').any(|part| part.starts_with('.'));
            let never = discover::never(Path::new(below));
            if hidden || never || today.contains(place) || wanted.contains_key(place) {
                continue;
            }
            let path = root.join(below);
            if !commit.gone(place) {
                unseen.push((place.to_owned(), path));
            } else if looks(&shown(host, &path)) {
                wanted.insert(place.to_owned(), path);
            }
        }
    }
    if !unseen.is_empty() {
        let looked = looked(commit);
        let seen = unseen.into_iter();
        wanted.extend(seen.filter(|(_, path)| looked.contains(&shown(host, path))));
    }
    past.inputs = grouped(commit, wanted);
    past
}

fn paths(input: &Input) -> Vec<PathBuf> {
    match input {
        Input::File { path, .. } => vec![path.clone()],
        Input::Module { files, .. } => files.iter().map(|(path, _)| path.clone()).collect(),
        Input::Standard { name } => vec![PathBuf::from(name)],
    }
}

/// What a run would have looked at in a commit, by the ignore files and the configuration of then.
#[must_use]
pub fn looked(commit: &Commit, options: &Options, config: Option<&Path>) -> BTreeSet<String> {
    let Ok(tree) = commit.as_tree() else {
        return BTreeSet::new();
    };
    let tree: Arc<dyn Host> = Arc::new(tree);
    let then = Options {
        paths: options.paths.clone(),
        skip_unknown: options.skip_unknown,
        ignores_nothing: options.ignores_nothing,
        config: at(&tree, config),
        ..Options::on(Arc::clone(&tree))
    };
    let inputs = then.inputs().inputs;
    let paths = inputs.iter().flat_map(paths);
    let paths = paths.map(|path| shown(&*tree, &path));
    // What the call leaves out is nobody's change.
    let by_call = |path: &String| options.left_out(path, false) == Some(LeftOutBy::Call);
    paths.filter(|path| !by_call(path)).collect()
}

fn at(tree: &Arc<dyn Host>, config: Option<&Path>) -> Config {
    Config::find(tree, config).unwrap_or_else(|_| Config::unset(tree))
}

/// The configuration by which the files of a commit were looked at; that of today where none counts.
#[must_use]
pub fn configuration(commit: &Commit, options: &Options, config: Option<&Path>) -> Config {
    match commit.as_tree() {
        Ok(tree) if !options.config.files.is_empty() || config.is_some() => {
            at(&(Arc::new(tree) as Arc<dyn Host>), config)
        }
        _ => options.config.clone(),
    }
}

/// Today's names of files that had another, of those that are shown under these paths: new to old.
pub fn renames<'p>(
    host: &dyn Host,
    commit: &Commit,
    paths: impl Iterator<Item = &'p str>,
) -> BTreeMap<String, String> {
    let none = BTreeSet::new();
    let mut places = Places::new(host, commit.top(), &none);
    let paths: BTreeSet<&str> = paths.collect();
    let names = paths.into_iter().filter_map(|path| {
        let place = places.find(Path::new(path))?;
        let old = commit.renames.get(&place)?;
        let is_renamed = !commit.has(&place) && commit.gone(old);
        is_renamed.then(|| (path.to_owned(), shown(host, &commit.local(old))))
    });
    names.collect()
}

/// Whether a folder belongs to another repository.
pub fn is_foreign(
    host: &dyn Host,
    commit: &Commit,
    submodules: &Submodules,
    folder: &Path,
) -> bool {
    let mut places = Places::new(host, commit.top(), &submodules.added);
    places.known(folder).is_some_and(|(_, foreign)| foreign)
}

/// Terraform reads folders, everything else is read by itself.
pub fn grouped(commit: &mut Commit, wanted: BTreeMap<String, PathBuf>) -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut modules: BTreeMap<String, (PathBuf, Vec<(PathBuf, bool)>)> = BTreeMap::new();
    for (place, path) in wanted {
        if !discover::is_terraform(&path) {
            commit.name(path.clone(), &place);
            inputs.push(Input::File { path, named: false });
            continue;
        }
        let (folder_place, name) = place.rsplit_once('/').unwrap_or(("", &place));
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let module = modules.entry(folder_place.to_owned());
        let (folder, files) = module.or_insert_with(|| (folder, Vec::new()));
        files.push((folder.join(name), false));
    }
    for (place, (folder, files)) in modules {
        commit.name(folder.clone(), &place);
        inputs.push(Input::Module {
            folder,
            files,
            is_called: false,
        });
    }
    inputs
}

/// What stands below a folder of the repository; all of it below the topmost.
fn below<'p>(place: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(place);
    }
    place.strip_prefix(folder)?.strip_prefix('/')
}

/// Where files are in the repository, whatever links led to them.
struct Places<'h> {
    host: &'h dyn Host,
    top: &'h Path,
    /// Submodules that are no other's: their places.
    added: &'h BTreeSet<String>,
    folders: BTreeMap<PathBuf, Option<(String, bool)>>,
}

impl<'h> Places<'h> {
    fn new(host: &'h dyn Host, top: &'h Path, added: &'h BTreeSet<String>) -> Self {
        Self {
            host,
            top,
            added,
            folders: BTreeMap::new(),
        }
    }

    fn find(&mut self, path: &Path) -> Option<String> {
        let name = path.file_name()?.to_str()?.to_owned();
        let folder = self.folder(path.parent().unwrap_or(Path::new("")))?;
        Some(if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        })
    }

    fn folder(&mut self, folder: &Path) -> Option<String> {
        Some(self.known(folder)?.0)
    }

    fn foreign(&mut self, path: &Path) -> bool {
        let folder = path.parent().unwrap_or(Path::new(""));
        self.known(folder).is_some_and(|(_, foreign)| foreign)
    }

    fn known(&mut self, folder: &Path) -> Option<(String, bool)> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let found = self.host.look(folder).ok().and_then(|found| {
            let real = found.real;
            let inside = real.strip_prefix(self.top).ok()?;
            let parts = inside.components().map(|part| match part {
                Component::Normal(part) => part.to_str(),
                _ => None,
            });
            let parts: Option<Vec<&str>> = parts.collect();
            let between = real.ancestors().take_while(|folder| *folder != self.top);
            let is_added = |folder: &Path| {
                let place = folder.strip_prefix(self.top).ok();
                let place = place.and_then(Path::to_str);
                place.is_some_and(|place| self.added.contains(&place.replace('\\', "/")))
            };
            let foreign = between
                .into_iter()
                .any(|folder| self.host.look(&folder.join(".git")).is_ok() && !is_added(folder));
            Some((parts?.join("/"), foreign))
        });
        self.folders.insert(folder.to_path_buf(), found.clone());
        found
    }
}
