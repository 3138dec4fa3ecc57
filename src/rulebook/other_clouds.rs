//! Providers whose resources host things, and for which there are no rules: `rules/other-clouds.toml`, compiled into a sorted list when
//! the program is built.

include!(concat!(env!("OUT_DIR"), "/other_clouds.rs"));

/// Whether a Terraform type is one of theirs.
pub fn is_theirs(kind: &str) -> bool {
    let provider = kind.find('_').map(|end| &kind[..=end]);
    provider.is_some_and(|provider| PREFIXES.binary_search(&provider).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_without_rules_are_told_from_helpers() {
        assert!(PREFIXES.len() > 40, "only {}", PREFIXES.len());
        for kind in [
            "hcloud_server",
            "digitalocean_droplet",
            "oci_core_instance",
            "aiven_kafka",
            "yandex_compute_instance",
        ] {
            assert!(is_theirs(kind), "{kind}");
        }
        for kind in [
            "random_id",
            "kubernetes_deployment",
            "helm_release",
            "datadog_monitor",
            "ecr_policy",
            "github_repository",
            "hcloud",
            "",
        ] {
            assert!(!is_theirs(kind), "{kind}");
        }
    }
}
