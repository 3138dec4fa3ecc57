//! Fingerprints for readers that take two findings with the same one for the same finding.

use std::collections::BTreeMap;

/// Gives the second of the same kind a counter. The first stays as it is, so most never change.
#[derive(Debug, Default)]
pub struct Fingerprints(BTreeMap<String, usize>);

impl Fingerprints {
    /// The fingerprint, or one with a counter where it has been there before.
    pub fn unique(&mut self, fingerprint: String) -> String {
        let before = self.0.entry(fingerprint.clone()).or_default();
        *before += 1;
        match *before {
            1 => fingerprint,
            number => format!("{fingerprint}:{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        let mut all = Fingerprints::default();
        let given = ["a", "b", "a", "a"].map(|one| all.unique(one.to_owned()));
        assert_eq!(given, ["a", "b", "a:2", "a:3"]);
    }
}
