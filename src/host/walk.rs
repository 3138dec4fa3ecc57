//! The files below a folder: no hidden ones, none that is left out, no links. What is passed over is handed on as well.

use std::path::{Path, PathBuf};

use super::door::{self, Door};
use super::ignored::{Decided, IgnoreReader, Rules};
use super::{Entry, FileKind, Host, PathTarget, shown};
use crate::base::finding::Problem;

/// Folders that hold what others wrote: packages that were installed.
const PACKAGES: [&str; 5] = [
    "__pypackages__",
    "bower_components",
    "jspm_packages",
    "node_modules",
    "site-packages",
];

/// What a walk comes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A file to look at.
    File(PathBuf),
    /// A file or folder that an ignore file hides: which one, and the line, as `.gitignore:3`.
    Ignored(PathBuf, FileKind, String),
    /// A hidden file or folder, and one that is never looked into unless it is named.
    LeftOut(PathBuf, FileKind),
    /// A link, a device, a pipe.
    Irregular(PathBuf),
}

/// A folder to walk.
#[derive(Clone, Copy, Debug)]
pub struct WalkRoot<'p> {
    /// As it is shown.
    pub folder: &'p Path,
    /// What ignore files say of a folder that was named itself, or of all that is in it, does not count.
    pub is_named: bool,
    /// Ignore files count for nothing.
    pub ignores_nothing: bool,
}

/// Hands everything below a folder to `take`. `found` is what the door says of it.
pub fn walk(
    (host, door): (&dyn Host, &Door<'_>),
    root: WalkRoot<'_>,
    found: &PathTarget,
    problems: &mut Vec<Problem>,
    take: &mut dyn FnMut(Seen),
) {
    let tree = door::repository(host, &found.real).unwrap_or(&found.real);
    let mut reader = IgnoreReader::new(host, door);
    let above = match root.is_named || root.ignores_nothing {
        true => None,
        false => reader.above(tree, &found.real),
    };
    let place = found.real.strip_prefix(tree).unwrap_or(Path::new(""));
    let mut folders = vec![(root.folder.to_owned(), place.to_owned(), above)];
    let mut is_root = true;
    while let Some((folder, place, above)) = folders.pop() {
        let entries = match host.list(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(error.into_problem(shown(host, &folder)));
                continue;
            }
        };
        let marks = Marks::of(&place, &entries);
        if marks.is_foreign && !is_root {
            take(Seen::LeftOut(folder, FileKind::Folder));
            continue;
        }
        let rules = match root.ignores_nothing {
            true => None,
            false => {
                let folder = (&*folder, root.is_named && is_root);
                reader.of(folder, &place, tree, &entries, above)
            }
        };
        is_root = false;
        for entry in entries {
            let is_folder = entry.kind == FileKind::Folder;
            if entry.name.eq_ignore_ascii_case(".git") {
                continue;
            }
            let name = entry.name.as_encoded_bytes();
            let by_default = name.first() == Some(&b'.') || (is_folder && marks.leave_out(name));
            let place = (rules.is_some() || is_folder).then(|| place.join(&entry.name));
            let decided = match &place {
                Some(place) => Rules::decide(rules.as_deref(), place, is_folder),
                None => None,
            };
            let path = folder.join(&entry.name);
            match decided {
                Some(Decided::Hidden(_)) | None if by_default => {
                    take(Seen::LeftOut(path, entry.kind));
                }
                Some(Decided::Hidden(by)) => {
                    let by = by.map(|by| by.to_string_lossy().into_owned());
                    take(Seen::Ignored(path, entry.kind, by.unwrap_or_default()));
                }
                _ if entry.kind == FileKind::Other => take(Seen::Irregular(path)),
                _ => match place {
                    Some(place) if is_folder => folders.push((path, place, rules.clone())),
                    _ => take(Seen::File(path)),
                },
            }
        }
    }
    problems.append(&mut reader.problems);
}

/// What the names in a folder say of it.
struct Marks {
    /// Other people's work, or a tool's: a Python environment, a `vendor` folder of Go, PHP or Ruby.
    is_foreign: bool,
    /// What `cdk synth` wrote: the folders called `asset...` are copies of source.
    is_assembly: bool,
}

impl Marks {
    fn of(place: &Path, entries: &[Entry]) -> Self {
        let is_vendor = place.ends_with("vendor");
        let mut marks = Self {
            is_foreign: false,
            is_assembly: false,
        };
        for entry in entries {
            match entry.name.as_encoded_bytes() {
                b"cdk.out" => marks.is_assembly |= entry.kind == FileKind::File,
                b"pyvenv.cfg" => marks.is_foreign = true,
                b"modules.txt" | b"composer" | b"bundle" => marks.is_foreign |= is_vendor,
                _ => {}
            }
        }
        marks
    }

    /// Whether a folder of this name in it is not looked into.
    fn leave_out(&self, name: &[u8]) -> bool {
        PACKAGES.iter().any(|known| known.as_bytes() == name)
            || (self.is_assembly && name.starts_with(b"asset."))
    }
}
