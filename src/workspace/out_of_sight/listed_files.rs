//! Files of which a list knows what they hold, as a baseline does. It says little of each; the commit that wrote the list has the rest,
//! where there is git.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::discover::{Discovered, Input};
use super::super::{Options, analyse, since, stack};
use super::moved_away::{self, LostFiles};
use super::{Remembered, source, stands};
use crate::analysis::{Analysis, Decision};
use crate::base::file_paths::{lexical, slashed};
use crate::base::finding::{Finding, Severity};
use crate::host::commit::{Commit, HeadFiles};
use crate::host::door;
use crate::host::{Host, shown};

/// The largest file of which it is asked whether it holds the same bytes.
const LARGEST: u64 = 16 << 20;

/// See the module.
#[derive(Debug)]
pub struct ListedFiles<'k> {
    /// Each file, as it is shown, with the address and the ladder of all that is known in it.
    pub files: BTreeMap<String, Vec<(&'k str, &'k str)>>,
    /// The list, as it is shown.
    pub name: &'k str,
    /// The list.
    pub list: PathBuf,
    /// The run looks into no other repository.
    pub is_one_repository: bool,
}

impl ListedFiles<'_> {
    /// Says of what is known and nobody reads any more what hides it. Gives those files, as they were called, that are not where they
    /// were and have not gone.
    pub fn say(&self, now: &mut Analysis, options: &Options) -> BTreeSet<String> {
        let host = &*options.host;
        let head = HeadFiles::of(&options.host, &options.paths);
        let read: BTreeSet<&str> = now
            .read
            .iter()
            .chain(&now.called)
            .map(String::as_str)
            .collect();
        let mut kept = BTreeSet::new();
        let mut files: BTreeMap<&str, usize> = BTreeMap::new();
        let mut empty: BTreeMap<String, usize> = BTreeMap::new();
        for (path, held) in &self.files {
            if read.contains(&**path) {
                continue;
            }
            match head.other_repository(Path::new(path)) {
                // Nobody can look, so nothing has gone.
                Some(folder) if host.look(&Path::new(&folder).join(".git")).is_err() => {
                    *empty.entry(folder).or_default() += held.len();
                    kept.insert(path.clone());
                }
                Some(_) if self.is_one_repository => {}
                _ => {
                    files.insert(path, held.len());
                }
            }
        }
        let moved = self.moved(now, files.keys().copied(), options);
        kept.extend(moved.values().cloned());
        let remembered = Remembered {
            files,
            when: format!("in {}", self.name),
            renames: &moved,
            is_tracked: &|_| true,
            other_repository: &|_| None,
        };
        super::say(now, &remembered, options);
        let empty = empty.into_iter().map(|(folder, held)| {
            let held = match held {
                1 => format!("its decision in {} is out of sight", self.name),
                number => format!("its {number} decisions in {} are out of sight", self.name),
            };
            let message = format!(
                "this submodule is not checked out: {held}, not gone (`git submodule update --init`)"
            );
            Finding {
                severity: Severity::Note,
                ..super::finding(message, source(host, folder))
            }
        });
        let before = now.findings.len();
        now.findings.extend(empty);
        if now.findings.len() > before {
            now.sort();
        }
        kept
    }

    /// The names under which those of the files that are not there any more stand out of sight: new to old.
    fn moved<'p>(
        &self,
        now: &Analysis,
        files: impl Iterator<Item = &'p str>,
        options: &Options,
    ) -> BTreeMap<String, String> {
        let host = &*options.host;
        let gone: Vec<&str> = files
            .filter(|path| !stands(host, Path::new(path)))
            .collect();
        if gone.is_empty() {
            return BTreeMap::new();
        }
        let signed = Options {
            paths: options.paths.clone(),
            strict: options.strict,
            config: options.config.clone(),
            today: Some(options.today()),
            ignores_nothing: options.ignores_nothing,
            signatures: true,
            ..Options::on(Arc::clone(&options.host))
        };
        let by_call = |path: &str| {
            let exclude = options.exclude.as_ref();
            exclude.is_some_and(|paths| paths.hold(path))
        };
        let mut moved = match Commit::of_file(Arc::clone(&options.host), &self.list) {
            Ok(commit) => since_written(commit, now, gone, &signed),
            Err(_) => self.called_alike(gone, &signed),
        };
        moved.retain(|new, _| !by_call(new));
        moved
    }

    /// Where git knows nothing: a file with the same stem and most of what is known.
    fn called_alike(&self, gone: Vec<&str>, options: &Options) -> BTreeMap<String, String> {
        let stem = |path: &str| Path::new(path).file_stem().map(ToOwned::to_owned);
        let mut moved = BTreeMap::new();
        let mut gone = gone;
        for path in moved_away::out_of_sight(options) {
            let name = shown(&*options.host, &path);
            if !gone.iter().any(|was| stem(was) == stem(&name)) {
                continue;
            }
            let Some(judged) = moved_away::judged(path, &name, options) else {
                continue;
            };
            let holds = |(address, ladder): &&(&str, &str)| {
                judged
                    .decisions
                    .iter()
                    .any(|one| *one.address == **address && one.ladder().name == *ladder)
            };
            let is_same = |was: &&str| {
                let known = &self.files[*was];
                let held = known.iter().filter(holds).count();
                stem(was) == stem(&name) && held > 0 && held * 2 >= known.len()
            };
            if let Some(at) = gone.iter().position(is_same) {
                moved.insert(name, gone.swap_remove(at).to_owned());
            }
        }
        moved
    }
}

