//! Where a new entry of the ledger goes: into the ledger that the configuration names, else into the configuration itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::reader::Reader;
use super::{FILE_NAME, Ledger, LedgerEntry, above, ledger, nearest, repository, shown, text};
use crate::base::source::Source;
use crate::host::Host;

/// A file that holds or will hold `[[justification]]` tables.
#[derive(Debug)]
pub struct Home {
    /// The file, which may not be there yet.
    pub file: PathBuf,
    /// The configuration itself, which may not be there yet either.
    pub config: PathBuf,
    /// Its name, as findings show it.
    name: String,
    /// What leads from the configuration down to the working directory.
    base: String,
}

impl Home {
    /// For the configuration in force; where there is none, the one to come at the repository's root.
    #[must_use]
    pub fn find(host: &dyn Host, explicit: Option<&Path>) -> Self {
        let here = host.root();
        let explicit = explicit.map(|file| here.join(file));
        let config = explicit
            .or_else(|| nearest(host, here))
            .unwrap_or_else(|| repository(host, here).unwrap_or(here).join(FILE_NAME));
        let folder = config.parent().unwrap_or(here);
        let file = named(host, &config).map_or_else(|| config.clone(), |name| folder.join(name));
        Self {
            base: above(here, folder),
            name: shown(here, &file),
            file,
            config,
        }
    }

    /// A path as it is shown, as the ledger's globs see it.
    #[must_use]
    pub fn path(&self, shown: &str) -> String {
        ledger::from_base(&self.base, shown)
    }

    /// The entries that a ledger of this text would have, in the place of those that it has.
    #[must_use]
    pub fn entries(&self, text: &str, present: Ledger) -> Ledger {
        let source = Arc::new(Source::new(self.name.clone(), text.to_owned()));
        let others = present
            .into_iter()
            .filter(|entry| **entry.source.name() != *self.name);
        let mut entries: Vec<LedgerEntry> = others.collect();
        let mut findings = Vec::new();
        let mut reader = Reader::new(&source, &mut findings);
        if let Some(root) = reader.root() {
            entries.extend(ledger::entries(&mut reader, &root, &self.base));
        }
        entries.into()
    }
}

/// The ledger that a configuration names.
fn named(host: &dyn Host, config: &Path) -> Option<String> {
    let source = text(host, config).ok()?;
    let mut findings = Vec::new();
    let mut reader = Reader::new(&source, &mut findings);
    let root = reader.root()?;
    let settings = reader.table(&root, "justifications")?;
    Some(reader.string(&settings, "ledger")?.text)
}
