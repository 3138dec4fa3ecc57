//! What a map of an estate needs to know beside rungs, from `rules/landscape.toml`: compiled into sorted lists when the program
//! is built.

use std::borrow::Cow;

use crate::base::{PathStep, Sign};

include!(concat!(env!("OUT_DIR"), "/landscape.rs"));

/// How the ARN of a type is made of its name.
#[derive(Clone, Copy, Debug)]
pub struct ArnName {
    kind: &'static str,
    /// The property that holds the name.
    pub property: &'static str,
    pub service: &'static str,
    /// What stands between the account and the name.
    pub before: &'static str,
}

/// How the ARN of a type is made, where its name tells it.
#[must_use]
pub fn arn_name(kind: &str) -> Option<&'static ArnName> {
    let at = ARNS.binary_search_by(|arn| arn.kind.cmp(kind)).ok()?;
    ARNS.get(at)
}

/// A service whose ARNs are known.
#[must_use]
pub fn arn_service(service: &str) -> Option<&'static str> {
    let known = ARNS.iter().find(|arn| arn.service == service);
    known.map(|arn| arn.service)
}

/// A way to a sign.
#[derive(Debug)]
pub struct SignPath {
    pub sign: Sign,
    /// The type that it is about; every one, where there is none.
    pub kind: Option<&'static str>,
    /// Keys; `*` is any.
    path: &'static [&'static str],
    /// The value that it must have; any, where there is none.
    pub value: Option<&'static str>,
}

impl SignPath {
    /// The property where it starts.
    #[must_use]
    pub fn property(&self) -> &'static str {
        self.path.first().copied().unwrap_or("")
    }

    /// As the evaluator takes it.
    #[must_use]
    pub fn steps(&self) -> Vec<PathStep> {
        let step = |key: &&'static str| match *key {
            "*" => PathStep::Values,
            key => PathStep::Key(Cow::Borrowed(key)),
        };
        self.path.iter().map(step).collect()
    }
}

/// Every way to a sign.
#[must_use]
pub fn written() -> &'static [SignPath] {
    WRITTEN
}

/// Whether what a type names there hands on to it.
#[must_use]
pub fn is_reversed(kind: &str, property: &str) -> bool {
    REVERSED.binary_search(&(kind, property)).is_ok()
}

/// Whether a name below this key is no line.
#[must_use]
pub fn is_silent(key: &str) -> bool {
    SILENT.binary_search(&key).is_ok()
}

/// Whether what stands below this key runs on a machine, whatever is silent above it.
#[must_use]
pub fn is_run(key: &str) -> bool {
    RUN.binary_search(&key).is_ok()
}

/// Whether a name below this key is a weaker line.
#[must_use]
pub fn is_weak(key: &str) -> bool {
    WEAK.binary_search(&key).is_ok()
}

/// Whether no line goes through plumbing of this type.
#[must_use]
pub fn is_wall(kind: &str) -> bool {
    WALLS.binary_search(&kind).is_ok()
}

/// Whether people and other programs come in through a type.
#[must_use]
pub fn is_users_door(kind: &str) -> bool {
    USERS.binary_search(&kind).is_ok()
}

/// Whether a type has an address of its own on the internet.
#[must_use]
pub fn is_host(kind: &str) -> bool {
    HOSTS.binary_search(&kind).is_ok()
}

/// Whether events of the provider itself come in through plumbing of this type.
#[must_use]
pub fn is_events_door(kind: &str) -> bool {
    EVENTS.binary_search(&kind).is_ok()
}

/// Whether they come in through whatever stands on this ladder.
#[must_use]
pub fn is_users_ladder(ladder: &str) -> bool {
    USER_LADDERS.binary_search(&ladder).is_ok()
}

/// Whether other systems can feed what stands on this ladder.
#[must_use]
pub fn is_systems_ladder(ladder: &str) -> bool {
    SYSTEM_LADDERS.binary_search(&ladder).is_ok()
}
