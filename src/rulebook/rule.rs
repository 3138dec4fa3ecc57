//! Rules as the program uses them.

use std::ops::Deref;
use std::sync::Arc;

use super::bills::Bill;
use super::climb::Climb;
use super::cloud_control;
use super::coded::{Text, coded};
use super::condition::Condition;
use super::ladder::{Advice, Ladder, Step};
use super::lifecycle::Lifecycle;
use super::limits::ProviderLimit;
use super::test::Values;
use crate::base::{Dialect, PathStep, Rung};

/// A rule on its ladder.
#[derive(Clone, Debug)]
pub struct Rule {
    pub body: RuleBody,
    /// The ladder on which it places.
    pub ladder: Arc<Ladder>,
}

impl Deref for Rule {
    type Target = RuleBody;

    fn deref(&self) -> &RuleBody {
        &self.body
    }
}

/// One hosting choice, or one thing that belongs to a hosting choice.
#[derive(Clone, Debug, Default)]
pub struct RuleBody {
    /// Its name, unique in the catalogue.
    pub name: Text,
    /// As in a sentence, with its article.
    pub title: Text,
    /// The number of its ladder.
    pub ladder_number: usize,
    /// Every type that it speaks of.
    pub types: Vec<Text>,
    /// For modules among them, the inputs that switch them.
    pub made_if: Vec<(Text, Vec<Text>)>,
    /// What its cases ask of the resource.
    pub properties: Vec<Property>,
    /// What its cases ask of other resources.
    pub joins: Vec<Join>,
    /// The primaries to which it belongs.
    pub of: Vec<Link>,
    /// When it is deployment machinery.
    pub machinery: Option<Machinery>,
    /// First that holds decides.
    pub cases: Vec<Case>,
    /// What of it is ended, or will be.
    pub lifecycle: Vec<Lifecycle>,
    /// Its own advice for each rung.
    pub rungs: [Advice; 4],
    /// Public documentation.
    pub docs: Vec<Text>,
    /// The Terraform attributes that somebody asks of its resources: a plan keeps no others. Sorted.
    pub attributes: Vec<Text>,
}

coded!(RuleBody {
    name,
    title,
    ladder_number,
    types,
    made_if,
    properties,
    joins,
    of,
    machinery,
    cases,
    lifecycle,
    rungs,
    docs,
    attributes
});

/// The way to a value below a resource.
pub type Path = Vec<PathStep>;

/// Where a property stands in each dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The short name that conditions use.
    pub name: Text,
    /// Below `Properties`.
    pub cfn: Vec<Path>,
    /// In the block.
    pub tf: Vec<Path>,
    /// In a block of the `awscc` provider: as in CloudFormation, by other names.
    pub awscc: Vec<Path>,
    /// What the service takes when it is absent.
    pub default: Option<Text>,
    /// Numbers beside it in the same element of a list: an element in which all are zero counts for nothing where another one has
    /// one above zero.
    pub weights: Vec<Property>,
}

coded!(Property {
    name,
    cfn,
    tf,
    awscc,
    default,
    weights
});

impl Property {
    /// Whether it stands in what a key of such a resource holds.
    #[must_use]
    pub fn stands_in(&self, dialect: Dialect, kind: &str, key: &str) -> bool {
        let mut paths = self.paths(dialect, kind).iter();
        paths.any(|path| matches!(path.first(), Some(PathStep::Key(first)) if *first == key))
    }

    /// The paths in a resource of a type.
    #[must_use]
    pub fn paths(&self, dialect: Dialect, kind: &str) -> &[Path] {
        match dialect {
            Dialect::CloudFormation => &self.cfn,
            Dialect::Terraform | Dialect::Plan if cloud_control::is_one(kind) => &self.awscc,
            Dialect::Terraform | Dialect::Plan => &self.tf,
        }
    }
}

