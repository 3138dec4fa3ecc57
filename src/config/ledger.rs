//! The ledger: reasons for what can carry none, each with the paths and addresses that it speaks of.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use globset::{GlobBuilder, GlobMatcher};
use rustc_hash::FxHashMap;
use toml::de::DeTable;

use super::reader::{Reader, Word};
use crate::base::finding::Finding;
use crate::base::reason::FIELDS;
use crate::base::source::Source;
use crate::base::{Carrier, ConfigCode, Place, Reason, construct_name};
use crate::host::pattern;

/// What a path or an address may be: most name one, and a text is compared in no time and takes no room.
#[derive(Clone, Debug)]
pub enum Pattern {
    Text(String),
    Glob(GlobMatcher),
}

impl Pattern {
    /// Whether it means a text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Text(own) => own == text,
            Self::Glob(glob) => glob.is_match(text),
        }
    }
}

/// All entries, in order.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    entries: Vec<LedgerEntry>,
    index: OnceLock<Index>,
}

/// Which entries can speak of an address.
#[derive(Clone, Debug, Default)]
struct Index {
    /// Those that name one.
    named: FxHashMap<String, Vec<usize>>,
    /// Those that may speak of any.
    open: Vec<usize>,
}

impl Deref for Ledger {
    type Target = [LedgerEntry];

    fn deref(&self) -> &[LedgerEntry] {
        &self.entries
    }
}

impl From<Vec<LedgerEntry>> for Ledger {
    fn from(entries: Vec<LedgerEntry>) -> Self {
        Self {
            entries,
            index: OnceLock::new(),
        }
    }
}

impl IntoIterator for Ledger {
    type Item = LedgerEntry;
    type IntoIter = std::vec::IntoIter<LedgerEntry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl Extend<LedgerEntry> for Ledger {
    fn extend<I: IntoIterator<Item = LedgerEntry>>(&mut self, entries: I) {
        self.entries.extend(entries);
        self.index.take();
    }
}

impl Ledger {
    /// The entries that may speak of a resource, each with its number, in order. Few of many can, and these still have to be asked
    /// whether they do.
    pub fn about(&self, address: &str, construct: Option<&str>) -> Vec<(usize, &LedgerEntry)> {
        let index = self.index.get_or_init(|| self.indexed());
        let named = |name: &str| index.named.get(name).into_iter().flatten();
        let others = construct.filter(|construct| *construct != address);
        let found = named(address).chain(others.into_iter().flat_map(named));
        let mut found: Vec<usize> = found.chain(&index.open).copied().collect();
        found.sort_unstable();
        found
            .into_iter()
            .map(|at| (at, &self.entries[at]))
            .collect()
    }

    fn indexed(&self) -> Index {
        let mut index = Index::default();
        for (at, entry) in self.entries.iter().enumerate() {
            match &entry.address {
                Some(Pattern::Text(text)) => index.named.entry(text.clone()).or_default().push(at),
                Some(Pattern::Glob(_)) | None => index.open.push(at),
            }
        }
        index
    }
}

/// One `[[justification]]`.
#[derive(Clone, Debug)]
pub struct LedgerEntry {
    /// The files; none named is every file.
    pub path: Option<Pattern>,
    /// The resources; none named is every one.
    pub address: Option<Pattern>,
    /// The folders of the roots that call the module in which the resource stands; none named is every one.
    pub root: Option<Pattern>,
    /// Whether the address names one resource, and no glob.
    pub exact: bool,
    /// Whether the address may be a construct's: they have slashes, and logical ids have none.
    pub is_construct: bool,
    /// The path, if it is not a glob.
    pub literal_path: Option<String>,
    /// What it speaks of, as it is written.
    pub scope: String,
    /// The record, with spans into `source`.
    pub reason: Reason,
    /// The file that it stands in.
    pub source: Arc<Source>,
    /// What leads from the configuration down to the working directory.
    base: String,
}

impl LedgerEntry {
    /// Whether it speaks of a resource: the file as it is shown, the address, and the construct that it comes from.
    #[must_use]
    pub fn matches(&self, path: &str, address: &str, construct: Option<&str>) -> bool {
        let means = |glob: &Pattern| {
            glob.is_match(address)
                || (self.is_construct
                    && construct.is_some_and(|construct| glob.is_match(construct)))
        };
        self.matches_path(path) && self.address.as_ref().is_none_or(means)
    }

    /// Whether it speaks of what a root makes, by the root's folder as it is shown.
    #[must_use]
    pub fn matches_root(&self, root: Option<&str>) -> bool {
        let means = |glob: &Pattern| {
            root.is_some_and(|root| {
                let folder = from_base(&self.base, root);
                // The folder of the configuration itself is a dot to people.
                glob.is_match(&folder) || folder.is_empty() && glob.is_match(".")
            })
        };
        self.root.as_ref().is_none_or(means)
    }

    /// Whether its address says the same as another, glob or not.
    #[must_use]
    pub fn is_addressed(&self, address: &str) -> bool {
        match &self.address {
            Some(Pattern::Text(own)) => *own == *construct_name(address),
            Some(Pattern::Glob(own)) => {
                address_glob(address).is_ok_and(|other| other.glob() == own.glob())
            }
            None => false,
        }
    }

