//! `sfl.toml`: found, read with the place of every word, and checked as a whole. What is wrong is said all at once.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::{env, fs, io};

use crate::base::finding::{self, Finding, Problem};
use crate::base::source::Source;
use crate::base::{Code, ConfigCode};
use crate::placement::{Catalogue, Rung};

mod home;
mod ledger;
pub mod past;
mod reader;
pub mod rules;
mod settings;
mod tree;

pub use home::Home;
pub use ledger::LedgerEntry;
use reader::Reader;
use settings::Shown;
pub use settings::{Demands, Ladders, Limit, Override, Paths, Policy, Setting, day};
pub use tree::Tree;

/// The name of the file.
pub const FILE_NAME: &str = "sfl.toml";

/// Files that extend each other in a row; more is a mistake.
const LONGEST_CHAIN: usize = 8;

/// What a team has set.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What the repository is for, in one sentence.
    pub purpose: Option<String>,
    /// Reasons that stand in no template, in the order of writing.
    pub ledger: Vec<LedgerEntry>,
    /// The built-in rules, and the team's own over them.
    pub catalogue: &'static Catalogue,
    /// What a record needs.
    pub demands: Demands,
    /// What is accepted on each ladder, and how much the rest weighs.
    pub ladders: Ladders,
    /// The same for some paths; later ones win.
    pub overrides: Vec<Override>,
    /// Files that are not looked at.
    pub exclude: Option<Paths>,
    /// Where evidence must stand.
    pub tree: Tree,
    /// The files that it was read from, the one that is extended before the one that extends it.
    pub files: Vec<String>,
    /// Everything that was set, by key.
    pub set: BTreeMap<String, Setting>,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has {} faults", findings.len())]
pub struct ConfigError {
    /// Findings with codes `config/...`, in the order of the files' lines.
    pub findings: Vec<Finding>,
}

impl Config {
    /// Reads the named file, else the nearest `sfl.toml` from the working directory up to the repository's root, else
    /// nothing.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn find(explicit: Option<&Path>) -> Result<Self, ConfigError> {
        let here = env::current_dir().unwrap_or_default();
        match explicit {
            Some(file) => Self::read(&here, &here.join(file)),
            None => match nearest(&here) {
                Some(file) => Self::read(&here, &file),
                None => Ok(Self::default()),
            },
        }
    }

    /// What holds where no file is read.
    #[must_use]
    pub fn isolated() -> Self {
        let here = env::current_dir().unwrap_or_default();
        Self {
            tree: Tree::around(&here, None),
            ..Self::default()
        }
    }

    /// What counts as a fallback on a ladder in a file, and how much it weighs.
    #[must_use]
    pub fn policy(&self, path: &str, ladder: &str) -> Policy {
        let mut policy = Policy::default();
        if let Some(setting) = self.ladders.get(ladder) {
            setting.apply(&mut policy);
        }
        for one in &self.overrides {
            if let Some(setting) = one.ladders.get(ladder)
                && one.paths.hold(path)
            {
                setting.apply(&mut policy);
            }
        }
        policy
    }

    /// Whether a file is left out.
    #[must_use]
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.as_ref().is_some_and(|paths| paths.hold(path))
    }

    /// Every value with its origin: what is set, and the defaults of what is not.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        let default = |key: &str, value: &str| Setting {
            key: key.to_owned(),
            value: value.to_owned(),
            origin: None,
        };
        let minimum = Demands::default().minimum_length.to_string();
        let mut all: BTreeMap<String, Setting> = BTreeMap::new();
        for (key, value) in [
            ("exclude", "[]"),
            ("justifications.furthest", "none"),
            ("justifications.ledger", "none"),
            ("justifications.minimum_length", minimum.as_str()),
            ("justifications.never", "[]"),
            ("justifications.require", "[]"),
            ("purpose", "none"),
            ("rules.folders", "[]"),
        ] {
            all.insert(key.to_owned(), default(key, value));
        }
        let policy = Policy::default();
        for ladder in self.catalogue.ladders {
            let key = format!("ladders.{}.accept", ladder.name);
            let value = settings::quoted(policy.accept.name());
            all.insert(key.clone(), default(&key, &value));
            for rung in &Rung::ALL[1..] {
                let key = format!("ladders.{}.severity.{}", ladder.name, rung.name());
                let value = settings::quoted(policy.severity[*rung as usize].name());
                all.insert(key.clone(), default(&key, &value));
            }
        }
        all.extend(self.set.clone());
        all.into_values().collect()
    }

    /// Reads a file for a run in the folder `here`.
    fn read(here: &Path, file: &Path) -> Result<Self, ConfigError> {
        let mut findings = Vec::new();
        let mut config = Self::default();
        match text(here, file) {
            Ok(source) => {
                let mut chain = vec![file.to_owned()];
                let base = above(here, file.parent().unwrap_or(here));
                config.take(here, file, &source, &base, &mut chain, &mut findings);
            }
            Err(finding) => findings.push(*finding),
        }
        config.tree = Tree::around(here, Some(file.parent().unwrap_or(here)));
        findings.sort_by_key(|finding| (Arc::clone(finding.path()), finding.span));
        if findings.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError { findings })
        }
    }

    /// Takes what a file says, after what the file that it extends says. Globs count from the first file's folder.
    fn take(
        &mut self,
        here: &Path,
        file: &Path,
        source: &Arc<Source>,
        base: &str,
        chain: &mut Vec<PathBuf>,
        findings: &mut Vec<Finding>,
    ) {
        let folder = file.parent().unwrap_or(here);
        let inside = repository(folder).unwrap_or(folder);
        let mut reader = Reader::new(source, findings);
        let Some(root) = reader.root() else {
            return;
        };
        let keys = [
            "exclude",
            "extend",
            "justification",
            "justifications",
            "ladders",
            "override",
            "purpose",
            "rules",
        ];
        reader.known(&root, &keys, "sfl.toml");
        if let Some(named) = reader.string(&root, "extend") {
            let path = folder.join(&named.text);
            let again = chain.len() >= LONGEST_CHAIN
                || chain
                    .iter()
                    .any(|known| known.canonicalize().ok() == path.canonicalize().ok());
            match ledger::file(here, folder, inside, &named.text) {
                Ok(_) if again => {
                    let message = format!("{} extends this file in turn", named.text);
                    reader.fault(ConfigCode::Extend, message, named.span);
                }
                Ok(other) => {
                    chain.push(path.clone());
                    let mut theirs = Vec::new();
                    self.take(here, &path, &other, base, chain, &mut theirs);
                    reader.take_all(theirs);
                    let value = settings::quoted(&named.text);
                    Shown(&mut self.set).set(&reader, "extend", value, &named);
                }
                Err(message) => reader.fault(ConfigCode::Extend, message, named.span),
            }
        }
        self.files.push(source.name().to_string());
        let mut shown = Shown(&mut self.set);
        if let Some(purpose) = settings::purpose(&mut reader, &root, &mut shown) {
            self.purpose = Some(purpose);
        }
        let places = (here, folder, inside);
        self.catalogue = rules::read(&mut reader, &root, places, self.catalogue, &mut shown);
        if let Some(paths) = settings::exclusions(&mut reader, &root, base, &mut shown) {
            self.exclude = Some(paths);
        }
        let mut named = None;
        if let Some(table) = reader.table(&root, "justifications") {
            let keys = ["furthest", "ledger", "minimum_length", "never", "require"];
            reader.known(&table, &keys, "[justifications]");
            named = reader.string(&table, "ledger");
            settings::demands(
                &mut reader,
                &table,
                self.catalogue,
                &mut self.demands,
                &mut shown,
            );
        }
        for (name, setting) in settings::ladders(&mut reader, &root, self.catalogue, "", &mut shown)
        {
            self.ladders.entry(name).or_default().take(&setting);
        }
        self.overrides.extend(settings::overrides(
            &mut reader,
            &root,
            self.catalogue,
            base,
            &mut shown,
        ));
        self.ledger
            .extend(ledger::entries(&mut reader, &root, base));
        if let Some(named) = named {
            match ledger::file(here, folder, inside, &named.text) {
                Ok(ledger) => {
                    let value = settings::quoted(&named.text);
                    let key = "justifications.ledger";
                    Shown(&mut self.set).set(&reader, key, value, &named);
                    self.ledger.extend(ledger::read(&ledger, base, findings));
                }
                Err(message) => reader.fault(ConfigCode::Ledger, message, named.span),
            }
        }
    }
}

