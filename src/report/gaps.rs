//! What was not read, in words: the same in every format. What hosting choices may be missing for want of is a sentence each, with
//! names and what to do; what somebody chose to leave out is only counted, unless nothing else was read.

use std::collections::BTreeSet;

use super::visible;
use crate::analysis::local_calls::folder;
use crate::analysis::summary::count;
use crate::analysis::unread::{BY_CALL, UnreadGroup};
use crate::analysis::{Analysis, UnreadItem, UnreadKind};

/// Names in a sentence.
const NAMED: usize = 3;

/// `2 files of Terragrunt not read: terragrunt.hcl, net/terragrunt.hcl; check the plan (...)`.
#[must_use]
pub fn sentences(analysis: &Analysis) -> Vec<String> {
    let unread = analysis.all_unread();
    let gaps = unread.groups().filter(|(kind, _)| kind.is_gap());
    let mut all = Vec::new();
    for (kind, group) in gaps {
        let what = heading(kind, group);
        let named = names(kind, group);
        match kind {
            UnreadKind::TerraformSyntax => all.push(format!(
                "{what} not read: {named}; check the plan (`terragrunt show -json plan.bin | sfl check -`)"
            )),
            UnreadKind::Generated => {
                all.extend(group.items.iter().take(NAMED).map(item));
                let more = group.count.saturating_sub(NAMED);
                if more > 0 {
                    all.push(format!("{more} more like it"));
                }
            }
            UnreadKind::UnknownType => all.push(format!("{what}: {named}")),
            UnreadKind::ModuleCall => {
                let outside = outside(group);
                let hint = outside.map_or_else(String::new, |folder| {
                    format!("; to follow those that lead out of what was read, name {folder} as well")
                });
                all.push(format!("{what} not read: {named}{hint}"));
            }
            _ => all.push(format!("{what} not read: {named}")),
        }
    }
    if analysis.read.is_empty() {
        let chosen = unread.groups().filter(|(kind, _)| !kind.is_gap());
        let chosen = chosen.filter(|(kind, _)| *kind != UnreadKind::LeftOut);
        all.extend(chosen.map(|(kind, group)| {
            let (what, named) = (heading(kind, group), names(kind, group));
            format!("{what}: {named}")
        }));
    }
    all
}

/// The folder above the working directory around all that is called for by a path and stands outside of it.
fn outside(group: &UnreadGroup) -> Option<String> {
    let calls = group.items.iter();
    let folders = calls.filter_map(|item| folder(item.path.as_deref()?, item.name.as_deref()?));
    let up = |folder: String| folder.split('/').take_while(|part| *part == "..").count();
    let most = folders.map(up).max().filter(|most| *most > 0)?;
    Some(vec![".."; most].join("/"))
}

/// `3 files of Terragrunt`, a kind each: what choices are missing for want of, or `all` but what is left out by default.
pub fn counted(analysis: &Analysis, all: bool) -> Vec<String> {
    let unread = analysis.all_unread();
    let wanted = unread
        .groups()
        .filter(|(kind, _)| kind.is_gap() || (all && *kind != UnreadKind::LeftOut));
    wanted.map(|(kind, group)| short(kind, group)).collect()
}

/// `; not read: 3 files of Terragrunt, 1 module call`; nothing where all was read.
pub fn beside(analysis: &Analysis) -> String {
    listed("; not read: ", &counted(analysis, false))
}

/// What somebody chose to leave out, as `2 ignored`; what is left out by default only where `all` is asked for.
pub fn passed_over(analysis: &Analysis, all: bool) -> Vec<String> {
    let wanted = analysis.unread.groups().filter(|(kind, _)| !kind.is_gap());
    let words = wanted.filter_map(|(kind, group)| match kind {
        UnreadKind::LeftOut if !all => packages(group),
        _ => Some(short(kind, group)),
    });
    words.collect()
}

/// Of what is left out by default, the folders that somebody may miss: `node_modules left out`. Those that are hidden are everywhere.
fn packages(group: &UnreadGroup) -> Option<String> {
    let paths = group.items.iter().filter_map(|item| item.path.as_deref());
    let names = paths.map(|path| path.rsplit('/').next().unwrap_or(path));
    let names: BTreeSet<&str> = names
        .filter(|name| !name.starts_with('.'))
        .map(|name| match name.starts_with("asset.") {
            true => "assets of the CDK",
            false => name,
        })
        .collect();
    let mut names: Vec<&str> = names.into_iter().collect();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    // They stand among numbers, which nobody escapes.
    let names = names
        .iter()
        .map(|name| visible::line(name, true).into_owned());
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| format!("{}{more} left out by default", names.join(", ")))
}

