//! `sfl.toml`: found, read with the place of every word, and checked as a whole. What is wrong is said all at once.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::{env, fs, io};

use crate::finding::{Finding, Problem};
use crate::ladder::Catalogue;
use crate::source::Source;

mod home;
mod ledger;
pub mod past;
mod reader;
mod rules;

pub use home::Home;
pub use ledger::LedgerEntry;
use reader::Reader;

/// The name of the file.
pub const FILE_NAME: &str = "sfl.toml";

/// What a team has set.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Reasons that stand in no template, in the order of writing.
    pub ledger: Vec<LedgerEntry>,
    /// The built-in rules, and the team's own over them.
    pub catalogue: &'static Catalogue,
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

    /// Reads a file for a run in the folder `here`.
    fn read(here: &Path, file: &Path) -> Result<Self, ConfigError> {
        let mut findings = Vec::new();
        let mut config = Self::default();
        let folder = file.parent().unwrap_or(here);
        match text(here, file) {
            Ok(source) => {
                let mut reader = Reader::new(&source, &mut findings);
                let base = above(here, folder);
                let inside = repository(folder).unwrap_or(folder);
                let places = (here, folder, inside);
                if let Some(named) = config.fill(&mut reader, &base, places) {
                    match ledger::file(here, folder, inside, &named.text) {
                        Ok(ledger) => {
                            config
                                .ledger
                                .extend(ledger::read(&ledger, &base, &mut findings))
                        }
                        Err(message) => reader.fault("config/ledger", message, named.span),
                    }
                }
            }
            Err(finding) => findings.push(*finding),
        }
        findings.sort_by_key(|finding| (Arc::clone(finding.path()), finding.span));
        if findings.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError { findings })
        }
    }

    /// Takes what the file says; hands back the ledger that it names.
    fn fill(
        &mut self,
        reader: &mut Reader<'_>,
        base: &str,
        places: (&Path, &Path, &Path),
    ) -> Option<reader::Word> {
        let root = reader.root()?;
        reader.known(
            &root,
            &["justification", "justifications", "rules"],
            "sfl.toml",
        );
        self.catalogue = rules::read(reader, &root, places, self.catalogue);
        let mut named = None;
        if let Some(settings) = reader.table(&root, "justifications") {
            reader.known(&settings, &["ledger"], "[justifications]");
            named = reader.string(&settings, "ledger");
        }
        self.ledger = ledger::entries(reader, &root, base);
        named
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

/// The folder that holds `.git`.
fn repository(here: &Path) -> Option<&Path> {
    here.ancestors().find(|folder| folder.join(".git").exists())
}

/// Reads a file as UTF-8, under the name that a person would give it from `here`.
fn text(here: &Path, file: &Path) -> Result<Arc<Source>, Box<Finding>> {
    let name = shown(here, file);
    let unreadable = |error: io::Error| {
        let problem = Problem::Unreadable {
            path: name.clone(),
            message: reason(&error),
        };
        let mut finding = problem.into_finding();
        finding.code = "config/unreadable".to_owned();
        Box::new(finding)
    };
    let bytes = fs::read(file).map_err(unreadable)?;
    let text =
        String::from_utf8(bytes).map_err(|_| unreadable(io::Error::other("it is not UTF-8")))?;
    Ok(Arc::new(Source::new(name.clone(), text)))
}

/// What the system said, without its number.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
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
