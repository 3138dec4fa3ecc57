//! The numbers of an analysis, counted once for every format.

use std::collections::BTreeMap;

use super::{Analysis, Count, Ladder};
use crate::base::finding::Severity;

/// See the module.
#[derive(Debug)]
pub struct Summary<'r> {
    /// All decisions.
    pub all: Count,
    /// Ladders that have decisions, in the catalogue's order.
    pub ladders: Vec<(&'r Ladder, Count)>,
    /// Templates by path.
    pub files: BTreeMap<&'r str, Count>,
    /// Findings that ask for a reason: notes, warnings, errors.
    pub unjustified: BySeverity,
    /// Fallbacks that have one.
    pub justified: usize,
    /// All findings.
    pub findings: BySeverity,
    /// Findings about written reasons.
    pub about_reasons: usize,
}

/// A number for each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BySeverity([usize; 3]);

impl BySeverity {
    /// The number.
    #[must_use]
    pub fn of(self, severity: Severity) -> usize {
        self.0[severity as usize]
    }

    #[must_use]
    pub fn total(self) -> usize {
        self.0.iter().sum()
    }

    fn add(&mut self, severity: Severity) {
        self.0[severity as usize] += 1;
    }
}

impl<'r> Summary<'r> {
    /// Counts.
    #[must_use]
    pub fn of(analysis: &'r Analysis) -> Self {
        let mut ladders: BTreeMap<usize, (&Ladder, Count)> = BTreeMap::new();
        let read = analysis
            .read
            .iter()
            .map(|path| (path.as_str(), Count::default()));
        let mut files: BTreeMap<&str, Count> = read.collect();
        for decision in &analysis.decisions {
            files.entry(&decision.path).or_default().add(decision);
            if !decision.is_counted {
                continue;
            }
            let ladder = decision.ladder();
            let (_, count) = ladders
                .entry(ladder.order)
                .or_insert_with(|| (ladder, Count::default()));
            count.add(decision);
        }
        let mut findings = BySeverity::default();
        let mut unjustified = BySeverity::default();
        let mut about_reasons = 0;
        for finding in &analysis.findings {
            findings.add(finding.severity);
            if finding.code.is_about_reasons() {
                about_reasons += 1;
            } else if analysis.unexplained(finding).is_some() {
                unjustified.add(finding.severity);
            }
        }
        let fallbacks = analysis
            .decisions
            .iter()
            .filter(|decision| decision.fallback);
        Self {
            all: Count::of(&analysis.decisions),
            ladders: ladders.into_values().collect(),
            files,
            unjustified,
            justified: fallbacks
                .filter(|decision| decision.justification.is_some())
                .count(),
            findings,
            about_reasons,
        }
    }
}

/// A whole number that is 0 or 100 only where nothing else is.
#[must_use]
pub fn whole(score: f64) -> f64 {
    match score.round() {
        100.0 if score < 100.0 => 99.0,
        0.0 if score > 0.0 => 1.0,
        whole => whole,
    }
}

/// `1 decision`, `2 decisions`.
#[must_use]
pub fn count(number: usize, word: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {word}{s}")
}
