//! The disk.

#![warn(missing_docs)]

use std::borrow::Cow;
use std::fs::{self, File, FileType};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, io, path};

use jiff::civil::Date;

use crate::base::file_paths::{encoded, raw};

use super::{Entry, FileKind, Host, HostError, Opened, PathTarget};

/// Files of this machine, seen from one folder.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    /// Whether the system sees relative paths from the root, too: then they are handed on as they are.
    here: bool,
    /// Asked for only where a reason is judged, and once: to find the time zone costs more than to check a template.
    today: OnceLock<Date>,
}

impl Disk {
    /// Seen from a folder.
    #[must_use]
    pub fn new(root: impl AsRef<Path>) -> Self {
        let root = root.as_ref();
        Self {
            root: encoded(path::absolute(root).unwrap_or_else(|_| root.to_owned())),
            here: false,
            today: OnceLock::new(),
        }
    }

    /// Seen from the working directory, which must not change.
    #[must_use]
    pub fn here() -> Self {
        Self {
            root: encoded(env::current_dir().unwrap_or_default()),
            here: true,
            today: OnceLock::new(),
        }
    }

    /// As the system has it: what is above sees only names that are text.
    fn full<'p>(&self, path: &'p Path) -> Cow<'p, Path> {
        if path.as_os_str().is_empty() {
            Cow::Owned(raw(&self.root).into_owned())
        } else if self.here {
            raw(path)
        } else {
            Cow::Owned(raw(&self.root.join(path)).into_owned())
        }
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::here()
    }
}

impl Host for Disk {
    fn root(&self) -> &Path {
        &self.root
    }

    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        let real = self.full(path).canonicalize()?;
        let kind = kind(fs::metadata(&real)?.file_type());
        let real = encoded(real);
        Ok(PathTarget { real, kind })
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.full(folder))? {
            let entry = entry?;
            let kind = entry.file_type().map_or(FileKind::Other, kind);
            let name = encoded(entry.file_name().into()).into_os_string();
            entries.push(Entry { name, kind });
        }
        Ok(entries)
    }

    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        let file = File::open(self.full(path))?;
        // Asked of what is open: what stood there a moment ago may have been replaced.
        let about = file.metadata()?;
        if !about.is_file() {
            return Err(HostError::Irregular);
        }
        let (length, bytes) = (about.len(), Box::new(file));
        Ok(Opened { length, bytes })
    }

    fn today(&self) -> Date {
        *self.today.get_or_init(today)
    }

    fn standard_input(&self) -> Result<Box<dyn Read + Send>, HostError> {
        Ok(Box::new(io::stdin()))
    }
}

fn kind(kind: FileType) -> FileKind {
    if kind.is_file() {
        FileKind::File
    } else if kind.is_dir() {
        FileKind::Folder
    } else {
        FileKind::Other
    }
}

/// The date where the system is.
fn today() -> Date {
    let now = jiff::Timestamp::now();
    // A time zone may be a file, and a device never ends.
    let zone = env::var_os("TZ").filter(|zone| !zone.is_empty());
    let zone = zone.map(|zone| zone.to_string_lossy().into_owned());
    let file = zone
        .as_deref()
        .map(|zone| Path::new(zone.trim_start_matches(':')));
    let endless = file
        .filter(|file| file.is_absolute())
        .is_some_and(|file| fs::metadata(file).is_ok_and(|about| !about.is_file()));
    let zone = if endless {
        jiff::tz::TimeZone::UTC
    } else {
        jiff::tz::TimeZone::system()
    };
    now.to_zoned_datetime(zone).date()
}
