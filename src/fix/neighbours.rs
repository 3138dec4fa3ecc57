//! What stands beside a block that changes: what forbids the change, what watches what would go, and what nothing would need any more.
//! It is found by its words, as somebody finds it who reads the file.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::held_texts::HeldTexts;
use super::mentions::{Mention, NameIndex, is_part, mentions};
use super::written_resource::WrittenResource;
use crate::base::source::Span;
use crate::base::{Dialect, enumerated};
use crate::placement::Decision;
use crate::rulebook::FixRecipe;
use crate::syntax::{Kind, Node};

/// How the types of what watches metrics begin.
const WATCHERS: [&str; 3] = ["AWS::CloudWatch::", "aws_cloudwatch_", "awscc_cloudwatch_"];

/// How the types of permissions begin: they need nobody, and nobody needs them without their role.
const PERMISSIONS: [&str; 3] = ["AWS::IAM::", "aws_iam_", "awscc_iam_"];

/// Properties that name a resource as others know it.
const NAMES: [&str; 8] = [
    "TableName",
    "name",
    "DBClusterIdentifier",
    "cluster_identifier",
    "StreamName",
    "FunctionName",
    "function_name",
    "table_name",
];

/// What a setting says where it is off.
const OFF: [&str; 3] = ["0", "off", "false"];

/// Names that are told before "and N more".
const MOST_NAMES: usize = 3;

/// The resources that stand in the files of a decision, and which of them each names.
pub(super) struct Neighbours<'b> {
    pub all: Vec<WrittenResource<'b>>,
    texts: &'b HeldTexts,
    dialect: Dialect,
    places: HashMap<(Arc<str>, Span), usize>,
    /// For each, whom its text names.
    named: Vec<Vec<Mention>>,
    /// For each, whose texts have its address.
    namers: Vec<Vec<usize>>,
    /// Those whose texts have a word, by words that somebody asked for.
    having: RefCell<HashMap<String, Rc<[usize]>>>,
}

impl<'b> Neighbours<'b> {
    /// Reads the text of each once.
    pub fn new(all: Vec<WrittenResource<'b>>, texts: &'b HeldTexts, dialect: Dialect) -> Self {
        let names: Vec<Vec<String>> = all.iter().map(|one| names(one, dialect)).collect();
        let index = NameIndex::of(&names);
        let named: Vec<Vec<Mention>> = all
            .iter()
            .map(|one| index.named_in(one.text(texts)))
            .collect();
        let mut namers = vec![Vec::new(); all.len()];
        for (at, named) in named.iter().enumerate() {
            for one in named.iter().filter(|one| one.by_address) {
                namers[one.at].push(at);
            }
        }
        let places = all.iter().enumerate();
        Self {
            places: places
                .map(|(at, one)| ((Arc::clone(&one.path), one.block), at))
                .collect(),
            all,
            texts,
            dialect,
            named,
            namers,
            having: RefCell::default(),
        }
    }

    fn at(&self, path: &Arc<str>, block: Span) -> Option<usize> {
        self.places.get(&(Arc::clone(path), block)).copied()
    }

