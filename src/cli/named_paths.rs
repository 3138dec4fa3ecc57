//! What is wrong with the paths that a call names, where nothing was found in them: whoever mistypes one is not to look for the mistake elsewhere.

use std::path::{Path, PathBuf};

use super::disk;
use crate::analysis::Analysis;
use crate::host::shown;

/// The first named path that could not be read; else, where nothing was read at all, that there is no template.
pub fn fault(report: &Analysis, paths: &[PathBuf]) -> Option<String> {
    let names: Vec<String> = paths.iter().map(|path| shown(&**disk(), path)).collect();
    let mut unread = report.findings.iter();
    let unread = unread.find(|finding| {
        let path = &**finding.path();
        finding.code.is_about_input()
            && (names.iter().any(|name| name == path)
                || paths.iter().any(|one| one == Path::new(path)))
    });
    if let Some(finding) = unread {
        return Some(format!("{}: {}", finding.path(), finding.message));
    }
    let nothing = report.read.is_empty() && !report.findings.iter().any(|one| one.is_fault());
    nothing.then(|| match names.as_slice() {
        [name] if !name.is_empty() && name != "." => format!("{name}: there is no template in it"),
        names if names.len() > 1 => format!("there is no template in {}", names.join(", ")),
        _ => "there is no template here".to_owned(),
    })
}