/// Where git knows what stood there when the list was written: what holds the same today. What git knows to be deleted has gone, though
/// a copy may lie around.
fn since_written(
    mut commit: Commit,
    now: &Analysis,
    gone: Vec<&str>,
    options: &Options,
) -> BTreeMap<String, String> {
    let host = &*options.host;
    let Ok(tracked) = commit.tracked_today() else {
        return BTreeMap::new();
    };
    let here = host.look(Path::new("")).map(|found| found.real);
    let here = here.unwrap_or_else(|_| lexical(host.root()));
    let top = commit.top().to_owned();
    let place = |path: &str| {
        let path = lexical(&here.join(path));
        path.strip_prefix(&top).map(slashed).unwrap_or_default()
    };
    let wanted: BTreeMap<String, PathBuf> = gone
        .into_iter()
        .map(|path| (place(path), PathBuf::from(path)))
        .filter(|(place, _)| commit.has(place))
        .collect();
    let inputs = since::grouped(&mut commit, wanted);
    let commit = Arc::new(commit);
    let then = Options {
        paths: options.paths.clone(),
        strict: options.strict,
        config: options.config.clone(),
        today: options.today,
        signatures: true,
        ..Options::on(Arc::clone(&commit) as Arc<dyn Host>)
    };
    let found = Discovered {
        inputs,
        ..Discovered::default()
    };
    let before = analyse(found, &then, &|_, _| {}, &|_| true);
    // What stood there already is no move.
    let is_new = |path: &str| !commit.has(&place(path));
    let in_sight: Vec<(&str, Vec<Decision>)> = now
        .read
        .iter()
        .filter(|path| is_new(path))
        .map(|path| {
            let input = Input::File {
                path: PathBuf::from(path),
                named: false,
            };
            (&**path, stack::judge(&input, options).decisions)
        })
        .collect();
    let in_sight = in_sight.iter();
    let in_sight = in_sight.map(|(path, held)| (*path, held.iter().collect()));
    let may_be = |new: &str, was: &str| {
        let (now_at, was_at) = (place(new), place(was));
        if commit.has(&now_at) {
            return false;
        }
        let same_bytes = || {
            let bytes = door::bytes(host, Path::new(new), LARGEST).ok();
            let known = commit.object(&was_at);
            bytes.is_some() && bytes == known.and_then(|object| commit.bytes_of(object))
        };
        // Of what git doesn't track, only what went without its knowing.
        tracked.contains_key(&now_at) || tracked.contains_key(&was_at) && same_bytes()
    };
    let moves = LostFiles {
        before: &before,
        in_sight: in_sight.collect(),
        may_be: &may_be,
    };
    moves.away(now, &BTreeMap::new(), options)
}
