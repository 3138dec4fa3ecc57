//! What a run comes by and does not read: kept aside while files are found, and told by kind in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use memchr::memmem;

use super::discover::{Promise, promise};
use crate::analysis::{Unread, UnreadItem, UnreadKind};
use crate::host::door::{self, Door};
use crate::host::walk::Seen;
use crate::host::{FileKind, Host, HostError, shown};
use crate::syntax;

/// Links of a run that are followed to see where they lead.
const FOLLOWED: usize = 1_000;
/// Bytes of a file that tells where a program writes.
const SETTINGS: u64 = 256 << 10;

/// A program that writes templates.
struct Program {
    /// The file that is there wherever it is used.
    file: &'static str,
    /// Words that the file must hold, for not all of them are about templates.
    holds: &'static str,
    /// The folder that it writes into.
    output: &'static str,
    /// What makes it write.
    run: &'static str,
}

const PROGRAMS: [Program; 4] = [
    Program {
        file: "cdk.json",
        holds: "\"app\"",
        output: "cdk.out",
        run: "cdk synth",
    },
    Program {
        file: "cdktf.json",
        holds: "\"app\"",
        output: "cdktf.out",
        run: "cdktf synth",
    },
    Program {
        file: "serverless.yaml",
        holds: "aws",
        output: ".serverless",
        run: "serverless package",
    },
    Program {
        file: "serverless.yml",
        holds: "aws",
        output: ".serverless",
        run: "serverless package",
    },
];

/// Endings that templates have.
const ENDINGS: [&str; 6] = ["json", "template", "tf", "tofu", "yaml", "yml"];

/// See the module.
pub struct Aside<'h> {
    host: &'h dyn Host,
    door: &'h Door<'h>,
    /// Folders that are walked, without links.
    pub roots: Vec<PathBuf>,
    /// Once each, whichever way it was met; with what hides it.
    met: BTreeMap<(UnreadKind, PathBuf), Option<String>>,
    links: BTreeSet<PathBuf>,
    programs: BTreeMap<PathBuf, &'static Program>,
}

impl<'h> Aside<'h> {
    /// Nothing yet.
    pub fn new(host: &'h dyn Host, door: &'h Door<'h>) -> Self {
        Self {
            host,
            door,
            roots: Vec::new(),
            met: BTreeMap::new(),
            links: BTreeSet::new(),
            programs: BTreeMap::new(),
        }
    }

    /// A file that is not read.
    pub fn add(&mut self, kind: UnreadKind, path: PathBuf) {
        self.met.insert((kind, path), None);
    }

    /// A file that somebody leaves out, and why where it is not the configuration.
    pub fn exclude(&mut self, path: PathBuf, why: Option<String>) {
        self.met.insert((UnreadKind::Excluded, path), why);
    }

    /// What a walk does not hand on as a file. Files that hold no template anyhow are not worth a word.
    pub fn see(&mut self, seen: Seen) {
        match seen {
            Seen::Ignored(path, kind, by) if may_hold(&path, kind) => {
                self.met.insert((UnreadKind::Ignored, path), Some(by));
            }
            Seen::LeftOut(path, kind) if may_hold(&path, kind) => {
                self.add(UnreadKind::LeftOut, path);
            }
            Seen::Irregular(path) if promise(&path) != Promise::Nothing => {
                self.links.insert(path);
            }
            _ => {}
        }
    }

    /// Remembers a file that says that a program writes templates.
    pub fn program(&mut self, path: &Path) {
        let Some(name) = path.file_name() else { return };
        // Nearly every file ends here.
        let first = name.as_encoded_bytes().first();
        if !matches!(first, Some(b'c' | b's')) {
            return;
        }
        if let Some(program) = PROGRAMS.iter().find(|program| name == program.file) {
            self.programs.insert(path.to_owned(), program);
        }
    }

