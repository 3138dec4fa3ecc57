//! The languages that a template can be written in.

/// The language that a template is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// CloudFormation and SAM, in YAML or JSON.
    CloudFormation,
    /// Terraform's JSON syntax.
    Terraform,
    /// `terraform show -json`.
    Plan,
}
