//! The working tree: where evidence must stand. Nothing outside of it is looked at.

use std::env;
use std::path::{Component, Path, PathBuf};

/// The repository's root and the folder of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    root: Option<PathBuf>,
    folder: Option<PathBuf>,
}

impl Tree {
    /// The tree around a folder: its repository, else the folder itself.
    #[must_use]
    pub fn around(here: &Path, folder: Option<&Path>) -> Self {
        let start = folder.unwrap_or(here);
        let root = super::repository(start).unwrap_or(start);
        Self {
            root: Some(root.to_owned()),
            folder: folder.map(Path::to_owned),
        }
    }

    /// Whether a path names something in the tree: as seen from the file that names it, else from the configuration's
    /// folder, else from the root. What follows a `#` is a place in the file.
    #[must_use]
    pub fn holds(&self, named_in: &str, path: &str) -> bool {
        let path = path.split_once('#').map_or(path, |(file, _)| file).trim();
        let here = env::current_dir().unwrap_or_default();
        let around = Self::around(&here, None);
        let root = self.root.as_deref().or(around.root.as_deref());
        let Some(root) = root.and_then(|root| root.canonicalize().ok()) else {
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
        let beside = here.join(named_in);
        let folders = [
            beside.parent(),
            self.folder.as_deref(),
            Some(root.as_path()),
        ];
        folders.into_iter().flatten().any(|folder| {
            let inside = plain(&folder.join(path)).starts_with(plain(&root))
                || folder
                    .canonicalize()
                    .is_ok_and(|folder| plain(&folder.join(path)).starts_with(&root));
            inside
                && folder
                    .join(path)
                    .canonicalize()
                    .is_ok_and(|real| real.starts_with(&root))
        })
    }

    /// Whether a run over these paths reads all that the configuration speaks of.
    #[must_use]
    pub fn is_whole(&self, paths: &[PathBuf]) -> bool {
        let here = env::current_dir().unwrap_or_default();
        let folder = self.folder.as_deref().unwrap_or(&here);
        let Ok(folder) = folder.canonicalize() else {
            return false;
        };
        paths.iter().any(|path| {
            let real = here.join(path).canonicalize();
            real.is_ok_and(|real| real.is_dir() && folder.starts_with(real))
        })
    }
}

/// Without `.` and `..`, by the letters of the path alone.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
