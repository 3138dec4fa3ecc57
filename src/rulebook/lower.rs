//! What a rule file leaves to be worked out, for the build script and for a team's own rules alike.

use std::collections::BTreeMap;

use super::rulefile::{RuleFile, RuleText, RungName, RungText};

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// The value under a key.
    Key(&'p str),
    /// Each element of a list.
    Each,
    /// Each value of a map.
    Values,
}

/// A path in steps: `a.b[].*`.
#[must_use]
pub fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in parts(path) {
        match part.trim_end_matches("[]") {
            "" => {}
            "*" => steps.push(Step::Values),
            key => steps.push(Step::Key(key.trim_matches('"'))),
        }
        if part.ends_with("[]") {
            steps.push(Step::Each);
        }
    }
    steps
}

/// The parts of a path between its dots; a key with dots of its own stands in double quotes.
fn parts(path: &str) -> Vec<&str> {
    let mut quoted = false;
    path.split(|letter| {
        quoted ^= letter == '"';
        letter == '.' && !quoted
    })
    .collect()
}

/// How the types of a provider begin, and how people call it. Where nothing is said, a word is AWS's.
const PROVIDERS: [(&str, &str); 2] = [("azurerm_", "Azure"), ("google_", "Google Cloud")];

/// Whose words a file that extends a ladder brings along: the prefix and the name of the provider of all its types.
#[must_use]
pub fn provider(file: &RuleFile) -> Option<(&'static str, &'static str)> {
    file.extends.as_ref()?;
    let of_all = |prefix: &str| {
        let mut types = file.rules.iter().flat_map(|rule| &rule.types);
        types.all(|name| name.starts_with(prefix))
    };
    PROVIDERS.into_iter().find(|(prefix, _)| of_all(prefix))
}

/// A rule's own words for its rungs, then those of its file where that only adds to a ladder.
#[must_use]
pub fn words(rule: &RuleText, file: &RuleFile) -> BTreeMap<RungName, RungText> {
    let none = RungText::default();
    let extends = file.extends.is_some();
    let names = rule.rung.keys().chain(file.rung.keys().filter(|_| extends));
    let merged = |name: &RungName| {
        let own = rule.rung.get(name).unwrap_or(&none);
        let shared = file.rung.get(name).filter(|_| extends).unwrap_or(&none);
        RungText {
            takes: own.takes.clone().or_else(|| shared.takes.clone()),
            yours: own.yours.clone().or_else(|| shared.yours.clone()),
            up: own.up.clone().or_else(|| shared.up.clone()),
            step: own.step.or(shared.step),
            fair: own.fair.clone().or_else(|| shared.fair.clone()),
        }
    };
    names.map(|name| (*name, merged(name))).collect()
}
