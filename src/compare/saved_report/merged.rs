//! Many reports as one. What comes first makes no difference, nor does what was merged before: a merged report is a report.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use std::io::{BufRead, Read};
use std::sync::Arc;

use serde::Deserialize;

use super::saved_graph::{self, SavedEdge, SavedResource};
use super::saved_rules::SavedRules;
use super::{
    File, FindingFields, SCHEMA, SavedDecisionView, SavedLiability, SavedReport, SummaryFields,
};
use crate::analysis::{Analysis, MergedFrom, Signature};
use crate::base::finding::{Finding, Problem};
use crate::rulebook::Catalogue;

const SCANNED: &str = "sfl-scan/1";
/// Bytes of one report.
const LARGEST: usize = 1 << 30;
/// Inputs that came twice, paths that stand in two reports: those that are named.
const NAMED: usize = 5;

/// Takes in one report after the other.
pub struct Merger<'c> {
    rules: SavedRules<'c>,
    merged: Analysis,
    from: MergedFrom,
    /// What all of them are for, as long as they agree; nothing before the first.
    purpose: Option<Option<String>>,
    /// Whether the worst was assumed, and whether it was not.
    strict: [bool; 2],
    /// The repositories that were scanned, each with what was found.
    known: HashSet<u64>,
    hasher: RandomState,
    again: usize,
    versions: BTreeSet<String>,
    errors: Vec<String>,
}

/// All reports as one.
#[derive(Debug)]
pub struct MergedReports {
    pub analysis: Analysis,
    /// What has to be said of it.
    pub notes: Vec<String>,
    /// Reports that are not in it, and what is counted twice in it.
    pub errors: Vec<String>,
}

/// A report, or a line of a scan.
#[derive(Deserialize)]
struct Part {
    schema: String,
    #[serde(default)]
    input: Input,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    summary: Option<SummaryFields>,
    #[serde(default)]
    decisions: Vec<SavedDecisionView>,
    #[serde(default)]
    findings: Vec<FindingFields>,
    #[serde(default)]
    liability: Vec<SavedLiability>,
    #[serde(default)]
    resources: Option<Vec<SavedResource>>,
    #[serde(default)]
    edges: Vec<SavedEdge>,
}

/// What a line of a scan is about.
#[derive(Default, Deserialize)]
struct Input {
    name: Option<String>,
    path: Option<String>,
    archive: Option<String>,
    repository: Option<String>,
    commit: Option<String>,
}

impl Input {
    /// The folder that its paths stand in: its name, else where the archive or repository stands.
    fn folder(&self) -> Option<String> {
        if self.name.is_some() {
            return self.name.clone();
        }
        let place = self.archive.as_ref().or(self.repository.as_ref())?;
        let place = place.replace('\\', "/");
        let parts = place.split('/');
        let parts: Vec<&str> = parts
            .filter(|part| !matches!(*part, "" | "." | ".." | ".git"))
            .collect();
        let whole = parts.join("/");
        let short = whole.strip_suffix(".git").or(whole.strip_suffix(".tar"));
        Some(short.unwrap_or(&whole).to_owned()).filter(|name| !name.is_empty())
    }
}

