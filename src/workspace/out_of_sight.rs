//! Templates that were judged at another time and are not read now, though they are still there: broken, hidden, excluded, renamed,
//! replaced. What they held has not gone, and nothing may look better for it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::discover::{self, Content, Input, LeftOutBy};
use super::{Options, stack};
use crate::analysis::{Analysis, Decision};
use crate::base::file_paths::{lexical, seen_from};
use crate::base::finding::{Finding, Problem, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, TemplateCode};
use crate::host::door::{self, Door};
use crate::host::walk::{Barrier, Barriers, Seen, WalkRoot, walk};
use crate::host::{FileKind, Host, known_as, shown};

mod listed_files;
mod moved_away;

pub use listed_files::ListedFiles;
pub use moved_away::of_report;

/// Bytes of a file whose first line is shown.
const LARGEST_SHOWN: u64 = 1 << 20;

/// What was judged at another time.
pub struct Remembered<'j> {
    /// Each file that held decisions, as it is shown, with how many.
    pub files: BTreeMap<&'j str, usize>,
    /// As it is said: `at main`.
    pub when: String,
    /// Today's names of files that had another: new to old, as shown.
    pub renames: &'j BTreeMap<String, String>,
    /// Whether a file that is there is still the repository's: what was only left behind has gone.
    pub is_tracked: &'j dyn Fn(&str) -> bool,
    /// The folder around a file that is another repository's by now.
    pub other_repository: &'j dyn Fn(&str) -> Option<String>,
}

impl std::fmt::Debug for Remembered<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = out.debug_struct("Remembered");
        out.field("files", &self.files).finish_non_exhaustive()
    }
}

/// The files that hold decisions, with how many.
pub fn files<'d>(decisions: impl IntoIterator<Item = &'d Decision>) -> BTreeMap<&'d str, usize> {
    let mut files = BTreeMap::new();
    for decision in decisions {
        if decision.is_counted {
            *files.entry(&*decision.path).or_default() += 1;
        }
    }
    files
}

/// What keeps a file from being read.
enum Hidden {
    /// It is a template no more, because it is broken.
    Broken(Problem),
    /// Something else, and what.
    By(String),
    /// Nothing: what is in it is none.
    NoTemplate,
    /// Nothing: it stands in sight, and not where this run looks.
    Outside,
}

/// Says of each file that held decisions and is out of sight what hides it: what is broken could not be read, and anything else is a
/// finding of its own. With today's names of those that had another: new to old.
pub fn say(
    now: &mut Analysis,
    before: &Remembered<'_>,
    options: &Options,
) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    let lost = lost(now, before);
    if lost.is_empty() {
        return moved;
    }
    let host = &*options.host;
    let looked = Looked {
        read: now.read.iter().cloned().collect(),
        ..Looked::for_all(&lost, options)
    };
    let mut findings = Vec::new();
    for Lost { then, path, held } in lost {
        let Some(hidden) = hidden(&path, then, &looked, before, options) else {
            continue;
        };
        if *path != *then {
            moved.insert(path.clone(), then.to_owned());
        }
        let is_outside = matches!(hidden, Hidden::Outside);
        let what = match hidden {
            Hidden::Broken(problem) => {
                now.add_problem(problem);
                now.skipped_files.retain(|skipped| *skipped != path);
                continue;
            }
            Hidden::By(what) => what,
            Hidden::NoTemplate => {
                "this file was a template, and is none that sfl knows now".to_owned()
            }
            Hidden::Outside => format!("{then} stands outside of what is checked now"),
        };
        let severity = match is_outside {
            true => Severity::Note,
            false => Severity::Error,
        };
        let when = &before.when;
        let held = match held {
            1 => format!("its decision {when} is out of sight, not gone"),
            number => format!("its {number} decisions {when} are out of sight, not gone"),
        };
        let message = format!("{what}: {held}");
        findings.push(Finding {
            severity,
            ..finding(message, source(host, path))
        });
    }
    now.findings.extend(findings);
    now.sort();
    moved
}

/// A file whose first line is shown.
pub(super) fn source(host: &dyn Host, path: String) -> Arc<Source> {
    // Of what is larger, nobody reads the first line.
    let text = door::bytes(host, Path::new(&path), LARGEST_SHOWN).ok();
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    Arc::new(Source::new(path, text.unwrap_or_default()))
}

/// Which of these files stand there and hide what is in them: nobody knows whether they are templates.
#[must_use]
pub fn hiding<'p>(paths: impl IntoIterator<Item = &'p str>, options: &Options) -> Vec<&'p str> {
    let host = &*options.host;
    let there = paths
        .into_iter()
        .filter(|path| stands(host, Path::new(path)));
    let there: Vec<Lost<'p>> = there
        .map(|path| Lost {
            then: path,
            path: path.to_owned(),
            held: 1,
        })
        .collect();
    if there.is_empty() {
        return Vec::new();
    }
    let looked = Looked::for_all(&there, options);
    let anything = Remembered {
        files: BTreeMap::new(),
        when: String::new(),
        renames: &BTreeMap::new(),
        is_tracked: &|_| true,
        other_repository: &|_| None,
    };
    let hides = there.iter().filter(|one| {
        let hidden = hidden(one.then, one.then, &looked, &anything, options);
        matches!(hidden, Some(Hidden::Broken(_) | Hidden::By(_)))
    });
    hides.map(|one| one.then).collect()
}

