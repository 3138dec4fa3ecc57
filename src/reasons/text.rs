//! `rules/justifications.toml` as people write it. The build script and the library's tests share this file.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonFile {
    /// Where each fact stands, by rule.
    pub facts: BTreeMap<String, BTreeMap<String, PathsText>>,
    /// The kinds, in the order in which they are listed.
    #[serde(rename = "kind")]
    pub kinds: Vec<KindText>,
}

/// A property in each dialect, as in the rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathsText {
    /// Below `Properties` in CloudFormation and SAM.
    pub cfn: Option<Texts>,
    /// In the block in Terraform.
    pub tf: Option<Texts>,
}

/// A text or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Texts {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

/// One kind of reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindText {
    /// As in `because`.
    pub name: String,
    /// What it says.
    pub means: String,
    /// Fields without which it does not count.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What speaks against it.
    #[serde(default)]
    pub against: Vec<AgainstText>,
}

/// What speaks against a kind: everything that is said must hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgainstText {
    /// The decision stands on one of these ladders.
    #[serde(default)]
    pub ladders: Vec<String>,
    /// It is of one of these rules.
    #[serde(default)]
    pub rules: Vec<String>,
    /// It stands on one of these rungs.
    #[serde(default)]
    pub rungs: Vec<String>,
    /// The reason uses one of these words.
    #[serde(default)]
    pub words: Vec<String>,
    /// What each fact must answer.
    #[serde(default)]
    pub when: BTreeMap<String, TestText>,
    /// Why that speaks against it.
    pub says: String,
}

/// What is asked of a fact.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TestText {
    /// There are values, and each matches one of these globs.
    Like(Vec<String>),
    /// There are values, and none matches any of these globs.
    Unlike(Vec<String>),
    /// There are values, and each is one of these.
    Is(Vec<String>),
    /// There are values, and each is a number up to this.
    AtMost(i64),
    /// Whatever values there are, each is one of these.
    Only(Vec<String>),
    /// Whatever values there are, each is a number up to this.
    UpTo(i64),
}