/// Connected resources of other rules.
#[derive(Clone, Debug)]
pub struct Join {
    /// The short name that conditions use.
    pub name: Text,
    /// How the connection must look.
    pub link: Link,
    /// What the cases ask of the other resource.
    pub properties: Vec<Property>,
}

coded!(Join {
    name,
    link,
    properties
});

/// How two resources are connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Rules on the other side.
    pub rules: Vec<usize>,
    /// The reference must stand in this property of this resource.
    pub through: Option<Property>,
    /// The reference must stand in this property of the other resource.
    pub from: Option<Property>,
    /// Rules of resources that may stand between.
    pub via: Vec<usize>,
    /// The last reference of a way must stand in this property of a resource between.
    pub between: Option<Property>,
    /// What a text must say, in small letters, for the other's name in it to count; nothing where every name counts.
    pub signs: Vec<Text>,
    /// Where the one that is named has its name: the same name in `through` or `from` is as good as a reference.
    pub by_name: Option<Property>,
    /// No reference is needed.
    pub loose: bool,
    /// Only where the other's rung is not above one's own.
    pub no_worse: bool,
    /// Only where nothing else that is no plumbing refers to this resource.
    pub only: bool,
}

coded!(Link {
    rules,
    through,
    from,
    via,
    between,
    signs,
    by_name,
    loose,
    no_worse,
    only
});

/// When a resource is deployment machinery: only the deployment uses it, so it is no hosting choice.
#[derive(Clone, Debug)]
pub struct Machinery {
    /// As in a sentence: "only custom resources use it".
    pub why: Text,
    /// Uses by the deployment itself; one is needed.
    pub by: Vec<Use>,
    /// Uses that count like those where the user is machinery too, or belongs to some.
    pub with: Vec<Use>,
    /// Rules whose resources stand for it.
    pub through: Vec<usize>,
    /// Types that name it without using it.
    pub beside: Vec<Text>,
    /// It is machinery whatever uses it.
    pub sign: Option<Condition>,
    /// Something else uses it.
    pub unless: Option<Condition>,
}

coded!(Machinery {
    why,
    by,
    with,
    through,
    beside,
    sign,
    unless
});

/// A reference by which a resource is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Rules of the users; none is any resource.
    pub rules: Vec<usize>,
    /// Where the reference stands in the user.
    pub from: Property,
}

coded!(Use { rules, from });

impl Link {
    /// The properties of which it asks what they say, and not only what they refer to, with the rules whose resources have
    /// them; `own` is the rule that has the link.
    pub fn texts(&self, own: usize) -> impl Iterator<Item = (usize, &Property)> {
        let asks = !self.signs.is_empty() || self.by_name.is_some();
        let through = self.through.iter().map(move |property| (own, property));
        let from = self.from.iter();
        let from = from.flat_map(|property| self.rules.iter().map(move |rule| (*rule, property)));
        let between = self.between.iter();
        let between =
            between.flat_map(|property| self.via.iter().map(move |rule| (*rule, property)));
        let name = self.by_name.iter().flat_map(move |property| {
            let named = self
                .rules
                .iter()
                .copied()
                .filter(|_| self.through.is_some());
            let own = std::iter::once(own).filter(|_| self.from.is_some());
            named.chain(own).map(move |rule| (rule, property))
        });
        let all = through.chain(from).chain(between).chain(name);
        all.filter(move |_| asks)
    }
}

/// One way to stand on a rung.
#[derive(Clone, Debug)]
pub struct Case {
    pub rung: Rung,
    pub when: Condition,
    /// The predicate of the finding's sentence.
    pub says: Text,
    /// Why nothing decides although it holds.
    pub doubt: Option<Text>,
    /// Other rungs that are as possible then.
    pub or: Vec<Rung>,
    /// The values that it asks for are not tried for parameters.
    pub untried: bool,
    /// Its own words, before those of its rung.
    pub words: Advice,
}

coded!(Case {
    rung,
    when,
    says,
    doubt,
    or,
    untried,
    words
});