/// A file that held decisions and is not read now.
struct Lost<'j> {
    /// What it was called.
    then: &'j str,
    /// What it is called.
    path: String,
    /// How many decisions it held.
    held: usize,
}

fn lost<'j>(now: &Analysis, before: &Remembered<'j>) -> Vec<Lost<'j>> {
    let said = now.findings.iter().filter(|one| one.code.is_out_of_sight());
    let said = said.map(|finding| &**finding.path());
    let judged = now.decisions.iter().map(|decision| &*decision.path);
    let read = now.read.iter().chain(&now.called).map(String::as_str);
    let seen: BTreeSet<&str> = said.chain(judged).chain(read).collect();
    let mut lost: Vec<Lost<'j>> = Vec::new();
    for (&then, &held) in &before.files {
        if !seen.contains(then) && !then.starts_with('<') {
            lost.push(Lost {
                then,
                path: String::new(),
                held,
            });
        }
    }
    if lost.is_empty() {
        return lost;
    }
    let renames = before.renames.iter();
    let today: BTreeMap<&str, &str> = renames.map(|(new, old)| (&**old, &**new)).collect();
    lost.retain_mut(|one| {
        let path = today.get(one.then).unwrap_or(&one.then);
        (*path).clone_into(&mut one.path);
        !seen.contains(path)
    });
    lost
}

/// What is known of the files that were not found.
struct Looked<'l> {
    host: &'l dyn Host,
    /// What was named.
    roots: Vec<PathBuf>,
    /// What a walk says of what it was not to find, and how many it met before.
    met: HashMap<PathBuf, (usize, Seen)>,
    /// The files of each folder.
    listed: RefCell<HashMap<PathBuf, HashSet<OsString>>>,
    /// Templates that are read, as they are shown.
    read: BTreeSet<String>,
}

