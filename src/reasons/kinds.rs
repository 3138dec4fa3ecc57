//! The kinds of reasons, as `rules/justifications.toml` says.

use std::sync::LazyLock;

use crate::rulebook::catalogue;
use crate::rulebook::form::Table;
use crate::rulebook::justification::{Fact, ReasonKind};

/// Every kind of reason.
pub static ALL: LazyLock<Vec<ReasonKind>> =
    LazyLock::new(|| catalogue::built_in().all(Table::Kinds).collect());

/// The names of the kinds.
pub static NAMES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| ALL.iter().map(|kind| &*kind.name).collect());

/// What is asked of a decision's resources.
pub static FACTS: LazyLock<Vec<Fact>> =
    LazyLock::new(|| catalogue::built_in().all(Table::Facts).collect());

#[must_use]
pub fn named(name: &str) -> Option<&'static ReasonKind> {
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
    let names = NAMES.iter();
    let near = names.map(|known| (strsim::jaro_winkler(known, wanted), *known));
    let best = near.max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(alike, _)| *alike > 0.7)
        .map(|(_, known)| known)
}
