//! What `.gitignore`, `.ignore` and git's own list of exclusions leave out. They are read through the door, and none above the
//! repository: what a stranger writes must not fill the memory, and what stands elsewhere must not hide templates.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::door::{self, Door};
use super::{Entry, FileKind, Host, HostError, pattern, shown};
use crate::base::file_paths::named;
use crate::base::finding::Problem;

/// Bytes of one file.
const LARGEST: u64 = 256 << 10;
/// Patterns of one file: each takes about 13 KB.
const MOST: usize = 2_000;
/// Patterns of the files of a folder and of those above it, which are in force together.
const MOST_IN_FORCE: usize = 8_000;
/// Patterns of a run.
const MOST_OF_ALL: usize = 100_000;

/// The files, those that decide first before the others. The last one is git's own, of one clone.
const FILES: [&str; 3] = [".ignore", ".gitignore", ".git/info/exclude"];

/// Patterns that speak of all that a folder holds.
const EVERYTHING: [&str; 6] = ["*", "**", "/*", "/**", "**/*", "/**/*"];

/// The patterns in force in a folder: its own, and those of the folders above.
#[derive(Debug)]
pub struct Rules {
    above: Option<Arc<Rules>>,
    own: [Option<Gitignore>; FILES.len()],
    in_force: usize,
}

/// What the patterns in force say of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided<'r> {
    /// It is left out: by which file and line.
    Hidden(Option<&'r Path>),
    /// It is brought back.
    Shown,
}

impl Rules {
    /// Whether a place is left out or brought back; nothing where no pattern speaks of it.
    pub fn decide<'r>(
        mut rules: Option<&'r Self>,
        place: &Path,
        is_folder: bool,
    ) -> Option<Decided<'r>> {
        let nearest = rules;
        for kind in 0..FILES.len() {
            rules = nearest;
            while let Some(these) = rules {
                let own = these.own[kind].as_ref();
                match own.map_or(Match::None, |own| own.matched(place, is_folder)) {
                    Match::None => {}
                    Match::Ignore(glob) => return Some(Decided::Hidden(glob.from())),
                    Match::Whitelist(_) => return Some(Decided::Shown),
                }
                rules = these.above.as_deref();
            }
        }
        None
    }
}

/// Reads them for one run.
pub struct IgnoreReader<'h> {
    host: &'h dyn Host,
    door: &'h Door<'h>,
    /// The patterns that may still be read.
    left: usize,
    /// What could not be read. What it would have left out is checked.
    pub problems: Vec<Problem>,
}

impl<'h> IgnoreReader<'h> {
    /// A reader that has read nothing yet.
    pub fn new(host: &'h dyn Host, door: &'h Door<'h>) -> Self {
        Self {
            host,
            door,
            left: MOST_OF_ALL,
            problems: Vec::new(),
        }
    }

    /// The rules of the folders from `tree` down to the one above `folder`, both without links.
    pub fn above(&mut self, tree: &Path, folder: &Path) -> Option<Arc<Rules>> {
        let mut rules = None;
        let above: Vec<&Path> = folder.ancestors().skip(1).collect();
        let inside = above.into_iter().rev();
        for folder in inside.filter(|folder| folder.starts_with(tree)) {
            let here = |name: &&str| self.host.look(&folder.join(name)).is_ok();
            let names = FILES.into_iter().filter(here);
            let names: Vec<_> = names.map(|name| (name, FileKind::Other)).collect();
            let place = folder.strip_prefix(tree).unwrap_or(folder);
            rules = self.read((folder, false), place, tree, &names, rules);
        }
        rules
    }

