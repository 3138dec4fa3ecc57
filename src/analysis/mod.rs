//! What a run found: one owned value, merged from what each input came to and in a stable order. Reports, comparisons,
//! baselines and edits are functions of it; nothing that follows reads a template again.
//!
//! The words that belong to a result (a [`Decision`], its [`Ladder`] and [`Rung`], a written [`Reason`]) are handed out here,
//! so that what comes after needs no other room.

#![warn(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::base::finding::{Finding, Problem};
use crate::base::{HandPlace, StackLinks, ValueStream};
use crate::reasons::Verdicts;

pub mod grouping;
mod judged;
pub mod liabilities;
pub(crate) mod local_calls;
mod merged_from;
mod roots;
mod said_twice;
pub mod summary;
pub mod targets;
pub mod unread;

pub use crate::base::{Code, Rung};
pub use crate::graph::{self, Graph};
pub use crate::placement::score::Count;
pub use crate::placement::{
    ActionWeights, Bill, Carrier, Decision, Deployed, DeploymentHelper, Dialect, Ending, Field,
    Justification, Ladder, Lifecycle, Owner, OwnerFrom, ProviderLimit, Reach, Reason, Signature,
    Step, WrittenBlock, has_built_in_ladder,
};
pub use crate::reasons::message::{climb, likely_kind, rung_words, usual_kind};
pub use crate::reasons::{KINDS, Record, faults::SOON, severity as usual_severity};
pub use grouping::{Group, Grouping};
pub use judged::{Judged, Taken};
pub use liabilities::Liability;
pub use merged_from::MergedFrom;
pub use summary::Summary;
pub use targets::{TargetStanding, TargetState};
pub use unread::{Unread, UnreadItem, UnreadKind};

/// What the configuration places on the map by hand.
#[derive(Clone, Debug, Default)]
pub struct HandPlaces {
    /// In the order of the configuration.
    pub all: Vec<HandPlace>,
    /// Of a decision, which of them counts.
    pub of: BTreeMap<usize, usize>,
    /// Those that fit some decision.
    pub fitting: BTreeSet<usize>,
}

/// Everything that a run found, in a stable order.
#[derive(Debug, Default)]
pub struct Analysis {
    /// What the repository is for, in one sentence.
    pub purpose: Option<String>,
    /// The value streams, in the order of the configuration.
    pub streams: Vec<ValueStream>,
    /// The scores that are meant to be reached, and the way to them.
    pub targets: Vec<TargetStanding>,
    /// What is placed on the map by hand.
    pub hand_places: HandPlaces,
    /// What counts for the next best action, and how much.
    pub weights: ActionWeights,
    /// The files and folders, as they are shown, that name each other and were judged together.
    pub groups: Vec<Vec<String>>,
    /// Every hosting choice, rung 1 too, by path and order of writing.
    pub decisions: Vec<Decision>,
    /// Everything to say, by path and place.
    pub findings: Vec<Finding>,
    /// Templates that were read, by the path that is shown.
    pub read: Vec<String>,
    /// Files of modules that nobody named and that are judged for those that call them, by the path that is shown.
    pub(crate) called: BTreeSet<String>,
    /// Files that were looked at and are no templates.
    pub skipped_files: Vec<String>,
    /// Named files that are no templates.
    pub not_templates: Vec<String>,
    /// Inputs that could not be read; their findings have a code `source/...`.
    pub unreadable: usize,
    /// Types that the catalogue does not know, with how often they occur.
    pub unknown_types: BTreeMap<String, usize>,
    /// What only the deployment uses: it would be a hosting choice otherwise, and counts nowhere. By path and order of writing.
    pub machinery: Vec<DeploymentHelper>,
    /// What servers make somebody own beside their rung, by path and place.
    pub liabilities: Vec<Liability>,
    /// What else was not read; [`Analysis::all_unread`] has both.
    pub unread: Unread,
    /// Calls of modules in other folders: those whose folder was not read belong to what was not read.
    pub(crate) local_calls: Vec<local_calls::LocalCall>,
    /// Templates in files, of which blocks make something: those of files that were not read belong to it too.
    pub(crate) local_templates: Vec<local_calls::LocalCall>,
    /// Findings that are not shown, by what leaves them out: `--ignore cache`.
    pub hidden: BTreeMap<String, usize>,
    /// Written reasons: those of the templates, then the ledger's.
    pub records: Vec<Record>,
    /// Every resource and what it refers to, where that was asked for.
    pub graph: Option<Graph>,
    /// Deployments whose values count for any of it, by name.
    pub deployments: BTreeSet<Arc<str>>,
    /// The worst of all that can be was assumed.
    pub is_strict: bool,
    /// What deployments give that some template has a parameter for.
    pub(crate) taken: BTreeSet<Taken>,
    /// The parameters of the templates, where deployments give any values.
    pub(crate) parameters: BTreeSet<String>,
    /// What became of the ledger's reasons so far.
    pub(crate) ledger: Verdicts,
    /// Whether Terraform or a plan was read.
    pub(crate) terraform: bool,
    /// What it was put together from, where that is many reports.
    pub merged_from: Option<MergedFrom>,
    /// How long it took, where the caller measured it: the library asks no clock.
    pub elapsed: Duration,
}

