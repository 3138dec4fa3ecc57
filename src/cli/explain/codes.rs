//! Codes that belong to no ladder: what is wrong with a reason, an input or a configuration.

use crate::base::{Code, meanings};

/// One code.
#[derive(Clone, Copy, Debug)]
pub struct CodePage {
    /// As in a finding.
    pub code: &'static Code,
    /// What it says.
    pub means: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// All of them.
pub fn all() -> impl Iterator<Item = CodePage> {
    meanings::ALL.iter().map(|(code, means, remedy)| CodePage {
        code,
        means,
        remedy,
    })
}
