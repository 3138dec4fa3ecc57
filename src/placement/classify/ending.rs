//! What of a resource its provider has ended, will end, or no longer sells.

use super::{Classifier, Truth};

impl Classifier<'_, '_, '_> {
    /// Numbers of its rule's entries that hold for it for certain, under what is given and the defaults.
    pub(super) fn lifecycle(&self, at: usize) -> Vec<usize> {
        let Some(rule) = self
            .joins
            .rule(at)
            .filter(|rule| !rule.lifecycle.is_empty())
        else {
            return Vec::new();
        };
        let kind = &self.template.resources[at].kind;
        let concerned = rule.lifecycle.iter().enumerate();
        let mut concerned = concerned.filter(|(_, one)| one.concerns(kind)).peekable();
        if concerned.peek().is_none() {
            return Vec::new();
        }
        let Some(premises) = self.premises(at) else {
            return Vec::new();
        };
        let resolver = self.resolver(&premises, &[]);
        let question = self.question(&premises, &resolver, true);
        let holds = concerned.filter(|(_, one)| question.ask(&one.when).truth == Truth::Yes);
        holds.map(|(number, _)| number).collect()
    }
}
