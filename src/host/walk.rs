//! The files below a folder: no hidden ones, none that is left out, no links. What is passed over is handed on as well.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::door::{self, Door};
use super::ignored::{Decided, IgnoreReader, Rules};
use super::{Entry, FileKind, Host, PathTarget, shown};
use crate::base::finding::Problem;

/// Folders that hold what others wrote: packages that were installed.
const PACKAGES: [&str; 5] = [
    "__pypackages__",
    "bower_components",
    "jspm_packages",
    "node_modules",
    "site-packages",
];

/// What a walk comes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A file to look at.
    File(PathBuf),
    /// A file or folder that an ignore file hides: which one, and the line, as `.gitignore:3`.
    Ignored(PathBuf, FileKind, String),
    /// A hidden file or folder, and one that is never looked into unless it is named.
    LeftOut(PathBuf, FileKind),
    /// A link, a device, a pipe.
    Irregular(PathBuf),
}

/// A folder to walk.
#[derive(Clone, Copy, Debug)]
pub struct WalkRoot<'p> {
    /// As it is shown.
    pub folder: &'p Path,
    /// What ignore files say of a folder that was named itself, or of all that is in it, does not count.
    pub is_named: bool,
    /// Ignore files count for nothing.
    pub ignores_nothing: bool,
}

/// Hands everything below a folder to `take`. `found` is what the door says of it.
pub fn walk(
    (host, door): (&dyn Host, &Door<'_>),
    root: WalkRoot<'_>,
    found: &PathTarget,
    problems: &mut Vec<Problem>,
    take: &mut dyn FnMut(Seen),
) {
    let tree = door::repository(host, &found.real).unwrap_or(&found.real);
    let mut reader = IgnoreReader::new(host, door);
    let above = match root.is_named || root.ignores_nothing {
        true => None,
        false => reader.above(tree, &found.real),
    };
    let place = found.real.strip_prefix(tree).unwrap_or(Path::new(""));
    let mut folders = vec![(root.folder.to_owned(), place.to_owned(), above)];
    let mut is_root = true;
    while let Some((folder, place, above)) = folders.pop() {
        let entries = match host.list(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(error.into_problem(shown(host, &folder)));
                continue;
            }
        };
        let marks = Marks::of(&place, &entries);
        if marks.is_foreign && !is_root {
            take(Seen::LeftOut(folder, FileKind::Folder));
            continue;
        }
        let rules = match root.ignores_nothing {
            true => None,
            false => {
                let folder = (&*folder, root.is_named && is_root);
                reader.of(folder, &place, tree, &entries, above)
            }
        };
        is_root = false;
        let here = Here { marks, rules };
        for entry in entries {
            let is_folder = entry.kind == FileKind::Folder;
            let decided = here.decide(&place, &entry.name, is_folder);
            let path = folder.join(&entry.name);
            match decided {
                Passing::Never => {}
                Passing::LeftOut => take(Seen::LeftOut(path, entry.kind)),
                Passing::Ignored(by) => take(Seen::Ignored(path, entry.kind, by)),
                Passing::Through if entry.kind == FileKind::Other => take(Seen::Irregular(path)),
                Passing::Through if is_folder => {
                    folders.push((path, place.join(&entry.name), here.rules.clone()));
                }
                Passing::Through => take(Seen::File(path)),
            }
        }
    }
    problems.append(&mut reader.problems);
}

/// Hands on every file that a walk does not come by, with what keeps it from that, until `behind` has enough; `take` hears of all that the
/// walk itself comes by.
pub fn walk_behind(
    (host, door): (&dyn Host, &Door<'_>),
    root: WalkRoot<'_>,
    found: &PathTarget,
    take: &mut dyn FnMut(PathBuf),
    behind: &mut dyn FnMut(PathBuf, &Barrier) -> bool,
) {
    let mut places = Vec::new();
    let mut sort = |seen: Seen| match seen {
        Seen::LeftOut(path, kind) => places.push((path.clone(), kind, Barrier::LeftOut(path))),
        Seen::Ignored(path, kind, by) => {
            places.push((path.clone(), kind, Barrier::Ignored(path, by)));
        }
        Seen::File(path) => take(path),
        Seen::Irregular(_) => {}
    };
    walk((host, door), root, found, &mut Vec::new(), &mut sort);
    while let Some((path, kind, barrier)) = places.pop() {
        match kind {
            FileKind::Folder => {
                let entries = host.list(&path).unwrap_or_default().into_iter();
                let entries = entries.filter(|entry| !entry.name.eq_ignore_ascii_case(".git"));
                places.extend(
                    entries.map(|entry| (path.join(entry.name), entry.kind, barrier.clone())),
                );
            }
            FileKind::File if !behind(path, &barrier) => return,
            FileKind::File | FileKind::Other => {}
        }
    }
}

/// What becomes of an entry of a folder.
enum Passing {
    /// It is git's.
    Never,
    /// It is left out by default.
    LeftOut,
    /// An ignore file hides it: which one, and the line.
    Ignored(String),
    /// It is looked at, or into.
    Through,
}

/// What decides in a folder.
#[derive(Debug)]
struct Here {
    marks: Marks,
    rules: Option<Arc<Rules>>,
}

impl Here {
    /// `place` is the folder as seen from the tree.
    fn decide(&self, place: &Path, name: &OsStr, is_folder: bool) -> Passing {
        if name.eq_ignore_ascii_case(".git") {
            return Passing::Never;
        }
        let bytes = name.as_encoded_bytes();
        let by_default = bytes.first() == Some(&b'.') || (is_folder && self.marks.leave_out(bytes));
        // Most folders have no rules, and then no path is put together.
        let rules = self.rules.as_deref();
        let decided = rules.and_then(|rules| {
            let place = place.join(name);
            match Rules::decide(Some(rules), &place, is_folder)? {
                Decided::Hidden(by) => {
                    let by = by.map(|by| by.to_string_lossy().into_owned());
                    Some(Some(by.unwrap_or_default()))
                }
                Decided::Shown => Some(None),
            }
        });
        match decided {
            Some(None) => Passing::Through,
            _ if by_default => Passing::LeftOut,
            Some(Some(by)) => Passing::Ignored(by),
            None => Passing::Through,
        }
    }
}

/// What keeps a walk from coming by a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Barrier {
    /// This file or folder is left out by default.
    LeftOut(PathBuf),
    /// An ignore file hides this file or folder: which one, and the line.
    Ignored(PathBuf, String),
}

