//! CODEOWNERS, as GitHub and GitLab read it: who answers for which files.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use crate::base::finding::{Finding, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, OwnersCode};
use crate::host::door::{self, Door};
use crate::host::{FileKind, Host, pattern as size};
use owners_line::OwnersLine;
use path_pattern::PathPattern;

mod owners_line;
mod path_pattern;

/// Where the file may stand in a repository. The first that is there counts.
const PLACES: [(&str, Option<Flavour>); 4] = [
    (".github/CODEOWNERS", Some(Flavour::GitHub)),
    ("CODEOWNERS", None),
    ("docs/CODEOWNERS", None),
    (".gitlab/CODEOWNERS", Some(Flavour::GitLab)),
];

/// Bytes of the file; GitHub takes no larger one.
const LARGEST: u64 = 3 << 20;
/// Lines with a pattern.
const MOST_LINES: usize = 20_000;
/// Lines that are told apart where many are wrong.
const MOST_TOLD: usize = 10;
/// Patterns that are held against paths, in all.
const EFFORT: usize = 20_000_000;

/// By whose rules a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    GitHub,
    /// With sections.
    GitLab,
}

/// The file of a repository.
#[derive(Debug)]
pub struct Codeowners {
    source: Arc<Source>,
    entries: Vec<OwnedPaths>,
    sections: usize,
    has_exclusions: bool,
    /// Entries by a name that each path has that they match, in order.
    named: HashMap<String, Vec<usize>>,
    /// The others.
    unnamed: Vec<usize>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    effort: Cell<usize>,
}

#[derive(Debug)]
struct OwnedPaths {
    pattern: PathPattern,
    owners: Vec<Arc<str>>,
    section: usize,
    /// What it matches belongs to nobody in its section, whatever else is said there.
    excludes: bool,
    line: u32,
}

/// Who answers for a file, and the line that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOwners {
    pub owners: Vec<Arc<str>>,
    /// The CODEOWNERS file, as it is shown.
    pub path: Arc<str>,
    pub line: u32,
}

impl Codeowners {
    /// Reads the file of the repository whose root this is; nothing where there is none.
    ///
    /// # Errors
    /// It is there and can't be used.
    pub fn find(host: &dyn Host, root: &Path) -> Result<Option<Self>, Box<Finding>> {
        let there = |name: &str| host.look(&root.join(name));
        let is_file = |name: &str| there(name).is_ok_and(|found| found.kind != FileKind::Folder);
        let found = PLACES.into_iter().find(|(name, _)| is_file(name));
        let Some((name, syntax)) = found else {
            return Ok(None);
        };
        let path = root.join(name);
        let shown = super::shown(host.root(), &path);
        let read = || {
            Door::new(host).inside(&path, root)?;
            door::utf8(door::bytes(host, &path, LARGEST)?)
        };
        match read() {
            Ok(text) => {
                let is_gitlab = || there(".gitlab-ci.yml").is_ok() && there(".github").is_err();
                let has_sections = || {
                    text.lines()
                        .any(|line| owners_line::heading(line).is_some())
                };
                let syntax = syntax.unwrap_or_else(|| match has_sections() || is_gitlab() {
                    true => Flavour::GitLab,
                    false => Flavour::GitHub,
                });
                Self::read(&shown, text, syntax).map(Some)
            }
            Err(error) => Err(Box::new(unreadable(&shown, &error.to_string()))),
        }
    }

    /// Everybody whom it names, in order.
    #[must_use]
    pub fn owners(&self) -> BTreeSet<Arc<str>> {
        let entries = self.entries.iter();
        entries
            .flat_map(|entry| entry.owners.iter().cloned())
            .collect()
    }

