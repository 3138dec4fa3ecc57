//! The baseline of an old estate: which fallbacks, and which services that end, are known, so that only what is new or has got worse is said.
//! An entry is a path, an address and a code, never a line. Opens no file: somebody else reads and writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::home;
use super::moved_entries::{self, SameFile};
use crate::analysis::{Analysis, Decision, Rung};
use crate::base::file_paths::{lexical, seen_from, slashed};
use crate::base::finding::Finding;
use crate::base::{Code, LifecycleCode};

pub const FILE_NAME: &str = "sfl-baseline.json";
const SCHEMA: &str = "sfl-baseline/1";

/// Known fallbacks, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<Key, Standing>,
}

/// How bad what is known is; the worse, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Of a fallback.
    Rung(Rung),
    /// Of a service that ends.
    Stage(LifecycleCode),
}

impl Standing {
    fn name(self) -> &'static str {
        match self {
            Self::Rung(rung) => rung.name(),
            Self::Stage(code) => code.name(),
        }
    }
}

/// What stands before the slash of a service's end.
const LIFECYCLE: &str = "lifecycle";

/// Where a known fallback stands; paths are seen from the baseline's folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) path: String,
    pub(super) address: String,
    /// The ladder, or `lifecycle`.
    pub(super) group: String,
    /// The folder of the root module that calls the one in which it stands.
    pub(super) root: Option<String>,
}

/// One known fallback, or one service that is known to end, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFallback {
    /// The file, seen from the baseline's folder.
    pub path: String,
    pub address: String,
    /// The folder of the root module that calls the one in which it stands, seen from the baseline's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// `compute/server`.
    pub code: String,
    /// 2 to 4; none where a service ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    findings: Vec<KnownFallback>,
}

impl Baseline {
    /// Reads a file's text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.schema != SCHEMA {
            return Err(format!("its schema is `{}`, not `{SCHEMA}`", file.schema));
        }
        let mut baseline = Self::default();
        for entry in file.findings {
            let standing = standing(&entry)?;
            let (group, _) = entry.code.split_once('/').unwrap_or_default();
            let key = Key {
                group: group.to_owned(),
                path: entry.path,
                address: entry.address,
                root: entry.root,
            };
            baseline.take(key, standing);
        }
        Ok(baseline)
    }

    /// The file's text: one entry a line, in order.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"findings\": [");
        for (at, (key, standing)) in self.entries.iter().enumerate() {
            let line = serde_json::to_string(&entry(key, *standing)).unwrap_or_default();
            text.push_str(if at == 0 { "\n    " } else { ",\n    " });
            text.push_str(&line);
        }
        text.push_str(if self.entries.is_empty() {
            "]\n}\n"
        } else {
            "\n  ]\n}\n"
        });
        text
    }

    /// Entries that another one does not have, or has on a better rung.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Vec<KnownFallback> {
        let more = self.entries.iter().filter(|(key, standing)| {
            let known = other.entries.get(*key);
            known.is_none_or(|known| known < *standing)
        });
        more.map(|(key, standing)| entry(key, *standing)).collect()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What this baseline becomes after a run: `prune` removes what is gone and lowers what stands better now, `grow` takes
    /// in what is new or worse. Entries of files that the run did not judge stay as they are.
    #[must_use]
    pub fn updated(&self, outcome: &BaselineOutcome, prune: bool, grow: bool) -> Self {
        let mut updated = self.clone();
        if prune {
            for (key, _) in &outcome.gone {
                updated.entries.remove(key);
            }
            for (key, standing) in &outcome.better {
                updated.entries.insert(key.clone(), *standing);
            }
            let renamed = outcome.renamed.iter().map(|(from, _, to)| (from, to));
            let moved = outcome.moved.iter().map(|(from, to)| (from, to));
            for (from, to) in moved.chain(renamed) {
                if let Some(standing) = updated.entries.remove(from) {
                    updated.take(to.clone(), standing);
                }
            }
        }
        if grow {
            for (key, standing) in &outcome.new {
                updated.take(key.clone(), *standing);
            }
        }
        updated
    }

    /// Where one place has several rungs, the worst counts.
    fn take(&mut self, key: Key, standing: Standing) {
        let known = self.entries.entry(key).or_insert(standing);
        *known = standing.max(*known);
    }
}