/// The nearest configuration, in the repository of `here` only; outside of one, in `here` only.
fn nearest(here: &Path) -> Option<PathBuf> {
    let top = repository(here).unwrap_or(here);
    let inside = here
        .ancestors()
        .take_while(|folder| folder.starts_with(top));
    inside
        .map(|folder| folder.join(FILE_NAME))
        .find(|file| file.is_file())
}

/// The folder that holds `.git`: the nearest one above, or this one.
#[must_use]
pub fn repository(here: &Path) -> Option<&Path> {
    here.ancestors().find(|folder| folder.join(".git").exists())
}

/// Reads a file as UTF-8, under the name that a person would give it from `here`.
fn text(here: &Path, file: &Path) -> Result<Arc<Source>, Box<Finding>> {
    let name = shown(here, file);
    let unreadable = |error: io::Error| {
        let problem = Problem::Unreadable {
            path: name.clone(),
            message: finding::reason(&error),
        };
        let mut finding = problem.into_finding();
        finding.code = Code::Config(ConfigCode::Unreadable);
        Box::new(finding)
    };
    let bytes = fs::read(file).map_err(unreadable)?;
    let text =
        String::from_utf8(bytes).map_err(|_| unreadable(io::Error::other("it is not UTF-8")))?;
    Ok(Arc::new(Source::new(name.clone(), text)))
}

/// A path as seen from `here`, with `/`; a file that stands elsewhere keeps its whole path.
fn shown(here: &Path, file: &Path) -> String {
    if let Ok(inside) = file.strip_prefix(here) {
        return slashes(inside);
    }
    match (file.parent(), file.file_name()) {
        (Some(folder), Some(name)) if here.starts_with(folder) => {
            let up = here.components().count() - folder.components().count();
            format!("{}{}", "../".repeat(up), name.to_string_lossy())
        }
        _ => slashes(file),
    }
}

/// What leads from the configuration's folder down to `here`: `infra/`. Globs count from the configuration.
fn above(here: &Path, folder: &Path) -> String {
    match here.strip_prefix(folder) {
        Ok(rest) if rest.as_os_str().is_empty() => String::new(),
        Ok(rest) => slashes(rest) + "/",
        Err(_) => String::new(),
    }
}

fn slashes(path: &Path) -> String {
    let parts = path.components().map(|part| match part {
        Component::RootDir => String::new(),
        part => part.as_os_str().to_string_lossy().into_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
