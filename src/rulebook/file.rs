//! One file of rules as people write it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::bills::BillText;
use super::fix::FixText;
use super::ladder::Step;
use super::lifecycle::LifecycleText;
use super::limits::LimitText;
use super::plumbing::Holds;
use crate::base::Rung;

/// A whole file: one ladder with its rules, or the plumbing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// The ladder that this file describes; absent in `plumbing.toml`.
    pub ladder: Option<LadderText>,
    /// The name of a ladder that another file describes, and to which this one adds rules.
    pub extends: Option<String>,
    /// What each rung means on this ladder; in a file that extends one, what it means for this file's rules.
    #[serde(default)]
    pub rung: BTreeMap<Rung, RungText>,
    /// Lists of texts that conditions and links name: `"@fargate"`. Every file that is read together knows them.
    #[serde(default)]
    pub sets: BTreeMap<String, Vec<String>>,
    /// Numbers that providers set, which texts name between braces: `{lambda-timeout}`. Every file that is read together knows them.
    #[serde(default)]
    pub limits: BTreeMap<String, LimitText>,
    /// What services cost that nobody uses, for ways up and cases to name. Every file that is read together knows them.
    #[serde(default)]
    pub bills: BTreeMap<String, BillText>,
    /// The rules, in the order in which they read best.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RuleText>,
    /// Types that are no hosting choice, in groups that share a reason.
    #[serde(default)]
    pub plumbing: Vec<PlumbingText>,
}

/// The words of a ladder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderText {
    /// As in a finding's code: `compute`.
    pub name: String,
    /// As in a sentence: "compute".
    pub title: String,
    /// What the capability is and why its rungs stand in this order.
    pub about: String,
}

/// What a rung means, on a ladder or for one rule. A rule's text stands before its ladder's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RungText {
    /// Services that stand here, shortly: "ECS on Fargate, App Runner".
    pub takes: Option<String>,
    /// What is then the team's to run, as a list in words.
    pub yours: Option<String>,
    /// What to take instead, one rung up or more.
    pub up: Option<String>,
    /// The rung on which that stands; by default the next better one that is offered.
    pub to: Option<Rung>,
    /// How big a step that is.
    pub step: Option<Step>,
    /// The rule's properties that it changes, each by its short name; a join's by both names: `instances.class`.
    #[serde(default)]
    pub changes: Vec<String>,
    /// What becomes of the data: `kept`, `copied: HOW`, or `lost: HOW TO KEEP IT`.
    pub data: Option<String>,
    /// Names of bills: what is paid there although nobody uses it.
    #[serde(default)]
    pub bills: Vec<String>,
    /// When it is fair to stand here.
    pub fair: Option<String>,
    /// The way up as the exact change, where it is nothing but properties.
    pub fix: Option<FixText>,
}

impl RungText {
    /// Its texts, by their keys.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("takes", &self.takes),
            ("yours", &self.yours),
            ("up", &self.up),
            ("data", &self.data),
            ("fair", &self.fair),
        ];
        let said = all.into_iter();
        let said = said.filter_map(|(key, text)| Some((key, text.as_deref()?)));
        said.chain(self.fix.iter().map(|fix| ("fix", &*fix.says)))
    }
}