    /// The rules of a folder that holds these entries. `place` is the folder as seen from the tree. In a folder that was `named`,
    /// no pattern hides everything.
    pub fn of(
        &mut self,
        folder: (&Path, bool),
        place: &Path,
        tree: &Path,
        entries: &[Entry],
        above: Option<Arc<Rules>>,
    ) -> Option<Arc<Rules>> {
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.name.as_encoded_bytes();
            if name.first() != Some(&b'.') {
                continue;
            }
            match name {
                b".ignore" if entry.kind != FileKind::Folder => names.push((FILES[0], entry.kind)),
                b".gitignore" if entry.kind != FileKind::Folder => {
                    names.push((FILES[1], entry.kind))
                }
                b".git" if entry.kind == FileKind::Folder => {
                    names.push((FILES[2], FileKind::Other))
                }
                _ => {}
            }
        }
        self.read(folder, place, tree, &names, above)
    }

    fn read(
        &mut self,
        (folder, named): (&Path, bool),
        place: &Path,
        tree: &Path,
        names: &[(&str, FileKind)],
        above: Option<Arc<Rules>>,
    ) -> Option<Arc<Rules>> {
        let mut own = [const { None }; FILES.len()];
        let before = above.as_ref().map_or(0, |above| above.in_force);
        let mut in_force = before;
        for (name, kind) in names {
            let path = folder.join(name);
            let read = self.text(&path, *kind, folder, tree).and_then(|text| {
                let Some(text) = text else { return Ok(None) };
                let file = shown(self.host, &path);
                self.compile(&text, (&file, named), place, in_force)
            });
            match read {
                Ok(Some((rules, number))) => {
                    in_force += number;
                    self.left = self.left.saturating_sub(number);
                    let kind = FILES.iter().position(|file| file == name);
                    own[kind.unwrap_or_default()] = Some(rules);
                }
                Ok(None) => {}
                Err(message) => self.problems.push(Problem::Unreadable {
                    path: shown(self.host, &path),
                    message,
                }),
            }
        }
        if own.iter().all(Option::is_none) {
            return above;
        }
        Some(Arc::new(Rules {
            above,
            own,
            in_force,
        }))
    }

    fn text(
        &self,
        path: &Path,
        kind: FileKind,
        folder: &Path,
        tree: &Path,
    ) -> Result<Option<String>, String> {
        let kind = if kind == FileKind::File {
            // A regular file of a folder that is walked stands in the tree.
            Ok(kind)
        } else if path.ends_with(FILES[2]) {
            // Of git's own folder nothing else is read, and nothing of it is ever shown.
            let found = self.door.inside(path, &folder.join(".git"));
            found.map(|found| found.kind)
        } else {
            self.door.inside(path, tree).map(|found| found.kind)
        };
        let bytes = match kind {
            Ok(FileKind::File) => door::bytes(self.host, path, LARGEST),
            Ok(_) | Err(HostError::Missing) => return Ok(None),
            Err(error) => Err(error),
        };
        let bytes = bytes.map_err(|error| error.to_string())?;
        // As names have it that are no text.
        let text = named(&bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Ok(Some(text.to_owned()))
    }

    fn compile(
        &self,
        text: &str,
        (file, named): (&str, bool),
        place: &Path,
        in_force: usize,
    ) -> Result<Option<(Gitignore, usize)>, String> {
        let root: PathBuf = if place.as_os_str().is_empty() {
            // Not the working directory, which this crate would take for it.
            PathBuf::from(".")
        } else {
            place.to_owned()
        };
        let mut builder = GitignoreBuilder::new(root);
        let mut number = 0;
        for (line, at) in text.lines().zip(1..) {
            let pattern = line.trim();
            if pattern.is_empty() || pattern.starts_with('#') {
                continue;
            }
            // The output of a tool often hides itself from git; whoever names it means what is in it.
            if named && EVERYTHING.contains(&pattern) {
                continue;
            }
            number += 1;
            if number > MOST {
                return Err(format!("it has more than {MOST} patterns"));
            }
            pattern::check(pattern).map_err(|why| format!("a pattern is too large: {why}"))?;
            // What is not a glob means nothing, as for git.
            let _ = builder.add_line(Some(PathBuf::from(format!("{file}:{at}"))), line);
        }
        if in_force + number > MOST_IN_FORCE {
            return Err(format!(
                "with the ones above, it makes more than {MOST_IN_FORCE} patterns"
            ));
        }
        if number > self.left {
            return Err(format!(
                "the ignore files here have more than {MOST_OF_ALL} patterns"
            ));
        }
        let rules = builder.build().map_err(|error| error.to_string())?;
        Ok((number > 0).then_some((rules, number)))
    }
}
