//! The files beside a configuration, as its functions read them: `file`, `templatefile` and their like.

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Cause, Child, Expr, Named, Space, Unit};
use crate::base::file_paths::{plain, seen_from, slashed};

/// Reads files for a configuration. Paths are seen from where the run is, as a path that is shown is.
pub trait ReadsFiles: fmt::Debug {
    /// What a file holds.
    ///
    /// # Errors
    /// Why it is not read.
    fn read(&self, path: &Path) -> Result<Rc<[u8]>, Cause>;

    /// Whether there is a file.
    ///
    /// # Errors
    /// Why nobody looks there.
    fn exists(&self, path: &Path) -> Result<bool, Cause>;

    /// The files below a folder that a glob matches, each by its path below the folder, in order.
    ///
    /// # Errors
    /// Why nobody looks there.
    fn matching(&self, folder: &Path, glob: &str) -> Result<Vec<String>, Cause>;
}

/// Where a module stands, and who reads the files there.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'t> {
    /// The module's folder.
    pub folder: &'t Path,
    pub files: &'t dyn ReadsFiles,
}

/// What was made of files: each is read and parsed once, however many ask for it.
#[derive(Debug, Default)]
pub struct FileMemory<'t> {
    files: Option<&'t dyn ReadsFiles>,
    made: RefCell<FxHashMap<MadeOf, Child<'t>>>,
}

/// A function of a file, and the names that mean something in it.
type MadeOf = (Named, PathBuf, Vec<String>);

impl<'t> FileMemory<'t> {
    /// Who reads files.
    pub fn set(&mut self, files: Option<&'t dyn ReadsFiles>) {
        self.files = files;
    }

    /// Who reads files; nobody where a text stands alone.
    #[must_use]
    pub fn files(&self) -> Option<&'t dyn ReadsFiles> {
        self.files
    }

    /// What a function makes of a file: made when the first asks.
    ///
    /// # Errors
    /// What `make` says.
    pub fn made(
        &self,
        function: Named,
        path: PathBuf,
        names: Vec<String>,
        make: impl FnOnce(&Path) -> Result<Child<'t>, Cause>,
    ) -> Result<Child<'t>, Cause> {
        let key = (function, path, names);
        if let Some(known) = self.made.borrow().get(&key) {
            return Ok(known.clone());
        }
        let child = make(&key.1)?;
        self.made.borrow_mut().insert(key, child.clone());
        Ok(child)
    }
}

impl<'t> Unit<'t> {
    /// Says where a module stands, as seen from the module that is run.
    pub fn stands(&mut self, root: &Path, folder: &Path) {
        self.root = Some(root.to_owned());
        for (name, path) in [("root", root), ("module", folder)] {
            let path = Child::built(Expr::Text(from(root, path).into()), &None);
            self.definitions.insert((Space::Path, name.into()), path);
        }
    }

    /// The place that a path means in an expression: it is seen from the folder of the module that is run.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<PathBuf> {
        Some(plain(&self.root.as_ref()?.join(path)))
    }
}

/// A path as it is written in a place that stands at `root`.
fn from(root: &Path, path: &Path) -> String {
    let seen = seen_from(&plain(root), &plain(path));
    match seen.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => slashed(&seen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_called_as_it_is_seen_from_the_one_that_is_run() {
        for (root, folder, expected) in [
            ("", "", "."),
            ("live/shop", "live/shop", "."),
            ("", "parts/net", "parts/net"),
            ("live/shop", "parts/net", "../../parts/net"),
            ("live", "live/./a/../b", "b"),
            ("../one", "../two", "../two"),
            ("/srv/a", "/srv/b/c", "../b/c"),
        ] {
            assert_eq!(
                from(Path::new(root), Path::new(folder)),
                expected,
                "{root} {folder}"
            );
        }
    }
}
