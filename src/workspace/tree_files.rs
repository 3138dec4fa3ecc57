//! Files that the functions of a configuration read: those of the working tree, as far as nobody keeps a secret there.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use globset::GlobBuilder;

use crate::blocks::{Cause, ReadsFiles};
use crate::host::door::{self, Door};
use crate::host::{FileKind, Host, HostError, lexical, pattern, shown};

/// Bytes of one file.
const LARGEST: u64 = 1 << 20;
/// Bytes of all files together.
const MOST: usize = 64 << 20;
/// Files and folders that one look below a folder meets.
const MOST_MET: usize = 20_000;
/// Folders within folders.
const DEEPEST: usize = 64;

/// Endings of files in which keys and passwords stand.
const SECRET: [&str; 10] = [
    "jks", "kdbx", "key", "keystore", "p12", "pem", "pfx", "ppk", "tfstate", "backup",
];

/// What a file holds, or why it is not read.
type Held = Result<Rc<[u8]>, Cause>;

/// Reads for the configurations of one group of modules.
#[derive(Debug)]
pub struct TreeFiles<'h> {
    host: &'h dyn Host,
    /// Nothing outside of it is looked at.
    tree: PathBuf,
    /// The same without links.
    real: PathBuf,
    read: RefCell<BTreeMap<PathBuf, Held>>,
    left: Cell<usize>,
    /// What was asked for, whether it is there or not: files, and folders with all that is in them.
    asked: RefCell<BTreeSet<PathBuf>>,
}

impl<'h> TreeFiles<'h> {
    /// Reads what stands in the working tree around a folder.
    pub fn around(host: &'h dyn Host, folder: &Path) -> Self {
        let tree = &*tree_around(host, folder);
        let real = host.look(tree).map(|found| found.real);
        Self {
            host,
            real: real.unwrap_or_else(|_| tree.to_owned()),
            tree: tree.to_owned(),
            read: RefCell::default(),
            left: Cell::new(MOST),
            asked: RefCell::default(),
        }
    }

    /// What was asked for: where any of it changes, an answer may.
    pub fn asked(self) -> BTreeSet<PathBuf> {
        self.asked.into_inner()
    }

    /// The place of a path, which somebody asks for.
    fn place(&self, path: &Path) -> Asked {
        let place = lexical(&self.host.root().join(path));
        let below_tree = place.strip_prefix(&self.tree).map(Path::to_owned).ok();
        // As the host is asked for all else.
        let below = place.strip_prefix(self.host.root()).map(Path::to_owned);
        let name = shown(self.host, path);
        let asked = Asked {
            path: below.unwrap_or_else(|_| place.clone()),
            name,
            below_tree,
        };
        self.asked.borrow_mut().insert(place);
        asked
    }

    /// What stands at a place that may be looked at.
    fn look(&self, place: &Asked) -> Result<FileKind, Cause> {
        let refused = |why: &str| Err(Cause::File(place.name.clone(), why.to_owned()));
        let Some(below) = &place.below_tree else {
            // Not even whether anything is there.
            return refused(&HostError::Outside.to_string());
        };
        if let Some(why) = kept_back(below) {
            return refused(why);
        }
        match Door::new(self.host).inside(&place.path, &self.tree) {
            // A link may lead to what its name does not say.
            Ok(found) => {
                match kept_back(found.real.strip_prefix(&self.real).unwrap_or(&found.real)) {
                    Some(why) => refused(why),
                    None => Ok(found.kind),
                }
            }
            Err(HostError::Missing) => Err(Cause::NoFile(place.name.clone())),
            Err(error) => refused(&error.to_string()),
        }
    }

    fn bytes(&self, place: &Asked) -> Result<Rc<[u8]>, Cause> {
        let refused = |why: &str| Cause::File(place.name.clone(), why.to_owned());
        if self.look(place)? != FileKind::File {
            return Err(refused(&HostError::Irregular.to_string()));
        }
        let bytes = door::bytes(self.host, &place.path, LARGEST);
        let bytes = bytes.map_err(|error| refused(&error.to_string()))?;
        match self.left.get().checked_sub(bytes.len()) {
            Some(left) => self.left.set(left),
            None => {
                return Err(refused(
                    "the files that are read here are larger than 64 MiB",
                ));
            }
        }
        Ok(bytes.into())
    }
}

/// The working tree around a folder: the repository, else all that the host sees, else the folder.
pub fn tree_around(host: &dyn Host, folder: &Path) -> PathBuf {
    let folder = lexical(&host.root().join(folder));
    match door::repository(host, &folder) {
        Some(tree) => tree.to_owned(),
        None if folder.starts_with(host.root()) => host.root().to_owned(),
        None => folder,
    }
}

/// A place that somebody asks for.
struct Asked {
    path: PathBuf,
    /// As it was written, seen from the root.
    name: String,
    /// Where it stands in the tree, by its letters; nowhere outside of it.
    below_tree: Option<PathBuf>,
}

