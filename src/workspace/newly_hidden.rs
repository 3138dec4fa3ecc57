//! Templates that a change puts where nobody looks: git tracks them, and an ignore file, a folder that is never looked into, the
//! configuration, a name or a size keeps them from being read. What was out of sight before, by settings that are as they were, is
//! nobody's news; what is put there now is worth a word.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::discover::{self, Input, LeftOutBy, Promise, promise};
use super::{Options, out_of_sight, stack};
use crate::analysis::Analysis;
use crate::analysis::summary::count;
use crate::base::finding::{Finding, Severity};
use crate::config::Config;
use crate::host::commit::{Commit, HistoryError};
use crate::host::door::{self, Door};
use crate::host::walk::{Barrier, Barriers, Seen, WalkRoot, walk};
use crate::host::{FileKind, Host, PathTarget, shown};

/// Files out of sight that are opened to find what has gone without git's knowing.
const MOST_OPENED: usize = 20_000;
/// Files of git's own, of one clone: no change brings them.
const OWN_EXCLUDES: &str = ".git/info/exclude";

/// Says it. `then` is the configuration by which the files of the commit were looked at. With today's names of those that stood in
/// sight under another: new to old.
///
/// # Errors
/// git cannot be asked.
pub fn say(
    now: &mut Analysis,
    commit: &Commit,
    then: &Config,
    options: &Options,
) -> Result<BTreeMap<String, String>, HistoryError> {
    let tracked = commit.tracked_today()?;
    let past = commit.as_tree()?;
    let host = &*options.host;
    let (door, past_door) = (Door::new(host), Door::new(&past));
    let mut search = Search {
        host,
        commit,
        then,
        options,
        known: Known::of(now),
        tracked: &tracked,
        former: Former::default(),
        found: BTreeMap::new(),
        moved: BTreeMap::new(),
    };
    for path in &options.paths {
        let folder = path.strip_prefix(host.root()).unwrap_or(path);
        let folder = folder.strip_prefix(".").unwrap_or(folder);
        let Ok(target) = door.named(folder) else {
            continue;
        };
        let place = target.real.strip_prefix(commit.top());
        let (FileKind::Folder, Ok(place)) = (target.kind, place) else {
            continue;
        };
        let folder = PathBuf::from(shown(host, folder));
        let root = WalkRoot {
            folder: &folder,
            is_named: !folder.as_os_str().is_empty(),
            ignores_nothing: options.ignores_nothing,
        };
        let places = (&*target.real, commit.top());
        let mut both = Both {
            now: Barriers::new((host, &door), root, places),
            past: Barriers::new((&past, &past_door), root, places),
        };
        search.below(&folder, place, &mut both);
        search.gone_astray(root, &target, &door);
    }
    let Search { found, moved, .. } = search;
    let findings = found
        .into_iter()
        .flat_map(|(behind, all)| told(&behind, all, host));
    let before = now.findings.len();
    now.findings.extend(findings);
    if now.findings.len() > before {
        now.sort();
    }
    Ok(moved)
}

/// What an analysis speaks of already.
struct Known {
    /// Templates that are read, and files of which it is said why not.
    said: BTreeSet<String>,
    /// Files that were looked at and hold none, or are too large.
    skipped: BTreeSet<String>,
}

impl Known {
    fn of(now: &Analysis) -> Self {
        let out_of_sight = now.findings.iter().filter(|one| one.code.is_out_of_sight());
        let out_of_sight = out_of_sight.map(|finding| finding.path().to_string());
        Self {
            said: now.read.iter().cloned().chain(out_of_sight).collect(),
            skipped: now.skipped_files.iter().cloned().collect(),
        }
    }
}

/// What one walk would come by, and another at the commit.
struct Both<'h> {
    now: Barriers<'h>,
    past: Barriers<'h>,
}

/// What keeps a template from being read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Walk(Barrier),
    Configuration,
    /// It is called as no template is.
    Name,
    Size,
}

/// What keeps templates from being read, and whether that is the change's doing.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Behind {
    cause: Cause,
    is_news: bool,
}

