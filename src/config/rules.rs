//! `[rules]`: folders with a team's own rule files, each read with the place of every word.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;

use super::ledger;
use super::reader::{Reader, Word, span};
use super::settings::{self, Shown};
use crate::base::finding::Finding;
use crate::base::source::Source;
use crate::rulebook::Catalogue;
use crate::rulebook::file::RuleFile;
use crate::rulebook::shape::{self, Misfit, MisfitKind};

/// The catalogue with the rules of the folders that `[rules]` names over it.
pub fn read(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    (here, folder, inside): (&Path, &Path, &Path),
    catalogue: &Catalogue,
    shown: &mut Shown<'_>,
) -> Catalogue {
    let Some(table) = reader.table(root, "rules") else {
        return catalogue.clone();
    };
    reader.known(&table, &["folders"], "[rules]");
    let mut sources = Vec::new();
    let folders = reader.strings(&table, "folders").unwrap_or_default();
    if let Some(first) = folders.first() {
        shown.set(reader, "rules.folders", settings::list(&folders), first);
    }
    for named in folders {
        match open(here, folder, inside, &named) {
            Ok(found) => sources.extend(found),
            Err(message) => reader.fault("config/folder", message, named.span),
        }
    }
    let mut findings = Vec::new();
    let over = self::over(&sources, catalogue, &mut findings);
    reader.take_all(findings);
    over.unwrap_or_else(|| catalogue.clone())
}

/// The rule files of a folder and of those below it, by name.
fn open(
    here: &Path,
    folder: &Path,
    inside: &Path,
    named: &Word,
) -> Result<Vec<Arc<Source>>, String> {
    let top = folder.join(&named.text);
    let real = top
        .canonicalize()
        .map_err(|error| format!("{}: {}", named.text, crate::base::finding::reason(&error)))?;
    if !real.is_dir() {
        return Err(format!("{} is no folder", named.text));
    }
    let inside_of = inside.canonicalize();
    if !inside_of.is_ok_and(|inside| real.starts_with(inside)) {
        return Err(format!("{} stands outside of the working tree", named.text));
    }
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(&named.text)];
    while let Some(name) = folders.pop() {
        let shown = |error| {
            format!(
                "{}: {}",
                name.display(),
                crate::base::finding::reason(&error)
            )
        };
        for entry in fs::read_dir(folder.join(&name)).map_err(shown)? {
            let entry = entry.map_err(shown)?;
            let below = name.join(entry.file_name());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(below);
            } else if below.extension().is_some_and(|ending| ending == "toml") {
                files.push(below);
            }
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(format!("{} holds no rule file (*.toml)", named.text));
    }
    let files = files.iter();
    files
        .map(|file| ledger::file(here, folder, inside, &file.to_string_lossy()))
        .collect()
}

/// A catalogue with rule files over another one; nothing where one of them is at fault.
pub fn over(
    sources: &[Arc<Source>],
    catalogue: &Catalogue,
    findings: &mut Vec<Finding>,
) -> Option<Catalogue> {
    let mut files = Vec::new();
    for source in sources {
        files.extend(file(source, findings).map(|file| (source.name().to_string(), file)));
    }
    // What a file that can't be read would have said is not missing from the others.
    if files.len() < sources.len() || !findings.is_empty() || files.is_empty() {
        return None;
    }
    let faults = match catalogue.over(&files) {
        Ok(catalogue) => return Some(catalogue),
        Err(faults) => faults,
    };
    for fault in faults {
        let mut reader = Reader::new(&sources[fault.file], findings);
        if let Some(root) = reader.root() {
            let place = shape::place(&root, &fault.at);
            reader.fault("config/rule", fault.message, span(place));
        }
    }
    None
}

/// One file, if every key and value of it is of the right shape.
fn file(source: &Arc<Source>, findings: &mut Vec<Finding>) -> Option<RuleFile> {
    let mut reader = Reader::new(source, findings);
    let root = reader.root()?;
    match shape::read(source.text(), &root) {
        Ok(file) => Some(file),
        Err(misfits) => {
            for misfit in misfits {
                say(&mut reader, misfit);
            }
            None
        }
    }
}

/// Says what does not fit, and what would.
fn say(reader: &mut Reader<'_>, misfit: Misfit) {
    let code = match misfit.kind {
        MisfitKind::UnknownKey => "config/unknown-key",
        MisfitKind::MissingKey => "config/missing-key",
        MisfitKind::Value => "config/value",
        MisfitKind::Type => "config/type",
    };
    reader.fault(code, misfit.message, span(misfit.place));
    if let Some((found, valid)) = misfit.instead {
        reader.offer(&found, &valid);
    }
}