impl ReadsFiles for TreeFiles<'_> {
    fn read(&self, path: &Path) -> Result<Rc<[u8]>, Cause> {
        let place = self.place(path);
        if let Some(known) = self.read.borrow().get(&place.path) {
            return known.clone();
        }
        let bytes = self.bytes(&place);
        self.read.borrow_mut().insert(place.path, bytes.clone());
        bytes
    }

    fn exists(&self, path: &Path) -> Result<bool, Cause> {
        let place = self.place(path);
        match self.look(&place) {
            Ok(FileKind::File) => Ok(true),
            Ok(_) => Err(Cause::Rejected("fileexists".to_owned())),
            Err(Cause::NoFile(_)) => Ok(false),
            Err(cause) => Err(cause),
        }
    }

    fn matching(&self, folder: &Path, glob: &str) -> Result<Vec<String>, Cause> {
        let folder = self.place(folder);
        let rejected = || Cause::Rejected("fileset".to_owned());
        if let Err(why) = pattern::check(glob) {
            return Err(Cause::File(glob.to_owned(), why));
        }
        let glob = glob.strip_prefix("./").unwrap_or(glob);
        let glob = GlobBuilder::new(glob).literal_separator(true).build();
        let glob = glob.map_err(|_| rejected())?.compile_matcher();
        let mut found = Vec::new();
        let mut met = 0;
        match self.look(&folder) {
            Ok(FileKind::Folder) => {}
            Ok(_) | Err(Cause::NoFile(_)) => return Ok(found),
            Err(cause) => return Err(cause),
        }
        let mut folders = vec![(folder.path.clone(), 0)];
        while let Some((inner, depth)) = folders.pop() {
            let entries = self.host.list(&inner);
            let entries = entries
                .map_err(|error| Cause::File(shown(self.host, &inner), error.to_string()))?;
            for entry in entries {
                met += 1;
                if met > MOST_MET || depth > DEEPEST {
                    return Err(Cause::TooDeep);
                }
                let path = inner.join(&entry.name);
                if kept_back(Path::new(&entry.name)).is_some() || entry.name == ".terraform" {
                    continue;
                }
                let is_file = match entry.kind {
                    FileKind::Folder => {
                        folders.push((path, depth + 1));
                        continue;
                    }
                    FileKind::File => true,
                    FileKind::Other => self.look(&self.place(&path)) == Ok(FileKind::File),
                };
                let below = path.strip_prefix(&folder.path).unwrap_or(&path);
                if is_file && glob.is_match(below) {
                    found.push(shown(self.host, below));
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

/// Why a file is not read although it stands in the tree: what it holds may be a secret, and a value is shown.
fn kept_back(place: &Path) -> Option<&'static str> {
    let hidden = |part: Component<'_>| match part {
        Component::Normal(name) => {
            let name = name.as_encoded_bytes();
            name.starts_with(b".") && name != b".terraform"
        }
        _ => false,
    };
    if place.components().any(hidden) {
        return Some("it is hidden");
    }
    let ending = place.extension()?.to_str()?.to_ascii_lowercase();
    SECRET
        .contains(&&*ending)
        .then_some("secrets stand in such files")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::*;
    use crate::host::{Buffers, Memory};

    fn memory() -> Memory {
        Memory::new(date(2031, 5, 4))
            .with("repo/.git/config", "secret")
            .with("repo/app/sizes.json", "{}")
            .with("repo/app/.env", "PASSWORD=x")
            .with("repo/app/tls/server.key", "x")
            .with("repo/app/large.txt", "x".repeat(2 << 20))
            .with("repo/app/jobs/a.yaml", "a: 1")
            .with("repo/app/jobs/old/b.yaml", "b: 1")
            .with("repo/app/jobs/note.txt", "")
            .with("repo/shared/all.json", "[]")
            .with("elsewhere/x.json", "{}")
    }

    #[test]
    fn only_plain_files_of_the_tree_are_read() {
        let memory = memory();
        let files = TreeFiles::around(&memory, Path::new("repo/app"));
        let why = |path: &str| match files.read(Path::new(path)) {
            Ok(bytes) => format!("{} bytes", bytes.len()),
            Err(cause) => cause.to_string(),
        };
        assert_eq!(why("repo/app/sizes.json"), "2 bytes");
        assert_eq!(why("repo/app/../shared/all.json"), "2 bytes");
        assert_eq!(
            why("repo/app/none.json"),
            "there is no file `repo/app/none.json`"
        );
        for (path, said) in [
            ("elsewhere/x.json", "out of the working tree"),
            ("repo/app/.env", "hidden"),
            ("repo/.git/config", "hidden"),
            ("repo/app/tls/server.key", "secrets"),
            ("repo/app/large.txt", "1 MiB"),
            ("repo/app/jobs", "not a regular file"),
        ] {
            assert!(why(path).contains(said), "{path}: {}", why(path));
        }
        // Whether it is there or not: what is asked for may come to be.
        let asked = files.asked();
        assert!(asked.contains(Path::new("/repo/app/none.json")));
    }

    #[test]
    fn files_of_a_folder_are_found_by_a_glob() {
        let memory = memory();
        let files = TreeFiles::around(&memory, Path::new("repo/app"));
        let found = |folder: &str, glob: &str| files.matching(Path::new(folder), glob);
        let both = ["a.yaml".to_owned(), "old/b.yaml".to_owned()];
        assert_eq!(found("repo/app/jobs", "**/*.yaml"), Ok(both.to_vec()));
        assert_eq!(
            found("repo/app/jobs", "*.{yaml,yml}"),
            Ok(both[..1].to_vec())
        );
        assert_eq!(found("repo/app/none", "*"), Ok(Vec::new()));
        assert!(found("elsewhere", "*").is_err());
    }

    #[test]
    fn a_buffer_hides_the_file_of_its_path() {
        let buffers = Buffers::over(Arc::new(memory()));
        buffers.set(Path::new("repo/app/sizes.json"), "[1, 2]");
        let files = TreeFiles::around(&buffers, Path::new("repo/app"));
        let bytes = files.read(Path::new("repo/app/sizes.json"));
        assert_eq!(bytes.as_deref(), Ok(&b"[1, 2]"[..]));
    }
}