    /// Whose address a resource names.
    pub fn addressed<'n>(
        &'n self,
        one: &WrittenResource<'_>,
    ) -> impl Iterator<Item = &'n WrittenResource<'b>> {
        let named = self.at(&one.path, one.block).map(|at| &*self.named[at]);
        let named = named.unwrap_or_default().iter();
        named
            .filter(|one| one.by_address)
            .map(|one| &self.all[one.at])
    }

    /// What stands beside it and has it stay as it is.
    pub fn forbids(&self, fix: &FixRecipe, decision: &Decision) -> Option<String> {
        let decisions = [decision];
        let is_named = |kind: &str| fix.never_beside.iter().any(|named| *named == kind);
        for (at, one) in self.all.iter().enumerate() {
            if !is_named(&one.kind) {
                continue;
            }
            // What says where it comes from, and names nothing that is here, may mean this.
            let may_mean =
                one.text(self.texts).contains("ource") && !self.is_about_others(at, &decisions);
            if self.is_about(at, &decisions) || may_mean {
                let why = why(&one.kind);
                return Some(format!("{} does not let it{why}", one.address));
            }
        }
        fix.never_on.iter().find_map(|setting| {
            let is_on = |one: &&WrittenResource<'_>| {
                one.address != decision.address && is_on(one.text(self.texts), setting)
            };
            let on = match self.own(decision) {
                Some(own) => self.addressed(own).find(is_on),
                None => {
                    let span = decision.block;
                    let text = self.texts.text(&decision.path);
                    let block = text.get(span.start as usize..span.end as usize);
                    let named = |one: &&WrittenResource<'_>| {
                        block.is_some_and(|block| mentions(block, &one.address))
                    };
                    self.all.iter().filter(named).find(is_on)
                }
            };
            Some(format!("`{setting}` is on in {}", on?.address))
        })
    }

    /// Alarms and the like on metrics of what would go, in a clause.
    pub fn watched(&self, fix: &FixRecipe, decisions: &[&Decision]) -> Option<String> {
        let having = fix.metrics.iter().map(|metric| self.having(metric));
        let having: BTreeSet<usize> = having.flat_map(|all| all.to_vec()).collect();
        let watches = |at: &usize| {
            let kind = &self.all[*at].kind;
            WATCHERS.iter().any(|start| kind.starts_with(start)) && self.may_mean(*at, decisions)
        };
        let found: Vec<&str> = having
            .into_iter()
            .filter(watches)
            .map(|at| &*self.all[at].address)
            .collect();
        let verb = if found.len() == 1 { "watches" } else { "watch" };
        Some(format!(
            "{} {verb} the capacity that it had: change that first",
            listed(&found)?
        ))
    }

    /// What is allowed an action that changes the same, in a clause; not what is left over.
    pub fn acting(
        &self,
        fix: &FixRecipe,
        decisions: &[&Decision],
        left_over: &[&str],
    ) -> Option<String> {
        fix.acts.iter().find_map(|action| {
            let all = self.having(action);
            let all = all.iter().filter(|at| self.may_mean(**at, decisions));
            let found: Vec<&str> = all
                .map(|at| &*self.all[*at].address)
                .filter(|address| !left_over.contains(address))
                .collect();
            let verb = if found.len() == 1 { "allows" } else { "allow" };
            Some(format!(
                "{} {verb} `{action}`: look for what sets its capacity from outside",
                listed(&found)?
            ))
        })
    }

    /// Roles that nothing but what goes along needs, in a clause.
    pub fn left_over_words(left_over: &[&str]) -> Option<String> {
        Some(format!(
            "nothing else needs {}, so take that out too",
            listed(left_over)?
        ))
    }

    /// Roles that nothing but what goes along needs.
    pub fn left_over(&self, dropped: &[&WrittenResource<'_>]) -> Vec<&str> {
        let is_permission = |at: usize| {
            let kind = &self.all[at].kind;
            PERMISSIONS.iter().any(|start| kind.starts_with(start))
        };
        let goes = |at: usize| {
            let address = &self.all[at].address;
            dropped.iter().any(|other| other.address == *address)
        };
        let places = dropped
            .iter()
            .filter_map(|one| self.at(&one.path, one.block));
        let named = places.flat_map(|at| &self.named[at]);
        let roles = named.filter(|one| one.by_address && is_permission(one.at));
        let roles: BTreeSet<usize> = roles.map(|one| one.at).collect();
        let roles = roles.into_iter().filter(|role| {
            let mut namers = self.namers[*role].iter();
            !namers.any(|at| !goes(*at) && !is_permission(*at))
        });
        roles.map(|at| &*self.all[at].address).collect()
    }

    /// Those whose texts have a word.
    fn having(&self, word: &str) -> Rc<[usize]> {
        let mut known = self.having.borrow_mut();
        let all = known.entry(word.to_owned()).or_insert_with(|| {
            let all = self.all.iter().enumerate();
            all.filter(|(_, one)| mentions(one.text(self.texts), word))
                .map(|(at, _)| at)
                .collect()
        });
        Rc::clone(all)
    }

    /// Whether a resource speaks of one of several, or of none of their type.
    fn may_mean(&self, at: usize, decisions: &[&Decision]) -> bool {
        self.is_about(at, decisions) || !self.is_about_others(at, decisions)
    }

    /// Whether a resource speaks of one of several.
    fn is_about(&self, at: usize, decisions: &[&Decision]) -> bool {
        decisions
            .iter()
            .any(|decision| match self.at(&decision.path, decision.block) {
                Some(own) => self.named[at].iter().any(|one| one.at == own),
                None => mentions(self.all[at].text(self.texts), &decision.address),
            })
    }

    /// Whether a resource speaks of another of the same type, which is none of several.
    fn is_about_others(&self, at: usize, decisions: &[&Decision]) -> bool {
        self.named[at].iter().any(|one| {
            let one = &self.all[one.at];
            decisions.iter().any(|decision| one.kind == decision.kind)
                && !decisions
                    .iter()
                    .any(|decision| one.address == decision.address)
        })
    }

    /// Where the properties of a resource stand.
    pub fn properties(&self, one: &WrittenResource<'b>) -> Option<Node<'b>> {
        properties(one, self.dialect)
    }

    /// A resource as it is written, of a decision.
    pub fn own(&self, decision: &Decision) -> Option<&WrittenResource<'b>> {
        self.at(&decision.path, decision.block)
            .map(|at| &self.all[at])
    }
}

