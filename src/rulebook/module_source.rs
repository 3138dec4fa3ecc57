//! The sources of Terraform modules: a module of the public registry is the same module where its repository is named.

/// How the type of a module's call begins.
const CALL: &str = "module:";

/// Hosts of the public registry, which need not be named.
const REGISTRIES: [&str; 2] = ["registry.terraform.io/", "registry.opentofu.org/"];

/// Where the repositories of the registry's modules are.
const HOST: &str = "github.com";

/// How the type of a module of CloudFormation's registry ends.
const REGISTERED: &str = "::MODULE";

/// Whether a type is a module of CloudFormation's registry: `Acme::Web::Service::MODULE`. AWS keeps its own namespace to itself.
#[must_use]
pub fn is_in_a_template(kind: &str) -> bool {
    kind.ends_with(REGISTERED) && !kind.starts_with("AWS::")
}

/// Whether a type is a module's call.
#[must_use]
pub fn is_call(kind: &str) -> bool {
    kind.starts_with(CALL)
}

/// The type by which rules know a module of the public registry, in small letters: `module:terraform-aws-modules/eks/aws`
/// for `module:git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v21.0.0`, with the folder of a
/// submodule after `//`. Nothing for other sources.
#[must_use]
pub fn registry_kind(kind: &str) -> Option<String> {
    let source = kind.strip_prefix(CALL)?.to_ascii_lowercase();
    let source = source.split('?').next()?.trim_end_matches('/');
    let name = from_registry(source).or_else(|| from_repository(source))?;
    Some(format!("{CALL}{name}"))
}

/// The provider for which a module of the registry is: the last word of its name.
#[must_use]
pub fn provider(kind: &str) -> Option<&str> {
    let name = kind.strip_prefix(CALL)?;
    let name = name.split_once("//").map_or(name, |(name, _)| name);
    let mut words = name.rsplit('/');
    let provider = words.next()?.trim_end_matches('*');
    (words.count() == 2).then_some(provider)
}

fn from_registry(source: &str) -> Option<String> {
    let source = source
        .strip_prefix("tfr://")
        .map_or(source, |rest| rest.trim_start_matches('/'));
    let bare = REGISTRIES
        .iter()
        .find_map(|host| source.strip_prefix(host))
        .unwrap_or(source);
    let (name, folder) = split(bare);
    let mut words = name.split('/');
    let three = [words.next()?, words.next()?, words.next()?];
    let plain = |word: &&str| {
        let mut bytes = word.bytes();
        !word.is_empty()
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    (words.next().is_none() && three.iter().all(plain)).then(|| joined(name, folder))
}

fn from_repository(source: &str) -> Option<String> {
    let source = source.strip_prefix("git::").unwrap_or(source);
    let source = ["https://", "http://", "ssh://", "git://"]
        .iter()
        .find_map(|scheme| source.strip_prefix(scheme))
        .unwrap_or(source);
    let source = match source.split_once('@') {
        Some((user, rest)) if !user.contains('/') => rest,
        _ => source,
    };
    let path = source.strip_prefix(HOST)?.strip_prefix(['/', ':'])?;
    let (repository, folder) = split(path);
    let (owner, repository) = repository.split_once('/')?;
    let repository = repository.trim_end_matches(".git");
    let (provider, name) = repository.strip_prefix("terraform-")?.split_once('-')?;
    (!name.contains('/')).then(|| joined(&format!("{owner}/{name}/{provider}"), folder))
}

/// A source and the folder in it.
fn split(source: &str) -> (&str, &str) {
    source.split_once("//").unwrap_or((source, ""))
}

fn joined(name: &str, folder: &str) -> String {
    match folder.trim_matches('/') {
        "" | "." => name.to_owned(),
        folder => format!("{name}//{folder}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_module_is_the_same() {
        for source in [
            "terraform-aws-modules/eks/aws",
            "registry.terraform.io/terraform-aws-modules/eks/aws",
            "registry.opentofu.org/terraform-aws-modules/eks/aws",
            "tfr:///terraform-aws-modules/eks/aws?version=21.0.0",
            "git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v21.0.0",
            "git::ssh://git@github.com/terraform-aws-modules/terraform-aws-eks.git",
            "git::git@github.com:terraform-aws-modules/terraform-aws-eks.git",
            "git@github.com:terraform-aws-modules/terraform-aws-eks",
            "github.com/terraform-aws-modules/terraform-aws-eks",
            "https://github.com/Terraform-AWS-Modules/terraform-aws-eks.git//",
        ] {
            let kind = registry_kind(&format!("module:{source}"));
            let known = "module:terraform-aws-modules/eks/aws";
            assert_eq!(kind.as_deref(), Some(known), "{source}");
        }
        for source in [
            "Azure/aks/azurerm//modules/nodes",
            "github.com/Azure/terraform-azurerm-aks//modules/nodes?ref=v1",
            "git::https://github.com/Azure/terraform-azurerm-aks.git//modules/nodes/?ref=v1",
        ] {
            let kind = registry_kind(&format!("module:{source}"));
            let known = "module:azure/aks/azurerm//modules/nodes";
            assert_eq!(kind.as_deref(), Some(known), "{source}");
        }
    }

    #[test]
    fn other_sources_are_no_modules_of_the_registry() {
        for source in [
            "",
            "./modules/eks",
            "../eks",
            "app.terraform.io/acme/eks/aws",
            "git::https://gitlab.com/terraform-aws-modules/terraform-aws-eks.git",
            "github.com/acme/infrastructure",
            "github.com/acme/terraform-eks",
            "s3::https://s3.amazonaws.com/acme/eks.zip",
            "a/b",
            "é/é/é",
            "git::",
            "//",
        ] {
            assert_eq!(registry_kind(&format!("module:{source}")), None, "{source}");
        }
        assert_eq!(registry_kind("aws_eks_cluster"), None);
    }

    #[test]
    fn a_module_is_for_a_provider() {
        assert_eq!(provider("module:azure/aks/azurerm"), Some("azurerm"));
        assert_eq!(provider("module:a/b/google//modules/c"), Some("google"));
        assert_eq!(provider("module:./a"), None);
        assert_eq!(provider("aws_instance"), None);
        assert!(is_call("module:a/b/aws") && !is_call("aws_instance"));
    }
}
