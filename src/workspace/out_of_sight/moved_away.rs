//! Templates that were judged at another time and stand where nobody looks now, under another name. Where git knows nothing of a file, it is
//! recognised by what it holds.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::super::discover::{self, Input, Promise, promise};
use super::super::{Options, stack};
use super::roots;
use crate::analysis::{Analysis, Decision, Judged};
use crate::host::door::Door;
use crate::host::walk::{WalkRoot, walk_behind};
use crate::host::{FileKind, shown};

/// Files out of sight that are opened.
const MOST_OPENED: usize = 20_000;
/// From this likeness on, two blocks are one; as git has it of files.
const ALIKE: f64 = 0.5;

/// Files that were judged at another time, and what may be one of them today.
pub(super) struct LostFiles<'m> {
    /// What they held.
    pub before: &'m Analysis,
    /// What is new in sight, file by file: what holds the same there is what one was.
    pub in_sight: BTreeMap<&'m str, Vec<&'m Decision>>,
    /// Whether a file out of sight may be a given one of them.
    pub may_be: &'m dyn Fn(&str, &str) -> bool,
}

/// The names under which files of a saved report that are neither read nor there any more stand out of sight: new to old. `before` is
/// what they held.
#[must_use]
pub fn of_report(
    now: &Analysis,
    before: &Analysis,
    renames: &BTreeMap<String, String>,
    options: &Options,
) -> BTreeMap<String, String> {
    let then = by_file(&before.decisions);
    let mut in_sight = by_file(&now.decisions);
    in_sight.retain(|path, _| !then.contains_key(path));
    let moves = LostFiles {
        before,
        in_sight,
        may_be: &|_, _| true,
    };
    moves.away(now, renames, options)
}

impl LostFiles<'_> {
    /// The names under which files that are neither read nor there any more stand out of sight: new to old.
    pub(super) fn away(
        &self,
        now: &Analysis,
        renames: &BTreeMap<String, String>,
        options: &Options,
    ) -> BTreeMap<String, String> {
        let today: BTreeMap<&str, &str> =
            renames.iter().map(|(new, old)| (&**old, &**new)).collect();
        let said = now.findings.iter().filter(|one| one.code.is_out_of_sight());
        let said = said.map(|finding| &**finding.path());
        let read = now.read.iter().chain(&now.called).map(String::as_str);
        let placed = now.decisions.iter().map(|one| &*one.path);
        let seen: BTreeSet<&str> = said.chain(read).chain(placed).collect();
        let is_lost = |path: &str| {
            let path = today.get(path).copied().unwrap_or(path);
            !path.starts_with('<')
                && !seen.contains(path)
                && !super::stands(&*options.host, &PathBuf::from(path))
        };
        let mut lost = by_file(&self.before.decisions);
        lost.retain(|path, _| is_lost(path));
        // What is new in sight and holds the same is what it was.
        for held in self.in_sight.values() {
            if let Some(was) = best(&lost, held, &|_| true) {
                lost.remove(was);
            }
        }
        let mut moved = BTreeMap::new();
        if lost.is_empty() {
            return moved;
        }
        for path in out_of_sight(options) {
            let name = shown(&*options.host, &path);
            let Some(judged) = judged(path, &name, options) else {
                continue;
            };
            let held = judged.decisions.iter().filter(|one| one.is_counted);
            let held: Vec<&Decision> = held.collect();
            if let Some(was) = best(&lost, &held, &|was| (self.may_be)(&name, was)) {
                lost.remove(was);
                moved.insert(name, was.to_owned());
            }
            if lost.is_empty() {
                break;
            }
        }
        moved
    }
}

/// What a file out of sight holds; nothing where the call leaves it out, or where it is no text.
pub(super) fn judged(path: PathBuf, name: &str, options: &Options) -> Option<Judged> {
    if options.left_out(name, false) == Some(super::LeftOutBy::Call) {
        return None;
    }
    if promise(&path) != Promise::Template && discover::is_binary(&*options.host, &path) {
        return None;
    }
    Some(stack::judge(&Input::File { path, named: false }, options))
}

pub(super) fn by_file(decisions: &[Decision]) -> BTreeMap<&str, Vec<&Decision>> {
    let mut files: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for one in decisions.iter().filter(|one| one.is_counted) {
        files.entry(&one.path).or_default().push(one);
    }
    files
}

/// Which of the files that are lost holds most of the same: at least half of it, by name and type and most of its settings.
fn best<'j>(
    lost: &BTreeMap<&'j str, Vec<&Decision>>,
    held: &[&Decision],
    may_be: &dyn Fn(&str) -> bool,
) -> Option<&'j str> {
    let shared = lost.iter().filter_map(|(path, was)| {
        let is_kept = |one: &&&Decision| {
            held.iter().any(|other| {
                one.address == other.address
                    && one.kind == other.kind
                    // Of a block without settings a report has no signature, and nothing else tells.
                    && (other.signature.is_empty()
                        || one.signature.likeness(&other.signature) >= ALIKE)
            })
        };
        let kept = was.iter().filter(is_kept).count();
        (kept * 2 >= was.len() && kept > 0 && may_be(path)).then_some((kept, *path))
    });
    // Of those that fit as well, the first.
    let best = shared.reduce(|one, other| if other.0 > one.0 { other } else { one });
    best.map(|(_, path)| path)
}

/// What a run does not look at, below its paths first, then elsewhere in the repository: hidden, ignored, excluded, or called as no
/// template is.
pub(super) fn out_of_sight(options: &Options) -> Vec<PathBuf> {
    let host = &*options.host;
    let door = Door::new(host);
    let found = RefCell::new(Vec::new());
    let named = roots(options);
    let number = named.len();
    let top = super::top(host).map(|(_, top)| top);
    let top = top.filter(|top| !named.contains(top));
    let all = named.into_iter().chain(top).enumerate();
    for (at, root) in all {
        let Ok(target) = door.named(&root) else {
            continue;
        };
        if target.kind != FileKind::Folder {
            continue;
        }
        let walk_root = WalkRoot {
            folder: &root,
            is_named: at < number && !root.as_os_str().is_empty(),
            ignores_nothing: options.ignores_nothing,
        };
        walk_behind(
            (host, &door),
            walk_root,
            &target,
            &mut |path| {
                let is_excluded = || options.config.excludes(&shown(host, &path));
                if promise(&path) == Promise::Nothing || is_excluded() {
                    found.borrow_mut().push(path);
                }
            },
            &mut |path, _| {
                let mut found = found.borrow_mut();
                found.push(path);
                found.len() < MOST_OPENED
            },
        );
    }
    let mut found = found.into_inner();
    let mut met = BTreeSet::new();
    found.retain(|path| met.insert(path.clone()));
    found.truncate(MOST_OPENED);
    found
}
