//! What a plan and the folder that it was made from both say is said once, where a person wrote it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::{Analysis, liabilities};
use crate::base::finding::Related;
use crate::base::{Code, JustificationCode, Severity, Span};
use crate::placement::{Decision, Dialect};
use crate::reasons::{Record, Spoken};

/// What two decisions share that are the same choice: the block, and what became of it.
type Choice<'d> = (&'d str, Span, &'d str, u8, Option<Severity>, bool);

/// Takes the decisions of plans that are found in their source as well for one choice, and the records of the source for one record.
pub fn unite(analysis: &mut Analysis) {
    let mut written = analysis.decisions.iter();
    if !written.any(|decision| decision.written.is_some()) {
        return;
    }
    let gone = decisions(analysis);
    records(analysis);
    for record in &mut analysis.records {
        let is_there = |spoken: &Spoken| {
            let place = (Arc::clone(&spoken.path), spoken.address.clone());
            !gone.contains(&place)
        };
        record.spoken.retain(is_there);
    }
}

/// Path and address of a decision.
type Name = (Arc<str>, String);

/// Gives the names of those that are gone.
fn decisions(analysis: &mut Analysis) -> HashSet<Name> {
    let all = &analysis.decisions;
    // The instance of the same address, else any of the block.
    let mut known: HashMap<(Choice<'_>, &str), usize> = HashMap::new();
    for (at, decision) in all.iter().enumerate() {
        // What the source leaves out is not what a plan makes.
        let is_there = decision.is_counted && !decision.block.is_empty();
        if decision.dialect == Dialect::Terraform && is_there {
            let choice = choice(decision, &decision.path, decision.block);
            known.entry((choice, &decision.address)).or_insert(at);
            known.entry((choice, "")).or_insert(at);
        }
    }
    // Of each decision, the one in the source that it is as well.
    let twins: Vec<Option<usize>> = all
        .iter()
        .map(|decision| {
            let written = decision.written.as_ref()?;
            let choice = choice(decision, &written.path, written.block);
            let same = known.get(&(choice, &decision.address));
            same.or_else(|| known.get(&(choice, ""))).copied()
        })
        .collect();
    let mut places = Vec::with_capacity(twins.len());
    let mut kept = 0;
    for twin in &twins {
        places.push(kept);
        kept += usize::from(twin.is_none());
    }
    liabilities::unite(&mut analysis.liabilities, &twins, &|at| places[at]);
    let mut beside: BTreeMap<usize, Vec<Related>> = BTreeMap::new();
    analysis.findings.retain_mut(|finding| {
        let Some(at) = finding.decision else {
            return true;
        };
        let Some(twin) = twins[at] else {
            finding.decision = Some(places[at]);
            return true;
        };
        finding.decision = Some(places[twin]);
        if !matches!(finding.code, Code::Fallback { .. }) {
            return true;
        }
        let planned = finding.related.drain(..).next();
        beside.entry(places[twin]).or_default().extend(planned);
        false
    });
    for finding in &mut analysis.findings {
        if matches!(finding.code, Code::Fallback { .. })
            && let Some(at) = finding.decision
        {
            finding
                .related
                .extend(beside.remove(&at).into_iter().flatten().take(MOST_PLANS));
        }
    }
    let mut gone = HashSet::new();
    for (at, twin) in twins.iter().enumerate() {
        if let Some(twin) = *twin {
            let Decision { path, address, .. } = &analysis.decisions[at];
            let planned = (Arc::clone(path), address.clone());
            gone.insert(planned.clone());
            analysis.decisions[twin].planned.push(planned);
        }
    }
    let mut twins = twins.iter();
    analysis
        .decisions
        .retain(|_| twins.next().is_some_and(Option::is_none));
    gone
}

/// Places in plans that are shown beside a finding.
const MOST_PLANS: usize = 3;

fn choice<'d>(decision: &'d Decision, path: &'d str, block: Span) -> Choice<'d> {
    let ladder = &*decision.ladder().name;
    let severity = decision.fallback.then_some(decision.severity);
    let settled = decision.justification.is_some();
    let rung = decision.rung.number();
    (path, block, ladder, rung, severity, settled)
}

/// A record that was judged for the source and for its plans is one, and unused only if none of them needs it.
fn records(analysis: &mut Analysis) {
    let is_unused = |record: &Record| record.faults.contains(&JustificationCode::Unused);
    let mut needed: HashSet<(Arc<str>, u64)> = HashSet::new();
    let all = analysis.records.iter();
    needed.extend(all.filter(|record| !is_unused(record)).map(place));
    let mut united: Vec<Record> = Vec::with_capacity(analysis.records.len());
    let mut known: HashMap<(Arc<str>, u64), usize> = HashMap::new();
    for mut record in std::mem::take(&mut analysis.records) {
        let place = place(&record);
        if is_unused(&record) && needed.contains(&place) {
            record.faults.clear();
            record.spoilt = false;
        }
        let Some(&at) = known.get(&place) else {
            known.insert(place, united.len());
            united.push(record);
            continue;
        };
        let first = &mut united[at];
        first.spoken.extend(record.spoken);
        first.spoilt |= record.spoilt;
        first.judged |= record.judged;
        for fault in record.faults {
            if !first.faults.contains(&fault) {
                first.faults.push(fault);
            }
        }
    }
    analysis.records = united;
    // Only what it fails to settle is called differently.
    let mut said: HashSet<(JustificationCode, Arc<str>, Span, String)> = HashSet::new();
    analysis.findings.retain(|finding| {
        let Code::Justification(code) = finding.code else {
            return true;
        };
        let path = finding.path();
        let start = finding.source.position(finding.span.start).offset;
        let is_needed = needed.contains(&(Arc::clone(path), start));
        let is_refuted = code == JustificationCode::Unused && is_needed;
        let whom = finding.address.as_deref().unwrap_or_default();
        let message = match whom {
            "" => finding.message.clone(),
            whom => finding.message.replace(whom, ""),
        };
        !is_refuted && said.insert((code, Arc::clone(path), finding.span, message))
    });
}

fn place(record: &Record) -> (Arc<str>, u64) {
    (Arc::clone(&record.path), record.start.offset)
}