impl<'l> Looked<'l> {
    fn for_all(lost: &[Lost<'_>], options: &'l Options) -> Self {
        let host = &*options.host;
        let door = Door::new(host);
        let roots = roots(options);
        let lost: BTreeSet<&Path> = lost.iter().map(|one| Path::new(&one.path)).collect();
        // What stands below a path follows it.
        let is_asked = |path: &Path| {
            let mut next = lost.range(path..);
            next.next().is_some_and(|one| one.starts_with(path))
        };
        let mut met = HashMap::new();
        for root in roots.iter().filter(|root| is_asked(root)) {
            let Ok(found) = door.named(root) else {
                continue;
            };
            if found.kind != FileKind::Folder {
                continue;
            }
            let walk_root = WalkRoot {
                folder: root,
                is_named: !root.as_os_str().is_empty(),
                ignores_nothing: options.ignores_nothing,
            };
            walk(
                (host, &door),
                walk_root,
                &found,
                &mut Vec::new(),
                &mut |seen| {
                    let path = match &seen {
                        Seen::File(_) => return,
                        Seen::Ignored(path, ..)
                        | Seen::LeftOut(path, _)
                        | Seen::Irregular(path) => path.clone(),
                    };
                    if is_asked(&path) {
                        let number = met.len();
                        met.entry(path).or_insert((number, seen));
                    }
                },
            );
        }
        Self {
            host,
            roots,
            met,
            listed: RefCell::default(),
            read: BTreeSet::new(),
        }
    }

    /// Whether a path leads, by a link, to a template that is read under its own name.
    fn leads_to_what_is_read(&self, path: &Path) -> bool {
        let real = |path: &Path| self.host.look(path).ok().map(|found| found.real);
        let (Some(root), Some(target)) = (real(Path::new("")), real(path)) else {
            return false;
        };
        let target = target.strip_prefix(&root).unwrap_or(&target);
        self.read.contains(&shown(self.host, target))
    }

    /// What the walk met first of what a path is, or stands below.
    fn met(&self, path: &Path) -> Option<&Seen> {
        let around = path.ancestors().filter_map(|one| self.met.get(one));
        around
            .min_by_key(|(number, _)| *number)
            .map(|(_, seen)| seen)
    }

    /// Whether a path is one that was named, or stands below one.
    fn asks(&self, path: &Path) -> bool {
        let whole = |path: &Path| lexical(&self.host.root().join(path));
        let path = whole(path);
        self.roots.iter().any(|root| path.starts_with(whole(root)))
    }

    /// What would keep a run over the whole repository from coming by a file.
    fn barrier(&self, path: &Path, options: &Options) -> Option<Barrier> {
        let (top, folder) = top(self.host)?;
        let door = Door::new(self.host);
        let real = self.host.look(path.parent()?).ok()?.real;
        let below = real.strip_prefix(&top).ok()?.join(path.file_name()?);
        let root = WalkRoot {
            folder: &folder,
            is_named: false,
            ignores_nothing: options.ignores_nothing,
        };
        Barriers::new((self.host, &door), root, (&top, &top)).at(&below)
    }

    /// Whether a file stands at a path.
    fn is_there(&self, path: &Path) -> bool {
        let Some(name) = path.file_name() else {
            return false;
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut listed = self.listed.borrow_mut();
        let files = listed.entry(folder.to_owned()).or_insert_with(|| {
            let all = self.host.list(folder).unwrap_or_default().into_iter();
            let files = all.filter(|entry| entry.kind == FileKind::File);
            files.map(|entry| entry.name).collect()
        });
        files.contains(name)
    }
}

/// The folder of the repository, without links and as it is shown.
fn top(host: &dyn Host) -> Option<(PathBuf, PathBuf)> {
    let here = host.look(Path::new("")).ok()?.real;
    let top = door::repository(host, &here)?;
    Some((top.to_owned(), seen_from(&here, top)))
}

/// What was named, as it is shown.
fn roots(options: &Options) -> Vec<PathBuf> {
    let host = &*options.host;
    let roots = options
        .paths
        .iter()
        .map(|path| PathBuf::from(shown(host, &known_as(host, path))));
    roots.collect()
}

/// What hides a file; nothing where it has gone, or where nobody was to look.
fn hidden(
    path: &str,
    then: &str,
    looked: &Looked<'_>,
    before: &Remembered<'_>,
    options: &Options,
) -> Option<Hidden> {
    let by = |what: String| Some(Hidden::By(what));
    let host = &*options.host;
    let place = Path::new(path);
    // Who moves it to where this run does not look has not taken it away.
    let is_outside = !looked.asks(place);
    if is_outside && !looked.asks(Path::new(then)) {
        return None;
    }
    let met = looked.met(place);
    // A link may lead nowhere, and a folder that is one has what it leads to below it.
    if let Some(Seen::Irregular(at)) = met {
        // What it was is in sight, under the name of what the link leads to.
        if looked.leads_to_what_is_read(place) {
            return None;
        }
        let at = shown(host, at);
        return by(match at == path {
            true => "a link has taken the place of this template".to_owned(),
            false => format!("{at} is a link now, and this template stood below it"),
        });
    }
    if let Some(folder) = (before.other_repository)(path) {
        return by(format!(
            "{folder} is another repository now, and what it holds is not compared"
        ));
    }
    // Of another name, git itself has told.
    let is_tracked = path != then || (before.is_tracked)(path);
    if !looked.is_there(place) || !is_tracked {
        return None;
    }
    match options.left_out(path, false) {
        Some(LeftOutBy::Call) => return None,
        Some(LeftOutBy::Configuration) => {
            return by("sfl.toml excludes this template now".to_owned());
        }
        None => {}
    }
    let barrier = match met {
        Some(Seen::Ignored(at, _, file)) => Some(Barrier::Ignored(at.clone(), file.clone())),
        Some(Seen::LeftOut(at, _)) => Some(Barrier::LeftOut(at.clone())),
        Some(Seen::File(_) | Seen::Irregular(_)) => None,
        None if is_outside => looked.barrier(place, options),
        None => None,
    };
    match barrier {
        Some(Barrier::Ignored(_, file)) => {
            return by(format!("{file} hides this template now"));
        }
        Some(Barrier::LeftOut(at)) => {
            let at = shown(host, &at);
            return by(format!(
                "nothing is looked for in {at}, where this template is now"
            ));
        }
        None => {}
    }
    if discover::never(place) {
        return by(format!("{then} is called {path} now, as no template is"));
    }
    if is_outside {
        return Some(Hidden::Outside);
    }
    match discover::open(host, place, path, false) {
        Ok(Content::Refused(why)) => {
            return by(format!("this template is not read any more ({why})"));
        }
        Err(problem) => return Some(Hidden::Broken(problem)),
        Ok(_) => {}
    }
    let input = Input::File {
        path: place.to_owned(),
        named: true,
    };
    let judged = stack::judge(&input, options);
    match judged.problems.into_iter().next() {
        Some(problem) => Some(Hidden::Broken(problem)),
        None => Some(Hidden::NoTemplate),
    }
}

/// Whether a file stands at a path, or a link to whatever holds it.
#[must_use]
pub fn stands(host: &dyn Host, path: &Path) -> bool {
    let around: Vec<&Path> = path.ancestors().collect();
    let mut around = around.into_iter().rev().filter_map(|one| {
        let (folder, name) = (one.parent()?, one.file_name()?);
        let listed = host.list(folder).unwrap_or_default();
        let entry = listed.into_iter().find(|entry| entry.name == name);
        Some(entry.map(|entry| entry.kind))
    });
    // What stands below a link has the name of another place.
    let first = around.find(|kind| *kind != Some(FileKind::Folder));
    matches!(first, Some(Some(FileKind::File | FileKind::Other)))
}

/// What is said of a template that is out of sight.
pub(super) fn finding(message: String, source: Arc<Source>) -> Finding {
    let code = Code::Template(TemplateCode::Hidden);
    Finding::new(code, Severity::Error, message, source, Span::default())
}
