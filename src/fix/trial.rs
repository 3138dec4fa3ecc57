//! Whether changes do what they should and nothing else: what they touch is judged again with them, in memory, and whatever was judged
//! together with that. All else does not know of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::FixDraft;
use super::held_texts::HeldTexts;
use crate::analysis::Analysis;
use crate::base::Dialect;
use crate::base::finding::Finding;
use crate::edit::{self, Edit};
use crate::host::Buffers;
use crate::placement::Decision;
use crate::workspace::{self, Options};

/// How often what does not hold is left out and the rest tried again.
const ROUNDS: usize = 3;

/// A decision as it is found again: its file, its address, and the root that makes it.
type Key<'d> = (&'d str, &'d str, Option<&'d str>);

fn key(decision: &Decision) -> Key<'_> {
    (&decision.path, &decision.address, decision.root.as_deref())
}

/// Those that hold, and those that do not with why.
pub(super) fn judge(
    before: &Analysis,
    options: &Options,
    mut drafts: Vec<FixDraft>,
    texts: &HeldTexts,
) -> (Vec<FixDraft>, Vec<(FixDraft, String)>) {
    let mut refused = Vec::new();
    for round in 0..=ROUNDS {
        if drafts.is_empty() {
            break;
        }
        let touched = touched(before, &drafts);
        let after = with(&drafts, options, texts, &touched);
        let mut wrong = wrong(before, &after, &drafts, &touched);
        if wrong.is_empty() {
            break;
        }
        if round == ROUNDS {
            // What is left disturbs something that nobody could tell.
            for at in 0..drafts.len() {
                let why = "with it, other decisions would not stay as they are".to_owned();
                wrong.entry(at).or_insert(why);
            }
        }
        let mut kept = Vec::new();
        for (at, draft) in drafts.into_iter().enumerate() {
            match wrong.remove(&at) {
                Some(why) => refused.push((draft, why)),
                None => kept.push(draft),
            }
        }
        drafts = kept;
    }
    (drafts, refused)
}

/// The files and folders that changes touch, as they are shown, with all that names one of them or is named by it.
fn touched(before: &Analysis, drafts: &[FixDraft]) -> HashSet<String> {
    let files = drafts.iter().flat_map(|draft| draft.edits.keys());
    let mut touched: HashSet<String> = HashSet::new();
    for file in files {
        touched.insert(file.to_string());
        touched.insert(folder_of(file).to_owned());
    }
    // Each stack is in one group at most.
    for group in &before.groups {
        if group.iter().any(|one| touched.contains(bare(one))) {
            touched.extend(group.iter().map(|one| bare(one).to_owned()));
        }
    }
    touched
}

/// A folder as it is shown is "" or ".", or has its name.
fn bare(folder: &str) -> &str {
    match folder.trim_end_matches('/') {
        "." => "",
        folder => folder,
    }
}

fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a decision is one of those that are judged again: with its template, or with the module whose file it is in.
fn is_judged(touched: &HashSet<String>, decision: &Decision) -> bool {
    match decision.dialect {
        Dialect::Terraform => touched.contains(folder_of(&decision.path)),
        Dialect::CloudFormation | Dialect::Plan => touched.contains(&*decision.path),
    }
}

/// What changes touch, with them.
fn with(
    drafts: &[FixDraft],
    options: &Options,
    texts: &HeldTexts,
    touched: &HashSet<String>,
) -> Analysis {
    let mut all: BTreeMap<&Arc<str>, Vec<Edit>> = BTreeMap::new();
    for (path, edits) in drafts.iter().flat_map(|draft| &draft.edits) {
        all.entry(path).or_default().extend(edits.iter().cloned());
    }
    let buffers = Buffers::over(Arc::clone(&options.host));
    for (path, mut edits) in all {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        buffers.set(Path::new(&**path), edit::apply(texts.text(path), &edits));
    }
    // Standard input was read.
    let paths: Vec<PathBuf> = options
        .paths
        .iter()
        .filter(|path| path.as_os_str() != "-")
        .cloned()
        .collect();
    let changed = Options {
        paths,
        strict: options.strict,
        threads: options.threads,
        config: options.config.clone(),
        force_exclude: options.force_exclude,
        skip_unknown: options.skip_unknown,
        today: Some(options.today()),
        ..Options::on(Arc::new(buffers))
    };
    workspace::check_some(changed, &|root| touched.contains(bare(root)))
}

