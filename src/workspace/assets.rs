//! Templates that are uploaded under the name of what they hold: which file beside a template it is, say the `*.assets.json` that the
//! CDK writes there.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::discover::Input;
use super::tree_files::tree_around;
use crate::host::door::{self, Door, LARGEST_SETTING};
use crate::host::{FileKind, Host, lexical};
use crate::syntax;

/// Lists of assets that are read in one folder.
const MOST_LISTS: usize = 1_000;
/// Digits of the shortest hash that tells a file by its name alone.
const SHORTEST_HASH: usize = 32;
const ENDING: &str = ".assets.json";

/// Whether a template is named by where it is uploaded.
pub fn is_uploaded(path: &str) -> bool {
    path.contains("://")
}

/// Reads each folder once, and none before somebody asks for it.
#[derive(Debug)]
pub struct Assets<'h> {
    host: &'h dyn Host,
    folders: RefCell<HashMap<PathBuf, Rc<[Assembled]>>>,
}

/// What one list of assets says.
#[derive(Debug)]
struct Assembled {
    place: PathBuf,
    /// The stack whose list it is.
    stack: String,
    /// The names under which files are uploaded, and their places.
    uploaded: HashMap<String, PathBuf>,
}

impl<'h> Assets<'h> {
    /// Of what a host holds.
    pub fn new(host: &'h dyn Host) -> Self {
        let folders = RefCell::default();
        Self { host, folders }
    }

    /// Which known place holds the template that an input names by its URL.
    pub fn find(&self, input: &Input, url: &str, known: &HashMap<PathBuf, usize>) -> Option<usize> {
        let Input::File { path, .. } = input else {
            return None;
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let name = url.rsplit('/').next()?;
        let hash = name.split('.').next().filter(|hash| !hash.is_empty())?;
        let template = path.file_name()?.to_str()?;
        let lists = self.of(folder);
        let said = lists.iter().filter_map(|list| {
            let place = [name, hash].into_iter();
            let mut place = place.filter_map(|name| list.uploaded.get(name));
            let at = place.find_map(|place| known.get(place).copied())?;
            // Two stacks may upload the same: each means its own. What a stack nests has its name in front.
            let own = template.starts_with(&list.stack);
            Some((at, if own { list.stack.len() } else { 0 }))
        });
        // The first of those that are as near.
        let nearest = said.reduce(|best, other| if other.1 > best.1 { other } else { best });
        let by_name = || {
            let is_hash =
                hash.len() >= SHORTEST_HASH && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            let folder = lexical(&self.host.root().join(folder));
            let names = [name.to_owned(), format!("asset.{name}")];
            let mut names = names.iter().filter(|_| is_hash);
            names.find_map(|name| known.get(&folder.join(name)).copied())
        };
        nearest.map(|(at, _)| at).or_else(by_name)
    }

    /// The lists that were read: where one changes, an answer may.
    pub fn asked(self) -> BTreeSet<PathBuf> {
        let folders = self.folders.into_inner();
        let lists = folders.values().flat_map(|lists| lists.iter());
        lists.map(|list| list.place.clone()).collect()
    }

    /// The lists in a folder, in the order of their names.
    fn of(&self, folder: &Path) -> Rc<[Assembled]> {
        if let Some(known) = self.folders.borrow().get(folder) {
            return Rc::clone(known);
        }
        let entries = self.host.list(folder).unwrap_or_default().into_iter();
        let names = entries.filter(|entry| entry.kind != FileKind::Folder);
        let names = names.filter_map(|entry| entry.name.to_str().map(str::to_owned));
        let mut names: Vec<_> = names.filter(|name| name.ends_with(ENDING)).collect();
        names.sort();
        names.truncate(MOST_LISTS);
        let tree = tree_around(self.host, folder);
        let lists = names
            .iter()
            .filter_map(|name| self.read(folder, name, &tree));
        let lists: Rc<[Assembled]> = lists.collect();
        let mut folders = self.folders.borrow_mut();
        folders.insert(folder.to_owned(), Rc::clone(&lists));
        lists
    }

    /// Reads one list; nothing where it may not be looked at, or is broken.
    fn read(&self, folder: &Path, name: &str, tree: &Path) -> Option<Assembled> {
        let path = folder.join(name);
        Door::new(self.host).inside(&path, tree).ok()?;
        let text = door::bytes(self.host, &path, LARGEST_SETTING).ok()?;
        let text = door::utf8(text).ok()?;
        let document = syntax::json(&text).ok()?;
        let files = document.roots().next()?.get("files")?;
        let folder = lexical(&self.host.root().join(folder));
        let mut uploaded = HashMap::new();
        for (hash, file) in files.entries() {
            let Some(source) = file.get("source") else {
                continue;
            };
            if source.get("packaging").is_some_and(|how| !how.is("file")) {
                continue;
            }
            let Some(below) = source.get("path").map(|path| path.text().into_owned()) else {
                continue;
            };
            // Only what stands beside it or below.
            let mut parts = Path::new(&below).components();
            if below.is_empty() || !parts.all(|part| matches!(part, Component::Normal(_))) {
                continue;
            }
            let place = folder.join(below);
            let destinations = file.get("destinations").into_iter();
            let keys = destinations.flat_map(|all| all.entries());
            let keys = keys.filter_map(|(_, destination)| destination.get("objectKey"));
            for key in keys {
                let key = key.text();
                if let Some(name) = key.rsplit('/').next() {
                    uploaded.insert(name.to_owned(), place.clone());
                }
            }
            uploaded.insert(hash.text().into_owned(), place);
        }
        Some(Assembled {
            place: lexical(&self.host.root().join(&path)),
            stack: name.strip_suffix(ENDING)?.to_owned(),
            uploaded,
        })
    }
}