/// How bad an entry says that it is.
fn standing(entry: &KnownFallback) -> Result<Standing, String> {
    let numbered = entry.rung.map(|rung| format!(" on rung {rung}"));
    let no_entry = || {
        let numbered = numbered.unwrap_or_default();
        format!("`{}`{numbered} is not a fallback", entry.code)
    };
    match (entry.code.parse(), entry.rung) {
        (Ok(Code::Fallback { rung, .. }), Some(number)) if rung.number() == number => {
            Ok(Standing::Rung(rung))
        }
        (Ok(Code::Fallback { rung, .. }), Some(_)) => {
            Err(format!("`{}` is rung {}", entry.code, rung.number()))
        }
        (Ok(Code::Lifecycle(code)), None) => Ok(Standing::Stage(code)),
        _ => Err(no_entry()),
    }
}

fn entry(key: &Key, standing: Standing) -> KnownFallback {
    KnownFallback {
        path: key.path.clone(),
        address: key.address.clone(),
        root: key.root.clone(),
        code: format!("{}/{}", key.group, standing.name()),
        rung: match standing {
            Standing::Rung(rung) => Some(rung.number()),
            Standing::Stage(_) => None,
        },
    }
}

/// A baseline, where it stands, and what the run looks at.
#[derive(Clone, Debug)]
pub struct Held {
    pub baseline: Baseline,
    /// Its file, as it is shown.
    pub file: String,
    /// Its folder, without links.
    pub folder: PathBuf,
    /// The working directory, without links.
    pub here: PathBuf,
    /// What the run was asked to check.
    pub paths: Vec<PathBuf>,
    /// What can tell whether a file is one that was called otherwise before.
    pub same_file: Option<SameFile>,
    /// Files, as they are shown, that are not where they were and have not gone: out of sight, or in a submodule that is not checked out.
    pub kept: BTreeSet<String>,
}

type Known = Vec<(Key, Standing)>;

/// What a run is, measured by a baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaselineOutcome {
    /// The baseline's file, as it is shown.
    pub file: String,
    /// Findings that it knows.
    pub known: usize,
    /// Entries that it holds, met by this run or not.
    pub held: usize,
    new: Known,
    better: Known,
    gone: Known,
    /// Entries whose resource has another address now, says Terraform: the entry, and what it would be today.
    moved: Vec<(Key, Key)>,
    /// The same for entries whose file has another name now.
    renamed: Vec<(Key, Standing, Key)>,
}

/// One known fallback whose file has another name now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RenamedEntry {
    /// As the baseline has it.
    pub from: KnownFallback,
    /// Its file today, seen from the baseline's folder.
    pub path: String,
}

impl BaselineOutcome {
    /// Of a file from which one entry has gone, and in which one fallback of its code is new: that one, and what may have been its name.
    #[must_use]
    pub fn perhaps_renamed(&self) -> Vec<(KnownFallback, String)> {
        let pairs = self.new.iter().filter_map(|new| {
            only(&self.new, new)?;
            let (gone, _) = only(&self.gone, new)?;
            Some((entry(&new.0, new.1), gone.address.clone()))
        });
        pairs.collect()
    }

    /// Fallbacks that it does not know, or knows on a better rung.
    #[must_use]
    pub fn unknown(&self) -> Vec<KnownFallback> {
        entries(&self.new)
    }

    /// Fallbacks that stand better than it knows, as they stand now.
    #[must_use]
    pub fn better(&self) -> Vec<KnownFallback> {
        entries(&self.better)
    }

    /// Entries that know a fallback from where its file was before.
    #[must_use]
    pub fn renamed(&self) -> Vec<RenamedEntry> {
        let renamed = self.renamed.iter();
        let renamed = renamed.map(|(from, standing, to)| RenamedEntry {
            from: entry(from, *standing),
            path: to.path.clone(),
        });
        renamed.collect()
    }

