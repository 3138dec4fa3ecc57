//! What is said of templates that are out of sight.

use super::{Behind, Cause, OutOfSight};
use crate::analysis::summary::count;
use crate::base::finding::{Finding, Severity};
use crate::host::Host;
use crate::host::walk::Barrier;
use crate::workspace::out_of_sight;

/// What is said of templates behind one barrier: an error for each that the change hides; of what was out of sight before, one note.
pub(super) fn told(behind: &Behind, all: Vec<OutOfSight>, host: &dyn Host) -> Vec<Finding> {
    if behind.is_news {
        let each = all.into_iter().map(|one| {
            let message = format!(
                "{}: {}",
                why(&behind.cause, &one),
                counted_nowhere(one.held)
            );
            out_of_sight::finding(message, out_of_sight::source(host, one.path))
        });
        return each.collect();
    }
    let held: usize = all.iter().map(|one| one.held).sum();
    let more = match all.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let first = all.into_iter().next().map(|first| {
        let why = why(&behind.cause, &first);
        let message = format!("as before, {why}{more}: {}", counted_nowhere(held));
        Finding {
            severity: Severity::Note,
            ..out_of_sight::finding(message, out_of_sight::source(host, first.path))
        }
    });
    first.into_iter().collect()
}

fn counted_nowhere(held: usize) -> String {
    match held {
        0 => "what it holds is counted nowhere".to_owned(),
        1 => "its decision is counted nowhere".to_owned(),
        more => format!("{} are counted nowhere", count(more, "decision")),
    }
}

/// What keeps a template from being read.
fn why(cause: &Cause, one: &OutOfSight) -> String {
    let path = &one.path;
    let put = match one.does {
        Some("moves") => "where this change moves a template",
        Some("changes") => "where this change has a template",
        Some(_) => "where this change adds a template",
        None => "where this template is",
    };
    let this = match one.does {
        Some(does) => format!("this template, which the change {does}"),
        None => "this template now".to_owned(),
    };
    match cause {
        Cause::Walk(Barrier::LeftOut(at)) if at.to_string_lossy() == **path => {
            format!("a file with a name like this is not looked at, {put}")
        }
        Cause::Walk(Barrier::LeftOut(at)) => {
            let at = at.to_string_lossy().replace('\\', "/");
            format!("nothing is looked for in {at}, {put}")
        }
        Cause::Walk(Barrier::Ignored(_, by)) => format!("{by} hides {this}"),
        Cause::Configuration => format!("sfl.toml excludes {this}"),
        Cause::Name => format!(
            "this change {} a template under a name that no template has",
            one.does.unwrap_or("keeps")
        ),
        Cause::Size => format!(
            "this change {} a template that is too large to be read",
            one.does.unwrap_or("keeps")
        ),
    }
}
