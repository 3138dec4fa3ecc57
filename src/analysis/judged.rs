//! What one input came to, before it is merged with the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::liabilities::Liability;
use super::local_calls::LocalCall;
use super::unread::Unread;
use crate::base::StackLinks;
use crate::base::finding::{Finding, Problem};
use crate::graph::Graph;
use crate::placement::{Decision, DeploymentHelper};
use crate::reasons::{Record, Verdicts};

/// A value of a deployment that some template has a parameter for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// Which of the configuration's deployments.
    pub deployment: usize,
    /// Whether it is one of the variables, else of the parameters.
    pub is_variable: bool,
    /// Which of them.
    pub number: usize,
}

/// What one input came to.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Every hosting choice, in the order of writing.
    pub decisions: Vec<Decision>,
    /// What to say; a finding's decision is an index into `decisions`.
    pub findings: Vec<Finding>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Templates that were read.
    pub read: Vec<String>,
    /// Files that are no templates.
    pub skipped_files: Vec<String>,
    /// Those of them that were asked for by name.
    pub not_templates: Vec<String>,
    /// Types that the catalogue does not know.
    pub unknown_types: BTreeMap<String, usize>,
    /// What only the deployment uses, in the order of writing.
    pub machinery: Vec<DeploymentHelper>,
    /// What servers make somebody own; the decisions of each are indexes into `decisions`.
    pub liabilities: Vec<Liability>,
    /// What else was not read.
    pub unread: Unread,
    /// Calls of modules in other folders: they are read where those are.
    pub local_calls: Vec<LocalCall>,
    /// Templates in files that blocks make something of: they are read where those are.
    pub local_templates: Vec<LocalCall>,
    /// Written reasons of the templates, in the order of writing.
    pub records: Vec<Record>,
    /// What became of the ledger's reasons here.
    pub ledger: Verdicts,
    /// The graph of its stacks, where it was asked for.
    pub graph: Option<Graph>,
    /// Deployments whose values count for its templates, by name.
    pub deployments: BTreeSet<Arc<str>>,
    /// What deployments give that its templates have parameters for.
    pub taken: BTreeSet<Taken>,
    /// The parameters of its templates, where deployments give any values.
    pub parameters: BTreeSet<String>,
    /// What its stacks say of others.
    pub links: StackLinks,
    /// Whether it is Terraform or a plan.
    pub terraform: bool,
    /// Files and folders beside it that it was asked for: where any of them changes, it may come to something else.
    pub asked: BTreeSet<PathBuf>,
}
