//! Which changes replace a resource, `rules/types/replaces.tsv`: read as it is meant, true where somebody looked by hand, and
//! there for every type that a rule places.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use sfl::placement::CATALOGUE;

use crate::types::{DROPPED, LISTS, list};

/// What becomes of a resource when one of its properties changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It changes in place.
    InPlace,
    /// The values decide.
    Sometimes,
    /// It is replaced.
    Replaces,
}

use Change::{InPlace, Replaces, Sometimes};

/// What is said of one type.
#[derive(Default)]
struct Row {
    always: Vec<&'static str>,
    sometimes: Vec<&'static str>,
}

const TABLE: &str = include_str!("../../rules/types/replaces.tsv");

static ROWS: LazyLock<BTreeMap<&str, Row>> = LazyLock::new(|| {
    let rows = TABLE.lines().skip(1).map(|line| {
        let mut fields = line.split('\t');
        let kind = fields.next().unwrap_or_default();
        let mut paths = || fields.next().unwrap_or_default().split(' ');
        let mut told = || paths().filter(|path| !path.is_empty()).collect();
        let (always, sometimes) = (told(), told());
        (kind, Row { always, sometimes })
    });
    rows.collect()
});

/// What stands below a path.
fn below<'p>(path: &'p str, above: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(above)?;
    let rest = rest.strip_prefix("[]").unwrap_or(rest);
    rest.strip_prefix('.')
}

/// What becomes of a resource of a type when the value at a path changes; none where no source says it.
pub fn change(kind: &str, path: &str) -> Option<Change> {
    let row = ROWS.get(kind)?;
    let cloudformation = kind.starts_with("AWS::");
    let covered = |entry: &&str| match entry.strip_suffix(".*") {
        Some(block) => path == block || below(path, block).is_some(),
        // CloudFormation can't change anything in a property that it can only create. A block of Terraform speaks of its being
        // there; what is in it speaks for itself.
        None => path == *entry || cloudformation && below(path, entry).is_some(),
    };
    let touched = |entry: &&str| below(entry, path).is_some_and(|rest| rest != "*");
    Some(if row.always.iter().any(&covered) {
        Replaces
    } else if row
        .sometimes
        .iter()
        .any(|entry| covered(entry) || touched(entry))
        || row.always.iter().any(touched)
    {
        Sometimes
    } else {
        InPlace
    })
}

#[test]
fn the_table_has_its_form() {
    assert_eq!(TABLE.lines().next(), Some("type\talways\tsometimes"));
    let kinds: Vec<&str> = TABLE
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert!(kinds.len() > 2000, "{} types", kinds.len());
    assert!(
        kinds.is_sorted_by(|a, b| a < b),
        "types are sorted, each once"
    );
    let lists = LISTS.iter().map(|(name, _)| *name).chain([DROPPED]);
    let listed: BTreeSet<String> = lists.flat_map(list).collect();
    let strange: Vec<&&str> = kinds
        .iter()
        .filter(|kind| !listed.contains(**kind))
        .collect();
    assert!(strange.is_empty(), "no list has {strange:#?}");
    for (kind, row) in ROWS.iter() {
        for paths in [&row.always, &row.sometimes] {
            assert!(paths.is_sorted_by(|a, b| a < b), "{kind}: {paths:?}");
        }
        for path in row.always.iter().chain(&row.sometimes) {
            let plain = path.strip_suffix(".*").unwrap_or(path).replace("[]", "");
            let named = plain.split('.').all(|key| {
                !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            });
            assert!(named, "{kind}: `{path}` is no path");
        }
        for path in &row.sometimes {
            assert!(!row.always.contains(path), "{kind}: `{path}` is both");
            assert!(
                !path.ends_with(".*"),
                "{kind}: `{path}` decides for a whole block"
            );
        }
        for block in row.always.iter().filter_map(|path| path.strip_suffix(".*")) {
            let twice = |path: &&&str| path.strip_suffix(".*") != Some(block);
            let inside: Vec<&&str> = row
                .always
                .iter()
                .filter(twice)
                .filter(|path| **path == block || below(path, block).is_some())
                .collect();
            assert!(
                inside.is_empty(),
                "{kind}: `{block}.*` says {inside:?} already"
            );
        }
    }
}

/// Types that a rule places and no source says anything of, by why.
const SILENT: &[(&str, &[&str])] = &[
    (
        "newer than the source that was read",
        &[
            "aws_bedrock_model_invocation_job",
            "aws_lambdamicrovms_image",
            "aws_lambdamicrovms_microvm",
            "aws_msk_channel",
            "aws_odb_autonomous_database",
            "azurerm_playwright_workspace",
        ],
    ),
    (
        "in google-beta alone, whose source is another one",
        &[
            "google_api_gateway_gateway",
            "google_compute_instance_from_machine_image",
            "google_dataflow_flex_template_job",
            "google_firebase_database_instance",
            "google_firebase_hosting_site",
            "google_firebase_storage_default_bucket",
            "google_storage_ftp_server",
            "google_tpu_v2_queued_resource",
            "google_tpu_v2_vm",
        ],
    ),
    (
        "made from another type's schema, by a loop",
        &["google_compute_instance_from_template"],
    ),
];

