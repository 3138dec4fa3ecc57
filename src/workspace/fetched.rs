//! Modules that `terraform init` has fetched: `.terraform/modules/modules.json` says of each call where its files are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::tree_files::tree_around;
use crate::host::door::{self, Door};
use crate::host::{FileKind, Host, lexical};

/// Bytes of the list.
const LARGEST: u64 = 4 << 20;
/// Calls that it may list.
const MOST: usize = 2_000;

/// Where Terraform keeps what it has fetched.
const DATA: &str = ".terraform";
/// Where the list stands, and all that is fetched.
const FOLDER: &str = ".terraform/modules";

/// What was fetched for one module that is run.
#[derive(Debug, Default)]
pub struct Fetched {
    /// By the names of the calls from the module that is run down to the one: `shop.queue`.
    calls: BTreeMap<String, FetchedCall>,
}

/// What was fetched for one call.
#[derive(Debug)]
struct FetchedCall {
    source: String,
    version: Option<String>,
    folder: PathBuf,
}

#[derive(Deserialize)]
struct List {
    #[serde(rename = "Modules")]
    modules: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Source", default)]
    source: String,
    #[serde(rename = "Version")]
    version: Option<String>,
    #[serde(rename = "Dir")]
    folder: PathBuf,
}

/// Where all that is fetched for a module stands, whether anything is or not.
pub fn place(host: &dyn Host, folder: &Path) -> PathBuf {
    lexical(&host.root().join(folder).join(FOLDER))
}

impl Fetched {
    /// Reads the list beside a module. One that can't be read lists nothing: the calls are then not read, and said so.
    pub fn of(host: &dyn Host, folder: &Path) -> Self {
        Self::read(host, folder).unwrap_or_default()
    }

    fn read(host: &dyn Host, folder: &Path) -> Option<Self> {
        let list = folder.join(FOLDER).join("modules.json");
        let tree = tree_around(host, folder);
        let door = Door::new(host);
        let found = door.inside(&list, &tree).ok()?;
        if found.kind != FileKind::File {
            return None;
        }
        let bytes = door::bytes(host, &list, LARGEST).ok()?;
        let list: List = serde_json::from_slice(&bytes).ok()?;
        let mut calls = BTreeMap::new();
        for item in list.modules.into_iter().take(MOST) {
            let place = lexical(&host.root().join(folder).join(&item.folder));
            let path = place.strip_prefix(host.root()).unwrap_or(&place);
            // Whoever wrote the list chose the folder.
            let is_there = door
                .inside(path, &tree)
                .is_ok_and(|found| found.kind == FileKind::Folder);
            if item.key.is_empty() || !is_there || !place.starts_with(&tree) {
                continue;
            }
            let call = FetchedCall {
                source: item.source,
                version: item.version,
                folder: path.to_owned(),
            };
            calls.insert(item.key, call);
        }
        Some(Self { calls })
    }

    /// Whether anything is listed.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// All folders that are listed, but for people's own: those are found by the paths in calls.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        let fetched = self.calls.values().map(|call| &*call.folder);
        fetched.filter(|folder| folder.iter().any(|part| part == DATA))
    }

    /// The folder that was fetched for a call, if it is what the call asks for today.
    pub fn folder(&self, key: &str, source: &str, version: Option<&str>) -> Option<&Path> {
        let call = self.calls.get(key)?;
        let is_same = plain_source(&call.source) == plain_source(source);
        let fits = match (version, &call.version) {
            (Some(wanted), Some(fetched)) => satisfies(fetched, wanted),
            _ => true,
        };
        (is_same && fits).then_some(&*call.folder)
    }
}