    /// Entries that no longer occur.
    #[must_use]
    pub fn gone(&self) -> Vec<KnownFallback> {
        entries(&self.gone)
    }
}

/// The only one of a kind in a file.
fn only<'k>(known: &'k Known, of: &(Key, Standing)) -> Option<&'k (Key, Standing)> {
    let kind = |(key, standing): &(Key, Standing)| {
        (
            key.path.clone(),
            key.root.clone(),
            key.group.clone(),
            *standing,
        )
    };
    let wanted = kind(of);
    let mut all = known.iter().filter(|one| kind(one) == wanted);
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

fn entries(known: &Known) -> Vec<KnownFallback> {
    known
        .iter()
        .map(|(key, standing)| entry(key, *standing))
        .collect()
}

/// What a baseline calls a finding, and how bad it is; none of what a baseline never holds.
fn known_as<'a>(analysis: &'a Analysis, finding: &Finding) -> Option<(&'a str, Standing)> {
    if let Code::Lifecycle(code) = finding.code {
        return Some((LIFECYCLE, Standing::Stage(code)));
    }
    let decision = analysis.unexplained(finding)?;
    Some((&decision.ladder().name, Standing::Rung(decision.rung)))
}

impl Held {
    /// Measures a run: what came of it, and the places of the findings that are not known. Only fallbacks and services that end are ever known: a file that cannot be read, or a justification with a fault, is always said.
    #[must_use]
    pub fn apply(&self, analysis: &Analysis) -> (BaselineOutcome, Vec<usize>) {
        let mut outcome = BaselineOutcome {
            file: self.file.clone(),
            held: self.baseline.len(),
            ..BaselineOutcome::default()
        };
        let mut kept = Vec::new();
        let mut open: BTreeMap<Key, Standing> = BTreeMap::new();
        let former = Former::new(&self.baseline, analysis);
        let mut judged: Vec<(usize, Key, Standing)> = Vec::new();
        for (at, finding) in analysis.findings.iter().enumerate() {
            let Some((group, standing)) = known_as(analysis, finding) else {
                kept.push(at);
                continue;
            };
            let called = |address: &str| Key {
                path: self.entry_path(finding.judged_path()),
                address: address.to_owned(),
                group: group.to_owned(),
                root: None,
            };
            let mut key = called(finding.address.as_deref().unwrap_or_default());
            let decision = analysis.decision(finding);
            if let Some(root) = decision.and_then(|decision| decision.root.as_deref()) {
                let own = Key {
                    root: Some(self.entry_path(root)),
                    ..key.clone()
                };
                // An entry that names no root is for all of them.
                if self.baseline.entries.contains_key(&own)
                    || !self.baseline.entries.contains_key(&key)
                {
                    key = own;
                }
            }
            // An entry may be called as the construct is.
            if !self.baseline.entries.contains_key(&key)
                && let Some(construct) = &finding.construct
                && let construct = called(construct)
                && self.baseline.entries.contains_key(&construct)
            {
                key = construct;
            }
            if !self.baseline.entries.contains_key(&key)
                && let Some(decision) = decision
                && let Some(before) = former.find(&key, decision)
            {
                outcome.moved.push((before.clone(), key));
                key = before.clone();
            }
            judged.push((at, key, standing));
        }
        let is_known = |key: &Key, standing: Standing| {
            let known = self.baseline.entries.get(key);
            known.is_some_and(|known| *known >= standing)
        };
        let mut unknown: BTreeMap<Key, Standing> = BTreeMap::new();
        for (_, key, standing) in &judged {
            if !self.baseline.entries.contains_key(key) {
                let worst = unknown.entry(key.clone()).or_insert(*standing);
                *worst = (*standing).max(*worst);
            }
        }
        if !unknown.is_empty() {
            let met: BTreeSet<&Key> = judged.iter().map(|(_, key, _)| key).collect();
            let idle = self.baseline.entries.iter();
            let idle = idle.filter(|(key, _)| !met.contains(key));
            let idle = idle.map(|(key, standing)| (key, *standing)).collect();
            let renamed = moved_entries::followed(self, &unknown, &idle);
            for (_, key, _) in &mut judged {
                if let Some(before) = renamed.get(key) {
                    key.clone_from(before);
                }
            }
            let renamed = renamed.into_iter().filter_map(|(now, before)| {
                let standing = self.baseline.entries.get(&before)?;
                Some((before, *standing, now))
            });
            outcome.renamed = renamed.collect();
        }
        for (at, key, standing) in judged {
            if is_known(&key, standing) {
                outcome.known += 1;
            } else {
                kept.push(at);
                outcome.new.push((key.clone(), standing));
            }
            let worst = open.entry(key).or_insert(standing);
            *worst = standing.max(*worst);
        }
        kept.sort_unstable();
        let read: BTreeSet<String> = analysis
            .read
            .iter()
            .map(|path| self.entry_path(path))
            .collect();
        let folders: BTreeSet<&str> = read.iter().map(|path| parent(path)).collect();
        // What a root makes is judged only where that is read.
        let is_elsewhere = |key: &Key| {
            let root = key.root.as_deref();
            root.is_some_and(|root| !folders.contains(root) && !self.deleted(root))
        };
        let away = self.kept.iter().map(|path| self.entry_path(path));
        let away: BTreeSet<String> = away.collect();
        for (key, standing) in &self.baseline.entries {
            match open.get(key) {
                Some(now) if now < standing => outcome.better.push((key.clone(), *now)),
                Some(_) => {}
                None if is_elsewhere(key) || away.contains(&key.path) => {}
                None if read.contains(&key.path) || self.deleted(&key.path) => {
                    outcome.gone.push((key.clone(), *standing));
                }
                None => {}
            }
        }
        outcome.new.sort();
        (outcome, kept)
    }