/// A template that is out of sight.
struct OutOfSight {
    path: String,
    /// What the change does to it: `adds`, `changes`, `moves`; nothing where it only hides it.
    does: Option<&'static str>,
    /// How many decisions it holds.
    held: usize,
}

/// The places of what has gone, by its last name.
#[derive(Default)]
struct Former {
    names: Option<HashMap<String, Vec<String>>>,
}

struct Search<'s> {
    host: &'s dyn Host,
    commit: &'s Commit,
    then: &'s Config,
    options: &'s Options,
    known: Known,
    tracked: &'s BTreeMap<String, String>,
    former: Former,
    found: BTreeMap<Behind, Vec<OutOfSight>>,
    moved: BTreeMap<String, String>,
}

impl Search<'_> {
    /// Looks at every file that git tracks below a folder, which has this place in the repository.
    fn below(&mut self, folder: &Path, place: &Path, both: &mut Both<'_>) {
        let Some(prefix) = place.to_str().map(|place| place.replace('\\', "/")) else {
            return;
        };
        let prefix = match &*prefix {
            "" => prefix,
            _ => prefix + "/",
        };
        let tracked = self.tracked.range(prefix.clone()..);
        let tracked = tracked.take_while(|(place, _)| place.starts_with(&prefix));
        for (place, object) in tracked {
            let below = Path::new(&place[prefix.len()..]);
            let path = folder.join(below);
            let name = shown(self.host, &path);
            if self.known.said.contains(&name) {
                continue;
            }
            let is_changed = self.commit.object(place) != Some(object);
            let Some(cause) = self.cause(&path, &name, below, is_changed, both) else {
                continue;
            };
            let was_hidden = self.was_hidden(&name, below, both);
            if !is_changed && was_hidden {
                continue;
            }
            let is_there = self.host.look(&path);
            if !is_there.is_ok_and(|found| found.kind == FileKind::File) {
                continue;
            }
            let Some(held) = self.template(&path, &cause) else {
                continue;
            };
            let is_added = self.commit.object(place).is_none();
            let former = is_added
                .then(|| self.former(below, both, &prefix))
                .flatten();
            let does = match (&former, is_added, is_changed) {
                (Some(_), ..) => Some("moves"),
                (None, true, _) => Some("adds"),
                (None, false, true) => Some("changes"),
                (None, false, false) => None,
            };
            let is_news = former.is_some() || self.is_news(&cause, was_hidden, place);
            if let Some(former) = former {
                self.moved.insert(name.clone(), former);
            }
            let template = OutOfSight {
                path: name,
                does,
                held,
            };
            let behind = Behind { cause, is_news };
            self.found.entry(behind).or_default().push(template);
        }
    }

    /// What keeps a file from being read; nothing where it is looked at, or left out by the call.
    fn cause(
        &self,
        path: &Path,
        name: &str,
        below: &Path,
        is_changed: bool,
        both: &mut Both<'_>,
    ) -> Option<Cause> {
        if self.known.skipped.contains(name) {
            let is_large = is_changed && discover::is_too_large(self.host, path);
            return is_large.then_some(Cause::Size);
        }
        match self.options.left_out(name, false) {
            Some(LeftOutBy::Call) => return None,
            Some(LeftOutBy::Configuration) => return Some(Cause::Configuration),
            None => {}
        }
        if let Some(barrier) = both.now.at(below) {
            return Some(Cause::Walk(barrier));
        }
        // What was called so before holds what it held.
        (is_changed && promise(path) == Promise::Nothing).then_some(Cause::Name)
    }

    /// Whether a file at this place would have been out of sight at the commit, whatever is in it.
    fn was_hidden(&self, name: &str, below: &Path, both: &mut Both<'_>) -> bool {
        self.then.excludes(name) || both.past.at(below).is_some()
    }

    /// Whether it is the change that keeps a file from being read, and not what was there before.
    fn is_news(&self, cause: &Cause, was_hidden: bool, place: &str) -> bool {
        match cause {
            Cause::Name | Cause::Size => true,
            Cause::Walk(Barrier::Ignored(_, by)) => !was_hidden && !by.contains(OWN_EXCLUDES),
            Cause::Configuration => !was_hidden,
            Cause::Walk(Barrier::LeftOut(at)) => {
                // The copies of source that `cdk synth` makes have another name each time.
                let is_asset = at
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("asset."));
                let parts = at.file_name().and_then(|name| {
                    let mut around = Path::new(place).ancestors();
                    around.find(|one| one.file_name() == Some(name))
                });
                let was_there = parts.is_some_and(|at| self.commit.has_folder(at));
                !was_hidden || !is_asset && !was_there
            }
        }
    }

    /// How many decisions a file holds; nothing where it is no template.
    fn template(&self, path: &Path, cause: &Cause) -> Option<usize> {
        if *cause == Cause::Size {
            return discover::may_hold_template(self.host, path).then_some(0);
        }
        let is_named_otherwise = promise(path) != Promise::Template;
        if is_named_otherwise && discover::is_binary(self.host, path) {
            return None;
        }
        let input = Input::File {
            path: path.to_owned(),
            named: false,
        };
        let judged = stack::judge(&input, self.options);
        let held = judged.decisions.iter().filter(|one| one.is_counted).count();
        let is_large = || {
            let refused = judged.unread.groups().next().is_some();
            refused && judged.read.is_empty() && discover::is_too_large(self.host, path)
        };
        let is_some = !judged.read.is_empty()
            // A text about templates is often none itself, and broken if it is taken for one.
            || !judged.problems.is_empty() && !is_named_otherwise
            || is_large() && discover::may_hold_template(self.host, path);
        is_some.then_some(held)
    }

    /// Under which name something that has gone was in sight, if it was called as this is.
    fn former(&mut self, below: &Path, both: &mut Both<'_>, prefix: &str) -> Option<String> {
        let name = below.file_name()?.to_str()?;
        let (commit, tracked) = (self.commit, self.tracked);
        let names = self.former.names.get_or_insert_with(|| {
            let mut names: HashMap<String, Vec<String>> = HashMap::new();
            for place in commit.files() {
                if !tracked.contains_key(place) || commit.gone(place) {
                    let name = place.rsplit('/').next().unwrap_or(place);
                    names
                        .entry(name.to_owned())
                        .or_default()
                        .push(place.to_owned());
                }
            }
            names
        });
        let all = names.get(name).cloned().unwrap_or_default();
        all.into_iter().find_map(|place| {
            let below = Path::new(place.strip_prefix(prefix)?);
            let path = shown(self.host, &self.commit.local(&place));
            let was_read = promise(below) == Promise::Template;
            (was_read && !self.was_hidden(&path, below, both)).then_some(path)
        })
    }

    /// Looks for what git takes for there and is not: it may have been moved out of sight, with nobody telling git.
    fn gone_astray(&mut self, root: WalkRoot<'_>, target: &PathTarget, door: &Door<'_>) {
        let prefix = target.real.strip_prefix(self.commit.top());
        let Ok(prefix) = prefix else { return };
        let mut lost: HashMap<u64, Vec<(String, Vec<u8>)>> = HashMap::new();
        for (place, object) in self.tracked {
            let path = Path::new(place);
            let is_lost = path.starts_with(prefix)
                && promise(path) == Promise::Template
                && self.commit.object(place).is_some()
                && self.commit.gone(place);
            let name = || shown(self.host, &self.commit.local(place));
            if is_lost
                && !self.moved.values().any(|known| *known == name())
                && let Some(bytes) = self.commit.bytes_of(object)
                && let Ok(length) = u64::try_from(bytes.len())
            {
                lost.entry(length).or_default().push((name(), bytes));
            }
        }
        if lost.is_empty() {
            return;
        }
        let mut places = Vec::new();
        let mut take = |seen: Seen| match seen {
            Seen::LeftOut(path, kind) => {
                places.push((path.clone(), kind, Barrier::LeftOut(path)));
            }
            Seen::Ignored(path, kind, by) => {
                places.push((path.clone(), kind, Barrier::Ignored(path, by)));
            }
            Seen::File(_) | Seen::Irregular(_) => {}
        };
        walk((self.host, door), root, target, &mut Vec::new(), &mut take);
        let mut left = MOST_OPENED;
        while let Some((path, kind, barrier)) = places.pop() {
            if kind == FileKind::Folder {
                let entries = self.host.list(&path).unwrap_or_default();
                let entries = entries.into_iter();
                let entries = entries.filter(|entry| !entry.name.eq_ignore_ascii_case(".git"));
                places.extend(
                    entries.map(|entry| (path.join(entry.name), entry.kind, barrier.clone())),
                );
                continue;
            }
            if kind != FileKind::File || promise(&path) != Promise::Template || left == 0 {
                continue;
            }
            left -= 1;
            let length = self.host.open(&path).map(|opened| opened.length);
            let Some(alike) = length.ok().and_then(|length| lost.get_mut(&length)) else {
                continue;
            };
            let bytes = door::bytes(self.host, &path, door::LARGEST_BASELINE);
            let bytes = bytes.unwrap_or_default();
            let Some(at) = alike.iter().position(|(_, known)| *known == bytes) else {
                continue;
            };
            let name = shown(self.host, &path);
            let cause = Cause::Walk(barrier);
            if let Some(held) = self.template(&path, &cause) {
                let (former, _) = alike.swap_remove(at);
                self.moved.insert(name.clone(), former);
                let template = OutOfSight {
                    path: name,
                    does: Some("moves"),
                    held,
                };
                let behind = Behind {
                    cause,
                    is_news: true,
                };
                self.found.entry(behind).or_default().push(template);
            }
        }
    }
}

