//! `sfl.toml`: found, read with the place of every word, and checked as a whole. What is wrong is said all at once.

#![warn(missing_docs)]

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::base::finding::Finding;
use crate::base::source::Source;
use crate::base::{Code, ConfigCode, Rung};
use crate::host::door::{self, Door};
use crate::host::{FileKind, Host, HostError, lexical};
use crate::rulebook::Catalogue;
use crate::rulebook::actions::ActionWeights;

pub mod codeowners;
mod deployment;
mod files;
mod glob_samples;
mod home;
mod ledger;
mod map_places;
mod next_weights;
pub mod past;
mod purpose;
mod reader;
pub mod rules;
pub mod selection;
mod settings;
mod tree;

pub use deployment::{Deployment, GivenArgument};
use files::Files;
pub use home::Home;
pub use ledger::from_base;
pub use ledger::{Ledger, LedgerEntry, address_glob};
pub use map_places::HandPlaceSetting;
use purpose::Purposes;
pub use purpose::{StreamSetting, TargetSetting};
use reader::Reader;
pub use selection::Selection;
use settings::Shown;
pub use settings::{
    AuthorRule, ContextRule, Demands, Ladders, Limit, Override, Paths, Policy, Setting, day,
};
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
    /// Value streams; of those that fit, the last counts.
    pub streams: Vec<StreamSetting>,
    /// Scores that are meant to be reached.
    pub targets: Vec<TargetSetting>,
    /// What counts for the next best action, and how much.
    pub weights: ActionWeights,
    /// Reasons that stand in no template, in the order of writing.
    pub ledger: Ledger,
    /// The built-in rules, and the team's own over them.
    pub catalogue: Catalogue,
    /// The files of the team's own rules.
    pub rule_files: Vec<Arc<Source>>,
    /// What a record needs.
    pub demands: Demands,
    /// What is accepted on each ladder, and how much the rest weighs.
    pub ladders: Ladders,
    /// The same for some paths; later ones win.
    pub overrides: Vec<Override>,
    /// Components of the map that are placed by hand; of those that fit, the last counts.
    pub hand_places: Vec<HandPlaceSetting>,
    /// The baseline that every check is measured by, as it is seen from the root; it may not be written yet.
    pub baseline: Option<PathBuf>,
    /// Files that are not looked at.
    pub exclude: Option<Paths>,
    /// Which findings are shown.
    pub selection: Selection,
    /// Values that deployments give to parameters: sets with names, in their order, or the command line's alone.
    pub deployments: Vec<Deployment>,
    /// The files that such values were read from.
    pub deployment_files: Vec<PathBuf>,
    /// The commit whose configuration counts in the place of this one.
    pub trust_base: Option<String>,
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
#[non_exhaustive]
pub struct ConfigError {
    /// Findings with codes `config/...`, in the order of the files' lines.
    pub findings: Vec<Finding>,
}

