//! The kinds of reasons, as `rules/justifications.toml` says; the build script writes them, so nothing is parsed at start.

use crate::placement::facts::{Fact, PathStep};
use crate::placement::{Property, Rung};

/// One kind of reason.
#[derive(Debug)]
pub struct Kind {
    /// As in `because`.
    pub name: &'static str,
    /// What it says.
    pub means: &'static str,
    /// Fields without which it does not count.
    pub needs: &'static [&'static str],
    /// What speaks against it.
    pub against: &'static [Against],
}

/// What speaks against a kind: everything that is said must hold, and nothing said always does.
#[derive(Debug)]
pub struct Against {
    /// Indices of ladders.
    pub ladders: &'static [usize],
    /// Indices of rules.
    pub rules: &'static [usize],
    /// Rungs.
    pub rungs: &'static [Rung],
    /// Words of the reason, in lower case.
    pub words: &'static [&'static str],
    /// An index into [`FACTS`], and what it must answer.
    pub when: &'static [(usize, Test)],
    /// Why that speaks against it.
    pub says: &'static str,
}

/// What is asked of the values of a fact.
#[derive(Debug)]
pub enum Test {
    /// There are some, and each matches one of these globs.
    Like(&'static [&'static str]),
    /// There are some, and none matches any of these globs.
    Unlike(&'static [&'static str]),
    /// There are some, and each is one of these.
    Is(&'static [&'static str]),
    /// There are some, and each is a number up to this.
    AtMost(i64),
    /// Each that there is is one of these.
    Only(&'static [&'static str]),
    /// Each that there is is a number up to this.
    UpTo(i64),
}

include!(concat!(env!("OUT_DIR"), "/justifications.rs"));

/// The kind of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.name == name)
}

/// The kind whose name is spelled most alike.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
    let wanted = match wanted.as_str() {
        "license" | "licensing" => "licence",
        "gpu" => "hardware",
        "cost" => "cost-at-scale",
        "throughput" => "dedicated-throughput",
        "vendor" => "vendor-software",
        other => other,
    };
    let near = NAMES.map(|known| (strsim::jaro_winkler(known, wanted), known));
    let best = near
        .into_iter()
        .max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(alike, _)| *alike > 0.7)
        .map(|(_, known)| known)
}
