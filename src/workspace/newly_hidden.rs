//! Templates that a change puts where nobody looks: git tracks them, and an ignore file, a folder that is never looked into, the
//! configuration, a name or a size keeps them from being read. What was out of sight before, by settings that are as they were, is
//! nobody's news; what is put there now is worth a word.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::discover::{self, Input, LeftOutBy, Promise, promise};
use super::{Options, stack};
use crate::analysis::Analysis;
use crate::config::Config;
use crate::host::commit::{Commit, HistoryError};
use crate::host::door::Door;
use crate::host::walk::{Barrier, Barriers, WalkRoot};
use crate::host::{FileKind, Host, known_as, shown};

mod gone_astray;
mod sentences;

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
        let folder = known_as(host, path);
        let Ok(target) = door.named(&folder) else {
            continue;
        };
        let place = target.real.strip_prefix(commit.top());
        let (FileKind::Folder, Ok(place)) = (target.kind, place) else {
            continue;
        };
        let folder = PathBuf::from(shown(host, &folder));
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
        .flat_map(|(behind, all)| sentences::told(&behind, all, host));
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
            said: now
                .read
                .iter()
                // What is judged for others that call it is in sight, wherever it stands.
                .chain(&now.called)
                .cloned()
                .chain(out_of_sight)
                .collect(),
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
            let is_news = former.is_some() || self.is_news(&cause, was_hidden, place, is_added);
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
    fn is_news(&self, cause: &Cause, was_hidden: bool, place: &str, is_added: bool) -> bool {
        match cause {
            Cause::Name | Cause::Size => true,
            Cause::Walk(Barrier::Ignored(_, by)) => !was_hidden && !by.contains(OWN_EXCLUDES),
            Cause::Configuration => !was_hidden,
            Cause::Walk(Barrier::LeftOut(at)) => {
                // The copies of source that `cdk synth` makes have another name each time.
                let is_asset = at
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("asset."));
                // Whoever adds a template to a hidden folder hides it, whatever else stands there; packages are somebody else's.
                let is_dotted = at
                    .file_name()
                    .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
                if is_added && is_dotted {
                    return true;
                }
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
}