impl Case {
    /// Whether it holds without any condition.
    #[must_use]
    pub fn always(&self) -> bool {
        self.when.always()
    }
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

impl Rule {
    /// The ladder on which it places.
    #[must_use]
    pub fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// A word for a rung: the rule's own, else the ladder's for the provider of its types.
    #[must_use]
    pub fn text(&self, rung: Rung, word: fn(&Advice) -> &str) -> &str {
        self.text_for(self.first(), rung, word)
    }

    /// How big the step up from a rung is.
    #[must_use]
    pub fn step(&self, rung: Rung) -> Option<Step> {
        self.step_for(self.first(), rung)
    }

    fn first(&self) -> &str {
        self.types.first().map_or("", |kind| kind)
    }

    /// The same for one of its types.
    #[must_use]
    pub fn text_for(&self, kind: &str, rung: Rung, word: fn(&Advice) -> &str) -> &str {
        let mut all = self.advice(kind, rung).map(word);
        all.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The way up for a resource of a type for which a case holds; of another rung that it can reach, without the case's own words.
    #[must_use]
    pub fn climb(&self, kind: &str, case: usize, rung: Rung) -> Climb<'_> {
        let case = self.cases.get(case).filter(|case| case.rung == rung);
        let own = case.map(|case| &case.words);
        Climb::of(own.into_iter().chain(self.advice(kind, rung)))
    }

    /// What is paid although nobody uses it: where its ways up lead, and where it stands on the first rung. Each once.
    #[must_use]
    pub fn bills(&self) -> Vec<&Bill> {
        let mut all: Vec<&Bill> = Vec::new();
        for bill in self.climbs().flat_map(|climb| climb.bills) {
            if !all.iter().any(|known| known.name == bill.name) {
                all.push(bill);
            }
        }
        all
    }

    /// Numbers of the provider in what it says, each once.
    #[must_use]
    pub fn limits(&self) -> Vec<&ProviderLimit> {
        let of_cases = self.cases.iter().flat_map(|case| &case.words.limits);
        let of_climbs = self.climbs().flat_map(|climb| climb.limits());
        let mut all: Vec<&ProviderLimit> = Vec::new();
        for limit in of_cases.chain(of_climbs) {
            if !all.iter().any(|known| known.name == limit.name) {
                all.push(limit);
            }
        }
        all
    }

    /// Every way up, for each of its types.
    fn climbs(&self) -> impl Iterator<Item = Climb<'_>> {
        self.types.iter().flat_map(move |kind| {
            let cases = self.cases.iter().enumerate();
            cases.map(move |(at, case)| self.climb(kind, at, case.rung))
        })
    }

    /// The same for one of its types.
    #[must_use]
    pub fn step_for(&self, kind: &str, rung: Rung) -> Option<Step> {
        self.advice(kind, rung).find_map(|advice| advice.step)
    }

    fn advice(&self, kind: &str, rung: Rung) -> impl Iterator<Item = &Advice> {
        let own = std::iter::once(&self.rungs[rung as usize]);
        own.chain(self.ladder.advice(kind, rung))
    }
}

impl RuleBody {
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

    /// The rung of a block in which nothing is written that a case asks for; none where that is not a hosting choice.
    #[must_use]
    pub fn default_rung(&self) -> Option<Rung> {
        let mut own = |property: usize, test: &super::test::Test| {
            test.ask(&Bare(self.properties[property].default.as_deref()))
        };
        let mut cases = self.cases.iter();
        let found = cases.find(|case| case.when.ask(&mut own));
        found.map(|case| case.rung)
    }
}

/// The values of a property that nobody wrote: what the service takes, if it says so.
struct Bare<'v>(Option<&'v str>);

impl Values for Bare<'_> {
    type Answer = bool;

    fn some(&self, passes: &dyn Fn(&str) -> bool) -> bool {
        self.0.is_some_and(passes)
    }

    fn present(&self) -> bool {
        self.0.is_some()
    }
}