    /// The files that hold what is known, as they are shown, with the address and the group of all that each holds.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<(&str, &str)>> {
        let mut files: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
        for key in self.baseline.entries.keys() {
            if key.path.starts_with('<') {
                continue;
            }
            let path = lexical(&self.folder.join(&key.path));
            // What nobody asked about is nobody's to look for.
            if !self.is_asked(&path) {
                continue;
            }
            let shown = slashed(&seen_from(&lexical(&self.here), &path));
            let held = files.entry(shown).or_default();
            held.push((&key.address, &key.group));
        }
        files
    }

    /// A path as it is shown, seen from the baseline's folder.
    fn entry_path(&self, shown: &str) -> String {
        if shown.starts_with('<') {
            return shown.to_owned();
        }
        let path = lexical(&self.here.join(shown));
        slashed(&seen_from(&lexical(&self.folder), &path))
    }

    /// Whether nothing stands at the path of an entry.
    pub(super) fn is_absent(&self, entry: &str) -> bool {
        let is_file = !entry.starts_with('<');
        is_file
            && lexical(&self.folder.join(entry))
                .symlink_metadata()
                .is_err()
    }

    /// Whether the file of an entry, or the root that called it, is no more.
    pub(super) fn is_nowhere(&self, key: &Key) -> bool {
        let root = key.root.as_deref();
        self.is_absent(&key.path) || root.is_some_and(|root| self.is_absent(root))
    }

    /// Whether a file is no more, and the run would have come across it.
    fn deleted(&self, entry: &str) -> bool {
        let path = lexical(&self.folder.join(entry));
        self.is_asked(&path) && path.symlink_metadata().is_err()
    }

    /// Whether a path is what the run looks at, or stands below that.
    fn is_asked(&self, path: &Path) -> bool {
        let mut asked = self.paths.iter();
        asked.any(|asked| path.starts_with(lexical(&self.here.join(asked))))
    }
}

