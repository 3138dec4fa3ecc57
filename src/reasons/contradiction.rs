//! The template's own word against a reason, as `rules/justifications.toml` says. Doubt never contradicts.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use super::kinds::{self, FACTS};
use crate::placement::fact_values::{Fact, Known};
use crate::placement::{CATALOGUE, Decision, Place};
use crate::rulebook::Entry;
use crate::rulebook::justification::{Against, ReasonKind};
use crate::rulebook::test::Values;

/// What speaks against a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Why, in words.
    pub says: &'static str,
    /// The value that says so and its place, where one does.
    pub value: Option<(String, Option<Place>)>,
}

/// The first thing that speaks against a kind of reason for a decision.
#[must_use]
pub fn find(
    kind: &'static ReasonKind,
    words: &str,
    decision: &Decision,
    facts: &dyn Fn(&Fact) -> Known,
) -> Option<Contradiction> {
    let words = format!(" {} ", super::placeholder::spaced(words));
    let rule = LazyCell::new(|| rule_number(decision));
    let mut asked = BTreeMap::new();
    let against = kind.against.iter();
    against
        .filter(|against| speaks_of(against, decision, &rule, &words))
        .find_map(|against| holds(against, facts, &mut asked))
}

/// The kinds that something speaks against whatever the words of the reason, as they are listed.
#[must_use]
pub fn kinds_against(decision: &Decision, facts: &dyn Fn(&Fact) -> Known) -> Vec<&'static str> {
    let rule = LazyCell::new(|| rule_number(decision));
    // Many ask for the same facts.
    let mut asked = BTreeMap::new();
    let mut speaks = |against: &'static Against| {
        against.words.is_empty()
            && speaks_of(against, decision, &rule, "")
            && holds(against, facts, &mut asked).is_some()
    };
    let kinds = kinds::ALL.iter();
    let against = kinds.filter(|kind| kind.against.iter().any(&mut speaks));
    against.map(|kind| &*kind.name).collect()
}

/// The number of a decision's rule; none where it is a rule of somebody's own.
fn rule_number(decision: &Decision) -> Option<usize> {
    match CATALOGUE.entry(&decision.kind) {
        Some(Entry::Rule(at)) if CATALOGUE.rule_at(at).name == decision.rule.name => Some(at),
        _ => CATALOGUE
            .rules()
            .position(|rule| rule.name == decision.rule.name),
    }
}

fn speaks_of<F: FnOnce() -> Option<usize>>(
    against: &Against,
    decision: &Decision,
    rule: &LazyCell<Option<usize>, F>,
    words: &str,
) -> bool {
    let is_of = |rule: usize| against.rules.contains(&rule);
    (against.rungs.is_empty() || against.rungs.contains(&decision.rung))
        && (against.ladders.is_empty() || against.ladders.contains(&decision.ladder().order))
        && (against.rules.is_empty() || LazyCell::force(rule).is_some_and(is_of))
        && (against.words.is_empty()
            || against
                .words
                .iter()
                .any(|word| words.contains(&format!(" {word} "))))
}

fn holds(
    against: &'static Against,
    facts: &dyn Fn(&Fact) -> Known,
    asked: &mut BTreeMap<usize, Known>,
) -> Option<Contradiction> {
    let answer = against.when.ask(&mut |fact, test| {
        let known = asked.entry(fact).or_insert_with(|| facts(&FACTS[fact]));
        test.ask(&*known)
    });
    if answer != Some(true) {
        return None;
    }
    let mut tests = Vec::new();
    against.when.tests(&mut tests);
    let mut value = None;
    for (fact, test) in tests {
        let Some(Known::Values(values)) = asked.get(&fact) else {
            continue;
        };
        // The first named value is what a reader looks for; a condition on how many there are only narrows it.
        if value.is_none() || test.tells() {
            value = values.first().cloned().or(value);
        }
    }
    Some(Contradiction {
        says: &against.says,
        value,
    })
}

/// Doubt is no answer.
impl Values for Known {
    type Answer = Option<bool>;

    fn some(&self, passes: &dyn Fn(&str) -> bool) -> Option<bool> {
        match self {
            Self::Doubt => None,
            Self::Values(values) => Some(values.iter().any(|(text, _)| passes(text))),
        }
    }

    fn present(&self) -> Option<bool> {
        match self {
            Self::Doubt => None,
            Self::Values(values) => Some(!values.is_empty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_never_contradicts() {
        let values = |texts: &[&str]| {
            let texts = texts.iter().map(|text| ((*text).to_owned(), None));
            Known::Values(texts.collect())
        };
        let against = &kinds::named("dedicated-throughput")
            .expect("it is there")
            .against[0];
        let found = |known: &Known| holds(against, &|_| known.clone(), &mut BTreeMap::new());
        let micro = found(&values(&["t3.micro", "T4G.small"])).expect("both are burstable");
        assert_eq!(micro.value, Some(("t3.micro".to_owned(), None)));
        assert_eq!(found(&values(&["t3.micro", "m7g.large"])), None);
        assert_eq!(found(&values(&[])), None);
        assert_eq!(found(&Known::Doubt), None);
    }

    #[test]
    fn a_kind_is_known_by_its_name() {
        assert_eq!(kinds::NAMES.len(), kinds::ALL.len());
        assert_eq!(kinds::nearest("license"), Some("licence"));
        assert_eq!(kinds::nearest("long_running"), Some("long-running"));
        assert_eq!(
            kinds::nearest("dedicated throughput"),
            Some("dedicated-throughput")
        );
        assert_eq!(kinds::nearest("Latncy"), Some("latency"));
        assert_eq!(kinds::nearest("xyzzy"), None);
    }
}
