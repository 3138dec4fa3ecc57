//! What can be mended without anybody's hands: the rules' fixes as exact changes of the files, each tried in memory before it is
//! offered. Writes nothing.
//!
//! A change is offered only where nothing is in doubt: the decision stands where it stands in every case, what is changed is written in
//! its own block, and after the change the whole run is judged again. Then the decision is on a better rung, and all else is as it was.

#![warn(missing_docs)]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::base::source::{Source, Span};
use crate::base::{Dialect, Fix, FixEdit, FixOffer, Safety};
use crate::edit::{self, Edit};
use crate::placement::Decision;
use crate::workspace::Options;

mod drafts;
mod held_texts;
mod leftovers;
mod mentions;
mod neighbours;
mod scaled;
mod trial;
mod written_resource;

use drafts::Workbench;
use held_texts::HeldTexts;

/// Fixes of one file that are made at once: each asks the whole text what it would leave behind.
const MOST_OF_A_FILE: usize = 200;

/// A change that is not judged yet.
#[derive(Debug)]
struct FixDraft {
    /// Index of its decision; of the first of them, where a block makes several.
    decision: usize,
    /// All decisions that its block makes.
    all: Vec<usize>,
    safety: Safety,
    says: String,
    drops: Vec<String>,
    /// By the path that is shown.
    edits: BTreeMap<Arc<str>, Vec<Edit>>,
}

/// Finds the fix of every open decision whose rule knows one, or why it is not made; see [`Decision::fix`].
pub fn propose(analysis: &mut Analysis, options: &Options) {
    let all: Vec<usize> = (0..analysis.decisions.len()).collect();
    propose_for(analysis, options, &all);
}

/// The same for some of the decisions, by their indexes.
pub fn propose_for(analysis: &mut Analysis, options: &Options, asked: &[usize]) {
    for (at, offer) in offers(analysis, options, asked) {
        analysis.decisions[at].fix = Some(offer);
    }
}

/// What there is for some of the decisions, by their indexes, and for those that their blocks make as well.
#[must_use]
pub fn offers(analysis: &Analysis, options: &Options, asked: &[usize]) -> Vec<(usize, FixOffer)> {
    let asked = asked.iter().copied();
    let wanted: BTreeSet<usize> = asked
        .filter(|at| {
            let decision = &analysis.decisions[*at];
            decision.is_open() && decision.climb().fix.is_some()
        })
        .collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut offers: Vec<(usize, FixOffer)> = Vec::new();
    let mut withhold = |at: usize, why: String| offers.push((at, FixOffer::Withheld(why)));
    let same_block = blocks(analysis);
    let mut ready = BTreeSet::new();
    let mut alike: HashMap<usize, bool> = HashMap::new();
    for at in wanted {
        let decision = &analysis.decisions[at];
        let same = same_block.get(&changed_place(decision));
        let same = same.map_or(&[][..], Vec::as_slice);
        let first = same.first().copied().unwrap_or(at);
        match refused(decision) {
            Some(why) => withhold(at, why),
            None if *alike
                .entry(first)
                .or_insert_with(|| are_alike(analysis, same)) =>
            {
                ready.insert(first);
            }
            None => withhold(at, not_alike(analysis, at, same)),
        }
    }
    let texts = HeldTexts::of(
        ready.iter().map(|at| &analysis.decisions[*at]),
        &*options.host,
    );
    let documents = texts.parsed();
    let bench = Workbench::new(analysis, &texts, &documents, &options.config.catalogue);
    let mut drafts: Vec<FixDraft> = Vec::new();
    let mut taken: HashMap<Arc<str>, Vec<Span>> = HashMap::new();
    let mut of_file: HashMap<&str, usize> = HashMap::new();
    for at in ready {
        let count = of_file.entry(&analysis.decisions[at].path).or_default();
        *count += 1;
        if *count > MOST_OF_A_FILE {
            withhold(
                at,
                format!("its file has more than {MOST_OF_A_FILE} others: make those first"),
            );
            continue;
        }
        let decision = &analysis.decisions[at];
        let all = same_block.get(&changed_place(decision));
        let all = all.cloned().unwrap_or_else(|| vec![at]);
        let mut withhold_all = |why: &str| {
            for at in &all {
                withhold(*at, why.to_owned());
            }
        };
        match bench.draft(&all) {
            Err(why) => withhold_all(&why),
            Ok(draft) if touches(&draft, &taken) => {
                withhold_all("it stands too close to another fix: make that first");
            }
            Ok(draft) => {
                for (path, edits) in &draft.edits {
                    let spans = taken.entry(Arc::clone(path)).or_default();
                    spans.extend(edits.iter().map(|edit| edit.span));
                }
                drafts.push(draft);
            }
        }
    }
    let (good, bad) = trial::judge(analysis, options, drafts, &texts);
    for (draft, why) in bad {
        for at in draft.all {
            withhold(at, why.clone());
        }
    }
    for draft in good {
        let at = draft.decision;
        let address: Arc<str> = Arc::from(&*analysis.decisions[at].address);
        let others = draft.all.iter().filter(|other| **other != at);
        offers.extend(others.map(|other| (*other, FixOffer::With(Arc::clone(&address)))));
        offers.push((at, FixOffer::Offered(offered(draft, &texts))));
    }
    offers
}

/// The decisions that each block makes, in order.
fn blocks(analysis: &Analysis) -> HashMap<(Arc<str>, Span), Vec<usize>> {
    let mut all: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, decision) in analysis.decisions.iter().enumerate() {
        let own = all.entry(changed_place(decision));
        own.or_default().push(at);
    }
    all
}

