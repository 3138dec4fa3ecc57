//! Modules that a run calls by a path and that nobody named: for Terraform they are a part of the configuration that was named, wherever in
//! the working tree they stand.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::Options;
use super::discover::{self, Input};
use super::groups::{called_place, places, without_links};
use super::input_texts::{ModuleText, ModuleTexts};
use super::stack::guarded;
use super::tree_files::tree_around;
use crate::analysis::{Unread, UnreadItem, UnreadKind};
use crate::base::{StackLinks, file_paths};
use crate::blocks::terraform;
use crate::host::door::Door;
use crate::host::{FileKind, lexical, shown};
use crate::syntax;

/// A module that is read because others call it.
#[derive(Debug)]
pub struct UnnamedModule {
    /// Where it is, whoever calls it.
    pub place: PathBuf,
    pub input: Input,
    pub texts: ModuleTexts,
    /// The modules that it calls.
    pub links: StackLinks,
    /// Its files that the configuration excludes: they are read, and nothing is reported of them.
    excluded: Vec<PathBuf>,
}

/// Finds the modules that those of the run call, directly or by way of others, and that are no part of it. What is `known` already is not read
/// again; `follows` may forbid a folder.
pub fn find(
    run: &[(&Input, &StackLinks)],
    mut known: HashMap<PathBuf, UnnamedModule>,
    options: &Options,
    follows: &dyn Fn(&Path) -> bool,
) -> Vec<UnnamedModule> {
    let host = &*options.host;
    let mut waiting = Vec::new();
    for (input, links) in run {
        if let Input::Module { folder, .. } = input
            && !links.calls.is_empty()
        {
            waiting.push((links.calls.clone(), (*input).clone(), folder.clone()));
        }
    }
    if waiting.is_empty() {
        return Vec::new();
    }
    let mut met: HashSet<PathBuf> = places(host.root(), run.iter().map(|(input, _)| *input))
        .into_keys()
        .collect();
    let mut refused: HashSet<(PathBuf, PathBuf)> = HashSet::new();
    let door = Door::new(host);
    let mut found = Vec::new();
    // The first calls are followed first.
    waiting.reverse();
    while let Some((calls, caller, root)) = waiting.pop() {
        let mut tree = None;
        for call in calls {
            let place = called_place(host.root(), &caller, &call);
            let place = without_links(host, place, &|place| met.contains(place));
            if met.contains(&place) {
                continue;
            }
            // Of the tree around the module that is run, whichever calls.
            let tree: &PathBuf = tree.get_or_insert_with(|| tree_around(host, &root));
            if refused.contains(&(tree.clone(), place.clone())) {
                continue;
            }
            let folder = seen_from(host.root(), &caller, &place);
            let is_there = place.starts_with(tree)
                && door
                    .inside(&folder, tree)
                    .is_ok_and(|found| found.kind == FileKind::Folder)
                && follows(&folder);
            let module = match known.remove(&place) {
                Some(module) if is_there => Some(module),
                _ if is_there => UnnamedModule::read(&place, &folder, options),
                _ => None,
            };
            let Some(module) = module else {
                refused.insert((tree.clone(), place));
                continue;
            };
            met.insert(place);
            if !module.links.calls.is_empty() {
                let calls = module.links.calls.clone();
                waiting.push((calls, module.input.clone(), root.clone()));
            }
            found.push(module);
        }
    }
    found
}

impl UnnamedModule {
    /// Reads a folder; nothing where it holds no configuration.
    fn read(place: &Path, folder: &Path, options: &Options) -> Option<Self> {
        let host = &*options.host;
        let entries = host.list(folder).ok()?.into_iter();
        let files = entries.filter_map(|entry| discover::module_file(host, folder, entry));
        let mut files: Vec<PathBuf> = files.filter(|file| discover::is_terraform(file)).collect();
        if files.is_empty() {
            return None;
        }
        files.sort();
        let excludes = |file: &PathBuf| options.excludes(&shown(host, file));
        let (excluded, files): (Vec<_>, Vec<_>) = files.into_iter().partition(excludes);
        let input = Input::Module {
            folder: folder.to_owned(),
            files: files.into_iter().map(|file| (file, false)).collect(),
            is_called: true,
        };
        let texts = ModuleTexts::read(&input, host)?;
        Some(Self {
            place: place.to_owned(),
            links: links(&texts),
            input,
            texts,
            excluded,
        })
    }
}

/// The modules that a module calls by a path.
pub fn links(texts: &ModuleTexts) -> StackLinks {
    // A fault inside is said where the module is judged.
    let judged = guarded("", |judged| {
        let texts = texts.texts.iter().filter(|text| text.may_call_by_path());
        judged.links.calls.extend(texts.flat_map(calls));
        Ok(())
    });
    judged.links
}

fn calls(text: &ModuleText) -> Vec<String> {
    let parsed = match text.is_native {
        true => syntax::hcl(text.source.text()),
        false => syntax::read_json(text.source.text()),
    };
    let roots = parsed.document.roots();
    roots.flat_map(terraform::local_calls).collect()
}

/// What of them is left out of the report, unless a path of the run stands around it: there it was met already.
pub fn excluded<'c>(
    called: impl IntoIterator<Item = &'c UnnamedModule>,
    options: &Options,
) -> Unread {
    let host = &*options.host;
    let mut unread = Unread::default();
    for module in called {
        if module.excluded.is_empty() {
            continue;
        }
        let mut paths = options.paths.iter();
        if paths.any(|path| module.place.starts_with(lexical(&host.root().join(path)))) {
            continue;
        }
        for file in &module.excluded {
            let item = UnreadItem::at(shown(host, file));
            unread.add(UnreadKind::Excluded, item);
        }
    }
    unread
}

/// A place as whoever calls it sees it: from the root, unless the caller is seen from nowhere.
fn seen_from(root: &Path, caller: &Input, place: &Path) -> PathBuf {
    if let Ok(below) = place.strip_prefix(root) {
        return below.to_owned();
    }
    if matches!(caller, Input::Module { folder, .. } if folder.is_absolute()) {
        return place.to_owned();
    }
    file_paths::seen_from(root, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_from_the_root() {
        let caller = |folder: &str| Input::Module {
            folder: folder.into(),
            files: Vec::new(),
            is_called: false,
        };
        for (folder, place, expected) in [
            ("live", "/srv/shop/parts", "parts"),
            ("live", "/srv/parts", "../parts"),
            ("../live", "/other/parts", "../../other/parts"),
            ("/srv/live", "/srv/parts", "/srv/parts"),
            ("/srv/live", "/srv/shop/parts", "parts"),
        ] {
            let seen = seen_from(Path::new("/srv/shop"), &caller(folder), Path::new(place));
            assert_eq!(seen, Path::new(expected), "{folder} {place}");
        }
    }
}