impl Analysis {
    /// Takes in what one input came to.
    pub fn add(&mut self, part: Judged) {
        let offset = self.decisions.len();
        let mut findings = part.findings;
        let about = findings.iter_mut().filter_map(|one| one.decision.as_mut());
        about.for_each(|at| *at += offset);
        // Copied only where others are there: one template can have a million.
        match offset {
            0 => self.decisions = part.decisions,
            _ => self.decisions.extend(part.decisions),
        }
        match self.findings.is_empty() {
            true => self.findings = findings,
            false => self.findings.extend(findings),
        }
        self.read.extend(part.read);
        self.skipped_files.extend(part.skipped_files);
        self.not_templates.extend(part.not_templates);
        for (kind, count) in part.unknown_types {
            *self.unknown_types.entry(kind).or_default() += count;
        }
        self.machinery.extend(part.machinery);
        self.liabilities
            .extend(part.liabilities.into_iter().map(|mut one| {
                one.decisions.iter_mut().for_each(|at| *at += offset);
                one
            }));
        self.unread.merge(part.unread);
        self.local_calls.extend(part.local_calls);
        self.local_templates.extend(part.local_templates);
        self.records.extend(part.records);
        self.ledger.merge(part.ledger);
        if let Some(graph) = part.graph {
            self.graph.get_or_insert_default().append(graph);
        }
        self.deployments.extend(part.deployments);
        self.taken.extend(part.taken);
        self.parameters.extend(part.parameters);
        self.terraform |= part.terraform;
        for problem in part.problems {
            self.add_problem(problem);
        }
    }

    /// How many files were read only in part: something in them could not be read, and what else is in them is judged.
    #[must_use]
    pub fn read_in_part(&self) -> usize {
        if self.unreadable == 0 {
            return 0;
        }
        let whole: BTreeSet<&str> = self.read.iter().map(String::as_str).collect();
        let broken = self.findings.iter();
        let broken = broken.filter(|finding| finding.code.is_about_input());
        let broken: BTreeSet<&str> = broken.map(|finding| &**finding.path()).collect();
        let judged = self.decisions.iter().map(|decision| &*decision.path);
        let judged = judged.filter(|path| broken.contains(path) && !whole.contains(path));
        judged.collect::<BTreeSet<&str>>().len()
    }

    /// Takes in something that could not be read.
    pub fn add_problem(&mut self, problem: Problem) {
        self.unreadable += 1;
        self.findings.push(problem.into_finding());
    }

    /// Takes in another analysis.
    pub fn append(&mut self, other: Self) {
        let (unreadable, merged_from) = (other.unreadable, other.merged_from);
        self.called.extend(other.called);
        self.add(Judged {
            decisions: other.decisions,
            findings: other.findings,
            problems: Vec::new(),
            read: other.read,
            skipped_files: other.skipped_files,
            not_templates: other.not_templates,
            unknown_types: other.unknown_types,
            machinery: other.machinery,
            liabilities: other.liabilities,
            unread: other.unread,
            local_calls: other.local_calls,
            local_templates: other.local_templates,
            records: other.records,
            ledger: other.ledger,
            graph: other.graph,
            deployments: other.deployments,
            taken: other.taken,
            parameters: other.parameters,
            terraform: other.terraform,
            links: StackLinks::default(),
            asked: BTreeSet::new(),
        });
        self.unreadable += unreadable;
        if let Some(merged) = merged_from {
            self.merged_from.get_or_insert_default().append(merged);
        }
    }

