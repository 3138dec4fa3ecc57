//! Texts that nobody has saved yet, over whatever another host holds: what an editor shows.

#![warn(missing_docs)]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use jiff::civil::Date;

use super::memory::{below, opened};
use super::{Entry, FileKind, Host, HostError, Opened, PathTarget, lexical};

/// Open texts over another host: each hides the file of its path.
#[derive(Debug)]
pub struct Buffers {
    under: Arc<dyn Host>,
    /// By absolute path.
    texts: RwLock<BTreeMap<PathBuf, Arc<str>>>,
}

impl Buffers {
    /// No text yet.
    #[must_use]
    pub fn over(under: Arc<dyn Host>) -> Self {
        let texts = RwLock::default();
        Self { under, texts }
    }

    /// Opens a text, or changes it.
    pub fn set(&self, path: &Path, text: impl Into<Arc<str>>) {
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        texts.insert(self.place(path), text.into());
    }

    /// Closes a text: what the host below holds counts again. Whether it was open.
    pub fn remove(&self, path: &Path) -> bool {
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        texts.remove(&self.place(path)).is_some()
    }

    fn place(&self, path: &Path) -> PathBuf {
        lexical(&self.under.root().join(path))
    }

    fn texts(&self) -> RwLockReadGuard<'_, BTreeMap<PathBuf, Arc<str>>> {
        self.texts.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a path leads that only a buffer has: below the nearest folder that is really there.
    fn real(&self, place: &Path) -> PathBuf {
        for folder in place.ancestors() {
            if let Ok(found) = self.under.look(folder)
                && let Ok(rest) = place.strip_prefix(folder)
            {
                return if rest.as_os_str().is_empty() {
                    found.real
                } else {
                    found.real.join(rest)
                };
            }
        }
        place.to_owned()
    }
}

impl Host for Buffers {
    fn root(&self) -> &Path {
        self.under.root()
    }

    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        let place = self.place(path);
        let kind = {
            let texts = self.texts();
            if texts.contains_key(&place) {
                Some(FileKind::File)
            } else {
                (!below(&texts, &place).is_empty()).then_some(FileKind::Folder)
            }
        };
        match (self.under.look(path), kind) {
            (found, None) => found,
            (Ok(found), Some(FileKind::Folder)) => Ok(found),
            (_, Some(kind)) => Ok(PathTarget {
                real: self.real(&place),
                kind,
            }),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        let open = below(&self.texts(), &self.place(folder));
        let listed = self.under.list(folder);
        if open.is_empty() {
            return listed;
        }
        let mut entries = listed.unwrap_or_default();
        entries.retain(|entry| !open.iter().any(|other| other.name == entry.name));
        entries.extend(open);
        Ok(entries)
    }

    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        let text = self.texts().get(&self.place(path)).cloned();
        match text {
            Some(text) => Ok(opened(Arc::<[u8]>::from(text))),
            None => self.under.open(path),
        }
    }

    fn today(&self) -> Date {
        self.under.today()
    }

    fn standard_input(&self) -> Result<Box<dyn Read + Send>, HostError> {
        self.under.standard_input()
    }
}
