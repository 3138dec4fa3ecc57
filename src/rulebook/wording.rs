//! Conditions in words, for messages and for pages alike.

use super::catalogue::Catalogue;
use super::cloud_control;
use super::coded::Text;
use super::condition::Condition;
use super::rule::{Case, Join, Path, Property, Rule};
use crate::base::{Dialect, PathStep};

/// Kinds of resources that are named before "or the like".
const MOST_TITLES: usize = 3;

/// Whose names of properties to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// `LaunchType`.
    CloudFormation,
    /// `launch_type`.
    Terraform,
    /// The same in the `awscc` provider, which takes CloudFormation's names.
    Awscc,
    /// `LaunchType` or `launch_type`.
    Both,
}

impl Names {
    /// Those of a type in a dialect.
    #[must_use]
    pub fn of(dialect: Dialect, kind: &str) -> Self {
        match dialect {
            Dialect::CloudFormation => Self::CloudFormation,
            Dialect::Terraform | Dialect::Plan if cloud_control::is_one(kind) => Self::Awscc,
            Dialect::Terraform | Dialect::Plan => Self::Terraform,
        }
    }
}

/// Puts the conditions of a rule into words.
#[derive(Clone, Copy)]
pub struct Wording<'w> {
    /// Where the rules on the other side of joins are.
    pub catalogue: &'w Catalogue,
    /// Whose conditions they are.
    pub rule: &'w Rule,
    /// Whose names of properties to use.
    pub names: Names,
    /// Name every path of a property, as a page does; a message has room for the first.
    pub every_path: bool,
}

impl<'w> Wording<'w> {
    /// When a case holds: "`LaunchType` is `EC2`", or "otherwise".
    #[must_use]
    pub fn case(self, case: &Case) -> String {
        if case.always() {
            return "otherwise".to_owned();
        }
        self.condition(&case.when)
    }

    #[must_use]
    pub fn condition(self, condition: &Condition) -> String {
        self.holds(condition, true)
    }

    fn holds(self, condition: &Condition, holds: bool) -> String {
        match condition {
            Condition::All(all) if holds => self.list(all, " and "),
            Condition::Any(any) if holds => self.list(any, " or "),
            Condition::All(_) | Condition::Any(_) => {
                format!("not ({})", self.holds(condition, true))
            }
            Condition::Not(one) => self.holds(one, !holds),
            Condition::Own(at, test) => {
                let property = self.property(&self.rule.properties[*at]);
                format!("{property} {}", test.phrase(holds))
            }
            Condition::Joined(join, at, test) if holds => {
                let join = &self.rule.joins[*join];
                let property = self.property(&join.properties[*at]);
                let titles = either(&self.titles(join));
                format!("{property} of {titles} {}", test.phrase(true))
            }
            Condition::Joined(..) => format!("not ({})", self.holds(condition, true)),
            Condition::Exists(join, present) => self.exists(*join, *present == holds),
        }
    }

    fn exists(self, join: usize, present: bool) -> String {
        let titles = self.titles(&self.rule.joins[join]);
        if present {
            return format!("the stack has {} for it", either(&titles));
        }
        let articles = ["a ", "an ", "the "];
        let bare = titles.iter().map(|title| {
            let mut articles = articles.iter();
            let bare = articles.find_map(|article| title.strip_prefix(article));
            bare.unwrap_or(title)
        });
        let bare: Vec<&str> = bare.collect();
        format!("the stack has no {} for it", either(&bare))
    }

