//! The ways to the files of a run: where two lead to the same file, through a link or around the root, it is read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::host::Host;

/// See the module.
pub struct Ways {
    /// The root without links; none where nobody asks, because only one path was named.
    root: Option<PathBuf>,
    /// Named paths that don't stand where their letters say, and where they do.
    around: Vec<(PathBuf, PathBuf)>,
}

impl Ways {
    /// Of a run on these paths, seen from the root of a host.
    pub fn of(host: &dyn Host, paths: &[PathBuf]) -> Self {
        let root = match paths {
            [] | [_] => None,
            _ => host.look(Path::new("")).ok(),
        };
        Self {
            root: root.map(|root| root.real),
            around: Vec::new(),
        }
    }

    /// A path that somebody named, and where it leads.
    pub fn add(&mut self, path: &Path, real: &Path) {
        if self
            .root
            .as_ref()
            .is_some_and(|root| root.join(path) != real)
        {
            self.around.push((path.to_owned(), real.to_owned()));
        }
    }

    /// Of the names of one file keeps the one that its place in the root gives it, or else the first; it counts as named if any of them was.
    pub fn keep_one_of_each(&self, files: &mut Vec<(PathBuf, bool)>) {
        // Most runs have no such path, and then every name is a file.
        let Some(root) = self.root.as_ref().filter(|_| !self.around.is_empty()) else {
            return;
        };
        let mut kept: BTreeMap<PathBuf, (bool, PathBuf, bool)> = BTreeMap::new();
        for (path, named) in files.drain(..) {
            let around = self.around.iter();
            let around = around.filter(|(way, _)| path.starts_with(way));
            // A link may stand behind another one.
            let around = around.max_by_key(|(way, _)| way.components().count());
            let around = around.map(|(way, real)| match path.strip_prefix(way) {
                Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
                _ => real.clone(),
            });
            let is_around = around.is_some();
            let place = around.unwrap_or_else(|| root.join(&path));
            match kept.get_mut(&place) {
                None => {
                    kept.insert(place, (is_around, path, named));
                }
                Some((was_around, kept_path, kept_named)) => {
                    *kept_named |= named;
                    if *was_around && !is_around {
                        (*was_around, *kept_path) = (false, path);
                    }
                }
            }
        }
        files.extend(kept.into_values().map(|(_, path, named)| (path, named)));
        files.sort_by(|(a, _), (b, _)| a.as_os_str().cmp(b.as_os_str()));
    }
}
