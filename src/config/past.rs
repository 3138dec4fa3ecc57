//! The ledger as it was at another commit, faults and all left aside.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::reader::Reader;
use super::{FILE_NAME, Ledger, above, ledger, shown};
use crate::base::source::Source;
use crate::host::{Host, door};

/// The entries that stood in the named file, else in the nearest `sfl.toml`, and in the ledger that it named. `host` has the
/// files of the repository at that commit, and no others.
#[must_use]
pub fn ledger(host: &dyn Host, explicit: Option<&Path>) -> Ledger {
    let here = host.root();
    let candidates: Vec<PathBuf> = match explicit {
        Some(file) => vec![here.join(file)],
        None => here
            .ancestors()
            .map(|folder| folder.join(FILE_NAME))
            .collect(),
    };
    let text = |file: &Path| {
        let bytes = door::bytes(host, file, door::LARGEST_SETTING).ok()?;
        let name = shown(here, file);
        Some(Arc::new(Source::new(name, door::utf8(bytes).ok()?)))
    };
    let found = candidates.iter().find_map(|file| Some((file, text(file)?)));
    let Some((file, source)) = found else {
        return Ledger::default();
    };
    let folder = file.parent().unwrap_or(here);
    let base = above(here, folder);
    let mut faults = Vec::new();
    let mut reader = Reader::new(&source, &mut faults);
    let Some(root) = reader.root() else {
        return Ledger::default();
    };
    let settings = reader.table(&root, "justifications");
    let named = settings.and_then(|settings| reader.string(&settings, "ledger"));
    let mut entries = ledger::entries(&mut reader, &root, &base);
    if let Some(source) = named.and_then(|named| text(&folder.join(named.text))) {
        entries.extend(ledger::read(&source, &base, &mut faults));
    }
    entries.into()
}
