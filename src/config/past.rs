//! The ledger as it was at another commit: read from texts that somebody hands out, faults and all left aside.

use std::path::Path;
use std::sync::Arc;
use std::{env, path::PathBuf};

use super::reader::Reader;
use super::{FILE_NAME, LedgerEntry, above, ledger, repository, shown};
use crate::base::source::Source;

/// The entries that stood in the named file, else in the nearest `sfl.toml`, and in the ledger that it named.
#[must_use]
pub fn ledger(
    explicit: Option<&Path>,
    read: &mut dyn FnMut(&Path) -> Option<Vec<u8>>,
) -> Vec<LedgerEntry> {
    let here = env::current_dir().unwrap_or_default();
    let top = repository(&here).unwrap_or(&here);
    let candidates: Vec<PathBuf> = match explicit {
        Some(file) => vec![here.join(file)],
        None => here
            .ancestors()
            .take_while(|folder| folder.starts_with(top))
            .map(|folder| folder.join(FILE_NAME))
            .collect(),
    };
    let mut text = |file: &Path| {
        let text = String::from_utf8(read(file)?).ok()?;
        Some(Arc::new(Source::new(shown(&here, file), text)))
    };
    let found = candidates.iter().find_map(|file| Some((file, text(file)?)));
    let Some((file, source)) = found else {
        return Vec::new();
    };
    let folder = file.parent().unwrap_or(&here);
    let base = above(&here, folder);
    let mut faults = Vec::new();
    let mut reader = Reader::new(&source, &mut faults);
    let Some(root) = reader.root() else {
        return Vec::new();
    };
    let settings = reader.table(&root, "justifications");
    let named = settings.and_then(|settings| reader.string(&settings, "ledger"));
    let mut entries = ledger::entries(&mut reader, &root, &base);
    if let Some(source) = named.and_then(|named| text(&folder.join(named.text))) {
        entries.extend(ledger::read(&source, &base, &mut faults));
    }
    entries
}
