//! What stands beside a block that changes: what forbids the change, what watches what would go, and what nothing would need any more.
//! It is found by its words, as somebody finds it who reads the file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::drafts::WrittenResource;
use super::held_texts::HeldTexts;
use crate::base::Dialect;
use crate::placement::Decision;
use crate::rulebook::FixRecipe;
use crate::syntax::{Document, Kind, Node};

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

/// The resources that stand in the files of a decision.
pub(super) struct Neighbours<'b> {
    pub all: &'b [&'b WrittenResource],
    pub texts: &'b HeldTexts,
    pub documents: &'b BTreeMap<Arc<str>, Document<'b>>,
}

impl Neighbours<'_> {
    pub fn text(&self, one: &WrittenResource) -> &str {
        let span = one.block;
        let text = self.texts.text(&one.path);
        text.get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// What stands beside it and has it stay as it is.
    pub fn forbids(&self, fix: &FixRecipe, decision: &Decision) -> Option<String> {
        let own = self.own_names(decision);
        let is_named = |kind: &str| fix.never_beside.iter().any(|named| *named == kind);
        for one in self.all.iter().filter(|one| is_named(&one.kind)) {
            let text = self.text(one);
            // What says where it comes from, and names nothing that is here, may mean this.
            let may_mean = text.contains("ource") && !self.means_another(text, decision);
            if mentions(text, &own) || may_mean {
                let why = why(&one.kind);
                return Some(format!("{} does not let it{why}", one.address));
            }
        }
        let block = self.text_of(decision);
        for setting in &fix.never_on {
            let mut others = self
                .all
                .iter()
                .filter(|one| one.address != decision.address);
            let on = others.find(|one| {
                is_on(self.text(one), setting)
                    && mentions(block, std::slice::from_ref(&one.address))
            });
            if let Some(one) = on {
                return Some(format!("`{setting}` is on in {}", one.address));
            }
        }
        None
    }

    /// Alarms and the like on metrics of what would go, in a clause.
    pub fn watched(&self, fix: &FixRecipe, decisions: &[&Decision]) -> Option<String> {
        if fix.metrics.is_empty() {
            return None;
        }
        let own = self.names_of_all(decisions);
        let watches = |one: &&&WrittenResource| {
            let text = self.text(one);
            WATCHERS.iter().any(|start| one.kind.starts_with(start))
                && fix
                    .metrics
                    .iter()
                    .any(|metric| mentions(text, &[metric.to_string()]))
                && (mentions(text, &own) || !self.is_about_others(text, decisions))
        };
        let found: Vec<&str> = self
            .all
            .iter()
            .filter(watches)
            .map(|one| &*one.address)
            .collect();
        let verb = if found.len() == 1 { "watches" } else { "watch" };
        Some(format!(
            "{} {verb} the capacity that it had: change that first",
            named(&found)?
        ))
    }

    /// What is allowed an action that changes the same, in a clause; not what is left over.
    pub fn acting(
        &self,
        fix: &FixRecipe,
        decisions: &[&Decision],
        left_over: &[&str],
    ) -> Option<String> {
        let own = self.names_of_all(decisions);
        let allows = |one: &WrittenResource, action: &str| {
            let text = self.text(one);
            mentions(text, &[action.to_owned()])
                && !left_over.contains(&&*one.address)
                && (mentions(text, &own) || !self.is_about_others(text, decisions))
        };
        fix.acts.iter().find_map(|action| {
            let all = self.all.iter().filter(|one| allows(one, action));
            let found: Vec<&str> = all.map(|one| &*one.address).collect();
            let verb = if found.len() == 1 { "allows" } else { "allow" };
            Some(format!(
                "{} {verb} `{action}`: look for what sets its capacity from outside",
                named(&found)?
            ))
        })
    }

    /// Roles that nothing but what goes along needs, in a clause.
    pub fn left_over_words(left_over: &[&str]) -> Option<String> {
        Some(format!(
            "nothing else needs {}, so take that out too",
            named(left_over)?
        ))
    }

    /// Roles that nothing but what goes along needs.
    pub fn left_over(&self, dropped: &[&WrittenResource]) -> Vec<&str> {
        let is_permission = |kind: &str| PERMISSIONS.iter().any(|start| kind.starts_with(start));
        let goes = |one: &WrittenResource| dropped.iter().any(|other| other.address == one.address);
        let is_left = |one: &&&WrittenResource| {
            let name = [one.address.clone()];
            let is_used = |other: &&&WrittenResource| mentions(self.text(other), &name);
            is_permission(&one.kind)
                && dropped.iter().any(|gone| mentions(self.text(gone), &name))
                && !self
                    .all
                    .iter()
                    .filter(|other| !goes(other) && !is_permission(&other.kind))
                    .any(|other| is_used(&other))
        };
        let all = self.all.iter().filter(is_left);
        all.map(|one| &*one.address).collect()
    }

    fn names_of_all(&self, decisions: &[&Decision]) -> Vec<String> {
        let all = decisions.iter();
        all.flat_map(|decision| self.own_names(decision)).collect()
    }

    /// Whether a text speaks of a resource of the same type that is none of several.
    fn is_about_others(&self, text: &str, decisions: &[&Decision]) -> bool {
        let mut others = self.all.iter().filter(|one| {
            let is_own = |decision: &&Decision| one.address == decision.address;
            let mut all = decisions.iter();
            all.any(|decision| one.kind == decision.kind) && !decisions.iter().any(is_own)
        });
        others.any(|one| mentions(text, &self.names(one, decisions[0].dialect)))
    }

    /// Whether a text speaks of another resource of the same type.
    fn means_another(&self, text: &str, decision: &Decision) -> bool {
        let mut others = self
            .all
            .iter()
            .filter(|one| one.kind == decision.kind && one.address != decision.address);
        others.any(|one| {
            let names = self.names(one, decision.dialect);
            mentions(text, &names)
        })
    }

    fn text_of(&self, decision: &Decision) -> &str {
        let span = decision.block;
        let text = self.texts.text(&decision.path);
        text.get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    fn own_names(&self, decision: &Decision) -> Vec<String> {
        self.own(decision).map_or_else(
            || vec![decision.address.clone()],
            |one| self.names(one, decision.dialect),
        )
    }

    /// Where the properties of a resource stand.
    pub fn properties(&self, one: &WrittenResource, dialect: Dialect) -> Option<Node<'_>> {
        let document = self.documents.get(&one.path);
        let body = document.and_then(|document| {
            let mut nodes = document.nodes();
            nodes.find(|node| node.kind() == Kind::Mapping && node.span() == one.block)
        });
        match dialect {
            Dialect::CloudFormation => body.and_then(|body| body.get("Properties")),
            Dialect::Terraform | Dialect::Plan => body,
        }
    }

    /// A resource as it is written, of a decision.
    pub fn own(&self, decision: &Decision) -> Option<&WrittenResource> {
        let mut all = self.all.iter();
        let own = all.find(|one| one.block == decision.block && one.path == decision.path);
        own.copied()
    }

    /// Its address, and its name where that is written out.
    fn names(&self, one: &WrittenResource, dialect: Dialect) -> Vec<String> {
        let mut names = vec![one.address.clone()];
        let properties = self.properties(one, dialect);
        for name in NAMES {
            let value = properties.and_then(|properties| properties.get(name));
            let value = value.filter(|value| value.kind() == Kind::Scalar && value.tag().is_none());
            if let Some(value) = value {
                let text = value.text();
                let is_plain = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
                if !text.is_empty() && text.chars().all(is_plain) {
                    names.push(text.into_owned());
                }
            }
        }
        names
    }
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

/// Whether one of the names stands in a text as a word.
pub(super) fn mentions(text: &str, names: &[String]) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
    names.iter().any(|name| {
        text.match_indices(&**name).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + name.len()..].chars().next();
            !before.is_some_and(|letter| is_part(letter) || letter == '.')
                && !after.is_some_and(is_part)
        })
    })
}

