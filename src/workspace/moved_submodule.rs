//! What is said of submodules that a change brings in or moves: another repository has a history of its own, and nobody compares it here.

use std::path::Path;
use std::sync::Arc;

use super::Options;
use super::since::Submodules;
use crate::analysis::Analysis;
use crate::analysis::summary::count;
use crate::base::finding::{Finding, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, TemplateCode};
use crate::host::Host;
use crate::host::commit::Commit;
use crate::host::shown;

/// Of one that the change moves to another commit: `held` is what stands in it now. It is worth a warning where any of that lacks a reason.
pub fn finding(folder: &str, held: &Analysis, host: &dyn Host) -> Finding {
    let open = held
        .decisions
        .iter()
        .filter(|one| one.is_counted && one.is_open());
    let open = open.count();
    let counted = held.decisions.iter().filter(|one| one.is_counted).count();
    let decisions = count(counted, "decision");
    let what = match open {
        0 => format!("{decisions} in it, and none lacks a reason"),
        1 => format!("{decisions} in it, and 1 lacks a reason"),
        more => format!("{decisions} in it, and {more} lack a reason"),
    };
    let message = format!(
        "this change moves the submodule {folder} to another commit, and what it held before is not compared here: {what}"
    );
    let severity = match open + held.unreadable {
        0 => Severity::Note,
        _ => Severity::Warning,
    };
    said(severity, message, shown(host, Path::new(folder)))
}

/// Of those that are not checked out: nobody knows what is in them.
pub fn empty(submodules: &Submodules, commit: &Commit, options: &Options) -> Vec<Finding> {
    let host = &*options.host;
    let all = submodules.added.iter().map(|place| (place, "adds"));
    let all = all.chain(submodules.moved.iter().map(|place| (place, "moves")));
    let all = all.filter_map(|(place, does)| {
        let path = commit.local(place);
        let name = shown(host, &path);
        let mut roots = options.paths.iter();
        let is_asked = roots.any(|root| {
            let root = host.look(root).map(|found| found.real);
            root.is_ok_and(|root| commit.top().join(place).starts_with(root))
        });
        let is_there = host.look(&path.join(".git")).is_ok();
        if !is_asked || is_there || options.excludes(&name) {
            return None;
        }
        let message = format!(
            "this change {does} the submodule {name}, which is not checked out: what is in it is judged nowhere (`git submodule update --init`; in a workflow: `submodules: true` for actions/checkout)"
        );
        Some(said(Severity::Note, message, name))
    });
    all.collect()
}

fn said(severity: Severity, message: String, folder: String) -> Finding {
    let code = Code::Template(TemplateCode::Hidden);
    let source = Arc::new(Source::new(folder, String::new()));
    Finding::new(code, severity, message, source, Span::default())
}