/// Words in a row behind others, if there are any.
pub fn listed(before: &str, words: &[String]) -> String {
    match words {
        [] => String::new(),
        words => format!("{before}{}", words.join(", ")),
    }
}

/// What a group is, and how many there are.
pub fn heading(kind: UnreadKind, group: &UnreadGroup) -> String {
    let number = group.count;
    let is = if number == 1 { "is" } else { "are" };
    match kind {
        UnreadKind::TerraformSyntax => {
            format!("{} of Terragrunt", count(number, "file"))
        }
        UnreadKind::ModuleCall => count(number, "module call"),
        UnreadKind::NestedStack => count(number, "nested stack"),
        UnreadKind::UnknownType => {
            format!("{} that the catalogue does not know", count(number, "type"))
        }
        UnreadKind::Part => match number {
            1 => "1 part of a template".to_owned(),
            _ => format!("{number} parts of templates"),
        },
        UnreadKind::Ignored => format!("{number} {is} ignored"),
        UnreadKind::Excluded => format!("{number} {is} {}", excluded(group)),
        UnreadKind::Refused => format!("{number} {is} not opened"),
        UnreadKind::LeftOut => format!("{number} {is} left out by default"),
        _ => short(kind, group),
    }
}

fn short(kind: UnreadKind, group: &UnreadGroup) -> String {
    let number = group.count;
    match kind {
        UnreadKind::Generated => {
            let files: Vec<&str> = group
                .items
                .iter()
                .filter_map(|item| item.path.as_deref())
                .collect();
            match &files[..] {
                // It stands among numbers, which nobody escapes.
                [file] => format!("what {} writes", visible::line(file, true)),
                _ => format!("what {number} programs write"),
            }
        }
        UnreadKind::UnknownType => count(number, "unknown type"),
        UnreadKind::Ignored => format!("{number} ignored"),
        UnreadKind::Excluded => format!("{number} {}", excluded(group)),
        UnreadKind::Refused => format!("{number} not opened"),
        UnreadKind::LeftOut => format!("{number} left out by default"),
        _ => heading(kind, group),
    }
}

/// By whom files are left out.
fn excluded(group: &UnreadGroup) -> String {
    let by_call = |item: &UnreadItem| item.why.as_deref() == Some(BY_CALL);
    let by_call = group.items.iter().filter(|item| by_call(item)).count();
    match by_call {
        0 => "excluded by sfl.toml".to_owned(),
        some if some == group.items.len() => format!("excluded by {BY_CALL}"),
        _ => format!("excluded by sfl.toml and {BY_CALL}"),
    }
}

/// One thing, and why it was not read.
pub fn item(item: &UnreadItem) -> String {
    let place = place(item);
    match (&item.why, place.is_empty()) {
        (Some(why), false) if !why.is_empty() => format!("{place}: {why}"),
        (Some(why), true) => why.clone(),
        _ => place,
    }
}

fn place(item: &UnreadItem) -> String {
    let mut text = item.path.clone().unwrap_or_default();
    if let Some(line) = item.line {
        text.push_str(&format!(":{line}"));
    }
    for word in [&item.address, &item.name].into_iter().flatten() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// The first names of a group, once each, and how many more there are.
fn names(kind: UnreadKind, group: &UnreadGroup) -> String {
    let mut seen = BTreeSet::new();
    let mut all: Vec<String> = group
        .items
        .iter()
        .map(|item| match (kind, &item.name, &item.why) {
            (UnreadKind::ModuleCall | UnreadKind::NestedStack, Some(source), _) => source.clone(),
            (UnreadKind::Part | UnreadKind::Ignored | UnreadKind::Refused, _, Some(why)) => {
                format!("{} ({why})", place(item))
            }
            _ => place(item),
        })
        .filter(|name| seen.insert(name.clone()))
        .collect();
    let distinct = all.len();
    all.truncate(NAMED);
    // Of what has no item of its own, only the number is known.
    let unlisted = group.count.saturating_sub(group.items.len());
    let more = distinct - all.len() + unlisted;
    if more > 0 {
        all.push(format!("{more} more"));
    }
    all.join(", ")
}

/// Files that could not be read, in a clause: "web.yaml", "web.yaml and 2 more"; nothing where all could.
pub fn could_not_be_read(analysis: &Analysis) -> Option<String> {
    let broken = analysis.findings.iter();
    let broken = broken.filter(|finding| finding.code.is_about_input());
    let broken: BTreeSet<&str> = broken.map(|finding| &**finding.path()).collect();
    let first = broken.first()?;
    Some(match broken.len() - 1 {
        0 => (*first).to_owned(),
        more => format!("{first} and {more} more"),
    })
}