/// Whether a setting stands in a text and is not said to be off.
fn is_on(text: &str, setting: &str) -> bool {
    text.match_indices(setting).any(|(at, _)| {
        let rest = &text[at + setting.len()..];
        let is_part = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
        // `name: 1`, or `name = "..."` and `value = "1"` on the next line.
        let mut words = rest
            .split(|letter| !is_part(letter))
            .filter(|word| !word.is_empty());
        let value = words.find(|word| *word != "value" && *word != "Value");
        value.is_some_and(|value| !OFF.contains(&&*value.to_ascii_lowercase()))
    })
}

/// `A`, `A and B`, `A, B, C and 2 more`.
fn named(all: &[&str]) -> Option<String> {
    let shown = &all[..all.len().min(MOST_NAMES)];
    let rest = all.len() - shown.len();
    Some(match (shown, rest) {
        ([], _) => return None,
        ([one], 0) => (*one).to_owned(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (shown, rest) => format!("{} and {rest} more", shown.join(", ")),
    })
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

    #[test]
    fn a_name_is_a_word() {
        let names = ["Orders".to_owned()];
        assert!(mentions("Value: !Ref Orders", &names));
        assert!(mentions("{\"Fn::GetAtt\":[\"Orders\",\"Arn\"]}", &names));
        assert!(!mentions("Value: !Ref OrdersOld", &names));
        assert!(!mentions("Value: old-Orders", &names));
    }
}
