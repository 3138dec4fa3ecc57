//! Whether a change does what it should and nothing else: judged in memory, before anything is written.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::many::PlacedRecord;
use super::target::{Target, spot};
use crate::Options;
use crate::analysis::Analysis;
use crate::base::finding::{Finding, Severity};
use crate::base::{Code, JustificationCode};
use crate::config::Ledger;
use crate::edit::{self, WrittenReason};
use crate::placement::{Decision, Reason};
use crate::workspace::stack;

/// Whether an entry of the ledger does what it should for templates, each of which is judged by itself.
pub fn judge_files(
    target: &Target,
    record: &WrittenReason,
    options: &Options,
    ledger: Ledger,
) -> Result<(), String> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for covered in &target.covered {
        let path = match &*covered.path {
            "<stdin>" => PathBuf::from("-"),
            path => PathBuf::from(path),
        };
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let mut options = Options {
        paths,
        strict: options.strict,
        today: options.today,
        config: options.config.clone(),
        ..Options::on(Arc::clone(&options.host))
    };
    let old = crate::check(&options, &|_, _| {});
    options.config.ledger = ledger;
    let new = crate::check(&options, &|_, _| {});
    no_new_fault(target, &old.findings, &new.findings)?;
    let own = |decision: &&Decision| {
        let mut covered = target.covered.iter();
        covered.any(|one| one.path == decision.path && one.address == decision.address)
    };
    let open = |at: usize| {
        new.findings
            .iter()
            .any(|finding| finding.decision == Some(at))
    };
    let unsettled = new.decisions.iter().enumerate().find(|(at, decision)| {
        let says = decision.justification.as_ref();
        own(decision)
            && !says.is_some_and(|own| edit::says(&own.reason, record))
            && (open(*at) || says.is_some())
    });
    if let Some((_, decision)) = unsettled {
        return Err(format!(
            "an entry for {} would not settle it: another reason counts first",
            decision.name()
        ));
    }
    Ok(())
}

/// Whether the change does what it should and nothing else: the same decisions, this one settled, and no new fault.
pub fn judge(
    target: &Target,
    record: &WrittenReason,
    options: &Options,
    before: &str,
    after: &str,
) -> Result<(), String> {
    let (name, address) = (&*target.path, &target.address);
    let old = stack::judge_text(name, before, options);
    let new = stack::judge_text(name, after, options);
    no_new_fault(target, &old.findings, &new.findings)?;
    let same = old.decisions.len() == new.decisions.len()
        && old
            .decisions
            .iter()
            .zip(&new.decisions)
            .all(|(old, new)| old.address == new.address && old.rung == new.rung);
    if !same || !new.problems.is_empty() {
        return Err(format!(
            "{name}: a record on {address} would change more than its reason"
        ));
    }
    let owed = |at: usize, decision: &Decision| {
        decision.block == target.block
            && (decision.justification.is_some()
                || old
                    .findings
                    .iter()
                    .any(|finding| finding.decision == Some(at)))
    };
    let settled = old.decisions.iter().enumerate().zip(&new.decisions);
    let settled = settled.into_iter().all(|((at, old), new)| {
        let own = new.justification.as_ref();
        // One that is for this instance alone goes on to count for it.
        let is_said = |reason: &Reason| reason.instance.is_some() || edit::says(reason, record);
        !owed(at, old) || own.is_some_and(|own| is_said(&own.reason))
    });
    if !settled {
        return Err(format!(
            "{name}: a record on {address} would not settle it: another one counts first"
        ));
    }
    Ok(())
}

/// The same of Terraform, whose files belong together: the run is judged again with the change. What was named is settled, and
/// nothing else is.
pub fn judge_run(
    target: &Target,
    record: &WrittenReason,
    changed: &Options,
    old: &Analysis,
) -> Result<(), String> {
    let new = crate::check(changed, &|_, _| {});
    no_new_fault(target, &old.findings, &new.findings)?;
    settles(target, record, old, &new)
}

/// Whether what was named is settled by a record, and nothing else.
fn settles(
    target: &Target,
    record: &WrittenReason,
    old: &Analysis,
    new: &Analysis,
) -> Result<(), String> {
    let address = &target.address;
    let same = |old: &Decision, new: &Decision| {
        (&old.path, &old.address, &old.root, old.rung)
            == (&new.path, &new.address, &new.root, new.rung)
    };
    let mut pairs = old.decisions.iter().zip(&new.decisions);
    if old.decisions.len() != new.decisions.len() || !pairs.all(|(old, new)| same(old, new)) {
        return Err(format!(
            "a record on {address} would change more than its reason"
        ));
    }
    let says = |decision: &Decision| {
        let own = decision.justification.as_ref();
        own.is_some_and(|own| edit::says(&own.reason, record))
    };
    // One that is for this instance alone goes on to count for it.
    let has_own = |decision: &Decision| {
        let own = decision.justification.as_ref();
        record.instance.is_none() && own.is_some_and(|own| own.reason.instance.is_some())
    };
    let open: HashSet<usize> = new
        .findings
        .iter()
        .filter_map(|finding| finding.decision)
        .collect();
    for (at, (old, new)) in old.decisions.iter().zip(&new.decisions).enumerate() {
        if target.covered.iter().any(|one| one.is(new)) {
            let owes = new.justification.is_some() || open.contains(&at);
            if owes && !says(new) && !has_own(new) {
                return Err(format!(
                    "a record on {address} would not settle it: another one counts first"
                ));
            }
        } else if says(new) && !says(old) {
            return Err(format!(
                "a record on {address} would also speak for {}",
                new.name()
            ));
        } else if old.justification.is_some() && new.justification.is_none() {
            return Err(format!(
                "a record on {address} would take the reason from {}",
                new.name()
            ));
        }
    }
    Ok(())
}

