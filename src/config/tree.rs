//! The working tree: where evidence must stand. Nothing outside of it is looked at.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::repository;
use crate::host::{Disk, FileKind, Host, lexical};

/// The repository's root and the folder of the configuration.
#[derive(Clone, Debug)]
pub struct Tree {
    host: Arc<dyn Host>,
    /// The folder of the configuration, where there is one.
    folder: Option<PathBuf>,
}

impl Default for Tree {
    fn default() -> Self {
        Self::around(&(Arc::new(Disk::here()) as Arc<dyn Host>), None)
    }
}

impl Tree {
    /// The tree around a folder, else around the host's root: its repository, else the folder itself.
    #[must_use]
    pub fn around(host: &Arc<dyn Host>, folder: Option<&Path>) -> Self {
        Self {
            host: Arc::clone(host),
            folder: folder.map(Path::to_owned),
        }
    }

    /// The root of the repository around the working directory, else that itself.
    #[must_use]
    pub fn repository(&self) -> PathBuf {
        let here = self.host.root();
        repository(&*self.host, here).unwrap_or(here).to_owned()
    }

    /// Whether a path names something in the tree: as seen from the file that names it, else from the configuration's
    /// folder, else from the root. What follows a `#` is a place in the file.
    #[must_use]
    pub fn holds(&self, named_in: &str, path: &str) -> bool {
        let path = path.split_once('#').map_or(path, |(file, _)| file).trim();
        let host = &*self.host;
        let start = self.folder.as_deref().unwrap_or(host.root());
        let root = repository(host, start).unwrap_or(start);
        let Ok(root) = host.look(root).map(|found| found.real) else {
            return false;
        };
        let path = Path::new(path);
        let relative = path.components().all(|part| {
            matches!(
                part,
                Component::Normal(_) | Component::CurDir | Component::ParentDir
            )
        });
        if !relative || path.as_os_str().is_empty() {
            return false;
        }
        let beside = host.root().join(named_in);
        let folders = [
            beside.parent(),
            self.folder.as_deref(),
            Some(root.as_path()),
        ];
        folders.into_iter().flatten().any(|folder| {
            let inside = lexical(&folder.join(path)).starts_with(lexical(&root))
                || host
                    .look(folder)
                    .is_ok_and(|folder| lexical(&folder.real.join(path)).starts_with(&root));
            inside
                && host
                    .look(&folder.join(path))
                    .is_ok_and(|found| found.real.starts_with(&root))
        })
    }

    /// Whether a run over these paths reads all that the configuration speaks of.
    #[must_use]
    pub fn is_whole(&self, paths: &[PathBuf]) -> bool {
        self.is_read(paths, "")
    }

    /// Whether a run over these paths reads a file, or all of a folder, as the configuration names it.
    #[must_use]
    pub fn is_read(&self, paths: &[PathBuf], place: &str) -> bool {
        let folder = self.folder.as_deref().unwrap_or(self.host.root());
        let place = match place {
            "" => folder.to_owned(),
            place => folder.join(place),
        };
        let Ok(place) = self.host.look(&place) else {
            return false;
        };
        paths.iter().any(|path| {
            let found = self.host.look(path);
            found.is_ok_and(|found| match found.kind {
                FileKind::Folder => place.real.starts_with(found.real),
                _ => place.real == found.real,
            })
        })
    }
}
