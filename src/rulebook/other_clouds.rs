//! Providers whose resources host things, and for which there are no rules: what they make is said as not known, never passed over in
//! silence. Providers that only help (`random`, `tls`), watch, or put something into a cluster or an account that another resource makes
//! (`kubernetes`, `helm`, `datadog`) are not among them.

/// With what the types of such providers begin, in order.
const PREFIXES: [&str; 53] = [
    "aiven_",
    "alicloud_",
    "astra_",
    "civo_",
    "clickhouse_",
    "cloudstack_",
    "cockroach_",
    "confluent_",
    "databricks_",
    "digitalocean_",
    "ec_",
    "equinix_",
    "esxi_",
    "exoscale_",
    "fly_",
    "gridscale_",
    "hcloud_",
    "heroku_",
    "huaweicloud_",
    "ibm_",
    "incus_",
    "ionoscloud_",
    "libvirt_",
    "linode_",
    "lxd_",
    "maas_",
    "mongodbatlas_",
    "neon_",
    "nutanix_",
    "oci_",
    "opennebula_",
    "openstack_",
    "opentelekomcloud_",
    "outscale_",
    "ovh_",
    "packet_",
    "planetscale_",
    "proxmox_",
    "railway_",
    "rediscloud_",
    "render_",
    "scaleway_",
    "snowflake_",
    "stackit_",
    "tencentcloud_",
    "timescale_",
    "upcloud_",
    "vcd_",
    "vercel_",
    "volcengine_",
    "vsphere_",
    "vultr_",
    "yandex_",
];

/// Whether a Terraform type is one of theirs.
pub fn is_theirs(kind: &str) -> bool {
    PREFIXES.iter().any(|prefix| kind.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_without_rules_are_told_from_helpers() {
        assert!(PREFIXES.is_sorted());
        for kind in ["hcloud_server", "digitalocean_droplet", "oci_core_instance"] {
            assert!(is_theirs(kind), "{kind}");
        }
        for kind in [
            "random_id",
            "kubernetes_deployment",
            "helm_release",
            "datadog_monitor",
            "ecr_policy",
            "github_repository",
        ] {
            assert!(!is_theirs(kind), "{kind}");
        }
    }
}
