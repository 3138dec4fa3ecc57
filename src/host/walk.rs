//! The files below a folder: no hidden ones, none that is left out, no links.

use std::path::{Path, PathBuf};

use super::door::{self, Door};
use super::ignored::{IgnoreReader, Rules};
use super::{FileKind, Host, PathTarget, shown};
use crate::base::finding::Problem;

/// Hands every file below a folder to `take`. `root` is the folder as it is shown, `found` what the door says of it.
pub fn walk(
    (host, door): (&dyn Host, &Door<'_>),
    root: &Path,
    found: &PathTarget,
    problems: &mut Vec<Problem>,
    take: &mut dyn FnMut(PathBuf),
) {
    let tree = door::repository(host, &found.real).unwrap_or(&found.real);
    let mut reader = IgnoreReader::new(host, door);
    let above = reader.above(tree, &found.real);
    let place = found.real.strip_prefix(tree).unwrap_or(Path::new(""));
    let mut folders = vec![(root.to_owned(), place.to_owned(), above)];
    while let Some((folder, place, above)) = folders.pop() {
        let entries = match host.list(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(error.into_problem(shown(host, &folder)));
                continue;
            }
        };
        let rules = reader.of(&folder, &place, tree, &entries, above);
        for entry in entries {
            let is_folder = entry.kind == FileKind::Folder;
            if entry.kind == FileKind::Other || entry.name.eq_ignore_ascii_case(".git") {
                continue;
            }
            let hidden = entry.name.as_encoded_bytes().first() == Some(&b'.');
            let place = (rules.is_some() || is_folder).then(|| place.join(&entry.name));
            let left_out = match &place {
                Some(place) => Rules::decide(rules.as_deref(), place, is_folder),
                None => None,
            };
            if left_out.unwrap_or(hidden) {
                continue;
            }
            let path = folder.join(&entry.name);
            match place {
                Some(place) if is_folder => folders.push((path, place, rules.clone())),
                _ => take(path),
            }
        }
    }
    problems.append(&mut reader.problems);
}
