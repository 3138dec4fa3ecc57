//! Where texts come from: the disk, a commit, memory, or an editor's buffers over one of them. The only room that opens
//! anything, and the only one that knows a working directory or a clock.
//!
//! A [`Host`] is the mechanism; what may be opened at all is decided in one place for all of them, in [`door`].

#![warn(missing_docs)]

use std::fmt;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use jiff::civil::Date;

use crate::base::finding::{self, Problem};

#[cfg(feature = "cli")]
pub mod archive;
mod buffers;
pub mod commit;
#[cfg(test)]
pub mod counting;
mod disk;
pub mod door;
mod git;
pub use git::{Checkout, checkout};
pub mod history;
mod ignored;
mod memory;
mod past_tree;
pub mod pattern;
mod read_once;
pub mod walk;

pub use crate::base::file_paths::lexical;
pub use buffers::Buffers;
pub use disk::Disk;
pub use memory::Memory;
pub use read_once::ReadOnce;

/// Gives texts, lists folders and says the day.
///
/// A path is absolute, or seen from [`Host::root`]. The library asks through the checks of [`door`] wherever somebody else
/// chose the path, so a host only has to say what is there.
pub trait Host: fmt::Debug + Send + Sync {
    /// The absolute folder that paths are seen from; reports show what stands below it relative to it.
    fn root(&self) -> &Path;

    /// What a path leads to, once every link is followed. Opens nothing.
    ///
    /// # Errors
    /// Nothing is there, or it cannot be looked at.
    fn look(&self, path: &Path) -> Result<PathTarget, HostError>;

    /// What a folder holds, in no order. Links are not followed.
    ///
    /// # Errors
    /// It is no folder, or it cannot be read.
    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError>;

    /// The bytes of a regular file, from its start.
    ///
    /// # Errors
    /// It is no regular file, or it cannot be opened.
    fn open(&self, path: &Path) -> Result<Opened, HostError>;

    /// The day by which reasons are judged: the same one as long as the host lives.
    fn today(&self) -> Date;

    /// The bytes of standard input; most hosts have none.
    ///
    /// # Errors
    /// There is none.
    fn standard_input(&self) -> Result<Box<dyn Read + Send>, HostError> {
        Err(HostError::Missing)
    }
}

/// What stands at a path.
#[derive(Clone, Debug)]
pub struct PathTarget {
    /// The absolute path without links.
    pub real: PathBuf,
    /// What it is.
    pub kind: FileKind,
}

/// One thing in a folder.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name, without the folder.
    pub name: std::ffi::OsString,
    /// What it is.
    pub kind: FileKind,
}

/// What a name in a folder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, a device, a pipe, a socket.
    Other,
}

/// An open file.
pub struct Opened {
    /// How many bytes it claims to hold.
    pub length: u64,
    /// The bytes.
    pub bytes: Box<dyn Read + Send>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("Opened");
        out.field("length", &self.length).finish_non_exhaustive()
    }
}

/// Why something is not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// Nothing has that name.
    #[error("there is no such file")]
    Missing,
    /// A link, or a `..` in a configuration, that leaves the working tree.
    #[error("it leads out of the working tree")]
    Outside,
    /// What git keeps for itself: tokens stand there.
    #[error("it is part of git's own folder")]
    Git,
    /// A device, a pipe, a socket, or a file of the kernel.
    #[error("it is not a regular file")]
    Irregular,
    /// More than sfl holds of such a file.
    #[error("it is larger than {}", size(*.0))]
    TooLarge(u64),
    /// A link from a name that promises TOML to a file that does not.
    #[error("it leads to a file that is not TOML")]
    Renamed,
    /// Bytes that are no text.
    #[error("it is not UTF-8")]
    Encoding,
    /// What the system said.
    #[error("{}", finding::reason(.0))]
    Io(io::Error),
}

impl From<io::Error> for HostError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Io(error),
        }
    }
}

impl HostError {
    /// As what could not be read under this name.
    #[must_use]
    pub fn into_problem(self, path: String) -> Problem {
        let message = self.to_string();
        Problem::Unreadable { path, message }
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1 << 20 => format!("{} MiB", bytes >> 20),
        bytes => format!("{} KiB", bytes >> 10),
    }
}

/// The name by which a path is known, whichever way somebody wrote it: as seen from the root where it stands below it.
#[must_use]
pub fn known_as(host: &dyn Host, path: &Path) -> PathBuf {
    let below = path.strip_prefix(host.root()).unwrap_or(path);
    let below = below.strip_prefix(".").unwrap_or(below);
    let steps_up = |part| part == Component::ParentDir;
    if !below.components().any(steps_up) {
        return below.to_owned();
    }
    // Where a step up leads, only the host can tell: out of a link, it is another place than the letters say.
    let (found, root) = (host.look(below), host.look(Path::new("")));
    let (Ok(found), Ok(root)) = (found, root) else {
        return below.to_owned();
    };
    let known = found.real.strip_prefix(&root.real).unwrap_or(below);
    known.to_owned()
}

/// The path as it is shown: relative to the root where it stands below it, with `/`.
#[must_use]
pub fn shown(host: &dyn Host, path: &Path) -> String {
    let below = if path.is_absolute() {
        path.strip_prefix(host.root()).unwrap_or(path)
    } else {
        path
    };
    // To compare paths part by part costs more than all else here.
    let dotted = below.as_os_str().as_encoded_bytes().starts_with(b".");
    let below = match dotted.then(|| below.strip_prefix("./")) {
        Some(Ok(rest)) => rest,
        _ => below,
    };
    let text = below.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests;
