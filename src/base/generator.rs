//! What wrote a template that nobody writes by hand.

/// A program that writes templates out of something else: what is changed in them is lost when it runs again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// The AWS CDK.
    Cdk,
    /// The CDK for Terraform.
    CdkTerraform,
    /// `sam build`.
    Sam,
    /// The Serverless Framework.
    Serverless,
}

/// Folders that only a generator writes, and what it is.
const FOLDERS: [(&[&str], Generator); 4] = [
    (&["cdk.out"], Generator::Cdk),
    (&["cdktf.out"], Generator::CdkTerraform),
    (&[".aws-sam", "build"], Generator::Sam),
    (&[".serverless"], Generator::Serverless),
];

impl Generator {
    /// What wrote a file, if its path says so. `/` stands between its parts.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        Self::folder(path).map(|(generator, _)| generator)
    }

    /// The same, with the path of the folder that is written anew each time.
    #[must_use]
    pub fn folder(path: &str) -> Option<(Self, &str)> {
        let (folders, _) = path.rsplit_once('/')?;
        let parts: Vec<&str> = folders.split('/').collect();
        FOLDERS.iter().find_map(|(folder, generator)| {
            let at = parts
                .windows(folder.len())
                .position(|parts| parts == *folder)?;
            let length = parts[..at + folder.len()].join("/").len();
            Some((*generator, &path[..length]))
        })
    }

    /// As in a sentence: "the CDK".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cdk => "the CDK",
            Self::CdkTerraform => "the CDK for Terraform",
            Self::Sam => "sam build",
            Self::Serverless => "the Serverless Framework",
        }
    }
}

/// The path of a construct without the names of default children: its own resource is called `Resource` or `Default`.
#[must_use]
pub fn construct_name(path: &str) -> &str {
    let mut name = path;
    while let Some(bare) = name
        .strip_suffix("/Resource")
        .or_else(|| name.strip_suffix("/Default"))
        && !bare.is_empty()
    {
        name = bare;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_children_have_no_name() {
        assert_eq!(construct_name("prod/Orders/Db/Resource"), "prod/Orders/Db");
        assert_eq!(construct_name("Eks/Main/Resource/Default"), "Eks/Main");
        for name in ["prod/Orders/Redis", "Resource", "/Default", "a/Resources"] {
            assert_eq!(construct_name(name), name);
        }
    }

    #[test]
    fn a_folder_tells_who_writes_in_it() {
        let folder = |path| Generator::folder(path).map(|(_, folder)| folder);
        assert_eq!(
            folder("shop/cdk.out/assembly-prod/A.template.json"),
            Some("shop/cdk.out")
        );
        assert_eq!(
            Generator::of_path("cdk.out/A.template.json"),
            Some(Generator::Cdk)
        );
        assert_eq!(
            Generator::of_path("a/.aws-sam/build/template.yaml"),
            Some(Generator::Sam)
        );
        for path in [
            "cdk.out",
            "cdk.output/a.json",
            "build/template.yaml",
            ".aws-sam/template.yaml",
        ] {
            assert_eq!(Generator::of_path(path), None, "{path}");
        }
    }
}