fn properties<'b>(one: &WrittenResource<'b>, dialect: Dialect) -> Option<Node<'b>> {
    match dialect {
        Dialect::CloudFormation => one.body.get("Properties"),
        Dialect::Terraform | Dialect::Plan => Some(one.body),
    }
}

/// Its address, and its name where that is written out.
fn names(one: &WrittenResource<'_>, dialect: Dialect) -> Vec<String> {
    let mut names = vec![one.address.clone()];
    let properties = properties(one, dialect);
    for name in NAMES {
        let value = properties.and_then(|properties| properties.get(name));
        let value = value.filter(|value| value.kind() == Kind::Scalar && value.tag().is_none());
        if let Some(value) = value {
            let text = value.text();
            if !text.is_empty() && text.chars().all(is_part) {
                names.push(text.into_owned());
            }
        }
    }
    names
}

/// Why a type does not let it, where that is known.
fn why(kind: &str) -> &'static str {
    match kind {
        "AWS::RDS::GlobalCluster" | "aws_rds_global_cluster" => {
            ": a cluster of a global database stays awake"
        }
        "AWS::RDS::Integration" | "aws_rds_integration" => {
            ": a cluster that an integration reads stays awake"
        }
        _ => "",
    }
}

/// Whether a setting stands in a text and is not said to be off.
fn is_on(text: &str, setting: &str) -> bool {
    text.match_indices(setting).any(|(at, _)| {
        let rest = &text[at + setting.len()..];
        // `name: 1`, or `name = "..."` and `value = "1"` on the next line.
        let mut words = rest
            .split(|letter| !is_part(letter))
            .filter(|word| !word.is_empty());
        let value = words.find(|word| *word != "value" && *word != "Value");
        value.is_some_and(|value| !OFF.contains(&&*value.to_ascii_lowercase()))
    })
}

/// The first of some names; nothing where there are none.
fn listed(all: &[&str]) -> Option<String> {
    (!all.is_empty()).then(|| enumerated(all, MOST_NAMES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_on_unless_it_is_off() {
        for on in [
            "rds.logical_replication: '1'",
            "\"rds.logical_replication\": \"1\"",
            "name = \"rds.logical_replication\"\n    value = \"1\"",
            "rds.logical_replication: !Ref Replicates",
        ] {
            assert!(is_on(on, "rds.logical_replication"), "{on}");
        }
        for off in [
            "rds.logical_replication: 0",
            "name = \"rds.logical_replication\"\n    value = \"0\"",
            "max_connections: 1",
        ] {
            assert!(!is_on(off, "rds.logical_replication"), "{off}");
        }
        assert!(!is_on("binlog_format: 'OFF'", "binlog_format"));
        assert!(is_on("binlog_format: ROW", "binlog_format"));
    }
}
