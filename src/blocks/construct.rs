//! What the CDK leaves in the templates that it writes: which construct a resource comes from, and that it wrote them.

use super::{Dialect, Resource, Scope, Template, unit};
use crate::base::{Generator, construct_name};
use crate::syntax::{Kind, Node};

/// The path of a construct, and whether it is that of the resource below it: `prod/Orders/Db/Resource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Construct {
    /// Without last parts that only say that it is the resource: `prod/Orders/Db`.
    pub path: String,
    /// Whether it is the default child of the construct.
    pub is_child: bool,
}

impl Resource<'_> {
    /// The construct that it comes from.
    #[must_use]
    pub fn construct(&self, dialect: Dialect) -> Option<Construct> {
        let body = self.body?;
        let path = match dialect {
            Dialect::CloudFormation => body.get("Metadata")?.get("aws:cdk:path")?,
            Dialect::Terraform => body.get("//")?.get("metadata")?.get("path")?,
            Dialect::Plan => return None,
        };
        let text = (path.kind() == Kind::Scalar).then(|| path.text())?;
        let path = construct_name(&text);
        (!path.is_empty()).then(|| Construct {
            path: path.to_owned(),
            is_child: text[path.len()..].matches('/').count() == 1,
        })
    }
}

impl<'t> Template<'t> {
    /// What wrote the unit of a place, if its text says so. One that only mentions a construct here and there is written by hand:
    /// somebody took over a part of what was generated.
    #[must_use]
    pub fn generator(&self, scope: &Scope<'t>) -> Option<Generator> {
        let all = self.written_by.get_or_init(|| self.find_generators());
        all.get(unit(scope)).copied().flatten()
    }

    fn find_generators(&self) -> Vec<Option<Generator>> {
        // Of each unit: how many resources there are, how many name a construct, and whether one is the CDK's own.
        let mut counts = vec![(0_usize, 0_usize, false); self.units.len()];
        for resource in &self.resources {
            let (all, with_path, is_own) = &mut counts[unit(&resource.scope)];
            *all += 1;
            *with_path += usize::from(resource.construct(self.dialect).is_some());
            *is_own |= resource.kind == "AWS::CDK::Metadata";
        }
        let units = self.units.iter().zip(counts);
        let generators = units.map(|(part, (all, with_path, is_own))| {
            let most = 2 * with_path > all;
            match self.dialect {
                Dialect::CloudFormation => {
                    let document = self.documents.get(part.file);
                    let is_cdk = is_own
                        || document.is_some_and(|document| document.roots().any(checks_bootstrap))
                        || most;
                    is_cdk.then_some(Generator::Cdk)
                }
                Dialect::Terraform => most.then_some(Generator::CdkTerraform),
                Dialect::Plan => None,
            }
        });
        generators.collect()
    }
}

/// Every stack of an app checks first that the account was prepared for the CDK.
fn checks_bootstrap(root: Node<'_>) -> bool {
    let within = |section: &str, key: &str| root.get(section).and_then(|node| node.get(key));
    within("Rules", "CheckBootstrapVersion").is_some()
        && within("Parameters", "BootstrapVersion").is_some()
}
