//! Ladders, rungs, decisions and the score: `rules/` applied to a template.

#![warn(missing_docs)]

use std::borrow::Cow;
use std::sync::Arc;

use crate::base::{Code, FixOffer, LifecycleCode, Position, Severity, Span, enumerated};

mod ambiguous;
pub mod arns;
mod branches;
pub mod classify;
pub mod fact_values;
pub mod hidden;
pub mod joins;
mod machinery;
mod matching;
mod names;
mod outcome;
mod owner;
pub mod parameters;
mod premises;
mod proviso;
pub mod score;
pub mod signature;

pub use crate::base::{Carrier, Dialect, Field, Generator, Place, Reason, Rung};
pub use crate::rulebook::actions::ActionWeights;
use crate::rulebook::wording;
pub use crate::rulebook::{
    Advice, CATALOGUE, Catalogue, Entry, Ladder, Property, Role, Rule, Step, Text, like,
};
pub use crate::rulebook::{Bill, Climb, Lifecycle, ProviderLimit};
pub use owner::{Owner, OwnerFrom};
pub use signature::Signature;

/// Another rung that a decision can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The rung.
    pub rung: Rung,
    /// What reaches it: "`LaunchType=EC2`"; empty where only deployments do.
    pub when: String,
    /// Names of the deployments that put it there.
    pub deployments: Vec<Arc<str>>,
}

impl Reach {
    /// As it follows the rung: "when `LaunchType=EC2`", "in dev", "in dev or when `LaunchType=EC2`".
    #[must_use]
    pub fn words(&self) -> String {
        match (&self.deployments[..], &*self.when) {
            ([], when) => format!("when {when}"),
            (names, "") => deployed_in(names),
            (names, when) => format!("{} or when {when}", deployed_in(names)),
        }
    }

    /// What reaches it, without the word before it: a condition, else the deployments.
    #[must_use]
    pub fn by(&self) -> String {
        match (&self.deployments[..], &*self.when) {
            ([], when) => when.to_owned(),
            _ => self.words(),
        }
    }
}

/// Where one deployment puts a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// The deployment's name.
    pub name: Arc<str>,
    /// The rung; none where the deployment leaves it out.
    pub rung: Option<Rung>,
}

/// Deployments that are named before "and N more".
const MOST_DEPLOYMENTS: usize = 4;

/// What a decision hangs on that is named before "and N more".
const MOST_CONDITIONS: usize = 3;

/// `in prod`, `in dev and prod`, `in a, b, c, d and 2 more`.
fn deployed_in(names: &[Arc<str>]) -> String {
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    format!("in {}", enumerated(&names, MOST_DEPLOYMENTS))
}

/// The justification that settles a decision.
#[derive(Clone, Debug)]
pub struct Justification {
    /// The record.
    pub reason: Reason,
    /// Where it stands.
    pub path: Arc<str>,
    /// First place of the record.
    pub start: Position,
}

