//! The one door: what may be opened, whichever host holds it and whoever named it. Inside of the working tree once links are
//! followed, never below `.git`, only regular files, and only as much of them as their purpose needs.

use std::cell::OnceCell;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::{FileKind, Host, HostError, PathTarget, lexical};

/// The most that is held of a configuration, a ledger or a rule file.
pub const LARGEST_SETTING: u64 = 4 << 20;
/// The most that is held of a baseline.
pub const LARGEST_BASELINE: u64 = 128 << 20;

/// Files of the kernel: they have no size, some of them never end, and they hold what the environment keeps secret.
const KERNEL: [&str; 2] = ["/proc", "/sys"];

/// Decides for one run.
#[derive(Debug)]
pub struct Door<'h> {
    host: &'h dyn Host,
    /// The working tree around the root: as it is named, and without links.
    tree: OnceCell<(PathBuf, PathBuf)>,
}

impl<'h> Door<'h> {
    /// A door to what a host holds.
    #[must_use]
    pub fn new(host: &'h dyn Host) -> Self {
        let tree = OnceCell::new();
        Self { host, tree }
    }

    /// Whether a path that a person named may be looked at. One that stands in the working tree must not lead out of it; one
    /// that stands elsewhere was meant.
    ///
    /// # Errors
    /// Why not.
    pub fn named(&self, path: &Path) -> Result<PathTarget, HostError> {
        let found = self.host.look(path)?;
        let (tree, real) = self.tree.get_or_init(|| self.working_tree());
        let path = lexical(&self.host.root().join(path));
        if path.starts_with(tree) || path.starts_with(real) {
            checked(found, Some(real))
        } else {
            checked(found, None)
        }
    }

    /// The text of a file that a person named.
    ///
    /// # Errors
    /// It may not be looked at, it is larger than the limit, or it is not UTF-8.
    pub fn text(&self, path: &Path, limit: u64) -> Result<String, HostError> {
        self.named(path)?;
        utf8(bytes(self.host, path, limit)?)
    }

    /// Whether a path that a file of the tree names may be looked at: only inside of `inside`.
    ///
    /// # Errors
    /// Why not.
    pub fn inside(&self, path: &Path, inside: &Path) -> Result<PathTarget, HostError> {
        let found = self.host.look(path)?;
        let inside = self.host.look(inside)?;
        checked(found, Some(&inside.real))
    }

    fn working_tree(&self) -> (PathBuf, PathBuf) {
        let root = self.host.root();
        let tree = repository(self.host, root).unwrap_or(root);
        let real = self.host.look(tree).map(|found| found.real);
        (tree.to_owned(), real.unwrap_or_else(|_| tree.to_owned()))
    }
}

fn checked(found: PathTarget, inside: Option<&Path>) -> Result<PathTarget, HostError> {
    let below = match inside {
        Some(inside) => found.real.strip_prefix(inside),
        None => Ok(&*found.real),
    };
    let below = below.map_err(|_| HostError::Outside)?;
    if below.components().any(is_git) {
        return Err(HostError::Git);
    }
    let of_kernel = cfg!(unix) && KERNEL.iter().any(|folder| found.real.starts_with(folder));
    if found.kind == FileKind::Other || of_kernel {
        return Err(HostError::Irregular);
    }
    Ok(found)
}

/// `.git`, as file systems that ignore case see it.
fn is_git(part: Component<'_>) -> bool {
    part.as_os_str().eq_ignore_ascii_case(".git")
}

/// All bytes of a file that was admitted.
///
/// # Errors
/// It is larger than the limit, or it cannot be read.
pub fn bytes(host: &dyn Host, path: &Path, limit: u64) -> Result<Vec<u8>, HostError> {
    let opened = host.open(path)?;
    take(opened.bytes, opened.length, limit)
}

/// All bytes of a reader that claims to hold `length` of them.
///
/// # Errors
/// There are more than the limit, or they cannot be read.
pub fn take(reader: impl Read, length: u64, limit: u64) -> Result<Vec<u8>, HostError> {
    if length > limit {
        return Err(HostError::TooLarge(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    // It may have grown since.
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
        return Err(HostError::TooLarge(limit));
    }
    Ok(bytes)
}

/// The text of a file that is ours.
///
/// # Errors
/// It is not UTF-8.
pub fn utf8(bytes: Vec<u8>) -> Result<String, HostError> {
    let text = String::from_utf8(bytes);
    text.map_err(|_| HostError::Encoding)
}

/// The folder that holds `.git`: the nearest one above, or this one.
#[must_use]
pub fn repository<'p>(host: &dyn Host, here: &'p Path) -> Option<&'p Path> {
    here.ancestors()
        .find(|folder| host.look(&folder.join(".git")).is_ok())
}
