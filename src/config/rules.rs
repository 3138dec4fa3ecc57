//! `[rules]`: folders with a team's own rule files, each read with the place of every word.

use std::sync::Arc;

use toml::de::DeTable;

use super::files::Files;
use super::reader::{Reader, span};
use super::settings::{self, Shown};
use crate::base::ConfigCode;
use crate::base::finding::Finding;
use crate::base::source::Source;
use crate::rulebook::Catalogue;
use crate::rulebook::file::RuleFile;
use crate::rulebook::shape::{self, Misfit, MisfitKind};

/// The catalogue with the rules of the folders that `[rules]` names over it.
pub fn read(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    files: &Files<'_>,
    catalogue: &Catalogue,
    shown: &mut Shown<'_>,
    own: &mut Vec<Arc<Source>>,
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
        match files.rules(&named.text) {
            Ok(found) => sources.extend(found),
            Err(message) => reader.fault(ConfigCode::Folder, message, named.span),
        }
    }
    let mut findings = Vec::new();
    let over = self::over(&sources, catalogue, &mut findings);
    reader.take_all(findings);
    own.extend(sources);
    over.unwrap_or_else(|| catalogue.clone())
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
            reader.fault(ConfigCode::Rule, fault.message, span(place));
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
        MisfitKind::UnknownKey => ConfigCode::UnknownKey,
        MisfitKind::MissingKey => ConfigCode::MissingKey,
        MisfitKind::Value => ConfigCode::Value,
        MisfitKind::Type => ConfigCode::Type,
    };
    reader.fault(code, misfit.message, span(misfit.place));
    if let Some((found, valid)) = misfit.instead {
        reader.offer(&found, &valid);
    }
}
