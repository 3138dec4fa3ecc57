//! The tree of one commit after the other, seen from the same folder as today's: what is there is what was committed, and nothing else.
//! Links lead where they led then.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use jiff::civil::Date;

use crate::base::file_paths::named;

use super::git::{self, HistoryError, Objects};
use super::memory::opened;
use super::{Entry, FileKind, Host, HostError, Opened, PathTarget, lexical};

/// Bytes of a file that is read: no template comes near.
const LARGEST: usize = 64 << 20;
/// Bytes of all files that are kept, so that none is asked for again as long as it is in use.
const MOST_KEPT: usize = 96 << 20;
/// Links that are followed one after the other.
const MOST_LINKS: usize = 40;

/// What stands at a place.
#[derive(Debug)]
enum Node {
    File(Arc<str>),
    /// A link, by the object that says where it leads.
    Link(Arc<str>),
    Folder(Folder),
    /// A folder of another repository, of which this one knows a commit only: to git it is empty until somebody fills it.
    Submodule,
}

type Folder = BTreeMap<OsString, Node>;

/// Files that were read, by object.
#[derive(Debug, Default)]
struct Kept {
    files: HashMap<Arc<str>, Arc<[u8]>>,
    bytes: usize,
}

/// See the module.
#[derive(Debug)]
pub struct PastTree {
    /// The folder that paths are seen from.
    root: PathBuf,
    /// The folder of the repository.
    top: PathBuf,
    tree: RwLock<Folder>,
    objects: Mutex<(Objects, Option<HistoryError>)>,
    kept: Mutex<Kept>,
    today: Date,
}

impl PastTree {
    /// With nothing in it yet. Both folders are without links.
    pub fn new(root: PathBuf, top: PathBuf, today: Date) -> Result<Self, HistoryError> {
        Ok(Self {
            objects: Mutex::new((Objects::start(&top)?, None)),
            root,
            top,
            tree: RwLock::default(),
            kept: Mutex::default(),
            today,
        })
    }

    /// As a commit has it.
    pub fn at(
        root: PathBuf,
        top: PathBuf,
        commit: &str,
        today: Date,
    ) -> Result<Self, HistoryError> {
        let tree = Self::new(root, top, today)?;
        for file in git::whole_tree(&tree.top, commit)? {
            tree.put(&file.path, Some((&file.mode, &file.object)));
        }
        Ok(tree)
    }

    /// The folder of the repository.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// What kept it from handing out a file, if anything did.
    #[must_use]
    pub fn failure(&self) -> Option<HistoryError> {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.1.take()
    }

    /// Puts something at a place of the repository, by its mode and object, or takes it away. Whether something of the same kind stood
    /// there before and does now, and whether a folder has come or gone with it.
    pub fn put(&self, place: &str, there: Option<(&str, &str)>) -> Put {
        let mut tree = self.tree.write().unwrap_or_else(PoisonError::into_inner);
        let parts: Vec<&str> = place.split('/').collect();
        let node = there.map(|(mode, object)| match mode {
            mode if mode.starts_with("100") => Node::File(object.into()),
            mode if mode.starts_with("120") => Node::Link(object.into()),
            _ => Node::Submodule,
        });
        put(&mut tree, &parts, node)
    }

    /// Whether any link stands in it, and if so where each leads: place in the repository to absolute path.
    #[must_use]
    pub fn links(&self) -> Vec<(PathBuf, PathBuf)> {
        let mut found = Vec::new();
        {
            let tree = self.tree();
            gather(&tree, Path::new(""), &mut found);
        }
        let links = found.into_iter().filter_map(|place| {
            let target = self.resolve(&self.top.join(&place)).ok()?;
            Some((place, self.top.join(target)))
        });
        links.collect()
    }

    fn tree(&self) -> RwLockReadGuard<'_, Folder> {
        self.tree.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn bytes(&self, object: &Arc<str>) -> Result<Arc<[u8]>, HostError> {
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = kept().files.get(object) {
            return Ok(Arc::clone(bytes));
        }
        let read = {
            let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
            let read = objects.0.read_up_to(object, LARGEST);
            if let Err(error) = &read {
                let failure = match error.kind() {
                    io::ErrorKind::NotFound => HistoryError::Partial(format!("object {object}")),
                    _ => HistoryError::Git(error.to_string()),
                };
                objects.1.get_or_insert(failure);
            }
            read.map_err(HostError::Io)?
        };
        let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX);
        let bytes: Arc<[u8]> = read.ok_or(HostError::TooLarge(limit))?.into();
        let mut kept = kept();
        if kept.bytes + bytes.len() > MOST_KEPT {
            *kept = Kept::default();
        }
        kept.bytes += bytes.len();
        kept.files.insert(Arc::clone(object), Arc::clone(&bytes));
        Ok(bytes)
    }

    /// The place in the repository to which a path leads, once all links are followed.
    fn resolve(&self, path: &Path) -> Result<PathBuf, HostError> {
        let path = lexical(&self.root.join(path));
        let below = path
            .strip_prefix(&self.top)
            .map_err(|_| HostError::Missing)?;
        let mut waiting: Vec<OsString> = names(below);
        let mut place = PathBuf::new();
        let mut links = 0;
        while let Some(name) = waiting.pop() {
            let next = place.join(&name);
            // What is not there is looked for all the same, where a link may have led.
            let link = self.node(&next, |node| match node {
                Node::Link(object) => Some(Arc::clone(object)),
                _ => None,
            });
            let Some(object) = link.flatten() else {
                place = next;
                continue;
            };
            links += 1;
            if links > MOST_LINKS {
                return Err(HostError::Missing);
            }
            let target = self.bytes(&object)?;
            let target = named(&target);
            let target = lexical(&self.top.join(&place).join(target));
            let target = target
                .strip_prefix(&self.top)
                .map_err(|_| HostError::Outside)?;
            waiting.extend(names(target));
            place = PathBuf::new();
        }
        Ok(place)
    }

    /// What stands at a place, links not followed.
    fn node<T>(&self, place: &Path, take: impl FnOnce(&Node) -> T) -> Option<T> {
        let tree = self.tree();
        let mut folder = &*tree;
        let mut parts = place.components().peekable();
        while let Some(part) = parts.next() {
            let node = folder.get(part.as_os_str())?;
            if parts.peek().is_none() {
                return Some(take(node));
            }
            match node {
                Node::Folder(inner) => folder = inner,
                _ => return None,
            }
        }
        None
    }
}

