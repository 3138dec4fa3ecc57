//! What is said of a rung: by a rule, by its ladder, and by its ladder for the resources of another provider.

use super::catalogue::{Ladder, Rule};
use crate::base::Rung;

/// What a rung means. Empty where a rule leaves the word to its ladder.
#[derive(Clone, Copy, Debug)]
pub struct RungText {
    /// Services that stand here.
    pub takes: &'static str,
    /// What is then the team's to run.
    pub yours: &'static str,
    /// What to take instead.
    pub up: &'static str,
    /// How big a step that is.
    pub step: Option<Step>,
    /// When it is fair to stand here.
    pub fair: &'static str,
}

/// The size of the way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A property changes.
    Property,
    /// A resource is replaced, what uses it stays.
    Resource,
    /// What uses it changes too.
    Redesign,
}

impl Step {
    /// As in a sentence.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Property => "a property changes",
            Self::Resource => "a resource is replaced, what uses it stays",
            Self::Redesign => "a redesign: what uses it changes too",
        }
    }
}

/// What a ladder says of its rungs for the resources of another provider.
#[derive(Clone, Copy, Debug)]
pub struct Elsewhere {
    /// How the provider's types begin: `azurerm_`.
    pub prefix: &'static str,
    /// As in a sentence: "Azure".
    pub provider: &'static str,
    /// Words for each rung; empty where the ladder's own will do.
    pub rungs: [RungText; 4],
}

impl Ladder {
    /// Whose words count for a type, the nearest first.
    fn sayings(&self, kind: &str, rung: Rung) -> impl Iterator<Item = &RungText> {
        let theirs = self.elsewhere.iter();
        let theirs = theirs.filter(move |other| kind.starts_with(other.prefix));
        theirs
            .map(move |other| &other.rungs[rung as usize])
            .chain([&self.rungs[rung as usize]])
    }
}

impl Rule {
    /// A word for a rung: the rule's own, else the ladder's for the provider of its types.
    #[must_use]
    pub fn text(&self, rung: Rung, word: fn(&RungText) -> &'static str) -> &'static str {
        self.text_for(self.first(), rung, word)
    }

    /// How big the step up from a rung is.
    #[must_use]
    pub fn step(&self, rung: Rung) -> Option<Step> {
        self.step_for(self.first(), rung)
    }

    fn first(&self) -> &'static str {
        self.types.first().copied().unwrap_or_default()
    }

    /// The same for one of its types.
    #[must_use]
    pub fn text_for(
        &self,
        kind: &str,
        rung: Rung,
        word: fn(&RungText) -> &'static str,
    ) -> &'static str {
        let own = std::iter::once(&self.rungs[rung as usize]);
        let mut all = own.chain(self.ladder().sayings(kind, rung)).map(word);
        all.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The same for one of its types.
    #[must_use]
    pub fn step_for(&self, kind: &str, rung: Rung) -> Option<Step> {
        let own = std::iter::once(&self.rungs[rung as usize]);
        let mut all = own.chain(self.ladder().sayings(kind, rung));
        all.find_map(|text| text.step)
    }
}
