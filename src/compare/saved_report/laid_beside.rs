//! A saved report laid beside what it is compared with: below which folders, without what nobody compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::SavedReport;
use super::former_paths::FolderPair;
use crate::analysis::{Analysis, UnreadKind};
use crate::base::finding::{Finding, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, TemplateCode};

/// Files that are named where there is nothing of the same name.
const MOST_NAMED: usize = 3;

impl SavedReport {
    /// Lays it beside an analysis. `asked` is what was looked at: the paths, as they are shown; nothing where that is not known.
    /// `is_there` says whether a file stands at a path now, read or not.
    pub fn lay_beside(
        &mut self,
        now: &Analysis,
        asked: Option<&[String]>,
        is_asked: &dyn Fn(&str) -> bool,
        is_there: &dyn Fn(&str) -> bool,
    ) {
        let old = files(&self.analysis);
        let new = files(now);
        let is_here = |path: &str| new.contains(path) || (asked.is_some() && is_asked(path));
        let name = self.name.clone();
        if old.is_empty() {
            return;
        }
        if !old.iter().any(|path| is_here(path)) {
            let folder = match asked {
                Some([one]) if *one != "-" => Some(format!("{one}/")),
                _ => None,
            };
            // A file that was named is no folder.
            let folder = folder.filter(|folder| !new.contains(folder.trim_end_matches('/')));
            if new.is_empty() && folder.is_none() {
                return;
            }
            // What was not looked for in a folder stands where it stood.
            let nowhere = |_: &str| false;
            let is_there: &dyn Fn(&str) -> bool = match folder {
                Some(_) => is_there,
                None => &nowhere,
            };
            let pair = FolderPair::of(&refs(&old), &refs(&new), folder.as_deref(), is_there);
            if pair.shared == 0 && folder.is_none() {
                let note = format!(
                    "note: no template of {name} has the name of one that it is compared with: they are compared by what they hold"
                );
                self.notes.push(note);
                return;
            }
            let renames = old.iter().filter_map(|path| {
                let today = pair.today(path)?;
                Some((today, path.clone()))
            });
            self.renames = renames.collect();
            let unmatched = self.renames.iter();
            let unmatched: Vec<&str> = unmatched
                .filter(|(now, _)| !new.contains(*now) && !is_there(now))
                .map(|(_, was)| was.as_str())
                .collect();
            let of = |folder: &str| match folder.trim_end_matches('/') {
                "" => "the working directory".to_owned(),
                folder => folder.to_owned(),
            };
            let mut note = format!(
                "note: the templates of {name} below {} are compared with those below {}",
                of(&pair.then),
                of(&pair.now)
            );
            note += &without_other(&unmatched);
            self.notes.push(note);
            return;
        }
        if asked.is_none() {
            return;
        }
        let outside: BTreeSet<String> = old.into_iter().filter(|path| !is_here(path)).collect();
        if !outside.is_empty() {
            self.keep(&|path| !outside.contains(path));
            let templates = templates(outside.len());
            let note = format!(
                "note: {templates} of {name} outside of {} {} not compared",
                asked.unwrap_or_default().join(", "),
                are(outside.len())
            );
            self.notes.push(note);
        }
    }

    /// Leaves out the templates that the call, or the one by which the other side was made, leaves out, by today's names.
    pub fn leave_out(&mut self, is_left_out: &dyn Fn(&str) -> bool) {
        let today = self.today();
        let files = files(&self.analysis);
        let is_out = |path: &String| is_left_out(today.get(&**path).unwrap_or(&&**path));
        let out: BTreeSet<String> = files.into_iter().filter(is_out).collect();
        if out.is_empty() {
            return;
        }
        self.keep(&|path| !out.contains(path));
        let note = format!(
            "note: {} of {} {} not compared: --exclude leaves {} out",
            templates(out.len()),
            self.name,
            are(out.len()),
            if out.len() == 1 { "it" } else { "them" }
        );
        self.notes.push(note);
    }

    /// Today's names of files, by those that they had.
    fn today(&self) -> BTreeMap<&str, &str> {
        let renames = self.renames.iter();
        renames.map(|(now, was)| (&**was, &**now)).collect()
    }