/// One hosting choice, or one thing that belongs to a hosting choice.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// Short and in the field's own words: `ecs-service`.
    pub name: String,
    /// As in a sentence, with its article: "an ECS service".
    pub title: String,
    /// CloudFormation, SAM and Terraform types that are the same thing, every one by name; and modules by their
    /// sources, in which a `*` stands for anything.
    pub types: Vec<String>,
    /// For modules among the types, inputs that switch them: the module makes something only where all are true, as they are by default.
    #[serde(default)]
    pub made_if: BTreeMap<String, Vec<String>>,
    /// Properties that the cases ask for, by a short name of our own.
    #[serde(default)]
    pub properties: BTreeMap<String, PropertyText>,
    /// Other resources of the stack that the cases ask for.
    #[serde(default)]
    pub joins: BTreeMap<String, JoinText>,
    /// Primaries to which this belongs. With no case it is plumbing when none of them is in the stack.
    #[serde(default)]
    pub of: Vec<LinkText>,
    /// When it is deployment machinery, and so no hosting choice.
    pub machinery: Option<MachineryText>,
    /// First that holds decides. A rule that is only ever a member has none.
    #[serde(default, rename = "case")]
    pub cases: Vec<CaseText>,
    /// What its provider has ended, will end, or sells to nobody new.
    #[serde(default)]
    pub lifecycle: Vec<LifecycleText>,
    /// Words of this rule for a rung, before the ladder's.
    #[serde(default)]
    pub rung: BTreeMap<Rung, RungText>,
    /// Public documentation of the service.
    #[serde(default)]
    pub docs: Vec<String>,
    /// The rule's own tests.
    #[serde(default, rename = "example")]
    pub examples: Vec<ExampleText>,
}

/// Where a property stands in each dialect. `a.b` goes down, `a[]` takes each element, `a.*` each value of a map,
/// `a."b.c"` a key that has dots of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyText {
    /// Below `Properties` in CloudFormation and SAM.
    pub cfn: Option<OneOrMore>,
    /// In the block in Terraform.
    pub tf: Option<OneOrMore>,
    /// What the service takes when it is absent.
    pub default: Option<String>,
    /// Numbers beside it in the same element of a list, without any of which above zero the element counts for nothing.
    pub weights: Option<Box<PropertyText>>,
}

/// A text or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    One(String),
    /// Several.
    More(Vec<String>),
}

impl OneOrMore {
    #[must_use]
    pub fn all(&self) -> Vec<&str> {
        match self {
            Self::One(text) => vec![text],
            Self::More(texts) => texts.iter().map(String::as_str).collect(),
        }
    }
}

/// Resources of other rules that are connected to this one by references, in whichever direction.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinText {
    /// Names of the rules on the other side.
    pub rules: Vec<String>,
    /// The reference must stand in this property of this resource.
    pub through: Option<PropertyText>,
    /// The reference must stand in this property of the other resource.
    pub from: Option<PropertyText>,
    /// Rules of resources that may stand between the two.
    #[serde(default)]
    pub via: Vec<String>,
    /// The last reference of a way by others must stand in this property of one between.
    pub between: Option<PropertyText>,
    /// Where the property is a text, it counts only beside one of these; capital letters are small ones.
    #[serde(default)]
    pub signs: Vec<String>,
    /// Where the one that is named has its name: the same name is as good as a reference.
    pub by_name: Option<PropertyText>,
    /// Properties of the other resource that the cases ask for.
    #[serde(default)]
    pub properties: BTreeMap<String, PropertyText>,
}

/// How a resource belongs to a primary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkText {
    /// Names of the primaries' rules.
    pub rules: Vec<String>,
    /// The reference must stand in this property of this resource.
    pub through: Option<PropertyText>,
    /// The reference must stand in this property of the primary.
    pub from: Option<PropertyText>,
    /// Rules of resources that may stand between the two.
    #[serde(default)]
    pub via: Vec<String>,
    /// The last reference of a way by others must stand in this property of one between.
    pub between: Option<PropertyText>,
    /// Where the property is a text, it counts only beside one of these; capital letters are small ones.
    #[serde(default)]
    pub signs: Vec<String>,
    /// Where the one that is named has its name: the same name is as good as a reference.
    pub by_name: Option<PropertyText>,
    /// No reference is needed: any such primary in the stack will do.
    #[serde(default)]
    pub loose: bool,
    /// It belongs only where its own rung would not be below the primary's.
    #[serde(default)]
    pub no_worse: bool,
    /// It belongs only where nothing else in the stack that is no plumbing refers to it.
    #[serde(default)]
    pub only: bool,
}

