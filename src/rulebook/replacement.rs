//! Whether a change makes a resource anew, from `rules/types/replaces.tsv`: what providers' own schemas say of each property.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What becomes of a resource when one of its properties changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    /// It changes in place.
    Never,
    /// The values decide.
    Sometimes,
    /// It is made anew.
    Always,
}

/// A type, what always replaces it, and what sometimes does.
type Row = (&'static str, &'static str);

static ROWS: LazyLock<HashMap<&str, Row>> = LazyLock::new(|| {
    let table = include_str!("../../rules/types/replaces.tsv");
    let rows = table.lines().skip(1).filter_map(|line| {
        let (kind, rest) = line.split_once('\t').unwrap_or((line, ""));
        let (always, sometimes) = rest.split_once('\t').unwrap_or((rest, ""));
        (!kind.is_empty()).then_some((kind, (always, sometimes)))
    });
    rows.collect()
});

/// What becomes of a resource of a type when a property changes, whose path is written as authors write it; none where no source
/// says it.
#[must_use]
pub fn replacement(kind: &str, path: &str) -> Option<Replacement> {
    let (always, sometimes) = *ROWS.get(kind)?;
    let cloudformation = kind.starts_with("AWS::");
    let entries = |list: &'static str| list.split(' ').filter(|entry| !entry.is_empty());
    // CloudFormation can't change anything in a property that it can only create. A block of Terraform speaks of its being there;
    // what is in it speaks for itself.
    let covers = |entry: &str| {
        let entry = entry.replace("[]", "");
        match entry.strip_suffix(".*") {
            Some(block) => path == block || is_below(path, block),
            None => path == entry || cloudformation && is_below(path, &entry),
        }
    };
    let touches = |entry: &str| {
        let entry = entry.replace("[]", "");
        !entry.ends_with(".*") && is_below(&entry, path)
    };
    Some(if entries(always).any(covers) {
        Replacement::Always
    } else if entries(sometimes).any(|entry| covers(entry) || touches(entry))
        || entries(always).any(touches)
    {
        Replacement::Sometimes
    } else {
        Replacement::Never
    })
}

fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_providers_say_is_known() {
        for (kind, path, expected) in [
            (
                "AWS::RDS::DBCluster",
                "EngineMode",
                Some(Replacement::Always),
            ),
            (
                "AWS::RDS::DBCluster",
                "ServerlessV2ScalingConfiguration.MinCapacity",
                Some(Replacement::Never),
            ),
            (
                "AWS::ECS::Service",
                "LaunchType",
                Some(Replacement::Sometimes),
            ),
            (
                "AWS::EKS::Nodegroup",
                "RemoteAccess.Ec2SshKey",
                Some(Replacement::Always),
            ),
            ("aws_rds_cluster", "s3_import", Some(Replacement::Sometimes)),
            (
                "aws_rds_cluster",
                "serverlessv2_scaling_configuration.min_capacity",
                Some(Replacement::Never),
            ),
            (
                "aws_dynamodb_table",
                "local_secondary_index.name",
                Some(Replacement::Always),
            ),
            (
                "aws_dynamodb_table",
                "billing_mode",
                Some(Replacement::Never),
            ),
            ("aws_instance_of_mine", "ami", None),
        ] {
            assert_eq!(replacement(kind, path), expected, "{kind} {path}");
        }
    }
}
