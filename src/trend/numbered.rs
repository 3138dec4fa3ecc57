//! Facts of which each is written down once, and what a commit changes about which of them are there.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use serde::{Deserialize, Serialize};

/// What a commit changes about which facts are there, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Those that it has, and the one before it had not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new: Vec<u32>,
    /// Those that it has not any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<u32>,
}

/// How many there are of each fact, by its number.
pub type There = BTreeMap<u32, usize>;

impl Turn {
    /// Nothing changes.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty()
    }

    /// Whether every number in it is one of so many facts.
    #[must_use]
    pub fn is_within(&self, facts: usize) -> bool {
        let mut all = self.new.iter().chain(&self.gone);
        all.all(|at| usize::try_from(*at).is_ok_and(|at| at < facts))
    }

    /// Goes from the facts of the commit before to its own.
    pub fn apply(&self, there: &mut There) {
        for at in &self.gone {
            if let Some(number) = there.get_mut(at) {
                *number = number.saturating_sub(1);
                if *number == 0 {
                    there.remove(at);
                }
            }
        }
        for at in &self.new {
            *there.entry(*at).or_default() += 1;
        }
    }
}

/// Which number each fact has, and which are there.
#[derive(Debug)]
pub struct Numbered<F> {
    numbers: HashMap<F, u32>,
    there: There,
}

impl<F> Default for Numbered<F> {
    fn default() -> Self {
        Self {
            numbers: HashMap::new(),
            there: There::new(),
        }
    }
}

impl<F: Clone + Eq + Hash> Numbered<F> {
    /// Goes on where a list of facts ends, of which these are there.
    pub fn after(all: &[F], there: There) -> Self {
        Self {
            numbers: all.iter().cloned().zip(0..).collect(),
            there,
        }
    }

    /// These are there now. What was never there before is written at the end of the list.
    pub fn turn(&mut self, facts: impl Iterator<Item = F>, all: &mut Vec<F>) -> Turn {
        let mut now = There::new();
        for fact in facts {
            let next = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let number = match self.numbers.get(&fact) {
                Some(number) => *number,
                None => {
                    all.push(fact.clone());
                    self.numbers.insert(fact, next);
                    next
                }
            };
            *now.entry(number).or_default() += 1;
        }
        let surplus = |of: &There, over: &There| {
            let more = of.iter().flat_map(|(at, number)| {
                let held = over.get(at).copied().unwrap_or_default();
                std::iter::repeat_n(*at, number.saturating_sub(held))
            });
            more.collect::<Vec<u32>>()
        };
        let turn = Turn {
            new: surplus(&now, &self.there),
            gone: surplus(&self.there, &now),
        };
        self.there = now;
        turn
    }
}
