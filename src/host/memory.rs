//! Texts that stand nowhere else: for tests, for a program that holds its templates itself.

#![warn(missing_docs)]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Cursor;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::{Entry, FileKind, Host, HostError, Opened, PathTarget, lexical};

/// Files in memory, below a root that is no folder of the disk.
#[derive(Clone, Debug)]
pub struct Memory {
    files: BTreeMap<PathBuf, Arc<[u8]>>,
    /// What has a place and can't be opened.
    irregular: BTreeMap<PathBuf, ()>,
    today: Date,
}

impl Memory {
    /// No files yet; reasons are judged by `today`.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            files: BTreeMap::new(),
            irregular: BTreeMap::new(),
            today,
        }
    }

    /// With one more file, or another one in its place.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        let path = place(path.as_ref());
        self.irregular.remove(&path);
        self.files.insert(path, bytes.into().into());
        self
    }

    /// With a link or a device, which leads nowhere.
    #[must_use]
    pub fn with_irregular(mut self, path: impl AsRef<Path>) -> Self {
        let path = place(path.as_ref());
        self.files.remove(&path);
        self.irregular.insert(path, ());
        self
    }
}

impl Host for Memory {
    fn root(&self) -> &Path {
        Path::new("/")
    }

    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        let real = place(path);
        let kind = if self.files.contains_key(&real) {
            FileKind::File
        } else if self.irregular.contains_key(&real) {
            FileKind::Other
        } else if real == self.root()
            || !below(&self.files, &real).is_empty()
            || !below(&self.irregular, &real).is_empty()
        {
            FileKind::Folder
        } else {
            return Err(HostError::Missing);
        };
        Ok(PathTarget { real, kind })
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        let folder = place(folder);
        let mut all = below(&self.files, &folder);
        let folders: HashSet<_> = all.iter().map(|one| one.name.clone()).collect();
        let others = below(&self.irregular, &folder).into_iter();
        let others = others.filter(|one| !folders.contains(&one.name));
        all.extend(others.map(|one| match one.kind {
            FileKind::Folder => one,
            _ => Entry {
                kind: FileKind::Other,
                ..one
            },
        }));
        Ok(all)
    }

    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        let path = place(path);
        if self.irregular.contains_key(&path) {
            return Err(HostError::Irregular);
        }
        let bytes = self.files.get(&path).ok_or(HostError::Missing)?;
        Ok(opened(Arc::clone(bytes)))
    }

    fn today(&self) -> Date {
        self.today
    }
}

fn place(path: &Path) -> PathBuf {
    lexical(&Path::new("/").join(path))
}

/// Bytes, as an open file.
pub(super) fn opened(bytes: impl AsRef<[u8]> + Send + 'static) -> Opened {
    let length = u64::try_from(bytes.as_ref().len()).unwrap_or(u64::MAX);
    let bytes = Box::new(Cursor::new(bytes));
    Opened { length, bytes }
}

/// What a folder holds, where only files are known.
pub(super) fn below<T>(files: &BTreeMap<PathBuf, T>, folder: &Path) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut folders = BTreeSet::new();
    let from = (Bound::Included(folder), Bound::Unbounded);
    let inside = files.range::<Path, _>(from);
    for (path, _) in inside.take_while(|(path, _)| path.starts_with(folder)) {
        let Ok(rest) = path.strip_prefix(folder) else {
            continue;
        };
        let mut parts = rest.components();
        let Some(first) = parts.next() else {
            continue;
        };
        let name = first.as_os_str().to_owned();
        if parts.next().is_none() {
            let kind = FileKind::File;
            entries.push(Entry { name, kind });
        } else if folders.insert(name.clone()) {
            let kind = FileKind::Folder;
            entries.push(Entry { name, kind });
        }
    }
    entries
}
