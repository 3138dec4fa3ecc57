//! The languages that a text can be written in, whatever it says.

/// Which language a document was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.1 with the leniency of libyaml.
    Yaml,
    /// JSON as RFC 8259 defines it.
    Json,
    /// HCL, as Terraform and OpenTofu write it.
    Hcl,
}