    /// Takes what a plan and the folder that it was made from both say for one thing.
    pub(crate) fn unite_plans(&mut self) {
        said_twice::unite(self);
    }

    /// Tells apart what several roots make of one module.
    pub(crate) fn tell_roots_apart(&mut self) {
        roots::tell_apart(self);
    }

    /// Everything that was not read, types that the catalogue does not know and calls of modules in folders that were not read
    /// among it.
    #[must_use]
    pub fn all_unread(&self) -> Unread {
        let mut unread = self.unread.clone();
        for kind in self.unknown_types.keys() {
            unread.add(UnreadKind::UnknownType, UnreadItem::named(kind));
        }
        for call in local_calls::unread(&self.local_calls, &self.read) {
            unread.add(UnreadKind::ModuleCall, call);
        }
        for template in local_calls::unread_templates(&self.local_templates, &self.read) {
            unread.add(UnreadKind::NestedStack, template);
        }
        unread
    }

    /// The decision that a finding is about.
    #[must_use]
    pub fn decision(&self, finding: &Finding) -> Option<&Decision> {
        finding.decision.and_then(|at| self.decisions.get(at))
    }

    /// The decision whose reason a finding asks for; none where the finding is about anything else.
    #[must_use]
    pub fn unexplained(&self, finding: &Finding) -> Option<&Decision> {
        let asks = matches!(finding.code, Code::Fallback { .. });
        self.decision(finding).filter(|_| asks)
    }

    /// The decisions that the given values leave out: they count nowhere, and need no reason.
    pub fn left_out(&self) -> impl Iterator<Item = &Decision> {
        let all = self.decisions.iter();
        all.filter(|decision| !decision.is_counted)
    }

    /// Leaves out the findings that somebody does not want to see, and counts them; `hides` says what keeps one from being shown.
    pub fn hide(&mut self, hides: &dyn Fn(&Finding, Option<&Decision>) -> Option<String>) {
        let decisions = &self.decisions;
        let hidden = &mut self.hidden;
        self.findings.retain(|finding| {
            let decision = finding.decision.and_then(|at| decisions.get(at));
            let by = hides(finding, decision);
            let is_shown = by.is_none();
            if let Some(by) = by {
                *hidden.entry(by).or_default() += 1;
            }
            is_shown
        });
    }

    /// Whether everything that was meant to be read could be.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.unreadable == 0 && !self.findings.iter().any(Finding::is_fault)
    }

    /// Counts once what was written once.
    pub(crate) fn close_liabilities(&mut self) {
        liabilities::close(&mut self.liabilities, &self.decisions);
    }

    /// Puts everything in order: by path and place, whatever the order of reading.
    pub fn sort(&mut self) {
        self.findings.sort_by_cached_key(|finding| {
            let (start, _) = finding.positions();
            (finding.path().clone(), start, finding.code.clone())
        });
        self.read.sort();
        self.skipped_files.sort();
        self.machinery.sort_by(|a, b| a.path.cmp(&b.path));
        if let Some(graph) = &mut self.graph {
            graph.sort();
        }
        let mut order: Vec<usize> = (0..self.decisions.len()).collect();
        order.sort_by(|a, b| self.decisions[*a].path.cmp(&self.decisions[*b].path));
        self.renumber(&order);
        self.decisions.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Puts the decisions into another order: each of these places, once.
    pub(crate) fn reorder(&mut self, order: &[usize]) {
        let place = self.renumber(order);
        let decisions = std::mem::take(&mut self.decisions);
        let mut placed: Vec<(usize, Decision)> = place.into_iter().zip(decisions).collect();
        placed.sort_unstable_by_key(|(place, _)| *place);
        self.decisions = placed.into_iter().map(|(_, one)| one).collect();
    }

    /// Tells whatever speaks of a decision where it will stand.
    fn renumber(&mut self, order: &[usize]) -> Vec<usize> {
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        for finding in &mut self.findings {
            finding.decision = finding.decision.map(|old| place[old]);
        }
        let liabilities = self.liabilities.iter_mut();
        for at in liabilities.flat_map(|one| &mut one.decisions) {
            *at = place[*at];
        }
        place
    }
}