    /// What leads from the configuration down to the working directory.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether it speaks of a file, as it is shown.
    #[must_use]
    pub fn matches_path(&self, path: &str) -> bool {
        self.path
            .as_ref()
            .is_none_or(|glob| glob.is_match(&from_base(&self.base, path)))
    }
}

const KEYS: [&str; 9] = [
    "address", "because", "by", "evidence", "expires", "owner", "path", "reason", "root",
];

/// Reads a ledger that is a file of its own.
pub fn read(source: &Arc<Source>, base: &str, findings: &mut Vec<Finding>) -> Vec<LedgerEntry> {
    let mut reader = Reader::new(source, findings);
    let Some(root) = reader.root() else {
        return Vec::new();
    };
    reader.known(&root, &["justification"], "a ledger");
    entries(&mut reader, &root, base)
}

/// Reads all `[[justification]]` tables.
pub fn entries(reader: &mut Reader<'_>, root: &DeTable<'_>, base: &str) -> Vec<LedgerEntry> {
    let tables = reader.tables(root, "justification");
    tables
        .into_iter()
        .map(|(table, span)| {
            reader.known(&table, &KEYS, "[[justification]]");
            let path = reader.string(&table, "path");
            let address = reader.string(&table, "address");
            let root = reader.string(&table, "root");
            let said = [path.as_ref(), address.as_ref(), root.as_ref()];
            let said = said.into_iter().flatten();
            let said: Vec<&str> = said.map(|word| word.text.as_str()).collect();
            let scope = if said.is_empty() {
                "everything".to_owned()
            } else {
                said.join(", ")
            };
            let plain = |word: &&Word| !word.text.contains(['*', '?', '{', '[']);
            let literal_path = path.as_ref().filter(plain);
            let literal_path = literal_path.map(|word| from_base("", &word.text));
            let exact = address
                .as_ref()
                .is_some_and(|word| !word.text.contains(['*', '?']));
            let is_construct = address.as_ref().is_some_and(|word| word.text.contains('/'));
            let path = path.and_then(|word| pattern_of(reader, &word, path_glob));
            let root = root.and_then(|word| pattern_of(reader, &word, path_glob));
            let address = address.and_then(|word| match exact {
                true if pattern::short(&word.text).is_ok() => {
                    Some(Pattern::Text(construct_name(&word.text).to_string()))
                }
                _ => glob(reader, &word, address_glob).map(Pattern::Glob),
            });
            let place = Place {
                file: 0,
                span: reader.first_line(span),
            };
            let mut reason = Reason::new(Carrier::Ledger, place);
            for key in FIELDS {
                let word = match key {
                    "expires" => reader.date(&table, key),
                    _ => reader.string(&table, key),
                };
                if let Some(word) = word {
                    reason.set(key, word.text, word.span);
                }
            }
            LedgerEntry {
                path,
                address,
                root,
                exact,
                is_construct,
                literal_path,
                scope,
                reason,
                source: Arc::clone(reader.source()),
                base: base.to_owned(),
            }
        })
        .collect()
}

type Compile = fn(&str) -> Result<GlobMatcher, String>;

/// A glob of paths; one that names a path is compared with it.
fn pattern_of(reader: &mut Reader<'_>, word: &Word, compile: Compile) -> Option<Pattern> {
    if word
        .text
        .contains(['*', '?', '[', ']', '{', '}', '\\', '!'])
    {
        return glob(reader, word, compile).map(Pattern::Glob);
    }
    match pattern::check(&word.text) {
        Ok(()) => {
            let text = word.text.strip_prefix("./").unwrap_or(&word.text);
            Some(Pattern::Text(text.to_owned()))
        }
        Err(_) => glob(reader, word, compile).map(Pattern::Glob),
    }
}

fn glob(reader: &mut Reader<'_>, word: &Word, compile: Compile) -> Option<GlobMatcher> {
    match compile(&word.text) {
        Ok(glob) => Some(glob),
        Err(error) => {
            let message = no_glob(&word.text, &error);
            reader.fault(ConfigCode::Glob, message, word.span);
            None
        }
    }
}

/// A short glob is shown whole, a hostile one is not.
pub fn no_glob(glob: &str, why: &str) -> String {
    match glob.char_indices().nth(100) {
        Some((end, _)) => format!("`{}...` is not a glob: {why}", &glob[..end]),
        None => format!("`{glob}` is not a glob: {why}"),
    }
}

/// `*` stays within a folder, `**` does not.
pub fn path_glob(text: &str) -> Result<GlobMatcher, String> {
    pattern::check(text)?;
    let text = text.strip_prefix("./").unwrap_or(text);
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    let glob = glob.map_err(|error| error.kind().to_string())?;
    Ok(glob.compile_matcher())
}

/// Only `*` and `?` mean something: an address is full of brackets of its own.
pub fn address_glob(text: &str) -> Result<GlobMatcher, String> {
    pattern::short(text)?;
    let text = construct_name(text);
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '{' | '}' | '!') {
            escaped.extend(['[', c, ']']);
        } else {
            escaped.push(c);
        }
    }
    let glob = GlobBuilder::new(&escaped).backslash_escape(false).build();
    let glob = glob.map_err(|error| error.kind().to_string())?;
    Ok(glob.compile_matcher())
}

/// A path as it is shown, seen from the configuration instead: `../x.yaml` below `infra/` is `x.yaml`.
pub fn from_base(base: &str, path: &str) -> String {
    let absolute = path.starts_with('/') || path.as_bytes().get(1) == Some(&b':');
    if absolute || path == "-" {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
