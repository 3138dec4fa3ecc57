//! What of a resource its provider has ended, will end, or no longer sells.

use super::{Classifier, Question, Resolver, Truth};

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
        let resource = &self.template.resources[at];
        let concerned = rule.lifecycle.iter().enumerate();
        let mut concerned = concerned
            .filter(|(_, one)| one.concerns(&resource.kind))
            .peekable();
        if concerned.peek().is_none() {
            return Vec::new();
        }
        let Some(premises) = self.premises(at) else {
            return Vec::new();
        };
        let assumed = premises.known.iter().chain(&premises.likely);
        let resolver = Resolver::new(self.template)
            .assuming(assumed.cloned().collect())
            .settling(premises.conditions.clone());
        let question = Question {
            resolver: &resolver,
            at,
            resource,
            catalogue: self.catalogue,
            rule: premises.rule,
            joins: &self.joins,
            joined: &premises.joined,
            chosen: &premises.chosen,
            choices: &premises.choices,
            all_exist: true,
        };
        let holds = concerned.filter(|(_, one)| question.ask(&one.when).truth == Truth::Yes);
        holds.map(|(number, _)| number).collect()
    }
}