    /// What a join finds, in the words of the rules on its other side that the dialect has.
    fn titles(self, join: &Join) -> Vec<&'w str> {
        let rules = join.link.rules.iter();
        let rules = rules.map(|rule| &**self.catalogue.rule_at(*rule));
        let spoken = |name: &str| match self.names {
            Names::CloudFormation | Names::Awscc => name.contains("::"),
            Names::Terraform => !name.contains("::"),
            Names::Both => true,
        };
        let rules = rules.filter(|rule| rule.types.iter().any(|name| spoken(name)));
        rules.map(|rule| &*rule.title).collect()
    }

    fn list(self, parts: &[Condition], between: &str) -> String {
        // What an author of this dialect can't write needs no words, unless there is nothing else to say.
        let spoken: Vec<&Condition> = parts
            .iter()
            .filter(|part| self.can_be_written(part))
            .collect();
        let parts = if spoken.is_empty() {
            parts.iter().collect()
        } else {
            spoken
        };
        let parts = parts.into_iter().map(|part| match part {
            Condition::Any(_) => format!("({})", self.condition(part)),
            _ => self.condition(part),
        });
        parts.collect::<Vec<_>>().join(between)
    }

    fn can_be_written(self, condition: &Condition) -> bool {
        let written = |property: &Property| self.paths(property).next().is_some();
        match condition {
            Condition::Own(at, _) => written(&self.rule.properties[*at]),
            Condition::Joined(join, at, _) => written(&self.rule.joins[*join].properties[*at]),
            _ => true,
        }
    }

    /// A property as an author would write it; by our name for it, where the dialect has none.
    #[must_use]
    pub fn property(self, property: &Property) -> String {
        let mut all: Vec<String> = self.paths(property).map(written).collect();
        if !self.every_path {
            all.truncate(1);
        }
        all.dedup();
        if all.is_empty() {
            return format!("`{}`", property.name);
        }
        all.join(" or ")
    }

    fn paths(self, property: &Property) -> impl Iterator<Item = &Path> {
        let (cfn, tf) = match self.names {
            Names::CloudFormation => (&property.cfn[..], &[][..]),
            Names::Terraform => (&[][..], &property.tf[..]),
            Names::Awscc => (&[][..], &property.awscc[..]),
            Names::Both => (&property.cfn[..], &property.tf[..]),
        };
        cfn.iter().chain(tf)
    }
}

/// What an author writes for the properties that a way up changes; those that the dialect does not have are left out.
#[must_use]
pub fn changed(rule: &Rule, dialect: Dialect, kind: &str, changes: &[Text]) -> Vec<String> {
    let properties = changes
        .iter()
        .filter_map(|name| own(rule, name).or_else(|| Some(joined(rule, name)?.1)));
    bares(properties.flat_map(|property| property.paths(dialect, kind)))
}

/// The same, of the resource itself only.
#[must_use]
pub fn changed_itself(rule: &Rule, dialect: Dialect, kind: &str, changes: &[Text]) -> Vec<String> {
    let properties = changes.iter().filter_map(|name| own(rule, name));
    bares(properties.flat_map(|property| property.paths(dialect, kind)))
}

/// The same, of what a join connects it with, which is of another type: the join with what an author writes there.
pub fn changed_beside<'r>(
    rule: &'r Rule,
    dialect: Dialect,
    kind: &'r str,
    changes: &'r [Text],
) -> impl Iterator<Item = (&'r Join, String)> {
    let beside = changes.iter().filter(|name| own(rule, name).is_none());
    let beside = beside.filter_map(|name| joined(rule, name));
    beside.flat_map(move |(join, property)| {
        let paths = property.paths(dialect, kind).iter();
        paths.map(move |path| (join, bare(path)))
    })
}

fn own<'r>(rule: &'r Rule, name: &str) -> Option<&'r Property> {
    rule.properties.iter().find(|known| known.name == name)
}

/// What a name with a dot means.
fn joined<'r>(rule: &'r Rule, name: &str) -> Option<(&'r Join, &'r Property)> {
    let (join, name) = name.split_once('.')?;
    let join = rule.joins.iter().find(|known| known.name == join)?;
    let property = join.properties.iter().find(|known| known.name == name)?;
    Some((join, property))
}

/// The same of the resource itself and of one that is joined to it is written once.
fn bares<'p>(paths: impl Iterator<Item = &'p Path>) -> Vec<String> {
    let mut all = Vec::new();
    for written in paths.map(bare) {
        if !all.contains(&written) {
            all.push(written);
        }
    }
    all
}

fn written(path: &Path) -> String {
    format!("`{}`", bare(path))
}

fn bare(path: &Path) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            PathStep::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            PathStep::Each => {}
            PathStep::Values => text.push_str(".*"),
        }
    }
    text
}

/// "a, b or c"; of many, only the first few.
fn either(words: &[&str]) -> String {
    match words {
        [] => "another resource".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] if words.len() <= MOST_TITLES => {
            format!("{} or {last}", first.join(", "))
        }
        _ => format!("{} or the like", words[..MOST_TITLES].join(", ")),
    }
}
