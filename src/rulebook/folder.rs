//! The files of `rules/` taken together: for the build script, and for the test that a running program compiles the same.

use toml::de::DeTable;

use super::check::Fault;
use super::compile::{Base, compile as over};
use super::file::RuleFile;
use super::form::Part;
use super::justification::{self, JustificationFile};
use super::shape;

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

/// What a map needs to know beside rungs: no ladder, and read by the build script alone.
pub const LANDSCAPE: &str = "landscape.toml";

/// What the next best action is weighed by: read by the build script alone too.
pub const ACTIONS: &str = "actions.toml";

/// What servers make somebody own: read by the build script alone too.
pub const LIABILITY: &str = "liability.toml";

/// Providers that host nothing: read by the build script alone too.
pub const HELPER_PROVIDERS: &str = "helper-providers.toml";

/// Compiles files by their names and texts.
///
/// # Errors
/// Everything that is wrong with them, a line each.
pub fn compile(texts: &[(String, String)]) -> Result<Part, String> {
    let (files, reasons) = read(texts)?;
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
/// What is wrong with the first that can't be read.
pub fn read(
    texts: &[(String, String)],
) -> Result<(Vec<(String, RuleFile)>, JustificationFile), String> {
    let mut files = Vec::new();
    let mut reasons = JustificationFile::default();
    for (name, text) in texts {
        let misread = |error: toml::de::Error| format!("{name}: {error}");
        if name.ends_with(REASONS) {
            reasons = toml::from_str(text).map_err(misread)?;
            continue;
        }
        if [LANDSCAPE, ACTIONS, LIABILITY, HELPER_PROVIDERS]
            .iter()
            .any(|other| name.ends_with(other))
        {
            continue;
        }
        let root = DeTable::parse(text).map_err(misread)?;
        let file = shape::read(text, root.get_ref()).map_err(|misfits| {
            let line = |at: usize| text.get(..at).unwrap_or_default().lines().count().max(1);
            let lines = misfits
                .iter()
                .map(|misfit| format!("{name}:{}: {}", line(misfit.place.start), misfit.message));
            lines.collect::<Vec<_>>().join("\n")
        })?;
        files.push((name.clone(), file));
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
        let mut texts = Vec::new();
        let mut folders = vec![std::path::PathBuf::from("rules")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("it is there") {
                let path = entry.expect("it is readable").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "toml") {
                    let text = std::fs::read_to_string(&path).expect("it is a text");
                    texts.push((path.display().to_string().replace('\\', "/"), text));
                }
            }
        }
        let part = super::compile(&texts).expect("nothing is wrong");
        let (records, pool) = catalogue::built_in().pieces();
        assert!(part.pieces().1 == pool);
        assert!(part.pieces().0 == records);
    }
}