/// Why a decision would not surely stand on a better rung.
fn no_better(old: &Decision, new: Option<&Decision>) -> String {
    let Some(new) = new else {
        return "with it, the decision would be gone".to_owned();
    };
    if let Some(doubt) = new.doubts.first() {
        return format!("with it, nothing would decide where it stands: {doubt}");
    }
    if new.rung < old.rung
        && let Some(reach) = new.reachable.first()
    {
        let rung = reach.rung.number();
        return format!("with it, it would be on rung {rung} {}", reach.words());
    }
    match (&new.decider, new.says()) {
        (Some(found), _) if found.is_globals => {
            "what stands in `Globals` would then decide it instead: change that first".to_owned()
        }
        (_, Some(says)) => format!("with it, it still {says}"),
        (_, None) => "with it, the decision would not stand on a better rung".to_owned(),
    }
}

/// What is not as it should be, by the number of the draft that is to blame.
fn wrong(
    before: &Analysis,
    after: &Analysis,
    drafts: &[FixDraft],
    touched: &HashSet<String>,
) -> BTreeMap<usize, String> {
    let now: HashMap<Key<'_>, &Decision> = after
        .decisions
        .iter()
        .map(|decision| (key(decision), decision))
        .collect();
    let own: HashMap<Key<'_>, usize> = drafts
        .iter()
        .enumerate()
        .flat_map(|(at, draft)| {
            let all = draft.all.iter();
            all.map(move |one| (key(&before.decisions[*one]), at))
        })
        .collect();
    let mut wrong = BTreeMap::new();
    // Places at which something is different that should not be.
    let mut different: Vec<(Arc<str>, String)> = Vec::new();
    let mut known = HashSet::new();
    for old in before
        .decisions
        .iter()
        .filter(|one| &*one.path != "<stdin>")
    {
        known.insert(key(old));
        if !is_judged(touched, old) {
            continue;
        }
        let new = now.get(&key(old));
        if let Some(at) = own.get(&key(old)) {
            let is_better = new.is_some_and(|new| {
                new.rung < old.rung && new.doubts.is_empty() && new.reachable.is_empty()
            });
            if !is_better {
                wrong.insert(*at, no_better(old, new.copied()));
            }
            continue;
        }
        let is_same = new.is_some_and(|new| {
            new.rung == old.rung && new.doubts == old.doubts && new.reachable == old.reachable
        });
        if !is_same {
            let why = format!("with it, {} would not stay as it is", old.name());
            different.push((old.stack(), why));
        }
    }
    let added = after
        .decisions
        .iter()
        .filter(|new| !known.contains(&key(new)));
    different.extend(added.map(|new| {
        let why = format!("with it, {} would be a decision of its own", new.name());
        (new.stack(), why)
    }));
    let said = |finding: &Finding| {
        let path = Arc::clone(finding.path());
        (
            path,
            finding.code.to_string(),
            finding.address.clone(),
            finding.message.clone(),
        )
    };
    let old: HashSet<_> = before.findings.iter().map(said).collect();
    for finding in after
        .findings
        .iter()
        .filter(|finding| !old.contains(&said(finding)))
    {
        let decision = finding.decision.map(|at| key(&after.decisions[at]));
        // On a rung between it is still a fallback.
        if decision.is_some_and(|decision| own.contains_key(&decision)) {
            continue;
        }
        let why = format!("with it, there would be a finding: {}", finding.message);
        different.push((Arc::clone(finding.path()), why));
    }
    for (place, why) in different {
        let mut blamed = false;
        for (at, draft) in drafts.iter().enumerate() {
            let decision = &before.decisions[draft.decision];
            let is_near = *place == *decision.stack()
                || place == decision.path
                || draft.edits.contains_key(&place);
            if is_near {
                wrong.entry(at).or_insert_with(|| why.clone());
                blamed = true;
            }
        }
        if !blamed {
            for at in 0..drafts.len() {
                wrong.entry(at).or_insert_with(|| why.clone());
            }
        }
    }
    wrong
}