/// The names of a path, the last one first.
fn names(path: &Path) -> Vec<OsString> {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        _ => None,
    });
    let mut names: Vec<OsString> = parts.collect();
    names.reverse();
    names
}

/// What a change of one place does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Put {
    /// A file stood there before, and does now.
    pub stays: bool,
    /// A link stood there, or does now.
    pub is_link: bool,
    /// A folder came or went with it.
    pub moves_folder: bool,
}

fn put(folder: &mut Folder, parts: &[&str], node: Option<Node>) -> Put {
    let Some((first, rest)) = parts.split_first() else {
        return Put::default();
    };
    let name = OsString::from(first);
    if rest.is_empty() {
        let is_file = matches!(node, Some(Node::File(_)));
        let is_link = matches!(node, Some(Node::Link(_)));
        let is_folder = matches!(node, Some(Node::Submodule));
        let before = match node {
            Some(node) => folder.insert(name, node),
            // A file may have made way for a folder of its name, which stands there by now.
            None if matches!(folder.get(&name), Some(Node::Folder(_))) => None,
            None => folder.remove(&name),
        };
        return Put {
            stays: is_file && matches!(before, Some(Node::File(_))),
            is_link: is_link || matches!(before, Some(Node::Link(_))),
            moves_folder: is_folder || matches!(before, Some(Node::Submodule | Node::Folder(_))),
        };
    }
    let is_new = !matches!(folder.get(&name), Some(Node::Folder(_)));
    if is_new {
        if node.is_none() {
            return Put::default();
        }
        let before = folder.insert(name.clone(), Node::Folder(Folder::new()));
        let is_link = matches!(before, Some(Node::Link(_)));
        let Some(Node::Folder(inner)) = folder.get_mut(&name) else {
            return Put::default();
        };
        let below = put(inner, rest, node);
        return Put {
            moves_folder: true,
            is_link: is_link || below.is_link,
            ..below
        };
    }
    let Some(Node::Folder(inner)) = folder.get_mut(&name) else {
        return Put::default();
    };
    let mut done = put(inner, rest, node);
    if inner.is_empty() {
        folder.remove(&name);
        done.moves_folder = true;
    }
    done
}

fn gather(folder: &Folder, place: &Path, found: &mut Vec<PathBuf>) {
    for (name, node) in folder {
        match node {
            Node::Link(_) => found.push(place.join(name)),
            Node::Folder(inner) => gather(inner, &place.join(name), found),
            Node::File(_) | Node::Submodule => {}
        }
    }
}

impl Host for PastTree {
    fn root(&self) -> &Path {
        &self.root
    }

    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        let full = lexical(&self.root.join(path));
        let folder = |real: PathBuf| PathTarget {
            real,
            kind: FileKind::Folder,
        };
        // By it the repository is known as such, here as well.
        if self.top.starts_with(&full) || full == self.top.join(".git") {
            return Ok(folder(full));
        }
        let place = self.resolve(&full)?;
        let real = self.top.join(&place);
        if place.as_os_str().is_empty() {
            return Ok(folder(real));
        }
        let kind = self.node(&place, |node| match node {
            Node::File(_) => FileKind::File,
            Node::Link(_) => FileKind::Other,
            Node::Folder(_) | Node::Submodule => FileKind::Folder,
        });
        let kind = kind.ok_or(HostError::Missing)?;
        Ok(PathTarget { real, kind })
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        let place = self.resolve(folder)?;
        let entries = |folder: &Folder| {
            let entries = folder.iter().map(|(name, node)| Entry {
                name: name.clone(),
                kind: match node {
                    Node::File(_) => FileKind::File,
                    Node::Link(_) => FileKind::Other,
                    Node::Folder(_) | Node::Submodule => FileKind::Folder,
                },
            });
            entries.collect::<Vec<Entry>>()
        };
        if place.as_os_str().is_empty() {
            return Ok(entries(&self.tree()));
        }
        let listed = self.node(&place, |node| match node {
            Node::Folder(folder) => Some(entries(folder)),
            Node::Submodule => Some(Vec::new()),
            Node::File(_) | Node::Link(_) => None,
        });
        listed.flatten().ok_or(HostError::Missing)
    }

    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        let place = self.resolve(path)?;
        let object = self.node(&place, |node| match node {
            Node::File(object) => Ok(Arc::clone(object)),
            _ => Err(HostError::Irregular),
        });
        let object = object.ok_or(HostError::Missing)??;
        Ok(opened(self.bytes(&object)?))
    }

    fn today(&self) -> Date {
        self.today
    }
}