/// A source as it is compared: Terraform lists it with all that is left out of it in a call.
fn plain_source(source: &str) -> String {
    let (path, query) = match source.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (source, String::new()),
    };
    let path = path.strip_prefix("git::").unwrap_or(path);
    let path = ["https://", "ssh://"]
        .iter()
        .find_map(|scheme| path.strip_prefix(scheme))
        .unwrap_or(path);
    let path = path.strip_prefix("git@").unwrap_or(path);
    let registries = ["registry.terraform.io/", "registry.opentofu.org/"];
    let path = registries
        .iter()
        .find_map(|host| path.strip_prefix(host))
        .unwrap_or(path);
    // `git@host:owner/name` and `host/owner/name.git//part` are one repository.
    let path = path.replacen(".git//", "//", 1).replacen(':', "/", 1);
    let path = path.trim_end_matches('/').trim_end_matches(".git");
    // `github.com/owner/name/part` is a part, too.
    let mut words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
    words.retain(|word| *word != ".");
    format!("{}{query}", words.join("/"))
}

/// Whether a version is one that a call asks for: `~> 5.0, != 5.2.1`. What is not understood asks for nothing.
fn satisfies(version: &str, wanted: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let text = text.trim().trim_start_matches('v');
        let bare = text.split(['-', '+']).next().unwrap_or(text);
        bare.split('.').map(|part| part.parse().ok()).collect()
    };
    let Some(own) = numbers(version) else {
        return true;
    };
    let filled = |parts: &[u64]| -> [u64; 3] {
        std::array::from_fn(|at| parts.get(at).copied().unwrap_or(0))
    };
    wanted.split(',').all(|one| {
        let one = one.trim();
        let at = one.find(|letter: char| letter.is_ascii_digit() || letter == 'v');
        let (operator, bound) = one.split_at(at.unwrap_or(one.len()));
        let Some(bound) = numbers(bound) else {
            return true;
        };
        let order = filled(&own).cmp(&filled(&bound));
        match operator.trim() {
            "" | "=" => order.is_eq(),
            "!=" => order.is_ne(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            "~>" => {
                let kept = bound.len().saturating_sub(1).max(1);
                order.is_ge() && filled(&own)[..kept.min(3)] == filled(&bound)[..kept.min(3)]
            }
            _ => true,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_the_same_with_all_that_may_be_left_out() {
        for (call, listed) in [
            ("acme/queue/aws", "registry.terraform.io/acme/queue/aws"),
            (
                "acme/queue/aws//parts/dead",
                "registry.opentofu.org/acme/queue/aws//parts/dead",
            ),
            (
                "github.com/acme/queue?ref=v2",
                "git::https://github.com/acme/queue.git?ref=v2",
            ),
            (
                "github.com/acme/parts/queue",
                "git::https://github.com/acme/parts.git//queue",
            ),
            (
                "git@github.com:acme/queue.git//a",
                "git::ssh://git@github.com/acme/queue.git//a",
            ),
            ("./parts/queue", "./parts/queue"),
        ] {
            assert_eq!(plain_source(call), plain_source(listed), "{call}");
        }
        for (call, listed) in [
            ("acme/queue/aws", "registry.terraform.io/acme/topic/aws"),
            (
                "app.terraform.io/acme/queue/aws",
                "registry.terraform.io/acme/queue/aws",
            ),
            (
                "github.com/acme/queue?ref=v3",
                "git::https://github.com/acme/queue.git?ref=v2",
            ),
            (
                "acme/queue/aws",
                "registry.terraform.io/acme/queue/aws//parts/dead",
            ),
        ] {
            assert_ne!(plain_source(call), plain_source(listed), "{call}");
        }
    }

    #[test]
    fn a_version_is_one_that_the_call_asks_for() {
        for (wanted, fits) in [
            ("5.8.1", true),
            ("= 5.8.0", false),
            ("~> 5.0", true),
            ("~> 5.7.0", false),
            ("~> 5.8.0", true),
            (">= 4, < 6", true),
            (">= 6.0.0", false),
            ("~> 5", true),
            ("!= 5.8.1", false),
            ("var.version", true),
        ] {
            assert_eq!(satisfies("5.8.1", wanted), fits, "{wanted}");
        }
    }
}