    /// Everything by kind. `files` are those that are looked at, sorted.
    pub fn unread(mut self, files: &[(PathBuf, bool)], names_all: bool) -> Unread {
        let mut unread = Unread::default();
        unread.name_all(names_all);
        let links = std::mem::take(&mut self.links);
        for (number, path) in links.into_iter().enumerate() {
            let why = match number < FOLLOWED {
                true => self.refused(&path),
                false => Some("it is a link".to_owned()),
            };
            if let Some(why) = why {
                let item = UnreadItem::at(shown(self.host, &path)).because(why);
                unread.add(UnreadKind::Refused, item);
            }
        }
        for (path, program) in &self.programs {
            if let Some(why) = self.written(path, program, files) {
                let item = UnreadItem::at(shown(self.host, path)).because(why);
                unread.add(UnreadKind::Generated, item);
            }
        }
        for ((kind, path), why) in self.met {
            let item = UnreadItem {
                path: Some(shown(self.host, &path)),
                why,
                ..UnreadItem::default()
            };
            unread.add(kind, item);
        }
        unread
    }

    /// Why something irregular is not read; nothing where it leads to what is looked at under its own name, or nowhere.
    fn refused(&self, path: &Path) -> Option<String> {
        match self.door.named(path) {
            Ok(found) if self.roots.iter().any(|root| found.real.starts_with(root)) => None,
            Ok(found)
                if found.kind == FileKind::File && promise(&found.real) == Promise::Nothing =>
            {
                None
            }
            Ok(_) => Some("it is a link".to_owned()),
            Err(HostError::Missing | HostError::Git) => None,
            // Sockets and devices seldom have an ending.
            Err(HostError::Irregular) if path.extension().is_none() => None,
            Err(error) => Some(error.to_string()),
        }
    }

    /// What to do to see the templates that a program writes; nothing where they are looked at, or left out on purpose.
    fn written(&self, file: &Path, program: &Program, files: &[(PathBuf, bool)]) -> Option<String> {
        let text = door::bytes(self.host, file, SETTINGS).ok()?;
        memmem::find(&text, program.holds.as_bytes())?;
        let text = String::from_utf8(text).ok()?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let named = (program.run == "cdk synth")
            .then(|| output(&text))
            .flatten();
        let output = folder.join(named.as_deref().unwrap_or(program.output));
        let from = files.partition_point(|(path, _)| path.as_os_str() < output.as_os_str());
        let is_read = |(path, _): &(PathBuf, bool)| path.starts_with(&output);
        // What sorts before its first file shares its letters.
        let beside = output.as_os_str().len();
        let near = files[from..].iter().take_while(|(path, _)| {
            let path = path.as_os_str().as_encoded_bytes();
            path.get(..beside) == Some(output.as_os_str().as_encoded_bytes())
        });
        if near.into_iter().any(is_read) {
            return None;
        }
        let shown = shown(self.host, &output);
        let check = format!("`sfl check {shown}`");
        let below = |kind: UnreadKind| {
            let from = self.met.range((kind, output.clone())..);
            let met = from.take_while(move |((other, _), _)| *other == kind);
            met.map(|((_, path), why)| (path, why))
                .take_while(|(path, _)| path.starts_with(&output))
                .next()
        };
        if below(UnreadKind::Excluded).is_some() {
            return None;
        }
        if let Some((_, by)) = below(UnreadKind::Ignored) {
            let by = by.as_deref().unwrap_or("by an ignore file");
            return Some(format!("{shown} is ignored ({by}); check it with {check}"));
        }
        if below(UnreadKind::LeftOut).is_some_and(|(path, _)| *path == output) {
            return Some(format!(
                "{shown} is left out by default; check it with {check}"
            ));
        }
        let run = program.run;
        match folder.as_os_str().is_empty() {
            true => Some(format!("run `{run}`, then {check}")),
            false => Some(format!("run `{run}` there, then {check}")),
        }
    }
}

/// Whether what is passed over is worth counting: folders, and files that are called as templates are.
fn may_hold(path: &Path, kind: FileKind) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let ending = ending.unwrap_or_default().to_ascii_lowercase();
    kind == FileKind::Folder || ENDINGS.contains(&&*ending)
}

/// Where a `cdk.json` says that its app writes.
fn output(text: &str) -> Option<String> {
    let document = syntax::json(text).ok()?;
    let root = document.roots().next()?;
    let output = root.get("output")?.text().into_owned();
    let is_inside = !output.is_empty() && !Path::new(&output).is_absolute();
    is_inside.then_some(output)
}
