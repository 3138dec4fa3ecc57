//! A report becomes bytes: one file a format, each a pure function of the same [`Report`].

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::base::finding::{Finding, Problem};
use crate::compare::baseline::{Held, Outcome};
use crate::compare::change::{self, Change, State};
use crate::config::Config;
use crate::placement::Decision;
use crate::reasons::{Docket, Record, unused};
use crate::workspace::stack::Judged;

pub mod concise;
pub mod csv;
mod fingerprints;
mod format;
pub mod github;
pub mod gitlab;
mod home;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod moves;
mod phrases;
pub mod pretty;
mod remote;
pub mod sarif;
mod snippet;
mod style;
pub mod summary;
pub mod visible;
mod words;

pub use format::Format;
pub use home::Home;
pub use remote::Remote;
pub use style::{Style, WIDTH};

/// Everything that a run found, in a stable order.
#[derive(Debug, Default)]
pub struct Report {
    /// What the repository is for, in one sentence.
    pub purpose: Option<String>,
    /// Every hosting choice, rung 1 too, by path and order of writing.
    pub decisions: Vec<Decision>,
    /// Everything to say, by path and place.
    pub findings: Vec<Finding>,
    /// Templates that were read, by the path that is shown.
    pub read: Vec<String>,
    /// Files that were looked at and are no templates.
    pub skipped: usize,
    /// Named files that are no templates.
    pub not_templates: Vec<String>,
    /// Inputs that could not be read; their findings have a code `source/...`.
    pub unreadable: usize,
    /// Types that the catalogue does not know, with how often they occur.
    pub unknown_types: BTreeMap<String, usize>,
    /// Written reasons: those of the templates, then the ledger's.
    pub records: Vec<Record>,
    /// What became of the ledger's reasons so far.
    ledger: Docket,
    /// Whether Terraform or a plan was read.
    terraform: bool,
    /// What the baseline had to say.
    pub baseline: Option<Outcome>,
    /// What changed since another commit.
    pub change: Option<Change>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Report {
    /// Takes in what one input came to.
    pub fn add(&mut self, part: Judged) {
        let offset = self.decisions.len();
        self.decisions.extend(part.decisions);
        self.findings
            .extend(part.findings.into_iter().map(|mut finding| {
                finding.decision = finding.decision.map(|at| at + offset);
                finding
            }));
        self.read.extend(part.read);
        self.skipped += part.skipped;
        self.not_templates.extend(part.not_templates);
        for (kind, count) in part.unknown_types {
            *self.unknown_types.entry(kind).or_default() += count;
        }
        self.records.extend(part.records);
        self.ledger.merge(part.ledger);
        self.terraform |= part.terraform;
        for problem in part.problems {
            self.add_problem(problem);
        }
    }

    /// Ends the trials of the ledger's reasons, once all files are read.
    pub fn close_ledger(&mut self, config: &Config, whole: bool) {
        let read: BTreeSet<&str> = self.read.iter().map(String::as_str).collect();
        let (findings, records) =
            unused::ledger(config, &mut self.ledger, &read, self.terraform, whole);
        self.findings.extend(findings);
        self.records.extend(records);
    }

    /// Takes in something that could not be read.
    pub fn add_problem(&mut self, problem: Problem) {
        self.unreadable += 1;
        self.findings.push(problem.into_finding());
    }

    /// Takes in another report.
    pub fn append(&mut self, other: Self) {
        let unreadable = other.unreadable;
        self.add(Judged {
            decisions: other.decisions,
            findings: other.findings,
            problems: Vec::new(),
            read: other.read,
            skipped: other.skipped,
            not_templates: other.not_templates,
            unknown_types: other.unknown_types,
            records: other.records,
            ledger: other.ledger,
            terraform: other.terraform,
        });
        self.unreadable += unreadable;
    }

    /// Leaves out what the baseline knows.
    pub fn hold(&mut self, held: &Held) {
        let (outcome, kept) = held.apply(&self.decisions, &self.findings, &self.read);
        self.keep(&kept);
        self.baseline = Some(outcome);
    }

    /// Leaves out what was the same before.
    pub fn compare(
        &mut self,
        before: &Self,
        since: &str,
        base: &str,
        renames: &BTreeMap<String, String>,
    ) {
        let (change, kept) = change::compare(before.state(), self.state(), renames);
        self.keep(&kept);
        self.change = Some(Change {
            since: since.to_owned(),
            base: base.to_owned(),
            ..change
        });
    }

    /// The decision that a finding is about.
    #[must_use]
    pub fn decision(&self, finding: &Finding) -> Option<&Decision> {
        finding.decision.and_then(|at| self.decisions.get(at))
    }

    fn state(&self) -> State<'_> {
        State {
            decisions: &self.decisions,
            findings: &self.findings,
        }
    }

    /// Leaves out every finding but these, given in order.
    fn keep(&mut self, kept: &[usize]) {
        let mut at = 0;
        self.findings.retain(|_| {
            at += 1;
            kept.binary_search(&(at - 1)).is_ok()
        });
    }

    /// Puts the findings in order: by path and place, whatever the order of reading.
    pub fn sort(&mut self) {
        self.findings.sort_by_cached_key(|finding| {
            let (start, _) = finding.positions();
            (finding.path().clone(), start, finding.code.clone())
        });
        self.read.sort();
        let mut order: Vec<usize> = (0..self.decisions.len()).collect();
        order.sort_by(|a, b| self.decisions[*a].path.cmp(&self.decisions[*b].path));
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        for finding in &mut self.findings {
            finding.decision = finding.decision.map(|old| place[old]);
        }
        self.decisions.sort_by(|a, b| a.path.cmp(&b.path));
    }
}

#[cfg(test)]
mod sample;
