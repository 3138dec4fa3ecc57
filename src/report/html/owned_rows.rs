//! What servers make somebody own: each kind leads to its decisions, and each thing to its lines.

use std::collections::BTreeSet;

use super::row_links::{Linked, RowLinks};
use super::shown;
use crate::analysis::Liability;
use crate::compare::Compared;
use crate::liability::{self, kind_words};
use crate::report::{Style, owned};

/// Things of a kind that are named; who needs more asks `sfl liability`.
const MOST: usize = 50;

/// A kind of it.
pub struct OwnedKind {
    /// "48 lines of user data".
    pub words: String,
    /// Those with the most lines first.
    pub things: Vec<OwnedThing>,
    /// What is not named.
    pub more: usize,
    /// The decisions that it is for.
    pub decisions: Linked,
}

/// Something with its lines.
pub struct OwnedThing {
    pub place: String,
    pub url: Option<String>,
    pub what: String,
}

/// All kinds of which there is something.
pub fn kinds(report: &Compared, links: RowLinks, style: &Style) -> Vec<OwnedKind> {
    let all = liability::by_kind(report, &liability::tally(report)).into_iter();
    let kinds = all.map(|one| {
        let (kind, own) = (one.kind, one.things);
        let decisions: BTreeSet<usize> = own
            .iter()
            .flat_map(|one| one.decisions.iter().copied())
            .collect();
        OwnedKind {
            words: kind_words(kind, one.tally),
            more: own.len().saturating_sub(MOST),
            things: own
                .iter()
                .take(MOST)
                .map(|one| OwnedThing {
                    place: shown(&owned::place(one)),
                    url: url(one, style),
                    what: shown(&owned::what(report, one)),
                })
                .collect(),
            decisions: Linked {
                number: decisions.len(),
                wish: links.counted(&[("owned", kind.name)]),
            },
        }
    });
    kinds.collect()
}

/// Where its first line is in the repository.
pub fn url(one: &Liability, style: &Style) -> Option<String> {
    let remote = style.remote?;
    remote.line(&one.path, one.start.line)
}
