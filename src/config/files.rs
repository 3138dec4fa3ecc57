//! The files that a configuration names: ledgers, other configurations, rules. Only inside of the working tree, and only TOML:
//! what is wrong in them is shown, line by line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::relative;
use crate::base::source::Source;
use crate::host::door::{self, Door};
use crate::host::{FileKind, Host, HostError, lexical};

/// Rule files of one configuration.
const MOST: usize = 1_000;

/// Endings of files that give values to parameters.
const OF_VALUES: [&str; 5] = ["json", "yaml", "yml", "toml", "tfvars"];

/// What the files of one configuration are seen from.
pub struct Files<'h> {
    host: &'h dyn Host,
    folder: PathBuf,
    inside: PathBuf,
}

impl<'h> Files<'h> {
    /// Of a configuration.
    pub fn of(host: &'h dyn Host, file: &Path) -> Self {
        let folder = file.parent().unwrap_or(host.root());
        let inside = door::repository(host, folder).unwrap_or(folder);
        Self {
            host,
            folder: folder.to_owned(),
            inside: inside.to_owned(),
        }
    }

    /// Where a named file stands.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What holds them.
    pub fn host(&self) -> &'h dyn Host {
        self.host
    }

    /// A file that gives values to parameters.
    pub fn values(&self, name: &str) -> Result<Arc<Source>, String> {
        let path = self.path(name);
        let found = self.admit(name, &path)?;
        if found.kind == FileKind::Folder {
            return Err(format!("{name}: it is a folder"));
        }
        let ending = found.real.extension().and_then(|ending| ending.to_str());
        if !ending.is_some_and(|ending| OF_VALUES.contains(&ending)) {
            return Err(format!(
                "{name} gives no values: its name must end with `.{}`",
                OF_VALUES.join("`, `.")
            ));
        }
        let text = door::bytes(self.host, &path, door::LARGEST_SETTING).and_then(door::utf8);
        let text = text.map_err(|error| format!("{name}: {error}"))?;
        let name = relative(self.host.root(), &path);
        Ok(Arc::new(Source::new(name, text)))
    }

    /// A baseline, which may not be written yet. Its name ends as it does so that no other file is taken for one.
    pub fn baseline(&self, name: &str) -> Result<PathBuf, String> {
        if name.trim().is_empty() {
            return Err(
                "an empty text names no baseline: write the name of a file that ends with `.json`, or leave the key out"
                    .to_owned(),
            );
        }
        let path = self.path(name);
        let is_json = |path: &Path| path.extension().is_some_and(|ending| ending == "json");
        let no_baseline = || format!("{name} is not a baseline: its name must end with `.json`");
        if !is_json(&path) {
            return Err(no_baseline());
        }
        match Door::new(self.host).inside(&path, &self.inside) {
            Ok(found) if found.kind == FileKind::Folder => Err(format!("{name}: it is a folder")),
            Ok(found) if !is_json(&found.real) => Err(no_baseline()),
            Ok(_) => Ok(path),
            Err(HostError::Missing) if lexical(&path).starts_with(lexical(&self.inside)) => {
                Ok(path)
            }
            Err(HostError::Missing | HostError::Outside) => {
                Err(format!("{name} is outside the working tree"))
            }
            Err(error) => Err(format!("{name}: {error}")),
        }
    }

    pub fn text(&self, name: &str) -> Result<Arc<Source>, String> {
        let path = self.path(name);
        let found = self.admit(name, &path)?;
        if found.kind == FileKind::Folder {
            return Err(format!("{name}: it is a folder"));
        }
        if found.real.extension().is_none_or(|ending| ending != "toml") {
            return Err(format!(
                "{name} is not a TOML file: its name must end with `.toml`"
            ));
        }
        let text = door::bytes(self.host, &path, door::LARGEST_SETTING).and_then(door::utf8);
        let text = text.map_err(|error| format!("{name}: {error}"))?;
        let name = relative(self.host.root(), &path);
        Ok(Arc::new(Source::new(name, text)))
    }

    /// The rule files of a folder and of those below it, by name.
    pub fn rules(&self, name: &str) -> Result<Vec<Arc<Source>>, String> {
        if self.admit(name, &self.path(name))?.kind != FileKind::Folder {
            return Err(format!("{name} is not a folder"));
        }
        let mut files = Vec::new();
        let mut folders = vec![PathBuf::from(name)];
        while let Some(folder) = folders.pop() {
            let entries = self.host.list(&self.folder.join(&folder));
            for entry in entries.map_err(|error| format!("{}: {error}", folder.display()))? {
                let below = folder.join(entry.name);
                if entry.kind == FileKind::Folder {
                    folders.push(below);
                } else if below.extension().is_some_and(|ending| ending == "toml") {
                    files.push(below);
                }
            }
            if files.len() > MOST || folders.len() > MOST {
                return Err(format!(
                    "{name} holds more than {MOST} rule files or folders"
                ));
            }
        }
        files.sort();
        if files.is_empty() {
            return Err(format!("{name} holds no rule file (*.toml)"));
        }
        let files = files.iter();
        files
            .map(|file| self.text(&file.to_string_lossy()))
            .collect()
    }

    fn admit(&self, name: &str, path: &Path) -> Result<crate::host::PathTarget, String> {
        let found = Door::new(self.host).inside(path, &self.inside);
        found.map_err(|error| match error {
            HostError::Outside => format!("{name} is outside the working tree"),
            error => format!("{name}: {error}"),
        })
    }
}