/// Entries by what Terraform says that something was called before.
struct Former<'b> {
    /// By the folder of the root module, the address and the ladder.
    entries: BTreeMap<(&'b str, &'b str, &'b str), &'b Key>,
    /// What has such an address today: it is nobody else's.
    taken: BTreeSet<(&'b str, &'b str)>,
}

impl<'b> Former<'b> {
    fn new(baseline: &'b Baseline, analysis: &'b Analysis) -> Self {
        let all = baseline.entries.keys().map(|key| {
            let home = home(key.root.as_deref(), &key.path);
            ((home, &*key.address, &*key.group), key)
        });
        let taken = analysis.decisions.iter().map(|decision| {
            let home = home(decision.root.as_deref(), &decision.path);
            (home, &*decision.address)
        });
        Self {
            entries: all.collect(),
            taken: taken.collect(),
        }
    }

    /// The entry that knows a decision by an address which it had; `key` is what it would be today.
    fn find(&self, key: &Key, decision: &Decision) -> Option<&'b Key> {
        let today = home(decision.root.as_deref(), &decision.path);
        let seen = home(key.root.as_deref(), &key.path);
        let mut former = decision.former.iter().map(String::as_str);
        former.find_map(|address| {
            let is_taken = self.taken.contains(&(today, address));
            let known = self.entries.get(&(seen, address, &*key.group))?;
            (!is_taken).then_some(*known)
        })
    }
}

/// The folder of a path.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        for text in [
            "{\n  \"schema\": \"sfl-baseline/1\",\n  \"findings\": []\n}\n",
            "{\n  \"schema\": \"sfl-baseline/1\",\n  \"findings\": [\n    \
             {\"path\":\"a.yaml\",\"address\":\"Web\",\"code\":\"compute/server\",\"rung\":4},\n    \
             {\"path\":\"b.yaml\",\"address\":\"A\",\"code\":\"cache/cluster\",\"rung\":3}\n  ]\n}\n",
            "{\n  \"schema\": \"sfl-baseline/1\",\n  \"findings\": [\n    \
             {\"path\":\"a.yaml\",\"address\":\"Book\",\"code\":\"lifecycle/ended\"}\n  ]\n}\n",
        ] {
            let baseline = Baseline::read(text).expect("it is sound");
            assert_eq!(baseline.write(), text);
        }
    }

    #[test]
    fn what_is_broken_is_no_baseline() {
        let file = |entry: &str| format!(r#"{{"schema":"sfl-baseline/1","findings":[{entry}]}}"#);
        for text in [
            "",
            "[]",
            "{}",
            r#"{"schema":"sfl-baseline/2","findings":[]}"#,
            r#"{"schema":"sfl-baseline/1","findings":[],"more":1}"#,
            &file(r#"{"path":"a","address":"b","code":"compute/server"}"#),
            &file(r#"{"path":"a","address":"b","code":"compute/server","rung":3}"#),
            &file(r#"{"path":"a","address":"b","code":"compute/server","rung":5}"#),
            &file(r#"{"path":"a","address":"b","code":"server","rung":4}"#),
            &file(r#"{"path":"a","address":"b","code":"lifecycle/ended","rung":4}"#),
            &file(r#"{"path":"a","address":"b","code":"lifecycle/server"}"#),
        ] {
            assert!(Baseline::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn paths_are_seen_from_the_baseline() {
        let held = |folder: &str, here: &str| Held {
            baseline: Baseline::default(),
            file: String::new(),
            folder: folder.into(),
            here: here.into(),
            paths: Vec::new(),
            same_file: None,
            kept: BTreeSet::new(),
        };
        assert_eq!(held("/r", "/r/infra").entry_path("a.yaml"), "infra/a.yaml");
        assert_eq!(held("/r", "/r/infra").entry_path("../x/a.yaml"), "x/a.yaml");
        assert_eq!(held("/r/base", "/r").entry_path("a.yaml"), "../a.yaml");
        assert_eq!(held("/r", "/s").entry_path("/r/a.yaml"), "a.yaml");
        assert_eq!(held("/r", "/s").entry_path("<stdin>"), "<stdin>");
    }
}
