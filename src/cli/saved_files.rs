//! Files in which reports were saved, to be compared.

use std::path::{Path, PathBuf};

use super::disk;
use crate::compare::saved_report::{self, SavedReport};
use crate::config::Config;
use crate::host::door;

/// The largest report that is read.
pub const LARGEST: u64 = 512 << 20;

/// Which files are compared.
#[derive(Clone, Debug)]
pub struct SavedFiles {
    /// What was.
    pub old: PathBuf,
    /// What is; nothing where that is checked now.
    pub new: Option<PathBuf>,
}

/// What they hold.
#[derive(Debug)]
pub struct SavedPair {
    pub old: SavedReport,
    pub new: Option<SavedReport>,
    /// Both files: no report is written over them.
    pub files: Vec<PathBuf>,
}

impl SavedFiles {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn read(self, config: &Config) -> Result<SavedPair, String> {
        let read = |file: &Path| {
            let name = file.display().to_string();
            let text = text(file).map_err(|why| format!("{name}: {why}"))?;
            SavedReport::read(&name, &text, &config.catalogue)
                .map_err(|why| format!("{name}: {why}"))
        };
        let mut old = read(&self.old)?;
        old.remember_known();
        let new = self.new.as_deref().map(read).transpose()?;
        Ok(SavedPair {
            old,
            new,
            files: self.new.into_iter().chain([self.old]).collect(),
        })
    }
}

/// Whether a file holds a report that was saved; what cannot be read holds none.
pub fn is_report(file: &Path) -> bool {
    file.is_file() && text(file).is_ok_and(|text| saved_report::is_one(&text))
}

fn text(file: &Path) -> Result<String, String> {
    door::bytes(&**disk(), file, LARGEST)
        .and_then(door::utf8)
        .map_err(|error| error.to_string())
}
