//! `baseline = "..."` in `sfl.toml`: made in memory, read back, and stored whole or not at all.

use std::path::Path;
use std::sync::Arc;

use super::disk;
use super::file_change::FileChange;
use crate::base::file_paths::{lexical, seen_from, slashed};
use crate::config::{Config, Home};
use crate::edit;
use crate::host::door::{self, Door};
use crate::host::{Buffers, Host, HostError, shown};

/// What is to be written, and where.
pub struct BaselineSetting {
    /// The line.
    pub key: String,
    pub change: FileChange,
}

/// Names a baseline in the configuration in force; where there is none, in one to come.
pub fn prepare(baseline: &Path, config: Option<&Path>) -> Result<BaselineSetting, String> {
    let host = &**disk();
    let file = Home::find(host, config).config;
    let called = shown(host, &file);
    let found = Door::new(host).named(&file);
    let bytes = match found.and_then(|_| door::bytes(host, &file, door::LARGEST_SETTING)) {
        Ok(bytes) => Some(bytes),
        Err(HostError::Missing) => None,
        Err(error) => return Err(format!("{called}: {error}")),
    };
    let before = String::from_utf8(bytes.clone().unwrap_or_default())
        .map_err(|_| format!("{called}: it is not UTF-8"))?;
    let wanted = lexical(&host.root().join(baseline));
    let folder = lexical(file.parent().unwrap_or(host.root()));
    let name = slashed(&seen_from(&folder, &wanted));
    let edit = edit::name_baseline(&before, &name);
    let key = edit.text.trim().to_owned();
    let after = edit::apply(&before, &[edit]);
    let buffers = Buffers::over(Arc::clone(disk()));
    buffers.set(&file, &*after);
    let buffers: Arc<dyn Host> = Arc::new(buffers);
    let read = Config::find(&buffers, Some(&file)).map_err(|error| {
        let first = error.findings.first();
        let why = first.map_or("it is faulty", |finding| &finding.message);
        format!("{called}: `{key}` can't be written there: {why}")
    })?;
    let is_read = read
        .baseline
        .is_some_and(|path| lexical(&host.root().join(path)) == wanted);
    if !is_read {
        return Err(format!("{called}: write `{key}` above its first table"));
    }
    let change = FileChange::of_text(file, called, bytes, before, after);
    Ok(BaselineSetting { key, change })
}
