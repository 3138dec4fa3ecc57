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
        let (mut written, mut skipped, mut failed) = (0, 0, 0);
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
                let left = skipped + failed;
                say(&format!("{written} written down, {left} left open"));
                return all_written(failed);
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
            let target = Target::of(
                &report,
                &report.decisions[decision],
                &report.decisions[decision].address,
            );
            let end = self.ask_about(&target, &mut known, &options, &report)?;
            match end {
                Answered::Written => written += 1,
                Answered::Open => skipped += 1,
                Answered::Failed => failed += 1,
                Answered::Stopped { failed: last } => {
                    let left = skipped + failed + open.len();
                    failed += usize::from(last);
                    say(&format!("{written} written down, {left} left open"));
                    return all_written(failed);
                }
            }
        }
    }

    /// Asks about one until it is written down or left; an answer that can't be written is asked for again, as it was.
    fn ask_about(
        &self,
        target: &Target,
        known: &mut WrittenReason,
        options: &Options,
        report: &Analysis,
    ) -> Result<Answered, Refused> {
        let mut answers = known.clone();
        let mut failed = false;
        let contradicted: Vec<&str> = target.contradicted().collect();
        loop {
            let because = match questions::choice(&contradicted)? {
                Choice::Because(kind) => kind,
                Choice::Skip if failed => return Ok(Answered::Failed),
                Choice::Skip => return Ok(Answered::Open),
                Choice::Stop => return Ok(Answered::Stopped { failed }),
            };
            let file = self.file_of(target, options);
            let Some(record) = questions::record(because, &answers, law(options), &file)? else {
                return Ok(if failed {
                    Answered::Failed
                } else {
                    Answered::Open
                });
            };
            known.owner.clone_from(&record.owner);
            match self.settle(target, &record, options, report) {
                Ok(true) => return Ok(Answered::Written),
                Ok(false) => return Ok(Answered::Open),
                Err(message) => {
                    say(&format!("error: {message}"));
                    say("it was not written down: change the answers, or skip this one");
                    failed = true;
                    answers = record;
                }
            }
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
                    return Err("nothing was written".to_owned());
                }
                self.draft(target, record, options, true, report)?
            }
            Err(message) => return Err(message),
        };
        self.finish(target, &draft)
    }
}

/// What became of one of them.
enum Answered {
    Written,
    Open,
    /// Somebody gave a reason, and it could not be written down.
    Failed,
    /// Nothing more is to be asked.
    Stopped {
        failed: bool,
    },
}

/// Whether every reason that was given is written down.
fn all_written(failed: usize) -> Result<(), Refused> {
    match failed {
        0 => Ok(()),
        1 => Err("one reason could not be written down".to_owned().into()),
        number => Err(format!("{number} reasons could not be written down").into()),
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
