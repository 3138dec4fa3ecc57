//! What a comparison says: each decision that it touched, with the way to its row.

use std::collections::{BTreeMap, HashMap};

use super::row_links::RowLinks;
use super::shown;
use crate::analysis::Decision;
use crate::analysis::summary::whole;
use crate::compare::Compared;
use crate::compare::change::{Change, Snapshot};
use crate::report::touched::Touched;

/// Those that are seen before the rest is unfolded.
const SEEN: usize = 8;

/// What changed since a commit.
pub struct Changed {
    pub since: String,
    pub sentence: String,
    /// The score before.
    pub before: Option<f64>,
    pub groups: Vec<MovedGroup>,
}

/// What the change did alike.
pub struct MovedGroup {
    /// `Worse`.
    pub heading: &'static str,
    pub first: Vec<Moved>,
    pub rest: Vec<Moved>,
}

/// One decision that the change touched.
pub struct Moved {
    pub word: &'static str,
    pub address: String,
    pub path: String,
    pub rungs: String,
    pub was: Option<(String, String)>,
    /// Finds its row, if it has one.
    pub wish: Option<String>,
}

/// Where decisions stand among those of the report.
type Places<'r> = HashMap<(&'r str, &'r str), usize>;

fn places(report: &Compared) -> Places<'_> {
    let all = report.decisions.iter().enumerate();
    all.map(|(at, one)| ((&*one.path, &*one.address), at))
        .collect()
}

fn place(places: &Places<'_>, one: &Touched<'_>) -> Option<usize> {
    let spot: &Snapshot = one.spot;
    let is_there = one.word != "gone";
    let found = places.get(&(&*spot.path, &*spot.address));
    found.copied().filter(|_| is_there)
}

/// By decision, what a change did to it: the first word is the weightiest.
pub fn words(report: &Compared) -> BTreeMap<usize, &'static str> {
    let mut words = BTreeMap::new();
    if let Some(change) = &report.change {
        let places = places(report);
        for one in Touched::of(change) {
            if let Some(at) = place(&places, &one) {
                words.entry(at).or_insert(one.word);
            }
        }
    }
    words
}

/// The row of a decision as a wish: its file and its address.
pub fn wish(decision: &Decision, links: RowLinks) -> String {
    let (path, ..) = decision.place();
    links.rows(&[("row", &format!("{path} {}", decision.address))])
}

pub fn changed(report: &Compared, change: &Change, links: RowLinks) -> Changed {
    let places = places(report);
    let row = |one: &Touched<'_>| Moved {
        word: one.word,
        address: shown(one.spot.name()),
        path: shown(&one.spot.path),
        rungs: one.rungs("→"),
        was: one
            .was()
            .map(|(address, path)| (shown(address), shown(path))),
        wish: place(&places, one).map(|at| wish(&report.decisions[at], links)),
    };
    let groups = Touched::groups(change).into_iter().map(|(effect, group)| {
        let mut first: Vec<Moved> = group.iter().map(row).collect();
        let rest = first.split_off(first.len().min(SEEN));
        MovedGroup {
            heading: effect.heading(),
            first,
            rest,
        }
    });
    Changed {
        since: shown(&change.since),
        sentence: shown(&change.sentence("→")),
        before: change.before.score().map(whole),
        groups: groups.collect(),
    }
}