/// One hosting choice.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// The language of the file, which says how a reason is written down.
    pub dialect: Dialect,
    /// Logical id, or full Terraform address.
    pub address: String,
    /// The folder of the root module that calls the one where it stands: others may call that, too.
    pub root: Option<Arc<str>>,
    /// The addresses that it had before, says Terraform, the last one first.
    pub former: Vec<String>,
    /// Whether another root makes one of the same address there.
    pub is_of_several_roots: bool,
    /// The construct that it comes from, as the CDK calls it: `prod/Orders/Redis`.
    pub construct: Option<String>,
    /// Whether it is the default child of that construct.
    pub is_default_child: bool,
    /// What wrote the template.
    pub generator: Option<Generator>,
    /// Provider type.
    pub kind: String,
    /// The ladder's rule that placed it.
    pub rule: Arc<Rule>,
    /// Which of the rule's cases held.
    pub case: usize,
    /// Where it stands.
    pub rung: Rung,
    /// Other rungs that it can reach, best first.
    pub reachable: Vec<Reach>,
    /// What has to hold for it to stand there, where `--strict` assumes more than the template and the deployment say:
    /// "`LaunchType=EC2`".
    pub assumed: Option<String>,
    /// Where each deployment that has a name puts it, in the order of their names.
    pub deployments: Vec<Deployed>,
    /// What a deployment gives takes part in it.
    pub is_given: bool,
    /// The values that are given leave it out of every deployment.
    pub is_left_out: bool,
    /// It is part of the score, and may need a reason: what is left out is, and does, only where the worst is assumed.
    pub is_counted: bool,
    /// It may not exist at all, says a condition.
    pub conditional: bool,
    /// By name, what that hangs on, where it has one: conditions of a CloudFormation template, else `var.bastion` and the like.
    pub conditional_on: Vec<String>,
    /// Why nothing decides; empty where something does.
    pub doubts: Vec<String>,
    /// Addresses of the blocks that only serve it, in the order of writing.
    pub members: Vec<String>,
    /// How many more there are, where they are too many to name.
    pub unlisted_members: usize,
    /// What the way up changes in what belongs to it: a type, and the path of a property there.
    pub changed_members: Vec<(String, String)>,
    /// What people call them: their constructs, else their addresses.
    pub shown_members: Vec<String>,
    /// Those of them that stand in another file, each with its path as it is shown.
    pub elsewhere: Vec<(String, Arc<str>)>,
    /// It stands below the rung that is accepted here, so somebody owes a reason.
    pub fallback: bool,
    /// It is no fallback where it stands, but another value of a parameter, or another deployment, makes it one.
    pub can_fall: bool,
    /// How much it weighs without one.
    pub severity: Severity,
    /// Nothing is said of it, says the configuration.
    pub is_off: bool,
    /// The reason that settles it.
    pub justification: Option<Justification>,
    /// Of what is open, the kinds of reasons that its template speaks against whatever their words, as they are listed.
    pub contradicted: Vec<&'static str>,
    /// Who answers for it.
    pub owner: Option<Owner>,
    /// The value stream that it belongs to.
    pub stream: Option<Arc<str>>,
    /// What of it its provider has ended, will end, or no longer sells.
    pub endings: Vec<Ending>,
    /// What its block holds, where somebody wants to recognise it.
    pub signature: Signature,
    /// The exact change to a better rung, where somebody asked for it and the rule knows one.
    pub fix: Option<FixOffer>,
    /// What decides in the place of the primary span, where that is nothing but a name for it.
    pub decider: Option<DeciderElsewhere>,
    /// The primary span.
    pub start: Position,
    /// One past its last place.
    pub end: Position,
    /// The block that the plan was made from, where it is at hand.
    pub written: Option<WrittenBlock>,
    /// Resources of plans that are this choice as well: the plan, as it is shown, and the address there.
    pub planned: Vec<(Arc<str>, String)>,
    /// The whole block in its file; empty where the file is not held whole (plans), and where there is none.
    pub block: Span,
}

/// What decides a rung outside of the block: the default of a parameter, a value of a mapping, what a module is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeciderElsewhere {
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// Where.
    pub start: Position,
    /// As in a sentence: "`Mode` is `PROVISIONED` by default".
    pub says: String,
    /// It is SAM's section that holds for all of a type.
    pub is_globals: bool,
}

/// The block that a resource of a plan was made from: its own, or the call of the module that makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenBlock {
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// Its address in its module: `aws_instance.web`, `module.db`.
    pub address: String,
    /// The primary span: the property that decides the rung, else the block's name.
    pub start: Position,
    /// One past its last place.
    pub end: Position,
    /// The whole block in its file.
    pub block: Span,
}

/// An entry of a rule's lifecycle that holds for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Which one of the rule's.
    pub number: usize,
    /// How it stands on the day of the run.
    pub code: LifecycleCode,
    /// A plan to leave in time settles it.
    pub is_settled: bool,
}

/// A resource that would be a hosting choice if anything but the deployment used it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentHelper {
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// Logical id, or full Terraform address.
    pub address: String,
    /// The construct that it comes from.
    pub construct: Option<String>,
    /// Provider type.
    pub kind: String,
    /// As in a sentence: "only custom resources use it".
    pub why: String,
}

impl Decision {
    /// What people call it: its construct, else its address.
    #[must_use]
    pub fn name(&self) -> &str {
        self.construct.as_deref().unwrap_or(&self.address)
    }

