//! The folder `rules/`, read and compiled: for the build script, and for the test that a running program would compile the same.

use std::fs;
use std::path::PathBuf;

use super::check::Fault;
use super::compile::{Base, compile as over};
use super::file::RuleFile;
use super::form::Part;
use super::justification::{self, JustificationFile};

/// The ladders in the order in which they are shown.
const ORDER: [&str; 16] = [
    "compute",
    "relational",
    "nosql",
    "cache",
    "search",
    "messaging",
    "streaming",
    "workflow",
    "storage",
    "analytics",
    "ml",
    "ingress",
    "identity",
    "build",
    "data-movement",
    "desktop",
];

/// Kinds of reasons, which are no ladder.
const REASONS: &str = "justifications.toml";

/// Compiles every file of a folder and of those below it.
///
/// # Errors
/// Everything that is wrong with them, a line each.
pub fn compile(folder: &str) -> Result<Part, String> {
    let (files, reasons) = read(folder)?;
    let reasons = |base: &Base| {
        justification::compile(&reasons, base).map_err(|messages| {
            let fault = |message| Fault {
                file: usize::MAX,
                at: Vec::new(),
                message,
            };
            messages.into_iter().map(fault).collect()
        })
    };
    over(&files, &Base::default(), Some(&reasons)).map_err(|faults| {
        let lines = faults.iter().map(|fault| {
            let file = files.get(fault.file).map_or(REASONS, |(name, _)| name);
            format!("{file}: {}", fault.message)
        });
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// The rule files, in the order of the catalogue, and the kinds of reasons.
///
/// # Errors
/// The first that can't be read.
pub fn read(folder: &str) -> Result<(Vec<(String, RuleFile)>, JustificationFile), String> {
    let mut files = Vec::new();
    let mut reasons = JustificationFile::default();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(below) = folders.pop() {
        let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", below.display());
        for entry in fs::read_dir(&below).map_err(|error| fault(&error))? {
            let path = entry.map_err(|error| fault(&error))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let name = path.display().to_string().replace('\\', "/");
            let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
            let misread = |error: toml::de::Error| format!("{name}: {error}");
            if path.ends_with(REASONS) {
                reasons = toml::from_str(&text).map_err(misread)?;
            } else {
                let file = toml::from_str(&text).map_err(misread)?;
                files.push((name, file));
            }
        }
    }
    files.sort_by_key(|(name, file): &(String, RuleFile)| {
        let mut known = ORDER.iter().map(|known| Some(*known));
        let known = known.position(|known| known == file.ladder_name());
        (
            known.unwrap_or(ORDER.len()),
            file.extends.is_some(),
            name.clone(),
        )
    });
    Ok((files, reasons))
}

#[cfg(test)]
mod tests {
    use crate::rulebook::catalogue;

    #[test]
    fn what_is_compiled_while_running_is_what_the_build_script_wrote() {
        let part = super::compile("rules").expect("nothing is wrong");
        let (records, pool) = catalogue::built_in().pieces();
        assert!(part.pieces().1 == pool);
        assert!(part.pieces().0 == records);
    }
}
