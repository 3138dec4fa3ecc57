//! The files that fixes are for, read once, and of Terraform those beside them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::folder;
use crate::base::Dialect;
use crate::host::door::{self, Door};
use crate::host::{FileKind, Host};
use crate::placement::Decision;
use crate::syntax::{self, Document};
use crate::workspace::discover;

/// The most that a template may hold.
const LARGEST: u64 = 512 << 20;

/// Texts by the paths that are shown.
#[derive(Debug, Default)]
pub struct HeldTexts(BTreeMap<Arc<str>, String>);

impl HeldTexts {
    /// What decisions stand in.
    pub fn of<'d>(decisions: impl Iterator<Item = &'d Decision>, host: &dyn Host) -> Self {
        let mut held = Self::default();
        let mut folders = Vec::new();
        for decision in decisions {
            held.add(&decision.path, host);
            let folder = folder(&decision.path);
            if decision.dialect == Dialect::Terraform && !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        for folder in folders {
            let here = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            for entry in host.list(here).unwrap_or_default() {
                let path = folder.join(&entry.name);
                if entry.kind == FileKind::File && discover::is_terraform(&path) {
                    held.add(&Arc::from(crate::host::shown(host, &path)), host);
                }
            }
        }
        held
    }

    fn add(&mut self, path: &Arc<str>, host: &dyn Host) {
        if self.0.contains_key(path) {
            return;
        }
        let file = Path::new(&**path);
        let bytes = Door::new(host)
            .named(file)
            .and_then(|_| door::bytes(host, file, LARGEST));
        // One in another encoding would not survive a change.
        let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
        self.0.extend(text.map(|text| (Arc::clone(path), text)));
    }

    /// The text of a file; nothing where it is not held.
    pub fn text(&self, path: &str) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }

    /// As `sfl check` reads them; what is not sound is left out.
    pub fn parsed(&self) -> BTreeMap<Arc<str>, Document<'_>> {
        let all = self.0.iter();
        all.filter_map(|(path, text)| Some((Arc::clone(path), parsed(path, text)?)))
            .collect()
    }

    /// Files of a folder.
    pub fn beside<'h>(&'h self, path: &'h str) -> impl Iterator<Item = (&'h Arc<str>, &'h str)> {
        let here = folder(path);
        let all = self.0.iter();
        all.filter(move |(other, _)| folder(other) == here)
            .map(|(path, text)| (path, text.as_str()))
    }
}

fn parsed<'t>(path: &str, text: &'t str) -> Option<Document<'t>> {
    if discover::is_terraform_syntax(Path::new(path)) {
        return syntax::hcl(text).strict().ok();
    }
    let first = text.trim_start_matches('\u{feff}').trim_start();
    if !first.starts_with('{') {
        return syntax::yaml(text).ok();
    }
    match syntax::json(text) {
        Ok(document) => Some(document),
        Err(_) if path.ends_with(".json") => None,
        Err(_) => syntax::yaml(text).ok(),
    }
}
