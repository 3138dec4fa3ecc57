//! The template's own word against a reason, as `rules/justifications.toml` says. Doubt never contradicts.

use super::kinds::{Against, FACTS, Kind, Test};
use crate::placement::facts::{Fact, Known};
use crate::placement::{CATALOGUE, Decision, Place};

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
    kind: &Kind,
    words: &str,
    decision: &Decision,
    facts: &dyn Fn(&Fact) -> Known,
) -> Option<Contradiction> {
    let words = format!(" {} ", super::words::spaced(words));
    let against = kind.against.iter();
    against
        .filter(|against| speaks_of(against, decision, &words))
        .find_map(|against| holds(against, facts))
}

fn speaks_of(against: &Against, decision: &Decision, words: &str) -> bool {
    let rule = |at: &usize| CATALOGUE.rules[*at].name == decision.rule.name;
    (against.ladders.is_empty() || against.ladders.contains(&decision.ladder().order))
        && (against.rules.is_empty() || against.rules.iter().any(rule))
        && (against.rungs.is_empty() || against.rungs.contains(&decision.rung))
        && (against.words.is_empty()
            || against
                .words
                .iter()
                .any(|word| words.contains(&format!(" {word} "))))
}

fn holds(against: &Against, facts: &dyn Fn(&Fact) -> Known) -> Option<Contradiction> {
    let mut value = None;
    for (fact, test) in against.when {
        let Known::Values(values) = facts(&FACTS[*fact]) else {
            return None;
        };
        if !passes(test, &values) {
            return None;
        }
        // The first named value is what a reader looks for; a condition on how many there are only narrows it.
        let tells = matches!(test, Test::Like(_) | Test::Unlike(_) | Test::Is(_));
        if value.is_none() || tells {
            value = values.into_iter().next().or(value);
        }
    }
    Some(Contradiction {
        says: against.says,
        value,
    })
}

fn passes(test: &Test, values: &[(String, Option<Place>)]) -> bool {
    let some = !values.is_empty();
    let every = |holds: &dyn Fn(&str) -> bool| values.iter().all(|(text, _)| holds(text));
    #[expect(clippy::cast_precision_loss, reason = "the file writes small numbers")]
    let up_to =
        |most: i64| every(&|text| text.parse().is_ok_and(|number: f64| number <= most as f64));
    match test {
        Test::Like(globs) => some && every(&|text| globs.iter().any(|glob| like(text, glob))),
        Test::Unlike(globs) => some && every(&|text| !globs.iter().any(|glob| like(text, glob))),
        Test::Is(texts) => some && every(&|text| texts.contains(&text)),
        Test::AtMost(most) => some && up_to(*most),
        Test::Only(texts) => every(&|text| texts.contains(&text)),
        Test::UpTo(most) => up_to(*most),
    }
}

/// `*` stands for any number of characters; letters are compared in lower case.
fn like(text: &str, glob: &str) -> bool {
    crate::placement::like(&text.to_ascii_lowercase(), glob)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(texts: &[&str]) -> Vec<(String, Option<Place>)> {
        texts
            .iter()
            .map(|text| ((*text).to_owned(), None))
            .collect()
    }

    #[test]
    fn every_value_must_speak_against_it() {
        let burstable = Test::Like(&["t3.*", "t4g.*"]);
        assert!(passes(&burstable, &values(&["t3.micro", "T4G.small"])));
        assert!(!passes(&burstable, &values(&["t3.micro", "m7g.large"])));
        assert!(!passes(&burstable, &values(&[])));
        assert!(passes(&Test::Unlike(&["g*"]), &values(&["m7g.large"])));
        assert!(!passes(&Test::Unlike(&["g*"]), &values(&["g5.xlarge"])));
        assert!(passes(&Test::Only(&["0"]), &values(&[])));
        assert!(!passes(&Test::Is(&["0"]), &values(&[])));
        assert!(passes(&Test::AtMost(1), &values(&["1", "0"])));
        assert!(!passes(&Test::AtMost(1), &values(&["2"])));
        assert!(!passes(&Test::AtMost(1), &values(&["many"])));
        assert!(passes(&Test::UpTo(1), &values(&[])));
    }

    #[test]
    fn a_kind_is_known_by_its_name() {
        use crate::reasons::kinds;
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