impl Config {
    /// Reads the named file, else the nearest `sfl.toml` from the host's root up to the repository's root, else nothing.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn find(host: &Arc<dyn Host>, explicit: Option<&Path>) -> Result<Self, ConfigError> {
        match explicit {
            Some(file) => Self::read(host, &host.root().join(file)),
            None => match nearest(&**host, host.root()) {
                Some(file) => Self::read(host, &file),
                None => Ok(Self::unset(host)),
            },
        }
    }

    /// What holds where no file is read; evidence stands around the working directory.
    #[must_use]
    pub fn isolated() -> Self {
        Self::default()
    }

    /// What holds on a host where no file is read.
    #[must_use]
    pub fn unset(host: &Arc<dyn Host>) -> Self {
        Self {
            tree: Tree::around(host, None),
            ..Self::default()
        }
    }

    /// Takes what the command line gives to parameters, in the place of all that the configuration gives.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn deploy(
        &mut self,
        host: &dyn Host,
        arguments: &[GivenArgument],
    ) -> Result<(), ConfigError> {
        if arguments.is_empty() {
            return Ok(());
        }
        let mut findings = Vec::new();
        let mut files = Vec::new();
        let set = deployment::arguments(host, arguments, &mut files, &mut findings);
        if !findings.is_empty() {
            return Err(ConfigError { findings });
        }
        self.deployments = vec![set];
        self.deployment_files = files;
        Ok(())
    }

    /// What counts as a fallback on a ladder in a file, and how much it weighs.
    #[must_use]
    pub fn policy(&self, path: &str, ladder: &str) -> Policy {
        let mut policy = Policy::default();
        self.ladders.apply(ladder, &mut policy);
        for one in &self.overrides {
            if one.paths.hold(path) {
                one.ladders.apply(ladder, &mut policy);
            }
        }
        policy
    }

    /// The globs of the overrides that leave a rung of a ladder without acceptance where it would have it.
    #[must_use]
    pub fn refused_below(&self, ladder: &str, rung: Rung) -> Vec<&str> {
        let refuses = |one: &&Override| {
            let mut policy = Policy {
                accept: rung,
                ..Policy::default()
            };
            one.ladders.apply(ladder, &mut policy);
            policy.accept < rung
        };
        let all = self.overrides.iter().filter(refuses);
        all.flat_map(|one| one.paths.globs()).collect()
    }

    /// Whether all that another one says but for the reasons of its ledger is what this one says.
    #[must_use]
    pub fn differs_by_ledger_only(&self, other: &Self) -> bool {
        // In the order of writing: of overrides, the last counts.
        let said = |config: &Self| {
            let settings = config.set.values();
            let settings = settings.filter(|setting| setting.key != "justifications.ledger");
            let mut said: Vec<_> = settings
                .map(|one| (one.origin.clone(), one.key.clone(), one.value.clone()))
                .collect();
            said.sort();
            let said = said.into_iter().map(|(_, key, value)| (key, value));
            said.collect::<Vec<_>>()
        };
        let rules = |config: &Self| {
            let files = config.rule_files.iter();
            let files = files.map(|file| (Arc::clone(file.name()), file.text().to_owned()));
            files.collect::<Vec<_>>()
        };
        // What overrides and given values hold is shown one by one, and not how often.
        let shape = |config: &Self| (config.overrides.len(), config.deployments.len());
        shape(self) == (0, 0)
            && shape(other) == (0, 0)
            && self.files == other.files
            && rules(self) == rules(other)
            && said(self) == said(other)
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
        let context = settings::quoted(Demands::default().context.name());
        let author = settings::quoted(Demands::default().authored_by.name());
        let mut all: BTreeMap<String, Setting> = BTreeMap::new();
        for (key, value) in [
            ("baseline", "none"),
            ("exclude", "[]"),
            ("justifications.authored-by", author.as_str()),
            ("ignore", "[]"),
            ("justifications.context", context.as_str()),
            ("justifications.furthest", "none"),
            ("justifications.ledger", "none"),
            ("justifications.minimum_length", minimum.as_str()),
            ("justifications.never", "[]"),
            ("justifications.require", "[]"),
            ("purpose", "none"),
            ("rules.folders", "[]"),
            ("select", "[]"),
            ("trust.base", "none"),
        ] {
            all.insert(key.to_owned(), default(key, value));
        }
        for (table, keys) in ActionWeights::default().tables() {
            for (name, weight) in keys {
                let key = format!("next.{table}.{name}");
                all.insert(key.clone(), default(&key, &weight.to_string()));
            }
        }
        let policy = Policy::default();
        let mut of_ladder = |name: &str, key: &str, value: &str| {
            let own = format!("ladders.{name}.{key}");
            // What is set for all is the default of each.
            let setting = match self.set.get(&format!("ladders.{key}")) {
                Some(set) => Setting {
                    key: own.clone(),
                    ..set.clone()
                },
                None => default(&own, &settings::quoted(value)),
            };
            all.insert(own, setting);
        };
        for ladder in self.catalogue.ladders() {
            of_ladder(&ladder.name, "accept", policy.accept.name());
            for rung in &Rung::ALL[1..] {
                let key = format!("severity.{}", rung.name());
                let value = policy.severity[*rung as usize].name();
                of_ladder(&ladder.name, &key, value);
            }
        }
        all.extend(self.set.clone());
        all.into_values().collect()
    }

    /// Reads a file for a run on a host.
    fn read(host: &Arc<dyn Host>, file: &Path) -> Result<Self, ConfigError> {
        let here = host.root();
        let mut findings = Vec::new();
        let mut config = Self::default();
        match text(&**host, file) {
            Ok(source) => {
                let mut chain = vec![file.to_owned()];
                let base = above(here, file.parent().unwrap_or(here));
                config.take(&**host, file, &source, &base, &mut chain, &mut findings);
            }
            Err(finding) => findings.push(*finding),
        }
        config.deployments.sort_by(|a, b| a.name.cmp(&b.name));
        purpose::dangling(&config.streams, &config.targets, &mut findings);
        config.tree = Tree::around(host, Some(file.parent().unwrap_or(here)));
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
        host: &dyn Host,
        file: &Path,
        source: &Arc<Source>,
        base: &str,
        chain: &mut Vec<PathBuf>,
        findings: &mut Vec<Finding>,
    ) {
        let files = Files::of(host, file);
        let mut reader = Reader::new(source, findings);
        let Some(root) = reader.root() else {
            return;
        };
        let keys = [
            "baseline",
            "deployment",
            "exclude",
            "extend",
            "ignore",
            "justification",
            "justifications",
            "ladders",
            "map",
            "next",
            "override",
            "purpose",
            "rules",
            "select",
            "trust",
        ];
        reader.known(&root, &keys, "sfl.toml");
        if let Some(named) = reader.string(&root, "extend") {
            let path = files.path(&named.text);
            let real = |path: &Path| host.look(path).ok().map(|found| found.real);
            let again = chain.len() >= LONGEST_CHAIN
                || chain.iter().any(|known| real(known) == real(&path));
            match files.text(&named.text) {
                Ok(_) if again => {
                    let message = format!("{} extends this file in turn", named.text);
                    reader.fault(ConfigCode::Extend, message, named.span);
                }
                Ok(other) => {
                    chain.push(path.clone());
                    let mut theirs = Vec::new();
                    self.take(host, &path, &other, base, chain, &mut theirs);
                    reader.take_all(theirs);
                    let value = settings::quoted(&named.text);
                    Shown(&mut self.set).set(&reader, "extend", value, &named);
                }
                Err(message) => reader.fault(ConfigCode::Extend, message, named.span),
            }
        }
        self.files.push(source.name().to_string());
        let mut shown = Shown(&mut self.set);
        self.catalogue = rules::read(
            &mut reader,
            &root,
            &files,
            &self.catalogue,
            &mut shown,
            &mut self.rule_files,
        );
        let purposes = Purposes {
            north_star: &mut self.purpose,
            streams: &mut self.streams,
            targets: &mut self.targets,
        };
        purpose::read(
            &mut reader,
            &root,
            base,
            &self.catalogue,
            purposes,
            &mut shown,
        );
        next_weights::read(&mut reader, &root, &mut self.weights, &mut shown);
        if let Some(named) = reader.string(&root, "baseline") {
            match files.baseline(&named.text) {
                Ok(path) => {
                    shown.set(&reader, "baseline", settings::quoted(&named.text), &named);
                    self.baseline = Some(relative(host.root(), &path).into());
                }
                Err(message) => reader.fault(ConfigCode::Value, message, named.span),
            }
        }
        if let Some(trust) = reader.table(&root, "trust") {
            reader.known(&trust, &["base"], "[trust]");
            if let Some(base) = reader.string(&trust, "base") {
                shown.set(&reader, "trust.base", settings::quoted(&base.text), &base);
                self.trust_base = Some(base.text);
            }
        }
        if let Some(paths) = settings::exclusions(&mut reader, &root, base, &mut shown) {
            self.exclude = Some(paths);
        }
        selection::read(
            &mut reader,
            &root,
            &self.catalogue,
            &mut self.selection,
            &mut shown,
        );
        let mut named = None;
        if let Some(table) = reader.table(&root, "justifications") {
            let keys = [
                "authored-by",
                "context",
                "furthest",
                "ledger",
                "minimum_length",
                "never",
                "require",
            ];
            reader.known(&table, &keys, "[justifications]");
            named = reader.string(&table, "ledger");
            settings::demands(
                &mut reader,
                &table,
                &self.catalogue,
                &mut self.demands,
                &mut shown,
            );
        }
        let ladders = settings::ladders(&mut reader, &root, &self.catalogue, "", &mut shown);
        self.ladders.take(ladders);
        self.overrides.extend(settings::overrides(
            &mut reader,
            &root,
            &self.catalogue,
            base,
            &mut shown,
        ));
        let before = self.hand_places.len();
        let places = map_places::read(&mut reader, &root, base, before, &mut shown);
        self.hand_places.extend(places);
        deployment::tables(
            &mut reader,
            &root,
            (base, &files),
            (&mut self.deployments, &mut self.deployment_files),
            &mut shown,
        );
        self.ledger
            .extend(ledger::entries(&mut reader, &root, base));
        if let Some(named) = named {
            match files.text(&named.text) {
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
fn nearest(host: &dyn Host, here: &Path) -> Option<PathBuf> {
    let top = repository(host, here).unwrap_or(here);
    let inside = here
        .ancestors()
        .take_while(|folder| folder.starts_with(top));
    // Whatever has the name counts: a device is a fault, and no reason to take the next one.
    inside
        .map(|folder| folder.join(FILE_NAME))
        .find(|file| matches!(host.look(file), Ok(found) if found.kind != FileKind::Folder))
}

pub use crate::host::door::repository;

/// Reads the configuration that was named or found as UTF-8, under the name that a person would give it from the root.
fn text(host: &dyn Host, file: &Path) -> Result<Arc<Source>, Box<Finding>> {
    let name = shown(host.root(), file);
    let read = || {
        let found = Door::new(host).named(file)?;
        // What it leads to is shown where it is at fault, so it must be what it is called.
        let is_toml = |path: &Path| path.extension().is_some_and(|ending| ending == "toml");
        if is_toml(file) && !is_toml(&found.real) {
            return Err(HostError::Renamed);
        }
        door::utf8(door::bytes(host, file, door::LARGEST_SETTING)?)
    };
    match read() {
        Ok(text) => Ok(Arc::new(Source::new(name, text))),
        Err(error) => {
            let mut finding = error.into_problem(name).into_finding();
            finding.code = Code::Config(ConfigCode::Unreadable);
            Err(Box::new(finding))
        }
    }
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

/// A path as seen from `here`, up and down again, with `/`: as a report shows what was named that way.
fn relative(here: &Path, file: &Path) -> String {
    let (here, file) = (lexical(here), lexical(file));
    let mut rest = file.components();
    let mut up = 0;
    let mut below = here.components();
    loop {
        match (rest.clone().next(), below.next()) {
            (Some(a), Some(b)) if a == b => {
                rest.next();
            }
            (_, Some(_)) => {
                up = 1 + below.count();
                break;
            }
            (_, None) => break,
        }
    }
    "../".repeat(up) + &slashes(rest.as_path())
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