/// By what those that one change is for go together: their block, or the place in `Globals` that decides them.
fn changed_place(decision: &Decision) -> (Arc<str>, Span) {
    let place = match &decision.decider {
        Some(found) if found.is_globals => {
            let at = u32::try_from(found.start.offset).unwrap_or(u32::MAX);
            Span::new(at, at)
        }
        _ => decision.block,
    };
    (Arc::clone(&decision.path), place)
}

/// Why one change would not be right for all that it is for.
fn not_alike(analysis: &Analysis, at: usize, same: &[usize]) -> String {
    let decision = &analysis.decisions[at];
    let Some(found) = decision.decider.as_ref().filter(|found| found.is_globals) else {
        return "its block makes several, which do not all stand alike".to_owned();
    };
    let place = format!("{}:{}", found.path, found.start.line);
    let others = same.iter().map(|at| &analysis.decisions[*at]);
    let mut explained = others.filter(|other| other.justification.is_some());
    let Some(other) = explained.next() else {
        return format!(
            "what decides it stands in `Globals` ({place}), and not all that take it from there stand alike"
        );
    };
    let changes = decision.changes();
    let key = changes
        .first()
        .map_or("", |path| path.split('.').next().unwrap_or_default());
    let name = other.name();
    format!(
        "what decides it stands in `Globals` ({place}), and {name} takes it from there too, which has a reason: move it from there into {name}, or write `IgnoreGlobals: [{key}]` beside the `Properties` of {}",
        decision.name()
    )
}

/// Whether one change is right for all that a block makes.
fn are_alike(analysis: &Analysis, same: &[usize]) -> bool {
    let mut all = same.iter().map(|at| &analysis.decisions[*at]);
    let Some(first) = all.next() else { return true };
    all.all(|other| {
        let is_same = other.rule.name == first.rule.name
            && other.case == first.case
            && other.rung == first.rung;
        is_same && first.is_open() && other.is_open() && refused(other).is_none()
    })
}

/// Why a decision is none that can be mended in its file.
fn refused(decision: &Decision) -> Option<String> {
    if let Some(generator) = decision.generator {
        let name = generator.name();
        return Some(format!(
            "{name} writes this template: change it in its source"
        ));
    }
    if decision.dialect == Dialect::Plan {
        return Some("a plan is made anew each time: change the configuration".to_owned());
    }
    if decision.block.is_empty() {
        return Some("it has no block of its own".to_owned());
    }
    if !decision.doubts.is_empty() {
        return Some(format!(
            "nothing decides where it stands: {}",
            decision.doubts[0]
        ));
    }
    if let Some(reach) = decision.reachable.first() {
        return Some(format!(
            "it is on rung {} {}: change that where it is decided",
            reach.rung.number(),
            reach.words()
        ));
    }
    if decision.assumed.is_some() {
        return Some("`--strict` assumes what decides it".to_owned());
    }
    if let Some(root) = &decision.root {
        let caller = match &**root {
            "." | "" => "the configuration in this folder",
            root => root,
        };
        return Some(format!(
            "its block is in a module that {caller} calls, and others may call it too"
        ));
    }
    if decision.address.starts_with("module.") {
        return Some("its block is in a module, and others may call it".to_owned());
    }
    None
}

/// Whether a change overlaps one that is to be made.
fn touches(draft: &FixDraft, taken: &HashMap<Arc<str>, Vec<Span>>) -> bool {
    draft.edits.iter().any(|(path, edits)| {
        let taken = taken.get(path).map(Vec::as_slice).unwrap_or_default();
        edits.iter().any(|edit| {
            let own = edit.span;
            taken.iter().any(|other| {
                let apart = own.end < other.start || other.end < own.start;
                let is_beside = (own.end == other.start || other.end == own.start)
                    && !own.is_empty()
                    && !other.is_empty();
                !apart && !is_beside
            })
        })
    })
}

/// With lines and columns, and without its index.
fn offered(draft: FixDraft, texts: &HeldTexts) -> Fix {
    let mut all = Vec::new();
    for (path, edits) in draft.edits {
        let source = Source::new(Arc::clone(&path), texts.text(&path).to_owned());
        all.extend(edits.into_iter().map(|edit| FixEdit {
            path: Arc::clone(&path),
            start: source.position(edit.span.start),
            end: source.position(edit.span.end),
            span: edit.span,
            text: edit.text,
        }));
    }
    Fix {
        safety: draft.safety,
        says: draft.says,
        drops: draft.drops,
        edits: all,
    }
}

/// The text of a file with the edits of several fixes that [`propose`] offered for it.
#[must_use]
pub fn applied<'f>(path: &str, text: &str, fixes: impl Iterator<Item = &'f Fix>) -> String {
    let edits = fixes.flat_map(|fix| &fix.edits);
    let own = edits.filter(|edit| &*edit.path == path);
    let mut own: Vec<Edit> = own
        .map(|edit| Edit {
            span: edit.span,
            text: edit.text.clone(),
        })
        .collect();
    own.sort_by_key(|edit| (edit.span.start, edit.span.end));
    edit::apply(text, &own)
}

/// The files that fixes change, each once.
#[must_use]
pub fn files<'f>(fixes: impl Iterator<Item = &'f Fix>) -> Vec<Arc<str>> {
    let edits = fixes.flat_map(|fix| &fix.edits);
    let paths: HashSet<&Arc<str>> = edits.map(|edit| &edit.path).collect();
    let mut paths: Vec<Arc<str>> = paths.into_iter().cloned().collect();
    paths.sort();
    paths
}

/// The folder of a file, as its path is shown.
fn folder(path: &str) -> &Path {
    Path::new(path).parent().unwrap_or(Path::new(""))
}