/// What keeps a walk from coming by files, asked place by place, whether anything stands there or not.
pub struct Barriers<'h> {
    host: &'h dyn Host,
    root: WalkRoot<'h>,
    /// The repository.
    tree: PathBuf,
    /// The root as seen from it.
    place: PathBuf,
    reader: IgnoreReader<'h>,
    /// Folders by their paths below the root.
    folders: HashMap<PathBuf, Result<Arc<Here>, Barrier>>,
}

impl<'h> Barriers<'h> {
    /// Of a walk. `real` is the root without links, and `tree` the repository that it stands in.
    pub fn new(
        (host, door): (&'h dyn Host, &'h Door<'h>),
        root: WalkRoot<'h>,
        (real, tree): (&Path, &Path),
    ) -> Self {
        let mut reader = IgnoreReader::new(host, door);
        let above = match root.is_named || root.ignores_nothing {
            true => None,
            false => reader.above(tree, real),
        };
        let mut barriers = Self {
            host,
            root,
            tree: tree.to_owned(),
            place: real.strip_prefix(tree).unwrap_or(Path::new("")).to_owned(),
            reader,
            folders: HashMap::new(),
        };
        let here = barriers.enter(Path::new(""), above);
        barriers.folders.insert(PathBuf::new(), here);
        barriers
    }

    /// What keeps the walk from coming by a file that stands, or would stand, at this place below the root.
    pub fn at(&mut self, below: &Path) -> Option<Barrier> {
        let folder = below.parent().unwrap_or(Path::new(""));
        let name = below.file_name()?;
        match self.folder(folder) {
            Ok(here) => self.decide(&here, folder, name, false).err(),
            Err(barrier) => Some(barrier),
        }
    }

    fn folder(&mut self, below: &Path) -> Result<Arc<Here>, Barrier> {
        // From the nearest folder that is known down to this one.
        let known = below
            .ancestors()
            .find(|one| self.folders.contains_key(*one));
        let known = known.unwrap_or(Path::new(""));
        let mut found = self.folders[known].clone();
        let mut at = known.to_owned();
        for part in below.strip_prefix(known).unwrap_or(Path::new("")) {
            let next = at.join(part);
            found = match found {
                Ok(here) => self
                    .decide(&here, &at, part, true)
                    .and_then(|()| self.enter(&next, here.rules.clone())),
                Err(barrier) => Err(barrier),
            };
            self.folders.insert(next.clone(), found.clone());
            at = next;
        }
        found
    }

    fn decide(
        &self,
        here: &Here,
        folder: &Path,
        name: &OsStr,
        is_folder: bool,
    ) -> Result<(), Barrier> {
        let path = || self.root.folder.join(folder).join(name);
        match here.decide(&self.place.join(folder), name, is_folder) {
            Passing::Through => Ok(()),
            Passing::Never | Passing::LeftOut => Err(Barrier::LeftOut(path())),
            Passing::Ignored(by) => Err(Barrier::Ignored(path(), by)),
        }
    }

    fn enter(&mut self, below: &Path, above: Option<Arc<Rules>>) -> Result<Arc<Here>, Barrier> {
        let folder = self.root.folder.join(below);
        // What is not there has no marks and no rules of its own.
        let entries = self.host.list(&folder).unwrap_or_default();
        let place = self.place.join(below);
        let marks = Marks::of(&place, &entries);
        let is_root = below.as_os_str().is_empty();
        if marks.is_foreign && !is_root {
            return Err(Barrier::LeftOut(folder));
        }
        let rules = match self.root.ignores_nothing {
            true => None,
            false => {
                let named = (&*folder, self.root.is_named && is_root);
                self.reader.of(named, &place, &self.tree, &entries, above)
            }
        };
        Ok(Arc::new(Here { marks, rules }))
    }
}

/// What the names in a folder say of it.
#[derive(Debug)]
struct Marks {
    /// Other people's work, or a tool's: a Python environment, a `vendor` folder of Go, PHP or Ruby.
    is_foreign: bool,
    /// What `cdk synth` wrote: the folders called `asset...` are copies of source.
    is_assembly: bool,
}

impl Marks {
    fn of(place: &Path, entries: &[Entry]) -> Self {
        let is_vendor = place.ends_with("vendor");
        let mut marks = Self {
            is_foreign: false,
            is_assembly: false,
        };
        for entry in entries {
            match entry.name.as_encoded_bytes() {
                b"cdk.out" => marks.is_assembly |= entry.kind == FileKind::File,
                b"pyvenv.cfg" => marks.is_foreign = true,
                b"modules.txt" | b"composer" | b"bundle" => marks.is_foreign |= is_vendor,
                _ => {}
            }
        }
        marks
    }

    /// Whether a folder of this name in it is not looked into.
    fn leave_out(&self, name: &[u8]) -> bool {
        PACKAGES.iter().any(|known| known.as_bytes() == name)
            || (self.is_assembly && name.starts_with(b"asset."))
    }
}
