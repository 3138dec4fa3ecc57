//! The catalogue and the lists of every type that a provider's schema knows, `rules/types/*.txt`: nothing new is overlooked,
//! and nothing is named that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use sfl::placement::CATALOGUE;

/// Each list, and how the types that belong into it begin.
const LISTS: [(&str, &str); 4] = [
    ("cloudformation", "AWS::"),
    ("aws", "aws_"),
    ("azurerm", "azurerm_"),
    ("google", "google_"),
];

/// Types, and prefixes with a `*`, that the catalogue names and no list has, by why they are real all the same.
const ABSENT: &[(&str, &[&str])] = &[
    (
        "older versions of the AWS provider have it, version 6 dropped it",
        &[
            "aws_opsworks_application",
            "aws_opsworks_custom_layer",
            "aws_opsworks_ecs_cluster_layer",
            "aws_opsworks_ganglia_layer",
            "aws_opsworks_haproxy_layer",
            "aws_opsworks_instance",
            "aws_opsworks_java_app_layer",
            "aws_opsworks_memcached_layer",
            "aws_opsworks_mysql_layer",
            "aws_opsworks_nodejs_app_layer",
            "aws_opsworks_permission",
            "aws_opsworks_php_app_layer",
            "aws_opsworks_rails_app_layer",
            "aws_opsworks_rds_db_instance",
            "aws_opsworks_stack",
            "aws_opsworks_static_web_layer",
            "aws_opsworks_user_profile",
        ],
    ),
    (
        "newer versions of the AWS provider have it than the list is made from",
        &[
            "aws_dynamodb_global_secondary_index",
            "aws_msk_topic",
            "aws_opensearch_application",
            "aws_opensearchserverless_collection_group",
        ],
    ),
    (
        "older versions of the azurerm provider have it, a later one dropped or renamed it",
        &[
            "azurerm_api_management_property",
            "azurerm_app_service_environment",
            "azurerm_autoscale_setting",
            "azurerm_cdn_frontdoor_route_disable_link_to_default_domain",
            "azurerm_container_service",
            "azurerm_cosmosdb_notebook_workspace",
            "azurerm_data_factory_integration_runtime_managed",
            "azurerm_data_share_dataset_data_lake_gen1",
            "azurerm_devspace_controller",
            "azurerm_hdinsight_ml_services_cluster",
            "azurerm_hdinsight_rserver_cluster",
            "azurerm_hdinsight_storm_cluster",
            "azurerm_integration_service_environment",
            "azurerm_iot_time_series_insights_access_policy",
            "azurerm_iot_time_series_insights_event_source_eventhub",
            "azurerm_iot_time_series_insights_event_source_iothub",
            "azurerm_iot_time_series_insights_gen2_environment",
            "azurerm_iot_time_series_insights_reference_data_set",
            "azurerm_iot_time_series_insights_standard_environment",
            "azurerm_kusto_database_principal",
            "azurerm_lab_service_lab",
            "azurerm_lab_service_plan",
            "azurerm_lab_service_schedule",
            "azurerm_lab_service_user",
            "azurerm_mariadb_configuration",
            "azurerm_mariadb_database",
            "azurerm_mariadb_firewall_rule",
            "azurerm_mariadb_server",
            "azurerm_mariadb_virtual_network_rule",
            "azurerm_logz_*",
            "azurerm_media_*",
            "azurerm_metric_alertrule",
            "azurerm_mysql_active_directory_administrator",
            "azurerm_mysql_configuration",
            "azurerm_mysql_database",
            "azurerm_mysql_firewall_rule",
            "azurerm_mysql_server",
            "azurerm_mysql_server_key",
            "azurerm_mysql_virtual_network_rule",
            "azurerm_packet_capture",
            "azurerm_servicebus_namespace_network_rule_set",
            "azurerm_spatial_anchors_account",
            "azurerm_sql_active_directory_administrator",
            "azurerm_sql_database",
            "azurerm_sql_elasticpool",
            "azurerm_sql_failover_group",
            "azurerm_sql_firewall_rule",
            "azurerm_sql_managed_database",
            "azurerm_sql_managed_instance",
            "azurerm_sql_managed_instance_active_directory_administrator",
            "azurerm_sql_managed_instance_failover_group",
            "azurerm_sql_server",
            "azurerm_sql_virtual_network_rule",
            "azurerm_template_deployment",
            "azurerm_video_analyzer",
            "azurerm_video_analyzer_*",
        ],
    ),
    (
        "older versions of the Google provider have it, a later one dropped it",
        &["google_cloudiot_*", "google_datastore_index"],
    ),
];

fn list(name: &str) -> Vec<String> {
    let path = format!("{}/rules/types/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the list is a text");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn every_type_of_a_provider_has_a_place() {
    for (name, begin) in LISTS {
        let list = list(name);
        assert!(list.len() > 1000, "{name} has {} types", list.len());
        assert!(
            list.is_sorted_by(|a, b| a < b),
            "{name} is sorted, each once"
        );
        assert!(list.iter().all(|kind| kind.starts_with(begin)), "{name}");
        let homeless: Vec<&String> = list
            .iter()
            .filter(|kind| CATALOGUE.entry(kind).is_none())
            .collect();
        assert!(
            homeless.is_empty(),
            "types of {name}.txt without a place in rules/: {homeless:#?}"
        );
    }
}

#[test]
fn the_catalogue_names_no_type_that_is_not_there() {
    let listed: BTreeSet<String> = LISTS.iter().flat_map(|(name, _)| list(name)).collect();
    let absent: BTreeMap<&str, &str> = ABSENT
        .iter()
        .flat_map(|(why, kinds)| kinds.iter().map(move |kind| (*kind, *why)))
        .collect();
    let ours = |kind: &str| LISTS.iter().any(|(_, begin)| kind.starts_with(begin));
    let named: Vec<&str> = CATALOGUE.types().into_keys().collect();
    let strange: Vec<&&str> = named
        .iter()
        .filter(|kind| ours(kind) && !listed.contains(**kind) && !absent.contains_key(**kind))
        .collect();
    assert!(strange.is_empty(), "no list has {strange:#?}");
    let prefixes = CATALOGUE.prefixes();
    let prefixes = prefixes.keys().copied();
    let idle: Vec<&str> = prefixes
        .clone()
        .filter(|prefix| ours(prefix) && !listed.iter().any(|kind| kind.starts_with(prefix)))
        .filter(|prefix| !absent.contains_key(format!("{prefix}*").as_str()))
        .collect();
    assert!(
        idle.is_empty(),
        "no list has a type that begins with {idle:#?}"
    );
    for (kind, why) in &absent {
        assert!(
            !listed.contains(*kind),
            "{kind} is listed, so it needs no exception ({why})"
        );
        let prefix = kind.strip_suffix('*');
        assert!(
            named.contains(kind) || prefixes.clone().any(|known| Some(known) == prefix),
            "{kind} is not in rules/ ({why})"
        );
    }
}