/// What is said of templates behind one barrier: an error for each that the change hides; of what was out of sight before, one note.
fn told(behind: &Behind, all: Vec<OutOfSight>, host: &dyn Host) -> Vec<Finding> {
    if behind.is_news {
        let each = all.into_iter().map(|one| {
            let message = format!(
                "{}: {}",
                why(&behind.cause, &one),
                counted_nowhere(one.held)
            );
            out_of_sight::finding(message, out_of_sight::source(host, one.path))
        });
        return each.collect();
    }
    let held: usize = all.iter().map(|one| one.held).sum();
    let more = match all.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let first = all.into_iter().next().map(|first| {
        let why = why(&behind.cause, &first);
        let message = format!("as before, {why}{more}: {}", counted_nowhere(held));
        Finding {
            severity: Severity::Note,
            ..out_of_sight::finding(message, out_of_sight::source(host, first.path))
        }
    });
    first.into_iter().collect()
}

fn counted_nowhere(held: usize) -> String {
    match held {
        0 => "what it holds is counted nowhere".to_owned(),
        1 => "its decision is counted nowhere".to_owned(),
        more => format!("{} are counted nowhere", count(more, "decision")),
    }
}

/// What keeps a template from being read.
fn why(cause: &Cause, one: &OutOfSight) -> String {
    let path = &one.path;
    let put = match one.does {
        Some("moves") => "where this change moves a template",
        Some("changes") => "where this change has a template",
        Some(_) => "where this change adds a template",
        None => "where this template is",
    };
    let this = match one.does {
        Some(does) => format!("this template, which the change {does}"),
        None => "this template now".to_owned(),
    };
    match cause {
        Cause::Walk(Barrier::LeftOut(at)) if at.to_string_lossy() == **path => {
            format!("a file with a name like this is not looked at, {put}")
        }
        Cause::Walk(Barrier::LeftOut(at)) => {
            let at = at.to_string_lossy().replace('\\', "/");
            format!("nothing is looked for in {at}, {put}")
        }
        Cause::Walk(Barrier::Ignored(_, by)) => format!("{by} hides {this}"),
        Cause::Configuration => format!("sfl.toml excludes {this}"),
        Cause::Name => format!(
            "this change {} a template under a name that no template has",
            one.does.unwrap_or("keeps")
        ),
        Cause::Size => format!(
            "this change {} a template that is too large to be read",
            one.does.unwrap_or("keeps")
        ),
    }
}