    fn read(name: &str, text: String, syntax: Flavour) -> Result<Self, Box<Finding>> {
        let source = Arc::new(Source::new(name, text));
        let mut file = Self {
            source: Arc::clone(&source),
            entries: Vec::new(),
            sections: 1,
            has_exclusions: false,
            named: HashMap::new(),
            unnamed: Vec::new(),
            findings: Vec::new(),
            effort: Cell::new(0),
        };
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut section = 0;
        let mut defaults = Vec::new();
        let mut wrong = Vec::new();
        let mut start = 0;
        for (number, raw) in (1..).zip(source.text().split_inclusive('\n')) {
            let at = start;
            start += raw.len();
            let text = raw.trim_end().trim_start_matches('\u{feff}');
            let mut faults = Vec::new();
            match owners_line::read(text, syntax, &mut faults) {
                OwnersLine::Nothing => {}
                OwnersLine::Heading(heading) => {
                    let next = names.len() + 1;
                    section = *names.entry(heading.name.to_lowercase()).or_insert(next);
                    defaults = heading.owners;
                }
                OwnersLine::Entry(entry) => {
                    if file.entries.len() == MOST_LINES {
                        let why = format!("it has more than {MOST_LINES} patterns");
                        return Err(Box::new(unreadable(name, &why)));
                    }
                    let read = size::short(entry.pattern)
                        .and_then(|()| PathPattern::read(entry.pattern, syntax));
                    match read {
                        Ok(pattern) => file.add(OwnedPaths {
                            pattern,
                            owners: match entry.owners.is_empty() {
                                true => defaults.clone(),
                                false => entry.owners,
                            },
                            section,
                            excludes: entry.excludes,
                            line: number,
                        }),
                        Err(why) => faults.push(why),
                    }
                }
            }
            if !faults.is_empty() {
                let span = Span::new(byte(at), byte(at + raw.trim_end().len()));
                wrong.push((span, faults.join(", ")));
            }
        }
        file.sections = names.len() + 1;
        let more = wrong.len().saturating_sub(MOST_TOLD);
        for (span, why) in wrong.into_iter().take(MOST_TOLD) {
            let message = format!("this line does not count as it is written: {why}");
            file.findings
                .push(finding(OwnersCode::Line, message, &source, span));
        }
        if let (Some(last), 1..) = (file.findings.last_mut(), more) {
            let s = if more == 1 { "" } else { "s" };
            last.message = format!("{}; {more} more line{s} below", last.message);
        }
        Ok(file)
    }

    fn add(&mut self, entry: OwnedPaths) {
        let at = self.entries.len();
        self.has_exclusions |= entry.excludes;
        match entry.pattern.name() {
            Some(name) => self.named.entry(name).or_default().push(at),
            None => self.unnamed.push(at),
        }
        self.entries.push(entry);
    }

    /// Who answers for a file, by its path in the repository; nobody where nothing or a pattern without owners speaks of it.
    ///
    /// # Errors
    /// So much was asked that no more is answered.
    pub fn of(&self, path: &str) -> Result<Option<FileOwners>, Box<Finding>> {
        let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        let mut meant: Vec<usize> = self.unnamed.clone();
        for (at, name) in names.iter().enumerate() {
            if !names[..at].contains(name) {
                meant.extend(self.named.get(*name).into_iter().flatten());
            }
        }
        self.effort.set(self.effort.get() + meant.len() + 1);
        if self.effort.get() > EFFORT {
            let why = "it has too many patterns for so many files";
            return Err(Box::new(unreadable(self.source.name(), why)));
        }
        meant.sort_unstable();
        let letters: Vec<Vec<char>> = names.iter().map(|name| name.chars().collect()).collect();
        let mut decided: Vec<Option<&OwnedPaths>> = vec![None; self.sections];
        let mut open = self.sections;
        for entry in meant.into_iter().rev().map(|at| &self.entries[at]) {
            // The last one decides, unless one before it takes the file out of its section.
            let is_settled = decided[entry.section].is_some();
            if (is_settled && !entry.excludes) || !entry.pattern.matches(&letters) {
                continue;
            }
            decided[entry.section] = Some(entry);
            open -= usize::from(!is_settled);
            if open == 0 && !self.has_exclusions {
                break;
            }
        }
        let said: Vec<&OwnedPaths> = decided.into_iter().flatten().collect();
        let said = said.iter().filter(|entry| !entry.excludes);
        let mut owners: Vec<Arc<str>> = Vec::new();
        let mut line = None;
        for entry in said {
            for owner in &entry.owners {
                if !owners.contains(owner) {
                    owners.push(Arc::clone(owner));
                    line.get_or_insert(entry.line);
                }
            }
        }
        Ok(line.map(|line| FileOwners {
            owners,
            path: Arc::clone(self.source.name()),
            line,
        }))
    }
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn unreadable(name: &str, why: &str) -> Finding {
    let source = Arc::new(Source::new(name, String::new()));
    let message = format!("nobody's files are known from it: {why}");
    finding(OwnersCode::Unreadable, message, &source, Span::default())
}

fn finding(code: OwnersCode, message: String, source: &Arc<Source>, span: Span) -> Finding {
    let code = Code::Owners(code);
    Finding {
        span,
        ..Finding::new(code, Severity::Note, message, Arc::clone(source), span)
    }
}

#[cfg(test)]
mod tests;