    /// The same, with the root that makes it where others make one as well.
    #[must_use]
    pub fn name_and_root(&self) -> Cow<'_, str> {
        match &self.root {
            Some(root) if self.is_of_several_roots => {
                Cow::Owned(format!("{} (root {root})", self.name()))
            }
            _ => Cow::Borrowed(self.name()),
        }
    }

    /// The file in which a person finds it, and the primary span there: the block that a plan was made from, where that is at hand.
    #[must_use]
    pub fn place(&self) -> (&Arc<str>, Position, Position) {
        match &self.written {
            Some(written) => (&written.path, written.start, written.end),
            None => (&self.path, self.start, self.end),
        }
    }

    /// The days on which something about it ends: its reason, or the service that it is of.
    pub fn ends(&self) -> impl Iterator<Item = &str> {
        let reason = self.justification.as_ref();
        let expires = reason.and_then(|found| found.reason.expires.as_ref());
        let services = self.lifecycle();
        let services = services.filter_map(|(entry, _)| entry.ends.as_deref());
        services.chain(expires.map(|field| field.text.trim()))
    }

    /// What is deployed together, as far as its text says: a template, a plan, the root of a Terraform module.
    #[must_use]
    pub fn stack(&self) -> Arc<str> {
        match (self.dialect, &self.root, self.path.rsplit_once('/')) {
            (Dialect::CloudFormation | Dialect::Plan, ..) => Arc::clone(&self.path),
            (Dialect::Terraform, Some(root), _) => Arc::clone(root),
            (Dialect::Terraform, None, Some((folder, _))) => folder.into(),
            (Dialect::Terraform, None, None) => ".".into(),
        }
    }

    /// Whether it is a fallback for which nobody wrote down a reason that counts.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.fallback && self.justification.is_none()
    }

    /// The ladder.
    #[must_use]
    pub fn ladder(&self) -> &Ladder {
        self.rule.ladder()
    }

    /// Whether nothing decides and the best reachable rung is assumed (the worst under `--strict`).
    #[must_use]
    pub fn uncertain(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// Which deployments put it on its rung, where it matters: "in prod".
    #[must_use]
    pub fn deployed_in(&self) -> Option<String> {
        let here = |one: &&Deployed| one.rung == Some(self.rung);
        let names = self.deployments.iter().filter(here);
        let names: Vec<Arc<str>> = names.map(|one| Arc::clone(&one.name)).collect();
        let matters = self.is_given || names.len() < self.deployments.len();
        (matters && !names.is_empty()).then(|| deployed_in(&names))
    }

    /// When it is there at all, where that is open: "under the condition `IsProd`", "depending on `var.bastion`".
    #[must_use]
    pub fn proviso(&self) -> Option<String> {
        if !self.conditional {
            return None;
        }
        let names = self.conditional_on.iter();
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let all = enumerated(&names, MOST_CONDITIONS);
        match (&names[..], self.dialect) {
            // Its doubts say it, or the deployments that have it.
            ([], _) if self.uncertain() || self.deployed_in().is_some() => None,
            ([], _) => Some("if it exists at all".to_owned()),
            ([_], Dialect::CloudFormation) => Some(format!("under the condition {all}")),
            (_, Dialect::CloudFormation) => Some(format!("under the conditions {all}")),
            _ => Some(format!("depending on {all}")),
        }
    }

    /// `compute/server`.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::fallback(self.ladder().name.clone(), self.rung)
    }
}

/// Whether a ladder is one of sfl's own.
#[must_use]
pub fn has_built_in_ladder(name: &str) -> bool {
    CATALOGUE.ladder(name).is_some()
}

impl Decision {
    /// A word for a rung: the rule's own, else the ladder's for the resource's provider.
    #[must_use]
    pub fn text(&self, rung: Rung, word: fn(&Advice) -> &str) -> &str {
        self.rule.text_for(&self.kind, rung, word)
    }

    /// What of it has ended, will end or is closed, each with how it stands.
    pub fn lifecycle(&self) -> impl Iterator<Item = (&Lifecycle, Ending)> {
        let endings = self.endings.iter();
        endings.filter_map(|one| Some((self.rule.lifecycle.get(one.number)?, *one)))
    }

    /// The predicate of the sentence about it: "runs on EC2".
    #[must_use]
    pub fn says(&self) -> Option<&str> {
        Some(&*self.rule.cases.get(self.case)?.says)
    }

    /// Whether its rule is one of sfl's own; a team's rule of the same name is not.
    #[must_use]
    pub fn has_built_in_rule(&self) -> bool {
        let first = self.rule.types.first();
        let known = first.and_then(|kind| CATALOGUE.rule(kind));
        known.is_some_and(|known| known.name == self.rule.name && known.types == self.rule.types)
    }

    /// The properties that the way up changes, as an author writes them.
    #[must_use]
    pub fn changes(&self) -> Vec<String> {
        let climb = self.climb();
        wording::changed(&self.rule, self.dialect, &self.kind, climb.changes)
    }

    /// The same, of its own block only.
    #[must_use]
    pub fn own_changes(&self) -> Vec<String> {
        wording::changed_itself(&self.rule, self.dialect, &self.kind, self.climb().changes)
    }

    /// On the first rung: what is paid although nobody uses it.
    #[must_use]
    pub fn own_bills(&self) -> &[Bill] {
        match self.rung {
            Rung::Serverless => self.climb().bills,
            _ => &[],
        }
    }

    /// The way up from where it stands.
    #[must_use]
    pub fn climb(&self) -> Climb<'_> {
        self.rule.climb(&self.kind, self.case, self.rung)
    }
}
