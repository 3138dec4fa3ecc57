//! The numbers of a report, counted once for every format.

use std::collections::BTreeMap;

use super::Report;
use crate::base::finding::Severity;
use crate::placement::score::Count;
use crate::placement::{Decision, Ladder};

/// See the module.
#[derive(Debug)]
pub struct Summary<'r> {
    /// All decisions.
    pub all: Count,
    /// Ladders that have decisions, in the catalogue's order.
    pub ladders: Vec<(&'static Ladder, Count)>,
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

    /// All of them.
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
    pub fn of(report: &'r Report) -> Self {
        let mut ladders: BTreeMap<usize, (&Ladder, Count)> = BTreeMap::new();
        let read = report
            .read
            .iter()
            .map(|path| (path.as_str(), Count::default()));
        let mut files: BTreeMap<&str, Count> = read.collect();
        for decision in &report.decisions {
            let ladder = decision.ladder();
            let (_, count) = ladders
                .entry(ladder.order)
                .or_insert_with(|| (ladder, Count::default()));
            add(count, decision);
            add(files.entry(&decision.path).or_default(), decision);
        }
        let mut findings = BySeverity::default();
        let mut unjustified = BySeverity::default();
        let mut about_reasons = 0;
        for finding in &report.findings {
            findings.add(finding.severity);
            let decision = finding.decision.and_then(|at| report.decisions.get(at));
            if finding.code.is_about_reasons() {
                about_reasons += 1;
            } else if decision.is_some_and(|decision| decision.code() == finding.code) {
                unjustified.add(finding.severity);
            }
        }
        let fallbacks = report.decisions.iter().filter(|decision| decision.fallback);
        Self {
            all: Count::of(&report.decisions),
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

impl Summary<'_> {
    /// All in one line: `2 findings (1 error, 1 warning), 1 fallback explained; 4 decisions in 2 templates, score 33`.
    #[must_use]
    pub fn line(&self, report: &Report) -> String {
        let named: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
            .iter()
            .filter(|severity| self.findings.of(**severity) > 0)
            .map(|severity| count(self.findings.of(*severity), severity.name()))
            .collect();
        let partly = report.baseline.is_some() || report.change.is_some();
        let findings = match self.findings.total() {
            0 if partly => "no new findings".to_owned(),
            0 => "no findings".to_owned(),
            total => format!("{} ({})", count(total, "finding"), named.join(", ")),
        };
        let templates = count(report.read.len(), "template");
        let unreadable = match report.unreadable {
            0 => String::new(),
            number => format!(", {number} unreadable"),
        };
        let scored = match self.all.score() {
            Some(score) => {
                let decisions = count(self.all.total(), "decision");
                format!(
                    "{decisions} in {templates}{unreadable}, score {}",
                    whole(score)
                )
            }
            None if report.read.is_empty() => format!("no templates here{unreadable}"),
            None => format!("no hosting choice in {templates}{unreadable}"),
        };
        let explained = match self.justified {
            0 => String::new(),
            number => format!(", {} explained", count(number, "fallback")),
        };
        format!("{findings}{explained}; {scored}")
    }
}

fn add(count: &mut Count, decision: &Decision) {
    count.rungs[decision.rung as usize] += 1;
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
