//! Ladders, and what is said of a rung: by a rule, by its ladder, and by its ladder for the resources of another provider.

use serde::Deserialize;

use super::bills::Bill;
use super::climb::Fate;
use super::coded::{Coded, Reader, Text, Writer, coded};
use super::fix::FixRecipe;
use super::limits::ProviderLimit;
use super::module_source;
use crate::base::Rung;

/// A capability that can be had in more than one way.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// As in a finding's code.
    pub name: Text,
    /// Its place among the ladders.
    pub order: usize,
    /// As in a sentence.
    pub title: Text,
    /// What it is, and why its rungs stand in this order.
    pub about: Text,
    /// Advice for each rung; a rung that the ladder does not have says nothing.
    pub rungs: [Advice; 4],
    /// The same as other providers' resources need it.
    pub elsewhere: Vec<Elsewhere>,
}

coded!(Ladder {
    name,
    order,
    title,
    about,
    rungs,
    elsewhere
});

/// What is said of a rung. Empty where a rule leaves the word to its ladder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// Services that stand here.
    pub takes: Text,
    /// What is then the team's to run.
    pub yours: Text,
    /// What to take instead.
    pub up: Text,
    /// The rung on which that stands, where it is not the next better one.
    pub to: Option<Rung>,
    /// How big a step that is.
    pub step: Option<Step>,
    /// Short names of the properties that it changes.
    pub changes: Vec<Text>,
    /// What becomes of the data.
    pub data: Option<Fate>,
    /// What is paid although nobody uses it: where the way up leads, or on the first rung here.
    pub bills: Vec<Bill>,
    /// When it is fair to stand here.
    pub fair: Text,
    /// The way up as the exact change.
    pub fix: Option<FixRecipe>,
    /// Numbers of the provider that are in these words.
    pub limits: Vec<ProviderLimit>,
}

coded!(Advice {
    takes,
    yours,
    up,
    to,
    step,
    changes,
    data,
    bills,
    fair,
    fix,
    limits
});

/// The size of the way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// A property changes.
    Property,
    /// A resource is replaced, what uses it stays.
    Resource,
    /// What uses it changes too.
    Redesign,
    /// A resource goes, and nothing takes its place.
    Removal,
}

impl Step {
    /// The smallest first.
    pub const ALL: [Self; 4] = [
        Self::Property,
        Self::Resource,
        Self::Redesign,
        Self::Removal,
    ];

    /// As rules write it: `property`, `resource`, `redesign` or `removal`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Property => "property",
            Self::Resource => "resource",
            Self::Redesign => "redesign",
            Self::Removal => "removal",
        }
    }

    /// As in a sentence.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Property => "a property changes",
            Self::Resource => "a resource is replaced, what uses it stays",
            Self::Redesign => "a redesign: what uses it changes too",
            Self::Removal => "a resource goes, and nothing takes its place",
        }
    }
}

impl Coded for Step {
    fn write(&self, to: &mut Writer) {
        to.tag(*self as u8);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::ALL.get(usize::from(from.tag()?)).copied()
    }
}

/// What a ladder says of its rungs for the resources of another provider.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// How the provider's types begin: `azurerm_`.
    pub prefix: Text,
    /// As in a sentence: "Azure".
    pub provider: Text,
    /// Advice for each rung; empty where the ladder's own will do.
    pub rungs: [Advice; 4],
}

coded!(Elsewhere {
    prefix,
    provider,
    rungs
});

impl Elsewhere {
    /// Whether a type is the provider's, or a module is for it.
    fn is_for(&self, kind: &str) -> bool {
        let name = self.prefix.trim_end_matches('_');
        kind.starts_with(&*self.prefix) || module_source::provider(kind) == Some(name)
    }
}

impl Ladder {
    /// Whose advice counts for a type, the nearest first.
    pub(super) fn advice(&self, kind: &str, rung: Rung) -> impl Iterator<Item = &Advice> {
        let theirs = self.elsewhere.iter();
        let theirs = theirs.filter(move |other| other.is_for(kind));
        theirs
            .map(move |other| &other.rungs[rung as usize])
            .chain([&self.rungs[rung as usize]])
    }
}
