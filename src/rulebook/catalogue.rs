//! `rules/` as static tables: the build script writes them, so nothing is parsed when the program starts. A team's own
//! rules become the same tables on top of these ([`super::own`]).

use super::like;
pub use super::saying::{Elsewhere, RungText, Step};
use crate::base::Dialect;
use crate::base::PathStep;
use crate::base::Rung;

/// A catalogue: every ladder, every rule, every type.
pub struct Catalogue {
    /// In the order in which they are shown.
    pub ladders: &'static [Ladder],
    /// By ladder, in the order of their file.
    pub rules: &'static [Rule],
    /// Every type that a rule or a plumbing group names, sorted, with its place.
    pub types: &'static [(&'static str, Entry)],
    /// Prefixes of plumbing, sorted: a type belongs to the longest one that it starts with.
    pub prefixes: &'static [(&'static str, usize)],
    /// Globs for modules (`module:git::https://example.com/*`), the longest first, with their place.
    pub modules: &'static [(&'static str, Entry)],
    /// Why a group of types is plumbing.
    pub plumbing: &'static [&'static str],
}

/// Where a type has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Index into [`Catalogue::rules`].
    Rule(usize),
    /// Index into [`Catalogue::plumbing`].
    Plumbing(usize),
}

/// What a type is to a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A hosting choice.
    Decision,
    /// Belongs to a hosting choice; never one by itself.
    Member,
    /// No hosting choice.
    Plumbing,
}

impl Role {
    /// `decision`, `member` or `plumbing`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Member => "member",
            Self::Plumbing => "plumbing",
        }
    }
}

/// A capability that can be had in more than one way.
#[derive(Clone, Copy, Debug)]
pub struct Ladder {
    /// Its place among the ladders.
    pub order: usize,
    /// As in a finding's code.
    pub name: &'static str,
    /// As in a sentence.
    pub title: &'static str,
    /// What it is, and why its rungs stand in this order.
    pub about: &'static str,
    /// Words for each rung; a rung that the ladder does not have says nothing.
    pub rungs: [RungText; 4],
    /// The same words as other providers' resources need them.
    pub elsewhere: &'static [Elsewhere],
}

/// One hosting choice, or one thing that belongs to a hosting choice.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name, unique in the catalogue.
    pub name: &'static str,
    /// As in a sentence, with its article.
    pub title: &'static str,
    /// The ladder on which it places.
    pub ladder: &'static Ladder,
    /// Every type that it speaks of.
    pub types: &'static [&'static str],
    /// What its cases ask of the resource.
    pub properties: &'static [Property],
    /// What its cases ask of other resources.
    pub joins: &'static [Join],
    /// The primaries to which it belongs.
    pub of: &'static [Link],
    /// First that holds decides.
    pub cases: &'static [Case],
    /// Its own words for each rung.
    pub rungs: [RungText; 4],
    /// Public documentation.
    pub docs: &'static [&'static str],
    /// The Terraform attributes that this rule, or a rule that joins it, asks for.
    pub attributes: &'static [&'static str],
}

/// Where a property stands in each dialect.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// The short name that conditions use.
    pub name: &'static str,
    /// Below `Properties`.
    pub cfn: &'static [&'static [PathStep]],
    /// In the block.
    pub tf: &'static [&'static [PathStep]],
    /// What the service takes when it is absent.
    pub default: Option<&'static str>,
}

impl Property {
    /// The paths of one dialect.
    #[must_use]
    pub fn paths(&self, dialect: Dialect) -> &'static [&'static [PathStep]] {
        match dialect {
            Dialect::CloudFormation => self.cfn,
            Dialect::Terraform | Dialect::Plan => self.tf,
        }
    }
}

/// Connected resources of other rules.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// The short name that conditions use.
    pub name: &'static str,
    /// How the connection must look.
    pub link: Link,
    /// What the cases ask of the other resource.
    pub properties: &'static [Property],
}

/// How two resources are connected.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Rules on the other side.
    pub rules: &'static [usize],
    /// The reference must stand in this property of this resource.
    pub through: Option<Property>,
    /// The reference must stand in this property of the other resource.
    pub from: Option<Property>,
    /// Rules of resources that may stand between.
    pub via: &'static [usize],
    /// No reference is needed.
    pub loose: bool,
    /// Only where the other's rung is not above one's own.
    pub no_worse: bool,
    /// Only where nothing else that is no plumbing refers to this resource.
    pub only: bool,
}

/// One way to stand on a rung.
#[derive(Debug)]
pub struct Case {
    /// The rung.
    pub rung: Rung,
    /// When.
    pub when: Condition,
    /// The predicate of the finding's sentence.
    pub says: &'static str,
    /// Why nothing decides although it holds.
    pub doubt: Option<&'static str>,
    /// Other rungs that are as possible then.
    pub or: &'static [Rung],
}