    /// Says of the templates that the other report left out what hid them: what they held has not gone.
    pub fn say_left_out(&mut self, new: &mut SavedReport) {
        let mut by_call: BTreeSet<String> = BTreeSet::new();
        let mut hidden: Vec<(String, String)> = Vec::new();
        let mut unnamed = 0;
        for kind in [
            UnreadKind::Ignored,
            UnreadKind::Excluded,
            UnreadKind::Refused,
            UnreadKind::LeftOut,
        ] {
            let mut groups = new.analysis.unread.groups();
            let Some((_, group)) = groups.find(|(known, _)| *known == kind) else {
                continue;
            };
            unnamed += group.count.saturating_sub(group.items.len());
            for item in &group.items {
                let Some(path) = &item.path else { continue };
                let why = item.why.as_deref();
                match (kind, why) {
                    (UnreadKind::Excluded, Some("--exclude")) => {
                        by_call.insert(path.clone());
                    }
                    (UnreadKind::Excluded, _) => {
                        hidden.push((path.clone(), "sfl.toml excludes this template".to_owned()));
                    }
                    (UnreadKind::Ignored, Some(why)) => {
                        hidden.push((path.clone(), format!("{why} hides this template")));
                    }
                    (UnreadKind::LeftOut, _) => hidden.push((
                        path.clone(),
                        format!("nothing was looked for in {path}, where this template is"),
                    )),
                    (_, Some(why)) => {
                        hidden.push((path.clone(), format!("this template was not read ({why})")));
                    }
                    (_, None) => {
                        hidden.push((path.clone(), "this template was not read".to_owned()));
                    }
                }
            }
        }
        self.leave_out(&|path| around(path).any(|one| by_call.contains(one)));
        if unnamed > 0 {
            let files = match unnamed {
                1 => "1 file".to_owned(),
                number => format!("{number} files"),
            };
            self.notes.push(format!(
                "note: {} leaves out {files} that it does not name: what {} holds there counts as gone",
                new.name, self.name
            ));
        }
        hidden.sort();
        let known = files(&new.analysis);
        let today = self.today();
        let mut held: BTreeMap<&str, usize> = BTreeMap::new();
        for one in self.analysis.decisions.iter().filter(|one| one.is_counted) {
            *held.entry(&one.path).or_default() += 1;
        }
        let mut findings = Vec::new();
        let mut missing = Vec::new();
        for (then, number) in held {
            let now = today.get(then).copied().unwrap_or(then);
            let by = around(now).find_map(|one| {
                let at = hidden.binary_search_by(|(path, _)| path.as_str().cmp(one));
                at.ok().map(|at| &hidden[at].1)
            });
            if known.contains(now) {
                continue;
            }
            let Some(by) = by else {
                missing.push(now);
                continue;
            };
            let old = &self.name;
            let held = match number {
                1 => format!("its decision in {old} is out of sight, not gone"),
                number => format!("its {number} decisions in {old} are out of sight, not gone"),
            };
            let source = Arc::new(Source::new(now, String::new()));
            findings.push(Finding::new(
                Code::Template(TemplateCode::Hidden),
                Severity::Error,
                format!("{by} in {}: {held}", new.name),
                source,
                Span::default(),
            ));
        }
        if let (Some(first), 1..) = (missing.first(), new.skipped) {
            let (more, are) = match missing.len() - 1 {
                0 => (String::new(), "it is"),
                more => (format!(" and {more} more of {}", self.name), "they are"),
            };
            let files = match new.skipped {
                1 => "1 file that it takes for no template".to_owned(),
                number => format!("{number} files that it takes for no templates"),
            };
            let note = format!(
                "note: {} has no {first}{more}, and skipped {files}: whether {are} among them, and only broken, `sfl diff {} PATH` says",
                new.name, self.name
            );
            self.notes.push(note);
        }
        new.analysis.findings.extend(findings);
        new.analysis.sort();
    }
}

/// The files of which something is known: read, judged, or found out of sight.
fn files(analysis: &Analysis) -> BTreeSet<String> {
    let judged = analysis.decisions.iter().map(|one| &*one.path);
    let hidden = analysis
        .findings
        .iter()
        .filter(|one| one.code.is_out_of_sight());
    let hidden = hidden.map(|one| &**one.path());
    let read = analysis.read.iter().map(String::as_str);
    let all = judged.chain(hidden).chain(read);
    all.map(str::to_owned).collect()
}

fn refs(all: &BTreeSet<String>) -> BTreeSet<&str> {
    all.iter().map(String::as_str).collect()
}

/// A path and the folders around it.
fn around(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at);
    ends.chain([path.len()]).map(|end| &path[..end])
}

fn templates(number: usize) -> String {
    match number {
        1 => "1 template".to_owned(),
        number => format!("{number} templates"),
    }
}

fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// Which of then have no file of their name now.
fn without_other(unmatched: &[&str]) -> String {
    if unmatched.is_empty() {
        return String::new();
    }
    let named: Vec<&str> = unmatched.iter().copied().take(MOST_NAMED).collect();
    let more = match unmatched.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("; there is none of the name of {}{more}", named.join(", "))
}
