//! The choices that stand on a map, as its formats name them: those of an analysis, or those of a map that was saved.

use std::borrow::Cow;

use super::redrawn::SavedMap;
use crate::analysis::{Analysis, Decision};

/// Where the choices of a map come from. What the map says of a decision by its number, this has under that number.
#[derive(Clone, Copy, Debug)]
pub enum MapSource<'s> {
    /// What was read today.
    Analysis(&'s Analysis),
    /// What was read when the map was saved.
    Saved(&'s SavedMap),
}

/// One of them.
#[derive(Clone, Debug)]
pub struct HostingChoice<'s> {
    /// The file, as it is shown.
    pub path: &'s str,
    /// Logical id, or full Terraform address.
    pub address: &'s str,
    /// Where it begins in its file.
    pub line: u32,
    /// Who answers for it: several names with commas between them.
    pub owner: Option<Cow<'s, str>>,
    /// The value stream.
    pub stream: Option<&'s str>,
    /// As on a map.
    pub name: &'s str,
    /// The type; maps of old did not say it.
    pub kind: Option<&'s str>,
    /// The folder of the root module that calls the one in which it stands.
    pub root: Option<&'s str>,
    /// The file and line of the block that a plan was made from, where that is at hand.
    pub written: Option<(&'s str, u32)>,
    /// The ladder, as in a finding's code.
    pub ladder: &'s str,
}

impl<'s> MapSource<'s> {
    /// The choice with this number.
    #[must_use]
    pub fn choice(self, at: usize) -> Option<HostingChoice<'s>> {
        match self {
            Self::Analysis(analysis) => analysis.decisions.get(at).map(of_decision),
            Self::Saved(map) => map.choices.get(at).map(|one| one.choice()),
        }
    }

    /// How many numbers there are.
    #[must_use]
    pub fn count(self) -> usize {
        match self {
            Self::Analysis(analysis) => analysis.decisions.len(),
            Self::Saved(map) => map.choices.len(),
        }
    }

    /// Whether the choice with this number is one of the estate's own.
    pub(super) fn is_counted(self, at: usize) -> bool {
        match self {
            Self::Analysis(analysis) => analysis.decisions[at].is_counted,
            Self::Saved(_) => true,
        }
    }

    /// How far each target is, in words.
    #[must_use]
    pub fn target_words(self) -> Vec<Cow<'s, str>> {
        match self {
            Self::Analysis(analysis) => {
                let all = analysis.targets.iter();
                all.map(|one| one.words().into()).collect()
            }
            Self::Saved(map) => {
                let all = map.targets.iter();
                all.map(|one| Cow::from(&*one.words)).collect()
            }
        }
    }
}

fn of_decision(decision: &Decision) -> HostingChoice<'_> {
    let written = decision.written.as_ref();
    HostingChoice {
        path: &decision.path,
        address: &decision.address,
        line: decision.start.line,
        owner: decision.owner.as_ref().map(|owner| owner.text().into()),
        stream: decision.stream.as_deref(),
        name: decision.name(),
        kind: Some(&decision.kind),
        root: decision.root.as_deref(),
        written: written.map(|block| (&*block.path, block.start.line)),
        ladder: &decision.ladder().name,
    }
}