/// What must hold. Numbers are indices into the rule's `properties` and `joins`.
#[derive(Debug)]
pub enum Condition {
    /// All of them; none always holds.
    All(&'static [Condition]),
    /// One of them.
    Any(&'static [Condition]),
    /// The opposite.
    Not(&'static Condition),
    /// Of a property.
    Own(usize, Test),
    /// Of a property of a joined resource.
    Joined(usize, usize, Test),
    /// A joined resource is there, or none is.
    Exists(usize, bool),
}

/// What is asked of the values at a property's paths.
#[derive(Debug)]
pub enum Test {
    /// One is one of these.
    Is(&'static [&'static str]),
    /// One is there that is none of these.
    Not(&'static [&'static str]),
    /// One matches one of these; `*` stands for anything.
    Like(&'static [&'static str]),
    /// One is a number above this.
    Above(i64),
    /// There is one, and every one is one of these.
    Every(&'static [&'static str]),
    /// There is one, or there is none.
    Present(bool),
}

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

impl Default for &'static Catalogue {
    fn default() -> Self {
        &CATALOGUE
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").finish_non_exhaustive()
    }
}

impl Catalogue {
    /// The place of a type; `None` where the catalogue does not know it.
    #[must_use]
    pub fn entry(&self, kind: &str) -> Option<Entry> {
        if let Ok(at) = self.types.binary_search_by(|(name, _)| (*name).cmp(kind)) {
            return Some(self.types[at].1);
        }
        if let Some((_, entry)) = self.modules.iter().find(|(glob, _)| like(kind, glob)) {
            return Some(*entry);
        }
        // A prefix of `kind` sorts before it, so the nearest one before is the longest, unless a sibling stands between.
        let mut at = self.prefixes.partition_point(|(prefix, _)| *prefix <= kind);
        while at > 0 {
            at -= 1;
            let (prefix, group) = self.prefixes[at];
            if kind.starts_with(prefix) {
                return Some(Entry::Plumbing(group));
            }
            if prefix.as_bytes().first() != kind.as_bytes().first() {
                break;
            }
        }
        None
    }

    /// Whether a type ought to be here and is not. What other namespaces bring along is plumbing unless it is named.
    #[must_use]
    pub fn misses(&self, kind: &str) -> bool {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let ours = match kind.split_once("::") {
            Some((namespace, _)) => namespace == "AWS",
            None => {
                ["aws_", "awscc_", "azurerm_", "google_"]
                    .iter()
                    .any(|one| kind.starts_with(one))
                    || !kind.bytes().all(word)
            }
        };
        ours && self.entry(kind).is_none()
    }

    /// The rule of a type.
    #[must_use]
    pub fn rule(&self, kind: &str) -> Option<&'static Rule> {
        match self.entry(kind)? {
            Entry::Rule(at) => Some(&self.rules[at]),
            Entry::Plumbing(_) => None,
        }
    }

    /// A ladder by name.
    #[must_use]
    pub fn ladder(&self, name: &str) -> Option<&'static Ladder> {
        self.ladders.iter().find(|ladder| ladder.name == name)
    }
}

impl Case {
    /// Whether it holds without any condition.
    #[must_use]
    pub fn always(&self) -> bool {
        matches!(self.when, Condition::All([]))
    }
}

impl Rule {
    /// The ladder on which it places.
    #[must_use]
    pub fn ladder(&self) -> &'static Ladder {
        self.ladder
    }

    /// Whether it can be a hosting choice by itself.
    #[must_use]
    pub fn role(&self) -> Role {
        if self.cases.is_empty() {
            Role::Member
        } else {
            Role::Decision
        }
    }

    /// Every rung that it can give, best first.
    #[must_use]
    pub fn reachable(&self) -> Vec<Rung> {
        let of_cases = self.cases.iter();
        let mut rungs: Vec<Rung> = of_cases
            .flat_map(|case| std::iter::once(case.rung).chain(case.or.iter().copied()))
            .collect();
        rungs.sort_unstable();
        rungs.dedup();
        rungs
    }

    /// The rung of a block in which nothing is written that a case asks for; none where that is no hosting choice.
    #[must_use]
    pub fn default_rung(&self) -> Option<Rung> {
        let holds = |case: &&Case| self.holds_bare(&case.when);
        self.cases.iter().find(holds).map(|case| case.rung)
    }

    fn holds_bare(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(all) => all.iter().all(|one| self.holds_bare(one)),
            Condition::Any(any) => any.iter().any(|one| self.holds_bare(one)),
            Condition::Not(one) => !self.holds_bare(one),
            Condition::Own(property, test) => match (self.properties[*property].default, test) {
                (None, Test::Present(present)) => !present,
                (None, _) => false,
                (Some(value), Test::Is(texts) | Test::Every(texts)) => texts.contains(&value),
                (Some(value), Test::Not(texts)) => !texts.contains(&value),
                (Some(_), Test::Present(present)) => *present,
                (Some(value), Test::Above(least)) => value.parse().is_ok_and(|n: i64| n > *least),
                (Some(_), Test::Like(_)) => false,
            },
            Condition::Joined(..) => false,
            Condition::Exists(_, present) => !present,
        }
    }
}
