//! What one resource of a template is: a decision, a part of one, or what only the deployment uses.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::page::Page;
use crate::Options;
use crate::analysis::Analysis;
use crate::base::construct_name;
use crate::cli::check::configuration;
use crate::cli::given_values::GivenValues;
use crate::cli::named_paths;
use crate::cli::terminal;
use crate::cli::{Exit, disk, print, say};
use crate::placement::Decision;

/// Explains every resource of an address, or of a construct.
pub fn explain(address: &str, paths: &[PathBuf], config: Option<&Path>) -> Exit {
    let config = match configuration(config, false, &GivenValues::default()) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let options = Options {
        paths: paths.to_vec(),
        config,
        ..Options::on(Arc::clone(disk()))
    };
    let report = crate::check(&options, &|_, _| {});
    let style = terminal::for_stdout();
    let mut page = Page::new(&style);
    if !write(&report, address, &mut page) {
        let style = terminal::for_stderr();
        let why = named_paths::fault(&report, paths)
            .unwrap_or_else(|| format!("no hosting choice there has the address {address}"));
        say(&format!("error: {}", style.plain(&why)));
        return Exit::Failed;
    }
    print(|out| out.write_all(page.done().as_bytes()), style.color)
}

/// Whether there was anything to say.
fn write(report: &Analysis, address: &str, page: &mut Page<'_>) -> bool {
    let construct = construct_name(address);
    let is_it = |own: &str, name: &str| own == address || name == construct;
    let mut found = false;
    for decision in &report.decisions {
        let members = decision.members.iter().zip(&decision.shown_members);
        if is_it(&decision.address, decision.name()) {
            found = true;
            choice(decision, page);
        } else if let Some((_, member)) = members.into_iter().find(|(own, name)| is_it(own, name)) {
            found = true;
            page.title(&format!("{member} belongs to {}", decision.name()));
            page.prose(&format!(
                "It is no hosting choice of its own, in {}.",
                decision.path
            ));
        }
    }
    for helper in &report.machinery {
        let name = helper.construct.as_deref().unwrap_or(&helper.address);
        if is_it(&helper.address, name) {
            found = true;
            page.title(&format!("{name} is deployment machinery: {}", helper.why));
            page.prose(&format!(
                "It is a {} in {}. Nobody chose where the product runs by it, so it is no hosting choice and counts nowhere.",
                helper.kind, helper.path
            ));
        }
    }
    found
}

fn choice(decision: &Decision, page: &mut Page<'_>) {
    page.title(&format!(
        "{} {}: rung {} of 4 on the {} ladder",
        decision.name(),
        decision.says().unwrap_or("is a hosting choice"),
        decision.rung.number(),
        decision.ladder().title
    ));
    let (path, start, _) = decision.place();
    page.prose(&format!(
        "It is the {} {} in {path}:{}.",
        decision.kind, decision.address, start.line
    ));
    page.entry("members", &[&decision.shown_members.join(", ")]);
    page.entry("not sure", &[&decision.doubts.join("; ")]);
    let reachable = decision.reachable.iter();
    let reachable = reachable.map(|one| format!("{} when {}", one.rung.name(), one.when));
    page.entry("reachable", &[&reachable.collect::<Vec<_>>().join("; ")]);
    let ends = decision.lifecycle();
    let ends = ends.map(|(entry, _)| entry.in_a_line());
    page.entry("what ends", &ends.collect::<Vec<_>>());
    page.entry("more", &[&format!("sfl explain {}", decision.rule.name)]);
}