/// Why one of many records can't be written.
pub struct Trouble {
    /// Its number.
    pub at: usize,
    pub why: String,
}

/// Whether many records do what they should and nothing else; what each of them does wrong.
///
/// # Errors
/// Something is wrong that is nobody's in particular.
pub fn judge_many(
    all: &[&PlacedRecord],
    old: &Analysis,
    new: &Analysis,
) -> Result<Vec<Trouble>, String> {
    let place = |decision: &Decision| {
        let root = decision.root.clone();
        (Arc::clone(&decision.path), decision.address.clone(), root)
    };
    let mut pairs = old.decisions.iter().zip(&new.decisions);
    let same =
        |(old, new): (&Decision, &Decision)| place(old) == place(new) && old.rung == new.rung;
    if old.decisions.len() != new.decisions.len() || !pairs.all(same) {
        return Err("one reason for all of them would change more than their reasons".to_owned());
    }
    let mut by_decision = HashMap::new();
    let mut by_path = HashMap::new();
    for (at, one) in all.iter().enumerate() {
        by_path.entry(&*one.target.path).or_insert(at);
        for covered in &one.target.covered {
            let root = covered.root.clone();
            by_decision.insert(
                (Arc::clone(&covered.path), covered.address.clone(), root),
                at,
            );
        }
    }
    let nearest = |decision: &Decision| by_path.get(&**spot(decision).0).copied();
    let mut troubles = Vec::new();
    let known: HashSet<String> = faults(&old.findings).map(fault_words).collect();
    for fault in faults(&new.findings) {
        let words = fault_words(fault);
        if known.contains(&words) || all.iter().any(|one| is_left(&one.target, fault)) {
            continue;
        }
        let at = fault
            .decision
            .and_then(|at| by_decision.get(&place(&new.decisions[at])));
        let at = at.or_else(|| by_path.get(&**fault.path())).copied();
        let why = format!("{}: {}: {}", fault.path(), fault.code, fault.message);
        match at {
            Some(at) => troubles.push(Trouble { at, why }),
            None => return Err(why),
        }
    }
    let open: HashSet<usize> = new.findings.iter().filter_map(|one| one.decision).collect();
    for (number, (old, new)) in old.decisions.iter().zip(&new.decisions).enumerate() {
        let own = new.justification.as_ref();
        if let Some(at) = by_decision.get(&place(new)) {
            let record = &all[*at].record;
            let says = own.is_some_and(|own| edit::says(&own.reason, record));
            let has_own =
                record.instance.is_none() && own.is_some_and(|own| own.reason.instance.is_some());
            if (own.is_some() || open.contains(&number)) && !says && !has_own {
                let why = format!(
                    "{}: a record on {} would not settle it: another one counts first",
                    new.path,
                    new.name()
                );
                troubles.push(Trouble { at: *at, why });
            }
            continue;
        }
        let gains = old.justification.is_none() && own.is_some();
        let loses = old.justification.is_some() && own.is_none();
        if gains || loses {
            let does = if gains {
                "also speak for"
            } else {
                "take the reason from"
            };
            let why = format!("{}: a record would {does} {}", new.path, new.name());
            match nearest(new) {
                Some(at) => troubles.push(Trouble { at, why }),
                None => return Err(why),
            }
        }
    }
    Ok(troubles)
}

/// What is wrong with reasons, but for notes.
fn faults(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings
        .iter()
        .filter(|finding| finding.code.is_about_reasons() && finding.severity > Severity::Note)
}

fn fault_words(fault: &Finding) -> String {
    let address = fault.address.as_deref().unwrap_or_default();
    format!("{}\u{1f}{address}\u{1f}{}", fault.code, fault.message)
}

/// Whether a fault says that a sound reason for more has nothing left to settle: it stays, for what may come.
fn is_left(target: &Target, fault: &Finding) -> bool {
    let line = fault.positions().0.line;
    fault.code == Code::Justification(JustificationCode::Unused)
        && target
            .explained()
            .any(|(_, reason)| reason.is_at(fault.path(), line))
}

/// Refuses what brings a fault that was not there.
fn no_new_fault(target: &Target, old: &[Finding], new: &[Finding]) -> Result<(), String> {
    let is_fault =
        |finding: &&Finding| finding.code.is_about_reasons() && finding.severity > Severity::Note;
    let known = |fault: &&Finding| {
        old.iter().filter(is_fault).any(|other| {
            (&other.code, &other.address, &other.message)
                == (&fault.code, &fault.address, &fault.message)
        })
    };
    let mut faults = new.iter().filter(is_fault);
    match faults.find(|fault| !known(fault) && !is_left(target, fault)) {
        Some(fault) => Err(format!("{}: {}", fault.code, fault.message)),
        None => Ok(()),
    }
}