/// What makes a resource deployment machinery: only the deployment uses it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineryText {
    /// As in a sentence: "only custom resources use it".
    pub why: String,
    /// Uses by the deployment itself. One is needed, and nothing else may use it.
    #[serde(default)]
    pub by: Vec<UseText>,
    /// Uses that count like those where the user is machinery too, or belongs to some.
    #[serde(default)]
    pub with: Vec<UseText>,
    /// Names of rules whose resources stand for it: who uses them uses it.
    #[serde(default)]
    pub through: Vec<String>,
    /// Types that name it without using it; a `*` may end one.
    #[serde(default)]
    pub beside: Vec<String>,
    /// It is machinery whatever uses it where this holds. Properties only.
    #[serde(default)]
    pub sign: toml::Table,
    /// Something else uses it where this holds.
    #[serde(default)]
    pub unless: toml::Table,
}

/// A reference by which a resource is used.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseText {
    /// Names of the users' rules; none is any resource.
    #[serde(default)]
    pub rules: Vec<String>,
    /// The reference must stand in this property of the user.
    pub from: PropertyText,
}

/// One way to stand on a rung.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseText {
    /// Where it stands then.
    pub rung: Rung,
    /// All of these must hold; none for the last case.
    #[serde(default)]
    pub when: toml::Table,
    /// The predicate of the finding's sentence: "runs on ECS with EC2 instances".
    pub says: String,
    /// Why nothing decides although the case holds; the finding is then uncertain.
    pub doubt: Option<String>,
    /// Other rungs that are as possible, where there is a doubt.
    #[serde(default)]
    pub or: Vec<Rung>,
    /// The values that it asks for are not tried for parameters: hardly anybody would choose them.
    #[serde(default)]
    pub untried: bool,
    /// This case's own way up, before that of its rung.
    pub up: Option<String>,
    /// The rung on which that stands.
    pub to: Option<Rung>,
    /// How big a step that is.
    pub step: Option<Step>,
    /// As in the words of a rung.
    #[serde(default)]
    pub changes: Vec<String>,
    /// As in the words of a rung.
    pub data: Option<String>,
    /// Names of bills: of what the way up leads to, and for a case on the first rung, of itself.
    #[serde(default)]
    pub bills: Vec<String>,
    /// When it is fair to stand here.
    pub fair: Option<String>,
    /// As in the words of a rung.
    pub fix: Option<FixText>,
}

impl CaseText {
    /// Its own words.
    #[must_use]
    pub fn words(&self) -> RungText {
        RungText {
            takes: None,
            yours: None,
            up: self.up.clone(),
            to: self.to,
            step: self.step,
            changes: self.changes.clone(),
            data: self.data.clone(),
            bills: self.bills.clone(),
            fair: self.fair.clone(),
            fix: self.fix.clone(),
        }
    }
}

/// Types that host nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlumbingText {
    /// Why they are no hosting choice: "networking".
    pub why: String,
    /// Whole types, prefixes that end in `*`, or modules by their sources, in which a `*` stands for anything.
    pub types: Vec<String>,
    /// What a block of these types makes beyond itself, where nobody reads that: it may hold hosting choices.
    pub holds: Option<Holds>,
    /// Where it says what that is: a template, a product, a type.
    pub named: Option<PropertyText>,
}

/// A small template and what must be found in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleText {
    /// CloudFormation YAML, or Terraform JSON; and where it stands in the file.
    pub template: toml::Spanned<String>,
    /// Every decision of it as `address ladder rung`: `Api compute 2`. Empty where nothing must fire.
    pub expect: Vec<String>,
}

impl RuleFile {
    #[must_use]
    pub fn ladder_name(&self) -> Option<&str> {
        let own = self.ladder.as_ref().map(|ladder| ladder.name.as_str());
        own.or(self.extends.as_deref())
    }
}
