//! The names of Terraform's `awscc` provider. It is made from CloudFormation's schemas, so that whatever a rule says of
//! `AWS::ECS::Service` it also says of `awscc_ecs_service`.

use super::rule::Path;
use crate::base::PathStep;

/// How the provider's types begin.
const PREFIX: &str = "awscc_";

/// Words that count as one although they have a capital letter inside.
const WORDS: [(&str, &str); 6] = [
    ("CloudFormation", "Cloudformation"),
    ("CloudFront", "Cloudfront"),
    ("CloudWatch", "Cloudwatch"),
    ("CNAMEs", "Cnames"),
    ("FSx", "Fsx"),
    ("OTel", "Otel"),
];

/// Whether a type is one of the provider's.
#[must_use]
pub fn is_one(kind: &str) -> bool {
    kind.starts_with(PREFIX)
}

/// What the provider calls a CloudFormation type, or all types that begin like this: `AWS::EC2::VPCEndpoint*`. SAM's are
/// no types of the service, and a module is none either.
#[must_use]
pub fn kind(cloudformation: &str) -> Option<String> {
    let mut parts = cloudformation.split("::");
    let (organisation, service, name) = (parts.next()?, parts.next()?, parts.next()?);
    if organisation != "AWS" || service == "Serverless" || parts.next().is_some() {
        return None;
    }
    let (bare, star) = match name.strip_suffix('*') {
        Some(bare) => (bare, "*"),
        None => (name, ""),
    };
    let service = service.to_ascii_lowercase();
    let name = attribute(bare);
    Some(format!("{PREFIX}{service}_{name}{star}"))
}

/// Where the provider has what stands at a path below `Properties`. A key with a dot is nobody's property, but one that
/// an author chose.
#[must_use]
pub fn path(cloudformation: &Path) -> Path {
    let steps = cloudformation.iter().map(|step| match step {
        PathStep::Key(key) if !key.contains('.') => PathStep::Key(attribute(key).into()),
        other => other.clone(),
    });
    steps.collect()
}

/// What the provider calls a property: `EC2InstanceType` is `ec2_instance_type`.
#[must_use]
pub fn attribute(property: &str) -> String {
    let mut property = property.to_owned();
    for (word, plain) in WORDS {
        if property.contains(word) {
            property = property.replace(word, plain);
        }
    }
    let bytes = property.as_bytes();
    let mut name = String::with_capacity(property.len() + 8);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && is_border(bytes[at - 1], *byte, bytes.get(at + 1).copied()) {
            name.push('_');
        }
        name.push(if byte.is_ascii_alphanumeric() {
            char::from(byte.to_ascii_lowercase())
        } else {
            '_'
        });
    }
    name
}

/// Whether a word ends before this letter. Of capital letters in a row, the last begins a word if a small one follows.
fn is_border(before: u8, this: u8, after: Option<u8>) -> bool {
    let starts_word = this.is_ascii_uppercase() || this.is_ascii_digit();
    let after_is_small = after.is_some_and(|after| after.is_ascii_lowercase());
    (before.is_ascii_lowercase() && starts_word)
        || (before.is_ascii_digit() && this.is_ascii_alphabetic())
        || (before.is_ascii_uppercase() && this.is_ascii_uppercase() && after_is_small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_providers() {
        for (property, name) in [
            ("", ""),
            ("Cpu", "cpu"),
            ("LaunchType", "launch_type"),
            ("EC2InstanceType", "ec2_instance_type"),
            ("DBInstanceClass", "db_instance_class"),
            ("S3Uri", "s3_uri"),
            ("Ipv6Prefix", "ipv_6_prefix"),
            ("VPCs", "vp_cs"),
            ("OpenIDConnect", "open_id_connect"),
            ("FSxLustre", "fsx_lustre"),
            ("CloudWatchLogs", "cloudwatch_logs"),
            ("provisionedThroughput", "provisioned_throughput"),
            ("Size-in.GB", "size_in_gb"),
            ("OTelConfig", "otel_config"),
        ] {
            assert_eq!(attribute(property), name);
        }
    }

    #[test]
    fn types_are_the_providers() {
        for (cloudformation, name) in [
            ("AWS::ECS::Service", Some("awscc_ecs_service")),
            (
                "AWS::EC2::LaunchTemplate",
                Some("awscc_ec2_launch_template"),
            ),
            ("AWS::ACMPCA::Certificate", Some("awscc_acmpca_certificate")),
            ("AWS::DocDB::DBCluster", Some("awscc_docdb_db_cluster")),
            ("AWS::EC2::VPCEndpoint*", Some("awscc_ec2_vpc_endpoint*")),
            ("AWS::IAM::*", Some("awscc_iam_*")),
            ("AWS::Serverless::Function", None),
            ("AWS::Config::Rule::MODULE", None),
            ("Custom::Thing", None),
            ("aws_ecs_service", None),
        ] {
            assert_eq!(kind(cloudformation).as_deref(), name);
        }
        assert!(is_one("awscc_ecs_service") && !is_one("aws_ecs_service"));
    }

    #[test]
    fn paths_keep_their_steps() {
        let key = |key: &'static str| PathStep::Key(key.into());
        let path = path(&vec![key("DBItems"), PathStep::Each, key("a.B")]);
        assert_eq!(path, [key("db_items"), PathStep::Each, key("a.B")]);
    }
}
