//! All open findings, one by one.

use std::collections::HashSet;
use std::io::{self, Write};

use super::questions::{self, Choice};
use super::target::Target;
use super::{Refused, Session, law};
use crate::Options;
use crate::analysis::Analysis;
use crate::cli::ask;
use crate::cli::{say, terminal};
use crate::edit::WrittenReason;
use crate::report::pretty;

impl Session<'_> {
    /// Shows each open finding and asks. Every answer is written before the next question, and read again.
    pub fn walk(&self) -> Result<(), Refused> {
        let mut passed = HashSet::new();
        let (mut written, mut skipped) = (0, 0);
        let style = terminal::for_stderr();
        // The next one often has the same owner.
        let mut known = WrittenReason {
            owner: self.arguments.owner.clone(),
            by: self.arguments.by.clone(),
            ..WrittenReason::default()
        };
        loop {
            // The ledger may have grown, too.
            let options = self.options()?;
            let report = crate::check(&options, &|_, _| {});
            let open = open(&report, &passed);
            let Some((at, decision)) = open.first().copied() else {
                say(&format!("{written} written down, {skipped} left open"));
                return Ok(());
            };
            let finding = &report.findings[at];
            passed.insert(finding.fingerprint());
            let mut out = io::stderr().lock();
            let shown = writeln!(out).and_then(|()| {
                pretty::write_findings(std::slice::from_ref(finding), &style, &mut out)
            });
            drop(out);
            // Nobody can answer what nobody sees.
            shown.map_err(|error| error.to_string())?;
            say(&format!("{} open", open.len()));
            let because = match questions::choice()? {
                Choice::Because(kind) => kind,
                Choice::Skip => {
                    skipped += 1;
                    continue;
                }
                Choice::Stop => {
                    let left = skipped + open.len();
                    say(&format!("{written} written down, {left} left open"));
                    return Ok(());
                }
            };
            let Some(record) = questions::record(because, &known, law(&options))? else {
                skipped += 1;
                continue;
            };
            known.owner.clone_from(&record.owner);
            let target = Target::of(
                &report,
                &report.decisions[decision],
                &report.decisions[decision].address,
            );
            let done = self.settle(&target, &record, &options, &report);
            if let Err(message) = &done {
                say(&format!("error: {message}"));
            }
            let done = done.unwrap_or(false);
            written += usize::from(done);
            skipped += usize::from(!done);
        }
    }

    fn settle(
        &self,
        target: &Target,
        record: &WrittenReason,
        options: &Options,
        report: &Analysis,
    ) -> Result<bool, String> {
        law(options).check(record)?;
        let draft = match self.draft(target, record, options, self.arguments.ledger, report) {
            Ok(draft) => draft,
            Err(message) if !self.arguments.ledger && !target.is_plan() => {
                say(&format!("error: {message}"));
                if !ask::confirm("write it into the ledger instead?")? {
                    return Ok(false);
                }
                self.draft(target, record, options, true, report)?
            }
            Err(message) => return Err(message),
        };
        self.finish(target, &draft)
    }
}

/// The open findings that were not asked about yet, each with its decision.
fn open(report: &Analysis, passed: &HashSet<String>) -> Vec<(usize, usize)> {
    let findings = report.findings.iter().enumerate();
    let open = findings.filter_map(|(at, finding)| {
        let own = !finding.code.is_about_reasons();
        let decision = finding.decision.filter(|_| own)?;
        (!passed.contains(&finding.fingerprint())).then_some((at, decision))
    });
    open.collect()
}