impl<'c> Merger<'c> {
    /// Nothing yet.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self {
            rules: SavedRules::of(catalogue),
            merged: Analysis::default(),
            from: MergedFrom::default(),
            purpose: None,
            strict: [false; 2],
            known: HashSet::new(),
            hasher: RandomState::new(),
            again: 0,
            versions: BTreeSet::new(),
            errors: Vec::new(),
        }
    }

    /// Takes in a file: reports, or the lines of a scan, of which one is held at a time; all of it below a folder where that has a name.
    /// Whether there was anything in it.
    pub fn add(&mut self, file: &str, folder: Option<&str>, text: &mut dyn BufRead) -> bool {
        let mut whole = Vec::new();
        let (mut number, mut first) = (0, 1);
        loop {
            let before = whole.len();
            let most = u64::try_from(LARGEST - before).unwrap_or_default();
            match text.take(most).read_until(b'\n', &mut whole) {
                Ok(0) if before < LARGEST => break,
                Ok(_) if whole.len() < LARGEST => number += 1,
                Ok(_) => {
                    self.errors.push(format!("{file}: a report is too long"));
                    return true;
                }
                Err(error) => {
                    self.errors.push(format!("{file}: {error}"));
                    return true;
                }
            }
            let line = whole[before..].trim_ascii_end();
            // A report that is written on many lines begins and ends with a brace that stands alone; any other line is one by itself.
            let is_one = before == 0 && !matches!(line, b"" | b"{");
            if is_one || line == b"}" {
                if let Err(why) = self.one(file, folder, &whole) {
                    self.errors.push(format!("{file}:{first}: {why}"));
                }
                whole.clear();
            }
            if whole.trim_ascii().is_empty() {
                whole.clear();
                first = number + 1;
            }
        }
        if !whole.is_empty() {
            let done = self.one(file, folder, &whole);
            if let Err(why) = done {
                self.errors.push(format!("{file}:{first}: {why}"));
            }
        }
        number > 0
    }

    fn one(&mut self, file: &str, folder: Option<&str>, text: &[u8]) -> Result<(), String> {
        let text = text.trim_ascii();
        if text.first() != Some(&b'{') {
            return Err("it is no JSON object".to_owned());
        }
        let part: Part = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if part.schema != SCHEMA && part.schema != SCANNED {
            let schema = part.schema;
            return Err(format!(
                "its schema is `{schema}`: neither {SCHEMA} nor {SCANNED}"
            ));
        }
        let own = part.input.folder();
        let folders = folder.into_iter().chain(own.as_deref());
        let folder = folders.collect::<Vec<_>>().join("/");
        // A file that came without a name may be another one of the same path.
        if own.is_some() && !self.known.insert(self.hasher.hash_one((&folder, text))) {
            self.again += 1;
            return Ok(());
        }
        if let Some(message) = part.error {
            self.from.inputs += 1;
            let inside = match (&part.input.path, folder.is_empty()) {
                (Some(path), _) => path.as_str(),
                (None, true) => "an input without a name",
                (None, false) => "",
            };
            let parts = [folder.as_str(), inside].into_iter();
            let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            let path = parts.join("/");
            let problem = Problem::Unreadable { path, message };
            self.merged.add_problem(problem);
            return Ok(());
        }
        let summary = part.summary.ok_or("it has no summary")?;
        if summary.baseline.is_some() {
            return Err(
                "it leaves out what a baseline knows: save a report with `--no-baseline`"
                    .to_owned(),
            );
        }
        let mut whole = File {
            summary,
            decisions: part.decisions,
            findings: part.findings,
            liability: part.liability,
            resources: part.resources,
            edges: part.edges,
        };
        if !folder.is_empty() {
            whole.put_below(&folder);
        }
        let mut from = whole.summary.from();
        if !folder.is_empty() {
            from.repositories.insert(folder, part.input.commit);
        }
        let version = whole.summary.version.clone();
        let (liability, resources) = (whole.liability, whole.resources);
        let edges = whole.edges;
        let whole = File {
            liability: Vec::new(),
            resources: None,
            edges: Vec::new(),
            ..whole
        };
        let has_signature = whole.decisions.iter();
        let has_signature = has_signature.map(SavedDecisionView::has_signature);
        let has_signature: Vec<bool> = has_signature.collect();
        let mut report = SavedReport::of(file, whole, &mut self.rules)?.analysis;
        // What it does not say stays unsaid.
        for (one, has) in report.decisions.iter_mut().zip(has_signature) {
            if !has {
                one.signature = Signature::default();
            }
        }
        let places = report.decisions.iter().enumerate().rev();
        let places: HashMap<(Arc<str>, String), usize> = places
            .map(|(at, one)| ((Arc::clone(&one.path), one.address.clone()), at))
            .collect();
        let liability = liability.into_iter();
        report.liabilities = liability.filter_map(|one| one.liability(&places)).collect();
        report.graph = resources
            .map(|resources| saved_graph::graph(resources, edges))
            .transpose()?;
        let own = report.purpose.take();
        // Where no template was, nothing was assumed, and nobody disagrees.
        if !report.read.is_empty() || !report.decisions.is_empty() {
            self.versions.insert(version);
            self.strict[usize::from(report.is_strict)] = true;
            match &mut self.purpose {
                None => self.purpose = Some(own),
                Some(known) if *known != own => *known = None,
                Some(_) => {}
            }
        }
        for (by, count) in &report.hidden {
            *self.merged.hidden.entry(by.clone()).or_default() += count;
        }
        self.from.append(from);
        self.merged.append(report);
        Ok(())
    }

    /// All of it. `version` is that of the sfl at hand.
    ///
    /// # Errors
    /// Why they can't be one.
    pub fn done(mut self, version: &str) -> Result<MergedReports, String> {
        if self.strict == [true; 2] {
            return Err("some of these assume the worst (--strict) and some do not: their scores do not belong together".to_owned());
        }
        let mut notes = Vec::new();
        self.versions.remove(version);
        if !self.versions.is_empty() {
            let others: Vec<String> = self.versions.into_iter().collect();
            let others = others.join(", ");
            notes.push(format!(
                "some reports were written by sfl {others}, whose rules may differ from those of sfl {version}"
            ));
        }
        if self.again > 0 {
            let again = self.again;
            notes.push(format!(
                "repositories that came again, with the same found in them, count once ({again})"
            ));
        }
        let mut analysis = self.merged;
        analysis.purpose = self.purpose.flatten();
        analysis.is_strict = self.strict[1];
        analysis.merged_from = Some(self.from);
        let twice = in_order(&mut analysis);
        for path in twice.iter().take(NAMED) {
            self.errors.push(format!(
                "`{path}` stands in two reports, so it counts twice: give them names (shop=shop.json)"
            ));
        }
        if twice.len() > NAMED {
            let more = twice.len() - NAMED;
            self.errors.push(format!("and {more} paths more"));
        }
        self.errors.sort();
        Ok(MergedReports {
            analysis,
            notes,
            errors: self.errors,
        })
    }
}

