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

/// Asks git: it names a rename that was committed. Of that, too, most lines of the new file must have been in the old one, which is
/// read as it was when the baseline was written: two small templates are alike to git by what all templates have. Where there is no git, or where it has never seen the old file, nothing is said.
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
        if commit
            .renames
            .get(&new)
            .is_some_and(|before| *before != old)
        {
            return Some(false);
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
    /// Whether most lines of a file stood in one of the commit.
    fn are_mostly_of(&mut self, commit: &Commit, was: &Path, path: &Path) -> Option<bool> {
        let old = self.before.entry(was.to_owned());
        let old = old.or_insert_with(|| read(commit, was)).as_ref()?;
        let new = self.now.entry(path.to_owned());
        let new = new.or_insert_with(|| read(&**disk(), path)).as_ref()?;
        let mut telling: Vec<&String> = new.iter().filter(|line| tells(line)).collect();
        if telling.is_empty() {
            telling = new.iter().collect();
        }
        let shared = telling.iter().filter(|line| old.contains(**line)).count();
        Some(2 * shared > telling.len())
    }
}

/// Whether a line says anything that other templates do not say as well: not a key alone, a bracket, a type or a version.
fn tells(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '{' | '}' | '[' | ']' | '(' | ')' | ',' | '"' | '\'' | ':'
            )
    });
    let is_key_alone = line.trim_end().ends_with([':', '{', '[', '(']);
    let is_common = ["Type", "AWSTemplateFormatVersion", "Transform", "#"]
        .iter()
        .any(|word| bare.starts_with(word));
    !(bare.is_empty() || is_key_alone || is_common)
}

fn read(host: &dyn Host, path: &Path) -> Option<BTreeSet<String>> {
    let text = door::bytes(host, path, LARGEST).and_then(door::utf8).ok()?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Some(lines.map(str::to_owned).collect())
}
