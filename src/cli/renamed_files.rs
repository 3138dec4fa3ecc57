//! Whether a file is one that was called otherwise when a baseline was written, as far as git can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk;
use crate::base::file_paths::lexical;
use crate::compare::baseline::Held;
use crate::compare::moved_entries::FilePair;
use crate::host::commit::Commit;
use crate::host::{Host, door};

/// The largest file whose lines are compared.
const LARGEST: u64 = 4 << 20;

/// Asks git: it names a rename that was committed. Of others, most lines of the new file must have been in the old one, which is
/// read as it was when the baseline was written. Where there is no git, or where it has never seen the old file, nothing is said.
pub fn same_file(held: &Held, pairs: &[FilePair]) -> Vec<Option<bool>> {
    let file = held
        .folder
        .join(Path::new(&held.file).file_name().unwrap_or_default());
    let Ok(commit) = Commit::of_file(Arc::clone(disk()), &file) else {
        return vec![None; pairs.len()];
    };
    let mut lines = Lines {
        before: BTreeMap::new(),
        now: BTreeMap::new(),
    };
    let place = |entry: &str| {
        let path = lexical(&held.folder.join(entry));
        let below = path.strip_prefix(commit.top()).ok()?;
        Some(below.to_str()?.replace('\\', "/"))
    };
    let one = |pair: &FilePair| {
        let (old, new) = (place(&pair.old)?, place(&pair.new)?);
        if !commit.has(&old) {
            return None;
        }
        if let Some(before) = commit.renames.get(&new) {
            return Some(*before == old);
        }
        let was = commit.local(&old);
        let path = lexical(&held.folder.join(&pair.new));
        lines.are_mostly_of(&commit, &was, &path)
    };
    pairs.iter().map(one).collect()
}

/// The lines of files, each read once.
struct Lines {
    before: BTreeMap<PathBuf, Option<BTreeSet<String>>>,
    now: BTreeMap<PathBuf, Option<BTreeSet<String>>>,
}

impl Lines {
    /// Whether half of the lines of a file, or more, stood in one of the commit.
    fn are_mostly_of(&mut self, commit: &Commit, was: &Path, path: &Path) -> Option<bool> {
        let old = self.before.entry(was.to_owned());
        let old = old.or_insert_with(|| read(commit, was)).as_ref()?;
        let new = self.now.entry(path.to_owned());
        let new = new.or_insert_with(|| read(&**disk(), path)).as_ref()?;
        let shared = new.iter().filter(|line| old.contains(*line)).count();
        Some(2 * shared >= new.len())
    }
}

fn read(host: &dyn Host, path: &Path) -> Option<BTreeSet<String>> {
    let text = door::bytes(host, path, LARGEST).and_then(door::utf8).ok()?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Some(lines.map(str::to_owned).collect())
}