/// Puts all of it into one order, whichever came first; what was read twice.
fn in_order(analysis: &mut Analysis) -> BTreeSet<String> {
    analysis.sort();
    let pairs = analysis.read.windows(2).filter(|pair| pair[0] == pair[1]);
    let twice: BTreeSet<String> = pairs.map(|pair| pair[0].clone()).collect();
    if !twice.is_empty() {
        // Of what one report says of a file, the order is its own; of two, there is none.
        let key = |at: &usize| {
            let one = &analysis.decisions[*at];
            match twice.contains(&*one.path) {
                true => (Arc::clone(&one.path), format!("{one:?}")),
                false => (Arc::clone(&one.path), String::new()),
            }
        };
        let mut order: Vec<usize> = (0..analysis.decisions.len()).collect();
        order.sort_by_cached_key(key);
        analysis.reorder(&order);
    }
    analysis.findings.sort_by_cached_key(|finding: &Finding| {
        let (start, end) = finding.judged_positions();
        let place = (Arc::clone(finding.judged_path()), start, end);
        let what = (finding.code.to_string(), finding.address.clone());
        (place, what, finding.message.clone(), finding.severity)
    });
    analysis.not_templates.sort();
    analysis.close_liabilities();
    twice
}

impl SummaryFields {
    /// What this report was put together from, and what it says as numbers only.
    fn from(&mut self) -> MergedFrom {
        let repositories = std::mem::take(&mut self.repositories).into_iter();
        MergedFrom {
            inputs: self.merged.unwrap_or(1),
            repositories: repositories.map(|one| (one.name, one.commit)).collect(),
            skipped: self.skipped,
            machinery: self.machinery,
        }
    }
}

impl File {
    /// Puts all that it speaks of below a folder.
    fn put_below(&mut self, folder: &str) {
        let below = |path: &mut String| {
            let inside = path.trim_start_matches("./").trim_start_matches('/');
            *path = match inside {
                "" | "." => folder.to_owned(),
                inside => format!("{folder}/{inside}"),
            };
        };
        for one in &mut self.decisions {
            one.paths(&below);
        }
        for one in &mut self.findings {
            below(&mut one.path);
            let source = one.source.iter_mut();
            source.for_each(|source| below(&mut source.path));
            let related = one.related.iter_mut();
            related.for_each(|related| below(&mut related.path));
        }
        for one in &mut self.liability {
            below(&mut one.path);
            let decisions = one.decisions.iter_mut();
            decisions.for_each(|one| below(&mut one.path));
        }
        let resources = self.resources.iter_mut().flatten();
        resources.for_each(|one| one.paths(&below));
        self.edges.iter_mut().for_each(|one| one.paths(&below));
        let summary = &mut self.summary;
        let files = summary.files.iter_mut();
        files.for_each(|file| below(&mut file.path));
        summary.not_templates.iter_mut().for_each(below);
        let repositories = summary.repositories.iter_mut();
        repositories.for_each(|one| below(&mut one.name));
        let items = summary.unread.iter_mut().flat_map(|group| &mut group.items);
        items.filter_map(|item| item.path.as_mut()).for_each(below);
    }
}
