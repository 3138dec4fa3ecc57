//! What an analysis that was put together from many reports was made from, and what those say only as numbers.

use std::collections::BTreeMap;

use super::{Analysis, Count};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedFrom {
    /// Reports, and inputs of scans.
    pub inputs: usize,
    /// The repositories that have a name, each with its commit where that is known. What they hold stands below their name.
    pub repositories: BTreeMap<String, Option<String>>,
    /// Files that were looked at and are no templates.
    pub skipped: usize,
    /// Helpers of deployments.
    pub machinery: usize,
}

impl MergedFrom {
    /// Takes in another one.
    pub fn append(&mut self, other: Self) {
        self.inputs += other.inputs;
        self.skipped += other.skipped;
        self.machinery += other.machinery;
        for (name, commit) in other.repositories {
            let known = self.repositories.entry(name).or_insert(None);
            // Of two commits of one repository the order must not choose.
            *known = known.take().max(commit);
        }
    }

    /// The repository that a file stands in.
    #[must_use]
    pub fn repository(&self, path: &str) -> Option<(&str, Option<&str>)> {
        let ends = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
        let mut names = std::iter::once(path).chain(ends);
        let (name, commit) = names.find_map(|name| self.repositories.get_key_value(name))?;
        Some((name, commit.as_deref()))
    }
}

impl Analysis {
    /// The repositories that it was put together from, with their commits and what was decided in each.
    #[must_use]
    pub fn repositories(&self) -> Vec<(&str, Option<&str>, Count)> {
        let Some(merged) = &self.merged_from else {
            return Vec::new();
        };
        let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
        for decision in &self.decisions {
            if let Some((name, _)) = merged.repository(&decision.path) {
                counts.entry(name).or_default().add(decision);
            }
        }
        let all = merged.repositories.iter();
        all.map(|(name, commit)| {
            let count = counts.remove(name.as_str()).unwrap_or_default();
            (name.as_str(), commit.as_deref(), count)
        })
        .collect()
    }

    /// How many files were looked at and are no templates.
    #[must_use]
    pub fn skipped(&self) -> usize {
        let merged = self.merged_from.as_ref().map_or(0, |merged| merged.skipped);
        self.skipped_files.len() + merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_in_the_innermost_repository() {
        let mut merged = MergedFrom::default();
        for (name, commit) in [("a", None), ("a/b", Some("1".to_owned()))] {
            merged.repositories.insert(name.to_owned(), commit);
        }
        assert_eq!(merged.repository("a/b/main.tf"), Some(("a/b", Some("1"))));
        assert_eq!(merged.repository("a/bc/main.tf"), Some(("a", None)));
        assert_eq!(merged.repository("b/main.tf"), None);
    }
}