#[test]
fn every_type_that_is_placed_has_a_row() {
    let silent: BTreeMap<&str, &str> = SILENT
        .iter()
        .flat_map(|(why, kinds)| kinds.iter().map(move |kind| (*kind, *why)))
        .collect();
    let dropped = list(DROPPED);
    let mut seen = BTreeSet::new();
    for rule in CATALOGUE.rules().filter(|rule| !rule.cases.is_empty()) {
        for kind in &rule.types {
            let kind: &str = kind;
            let real = LISTS.iter().any(|(_, begin)| kind.starts_with(begin));
            // SAM's own types become others; awscc's are CloudFormation's.
            let derived = ["AWS::Serverless::", "awscc_"]
                .iter()
                .any(|begin| kind.starts_with(begin));
            if !real || derived || kind.ends_with('*') || dropped.iter().any(|gone| gone == kind) {
                continue;
            }
            seen.insert(kind);
            assert!(
                ROWS.contains_key(kind) != silent.contains_key(kind),
                "{kind} of {} has either a row or a reason to have none",
                rule.name
            );
        }
    }
    let idle: Vec<&&str> = silent
        .keys()
        .filter(|kind| !seen.contains(**kind))
        .collect();
    assert!(idle.is_empty(), "{idle:?} need no exception");
    assert!(seen.len() > 600, "{} types", seen.len());
}

#[test]
fn what_was_looked_up_by_hand_is_in_the_table() {
    for (kind, path, expected) in [
        ("AWS::RDS::DBCluster", "EngineMode", Replaces),
        ("AWS::RDS::DBCluster", "Engine", Sometimes),
        (
            "AWS::RDS::DBCluster",
            "ServerlessV2ScalingConfiguration.MinCapacity",
            InPlace,
        ),
        ("AWS::RDS::DBInstance", "DBInstanceClass", InPlace),
        ("AWS::ECS::Service", "LaunchType", Sometimes),
        (
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            "TargetType",
            Replaces,
        ),
        ("AWS::EKS::Nodegroup", "InstanceTypes", Replaces),
        ("AWS::Lambda::Function", "PackageType", Replaces),
        ("AWS::Lambda::Function", "Runtime", InPlace),
        ("AWS::DynamoDB::Table", "BillingMode", InPlace),
        (
            "AWS::Kinesis::Stream",
            "StreamModeDetails.StreamMode",
            InPlace,
        ),
        ("AWS::Cassandra::Table", "BillingMode.Mode", InPlace),
        ("AWS::EFS::FileSystem", "PerformanceMode", Replaces),
        ("aws_rds_cluster", "engine_mode", Replaces),
        (
            "aws_rds_cluster",
            "serverlessv2_scaling_configuration[].min_capacity",
            InPlace,
        ),
        ("aws_db_instance", "engine", Replaces),
        ("aws_db_instance", "instance_class", InPlace),
        ("aws_ecs_service", "launch_type", Replaces),
        ("aws_lb_target_group", "target_type", Replaces),
        ("aws_instance", "ami", Replaces),
        ("aws_elasticache_serverless_cache", "engine", Sometimes),
        ("aws_dynamodb_table", "billing_mode", InPlace),
        (
            "aws_dynamodb_table",
            "local_secondary_index[].name",
            Replaces,
        ),
        ("azurerm_cosmosdb_account", "capabilities", Sometimes),
        ("azurerm_cosmosdb_account", "kind", Replaces),
        ("azurerm_mssql_database", "sku_name", Sometimes),
        ("azurerm_servicebus_namespace", "sku", Sometimes),
        ("azurerm_eventhub_namespace", "sku", Sometimes),
        ("azurerm_service_plan", "sku_name", InPlace),
        ("azurerm_service_plan", "os_type", Replaces),
        ("azurerm_linux_function_app", "service_plan_id", Sometimes),
        (
            "azurerm_container_app_environment",
            "infrastructure_subnet_id",
            Replaces,
        ),
        (
            "google_workbench_instance",
            "gce_setup[].vm_image[].family",
            Replaces,
        ),
        (
            "google_workbench_instance",
            "gce_setup[].machine_type",
            InPlace,
        ),
        ("google_container_cluster", "enable_autopilot", Replaces),
        ("google_redis_instance", "tier", Replaces),
        ("google_sql_database_instance", "settings[].tier", InPlace),
        ("google_spanner_instance", "config", Replaces),
    ] {
        assert_eq!(change(kind, path), Some(expected), "{kind} {path}");
    }
    assert_eq!(change("aws_db_instance_of_mine", "engine"), None);
}

#[test]
fn a_block_speaks_for_what_it_holds() {
    // All of it, by `.*`.
    assert_eq!(
        change("aws_rds_cluster", "restore_to_point_in_time"),
        Some(Replaces)
    );
    assert_eq!(
        change("aws_rds_cluster", "restore_to_point_in_time[].restore_type"),
        Some(Replaces)
    );
    // Something in it.
    assert_eq!(change("aws_rds_cluster", "s3_import"), Some(Sometimes));
    // CloudFormation's say what is below, Terraform's don't.
    assert_eq!(
        change("AWS::EKS::Nodegroup", "RemoteAccess.Ec2SshKey"),
        Some(Replaces)
    );
    assert_eq!(
        change("google_container_node_pool", "node_config[].machine_type"),
        Some(InPlace)
    );
}
