//! Providers of Terraform that host nothing: `rules/helper-providers.toml`, compiled into a sorted list when the program is built.

include!(concat!(env!("OUT_DIR"), "/helper_providers.rs"));

/// Whether a Terraform type is one of theirs. What any other provider makes may host something.
pub fn is_theirs(kind: &str) -> bool {
    let provider = kind.split_once('_').map_or(kind, |(provider, _)| provider);
    NAMES.binary_search(&provider).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_are_told_from_whoever_may_host() {
        for kind in [
            "random_id",
            "kubernetes_deployment",
            "helm_release",
            "datadog_monitor",
            "github_repository",
            "terraform_data",
            "null_resource",
        ] {
            assert!(is_theirs(kind), "{kind}");
        }
        for kind in [
            "hcloud_server",
            "oci_core_instance",
            "azapi_resource",
            "acmecorp_server",
            "awss_instance",
            "hcloud",
            "",
        ] {
            assert!(!is_theirs(kind), "{kind}");
        }
    }
}
