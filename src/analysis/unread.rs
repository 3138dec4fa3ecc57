//! What a run did not read: counted by kind and named, so that nothing is green by silence. Whoever meets such a thing adds it to
//! its [`Judged`](super::Judged), and every format says it.

use std::collections::{BTreeMap, BTreeSet};

/// Items of a kind that are named; all are counted.
const LISTED: usize = 100;

/// What kind of thing was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum UnreadKind {
    /// Files of which another program makes Terraform's configuration.
    TerraformSyntax,
    /// Templates that a program writes, and that are not there, or are ignored.
    Generated,
    /// Calls of modules whose resources are not here.
    ModuleCall,
    /// Nested stacks whose templates are not here.
    NestedStack,
    /// Types that the catalogue does not know.
    UnknownType,
    /// Parts of a template, and what it takes in from elsewhere.
    Part,
    /// Files and folders that an ignore file hides.
    Ignored,
    /// Files that `sfl.toml` excludes.
    Excluded,
    /// What stands in a folder and is not opened: links, devices, files that are too large.
    Refused,
    /// What is never looked at unless it is named: `node_modules`, hidden folders.
    LeftOut,
}

impl UnreadKind {
    /// In the order in which they are said.
    pub const ALL: [Self; 10] = [
        Self::TerraformSyntax,
        Self::Generated,
        Self::ModuleCall,
        Self::NestedStack,
        Self::UnknownType,
        Self::Part,
        Self::Ignored,
        Self::Excluded,
        Self::Refused,
        Self::LeftOut,
    ];

    /// As programs are told.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TerraformSyntax => "terraform-syntax",
            Self::Generated => "generated",
            Self::ModuleCall => "module-calls",
            Self::NestedStack => "nested-stacks",
            Self::UnknownType => "unknown-types",
            Self::Part => "parts",
            Self::Ignored => "ignored",
            Self::Excluded => "excluded",
            Self::Refused => "refused",
            Self::LeftOut => "left-out",
        }
    }

    /// Whether hosting choices are missing for want of it: else somebody chose to leave it out, and it may hold none.
    #[must_use]
    pub const fn is_gap(self) -> bool {
        matches!(
            self,
            Self::TerraformSyntax
                | Self::Generated
                | Self::ModuleCall
                | Self::NestedStack
                | Self::UnknownType
                | Self::Part
        )
    }
}

/// One thing that was not read. What does not apply is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnreadItem {
    /// The file or folder, as it is shown.
    pub path: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// Where in the template: `module.cluster`.
    pub address: Option<String>,
    /// What is called for, or of what type it is: a module's source, a nested stack's template, the name of a type.
    pub name: Option<String>,
    /// What keeps it from being read, or what to do: `.gitignore:3`, "larger than 16 MiB".
    pub why: Option<String>,
}

impl UnreadItem {
    /// A file, a folder, or something in it.
    #[must_use]
    pub fn at(path: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            ..Self::default()
        }
    }

    /// Something that has no place, but a name.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self::default().called(name)
    }

    /// On this line.
    #[must_use]
    pub fn on_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    /// With this address in its template.
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// With the name of what it calls for, or of its type.
    #[must_use]
    pub fn called(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// For this reason.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }
}

/// What was not read of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnreadGroup {
    /// How many there are.
    pub count: usize,
    /// The first of them, in order.
    pub items: BTreeSet<UnreadItem>,
}

impl UnreadGroup {
    fn trim(&mut self) {
        while self.items.len() > LISTED {
            self.items.pop_last();
        }
    }
}

/// Why a file is left out that the call excludes.
pub const BY_CALL: &str = "--exclude";

/// Everything that was not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    groups: BTreeMap<UnreadKind, UnreadGroup>,
    names_all: bool,
}

impl Unread {
    /// Counts one thing.
    pub fn add(&mut self, kind: UnreadKind, item: UnreadItem) {
        let group = self.groups.entry(kind).or_default();
        group.count += 1;
        group.items.insert(item);
        if !self.names_all {
            group.trim();
        }
    }

    /// Counts so many things, of which these are named.
    pub fn count_all(
        &mut self,
        kind: UnreadKind,
        items: impl Iterator<Item = UnreadItem>,
        count: usize,
    ) {
        let group = self.groups.entry(kind).or_default();
        group.count += count;
        group.items.extend(items);
    }

    /// Whether everything is named, however much it is, and not only counted.
    pub fn name_all(&mut self, names_all: bool) {
        self.names_all = names_all;
    }

    /// Takes in what was not read elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.names_all |= other.names_all;
        for (kind, theirs) in other.groups {
            let group = self.groups.entry(kind).or_default();
            group.count += theirs.count;
            group.items.extend(theirs.items);
            if !self.names_all {
                group.trim();
            }
        }
    }

    /// By kind, in the order in which they are said; only those that there are.
    pub fn groups(&self) -> impl Iterator<Item = (UnreadKind, &UnreadGroup)> {
        self.groups.iter().map(|(kind, group)| (*kind, group))
    }

    /// How many there are of a kind.
    #[must_use]
    pub fn count(&self, kind: UnreadKind) -> usize {
        self.groups.get(&kind).map_or(0, |group| group.count)
    }

    /// Whether everything was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_are_named_in_whatever_order_they_come() {
        let names = || (0..250).map(|number| format!("{number:03}.tf"));
        let (mut one, mut other) = (Unread::default(), Unread::default());
        for name in names() {
            one.add(UnreadKind::TerraformSyntax, UnreadItem::at(name));
        }
        for name in names().collect::<Vec<_>>().into_iter().rev() {
            let mut part = Unread::default();
            part.add(UnreadKind::TerraformSyntax, UnreadItem::at(name));
            other.merge(part);
        }
        assert_eq!(one, other);
        assert_eq!(one.count(UnreadKind::TerraformSyntax), 250);
        let (_, group) = one.groups().next().expect("there is one");
        assert_eq!(group.items.len(), LISTED);
        let last = group.items.last().and_then(|item| item.path.as_deref());
        assert_eq!(last, Some("099.tf"));
    }

    #[test]
    fn kinds_are_said_in_the_order_of_the_list() {
        assert!(UnreadKind::ALL.is_sorted());
    }
}
