//! What servers make somebody own, from `rules/liability.toml`: compiled into constants when the program is built.

use super::actions::ValuePlace;

include!(concat!(env!("OUT_DIR"), "/liability.rs"));

/// What is counted together: "user data".
#[derive(Clone, Copy, Debug)]
pub struct LiabilityKind {
    /// For programs.
    pub name: &'static str,
    /// Its lines are counted, else how many there are.
    pub is_lines: bool,
    /// One of them; of lines, whose they are.
    pub one: &'static str,
    /// Several.
    pub many: &'static str,
    /// The duty with which it goes away; none where it goes with the machines.
    pub duty: Option<&'static str>,
}

/// Where something stands that a machine runs and somebody wrote.
#[derive(Debug)]
pub struct ScriptRule {
    /// A number of [`kinds`].
    pub kind: usize,
    /// The first that is there counts.
    pub places: &'static [ValuePlace],
    /// It only says where the script is.
    pub is_elsewhere: bool,
    /// One of them has to hold, where there is any.
    pub when: &'static [ValuePlace],
}

/// A block that is to be looked after as it stands.
#[derive(Debug)]
pub struct BlockRule {
    /// A number of [`kinds`].
    pub kind: usize,
    /// What it is, where its type doesn't say it.
    pub says: &'static str,
    /// One of them has to hold, where there is any.
    pub when: &'static [ValuePlace],
    /// None of them may.
    pub unless: &'static [ValuePlace],
}

/// What is asked of a resource type.
#[derive(Debug, Default)]
pub struct AskedOfType {
    scripts: &'static [usize],
    blocks: &'static [usize],
    images: &'static [usize],
    /// Terraform attributes that a plan has to keep for it.
    pub attributes: &'static [&'static str],
}

impl AskedOfType {
    pub fn scripts(&self) -> impl Iterator<Item = &'static ScriptRule> + use<> {
        self.scripts.iter().map(|at| &SCRIPTS[*at])
    }

    pub fn blocks(&self) -> impl Iterator<Item = &'static BlockRule> + use<> {
        self.blocks.iter().map(|at| &BLOCKS[*at])
    }

    /// Where it names an image.
    pub fn images(&self) -> impl Iterator<Item = &'static [ValuePlace]> + use<> {
        self.images.iter().map(|at| IMAGES[*at])
    }
}

/// All kinds, in the order in which they are told; what is found names them by their number.
#[must_use]
pub fn kinds() -> &'static [LiabilityKind] {
    &KINDS
}

/// The number of a kind.
#[must_use]
pub fn kind(name: &str) -> usize {
    let found = KINDS.iter().position(|kind| kind.name == name);
    found.expect("it stands in rules/liability.toml")
}

/// What is asked of a type.
#[must_use]
pub fn of_type(kind: &str) -> Option<&'static AskedOfType> {
    type_number(kind).map(|at| &TYPES[at].1)
}

/// The place of a type among all of which something is asked.
#[must_use]
pub fn type_number(kind: &str) -> Option<usize> {
    TYPES.binary_search_by(|(known, _)| (*known).cmp(kind)).ok()
}

/// Of how many types something is asked.
#[must_use]
pub const fn number_of_types() -> usize {
    TYPES.len()
}

/// Scripts that count below a property of any type.
pub fn below(property: &str) -> impl Iterator<Item = &'static ScriptRule> + use<> {
    let found = ANYWHERE.iter().find(|(key, _)| *key == property);
    let all = found.map_or(&[][..], |(_, all)| *all);
    all.iter().map(|at| &SCRIPTS[*at])
}

/// Agents, each with the words in a script by which it is known.
#[must_use]
pub fn agents() -> &'static [(&'static str, &'static [&'static str])] {
    AGENTS
}

/// Whether an account publishes images for all.
#[must_use]
pub fn is_aws_publisher(owner: &str) -> bool {
    AWS_PUBLISHERS.contains(&owner)
}

/// Whether a project does.
#[must_use]
pub fn is_google_publisher(project: &str) -> bool {
    GOOGLE_PUBLISHERS.contains(&project)
}

/// Whether a name is that of a public image, where no project is named.
#[must_use]
pub fn is_public_family(name: &str) -> bool {
    IMAGE_FAMILIES.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::CATALOGUE;

    #[test]
    fn every_type_is_one_that_the_catalogue_knows() {
        let helpers = ["null_resource", "terraform_data"];
        for (name, _) in TYPES.iter().filter(|(name, _)| !helpers.contains(name)) {
            assert!(CATALOGUE.entry(name).is_some(), "{name}");
        }
        let duties = super::super::actions::duties();
        for duty in KINDS.iter().filter_map(|kind| kind.duty) {
            assert!(duties.iter().any(|known| known.name == duty), "{duty}");
        }
        assert!(TYPES.is_sorted_by_key(|(name, _)| *name));
    }
}
