//! The score: how serverless the decisions are, whatever was said to justify them.

use super::{Decision, Rung};

/// How many decisions stand on each rung.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Best rung first.
    pub rungs: [usize; 4],
}

impl Count {
    /// Counts decisions, but for those that the given values leave out.
    #[must_use]
    pub fn of<'d>(decisions: impl IntoIterator<Item = &'d Decision>) -> Self {
        let mut count = Self::default();
        for decision in decisions {
            count.add(decision);
        }
        count
    }

    /// Counts one more, unless the given values leave it out.
    pub fn add(&mut self, decision: &Decision) {
        self.rungs[decision.rung as usize] += usize::from(decision.is_counted);
    }

    /// Number of decisions.
    #[must_use]
    pub fn total(&self) -> usize {
        self.rungs.iter().sum()
    }

    /// The mean of the decisions' scores, 0 to 100; none without a decision.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn score(&self) -> Option<f64> {
        let total = self.total();
        let sum: usize = Rung::ALL
            .iter()
            .zip(self.rungs)
            .map(|(rung, count)| usize::from(rung.score()) * count)
            .sum();
        (total > 0).then(|| sum as f64 / total as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_the_mean_and_nothing_has_none() {
        assert_eq!(Count::default().score(), None);
        let count = Count {
            rungs: [14, 3, 1, 2],
        };
        assert_eq!(count.score(), Some(82.0));
    }
}
