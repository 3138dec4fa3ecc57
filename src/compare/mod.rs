//! One analysis against another, or against what is known: a baseline, an earlier commit.

#![warn(missing_docs)]

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use crate::analysis::Analysis;
use crate::base::finding::Finding;

pub mod baseline;
pub mod change;
pub mod moved_entries;
mod plural;
pub mod saved_report;

use baseline::{BaselineOutcome, Held};
use change::Change;
use saved_report::SavedReport;

/// The folder of the root module that something belongs to: a module's own root, or where its file stands.
fn home<'a>(root: Option<&'a str>, path: &'a str) -> &'a str {
    let folder = || path.rsplit_once('/').map_or(".", |(folder, _)| folder);
    match root.unwrap_or_else(folder) {
        "" => ".",
        root => root,
    }
}

/// How a finding stands to what it was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingState {
    /// Nobody had it.
    New,
    /// What it is about was there, and was better.
    Updated,
    /// It was there.
    Unchanged,
    /// It was there, and is not any more.
    Absent,
}

/// An analysis beside what it was compared with, if it was: its findings are those that are left to say.
#[derive(Debug, Default)]
pub struct Compared {
    /// The analysis.
    pub analysis: Analysis,
    /// What the baseline had to say.
    pub baseline: Option<BaselineOutcome>,
    /// What changed since another commit.
    pub change: Option<Change>,
    /// Findings that a baseline knows, or that were the same before: nothing is said of them unless somebody asks.
    pub known: Vec<Finding>,
}

impl From<Analysis> for Compared {
    fn from(analysis: Analysis) -> Self {
        Self {
            analysis,
            ..Self::default()
        }
    }
}

/// What was compared is still an analysis: whoever reports on it need not care.
impl Deref for Compared {
    type Target = Analysis;

    fn deref(&self) -> &Analysis {
        &self.analysis
    }
}

impl DerefMut for Compared {
    fn deref_mut(&mut self) -> &mut Analysis {
        &mut self.analysis
    }
}

impl Compared {
    /// Leaves out what the baseline knows.
    #[must_use]
    pub fn with_baseline(mut self, held: &Held) -> Self {
        let (outcome, kept) = held.apply(&self.analysis);
        self.keep(&kept);
        self.baseline = Some(outcome);
        self
    }

    /// Leaves out what was the same before. `since` is what was asked for, `base` the commit that this is, and `renames`
    /// are today's names of files that had another.
    #[must_use]
    pub fn with_past(
        mut self,
        before: &Analysis,
        since: &str,
        base: &str,
        renames: &BTreeMap<String, String>,
    ) -> Self {
        let (change, kept) = change::compare(before, &self.analysis, renames);
        self.keep(&kept);
        self.change = Some(Change {
            since: since.to_owned(),
            base: Some(base.to_owned()),
            ..change
        });
        self
    }

    /// Leaves out what was the same in a report that was saved. `version` is that of the sfl that judges now.
    #[must_use]
    pub fn with_report(mut self, before: &SavedReport, version: &str) -> Self {
        let renames = saved_report::renames(&before.analysis, &self.analysis, &before.renames);
        let (change, kept) = change::compare(&before.analysis, &self.analysis, &renames);
        self.keep(&kept);
        self.change = Some(Change {
            since: before.name.clone(),
            reserves: before.reserves(&self.analysis, version),
            ..change
        });
        self
    }

    /// Leaves out every finding but these, given in order.
    fn keep(&mut self, kept: &[usize]) {
        let all = std::mem::take(&mut self.analysis.findings);
        for (at, finding) in all.into_iter().enumerate() {
            match kept.binary_search(&at) {
                Ok(_) => self.analysis.findings.push(finding),
                Err(_) => self.known.push(finding),
            }
        }
    }

    /// Leaves out of what is known what nobody wants to see, without counting it.
    pub fn hide_known(&mut self, select: &dyn Fn(&mut Analysis)) {
        let hidden = self.analysis.hidden.clone();
        let known = std::mem::take(&mut self.known);
        let findings = std::mem::replace(&mut self.analysis.findings, known);
        select(&mut self.analysis);
        self.known = std::mem::replace(&mut self.analysis.findings, findings);
        self.analysis.hidden = hidden;
    }

    /// How a finding stands to what it was compared with; nothing where nothing was.
    #[must_use]
    pub fn state(&self, finding: &Finding) -> Option<FindingState> {
        let change = self.change.as_ref();
        if change.is_none() && self.baseline.is_none() {
            return None;
        }
        let known = finding.decision.filter(|_| change.is_some());
        let was_there = known.is_some_and(|at| change.is_some_and(|one| one.paired.contains(&at)));
        Some(match was_there {
            true => FindingState::Updated,
            false => FindingState::New,
        })
    }
}
