//! Every text is read once: for a run that judges, changes and judges again what it read first.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use super::memory::opened;
use super::{Entry, Host, HostError, Opened, PathTarget, door};

/// Files above this are read each time.
const LARGEST: u64 = 4 << 20;
/// The most that is held of standard input.
const LARGEST_STANDARD: u64 = 512 << 20;

/// Another host, and the files that were opened there, as they were then.
#[derive(Debug)]
pub struct ReadOnce {
    under: Arc<dyn Host>,
    files: Mutex<BTreeMap<PathBuf, Arc<[u8]>>>,
    /// Standard input, once it was read.
    standard: Mutex<Option<Arc<[u8]>>>,
}

impl ReadOnce {
    /// Nothing read yet.
    #[must_use]
    pub fn over(under: Arc<dyn Host>) -> Self {
        Self {
            under,
            files: Mutex::default(),
            standard: Mutex::default(),
        }
    }

    /// A number that differs where what was opened so far does.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hasher = DefaultHasher::new();
        files.hash(&mut hasher);
        hasher.finish()
    }
}

impl Host for ReadOnce {
    fn root(&self) -> &Path {
        self.under.root()
    }

    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        self.under.look(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        self.under.list(folder)
    }

    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        let path = self.root().join(path);
        let files = || self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = files().get(&path).cloned() {
            return Ok(opened(bytes));
        }
        let Opened { length, bytes } = self.under.open(&path)?;
        if length > LARGEST {
            return Ok(Opened { length, bytes });
        }
        let bytes = match door::take(bytes, length, LARGEST) {
            Ok(bytes) => Arc::<[u8]>::from(bytes),
            // It grew beyond the limit while it was read.
            Err(HostError::TooLarge(_)) => return self.under.open(&path),
            Err(error) => return Err(error),
        };
        files().insert(path, Arc::clone(&bytes));
        Ok(opened(bytes))
    }

    fn today(&self) -> Date {
        self.under.today()
    }

    fn standard_input(&self) -> Result<Box<dyn Read + Send>, HostError> {
        let mut held = self.standard.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = match &*held {
            Some(bytes) => Arc::clone(bytes),
            None => {
                let mut bytes = Vec::new();
                let mut input = self.under.standard_input()?.take(LARGEST_STANDARD);
                input.read_to_end(&mut bytes).map_err(HostError::Io)?;
                Arc::clone(held.insert(bytes.into()))
            }
        };
        Ok(Box::new(io::Cursor::new(bytes)))
    }
}
