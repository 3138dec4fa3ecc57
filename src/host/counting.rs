//! For tests: files in memory, and how often each is opened.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;

use super::{Entry, Host, HostError, Memory, Opened, PathTarget};

#[derive(Debug)]
pub struct CountsOpens {
    files: Memory,
    opened: Mutex<BTreeMap<PathBuf, usize>>,
}

impl CountsOpens {
    pub fn of(files: Memory) -> Self {
        Self {
            files,
            opened: Mutex::default(),
        }
    }

    /// How often each file was opened that was opened at all.
    pub fn counts(&self) -> BTreeMap<PathBuf, usize> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.clone()
    }
}

impl Host for CountsOpens {
    fn root(&self) -> &Path {
        self.files.root()
    }

    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        self.files.look(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        self.files.list(folder)
    }

    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        *opened.entry(path.to_owned()).or_default() += 1;
        drop(opened);
        self.files.open(path)
    }

    fn today(&self) -> Date {
        self.files.today()
    }
}
